"""The yardsticks that the product's pages are measured against, beside the product itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path

from apps.content.models import Course, GlossaryTerm, Lesson, LessonEdition, Reference, Unit
from benchmarks import naive_api


def template_page(request: HttpRequest) -> HttpResponse:
    """(a) A bare page of 20 KB rendered by template, without a query."""
    return render(request, "bench/rows.html", {"rows": ROWS})


def row_page(_request: HttpRequest, pk: int) -> HttpResponse:
    """(b) A bare page that answers one stored row of the same size."""
    html = LessonEdition.objects.values_list("html", flat=True).get(pk=pk)
    return HttpResponse(html)


def naive_page(request: HttpRequest, pk: int) -> HttpResponse:
    """(c) A signed-in reader's page as it is usually written: five queries and a template."""
    lesson = get_object_or_404(Lesson, pk=pk)
    return render(
        request,
        "bench/naive.html",
        {
            "user": request.user,
            "lesson": lesson,
            "edition": LessonEdition.objects.get(pk=lesson.published_edition_id),
            "unit": Unit.objects.get(pk=lesson.unit_id),
            "rows": ROWS,
        },
    )


def naive_outline(request: HttpRequest, slug: str) -> HttpResponse:
    """(d) An outline as it is usually written: a query for each unit."""
    course = get_object_or_404(Course, slug=slug)
    return render(request, "bench/outline.html", {"course": course})


def naive_search(request: HttpRequest) -> HttpResponse:
    """(e) A search as it is usually written: `icontains` over three tables."""
    query = request.GET.get("q", "")
    return render(
        request,
        "bench/search.html",
        {
            "lessons": LessonEdition.objects.filter(html__icontains=query)[:20],
            "terms": GlossaryTerm.objects.filter(definition__icontains=query)[:20],
            "references": Reference.objects.filter(apa_html__icontains=query)[:20],
        },
    )


ROWS = [
    {
        "number": number,
        "title": f"Row {number}",
        "text": "A sentence of about eighty characters that stands for a lesson's own text. ",
    }
    for number in range(150)
]

urlpatterns = [
    path("bench/template/", template_page),
    path("bench/row/<int:pk>/", row_page),
    path("bench/naive/<int:pk>/", naive_page),
    path("bench/outline/<slug:slug>/", naive_outline),
    path("bench/search/", naive_search),
    path("bench/api/lessons/<slug:slug>/", naive_api.Lessons.as_view()),
    path("bench/api/lesson/<int:pk>/", naive_api.LessonDetail.as_view()),
    path("bench/api/results/<uuid:key>/", naive_api.Results.as_view()),
    path("bench/api/answers/<uuid:attempt_id>/<int:position>/", naive_api.Answer.as_view()),
    path("", include("config.urls")),
]
