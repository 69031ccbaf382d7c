"""What quizzes give to a copy of everything about a person, and do when one is erased."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.exports import ExportTable, rows_of
from apps.core.services import words_redact
from apps.quizzes.models import Attempt, Contest, Correction, QuestionVersion, Response
from apps.quizzes.presentation import ShownPart
from apps.quizzes.selectors import attempts_of, sitting_own
from apps.quizzes.selectors.sittings import AskedItem, Sitting

HISTORIES = ("quizzes.HistoricalQuestion", "quizzes.HistoricalQuiz")


def export_tables(user: User, now: datetime) -> list[ExportTable]:
    return [*_answers(user, now), *_authorship(user)]


def _answers(user: User, now: datetime) -> list[ExportTable]:
    return [
        ExportTable(
            "quizzes/attempts",
            _("Your attempts"),
            _("Every sitting. Points that your class does not show yet come once it does."),
            ("quizzes.Attempt",),
            (_attempt(sitting) for sitting in _sittings(user, now)),
        ),
        ExportTable(
            "quizzes/answers",
            _("Your answers"),
            _(
                "What you were asked and answered. Verdicts, comments and right answers are in it "
                "as far as the quiz shows them to you now; “withheld” says what is still to come."
            ),
            ("quizzes.Response",),
            (_answer(sitting, item) for sitting in _sittings(user, now) for item in sitting.items),
        ),
        ExportTable(
            "quizzes/objections",
            _("Your objections"),
            _("Items that you contested, why, and what was decided."),
            ("quizzes.Contest",),
            rows_of(
                Contest.objects.filter(response__attempt__student=user).order_by("pk"),
                quiz="response__attempt__quiz__title",
                item="response__position",
                at="created_at",
                why="text",
                paragraph="paragraph__number",
                work="reference__title",
                page="locator",
                state="state",
                decided_at="decided_at",
                decision="decision",
            ),
        ),
    ]


def _sittings(user: User, now: datetime) -> Iterator[Sitting]:
    for attempt in attempts_of(user).iterator(chunk_size=100):
        yield sitting_own(attempt, now)


def _attempt(sitting: Sitting) -> Mapping[str, Any]:
    attempt = sitting.attempt
    return {
        "quiz": sitting.title,
        "number": attempt.number,
        "is_practice": sitting.is_practice,
        "class": attempt.assignment.classroom.title if attempt.assignment else "",
        "state": attempt.state,
        "started_at": attempt.started_at,
        "closes_at": attempt.closes_at,
        "submitted_at": attempt.submitted_at,
        "days_late": attempt.days_late,
        "points": sitting.points,
        "out_of": attempt.max_points,
        "withheld": "" if sitting.may.score else _("points"),
    }


def _answer(sitting: Sitting, item: AskedItem) -> Mapping[str, Any]:
    response, reviewed = item.response, item.reviewed
    parts: Sequence[ShownPart] = reviewed.parts if reviewed else ()
    may = reviewed.may if reviewed else sitting.may
    withheld = [
        word
        for word, is_shown in (
            (_("points"), may.score),
            (_("whether it is right"), may.correctness),
            (_("feedback"), may.feedback),
            (_("right answers"), may.key),
        )
        if not is_shown
    ]
    return {
        "quiz": sitting.title,
        "attempt": sitting.attempt.number,
        "item": item.position,
        "question": _plain(item.stem),
        "answer": [
            ": ".join(filter(None, [_plain(part.label), "; ".join(map(_plain, part.answer))]))
            for part in parts
            if part.answer
        ],
        "saved_at": response.saved_at,
        "seconds": response.seconds,
        "is_marked_to_come_back_to": response.is_flagged,
        "confidence": response.confidence,
        "hints_taken": response.hints_taken,
        "credit": reviewed.ratio if reviewed else None,
        "points": reviewed.points if reviewed else None,
        "out_of": response.max_points,
        "rubric": [f"{_plain(title)}: {mark}" for title, mark in reviewed.criteria]
        if reviewed
        else [],
        "comment": response.comment if reviewed and reviewed.comment else "",
        "right_answer": [_plain(key) for part in parts for key in part.key],
        "withheld": ", ".join(withheld),
    }


def _plain(markup: str) -> str:
    return html.unescape(strip_tags(markup)).strip()


def _authorship(user: User) -> list[ExportTable]:
    return [
        ExportTable(
            "authorship/questions",
            _("Questions that you wrote"),
            _("Versions of questions, and the lines by which you said why they changed."),
            ("quizzes.QuestionVersion",),
            rows_of(
                QuestionVersion.objects.filter(created_by=user).order_by("pk"),
                course="question__course__title",
                question="question__slug",
                version="number",
                at="created_at",
                note="note",
            ),
        ),
        ExportTable(
            "authorship/corrections",
            _("Corrections that you made"),
            _("How a question was to count, and why."),
            ("quizzes.Correction",),
            rows_of(
                Correction.objects.filter(made_by=user).order_by("pk"),
                question="question__slug",
                kind="kind",
                at="made_at",
                reason="reason",
            ),
        ),
        ExportTable(
            "authorship/marking",
            _("Answers that you marked and objections that you decided"),
            _("In which quiz and when; whose they are and what was said is theirs."),
            ("quizzes.Response", "quizzes.Contest"),
            [
                *rows_of(
                    Response.objects.filter(marked_by=user).order_by("pk"),
                    quiz="attempt__quiz__title",
                    at="marked_at",
                ),
                *rows_of(
                    Contest.objects.filter(decided_by=user).order_by("pk"),
                    quiz="response__attempt__quiz__title",
                    at="decided_at",
                ),
            ],
        ),
        ExportTable(
            "authorship/edits-of-quizzes",
            _("Questions and quizzes that you edited"),
            _("What you changed in the editors’ pages, and when."),
            HISTORIES,
            [
                *rows_of(
                    _history(HISTORIES[0], user),
                    id="public_id",
                    title="slug",
                    at="history_date",
                    change="history_type",
                    reason="history_change_reason",
                ),
                *rows_of(
                    _history(HISTORIES[1], user),
                    id="public_id",
                    title="title",
                    at="history_date",
                    change="history_type",
                    reason="history_change_reason",
                ),
            ],
        ),
    ]


def _history(label: str, user: User) -> QuerySet[Any]:
    return apps.get_model(label)._base_manager.filter(history_user=user).order_by("history_id")  # noqa: SLF001


def person_erase(*, user: User, names: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Delete every attempt of the person, with answers and objections: marks rest on the ledger.

    What the person wrote to others as a marker or an author stays, without their name.
    """
    Attempt.objects.filter(student=user).delete()
    words_redact(
        Response.objects.filter(marked_by=user).exclude(comment=""), "comment", names=names
    )
    words_redact(Contest.objects.filter(decided_by=user), "decision", names=names)
    words_redact(Correction.objects.filter(made_by=user), "reason", names=names)
    words_redact(QuestionVersion.objects.filter(created_by=user), "note", names=names)
    for label in HISTORIES:
        _history(label, user).exclude(history_change_reason=None).update(history_change_reason=None)
