"""Where cards come from, and that none tells a key before its time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content import services as content
from apps.content.models import Course
from apps.core.errors import NotFound
from apps.notes.models import Note
from apps.quizzes import services as quizzes
from apps.quizzes.models import Question
from apps.quizzes.types import TYPES
from apps.review import personal, selectors, services
from apps.review.enums import OriginKind
from apps.review.errors import InvalidCard
from apps.review.models import ReviewCard, ReviewRefusal
from apps.review.services import Text
from apps.review.services import cards as card_services
from tests.content.factories import lesson_publish, section, term_create
from tests.factories import NOW
from tests.quizzes.factories import (
    SPECS,
    assignment_create,
    draft,
    question_create,
    quiz_create,
)
from tests.review.factories import (
    answered,
    event_create,
    later,
    practised,
    rate,
    readable_course,
)

pytestmark = pytest.mark.django_db
CANARY = "Zwitschermaschine"


@pytest.fixture
def course(db: None) -> Course:
    return readable_course()


def keyed(course: Course) -> Question:
    """A question whose key, feedback and explanation each hold the canary."""
    spec: dict[str, Any] = {
        "rule": "one_best",
        "shuffle": True,
        "options": [
            {"id": "a", "text": "West", "is_key": True, "feedback": CANARY, "source": "P01"},
            {"id": "b", "text": "East", "is_key": False, "feedback": "No.", "source": "P02"},
        ],
    }
    return question_create(course, spec=spec, explanation=f"Because of {CANARY}.")


def face_of(owner: User, card: ReviewCard, now: Any = NOW) -> selectors.Face:
    (face,) = selectors.faces(owner, [selectors.card_of(owner, card.public_id)], now)
    return face


def only_card(owner: User) -> ReviewCard:
    return owner.review_cards.get()


def test_new_cards_come_up_as_the_lessons_teach_them(student: User, course: Course) -> None:
    for term in ("Accord", "Alliance"):
        term_create(course, slug=term.lower(), term=term, aliases=[], definition="A pact.")
    lesson_publish(course, section(body="An [[Accord]]."), slug="second")
    assert services.cards_add_terms(owner=student, course=course, unit=None, now=NOW) == 3
    asked = []
    for _each in range(3):
        summary = selectors.review_summary(student, NOW)
        card = selectors.queue_next(student, summary, NOW)
        assert card
        asked.append(card.front)
        rate(card, 4)
    # What no lesson names comes last.
    assert asked == ["Regional Anti-Terrorism Structure", "Accord", "Alliance"]


def test_terms_and_dates_become_cards_once(student: User, course: Course) -> None:
    term_create(course, slug="sco", term="SCO", aliases=[], definition="An organisation.")
    unit = course.units.get()
    # The lesson names one of the two terms; the date rests on a paragraph that it retells.
    added = [
        services.cards_add_terms(owner=student, course=course, unit=unit, now=NOW),
        services.cards_add_terms(owner=student, course=course, unit=None, now=NOW),
        services.cards_add_terms(owner=student, course=course, unit=None, now=NOW),
        services.cards_add_events(owner=student, course=course, unit=unit, now=NOW),
        services.cards_add_events(owner=student, course=course, unit=None, now=NOW),
    ]
    assert added == [1, 1, 0, 1, 0]
    cards = {card.origin_kind: card for card in student.review_cards.order_by("-id")}
    term = face_of(student, cards[OriginKind.TERM])
    assert term.front == "<p>Regional Anti-Terrorism Structure</p>"
    assert term.back.startswith("<p>A body of the SCO")
    assert (term.place.lesson_path, term.place.lesson_title, term.place.paragraph_path) == (
        "/courses/sco/lessons/history/invitation/#invitation",
        "The invitation of 1949",
        "/courses/sco/source/P01/",
    )
    date = face_of(student, cards[OriginKind.EVENT])
    assert date.front == "<p>When: The invitation to Moscow</p>"
    assert date.back == "<p><strong>June 1949</strong></p><p>It was not taken up.</p>\n"
    assert date.place.lesson_path == term.place.lesson_path


def test_cards_follow_what_they_came_from_until_they_are_changed(
    student: User, course: Course
) -> None:
    services.cards_add_terms(owner=student, course=course, unit=None, now=NOW)
    card = only_card(student)
    term = course.glossaryterms.get()
    content.term_save(term=term, fields={"definition": "Corrected."}, editor=None, now=NOW)
    assert face_of(student, card).back == "<p>Corrected.</p>\n"
    services.card_edit(
        owner=student, card_id=card.public_id, text=Text("Mine", "My back"), version=1, now=NOW
    )
    assert face_of(student, card).back == "<p>My back</p>\n"
    services.card_follow(owner=student, card_id=card.public_id, version=2)
    assert face_of(student, card).back == "<p>Corrected.</p>\n"
    term.delete()
    assert face_of(student, card).back == "<p>My back</p>\n"


def test_what_was_missed_last_becomes_a_card(student: User, course: Course) -> None:
    missed, known, relearned, essay = (
        question_create(course),
        question_create(course, "numeric"),
        question_create(course, "matching"),
        question_create(course, "essay"),
    )
    practised(student, missed, relearned, essay)
    practised(student, known, relearned, is_right=True)
    open_quiz = quiz_create(course, question_create(course))
    quizzes.practice_start(quiz=open_quiz, student=student, now=NOW)
    assert services.cards_add_missed(owner=student, course=course, now=NOW) == 1
    assert services.cards_add_missed(owner=student, now=NOW) == 0
    card = only_card(student)
    assert (card.origin_id, card.front, card.back_html) == (missed.public_id, "", "")
    face = face_of(student, card)
    assert "Where did he go instead?" in face.front
    assert "<strong>The United States</strong>" in face.back
    assert (face.place.paragraph, face.widget is not None) == ("P01", True)


def test_only_the_students_own_answers_count(
    student: User, classmate: User, course: Course
) -> None:
    practised(classmate, question_create(course))
    assert services.cards_add_missed(owner=student, now=NOW) == 0


@pytest.mark.parametrize("hidden", ["correctness_when", "feedback_when", "key_when"])
def test_no_card_before_all_of_it_is_disclosed(
    hidden: str, student: User, instructor: User, classroom: Classroom
) -> None:
    question = keyed(classroom.course)
    given = {hidden: "moment", hidden.replace("_when", "_at"): later(days=2)}
    assignment = assignment_create(
        classroom, instructor, quiz_create(classroom.course, question), **given
    )
    attempt = quizzes.assignment_start(assignment=assignment, student=student, now=NOW)
    answered(attempt)
    assert services.cards_add_missed(owner=student, now=later(days=1)) == 0
    assert services.cards_add_missed(owner=student, now=later(days=2)) == 1
    assert CANARY in face_of(student, only_card(student), later(days=2)).back


def test_a_card_is_silent_while_a_quiz_of_the_class_withholds_its_key(
    student: User, instructor: User, classroom: Classroom
) -> None:
    """The card was made from practice; then the class is asked the same."""
    course = classroom.course
    question = keyed(course)
    practised(student, question)
    services.cards_add_missed(owner=student, now=NOW)
    card = only_card(student)
    assert CANARY in face_of(student, card).back
    # Its owner's own words, which may hold the key, keep silent as well.
    for text in (None, Text(f"{CANARY}?", CANARY)):
        if text:
            services.card_edit(owner=student, card_id=card.public_id, text=text, version=1, now=NOW)
        assignment = assignment_create(
            classroom, instructor, quiz_create(course, question), key_when="never"
        )
        face = face_of(student, card)
        withheld = selectors.withheld_from(student, NOW)
        summary = selectors.review_summary(student, NOW, without=withheld)
        exported = selectors.cards_exported(student, NOW)
        assert (face.status, face.front, face.back, face.listed, face.widget, face.title) == (
            "withheld",
            "",
            "",
            "",
            None,
            "",
        )
        assert selectors.queue_next(student, summary, NOW, without=withheld) is None
        assert (summary.new, exported.count, exported.left_out) == (0, 0, 1)
        assert CANARY not in exported.text
        (copied,) = copied_cards(student)
        assert (copied["front"], copied["back"]) == ("", "")
        assert services.cards_add_missed(owner=student, now=NOW) == 0
        assignment.delete()
    assert copied_cards(student)[0]["back"] == CANARY


def copied_cards(student: User) -> list[Any]:
    """The cards in a copy of everything about the person."""
    (table,) = (
        each for each in personal.export_tables(student, NOW) if each.name == "review/cards"
    )
    return list(table.rows)


def test_a_corrected_key_is_the_cards_key(student: User, course: Course) -> None:
    question = question_create(course)
    practised(student, question)
    services.cards_add_missed(owner=student, now=NOW)
    card = only_card(student)
    services.card_edit(
        owner=student, card_id=card.public_id, text=Text("Mine", "West"), version=1, now=NOW
    )
    assert not face_of(student, card).is_outdated
    spec = {**SPECS["single_choice"]}
    spec["options"] = [
        {**option, "is_key": option["id"] == "c"} for option in SPECS["single_choice"]["options"]
    ]
    question.refresh_from_db()
    quizzes.question_save(
        question=question,
        draft=draft(slug=question.slug, spec=spec),
        expected_revision=question.revision,
        editor=None,
        now=NOW,
    )
    assert face_of(student, card).is_outdated
    services.card_follow(owner=student, card_id=card.public_id, version=2)
    assert "<strong>China</strong>" in face_of(student, card).back
    card.refresh_from_db()
    assert (card.front, card.back, card.back_html) == ("", "", "")


@pytest.mark.parametrize("kind", sorted(set(TYPES) - {"essay"}))
def test_every_type_of_question_makes_a_card(kind: str, student: User, course: Course) -> None:
    question = question_create(course, kind)
    practised(student, question)
    assert services.cards_add_missed(owner=student, now=NOW) == 1
    face = face_of(student, only_card(student))
    key = {
        "single_choice": "The United States",
        "multiple_response": "The United States",
        "true_false": "The United States",
        "short_text": "Liaquat Ali Khan",
        "numeric": "1100",
        "ordering": "The oil agreement",
        "matching": "1949",
        "gap_fill": "1100",
        "categorise": "Hard power",
        "locate": "Karachi",
        "select_evidence": "An invitation came.",
    }[kind]
    assert key in face.back
    assert "{{" not in face.listed
    assert "options." not in f"{face.listed}{face.back}"
    # What there is to choose from stands in the card's own order, so that it tells nothing.
    if kind in {"short_text", "numeric"}:
        assert key not in face.listed


def test_a_note_becomes_a_card_on_request(student: User, classmate: User, course: Course) -> None:
    lesson = lesson_publish(course, slug="second", title="Second")
    given = {
        "author": student,
        "lesson": lesson,
        "lesson_title": lesson.title,
        "section": "invitation",
        "heading": "Invitation",
        "sources": ["P01"],
    }
    note = Note.objects.create(
        kind="note",
        exact="an invitation",
        body="So *early*.",
        html="<p>So <em>early</em>.</p>",
        **given,
    )
    highlight = Note.objects.create(kind="highlight", exact="first contact", **given)
    for each in (note, highlight, note):
        services.card_add_note(owner=student, note_id=each.public_id, now=NOW)
    faces = selectors.faces(student, list(selectors.cards_of(student).order_by("id")), NOW)
    assert [(face.front, face.back) for face in faces] == [
        ("<p>an invitation</p>", "<p>So <em>early</em>.</p>"),
        (
            "<p>What does “Invitation” say that you marked?</p>",
            "<blockquote><p>first contact</p></blockquote>",
        ),
    ]
    assert faces[0].place.lesson_path == "/courses/sco/lessons/history/second/#invitation"
    with pytest.raises(NotFound):
        services.card_add_note(owner=classmate, note_id=note.public_id, now=NOW)
    confused = Note.objects.create(kind="confused", **given)
    with pytest.raises(InvalidCard):
        services.card_add_note(owner=student, note_id=confused.public_id, now=NOW)
    note.delete()
    assert face_of(student, faces[0].card).back == "<p>So <em>early</em>.</p>"


def test_what_was_deleted_is_not_added_by_itself(student: User, course: Course) -> None:
    practised(student, question_create(course))
    saved: dict[str, Any] = {"new_per_day": 5, "reviews_per_day": 50, "desired_retention": 0.9}
    services.settings_save(owner=student, may_add_missed=False, **saved)
    assert services.missed_add_due(now=NOW) == 0
    services.settings_save(owner=student, may_add_missed=True, **saved)
    assert services.missed_add_due(now=NOW) == 1
    services.card_delete(owner=student, card_id=only_card(student).public_id, now=NOW)
    # Within the hour nobody is looked at again.
    assert services.missed_add_due(now=NOW + timedelta(minutes=59)) == 0
    assert services.missed_add_due(now=NOW + timedelta(minutes=61)) == 0
    assert ReviewRefusal.objects.count() == 1
    # A button is a wish of its own.
    assert services.cards_add_missed(owner=student, now=NOW) == 1
    assert ReviewRefusal.objects.count() == 0


def test_one_persons_trouble_keeps_nobody_waiting(
    student: User, classmate: User, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: dict[str, Any] = {"new_per_day": 5, "reviews_per_day": 50, "desired_retention": 0.9}
    for person in (student, classmate):
        services.settings_save(owner=person, may_add_missed=True, **saved)
        practised(person, question_create(course))
    monkeypatch.setattr(card_services, "MAX_CARDS", 1)
    ReviewCard.objects.create(owner=student, origin_kind=OriginKind.OWN, due_at=NOW)
    assert services.missed_add_due(now=NOW) == 1
    assert classmate.review_cards.count() == 1


@pytest.mark.parametrize("count", [1, 30])
def test_what_could_be_added_costs_the_same_whatever_there_is(
    count: int, student: User, course: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count - 1):
        term_create(course, slug=f"t{number}", term=f"Term {number}", aliases=[])
        event_create(course, slug=f"e{number}")
    practised(student, *(question_create(course) for _number in range(count)))
    # Cards of three kinds; terms and dates by unit, and of the course; the units; the answers;
    # what is set to the student's classes.
    with django_assert_num_queries(10):
        offer = selectors.offers(student, course, NOW)
    assert (offer.whole.terms, offer.whole.events, offer.missed) == (count, count, count)
    assert [(each.terms, each.events) for each in offer.units] == [(1, count)]


@pytest.mark.parametrize("count", [1, 30])
def test_missed_and_shown_cost_the_same_whatever_there_is(
    count: int,
    student: User,
    instructor: User,
    classroom: Classroom,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    course = classroom.course
    for _number in range(count):
        question = question_create(course)
        assignment = assignment_create(
            classroom,
            instructor,
            quiz_create(course, question),
            closes_at=later(days=1),
            attempt_limit=None,
        )
        answered(quizzes.assignment_start(assignment=assignment, student=student, now=NOW))
    # The answers; closing times; what is set: assignments, attempts, closing times.
    with django_assert_num_queries(5):
        missed = selectors.missed_by(student, NOW)
    assert len(missed) == count
    services.cards_add_missed(owner=student, now=NOW)
    cards = list(selectors.cards_of(student))
    # The courses of cards; the three of what is set; the questions.
    with django_assert_num_queries(5):
        shown = selectors.faces(student, cards, NOW)
    assert [face.status for face in shown] == ["shown"] * count
