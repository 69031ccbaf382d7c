"""A lesson's draft as named pieces of text, for comparing one version with another. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.content.admin.comparison import Part, PartComparison, compare_parts
from apps.content.drafts import LessonDraft, SectionDraft


def compare_drafts(old: LessonDraft, new: LessonDraft) -> list[PartComparison]:
    return compare_parts(draft_parts(old), draft_parts(new))


def draft_parts(draft: LessonDraft) -> list[Part]:
    """Title, objectives, sections by anchor, then the end matter: as students read them."""
    return [
        Part("title", _("Title"), draft.title),
        Part("objectives", _("Learning objectives"), _lines(draft.objectives)),
        *(Part(f"section:{one.anchor}", one.heading, section_text(one)) for one in draft.sections),
        Part("summary", _("Summary"), _lines(draft.summary)),
        Part("questions", _("Questions to think about"), _lines(draft.questions)),
        Part(
            "further_reading",
            _("Further reading"),
            "\n".join(f"{one.key}: {one.note}" for one in draft.further_reading),
        ),
    ]


def section_text(section: SectionDraft) -> str:
    sources = " ".join(section.paragraphs)
    return "\n\n".join(
        part for part in (section.heading, sources and f"[{sources}]", section.body.strip()) if part
    )


def _lines(texts: tuple[str, ...]) -> str:
    return "\n".join(texts)
