from django.urls import path

from apps.reader import views

app_name = "reader"

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("language/", views.language, name="language"),
]
