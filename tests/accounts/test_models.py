import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import User

pytestmark = pytest.mark.django_db


def test_create_user_stores_the_address_in_lower_case() -> None:
    assert User.objects.create_user(" Ayesha@Quaid.EXAMPLE ").email == "ayesha@quaid.example"


def test_user_in_upper_case_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Ayesha@quaid.example")


def test_user_of_a_taken_address_is_refused_by_the_database() -> None:
    User.objects.create_user("ayesha@quaid.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("AYESHA@quaid.example")


def test_user_without_address_is_refused() -> None:
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("")


def test_create_superuser_may_do_everything() -> None:
    user = User.objects.create_superuser("root@quaid.example", "a password")
    assert (user.is_staff, user.is_superuser, user.is_active) == (True, True, True)


def test_get_by_natural_key_ignores_case(student: User) -> None:
    assert User.objects.get_by_natural_key("Student@QUAID.example") == student


@pytest.mark.parametrize(
    ("display_name", "full", "short"),
    [("Bilal Ahmed", "Bilal Ahmed", "Bilal Ahmed"), ("", "bilal@quaid.example", "bilal")],
)
def test_user_is_called_by_name_or_address(display_name: str, full: str, short: str) -> None:
    user = User(email="bilal@quaid.example", display_name=display_name)
    assert (str(user), user.get_full_name(), user.get_short_name()) == (full, full, short)
