from django.urls import path

from apps.learning.views import calendars, pages, scripts

app_name = "learning"

COURSE = "<slug:course>"

# A course may have any slug: an address of ours has a dot in it, or more parts than theirs.
urlpatterns = [
    path("", pages.home, name="home"),
    path("progress.json", scripts.progress_record, name="progress-record"),
    path("calendar.ics", calendars.calendar_file, name="calendar-file"),
    path("calendar/address/", calendars.calendar, name="calendar"),
    path("calendar/<str:token>.ics", calendars.calendar_feed, name="calendar-feed"),
    path(f"{COURSE}/", pages.course, name="course"),
    path(f"{COURSE}/progress.json", scripts.progress, name="progress"),
    path(f"{COURSE}/<slug:unit>/<slug:lesson>/", pages.lesson_read, name="lesson-read"),
]
