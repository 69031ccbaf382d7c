"""The page that says what is kept."""

import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms import services as classrooms
from apps.classrooms.errors import MarksPromised
from apps.classrooms.models import Classroom
from apps.privacy import services
from apps.privacy.declarations import PERSONAL
from apps.privacy.models import ErasureRequest, ExportRequest
from apps.privacy.purposes import PURPOSES
from tests.debates.factories import join, post, run_create
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def test_kept_names_every_purpose_and_column_without_a_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        page = client.get(reverse("privacy:kept")).content.decode()
    assert [str(each.title) for each in PURPOSES if f"<h2>{each.title}</h2>" not in page] == []
    assert [label for label, each in PERSONAL.items() if ", ".join(each.fields) not in page] == []


def test_what_one_can_do_comes_before_what_is_kept(
    student: User, client_of: Callable[[User | AnonymousUser], Client]
) -> None:
    page = client_of(student).get(reverse("privacy:kept")).text
    places = [page.index(each) for each in ("Make a copy", "Erase me", f"<h2>{PURPOSES[0].title}")]
    assert places == sorted(places)
    # The rest of each purpose is folded away, under a name of its own.
    folded = [f'<span class="visually-hidden">: {each.title}</span></summary>' for each in PURPOSES]
    assert [each for each in folded if page.count(each) != 1] == []


def test_every_page_leads_to_it(
    student: User, client_of: Callable[[User | AnonymousUser], Client]
) -> None:
    profile = client_of(student).get(reverse("accounts:profile")).content.decode()
    assert f'href="{reverse("privacy:kept")}"' in profile


def test_a_copy_is_asked_for_made_and_fetched(
    student: User, signed_in: Callable[[User], Client], now: datetime
) -> None:
    client = signed_in(student)
    page = client.post(reverse("privacy:copy"), follow=True).content.decode()
    assert "Your copy is being made." in page
    assert reverse("privacy:copy") not in page
    assert services.exports_make_due(now=timezone.now()) == 1
    row = ExportRequest.objects.get()
    address = reverse("privacy:download", args=[row.public_id])
    assert f'href="{address}"' in client.get(reverse("privacy:kept")).content.decode()
    answer = client.get(address)
    content = b"".join(answer)
    assert (len(content), answer["Content-Length"]) == (row.size_bytes, str(row.size_bytes))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert "student@quaid.example" in archive.read("account/account.csv").decode()
        assert "## Your account" in archive.read("README.md").decode()
    services.exports_delete_old(now=timezone.now() + timedelta(days=8))
    assert client.get(address).status_code == 404


def test_asking_too_often_is_refused(student: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(student)
    asked = [client.post(reverse("privacy:copy")).status_code for _each in range(4)]
    assert asked == [302, 302, 302, 429]
    assert ExportRequest.objects.count() == 1


def test_erasing_asks_for_the_address_and_can_be_taken_back(
    student: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(student)
    address = reverse("privacy:erase")
    wrong = client.post(address, {"address": "another@quaid.example"}).content.decode()
    assert "This is not the address of your account." in wrong
    assert not ErasureRequest.objects.exists()
    page = client.post(address, {"address": " Student@Quaid.example"}, follow=True)
    assert "You will be erased on" in page.content.decode()
    assert ErasureRequest.objects.get().user == student
    kept = client.post(reverse("privacy:cancel"), follow=True).content.decode()
    assert "You stay. Nothing was erased." in kept
    assert not ErasureRequest.objects.exists()


def test_who_teaches_alone_reads_which_classes_to_hand_over(
    classroom: Classroom, instructor: User, signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(instructor).post(
        reverse("privacy:erase"), {"address": "instructor@quaid.example"}
    )
    assert "<li>International relations</li>" in page.content.decode()
    assert not ErasureRequest.objects.exists()


def test_each_class_says_what_becomes_of_marks(
    classroom: Classroom, student: User, instructor: User, signed_in: Callable[[User], Client]
) -> None:
    overview = reverse("classrooms:classroom", args=[classroom.public_id])
    pages = [reverse("privacy:kept"), reverse("privacy:erase")]
    client = signed_in(student)
    assert "leaves their marks in this class" in client.get(overview).content.decode()
    for page in pages:
        assert "your marks stay, under no name" in client.get(page).content.decode()
    classrooms.classroom_save(
        classroom=classroom, fields={"keeps_marks": False}, actor=instructor, now=timezone.now()
    )
    assert "takes their marks in this class with them" in client.get(overview).content.decode()
    for page in pages:
        assert "your marks go with you" in client.get(page).content.decode()
    # Students have that word now.
    with pytest.raises(MarksPromised):
        classrooms.classroom_save(
            classroom=classroom, fields={"keeps_marks": True}, actor=instructor, now=timezone.now()
        )


def test_what_others_answered_is_changed_or_emptied_first(
    classroom: Classroom,
    student: User,
    classmate: User,
    instructor: User,
    signed_in: Callable[[User], Client],
) -> None:
    run = run_create(classroom, instructor)
    mine, theirs = (join(run, person) for person in (student, classmate))
    argument = post(mine)
    post(theirs, argument)
    client = signed_in(student)
    address = reverse("privacy:text", args=[argument.public_id])
    listed = client.get(reverse("privacy:texts")).content.decode()
    assert (argument.text in listed, f'action="{address}"' in listed) == (True, True)
    client.post(address, {"text": "<script>alert(1)</script> said **better**."})
    argument.refresh_from_db()
    assert "<script" not in argument.html
    assert "<strong>better</strong>" in argument.html
    assert signed_in(classmate).post(address, {"text": "Mine."}).status_code == 404
    client.post(address, {"text": "Whatever.", "empty": "1"})
    argument.refresh_from_db()
    assert (argument.state, argument.text, argument.html) == ("withdrawn", "", "")


def test_administrator_has_somebody_erased_and_takes_it_back(
    student: User, classmate: User, signed_in: Callable[[User], Client]
) -> None:
    """The account lets nobody in meanwhile; who is let stay gets in as before."""
    administrator = User.objects.create_superuser("root@quaid.example", PASSWORD)
    office, reader = signed_in(administrator), signed_in(student)
    address = reverse("privacy:person", args=[student.public_id])
    assert "Nobody can log in as them from now on" in office.get(address).content.decode()
    wrong = office.post(address, {"address": classmate.email}).content.decode()
    assert "This is not the address of this person’s account." in wrong
    assert not ErasureRequest.objects.exists()

    assert office.post(address, {"address": "Student@Quaid.example"}).status_code == 302
    shown = office.get(address).content.decode()
    assert "The account is closed, a letter has told the person" in shown
    assert reader.get(reverse("privacy:kept")).wsgi_request.user.is_anonymous
    services.erasures_do_due(now=timezone.now())
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([student.email], "Your account at Majlis is closed")
    assert "privacy/erase" not in str(letter.body)
    # Not even with a session that was somehow kept: an administrator asked, one takes it back.
    assert not services.erasure_cancel(user=student, now=timezone.now())
    office.post(address, {"stay": "1"})
    student.refresh_from_db()
    assert student.is_active
    assert student.check_password(PASSWORD)
    assert not ErasureRequest.objects.exists()

    # Their own wish stays theirs, with the account open, until an administrator makes it theirs.
    services.erasure_request(user=student, now=timezone.now())
    assert "The person has asked for it themselves" in office.get(address).content.decode()
    mine = reverse("privacy:person", args=[administrator.public_id])
    assert office.get(mine)["Location"] == reverse("privacy:erase")
