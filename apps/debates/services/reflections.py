"""After the arguing: what students make of it, and what they think of each other's part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import SystemRandom

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from apps.classrooms.policies import check_is_running
from apps.content.markdown import render_markdown
from apps.content.selectors import render_context
from apps.debates import policies
from apps.debates.enums import ArgumentState, Criterion
from apps.debates.errors import InvalidDebate
from apps.debates.models import Participant, PeerReview, Reflection
from apps.debates.services.assessment import LEVELS
from apps.debates.services.runs import run_lock

MAX_CHARACTERS = 20_000
MAX_COMMENT = 2_000


@transaction.atomic
def reflection_write(*, participant: Participant, text: str, now: datetime) -> Reflection:
    """Keep a student's reflection, instead of what they wrote before.

    Raises: InvalidDebate, PhaseClosed, ClassroomArchived.
    """
    run = participant.run
    check_is_running(run.classroom)
    policies.check_may_reflect(run, now)
    text = text.strip()
    if not 0 < len(text) <= MAX_CHARACTERS:
        raise InvalidDebate(_("Write something, and at most 20,000 characters."))
    html = render_markdown(text, render_context(run.classroom.course)).html
    reflection, _is_new = Reflection.objects.update_or_create(
        participant=participant, defaults={"text": text, "html": html, "written_at": now}
    )
    return reflection


@transaction.atomic
def reviews_deal(*, participant: Participant, now: datetime) -> list[PeerReview]:
    """Give a student the classmates to review that they still lack: those reviewed least, by lot.

    Only who has argued is reviewed, and nobody by themselves.
    Returns: every review dealt to them, written or not.
    Raises: PhaseClosed, ClassroomArchived.  Locks: DebateRun.  Queries: 6.
    """
    run = participant.run
    check_is_running(run.classroom)
    policies.check_may_reflect(run, now)
    run_lock(run)
    dealt = list(participant.reviews_given.all())
    lacking = run.peer_reviews_owed - len(dealt)
    if lacking > 0:
        lot = SystemRandom()
        others = (
            Participant.objects.filter(run=run)
            .exclude(pk__in=[participant.pk, *(review.reviewed_id for review in dealt)])
            .annotate(
                given=Count(
                    "arguments",
                    filter=Q(arguments__state=ArgumentState.VISIBLE),
                    distinct=True,
                ),
                received=Count("reviews_received", distinct=True),
            )
            .filter(given__gt=0)
        )
        chosen = sorted(others, key=lambda each: (each.received, lot.random()))[:lacking]
        PeerReview.objects.bulk_create(
            PeerReview(reviewer=participant, reviewed=each, dealt_at=now) for each in chosen
        )
    return list(participant.reviews_given.select_related("reviewed"))


@transaction.atomic
def review_write(
    *, review: PeerReview, levels: Mapping[str, int], comment: str, now: datetime
) -> PeerReview:
    """Keep a review, instead of what its reviewer wrote before; it counts for no grade.

    The caller has fetched `review` for its reviewer.
    Raises: InvalidDebate, PhaseClosed, ClassroomArchived.
    """
    run = review.reviewer.run
    check_is_running(run.classroom)
    policies.check_may_reflect(run, now)
    if set(levels) != set(Criterion.values) or any(each not in LEVELS for each in levels.values()):
        raise InvalidDebate(_("Give every criterion a level from 0 to 4."))
    if len(comment) > MAX_COMMENT:
        raise InvalidDebate(_("A comment has at most 2,000 characters."))
    review.levels, review.comment, review.written_at = dict(levels), comment.strip(), now
    review.save(update_fields=["levels", "comment", "written_at"])
    return review
