from django.urls import path, re_path

from apps.api import views
from apps.api.v1 import (
    classrooms,
    content,
    enrolments,
    missing,
    nouns,
    references,
    rosters,
    schema,
    search,
    tokens,
)

app_name = "api"

COURSE = "v1/courses/<slug:course>"
LESSON = f"{COURSE}/lessons/<slug:unit>/<slug:lesson>"

courses = [
    path("v1/courses", content.Courses.as_view(), name="courses"),
    path(COURSE, content.Course.as_view(), name="course"),
    path(f"{COURSE}/units", content.Units.as_view(), name="units"),
    path(f"{COURSE}/units/<slug:unit>", content.Unit.as_view(), name="unit"),
    path(f"{COURSE}/lessons", content.Lessons.as_view(), name="lessons"),
    path(LESSON, content.Lesson.as_view(), name="lesson"),
    path(f"{LESSON}/editions", content.Editions.as_view(), name="editions"),
    path("v1/lessons/<uuid:lesson_id>", content.LessonById.as_view(), name="lesson-by-id"),
    path(f"{COURSE}/paragraphs", content.Paragraphs.as_view(), name="paragraphs"),
    path(f"{COURSE}/paragraphs/<slug:number>", content.Paragraph.as_view(), name="paragraph"),
    path(f"{COURSE}/references", references.References.as_view(), name="references"),
    path(f"{COURSE}/references/<slug:reference>", references.Reference.as_view(), name="reference"),
    path(
        f"{COURSE}/references/<slug:reference>/<slug:form>",
        references.ReferenceFile.as_view(),
        name="reference-file",
    ),
    path(
        f"{COURSE}/bibliography/<slug:form>",
        references.Bibliography.as_view(),
        name="bibliography",
    ),
    *(
        path(f"{COURSE}/{noun}", nouns.Nouns.as_view(**parts), name=noun)
        for noun, parts in nouns.NOUNS.items()
    ),
    *(
        path(
            f"{COURSE}/{noun}/<slug:slug>",
            nouns.Noun.as_view(relation=parts["relation"], shape=parts["shape"]),
            name=f"{noun}-one",
        )
        for noun, parts in nouns.NOUNS.items()
    ),
    path(f"{COURSE}/search", search.Search.as_view(), name="search"),
]
urlpatterns = [
    path("v1/docs", views.Docs.as_view(), name="docs"),
    path("v1/openapi.json", schema.OpenApi.as_view(), name="openapi"),
    path("v1/oauth/token", tokens.Token.as_view(), name="token"),
    *courses,
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
