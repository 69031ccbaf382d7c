"""The notebook is Markdown that says where everything stands."""

from apps.notes.notebook import Leaf, LessonLeaf, as_markdown


def leaf(heading: str = "One", **fields: object) -> Leaf:
    given = {"quotation": "Words.", "body": "", "link": "/x", "facts": ("note",), **fields}
    return Leaf(heading=heading, **given)  # type: ignore[arg-type]


def test_notebook() -> None:
    lessons = [
        LessonLeaf("Course", "A [b]", "/a", (leaf(), leaf(body="*Mine*"), leaf("Two", link=""))),
        LessonLeaf("Course", "Gone", "", (leaf("", quotation="", body="Kept."),)),
        LessonLeaf("Other\ncourse", "C", "/c", (leaf(),)),
    ]
    assert as_markdown("Notes", lessons, host="https://h", open_words="open") == (
        "# Notes\n\n## Course\n\n### [A \\[b\\]](https://h/a)\n\n#### One\n\n"
        "> Words.\n\n(note; [open](https://h/x))\n\n"
        "> Words.\n\n*Mine*\n\n(note; [open](https://h/x))\n\n"
        "#### Two\n\n> Words.\n\n(note)\n\n### Gone\n\nKept.\n\n(note; [open](https://h/x))\n\n"
        "## Other course\n\n### [C](https://h/c)\n\n#### One\n\n> Words.\n\n"
        "(note; [open](https://h/x))\n"
    )


def test_empty_notebook() -> None:
    assert as_markdown("Notes", [], host="", open_words="open") == "# Notes\n"
