from datetime import datetime

from apps.api.models import AccessToken, IdempotentRequest, RequestWindow


def leftovers_delete(*, now: datetime) -> int:
    """Forget expired tokens, minutes that are over and answers kept long enough.  Queries: 3."""
    tokens, _rows = AccessToken.objects.filter(expires_at__lte=now).delete()
    minute = int(now.timestamp()) // 60
    windows, _rows = RequestWindow.objects.filter(minute__lt=minute).delete()
    answers, _rows = IdempotentRequest.objects.filter(expires_at__lte=now).delete()
    return tokens + windows + answers
