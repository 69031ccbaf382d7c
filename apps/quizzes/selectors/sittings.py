"""An attempt as its student sees it: while it is open, and afterwards what may be shown of it.

Pages and API build on these alone; quizzes.disclosure decides what is in them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.enums import Role
from apps.classrooms.models import Enrolment
from apps.content.markdown import render_markdown
from apps.core.errors import NotFound
from apps.quizzes import presentation
from apps.quizzes.disclosure import EVERYTHING, NOTHING, Disclosed, disclose
from apps.quizzes.enums import AttemptState, Layout
from apps.quizzes.models import Attempt, Contest, Response
from apps.quizzes.selectors.assigned import disclosed_of
from apps.quizzes.selectors.attempts import closing_of
from apps.quizzes.selectors.bank import question_context
from apps.quizzes.selectors.practice import questions_withheld
from apps.quizzes.types import TYPES
from apps.quizzes.types.contract import Labels


@dataclass(frozen=True, slots=True)
class Hint:
    """cost: points lost by taking it.  html: None while it is not taken."""

    number: int
    cost: Decimal
    html: SafeString | None = None


@dataclass(frozen=True, slots=True)
class Teaching:
    """The section of a published lesson that teaches an item's answer."""

    title: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What may be shown of an answer. ratio, points: None where they may not, or are not known.

    criteria: of a rubric, (title, credit in [0, 1] as text), once a person has marked it.
    """

    may: Disclosed
    parts: Sequence[presentation.ShownPart]
    ratio: Decimal | None
    points: Decimal | None
    needs_marking: bool
    is_void: bool
    criteria: Sequence[tuple[SafeString, str]]
    comment: SafeString
    explanation: SafeString
    sources: Sequence[str]
    teaching: Teaching | None

    @property
    def is_granted(self) -> bool:
        """Whether a correction gave full points though no part of the answer was right."""
        return self.ratio == 1 and all(
            part.ratio is not None and part.ratio < 1 for part in self.parts
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedItem:
    """One item of an attempt. `view` and `raw` are what its type's template takes.

    reviewed: None while nothing of it may be judged.
    """

    response: Response
    stem: SafeString
    view: Mapping[str, Any]
    raw: Mapping[str, Any]
    rule: str
    hints: Sequence[Hint]
    next_hint: Hint | None
    contest: Contest | None
    reviewed: Reviewed | None = None

    @property
    def position(self) -> int:
        return self.response.position

    @property
    def prefix(self) -> str:
        """Of the names of its fields."""
        return f"i{self.position}"

    @property
    def is_answered(self) -> bool:
        return bool(self.response.answer)

    @property
    def fingerprint(self) -> str:
        """Of what the page shows as answered: a form sends it back, to tell what was changed."""
        return fingerprint(
            self.response.answer,
            is_flagged=self.response.is_flagged,
            confidence=self.response.confidence,
        )

    @property
    def widget(self) -> dict[str, Any]:
        """What its type's template takes as `item`; read-only once it has been judged."""
        return presentation.widget(
            self.view, self.raw, prefix=self.prefix, is_readonly=self.reviewed is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """An attempt with all its items. may: what is disclosed of the whole."""

    attempt: Attempt
    items: Sequence[AskedItem]
    may: Disclosed

    @property
    def is_practice(self) -> bool:
        return self.attempt.assignment_id is None

    @property
    def title(self) -> str:
        return (self.attempt.assignment or self.attempt.quiz).title

    @property
    def is_item_by_item(self) -> bool:
        given = self.attempt.assignment or self.attempt.quiz
        return given.layout == Layout.ITEM_BY_ITEM

    @property
    def asks_confidence(self) -> bool:
        return self.attempt.assignment is not None and self.attempt.assignment.has_confidence

    @property
    def may_take_hints(self) -> bool:
        return self.attempt.assignment is None or self.attempt.assignment.has_hints

    @property
    def points(self) -> Decimal | None:
        """None while they may not be seen, or are not known."""
        return self.attempt.points if self.may.score else None

    @property
    def unanswered(self) -> list[AskedItem]:
        return [item for item in self.items if not item.is_answered]

    @property
    def flagged(self) -> list[AskedItem]:
        return [item for item in self.items if item.response.is_flagged]

    @property
    def has_missed(self) -> bool:
        """Whether an answer fell short that may be judged, so that a card could be made of it."""
        judged = [item.reviewed for item in self.items if item.reviewed]
        return self.may.key and any(
            each.ratio is not None and each.ratio < 1 and not each.is_void for each in judged
        )

    def item(self, position: int) -> AskedItem:
        """Raises: NotFound."""
        for item in self.items:
            if item.position == position:
                return item
        raise NotFound(_("The attempt has no such item."))


def fingerprint(answer: Mapping[str, Any], *, is_flagged: bool, confidence: int | None) -> str:
    """The same for the same stored answer, mark and confidence."""
    stored = json.dumps([answer, is_flagged, confidence], sort_keys=True)
    return blake2b(stored.encode(), digest_size=8).hexdigest()


def attempt_of(student: User, public_id: UUID) -> Attempt:
    """One's own attempt.  Raises: NotFound, also for somebody else's.  Queries: 1."""
    attempt = _attempts().filter(public_id=public_id, student=student).first()
    if attempt is None:
        raise NotFound(_("There is no such attempt."))
    return attempt


def attempt_for(viewer: User, public_id: UUID) -> Attempt:
    """One's own attempt, or one of a class where the viewer is on the staff.

    Raises: NotFound.  Queries: 1, and 1 for somebody else's.
    """
    attempt = _attempts().filter(public_id=public_id).first()
    if attempt is None or not (
        attempt.student_id == viewer.pk or _is_staff_of(viewer, attempt.assignment)
    ):
        raise NotFound(_("There is no such attempt."))
    return attempt


def sitting_open(attempt: Attempt, now: datetime) -> Sitting:
    """An open attempt, to be answered: without verdicts, but for what practice has checked.

    Queries: 1, and for practice those of `questions_withheld`.
    """
    withheld: Collection[int] = ()
    if attempt.assignment_id is None:
        withheld = questions_withheld(attempt.student, attempt.quiz.course, now)
    items = []
    for response in _responses(attempt):
        is_shown = (
            attempt.assignment_id is None
            and response.is_checked
            and response.question_id not in withheld
        )
        items.append(_asked(attempt, response, EVERYTHING if is_shown else None))
    return Sitting(attempt=attempt, items=items, may=NOTHING)


def sitting_review(attempt: Attempt, *, is_staff: bool = False, now: datetime) -> Sitting:
    """A submitted attempt with what its assignment discloses; of practice, everything that no
    quiz of the student's class withholds at present; to its class's staff, everything.

    Queries: 1; 1 for when the class is done; for practice those of `questions_withheld`.
    """
    may, withheld = EVERYTHING, frozenset[int]()
    if attempt.assignment is None:
        withheld = questions_withheld(attempt.student, attempt.quiz.course, now)
    elif not is_staff:
        closed_at = closing_of(attempt.assignment)
        may = disclosed_of(attempt.assignment, attempt, closed_at=closed_at, now=now)
    items = [
        _asked(attempt, response, NOTHING if response.question_id in withheld else may)
        for response in _responses(attempt)
    ]
    if withheld and any(item.response.question_id in withheld for item in items):
        may = NOTHING
    return Sitting(attempt=attempt, items=items, may=may)


def sitting_own(attempt: Attempt, now: datetime) -> Sitting:
    """An attempt for its student's copy of their data: what was asked, what they answered, and of
    what came of it no more than the page shows them now.

    Queries: as `sitting_review`; 1 where it is open.
    """
    if attempt.state != AttemptState.OPEN:
        return sitting_review(attempt, now=now)
    items = [_asked(attempt, response, NOTHING) for response in _responses(attempt)]
    return Sitting(attempt=attempt, items=items, may=NOTHING)


def attempts_of(student: User) -> QuerySet[Attempt]:
    """All of one's own, the oldest first.  Queries: 1."""
    return _attempts().filter(student=student).order_by("pk")


def contest_of(student: User, public_id: UUID) -> Contest:
    """One's own objection.  Raises: NotFound.  Queries: 1."""
    contest: Contest | None = (
        Contest.objects.select_related("response__attempt")
        .filter(public_id=public_id, response__attempt__student=student)
        .first()
    )
    if contest is None:
        raise NotFound(_("There is no such objection."))
    return contest


def _attempts() -> QuerySet[Attempt]:
    return Attempt.objects.select_related(
        "assignment__classroom", "assignment__grade_item", "quiz__course", "student"
    ).defer("quiz__course__outline", "quiz__course__loaded_manifest")


def _is_staff_of(viewer: User, assignment: Any) -> bool:
    if assignment is None:
        return False
    mine = Enrolment.objects.active().filter(user=viewer, classroom=assignment.classroom_id)
    return mine.filter(role__in=[Role.ASSISTANT, Role.INSTRUCTOR]).exists()


def _responses(attempt: Attempt) -> QuerySet[Response]:
    return (
        attempt.responses.select_related(
            "version", "graded_by", "question__lesson__unit", "contest"
        )
        .defer("version__stem", "version__explanation", "graded_by__stem", "question__slug")
        .order_by("position")
    )


def _asked(attempt: Attempt, response: Response, may: Disclosed | None) -> AskedItem:
    """may: None while nothing of it is judged."""
    version = response.version
    labels = Labels(response.seed)
    kind = TYPES[version.kind]
    hints = list(_hints(response))
    return AskedItem(
        response=response,
        stem=_safe(version.html["stem"]),
        view=presentation.shown(kind.view(version.spec, labels), version.html),
        raw=kind.unparse(version.spec, response.answer, labels),
        rule=presentation.rule_sentence(kind.rule_text(version.spec)),
        hints=[hint for hint in hints if hint.html is not None],
        next_hint=next((hint for hint in hints if hint.html is None), None),
        contest=getattr(response, "contest", None),
        reviewed=None if may is None else _reviewed(attempt, response, may),
    )


def _reviewed(attempt: Attempt, response: Response, may: Disclosed) -> Reviewed:
    graded = response.graded_by or response.version
    parts = disclose(
        TYPES[graded.kind].review(graded.spec, response.answer), may, Labels(response.seed)
    )
    is_by_hand = response.marked_at is not None
    is_judged = may.correctness and not response.needs_marking and (may.marks or not is_by_hand)
    return Reviewed(
        may=may,
        parts=[presentation.shown_part(part, graded.html) for part in parts],
        ratio=response.ratio if is_judged else None,
        points=response.points if is_judged and may.score else None,
        needs_marking=response.needs_marking,
        is_void=response.is_void,
        criteria=_criteria(graded, response.rubric_marks) if is_by_hand and is_judged else (),
        comment=_comment(attempt, response.comment if may.feedback and may.marks else ""),
        explanation=_safe(graded.html.get("explanation", "")) if may.feedback else SafeString(""),
        sources=graded.sources if may.feedback else (),
        teaching=_teaching(attempt, response) if may.feedback else None,
    )


def _criteria(graded: Any, marks: Mapping[str, str]) -> list[tuple[SafeString, str]]:
    return [
        (_safe(graded.html[f"rubric.{criterion['id']}.title"]), marks[criterion["id"]])
        for criterion in graded.spec.get("rubric", [])
        if criterion["id"] in marks
    ]


def _comment(attempt: Attempt, text: str) -> SafeString:
    if not text:
        return SafeString("")
    return _safe(render_markdown(text, question_context(attempt.quiz.course)).html)


def _teaching(attempt: Attempt, response: Response) -> Teaching | None:
    lesson = response.question.lesson
    if lesson is None or lesson.published_edition_id is None:
        return None
    path = reverse("reader:lesson", args=[attempt.quiz.course.slug, lesson.unit.slug, lesson.slug])
    anchor = response.question.anchor
    return Teaching(lesson.title, f"{path}#{anchor}" if anchor else path)


def _hints(response: Response) -> Iterable[Hint]:
    for place, hint in enumerate(response.version.hints):
        is_taken = place < response.hints_taken
        yield Hint(
            place + 1,
            Decimal(hint["cost"]) * response.max_points,
            _safe(response.version.html[f"hints.{place}"]) if is_taken else None,
        )


def _safe(html: str) -> SafeString:
    """HTML that apps.content.markdown sanitised when the version was saved."""
    return mark_safe(html)
