"""The outline names each lesson's sections and objectives, so that progress costs no document."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def forwards(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    Course = apps.get_model("content", "Course")
    Lesson = apps.get_model("content", "Lesson")
    for course in Course.objects.all():
        places = {
            (unit["slug"], lesson["slug"]): lesson
            for unit in course.outline.get("units", [])
            for lesson in unit["lessons"]
        }
        rows = Lesson.objects.filter(unit__course=course, published_edition__isnull=False)
        for unit, slug, document in rows.values_list(
            "unit__slug", "slug", "published_edition__document"
        ).iterator(chunk_size=20):
            lesson = places.get((unit, slug))
            if lesson is not None:
                lesson["objectives"] = document["objectives"]
                lesson["sections"] = [
                    {"id": each["id"], "heading": each["heading"]} for each in document["sections"]
                ]
        course.save(update_fields=["outline"])


class Migration(migrations.Migration):
    dependencies = [("content", "0005_figure_version")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
