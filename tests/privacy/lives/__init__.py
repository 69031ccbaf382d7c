"""Two people who have left something in every table that holds personal data.

Each word that a person leaves is a canary of its own: `words` says in which column it is. Where
there is room their name and address stand beside it. A model that is declared personal and left
out here fails test_lives_fill_every_table.
"""

from __future__ import annotations

from apps.accounts.models import User
from tests.factories import person_create
from tests.privacy.lives.entrance import account, classes, entry, notices, programs, traffic, wishes
from tests.privacy.lives.people import LATER, Life, World
from tests.privacy.lives.study import answers, debate, marks, meet, reading
from tests.privacy.lives.teaching import authorship, teach

__all__ = ["LATER", "Life", "teach", "two_lives"]


def two_lives() -> tuple[Life, Life]:
    """A and B in one world; each has done everything, to the other as well."""
    world = World.create()
    one, other = (life_create(world, who) for who in "AB")
    meet(one, other)
    meet(other, one)
    return one, other


def life_create(world: World, who: str) -> Life:
    life = Life(who, world, User())
    life.user = person_create(email=life.email, name=life.name)
    for fill in (
        account,
        entry,
        classes,
        reading,
        answers,
        marks,
        debate,
        notices,
        authorship,
        traffic,
        programs,
        wishes,
    ):
        fill(life)
    life.user.refresh_from_db()
    return life
