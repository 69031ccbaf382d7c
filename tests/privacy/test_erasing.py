"""After an erasure nothing anywhere names the person."""

import base64
import contextlib
import logging
import os
import pickle
import random
import signal
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.core.management import call_command
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    connection,
    connections,
    transaction,
)
from pytest_django import Settings

from apps.accounts.models import User
from apps.classrooms.models import Enrolment
from apps.core import services as core
from apps.core.errors import NotFound
from apps.core.models import Erasing, Event
from apps.core.services import event_append
from apps.debates.models import Argument, Draft, Participant, RubricScore
from apps.grades.models import CurrentGrade, GradeEvent
from apps.notes.models import Note
from apps.privacy import selectors, services
from apps.privacy.errors import CannotErase
from apps.privacy.models import ErasureRequest
from apps.privacy.services.listed import erased_ids
from tests.privacy.lives import LATER, Life, teach, two_lives

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _outside_the_database(settings: Settings, tmp_path: Path) -> None:
    settings.ERASED_LIST = tmp_path / "erased-people"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")


@pytest.fixture
def lives(db: None) -> tuple[Life, Life]:
    one, other = two_lives()
    teach(one, other)
    # B has answered A's first argument, so that its text stays.
    answered = Argument.objects.filter(author__user=one.user).order_by("pk")[0]
    Argument.objects.create(
        run=answered.run,
        parent=answered,
        author=Participant.objects.get(run=answered.run, user=other.user),
        relation="rebuttal",
        text="I disagree.",
        html="<p>I disagree.</p>",
        words=2,
        posted_at=LATER,
    )
    for word, column in one.words.items():
        if column == "debates.Argument.text" and word in answered.text:
            one.kept.add(word)
        if column == "debates.Argument.html" and word in answered.html:
            one.kept.add(word)
    rows = answered.evidence.all()
    for word, column in one.words.items():
        if column.startswith("debates.Evidence.") and any(
            word in f"{row.url} {row.section} {row.locator} {row.quotation}" for row in rows
        ):
            one.kept.add(word)
    return one, other


def everything() -> Iterator[tuple[str, str]]:
    """Every value of every column of every table, as (table.column, text), encodings undone."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [each[0] for each in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    yield f"{table}.{column}", _text(table, column, value)
    for session in Session.objects.all():
        yield "django_session.session_data", str(session.get_decoded())


def _text(table: str, column: str, value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    if (table, column) == ("core_cache", "value"):
        return str(pickle.loads(base64.b64decode(value)))
    return str(value)


def places_of(needles: list[str]) -> set[str]:
    folded = [needle.casefold() for needle in needles]
    return {
        place for place, text in everything() if any(needle in text.casefold() for needle in folded)
    }


def step(moment: datetime, user: User) -> None:
    row = ErasureRequest.objects.get(user=user)
    assert services.erasure_advance(request_id=row.pk, now=moment), moment


def erase(user: User) -> None:
    """As the worker does it, look after look."""
    services.erasure_request(user=user, now=LATER)
    due = LATER + timedelta(days=settings.ERASURE_DAYS)
    for minutes in (0, 1, 7, 8):
        step(due + timedelta(minutes=minutes), user)
    assert not ErasureRequest.objects.exists()


def test_the_scan_finds_what_is_there(lives: tuple[Life, Life]) -> None:
    """Or the tests below could not fail."""
    one, _other = lives
    places = places_of(one.identity)
    assert {
        "accounts_user.email",
        "account_emailaddress.email",
        "classrooms_enrolment.sis_id",
        "classrooms_invitation.display_name",
        "content_historicalplace.history_change_reason",
        "debates_moderationaction.reason",
        "django_admin_log.object_repr",
        "django_session.session_data",
        "grades_gradeevent.reason",
        "mfa_authenticator.data",
        "usersessions_usersession.ip",
    } - places == set()
    assert set(selectors.traces(one.identity[:3])) >= {
        "accounts_user.email",
        "mfa_authenticator.data",
        "notes_note.body",
    }


@pytest.mark.django_db(transaction=True)
def test_nothing_names_the_person_and_their_words_are_gone(
    lives: tuple[Life, Life], caplog: pytest.LogCaptureFixture
) -> None:
    one, other = lives
    old_id = str(one.user.public_id)
    before = words_left(other)
    with caplog.at_level(logging.DEBUG):
        erase(one.user)
    places = places_of(one.identity)
    assert places == set()
    assert selectors.traces(one.identity) == []
    assert [name for name in one.identity if name in caplog.text] == []
    # Words that were said to others stay, and what others have answered.
    stayed = words_left(one)
    assert {one.words[word] for word in stayed - one.kept} == set()
    assert {one.words[word] for word in one.kept - stayed} == set()
    # The public id leads to nobody: a tombstone says that there was somebody.
    assert places_of([old_id, old_id.replace("-", "")]) == {"core_event.subject_id"}
    assert list(
        Event.objects.filter(subject_id=old_id).values_list("kind", "is_tombstone", "actor_id")
    ) == [("person.erased", True, None)]
    # Nobody else has lost a word, but for what they had said of the person.
    lost = before - words_left(other)
    assert {other.words[word] for word in lost} == {"debates.PeerReview.comment"}
    if connection.vendor == "sqlite":
        assert in_files(one, stayed) == {}


def words_left(life: Life) -> set[str]:
    text = "\n".join(text for _place, text in everything())
    return {word for word in life.words if word in text}


def in_files(life: Life, stayed: set[str]) -> dict[str, list[str]]:
    """What of the person stands in the bytes of the database's files, deleted or not."""
    name = str(connection.settings_dict["NAME"])
    needles = [*life.identity, *(word for word in life.words if word not in stayed)]
    found = {}
    for path in (Path(name), Path(f"{name}-wal")):
        content = path.read_bytes() if path.exists() else b""
        hits = [needle for needle in needles if needle.encode() in content]
        if hits:
            found[path.suffix] = hits
    return found


def test_marks_stay_or_go_as_each_class_said(lives: tuple[Life, Life]) -> None:
    one, other = lives
    world, user = one.world, one.user
    levels = list(RubricScore.objects.filter(participant__user=user).values_list("level"))
    erase_rows(user)
    kept, dropped = world.items
    (event,) = GradeEvent.objects.filter(student=user, item=kept)
    assert (str(event.points), event.reason) == ("7.00", "")
    assert CurrentGrade.objects.get(student=user, item=kept).points == 7
    assert not GradeEvent.objects.filter(student=user, item__classroom=world.dropping).exists()
    assert not CurrentGrade.objects.filter(student=user, item=dropped).exists()
    assert list(RubricScore.objects.filter(participant__user=user).values_list("level")) == levels
    assert list(Enrolment.objects.filter(user=user).values_list("classroom", "sis_id")) == [
        (world.keeping.pk, "")
    ]
    assert CurrentGrade.objects.filter(student=other.user, item=dropped).exists()
    user.refresh_from_db()
    assert (user.is_erased, user.is_active, user.display_name) == (
        True,
        False,
        "Former participant",
    )


def test_what_was_answered_stays_without_a_name_and_the_rest_leaves_markers(
    lives: tuple[Life, Life],
) -> None:
    one, other = lives
    answered, alone = Argument.objects.filter(author__user=one.user, parent=None).order_by("pk")
    text = answered.text
    erase_rows(one.user)
    for row in (answered, alone):
        row.refresh_from_db()
    assert (answered.state, answered.text) == (
        "visible",
        text.replace(one.name, "[…]").replace(one.email, "[…]"),
    )
    assert (alone.state, alone.text, alone.html) == ("withdrawn", "", "")
    # A's rating and mark of B's argument are gone from its tallies.
    rated = Argument.objects.filter(author__user=other.user, parent=None).order_by("pk")[0]
    assert (rated.rating_count, rated.rating_sum, rated.moved_count) == (0, 0, 0)


def test_a_text_is_redacted_by_its_author_first(lives: tuple[Life, Life]) -> None:
    one, other = lives
    (kept,) = selectors.texts_kept(one.user)
    services.text_redact(user=one.user, public_id=kept.public_id, text="Said better.", now=LATER)
    answered = Argument.objects.get(public_id=kept.public_id)
    assert (answered.text, answered.html) == ("Said better.", "<p>Said better.</p>\n")
    assert not answered.edits.exists()
    services.text_redact(user=one.user, public_id=kept.public_id, text=" ", now=LATER)
    answered.refresh_from_db()
    assert (answered.state, answered.text, answered.html) == ("withdrawn", "", "")
    assert selectors.texts_kept(one.user) == []
    with pytest.raises(NotFound):
        services.text_redact(user=other.user, public_id=kept.public_id, text="", now=LATER)


def erase_rows(user: User) -> None:
    """All but the last step, which makes SQLite write its file anew, outside any transaction."""
    services.erasure_request(user=user, now=LATER)
    due = LATER + timedelta(days=settings.ERASURE_DAYS)
    for minutes in (0, 1, 7):
        step(due + timedelta(minutes=minutes), user)


def test_every_step_waits_for_its_time_and_happens_once(lives: tuple[Life, Life]) -> None:
    user = lives[0].user
    row = services.erasure_request(user=user, now=LATER)
    assert services.erasure_request(user=user, now=LATER + DAY).due_at == row.due_at
    due = row.due_at
    looks = (due - DAY, due, due, due + timedelta(minutes=1), due + timedelta(minutes=2))
    told = [services.erasure_advance(request_id=row.pk, now=moment) for moment in looks]
    assert told == [False, True, False, True, False]
    # Once more from the beginning, as if the worker had been killed before it noted that.
    ErasureRequest.objects.filter(pk=row.pk).update(erased_at=None)
    before = everything_of_grades()
    assert services.erasure_advance(request_id=row.pk, now=due + timedelta(minutes=3))
    assert everything_of_grades() == before
    assert erased_ids() == {row.subject_id}


def everything_of_grades() -> list[object]:
    return [
        *GradeEvent.objects.order_by("pk").values_list("pk", "student", "points", "reason"),
        *CurrentGrade.objects.order_by("pk").values_list("pk", "student", "points"),
    ]


def test_a_changed_mind_leaves_everything_until_the_account_is_closed(
    lives: tuple[Life, Life],
) -> None:
    user = lives[0].user
    row = services.erasure_request(user=user, now=LATER)
    assert services.erasure_cancel(user=user, now=LATER + DAY)
    services.erasures_do_due(now=row.due_at)
    assert User.objects.get(pk=user.pk).is_active
    row = services.erasure_request(user=user, now=LATER)
    services.erasures_do_due(now=row.due_at)
    assert not services.erasure_cancel(user=user, now=row.due_at)
    assert not User.objects.get(pk=user.pk).is_active


def test_whoever_teaches_alone_hands_over_first(lives: tuple[Life, Life]) -> None:
    one, _other = lives
    with pytest.raises(CannotErase) as refusal:
        services.erasure_request(user=one.world.teacher, now=LATER)
    assert refusal.value.titles == ["Dropping", "Elsewhere", "Elsewhere", "Keeping"]
    # Somebody who was asked for in time and teaches alone by then is put off, not half erased.
    row = services.erasure_request(user=one.user, now=LATER)
    Enrolment.objects.filter(user=one.user, classroom=one.world.keeping).update(role="instructor")
    Enrolment.objects.filter(user=one.world.teacher).update(role="student")
    services.erasures_do_due(now=row.due_at)
    row.refresh_from_db()
    assert (row.closed_at, row.due_at > LATER + 7 * DAY) == (None, True)


def test_the_ledgers_let_go_of_words_for_the_erased_alone(lives: tuple[Life, Life]) -> None:
    one, other = lives
    rows = GradeEvent.objects.filter(student=other.user)
    for attempt in (
        lambda: rows.update(reason=""),
        rows.delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
        with (
            pytest.raises(IntegrityError),
            core.erasing(person_id=one.world.teacher.pk),
        ):
            attempt()
    with pytest.raises(IntegrityError), core.erasing(person_id=other.user.pk):
        rows.update(points=0)
    assert not Erasing.objects.exists()


def test_letters_that_speak_of_the_person_go_and_others_stay(
    lives: tuple[Life, Life], settings: Settings
) -> None:
    one, other = lives
    folder = Path(settings.EMAIL_FILE_PATH)
    letters = [
        EmailMessage("To the person", "Hello.", "s@x.example", [one.email]),
        EmailMessage("Ihre Klasse – größer", f"{one.name} – größer.", "s@x.example", [other.email]),
        EmailMessage("Of another", "Hello.", "s@x.example", [other.email]),
    ]
    EmailBackend(file_path=str(folder)).send_messages(letters)
    EmailBackend(file_path=str(folder)).send_messages(letters[:1])
    erase_rows(one.user)
    left = "".join(path.read_text() for path in folder.iterdir())
    assert [str(letter.subject) in left for letter in letters] == [False, False, True]
    assert len(list(folder.iterdir())) == 1
    assert one.email not in left


def test_the_letter_tells_when_and_where_to_take_it_back(
    lives: tuple[Life, Life], mailoutbox: list[EmailMessage]
) -> None:
    services.erasure_request(user=lives[0].user, now=LATER)
    for _look in range(2):
        services.erasures_do_due(now=LATER)
    (letter,) = mailoutbox
    assert letter.to == [lives[0].email]
    assert "http://testserver/privacy/erase/" in str(letter.body)
    assert "8 April 2026" in str(letter.body)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_a_request_saves_meanwhile_goes_as_well(lives: tuple[Life, Life]) -> None:
    """Requests that had begun write on while the account is closed and its rows are erased."""
    one, _other = lives
    user = User.objects.get(pk=one.user.pk)
    person = Participant.objects.get(run=one.world.run, user=user)
    is_over = threading.Event()
    written: list[str] = []

    def write() -> None:
        while not is_over.is_set():
            word = f"late{len(written):04d}word by {one.name}"
            with contextlib.suppress(DatabaseError):
                Draft.objects.update_or_create(
                    participant=person,
                    parent=None,
                    defaults={"relation": "opening", "text": word, "saved_at": LATER},
                )
                Note.objects.create(
                    author=user, lesson_title="", section="s", heading="", kind="note", body=word
                )
                event_append(
                    kind="note.saved",
                    subject_id=uuid4(),
                    school_id=None,
                    actor_id=one.user.public_id,
                    now=LATER,
                )
                written.append(word[:12])
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    due = services.erasure_request(user=user, now=LATER).due_at
    try:
        for minutes in (0, 1):
            count = len(written)
            step_retried(due + timedelta(minutes=minutes), user)
            while len(written) < count + 5:
                time.sleep(0.01)
    finally:
        is_over.set()
        thread.join()
    assert places_of(one.identity) > set()  # so the last step has something to do
    for minutes in (7, 8):
        step(due + timedelta(minutes=minutes), user)
    assert places_of([*one.identity, *written, str(one.user.public_id)]) == {
        "core_event.subject_id"
    }


def step_retried(moment: datetime, user: User) -> None:
    """As the worker does: a step that a deadlock ended is done at the next look."""
    while True:
        with contextlib.suppress(OperationalError):
            step(moment, user)
            return


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_no_step_half_done_and_an_older_backup_is_erased_again(
    lives: tuple[Life, Life], tmp_path: Path, settings: Settings
) -> None:
    one, other = lives
    user = User.objects.get(pk=one.user.pk)
    backup = tmp_path / "before.majlis"
    core.backup_create(path=backup, now=LATER)
    due = services.erasure_request(user=user, now=LATER).due_at
    chance = random.Random(1 if os.environ.get("CI") else None)
    for _round in range(8):
        connections.close_all()  # a connection must not be shared by two processes
        child = os.fork()
        if not child:
            with contextlib.suppress(BaseException):
                for minutes in (0, 1, 7, 8):
                    services.erasures_do_due(now=due + timedelta(minutes=minutes))
            os._exit(0)
        time.sleep(chance.uniform(0.02, 0.35))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert not Erasing.objects.exists()
        half = ErasureRequest.objects.filter(user=user, erased_at=None).exists()
        # Either nothing has happened to the rows, or all of it.
        assert GradeEvent.objects.filter(student=user).exclude(reason="").exists() is half
        assert User.objects.get(pk=user.pk).is_erased is not half
    for minutes in (20, 21, 40, 60):
        services.erasures_do_due(now=due + timedelta(minutes=minutes))
    assert not ErasureRequest.objects.exists()
    assert places_of(one.identity) == set()

    call_command("restore", str(backup), "--replace", verbosity=0, stdout=StringIO())
    assert places_of(one.identity) == set()
    assert User.objects.get(pk=user.pk).is_erased
    assert User.objects.get(pk=other.user.pk).email == other.email
