"""A copy holds everything of its person, and nothing of anybody else."""

import zipfile
from io import BytesIO

import pytest

from apps.privacy import selectors, services
from apps.privacy.declarations import NOT_EXPORTED, PERSONAL
from apps.privacy.services.exporting import tables_of
from tests.privacy.lives import LATER, Life, two_lives

pytestmark = pytest.mark.django_db


@pytest.fixture
def lives() -> tuple[Life, Life]:
    return two_lives()


def copy_of(life: Life) -> dict[str, str]:
    """The files of a copy that the worker has made, by name."""
    wish = services.export_request(user=life.user, now=LATER)
    assert services.exports_make_due(now=LATER) == 1
    wish.refresh_from_db()
    content = b"".join(selectors.export_bytes(wish))
    assert len(content) == wish.size_bytes
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def test_lives_fill_every_table(lives: tuple[Life, Life]) -> None:
    """A model that is declared personal has a row of both people in these tests."""
    assert [sorted(life.labels) for life in lives] == [sorted(PERSONAL)] * 2


def test_every_personal_table_is_in_a_copy_or_said_not_to_be(lives: tuple[Life, Life]) -> None:
    told = {label for table in tables_of(lives[0].user, LATER) for label in table.models}
    assert told | set(NOT_EXPORTED) == set(PERSONAL)
    assert told & set(NOT_EXPORTED) == set()


def test_a_copy_holds_all_of_its_person_and_nothing_of_another(lives: tuple[Life, Life]) -> None:
    one, other = lives
    text = "\n".join(copy_of(one).values())
    assert {one.words[word] for word in one.shown if word not in text} == set()
    assert [each for each in one.identity[:3] if each not in text] == []
    assert {other.words[word] for word in other.words if word in text} <= {
        # The classmate's review of this person's own arguing, released and without a name.
        "debates.PeerReview.comment"
    }
    assert {one.words[word] for word in set(one.words) - one.shown if word in text} == set()
