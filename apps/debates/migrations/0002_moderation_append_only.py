"""The log of moderation only grows: the database refuses to change or delete one of its rows.

One thing may change: the actor becomes NULL, when that person is erased.
On SQLite Django remakes a table to alter it, and a remade table has lost its triggers: a later
migration that alters ModerationAction makes them again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COLUMNS = ("id", "run_id", "argument_id", "kind", "reason", "happened_at")


def changed(different: str) -> str:
    """SQL that holds when a column is `different` from what it was; the actor may become NULL."""
    columns = (f"NEW.{column} {different} OLD.{column}" for column in COLUMNS)
    actor = f"(NEW.actor_id {different} OLD.actor_id AND NEW.actor_id IS NOT NULL)"
    return " OR ".join((*columns, actor))


SQLITE = (
    f"""
    CREATE TRIGGER debates_moderation_unchanged BEFORE UPDATE ON debates_moderationaction
    WHEN {changed("IS NOT")}
    BEGIN SELECT RAISE(ABORT, 'the log of moderation cannot be changed'); END
    """,
    """
    CREATE TRIGGER debates_moderation_kept BEFORE DELETE ON debates_moderationaction
    BEGIN SELECT RAISE(ABORT, 'the log of moderation cannot be changed'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION debates_moderation_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the log of moderation cannot be changed'
        USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER debates_moderation_unchanged BEFORE UPDATE ON debates_moderationaction
    FOR EACH ROW WHEN ({changed("IS DISTINCT FROM")}) EXECUTE FUNCTION debates_moderation_refuse()
    """,
    """
    CREATE TRIGGER debates_moderation_kept BEFORE DELETE ON debates_moderationaction
    FOR EACH ROW EXECUTE FUNCTION debates_moderation_refuse()
    """,
)


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER debates_moderation_unchanged ON debates_moderationaction")
        editor.execute("DROP TRIGGER debates_moderation_kept ON debates_moderationaction")
        editor.execute("DROP FUNCTION debates_moderation_refuse()")
    else:
        editor.execute("DROP TRIGGER debates_moderation_unchanged")
        editor.execute("DROP TRIGGER debates_moderation_kept")


class Migration(migrations.Migration):
    dependencies = [("debates", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
