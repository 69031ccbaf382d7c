"""A student's own pages, and what their lessons' scripts ask."""
