"""One's own notes and highlights in lessons."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1.access import PERSONS, check_pace, person_of
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of, unchanged
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import STRING, Shape, or_null
from apps.content.models import LessonEdition
from apps.core.errors import NotFound
from apps.notes import services
from apps.notes.drafts import PRIVATE, Audience
from apps.notes.enums import Kind, Visibility
from apps.notes.models import Note
from apps.notes.passages import Selector

NOTE = Shape(
    "Note",
    Note,
    {
        "id": "public_id",
        "client_id": "client_id",
        "kind": "kind",
        "visibility": "visibility",
        "classroom_id": "classroom__public_id",
        "lesson_id": "lesson__public_id",
        "lesson_title": "lesson_title",
        "section": "section",
        "heading": "heading",
        "sources": "sources",
        "exact": "exact",
        "prefix": "prefix",
        "suffix": "suffix",
        "start": "start",
        "end": "end",
        "body": "body",
        "html": "html",
        "hidden_at": "hidden_at",
        "hidden_reason": "hidden_reason",
        "created_at": "created_at",
        "updated_at": "updated_at",
    },
    others={
        "sources": {"type": "array", "items": STRING},
        "hidden_reason": {**STRING, "description": "Why a moderator hid it, where one did."},
        "classroom_id": {
            **or_null({"type": "string", "format": "uuid"}),
            "description": "With whom it is shared.",
        },
    },
    example={
        "id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "client_id": "7d0f2a4e-2f0b-4c5e-9a53-6a6f0f6a1c55",
        "kind": "note",
        "visibility": "private",
        "classroom_id": None,
        "lesson_id": "0b8f6d0e-93d5-4f0e-8b67-1f1f4f0a9f10",
        "lesson_title": "The invitation of 1949",
        "section": "invitation",
        "heading": "The invitation",
        "sources": ["P06"],
        "exact": "an invitation",
        "prefix": "The first contact was ",
        "suffix": " of the prime minister",
        "start": 22,
        "end": 35,
        "body": "Who asked *first*?",
        "html": "<p>Who asked <em>first</em>?</p>",
        "hidden_at": None,
        "hidden_reason": "",
        "created_at": "2026-10-02T09:00:00Z",
        "updated_at": "2026-10-02T09:00:00Z",
    },
)


class NoteFilters(FilterSet):
    kind = django_filters.ChoiceFilter(choices=Kind.choices)
    course = django_filters.CharFilter("lesson__unit__course__slug")
    lesson = django_filters.UUIDFilter("lesson__public_id")
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = Note
        fields: tuple[str, ...] = ()


class NoteEditIn(Input):
    """visibility: with `classroom_id` of the class, but for a private note."""

    kind = serializers.ChoiceField(Kind.choices, required=False)
    body = serializers.CharField(max_length=10_000, allow_blank=True, required=False)
    visibility = serializers.ChoiceField(Visibility.choices, required=False)
    classroom_id = serializers.UUIDField(required=False, allow_null=True)


class NoteIn(Input):
    lesson_id = serializers.UUIDField()
    section = serializers.CharField(max_length=80, help_text="The section's anchor.")
    exact = serializers.CharField(
        max_length=5_000, allow_blank=True, default="", trim_whitespace=False
    )
    prefix = serializers.CharField(
        max_length=200, allow_blank=True, default="", trim_whitespace=False
    )
    suffix = serializers.CharField(
        max_length=200, allow_blank=True, default="", trim_whitespace=False
    )
    kind = serializers.ChoiceField(Kind.choices)
    body = serializers.CharField(max_length=10_000, allow_blank=True, default="")
    visibility = serializers.ChoiceField(Visibility.choices, default=Visibility.PRIVATE.value)
    classroom_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    client_id = serializers.UUIDField(
        required=False, help_text="Made once for each note: the same again is the first one."
    )


class Notes(ListView):
    """One's own notes and highlights, the oldest first; POST keeps another.

    A passage is kept in the lesson's own words: `exact`, with what stands before and after it.
    An empty `exact` is the section as a whole.
    """

    scope = Scope.NOTES
    write_scope = Scope.NOTES
    callers = PERSONS
    shape = NOTE
    ordering = ("created_at", "updated_at")
    keys = ("created_at", "public_id")
    filters = NoteFilters
    bodies = {"post": NoteIn}

    def get(self, request: Request) -> Response:
        return self.answer(request, _notes(person_of(request)))

    @idempotent
    def post(self, request: Request) -> Response:
        person = person_of(request)
        wish = read(request, NoteIn)
        check_pace(request, "note_write")
        note = services.note_create(
            author=person,
            edition=_edition(wish["lesson_id"]),
            passage=Selector(
                section=wish["section"],
                exact=wish["exact"],
                prefix=wish["prefix"],
                suffix=wish["suffix"],
            ),
            kind=wish["kind"],
            body=wish["body"],
            audience=_audience(person, wish["visibility"], wish["classroom_id"]),
            client_id=wish.get("client_id"),
            now=timezone.now(),
        )
        return answer_written(_public(note), 201)


class NoteDetail(DetailView):
    """One of one's own notes. What it says and who reads it can be changed; its passage stays."""

    scope = Scope.NOTES
    write_scope = Scope.NOTES
    callers = PERSONS
    shape = NOTE
    bodies = {"patch": NoteEditIn}

    def get(self, request: Request, note: UUID) -> HttpResponseBase:
        return answer_one(request, _public(_asked(request, note)))

    @idempotent
    def patch(self, request: Request, note: UUID) -> Response:
        row = _asked(request, note)
        wish = read(request, NoteEditIn, is_partial=True)
        audience = None
        if "visibility" in wish or "classroom_id" in wish:
            visibility = wish.get("visibility", row.visibility)
            audience = _audience(person_of(request), visibility, wish.get("classroom_id"))
        with unchanged(request, lock=_lock(row), read=lambda: _public(row)):
            check_pace(request, "note_edit")
            services.note_update(
                note=row,
                body=wish.get("body"),
                kind=wish.get("kind"),
                audience=audience,
                now=timezone.now(),
            )
            body = _public(row)
        return answer_written(body)

    @idempotent
    def delete(self, request: Request, note: UUID) -> Response:
        row = _asked(request, note)
        with unchanged(request, lock=_lock(row), read=lambda: _public(row)):
            services.note_delete(note=row, now=timezone.now())
        return Response(status=204)


def _notes(person: User) -> QuerySet[Any]:
    """One's own; through a school's program those that no other school's class shares."""
    rows = Note.objects.of(person)
    through = person.through_school_id
    if through is not None:
        rows = rows.filter(Q(classroom__isnull=True) | Q(classroom__school=through))
    return rows


def _asked(request: Request, note: UUID) -> Note:
    row: Note | None = _notes(person_of(request)).filter(public_id=note).first()
    if row is None:
        raise NotFound(_("You have no such note."))
    return row


def _public(note: Note) -> Row:
    return row_of(Note.objects.filter(pk=note.pk), NOTE.fields)


def _lock(note: Note) -> QuerySet[Any]:
    return Note.objects.filter(pk=note.pk)


def _edition(lesson_id: UUID) -> LessonEdition:
    """What readers see of a lesson, with lesson, unit and course.  Raises: NotFound."""
    rows = LessonEdition.objects.filter(lesson__public_id=lesson_id)
    # A lesson points at the edition that is published; others are history.
    found = (
        rows.filter(pk__in=rows.values("lesson__published_edition"))
        .select_related("lesson__unit__course__school")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such lesson."))
    return found


def _audience(person: User, visibility: str, classroom_id: UUID | None) -> Audience:
    """Raises: NotFound for a class that the person is not in."""
    if visibility == Visibility.PRIVATE and classroom_id is None:
        return PRIVATE
    classroom = selectors.classroom_of(person, str(classroom_id)) if classroom_id else None
    return Audience(visibility, classroom)
