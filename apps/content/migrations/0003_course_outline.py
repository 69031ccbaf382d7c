from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0002_search")]

    operations = [
        migrations.AddField(
            model_name="course",
            name="outline",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
