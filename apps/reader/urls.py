from django.urls import path, re_path
from django.views.i18n import set_language

from apps.reader import views

app_name = "reader"

COURSE = "courses/<slug:course>"
_FILE = r"^courses/(?P<course>[-\w]+)/bibliography"

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("language/", views.language, name="language"),
    path("language/set/", set_language, name="language-set"),
    path("app/<slug:language>.webmanifest", views.manifest, name="manifest"),
    path("sw.js", views.worker, name="worker"),
    path("offline/", views.offline, name="offline"),
    path("offline/device/", views.device, name="device"),
    path(f"{COURSE}/offline.json", views.offline_list, name="offline-list"),
    path(f"{COURSE}/", views.course, name="course"),
    path(f"{COURSE}/lessons/<slug:unit>/<slug:lesson>/", views.lesson, name="lesson"),
    path(f"{COURSE}/source/", views.source, name="source"),
    path(f"{COURSE}/source/<str:number>/", views.paragraph, name="paragraph"),
    path(f"{COURSE}/bibliography/", views.bibliography, name="bibliography"),
    path(f"{COURSE}/bibliography/<slug:key>/", views.reference, name="reference"),
    re_path(
        rf"{_FILE}\.(?P<suffix>bib|ris|json)$", views.bibliography_file, name="bibliography-file"
    ),
    re_path(
        rf"{_FILE}/(?P<key>[-\w]+)\.(?P<suffix>bib|ris|json)$",
        views.reference_file,
        name="reference-file",
    ),
    path(f"{COURSE}/glossary/", views.glossary, name="glossary"),
    path(f"{COURSE}/glossary/<slug:slug>/", views.term, name="term"),
    path(f"{COURSE}/timeline/", views.timeline, name="timeline"),
    path(f"{COURSE}/actors/", views.actors, name="actors"),
    path(f"{COURSE}/actors/<slug:slug>/", views.actor, name="actor"),
    path(f"{COURSE}/map/", views.map_of_places, name="map"),
    path(f"{COURSE}/download/course.epub", views.course_epub, name="course-epub"),
    path(f"{COURSE}/download/course.html", views.course_printable, name="course-printable"),
    path(
        f"{COURSE}/download/lessons/<slug:unit>/<slug:lesson>.epub",
        views.lesson_epub,
        name="lesson-epub",
    ),
    path(
        f"{COURSE}/download/lessons/<slug:unit>/<slug:lesson>.html",
        views.lesson_printable,
        name="lesson-printable",
    ),
    path(f"{COURSE}/search/", views.search, name="search"),
    path(f"{COURSE}/figures/<slug:checksum>/<str:file>", views.figure, name="figure"),
]
