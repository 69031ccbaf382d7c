"""A course's draft rows as the values that its files would hold."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any

from apps.content import models
from apps.courseware.drafts import LEANINGS
from apps.courseware.format import CourseFiles, records
from apps.courseware.format.plaintext import clean, clean_body
from apps.courseware.format.references import canonical_csl
from apps.debates.models import Debate, Side
from apps.quizzes import selectors as quizzes
from apps.quizzes.models import Question, Quiz


def course_files(course: models.Course) -> CourseFiles:
    """Everything that course_export writes; a lesson that readers do not see is a draft.

    Raises: FormatError when a reference is no CSL item.  Queries: 30.
    """
    units = list(course.units.order_by("position", "pk"))
    paragraphs = models.SourceParagraph.objects.filter(article__course=course)
    return CourseFiles(
        course=_course(course, units),
        references=tuple(_reference(row) for row in course.references.all()),
        paragraphs=tuple(_paragraph(row) for row in paragraphs.prefetch_related("cites")),
        glossary=tuple(_term(row) for row in _with_sources(course.glossaryterms)),
        actors=tuple(_actor(row) for row in _with_sources(course.actors)),
        timeline=tuple(
            _event(row) for row in _with_sources(course.timelineevents).prefetch_related("actors")
        ),
        places=tuple(_place(row) for row in _with_sources(course.places)),
        figures=tuple(_figure(row) for row in course.figures.all()),
        lessons=_lessons(course),
        questions=_questions(course),
        quizzes=tuple(_quiz(row) for row in quizzes.quizzes_of(course)),
        debates=tuple(
            _debate(row)
            for row in Debate.objects.filter(course=course, school=None).prefetch_related(
                "sides__actor", "sides__sources__reference"
            )
        ),
    ).in_order()


def _with_sources(rows: Any) -> Any:
    return rows.prefetch_related("sources")


def _sources(row: Any) -> tuple[str, ...]:
    numbers = (paragraph.number for paragraph in row.sources.all())
    return tuple(sorted(numbers, key=lambda number: (len(number), number)))


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(clean(value) for value in values)


def _course(course: models.Course, units: list[models.Unit]) -> records.Course:
    article = models.Article.objects.filter(course=course).first() or models.Article(year=0)
    return records.Course(
        slug=course.slug,
        title=clean(course.title),
        summary=clean(course.summary),
        language=course.language,
        licence=records.Licence(
            name=clean(course.licence_name),
            url=course.licence_url,
            notice=clean(course.licence_notice),
        ),
        article=records.Article(
            title=clean(article.title),
            authors=_texts(article.authors),
            journal=clean(article.journal),
            year=article.year,
            volume=clean(article.volume),
            issue=clean(article.issue),
            pages=clean(article.pages),
            doi=clean(article.doi),
            published=article.published.isoformat() if article.published else None,
            licence=clean(article.licence),
        ),
        units=tuple(
            records.Unit(slug=unit.slug, title=clean(unit.title), summary=clean(unit.summary))
            for unit in units
        ),
    )


def _reference(row: models.Reference) -> records.Reference:
    return records.Reference(
        key=row.key,
        csl=canonical_csl(row.csl),
        kind=row.kind,
        listed=row.is_listed,
        note=clean(row.note),
        status=row.status,
    )


def _paragraph(row: models.SourceParagraph) -> records.Paragraph:
    return records.Paragraph(
        number=row.number,
        heading=clean(row.heading),
        page=row.page,
        gist=clean(row.gist),
        cites=tuple(sorted(reference.key for reference in row.cites.all())),
        note=clean(row.note),
    )


def _term(row: models.GlossaryTerm) -> records.Term:
    return records.Term(
        slug=row.slug,
        term=clean(row.term),
        aliases=_texts(row.aliases),
        definition=clean(row.definition),
        sources=_sources(row),
    )


def _actor(row: models.Actor) -> records.Actor:
    return records.Actor(
        slug=row.slug,
        name=clean(row.name),
        kind=row.kind,
        aliases=_texts(row.aliases),
        description=clean(row.description),
        sources=_sources(row),
        iso=row.iso or None,
        sco=row.sco or None,
        sco_since=row.sco_since or None,
    )


def _event(row: models.TimelineEvent) -> records.TimelineEvent:
    return records.TimelineEvent(
        slug=row.slug,
        date=row.date,
        title=clean(row.title),
        description=clean(row.description),
        actors=tuple(sorted(actor.slug for actor in row.actors.all())),
        sources=_sources(row),
        external=row.is_external,
    )


def _place(row: models.Place) -> records.Place:
    return records.Place(
        slug=row.slug,
        name=clean(row.name),
        latitude=row.latitude.quantize(Decimal("0.01")),
        longitude=row.longitude.quantize(Decimal("0.01")),
        kind=row.kind,
        description=clean(row.description),
        sources=_sources(row),
    )


def _figure(row: models.Figure) -> records.Figure:
    return records.Figure(
        file=row.file, alt=clean(row.alt), credit=clean(row.credit), content=bytes(row.content)
    )


def _lessons(course: models.Course) -> tuple[records.Lesson, ...]:
    rows = (
        models.Lesson.objects.filter(unit__course=course)
        .select_related("unit")
        .prefetch_related("sections__sources__paragraph", "further_reading__reference")
        .order_by("unit__position", "unit__pk", "position", "pk")
    )
    positions: defaultdict[str, int] = defaultdict(int)
    lessons = []
    for row in rows:
        positions[row.unit.slug] += 1
        lessons.append(_lesson(row, positions[row.unit.slug]))
    return tuple(lessons)


def _lesson(row: models.Lesson, position: int) -> records.Lesson:
    return records.Lesson(
        unit=row.unit.slug,
        position=position,
        slug=row.slug,
        title=clean(row.title),
        objectives=_texts(row.objectives),
        summary=_texts(row.summary),
        questions=_texts(row.questions),
        further_reading=tuple(
            records.FurtherReading(key=work.reference.key, note=clean(work.note))
            for work in row.further_reading.all()
        ),
        draft=row.published_edition_id is None,
        sections=tuple(
            records.Section(
                anchor=section.anchor,
                heading=clean(section.heading),
                sources=tuple(source.paragraph.number for source in section.sources.all()),
                body=clean_body(section.body),
            )
            for section in row.sections.all()
        ),
    )


def _questions(course: models.Course) -> tuple[records.Question, ...]:
    positions: defaultdict[str, int] = defaultdict(int)
    questions = []
    for row in quizzes.questions_of(course).order_by("position", "pk"):
        question = _question(row)
        positions[question.lesson] += 1
        questions.append(replace(question, position=positions[question.lesson]))
    return tuple(questions)


def _question(row: Question) -> records.Question:
    draft = quizzes.question_draft(row)
    return records.Question(
        position=0,
        slug=draft.slug,
        type=draft.kind,
        lesson=draft.lesson,
        anchor=draft.anchor,
        objectives=draft.objectives,
        sources=draft.sources,
        tags=tuple(sorted(draft.tags)),
        difficulty=draft.difficulty,
        bloom=draft.bloom,
        stem=clean(draft.stem),
        spec=_json(draft.spec),
        hints=tuple(records.Hint(text=clean(hint.text), cost=hint.cost) for hint in draft.hints),
        explanation=clean(draft.explanation),
        retired=row.retired_at is not None,
    )


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json(item) for item in value]
    return clean(value) if isinstance(value, str) else value


def _quiz(row: Quiz) -> records.Quiz:
    draft = quizzes.quiz_draft(row)
    return records.Quiz(
        slug=draft.slug,
        title=clean(draft.title),
        kind=draft.kind,
        lesson=draft.lesson,
        unit=draft.unit,
        intro=clean(draft.intro),
        layout=draft.layout,
        shuffle_items=draft.shuffle_items,
        practice=draft.is_practice,
        items=tuple(
            records.QuizItem(
                question=item.question,
                draw=item.draw or None,
                tags=tuple(sorted(set(item.tags))),
                unit=item.unit,
                difficulty=item.difficulty,
                points=item.points,
            )
            for item in draft.items
        ),
    )


def _debate(row: Debate) -> records.Debate:
    return records.Debate(
        slug=row.slug,
        position=row.position,
        motion=clean(row.motion),
        background=clean(row.background),
        evidence_rule=row.evidence_rule,
        side_rule=row.side_rule,
        min_words=row.min_words,
        max_words=row.max_words,
        arguments_owed=row.arguments_owed,
        rebuttals_owed=row.rebuttals_owed,
        peer_reviews_owed=row.peer_reviews_owed,
        anonymous=row.is_anonymous,
        posts_first=row.posts_first,
        shows_openings=row.shows_openings,
        sides=tuple(_side(side) for side in row.sides.all()),
    )


def _side(row: Side) -> records.Side:
    return records.Side(
        key=row.key,
        label=clean(row.label),
        leaning=next(word for word, leaning in LEANINGS.items() if leaning == row.leaning),
        actor=row.actor.slug if row.actor else "",
        sources=tuple(
            records.SideSource(
                key=source.reference.key,
                locator=clean(source.locator),
                note=clean(source.note),
            )
            for source in row.sources.all()
        ),
        opening=clean(row.opening),
    )
