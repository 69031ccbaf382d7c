"""What the API gives to a copy of everything about a person, and does when one is erased."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.api.models import (
    AccessToken,
    AuthorizationCode,
    Consent,
    IdempotentRequest,
    Job,
    JobPart,
    PersonalToken,
    RefreshToken,
    RequestWindow,
)
from apps.core.exports import ExportTable, rows_of


def export_tables(user: User, _now: datetime) -> list[ExportTable]:
    return [
        ExportTable(
            "programs/consents",
            _("Programs that act for you"),
            _("Which you let act for you, what each may do, and when it last did."),
            ("api.Consent",),
            rows_of(
                Consent.objects.filter(user=user).order_by("pk"),
                program="client__name",
                may="scopes",
                since="given_at",
                last_used_on="last_used_on",
            ),
        ),
        ExportTable(
            "programs/tokens",
            _("What programs hold for you"),
            _("Codes and tokens under your consents, until when. The secrets are nowhere kept."),
            ("api.AuthorizationCode", "api.AccessToken", "api.RefreshToken"),
            [
                {"kind": kind, **row}
                for kind, model in (
                    ("code", AuthorizationCode),
                    ("access", AccessToken),
                    ("refresh", RefreshToken),
                )
                for row in rows_of(
                    model._base_manager.filter(consent__user=user).order_by("pk"),  # noqa: SLF001
                    program="consent__client__name",
                    may="scopes",
                    until="expires_at",
                )
            ],
        ),
        ExportTable(
            "programs/own-keys",
            _("Keys for scripts of your own"),
            _("Their names, what each may do, until when. The secrets are nowhere kept."),
            ("api.PersonalToken",),
            rows_of(
                PersonalToken.objects.filter(user=user).order_by("pk"),
                name="name",
                may="scopes",
                since="created_at",
                until="expires_at",
                last_used_on="last_used_on",
            ),
        ),
        ExportTable(
            "programs/jobs",
            _("Long work that you asked for"),
            _("What it was, and what came of it; a week after it is done it is gone."),
            ("api.Job",),
            rows_of(
                Job.objects.filter(user=user).order_by("pk"),
                kind="kind",
                asked_at="created_at",
                asked_for="wish",
                state="state",
                result="result",
            ),
        ),
    ]


def person_close(*, user: User) -> None:
    """Let no program act for the person any more, and no key of theirs open anything."""
    Consent.objects.filter(user=user).delete()  # and with it codes and tokens
    PersonalToken.objects.filter(user=user).delete()


def person_erase(*, user: User, subject_id: UUID, names: Sequence[str]) -> None:
    """Drop what is kept of requests that the person made, or whose answers speak of them.

    A client that repeats such a request within its day is answered afresh.
    subject_id: the person's public id until now.
    """
    person_close(user=user)
    # By themselves, and behind the name of each program that acts for them.
    called = Q(caller__endswith=f"user:{subject_id}")
    RequestWindow.objects.filter(called).delete()
    IdempotentRequest.objects.filter(called | _speaks("body", subject_id, names)).delete()
    jobs = Job.objects.annotate(
        wish_text=Cast("wish", TextField()), result_text=Cast("result", TextField())
    )
    mine = Q(user=user) | called
    told = _speaks("wish_text", subject_id, names) | _speaks("result_text", subject_id, names)
    parts = JobPart.objects.filter(_speaks("text", subject_id, names))
    jobs.filter(mine | told | Q(pk__in=parts.values("job"))).delete()


def _speaks(column: str, subject_id: UUID, names: Sequence[str]) -> Q:
    """Whether a text names the person, escaped as JSON or CSV escape or not."""
    said = Q(**{f"{column}__contains": str(subject_id)})
    for name in names:
        said |= Q(**{f"{column}__icontains": name})
        said |= Q(**{f"{column}__icontains": json.dumps(name)[1:-1]})
        said |= Q(**{f"{column}__icontains": name.replace('"', '""')})
    return said
