"""An attempt as JSON: what quizzes' own selectors say may be seen of it, and nothing besides.

Built name by name of `Sitting`, which disclosure has cut already; a spec is never in reach.
"""

from __future__ import annotations

from typing import Any

from apps.api.v1.shapes import MOMENT, OBJECT, STRING, STRINGS, Json, or_null
from apps.quizzes.enums import AttemptState, ClosedBy, Confidence, ContestState, Layout
from apps.quizzes.models import Contest
from apps.quizzes.selectors import AskedItem, Sitting
from apps.quizzes.types import TYPES

Row = dict[str, Any]
UUID: Json = {"type": "string", "format": "uuid"}
NUMBER: Json = {"type": "number"}
WHOLE: Json = {"type": "integer"}
BOOLEAN: Json = {"type": "boolean"}
HTML: Json = {"type": "string", "description": 'Sanitised HTML; "" for nothing.'}
NULL: Json = {"type": "null"}


def one_of(*values: str) -> Json:
    return {"type": "string", "enum": list(values)}


def listed(schema: Json) -> Json:
    return {"type": "array", "items": schema}


def fields(**properties: Json) -> Json:
    """An object with all of these."""
    return {"type": "object", "required": list(properties), "properties": properties}


HINT = fields(number=WHOLE, cost={**NUMBER, "description": "Points that it cost."}, html=HTML)
NEXT_HINT = fields(number=WHOLE, cost={**NUMBER, "description": "Points that it will cost."})
PART = fields(
    label={**HTML, "description": 'What this part asked; "" where the item has one part.'},
    answer=listed(HTML),
    ratio=or_null(NUMBER),
    feedback=listed(fields(html=HTML, source={**STRING, "description": "The paragraph."})),
    key=listed(HTML),
)
REVIEW: Json = {
    **fields(
        ratio=or_null(NUMBER),
        points=or_null(NUMBER),
        needs_marking=BOOLEAN,
        is_void=BOOLEAN,
        parts=listed(PART),
        criteria=listed(fields(title=HTML, credit=STRING)),
        comment=HTML,
        explanation=HTML,
        sources=STRINGS,
        teaching={"anyOf": [fields(title=STRING, path=STRING), NULL]},
    ),
    "description": "As far as it is disclosed: null and empty where it is not.",
}
CONTEST_LINE = fields(id=UUID, state=one_of(*ContestState.values), text=STRING, decision=STRING)
ITEM = fields(
    position=WHOLE,
    kind=one_of(*TYPES),
    stem=HTML,
    view={
        **OBJECT,
        "description": "What its kind shows: options and the like, each with a `label` that names "
        "it in answers to this attempt alone, and texts as `{html}`.",
    },
    answer={**OBJECT, "description": "What is saved, in labels; {} for nothing."},
    rule={**STRING, "description": "How points are earned."},
    max_points=NUMBER,
    hints=listed(HINT),
    next_hint={"anyOf": [NEXT_HINT, NULL]},
    sequence={**WHOLE, "description": "The newest that was saved; send a greater one."},
    saved_at=or_null(MOMENT),
    confidence={"type": ["integer", "null"], "enum": [*Confidence.values, None]},
    is_flagged=BOOLEAN,
    is_checked={**BOOLEAN, "description": "Of practice: its answer stands."},
    contest={"anyOf": [CONTEST_LINE, NULL]},
    review={"anyOf": [REVIEW, NULL]},
)
ATTEMPT: Json = {
    "title": "Attempt",
    **fields(
        id=UUID,
        classroom_id=or_null(UUID),
        assignment_id=or_null(UUID),
        course=STRING,
        quiz=STRING,
        title=STRING,
        number=WHOLE,
        state=one_of(*AttemptState.values),
        layout=one_of(*Layout.values),
        asks_confidence=BOOLEAN,
        may_take_hints=BOOLEAN,
        started_at=MOMENT,
        closes_at={**or_null(MOMENT), "description": "By the server's clock (`Date`)."},
        submitted_at=or_null(MOMENT),
        closed_by=one_of("", *ClosedBy.values),
        days_late=WHOLE,
        points={**or_null(NUMBER), "description": "null: not shown yet, or not known."},
        max_points=NUMBER,
        disclosed=fields(score=BOOLEAN, correctness=BOOLEAN, feedback=BOOLEAN, key=BOOLEAN),
        items=listed(ITEM),
    ),
    "examples": [
        {
            "id": "0193a1c5-8b67-7f0a-9f10-0b8f6d0e1f1f",
            "classroom_id": "0f6a1c55-2f0b-4c5e-9a53-6a6f7d0f2a4e",
            "assignment_id": "93d54f0e-8b67-4f0a-9f10-0b8f6d0e1f1f",
            "course": "pakistan-russia-sco",
            "quiz": "unit-1",
            "title": "Quiz 1",
            "number": 1,
            "state": "open",
            "layout": "one_page",
            "asks_confidence": False,
            "may_take_hints": True,
            "started_at": "2026-10-02T09:00:00Z",
            "closes_at": "2026-10-02T09:20:00Z",
            "submitted_at": None,
            "closed_by": "",
            "days_late": 0,
            "points": None,
            "max_points": 1,
            "disclosed": {"score": False, "correctness": False, "feedback": False, "key": False},
            "items": [
                {
                    "position": 1,
                    "kind": "single_choice",
                    "stem": "<p>Where did he go instead?</p>",
                    "view": {
                        "options": [
                            {"label": "5b0a4a0c70", "text": {"html": "The United States"}},
                            {"label": "a1d35b0a4a", "text": {"html": "Iran"}},
                        ]
                    },
                    "answer": {"choice": "5b0a4a0c70"},
                    "rule": "Right or wrong.",
                    "max_points": 1,
                    "hints": [],
                    "next_hint": {"number": 1, "cost": 0.25},
                    "sequence": 3,
                    "saved_at": "2026-10-02T09:04:00Z",
                    "confidence": None,
                    "is_flagged": False,
                    "is_checked": False,
                    "contest": None,
                    "review": None,
                }
            ],
        }
    ],
}


def attempt_body(sitting: Sitting, *, has_items: bool = True) -> Row:
    """An attempt as whoever the sitting was made for may see it.  Queries: 0."""
    attempt, may = sitting.attempt, sitting.may
    assignment = attempt.assignment
    return {
        "id": attempt.public_id,
        "classroom_id": assignment.classroom.public_id if assignment else None,
        "assignment_id": assignment.public_id if assignment else None,
        "course": attempt.quiz.course.slug,
        "quiz": attempt.quiz.slug,
        "title": sitting.title,
        "number": attempt.number,
        "state": attempt.state,
        "layout": (assignment or attempt.quiz).layout,
        "asks_confidence": sitting.asks_confidence,
        "may_take_hints": sitting.may_take_hints,
        "started_at": attempt.started_at,
        "closes_at": attempt.closes_at,
        "submitted_at": attempt.submitted_at,
        "closed_by": attempt.closed_by,
        "days_late": attempt.days_late,
        "points": sitting.points,
        "max_points": attempt.max_points,
        "disclosed": {
            name: getattr(may, name) for name in ("score", "correctness", "feedback", "key")
        },
        "items": [item_body(item, sitting) for item in sitting.items] if has_items else [],
    }


def item_body(item: AskedItem, sitting: Sitting) -> Row:
    """One item of it."""
    response = item.response
    following = item.next_hint if sitting.may_take_hints else None
    return {
        "position": item.position,
        "kind": item.view["type"],
        "stem": item.stem,
        "view": {name: value for name, value in item.view.items() if name != "type"},
        "answer": item.raw,
        "rule": item.rule,
        "max_points": response.max_points,
        "hints": [
            {"number": hint.number, "cost": hint.cost, "html": hint.html} for hint in item.hints
        ],
        "next_hint": following and {"number": following.number, "cost": following.cost},
        "sequence": response.sequence,
        "saved_at": response.saved_at,
        "confidence": response.confidence,
        "is_flagged": response.is_flagged,
        "is_checked": response.is_checked,
        "contest": _contest(item.contest),
        "review": _review(item),
    }


def _contest(contest: Contest | None) -> Row | None:
    if contest is None:
        return None
    return {
        "id": contest.public_id,
        "state": contest.state,
        "text": contest.text,
        "decision": contest.decision,
    }


def _review(item: AskedItem) -> Row | None:
    found = item.reviewed
    if found is None:
        return None
    teaching = found.teaching
    return {
        "ratio": found.ratio,
        "points": found.points,
        "needs_marking": found.needs_marking,
        "is_void": found.is_void,
        "parts": [
            {
                "label": part.label,
                "answer": list(part.answer),
                "ratio": part.ratio,
                "feedback": [{"html": html, "source": source} for html, source in part.feedback],
                "key": list(part.key),
            }
            for part in found.parts
        ],
        "criteria": [{"title": title, "credit": credit} for title, credit in found.criteria],
        "comment": found.comment,
        "explanation": found.explanation,
        "sources": list(found.sources),
        "teaching": teaching and {"title": teaching.title, "path": teaching.path},
    }
