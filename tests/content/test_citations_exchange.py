"""BibTeX and RIS: what we write, we read back; what others write, we read or name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from apps.content.citations import (
    Imported,
    clean_csl,
    from_bibtex,
    from_ris,
    to_bibtex,
    to_ris,
)
from apps.content.citations.bibtex import TYPES as BIBTEX_TYPES
from apps.content.citations.ris import TYPES as RIS_TYPES
from tests.content import strategies

BUNDLED = Path(settings.COURSES_DIR) / "pakistan-russia-sco" / "references.json"
Reader = Callable[[str], Imported]
Writer = Callable[[list[dict[str, Any]]], str]


@pytest.mark.parametrize(("write", "read"), [(to_bibtex, from_bibtex), (to_ris, from_ris)])
def test_bundled_references_survive(write: Writer, read: Reader) -> None:
    works = [
        {"id": work["id"], **clean_csl(work)}
        for work in json.loads(BUNDLED.read_text(encoding="utf-8"))
    ]
    imported = read(write(works))
    assert imported.faults == ()
    assert list(imported.items) == works


names = strategies.people() | strategies.institutions | strategies.particled


@given(strategies.works(sorted(BIBTEX_TYPES), names, genre=strategies.text))
def test_bibtex_reads_what_it_writes(work: dict[str, Any]) -> None:
    imported = from_bibtex(to_bibtex([work]))
    assert imported.faults == ()
    assert imported.items == (work,)


def has_comma(institution: dict[str, str]) -> bool:
    return "," in institution["literal"]


ris_names = strategies.people(
    [given for given in strategies.GIVEN if "," not in given]
) | strategies.institutions.filter(lambda name: not has_comma(name))


@given(strategies.works(sorted(RIS_TYPES), ris_names, genre=strategies.text))
def test_ris_reads_what_it_writes(work: dict[str, Any]) -> None:
    imported = from_ris(to_ris([work]))
    assert imported.faults == ()
    assert imported.items == (work,)


def test_particle_is_a_part_of_the_family_in_ris() -> None:
    work = {
        "id": "x",
        "type": "book",
        "title": "T",
        "author": [
            {"family": "Putten", "given": "F.", "non-dropping-particle": "van der"},
            {"family": "Xue"},
        ],
    }
    assert from_ris(to_ris([work])).items[0]["author"] == [
        {"family": "van der Putten", "given": "F."},
        {"family": "Xue"},
    ]


def test_bibtex_of_others() -> None:
    imported = from_bibtex(
        r"""
        @string{ph = "Pakistan Horizon"}
        @comment{nothing}
        @Article{Khan:1961,
          author = "H. U. R. Khan and Ludwig van Beethoven and {World Bank}",
          title = {Caf{\'e} {\&} the {USSR} -- na{\"i}ve},
          journal = ph, month = may, day = 3, year = 1961, pages = {33--55},
          url = {\url{https://a.example/x\_y}}
        }
        @inbook{k2, title = {In}, booktitle = {Whole}, date = {2020-03}, journaltitle = {J}}
        @mastersthesis{k3, title = {Thesis}, school = {NUST}, year = {n.d.}}
        """
    )
    assert imported.faults == ()
    assert list(imported.items) == [
        {
            "id": "khan1961",
            "type": "article-journal",
            "author": [
                {"family": "Khan", "given": "H. U. R."},
                {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
                {"literal": "World Bank"},
            ],
            "title": "Café & the USSR – naïve",
            "container-title": "Pakistan Horizon",
            "issued": {"date-parts": [[1961, 5, 3]]},
            "page": "33-55",
            "URL": "https://a.example/x_y",
        },
        {
            "id": "k2",
            "type": "chapter",
            "title": "In",
            "container-title": "J",
            "issued": {"date-parts": [[2020, 3]]},
        },
        {
            "id": "k3",
            "type": "thesis",
            "title": "Thesis",
            "publisher": "NUST",
            "issued": {"literal": "n.d."},
        },
    ]


def test_bibtex_names_the_entries_that_it_cannot_read() -> None:
    imported = from_bibtex(
        "@book{good, title={A}}\n@book{open, title={B}\n@book{untitled, year=1961}\n"
        "@book{good, title={C}}\n@book{names, title={D}, author={a, b, c, d, e}}"
    )
    assert [item["title"] for item in imported.items] == ["A"]
    assert len(imported.faults) == 4


def test_ris_of_others() -> None:
    imported = from_ris(
        "TY  - JOUR\r\nA1  - Khan, H. U. R., Jr.\r\nT1  - Relations\r\nJO  - Pakistan Horizon\r\n"
        "Y1  - 1961/05//\r\nSP  - 33\r\nEP  - 55\r\nN1  - one\r\nN1  - two\r\nER  - \r\n"
        "TY  - BLOG\r\nTI  - Post\r\nPY  - forthcoming\r\nER  - \r\n"
    )
    assert imported.faults == ()
    assert list(imported.items) == [
        {
            "id": "khan1961",
            "type": "article-journal",
            "author": [{"family": "Khan", "given": "H. U. R.", "suffix": "Jr."}],
            "title": "Relations",
            "container-title": "Pakistan Horizon",
            "note": "one two",
            "page": "33-55",
            "issued": {"date-parts": [[1961, 5]]},
        },
        {
            "id": "post",
            "type": "post-weblog",
            "title": "Post",
            "issued": {"literal": "forthcoming"},
        },
    ]


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Never an exception, whatever the file."""
    for read in (from_bibtex, from_ris):
        for item in read(text).items:
            assert item["title"]


@pytest.mark.parametrize("read", [from_bibtex, from_ris])
def test_file_that_is_too_large_is_refused(read: Reader) -> None:
    assert len(read("x" * 2_000_001).faults) == 1


@pytest.mark.parametrize("text", ["@book{a, title={" + "{" * 20_000 + "}" * 20_000 + "}}"])
def test_deep_braces_are_a_fault(text: str) -> None:
    assert len(from_bibtex(text).faults) == 1
