"""Join codes: eight characters that nobody can mistake for one another."""

import re
import secrets

# Without 0 O, 1 I L, 2 Z, 5 S, 8 B, U V: what looks alike on a whiteboard.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 8
_BETWEEN = re.compile(r"[\s\-‐‑‒–—_.]+")


def code_make() -> str:
    """A new code: 23⁸, about 78 thousand million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(typed: str) -> str:
    """The code that was meant, in whatever case and with whatever spaces or hyphens."""
    return _BETWEEN.sub("", typed).upper()


def spaced(code: str) -> str:
    """“ABCDEFGH” → “ABCD-EFGH”, as it is shown and read aloud."""
    return f"{code[:4]}-{code[4:]}"
