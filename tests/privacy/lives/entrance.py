"""What somebody leaves by having an account: ways in, classes, programs, letters, wishes."""

from __future__ import annotations

import json
from decimal import Decimal
from hashlib import sha256
from uuid import uuid4

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache

from apps.accounts.models import SchoolInstructor
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
from apps.classrooms.models import Accommodation, Enrolment, Invitation
from apps.core.services import event_append
from apps.integrations.models import Delivery, WebhookEndpoint
from apps.notifications.models import Letter, Notification, Preference, Rhythm
from apps.privacy.models import ExportChunk, ExportRequest
from tests.classrooms.factories import classroom_create
from tests.factories import NOW
from tests.privacy.lives.people import LATER, Life


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
