"""Pages kept as bytes: compressed once, with a slot for whoever is reading. Pure.

A page is three pieces: what stands before the account slot, the slot, what stands after it. The
long pieces are compressed when the page is stored; for a person who is signed in only the slot
is compressed anew, and the three join into one gzip stream (RFC 1951 and 1952).
Source: docs/decisions/0010-published-pages.md
"""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import brotli

Encoding = Literal["br", "gzip", "identity"]

SLOT_BEGINS = b"<!--account-->"
SLOT_ENDS = b"<!--/account-->"

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"  # deflate, no name, no time
_ZEROS = memoryview(bytes(1 << 16))


@dataclass(frozen=True, slots=True)
class Piece:
    """`deflated` ends on a byte boundary and refers to nothing before it, so that pieces join."""

    deflated: bytes
    crc: int
    length: int

    @classmethod
    def of(cls, raw: bytes, *, is_last: bool = False) -> Piece:
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        end = zlib.Z_FINISH if is_last else zlib.Z_FULL_FLUSH
        return cls(squeeze.compress(raw) + squeeze.flush(end), zlib.crc32(raw), len(raw))


@dataclass(slots=True)
class Page:
    """One page in one language. `headers` are complete but for what depends on the reader."""

    version: str
    headers: Mapping[str, str]
    before: Piece
    slot: Piece
    after: Piece
    _brotli: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, html: bytes, *, version: str, headers: Mapping[str, str]) -> Page:
        """Raises: ValueError when `html` has no account slot."""
        before, begins, rest = html.partition(SLOT_BEGINS)
        slot, ends, after = rest.partition(SLOT_ENDS)
        if not begins or not ends:
            raise ValueError("A published page needs an account slot.")
        pieces = Piece.of(before), Piece.of(slot), Piece.of(after, is_last=True)
        return cls(version, headers, *pieces)

    def body(self, encoding: Encoding, slot: Piece | None = None) -> bytes:
        """The page as sent. slot: None for a visitor who is not signed in."""
        if slot is None and encoding == "br":
            # Idempotent: two threads that both find it empty write the same bytes.
            self._brotli = self._brotli or brotli.compress(self.body("identity"), quality=9)
            return self._brotli
        joined = gzip_join(self.before, slot or self.slot, self.after)
        return joined if encoding == "gzip" else zlib.decompress(joined, wbits=zlib.MAX_WBITS | 16)

    @property
    def size(self) -> int:
        """What the page takes in memory, in bytes; its Brotli form is about as long as deflated."""
        return 2 * (len(self.before.deflated) + len(self.after.deflated)) + 2048


def gzip_join(*pieces: Piece) -> bytes:
    """One gzip stream of pieces of which the last is a last one."""
    crc = length = 0
    for piece in pieces:
        crc = _crc_join(crc, piece)
        length += piece.length
    trailer = crc.to_bytes(4, "little") + (length & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join((_GZIP_HEADER, *(piece.deflated for piece in pieces), trailer))


def _crc_join(crc: int, piece: Piece) -> int:
    """The CRC-32 of what `crc` is of, followed by `piece`, without the text of either.

    crc32 is affine in its start x: crc32(text, x) is crc32(zeros, x) ^ crc32(zeros, 0) ^
    crc32(text, 0) for as many zeros as the text is long.
    """
    return _crc_zeros(crc, piece.length) ^ _crc_zeros(0, piece.length) ^ piece.crc


def _crc_zeros(crc: int, length: int) -> int:
    while length > 0:
        crc = zlib.crc32(_ZEROS[:length], crc)
        length -= len(_ZEROS)
    return crc


class PageStore:
    """The pages asked for most recently, as many as fit; one for each process."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self._pages: OrderedDict[tuple[str, str], Page] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, path: str, language: str) -> Page | None:
        with self._lock:
            page = self._pages.get((path, language))
            if page is not None:
                self._pages.move_to_end((path, language))
            return page

    def put(self, path: str, language: str, page: Page) -> None:
        with self._lock:
            replaced = self._pages.pop((path, language), None)
            self.bytes += page.size - (replaced.size if replaced else 0)
            self._pages[(path, language)] = page
            while self.bytes > self.max_bytes and self._pages:
                _key, oldest = self._pages.popitem(last=False)
                self.bytes -= oldest.size
