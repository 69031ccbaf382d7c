"""Who gets what from every address of the API, declared noun by noun.

A module for each group of nouns: READS says what GET is answered, WRITES what a request without
a useful body or If-Match is answered, each in the order of `roles.ROLES`; `places` makes the things
that stand in the addresses, and QUERIES says what a request needs besides. tests/api/test_urls.py
holds all of it, and fails for a route or a method that no module declares.
"""

from collections.abc import Callable
from types import ModuleType

from tests.api.declared import classes, content, debates, identity, own, quizzing
from tests.api.declared.roles import Answers, World

MODULES: tuple[ModuleType, ...] = (identity, content, classes, quizzing, debates, own)

READS: dict[str, Answers] = {name: row for each in MODULES for name, row in each.READS.items()}
WRITES: dict[tuple[str, str], Answers] = {
    key: row for each in MODULES for key, row in each.WRITES.items()
}
# {name: what a request needs in its query}
QUERIES: dict[str, str] = {
    name: query for each in MODULES for name, query in getattr(each, "QUERIES", {}).items()
}


def places_of(world: World) -> dict[str, str]:
    """What stands for each part of an address."""
    makers: list[Callable[[World], dict[str, str]]] = [
        each.places for each in MODULES if hasattr(each, "places")
    ]
    return {name: value for make in makers for name, value in make(world).items()}
