from django.urls import path

from apps.quizzes.views import (
    analysis,
    assigned,
    assignments,
    contesting,
    decisions,
    marking,
    practice,
    sitting,
)

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

staff = [
    path(f"{CLASS}/new/", assignments.assignment_create, name="assignment-create"),
    path(f"{CLASS}/objections/", decisions.objections, name="objections"),
    path(f"{CLASS}/objections/<uuid:contest_id>/", decisions.objection, name="objection"),
    path(f"{GIVEN}/settings/", assignments.assignment_settings, name="assignment-settings"),
    path(f"{GIVEN}/publish/", assignments.assignment_publish, name="assignment-publish"),
    path(f"{GIVEN}/withdraw/", assignments.assignment_withdraw, name="assignment-withdraw"),
    path(f"{GIVEN}/delete/", assignments.assignment_delete, name="assignment-delete"),
    path(f"{GIVEN}/analysis/", analysis.analysis, name="assignment-analysis"),
    path(f"{GIVEN}/marking/", marking.marking, name="marking"),
    path(f"{GIVEN}/marking/<uuid:attempt_id>/<int:position>/", marking.mark, name="mark"),
    path(f"{GIVEN}/questions/<uuid:question_id>/", decisions.correction, name="correction"),
]

urlpatterns = [*students, *staff]
