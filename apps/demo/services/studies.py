"""What the demo's class has read, been confused by and answered, and the quiz it is given."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content.models import Lesson, LessonEdition
from apps.learning import services as learning
from apps.learning.reading import Place, Report
from apps.notes import services as notes
from apps.notes.drafts import PRIVATE, Audience
from apps.notes.enums import Kind, Visibility
from apps.notes.passages import section_texts, selector_at, sentences, tidy
from apps.quizzes import services as quizzes
from apps.quizzes.models import Attempt, Quiz
from apps.quizzes.types import TYPES
from apps.quizzes.types.contract import Labels

QUIZ = "unit-history"
# name: (lessons read, every how many-th question answered wrongly)
_STUDENTS = {"Bilal Ahmed": (9, 3), "Zainab Ali": (12, 5), "Daria Sokolova": (4, 2)}
# name, place of the lesson and of its section, kind, body
_NOTES = (
    ("Bilal Ahmed", 1, 0, Kind.CONFUSED, ""),
    ("Daria Sokolova", 1, 0, Kind.CONFUSED, ""),
    ("Daria Sokolova", 3, 1, Kind.CONFUSED, ""),
    ("Zainab Ali", 2, 0, Kind.NOTE, "Whose claim is this: the authors', or the work they cite?"),
    ("Zainab Ali", 5, 1, Kind.HIGHLIGHT, ""),
)


def study(classroom: Classroom, people: dict[str, User], *, now: datetime) -> None:
    """Let the class read, mark passages and hand in a quiz over the days before `now`."""
    published = Lesson.objects.published().filter(unit__course=classroom.course)
    editions = list(
        LessonEdition.objects.filter(pk__in=published.values("published_edition"))
        .select_related("lesson__unit__course")
        .order_by("lesson__unit__position", "lesson__unit", "lesson__position", "pk")
    )
    for name, (count, _wrong) in _STUDENTS.items():
        _read(people[name], editions[:count], now)
    for name, place, section, kind, body in _NOTES:  # each beside a section's first sentence
        text = section_texts(editions[place].html)[section]
        heading = tidy(editions[place].document["sections"][section]["heading"])
        words = text.text.removeprefix(heading).strip()
        start = text.text.index(words)
        notes.note_create(
            author=people[name],
            edition=editions[place],
            passage=selector_at(text, start, start + len(sentences(words)[0])),
            kind=kind,
            body=body,
            # A note with words is shared with the class.
            audience=Audience(Visibility.CLASS, classroom) if body else PRIVATE,
            now=now - timedelta(days=1),
        )
    _give(classroom, people, now)


def _read(person: User, editions: list[LessonEdition], now: datetime) -> None:
    """All of these lessons but the second half of the last."""
    reports = []
    for left, edition in enumerate(reversed(editions)):
        anchors = [part["id"] for part in edition.document["sections"]]
        seen = anchors if left else anchors[: len(anchors) // 2 + 1]
        unit = edition.lesson.unit
        reports.append(
            Report(
                Place(unit.course.slug, unit.slug, edition.lesson.slug),
                frozenset(seen),
                resume=seen[-1],
                at=now - timedelta(days=1, hours=left),
            )
        )
    learning.progress_record(reader=person, reports=reports, now=now - timedelta(days=1))


def _give(classroom: Classroom, people: dict[str, User], now: datetime) -> None:
    """The quiz of the first unit, due in three days; one student has still to hand it in."""
    quiz = Quiz.objects.filter(course=classroom.course, slug=QUIZ).first()
    if quiz is None:
        return
    teacher = people["Ayesha Khan"]
    assignment = quizzes.assignment_create(
        classroom=classroom,
        quiz=quiz,
        fields={
            "opens_at": now - timedelta(days=4),
            "due_at": now + timedelta(days=3),
            "closes_at": now + timedelta(days=5),
            "attempt_limit": 1,
        },
        actor=teacher,
        now=now - timedelta(days=4),
    )
    quizzes.assignment_publish(assignment=assignment, actor=teacher, now=now - timedelta(days=4))
    assignment.refresh_from_db(fields=["published_at"])
    for name in ("Bilal Ahmed", "Zainab Ali"):
        at = now - timedelta(days=2)
        attempt = quizzes.assignment_start(assignment=assignment, student=people[name], now=at)
        quizzes.attempt_submit(
            attempt_id=attempt.public_id,
            student=people[name],
            saves=_answers(attempt, wrong=_STUDENTS[name][1]),
            now=at + timedelta(minutes=20),
        )


def _answers(attempt: Attempt, *, wrong: int) -> dict[int, quizzes.Save]:
    """Everything answered rightly, and every `wrong`-th item left empty."""
    saves = {}
    for response in attempt.responses.select_related("version"):
        kind, version = TYPES[response.version.kind], response.version
        fixed = kind.fix(version.spec)
        if fixed and response.position % wrong:
            raw = kind.unparse(version.spec, fixed, Labels(response.seed))
            saves[response.position] = quizzes.Save(raw=raw, sequence=1, seconds=40)
    return saves
