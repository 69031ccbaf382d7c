"""Whom a restored backup brought back is erased again, all of them who can be."""

from __future__ import annotations

import re
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from pytest_django import Settings

from apps.accounts.models import User
from apps.core.management.commands.restore import run_hooks
from apps.privacy.services import erased, erasing
from apps.privacy.services.listed import erased_write


@pytest.mark.django_db
def test_one_who_cannot_be_erased_again_keeps_nobody_else(
    student: User,
    classmate: User,
    outsider: User,
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every failure is told, of hooks too, and the command ends as one that failed."""
    settings.ERASED_LIST = tmp_path / "erased-people"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    erased_write([student.public_id, classmate.public_id, outsider.public_id])
    stubborn = {student.pk, outsider.pk}
    ids = sorted(str(each.public_id) for each in (student, outsider))
    force = erasing.erasure_force

    def fail(*, user: User, now: datetime) -> None:
        if user.pk in stubborn:
            raise DatabaseError("the disk is full")
        force(user=user, now=now)

    monkeypatch.setattr(erased, "erasure_force", fail)
    with pytest.raises(CommandError) as failed:
        call_command("erased_reapply")
    told = str(failed.value)
    assert told.startswith("2 of 3 people were not erased again")
    assert sorted(re.findall(r"[0-9a-f-]{36}", told)) == ids
    assert told.count("DatabaseError") == 2
    assert User.objects.get(pk=classmate.pk).is_erased
    with pytest.raises(CommandError, match="2 of 2 people"):
        run_hooks(["apps.privacy.services.erased_reapply", "apps.core.services.backups_delete_old"])
    stubborn.clear()
    out = StringIO()
    call_command("erased_reapply", stdout=out)
    assert out.getvalue() == "Erased again: 2.\n"
