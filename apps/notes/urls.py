from django.urls import path

from apps.notes.views import classes, lessons, mine

app_name = "notes"

LESSON = "lessons/<slug:course>/<slug:unit>/<slug:lesson>/"
CLASS = "classes/<uuid:public_id>/"

urlpatterns = [
    path("", mine.mine, name="mine"),
    path("export/", mine.export, name="export"),
    path("<uuid:note_id>/edit/", mine.edit, name="edit"),
    path("<uuid:note_id>/delete/", mine.delete, name="delete"),
    path(LESSON, lessons.lesson, name="lesson"),
    path(f"{LESSON}panel/", lessons.panel, name="panel"),
    path(CLASS, classes.class_notes, name="class"),
    path(f"{CLASS}confusions/", classes.confusions, name="confusions"),
    path(f"{CLASS}<uuid:note_id>/hide/", classes.hide, name="hide"),
    path(f"{CLASS}<uuid:note_id>/show/", classes.show, name="show"),
]
