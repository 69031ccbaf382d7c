"""What the services promise of a debate."""

from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.core.models import Event
from apps.debates import selectors, services
from apps.debates.enums import ArgumentState, Criterion, EvidenceKind, Relation
from apps.debates.errors import (
    ArgumentGone,
    BranchLocked,
    EditConflict,
    InvalidArgument,
    InvalidDebate,
    InvalidStance,
    OwnArgument,
    PhaseClosed,
    StanceMissing,
    StanceRecorded,
)
from apps.debates.models import ArgumentEdit, DebateRun, Draft, Evidence, Participant, Side
from apps.debates.services import Mark, Source
from apps.grades.models import CurrentGrade
from tests.debates.factories import WORDS, debate_create, during, join, post, run_create, windows
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(classroom: Classroom, instructor: User) -> DebateRun:
    return run_create(classroom, instructor)


@pytest.fixture
def author(run: DebateRun, student: User) -> Participant:
    return join(run, student)


@pytest.fixture
def reader(run: DebateRun, classmate: User) -> Participant:
    return join(run, classmate, value=-2, key="against")


def test_debate_takes_its_address_from_the_motion_once(classroom: Classroom) -> None:
    first, second = debate_create(classroom), debate_create(classroom)
    assert (first.slug, second.slug) == ("is-it-a-counterweight", "is-it-a-counterweight-2")
    assert [side.key for side in first.sides.all()] == ["for", "against"]


def test_run_keeps_the_rules_it_opened_with(run: DebateRun) -> None:
    debate = run.debate
    debate.motion, debate.max_words = "Another motion", 20
    services.debate_save(debate=debate, editor=None, now=NOW)
    run.refresh_from_db()
    assert (run.motion, run.max_words) == ("Is it a counterweight?", 300)


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2)])
def test_run_with_phases_out_of_order_or_missing_is_refused(
    classroom: Classroom, instructor: User, order: tuple[int, ...]
) -> None:
    phases = windows()
    with pytest.raises(InvalidDebate):
        services.run_open(
            debate=debate_create(classroom),
            classroom=classroom,
            windows=[phases[place] for place in order],
            actor=instructor,
            now=NOW,
        )
    assert not DebateRun.objects.exists()


def test_run_of_another_courses_debate_is_refused(
    classroom: Classroom, foreign_classroom: Classroom, instructor: User
) -> None:
    with pytest.raises(InvalidDebate):
        services.run_open(
            debate=debate_create(foreign_classroom),
            classroom=classroom,
            windows=windows(),
            actor=instructor,
            now=NOW,
        )


def test_opening_stance_is_recorded_once(run: DebateRun, author: Participant) -> None:
    with pytest.raises(StanceRecorded):
        join(run, author.user, value=-3, key="against")
    stance = author.stances.get()
    assert author.side is not None
    assert (stance.value, stance.confidence, author.side.key) == (2, 3, "for")


@pytest.mark.parametrize(("value", "confidence"), [(4, 3), (-4, 3), (0, 0), (0, 6)])
def test_stance_off_the_scale_is_refused(
    run: DebateRun, student: User, value: int, confidence: int
) -> None:
    with pytest.raises(InvalidStance):
        services.stance_open(
            run=run,
            student=student,
            value=value,
            confidence=confidence,
            side=run.debate.sides.first(),
            now=during("opening"),
        )
    assert not Participant.objects.exists()


def test_side_against_ones_stance_is_dealt(
    classroom: Classroom, instructor: User, student: User
) -> None:
    run = run_create(classroom, instructor, side_rule="against")
    side = join(run, student, value=3).side
    assert side is not None
    assert side.key == "against"


def test_closing_stance_waits_for_its_phase_and_names_what_moved(
    author: Participant, reader: Participant
) -> None:
    argument = post(author)
    given: dict[str, Any] = {
        "participant": reader,
        "value": 1,
        "confidence": 4,
        "moved_by": argument,
    }
    with pytest.raises(PhaseClosed):
        services.stance_close(**given, now=during("arguing"))
    services.stance_close(**given, now=during("closing"))
    with pytest.raises(StanceRecorded):
        services.stance_close(**given, now=during("closing"))
    shown = selectors.results(author.run)
    assert (shown.pairs, shown.shift.rose, shown.movers) == (1, 1, [(argument, 1)])


def test_only_what_claims_something_waits_for_a_rebuttal(
    author: Participant, reader: Participant
) -> None:
    first = post(author)
    for relation in (Relation.CONCESSION, Relation.QUESTION):
        post(reader, first, relation=relation)
    assert selectors.results(author.run).unanswered == [first]
    answer = post(reader, first, relation=Relation.REBUTTAL)
    assert selectors.results(author.run).unanswered == [answer]


def test_ones_own_argument_moves_nobody(author: Participant) -> None:
    argument = post(author)
    with pytest.raises(OwnArgument):
        services.stance_close(
            participant=author, value=1, confidence=4, moved_by=argument, now=during("closing")
        )


def test_argument_without_evidence_or_label_is_refused(author: Participant) -> None:
    with pytest.raises(InvalidArgument):
        post(author, is_own_reasoning=False)


def test_evidence_is_required_where_the_rule_says_so(
    classroom: Classroom, instructor: User, student: User
) -> None:
    author = join(run_create(classroom, instructor, evidence_rule="required"), student)
    with pytest.raises(InvalidArgument):
        post(author)
    argument = post(author, sources=[Source(url="https://example.org/treaty", locator="art. 2")])
    assert not argument.is_own_reasoning
    assert Evidence.objects.get().kind == EvidenceKind.LINK


@pytest.mark.parametrize(
    "source",
    [
        Source(),
        Source(url="javascript:alert(1)"),
        Source(url="https://example.org", section="a/b#c"),
        Source(section="no/lesson#here"),
        Source(url="https://example.org", locator="x" * 61),
        Source(url="https://example.org", quotation="x" * 2001),
    ],
)
def test_evidence_that_names_no_one_source_is_refused(author: Participant, source: Source) -> None:
    with pytest.raises(InvalidArgument):
        post(author, sources=[source])
    assert not author.arguments.exists()


@pytest.mark.parametrize("text", ["Too short.", "word " * 301])
def test_words_are_counted(author: Participant, text: str) -> None:
    with pytest.raises(InvalidArgument):
        post(author, text=text)


def test_script_in_an_argument_is_inert(author: Participant) -> None:
    argument = post(author, text=f"{WORDS} <script>alert(1)</script> [x](javascript:alert(1))")
    assert "<script" not in argument.html
    assert 'href="javascript' not in argument.html


def test_answers_wait_for_their_phase_and_for_others_to_be_seen(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    run = run_create(classroom, instructor, posts_first=True)
    argument = post(join(run, student))
    reader = join(run, classmate)
    with pytest.raises(StanceMissing):
        post(reader, argument)
    post(reader)
    with pytest.raises(PhaseClosed):
        post(reader, argument, now=during("closing"))
    assert post(reader, argument, now=during("rebutting")).parent == argument


def test_draft_is_one_for_each_place_and_goes_when_posted(author: Participant) -> None:
    for text in ("First", "Second"):
        services.draft_save(
            participant=author, parent=None, relation=Relation.OPENING, text=text, now=NOW
        )
    assert [draft.text for draft in Draft.objects.all()] == ["Second"]
    post(author)
    assert not Draft.objects.exists()


def test_edit_keeps_history_and_refuses_an_old_window(author: Participant) -> None:
    argument = post(author)
    given: dict[str, Any] = {"argument": argument, "participant": author, "now": during("arguing")}
    changed = services.argument_edit(**given, text=f"{WORDS} Twice.", revision=1)
    assert (changed.revision, ArgumentEdit.objects.get().text) == (2, WORDS)
    with pytest.raises(EditConflict):
        services.argument_edit(**given, text=f"{WORDS} Thrice.", revision=1)


def test_rating_twice_counts_once_and_tallies_equal_the_rows(
    author: Participant, reader: Participant
) -> None:
    argument = post(author)
    given: dict[str, Any] = {"argument": argument, "participant": reader, "now": during("arguing")}
    services.argument_rate(**given, strength=2)
    rated = services.argument_rate(**given, strength=5)
    assert (rated.rating_count, rated.rating_sum) == (1, 5)
    moved = services.argument_mark_moved(**given, is_moved=True)
    assert services.argument_mark_moved(**given, is_moved=True).moved_count == moved.moved_count
    assert services.argument_mark_moved(**given, is_moved=False).moved_count == 0


def test_nobody_rates_or_reports_themselves(author: Participant) -> None:
    argument = post(author)
    given: dict[str, Any] = {"argument": argument, "participant": author, "now": during("arguing")}
    with pytest.raises(OwnArgument):
        services.argument_rate(**given, strength=5)
    with pytest.raises(OwnArgument):
        services.argument_report(**given, reason="Look")


def test_removal_leaves_a_marker_and_no_word(
    author: Participant, reader: Participant, instructor: User
) -> None:
    source = Source(url="https://example.org", quotation="secret words")
    argument = post(author, sources=[source])
    services.argument_edit(
        argument=argument,
        participant=author,
        text=f"{WORDS} Again.",
        revision=1,
        now=during("arguing"),
    )
    services.argument_report(
        argument=argument, participant=reader, reason="Slander", now=during("arguing")
    )
    services.argument_moderate(
        argument=argument, kind="remove", reason="Slander", actor=instructor, now=NOW
    )
    argument.refresh_from_db()
    assert (argument.state, argument.text, argument.html) == (ArgumentState.REMOVED, "", "")
    assert not Evidence.objects.exists()
    assert not ArgumentEdit.objects.exists()
    assert not selectors.reported(author.run)
    assert Event.objects.get(kind="argument.remove").is_tombstone
    with pytest.raises(ArgumentGone):
        services.argument_moderate(
            argument=argument, kind="show", reason="No", actor=instructor, now=NOW
        )


def test_act_of_moderation_without_a_reason_is_refused(
    author: Participant, instructor: User
) -> None:
    argument = post(author)
    with pytest.raises(InvalidArgument):
        services.argument_moderate(
            argument=argument, kind="hide", reason=" ", actor=instructor, now=NOW
        )
    argument.refresh_from_db()
    assert argument.state == ArgumentState.VISIBLE


def test_author_is_told_what_was_done_to_them_and_not_who_reported(
    run: DebateRun, author: Participant, instructor: User
) -> None:
    argument = post(author)
    for kind, reason in (("warn", "Mind the tone."), ("dismiss", "Zainab is oversensitive.")):
        services.argument_moderate(
            argument=argument, kind=kind, reason=reason, actor=instructor, now=NOW
        )
    seat = selectors.seat_of(run, author.user, is_staff=False, now=during("arguing"))
    acts = selectors.acts_on(seat, [argument.pk])
    assert [act.reason for act in acts[argument.pk]] == ["Mind the tone."]


def test_locked_branch_takes_no_answer_at_any_depth(
    author: Participant, reader: Participant, instructor: User
) -> None:
    argument = post(author)
    reply = post(reader, argument)
    services.argument_moderate(
        argument=argument, kind="lock", reason="Enough", actor=instructor, now=NOW
    )
    with pytest.raises(BranchLocked):
        post(author, reply)


def test_marks_go_to_the_ledger_held(author: Participant, instructor: User) -> None:
    marks = {str(name): Mark(3, "Well argued") for name in Criterion}
    points = services.scores_save(participant=author, marks=marks, marker=instructor, now=NOW)
    grade = CurrentGrade.objects.get(item__source_kind="debate_run")
    assert (points, grade.points) == (Decimal(12), Decimal(12))
    assert grade.item.released_at is None
    marks["claim"] = Mark(4)
    services.scores_save(participant=author, marks=marks, marker=instructor, now=NOW)
    grade.refresh_from_db()
    assert grade.points == Decimal(13)


def test_incomplete_rubric_is_refused(author: Participant, instructor: User) -> None:
    with pytest.raises(InvalidDebate):
        services.scores_save(
            participant=author, marks={"claim": Mark(3)}, marker=instructor, now=NOW
        )


def owed(participant: Participant) -> tuple[int, int]:
    now = during("arguing")
    seat = selectors.seat_of(participant.run, participant.user, is_staff=False, now=now)
    return seat.arguments_owed, seat.rebuttals_owed


def test_what_is_owed_goes_down_as_it_is_given(author: Participant, reader: Participant) -> None:
    assert owed(author) == (1, 2)
    argument = post(author)
    post(reader, argument)
    assert owed(author) == (0, 2)
    assert owed(reader) == (1, 1)


def test_side_of_another_debate_is_refused(
    run: DebateRun, classroom: Classroom, student: User
) -> None:
    foreign = Side.objects.filter(debate=debate_create(classroom)).first()
    with pytest.raises(InvalidStance):
        services.stance_open(
            run=run, student=student, value=1, confidence=1, side=foreign, now=during("opening")
        )
