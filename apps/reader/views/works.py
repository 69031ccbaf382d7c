from django.http import HttpRequest, HttpResponse

from apps.content.citations import to_bibtex, to_csl_item, to_csl_json, to_ris
from apps.content.models import Reference
from apps.reader import selectors
from apps.reader.forms import BibliographyForm
from apps.reader.views.pages import page, published

MEDIA_TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json; charset=utf-8",
}


@page
def source(request: HttpRequest, course: str) -> HttpResponse:
    frame, headings = selectors.paragraphs_by_heading(course)
    context = {"course": frame, "headings": headings}
    return published(request, "reader/source.html", frame.version, context)


@page
def paragraph(request: HttpRequest, course: str, number: str) -> HttpResponse:
    shown = selectors.paragraph_page(course, number)
    context = {"page": shown, "course": shown.frame}
    return published(request, "reader/paragraph.html", shown.frame.version, context)


@page
def bibliography(request: HttpRequest, course: str) -> HttpResponse:
    wish = BibliographyForm(request.GET).understood()
    shown = selectors.bibliography(
        course, kind=wish["kind"] or "", is_doubtful=bool(wish["doubtful"])
    )
    context = {"page": shown, "course": shown.frame, "wish": wish}
    return published(request, "reader/bibliography.html", shown.frame.version, context)


@page
def reference(request: HttpRequest, course: str, key: str) -> HttpResponse:
    shown = selectors.reference_page(course, key)
    context = {
        "page": shown,
        "course": shown.frame,
        "formats": [
            (name, suffix, _written([shown.work], suffix))
            for name, suffix in (("BibTeX", "bib"), ("RIS", "ris"), ("CSL-JSON", "json"))
        ],
    }
    return published(request, "reader/reference.html", shown.frame.version, context)


@page
def bibliography_file(_request: HttpRequest, course: str, suffix: str) -> HttpResponse:
    works = selectors.references_of(course)
    return _file(_written(works, suffix), suffix, course)


@page
def reference_file(_request: HttpRequest, course: str, key: str, suffix: str) -> HttpResponse:
    works = selectors.references_of(course, [key])
    return _file(_written(works, suffix), suffix, key)


def _written(works: list[Reference], suffix: str) -> str:
    if suffix == "json":
        return to_csl_json(works)
    items = [to_csl_item(work) for work in works]
    return to_bibtex(items) if suffix == "bib" else to_ris(items)


def _file(text: str, suffix: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}.{suffix}"'
    headers = {"Content-Disposition": disposition}
    return HttpResponse(text, content_type=MEDIA_TYPES[suffix], headers=headers)
