"""Makers of questions, quizzes and what a class is given, through the product's services."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content.models import Course
from apps.quizzes import services
from apps.quizzes.drafts import HintDraft, QuestionDraft, QuizDraft, QuizItemDraft
from apps.quizzes.models import Assignment, Attempt, Question, Quiz, Response
from apps.quizzes.types import TYPES
from apps.quizzes.types.contract import Labels
from tests.factories import NOW

_numbers = count(1)
SECRET = "canary"  # in every text of a `secret_question` that tells its answer

_OPTIONS = [
    {"id": "a", "text": "The United States", "is_key": True, "feedback": "So.", "source": "P01"},
    {"id": "b", "text": "Iran", "is_key": False, "feedback": "Not there.", "source": "P02"},
    {"id": "c", "text": "China", "is_key": False, "feedback": "Later.", "source": "P02"},
]
# One small spec of each type, over the paragraphs of tests.content.factories.course_create.
SPECS: dict[str, dict[str, Any]] = {
    "single_choice": {"rule": "one_best", "shuffle": True, "options": _OPTIONS},
    "multiple_response": {"rule": "each_option", "shuffle": True, "options": _OPTIONS},
    "true_false": {
        "rule": "both",
        "is_true": False,
        "feedback_true": "No.",
        "feedback_false": "Yes.",
        "source": "P01",
        "justification": "choose",
        "reasons": _OPTIONS,
    },
    "short_text": {
        "ignore": ["case", "spacing", "diacritics", "punctuation"],
        "answers": [
            {"text": "Liaquat Ali Khan", "credit": "1", "feedback": "So.", "source": "P01"},
            {"text": "Bhutto", "credit": "0", "feedback": "Later.", "source": "P02"},
        ],
        "pattern": "",
        "feedback_other": "Read again.",
        "max_length": 80,
    },
    "numeric": {
        "form": "number",
        "answers": [
            {
                "value": "1100",
                "tolerance": "10",
                "tolerance_is": "absolute",
                "credit": "1",
                "feedback": "So.",
                "source": "P01",
            }
        ],
        "unit_rule": "none",
        "feedback_other": "Read again.",
    },
    "ordering": {
        "rule": "pairs",
        "first": "Earliest",
        "last": "Latest",
        "items": [
            {"id": "a", "text": "The invitation", "feedback": "First.", "source": "P01"},
            {"id": "b", "text": "The visit", "feedback": "Second.", "source": "P01"},
            {"id": "c", "text": "The oil agreement", "feedback": "Third.", "source": "P02"},
        ],
    },
    "matching": {
        "rule": "each_pair",
        "pairs": [
            {"id": "a", "prompt": "Khan", "answer": "1949", "feedback": "So.", "source": "P01"},
            {"id": "b", "prompt": "Bhutto", "answer": "1972", "feedback": "So.", "source": "P02"},
            {"id": "c", "prompt": "Fradkov", "answer": "2007", "feedback": "So.", "source": "P02"},
        ],
    },
    "gap_fill": {
        "rule": "each_gap",
        "text": "A {{1}}-kilometre pipeline to {{2}}.",
        "ignore": ["case", "spacing", "diacritics", "punctuation"],
        "gaps": [
            {
                "id": "1",
                "form": "text",
                "answers": [{"text": "1100", "credit": "1", "feedback": "So.", "source": "P01"}],
                "feedback_other": "Read again.",
            },
            {"id": "2", "form": "choice", "options": _OPTIONS},
        ],
    },
    "categorise": {
        "rule": "each_item",
        "categories": [{"id": "x", "text": "Hard power"}, {"id": "y", "text": "Soft power"}],
        "items": [
            {"id": "a", "text": "Arms", "category": "x", "feedback": "So.", "source": "P01"},
            {"id": "b", "text": "Films", "category": "y", "feedback": "So.", "source": "P02"},
        ],
    },
    "locate": {
        "form": "mark",
        "marks": [
            {
                "id": "a",
                "place": "karachi",
                "name": "Karachi",
                "latitude": "24.86",
                "longitude": "67.01",
                "is_key": True,
                "feedback": "So.",
                "source": "P01",
            },
            {
                "id": "b",
                "place": "moscow",
                "name": "Moscow",
                "latitude": "55.76",
                "longitude": "37.62",
                "is_key": False,
                "feedback": "Further north.",
                "source": "P02",
            },
        ],
    },
    "select_evidence": {
        "rule": "all_or_nothing",
        "claim": "The distance began in 1949.",
        "passages": [
            {
                "id": letter,
                "lesson": "history/the-invitation",
                "anchor": "invitation",
                "text": text,
                "is_key": letter == "a",
                "feedback": "So.",
                "source": "P01",
            }
            for letter, text in (("a", "An invitation came."), ("b", "He went west."))
        ],
    },
    "essay": {
        "min_words": 5,
        "max_words": 200,
        "guidance": "Take a position and show evidence for it.",
        "rubric": [
            {
                "id": criterion,
                "title": criterion.title(),
                "description": "What is looked for.",
                "weight": "1",
                "levels": [
                    {"credit": "0", "text": "Absent."},
                    {"credit": "0.5", "text": "In part."},
                    {"credit": "1", "text": "Full."},
                ],
            }
            for criterion in ("claim", "evidence")
        ],
        "model_answer": "An answer that takes a position.",
        "source": "P01",
    },
}


def draft(kind: str = "single_choice", **fields: Any) -> QuestionDraft:
    """A question of the given type that can be stored; `fields` say what a test is about."""
    return QuestionDraft(
        **{
            "slug": f"question-{next(_numbers)}",
            "kind": kind,
            "stem": "Where did he go instead?",
            "spec": deepcopy(SPECS[kind]),
            "sources": ("P01",),
            "explanation": "The authors say so.",
            **fields,
        }
    )


def question_create(course: Course, kind: str = "single_choice", **fields: Any) -> Question:
    return services.question_create(
        course=course, draft=draft(kind, **fields), editor=None, now=NOW
    )


def hints(*costs: str) -> tuple[HintDraft, ...]:
    return tuple(HintDraft(f"Think again, {cost}.", Decimal(cost)) for cost in costs)


def secret_question(course: Course, kind: str) -> Question:
    """Every text that tells the answer holds the canary; what is asked does not."""

    def hide(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: hide(key, each) for key, each in value.items()}
        if isinstance(value, list):
            return [hide(name, each) for each in value]
        tells = name.startswith("feedback") or name == "model_answer"
        return f"{SECRET} {value}" if tells else value

    return question_create(
        course,
        kind,
        spec=hide("", SPECS[kind]),
        explanation=f"The {SECRET} explains.",
        hints=hints("0.1"),
    )


def quiz_create(course: Course, *questions: Question, points: str = "1", **fields: Any) -> Quiz:
    """A quiz of the given questions, each worth `points`; of one new question without any."""
    asked = questions or (question_create(course),)
    items = tuple(
        QuizItemDraft(question=question.slug, points=Decimal(points)) for question in asked
    )
    values = {"slug": f"quiz-{next(_numbers)}", "title": "A quiz", "items": items, **fields}
    return services.quiz_create(course=course, draft=QuizDraft(**values), editor=None, now=NOW)


def assignment_create(
    classroom: Classroom, actor: User, quiz: Quiz | None = None, **fields: Any
) -> Assignment:
    """A published assignment without dates that shows everything once submitted."""
    shown = dict.fromkeys(
        ("score_when", "correctness_when", "feedback_when", "key_when"), "submitted"
    )
    assignment = services.assignment_create(
        classroom=classroom,
        quiz=quiz or quiz_create(classroom.course),
        fields={**shown, **fields},
        actor=actor,
        now=NOW,
    )
    services.assignment_publish(assignment=assignment, actor=actor, now=NOW)
    assignment.refresh_from_db()
    return assignment


def secret_assignment(
    classroom: Classroom, instructor: User, when: str, closes_at: datetime
) -> Assignment:
    """A question of each type that hides the canary, also to be practised; told of at `when`."""
    quiz = quiz_create(
        classroom.course,
        *[secret_question(classroom.course, kind) for kind in SPECS],
        slug="open-too",
        is_practice=True,
    )
    fields = dict.fromkeys(("score_when", "correctness_when", "feedback_when", "key_when"), when)
    return assignment_create(classroom, instructor, quiz, **fields, closes_at=closes_at)


def right_answer(response: Response) -> dict[str, Any]:
    """The raw answer that earns everything; an essay's is some text."""
    kind, version = TYPES[response.version.kind], response.version
    fixed = kind.fix(version.spec) or {"text": "One two three four five six."}
    return kind.unparse(version.spec, fixed, Labels(response.seed))


def right_saves(attempt: Attempt, *, sequence: int = 1) -> dict[int, services.Save]:
    """Every item of an attempt answered rightly, as a page sends it."""
    return {
        response.position: services.Save(raw=right_answer(response), sequence=sequence, seconds=3)
        for response in attempt.responses.select_related("version")
    }
