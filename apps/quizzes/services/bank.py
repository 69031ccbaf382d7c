"""Writing the bank. A save that changes what is asked makes a new version; none is rewritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from apps.content.models import Course, Lesson, SourceParagraph
from apps.core import services as core
from apps.quizzes import selectors
from apps.quizzes.checks import question_faults
from apps.quizzes.drafts import Fault, QuestionDraft
from apps.quizzes.errors import EditConflict, InUse, InvalidDraft
from apps.quizzes.models import Question, QuestionSource, QuestionVersion, Tag
from apps.quizzes.types import TYPES
from apps.quizzes.types.places import Place, filled

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.content.markdown import RenderContext

_FIELDS = [
    *("slug", "kind", "lesson", "anchor", "objectives"),
    *("difficulty", "bloom", "revision", "updated_at"),
]


@transaction.atomic
def question_create(
    *,
    course: Course,
    draft: QuestionDraft,
    editor: User | None,
    now: datetime,
    context: RenderContext | None = None,
) -> Question:
    """Add a question to the bank, at its end, with version 1.

    context: of the course, where a caller stores many.  Raises: InvalidDraft.
    """
    last = Question.objects.filter(course=course).aggregate(last=models.Max("position"))["last"]
    question = Question(course=course, position=(last or 0) + 1, revision=0)
    _write(course, [(question, draft)], editor=editor, now=now, context=context)
    return question


@transaction.atomic
def questions_store(
    *,
    course: Course,
    drafts: Sequence[QuestionDraft],
    editor: User | None,
    now: datetime,
    context: RenderContext | None = None,
    note: str = "",
) -> list[Question]:
    """Store many questions at once, each by its slug: a new one at the end, or an edited one.

    For course files and imports, which do not look at revisions. All of them are stored, or none.
    Raises: InvalidDraft, with the path "slug.spec.options" where there are several.
    Locks: Question.  Queries: about 20, whatever their number.
    """
    rows = Question.objects.select_for_update(of=("self",)).filter(
        course=course, slug__in=[draft.slug for draft in drafts]
    )
    here = {row.slug: row for row in rows.select_related("current_version").order_by("pk")}
    last = Question.objects.filter(course=course).aggregate(last=models.Max("position"))["last"]
    pairs = []
    for place, draft in enumerate(drafts, start=(last or 0) + 1):
        question = here.get(draft.slug) or Question(course=course, position=place, revision=0)
        if question.pk and question.kind != draft.kind:
            path = "type" if len(drafts) == 1 else f"{draft.slug}.type"
            raise InvalidDraft([Fault(path, _("A question keeps its type; write another one."))])
        pairs.append((question, draft))
    _write(course, pairs, editor=editor, now=now, context=context, note=note)
    return [question for question, _draft in pairs]


@transaction.atomic
def questions_reorder(
    *, course: Course, slugs: Sequence[str], editor: User | None, now: datetime
) -> None:
    """Give the bank the order of `slugs`; questions not named follow as they were.

    Locks: Question.  Queries: 5; 2 when the order is the same.
    """
    rows = list(
        Question.objects.select_for_update(of=("self",))
        .filter(course=course)
        .order_by("position", "pk")
    )
    places = {slug: place for place, slug in enumerate(slugs)}
    moved = []
    for position, row in enumerate(
        sorted(rows, key=lambda row: places.get(row.slug, len(places))), start=1
    ):
        if row.position != position:
            row.position = position
            moved.append(row)
    if moved:
        bulk_update_with_history(moved, Question, ["position"], default_user=editor)
        core.events_append(
            kind="question.saved",
            subject_ids=[row.public_id for row in moved],
            school_id=course.school.public_id if course.school else None,
            actor_id=editor.public_id if editor else None,
            now=now,
        )


@transaction.atomic
def question_save(
    *,
    question: Question,
    draft: QuestionDraft,
    expected_revision: int,
    editor: User | None,
    now: datetime,
    note: str = "",
    context: RenderContext | None = None,
) -> Question:
    """Store an edited question; attempts keep the version that they were asked.

    note: why it changed, for the record.  A new version is made only when what is asked or what
    is right differs.  Raises: EditConflict, InvalidDraft.  Locks: Question.
    """
    locked = question_lock(question)
    if locked.revision != expected_revision:
        raise EditConflict(_("Someone saved this question while you were editing it."))
    if draft.kind != locked.kind:
        raise InvalidDraft([Fault("type", _("A question keeps its type; write another one."))])
    course = locked.course
    _write(course, [(locked, draft)], editor=editor, now=now, context=context, note=note)
    return locked


@transaction.atomic
def question_duplicate(
    *, question: Question, slug: str, editor: User | None, now: datetime
) -> Question:
    """A copy under another name, to be changed into something else.  Raises: InvalidDraft."""
    draft = selectors.question_draft(question, slug=slug)
    return question_create(course=question.course, draft=draft, editor=editor, now=now)


@transaction.atomic
def question_retire(*, question: Question, editor: User | None, now: datetime) -> None:
    """Offer it to no new attempt; quizzes that name it leave it out.  Locks: Question."""
    locked = question_lock(question)
    if locked.retired_at is None:
        _mark_retired(locked, now, editor, now)


@transaction.atomic
def question_reinstate(*, question: Question, editor: User | None, now: datetime) -> None:
    """Offer a retired question again.  Locks: Question."""
    locked = question_lock(question)
    if locked.retired_at is not None:
        _mark_retired(locked, None, editor, now)


@transaction.atomic
def question_delete(*, question: Question, editor: User | None, now: datetime) -> None:
    """Remove a question that nobody was ever asked.  Raises: InUse.  Locks: Question."""
    locked = question_lock(question)
    if locked.responses.exists():
        raise InUse(_("Students have been asked this question; retire it instead."))
    if locked.quiz_items.exists():
        raise InUse(_("A quiz names this question; take it out of the quiz first."))
    event_of(locked.course, "question.deleted", locked, editor, now, is_tombstone=True)
    Question.objects.filter(pk=locked.pk).update(current_version=None)
    locked.current_version = None
    locked._history_user = editor  # type: ignore[attr-defined]  # noqa: SLF001
    locked.delete()


def question_lock(question: Question) -> Question:
    """The row as it is now, ours until the transaction ends.  Queries: 1."""
    rows = Question.objects.select_for_update(of=("self",)).select_related(
        "course__school", "current_version"
    )
    locked: Question = rows.get(pk=question.pk)
    return locked


def event_of(
    course: Course,
    kind: str,
    row: Any,
    actor: User | None,
    now: datetime,
    *,
    is_tombstone: bool = False,
) -> None:
    core.event_append(
        kind=kind,
        subject_id=row.public_id,
        school_id=course.school.public_id if course.school else None,
        actor_id=actor.public_id if actor else None,
        now=now,
        is_tombstone=is_tombstone,
        within_id=course.public_id if is_tombstone else None,
    )


def draft_faults(
    course: Course, draft: QuestionDraft, context: RenderContext
) -> tuple[list[Fault], dict[str, str]]:
    """Everything wrong with a draft, at once, and its texts as HTML by path.

    Previews in the admin and imports ask it too, so that they agree with saving.
    Queries: 0, or 1 when it names places.
    """
    return question_faults(draft, context, selectors.places_named(course, [draft.spec]))


def _write(
    course: Course,
    pairs: Sequence[tuple[Question, QuestionDraft]],
    *,
    editor: User | None,
    now: datetime,
    context: RenderContext | None,
    note: str = "",
) -> None:
    """Store each question as its draft says: all of them, or none.

    Queries: about 20, whatever their number.
    """
    places = selectors.places_named(course, [draft.spec for _question, draft in pairs])
    html = _check(course, pairs, context or selectors.question_context(course), places)
    lessons = {
        f"{row.unit.slug}/{row.slug}": row
        for row in Lesson.objects.filter(unit__course=course).select_related("unit")
    }
    for question, draft in pairs:
        question.slug, question.kind = draft.slug, draft.kind
        question.difficulty, question.bloom = draft.difficulty, draft.bloom
        question.lesson, question.anchor = lessons.get(draft.lesson), draft.anchor
        question.objectives = list(draft.objectives)
        question.revision += 1
        question.updated_at = now
    _rows_write([question for question, _draft in pairs], editor)
    _tags_write(course, pairs)
    due = []
    for question, draft in pairs:
        current = question.current_version
        spec = filled(draft.spec, places)
        # A place that was moved on the map is a new version too.
        if current is None or (current.checksum, current.spec) != (draft.checksum, spec):
            version = QuestionVersion(
                question=question,
                number=1 if current is None else current.number + 1,
                kind=draft.kind,
                stem=draft.stem,
                spec=spec,
                hints=[
                    {"text": hint.text, "cost": f"{hint.cost.normalize():f}"}
                    for hint in draft.hints
                ],
                explanation=draft.explanation,
                sources=list(draft.sources),
                html=html[draft.slug],
                checksum=draft.checksum,
                note=note,
                created_by=editor,
                created_at=now,
            )
            due.append((question, version))
    QuestionVersion.objects.bulk_create(version for _question, version in due)
    for question, version in due:
        question.current_version = version
    renewed = [question for question, _version in due]
    Question.objects.bulk_update(renewed, ["current_version"])
    _sources_write(course, due)
    core.events_append(
        kind="question.saved",
        subject_ids=[question.public_id for question, _draft in pairs],
        school_id=course.school.public_id if course.school else None,
        actor_id=editor.public_id if editor else None,
        now=now,
    )


def _check(
    course: Course,
    pairs: Sequence[tuple[Question, QuestionDraft]],
    context: RenderContext,
    places: Mapping[str, Place],
) -> dict[str, dict[str, str]]:
    """{slug: its texts as HTML by path}.  Raises: InvalidDraft, naming the question of several."""
    html: dict[str, dict[str, str]] = {}
    wrong: list[Fault] = []
    taken = set(
        Question.objects.filter(course=course, slug__in=[draft.slug for _q, draft in pairs])
        .exclude(pk__in=[question.pk for question, _draft in pairs if question.pk])
        .values_list("slug", flat=True)
    )
    for _question, draft in pairs:
        faults, texts = question_faults(draft, context, places)
        if draft.slug in taken or draft.slug in html:
            faults.append(Fault("slug", _("Another question of this course has this name.")))
        html[draft.slug] = texts
        prefix = "" if len(pairs) == 1 else f"{draft.slug}."
        wrong += [Fault(prefix + fault.path, fault.message) for fault in faults]
    if wrong:
        raise InvalidDraft(wrong)
    return html


def _rows_write(questions: Sequence[Question], editor: User | None) -> None:
    new = [question for question in questions if question.pk is None]
    old = [question for question in questions if question.pk is not None]
    if old:
        bulk_update_with_history(old, Question, _FIELDS, default_user=editor)
    if new:
        try:
            with transaction.atomic():
                bulk_create_with_history(new, Question, default_user=editor)
        except IntegrityError as error:
            # Somebody took the name since we looked.
            message = _("Another question of this course has this name.")
            raise InvalidDraft([Fault("slug", message)]) from error


def _tags_write(course: Course, pairs: Sequence[tuple[Question, QuestionDraft]]) -> None:
    between = Question.tags.through
    owners = {question.pk: set(draft.tags) for question, draft in pairs}
    rows = between.objects.filter(question_id__in=owners).select_related("tag")
    known = {(row.question_id, row.tag.name): row.pk for row in rows}
    wanted = {(pk, name) for pk, names in owners.items() for name in names}
    between.objects.filter(pk__in=[known[key] for key in known.keys() - wanted]).delete()
    missing = sorted(wanted - known.keys())
    names = sorted({name for _pk, name in missing})
    if not missing:
        return
    Tag.objects.bulk_create(
        [Tag(course=course, name=name) for name in names], ignore_conflicts=True
    )
    tags = {tag.name: tag for tag in Tag.objects.filter(course=course, name__in=names)}
    between.objects.bulk_create(
        between(question_id=pk, tag_id=tags[name].pk) for pk, name in missing
    )


def _sources_write(course: Course, due: Sequence[tuple[Question, QuestionVersion]]) -> None:
    """Say which paragraphs the new versions rest on."""
    numbers = {
        question.pk: dict.fromkeys(
            [*version.sources, *TYPES[version.kind].sources(version.spec)], False
        )
        | dict.fromkeys(version.sources, True)
        for question, version in due
    }
    rows = SourceParagraph.objects.filter(
        article__course=course, number__in={each for found in numbers.values() for each in found}
    )
    paragraphs = {row.number: row for row in rows}
    QuestionSource.objects.filter(question__in=[question for question, _version in due]).delete()
    QuestionSource.objects.bulk_create(
        QuestionSource(
            question=question, paragraph=paragraphs[number], is_key=is_key, position=position
        )
        for question, _version in due
        for position, (number, is_key) in enumerate(numbers[question.pk].items())
    )


def _mark_retired(
    question: Question, moment: datetime | None, editor: User | None, now: datetime
) -> None:
    question.retired_at = moment
    question.revision += 1
    question._history_user = editor  # type: ignore[attr-defined]  # noqa: SLF001
    question.save()
    event_of(question.course, "question.saved", question, editor, now)
