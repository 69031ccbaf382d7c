"""After the arguing: what students make of it, and what they think of each other's part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import SystemRandom

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.classrooms.policies import check_is_running
from apps.content.markdown import render_markdown
from apps.content.selectors import render_context
from apps.debates import policies, reviews
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
    """Give a student the classmates to review that they still lack.

    The first to ask is dealt for with the whole class, so that whoever has argued is reviewed as
    often as they review. Who comes later reviews those who were reviewed least. Nobody reviews
    themselves, or somebody who has not argued.
    Returns: every review dealt to them, written or not.
    Raises: PhaseClosed, ClassroomArchived.  Locks: DebateRun.  Queries: 7.
    """
    run = participant.run
    check_is_running(run.classroom)
    policies.check_may_reflect(run, now)
    run_lock(run)
    dealt = PeerReview.objects.filter(reviewer__run=run).values_list("reviewer", "reviewed")
    visible = Q(arguments__state=ArgumentState.VISIBLE)
    argued = Participant.objects.filter(visible, run=run).distinct().values_list("pk", flat=True)
    everybody = Participant.objects.filter(run=run).values_list("pk", flat=True)
    pairs = reviews.deal(
        [participant.pk] if dealt else list(everybody),
        list(argued),
        frozenset(dealt),
        run.peer_reviews_owed,
        SystemRandom(),
    )
    PeerReview.objects.bulk_create(
        PeerReview(reviewer_id=reviewer, reviewed_id=reviewed, dealt_at=now)
        for reviewer, reviewed in pairs
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
