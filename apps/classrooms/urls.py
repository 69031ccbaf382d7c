from django.urls import path

from apps.classrooms import views

app_name = "classrooms"

CLASS = "<uuid:public_id>"
PERSON = f"{CLASS}/people/<uuid:person_id>"
GRANT = f"{PERSON}/accommodations/<uuid:accommodation_id>"

urlpatterns = [
    path("", views.home, name="home"),
    path("join/", views.join, name="join"),
    path("new/", views.create, name="create"),
    path(
        "invitations/<uuid:invitation_id>/accept/",
        views.invitation_accept,
        name="invitation-accept",
    ),
    path(
        "invitations/<uuid:invitation_id>/decline/",
        views.invitation_decline,
        name="invitation-decline",
    ),
    path(f"{CLASS}/", views.classroom, name="classroom"),
    path(f"{CLASS}/settings/", views.settings, name="settings"),
    path(f"{CLASS}/settings/code/renew/", views.code_renew, name="code-renew"),
    path(f"{CLASS}/settings/code/close/", views.code_close, name="code-close"),
    path(f"{CLASS}/settings/archive/", views.archive, name="archive"),
    path(f"{CLASS}/settings/unarchive/", views.unarchive, name="unarchive"),
    path(f"{CLASS}/people/", views.people, name="people"),
    path(f"{CLASS}/people/people.csv", views.roster_file, name="roster-file"),
    path(f"{CLASS}/people/import/", views.roster_import, name="roster-import"),
    path(f"{CLASS}/people/invite/", views.invite, name="invite"),
    path(
        f"{CLASS}/people/invitations/<uuid:invitation_id>/withdraw/",
        views.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path(f"{PERSON}/", views.enrolment, name="enrolment"),
    path(f"{PERSON}/remove/", views.enrolment_remove, name="enrolment-remove"),
    path(f"{PERSON}/restore/", views.enrolment_restore, name="enrolment-restore"),
    path(f"{PERSON}/accommodations/", views.accommodation_create, name="accommodation-create"),
    path(f"{GRANT}/", views.accommodation, name="accommodation"),
    path(f"{GRANT}/delete/", views.accommodation_delete, name="accommodation-delete"),
]
