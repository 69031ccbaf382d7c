"""Citations in texts, and references as data: names, APA, BibTeX, RIS, CSL-JSON. No Django."""
