"""Which events leave the installation, and which of them every school may be told of."""

from collections.abc import Iterable

# Of a school's own events: the noun before the dot. People and schools are the installation's.
NOUNS = (
    "course",
    "unit",
    "lesson",
    "classroom",
    "enrolment",
    "accommodation",
    "grade_item",
    "grade",
    "assignment",
    "attempt",
    "contest",
    "quiz",
    "question",
    "debate",
    "debate_run",
    "debate_stance",
    "argument",
)
# Events without a school tell of a shared course, or of somebody's practice in one: the first is
# for everybody, the second for nobody.
SHARED_NOUNS = ("course", "unit", "lesson")
TEST_KIND = "webhook.test"


def is_offered(kind: str, *, has_school: bool) -> bool:
    return kind.split(".", maxsplit=1)[0] in (NOUNS if has_school else SHARED_NOUNS)


def is_wanted(kind: str, wanted: Iterable[str]) -> bool:
    """Whether `wanted` names `kind` ("grade.changed") or its noun ("grade"); nothing means all."""
    names = set(wanted)
    return not names or kind in names or kind.split(".", maxsplit=1)[0] in names


def unknown_kinds(wanted: Iterable[str]) -> list[str]:
    """Those of `wanted` that no event could ever match."""
    return [name for name in wanted if name.split(".")[0] not in NOUNS or name.count(".") > 1]
