from django.urls import path
from django.views.i18n import set_language

from apps.reader import views

app_name = "reader"

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("language/", views.language, name="language"),
    path("language/set/", set_language, name="language-set"),
]
