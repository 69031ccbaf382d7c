from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone


def forwards(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What there is, was touched when it changed or when its column did."""
    item = apps.get_model("grades", "GradeItem").objects.filter(pk=OuterRef("item"))
    apps.get_model("grades", "CurrentGrade").objects.update(
        touched_at=Greatest(F("changed_at"), Subquery(item.values("updated_at")[:1]))
    )


class Migration(migrations.Migration):
    dependencies = [("grades", "0004_item_sis_once")]

    operations = [
        migrations.AddField(
            model_name="currentgrade",
            name="touched_at",
            field=models.DateTimeField(default=timezone.now),
            preserve_default=False,
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="currentgrade", name="grades_current_changed"),
        migrations.AddIndex(
            model_name="currentgrade",
            index=models.Index(fields=["touched_at", "public_id"], name="grades_current_touched"),
        ),
        migrations.AddIndex(
            model_name="currentgrade",
            index=models.Index(fields=["item", "touched_at"], name="grades_current_item_touched"),
        ),
    ]
