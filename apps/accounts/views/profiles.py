from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts import policies, services
from apps.accounts.forms import ProfileForm
from apps.accounts.middleware import activate


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user = policies.check_signed_in(request.user)
    form = ProfileForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        services.profile_save(user=user, now=timezone.now(), **form.cleaned_data)
        activate(user)
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    return render(request, "account/profile.html", {"form": form})
