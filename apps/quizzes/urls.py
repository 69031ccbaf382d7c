from django.urls import include, path

from apps.quizzes.views import attempts, lists, practice

app_name = "quizzes"

ATTEMPT = "attempts/<uuid:attempt>"
COURSE = "courses/<slug:course>/quizzes"

urlpatterns = [
    path("", include("apps.quizzes.staff_urls")),
    path("classes/<uuid:classroom>/quizzes/", lists.assignments, name="assignments"),
    path(
        "classes/<uuid:classroom>/quizzes/<uuid:assignment>/", lists.assignment, name="assignment"
    ),
    path(
        "classes/<uuid:classroom>/quizzes/<uuid:assignment>/start/",
        attempts.assignment_start,
        name="assignment-start",
    ),
    path(f"{ATTEMPT}/", attempts.attempt, name="attempt"),
    path(f"{ATTEMPT}/save/", attempts.attempt_save, name="attempt-save"),
    path(f"{ATTEMPT}/confirm/", attempts.attempt_confirm, name="attempt-confirm"),
    path(f"{ATTEMPT}/submit/", attempts.attempt_submit, name="attempt-submit"),
    path(f"{ATTEMPT}/review/", attempts.attempt_review, name="attempt-review"),
    path(f"{ATTEMPT}/<int:position>/hint/", attempts.hint_take, name="hint-take"),
    path(f"{ATTEMPT}/<int:position>/check/", practice.response_check, name="response-check"),
    path(f"{COURSE}/", practice.practices, name="practices"),
    path(f"{COURSE}/<slug:quiz>/", practice.practice, name="practice"),
    path(f"{COURSE}/<slug:quiz>/start/", practice.practice_start, name="practice-start"),
]
