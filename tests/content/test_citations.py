import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.citations import (
    Cite,
    clean_csl,
    from_csl_json,
    locator_text,
    narrative_authors,
    parse_group,
    short_authors,
    sort_key,
    suggest_key,
    to_csl_json,
    write_group,
    year_of,
    year_suffixes,
)
from apps.content.models import Reference

keys = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)
words = st.from_regex(r"[a-z]{1,8}( [a-z0-9.]{1,5}){0,3}", fullmatch=True)
cites = st.builds(
    Cite,
    key=keys,
    locator=st.just("") | words,
    prefix=st.just("") | words,
    is_author_hidden=st.booleans(),
)


def people(*families: str) -> list[dict[str, str]]:
    return [{"family": family, "given": "A."} for family in families]


# Pandoc's syntax


@given(st.lists(cites, min_size=1, max_size=4).map(tuple))
def test_group_that_is_written_is_read_back(group: tuple[Cite, ...]) -> None:
    assert parse_group(write_group(group)[1:-1]) == group


@given(st.text(max_size=300))
def test_any_text_is_a_group_or_is_not(text: str) -> None:
    for cite in parse_group(text):
        assert cite.key in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "khan1961",
        "@",
        "a@b.example",
        "@khan1961; and others",
        "@a @b",
        "@a;",
        "; @a",
        "x @a; y@b",
    ],
)
def test_other_brackets_are_not_groups(text: str) -> None:
    assert parse_group(text) == ()


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("pp. 33-35", "pp. 33–35"),
        ("33--35", "33–35"),
        ("pp. 1–2, 5 - 6", "pp. 1–2, 5–6"),
        ("ch. well-known", "ch. well-known"),
    ],
)
def test_ranges_take_an_en_dash(written: str, printed: str) -> None:
    assert locator_text(written) == printed


# Names and years


@pytest.mark.parametrize(
    ("csl", "brackets", "sentence"),
    [
        ({"author": people("Khan")}, "Khan", "Khan"),
        ({"author": people("Hussain", "Fatima")}, "Hussain & Fatima", "Hussain and Fatima"),
        ({"author": people("Abbasi", "Hayat", "Nasir")}, "Abbasi et al.", "Abbasi et al."),
        ({"editor": people("Akihiro")}, "Akihiro", "Akihiro"),
        ({"author": [{"literal": "IIS"}]}, "IIS", "IIS"),
        (
            {"author": [{"family": "Putten", "non-dropping-particle": "van der"}]},
            "van der Putten",
            "van der Putten",
        ),
        ({"title": "An Unsigned Work"}, "“An Unsigned Work”", "“An Unsigned Work”"),
        ({"title": "x" * 80}, "“" + "x" * 59 + "…”", "“" + "x" * 59 + "…”"),
    ],
)
def test_authors_in_few_words(csl: dict[str, Any], brackets: str, sentence: str) -> None:
    assert short_authors(csl) == brackets
    assert narrative_authors(csl) == sentence


def test_authors_fit_their_column() -> None:
    assert len(short_authors({"author": people("x" * 300, "y", "z")})) == 200


@pytest.mark.parametrize(
    ("issued", "year"),
    [
        ({"date-parts": [[1961, 5]]}, "1961"),
        ({"date-parts": [[-44]]}, "44 BCE"),
        ({"literal": "ca. 1950"}, "ca. 1950"),
        (None, ""),
    ],
)
def test_year_as_printed(issued: dict[str, Any] | None, year: str) -> None:
    assert year_of({"issued": issued}) == year


def test_works_cited_alike_get_letters_by_title() -> None:
    def work(title: str, year: int = 2021) -> dict[str, Any]:
        return {"author": people("Khan"), "issued": {"date-parts": [[year]]}, "title": title}

    works = [("k1", work("Zeta")), ("k2", work("alpha")), ("k3", work("Alpha", 2020))]
    assert year_suffixes(works) == {"k2": "a", "k1": "b"}
    many = year_suffixes((f"k{n:02}", work(f"{n:02}")) for n in range(28))
    assert (many["k00"], many["k25"], many["k26"], many["k27"]) == ("a", "z", "aa", "ab")


def test_order_of_a_bibliography_ignores_accents_and_case() -> None:
    works: list[dict[str, Any]] = [
        {"author": people(family), "issued": {"date-parts": [[year]]}, "title": "T"}
        for family, year in (("Zeb", 2006), ("İspir", 2021), ("de Haas", 2007), ("Iqbal", 2021))
    ]
    ordered = sorted(works, key=sort_key)
    assert [work["author"][0]["family"] for work in ordered] == ["de Haas", "Iqbal", "İspir", "Zeb"]


@pytest.mark.parametrize(
    ("csl", "key"),
    [
        ({"author": people("Khan"), "issued": {"date-parts": [[1961]]}}, "khan1961"),
        ({"author": people("Hussain", "Fatima")}, "hussain-fatima"),
        ({"author": people("A", "B", "C"), "issued": {"date-parts": [[2020]]}}, "a2020"),
        ({"author": people("İspir")}, "ispir"),
        ({"author": people("خان")}, "work"),
        ({"title": "Untitled & Unsigned"}, "untitled-unsigned"),
    ],
)
def test_key_in_the_manner_of_the_course(csl: dict[str, Any], key: str) -> None:
    assert suggest_key(csl) == key


# CSL-JSON


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ([], "A reference is an object of CSL-JSON."),
        ({"type": "book"}, "A reference has a title."),
        ({"type": "scroll", "title": "T"}, "'scroll' is not a type of CSL"),
        ({"type": "book", "title": "T", "author": "Khan"}, "author is a list of names."),
        ({"type": "book", "title": "T", "author": ["Khan"]}, "A name in author is an object"),
        ({"type": "book", "title": "T", "author": [{"given": "A."}]}, "neither family nor literal"),
        ({"type": "book", "title": "T", "issued": "1961"}, "issued is an object"),
        ({"type": "book", "title": "T", "issued": {"date-parts": [["x"]]}}, "whole numbers"),
        ({"type": "book", "title": "T", "issued": {"date-parts": [[1961, 13]]}}, "a year, a month"),
        ({"type": "book", "title": "T", "issued": {"season": 1}}, "neither date-parts nor literal"),
        (
            {"type": "book", "title": "T", "volume": {"a": 1}},
            "volume is neither text nor a number.",
        ),
        ({"type": "book", "title": "x" * 5001}, "title has more than 5,000 characters."),
        ({"type": "book", "title": "T", 3: "x"}, "The name of a field is a short text."),
    ],
)
def test_faulty_csl_is_explained(raw: object, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        clean_csl(raw)


def test_csl_is_trimmed_and_made_text() -> None:
    assert clean_csl(
        {
            "id": "x",
            "custom": {},
            "type": "book",
            "title": " Two\n words\x00",
            "volume": 3,
            "note": "",
            "ISBN": ["1", "2"],
            "author": [{"family": " Khan ", "given": "", "role": "x"}],
            "issued": {"date-parts": [["1961", "5"], [1962], [1963]], "circa": True},
        }
    ) == {
        "type": "book",
        "title": "Two words",
        "volume": "3",
        "ISBN": "1, 2",
        "author": [{"family": "Khan"}],
        "issued": {"date-parts": [[1961, 5], [1962]], "circa": 1},
    }


def test_references_go_out_and_come_back() -> None:
    rows = [
        Reference(
            key="khan1961",
            csl={"type": "book", "title": "İ “T”"},
            kind="book",
            is_listed=False,
            note="Doubtful.",
            status="retracted",
        )
    ]
    imported = from_csl_json(to_csl_json(rows))
    assert imported.faults == ()
    assert imported.items == (
        {
            "id": "khan1961",
            "type": "book",
            "title": "İ “T”",
            "custom": {
                "kind": "book",
                "listed": False,
                "note": "Doubtful.",
                "status": "retracted",
            },
        },
    )


def test_import_keeps_what_is_good_and_names_what_is_not() -> None:
    imported = from_csl_json(
        '[{"type": "book", "title": "One", "id": "Not A Key"}, {"id": "bad"}, 7,'
        ' {"type": "book", "title": "One"}]'
    )
    assert [item["id"] for item in imported.items] == ["one", "one-2"]
    assert [fault.where for fault in imported.faults] == ["bad", "3"]


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '"' + "x" * 2_000_001])
def test_what_is_not_json_is_one_fault(text: str) -> None:
    imported = from_csl_json(text)
    assert imported.items == ()
    assert len(imported.faults) == 1
