from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.content.models.course import Course


class SearchEntry(models.Model):
    """One findable thing: a section of a published lesson, a term, a work, an event, an actor.

    Rebuilt by content.search when its object is published or saved. The full-text index over it
    belongs to the database: FTS5 on SQLite, tsvector on PostgreSQL (content/search/).
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="search_entries")
    kind = models.CharField(_("kind"), max_length=20)  # one of content.search.KINDS
    key = models.CharField(_("key"), max_length=240)  # unit/lesson#anchor, slug, citation key
    title = models.TextField(_("title"))
    context = models.TextField(_("context"), blank=True)  # the lesson's title, a date, a year
    body = models.TextField(_("text"))  # plain text, no markup

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [
            # One entry an object; rebuilding replaces it.
            models.UniqueConstraint(
                fields=["course", "kind", "key"], name="content_search_entry_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
