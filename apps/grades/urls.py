from django.urls import path

from apps.grades.views import books, items, setup

app_name = "grades"

CLASS = "<uuid:public_id>/grades"
ITEM = f"{CLASS}/items/<uuid:item_id>"

urlpatterns = [
    path(f"{CLASS}/", books.gradebook, name="gradebook"),
    path(f"{CLASS}/mine/", books.mine, name="mine"),
    path(f"{CLASS}/students/<uuid:person_id>/", books.student, name="student"),
    path(f"{CLASS}/release/", books.release_all, name="release-all"),
    path(f"{CLASS}/grades.csv", books.export_csv, name="export-csv"),
    path(f"{CLASS}/grades.xlsx", books.export_xlsx, name="export-xlsx"),
    path(f"{CLASS}/import/", books.marks_import, name="import"),
    path(f"{CLASS}/setup/", setup.setup, name="setup"),
    path(f"{CLASS}/categories/new/", setup.category_create, name="category-create"),
    path(
        f"{CLASS}/categories/<uuid:category_id>/delete/",
        setup.category_delete,
        name="category-delete",
    ),
    path(f"{CLASS}/items/new/", items.item_create, name="item-create"),
    path(f"{ITEM}/", items.item, name="item"),
    path(f"{ITEM}/settings/", items.item_settings, name="item-settings"),
    path(f"{ITEM}/release/", items.item_release, name="item-release"),
    path(f"{ITEM}/hold/", items.item_hold, name="item-hold"),
    path(f"{ITEM}/delete/", items.item_delete, name="item-delete"),
    path(f"{ITEM}/students/<uuid:person_id>/", items.grade, name="grade"),
]
