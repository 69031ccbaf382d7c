"""The content's admin: everything an instructor writes, scoped to the courses they may edit."""

from apps.content.admin import course, figures, index, lesson, nouns, references

__all__ = ["course", "figures", "index", "lesson", "nouns", "references"]
