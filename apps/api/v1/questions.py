"""The bank of questions, with keys: for those alone who may edit the course."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.api.enums import Scope
from apps.api.selectors import quizzing
from apps.api.v1.access import PERSONS, ApiView, person_of
from apps.api.v1.authored import Authored, AuthoredDetail, AuthoredList
from apps.api.v1.filters import BooleanFilter
from apps.api.v1.inputs import Input, ObjectField
from apps.api.v1.lists import ListView, Row, check_parameters
from apps.api.v1.nouns import with_related
from apps.api.v1.shapes import OBJECT, STRING, STRINGS, Shape, named
from apps.api.v1.sittings import WHOLE, fields, listed, one_of
from apps.content.models import Course
from apps.quizzes import exchange, services
from apps.quizzes import selectors as quizzes
from apps.quizzes.drafts import HintDraft, QuestionDraft
from apps.quizzes.enums import Bloom, Difficulty
from apps.quizzes.models import Question, QuestionVersion
from apps.quizzes.types import TYPES, places

_LESSON = {**STRING, "description": '`unit/lesson`, "" for none.'}
QUESTION = Shape(
    "Question",
    Question,
    {
        "id": "public_id",
        **named("slug", "kind", "anchor", "objectives", "difficulty", "bloom"),
        **named("position", "retired_at"),
        "lesson": "lesson_path",
        "version": "current_version__number",
        "stem": "current_version__stem",
        "spec": "current_version__spec",
        "hints": "current_version__hints",
        "explanation": "current_version__explanation",
        "sources": "current_version__sources",
        "tags": "pk",
        "updated_at": "updated_at",
    },
    others={
        "kind": one_of(*TYPES),
        "lesson": _LESSON,
        "spec": {**OBJECT, "description": "docs/question-format.md; it holds the key."},
        "objectives": {**STRINGS, "description": "Keys of its lesson's objectives."},
        "hints": listed(fields(text=STRING, cost=STRING)),
        "sources": STRINGS,
        "tags": STRINGS,
    },
    example={
        "id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "slug": "first-invitation",
        "kind": "single_choice",
        "anchor": "invitation",
        "objectives": ["first-contact"],
        "difficulty": "medium",
        "bloom": "remember",
        "position": 4,
        "retired_at": None,
        "lesson": "history/cold-war",
        "version": 2,
        "stem": "Where did he go instead?",
        "spec": {"rule": "one_best", "shuffle": True, "options": []},
        "hints": [{"text": "Think of 1949.", "cost": "0.25"}],
        "explanation": "",
        "sources": ["P07"],
        "tags": ["cold-war"],
        "updated_at": "2026-09-01T08:00:00Z",
    },
)
VERSION = Shape(
    "QuestionVersion",
    QuestionVersion,
    {
        "number": "number",
        "stem": "stem",
        "spec": "spec",
        "hints": "hints",
        "explanation": "explanation",
        "sources": "sources",
        "note": "note",
        "created_at": "created_at",
        "asked": "asked",
        "facility": "facility",
    },
    others={
        "spec": OBJECT,
        "hints": listed(fields(text=STRING, cost=STRING)),
        "sources": STRINGS,
        "asked": {**WHOLE, "description": "How often, in assignments that were handed in."},
        "facility": {
            "type": ["number", "null"],
            "description": "The mean share of its points that was earned there.",
        },
    },
    example={
        "number": 2,
        "stem": "Where did he go instead?",
        "spec": {"rule": "one_best", "shuffle": True, "options": []},
        "hints": [],
        "explanation": "",
        "sources": ["P07"],
        "note": "A clearer stem.",
        "created_at": "2026-09-01T08:00:00Z",
        "asked": 30,
        "facility": 0.7,
    },
)
_TEXT = 20_000


class QuestionFilters(FilterSet):
    kind = django_filters.ChoiceFilter(choices=[(name, name) for name in TYPES])
    lesson = django_filters.CharFilter("lesson_path")
    unit = django_filters.CharFilter("lesson__unit__slug")
    tag = django_filters.CharFilter("tags__name")
    difficulty = django_filters.ChoiceFilter(choices=Difficulty.choices)
    bloom = django_filters.ChoiceFilter(choices=Bloom.choices)
    source = django_filters.CharFilter("source_rows__paragraph__number")
    is_retired = BooleanFilter("retired_at", "isnull", exclude=True)
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = Question
        fields: tuple[str, ...] = ()


class QuestionHintIn(Input):
    text = serializers.CharField(max_length=_TEXT)
    cost = serializers.DecimalField(max_digits=3, decimal_places=2, default=Decimal(0))


class QuestionChangeIn(Input):
    slug = serializers.CharField(max_length=120, required=False)
    stem = serializers.CharField(max_length=_TEXT, required=False)
    spec = ObjectField(required=False, help_text="As docs/question-format.md says of the kind.")
    lesson = serializers.CharField(max_length=200, allow_blank=True, required=False)
    anchor = serializers.CharField(max_length=80, allow_blank=True, required=False)
    objectives = serializers.ListField(
        child=serializers.CharField(max_length=40),
        max_length=20,
        required=False,
        help_text="Keys of its lesson's objectives: those that it tests.",
    )
    sources = serializers.ListField(
        child=serializers.CharField(max_length=4), max_length=50, required=False
    )
    tags = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=50, required=False
    )
    difficulty = serializers.ChoiceField(Difficulty.choices, required=False)
    bloom = serializers.ChoiceField(Bloom.choices, required=False)
    hints = serializers.ListField(child=QuestionHintIn(), max_length=20, required=False)
    explanation = serializers.CharField(max_length=_TEXT, allow_blank=True, required=False)
    note = serializers.CharField(
        max_length=300, allow_blank=True, required=False, help_text="Why it changed."
    )


class QuestionIn(QuestionChangeIn):
    slug = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(sorted(TYPES))
    stem = serializers.CharField(max_length=_TEXT)
    spec = ObjectField(help_text="As docs/question-format.md says of the kind.")


class OfQuestions(Authored):
    """Questions as authors write them: with tags, and specs without what the editor adds."""

    shape = QUESTION

    def rows_in(self, course: Course) -> QuerySet[Any]:
        return quizzing.questions_in(course)

    def completed(self, rows: list[Row]) -> list[Row]:
        return [
            {**row, "spec": places.stripped(row["spec"])}
            for row in with_related(rows, Question, {"tags": "name"})
        ]


class Questions(OfQuestions, AuthoredList):
    """The bank of a course, in its order, with keys."""

    ordering = ("position", "slug", "kind", "updated_at")
    filters = QuestionFilters
    gone = ("question.deleted",)
    bodies = {"post": QuestionIn}

    def create(self, course: Course, wish: dict[str, Any], editor: User, now: datetime) -> Any:
        wish.pop("note", None)
        draft = _draft(QuestionDraft(slug="", kind="", stem=""), wish)
        return services.question_create(course=course, draft=draft, editor=editor, now=now)


class QuestionDetail(OfQuestions, AuthoredDetail):
    """One question with its key. A change of what is asked or right makes a new version."""

    bodies = {"patch": QuestionChangeIn}

    def one_in(self, course: Course, key: str) -> Question:
        return quizzing.question_in(course, key)

    def change(self, row: Question, wish: dict[str, Any], editor: User, now: datetime) -> Question:
        note = wish.pop("note", "")
        row = quizzing.question_again(row)
        return services.question_save(
            question=row,
            draft=_draft(quizzes.question_draft(row), wish),
            expected_revision=row.revision,
            editor=editor,
            now=now,
            note=note,
        )

    def remove(self, row: Question, editor: User, now: datetime) -> None:
        services.question_delete(question=row, editor=editor, now=now)


class QuestionRetire(OfQuestions):
    """Offer it to no new attempt; twice is once. What was asked stays as it is."""

    statuses = {"post": (200,)}
    deed = staticmethod(services.question_retire)

    def post(self, request: Request, course: str, question: str) -> Response:
        editor = person_of(request)
        row = quizzing.question_in(quizzing.course_edited(editor, course), question)
        self.deed(question=row, editor=editor, now=timezone.now())
        return self.answered(row)


class QuestionReinstate(QuestionRetire):
    """Offer a retired question again; twice is once."""

    deed = staticmethod(services.question_reinstate)


class VersionFilters(FilterSet):
    created_since = django_filters.IsoDateTimeFilter("created_at", "gte")

    class Meta:
        model = QuestionVersion
        fields: tuple[str, ...] = ()


class QuestionVersions(ListView):
    """Every version of a question, oldest first, with how it did."""

    scope = Scope.QUIZZES_READ
    callers = PERSONS
    shape = VERSION
    ordering = ("number",)
    filters = VersionFilters
    keys = ("number",)

    def get(self, request: Request, course: str, question: str) -> Response:
        found = quizzing.course_edited(person_of(request), course)
        rows = quizzes.versions_asked(quizzing.question_in(found, question))
        return self.answer(request, rows)

    @staticmethod
    def present(row: Row) -> Row:
        return {**row, "spec": places.stripped(row["spec"])}


class QuestionFile(ApiView):
    """The questions that are offered, as `gift`, `moodle_xml` or `table` (CSV), with keys.

    What the format cannot carry is left out; `Majlis-Losses` counts it, the admin lists it.
    """

    scope = Scope.QUIZZES_READ
    callers = PERSONS
    body = STRING
    media_types = ("text/plain", "application/xml", "text/csv")

    def get(self, request: Request, course: str, file_format: str) -> HttpResponseBase:
        check_parameters(request, [])
        found = quizzing.course_edited(person_of(request), course)
        if file_format not in exchange.FORMATS:
            raise NotFound
        chosen = exchange.FORMATS[file_format]
        rows = (
            quizzes.questions_of(found).filter(retired_at__isnull=True).order_by("position", "pk")
        )
        writing = chosen.write([_foreign(quizzes.question_draft(row)) for row in rows])
        return HttpResponse(
            writing.text,
            content_type=chosen.content_type,
            headers={"Majlis-Losses": str(len(writing.losses))},
        )


def _draft(draft: QuestionDraft, wish: dict[str, Any]) -> QuestionDraft:
    said = dict(wish)
    for name in ("objectives", "sources", "tags"):
        if name in said:
            said[name] = tuple(said[name])
    if "hints" in said:
        said["hints"] = tuple(HintDraft(each["text"], each["cost"]) for each in said["hints"])
    return replace(draft, **said)


def _foreign(draft: QuestionDraft) -> exchange.QuestionDraft:
    names = ("slug", "kind", "stem", "spec", "lesson", "anchor", "objectives", "sources", "tags")
    return exchange.QuestionDraft(
        **{name: getattr(draft, name) for name in (*names, "difficulty", "bloom", "explanation")},
        hints=tuple(exchange.Hint(hint.text, f"{hint.cost:f}") for hint in draft.hints),
    )
