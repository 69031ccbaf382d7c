from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertRedirects

from apps.accounts.models import User

pytestmark = pytest.mark.django_db

PROFILE = "/accounts/profile/"


def test_profile_shows_what_the_person_said(
    client_of: Callable[[User], Client],
    student: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(student)
    with django_assert_num_queries(2):  # session, person
        response = client.get(PROFILE)
    assertContains(response, 'value="Bilal Ahmed"')
    assertContains(response, '<option value="UTC" selected>UTC</option>', html=True)
    assert response.headers["Cache-Control"] == (
        "max-age=0, no-cache, no-store, must-revalidate, private"
    )


def test_profile_is_saved_and_says_so_in_the_new_language(
    client_of: Callable[[User], Client], student: User
) -> None:
    client = client_of(student)
    data = {"display_name": "Билал", "language": "ru", "time_zone": "Europe/Moscow"}
    response = client.post(PROFILE, data, follow=True)
    assertRedirects(response, PROFILE)
    assertContains(response, '<html lang="ru"')
    assertContains(response, "message--success")
    student.refresh_from_db()
    assert (student.display_name, student.language, student.time_zone) == tuple(data.values())


def test_profile_with_faults_links_each_to_its_field(
    client_of: Callable[[User], Client], student: User
) -> None:
    data = {"display_name": "", "language": "en", "time_zone": "Mars/Olympus"}
    response = client_of(student).post(PROFILE, data)
    assertContains(response, '<a href="#id_display_name">Your name: This field is required.</a>')
    assertContains(response, 'href="#id_time_zone"')
    assertContains(response, 'aria-describedby="id_display_name_helptext id_display_name_error"')
    # What is not saved is shown nowhere as if it were.
    assertContains(response, '<span class="menu__name">Bilal Ahmed</span>', html=True)
    student.refresh_from_db()
    assert student.display_name == "Bilal Ahmed"


def test_profile_cannot_make_anybody_an_editor(
    client_of: Callable[[User], Client], student: User
) -> None:
    data = {"display_name": "B", "language": "en", "time_zone": "UTC"}
    rights = {"is_staff": "on", "is_editor": "on", "is_superuser": "on", "email": "x@y.example"}
    client_of(student).post(PROFILE, {**data, **rights})
    student.refresh_from_db()
    assert (student.is_staff, student.is_editor, student.is_superuser) == (False, False, False)
    assert student.email == "student@quaid.example"
