from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.classrooms import policies, selectors
from apps.classrooms.errors import RosterRefused
from apps.classrooms.models import Classroom, Enrolment, Invitation
from apps.classrooms.selectors import Action, RosterPlan
from apps.classrooms.services.locks import classroom_lock
from apps.core import services as core


@transaction.atomic
def enrolments_import(*, classroom: Classroom, text: str, actor: User, now: datetime) -> RosterPlan:
    """Take a whole class list: a place for each new address, the school's id for who is there.

    text: as it was sent; whatever a preview said is worked out again under the lock.
    Raises: ClassroomArchived; RosterRefused where a single line is wrong, and then nothing of it
    is done.  Locks: Classroom.  Queries: 12 at most, however many people.
    """
    classroom = classroom_lock(classroom)
    policies.check_is_running(classroom)
    plan = selectors.roster_plan(classroom, text)
    if plan.problems:
        raise RosterRefused(plan.problems)
    _invitations_change(plan, now)
    changed = _ids_change(plan, now)
    created = _invitations_create(plan, classroom, actor, now)
    for kind, rows in (("enrolment.changed", changed), ("invitation.created", created)):
        if rows:
            core.events_append(
                kind=kind,
                subject_ids=[row.public_id for row in rows],
                school_id=classroom.school.public_id,
                actor_id=actor.public_id,
                now=now,
            )
    return plan


def _invitations_create(
    plan: RosterPlan, classroom: Classroom, actor: User, now: datetime
) -> list[Invitation]:
    return Invitation.objects.bulk_create(
        Invitation(
            classroom=classroom,
            email=step.row.email,
            display_name=step.row.name,
            role=step.role,
            sis_id=step.row.sis_id,
            invited_by=actor,
            letter_due_at=now,
        )
        for step in plan.steps
        if step.action is Action.INVITE
    )


def _invitations_change(plan: RosterPlan, now: datetime) -> None:
    rows = []
    for step in plan.steps:
        if step.action is Action.CHANGE_INVITATION and step.invitation:
            row = step.invitation
            row.display_name, row.role, row.sis_id = step.name, step.role, step.sis_id
            row.updated_at = now
            rows.append(row)
    if rows:
        # Two people may exchange their ids, and a constraint looks at each row as it is written.
        Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(sis_id="")
        Invitation.objects.bulk_update(rows, ["display_name", "role", "sis_id", "updated_at"])


def _ids_change(plan: RosterPlan, now: datetime) -> list[Enrolment]:
    rows = []
    for step in plan.steps:
        if step.action is Action.CHANGE_ID and step.enrolment:
            step.enrolment.sis_id, step.enrolment.updated_at = step.sis_id, now
            rows.append(step.enrolment)
    if rows:
        Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(sis_id="")
        Enrolment.objects.bulk_update(rows, ["sis_id", "updated_at"])
    return rows
