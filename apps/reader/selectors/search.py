"""The search page: hits with the addresses that the reading room gives them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.content import search
from apps.reader.selectors.courses import CourseFrame, course_row, frame_of

KIND_LABELS: dict[str, Promise] = {
    "lesson": _("Lessons"),
    "term": _("Glossary"),
    "reference": _("Bibliography"),
    "event": _("Timeline"),
    "actor": _("Actors"),
    "place": _("Places"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    found: search.SearchHit
    kind_label: Promise
    url: str


@dataclass(frozen=True, slots=True)
class SearchResults:
    """kinds: (kind, label, number of hits) of those that have any; `kind` is "" for all."""

    frame: CourseFrame
    query: str
    kind: str
    kinds: list[tuple[str, Promise, int]]
    total: int
    hits: list[Hit]
    found: search.SearchPage

    @property
    def earlier(self) -> int | None:
        return self.found.page - 1 if self.found.page > 1 else None

    @property
    def later(self) -> int | None:
        return self.found.page + 1 if self.found.page < self.found.page_count else None


def search_page(course: str, *, query: str, kind: str, page: int) -> SearchResults:
    """What a course's published texts answer.  Raises: NotFound.  Queries: 1, and search's own."""
    row = course_row(course)
    chosen = kind if kind in KIND_LABELS else ""
    found = search.search(
        course=row, query=query, kinds=[chosen] if chosen else [], page=page, page_size=20
    )
    return SearchResults(
        frame=frame_of(row),
        query=query,
        kind=chosen,
        kinds=[
            (name, label, found.counts[name])
            for name, label in KIND_LABELS.items()
            if found.counts.get(name)
        ],
        total=sum(found.counts.values()),
        hits=[Hit(hit, KIND_LABELS[hit.kind], hit_url(course, hit)) for hit in found.hits],
        found=found,
    )


def hit_url(course: str, hit: search.SearchHit) -> str:
    """The address at which the reading room shows what was found."""
    path, hash_sign, anchor = hit.key.partition("#")
    if hit.kind == "lesson":
        return reverse("reader:lesson", args=[course, *path.split("/")]) + hash_sign + anchor
    if hit.kind in {"event", "place"}:
        page = reverse(f"reader:{'timeline' if hit.kind == 'event' else 'map'}", args=[course])
        return f"{page}#{hit.kind}-{path}"
    return reverse(f"reader:{hit.kind}", args=[course, path])
