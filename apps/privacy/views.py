from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.policies import check_signed_in
from apps.accounts.views.pace import check_pace, paced, too_often
from apps.core.errors import DomainError, NotFound, TooOften
from apps.privacy import selectors, services
from apps.privacy.errors import CannotErase
from apps.privacy.forms import EraseForm, ErasePersonForm, TextForm


@never_cache
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    context = {
        "holdings": selectors.holdings(),
        "backup_days": settings.BACKUP_KEEP_DAYS,
        "erasure_days": settings.ERASURE_DAYS,
    }
    if request.user.is_authenticated:
        user = check_signed_in(request.user)
        context["wishes"] = selectors.wishes_of(user)
        context["policies"] = selectors.class_policies(user)
    return render(request, "privacy/kept.html", context)


@never_cache
@login_required
@require_POST
@reauthentication_required
def copy(request: HttpRequest) -> HttpResponse:
    user = check_signed_in(request.user)
    try:
        check_pace(request, "privacy_copy")
    except TooOften as error:
        return too_often(request, error)
    services.export_request(user=user, now=timezone.now())
    messages.success(request, _("Your copy is being made. It will be here in a minute or two."))
    return redirect("privacy:kept")


@never_cache
@login_required
@require_safe
@reauthentication_required
def download(request: HttpRequest, copy_id: UUID) -> StreamingHttpResponse:
    try:
        row = selectors.export_of(check_signed_in(request.user), copy_id)
    except NotFound as error:
        raise Http404(error.message) from error
    answer = StreamingHttpResponse(selectors.export_bytes(row), content_type="application/zip")
    answer["Content-Length"] = str(row.size_bytes)
    answer["Content-Encoding"] = "identity"  # packed already
    answer["Content-Disposition"] = f'attachment; filename="majlis-{row.ready_at:%Y-%m-%d}.zip"'
    return answer


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def erase(request: HttpRequest) -> HttpResponse:
    user = check_signed_in(request.user)
    form = EraseForm(request.POST if request.method == "POST" else None, user=user)
    titles: list[str] = []
    if form.is_valid():
        try:
            check_pace(request, "privacy_erase")
            services.erasure_request(user=user, now=timezone.now())
            messages.success(request, _("You will be erased. Until then you can change your mind."))
            return redirect("privacy:erase")
        except (CannotErase, TooOften) as error:
            form.add_error(None, error.message)
            titles = getattr(error, "titles", [])
    context = {
        "form": form,
        "titles": titles,
        "days": settings.ERASURE_DAYS,
        "backup_days": settings.BACKUP_KEEP_DAYS,
        "wish": selectors.wishes_of(user).erasure,
        "policies": selectors.class_policies(user),
        "texts": selectors.texts_kept(user),
    }
    return paced(request, render(request, "privacy/erase.html", context))


@never_cache
@login_required
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    if services.erasure_cancel(user=check_signed_in(request.user), now=timezone.now()):
        messages.success(request, _("You stay. Nothing was erased."))
    return redirect("privacy:kept")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """An administrator's page of somebody: have them erased, or take that back."""
    actor, now = check_signed_in(request.user), timezone.now()
    try:
        erased = selectors.person_to_erase(actor, person_id)
    except NotFound as error:
        raise Http404(error.message) from error
    if erased == actor:
        return redirect("privacy:erase")
    if "stay" in request.POST:
        if services.erasure_cancel(user=erased, actor=actor, now=now):
            messages.success(request, _("The person stays. Nothing was erased."))
        return redirect("privacy:person", person_id)
    form = ErasePersonForm(request.POST if request.method == "POST" else None, user=erased)
    titles: list[str] = []
    if form.is_valid():
        try:
            services.erasure_request(user=erased, actor=actor, now=now)
            return redirect("privacy:person", person_id)
        except CannotErase as error:
            form.add_error(None, error.message)
            titles = error.titles
    wish = getattr(erased, "erasure_request", None)
    context = {"person": erased, "wish": wish, "form": form, "titles": titles}
    context |= {"days": settings.ERASURE_DAYS, "policies": selectors.class_policies(erased)}
    return render(request, "privacy/person.html", context)


@never_cache
@login_required
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    user = check_signed_in(request.user)
    shown = [
        (each, TextForm(initial={"text": each.text}, auto_id=f"{each.public_id}-%s"))
        for each in selectors.texts_kept(user)
    ]
    return render(request, "privacy/texts.html", {"texts": shown})


@never_cache
@login_required
@require_POST
def text(request: HttpRequest, text_id: UUID) -> HttpResponse:
    """Replace the words of one text, or take all of them out."""
    user = check_signed_in(request.user)
    form = TextForm(request.POST)
    words = form.cleaned_data["text"] if form.is_valid() and "empty" not in request.POST else ""
    if form.errors:
        messages.error(request, _("This is too long."))
        return redirect("privacy:texts")
    try:
        services.text_redact(user=user, public_id=text_id, text=words, now=timezone.now())
        messages.success(request, _("Changed for good."))
    except NotFound as error:
        raise Http404(error.message) from error
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("privacy:texts")
