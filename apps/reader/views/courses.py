from django.http import HttpRequest, HttpResponse

from apps.reader import selectors
from apps.reader.views.pages import page, published


@page
def home(request: HttpRequest) -> HttpResponse:
    shown = selectors.home_page()
    return published(request, "reader/home.html", shown.version, {"page": shown})


@page
def course(request: HttpRequest, course: str) -> HttpResponse:
    shown = selectors.course_page(course)
    context = {"page": shown, "course": shown.frame}
    return published(request, "reader/course.html", shown.frame.version, context)


@page
def lesson(request: HttpRequest, course: str, unit: str, lesson: str) -> HttpResponse:
    shown = selectors.lesson_page(course, unit, lesson)
    context = {"page": shown, "course": shown.frame}
    return published(request, "reader/lesson.html", shown.version, context)
