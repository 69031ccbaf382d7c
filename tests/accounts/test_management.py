import pytest
from django.core.management import call_command

from apps.accounts.models import School

pytestmark = pytest.mark.django_db


def test_school_ensure_default_makes_one_school_once() -> None:
    for _ in range(2):
        call_command("school_ensure_default")
    assert list(School.objects.values_list("name", "slug")) == [("Our school", "school")]
