"""Reads for the API: who calls, and what they may see. What they may not see is not found."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from django.db.models import CharField, Exists, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.translation import gettext as _

from apps.accounts.models import School, User
from apps.api.enums import JobKind, JobState
from apps.api.models import AccessToken, ApiClient, Consent, Job, PersonalToken
from apps.classrooms.models import Accommodation, Classroom, Enrolment, Invitation
from apps.content.models import Course, Lesson, LessonEdition, SourceParagraph
from apps.core.errors import NotFound
from apps.grades.models import CurrentGrade, GradeEvent, GradeItem

if TYPE_CHECKING:
    from apps.content.querysets import Viewer

    Caller: TypeAlias = ApiClient | Viewer

# A grade is dated when its transaction begins; one that lasts longer than this may be missed.
OVERLAP = timedelta(minutes=5)
# For how long the file of a job is to be had.
FILES_KEPT = timedelta(days=1)
# What a personal token begins with, so that whoever finds one knows what it is.
PERSONAL_PREFIX = "majlis_"


def digest(secret: str) -> str:
    """What is stored of a secret of 256 random bits; such a one needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def client_by_id(client_id: str) -> ApiClient | None:
    """The client in use with this id.  Queries: 1, or none for what is no id."""
    try:
        public_id = UUID(client_id)
    except ValueError:
        return None
    return ApiClient.objects.filter(public_id=public_id, revoked_at__isnull=True).first()


def token_by_text(text: str, now: datetime) -> AccessToken | PersonalToken | None:
    """The token, with its client and its person, while it and they are in use.  Queries: 1.

    A person whom a school's program acts for is seen through that school alone.
    Every request pays for this: the hash is unique, so nothing is sorted, and the school's row,
    which few views read, is not joined. With both it took three tenths of a request.
    """
    if text.startswith(PERSONAL_PREFIX):
        keys = PersonalToken.objects.filter(user__is_active=True).select_related("user")
        return next(iter(keys.filter(token_hash=digest(text), expires_at__gt=now)), None)
    rows = AccessToken.objects.filter(client__revoked_at__isnull=True)
    rows = rows.select_related("client", "consent__user")
    token = next(iter(rows.filter(token_hash=digest(text), expires_at__gt=now)), None)
    if token is None or token.person is None:
        return token
    token.person.through_school_id = token.client.school_id
    return token if token.person.is_active else None


def tokens_of(user: User, now: datetime) -> list[PersonalToken]:
    """A person's keys that are in use, the newest first.  Queries: 1."""
    rows = PersonalToken.objects.filter(user=user, expires_at__gt=now)
    return list(rows.order_by("-created_at", "-pk"))


def consents_of(user: User) -> list[Consent]:
    """The programs that act for a person, each with its school.  Queries: 1."""
    rows = Consent.objects.filter(user=user, client__revoked_at__isnull=True)
    return list(rows.select_related("client__school").order_by("client__name", "pk"))


def keys_of(user: User, now: datetime) -> list[str]:
    """Programs and tokens that act for a person, by name, in words.  Queries: 2."""
    consents, tokens = consents_of(user), tokens_of(user, now)
    return [
        *(_("the program “%(name)s”") % {"name": each.client.name} for each in consents),
        *(_("the token “%(name)s”") % {"name": each.name} for each in tokens),
    ]


def courses() -> QuerySet[Course]:
    """Courses that anybody may read."""
    return Course.objects.with_published_lessons()


def course_by_key(key: str) -> Course:
    """A course that anybody may read, by its slug or its id.

    Raises: NotFound, alike for no course and one without published lessons.  Queries: 1.
    """
    return course_in(courses(), key)


def course_in(rows: QuerySet[Course], key: str) -> Course:
    """The course of `rows` with this slug or id.  Raises: NotFound.  Queries: 1."""
    is_it = Q(slug=key)
    with suppress(ValueError):
        is_it |= Q(public_id=UUID(key))
    course: Course | None = (
        rows.only("pk", "public_id", "slug", "language", "school").filter(is_it).first()
    )
    if course is None:
        raise NotFound(_("There is no such course."))
    return course


def lessons(course: Course, since: datetime | None = None) -> QuerySet[Lesson]:
    """The published lessons of a course; with `since`, what readers saw change from then on.

    A lesson that was withdrawn is among these, without its edition.
    """
    rows = Lesson.objects.filter(unit__course=course)
    if since is None:
        return rows.published()
    is_withdrawn = Q(published_edition__isnull=True, updated_at__gte=since) & Exists(
        LessonEdition.objects.filter(lesson=OuterRef("pk"))
    )
    return rows.filter(Q(published_edition__published_at__gte=since) | is_withdrawn)


def lesson_by_address(course: str, unit: str, lesson: str) -> Lesson:
    """A published lesson with its edition.  Raises: NotFound.  Queries: 1."""
    is_it = Q(unit__course__slug=course)
    with suppress(ValueError):
        is_it |= Q(unit__course__public_id=UUID(course))
    return _lesson(is_it & Q(unit__slug=unit, slug=lesson))


def lesson_by_id(public_id: UUID) -> Lesson:
    """The same by its id."""
    return _lesson(Q(public_id=public_id))


def _lesson(is_it: Q) -> Lesson:
    rows = Lesson.objects.published().select_related("published_edition", "unit")
    row: Lesson | None = rows.filter(is_it).first()
    if row is None:
        raise NotFound(_("There is no such lesson."))
    return row


def edition_of(lesson: Lesson, number: str) -> LessonEdition:
    """An edition of a published lesson; all of them have been public.  Raises: NotFound."""
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    row = lesson.editions.filter(number=int(number)).first() if is_number else None
    if row is None:
        raise NotFound(_("The lesson has no such edition."))
    return row


def paragraphs(course: Course) -> QuerySet[SourceParagraph]:
    """The numbered paragraphs of a course's article."""
    return SourceParagraph.objects.filter(article__course=course)


def related_keys(
    model: type[Model], pks: Collection[int], relations: Mapping[str, str]
) -> dict[str, dict[int, list[str]]]:
    """{relation: {row: keys of what it leads to, in order}} of rows of `model`.

    relations: {relation: the related row's field}.  Queries: 1, whatever their number.
    """
    found: dict[str, dict[int, list[str]]] = {name: {} for name in relations}
    each = [
        model._default_manager.filter(pk__in=pks, **{f"{name}__isnull": False})  # noqa: SLF001
        .annotate(relation=Value(name, output_field=CharField()))
        .order_by()
        .values_list("relation", "pk", f"{name}__{field}")
        for name, field in relations.items()
    ]
    rows = each[0].union(*each[1:], all=True) if len(each) > 1 else each[0]
    for name, pk, key in sorted(rows):
        found[name].setdefault(pk, []).append(key)
    return found


def classrooms_of(caller: Caller) -> QuerySet[Classroom]:
    """A client's school's classes; of a person, those they are in."""
    if isinstance(caller, ApiClient):
        return Classroom.objects.filter(school_id=caller.school_id)
    return Classroom.objects.visible_to(caller)


def classroom_of(caller: Caller, key: str) -> Classroom:
    """A class by its id, or by the school's own as `sis:<id>`.  Raises: NotFound.  Queries: 1."""
    return by_key(classrooms_of(caller), key, _("There is no such class."))


def classroom_taught(caller: Caller, key: str) -> Classroom:
    """As classroom_of, for those alone who see its people: staff, or the school's client."""
    if isinstance(caller, ApiClient):
        return classroom_of(caller, key)
    return by_key(Classroom.objects.staffed_by(caller), key, _("There is no such class."))


def classroom_run(caller: Caller, key: str) -> Classroom:
    """As classroom_of, for those who decide who is in it: instructors, or the school's client."""
    if isinstance(caller, ApiClient):
        return classroom_of(caller, key)
    return by_key(Classroom.objects.taught_by(caller), key, _("There is no such class."))


def by_key(rows: QuerySet[Any], key: str, refusal: str) -> Any:
    """The one row with this id, or with the school's own as `sis:<id>`.  Raises: NotFound."""
    sis_id = key.removeprefix("sis:")
    is_own: dict[str, object] = {"sis_id": sis_id}
    if sis_id == key:
        try:
            is_own = {"public_id": UUID(key)}
        except ValueError:
            sis_id = ""
    # A person may be in classes of two schools that use one id: then it names none of them.
    is_text = bool(sis_id) and "\0" not in sis_id  # PostgreSQL refuses to look for a NUL
    found = list(rows.filter(**is_own)[:2]) if is_text else []
    if len(found) != 1:
        raise NotFound(refusal)
    return found[0]


def enrolments(classroom: Classroom) -> QuerySet[Enrolment]:
    """Everybody who is or was in a class; who left is a tombstone with `removed_at`."""
    return Enrolment.objects.filter(classroom=classroom)


def enrolment_in(classroom: Classroom, key: str) -> Enrolment:
    """One person of a class, in it or removed.  Raises: NotFound.  Queries: 1."""
    rows = enrolments(classroom).select_related("user")
    return by_key(rows, key, _("There is no such person in this class."))


def invitations(classroom: Classroom) -> QuerySet[Invitation]:
    """The places of a class that are kept and not taken."""
    return Invitation.objects.filter(classroom=classroom)


def grade_items(classroom: Classroom) -> QuerySet[GradeItem]:
    """Every column that a class has or had; a retired one is a tombstone."""
    return GradeItem.objects.filter(classroom=classroom)


def results(classroom: Classroom, since: datetime | None) -> QuerySet[Any]:
    """Every grade of a class that changed, or whose item did, at `since` or later.

    `touched_at` is the later of both.
    """
    mine = Enrolment.objects.filter(classroom=classroom, user=OuterRef("student"))
    rows = CurrentGrade.objects.filter(item__classroom=classroom).annotate(
        student_sis_id=Subquery(mine.values("sis_id")[:1])
    )
    return rows.filter(touched_at__gte=since) if since else rows


def grade_item_in(classroom: Classroom, key: str) -> GradeItem:
    """A column of a class by its id, or, of those in use, by the school's.  Raises: NotFound."""
    rows = grade_items(classroom)
    if key.startswith("sis:"):
        rows = rows.filter(retired_at__isnull=True)
    item: GradeItem = by_key(rows, key, _("There is no such column."))
    item.classroom = classroom
    return item


def grade_events(classroom: Classroom) -> QuerySet[GradeEvent]:
    """The ledger of a class."""
    return GradeEvent.objects.filter(item__classroom=classroom)


def classrooms_taught(caller: Caller) -> QuerySet[Classroom]:
    """The classes whose people the caller sees: a client's school's, or those they are staff of."""
    if isinstance(caller, ApiClient):
        return classrooms_of(caller)
    return Classroom.objects.staffed_by(caller)


def results_everywhere(caller: Caller, since: datetime | None) -> QuerySet[Any]:
    """As `results`, of every class whose people the caller sees."""
    mine = Enrolment.objects.filter(classroom=OuterRef("item__classroom"), user=OuterRef("student"))
    if isinstance(caller, ApiClient):
        # A join and no list of classes, so that the index of what was touched gives the order: a
        # page costs the same wherever it stands, and nothing is sorted.
        theirs = Q(item__classroom__school_id=caller.school_id)
    else:
        theirs = Q(item__classroom__in=classrooms_taught(caller).values("pk"))
    rows = CurrentGrade.objects.filter(theirs).annotate(
        student_sis_id=Subquery(mine.values("sis_id")[:1])
    )
    return rows.filter(touched_at__gte=since) if since else rows


def users_of(caller: Caller) -> QuerySet[User]:
    """The people of the classes that the caller sees the people of; of a person, themselves too."""
    theirs = Enrolment.objects.filter(
        classroom__in=classrooms_taught(caller).values("pk"), user=OuterRef("pk")
    )
    rows = User.objects.filter(Exists(theirs))
    return rows if not isinstance(caller, User) else rows | User.objects.filter(pk=caller.pk)


def user_of(caller: Caller, key: str) -> User:
    """One of them by id, or by what the school calls them in a class.  Raises: NotFound."""
    rows = users_of(caller)
    if key.startswith("sis:") and "\0" not in key:
        known = Enrolment.objects.filter(
            classroom__in=classrooms_taught(caller).values("pk"),
            sis_id=key.removeprefix("sis:"),
        ).exclude(sis_id="")
        # One id of two people, in two classes, names neither of them.
        found = set(known.values_list("user__public_id", flat=True)[:2])
        key = str(found.pop()) if len(found) == 1 else ""
    return by_key(rows, key, _("There is no such person."))


def accommodations(enrolment: Enrolment) -> QuerySet[Accommodation]:
    """What one person of a class is granted."""
    return Accommodation.objects.filter(enrolment=enrolment)


def jobs_of(caller_name: str) -> QuerySet[Job]:
    """The long work that a caller asked for."""
    return Job.objects.filter(caller=caller_name)


def job_with_file(caller: Caller, caller_name: str, public_id: UUID, now: datetime) -> Job:
    """One of them whose file is still to be had, as long as the caller sees all that it tells of.

    Raises: NotFound, also for who has left the staff of one of its classes.  Queries: 2.
    """
    job: Job | None = (
        jobs_of(caller_name)
        .filter(
            public_id=public_id,
            kind=JobKind.RESULTS,
            state=JobState.DONE,
            finished_at__gt=now - FILES_KEPT,
        )
        .first()
    )
    told_of = job.wish["classrooms"] if job else []
    seen = classrooms_taught(caller).filter(public_id__in=told_of).distinct()
    if job is None or seen.count() != len(told_of):
        raise NotFound(_("There is no such file, or its day is over."))
    return job


def caller_of_job(job: Job) -> Caller:
    """Whoever asked for it, as they may be seen now.  Raises: NotFound for a client revoked."""
    if job.user is not None:
        job.user.through_school_id = job.school_id
        return job.user
    client = client_by_id(job.caller.removeprefix("client:"))
    if client is None:
        raise NotFound(_("There is no such program."))
    return client


def results_seen(
    caller: Caller, classroom: Classroom | None, since: datetime | None
) -> QuerySet[Any]:
    """The results of a class that the caller sees, or of all of them."""
    return results(classroom, since) if classroom else results_everywhere(caller, since)


def school_through(person: User) -> School | None:
    """The school whose program acts for them; None where they act themselves.  Queries: 1."""
    through = person.through_school_id
    return None if through is None else School.objects.get(pk=through)


def schools_of(caller: Caller) -> QuerySet[School]:
    """A client's own; of a person, those at which they teach."""
    if isinstance(caller, ApiClient):
        return School.objects.filter(pk=caller.school_id)
    schools = School.objects.filter(instructorships__user=caller.pk)
    through = caller.through_school_id if isinstance(caller, User) else None
    return schools if through is None else schools.filter(pk=through)


def school_in(rows: QuerySet[School], slug: str) -> School:
    """The one of `rows` with this short name.  Raises: NotFound.  Queries: 1."""
    found = rows.filter(slug=slug).first()
    if found is None:
        raise NotFound(_("There is no such school."))
    return found


def courses_offered(school: School) -> QuerySet[Any]:
    """What a school may teach, its own and shared, each with `is_published` and `is_own`."""
    published = Lesson.objects.published().filter(unit__course=OuterRef("pk"))
    rows = Course.objects.filter(Q(school__isnull=True) | Q(school=school))
    return rows.annotate(is_published=Exists(published), is_own=Q(school__isnull=False))


def offer(person: User, school: str, course: str) -> tuple[School, Course]:
    """A school at which `person` teaches, and a course that it may teach, by their slugs.

    Raises: NotFound for what does not exist and for what is not offered.  Queries: 2.
    """
    found = school_in(schools_of(person), school)
    return found, course_in(courses_offered(found), course)
