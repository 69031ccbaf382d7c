"""From Markdown to sanitised HTML."""
# ruff: noqa: ARG002 - the library decides what a rule is given

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import islice, takewhile

from django.utils.text import Truncator
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from apps.content.citations.pandoc import Cite, locator_text
from apps.content.markdown import bounds, inline
from apps.content.markdown.labels import (
    EMPTY_CONTEXT,
    FigureLabel,
    Footnote,
    RenderContext,
    Rendered,
    TermLabel,
)
from apps.content.markdown.resolve import (
    MAX_NESTING,
    Findings,
    reference_href,
    resolve,
    term_href,
)
from apps.content.markdown.sanitise import plain_text, sanitise
from apps.content.problems import Problem

# A section of 800 words has about 5,000. The parser is linear, but not free.
MAX_CHARACTERS = 200_000

# Of a table's name, in characters: it is read out whole.
_MAX_NAME = 160

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")


def render_markdown(text: str, context: RenderContext = EMPTY_CONTEXT) -> Rendered:
    """Sanitised HTML of one text, what it names, and everything that is wrong with it.

    Never raises, whatever the text; the time is linear in its length. Lines of problems count
    from 1. A text of more than MAX_CHARACTERS is not rendered at all and says so.
    """
    if len(text) > MAX_CHARACTERS:
        return Rendered(problems=(Problem("too-long", 1, f"{MAX_CHARACTERS:,}"),))
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    findings = Findings(context)
    parser = _parser()
    env: EnvType = {"findings": findings}
    tokens = parser.parse(text, env)
    body, notes = _split_notes(tokens)
    html = sanitise(parser.renderer.render(body, parser.options, env))
    return Rendered(
        html=html,
        footnotes=tuple(
            _footnote(parser, env, note, position) for position, note in enumerate(notes)
        ),
        citations=tuple(findings.citations),
        terms=tuple(findings.terms),
        paragraphs=tuple(findings.paragraphs),
        lessons=tuple(findings.lessons),
        figures=tuple(findings.figures),
        problems=tuple(sorted(findings.problems, key=lambda problem: problem.line)),
        words=len(plain_text(html).split()),
    )


def _parser() -> MarkdownIt:
    """A parser of its own for each text: it costs a third of a millisecond and shares no state."""
    md = MarkdownIt(
        "commonmark",
        {"html": False, "linkify": False, "typographer": False, "maxNesting": MAX_NESTING},
        renderer_cls=LessonRenderer,
    )
    md.enable("table").use(deflist_plugin).use(footnote_plugin, inline=False)
    md.disable(["reference", "html_block", "html_inline", "footnote_ref"])
    md.core.ruler.before("footnote_tail", "resolve", resolve)
    md.validateLink = _accept  # type: ignore[method-assign]
    inline.install(md)
    bounds.install(md)
    md.renderer.rules.update(  # type: ignore[attr-defined]  # over the footnote plug-in's own
        footnote_ref=md.renderer.footnote_ref,  # type: ignore[attr-defined]
        footnote_anchor=md.renderer.footnote_anchor,  # type: ignore[attr-defined]
    )
    return md


def _accept(url: str) -> bool:  # noqa: ARG001 - the name of the method that it stands for
    """Every link is parsed; resolve.py decides which may stay, and reports the others."""
    return True


def _split_notes(tokens: Sequence[Token]) -> tuple[list[Token], list[list[Token]]]:
    """The text without its footnotes, and the blocks of each footnote in order of first use."""
    body: list[Token] = []
    notes: list[list[Token]] = []
    target = body
    for token in tokens:
        if token.type == "footnote_open":
            target = []
            notes.append(target)
        elif token.type == "footnote_close":
            target = body
        elif token.type not in {"footnote_block_open", "footnote_block_close"}:
            target.append(token)
    return body, notes


def _footnote(parser: MarkdownIt, env: EnvType, tokens: list[Token], position: int) -> Footnote:
    context: RenderContext = env["findings"].context
    count: int = env["footnotes"]["list"][position]["count"]
    return Footnote(
        id=f"fn-{context.id_prefix}-{position + 1}",
        number=context.first_footnote + position,
        html=sanitise(parser.renderer.render(tokens, parser.options, env)),
        referrers=tuple(_referrer_id(context, position, sub) for sub in range(count)),
    )


def _referrer_id(context: RenderContext, position: int, sub: int) -> str:
    base = f"fnref-{context.id_prefix}-{position + 1}"
    return f"{base}-{sub + 1}" if sub else base


class LessonRenderer(RendererHTML):
    """HTML of our own tokens, and of those whose usual HTML does not suit a lesson."""

    def citation(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        context: RenderContext = env["findings"].context
        cites: tuple[Cite, ...] = tokens[idx].meta["cites"]
        if len(cites) == 1:
            return _cite(cites[0], context, is_alone=True)
        works = "; ".join(_cite(cite, context, is_alone=False) for cite in cites)
        return f'<span class="citation-group">({works})</span>'

    def term(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        words = escape(tokens[idx].meta["words"])
        label: TermLabel | None = tokens[idx].meta["label"]
        if label is None:
            return words
        href = term_href(env["findings"].context, label.slug)
        return f'<a class="term" href="{escape(href)}">{words}</a>'

    def footnote_ref(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        context: RenderContext = env["findings"].context
        position, sub = tokens[idx].meta["id"], tokens[idx].meta["subId"]
        return (
            f'<sup><a class="footnote-ref" href="#fn-{context.id_prefix}-{position + 1}"'
            f' id="{_referrer_id(context, position, sub)}" role="doc-noteref">'
            f"{context.first_footnote + position}</a></sup>"
        )

    def footnote_anchor(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return ""  # links back stand in the end matter: labels.footnote_backlinks

    def figure(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        meta = tokens[idx].meta
        label: FigureLabel = meta["label"]
        credit = f'<span class="credit">{escape(label.credit)}</span>' if label.credit else ""
        words = " ".join(part for part in (escape(meta["caption"]), credit) if part)
        caption = f"<figcaption>{words}</figcaption>" if words else ""
        return f'<figure class="figure">{_img(label, meta["alt"])}{caption}</figure>\n'

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        if token.hidden:
            return escape(self.renderInlineAsText(token.children, options, env))
        return _img(token.meta["label"], token.meta["alt"], css_class="figure-inline")

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        name = self._columns_of(tokens, idx, options, env)
        named = f' role="group" aria-label="{escape(name)}"' if name else ""
        return f'<div class="table-scroll" tabindex="0"{named}><table>\n'

    def _columns_of(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """What a table's columns are called: its name for whoever does not see that it is one.

        In the text's own language, for the HTML is kept while languages of the interface change.
        """
        cells = takewhile(lambda token: token.type != "thead_close", islice(tokens, idx, None))
        names = (
            plain_text(self.renderInline(cell.children or [], options, env))
            for cell in cells
            if cell.type == "inline"
        )
        return Truncator(", ".join(filter(None, names))).chars(_MAX_NAME)

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<th scope="col"{_alignment(tokens[idx])}>'

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"<td{_alignment(tokens[idx])}>"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<pre tabindex="0"><code>{escape(tokens[idx].content)}</code></pre>\n'

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return self.fence(tokens, idx, options, env)


def _cite(cite: Cite, context: RenderContext, *, is_alone: bool) -> str:
    """One work as a link: "(Khan, 1961, pp. 33–35)", or "Zeb (2006, p. 52)" in a sentence."""
    label = context.references.get(cite.key)
    prefix = f"{cite.prefix} " if cite.prefix else ""
    if label is None:
        words = f"{prefix}@{cite.key}"
        return f'<span class="citation-unknown">{escape(words)}</span>'
    year = label.year or "n.d."
    locator = locator_text(cite.locator)
    dated = f"{year}, {locator}" if locator else year
    if cite.is_narrative:
        words = f"{label.narrative or label.authors} ({dated})"
    else:
        words = prefix + (dated if cite.is_author_hidden else f"{label.authors}, {dated}")
        words = f"({words})" if is_alone else words
    href = reference_href(context, label.key)
    return (
        f'<a class="citation" href="{escape(href)}" data-ref="{escape(label.key)}">'
        f"{escape(words)}</a>"
    )


def _img(label: FigureLabel, alt: str, *, css_class: str = "") -> str:
    size = f' width="{label.width}" height="{label.height}"' if label.width and label.height else ""
    marked = f' class="{css_class}"' if css_class else ""
    return f'<img{marked} src="{escape(label.url)}" alt="{escape(alt)}"{size} loading="lazy">'


def _alignment(cell: Token) -> str:
    style = str(cell.attrGet("style") or "")
    side = style.removeprefix("text-align:")
    return f' class="align-{side}"' if side in {"center", "right"} else ""
