import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.demo import policies
from apps.demo.enums import Role
from apps.demo.selectors import PEOPLE, DemoPerson
from apps.privacy import services as privacy

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what looks alike


@dataclass(frozen=True)
class DemoAccount:
    email: str
    role: Role
    # None: made by an earlier run, which alone could say it.
    password: str | None


@transaction.atomic
def demo_accounts_create(
    *, is_loopback: bool, now: datetime, is_reset: bool = False
) -> list[DemoAccount]:
    """Make the demo's people who are absent, each with a confirmed address and a random password.

    is_loopback: whether this machine alone can reach the site.
    is_reset: give a new password to those who are there already.
    Returns: everybody, in a fixed order; with a password only who got one now.
    Raises: DemoRefused.
    """
    policies.check_may_have_demo(is_loopback=is_loopback)
    return [_account_ensure(person, is_reset=is_reset, now=now) for person in PEOPLE]


def demo_accounts_delete(*, now: datetime) -> list[str]:
    """Erase the demo's people, so that the site may be opened to others.

    What they published stays, and what hangs together with others' work, under nobody's name. Each
    is erased wholly or not at all; who was not is found by the next call.
    Returns: the addresses that are gone.
    """
    people = list(User.objects.filter(email__in=[person.email for person in PEOPLE]).order_by("pk"))
    addresses = [user.email for user in people]
    for user in people:
        # Nobody else runs the demo's class, and it is no reason to keep them.
        privacy.erasure_force(user=user, now=now)
    return addresses


def _account_ensure(person: DemoPerson, *, is_reset: bool, now: datetime) -> DemoAccount:
    user = User.objects.filter(email=person.email).first()
    if user is not None and not is_reset:
        return DemoAccount(person.email, person.role, password=None)
    password = _password()
    if user is None:
        _account_create(person, password, now=now)
    else:
        user.set_password(password)
        accounts.user_save(user=user, actor=None, now=now)
    return DemoAccount(person.email, person.role, password)


def _account_create(person: DemoPerson, password: str, *, now: datetime) -> None:
    user = accounts.user_create(
        email=person.email,
        password=password,
        display_name=person.name,
        time_zone=person.time_zone,
        now=now,
    )
    accounts.email_confirm(user=user)
    if person.role == Role.INSTRUCTOR:
        user.is_editor = True
        accounts.user_save(user=user, actor=None, now=now)
        school = accounts.school_ensure_default(now=now)
        accounts.instructor_add(school=school, user=user, actor=None, now=now)


def _password() -> str:
    """About 74 bits, easy to read aloud and to type."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(3))
