"""What somebody leaves by writing for others and by teaching them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from apps.accounts.models import User
from apps.classrooms.models import Accommodation
from apps.content.models import Lesson, LessonEdition
from apps.debates.models import (
    Argument,
    DebateRun,
    ModerationAction,
    RubricScore,
)
from apps.grades.models import GradeEvent
from apps.notes.models import Note
from apps.quizzes.models import Contest, Correction, QuestionVersion, Response
from tests.content.factories import lesson_publish
from tests.factories import NOW
from tests.privacy.lives.people import Life, saying


def authorship(life: Life) -> None:
    """What the person did as an author and as somebody who teaches others."""
    user, world = life.user, life.world
    say = saying(life, "", kept=True)
    quiz = world.assignment.quiz
    version = QuestionVersion.objects.filter(question__quiz_items__quiz=quiz)[0]
    life.add(
        QuestionVersion.objects.create(
            question=version.question,
            number=100 + ord(life.who),
            kind=version.kind,
            stem="Why?",
            spec=version.spec,
            html=version.html,
            checksum="",
            note=say("quizzes.QuestionVersion.note"),
            created_by=user,
            created_at=NOW,
        )
    )
    life.add(
        Correction.objects.create(
            question=version.question,
            kind="void",
            reason=say("quizzes.Correction.reason"),
            made_by=user,
            made_at=NOW,
            applied_at=NOW,
        )
    )
    lesson = lesson_publish(world.keeping.course, slug=f"by-{life.who.lower()}")
    LessonEdition.objects.filter(lesson=lesson).update(
        note=say("content.LessonEdition.note"), published_by=user
    )
    Lesson.objects.filter(pk=lesson.pk).update(
        publish_note=say("content.Lesson.publish_note"), publish_by=user
    )
    life.add(LessonEdition.objects.get(lesson=lesson))
    life.add(Lesson.objects.get(pk=lesson.pk))
    for model in apps.get_models():
        if model.__name__.startswith("Historical"):
            history(life, model)
    life.add(
        LogEntry.objects.create(
            user=user,
            content_type=ContentType.objects.get_for_model(Lesson),
            object_id="1",
            object_repr=life.word("admin.LogEntry.object_repr"),
            action_flag=2,
            change_message=life.word("admin.LogEntry.change_message"),
        )
    )
    LogEntry.objects.create(  # somebody else's act on this person
        user=world.teacher,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=life.name,
        action_flag=2,
        change_message=f'[{{"changed": "{life.email}"}}]',
    )
    life.add(run_create_by(life))


def run_create_by(life: Life) -> DebateRun:
    run = DebateRun.objects.get(pk=life.world.run.pk)
    run.pk, run.public_id, run.opened_by = None, uuid4(), life.user
    run.save()
    return run


def history(life: Life, model: type[Model]) -> None:
    """A row of a history that names the person: a copy of one, or one with little in it."""
    manager = model._base_manager
    row: Any = manager.order_by("-history_id").first() or _bare(model)
    row.history_id = None
    row.history_user = life.user
    row.history_change_reason = life.word(f"{model._meta.label}.history_change_reason")
    if any(each.name == "publish_note" for each in model._meta.fields):
        row.publish_note = life.word(f"{model._meta.label}.publish_note", kept=True)
        row.publish_by_id = life.user.pk
    row.save(force_insert=True)
    life.add(row)


def _bare(model: type[Model]) -> Any:
    values: dict[str, Any] = {"history_date": NOW, "history_type": "~", "id": 1}
    for each in model._meta.fields:
        if each.name in {"created_at", "updated_at"}:
            values[each.name] = NOW
        if each.name in {"starts_on", "ends_on"}:
            values[each.name] = NOW.date()
        if each.name in {"latitude", "longitude"}:
            values[each.name] = Decimal(0)
    return model(**values)


def teach(one: Life, other: Life) -> None:
    """What `one` said of what `other` did, as somebody who teaches."""
    say = saying(one, "", shown=False, kept=True)
    Response.objects.filter(attempt__student=other.user).update(
        marked_by=one.user, comment=say("quizzes.Response.comment")
    )
    Contest.objects.filter(response__attempt__student=other.user).update(
        decided_by=one.user, decision=say("quizzes.Contest.decision")
    )
    Accommodation.objects.filter(enrolment__user=other.user).update(
        granted_by=one.user, note=say("classrooms.Accommodation.note")
    )
    Note.objects.filter(author=other.user).update(
        hidden_by=one.user, hidden_reason=say("notes.Note.hidden_reason")
    )
    RubricScore.objects.filter(participant__user=other.user).update(
        marker=one.user, comment=say("debates.RubricScore.comment")
    )
    theirs = Argument.objects.filter(author__user=other.user)[0]
    one.add(
        ModerationAction.objects.create(
            run=theirs.run,
            argument=theirs,
            kind="warn",
            reason=one.word("debates.ModerationAction.reason", kept=True),
            actor=one.user,
            happened_at=NOW,
        )
    )
    item = one.world.items[0]
    GradeEvent.objects.create(
        item=item,
        student=other.user,
        kind="score",
        points=7,
        max_points=10,
        reason=say("grades.GradeEvent.reason"),
        actor=one.user,
        happened_at=NOW,
    )
