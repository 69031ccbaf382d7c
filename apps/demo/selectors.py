from dataclasses import dataclass

from apps.accounts.models import User
from apps.demo.enums import Role


@dataclass(frozen=True)
class DemoPerson:
    email: str
    name: str
    role: Role
    time_zone: str


PEOPLE = (
    DemoPerson("ayesha@majlis.example", "Ayesha Khan", Role.INSTRUCTOR, "Asia/Karachi"),
    DemoPerson("bilal@majlis.example", "Bilal Ahmed", Role.STUDENT, "Asia/Karachi"),
    DemoPerson("zainab@majlis.example", "Zainab Ali", Role.STUDENT, "Asia/Karachi"),
    DemoPerson("daria@majlis.example", "Daria Sokolova", Role.STUDENT, "Europe/Moscow"),
)


CLASS_ID = "demo"  # the school's own id of the demo's class


def people_by_name() -> dict[str, User]:
    """{name in PEOPLE: account} of those who are here.  Queries: 1."""
    names = {person.email: person.name for person in PEOPLE}
    return {names[user.email]: user for user in User.objects.filter(email__in=names)}


def demo_accounts_exist() -> bool:
    """Whether anybody of the demo is here: then other machines must not reach the site."""
    return User.objects.filter(email__in=[person.email for person in PEOPLE]).exists()
