"""Tokens, the document, pages, and addresses that lead nowhere."""

from tests.api.declared.roles import EVERYBODY, NOT_SO, NOWHERE, World

# Pages are for browsers: a token opens none of them. Nobody is sent to the log-in page.
SIGNED_IN = (200,) * 6 + (302,) * 5
PROVEN = (302,) * 11  # who has not just proved who they are is sent to do that
PAGES = {"docs", "tokens", "token-create", "token-revoke", "consent-revoke", "authorize"}

READS = {
    "tokens": SIGNED_IN,
    "token-create": PROVEN,
    "token-revoke": (405,) * 6 + (302,) * 5,
    "consent-revoke": (405,) * 6 + (302,) * 5,
    "authorize": (400,) * 6 + (302,) * 5,
    "docs": EVERYBODY,
    "openapi": EVERYBODY,
    "token": NOT_SO,
    "revocation": NOT_SO,
    "missing": NOWHERE,
}
WRITES = {
    ("post", "token"): (400,) * 11,
    ("post", "revocation"): (400,) * 11,
}


def places(_world: World) -> dict[str, str]:
    return {"public_id": "11111111-1111-4111-8111-111111111111"}
