"""Makers of people and schools, so that a test says only what it is about."""

from itertools import count

from apps.accounts.models import School, SchoolInstructor, User

PASSWORD = "correct-horse-battery-staple"
_numbers = count(1)


def school_create(*, name: str = "A school", slug: str = "") -> School:
    return School.objects.create(name=name, slug=slug or f"school-{next(_numbers)}")


def person_create(
    *, email: str = "", name: str = "", password: str = PASSWORD, language: str = "en"
) -> User:
    return User.objects.create_user(
        email or f"person-{next(_numbers)}@example.org",
        password,
        display_name=name,
        language=language,
    )


def instructor_create(
    school: School, *, email: str = "", name: str = "", is_editor: bool = True
) -> User:
    """Someone who writes this school's courses and, as an editor, the shared ones."""
    person = person_create(email=email, name=name)
    person.is_staff = True
    person.is_editor = is_editor
    person.save(update_fields=["is_staff", "is_editor"])
    SchoolInstructor.objects.create(school=school, user=person)
    return person
