"""Tokens, the document, and addresses that lead nowhere."""

from tests.api.declared.roles import EVERYBODY, NOT_SO, NOWHERE

READS = {
    "docs": EVERYBODY,
    "openapi": EVERYBODY,
    "token": NOT_SO,
    "missing": NOWHERE,
}
WRITES = {
    ("post", "token"): (400,) * 11,
}
