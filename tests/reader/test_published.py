import gzip
from itertools import pairwise

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.reader.published import Page, PageStore, Piece, gzip_join

HTML = b"<header><!--account-->Log in<!--/account--></header><main>Text</main>"


def page_of(size: int = 0) -> Page:
    return Page.of(HTML + bytes(range(256)) * size, version="1", headers={})


@given(st.lists(st.binary(max_size=200_000), min_size=1, max_size=4))
def test_gzip_join_is_one_stream_of_all_pieces(texts: list[bytes]) -> None:
    last = len(texts) - 1
    pieces = [Piece.of(text, is_last=number == last) for number, text in enumerate(texts)]
    assert gzip.decompress(gzip_join(*pieces)) == b"".join(texts)


@pytest.mark.parametrize("slot", [None, b"", b"Ayesha Khan"])
def test_body_is_the_same_text_in_every_coding(slot: bytes | None) -> None:
    page = page_of()
    text = b"<header>" + (b"Log in" if slot is None else slot) + b"</header><main>Text</main>"
    piece = None if slot is None else Piece.of(slot)
    assert page.body("identity", piece) == text
    assert gzip.decompress(page.body("gzip", piece)) == text


def test_body_in_brotli_is_compressed_once() -> None:
    page = page_of()
    body = page.body("br")
    assert brotli.decompress(body) == page.body("identity")
    assert page.body("br") is body


def test_page_without_a_slot_is_refused() -> None:
    with pytest.raises(ValueError, match="account slot"):
        Page.of(b"<main></main>", version="1", headers={})


def test_store_forgets_what_was_asked_for_least_recently() -> None:
    page = page_of()
    store = PageStore(max_bytes=3 * page.size)
    for path in ("/a/", "/b/", "/c/"):
        store.put(path, "en", page)
    assert store.get("/a/", "en") is page
    store.put("/d/", "en", page)
    assert [path for path in ("/a/", "/b/", "/c/", "/d/") if store.get(path, "en")] == [
        "/a/",
        "/c/",
        "/d/",
    ]


def test_store_keeps_languages_apart() -> None:
    store = PageStore(max_bytes=1_000_000)
    english, urdu = page_of(), page_of()
    store.put("/a/", "en", english)
    store.put("/a/", "ur", urdu)
    assert (store.get("/a/", "en"), store.get("/a/", "ur")) == (english, urdu)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 40)), max_size=30))
def test_store_never_outgrows_its_bound(puts: list[tuple[str, int]]) -> None:
    store = PageStore(max_bytes=6_000)
    sizes = [0]
    for path, size in puts:
        store.put(path, "en", page_of(size))
        sizes.append(store.bytes)
    assert max(sizes) <= 6_000
    assert all(later >= 0 for _earlier, later in pairwise(sizes))
    assert (store.bytes == 0) == (len(store) == 0)
