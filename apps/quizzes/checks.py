"""What is wrong with a question before it is stored: one judge for forms, files and imports.

No database: whoever asks says what there is to name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from apps.content.markdown import render_markdown
from apps.quizzes.drafts import Fault, QuestionDraft
from apps.quizzes.enums import Bloom, Difficulty
from apps.quizzes.types import TYPES
from apps.quizzes.types import places as placing

if TYPE_CHECKING:
    from apps.content.markdown import RenderContext
    from apps.quizzes.types.contract import QuestionType

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
MAX_SLUG, MAX_TAG = 120, 60
CENT = Decimal("0.01")


def question_faults(
    draft: QuestionDraft, context: RenderContext, places: Mapping[str, placing.Place]
) -> tuple[list[Fault], dict[str, str]]:
    """Everything wrong with a draft, at once, and its texts as HTML by path.

    places: {slug: place} of the course's map, where a spec names some.
    """
    faults = [*_facts(draft), *_hints(draft), *_lesson(draft, context)]
    texts = [("stem", draft.stem, True), ("explanation", draft.explanation, True)]
    texts += [(f"hints.{index}", hint.text, True) for index, hint in enumerate(draft.hints)]
    named = [("sources", number) for number in draft.sources]
    kind = TYPES.get(draft.kind)
    if kind is None:
        message = _("“%(kind)s” is no type of question.") % {"kind": draft.kind}
        faults.append(Fault("type", message))
    else:
        spec = placing.filled(draft.spec, places)
        wrong = list(dict.fromkeys(_spec(kind, spec, places)))
        faults += wrong
        if not wrong:
            named += [("spec", number) for number in kind.sources(spec)]
            texts += [(text.path, text.text, text.is_block) for text in kind.texts(spec)]
    for path, number in named:
        if number not in context.paragraphs:
            message = _("The article has no paragraph “%(number)s”.") % {"number": number}
            faults.append(Fault(path, message))
    html = {}
    own = {"stem", "explanation", *(f"hints.{index}" for index in range(len(draft.hints)))}
    for path, text, is_block in texts:
        rendered = render_markdown(text, context)
        html[path] = rendered.html if is_block else _inline(rendered.html)
        place = path if path in own else f"spec.{path}"
        faults += [
            Fault(place, problem.message) for problem in rendered.problems if problem.is_error
        ]
    return faults, html


def _facts(draft: QuestionDraft) -> Iterator[Fault]:
    for is_wrong, path, message in (
        (not SLUG.fullmatch(draft.slug), "slug", _("Small letters, digits and hyphens.")),
        (len(draft.slug) > MAX_SLUG, "slug", _("At most 120 characters.")),
        (draft.difficulty not in Difficulty.values, "difficulty", _("Not a difficulty.")),
        (draft.bloom not in Bloom.values, "bloom", _("Not a Bloom level.")),
        (not draft.stem.strip(), "stem", _("The question is missing.")),
        (not draft.sources, "sources", _("Name the paragraph that decides the key.")),
        (len(set(draft.sources)) != len(draft.sources), "sources", _("Named twice.")),
    ):
        if is_wrong:
            yield Fault(path, message)
    for tag in draft.tags:
        if not SLUG.fullmatch(tag) or len(tag) > MAX_TAG:
            message = _("“%(tag)s”: small letters, digits and hyphens.") % {"tag": tag}
            yield Fault("tags", message)


def _hints(draft: QuestionDraft) -> Iterator[Fault]:
    costs = [hint.cost for hint in draft.hints]
    for index, cost in enumerate(costs):
        if not (cost.is_finite() and 0 <= cost <= 1 and cost == cost.quantize(CENT)):
            message = _("A cost is between 0 and 1, with two decimals.")
            yield Fault(f"hints.{index}.cost", message)
        if not draft.hints[index].text.strip():
            yield Fault(f"hints.{index}.text", _("The hint is missing."))
    if all(cost.is_finite() for cost in costs) and sum(costs) > 1:
        yield Fault("hints", _("They cost more than 1."))


def _lesson(draft: QuestionDraft, context: RenderContext) -> Iterator[Fault]:
    if draft.anchor and not draft.lesson:
        yield Fault("anchor", _("Name its lesson as well."))
    elif draft.lesson and draft.lesson not in context.lessons:
        message = _("There is no lesson “%(path)s”; write unit/lesson.") % {"path": draft.lesson}
        yield Fault("lesson", message)
    elif draft.anchor and draft.anchor not in context.lessons[draft.lesson]:
        message = _("The lesson has no section “%(anchor)s”.") % {"anchor": draft.anchor}
        yield Fault("anchor", message)
    if len(set(draft.objectives)) != len(draft.objectives):
        yield Fault("objectives", _("Named twice."))
    known = context.objectives.get(draft.lesson, frozenset())
    for key in draft.objectives:
        if key not in known:
            message = _("The lesson has no objective “%(key)s”.") % {"key": key}
            yield Fault("objectives", message)


def _spec(
    kind: QuestionType, spec: Mapping[str, Any], places: Mapping[str, placing.Place]
) -> Iterator[Fault]:
    has_unknown = any(slug not in places for slug in placing.slugs(spec))
    for fault in kind.check_spec(spec):
        where, _dot, name = fault.path.rpartition(".")
        if has_unknown and name in placing.FACTS:
            # What the map would have said of the place: its author never writes these.
            yield Fault(f"spec.{where}.place".replace("..", "."), _("The map has no such place."))
        else:
            yield Fault(f"spec.{fault.path}", fault.message)


def _inline(html: str) -> str:
    """One paragraph without its tag, for a label or a table's cell."""
    text = html.strip()
    inner = text.removeprefix("<p>").removesuffix("</p>")
    return inner if "<p" not in inner and text.startswith("<p>") else text
