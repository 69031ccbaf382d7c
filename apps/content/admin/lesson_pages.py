"""The lesson's other pages: preview, publishing, editions, each of an authorised lesson."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.content import checks, document, selectors, services
from apps.content.admin.lesson_forms import draft_of_forms
from apps.content.admin.lesson_texts import compare_drafts
from apps.content.drafts import LessonDraft
from apps.content.errors import InvalidContent, PublishingBlocked
from apps.content.models import Lesson, LessonEdition
from apps.content.problems import Problem
from apps.content.services.publishing import edition_html

if TYPE_CHECKING:
    from apps.content.admin.lesson import LessonAdmin

# The field of a section that a problem is about, where it is not the text.
SECTION_FIELDS = {
    "no-heading": "heading",
    "bad-anchor": "anchor",
    "duplicate-anchor": "anchor",
    "unknown-source": "sources",
    "repeated-source": "sources",
    "no-sources": "sources",
    "too-many-sources": "sources",
}
LESSON_FIELDS = {
    "no-title": "id_title",
    "objectives-count": "id_objectives",
    "bad-objective-key": "id_objectives",
    "repeated-objective-key": "id_objectives",
    "lost-objective": "id_objectives",
    "summary-count": "id_summary",
    "questions-count": "id_questions",
    "unknown-reading": "further_reading-group",
    "repeated-reading": "further_reading-group",
}


@dataclass(frozen=True, slots=True)
class ListedProblem:
    """A problem with the section that it is in and the field that solves it."""

    problem: Problem
    section: str
    field: str


def list_problems(
    problems: list[Problem], draft: LessonDraft, prefixes: dict[str, str]
) -> list[ListedProblem]:
    """Errors first.  prefixes: {anchor: prefix of the section's form}."""
    headings = {section.anchor: section.heading for section in draft.sections}
    listed = []
    for problem in sorted(problems, key=lambda one: not one.is_error):
        prefix = prefixes.get(problem.place)
        if prefix:
            field = f"id_{prefix}-{SECTION_FIELDS.get(problem.code, 'body')}"
        else:
            field = LESSON_FIELDS.get(problem.code, "sections-group")
        listed.append(ListedProblem(problem, headings.get(problem.place, ""), field))
    return listed


def saved_prefixes(draft: LessonDraft) -> dict[str, str]:
    return {section.anchor: f"sections-{index}" for index, section in enumerate(draft.sections)}


def state_of(lesson: Lesson) -> dict[str, Any]:
    """What stands between the draft and its readers, for the head of the lesson's pages."""
    edition, unit = lesson.published_edition, lesson.unit
    return {
        "lesson": lesson,
        "edition": edition,
        "is_ahead": edition is not None
        and _differs(document.draft_of(edition.document), selectors.lesson_draft(lesson)),
        "lesson_url": f"/courses/{unit.course.slug}/lessons/{unit.slug}/{lesson.slug}/",
    }


def _differs(old: LessonDraft, new: LessonDraft) -> bool:
    return any(part.status != "same" for part in compare_drafts(old, new))


# Preview


def preview(lesson_admin: LessonAdmin, request: HttpRequest, lesson: Lesson) -> HttpResponse:
    """The draft as students will see it: the saved one, or the unsaved one that was posted.

    A script asks for JSON and gets the article and its problems, beside the form; a person gets
    the whole page.
    """
    if request.method == "POST":
        form, formsets = lesson_admin.bound_forms(request, lesson)
        draft = draft_of_forms(form, formsets)
        prefixes = {
            one.cleaned_data.get("anchor", ""): one.prefix for one in formsets[0].kept_forms()
        }
    else:
        draft = selectors.lesson_draft(lesson)
        prefixes = saved_prefixes(draft)
    course = lesson.unit.course
    context = selectors.render_context(course)
    content = selectors.lesson_document(lesson, context, draft)
    html = edition_html(content)
    if request.accepts("text/html"):
        return TemplateResponse(
            request,
            "admin/content/lesson/preview.html",
            {"change_url": lesson_admin.url_of(lesson), **student_page(lesson, content, html)},
        )
    numbers = {number for section in draft.sections for number in section.paragraphs}
    problems = checks.check_lesson(draft, context, selectors.paragraph_citations(course, numbers))
    problems += selectors.lost_objectives(lesson, draft)
    listed = list_problems(problems, draft, prefixes)
    return JsonResponse(
        {
            "html": render_to_string(
                "admin/content/lesson/_article.html", student_page(lesson, content, html), request
            ),
            "length": _length(content),
            "problems": render_to_string(
                "admin/content/_problems.html", {"problems": listed}, request
            ),
        }
    )


def student_page(lesson: Lesson, content: document.Document, html: str) -> dict[str, Any]:
    """What reader/lesson.html takes, as it would be if the draft were published now.

    The outline is the one that students have, with this lesson in its place.
    """
    course = lesson.unit.course
    last = lesson.editions.order_by("-number").values_list("number", flat=True).first()
    units = deepcopy(course.outline.get("units", []))
    unit = next((one for one in units if one["slug"] == lesson.unit.slug), None)
    if unit is None:
        unit = {"slug": lesson.unit.slug, "title": lesson.unit.title, "lessons": []}
        units.append(unit)
    own = next((one for one in unit["lessons"] if one["slug"] == lesson.slug), None)
    if own is None:
        own = {"slug": lesson.slug}
        unit["lessons"].append(own)
    own["title"] = content["title"]
    links = [
        {"unit_slug": one["slug"], "slug": each["slug"], "title": each["title"]}
        for one in units
        for each in one["lessons"]
    ]
    index = next(
        i for i, link in enumerate(links)
        if (link["unit_slug"], link["slug"]) == (lesson.unit.slug, lesson.slug)
    )  # fmt: skip
    return {
        "course": {
            "slug": course.slug,
            "title": course.title,
            "language": content["language"],
            "direction": content["direction"],
            "units": units,
            "lessons": links,
        },
        "page": {
            "unit": unit,
            "slug": lesson.slug,
            "title": content["title"],
            "sections": content["sections"],
            "html": html,
            "minutes": content["reading_minutes"],
            "edition": (last or 0) + 1,
            "published_at": timezone.now(),
            "number": index + 1,
            "previous": links[index - 1] if index else None,
            "next": links[index + 1] if index + 1 < len(links) else None,
        },
    }


def _length(content: document.Document) -> str:
    words = ngettext("%(count)s word", "%(count)s words", content["words"])
    minutes = ngettext("%(count)s minute", "%(count)s minutes", content["reading_minutes"])
    return (
        f"{words % {'count': content['words']}} · {minutes % {'count': content['reading_minutes']}}"
    )


# Publishing


class PublishForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What has changed"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "One sentence for your colleagues; it stands in the list of editions."
        ),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    publish_at = forms.SplitDateTimeField(
        label=gettext_lazy("On this day, at this time"),
        required=False,
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "aria-label": gettext_lazy("Day")},
            time_attrs={"type": "time", "aria-label": gettext_lazy("Time")},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
    )


def publish(lesson_admin: LessonAdmin, request: HttpRequest, lesson: Lesson) -> HttpResponse:
    """Look at the checks, then publish now, schedule, unschedule or withdraw."""
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _publish(request, lesson, form.cleaned_data)
        except PublishingBlocked as error:
            messages.error(request, _("Nothing was published. First solve the errors below."))
            form.add_error(None, error.message)
        except InvalidContent as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return HttpResponseRedirect(lesson_admin.url_of(lesson))
    draft = selectors.lesson_draft(lesson)
    problems = services.lesson_checks(lesson=lesson)
    state = state_of(lesson)
    edition = state["edition"]
    return lesson_admin.render_page(
        request,
        "lesson/publish.html",
        lesson,
        title=_("Publish “%(title)s”") % {"title": lesson.title},
        form=form,
        problems=list_problems(problems, draft, saved_prefixes(draft)),
        has_errors=any(problem.is_error for problem in problems),
        changes=[
            part
            for part in compare_drafts(document.draft_of(edition.document), draft)
            if part.status != "same"
        ]
        if edition
        else [],
        time_zone=timezone.get_current_timezone_name(),
        **state,
    )


def _publish(request: HttpRequest, lesson: Lesson, data: dict[str, Any]) -> None:
    writer: dict[str, Any] = {"lesson": lesson, "editor": request.user, "now": timezone.now()}
    if "_withdraw" in request.POST:
        services.lesson_withdraw(**writer)
        messages.success(request, _("Withdrawn. Students no longer see this lesson."))
    elif "_unschedule" in request.POST:
        services.lesson_unschedule(**writer)
        messages.success(request, _("The schedule is cancelled; nothing will be published."))
    elif "_schedule" in request.POST:
        if not data["publish_at"]:
            raise InvalidContent(_("Give a day and a time."), field="publish_at")
        services.lesson_schedule(publish_at=data["publish_at"], note=data["note"], **writer)
        messages.success(request, _("Scheduled. The draft, as it stands then, will be published."))
    else:
        edition = services.lesson_publish(note=data["note"], **writer)
        messages.success(
            request,
            _("Published as edition %(number)s. Students see it now.") % {"number": edition.number},
        )


# Editions


def editions(lesson_admin: LessonAdmin, request: HttpRequest, lesson: Lesson) -> HttpResponse:
    return lesson_admin.render_page(
        request,
        "lesson/editions.html",
        lesson,
        title=_("Editions of “%(title)s”") % {"title": lesson.title},
        editions=lesson.editions.select_related("published_by").defer("document", "html"),
        **state_of(lesson),
    )


def compare(lesson_admin: LessonAdmin, request: HttpRequest, lesson: Lesson) -> HttpResponse:
    """Any two of the lesson's editions, or one and the draft (`draft`)."""
    old_name, new_name = request.GET.get("old", ""), request.GET.get("new", "draft")
    parts = compare_drafts(_version(lesson, old_name), _version(lesson, new_name))
    return lesson_admin.render_page(
        request,
        "lesson/compare.html",
        lesson,
        title=_("What changed in “%(title)s”") % {"title": lesson.title},
        old=_version_name(old_name),
        new=_version_name(new_name),
        changed=[part for part in parts if part.status != "same"],
        same=[part for part in parts if part.status == "same"],
    )


def _version(lesson: Lesson, name: str) -> LessonDraft:
    if name == "draft":
        return selectors.lesson_draft(lesson)
    return document.draft_of(_edition(lesson, name).document)


def _version_name(name: str) -> str:
    return _("the draft") if name == "draft" else _("edition %(number)s") % {"number": name}


def _edition(lesson: Lesson, number: str) -> LessonEdition:
    is_number = number.isascii() and number.isdecimal() and len(number) < 9
    found = lesson.editions.filter(number=int(number)).first() if is_number else None
    if found is None:
        raise Http404
    return found


def restore(lesson_admin: LessonAdmin, request: HttpRequest, lesson: Lesson) -> HttpResponse:
    """Ask, then write an edition's text into the draft. Readers see no change."""
    edition = _edition(lesson, request.POST.get("edition") or request.GET.get("edition", ""))
    refusal = ""
    if request.method == "POST":
        try:
            services.lesson_restore(
                lesson=lesson,
                edition=edition,
                editor=request.user,
                now=timezone.now(),  # type: ignore[arg-type]
            )
        except InvalidContent as error:
            refusal = error.message
        else:
            messages.success(
                request,
                _("The text of edition %(number)s is in the draft. Publish it when you are ready.")
                % {"number": edition.number},
            )
            return HttpResponseRedirect(lesson_admin.url_of(lesson))
    parts = compare_drafts(selectors.lesson_draft(lesson), document.draft_of(edition.document))
    return lesson_admin.render_page(
        request,
        "lesson/restore.html",
        lesson,
        title=_("Restore edition %(number)s?") % {"number": edition.number},
        edition=edition,
        refusal=refusal,
        changed=[part for part in parts if part.status != "same"],
    )
