"""The demo's class, in the middle of a debate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.classrooms import services as classrooms
from apps.classrooms.models import Classroom
from apps.content.models import Course
from apps.debates import services as debates
from apps.debates.enums import PhaseKind, Relation
from apps.debates.models import Argument, Debate, DebateRun, Participant
from apps.debates.phases import Window
from apps.debates.services import Source
from apps.demo.selectors import CLASS_ID, people_by_name
from apps.demo.services.studies import study

COURSE, DEBATE = "pakistan-russia-sco", "counterweight-to-nato"
_DAY = timedelta(days=1)
# How many days before or after the present each phase begins, and the last one ends.
_BEGINS = (-5, -3, 4, 9, 11, 14)
_LESSON = "prospects/rats-and-the-nato-comparison"


@dataclass(frozen=True, slots=True)
class _Said:
    """An argument.  answers: the place of another in the list.  hours: since the arguing began.

    works: (key, pages); without works, paragraphs and section it is its author's own reasoning.
    """

    author: str
    text: str
    hours: int
    answers: int | None = None
    relation: str = Relation.OPENING
    works: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    section: str = ""
    quotation: str = ""


# name: stance, confidence, side
_STANCES = {
    "Bilal Ahmed": (2, 4, "for"),
    "Zainab Ali": (-2, 3, "against"),
    "Daria Sokolova": (1, 2, "for"),
}
_DEBATE = (
    _Said(
        "Bilal Ahmed",
        "A counterweight is whatever others have to reckon with. The members hold exercises"
        " together, and in 2022 they agreed to act against terrorism from Afghanistan. Nobody in"
        " NATO plans for Central Asia any more without asking what the SCO will do.",
        hours=3,
        works=(("dehaas2007", ""),),
        paragraphs=("P27",),
    ),
    _Said(
        "Zainab Ali",
        "Look at what the members have promised each other. The Charter speaks of cooperation in"
        " security, economics and culture; it binds nobody to defend anybody. An organisation"
        " that cannot settle a quarrel between two of its own members will not act as one"
        " against an alliance.",
        hours=8,
        paragraphs=("P18", "P42"),
    ),
    _Said(
        "Zainab Ali",
        "The prediction is not the authors'. They report that some analysts made it, and name two"
        " works that are older than Pakistan's membership. An agreement about terrorism is aimed"
        " at armed groups, not at NATO.",
        hours=20,
        answers=0,
        relation=Relation.REBUTTAL,
        section=f"{_LESSON}#counterbalance",
        quotation="They call the point important to note. They do not say whether they agree.",
    ),
    _Said(
        "Daria Sokolova",
        "The quarrel of two members has not stopped the others. Druzhba went on in spite of"
        " Indian objections, six times by 2021 as the article counts. Weight can grow beside a"
        " quarrel, as long as those who wish to act are not stopped by it.",
        hours=27,
        answers=1,
        relation=Relation.REBUTTAL,
        paragraphs=("P27",),
    ),
    _Said(
        "Bilal Ahmed",
        "Granted: the authors do not say it themselves, and I should have said whose claim it is."
        " What I keep is the fact of the agreement of 2022, which they do report.",
        hours=31,
        answers=2,
        relation=Relation.CONCESSION,
    ),
    _Said(
        "Daria Sokolova",
        "What would have to happen before you called it a counterweight? A promise of defence, a"
        " common command, or only that others change their plans because of it?",
        hours=40,
        answers=1,
        relation=Relation.QUESTION,
    ),
    _Said(
        "Zainab Ali",
        "That tension with the West draws Russia and China together is the strongest point for"
        " the motion, and the article makes it. But it draws two states together, and Pakistan"
        " appears there as a bridge between them, which is the opposite of a bloc.",
        hours=52,
        answers=0,
        relation=Relation.REBUTTAL,
        paragraphs=("P40",),
    ),
    _Said(
        "Bilal Ahmed",
        "Have you read the Charter, or only what others write about it?",
        hours=60,
        answers=6,
        relation=Relation.QUESTION,
    ),
)
# who, place of the argument, strength
_RATINGS = (
    ("Zainab Ali", 0, 4),
    ("Daria Sokolova", 0, 5),
    ("Bilal Ahmed", 1, 4),
    ("Daria Sokolova", 1, 4),
    ("Bilal Ahmed", 2, 3),
    ("Zainab Ali", 3, 3),
    ("Bilal Ahmed", 6, 5),
    ("Daria Sokolova", 6, 4),
)
_MOVED = (("Zainab Ali", 4), ("Daria Sokolova", 6))


@transaction.atomic
def demo_class_create(*, now: datetime) -> Classroom | None:
    """Begin a class of the demo's people that is arguing, unless there is one, or no such course.

    The instructor has opened the debate and given a quiz, the students have read, marked passages,
    answered, said where they stand, argued from the course's sources, rated and reported;
    everything is written as the product writes it.
    """
    course = Course.objects.filter(slug=COURSE, school=None).first()
    debate = Debate.objects.filter(course=course, school=None, slug=DEBATE).first()
    people = people_by_name()
    is_there = Classroom.objects.filter(sis_id=CLASS_ID).exists()
    if course is None or debate is None or is_there or not set(_STANCES) < set(people):
        return None
    teacher = people["Ayesha Khan"]
    begins = [now.replace(minute=0, second=0, microsecond=0) + days * _DAY for days in _BEGINS]
    classroom = classrooms.classroom_create(
        school=accounts.school_ensure_default(now=now),
        course=course,
        fields={
            "title": _("Regional order (demo)"),
            "time_zone": teacher.time_zone,
            "sis_id": CLASS_ID,
        },
        actor=teacher,
        now=begins[0] - _DAY,
    )
    for name in _STANCES:
        classrooms.enrolment_add(
            classroom=classroom, user=people[name], actor=teacher, now=begins[0] - _DAY
        )
    run = debates.run_open(
        debate=debate,
        classroom=classroom,
        windows=[
            Window(str(kind), opens, closes)
            for kind, opens, closes in zip(PhaseKind, begins, begins[1:], strict=False)
        ],
        rules={"arguments_owed": 1, "rebuttals_owed": 2, "shows_openings": True},
        actor=teacher,
        now=begins[0] - _DAY,
    )
    _argue(run, people, begins)
    study(classroom, people, now=now)
    return classroom


def _argue(run: DebateRun, people: dict[str, User], begins: list[datetime]) -> None:
    sides = {side.key: side for side in run.debate.sides.all()}
    seats: dict[str, Participant] = {}
    for hours, (name, (value, confidence, side)) in enumerate(_STANCES.items(), start=6):
        seats[name] = debates.stance_open(
            run=run,
            student=people[name],
            value=value,
            confidence=confidence,
            side=sides[side],
            now=begins[0] + timedelta(hours=hours),
        )
        seats[name].run = run
    written: list[Argument] = []
    for said in _DEBATE:
        written.append(
            debates.argument_post(
                participant=seats[said.author],
                parent=written[said.answers] if said.answers is not None else None,
                relation=said.relation,
                text=said.text,
                is_own_reasoning=not (said.works or said.paragraphs or said.section),
                sources=_sources(run, said),
                now=begins[1] + timedelta(hours=said.hours),
            )
        )
    late = begins[1] + timedelta(hours=70)
    for name, place, strength in _RATINGS:
        debates.argument_rate(
            argument=written[place], participant=seats[name], strength=strength, now=late
        )
    for name, place in _MOVED:
        debates.argument_mark_moved(
            argument=written[place], participant=seats[name], is_moved=True, now=late
        )
    debates.argument_report(
        argument=written[-1],
        participant=seats["Zainab Ali"],
        reason=_("It asks about me and not about my argument."),
        now=late,
    )


def _sources(run: DebateRun, said: _Said) -> list[Source]:
    course = run.classroom.course
    works = {work.key: work for work in course.references.filter(key__in=dict(said.works))}
    paragraphs = course.article.paragraphs.filter(number__in=said.paragraphs)
    found = [Source(reference=works[key], locator=pages) for key, pages in said.works]
    found += [Source(paragraph=each) for each in paragraphs]
    if said.section:
        found.append(Source(section=said.section, quotation=said.quotation))
    return found
