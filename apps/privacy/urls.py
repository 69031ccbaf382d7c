from django.urls import path

from apps.privacy import views

app_name = "privacy"

urlpatterns = [
    path("", views.kept, name="kept"),
    path("copy/", views.copy, name="copy"),
    path("copy/<uuid:copy_id>/", views.download, name="download"),
    path("erase/", views.erase, name="erase"),
    path("erase/cancel/", views.cancel, name="cancel"),
    path("people/<uuid:person_id>/", views.person, name="person"),
    path("erase/texts/", views.texts, name="texts"),
    path("erase/texts/<uuid:text_id>/", views.text, name="text"),
]
