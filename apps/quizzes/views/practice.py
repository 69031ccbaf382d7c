"""Quizzes to practise: at once, as often as one likes, with feedback on every item."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.accounts.policies import check_signed_in
from apps.classrooms.views.pages import page
from apps.quizzes import selectors, services
from apps.quizzes.views.answering import posts


@page
def practices(request: HttpRequest, course: str) -> HttpResponse:
    student = check_signed_in(request.user)
    row = selectors.practice_course(course)
    practices = selectors.practices_of(row, student, timezone.now())
    return render(request, "quizzes/practices.html", {"page": practices})


@page
def practice(request: HttpRequest, course: str, quiz: str) -> HttpResponse:
    student, now = check_signed_in(request.user), timezone.now()
    practice = selectors.practice_of(course, quiz, student, now)
    is_withheld = selectors.is_withheld(practice.quiz, student, now)
    context = {"practice": practice, "quiz": practice.quiz, "is_withheld": is_withheld}
    return render(request, "quizzes/practice.html", context)


@posts
def practice_start(request: HttpRequest, course: str, quiz: str) -> HttpResponse:
    student, now = check_signed_in(request.user), timezone.now()
    practice = selectors.practice_of(course, quiz, student, now)
    attempt = services.practice_start(quiz=practice.quiz, student=student, now=now)
    return redirect("quizzes:attempt", attempt.public_id)


@page
def check_up(_request: HttpRequest, course: str, unit: str, lesson: str) -> HttpResponse:
    """The quiz of a lesson, wherever it is; all quizzes of the course where it has none."""
    quiz = selectors.check_up_of(course, unit, lesson)
    if quiz is None:
        return redirect("quizzes:practices", course)
    return redirect("quizzes:practice", course, quiz.slug)
