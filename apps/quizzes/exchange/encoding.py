"""Bytes of a text file as text with LF line ends. Pure."""

from __future__ import annotations

_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decoded(data: bytes | str) -> tuple[str, str]:
    """(text without a byte order mark, the encoding that it was read as; "" for UTF-8)"""
    text, encoding = (data, "") if isinstance(data, str) else _text(data)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", ""), encoding


def _text(data: bytes) -> tuple[str, str]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace"), name
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "cp1252"
