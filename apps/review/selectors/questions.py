"""Questions as cards: what a person missed, and what may be shown to them of it at present."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from apps.accounts.models import User
from apps.content.models import Course
from apps.quizzes import presentation, selectors
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import Attempt, Question, QuestionVersion, Response
from apps.quizzes.types import TYPES, marks
from apps.quizzes.types.contract import Labels
from apps.review.enums import OriginKind
from apps.review.models import ReviewCard

# Nobody remembers an essay by heart.
NO_CARDS = frozenset({"essay"})
_SEPARATOR = mark_safe(" · ")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a card shows it. widget: what its type's template takes, to look at only.

    listed: what there is to choose from, where no template stands: in lists and files.
    """

    stem: SafeString
    widget: Mapping[str, Any]
    listed: SafeString
    back: SafeString


def questions_of(public_ids: Iterable[UUID]) -> dict[UUID, Question]:
    """{public id: the question, with its current version and lesson}.  Queries: 1."""
    rows = Question.objects.filter(
        public_id__in=list(public_ids), current_version__isnull=False
    ).select_related("current_version", "lesson__unit", "course")
    rows = rows.defer("course__outline", "course__loaded_manifest")
    return {row.public_id: row for row in rows}


def version_of(card: ReviewCard) -> UUID | None:
    """The public id of the current version of a card's question.  Queries: 1."""
    if card.origin_id is None:
        return None
    rows = QuestionVersion.objects.filter(
        question__public_id=card.origin_id, question__current_version=F("pk")
    )
    return rows.values_list("public_id", flat=True).first()


def withheld_from(owner: User, now: datetime) -> frozenset[UUID]:
    """Public ids of questions on this person's cards whose key they may not see at present.

    Queries: 2; for each course of such cards those of quizzes.selectors.questions_withheld.
    """
    mine = ReviewCard.objects.filter(owner=owner, origin_kind=OriginKind.QUESTION)
    courses = Course.objects.filter(pk__in=mine.values("course")).only("pk", "slug")
    pks = {pk for course in courses for pk in selectors.questions_withheld(owner, course, now)}
    if not pks:
        return frozenset()
    rows = Question.objects.filter(pk__in=pks, public_id__in=mine.values("origin_id"))
    return frozenset(rows.values_list("public_id", flat=True))


def missed_by(student: User, now: datetime, *, course: Course | None = None) -> list[Question]:
    """Questions whose latest answer that may be judged before this student fell short.

    Only what pages of quizzes show them already counts: a closed attempt, whose key, feedback and
    verdict are all disclosed, and a question that no other quiz of their classes withholds.
    Essays are left out.  Queries: 1; 1 for closing times; for each course those of
    quizzes.selectors.questions_withheld.
    """
    rows = (
        Response.objects.filter(
            attempt__student=student, ratio__isnull=False, needs_marking=False, is_void=False
        )
        .exclude(attempt__state=AttemptState.OPEN)
        .exclude(version__kind__in=NO_CARDS)
        .exclude(question__current_version__kind__in=NO_CARDS)
        .select_related(
            "attempt__assignment__grade_item", "question__course", "question__lesson__unit"
        )
        .defer("question__course__outline", "question__course__loaded_manifest", "answer")
        .order_by("attempt__submitted_at", "attempt_id")
    )
    responses = list(rows.filter(question__course=course) if course else rows)
    assignments = {each.attempt.assignment for each in responses if each.attempt.assignment}
    closings = selectors.closings_of(assignments)
    courses = {each.question.course for each in responses}
    withheld = {pk for each in courses for pk in selectors.questions_withheld(student, each, now)}
    latest = {
        each.question_id: each
        for each in responses
        if each.question_id not in withheld and _is_disclosed(each, each.attempt, closings, now)
    }
    return [each.question for each in latest.values() if each.ratio is not None and each.ratio < 1]


def _is_disclosed(
    response: Response, attempt: Attempt, closings: Mapping[int, datetime | None], now: datetime
) -> bool:
    if attempt.assignment is None:
        return True
    closed_at = closings[attempt.assignment.pk]
    may = selectors.disclosed_of(attempt.assignment, attempt, closed_at=closed_at, now=now)
    is_by_hand = response.marked_at is not None
    return may.key and may.feedback and may.correctness and (may.marks or not is_by_hand)


def asked(question: Question, seed: str) -> Asked:
    """The current version of a question, key included: show it only where the key may be seen.

    seed: keeps the order of its options.
    """
    version = question.current_version
    if version is None:
        raise ValueError("A question has a version from the transaction that makes it.")
    kind, labels = TYPES[version.kind], Labels(seed)
    view = presentation.shown(kind.view(version.spec, labels), version.html)
    return Asked(
        stem=_safe(version.html["stem"]),
        widget=presentation.widget(view, {}, prefix="card", is_readonly=True),
        listed=_listed(version, labels),
        back=_back(version),
    )


def _listed(version: QuestionVersion, labels: Labels) -> SafeString:
    """What there is to choose from, in the card's own order, which tells nothing."""
    text = version.html["text"] if version.kind == "gap_fill" else ""
    text = "".join(f"{html}[{gap}]" if gap else html for html, gap in marks.split(text))
    claim = version.html.get("claim", "")
    parts: dict[str, dict[str, SafeString]] = {}
    for choice in TYPES[version.kind].choices(version.spec):
        words = presentation.shown_words(choice.words, version.html)
        parts.setdefault(choice.part, {})[choice.code] = words
    items: list[SafeString] = []
    for part in labels.shuffled(parts) if version.kind != "gap_fill" else parts:
        label = _safe(version.html.get(part, part))
        choices = [parts[part][code] for code in labels.shuffled(parts[part])]
        if not part:
            items += choices
        else:
            items.append(format_html("{}: {}", label, _joined(choices)))
    listed = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html(
        "{}{}{}", _safe(claim), _safe(text), format_html("<ul>{}</ul>", listed) if items else ""
    )


def _back(version: QuestionVersion) -> SafeString:
    """The key with what is said of it, then the explanation."""
    kind, html = TYPES[version.kind], version.html
    said = []
    for part in kind.review(version.spec, kind.fix(version.spec)):
        shown = presentation.shown_part(part, html)
        key = format_html("<strong>{}</strong>", _joined(shown.key or shown.answer))
        label = format_html("{}: ", shown.label) if shown.label else ""
        feedback = format_html_join(
            "", "<div>{}</div>", ((words,) for words, _at in shown.feedback)
        )
        said.append((format_html("<div>{}{}</div>{}", label, key, feedback),))
    return format_html("{}{}", format_html_join("", "{}", said), _safe(html.get("explanation", "")))


def _joined(words: Iterable[SafeString]) -> SafeString:
    return format_html_join(_SEPARATOR, "{}", ((each,) for each in words))


def _safe(html: str) -> SafeString:
    """HTML that apps.content.markdown sanitised when the version was saved."""
    return mark_safe(html)
