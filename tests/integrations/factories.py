import uuid
from datetime import datetime

from apps.accounts.models import School
from apps.core.models import Event
from apps.core.services import event_append
from apps.integrations import services
from apps.integrations.models import WebhookEndpoint


def endpoint_create(
    school: School, url: str, now: datetime, kinds: list[str] | None = None
) -> WebhookEndpoint:
    fields = {"url": url, "kinds": kinds or []}
    return services.endpoint_create(school=school, fields=fields, now=now)


def event_create(school: School | None, now: datetime, kind: str = "grade.changed") -> Event:
    return event_append(
        kind=kind,
        subject_id=uuid.uuid4(),
        school_id=school.public_id if school else None,
        actor_id=None,
        now=now,
    )
