"""The heat map of a class, by paragraph of the article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Avg, Count, Q

from apps.classrooms.models import Classroom, Enrolment
from apps.content.models import Lesson, SourceParagraph
from apps.debates.enums import ArgumentState
from apps.debates.models import Evidence
from apps.learning import selectors as learning
from apps.notes import selectors as notes
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import Response
from apps.teaching import drawing, heat
from apps.teaching.heat import Answers, Taught, Warmth


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph with its words beside its figures."""

    paragraph: SourceParagraph
    warmth: Warmth


@dataclass(frozen=True, slots=True)
class HeatMap:
    """lines: in the order of the article.  hardest: what to teach again, the worst first."""

    lines: Sequence[Line]
    hardest: Sequence[Line]
    students: int
    drawing: drawing.Drawing


def heat_map(classroom: Classroom) -> HeatMap:
    """What the class read, was confused by, missed and cited, paragraph by paragraph.

    The caller has fetched the class for one of its staff. Nobody is named.  Queries: 8, whatever
    the class: paragraphs, editions, students, sections seen, confusions, answers, evidence of
    paragraphs and of sections.
    """
    paragraphs = list(
        SourceParagraph.objects.filter(article__course=classroom.course_id)
        .order_by("position", "pk")
        .only("number", "heading", "gist")
    )
    sections, addresses = _sections(classroom)
    students = Enrolment.objects.students().filter(classroom=classroom).count()
    warm = heat.warmths(
        [row.number for row in paragraphs],
        sections,
        students=students,
        seen=learning.sections_seen(classroom),
        confused=notes.confusions_by_section(classroom),
        answers=_answers(classroom),
        cited=_cited(classroom, addresses),
    )
    lines = [Line(row, found) for row, found in zip(paragraphs, warm, strict=True)]
    by_number = {line.warmth.number: line for line in lines}
    return HeatMap(
        lines=lines,
        hardest=[by_number[row.number] for row in heat.hardest(warm)],
        students=students,
        drawing=drawing.draw(warm),
    )


def _sections(classroom: Classroom) -> tuple[list[Taught], dict[str, tuple[str, ...]]]:
    """Every section that students can read; and {"unit/lesson#anchor": its paragraphs}."""
    published = Lesson.objects.published().filter(unit__course=classroom.course_id)
    rows = published.values_list(
        "pk", "unit__slug", "slug", "published_edition__document__sections"
    )
    found = [
        (f"{unit}/{slug}#{part['id']}", Taught(pk, part["id"], tuple(part["sources"])))
        for pk, unit, slug, parts in rows
        for part in parts
    ]
    return (
        [section for _address, section in found],
        {address: section.paragraphs for address, section in found},
    )


def _answers(classroom: Classroom) -> dict[str, Answers]:
    """Answers to what the class was given and to its students' practice, by deciding paragraph."""
    students = Enrolment.objects.students().filter(classroom=classroom).values("user")
    rows = (
        Response.objects.filter(
            Q(attempt__assignment__classroom=classroom)
            | Q(attempt__assignment__isnull=True, attempt__student__in=students),
            question__course=classroom.course_id,
            question__source_rows__is_key=True,
            ratio__isnull=False,
            is_void=False,
        )
        .exclude(attempt__state=AttemptState.OPEN)
        .values("question__source_rows__paragraph__number")
        .annotate(count=Count("pk"), earned=Avg("ratio"))
        .order_by()
        .values_list("question__source_rows__paragraph__number", "count", "earned")
    )
    return {number: Answers(count, 1 - float(earned)) for number, count, earned in rows}


def _cited(classroom: Classroom, addresses: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """Arguments that rest on a paragraph, or on a section that teaches it."""
    visible = Evidence.objects.filter(
        argument__run__classroom=classroom, argument__state=ArgumentState.VISIBLE
    ).order_by()
    resting: Counter[str] = Counter()
    by_paragraph = visible.filter(paragraph__isnull=False).values_list("paragraph__number")
    for number, count in by_paragraph.annotate(count=Count("argument", distinct=True)):
        resting[number] += count
    by_section = visible.exclude(section="").values_list("section")
    for address, count in by_section.annotate(count=Count("argument", distinct=True)):
        for number in addresses.get(address, ()):
            resting[number] += count
    return dict(resting)
