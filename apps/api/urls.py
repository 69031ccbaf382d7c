from django.urls import path, re_path

from apps.api import views
from apps.api.v1 import classrooms, content, enrolments, missing, rosters, schema, tokens

app_name = "api"
urlpatterns = [
    path("v1/docs", views.Docs.as_view(), name="docs"),
    path("v1/openapi.json", schema.OpenApi.as_view(), name="openapi"),
    path("v1/oauth/token", tokens.Token.as_view(), name="token"),
    path("v1/courses", content.Courses.as_view(), name="courses"),
    path("v1/courses/<slug:course>/units", content.Units.as_view(), name="units"),
    path("v1/courses/<slug:course>/lessons", content.Lessons.as_view(), name="lessons"),
    path(
        "v1/courses/<slug:course>/lessons/<slug:unit>/<slug:lesson>",
        content.Lesson.as_view(),
        name="lesson",
    ),
    path("v1/courses/<slug:course>/paragraphs", content.Paragraphs.as_view(), name="paragraphs"),
    *(
        path(f"v1/courses/<slug:course>/{noun}", content.Nouns.as_view(**parts), name=noun)
        for noun, parts in content.NOUNS.items()
    ),
    path("v1/classrooms", classrooms.Classrooms.as_view(), name="classrooms"),
    path("v1/classrooms/<str:key>", classrooms.ClassroomDetail.as_view(), name="classroom"),
    path("v1/classrooms/<str:key>/enrolments", enrolments.Enrolments.as_view(), name="enrolments"),
    path(
        "v1/classrooms/<str:key>/enrolments/<str:person>",
        enrolments.EnrolmentDetail.as_view(),
        name="enrolment",
    ),
    path(
        "v1/classrooms/<str:key>/invitations",
        enrolments.Invitations.as_view(),
        name="invitations",
    ),
    path("v1/classrooms/<str:key>/roster", rosters.Roster.as_view(), name="roster"),
    path(
        "v1/classrooms/<str:key>/grade-items", classrooms.GradeItems.as_view(), name="grade-items"
    ),
    path("v1/classrooms/<str:key>/results", classrooms.Results.as_view(), name="results"),
    re_path(r"^.*$", missing.Missing.as_view(), name="missing"),
]
