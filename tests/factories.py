"""Makers of people and schools, through the services that the product uses."""

from datetime import UTC, datetime
from itertools import count

from apps.accounts import services
from apps.accounts.models import School, User

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PASSWORD = "correct-horse-battery-staple"
_numbers = count(1)


def school_create(*, name: str = "A school", slug: str = "") -> School:
    return services.school_create(name=name, slug=slug or f"school-{next(_numbers)}", now=NOW)


def person_create(
    *, email: str = "", name: str = "", password: str = PASSWORD, language: str = "en"
) -> User:
    """Somebody whose address is confirmed, so that they can sign in."""
    number = next(_numbers)
    person = services.user_create(
        email=email or f"person-{number}@example.org",
        password=password,
        display_name=name or f"Person {number}",
        language=language,
        now=NOW,
    )
    services.email_confirm(user=person)
    return person


def instructor_create(
    school: School, *, email: str = "", name: str = "", is_editor: bool = True
) -> User:
    """Somebody who writes this school's courses and, as an editor, the shared ones."""
    person = person_create(email=email, name=name)
    person.is_editor = is_editor
    services.user_save(user=person, actor=None, now=NOW)
    services.instructor_add(school=school, user=person, actor=None, now=NOW)
    return person
