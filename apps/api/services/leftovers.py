from datetime import datetime, timedelta

from apps.api.models import (
    AccessToken,
    AuthorizationCode,
    IdempotentRequest,
    Job,
    JobPart,
    PersonalToken,
    RefreshToken,
    RequestWindow,
)
from apps.api.selectors import FILES_KEPT

JOBS_KEPT = timedelta(days=7)


def leftovers_delete(*, now: datetime) -> int:
    """Forget what has expired: tokens, codes, past minutes, answers, files, jobs.  Queries: 8."""
    minute = int(now.timestamp()) // 60
    gone = (
        AccessToken.objects.filter(expires_at__lte=now),
        RefreshToken.objects.filter(expires_at__lte=now),
        AuthorizationCode.objects.filter(expires_at__lte=now),
        PersonalToken.objects.filter(expires_at__lte=now),
        RequestWindow.objects.filter(minute__lt=minute),
        IdempotentRequest.objects.filter(expires_at__lte=now),
        JobPart.objects.filter(job__finished_at__lte=now - FILES_KEPT),
        Job.objects.filter(finished_at__lte=now - JOBS_KEPT),
    )
    return sum(rows.delete()[0] for rows in gone)
