import structlog
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.core import selectors, services

logger = structlog.get_logger(__name__)


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when requests can be served: every migration has run and the database takes a write.

    Reading is no proof: a database gone read-only still answers SELECT 1.  Queries: 3.
    """
    try:
        missing = selectors.migrations_missing()
        if missing:
            return _unavailable("migrations_missing", missing=missing)
        services.heartbeat_write(name="web", now=timezone.now())
    except DatabaseError as error:
        logger.warning("healthz_failed", error=type(error).__name__, detail=str(error))
        return _unavailable("database_not_writable")
    return JsonResponse({"status": "ok"})


def _unavailable(reason: str, **details: object) -> JsonResponse:
    return JsonResponse({"status": "unavailable", "reason": reason, **details}, status=503)
