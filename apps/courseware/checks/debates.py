"""Debates: rules that agree, sides that can be argued, and works and actors that are there."""

from __future__ import annotations

from collections.abc import Iterator

from apps.content.markdown import RenderContext, render_markdown
from apps.courseware.checks.names import one_of, repeated, unknown
from apps.courseware.checks.texts import markdown_faults, render_context
from apps.courseware.drafts import LEANINGS
from apps.courseware.format import Fault, Reading
from apps.courseware.format.folder import REFERENCES
from apps.courseware.format.records import Debate, Side
from apps.debates.enums import EvidenceRule, SideRule


def debate_faults(reading: Reading) -> Iterator[Fault]:
    context = render_context(reading.files)
    for debate in reading.files.debates:
        yield from one_of(debate, "evidence_rule", EvidenceRule)
        yield from one_of(debate, "side_rule", SideRule)
        if debate.min_words > debate.max_words:
            yield debate.where.fault(
                "At most as many words as this is fewer than at least.",
                "Correct one of the two.",
                "max_words",
            )
        problems = render_markdown(debate.background, context).problems
        yield from markdown_faults(problems, debate.where, ("background",), reading)
        yield from _sides(debate)
        for side in debate.sides:
            yield from _side(side, context, reading)


def _sides(debate: Debate) -> Iterator[Fault]:
    yield from repeated(debate.sides, "key", lambda side: side.key)
    if len(debate.sides) < 2:
        yield debate.where.fault("A debate has two sides or more.", "Write them.", "sides")
    leanings = {side.leaning for side in debate.sides}
    if debate.side_rule == SideRule.AGAINST and not {"for", "against"} <= leanings:
        yield debate.where.fault(
            "To argue against one's own stance there must be a side for and a side against.",
            "Give the sides their leaning, or choose another rule.",
            "side_rule",
        )


def _side(side: Side, context: RenderContext, reading: Reading) -> Iterator[Fault]:
    files = reading.files
    if side.leaning and side.leaning not in LEANINGS:
        yield side.where.fault(
            f"leaning: “{side.leaning}” is unknown.", f"Known: {', '.join(LEANINGS)}.", "leaning"
        )
    if "actors.yaml" not in reading.unread:
        yield from unknown(side, "actor", {actor.slug for actor in files.actors}, "actor")
    yield from repeated(side.sources, "key", lambda source: source.key)
    if REFERENCES not in reading.unread:
        keys = {reference.key for reference in files.references}
        for source in side.sources:
            yield from unknown(source, "key", keys, "reference")
    problems = render_markdown(side.opening, context).problems
    yield from markdown_faults(problems, side.where, ("opening",), reading)
