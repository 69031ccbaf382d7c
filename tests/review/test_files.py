"""Cards in and out by file: all or nothing, and the same again changes nothing."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.review import selectors, services
from apps.review.enums import OriginKind
from apps.review.errors import CannotImport, TooMany
from apps.review.models import ReviewCard
from apps.review.services import Imported, Text
from apps.review.services import cards as card_services
from tests.factories import NOW
from tests.review.factories import own_card, readable_course

pytestmark = pytest.mark.django_db

MARKDOWN = "**Who** went *west*?\n\n- a\n- b\n\n> quoted\n\n1986\\. A year, `code`"


def put(owner: User, text: str) -> Imported:
    return services.cards_import(owner=owner, text=text, course=None, now=NOW)


def texts_of(owner: User) -> list[tuple[str, str, list[str]]]:
    rows = owner.review_cards.order_by("id")
    return list(rows.values_list("front_html", "back_html", "tags"))


def test_a_file_written_here_is_read_back_without_loss(student: User, classmate: User) -> None:
    own_card(student, MARKDOWN, 'One\\\ntwo "quotes" #hash', tags=("a", "b::c"))
    own_card(student, "=1+1", "<script>alert(1)</script>")
    exported = selectors.cards_exported(student, NOW)
    assert (exported.count, exported.left_out) == (2, 0)
    assert put(classmate, exported.text) == Imported(new=2, changed=0, same=0, kept=0)
    assert texts_of(classmate) == texts_of(student)
    # Out again, it is the same file; in again, nothing changes.
    assert selectors.cards_exported(classmate, NOW).text == exported.text
    assert put(classmate, exported.text) == Imported(new=0, changed=0, same=2, kept=0)
    assert put(student, exported.text) == Imported(new=0, changed=0, same=2, kept=0)
    assert classmate.review_cards.count() == 2


def test_what_changed_in_the_file_changes_the_card_and_not_when_it_comes(student: User) -> None:
    put(student, "#guid column:1\ng1\ta\tb\n")
    card = student.review_cards.get()
    done = put(student, "#guid column:1\n#tags column:4\ng1\ta new\tb\tt\ng2\tc\td\t\n")
    assert done == Imported(new=1, changed=1, same=0, kept=0)
    changed = student.review_cards.get(pk=card.pk)
    assert (changed.front, changed.tags, changed.due_at, changed.version, changed.guid) == (
        "a new",
        ["t"],
        card.due_at,
        2,
        "g1",
    )


def test_without_names_the_front_names_a_note(student: User) -> None:
    assert put(student, "a\tb\n").new == 1
    assert put(student, "a\tc\n") == Imported(new=0, changed=1, same=0, kept=0)
    assert student.review_cards.get().back == "c"


def test_cards_that_follow_the_course_stay(student: User) -> None:
    course = readable_course()
    services.cards_add_terms(owner=student, course=course, unit=None, now=NOW)
    exported = selectors.cards_exported(student, NOW)
    assert "sco term" in exported.text
    assert 'href="/' not in exported.text
    assert put(student, exported.text) == Imported(new=0, changed=0, same=0, kept=1)


def test_nobody_changes_anothers_card(student: User, classmate: User) -> None:
    card = own_card(student, "a", "b")
    done = put(classmate, f"#guid column:1\n{card.public_id}\ta\thacked\n")
    assert done.new == 1
    card.refresh_from_db()
    assert (card.back, classmate.review_cards.get().origin_kind) == ("b", OriginKind.IMPORTED)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a\tb\nc\n", 2, "one field"),
        ("a\t\n", 1, "empty"),
        ("a\tb\na\tc\n", 2, "already, on line 1"),
        ("#html:true\n<script>x</script>\tc\n", 2, "empty"),
        (f"a\tb\n{'c' * 5001}\td\n", 2, "5000"),
        ("#tags column:3\na\tb\t" + "t" * 61 + "\n", 2, "tags"),
        ("#html:true\na\tb\nc\t" + "<ul><li>" * 11 + "d\n", 3, "20 deep"),
        ("#html:true\na\tb\nc\t" + "<br>" * 501 + "d\n", 3, "500 lines"),
        ("#html:true\na\tb\n" + f"c\t{'<hr>' * 500}d\n" * 61, 63, "30,000 lines"),
        ("a\tb\n" + f"c\t{'*' * 20_000}d\n" * 11, 12, "200,000 line breaks"),
    ],
)
def test_one_faulty_line_keeps_all_out(student: User, text: str, line: int, words: str) -> None:
    plan = services.plan_checked(student, text)
    assert [found for found, _message in plan.faults] == [line]
    assert words in plan.faults[0][1]
    with pytest.raises(CannotImport):
        put(student, text)
    assert student.review_cards.count() == 0


def test_what_would_be_an_empty_card_is_left_out_and_named(student: User) -> None:
    text = '#html:true\nc\t\n<img src="flag.png">\tNepal\na\tb\n'
    plan = services.plan_checked(student, text)
    assert ([line for line, _message in plan.left_out], plan.faults) == ([2, 3], [])
    assert put(student, text) == Imported(new=1, changed=0, same=0, kept=0)


def test_gaps_come_back_as_the_cards_that_they_made(student: User, classmate: User) -> None:
    text = "#html:true\n#guid column:1\ng1\t{{c1::a}} in {{c2::b}}\t\n"
    assert put(student, text).new == 2
    assert put(student, text).same == 2
    assert put(student, text.replace("c2::b", "c2::d")).changed == 2
    exported = selectors.cards_exported(student, NOW).text
    assert put(student, exported).same == 2
    assert put(classmate, exported).new == 2


def test_stored_cards_that_cost_too_much_to_compare_take_the_files_text(student: User) -> None:
    long = own_card(student, "a", "- x\n" * 600)
    short = own_card(student, "b", "*x*")
    text = f"#html:true\n#guid column:1\n{long.public_id}\ta\tc\n{short.public_id}\tb\t<i>x</i>\n"
    assert put(student, text) == Imported(new=0, changed=1, same=1, kept=0)
    long.refresh_from_db()
    assert long.back == "c"


def test_a_file_beyond_what_one_may_keep_is_refused_whole(
    student: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_services, "MAX_CARDS", 1)
    with pytest.raises(TooMany):
        put(student, "a\tb\nc\td\n")
    assert student.review_cards.count() == 0


def test_hostile_html_in_a_file_is_sanitised(student: User) -> None:
    back = "<a href='javascript:x'>a</a><script>x</script>"
    put(student, f"#html:true\n<img src=x onerror=alert(1)>q\t{back}\n")
    assert texts_of(student) == [("<p>q</p>\n", "<p>a</p>\n", [])]


@pytest.mark.parametrize("count", [1, 30])
def test_a_file_costs_the_same_whatever_it_holds(
    count: int, student: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    text = "".join(f"f{number}\tb{number}\n" for number in range(count))
    # Cards that the file may mean; the owner held; how many there are; the new ones; a savepoint.
    with django_assert_num_queries(6):
        put(student, text)
    # The cards.
    with django_assert_num_queries(1):
        assert selectors.cards_exported(student, NOW).count == count


def test_a_changed_linked_card_is_exported_as_its_owner_wrote_it(student: User) -> None:
    course = readable_course()
    services.cards_add_events(owner=student, course=course, unit=None, now=NOW)
    card = ReviewCard.objects.get()
    services.card_edit(
        owner=student, card_id=card.public_id, text=Text("Mine", "Own"), version=1, now=NOW
    )
    assert "<p>Mine</p>" in selectors.cards_exported(student, NOW).text
