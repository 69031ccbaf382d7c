from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from apps.core.views import healthz

urlpatterns = [
    path("", include("apps.reader.urls")),
    path("accounts/", include("apps.accounts.urls")),
    path("classes/", include("apps.classrooms.urls")),
    path("classes/", include("apps.grades.urls")),
    path("classes/", include("apps.debates.urls")),
    path("", include("apps.quizzes.urls")),
    # One page to change a password, with its limit and its letter.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", include("apps.courseware.urls")),
    path("admin/", admin.site.urls),
    path("notes/", include("apps.notes.urls")),
    path("review/", include("apps.review.urls")),
    path("home/", include("apps.learning.urls")),
    path("teaching/", include("apps.teaching.urls")),
    path("notifications/", include("apps.notifications.urls")),
    path("privacy/", include("apps.privacy.urls")),
    path("api/", include("apps.api.urls")),
    path("healthz", healthz, name="healthz"),
]
