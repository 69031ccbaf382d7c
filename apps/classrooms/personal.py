"""What classes give to a copy of everything about a person, and do when one is erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.enums import Role
from apps.classrooms.models import Accommodation, Classroom, Enrolment, Invitation
from apps.classrooms.selectors import addresses_of
from apps.classrooms.services.enrolments import place_drop
from apps.classrooms.services.events import tell
from apps.core.exports import ExportTable, rows_of
from apps.core.services import words_redact


def export_tables(user: User, _now: datetime) -> list[ExportTable]:
    return [
        ExportTable(
            "classes/classes",
            _("Your classes"),
            _("Every class that you are or were in, as what, and your school’s number for you."),
            ("classrooms.Enrolment",),
            rows_of(
                Enrolment.objects.filter(user=user).order_by("pk"),
                title="classroom__title",
                course="classroom__course__title",
                school="classroom__school__name",
                role="role",
                schools_number="sis_id",
                since="created_at",
                left_at="removed_at",
                keeps_marks_of_the_erased="classroom__keeps_marks",
            ),
        ),
        ExportTable(
            "classes/granted-to-you",
            _("What you were granted"),
            _("Extra time, attempts or other dates, with the reason that was written beside them."),
            ("classrooms.Accommodation",),
            rows_of(
                Accommodation.objects.filter(enrolment__user=user).order_by("pk"),
                title="enrolment__classroom__title",
                activity="activity_id",
                time_factor="time_ratio",
                extra_attempts="extra_attempts",
                opens_at="opens_at",
                due_at="due_at",
                closes_at="closes_at",
                reason="note",
            ),
        ),
        ExportTable(
            "classes/invitations",
            _("Invitations to you"),
            _("Places that are kept for your confirmed addresses."),
            ("classrooms.Invitation",),
            rows_of(
                Invitation.objects.filter(email__in=addresses_of(user)).order_by("pk"),
                title="classroom__title",
                email="email",
                name="display_name",
                role="role",
                schools_number="sis_id",
                since="created_at",
            ),
        ),
        ExportTable(
            "authorship/granted-by-you",
            _("What you granted and whom you invited"),
            _("In which class and when; to whom and why is theirs, and not in your copy."),
            ("classrooms.Accommodation", "classrooms.Invitation"),
            [
                *rows_of(
                    Accommodation.objects.filter(granted_by=user).order_by("pk"),
                    title="enrolment__classroom__title",
                    at="created_at",
                ),
                *rows_of(
                    Invitation.objects.filter(invited_by=user).order_by("pk"),
                    title="classroom__title",
                    at="created_at",
                ),
            ],
        ),
    ]


def sis_ids_of(user: User) -> list[str]:
    """Numbers by which schools know the person.  Queries: 1."""
    rows = Enrolment.objects.filter(user=user).exclude(sis_id="")
    return sorted(set(rows.values_list("sis_id", flat=True)))


def classes_taught_alone(user: User) -> list[Classroom]:
    """Running classes that would be left without an instructor, by title.  Queries: 2."""
    mine = Enrolment.objects.active().filter(user=user, role=Role.INSTRUCTOR)
    others = Enrolment.objects.active().filter(
        role=Role.INSTRUCTOR, user__is_active=True, classroom__in=mine.values("classroom")
    )
    shared = set(others.exclude(user=user).values_list("classroom_id", flat=True))
    running = Classroom.objects.filter(enrolments__in=mine, archived_at__isnull=True)
    return [each for each in running.order_by("title", "pk") if each.pk not in shared]


def policies_of(user: User) -> list[Classroom]:
    """The classes that the person is or was in as a student, by title.  Queries: 1."""
    return list(
        Classroom.objects.filter(enrolments__user=user, enrolments__role=Role.STUDENT)
        .order_by("title", "pk")
        .only("title", "keeps_marks")
    )


def person_erase(*, user: User, names: Sequence[str], now: datetime) -> None:
    """Take the person out of every class.

    Where the class keeps marks the place stays, as one that was left, so that they hang on
    something; what was granted and every number of a school go. Call it last of all apps that
    hang on a class, and before the addresses go.
    """
    Accommodation.objects.filter(enrolment__user=user).delete()
    addresses = [name for name in names if "@" in name]
    for place in Invitation.objects.filter(email__in=addresses).select_related("classroom__school"):
        place_drop(place, "invitation.withdrawn", place.classroom, None, now)
    mine = Enrolment.objects.filter(user=user)
    kept = mine.filter(role=Role.STUDENT, classroom__keeps_marks=True)
    kept_ids = set(kept.values_list("pk", flat=True))
    for row in mine.select_related("classroom__school"):
        # So that the school's own system takes them out as well.
        is_gone = row.pk not in kept_ids
        if is_gone or row.removed_at is None:
            told = "enrolment.removed"
            tell(told, row.public_id, row.classroom, None, now, is_tombstone=is_gone)
    mine.exclude(pk__in=kept.values("pk")).delete()
    Enrolment.objects.filter(user=user, removed_at__isnull=True).update(removed_at=now)
    Enrolment.objects.filter(user=user).update(sis_id="")
    words_redact(Accommodation.objects.filter(granted_by=user), "note", names=names)
