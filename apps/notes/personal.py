"""What notes give to a copy of everything about a person, and do when one is erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.exports import ExportTable, rows_of
from apps.core.services import words_redact
from apps.notes.models import Note


def export_tables(user: User, _now: datetime) -> list[ExportTable]:
    return [
        ExportTable(
            "notes/notes",
            _("Your notes and highlights"),
            _("Each with its passage, whom you share it with, and a moderator’s reason if hidden."),
            ("notes.Note",),
            rows_of(
                Note.objects.filter(author=user).order_by("pk"),
                id="public_id",
                lesson="lesson_title",
                section="section",
                heading="heading",
                paragraphs="sources",
                kind="kind",
                shared_with="visibility",
                title="classroom__title",
                before="prefix",
                passage="exact",
                after="suffix",
                note="body",
                searched_as="folded",
                made_at="created_at",
                changed_at="updated_at",
                hidden_at="hidden_at",
                hidden_because="hidden_reason",
            ),
        ),
        ExportTable(
            "authorship/hidden-notes",
            _("Notes that you hid"),
            _("In which class, and when; whose they are is not in your copy."),
            ("notes.Note",),
            rows_of(
                Note.objects.filter(hidden_by=user).exclude(author=user).order_by("pk"),
                title="classroom__title",
                at="hidden_at",
            ),
        ),
    ]


def person_erase(*, user: User, names: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Delete every note: nobody answers a note, so none has to stay."""
    Note.objects.filter(author=user).delete()
    words_redact(Note.objects.filter(hidden_by=user), "hidden_reason", names=names)
