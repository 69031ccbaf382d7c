"""What was asked stays as it was: the database itself refuses to change a version of a question.

On SQLite Django remakes a table to alter it, and a remade table has lost its triggers: a later
migration that alters QuestionVersion makes them again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COLUMNS = (
    "question_id",
    "number",
    "kind",
    "stem",
    "spec",
    "hints",
    "explanation",
    "sources",
    "html",
    "checksum",
    "created_at",
)

SQLITE = (
    f"""
    CREATE TRIGGER quizzes_version_immutable
    BEFORE UPDATE OF {", ".join(COLUMNS)} ON quizzes_questionversion
    WHEN {" OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in COLUMNS)}
    BEGIN SELECT RAISE(ABORT, 'a version of a question cannot be changed'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION quizzes_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a version of a question cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER quizzes_version_immutable
    BEFORE UPDATE ON quizzes_questionversion FOR EACH ROW
    WHEN ({" OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in COLUMNS)})
    EXECUTE FUNCTION quizzes_version_refuse()
    """,
)


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER quizzes_version_immutable ON quizzes_questionversion")
        editor.execute("DROP FUNCTION quizzes_version_refuse()")
    else:
        editor.execute("DROP TRIGGER quizzes_version_immutable")


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
