"""A gradebook's pages in its class. One file for each group of addresses."""
