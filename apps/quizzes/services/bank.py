"""Writing the bank. A save that changes what is asked makes a new version; none is rewritten."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from apps.content.markdown import render_markdown
from apps.content.models import Course, Lesson, SourceParagraph
from apps.core import services as core
from apps.quizzes import selectors
from apps.quizzes.drafts import Fault, QuestionDraft
from apps.quizzes.enums import Bloom, Difficulty
from apps.quizzes.errors import EditConflict, InUse, InvalidDraft
from apps.quizzes.models import Question, QuestionSource, QuestionVersion, Tag
from apps.quizzes.types import TYPES

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.content.markdown import RenderContext

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


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
    _write(question, draft, editor, now, context, note="")
    return question


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
    _write(locked, draft, editor, now, context, note=note)
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
    locked._history_user = editor  # noqa: SLF001 - simple-history's name
    locked.delete()


def question_lock(question: Question) -> Question:
    """The row as it is now, ours until the transaction ends.  Queries: 1."""
    rows = Question.objects.select_for_update(of=("self",)).select_related("course__school")
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
    )


def draft_faults(
    course: Course, draft: QuestionDraft, context: RenderContext
) -> tuple[list[Fault], dict[str, str]]:
    """Everything wrong with a draft, at once, and its texts as HTML by path.

    Queries: 0, or 1 when it names places.

    Previews in the admin and imports ask it too, so that they agree with saving.
    """
    faults = [
        Fault(path, message)
        for is_wrong, path, message in (
            (not SLUG.fullmatch(draft.slug), "slug", _("Small letters, digits and hyphens.")),
            (len(draft.slug) > 120, "slug", _("At most 120 characters.")),
            (draft.difficulty not in Difficulty.values, "difficulty", _("Not a difficulty.")),
            (draft.bloom not in Bloom.values, "bloom", _("Not a Bloom level.")),
            (not draft.stem.strip(), "stem", _("The question is missing.")),
            (len(set(draft.sources)) != len(draft.sources), "sources", _("Named twice.")),
            (sum(hint.cost for hint in draft.hints) > 1, "hints", _("They cost more than 1.")),
            (bool(draft.anchor and not draft.lesson), "anchor", _("Name its lesson as well.")),
        )
        if is_wrong
    ]
    for index, hint in enumerate(draft.hints):
        if not (hint.cost.is_finite() and Decimal(0) <= hint.cost <= 1):
            faults.append(Fault(f"hints.{index}.cost", _("A cost is between 0 and 1.")))
    for tag in draft.tags:
        if not SLUG.fullmatch(tag) or len(tag) > 60:
            message = _("“%(tag)s”: small letters, digits and hyphens.") % {"tag": tag}
            faults.append(Fault("tags", message))
    if draft.lesson and draft.lesson not in context.lessons:
        message = _("There is no lesson “%(path)s”; write unit/lesson.") % {"path": draft.lesson}
        faults.append(Fault("lesson", message))
    elif draft.anchor and draft.anchor not in context.lessons.get(draft.lesson, ()):
        message = _("The lesson has no section “%(anchor)s”.") % {"anchor": draft.anchor}
        faults.append(Fault("anchor", message))
    kind = TYPES.get(draft.kind)
    if kind is None:
        message = _("“%(kind)s” is no type of question.") % {"kind": draft.kind}
        return [*faults, Fault("type", message)], {}
    spec = selectors.spec_filled(course, draft.spec)
    spec_faults = kind.check_spec(spec)
    faults += [Fault(f"spec.{fault.path}", fault.message) for fault in spec_faults]
    named = [("sources", number) for number in draft.sources]
    if not spec_faults:
        named += [("spec", number) for number in kind.sources(spec)]
    for path, number in named:
        if number not in context.paragraphs:
            message = _("The article has no paragraph “%(number)s”.") % {"number": number}
            faults.append(Fault(path, message))
    texts = [("stem", draft.stem, True), ("explanation", draft.explanation, True)]
    texts += [(f"hints.{index}", hint.text, True) for index, hint in enumerate(draft.hints)]
    if not spec_faults:
        texts += [(text.path, text.text, text.is_block) for text in kind.texts(spec)]
    html = {}
    for path, text, is_block in texts:
        rendered = render_markdown(text, context)
        html[path] = rendered.html if is_block else _inline(rendered.html)
        faults += [
            Fault(path, problem.message) for problem in rendered.problems if problem.is_error
        ]
    return faults, html


def _inline(html: str) -> str:
    """One paragraph without its tag, for a label or a table's cell."""
    text = html.strip()
    inner = text.removeprefix("<p>").removesuffix("</p>")
    return inner if "<p" not in inner and text.startswith("<p>") else text


def _write(
    question: Question,
    draft: QuestionDraft,
    editor: User | None,
    now: datetime,
    context: RenderContext | None,
    *,
    note: str,
) -> None:
    course = question.course
    context = context or selectors.question_context(course)
    faults, html = draft_faults(course, draft, context)
    same_name = Question.objects.filter(course=course, slug=draft.slug).exclude(pk=question.pk)
    if same_name.exists():
        faults.append(Fault("slug", _("Another question of this course has this name.")))
    if faults:
        raise InvalidDraft(faults)
    question.slug, question.kind = draft.slug, draft.kind
    question.difficulty, question.bloom = draft.difficulty, draft.bloom
    question.lesson, question.anchor = _lesson(course, draft.lesson), draft.anchor
    question.revision += 1
    question._history_user = editor  # type: ignore[attr-defined]  # noqa: SLF001
    question.save()
    _tags_write(question, draft.tags)
    current = question.current_version
    spec = selectors.spec_filled(course, draft.spec)
    # A place that was moved on the map is a new version too.
    if current is None or (current.checksum, current.spec) != (draft.checksum, spec):
        version = QuestionVersion.objects.create(
            question=question,
            number=1 if current is None else current.number + 1,
            kind=draft.kind,
            stem=draft.stem,
            spec=spec,
            hints=[{"text": hint.text, "cost": str(hint.cost)} for hint in draft.hints],
            explanation=draft.explanation,
            sources=list(draft.sources),
            html=html,
            checksum=draft.checksum,
            note=note,
            created_by=editor,
            created_at=now,
        )
        question.current_version = version
        Question.objects.filter(pk=question.pk).update(current_version=version)
        _sources_write(question, draft)
    event_of(course, "question.saved", question, editor, now)


def _lesson(course: Course, path: str) -> Lesson | None:
    if not path:
        return None
    unit, _slash, slug = path.partition("/")
    lesson: Lesson = Lesson.objects.get(unit__course=course, unit__slug=unit, slug=slug)
    return lesson


def _tags_write(question: Question, names: Sequence[str]) -> None:
    wanted = list(dict.fromkeys(names))
    known = set(question.tags.values_list("name", flat=True))
    if known == set(wanted):
        return
    Tag.objects.bulk_create(
        [Tag(course=question.course, name=name) for name in wanted], ignore_conflicts=True
    )
    question.tags.set(Tag.objects.filter(course=question.course, name__in=wanted))


def _sources_write(question: Question, draft: QuestionDraft) -> None:
    numbers = list(dict.fromkeys([*draft.sources, *TYPES[draft.kind].sources(draft.spec)]))
    rows = SourceParagraph.objects.filter(article__course=question.course, number__in=numbers)
    paragraphs = {row.number: row for row in rows}
    question.source_rows.all().delete()
    QuestionSource.objects.bulk_create(
        QuestionSource(
            question=question,
            paragraph=paragraphs[number],
            is_key=number in draft.sources,
            position=position,
        )
        for position, number in enumerate(numbers)
    )


def _mark_retired(
    question: Question, moment: datetime | None, editor: User | None, now: datetime
) -> None:
    question.retired_at = moment
    question.revision += 1
    question._history_user = editor  # type: ignore[attr-defined]  # noqa: SLF001
    question.save()
    event_of(question.course, "question.saved", question, editor, now)
