"""Rows for a benchmark: the bundled course, then more lessons like its first one."""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import transaction  # noqa: E402

from apps.content import services  # noqa: E402
from apps.content.models import Course, Lesson, LessonEdition, Unit  # noqa: E402


def grow(course: Course, lessons: int) -> None:
    """Copy the first published lesson until the course has `lessons` of them."""
    model = Lesson.objects.filter(unit__course=course).select_related("published_edition").first()
    if model is None or model.published_edition is None:
        raise SystemExit("The bundled course has no published lesson.")
    have = Lesson.objects.filter(unit__course=course).count()
    for start in range(have, lessons, 50):
        unit = Unit.objects.create(
            course=course, slug=f"more-{start}", title=f"More {start}", position=1000 + start
        )
        copies = Lesson.objects.bulk_create(
            Lesson(unit=unit, slug=f"copy-{n}", title=f"Copy {n}", position=n)
            for n in range(start, min(start + 50, lessons))
        )
        editions = LessonEdition.objects.bulk_create(
            LessonEdition(
                lesson=copy,
                number=1,
                title=copy.title,
                document=model.published_edition.document,
                html=model.published_edition.html,
                checksum=f"{copy.pk:064d}",
                word_count=model.published_edition.word_count,
                reading_minutes=model.published_edition.reading_minutes,
                published_at=model.published_edition.published_at,
            )
            for copy in copies
        )
        for copy, edition in zip(copies, editions, strict=True):
            copy.published_edition = edition
        Lesson.objects.bulk_update(copies, ["published_edition"])


def session_cookie(email: str) -> str:
    user = get_user_model().objects.filter(email=email).first()
    if user is None:
        user = get_user_model().objects.create_user(email, display_name="Reader")
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[-1]
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


def main(slug: str, lessons: int) -> None:
    with transaction.atomic():
        course = Course.objects.get(slug=slug)
        grow(course, lessons)
        services.course_outline_refresh(course=course)
    lesson = (
        Lesson.objects.filter(unit__course=course, published_edition__isnull=False)
        .select_related("unit")
        .order_by("unit__position", "position")[8]
    )
    report = {
        "lesson_path": f"/courses/{slug}/lessons/{lesson.unit.slug}/{lesson.slug}/",
        "lesson_pk": lesson.pk,
        "edition_pk": lesson.published_edition_id,
        "cookie": session_cookie("reader@bench.example"),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
