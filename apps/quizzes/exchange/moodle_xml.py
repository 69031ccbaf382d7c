"""Moodle XML, both ways.

Source: docs.moodle.org, "Moodle XML format". A file comes from anywhere: it is read without
entities, without the network, within limits, and not at all when it has a document type. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from lxml import etree

from apps.quizzes.exchange import outgoing
from apps.quizzes.exchange.incoming import Intake, report_for
from apps.quizzes.exchange.loss import Fault, Loss, Reading, Report, Unreadable, Where, Writing
from apps.quizzes.exchange.neutral import Answer, Neutral, Pair, Prose, Word
from apps.quizzes.exchange.prose import MARKUP
from apps.quizzes.exchange.quantities import decimal_text, fraction, spread_text
from apps.quizzes.exchange.record import QuestionDraft

MAX_BYTES = 20_000_000
MAX_QUESTIONS = 5_000
KEPT = "majlis"

_FORMATS = {
    "html": "html",
    "moodle_auto_format": "moodle",
    "plain_text": "plain",
    "plain": "plain",
    "markdown": "markdown",
    "wiki_like": "wiki",
}
# Plain settings that something is made of, or reported from.
_FACTS = frozenset(
    [
        "defaultgrade",
        "penalty",
        "hidden",
        "single",
        "shuffleanswers",
        "answernumbering",
        "usecase",
        "shownumcorrect",
        "showstandardinstruction",
        "layouttype",
        "selecttype",
        "selectcount",
        "gradingtype",
        "numberingstyle",
        "responseformat",
        "attachments",
        "minwordlimit",
        "maxwordlimit",
        "unitgradingtype",
        "unitpenalty",
        "showunits",
    ]
)
_PROSE = frozenset(
    [
        "correctfeedback",
        "partiallycorrectfeedback",
        "incorrectfeedback",
        "graderinfo",
        "responsetemplate",
    ]
)
_HANDLED = frozenset(
    [
        "name",
        "questiontext",
        "generalfeedback",
        "answer",
        "subquestion",
        "hint",
        "tags",
        "units",
        "coursetags",
        "idnumber",
        "dragbox",
        "selectoption",
        "file",
        "majlis",
    ]
)
# How the page there looks or works; it decides nothing about what is asked.
_USELESS = frozenset(
    [
        "showgrading",
        "unitsleft",
        "responserequired",
        "responsefieldlines",
        "attachmentsrequired",
        "maxbytes",
        "filetypeslist",
        "instructions",
        "image",
        "length",
        "truefalse",
    ]
)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KIND = {"cloze": "multianswer", "match": "matching"}


def read(data: bytes | str) -> Reading:
    """Every question of a file, what was lost, and what could not be read. Never raises."""
    intake = Intake()
    try:
        root = _parsed(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    except Unreadable as error:
        line = int(getattr(error, "line", 0)) or 1
        return Reading((), (), (Fault(Where(line), str(error)),))
    for element in _questions(root, intake):
        name = _text_of(element.find("name"))
        report = report_for(element.sourceline or 0, name)
        try:
            question = _question(element, report)
        except Unreadable as error:
            intake.faults.append(Fault(report.where, str(error)))
            intake.losses += report.losses
        else:
            intake.add(question, report)
    return Reading(tuple(intake.drafts), tuple(intake.losses), tuple(intake.faults))


def write(drafts: Iterable[QuestionDraft]) -> Writing:
    """Questions as Moodle XML; what is not carried is said, and kept where Moodle does not look."""
    texts, losses = outgoing.write(drafts, emit, _read_one)
    whole = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "".join(texts) + "</quiz>\n"
    return Writing(whole, tuple(losses))


class _NotXml(Unreadable):
    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def _parsed(data: bytes) -> etree._Element:
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The file has more than {MAX_BYTES // 1_000_000} MB.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data.lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None) or 1
        raise _NotXml(f"This is no XML that can be read: {error}", line) from error
    if root.getroottree().docinfo.doctype:
        raise _NotXml("A file with a document type is not read.", 1)
    if root.tag != "quiz":
        raise _NotXml("The outermost element of Moodle XML is <quiz>.", root.sourceline or 1)
    return root


def _questions(root: etree._Element, intake: Intake) -> Iterator[etree._Element]:
    count = 0
    for element in root:
        line = element.sourceline or 0
        if element.tag != "question":
            intake.losses.append(Loss(Where(line), "unknown", f"<{element.tag}>"))
        elif element.get("type") == "category":
            said = (_text_of(element.find(name)) for name in ("category", "info", "idnumber"))
            intake.losses += [Loss(Where(line), "category", each) for each in said if each]
        elif count == MAX_QUESTIONS:
            intake.faults.append(Fault(Where(line), f"Only {MAX_QUESTIONS:,} are read at once."))
            return
        else:
            count += 1
            yield element


def _text_of(element: etree._Element | None) -> str:
    """What a <text> inside says, or the element itself."""
    if element is None:
        return ""
    inner = element.find("text")
    return "".join((element if inner is None else inner).itertext()).strip()


def _prose(element: etree._Element | None, default: str, report: Report) -> Prose:
    if element is None:
        return Prose("", default)
    for file in element.iter("file"):
        report.lose("file", file.get("name", ""))
    named = (element.get("format") or "").strip()
    form = _FORMATS.get(named, default if not named else "html")
    inner = element.find("text")
    text = _inside(element, MARKUP) if inner is None else _inside(inner)
    return Prose(text.strip(), form)


def _inside(element: etree._Element, names: Collection[str] | None = None) -> str:
    """Text, and the markup that somebody forgot to put into CDATA.

    names: of the elements that are markup, where others may stand beside them; None: all are.
    """
    inside = [
        etree.tostring(child, encoding="unicode")
        if names is None or child.tag in names
        else child.tail or ""
        for child in element
    ]
    return "".join([element.text or "", *inside])


def _question(element: etree._Element, report: Report) -> Neutral:
    kind = (element.get("type") or "").strip()
    stem = element.find("questiontext")
    text = _prose(stem, "html", report)
    form = text.format
    facts, prose = {}, {}
    for child in element:
        name = str(child.tag)
        if name in _FACTS:
            plain = _text_of(child)
            facts[name] = "1" if name == "shownumcorrect" and not plain else plain
        elif name in _PROSE:
            prose[name] = _prose(child, form, report)
        elif name not in _HANDLED | _USELESS and _text_of(child):
            facts[f"?{name}"] = _text_of(child)
        if name == "file":
            report.lose("file", child.get("name", ""))
    for hint in element.findall("hint"):
        for name in ("shownumcorrect", "clearwrong"):
            if hint.find(name) is not None:
                report.lose("hint-options", name)
    kept = element.find(KEPT)
    if _text_of(element.find("instructions")):
        report.lose("response", "instructions for units")
    return Neutral(
        kind=_KIND.get(kind, kind) or "no type",
        name=_text_of(element.find("name")),
        line=element.sourceline or 0,
        text=text,
        explanation=_prose(element.find("generalfeedback"), form, report),
        answers=_ordered(kind, [_answer(each, kind, report) for each in element.findall("answer")]),
        pairs=tuple(_pair(each, kind, form, report) for each in element.findall("subquestion")),
        words=tuple(_words(element)),
        units=tuple(
            (_text_of(unit.find("unit_name")), _text_of(unit.find("multiplier")))
            for unit in element.iterfind("units/unit")
        ),
        hints=tuple(_prose(_hint(each), form, report) for each in element.findall("hint")),
        tags=tuple(
            _text_of(tag)
            for path in ("tags/tag", "coursetags/tag")
            for tag in element.iterfind(path)
        ),
        idnumber=_text_of(element.find("idnumber")),
        facts=facts,
        prose=prose,
        aside=_text_of(kept) if kept is not None else "",
    )


def _hint(element: etree._Element) -> etree._Element:
    older = element.find("hintcontent")
    return element if older is None else older


def _answer(element: etree._Element, kind: str, report: Report) -> Answer:
    has_markup = kind in {"multichoice", "ordering"} or kind.startswith("multichoice")
    tolerance = element.find("tolerance")
    found = _prose(element, "html" if has_markup else "plain", report)
    if not has_markup:
        found = Prose(found.text, "plain")
    return Answer(
        found,
        fraction(element.get("fraction") or "0", report) if kind != "ordering" else _place(element),
        _prose(element.find("feedback"), "html", report),
        _text_of(tolerance) if tolerance is not None else None,
    )


def _place(element: etree._Element) -> Decimal:
    return fraction(element.get("fraction") or "0", report_for(0))


def _ordered(kind: str, answers: list[Answer]) -> tuple[Answer, ...]:
    """The fraction of an item to order is its place."""
    if kind == "ordering":
        return tuple(sorted(answers, key=lambda answer: answer.fraction))
    return tuple(answers)


def _pair(element: etree._Element, kind: str, form: str, report: Report) -> Pair:
    answer = element.find("answer")
    found = _prose(answer, "html" if kind == "ddmatch" else "plain", report)
    if kind != "ddmatch":
        found = Prose(found.text, "plain")
    return Pair(_prose(element, form, report), found)


def _words(element: etree._Element) -> Iterator[Word]:
    for name in ("dragbox", "selectoption"):
        for each in element.findall(name):
            is_reusable = name == "selectoption" or each.find("infinite") is not None
            yield Word(_text_of(each), _text_of(each.find("group")) or "1", is_reusable)


def emit(question: Neutral) -> str:
    """One question as an element, indented.  Raises: nothing; every type has a place here."""
    kind = {"multianswer": "cloze"}.get(question.kind, question.kind)
    element = etree.Element("question", type=kind)
    _put_text(etree.SubElement(element, "name"), question.name)
    _put_prose(element, "questiontext", question.text)
    _put_prose(element, "generalfeedback", question.explanation)
    facts = {"hidden": "0", "idnumber": question.idnumber, **question.facts}
    facts.pop("rule", None)
    for name, value in facts.items():
        etree.SubElement(element, name).text = _storable(value)
    for name, prose in question.prose.items():
        _put_prose(element, name, prose)
    for place, answer in enumerate(question.answers, 1):
        _put_answer(element, question.kind, answer, place)
    for pair in question.pairs:
        row = _put_prose(element, "subquestion", pair.prompt)
        _put_text(etree.SubElement(row, "answer"), pair.answer.text)
    if question.units:
        _put_units(element, question.units)
    for hint in question.hints:
        _put_prose(element, "hint", hint)
    if question.tags:
        tags = etree.SubElement(element, "tags")
        for tag in question.tags:
            _put_text(etree.SubElement(tags, "tag"), tag)
    if question.aside:
        etree.SubElement(element, KEPT).text = question.aside
    etree.indent(element, "  ", level=1)
    return f"  {etree.tostring(element, encoding='unicode')}\n"


def _put_units(element: etree._Element, rows: Iterable[tuple[str, str]]) -> None:
    units = etree.SubElement(element, "units")
    for name, multiplier in rows:
        unit = etree.SubElement(units, "unit")
        etree.SubElement(unit, "multiplier").text = multiplier
        etree.SubElement(unit, "unit_name").text = _storable(name)


def _put_answer(element: etree._Element, kind: str, answer: Answer, place: int) -> None:
    is_order = kind == "ordering"
    share = decimal_text(Decimal(place) if is_order else answer.fraction)
    has_markup = kind in {"multichoice", "ordering"}
    row = etree.SubElement(element, "answer", fraction=share)
    row.set("format", "markdown" if has_markup else "plain_text")
    value, about = spread_text(answer) if kind == "numerical" else (answer.text.text, None)
    _put_text(row, value)
    _put_prose(row, "feedback", answer.feedback)
    if about is not None:
        etree.SubElement(row, "tolerance").text = about


def _put_prose(parent: etree._Element, name: str, prose: Prose) -> etree._Element:
    element = etree.SubElement(parent, name, format="markdown")
    _put_text(element, prose.text)
    return element


def _put_text(parent: etree._Element, text: str) -> None:
    etree.SubElement(parent, "text").text = _storable(text)


def _storable(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _read_one(text: str) -> Neutral:
    element = etree.fromstring(text.encode())
    return _question(element, report_for(0))
