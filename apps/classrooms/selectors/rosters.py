"""What importing a class list would do. The page shows it, and the service does just that."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import Enum

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from apps.classrooms import roster
from apps.classrooms.enums import Role
from apps.classrooms.models import Classroom, Enrolment, Invitation
from apps.classrooms.roster import Problem, Roster, Row

MAX_PROBLEMS_SHOWN = 100


class Action(Enum):
    """What a row of a list comes to."""

    INVITE = "invite"
    CHANGE_INVITATION = "change_invitation"
    CHANGE_ID = "change_id"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Step:
    """One row and what it comes to. Of the two rows, the one that is to be changed is there."""

    row: Row
    action: Action
    enrolment: Enrolment | None = None
    invitation: Invitation | None = None

    @property
    def role(self) -> str:
        kept = self.enrolment or self.invitation
        return self.row.role or (kept.role if kept else Role.STUDENT)

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)

    @property
    def sentence(self) -> str:
        """What happens, for the person who decides on it."""
        return {
            Action.INVITE: _("is invited"),
            Action.CHANGE_INVITATION: _("is invited already; the entry is changed"),
            Action.CHANGE_ID: _("is in the class; gets this id"),
            Action.NOTHING: _("is in the class") if self.enrolment else _("is invited already"),
        }[self.action]

    @property
    def sis_id(self) -> str:
        kept = self.enrolment or self.invitation
        return self.row.sis_id or (kept.sis_id if kept else "")

    @property
    def name(self) -> str:
        if self.enrolment:
            return self.enrolment.user.display_name
        return self.row.name or (self.invitation.display_name if self.invitation else "")


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """All or nothing: where there is any problem, there is no step to take."""

    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def count(self, action: Action) -> int:
        return sum(step.action == action for step in self.steps)

    @property
    def invite_count(self) -> int:
        return self.count(Action.INVITE)

    @property
    def change_count(self) -> int:
        return self.count(Action.CHANGE_INVITATION) + self.count(Action.CHANGE_ID)

    @property
    def same_count(self) -> int:
        return self.count(Action.NOTHING)

    @property
    def sentences(self) -> list[tuple[int, str]]:
        """The first problems, each as (line or 0, sentence)."""
        return [(each.line, sentence_of(each)) for each in self.problems[:MAX_PROBLEMS_SHOWN]]

    @property
    def unshown_count(self) -> int:
        return max(0, len(self.problems) - MAX_PROBLEMS_SHOWN)


def roster_plan(classroom: Classroom, text: str) -> RosterPlan:
    """What `text` would do to the class as it is now, or everything that is wrong with it.

    Whether an address has an account decides nothing here, so that a list tells nobody.
    Queries: 2.
    """
    read = roster.parse(text)
    enrolled = {
        row.user.email: row
        for row in Enrolment.objects.filter(classroom=classroom).select_related("user")
    }
    invited = {row.email: row for row in Invitation.objects.filter(classroom=classroom)}
    problems = [
        *read.problems,
        *_malformed(read),
        *_other_roles(read.rows, enrolled),
        *_taken_ids(read.rows, enrolled, invited),
    ]
    if problems:
        problems.sort(key=lambda problem: problem.line)
        return RosterPlan(problems=problems, ignored=read.ignored)
    steps = [_step(row, enrolled.get(row.email), invited.get(row.email)) for row in read.rows]
    return RosterPlan(steps=steps, ignored=read.ignored)


def _step(row: Row, enrolment: Enrolment | None, invitation: Invitation | None) -> Step:
    if enrolment is not None and enrolment.removed_at is None:
        changes = row.sis_id not in {"", enrolment.sis_id}
        return Step(row, Action.CHANGE_ID if changes else Action.NOTHING, enrolment=enrolment)
    if invitation is not None:
        step = Step(row, Action.CHANGE_INVITATION, invitation=invitation)
        now = (invitation.display_name, invitation.role, invitation.sis_id)
        if now == (step.name, step.role, step.sis_id):
            return Step(row, Action.NOTHING, invitation=invitation)
        return step
    return Step(row, Action.INVITE)


def _malformed(read: Roster) -> list[Problem]:
    """Addresses that look right and that no letter reaches."""
    told = {each.line for each in read.problems if each.code.startswith("email_")}
    problems = []
    for row in read.rows:
        try:
            validate_email(row.email)
        except ValidationError:
            if row.line not in told:
                problems.append(Problem(row.line, "email_malformed", row.email[:80]))
    return problems


def _other_roles(rows: Iterable[Row], enrolled: dict[str, Enrolment]) -> list[Problem]:
    """A list takes nobody's role away; that is done for one person at a time."""
    return [
        Problem(row.line, "role_differs", row.email)
        for row in rows
        if (member := enrolled.get(row.email)) is not None
        and member.removed_at is None
        and row.role not in {"", member.role}
    ]


def _taken_ids(
    rows: Collection[Row], enrolled: dict[str, Enrolment], invited: dict[str, Invitation]
) -> list[Problem]:
    """Ids that would be two people's once the whole list were taken."""
    owners = {email: row.sis_id for email, row in invited.items() if row.sis_id}
    owners |= {email: row.sis_id for email, row in enrolled.items() if row.sis_id}
    owners |= {row.email: row.sis_id for row in rows if row.sis_id}
    people: dict[str, set[str]] = {}
    for email, sis_id in owners.items():
        people.setdefault(sis_id, set()).add(email)
    for row in rows:
        # Two rows of the list with one id are a fault of the list itself.
        people.get(row.sis_id, set()).discard(row.email)
    return [
        Problem(row.line, "sis_id_taken", row.sis_id)
        for row in rows
        if row.sis_id and people[row.sis_id]
    ]


def sentence_of(problem: Problem) -> str:
    """What is wrong, and what would be right."""
    return _sentences()[problem.code] % {
        "value": problem.value,
        "line": problem.other_line,
        "rows": roster.MAX_ROWS,
        "kilobytes": roster.MAX_BYTES // 1024,
    }


def _sentences() -> dict[str, str]:
    return {
        "column_missing": _("The first line must name the columns, and one of them “email”."),
        "column_repeated": _("Two columns say the same: “%(value)s”."),
        "email_malformed": _("“%(value)s” is not an e-mail address."),
        "email_missing": _("There is no e-mail address."),
        "email_repeated": _("%(value)s stands in line %(line)s already."),
        "email_too_long": _("The e-mail address is too long."),
        "empty": _("The list names nobody."),
        "encoding": _("This is no text that can be read. Save it as CSV in UTF-8."),
        "name_too_long": _("The name is longer than 80 characters."),
        "quotes": _("The quotation marks do not match; what follows could not be read."),
        "role_differs": _("%(value)s has another role here; change it on the person’s own page."),
        "role_too_long": _("The role is too long."),
        "role_unknown": _("“%(value)s” is no role: write student, assistant or instructor."),
        "sis_id_repeated": _("The id “%(value)s” stands in line %(line)s already."),
        "sis_id_taken": _("Somebody else in this class has the id “%(value)s”."),
        "sis_id_too_long": _("The id is longer than 120 characters."),
        "too_large": _("The list is larger than %(kilobytes)s KB."),
        "too_many_cells": _("There are more cells than columns."),
        "too_many_rows": _("The list has more than %(rows)s people."),
    }
