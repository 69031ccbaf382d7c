"""What an argument rests on: of its course, and held against the texts that we have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from apps.content.models import Lesson, Reference, SourceParagraph
from apps.debates import quotations
from apps.debates.enums import EvidenceKind, EvidenceRule
from apps.debates.errors import InvalidArgument
from apps.debates.models import Evidence

if TYPE_CHECKING:
    from apps.debates.models import Argument, DebateRun

MAX_EVIDENCE = 6
MAX_QUOTATION = 2_000
MAX_LOCATOR = 60
MAX_TITLE = 240
# What a piece is given by: a work's key, a paragraph's number, "unit/lesson#anchor", a link; and
# with it the place and the quotation.
GIVEN_NAMES = ("reference", "paragraph", "section", "url", "locator", "quotation")
# By GIVEN_NAMES; what is not given is left out.
Given = dict[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of evidence as its author gives it: exactly one of the first four.

    section: "unit/lesson#anchor".
    """

    reference: Reference | None = None
    paragraph: SourceParagraph | None = None
    section: str = ""
    url: str = ""
    locator: str = ""
    quotation: str = ""

    @property
    def given(self) -> Given:
        named = {
            "reference": self.reference.key if self.reference else "",
            "paragraph": self.paragraph.number if self.paragraph else "",
            **{name: getattr(self, name).strip() for name in GIVEN_NAMES[2:]},
        }
        return {name: value for name, value in named.items() if value}


def evidence_given(evidence: Iterable[Evidence]) -> list[Given]:
    """Stored pieces as their author gave them, with what they name loaded."""
    return [_given(each) for each in evidence]


def evidence_made(
    run: DebateRun, sources: Sequence[Source], *, known: Collection[Evidence] = ()
) -> list[Evidence]:
    """Evidence of the run's course, each quotation looked for where its text is held; not stored.

    known: stored pieces with what they name loaded; one that is given again stays as it is.
    Raises: InvalidArgument.  Queries: 1 for each section.
    """
    if len(sources) > MAX_EVIDENCE:
        raise InvalidArgument(_("Choose the best six pieces of evidence."))
    left = list(known)
    made = []
    for source in sources:
        same = next((each for each in left if _given(each) == source.given), None)
        if same is not None:
            left.remove(same)
        made.append(same or _piece(run, source))
    return made


def evidence_label(run: DebateRun, evidence: Sequence[Evidence], *, is_own_reasoning: bool) -> bool:
    """Whether an argument with this evidence carries the label “own reasoning”.

    Raises: InvalidArgument where the run asks for evidence, or for the label.
    """
    if not evidence and run.evidence_rule == EvidenceRule.REQUIRED:
        raise InvalidArgument(_("Every argument of this debate shows evidence."))
    if not evidence and not is_own_reasoning:
        raise InvalidArgument(_("Show your evidence, or label this as your own reasoning."))
    return is_own_reasoning and not evidence


def evidence_store(argument: Argument, evidence: Sequence[Evidence]) -> None:
    """Make these, in this order, what a stored argument rests on."""
    argument.evidence.exclude(pk__in=[each.pk for each in evidence if each.pk]).delete()
    for position, each in enumerate(evidence):
        each.argument, each.position = argument, position
    Evidence.objects.bulk_create([each for each in evidence if each.pk is None])
    Evidence.objects.bulk_update([each for each in evidence if each.pk], ["position"])


def _given(piece: Evidence) -> Given:
    named = {
        "reference": piece.reference.key if piece.reference else "",
        "paragraph": piece.paragraph.number if piece.paragraph else "",
        **{name: getattr(piece, name) for name in GIVEN_NAMES[2:]},
    }
    return {name: value for name, value in named.items() if value}


def _piece(run: DebateRun, source: Source) -> Evidence:
    given = [source.reference, source.paragraph, source.section, source.url]
    if sum(map(bool, given)) != 1:
        raise InvalidArgument(_("Each piece of evidence is one work, paragraph, section or link."))
    if len(source.locator) > MAX_LOCATOR:
        raise InvalidArgument(_("Give the pages in at most 60 characters."))
    if len(source.quotation) > MAX_QUOTATION:
        raise InvalidArgument(_("Quote at most 2,000 characters."))
    piece = Evidence(locator=source.locator.strip(), quotation=source.quotation.strip())
    held = _point_to(piece, source, run.classroom.course_id)
    if piece.quotation:
        piece.is_quotation_found = quotations.is_found(piece.quotation, *held)
    return piece


def _point_to(piece: Evidence, source: Source, course_id: int) -> list[str]:
    """Set what the piece names.  Returns: the readings of its text, where we hold one."""
    if source.reference is not None:
        if source.reference.course_id != course_id:
            raise InvalidArgument(_("This work is of another course."))
        piece.kind, piece.reference = EvidenceKind.REFERENCE, source.reference
        return []
    if source.paragraph is not None:
        if source.paragraph.article.course_id != course_id:
            raise InvalidArgument(_("This paragraph is of another course."))
        piece.kind, piece.paragraph = EvidenceKind.PARAGRAPH, source.paragraph
        return [source.paragraph.text]
    if source.section:
        piece.kind, piece.section = EvidenceKind.SECTION, source.section
        piece.section_title, readings = _section(course_id, source.section)
        return readings
    if urlsplit(source.url).scheme not in {"http", "https"} or len(source.url) > 500:
        raise InvalidArgument(_("Give a link that begins with https:// or http://."))
    piece.kind, piece.url = EvidenceKind.LINK, source.url
    return []


def _section(course_id: int, path: str) -> tuple[str, list[str]]:
    """The title of a section, and the section as readers see it, with its notes.

    Raises: InvalidArgument.
    """
    address, _hash, anchor = path.partition("#")
    unit, _slash, slug = address.partition("/")
    lesson = (
        Lesson.objects.published()
        .filter(unit__course=course_id, unit__slug=unit, slug=slug)
        .select_related("published_edition")
        .first()
    )
    document = lesson.published_edition.document if lesson and lesson.published_edition else {}
    part = next((each for each in document.get("sections", ()) if each["id"] == anchor), None)
    if part is None:
        raise InvalidArgument(_("There is no such section."))
    notes = [
        note["html"]
        for note in document["notes"]
        if note["id"].rpartition("-")[0] == f"fn-{anchor}"
    ]
    title = f"{document['title']}: {part['heading']}"[:MAX_TITLE]
    return title, quotations.readings("\n".join([part["html"], *notes]))
