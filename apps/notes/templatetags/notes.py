"""How pages speak of a note."""

from django import template

from apps.notes import selectors
from apps.notes.models import Note

register = template.Library()


@register.filter
def passage_url(note: Note) -> str:
    return selectors.passage_url(note)


@register.filter
def audience(note: Note) -> str:
    return selectors.audience_words(note)
