"""Classes, who is in them, what was earned; and what a school's program is told."""

from datetime import timedelta

from django.utils import timezone

from apps.classrooms import services as classrooms
from apps.integrations import services as integrations
from tests.api.declared.roles import MEMBERS, NOT_SO, RUN, STAFF, World, instead
from tests.factories import NOW
from tests.grades.factories import manual_create, score

LISTED = (200, 200, 200, 200, 200, 200, 401, 200, 200, 403, 200)
ME = (200, 200, 200, 200, 200, 200, 401, 403, 403, 403, 200)
# Of a person's name: they themselves, and whoever teaches them.
NAMED = (200, 404, 200, 200, 404, 404, 401, 200, 404, 403, 404)
# Nobody of these has asked for the job.
NOBODYS = (404, 404, 404, 404, 404, 404, 401, 404, 404, 403, 404)
# What belongs to a school: its own program.
SCHOOL = (403, 403, 403, 403, 403, 403, 401, 200, 404, 403, 403)
# Who runs the class, and no program by itself.
INSTRUCTORS = (404, 404, 404, 200, 404, 404, 401, 403, 403, 403, 404)
SCHOOLS = (403, 403, 403, 403, 403, 403, 401, 200, 200, 403, 403)

# Its students, and a program that acts for one.
LEARNERS = (200, 200, 404, 404, 404, 404, 401, 403, 403, 403, 404)

READS = {
    "schools": LISTED,
    "school-courses": (404, 404, 404, 200, 404, 404, 401, 200, 404, 403, 404),
    "classrooms": LISTED,
    "classroom": MEMBERS,
    "enrolments": STAFF,
    "enrolment": STAFF,
    "accommodations": RUN,
    "accommodation": RUN,
    "invitations": RUN,
    "roster": NOT_SO,
    "roster-jobs": NOT_SO,
    "jobs": LISTED,
    "job": NOBODYS,
    "grade-items": STAFF,
    "grade-item": STAFF,
    "grade-item-release": NOT_SO,
    "grade-item-hold": NOT_SO,
    "grades": NOT_SO,
    "grade-decision": NOT_SO,
    "grade": STAFF,
    "grade-events": STAFF,
    "own-grades": LEARNERS,
    "results": STAFF,
    "results-everywhere": LISTED,
    "results-jobs": NOT_SO,
    "results-everywhere-jobs": NOT_SO,
    "job-file": NOBODYS,
    "users": LISTED,
    "me": ME,
    "user": NAMED,
    "changes": SCHOOLS,
    "webhooks": SCHOOLS,
    "webhook": SCHOOL,
    "webhook-secret": NOT_SO,
    "webhook-test": NOT_SO,
    "deliveries": SCHOOLS,
    "delivery": SCHOOL,
    "delivery-replay": NOT_SO,
}
WRITES = {
    # Anybody who is signed in may try; only who teaches at a school can.
    ("post", "classrooms"): (400, 400, 400, 400, 400, 400, 401, 403, 403, 403, 400),
    ("patch", "classroom"): instead(RUN, 428),
    ("patch", "enrolment"): instead(RUN, 428),
    ("delete", "enrolment"): instead(RUN, 428),
    ("put", "accommodation"): instead(RUN, 428),
    ("delete", "accommodation"): instead(RUN, 428),
    ("put", "roster"): instead(RUN, 400),
    ("post", "roster-jobs"): instead(RUN, 400),
    ("post", "invitations"): instead(RUN, 400),
    ("post", "grade-items"): instead(RUN, 400),
    ("patch", "grade-item"): instead(RUN, 428),
    ("delete", "grade-item"): instead(RUN, 428),
    ("post", "grade-item-release"): INSTRUCTORS,
    ("post", "grade-item-hold"): INSTRUCTORS,
    ("put", "grades"): instead(RUN, 400),
    ("post", "grade-decision"): instead(RUN, 400),
    ("put", "grade"): instead(RUN, 400),
    ("post", "results-jobs"): instead(STAFF, 202),
    ("post", "results-everywhere-jobs"): instead(LISTED, 202),
    ("post", "webhooks"): instead(SCHOOLS, 400),
    ("patch", "webhook"): instead(SCHOOL, 428),
    ("delete", "webhook"): instead(SCHOOL, 428),
    ("post", "webhook-secret"): instead(SCHOOL, 201),
    ("post", "webhook-test"): instead(SCHOOL, 201),
    ("post", "delivery-replay"): instead(SCHOOL, 201),
}


def places(world: World) -> dict[str, str]:
    enrolment = world.classroom.enrolments.get(user=world.student)
    classrooms.accommodation_save(
        enrolment=enrolment,
        activity_id=None,
        fields={"extra_attempts": 1},
        actor=world.instructor,
        now=NOW,
    )
    item = manual_create(world.classroom, actor=world.instructor)
    score(item, world.student, "4")
    webhook = integrations.endpoint_create(
        school=world.school,
        fields={"url": "https://lms.example/hook"},
        now=timezone.now() - timedelta(days=1),
    )
    delivery = integrations.delivery_test(endpoint=webhook, now=timezone.now())
    return {
        "school": world.school.slug,
        "key": str(world.classroom.public_id),
        "person": str(enrolment.public_id),
        "student": str(world.student.public_id),
        "user": str(world.student.public_id),
        "activity": "class",
        "item": str(item.public_id),
        "job": "11111111-1111-4111-8111-111111111111",
        "webhook": str(webhook.public_id),
        "delivery": str(delivery.public_id),
    }
