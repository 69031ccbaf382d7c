from django.urls import path

from apps.notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.listed, name="list"),
    path("read/", views.read_all, name="read-all"),
    path("unread/", views.unread, name="unread"),
    path("settings/", views.settings, name="settings"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("<uuid:public_id>/", views.opened, name="open"),
    path("<uuid:public_id>/read/", views.read, name="read"),
]
