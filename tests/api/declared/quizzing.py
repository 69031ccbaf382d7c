"""The bank, what a class is given, attempts and objections."""

from apps.api.v1.marking import answer_id
from apps.content.models import SourceParagraph
from apps.quizzes import services
from apps.quizzes.models import Response
from apps.quizzes.selectors import marking_piles
from tests.api.declared.roles import (
    MEMBERS,
    NOT_SO,
    OWN,
    PERSONS,
    RUN,
    Answers,
    World,
    instead,
)
from tests.factories import NOW
from tests.quizzes.factories import (
    assignment_create,
    hints,
    question_create,
    quiz_create,
    right_saves,
)

# Who runs the class, who also writes its course: persons alone.
AUTHOR: Answers = (404, 404, 404, 200, 404, 404, 401, 403, 403, 403, 404)
STAFF: Answers = (404, 404, 200, 200, 404, 404, 401, 403, 403, 403, 404)
OWN_OR_STAFF: Answers = (200, 404, 200, 200, 404, 404, 401, 403, 403, 403, 404)
# Everybody signed in; through a school's program, that school's.
ANYBODY: Answers = (200, 200, 200, 200, 200, 200, 401, 403, 403, 403, 404)
# What was sent is read before anything is looked up.
UNREAD: Answers = (400, 400, 400, 400, 400, 400, 401, 403, 403, 403, 400)

READS = {
    "questions": AUTHOR,
    "question": AUTHOR,
    "question-versions": AUTHOR,
    "question-retire": NOT_SO,
    "question-reinstate": NOT_SO,
    "question-file": AUTHOR,
    "quizzes": AUTHOR,
    "quiz": AUTHOR,
    "quizzes-to-give": RUN,
    "assignments": MEMBERS,
    "assignment": MEMBERS,
    "assignment-publish": NOT_SO,
    "assignment-withdraw": NOT_SO,
    "assignment-attempts": MEMBERS,
    "assignment-statistics": STAFF,
    "marking": STAFF,
    "marking-answer": STAFF,
    "contests": STAFF,
    "contest": STAFF,
    "contest-decision": NOT_SO,
    "practices": ANYBODY,
    "practice-attempts": NOT_SO,
    "attempts": PERSONS,
    "attempt": OWN,
    "attempt-submit": NOT_SO,
    "attempt-review": OWN_OR_STAFF,
    "attempt-answer": NOT_SO,
    "attempt-hint": NOT_SO,
    "attempt-check": NOT_SO,
    "attempt-contest": OWN,
}
WRITES = {
    ("post", "questions"): instead(AUTHOR, 400),
    ("patch", "question"): instead(AUTHOR, 428),
    ("delete", "question"): instead(AUTHOR, 428),
    ("post", "question-retire"): AUTHOR,
    ("post", "question-reinstate"): AUTHOR,
    ("post", "quizzes"): instead(AUTHOR, 400),
    ("patch", "quiz"): instead(AUTHOR, 428),
    ("delete", "quiz"): instead(AUTHOR, 428),
    ("post", "assignments"): instead(AUTHOR, 400),
    ("patch", "assignment"): instead(AUTHOR, 428),
    ("delete", "assignment"): instead(AUTHOR, 428),
    ("post", "assignment-publish"): AUTHOR,
    ("post", "assignment-withdraw"): instead(AUTHOR, 409),  # somebody has begun
    ("post", "assignment-attempts"): (201, 201, 404, 404, 404, 404, 401, 403, 403, 403, 404),
    ("put", "marking-answer"): instead(STAFF, 428),
    ("post", "contest-decision"): instead(AUTHOR, 400),
    ("post", "practice-attempts"): instead(ANYBODY, 201),
    ("post", "attempt-submit"): OWN,  # again
    ("put", "attempt-answer"): UNREAD,
    ("post", "attempt-hint"): UNREAD,
    ("post", "attempt-check"): instead(OWN, 409),  # it has been handed in
    ("post", "attempt-contest"): instead(OWN, 400),
    ("delete", "attempt-contest"): instead(OWN, 204),
}


def places(world: World) -> dict[str, str]:
    """A quiz to practise, and another that the student has handed in and objected to."""
    course = world.classroom.course
    quiz = quiz_create(course, question_create(course), slug="practised", is_practice=True)
    asked = question_create(course, slug="asked", hints=hints("0.25"))
    essay = question_create(course, "essay", slug="essay")  # waits to be marked
    assignment = assignment_create(
        world.classroom,
        world.instructor,
        quiz_create(course, asked, essay),
        attempt_limit=None,
        is_marked_anonymously=False,
    )
    attempt = services.assignment_start(assignment=assignment, student=world.student, now=NOW)
    services.attempt_submit(
        attempt_id=attempt.public_id, student=world.student, saves=right_saves(attempt), now=NOW
    )
    contest = services.contest_open(
        response=Response.objects.get(attempt=attempt, position=1),
        text="It is unclear.",
        paragraph=SourceParagraph.objects.filter(article__course=course).first(),
        reference=None,
        locator="",
        student=world.student,
        now=NOW,
    )
    (pile,) = marking_piles(assignment)
    return {
        "answer": answer_id(pile.first),
        "question": asked.slug,
        "file_format": "gift",
        "quiz": quiz.slug,
        "assignment_id": str(assignment.public_id),
        "attempt_id": str(attempt.public_id),
        "position": "1",
        "contest_id": str(contest.public_id),
    }
