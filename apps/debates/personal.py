"""What debates give to a copy of everything about a person, and do when one is erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import NotFound
from apps.core.exports import ExportTable, KeptText, rows_of
from apps.debates import services
from apps.debates.enums import Criterion, ModerationKind
from apps.debates.models import (
    Argument,
    ArgumentEdit,
    DebateRun,
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
from apps.debates.selectors import part_of, seat_of
from apps.debates.services.redacting import arguments_answered, person_erase

__all__ = ["export_tables", "kept_texts", "person_erase", "text_redact"]


def export_tables(user: User, now: datetime) -> list[ExportTable]:
    return [*_opinions(user), *_writing(user), *_judgements(user, now), *_authorship(user)]


def _opinions(user: User) -> list[ExportTable]:
    return [
        ExportTable(
            "debates/debates",
            _("Debates that you took part in"),
            _("Your side in each, and since when."),
            ("debates.Participant",),
            rows_of(
                Participant.objects.filter(user=user).order_by("pk"),
                motion="run__motion",
                title="run__classroom__title",
                side="side__label",
                number="number",
                joined_at="joined_at",
            ),
        ),
        ExportTable(
            "debates/stances",
            _("Where you stood"),
            _("Before and after: -3 disagrees strongly, 3 agrees strongly; confidence is 1 to 5."),
            ("debates.Stance",),
            rows_of(
                Stance.objects.filter(participant__user=user).order_by("pk"),
                motion="participant__run__motion",
                moment="moment",
                value="value",
                confidence="confidence",
                moved_by="moved_by__public_id",
                at="recorded_at",
            ),
        ),
        ExportTable(
            "debates/ratings",
            _("How strong you found arguments"),
            _("1 to 5, by the id of the argument."),
            ("debates.Rating",),
            rows_of(
                Rating.objects.filter(participant__user=user).order_by("pk"),
                motion="participant__run__motion",
                argument="argument__public_id",
                strength="strength",
                at="updated_at",
            ),
        ),
        ExportTable(
            "debates/moved",
            _("What moved you"),
            _("Arguments that you marked, by their ids."),
            ("debates.Moved",),
            rows_of(
                Moved.objects.filter(participant__user=user).order_by("pk"),
                motion="participant__run__motion",
                argument="argument__public_id",
                at="marked_at",
            ),
        ),
    ]


def _writing(user: User) -> list[ExportTable]:
    return [
        ExportTable(
            "debates/arguments",
            _("Your arguments"),
            _("As they stand, withdrawn and hidden ones too. Of a removed one no text is left."),
            ("debates.Argument",),
            rows_of(
                Argument.objects.filter(author__user=user).order_by("pk"),
                id="public_id",
                motion="run__motion",
                relation="relation",
                answers="parent__public_id",
                side="side__label",
                state="state",
                posted_at="posted_at",
                edited_at="edited_at",
                is_own_reasoning="is_own_reasoning",
                text="text",
            ),
        ),
        ExportTable(
            "debates/earlier-texts",
            _("What your arguments said before"),
            _("Each text that you replaced."),
            ("debates.ArgumentEdit",),
            rows_of(
                ArgumentEdit.objects.filter(argument__author__user=user).order_by("pk"),
                argument="argument__public_id",
                revision="revision",
                until="replaced_at",
                text="text",
                evidence="evidence",
            ),
        ),
        ExportTable(
            "debates/evidence",
            _("Your evidence"),
            _("What your arguments rest on."),
            ("debates.Evidence",),
            rows_of(
                Evidence.objects.filter(argument__author__user=user).order_by("pk"),
                argument="argument__public_id",
                kind="kind",
                work="reference__title",
                paragraph="paragraph__number",
                section="section",
                link="url",
                pages="locator",
                quotation="quotation",
            ),
        ),
        ExportTable(
            "debates/drafts",
            _("What you have begun to write"),
            _("Drafts that nobody else sees."),
            ("debates.Draft",),
            rows_of(
                Draft.objects.filter(participant__user=user).order_by("pk"),
                motion="participant__run__motion",
                answers="parent__public_id",
                relation="relation",
                at="saved_at",
                text="text",
                evidence="evidence",
            ),
        ),
        ExportTable(
            "debates/reflections",
            _("Your reflections"),
            _("What you made of a debate afterwards."),
            ("debates.Reflection",),
            rows_of(
                Reflection.objects.filter(participant__user=user).order_by("pk"),
                motion="participant__run__motion",
                at="written_at",
                text="text",
            ),
        ),
    ]


def _judgements(user: User, now: datetime) -> list[ExportTable]:
    return [
        ExportTable(
            "debates/reviews-written",
            _("Reviews that you wrote"),
            _("What you thought of classmates’ arguing, without their names."),
            ("debates.PeerReview",),
            rows_of(
                PeerReview.objects.filter(reviewer__user=user).order_by("pk"),
                motion="reviewer__run__motion",
                dealt_at="dealt_at",
                written_at="written_at",
                levels="levels",
                comment="comment",
            ),
        ),
        ExportTable(
            "debates/reviews-received",
            _("Reviews of your arguing, and your marks by rubric"),
            _(
                "Classmates’ reviews without names, once the time for reflection is over; marks "
                "once they are released. Until then they are not in your copy."
            ),
            ("debates.PeerReview", "debates.RubricScore"),
            _received(user, now),
        ),
        ExportTable(
            "debates/reports",
            _("Reports that you made"),
            _("What you asked a moderator to look at, and why."),
            ("debates.Report",),
            rows_of(
                Report.objects.filter(participant__user=user).order_by("pk"),
                argument="argument__public_id",
                at="reported_at",
                decided_at="decided_at",
                reason="reason",
            ),
        ),
        ExportTable(
            "debates/moderation",
            _("What moderators did to your arguments"),
            _("Each act and its reason."),
            ("debates.ModerationAction",),
            rows_of(
                ModerationAction.objects.filter(argument__author__user=user)
                .exclude(kind=ModerationKind.DISMISS)
                .order_by("pk"),
                argument="argument__public_id",
                at="happened_at",
                act="kind",
                reason="reason",
            ),
        ),
    ]


def _received(user: User, now: datetime) -> Iterator[Mapping[str, Any]]:
    people = Participant.objects.filter(user=user).select_related("run__classroom").order_by("pk")
    for person in people:
        seat = seat_of(person.run, user, is_staff=False, now=now)
        part = part_of(seat, person, now)
        motion = person.run.motion
        for review in part.received or ():
            levels = {level.label: level.level for level in review.levels}
            yield _judged(motion, _("a classmate"), levels, review.comment)
        for score in part.scores or ():
            yield _judged(motion, _("mark"), {score.label: score.level}, score.comment)


def _judged(motion: str, source: str, levels: dict[str, int], comment: str) -> Mapping[str, Any]:
    return {"motion": motion, "from": source, "levels": levels, "comment": comment}


def _authorship(user: User) -> list[ExportTable]:
    return [
        ExportTable(
            "authorship/debates",
            _("Debates that you opened, moderated and marked"),
            _("What you did and when; whose it was is not in your copy."),
            ("debates.DebateRun", "debates.ModerationAction", "debates.RubricScore"),
            _staffed(user),
        ),
    ]


def _staffed(user: User) -> Iterator[Mapping[str, Any]]:
    for run in DebateRun.objects.filter(opened_by=user).order_by("pk"):
        yield {"motion": run.motion, "at": run.created_at, "act": _("opened"), "reason": ""}
    for act in ModerationAction.objects.filter(actor=user).select_related("run").order_by("pk"):
        yield {
            "motion": act.run.motion,
            "at": act.happened_at,
            "act": act.get_kind_display(),
            "reason": act.reason,
        }
    for score in RubricScore.objects.filter(marker=user).select_related("participant__run"):
        yield {
            "motion": score.participant.run.motion,
            "at": score.marked_at,
            "act": _("marked: %(criterion)s") % {"criterion": Criterion(score.criterion).label},
            "reason": "",
        }


def kept_texts(user: User) -> list[KeptText]:
    """Arguments that others have answered, the oldest first.  Queries: 1."""
    rows = arguments_answered(user).select_related("run").annotate(answers=Count("children"))
    return [KeptText(row.public_id, row.run.motion, row.text, row.answers) for row in rows]


def text_redact(*, user: User, public_id: UUID, text: str, now: datetime) -> None:
    """Raises: NotFound, InvalidArgument."""
    argument = arguments_answered(user).filter(public_id=public_id).first()
    if argument is None:
        raise NotFound(_("There is no such text."))
    services.argument_redact(argument=argument, user=user, text=text, now=now)
