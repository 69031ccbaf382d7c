import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content import mapping
from apps.content.mapping import Site
from apps.quizzes import plots, presentation, words
from apps.quizzes.types import TYPES
from apps.quizzes.types.contract import Labels, ReviewPart, Words
from tests.quizzes.types.strategies import SPECS, raw_answers


def test_words_name_every_type() -> None:
    assert list(words.TYPES) == list(TYPES)


@pytest.mark.parametrize("name", TYPES)
@given(data=st.data())
def test_every_question_can_be_shown(name: str, data: st.DataObject) -> None:
    """Rule, view, widget and review of any answer; no path of the spec is left."""
    kind, spec, labels = TYPES[name], data.draw(SPECS[name]), Labels("seed")
    html = {text.path: f"<b>{text.text}</b>" for text in kind.texts(spec)}
    assert presentation.rule_sentence(kind.rule_text(spec))
    view = presentation.shown(kind.view(spec, labels), html)
    assert "'path'" not in str(view)
    response = kind.parse(spec, data.draw(raw_answers(name, spec, labels)), labels)
    item = presentation.widget(view, kind.unparse(spec, response, labels), prefix="i1")
    assert item["template"] == f"quizzes/types/{name}.html"
    for part in kind.review(spec, response):
        presentation.shown_part(part, html)


def test_every_rule_has_a_sentence_and_a_type() -> None:
    assert {code.partition(".")[0] for code in words.RULES} == set(TYPES)


def test_shown_part_escapes_what_students_wrote() -> None:
    part = ReviewPart(
        label=Words(text="Reason", code="reason"),
        answer=(Words(text="<script>"),),
        key=(Words("options.a.text"),),
        feedback=((Words(), "P06"),),
    )
    shown = presentation.shown_part(part, {"options.a.text": "<em>Yes</em>"})
    assert shown.label == "Reason"
    assert shown.answer == ("&lt;script&gt;",)
    assert shown.key == ("<em>Yes</em>",)
    assert shown.feedback == (("", "P06"),)


def sites(*points: tuple[float, float]) -> list[Site]:
    return [Site(str(n), "ABCDEFGH"[n], "", "", *point) for n, point in enumerate(points)]


@given(st.lists(st.tuples(st.floats(25, 140), st.floats(10, 60)), min_size=1, max_size=7))
def test_plot_holds_its_points(points: list[tuple[float, float]]) -> None:
    plot = plots.around(sites(*points))
    whole = mapping.view()
    assert 0 <= plot.window.left < plot.window.right <= whole["width"] + 0.1
    assert 0 <= plot.window.top < plot.window.bottom <= whole["height"] + 0.1
    for site, marker in zip(sites(*points), plot.sheet.markers, strict=True):
        x, y = mapping.project(site.longitude, site.latitude)
        is_on_map = 0 <= x <= whole["width"] and 0 <= y <= whole["height"]
        assert not is_on_map or (-1 <= marker.x <= 641 and -1 <= marker.y <= plot.sheet.height + 1)


def test_plot_letters_close_marks() -> None:
    """Islamabad, Pulwama, Lahore and Dushanbe, Tashkent: the closest of the bundled course."""
    near = [(73.06, 33.69), (74.9, 33.87), (74.34, 31.55), (68.78, 38.54), (69.24, 41.3)]
    markers = plots.around(sites(*near)).sheet.markers
    assert all(marker.label for marker in markers)


def test_whole_plot_names_its_lines() -> None:
    names = [line.name for line in plots.whole([]).lines]
    assert {"60° E", "80° E", "20° N", "60° N"} <= set(names)
