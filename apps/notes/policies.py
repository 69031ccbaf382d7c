"""Who may share a note with whom, as checks; who sees one is selectors' and querysets'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.classrooms.models import Enrolment
from apps.classrooms.policies import check_is_running
from apps.core.errors import NotFound
from apps.notes.enums import Visibility
from apps.notes.errors import InvalidNote, NoteHidden

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.content.models import Lesson
    from apps.notes.drafts import Audience
    from apps.notes.models import Note


def check_may_share(author: User, lesson: Lesson | None, audience: Audience) -> None:
    """A note is shared with a running class that its author is in and that reads its course.

    Raises: NotFound for a class that they are not in, InvalidNote, ClassroomArchived.
    Queries: 0 for a private note, else 1.
    """
    classroom = audience.classroom
    if audience.visibility == Visibility.PRIVATE:
        if classroom is not None:
            raise InvalidNote(_("A private note is shared with no class."), field="audience")
        return
    if audience.visibility not in Visibility.values or classroom is None:
        raise InvalidNote(_("Say which class you share the note with."), field="audience")
    rows = Enrolment.objects.active().filter(user=author, classroom=classroom)
    if not author.is_active or not rows.exists():
        raise NotFound(_("There is no such class."))
    if lesson is None or classroom.course_id != lesson.unit.course_id:
        raise InvalidNote(_("This class does not read this lesson."), field="audience")
    check_is_running(classroom)


def check_is_not_hidden(note: Note) -> None:
    if note.hidden_at is not None:
        raise NoteHidden(
            _("A moderator has hidden this note: “%(reason)s”. It cannot be shared any more.")
            % {"reason": note.hidden_reason}
        )
