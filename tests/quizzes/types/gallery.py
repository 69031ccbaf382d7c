"""A page with one question of every type of the bundled course, and what its form sent.

The URLs of tests/quizzes/types/test_browser.py: those of the site and the gallery's.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils.html import escape

from apps.quizzes import presentation
from apps.quizzes.types import TYPES, fields, places
from apps.quizzes.types.contract import Labels
from config.urls import urlpatterns as site

COURSE = Path(__file__).parents[3] / "courses" / "pakistan-russia-sco"
SEED = "gallery"
# {prefix: stored answer}, of the last form that was sent.
received: dict[str, dict[str, Any]] = {}

PAGE = """{% extends "base.html" %}{% load static %}
{% block title %}Gallery{% endblock %}
{% block styles %}<link rel="stylesheet" href="{% static 'css/forms.css' %}">
<link rel="stylesheet" href="{% static 'css/quiz-types.css' %}">{% endblock %}
{% block scripts %}<script type="module" src="{% static 'js/quiz-ordering.js' %}"></script>
<script type="module" src="{% static 'js/quiz-map.js' %}"></script>{% endblock %}
{% block content %}<h1>Gallery</h1>
<form method="post">{% csrf_token %}
{% for item in items %}<section><h2 id="{{ item.prefix }}-stem">{{ item.stem }}</h2>
{% include item.template %}</section>{% endfor %}
<button class="button">Send</button></form>{% endblock %}"""


@cache
def questions() -> dict[str, dict[str, Any]]:
    """One question of each type, and of each form of those that have several, by prefix."""
    where = {
        row["slug"]: places.Place(row["name"], str(row["latitude"]), str(row["longitude"]))
        for row in yaml.safe_load((COURSE / "places.yaml").read_text(encoding="utf-8"))
    }
    found: dict[str, dict[str, Any]] = {}
    for file in sorted((COURSE / "questions").glob("*.yaml")):
        for row in yaml.safe_load(file.read_text(encoding="utf-8")):
            form = row["spec"].get("form") or row["spec"].get("justification", "")
            prefix = f"{row['type']}-{form}".strip("-").replace("_", "-")
            spec = places.filled(row["spec"], where)
            found.setdefault(prefix, {**row, "spec": spec})
    return found


def items(answers: dict[str, dict[str, Any]], *, is_readonly: bool = False) -> list[dict[str, Any]]:
    labels = Labels(SEED)
    shown = []
    for prefix, row in questions().items():
        kind, spec = TYPES[row["type"]], row["spec"]
        html = {
            text.path: f"<p>{escape(text.text)}</p>" if text.is_block else str(escape(text.text))
            for text in kind.texts(spec)
        }
        view = presentation.shown(kind.view(spec, labels), html)
        raw = kind.unparse(spec, answers.get(prefix, {}), labels)
        item = presentation.widget(view, raw, prefix=prefix, is_readonly=is_readonly)
        shown.append({**item, "stem": row["stem"]})
    return shown


def gallery(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        received.clear()
        for prefix, row in questions().items():
            raw = fields.raw_from_form(dict(request.POST.lists()), prefix)
            received[prefix] = TYPES[row["type"]].parse(row["spec"], raw, Labels(SEED))
    shown = items(received, is_readonly="readonly" in request.GET)
    page = engines["django"].from_string(PAGE).render({"items": shown}, request)
    return HttpResponse(page)


urlpatterns = [path("gallery/", gallery), *site]
