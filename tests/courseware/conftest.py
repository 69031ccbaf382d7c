from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction

from apps.content.models import Course
from apps.courseware import services
from tests.bundled import bundled_load
from tests.courseware.folders import small_files
from tests.factories import NOW

Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small canonical course: two units, three lessons, one of everything else at least."""
    root = tmp_path / "small"
    for name, content in small_files().items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return root


@pytest.fixture
def edit(folder: Path) -> Edit:
    """A function that replaces text, which must be there once, in one file of the folder."""

    def replace(name: str, old: str, new: str) -> None:
        file = folder / name
        text = file.read_bytes().decode()
        assert text.count(old) == 1, (name, old)
        file.write_bytes(text.replace(old, new).encode())

    return replace


@pytest.fixture
def loaded(db: None, folder: Path) -> Course:
    """The small course on the site."""
    services.course_load(folder, now=NOW)
    return Course.objects.get(slug="small")


@pytest.fixture(scope="module")
def bundled(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Course]:
    """The bundled course, loaded once for all tests of a module and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield bundled_load()
        transaction.set_rollback(True)
