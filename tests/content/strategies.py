"""Works as people really have them: institutions, particles, accents, TeX's own characters."""

from typing import Any

from hypothesis import strategies as st

FAMILIES = [
    *("Khan", "İspir", "De Haas", "O'Neil", "Al-Sayed", "Müller", "Łukasz", "Ng", "Čapek"),
    *("Иванов", "خان", "王", "St. John", "de la Cruz", "MacArthur & Sons", "and", "Brand and Co"),
]
GIVEN = ["H. U. R.", "Jean-Paul", "A.", "Владимир", "Zoë Ann", "Jr", "X, Y"]
PARTICLES = ["von", "van der", "de", "al-"]
INSTITUTIONS = [
    *("Associated Press of Pakistan", "IIS", "Ministry of Trade and Industry", "AT&T", "NATO"),
    *("Institute of {Braces}", "50% Club", "C# Users_Group", 'Institut für "Ost"-Politik'),
]
WORDS = [
    *(
        "Relations",
        "of",
        "the",
        "{SCO}",
        "50%",
        "A&B",
        "x_y",
        "$5",
        "#1",
        "~",
        "^",
        "\\",
        "–",
        "--",
    ),
    *(
        "''",
        "``",
        "it's",
        "“quoted”",
        "@home",
        "<b>",
        ">>",
        "é",
        "Москва",
        "پاکستان",
        "@article{x,",
    ),
    *("a,,b", "?`", "!`", "\\alpha", "{", "}", "1961", "and", "=", '"'),
]

text = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


def people(given: list[str] = GIVEN) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {"family": st.sampled_from(FAMILIES), "given": st.sampled_from(given)},
        optional={"suffix": st.sampled_from(["Jr.", "III"])},
    )


particled = st.fixed_dictionaries(
    {
        "family": st.sampled_from(["Putten", "Müller", "Gaulle"]),
        "given": st.sampled_from(["F. P.", "Jan"]),
        "non-dropping-particle": st.sampled_from(PARTICLES[:3]),
    }
)
institutions = st.fixed_dictionaries({"literal": st.sampled_from(INSTITUTIONS)})
dates = st.one_of(
    st.tuples(st.integers(1000, 2100)),
    st.tuples(st.integers(1000, 2100), st.integers(1, 12)),
    st.tuples(st.integers(1000, 2100), st.integers(1, 12), st.integers(1, 28)),
).map(lambda date: {"date-parts": [list(date)]})


def works(
    types: list[str], names: st.SearchStrategy[dict[str, str]], **more: st.SearchStrategy[str]
) -> st.SearchStrategy[dict[str, Any]]:
    """CSL items with an id, of the fields that every format carries."""
    return st.fixed_dictionaries(
        {
            "id": st.sampled_from(["khan1961", "hussain-fatima2015"]),
            "type": st.sampled_from(types),
            "title": text,
        },
        optional={
            "author": st.lists(names, min_size=1, max_size=3),
            "editor": st.lists(names, min_size=1, max_size=2),
            "issued": dates,
            "container-title": text,
            "publisher": text,
            "publisher-place": text,
            "volume": st.sampled_from(["14", "XII", "3-4"]),
            "issue": st.sampled_from(["1", "Summer"]),
            "page": st.sampled_from(["33-55", "126", "e12"]),
            "DOI": st.just("10.1080/096_7%(2023)#1"),
            "URL": st.sampled_from(["https://a.example/x_y?q=1&r=%20#z~", "http://b.example"]),
            **more,
        },
    )
