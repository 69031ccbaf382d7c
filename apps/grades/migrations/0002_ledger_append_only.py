"""The ledger only grows: the database itself refuses to change or delete one of its rows.

One thing may change: the actor becomes NULL, when that person is erased.
On SQLite Django remakes a table to alter it, and a remade table has lost its triggers: a later
migration that alters GradeEvent makes them again.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COLUMNS = (
    *("id", "public_id", "item_id", "student_id", "kind", "points", "max_points"),
    *("reason", "origin_id", "origin_path", "happened_at"),
)


def changed(different: str) -> str:
    """SQL that holds when a column is `different` from what it was; the actor may become NULL."""
    columns = (f"NEW.{column} {different} OLD.{column}" for column in COLUMNS)
    actor = f"(NEW.actor_id {different} OLD.actor_id AND NEW.actor_id IS NOT NULL)"
    return " OR ".join((*columns, actor))


SQLITE = (
    f"""
    CREATE TRIGGER grades_event_unchanged BEFORE UPDATE ON grades_gradeevent
    WHEN {changed("IS NOT")}
    BEGIN SELECT RAISE(ABORT, 'the grade ledger cannot be changed'); END
    """,
    """
    CREATE TRIGGER grades_event_kept BEFORE DELETE ON grades_gradeevent
    BEGIN SELECT RAISE(ABORT, 'the grade ledger cannot be changed'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION grades_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the grade ledger cannot be changed'
        USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER grades_event_unchanged BEFORE UPDATE ON grades_gradeevent FOR EACH ROW
    WHEN ({changed("IS DISTINCT FROM")}) EXECUTE FUNCTION grades_event_refuse()
    """,
    """
    CREATE TRIGGER grades_event_kept BEFORE DELETE ON grades_gradeevent FOR EACH ROW
    EXECUTE FUNCTION grades_event_refuse()
    """,
)


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER grades_event_unchanged ON grades_gradeevent")
        editor.execute("DROP TRIGGER grades_event_kept ON grades_gradeevent")
        editor.execute("DROP FUNCTION grades_event_refuse()")
    else:
        editor.execute("DROP TRIGGER grades_event_unchanged")
        editor.execute("DROP TRIGGER grades_event_kept")


class Migration(migrations.Migration):
    dependencies = [("grades", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="gradeitem",
            name="retired_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired at"),
        ),
        migrations.RunPython(forwards, backwards),
    ]
