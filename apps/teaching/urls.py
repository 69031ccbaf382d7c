from django.urls import path

from apps.teaching import views

app_name = "teaching"

CLASS = "classes/<uuid:public_id>"

urlpatterns = [
    path("", views.home, name="home"),
    path("duties.csv", views.duties_file, name="duties-file"),
    path(f"{CLASS}/", views.classroom, name="classroom"),
    path(f"{CLASS}/students.csv", views.students_file, name="students-file"),
    path(f"{CLASS}/objectives.csv", views.objectives_file, name="objectives-file"),
    path(f"{CLASS}/confusions.csv", views.confusions_file, name="confusions-file"),
    path(f"{CLASS}/paragraphs/", views.paragraphs, name="paragraphs"),
    path(f"{CLASS}/paragraphs.csv", views.paragraphs_file, name="paragraphs-file"),
]
