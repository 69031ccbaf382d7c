import re
from typing import Any

import pytest
from hypothesis import given

from apps.content.citations import clean_csl, format_apa
from apps.content.citations.csl import TYPES
from tests.content import strategies
from tests.content.factories import HUSSAIN, KHAN


def link(url: str) -> str:
    return f'<a class="external" href="{url}" rel="noopener noreferrer">{url}</a>'


@pytest.mark.parametrize(
    ("csl", "expected"),
    [
        (
            {**KHAN, "title": "Pakistan's Relations", "container-title": "Horizon"},
            "Khan, H. U. R. (1961). Pakistan's Relations. <i>Horizon</i>, <i>14</i>(1), 33–55.",
        ),
        (
            HUSSAIN,
            "Hussain, N., &amp; Fatima, Q. (2015). Pak-Russian Relations. <i>Central Asia</i>.",
        ),
        (
            {
                "type": "chapter",
                "title": "Is Past Prologue?",
                "author": [{"family": "Akhtar", "given": "R."}],
                "editor": [{"family": "Alagappa", "given": "M."}],
                "container-title": "Policy",
                "page": "1-2",
                "issued": {"date-parts": [[2022]]},
            },
            "Akhtar, R. (2022). Is Past Prologue? In M. Alagappa (Ed.), <i>Policy</i> (pp. 1–2).",
        ),
        (
            {
                "type": "webpage",
                "title": "News",
                "author": [{"literal": "AP & Co"}],
                "URL": "http://a.b/?x=1&y",
            },
            "AP &amp; Co. (n.d.). <i>News</i>. " + link("http://a.b/?x=1&amp;y"),
        ),
        (
            {"type": "book", "title": "T", "editor": [{"family": "E", "given": "Y."}]},
            "E, Y. (Ed.). (n.d.). <i>T</i>.",
        ),
        ({"type": "book", "title": "Unsigned"}, "<i>Unsigned</i>. (n.d.)."),
    ],
)
def test_entry(csl: dict[str, Any], expected: str) -> None:
    assert format_apa(csl) == expected


def test_letter_stands_after_the_year() -> None:
    assert format_apa(KHAN, year_suffix="b").startswith("Khan, H. U. R. (1961b). ")


@pytest.mark.parametrize(
    "doi", ["10.1/x", "doi:10.1000/xyz", "https://doi.org/10.1000/xyz", "10.1000/a b"]
)
def test_doi_is_a_link_when_it_is_one(doi: str) -> None:
    html = format_apa({**KHAN, "DOI": doi})
    assert ('href="https://doi.org/10.1000/xyz"' in html) == doi.endswith("10.1000/xyz")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        'https://a.example/"onclick="x',
        "https://[",
        "ftp://a.example",
        "https://a.example/ b",
    ],
)
def test_address_that_is_not_of_the_web_is_left_out(url: str) -> None:
    assert "<a" not in format_apa({**KHAN, "URL": url})


@pytest.mark.parametrize(
    "field", ["title", "container-title", "publisher", "volume", "page", "genre"]
)
def test_markup_in_a_field_is_shown_not_obeyed(field: str) -> None:
    html = format_apa({**KHAN, "type": "thesis", field: "<img src=x onerror=alert(1)>&<i>"})
    assert set(re.findall(r"<(\w+)", html)) <= {"i"}
    assert "onerror" not in html or "&lt;img" in html


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_type_has_an_entry(kind: str) -> None:
    assert "Relations with the USSR" in format_apa({**KHAN, "type": kind})


@given(
    strategies.works(
        sorted(TYPES), strategies.people() | strategies.institutions | strategies.particled
    )
)
def test_any_work_has_a_harmless_entry(work: dict[str, Any]) -> None:
    html = format_apa(clean_csl(work))
    assert html
    assert set(re.findall(r"</?(\w+)", html)) <= {"i", "b", "sup", "sub", "a"}
    assert html.count("<a ") <= 1
