"""The full-text index, which is the database's own: FTS5 on SQLite, tsvector on PostgreSQL."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# As apps/content/search writes and reads it. Terms come folded and stemmed, and "=" stands
# before those that are whole words: the tokenizer only parts them at spaces.
SQLITE = (
    "CREATE VIRTUAL TABLE content_search_fts USING fts5"
    "(title, context, body, tokenize = \"unicode61 remove_diacritics 0 tokenchars '='\")",
)
POSTGRESQL = (
    "ALTER TABLE content_searchentry ADD COLUMN terms tsvector",
    # Which entries hold these terms?
    "CREATE INDEX content_searchentry_terms ON content_searchentry USING gin (terms)",
)


def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE content_searchentry DROP COLUMN terms")
    else:
        editor.execute("DROP TABLE content_search_fts")


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
