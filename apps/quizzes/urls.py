from django.urls import path

from apps.quizzes.views import assigned, contesting, practice, sitting

app_name = "quizzes"

COURSE = "courses/<slug:course>"
CLASS = "classes/<uuid:public_id>/quizzes"
GIVEN = f"{CLASS}/<uuid:assignment_id>"
ATTEMPT = "attempts/<uuid:attempt_id>"

students = [
    path(f"{COURSE}/practice/", practice.practices, name="practices"),
    path(f"{COURSE}/practice/<slug:quiz>/", practice.practice, name="practice"),
    path(f"{COURSE}/practice/<slug:quiz>/start/", practice.practice_start, name="practice-start"),
    path(
        f"{COURSE}/lessons/<slug:unit>/<slug:lesson>/check-up/", practice.check_up, name="check-up"
    ),
    path(f"{CLASS}/", assigned.assignments, name="assignments"),
    path(f"{GIVEN}/", assigned.assignment, name="assignment"),
    path(f"{GIVEN}/start/", assigned.assignment_start, name="assignment-start"),
    path(f"{ATTEMPT}/", sitting.attempt, name="attempt"),
    path(f"{ATTEMPT}/save/", sitting.attempt_save, name="attempt-save"),
    path(f"{ATTEMPT}/confirm/", sitting.attempt_confirm, name="attempt-confirm"),
    path(f"{ATTEMPT}/submit/", sitting.attempt_submit, name="attempt-submit"),
    path(f"{ATTEMPT}/review/", sitting.attempt_review, name="attempt-review"),
    path(f"{ATTEMPT}/items/<int:position>/contest/", contesting.contest, name="contest"),
    path(
        "contests/<uuid:contest_id>/withdraw/", contesting.contest_withdraw, name="contest-withdraw"
    ),
]

urlpatterns = [*students]
