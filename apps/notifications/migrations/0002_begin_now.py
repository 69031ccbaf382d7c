from django.db import migrations
from django.db.models import Max


def begin_now(apps, schema_editor):
    """What happened before there were notifications is told to nobody."""
    newest = apps.get_model("core", "Event").objects.aggregate(newest=Max("id"))["newest"]
    if newest:
        apps.get_model("core", "EventCursor").objects.get_or_create(
            reader="notifications", defaults={"position": newest, "settled": newest}
        )


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0003_event_cursor"),
        ("notifications", "0001_initial"),
    ]

    operations = [migrations.RunPython(begin_now, migrations.RunPython.noop)]
