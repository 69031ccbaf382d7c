"""The pages of those who teach. Each reads, none writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify

from apps.accounts.policies import check_signed_in
from apps.classrooms.enums import STAFF_ROLES
from apps.classrooms.selectors import classroom_for
from apps.classrooms.views.pages import page
from apps.grades.sheets import csv_of
from apps.notes.selectors import confusions_page
from apps.teaching import selectors
from apps.teaching.standing import STOPPED_AFTER


@page
def home(request: HttpRequest) -> HttpResponse:
    """Every class that one teaches, with what waits there."""
    user = check_signed_in(request.user)
    return render(request, "teaching/home.html", {"home": selectors.home_of(user, timezone.now())})


@page
def classroom(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One class: what waits, who has stopped, how it does on each lesson's objectives."""
    found = classroom_for(request.user, public_id, STAFF_ROLES)
    context = {
        "classroom": found,
        "card": selectors.card_of(found, timezone.now()),
        "mastery": selectors.class_mastery(found),
        "stopped_days": STOPPED_AFTER.days,
    }
    return render(request, "teaching/classroom.html", context)


@page
def paragraphs(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The heat map, and the table behind it."""
    found = classroom_for(request.user, public_id, STAFF_ROLES)
    context = {"classroom": found, "heat": selectors.heat_map(found)}
    return render(request, "teaching/paragraphs.html", context)


@page
def duties_file(request: HttpRequest) -> HttpResponse:
    """What waits in every class, as the page of all of them has it."""
    home = selectors.home_of(check_signed_in(request.user), timezone.now())
    return _file(
        "",
        "duties",
        ["class", "duty", "about", "count", "since", "address"],
        (
            (
                card.classroom.title,
                duty.text,
                duty.detail,
                duty.count,
                duty.since and duty.since.isoformat(),
                settings.SITE_URL + duty.url,
            )
            for card in home.cards
            for duty in card.duties
        ),
    )


@page
def students_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = classroom_for(request.user, public_id, STAFF_ROLES)
    standing = selectors.card_of(found, timezone.now()).standing
    rows = standing.students if standing else ()
    return _file(
        found.title,
        "students",
        ["name", "joined_at", "last_at"],
        (
            (row.name, row.joined_at.isoformat(), row.last_at and row.last_at.isoformat())
            for row in rows
        ),
    )


@page
def objectives_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A row for each lesson, with no objective named, and one for each of its objectives."""
    found = classroom_for(request.user, public_id, STAFF_ROLES)
    return _file(
        found.title,
        "objectives",
        [
            *("unit", "lesson", "objective", "questions"),
            *("students_begun", "students", "first", "latest"),
        ],
        (
            (
                row.lesson.unit.title,
                row.lesson.title,
                objective,
                standing.questions,
                standing.begun,
                standing.students,
                _share(standing.first),
                _share(standing.latest),
            )
            for row in selectors.class_mastery(found)
            for objective, standing in [
                ("", row.whole),
                *((aim.text, aim.standing) for aim in row.aims),
            ]
        ),
    )


@page
def paragraphs_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = classroom_for(request.user, public_id, STAFF_ROLES)
    return _file(
        found.title,
        "paragraphs",
        ["paragraph", "heading", "gist", "read", "confused", "missed", "answers", "cited"],
        (
            (
                line.warmth.number,
                line.paragraph.heading,
                line.paragraph.gist,
                _share(line.warmth.read),
                line.warmth.confused,
                _share(line.warmth.missed),
                line.warmth.answers,
                line.warmth.cited,
            )
            for line in selectors.heat_map(found).lines
        ),
    )


@page
def confusions_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A row for each passage, with how many of its section's students marked it; no names."""
    found = classroom_for(request.user, public_id, STAFF_ROLES)
    return _file(
        found.title,
        "confusions",
        ["lesson", "section", "paragraphs", "students_in_section", "passage", "students"],
        (
            (each.lesson_title, each.heading, " ".join(each.sources), each.people, words, count)
            for each in confusions_page(found)
            for words, count in each.passages
        ),
    )


def _share(value: object) -> str:
    return "" if value is None else f"{value:.3f}"


def _file(
    title: str, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """rows: None is an empty cell."""
    cells = ([None if cell is None else str(cell) for cell in row] for row in rows)
    stem = slugify(f"{title}-{name}") or name
    return HttpResponse(
        csv_of([head, *cells]),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{stem}.csv"'},
    )
