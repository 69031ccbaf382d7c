"""While a person is being erased, and then alone, a row of theirs may lose its reason, or go.

`core_erasing` names that person within the transaction that erases them (core.models.Erasing). The
words of a reason may change where the person is the row's student or wrote it; a row goes only
where it is about them, in a class that keeps no marks of those who are erased. Points, moments,
items and people stay as they were, for everybody and always.
On SQLite Django remakes a table to alter it, and a remade table has lost its triggers: a later
migration that alters GradeEvent makes them again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FIXED = (
    *("id", "public_id", "item_id", "student_id", "kind", "points", "max_points"),
    *("origin_id", "origin_path", "happened_at"),
)
OF_THEIRS = "SELECT 1 FROM core_erasing WHERE person_id IN (OLD.student_id, OLD.actor_id)"
ABOUT_THEM = "SELECT 1 FROM core_erasing WHERE person_id = OLD.student_id"


def changed(different: str) -> str:
    """SQL that holds when a column is `different` from what it was; the actor may become NULL."""
    columns = (f"NEW.{column} {different} OLD.{column}" for column in FIXED)
    actor = f"(NEW.actor_id {different} OLD.actor_id AND NEW.actor_id IS NOT NULL)"
    return " OR ".join((*columns, actor))


REFUSE = "SELECT RAISE(ABORT, 'the grade ledger cannot be changed')"
SQLITE = (
    "DROP TRIGGER grades_event_unchanged",
    "DROP TRIGGER grades_event_kept",
    f"""
    CREATE TRIGGER grades_event_unchanged BEFORE UPDATE ON grades_gradeevent
    WHEN {changed("IS NOT")}
      OR (NEW.reason IS NOT OLD.reason AND NOT EXISTS ({OF_THEIRS}))
    BEGIN {REFUSE}; END
    """,
    f"""
    CREATE TRIGGER grades_event_kept BEFORE DELETE ON grades_gradeevent
    WHEN NOT EXISTS ({ABOUT_THEM})
    BEGIN {REFUSE}; END
    """,
)
POSTGRESQL = (
    "DROP TRIGGER grades_event_unchanged ON grades_gradeevent",
    "DROP TRIGGER grades_event_kept ON grades_gradeevent",
    f"""
    CREATE OR REPLACE FUNCTION grades_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF EXISTS ({ABOUT_THEM}) THEN RETURN OLD; END IF;
        ELSIF NOT ({changed("IS DISTINCT FROM")}) AND EXISTS ({OF_THEIRS}) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the grade ledger cannot be changed'
        USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER grades_event_unchanged BEFORE UPDATE ON grades_gradeevent FOR EACH ROW
    WHEN ({changed("IS DISTINCT FROM")} OR NEW.reason IS DISTINCT FROM OLD.reason)
    EXECUTE FUNCTION grades_event_refuse()
    """,
    """
    CREATE TRIGGER grades_event_kept BEFORE DELETE ON grades_gradeevent FOR EACH ROW
    EXECUTE FUNCTION grades_event_refuse()
    """,
)


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("grades", "0002_ledger_append_only"), ("core", "0004_erasing")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
