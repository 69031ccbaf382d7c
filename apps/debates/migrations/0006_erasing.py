"""While a person is being erased, and then alone, a reason in the log of moderation may change.

`core_erasing` names that person within the transaction that erases them (core.models.Erasing).
That something was moderated, how and when stays for everybody and always, and no row ever goes.
The trigger asks for no table of debates: SQLite could then not remake that one.
On SQLite Django remakes a table to alter it, and a remade table has lost its triggers: a later
migration that alters ModerationAction makes them again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FIXED = ("id", "run_id", "argument_id", "kind", "happened_at")
ERASING = "EXISTS (SELECT 1 FROM core_erasing)"


def changed(different: str) -> str:
    """SQL that holds when a column is `different` from what it was; the actor may become NULL."""
    columns = (f"NEW.{column} {different} OLD.{column}" for column in FIXED)
    actor = f"(NEW.actor_id {different} OLD.actor_id AND NEW.actor_id IS NOT NULL)"
    return " OR ".join((*columns, actor))


SQLITE = (
    "DROP TRIGGER debates_moderation_unchanged",
    f"""
    CREATE TRIGGER debates_moderation_unchanged BEFORE UPDATE ON debates_moderationaction
    WHEN {changed("IS NOT")} OR (NEW.reason IS NOT OLD.reason AND NOT {ERASING})
    BEGIN SELECT RAISE(ABORT, 'the log of moderation cannot be changed'); END
    """,
)
POSTGRESQL = (
    "DROP TRIGGER debates_moderation_unchanged ON debates_moderationaction",
    f"""
    CREATE OR REPLACE FUNCTION debates_moderation_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF NOT ({changed("IS DISTINCT FROM")}) AND {ERASING} THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'the log of moderation cannot be changed'
        USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER debates_moderation_unchanged BEFORE UPDATE ON debates_moderationaction
    FOR EACH ROW
    WHEN ({changed("IS DISTINCT FROM")} OR NEW.reason IS DISTINCT FROM OLD.reason)
    EXECUTE FUNCTION debates_moderation_refuse()
    """,
)


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("debates", "0005_openings_locators_schools"), ("core", "0004_erasing")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
