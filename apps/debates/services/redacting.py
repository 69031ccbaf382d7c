"""Words that somebody takes back for good, and what becomes of a debate when one is erased."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from apps.content.markdown import render_markdown
from apps.content.selectors import render_context
from apps.core.services import event_append, words_redact
from apps.debates.enums import ArgumentState
from apps.debates.errors import InvalidArgument
from apps.debates.models import (
    Argument,
    ArgumentEdit,
    Draft,
    Evidence,
    ModerationAction,
    Moved,
    Participant,
    PeerReview,
    Rating,
    Reflection,
    Report,
    RubricScore,
    Stance,
)
from apps.debates.services.arguments import MAX_CHARACTERS
from apps.debates.services.runs import run_touch

if TYPE_CHECKING:
    from apps.accounts.models import User

NO_REASON = "—"  # the log of moderation keeps a reason beside every act


def arguments_answered(user: User) -> QuerySet[Argument]:
    """What `user` wrote that is seen and that somebody else has answered."""
    answers = Argument.objects.filter(
        parent=OuterRef("pk"), state__in=[ArgumentState.VISIBLE, ArgumentState.HIDDEN]
    ).exclude(author__user=user)
    return Argument.objects.filter(
        Exists(answers), author__user=user, state=ArgumentState.VISIBLE
    ).order_by("pk")


@transaction.atomic
def argument_redact(*, argument: Argument, user: User, text: str, now: datetime) -> Argument:
    """Let the author have other words stand, or none, for good: earlier ones go with them.

    No phase, length or archive of a class stands in the way of this.
    text: "" leaves a marker, as for what was withdrawn.
    Raises: InvalidArgument where it is too long.  Locks: Argument.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidArgument(_("This is too long."))
    locked: Argument = (
        Argument.objects.select_for_update(of=("self",), no_key=True)
        .select_related("run__classroom__school", "run__classroom__course")
        .get(pk=argument.pk, author__user=user)
    )
    _empty([locked.pk]) if not text.strip() else _replace(locked, text.strip(), now)
    ArgumentEdit.objects.filter(argument=locked).delete()
    run_touch(locked.run_id)
    event_append(
        kind="argument.edited" if text.strip() else "argument.withdrawn",
        subject_id=locked.public_id,
        school_id=locked.run.classroom.school.public_id,
        actor_id=user.public_id,
        now=now,
    )
    locked.refresh_from_db()
    return locked


def _replace(argument: Argument, text: str, now: datetime) -> None:
    context = render_context(argument.run.classroom.course)
    prefix = f"a-{argument.public_id.hex[:8]}-"
    rendered = render_markdown(text, replace(context, id_prefix=prefix))
    argument.text, argument.html, argument.words = text, rendered.html, rendered.words
    argument.revision += 1
    argument.edited_at = now
    argument.save(update_fields=["text", "html", "words", "revision", "edited_at"])


def _empty(keys: Collection[int]) -> None:
    """Leave markers where these arguments stood."""
    rows = Argument.objects.filter(pk__in=keys)
    rows.update(text="", html="", words=0)
    rows.filter(state=ArgumentState.VISIBLE).update(state=ArgumentState.WITHDRAWN)
    Evidence.objects.filter(argument__in=keys).delete()


def person_erase(*, user: User, names: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Take a person's words, opinions and ratings out of every debate.

    What others have answered stays, without what names the person in it, under the row that is
    nobody's by then; everything else leaves a marker. Of marks by rubric the levels stay where the
    class keeps marks. Of reviews between classmates the levels stay: they are the other's duty
    done, or the other's to know.
    Locks: the arguments that the person had rated, in order.
    """
    kept = list(arguments_answered(user).values_list("pk", flat=True))
    mine = Argument.objects.filter(author__user=user)
    runs = set(Participant.objects.filter(user=user).values_list("run", flat=True))
    _empty(list(mine.exclude(pk__in=kept).values_list("pk", flat=True)))
    words_redact(mine.filter(pk__in=kept), "text", "html", names=names)
    words_redact(
        Evidence.objects.filter(argument__in=kept), "quotation", "locator", "url", names=names
    )
    ArgumentEdit.objects.filter(argument__author__user=user).delete()
    _opinions_drop(user)
    for model in (Draft, Reflection, Stance):
        model._base_manager.filter(participant__user=user).delete()  # noqa: SLF001
    _judgements_drop(user, names)
    for run_id in sorted(runs):
        run_touch(run_id)


def _opinions_drop(user: User) -> None:
    """Delete ratings and marks of being moved, and count again what they counted for."""
    ratings, moved = (model.objects.filter(participant__user=user) for model in (Rating, Moved))
    touched = {
        *ratings.values_list("argument", flat=True),
        *moved.values_list("argument", flat=True),
    }
    locked = list(
        Argument.objects.select_for_update(no_key=True).filter(pk__in=touched).order_by("pk")
    )
    ratings.delete()
    moved.delete()
    for argument in locked:
        tally = argument.ratings.aggregate(count=Count("pk"), total=Sum("strength"))
        argument.rating_count, argument.rating_sum = tally["count"], tally["total"] or 0
        argument.moved_count = argument.moved.count()
        argument.save(update_fields=["rating_count", "rating_sum", "moved_count"])


def _judgements_drop(user: User, names: Sequence[str]) -> None:
    """Reports, moderation, reviews and marks: of the person, and by them."""
    reports = Report.objects.filter(participant__user=user)
    reports.filter(decided_at__isnull=False).delete()
    reports.update(reason="")  # what waits is still looked at
    acts = ModerationAction.objects.filter(argument__author__user=user)
    acts.exclude(reason=NO_REASON).update(reason=NO_REASON)
    words_redact(ModerationAction.objects.filter(actor=user), "reason", names=names)
    for reviews in (
        PeerReview.objects.filter(reviewer__user=user),
        PeerReview.objects.filter(reviewed__user=user),
    ):
        reviews.filter(written_at__isnull=True).delete()
        reviews.exclude(comment="").update(comment="")
    scores = RubricScore.objects.filter(participant__user=user)
    scores.filter(participant__run__classroom__keeps_marks=False).delete()
    scores.exclude(comment="").update(comment="")
    words_redact(RubricScore.objects.filter(marker=user), "comment", names=names)
