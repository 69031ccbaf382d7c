"""Pages for instructors; the site's admin decides who is one, and shows them in its frame."""

from django.contrib import admin
from django.urls import path

from apps.courseware import views

app_name = "courseware"

urlpatterns = [
    path("courses/<slug:slug>/coverage/", admin.site.admin_view(views.coverage), name="coverage"),
]
