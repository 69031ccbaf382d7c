"""Two people who have left something in every table that holds personal data.

Each word that a person leaves is a canary of its own: `words` says in which column it is. Where
there is room their name and address stand beside it. A model that is declared personal and left
out here fails test_lives_fill_every_table.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import Model

from apps.accounts.models import School, SchoolInstructor, User
from apps.api.models import (
    AccessToken,
    ApiClient,
    AuthorizationCode,
    Consent,
    IdempotentRequest,
    Job,
    JobPart,
    PersonalToken,
    RefreshToken,
    RequestWindow,
)
from apps.classrooms import services as classrooms
from apps.classrooms.models import Accommodation, Classroom, Enrolment, Invitation
from apps.content.models import Lesson, LessonEdition, SourceParagraph
from apps.core.services import event_append
from apps.debates.enums import GRADE_SOURCE
from apps.debates.models import (
    Argument,
    ArgumentEdit,
    DebateRun,
    Draft,
    Evidence,
    ModerationAction,
    Moved,
    Participant,
    PeerReview,
    Rating,
    Reflection,
    Report,
    RubricScore,
    Stance,
)
from apps.grades.models import CurrentGrade, GradeEvent, GradeItem
from apps.integrations.models import Delivery, WebhookEndpoint
from apps.learning.models import CalendarFeed, LessonProgress
from apps.notes.models import Note
from apps.notifications.models import Letter, Notification, Preference, Rhythm
from apps.privacy.models import ExportChunk, ExportRequest
from apps.quizzes.models import Assignment, Attempt, Contest, Correction, QuestionVersion, Response
from apps.review.models import ReviewCard, ReviewLog, ReviewRefusal, ReviewSettings
from tests.classrooms.factories import classroom_create
from tests.content.factories import lesson_publish
from tests.debates.factories import run_create
from tests.factories import NOW, instructor_create, person_create, school_create
from tests.grades.factories import score, source_create
from tests.quizzes.factories import assignment_create, question_create, quiz_create

LATER = NOW + timedelta(days=30)  # every phase is over, everything is released


@dataclass(frozen=True)
class World:
    """What both people share: a class that keeps marks of the erased, and one that does not."""

    school: School
    teacher: User
    keeping: Classroom
    dropping: Classroom
    lesson: Lesson
    assignment: Assignment
    run: DebateRun
    items: tuple[GradeItem, GradeItem]

    @classmethod
    def create(cls) -> World:
        school = school_create(name="Quaid", slug="quaid")
        teacher = instructor_create(school, email="teacher@quaid.example", name="Tahira Baig")
        keeping = classroom_create(school, teacher, slug="keeping", title="Keeping")
        dropping = classroom_create(
            school, teacher, course=keeping.course, title="Dropping", keeps_marks=False
        )
        lesson = lesson_publish(keeping.course)
        quiz = quiz_create(keeping.course, question_create(keeping.course, "essay"))
        assignment = assignment_create(keeping, teacher, quiz)
        GradeItem.objects.filter(pk__in=[assignment.grade_item_id]).update(released_at=NOW)
        run = run_create(keeping, teacher)
        GradeItem.objects.create(
            classroom=keeping,
            kind="source",
            title=run.motion,
            max_points=16,
            source_kind=GRADE_SOURCE,
            source_id=run.public_id,
            released_at=NOW,
        )
        items = (source_create(keeping), source_create(dropping))
        return cls(school, teacher, keeping, dropping, lesson, assignment, run, items)


@dataclass
class Life:
    """A person; `words` maps canaries to the columns that they were written to.

    shown: those that the person's copy holds; kept: those that may stay when they are erased.
    """

    who: str
    world: World
    user: User
    words: dict[str, str] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return f"Canaria{self.who} Namedottir"

    @property
    def email(self) -> str:
        return f"canary-{self.who.lower()}@mail.example"

    @property
    def sis_id(self) -> str:
        return f"sisnumber-{self.who.lower()}-4711"

    @property
    def identity(self) -> list[str]:
        """What names the person, as it may stand anywhere."""
        return [self.name, self.email, self.sis_id, f"203.0.113.{10 + ord(self.who)}"]

    def word(
        self, column: str, *, bare: bool = False, shown: bool = True, kept: bool = False
    ) -> str:
        """A canary for "app.Model.column"; with the person's name and address, unless bare."""
        canary = f"zq{self.who}{len(self.words):03d}qz"
        self.words[canary] = column
        if shown:
            self.shown.add(canary)
        if kept:
            self.kept.add(canary)
        return canary if bare else f"{canary} by {self.name}, {self.email}."

    def add(self, row: Model) -> Any:
        self.labels.add(row._meta.label)
        return row


def saying(life: Life, prefix: str, **always: bool) -> Callable[..., str]:
    def say(column: str, **how: bool) -> str:
        return life.word(f"{prefix}{column}", **{**always, **how})

    return say


def life_create(world: World, who: str) -> Life:
    life = Life(who, world, User())
    life.user = person_create(email=life.email, name=life.name)
    for fill in (
        account,
        entry,
        classes,
        reading,
        answers,
        marks,
        debate,
        notices,
        authorship,
        traffic,
        programs,
        wishes,
    ):
        fill(life)
    life.user.refresh_from_db()
    return life


def account(life: Life) -> None:
    user = life.add(life.user)
    user.groups.add(Group.objects.create(name=f"Group of {life.who}"))
    user.user_permissions.add(Permission.objects.all()[0])
    life.labels |= {"accounts.User_groups", "accounts.User_user_permissions"}
    life.add(SchoolInstructor.objects.create(school=life.world.school, user=user))
    address = life.add(EmailAddress.objects.get(user=user))
    pending = f"new-{life.email}"
    EmailAddress.objects.create(user=user, email=pending, verified=False)
    life.words[pending] = "account.EmailAddress.email"
    life.shown.add(pending)
    life.add(
        EmailConfirmation.objects.create(
            email_address=address, key=life.word("key", bare=True, shown=False), created=NOW
        )
    )


def entry(life: Life) -> None:
    session = SessionStore()
    session["_auth_user_id"] = str(life.user.pk)
    session["account_authentication_methods"] = [{"method": "password", "email": life.email}]
    session.create()
    half_way = SessionStore()
    half_way["account_verified_email"] = life.email  # has not logged in
    half_way.create()
    life.add(Session.objects.get(session_key=session.session_key))
    life.add(
        UserSession.objects.create(
            user=life.user,
            ip=life.identity[3],
            user_agent=life.word("usersessions.UserSession.user_agent"),
            session_key=session.session_key,
            data={"seen": life.word("usersessions.UserSession.data")},
        )
    )
    life.add(
        Authenticator.objects.create(
            user=life.user,
            type=Authenticator.Type.WEBAUTHN,
            data={
                "name": life.word("mfa.Authenticator.data"),
                "secret": life.word("mfa.Authenticator.data", bare=True, shown=False),
            },
        )
    )


def classes(life: Life) -> None:
    world = life.world
    for classroom in (world.keeping, world.dropping):
        place = classrooms.enrolment_add(
            classroom=classroom, user=life.user, actor=world.teacher, now=NOW
        )
        Enrolment.objects.filter(pk=place.pk).update(sis_id=life.sis_id)
        life.add(place)
    life.add(
        Accommodation.objects.create(
            enrolment=place,
            time_ratio=Decimal(2),
            note=life.word("classrooms.Accommodation.note"),
            granted_by=world.teacher,
        )
    )
    elsewhere = classroom_create(
        world.school, world.teacher, course=world.keeping.course, title="Elsewhere"
    )
    life.add(
        Invitation.objects.create(
            classroom=elsewhere,
            email=life.email,
            display_name=life.name,
            sis_id=life.sis_id,
            invited_by=world.teacher,
        )
    )


def reading(life: Life) -> None:
    user, lesson = life.user, life.world.lesson
    life.add(
        LessonProgress.objects.create(
            reader=user,
            lesson=lesson,
            seen={life.word("learning.LessonProgress.seen", bare=True): 1},
            resume_anchor=life.word("learning.LessonProgress.resume_anchor", bare=True),
            first_opened_at=NOW,
            updated_at=NOW,
        )
    )
    life.add(
        CalendarFeed.objects.create(
            reader=user,
            token_hash=life.word("learning.CalendarFeed.token_hash", bare=True, shown=False),
            created_at=NOW,
        )
    )
    say = saying(life, "notes.Note.")
    life.add(
        Note.objects.create(
            author=user,
            lesson=lesson,
            edition=lesson.published_edition,
            lesson_title=say("lesson_title"),
            section=say("section", bare=True),
            heading=say("heading"),
            sources=[say("sources", bare=True)],
            kind="note",
            visibility="class",
            classroom=life.world.keeping,
            exact=say("exact"),
            prefix=say("prefix", bare=True),
            suffix=say("suffix", bare=True),
            body=say("body"),
            html=say("html", shown=False),
            folded=say("folded"),
            hidden_at=NOW,
            hidden_reason=say("hidden_reason"),
            hidden_by=life.world.teacher,
        )
    )
    card = life.add(
        ReviewCard.objects.create(
            owner=user,
            origin_kind="own",
            front=life.word("review.ReviewCard.front"),
            back=life.word("review.ReviewCard.back"),
            front_html=life.word("review.ReviewCard.front_html", shown=False),
            back_html=life.word("review.ReviewCard.back_html", shown=False),
            tags=[life.word("review.ReviewCard.tags")],
            due_at=NOW,
        )
    )
    life.add(
        ReviewLog.objects.create(
            owner=user,
            card=card,
            rating=3,
            reviewed_at=NOW,
            before={"note": life.word("review.ReviewLog.before")},
            version_after=2,
            client_id=uuid4(),
        )
    )
    life.add(ReviewSettings.objects.create(owner=user))
    life.add(
        ReviewRefusal.objects.create(
            owner=user, origin_kind="term", origin_id=uuid4(), refused_at=NOW
        )
    )


def answers(life: Life) -> None:
    given = life.world.assignment
    version = QuestionVersion.objects.filter(question__quiz_items__quiz=given.quiz)[0]
    attempt = life.add(
        Attempt.objects.create(
            student=life.user,
            quiz=given.quiz,
            assignment=given,
            number=1,
            state="graded",
            started_at=NOW,
            submitted_at=NOW,
            points=1,
            max_points=1,
        )
    )
    response = life.add(
        Response.objects.create(
            attempt=attempt,
            position=1,
            question=version.question,
            version=version,
            seed="seed",
            max_points=1,
            answer={"text": life.word("quizzes.Response.answer")},
            saved_at=NOW,
            ratio=1,
            points=1,
            comment=life.word("quizzes.Response.comment"),
            marked_by=life.world.teacher,
            marked_at=NOW,
        )
    )
    life.add(
        Contest.objects.create(
            response=response,
            text=life.word("quizzes.Contest.text"),
            paragraph=SourceParagraph.objects.filter(article__course=given.quiz.course)[0],
            locator=life.word("quizzes.Contest.locator"),
            state="declined",
            decision=life.word("quizzes.Contest.decision"),
            decided_by=life.world.teacher,
            decided_at=NOW,
        )
    )


def marks(life: Life) -> None:
    for item in life.world.items:
        life.add(score(item, life.user, "7", reason=life.word("grades.GradeEvent.reason")))
    life.add(CurrentGrade.objects.filter(student=life.user)[0])


def debate(life: Life) -> None:
    run, teacher = life.world.run, life.world.teacher
    number = Participant.objects.filter(run=run).count() + 1
    me = life.add(Participant.objects.create(run=run, user=life.user, number=number, joined_at=NOW))
    say = saying(life, "debates.")
    life.add(
        Stance.objects.create(
            participant=me, moment="opening", value=2, confidence=3, recorded_at=NOW
        )
    )
    mine = life.add(
        Argument.objects.create(
            run=run,
            author=me,
            relation="opening",
            text=say("Argument.text"),
            html=say("Argument.html", shown=False),
            words=5,
            posted_at=NOW,
        )
    )
    life.add(
        ArgumentEdit.objects.create(
            argument=mine, revision=1, text=say("ArgumentEdit.text"), replaced_at=NOW
        )
    )
    for kind, where in (
        ("link", {"url": f"https://x.example/{say('Evidence.url', bare=True)}"}),
        ("section", {"section": say("Evidence.section", bare=True)}),
    ):
        life.add(
            Evidence.objects.create(
                argument=mine,
                kind=kind,
                locator=say("Evidence.locator", bare=True),
                quotation=say("Evidence.quotation"),
                **where,
            )
        )
    life.add(
        Draft.objects.create(
            participant=me, relation="opening", text=say("Draft.text"), saved_at=NOW
        )
    )
    life.add(
        Reflection.objects.create(
            participant=me,
            text=say("Reflection.text"),
            html=say("Reflection.html", shown=False),
            written_at=NOW,
        )
    )
    life.add(
        ModerationAction.objects.create(
            run=run,
            argument=mine,
            kind="warn",
            reason=say("ModerationAction.reason"),
            actor=teacher,
            happened_at=NOW,
        )
    )
    life.add(
        RubricScore.objects.create(
            participant=me,
            criterion="claim",
            level=3,
            comment=say("RubricScore.comment"),
            marker=teacher,
            marked_at=NOW,
        )
    )


def meet(one: Life, other: Life) -> None:
    """What the two do to each other's arguments; all of it is `one`'s, and a review of them."""
    run = one.world.run
    me, them = (Participant.objects.get(run=run, user=each.user) for each in (one, other))
    theirs = Argument.objects.get(author=them, parent=None)
    one.add(Rating.objects.create(argument=theirs, participant=me, strength=4))
    one.add(Moved.objects.create(argument=theirs, participant=me, marked_at=NOW))
    Argument.objects.filter(pk=theirs.pk).update(rating_count=1, rating_sum=4, moved_count=1)
    for decided_at in (NOW, None):
        argument = theirs if decided_at else _argument(them, other)
        one.add(
            Report.objects.create(
                argument=argument,
                participant=me,
                reason=one.word("debates.Report.reason"),
                reported_at=NOW,
                decided_at=decided_at,
            )
        )
    one.add(
        PeerReview.objects.create(
            reviewer=me,
            reviewed=them,
            levels={"claim": 3},
            comment=one.word("debates.PeerReview.comment"),
            dealt_at=NOW,
            written_at=NOW,
        )
    )


def _argument(author: Participant, life: Life) -> Argument:
    return Argument.objects.create(
        run=author.run,
        author=author,
        relation="opening",
        text=life.word("debates.Argument.text"),
        html="",
        words=3,
        posted_at=NOW,
    )


def notices(life: Life) -> None:
    user = life.user
    letter = life.add(Letter.objects.create(recipient=user, slot_at=NOW, made_at=NOW, due_at=NOW))
    life.add(
        Notification.objects.create(
            recipient=user,
            kind="grade",
            cause="event 1",
            subject_kind="grade",
            subject_id=uuid4(),
            path=f"/{life.word('notifications.Notification.path', bare=True)}/",
            happened_at=NOW,
            letter=letter,
        )
    )
    life.add(Preference.objects.create(user=user, kind="grade"))
    life.add(Rhythm.objects.create(user=user))


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


def traffic(life: Life) -> None:
    """What passes: events, messages, requests, counts of tries."""
    user, school = life.user, life.world.school
    life.add(
        event_append(
            kind="argument.posted",
            subject_id=uuid4(),
            school_id=school.public_id,
            actor_id=user.public_id,
            now=NOW,
        )
    )
    endpoint, _is_new = WebhookEndpoint.objects.get_or_create(
        school=school, url="https://lms.example/hook", defaults={"enabled_at": NOW, "secret": "s"}
    )
    for place, state in enumerate(("pending", "delivered")):
        data = {"id": str(uuid4()), "actor_id": str(user.public_id), "is_deleted": False}
        life.add(
            Delivery.objects.create(
                endpoint=endpoint,
                event_id=1000 * ord(life.who) + place,
                kind="argument.posted",
                body=json.dumps({"type": "argument.posted", "data": data}),
                state=state,
                due_at=NOW,
                give_up_at=NOW,
                created_at=NOW,
            )
        )
    life.add(RequestWindow.objects.create(caller=f"user:{user.public_id}", minute=1, requests=1))
    life.add(
        IdempotentRequest.objects.create(
            caller=f"client:{uuid4()}",
            key="k",
            fingerprint="f",
            body=json.dumps({"email": life.email, "name": life.name}),
            expires_at=LATER,
        )
    )
    # A program that acted for them: what it was answered names nobody inside.
    through = f"client:{uuid4()},user:{user.public_id}"
    life.add(RequestWindow.objects.create(caller=through, minute=1, requests=1))
    life.add(
        IdempotentRequest.objects.create(
            caller=through, key="k", fingerprint="f", body="{}", expires_at=LATER
        )
    )
    checksum = sha256(f"testserver:{life.email}".encode()).hexdigest()
    cache.set(f"allauth:rl:allauth.account:login_failed:5/300/key:{checksum}", [1.0], 900)
    cache.set(f"allauth:rl:allauth.account:debate_write:40/3600/user:user:{user.pk}", [1.0], 900)


def programs(life: Life) -> None:
    """What acts for the person, and long work of theirs and of their school's."""
    user, school = life.user, life.world.school
    client = ApiClient.objects.create(school=school, name="A reader")
    until = {"expires_at": LATER}
    consent = life.add(Consent.objects.create(client=client, user=user, given_at=NOW))
    for model, more in (
        (AuthorizationCode, {"code_hash": life.word("hash", bare=True, shown=False)}),
        (
            AccessToken,
            {"token_hash": life.word("hash", bare=True, shown=False), "client": client},
        ),
        (RefreshToken, {"token_hash": life.word("hash", bare=True, shown=False)}),
    ):
        life.add(model._base_manager.create(consent=consent, **more, **until))
    life.add(
        PersonalToken.objects.create(
            user=user,
            name=life.word("api.PersonalToken.name"),
            token_hash=life.word("hash", bare=True, shown=False),
            **until,
        )
    )
    life.add(
        Job.objects.create(
            caller=f"user:{user.public_id}",
            user=user,
            school=school,
            kind="roster",
            wish={"say": life.word("api.Job.wish")},
            result={"say": life.word("api.Job.result")},
            created_at=NOW,
            due_at=NOW,
        )
    )
    file = Job.objects.create(
        caller=f"client:{uuid4()}",
        kind="results",
        school=school,
        result={"rows": 1},
        created_at=NOW,
        due_at=NOW,
    )
    text = f"{user.public_id},{life.name},{life.word('api.JobPart.text', shown=False)}"
    life.add(JobPart.objects.create(job=file, number=0, text=text))
    Job.objects.create(  # of the school's client
        caller=f"client:{uuid4()}",
        kind="roster",
        school=school,
        result={"rows": [{"email": life.email, "name": life.name}]},
        created_at=NOW,
        due_at=NOW,
    )


def wishes(life: Life) -> None:
    copy = life.add(
        ExportRequest.objects.create(user=life.user, requested_at=NOW, due_at=NOW, ready_at=NOW)
    )
    life.add(
        ExportChunk.objects.create(
            export=copy,
            number=0,
            content=life.word("privacy.ExportChunk.content", shown=False).encode(),
        )
    )
    life.labels |= {"privacy.ErasureRequest", "core.Erasing"}  # made by erasing


def two_lives() -> tuple[Life, Life]:
    """A and B in one world; each has done everything, to the other as well."""
    world = World.create()
    one, other = (life_create(world, who) for who in "AB")
    meet(one, other)
    meet(other, one)
    return one, other
