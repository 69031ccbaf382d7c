"""What a person may see of webhooks: those of the schools in which they are instructors."""

from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import School, User
from apps.core.errors import NotFound
from apps.integrations.models import Delivery, WebhookEndpoint


def endpoints_for(user: User) -> QuerySet[WebhookEndpoint]:
    """The webhooks that `user` may manage.  Queries: 1."""
    if user.is_superuser:
        return WebhookEndpoint.objects.all()
    return WebhookEndpoint.objects.filter(school__instructorships__user=user)


def deliveries_for(user: User) -> QuerySet[Delivery]:
    return Delivery.objects.filter(endpoint__in=endpoints_for(user))


def endpoints_of(school: School) -> QuerySet[WebhookEndpoint]:
    """A school's webhooks, for a client of that school.  Queries: 1."""
    return WebhookEndpoint.objects.filter(school=school)


def endpoint_of(school: School, public_id: UUID) -> WebhookEndpoint:
    """Raises: NotFound, also for another school's.  Queries: 1."""
    found = endpoints_of(school).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


def deliveries_of(school: School) -> QuerySet[Delivery]:
    return Delivery.objects.filter(endpoint__school=school).select_related("endpoint")


def delivery_of(school: School, public_id: UUID) -> Delivery:
    """Raises: NotFound, also for another school's.  Queries: 1."""
    found = deliveries_of(school).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such delivery.")
    return found
