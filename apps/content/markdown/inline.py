"""Inline syntax of our own: citations, glossary terms, footnotes, bare addresses.

Every rule reads a bounded piece of the text with a regular expression that stops at the next
bracket, so that a hundred thousand opening brackets cost a hundred thousand failed looks.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from apps.content.citations.pandoc import KEY, Cite, parse_group

_GROUP = re.compile(r"\[([^\[\]]{1,1000})\](?!\()")
_NARRATIVE = re.compile(rf"@({KEY})(?:[ \n]\[([^\[\]@^]{{1,200}})\](?![(\[:]))?")
_TERM = re.compile(r"\[\[([^\[\]|]{1,200})(?:\|([^\[\]|]{1,300}))?\]\]")
_FOOTNOTE = re.compile(r"\[\^([^\s\[\]^]{1,80})\]")
_ADDRESS = re.compile(r"://[^\s<>\"“”\[\]\\`{}|]{1,2000}")
_SCHEME = re.compile(r"(?<![\w.+-])https?\Z", re.IGNORECASE)
_TRAILING = "?!.,:;*_~'’…"


def install(md: MarkdownIt) -> None:
    rules = md.inline.ruler
    rules.before("link", "term", term)
    rules.before("link", "footnote", footnote)
    rules.before("link", "citation", citation_group)
    rules.push("narrative", citation_narrative)
    rules.push("address", address)


def citation_group(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's signature
    """`[@khan1961, pp. 33-35; see also @iqbal2021]`."""
    if state.src[state.pos] != "[" or state.linkLevel:
        return False
    match = _GROUP.match(state.src, state.pos, state.posMax)
    if match is None or "@" not in match[1]:
        return False
    cites = parse_group(match[1])
    if not cites:
        return False
    _push(state, "citation", match, silent=silent, cites=cites)
    return True


def citation_narrative(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """`@zeb2006` and `@zeb2006 [p. 52]`."""
    if state.src[state.pos] != "@" or state.linkLevel:
        return False
    before = state.src[state.pos - 1] if state.pos else " "
    if before.isalnum() or before in "_@/.-[":
        return False
    match = _NARRATIVE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    cite = Cite(key=match[1], locator=" ".join((match[2] or "").split()), is_narrative=True)
    _push(state, "citation", match, silent=silent, cites=(cite,))
    return True


def term(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """`[[RATS]]` and `[[RATS|the anti-terrorism structure]]`."""
    if state.linkLevel or not state.src.startswith("[[", state.pos):
        return False
    match = _TERM.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    name = " ".join(match[1].split())
    words = " ".join((match[2] or "").split()) or name
    _push(state, "term", match, silent=silent, name=name, words=words)
    return True


def footnote(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """`[^label]`, where the label is defined. In place of the plug-in's rule, which looks for the
    closing bracket to the end of the text each time.
    """
    if state.linkLevel or not state.src.startswith("[^", state.pos):
        return False
    match = _FOOTNOTE.match(state.src, state.pos, state.posMax)
    notes = state.env.get("footnotes", {"refs": {}, "list": {}})
    if match is None or f":{match[1]}" not in notes["refs"]:
        return False
    if not silent:
        number = notes["refs"][f":{match[1]}"]
        if number < 0:
            number = len(notes["list"])
            notes["refs"][f":{match[1]}"] = number
            notes["list"][number] = {"label": match[1], "count": 0}
        token = state.push("footnote_ref", "", 0)
        token.meta = {"id": number, "subId": notes["list"][number]["count"]}
        notes["list"][number]["count"] += 1
    state.pos = match.end()
    return True


def address(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """A bare https://… address becomes a link.

    Ours, because linkify-it reads to the end of the text at every colon: quadratic.
    """
    if state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-6:])
    match = _ADDRESS.match(state.src, state.pos, state.posMax)
    if scheme is None or match is None:
        return False
    rest = _without_trailing(match[0])
    if len(rest) <= 3 or not rest[3].isalnum():
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[0])]
        url = scheme[0] + rest
        state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(url)}
        state.push("text", "", 0).content = url
        state.push("link_close", "a", -1)
    state.pos += len(rest)
    return True


def _without_trailing(url: str) -> str:
    """Leave out punctuation that ends the sentence, and a bracket that closes an earlier one."""
    surplus = url.count(")") - url.count("(")
    end = len(url)
    while end:
        if url[end - 1] in _TRAILING:
            end -= 1
        elif url[end - 1] == ")" and surplus > 0:
            surplus -= 1
            end -= 1
        else:
            break
    return url[:end]


def _push(
    state: StateInline, kind: str, match: re.Match[str], *, silent: bool, **meta: object
) -> None:
    if not silent:
        token = state.push(kind, "", 0)
        token.content = match[0]
        token.meta = meta
    state.pos = match.end()
