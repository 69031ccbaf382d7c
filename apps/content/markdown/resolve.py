"""Walk the parsed text once: look up what it names, note what is wrong, and on which line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from apps.content.citations.pandoc import Cite
from apps.content.markdown.labels import RenderContext
from apps.content.problems import Problem

MAX_NESTING = 20
MAX_PROBLEMS = 200

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):(.*)$", re.DOTALL)
_OPENED = re.compile(r"\[\[[^\s\[\]]{1,40}|\[-?@[^\s\[\]]{1,40}|\[\^[^\s\[\]]{1,40}(\])?")
_WEB = {"http", "https", "mailto"}


@dataclass(slots=True)
class Findings:
    """What one text names; each dictionary is an ordered set."""

    context: RenderContext
    citations: dict[str, None] = field(default_factory=dict)
    terms: dict[str, None] = field(default_factory=dict)
    paragraphs: dict[str, None] = field(default_factory=dict)
    lessons: dict[str, None] = field(default_factory=dict)
    figures: dict[str, None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def report(self, code: str, line: int, subject: str = "") -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(code, line, subject[:120]))
        elif len(self.problems) == MAX_PROBLEMS:
            self.problems.append(Problem("too-many-problems", line))


def resolve(state: StateCore) -> None:
    """The core rule: before footnotes are moved to the end, while every block has its lines."""
    findings: Findings = state.env["findings"]
    _check_blocks(state.tokens, findings, state.src.split("\n"))
    _check_footnotes(state, findings)
    line = 1
    for token in state.tokens:
        if token.map:
            line = token.map[0] + 1
        if token.type == "inline":
            _Walk(findings, line).walk(token.children or [])
    state.tokens = list(_with_figures(state.tokens, findings))


def _check_blocks(tokens: Sequence[Token], findings: Findings, lines: list[str]) -> None:
    last_level = 2
    line = 1
    for token in tokens:
        if token.map:
            line = token.map[0] + 1
        if token.nesting == 1 and token.level >= MAX_NESTING - 1:
            findings.report("too-deep", line)
        if token.type == "fence" and token.map and not _is_closed(token, lines):
            findings.report("unclosed", line, token.markup)
        if token.type in {"heading_open", "heading_close"}:
            level = int(token.tag[1])
            if level < 3:
                token.tag = "h3"
                if token.nesting == 1:
                    findings.report("heading-level", line)
                level = 3
            elif token.nesting == 1 and level > last_level + 1:
                findings.report("heading-skip", line)
            last_level = level


def _is_closed(fence: Token, lines: list[str]) -> bool:
    first, end = fence.map or (0, 0)
    last = lines[end - 1].strip(" >\t") if end <= len(lines) else ""
    return end - first >= 2 and last.startswith(fence.markup) and not last.strip(fence.markup[0])


def _check_footnotes(state: StateCore, findings: Findings) -> None:
    used = state.env.get("footnotes", {}).get("refs", {})
    for token in state.tokens:
        if token.type == "footnote_reference_open" and used[":" + token.meta["label"]] < 0:
            line = token.map[0] + 1 if token.map else 0
            findings.report("unused-footnote", line, token.meta["label"])


class _Walk:
    """One run of inline tokens; counts the lines that it passes."""

    def __init__(self, findings: Findings, line: int) -> None:
        self.findings = findings
        self.context = findings.context
        self.line = line
        self.is_dropped: list[bool] = []  # for each element that is open

    def walk(self, tokens: Sequence[Token]) -> None:
        rules: dict[str, Callable[[Token], None]] = {
            "citation": self.citation,
            "term": self.term,
            "link_open": self.link_open,
            "image": self.image,
            "text": self.text,
        }
        for token in tokens:
            if token.type in {"softbreak", "hardbreak"}:
                self.line += 1
            elif rule := rules.get(token.type):
                rule(token)
            if token.nesting == 1:
                self._open(token)
            elif token.nesting == -1:
                token.hidden = self.is_dropped.pop()

    def _open(self, token: Token) -> None:
        """Emphasis in emphasis in emphasis: past the limit its marks are left out."""
        if len(self.is_dropped) >= MAX_NESTING:
            if not token.hidden and not self.is_dropped[-1]:
                self.findings.report("too-deep", self.line)
            token.hidden = True
        self.is_dropped.append(token.hidden)

    def citation(self, token: Token) -> None:
        cites: tuple[Cite, ...] = token.meta["cites"]
        for cite in cites:
            label = self.context.references.get(cite.key)
            if label:
                self.findings.citations[cite.key] = None
                if label.is_retracted:
                    self.findings.report("retracted-work", self.line, cite.key)
            else:
                self.findings.report("unknown-key", self.line, cite.key)
        self.line += token.content.count("\n")

    def term(self, token: Token) -> None:
        name: str = token.meta["name"]
        label = self.context.terms.get(name.casefold())
        token.meta["label"] = label
        if label:
            self.findings.terms[label.slug] = None
        else:
            self.findings.report("unknown-term", self.line, name)
        self.line += token.content.count("\n")

    def text(self, token: Token) -> None:
        for match in _OPENED.finditer(token.content):
            code = "unknown-footnote" if match[1] else "unclosed"
            subject = match[0][2:-1] if match[1] else match[0]
            self.findings.report(code, self.line, subject)

    def link_open(self, token: Token) -> None:
        href = str(token.attrGet("href") or "")
        scheme, rest = _split(href)
        target = None
        if scheme in _WEB:
            target = href
            token.attrs["class"] = "external"
            token.attrs["rel"] = "noopener noreferrer"
        elif scheme == "source":
            target = self._source(rest)
            token.attrs["class"] = "source"
        elif scheme == "lesson":
            target = self._lesson(rest)
            token.attrs["class"] = "lesson"
        elif scheme == "glossary":
            target = self._glossary(rest)
            token.attrs["class"] = "term"
        else:
            self.findings.report("forbidden-link", self.line, href)
        token.attrs["href"] = target or ""
        token.hidden = target is None

    def _source(self, number: str) -> str | None:
        if number not in self.context.paragraphs:
            self.findings.report("unknown-paragraph", self.line, number)
            return None
        self.findings.paragraphs[number] = None
        return f"/courses/{self.context.course_slug}/source/{number}/"

    def _lesson(self, path: str) -> str | None:
        lesson, _hash, anchor = path.partition("#")
        anchors = self.context.lessons.get(lesson)
        if anchors is None:
            self.findings.report("unknown-lesson", self.line, lesson)
            return None
        if anchor and anchor not in anchors:
            self.findings.report("unknown-anchor", self.line, path)
            return None
        if lesson in self.context.unpublished:
            self.findings.report("unpublished-lesson", self.line, lesson)
        self.findings.lessons[path] = None
        fragment = f"#{anchor}" if anchor else ""
        return f"/courses/{self.context.course_slug}/lessons/{lesson}/{fragment}"

    def _glossary(self, name: str) -> str | None:
        label = self.context.terms.get(name.replace("%20", " ").casefold())
        if label is None:
            self.findings.report("unknown-term", self.line, name)
            return None
        self.findings.terms[label.slug] = None
        return term_href(self.context, label.slug)

    def image(self, token: Token) -> None:
        src = str(token.attrGet("src") or "")
        scheme, file = _split(src)
        token.hidden = True
        if scheme != "figure":
            self.findings.report("forbidden-image", self.line, src)
            return
        label = self.context.figures.get(file)
        if label is None:
            self.findings.report("unknown-figure", self.line, file)
            return
        token.hidden = False
        alt = " ".join(_texts(token.children or [])) or label.alt
        if not alt.strip():
            self.findings.report("missing-alt", self.line, file)
        self.findings.figures[file] = None
        token.meta = {"label": label, "alt": alt, "file": file, "line": self.line}


def _with_figures(tokens: Sequence[Token], findings: Findings) -> Iterator[Token]:
    """A picture alone in its paragraph takes the paragraph's place; elsewhere it is reported."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type == "paragraph_open" and (picture := _only_picture(tokens[index + 1])):
            figure = Token("figure", "figure", 0, block=True, map=token.map, level=token.level)
            figure.meta = {**picture.meta, "caption": str(picture.attrGet("title") or "")}
            yield figure
            index += 3
            continue
        if token.type == "inline":
            for child in token.children or []:
                if child.type == "image" and not child.hidden:
                    findings.report("figure-inline", child.meta["line"], child.meta["file"])
        yield token
        index += 1


def _only_picture(inline: Token) -> Token | None:
    children = [
        child for child in inline.children or [] if child.type != "text" or child.content.strip()
    ]
    if len(children) == 1 and children[0].type == "image" and not children[0].hidden:
        return children[0]
    return None


def _split(href: str) -> tuple[str, str]:
    match = _SCHEME.match(href.strip())
    return (match[1].lower(), match[2]) if match else ("", href)


def _texts(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.children:
            yield from _texts(token.children)
        elif token.content.strip():
            yield token.content.strip()


def term_href(context: RenderContext, slug: str) -> str:
    if context.is_standalone:
        return f"/courses/{context.course_slug}/glossary/{slug}/"
    return f"#term-{slug}"


def reference_href(context: RenderContext, key: str) -> str:
    if context.is_standalone:
        return f"/courses/{context.course_slug}/bibliography/{key}/"
    return f"#ref-{key}"
