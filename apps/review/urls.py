from django.urls import path

from apps.review.views import cards, files, queue, sources

app_name = "review"

CARD = "cards/<uuid:card_id>"

urlpatterns = [
    path("", queue.home, name="home"),
    path("next/", queue.queue, name="queue"),
    path("statistics/", queue.statistics, name="statistics"),
    path("settings/", queue.settings, name="settings"),
    path(f"{CARD}/answer/", queue.answer, name="answer"),
    path(f"{CARD}/rate/", queue.card_rate, name="card-rate"),
    path("ratings/<uuid:log_id>/undo/", queue.rating_undo, name="rating-undo"),
    path("cards/", cards.cards, name="cards"),
    path("cards/new/", cards.card_create, name="card-create"),
    path(f"{CARD}/", cards.card, name="card"),
    path(f"{CARD}/edit/", cards.card_edit, name="card-edit"),
    path(f"{CARD}/follow/", cards.card_follow, name="card-follow"),
    path(f"{CARD}/suspend/", cards.card_suspend, name="card-suspend"),
    path(f"{CARD}/resume/", cards.card_resume, name="card-resume"),
    path(f"{CARD}/delete/", cards.card_delete, name="card-delete"),
    path("add/", sources.sources, name="sources"),
    path("add/missed/", sources.missed_add, name="missed-add"),
    path("add/notes/<uuid:note_id>/", sources.note_add, name="note-add"),
    path("add/<slug:course>/", sources.source, name="source"),
    path("add/<slug:course>/<slug:kind>/", sources.source_add, name="source-add"),
    path("import/", files.cards_import, name="import"),
    path("export/", files.export, name="export"),
]
