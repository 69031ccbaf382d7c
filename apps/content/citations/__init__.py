"""Citations in texts, and references as data: names, APA, BibTeX, RIS, CSL-JSON. No Django."""

from apps.content.citations.apa import format_apa
from apps.content.citations.bibtex import from_bibtex, to_bibtex
from apps.content.citations.csl import (
    Csl,
    Fault,
    Imported,
    ReferenceRow,
    clean_csl,
    from_csl_json,
    suggest_key,
    to_csl_item,
    to_csl_json,
)
from apps.content.citations.names import (
    narrative_authors,
    short_authors,
    sort_key,
    title_of,
    year_of,
    year_suffixes,
)
from apps.content.citations.pandoc import Cite, locator_text, parse_group, write_group
from apps.content.citations.ris import from_ris, to_ris

__all__ = [
    "Cite",
    "Csl",
    "Fault",
    "Imported",
    "ReferenceRow",
    "clean_csl",
    "format_apa",
    "from_bibtex",
    "from_csl_json",
    "from_ris",
    "locator_text",
    "narrative_authors",
    "parse_group",
    "short_authors",
    "sort_key",
    "suggest_key",
    "title_of",
    "to_bibtex",
    "to_csl_item",
    "to_csl_json",
    "to_ris",
    "write_group",
    "year_of",
    "year_suffixes",
]
