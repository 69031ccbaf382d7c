"""What a person may see of webhooks: those of the schools in which they are instructors."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.crypto import salted_hmac

from apps.accounts.models import School, User
from apps.core.errors import NotFound
from apps.integrations.models import Delivery, DeliveryAttempt, WebhookEndpoint
from apps.quizzes.models import Attempt


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


def deliveries_of(school: School) -> QuerySet[Any]:
    """Each with what came of its last attempt: `last_status` and `last_error`, NULL before any."""
    last = DeliveryAttempt.objects.filter(delivery=OuterRef("pk")).order_by("-pk")
    rows = Delivery.objects.filter(endpoint__school=school).select_related("endpoint")
    return rows.annotate(
        last_status=Subquery(last.values("status")[:1]),
        last_error=Subquery(last.values("error")[:1]),
    )


def delivery_of(school: School, public_id: UUID) -> Delivery:
    """Raises: NotFound, also for another school's.  Queries: 1."""
    found: Delivery | None = deliveries_of(school).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


def subjects_veiled(subjects: Iterable[tuple[str, UUID]]) -> dict[UUID, UUID]:
    """{an attempt that is marked without names: the id by which the world is told of it}.

    The actor of such an event is the student, and the attempt's own id would lead a marker from
    the name to the answers. The other leads nowhere, and is the same in every event.
    subjects: (kind, subject_id) of events.  Queries: 1, or none without attempts.
    """
    attempts = {subject for kind, subject in subjects if kind.startswith("attempt.")}
    if not attempts:
        return {}
    nameless = Attempt.objects.filter(
        public_id__in=attempts, assignment__is_marked_anonymously=True
    ).values_list("public_id", flat=True)
    return {each: _veil(each) for each in nameless}


def _veil(subject_id: UUID) -> UUID:
    code = salted_hmac("apps.integrations.subjects", str(subject_id), algorithm="sha256")
    return UUID(bytes=code.digest()[:16], version=4)
