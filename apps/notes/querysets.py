from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from apps.classrooms.models import Enrolment
from apps.content.search.text import words
from apps.notes.enums import Visibility

if TYPE_CHECKING:
    from apps.accounts.models import User

MAX_WORDS = 12


class NoteQuerySet(models.QuerySet[Any]):
    def of(self, user: User) -> NoteQuerySet:
        return self.filter(author=user)

    def shared_in(
        self, classrooms: Collection[int], *, staffed: Collection[int] = ()
    ) -> NoteQuerySet:
        """What the members of `classrooms` see, and of `staffed` its staff; by primary key.

        A note is shared as long as its author is in the class too.
        """
        enrolled = Enrolment.objects.active().filter(
            classroom=OuterRef("classroom"), user=OuterRef("author")
        )
        audience = Q(classroom__in=classrooms, visibility=Visibility.CLASS)
        if staffed:
            audience |= Q(classroom__in=staffed)
        return self.filter(audience, Exists(enrolled))

    def not_hidden(self) -> NoteQuerySet:
        return self.filter(hidden_at__isnull=True)

    def saying(self, query: str) -> NoteQuerySet:
        """Notes in which, or in whose passage, every word of `query` stands, or begins."""
        found = self
        for word in folded(query).split()[:MAX_WORDS]:
            found = found.filter(folded__contains=word)
        return found


def folded(text: str) -> str:
    """Words without case and accents, between single spaces."""
    return " ".join(word for _start, _end, word in words(text))
