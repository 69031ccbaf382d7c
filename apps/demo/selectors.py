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


def demo_accounts_exist() -> bool:
    """Whether anybody of the demo is here: then other machines must not reach the site."""
    return User.objects.filter(email__in=[person.email for person in PEOPLE]).exists()
