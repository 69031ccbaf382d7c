"""Whom the events of notes concern: their authors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse

from apps.core.models import Event
from apps.notes.models import Note
from apps.notifications.enums import Kind, SubjectKind
from apps.notifications.selectors.told import Told, members_of


def moderated(events: Sequence[Event]) -> Iterator[Told]:
    """note.hidden, note.shown: who wrote it, and shares it with a class that they are in.

    Queries: 2.
    """
    found = Note.objects.filter(
        public_id__in={event.subject_id for event in events},
        classroom__archived_at__isnull=True,
    )
    rows = {
        public_id: (author, classroom)
        for public_id, author, classroom in found.values_list(
            "public_id", "author_id", "classroom_id"
        )
        if classroom is not None
    }
    members = members_of({classroom for _author, classroom in rows.values()})
    for event in events:
        author, classroom = rows.get(event.subject_id, (0, 0))
        if (classroom, author) in members:
            yield Told(
                recipient_id=author,
                kind=Kind.NOTE,
                cause=f"event {event.pk}",
                subject_kind=SubjectKind.NOTE,
                subject_id=event.subject_id,
                classroom_id=classroom,
                path=reverse("notes:edit", args=[event.subject_id]),
                happened_at=event.happened_at,
                actor_id=event.actor_id,
                detail=event.kind.removeprefix("note."),
            )
