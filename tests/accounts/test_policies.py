import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from apps.accounts import policies
from apps.accounts.models import User

pytestmark = pytest.mark.django_db


def test_check_signed_in_is_the_person_or_nothing(student: User) -> None:
    assert policies.check_signed_in(student) is student
    with pytest.raises(PermissionDenied):
        policies.check_signed_in(AnonymousUser())


def test_may_manage_people_is_for_active_administrators(cast: dict[str, User]) -> None:
    assert not any(map(policies.may_manage_people, cast.values()))
    assert policies.may_manage_people(User(is_superuser=True))
    assert not policies.may_manage_people(User(is_superuser=True, is_active=False))
