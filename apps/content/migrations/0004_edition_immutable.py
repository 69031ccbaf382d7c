"""What was published stays as it was: the database itself refuses to change an edition.

On SQLite Django remakes a table to alter it, and a remade table has lost its triggers: a later
migration that alters LessonEdition makes them again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COLUMNS = ("lesson_id", "number", "title", "document", "html", "checksum", "published_at")

SQLITE = (
    f"""
    CREATE TRIGGER content_edition_immutable
    BEFORE UPDATE OF {", ".join(COLUMNS)} ON content_lessonedition
    WHEN {" OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in COLUMNS)}
    BEGIN SELECT RAISE(ABORT, 'an edition cannot be changed'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION content_edition_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'an edition cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER content_edition_immutable
    BEFORE UPDATE ON content_lessonedition FOR EACH ROW
    WHEN ({" OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in COLUMNS)})
    EXECUTE FUNCTION content_edition_refuse()
    """,
)


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER content_edition_immutable ON content_lessonedition")
        editor.execute("DROP FUNCTION content_edition_refuse()")
    else:
        editor.execute("DROP TRIGGER content_edition_immutable")


class Migration(migrations.Migration):
    dependencies = [("content", "0003_course_outline")]
    operations = [migrations.RunPython(forwards, backwards)]
