from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.test.client import ClientHandler

from apps.accounts.models import User
from apps.content import services
from apps.content.models import Course, Lesson, LessonEdition
from tests.bundled import bundled_load
from tests.content import factories

LESSON = "/courses/sco/lessons/history/invitation/"


@pytest.fixture
def course(db: None) -> Course:
    """A course of one published lesson, at LESSON."""
    course = factories.course_create()
    factories.lesson_publish(course)
    return course


@pytest.fixture
def bundled(db: None) -> Course:
    """The bundled course, whole."""
    return bundled_load()


@pytest.fixture
def site() -> Callable[..., Client]:
    """A function that makes clients of one process: they share its stored pages.

    user: signed in as them; None: anonymous.
    """
    process = ClientHandler(enforce_csrf_checks=False)

    def visitor(user: User | None = None, **headers: str) -> Client:
        client = Client(headers=headers)
        client.handler = process
        if user is not None:
            client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client

    return visitor


def lessons_add(course: Course, count: int) -> None:
    """So many more published lessons, all like the course's first."""
    model = Lesson.objects.select_related("published_edition").filter(unit__course=course)[0]
    edition = model.published_edition
    assert edition is not None
    lessons = Lesson.objects.bulk_create(
        Lesson(unit_id=model.unit_id, slug=f"copy-{n}", title=f"Copy {n}", position=n)
        for n in range(1, count + 1)
    )
    editions = LessonEdition.objects.bulk_create(
        LessonEdition(
            lesson=lesson,
            number=1,
            title=lesson.title,
            document=edition.document,
            html=edition.html,
            checksum=f"{n:064d}",
            word_count=edition.word_count,
            reading_minutes=edition.reading_minutes,
            published_at=edition.published_at,
        )
        for n, lesson in enumerate(lessons)
    )
    for lesson, copy in zip(lessons, editions, strict=True):
        lesson.published_edition = copy
    Lesson.objects.bulk_update(lessons, ["published_edition"])
    services.course_outline_refresh(course=course)
