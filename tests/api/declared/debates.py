"""Debates: motions, runs, stances, arguments, moderation, marks."""

from datetime import timedelta

from django.utils import timezone

from apps.debates import services
from apps.debates.models import PeerReview, Reflection
from tests.api.declared.roles import (
    MEMBERS,
    NOT_SO,
    RUN,
    STAFF,
    Answers,
    World,
    instead,
)
from tests.debates.factories import DAY, debate_create, join, post, windows

# The student has written the argument; the classmate takes part.
STUDENTS: Answers = (200, 200, 404, 404, 404, 404, 401, 403, 403, 403, 404)
# A program sees what the staff see, and does nothing by itself.
AUTHOR: Answers = (200, 404, 404, 404, 404, 404, 401, 403, 403, 403, 404)
MODERATORS: Answers = (404, 404, 200, 200, 404, 404, 401, 403, 403, 403, 404)
DECIDERS: Answers = (404, 404, 404, 200, 404, 404, 401, 403, 403, 403, 404)
AUTHORS: Answers = (404, 404, 404, 200, 404, 404, 401, 403, 403, 403, 404)

READS = {
    "course-debates": AUTHORS,
    "course-debate": AUTHORS,
    "debates": RUN,
    "debate-runs": MEMBERS,
    "debate-run": MEMBERS,
    "debate-opening": STUDENTS,
    "debate-closing": AUTHOR,
    "debate-arguments": MEMBERS,
    "debate-argument": MEMBERS,
    "debate-rating": NOT_SO,
    "debate-moved": NOT_SO,
    "debate-report": NOT_SO,
    "debate-moderate": STAFF,
    "debate-moderation": STAFF,
    "debate-reports": STAFF,
    "debate-participants": STAFF,
    "debate-scores": STAFF,
    "debate-drafts": STUDENTS,
    "debate-draft": AUTHOR,
    "debate-mine": STUDENTS,
    "debate-reflection": AUTHOR,
    "debate-reviews": STUDENTS,
    "debate-review": AUTHOR,
    "debate-results": STAFF,
}
WRITES = {
    ("post", "course-debates"): instead(AUTHORS, 400),
    ("put", "course-debate"): instead(AUTHORS, 400),
    ("delete", "course-debate"): instead(AUTHORS, 428),
    ("post", "debates"): instead(DECIDERS, 400),
    ("post", "debate-runs"): instead(DECIDERS, 400),
    ("patch", "debate-run"): instead(DECIDERS, 400),
    ("put", "debate-opening"): instead(STUDENTS, 400),
    ("put", "debate-closing"): instead(STUDENTS, 400),
    ("post", "debate-arguments"): instead(STUDENTS, 400),
    ("patch", "debate-argument"): instead(AUTHOR, 428),
    ("delete", "debate-argument"): instead(AUTHOR, 428),
    ("put", "debate-rating"): instead(STUDENTS, 400),
    ("put", "debate-moved"): (409, 200, 404, 404, 404, 404, 401, 403, 403, 403, 404),
    ("delete", "debate-moved"): (409, 204, 404, 404, 404, 404, 401, 403, 403, 403, 404),
    ("post", "debate-report"): instead(STUDENTS, 400),
    ("post", "debate-moderate"): instead(MODERATORS, 400),
    ("put", "debate-draft"): instead(STUDENTS, 400),
    ("delete", "debate-draft"): instead(STUDENTS, 204),
    ("put", "debate-reflection"): instead(STUDENTS, 400),
    ("post", "debate-reviews"): instead(STUDENTS, 409),  # it is still argued
    ("put", "debate-review"): instead(AUTHOR, 400),
    ("put", "debate-scores"): instead(MODERATORS, 400),
}


def places(world: World) -> dict[str, str]:
    now = timezone.now()
    run = services.run_open(
        debate=debate_create(world.classroom),
        classroom=world.classroom,
        windows=windows(now - timedelta(hours=36)),
        actor=world.instructor,
        now=now,
    )
    author = join(run, world.student, now=now - DAY)
    other = join(run, world.classmate, now=now - DAY)
    services.stance_close(
        participant=author, value=1, confidence=4, moved_by=None, now=now + 2 * DAY
    )
    argument = post(author, now=now)  # which discards what was begun in its place
    services.draft_save(participant=author, parent=None, relation="opening", text="I", now=now)
    Reflection.objects.create(participant=author, text="So.", html="<p>So.</p>", written_at=now)
    review = PeerReview.objects.create(reviewer=author, reviewed=other, dealt_at=now)
    return {
        "place": "motion",
        "review": str(review.public_id),
        "run": str(run.public_id),
        "debate": str(run.debate.public_id),
        "argument": str(argument.public_id),
        "participant": str(author.public_id),
        "authored": world.classroom.course.slug,
    }
