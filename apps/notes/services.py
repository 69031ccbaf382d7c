"""Every write of a note. It has one author, and what they wrote in two places at once is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.services import person_hold
from apps.classrooms.policies import check_is_running
from apps.content.markdown import EMPTY_CONTEXT, render_markdown
from apps.content.selectors import render_context
from apps.core.services import event_append
from apps.notes import anchoring, passages, policies
from apps.notes.drafts import PRIVATE, Audience
from apps.notes.enums import Kind, Visibility
from apps.notes.errors import InvalidNote, NoteChanged, PassageNotFound
from apps.notes.models import Note
from apps.notes.querysets import folded

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.classrooms.models import Classroom
    from apps.content.models import LessonEdition
    from apps.notes.passages import Selector

MAX_BODY = 10_000
MAX_PASSAGE = 5_000
MAX_REASON = 500
MAX_IN_LESSON = 500  # of one reader: a lesson's page shows them all


@transaction.atomic
def note_create(
    *,
    author: User,
    edition: LessonEdition,
    passage: Selector,
    kind: str,
    body: str = "",
    audience: Audience = PRIVATE,
    client_id: UUID | None = None,
    now: datetime,
) -> Note:
    """Keep a highlight, a note or “this confused me”; sent twice it is the first one.

    edition: with its lesson, unit and course. passage: as its reader's device found it there; what
    is kept are the edition's own words. With neither text before nor after, it is the first place
    in its section. body: Markdown.
    client_id: made by the device once for each note; None: the note is sent once.
    Raises: PassageNotFound, InvalidNote; NotFound for a class that the author is not in,
    ClassroomArchived.  Locks: User, so that the count holds.  Queries: 13 at most.
    """
    client_id = client_id or uuid4()
    sent = Note.objects.of(author).filter(client_id=client_id).first()
    if sent is not None:
        return sent
    lesson = edition.lesson
    policies.check_may_share(author, lesson, audience)
    person_hold(user=author)
    if Note.objects.of(author).filter(lesson=lesson).count() >= MAX_IN_LESSON:
        raise InvalidNote(
            _("You have %(count)d notes on this lesson; delete some first.")
            % {"count": MAX_IN_LESSON}
        )
    note = Note(
        author=author,
        client_id=client_id,
        lesson=lesson,
        edition=edition,
        lesson_title=edition.title,
        kind=kind,
        visibility=audience.visibility,
        classroom=audience.classroom,
    )
    _lay(note, edition, passage)
    _write(note, body)
    try:
        with transaction.atomic():
            note.save()
    except IntegrityError:  # the same note arrived by another connection meanwhile
        return Note.objects.get(author=author, client_id=client_id)
    _tell("note.shared", note, note.classroom, author, now)
    return note


@transaction.atomic
def note_update(
    *,
    note: Note,
    body: str | None = None,
    kind: str | None = None,
    audience: Audience | None = None,
    shown: str | None = None,
    now: datetime,
) -> Note:
    """Change what an author's note says, what it is, or who reads it; None leaves that alone.

    A highlight that is given words is a note from then on. The caller has fetched `note` for its
    author. To make a note private is always possible.
    shown: `words_mark` of the words that were changed into `body`; other words that were written
    meanwhile, on another device or in another window, are not lost then.  None: whatever it says.
    Raises: NoteChanged, InvalidNote, NoteHidden where a hidden note would be shared, NotFound,
    ClassroomArchived.  Locks: Note.  Queries: 12 at most.
    """
    locked = _lock(note)
    if shown is not None and body not in {None, locked.body} and shown != words_mark(locked.body):
        raise NoteChanged(_("This note was changed elsewhere meanwhile."), body=locked.body)
    before = Audience(locked.visibility, locked.classroom)
    after = before if audience is None else audience
    words = locked.body if body is None else body
    if after != before and after.visibility != Visibility.PRIVATE:
        policies.check_is_not_hidden(locked)
        policies.check_may_share(locked.author, locked.lesson, after)
    elif after.classroom is not None:
        check_is_running(after.classroom)
    locked.visibility, locked.classroom = after.visibility, after.classroom
    if kind is not None:
        locked.kind = kind
    elif locked.kind == Kind.HIGHLIGHT and words.strip():
        locked.kind = Kind.NOTE
    _write(locked, words)
    locked.save()
    if before.classroom is not None and after.classroom != before.classroom:
        _tell("note.unshared", locked, before.classroom, locked.author, now, is_tombstone=True)
    if after != before:
        _tell("note.shared", locked, after.classroom, locked.author, now)
    return locked


def words_mark(body: str) -> str:
    """Tells whether a note still says what was shown, without saying it."""
    return sha256(body.encode()).hexdigest()[:32]


@transaction.atomic
def note_delete(*, note: Note, now: datetime) -> None:
    """Delete an author's note for good; of a shared one the outbox keeps a tombstone.

    The caller has fetched `note` for its author.  Locks: Note.
    """
    locked = _lock(note)
    _tell("note.deleted", locked, locked.classroom, locked.author, now, is_tombstone=True)
    locked.delete()


@transaction.atomic
def note_hide(*, note: Note, actor: User, reason: str, now: datetime) -> Note:
    """Take a note that is shared with a class from everybody but its author, who sees the reason.

    The caller has fetched `note` for one of its class's staff.
    Raises: InvalidNote without a reason, ClassroomArchived.  Locks: Note.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= MAX_REASON:
        raise InvalidNote(
            _("Give the reason, in at most 500 characters: the author sees it."), field="reason"
        )
    locked = _lock_shared(note)
    if locked.hidden_at is None:
        locked.hidden_at, locked.hidden_reason, locked.hidden_by = now, reason, actor
        locked.save()
        _tell("note.hidden", locked, locked.classroom, actor, now)
    return locked


@transaction.atomic
def note_show(*, note: Note, actor: User, now: datetime) -> Note:
    """Give a hidden note back to those with whom it is shared.

    Raises: InvalidNote, ClassroomArchived.  Locks: Note.
    """
    locked = _lock_shared(note)
    if locked.hidden_at is not None:
        locked.hidden_at, locked.hidden_reason, locked.hidden_by = None, "", None
        locked.save()
        _tell("note.shown", locked, locked.classroom, actor, now)
    return locked


def _lock(note: Note) -> Note:
    rows = Note.objects.select_for_update(of=("self",), no_key=True).select_related(
        "author", "lesson__unit__course", "classroom__school"
    )
    locked: Note = rows.get(pk=note.pk)
    return locked


def _lock_shared(note: Note) -> Note:
    locked = _lock(note)
    if locked.classroom is None or locked.classroom_id != note.classroom_id:
        raise InvalidNote(_("Its author no longer shares this note with the class."))
    check_is_running(locked.classroom)
    return locked


def _lay(note: Note, edition: LessonEdition, passage: Selector) -> None:
    """Set the passage, in the edition's own words, and what it stands under."""
    if len(passage.exact) > MAX_PASSAGE:
        raise InvalidNote(_("Choose a shorter passage."), field="exact")
    sections = passages.section_texts(edition.html)
    asked = replace(
        passage,
        exact=passages.tidy(passage.exact),
        prefix=passage.prefix[-passages.CONTEXT_CHARACTERS :],
        suffix=passage.suffix[: passages.CONTEXT_CHARACTERS],
    )
    found = _found(asked, sections)
    note.section, note.exact, note.prefix = found.section, found.exact, found.prefix
    note.suffix, note.start, note.end = found.suffix, found.start, found.end
    part = next(each for each in edition.document["sections"] if each["id"] == found.section)
    note.heading, note.sources = part["heading"][:200], part["sources"]


def _found(asked: Selector, sections: tuple[passages.SectionText, ...]) -> Selector:
    """Raises: PassageNotFound."""
    home = next((each for each in sections if each.anchor == asked.section), None)
    if home is None:
        raise PassageNotFound(_("The lesson has no such section."), field="section")
    if not asked.exact:
        return passages.Selector(section=home.anchor, exact="")
    if not asked.prefix and not asked.suffix and asked.exact in home.text:
        start = home.text.index(asked.exact)
        return passages.selector_at(home, start, start + len(asked.exact))
    place = anchoring.find(asked, sections)
    if place.fit is anchoring.Fit.LOST:
        raise PassageNotFound(_("These words do not stand in the lesson."), field="exact")
    section = next(each for each in sections if each.anchor == place.section)
    return passages.selector_at(section, place.start, place.end)


def _write(note: Note, body: str) -> None:
    """Set words, HTML and what the search looks through.  Raises: InvalidNote."""
    note.body = body.strip().replace("\x00", "")
    if note.kind not in Kind.values:
        raise InvalidNote(_("Choose highlight, note or “this confused me”."), field="kind")
    if note.kind == Kind.CONFUSED and note.visibility == Visibility.CLASS:
        raise InvalidNote(
            _("What confused you is for those who teach; classmates do not see it."),
            field="audience",
        )
    if len(note.body) > MAX_BODY:
        raise InvalidNote(_("A note has at most 10,000 characters."), field="body")
    if note.kind == Kind.NOTE and not note.body:
        raise InvalidNote(_("Write something, or keep it as a highlight."), field="body")
    if note.kind == Kind.HIGHLIGHT and not note.exact:
        raise InvalidNote(_("Choose the words to highlight."), field="exact")
    note.html = ""
    if note.body:
        context = render_context(note.lesson.unit.course) if note.lesson else EMPTY_CONTEXT
        own = replace(context, id_prefix=f"n-{note.public_id.hex[:8]}-")
        note.html = render_markdown(note.body, own).html_with_footnotes
    note.folded = folded(f"{note.exact}\n{note.body}")


def _tell(
    kind: str,
    note: Note,
    classroom: Classroom | None,
    actor: User,
    now: datetime,
    *,
    is_tombstone: bool = False,
) -> None:
    """To the outbox, of shared notes alone: what somebody keeps for themselves is no news."""
    if classroom is not None:
        event_append(
            kind=kind,
            subject_id=note.public_id,
            school_id=classroom.school.public_id,
            actor_id=actor.public_id,
            now=now,
            is_tombstone=is_tombstone,
        )
