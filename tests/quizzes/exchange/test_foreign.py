"""Files as other programs write them: what is read, and what is reported."""

from __future__ import annotations

import pytest

from apps.quizzes.exchange import gift, moodle_xml, table
from apps.quizzes.exchange.loss import Reading, grouped


def codes(reading: Reading) -> list[str]:
    return sorted({loss.code for loss in reading.losses} - {"no-source"})


def xml(kind: str, inside: str, text: str = "<p>Which?</p>") -> Reading:
    return moodle_xml.read(
        f'<quiz><question type="{kind}"><name><text>one</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
        f"{inside}</question></quiz>"
    )


def answer(text: str, fraction: str, feedback: str = "") -> str:
    return (
        f'<answer fraction="{fraction}"><text>{text}</text>'
        f"<feedback><text>{feedback}</text></feedback></answer>"
    )


CHOICE = answer("Lahore", "100", "Yes") + answer("Karachi", "0", "No")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("::a:: Capital? {=Islamabad#yes ~Lahore#no ####Why}", "single_choice"),
        ("Choose {~%50%a ~%50%b ~%-100%c}", "multiple_response"),
        ("The pass is in {~Sindh =Khyber} province.", "single_choice"),
        ("It is high.{T#wrong#right}", "true_false"),
        ("It is low.{FALSE}", "true_false"),
        ("Name it {=K2 =%50%K1}", "short_text"),
        ("Height {#8611:5}", "numeric"),
        ("Height {#8600..8620}", "numeric"),
        ("Height {#=8611:0#yes =%50%8611:50 ~#no}", "numeric"),
        ("Pair {=a -> 1 =b -> 2}", "matching"),
        ("Sort {=a -> 1 =b -> 2 =c -> 2}", "categorise"),
        ("Order {>0 ALL VERTICAL ABSOLUTE_POSITION SHOW none\na\nb\nc\n}", "ordering"),
        ("Discuss. {}", "essay"),
    ],
)
def test_gift_of_each_kind_is_read(text: str, kind: str) -> None:
    reading = gift.read(text)
    assert [draft.kind for draft in reading.drafts] == [kind]
    assert reading.faults == ()


def test_gift_windows_lines_mark_escapes_comments() -> None:
    data = "\ufeff// note\r\n// [id:x-1] [tag:peaks]\r\n"
    data += "::A\\:b::2 \\= 2 \\{x\\}\\n\\#\r\n{=y\r\n~z}\r\n"
    (draft,) = gift.read(data.encode()).drafts
    assert (draft.slug, draft.stem, draft.tags, draft.line) == (
        "x-1",
        "2 = 2 {x}\\\n\\#",
        ("peaks",),
        3,
    )


def test_gift_fault_leaves_the_others() -> None:
    reading = gift.read("Broken {=a\n\n::ok:: Fine {T}\n\nOdd }\n")
    assert [draft.slug for draft in reading.drafts] == ["ok"]
    assert [fault.where.line for fault in reading.faults] == [1, 5]


@pytest.mark.parametrize(
    ("inside", "text", "code"),
    [
        (CHOICE, "<p>See <img src='@@PLUGINFILE@@/a.png' alt='A'></p>", "image"),
        (CHOICE, "<p>See <img src='@@PLUGINFILE@@/a.png' alt='A'></p>", "file"),
        (CHOICE, "<p>The <u>line</u></p>", "html"),
        (CHOICE, r"<p>Is \(x\)?</p>", "tex"),
        (CHOICE + "<penalty>0.3333333</penalty>", "x", "penalty"),
        (CHOICE + "<hidden>1</hidden>", "x", "hidden"),
        (CHOICE + "<idnumber>A 1</idnumber>", "x", "idnumber"),
        (CHOICE + "<tags><tag><text>Two Words</text></tag></tags>", "x", "tag"),
        (CHOICE + "<hint><text>h</text><clearwrong/></hint>", "x", "hint-options"),
        (CHOICE + "<hint><text>h</text></hint>" * 4, "x", "hints"),
        (CHOICE + "<correctfeedback><text>Well</text></correctfeedback>", "x", "overall-feedback"),
        (CHOICE + "<answernumbering>ABCD</answernumbering>", "x", "layout"),
        (CHOICE + "<defaultgrade>many</defaultgrade>", "x", "number"),
        (CHOICE + "<novelty>3</novelty>", "x", "unknown"),
        (answer("a", "100") + answer("b", "-50"), "x", "negative"),
        (answer("a", "50") + answer("b", "0"), "x", "fraction"),
        (answer("a", "100") + answer("b", "0") + answer("B", "0"), "x", "twin"),
        (answer("<![CDATA[<p>a</p><p>b</p>]]>", "100") + answer("c", "0"), "x", "one-line"),
        (
            "<single>false</single>" + answer("a", "70") + answer("b", "30") + answer("c", "0"),
            "x",
            "rule",
        ),
    ],
)
def test_xml_choice_reports_each_loss(inside: str, text: str, code: str) -> None:
    reading = xml("multichoice", inside, text)
    assert code in codes(reading)
    assert len(reading.drafts) == 1


@pytest.mark.parametrize(
    ("kind", "inside", "text", "code"),
    [
        ("description", "", "x", "unsupported"),
        ("calculated", "", "x", "unsupported"),
        ("essay", "<attachments>2</attachments>", "x", "attachments"),
        ("essay", "<responseformat>noinline</responseformat>", "x", "response"),
        ("essay", "", "x", "filled-in"),
        ("shortanswer", answer("blue*", "100", "f"), "x", "wildcard"),
        ("ordering", answer("a", "1") + answer("b", "2"), "x", "rule"),
        (
            "ordering",
            "<selecttype>RANDOM</selecttype>" + answer("a", "1") + answer("b", "2"),
            "x",
            "subset",
        ),
        (
            "numerical",
            answer("3", "100")
            + "<units><unit><multiplier>3</multiplier><unit_name>m</unit_name></unit></units>",
            "x",
            "unit",
        ),
        ("cloze", "", "A {1:NM:=3:1} b", "numerical-gap"),
        ("cloze", "", "A {1:SA:=b} {2:SA:=c}", "gap-weight"),
        (
            "ddwtos",
            "<dragbox><text>a</text></dragbox><dragbox><text>b</text></dragbox>",
            "The [[1]]",
            "drag-once",
        ),
    ],
)
def test_xml_other_kinds_report_each_loss(kind: str, inside: str, text: str, code: str) -> None:
    assert code in codes(xml(kind, inside, text))


def test_xml_category_and_encoding_are_reported() -> None:
    data = (
        '<quiz><question type="category"><category><text>top/A</text></category>'
        '<info format="html"><text>For the first week.</text></info><idnumber>w1</idnumber>'
        "</question></quiz>"
    )
    assert [loss.message for loss in moodle_xml.read(data).losses] == [
        "The category is not carried: top/A.",
        "The category is not carried: For the first week.",
        "The category is not carried: w1.",
    ]
    assert codes(gift.read("café {T}".encode("latin-1"))) == ["encoding"]


def test_xml_cloze_becomes_gaps() -> None:
    (draft,) = xml(
        "cloze", "", "<p>Fill in.</p><p>A {1:SHORTANSWER:=b#y~%50%c} and {1:MC:=d~e}.</p>"
    ).drafts
    assert draft.stem == "Fill in."
    assert draft.spec["text"] == "A {{1}} and {{2}}."
    assert [gap["form"] for gap in draft.spec["gaps"]] == ["text", "choice"]


@pytest.mark.parametrize(
    "data",
    [
        '<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>',
        '<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>',
        '<!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;">]><quiz>&c;</quiz>',
        "<quiz>" + "<a>" * 5000 + "</a>" * 5000 + "</quiz>",
        "<quiz>&nbsp;</quiz>",
        "<quiz><question></quiz>",
        "<html/>",
        "",
        "\ud800",
    ],
)
def test_xml_hostile_files_are_one_fault(data: str) -> None:
    reading = moodle_xml.read(data)
    assert reading.drafts == ()
    assert len(reading.faults) == 1


def test_table_needs_its_columns() -> None:
    assert len(table.read("a,b\n1,2\n").faults) == 1


def test_table_of_a_spreadsheet_is_read() -> None:
    text = "type;stem;option_1;worth_1;option_2;worth_2\nsingle_choice;Which?;=SUM(1);yes;b;no\n"
    (draft,) = table.read(text).drafts
    assert [row["text"] for row in draft.spec["options"]] == ["=SUM(1)", "b"]


def test_xml_markup_that_costs_too_much_is_refused_before_it_is_read() -> None:
    many = xml("multichoice", CHOICE, "<ol>" + "<li>a" * 2_000)
    assert [fault.message for fault in many.faults] == [
        "A text has more than 2,000 elements of HTML."
    ]
    deep = xml("multichoice", CHOICE, "<blockquote>" * 41 + "Which?")
    assert ("html", "more levels than can be read") in {
        (loss.code, loss.detail) for loss in deep.losses
    }


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("<p>Which?<br></p>", "Which?"),
        ("<p>See this.<br></p><p>Which?<br><br></p>", "See this.\n\nWhich?"),
        ("<p>One<br>two</p>", "One\\\ntwo"),
        ("<p>Of C:\\</p><p>Which?</p>", "Of C:\\\\\n\nWhich?"),
    ],
)
def test_xml_break_that_nothing_follows_leaves_no_backslash(text: str, stem: str) -> None:
    (draft,) = xml("multichoice", CHOICE, text).drafts
    assert draft.stem == stem


def test_xml_markup_without_a_text_element_is_read() -> None:
    (draft,) = moodle_xml.read(
        '<quiz><question type="multichoice"><questiontext>What <b>is</b> this?</questiontext>'
        '<answer fraction="100">A <i>hill</i><feedback><text>Yes</text></feedback></answer>'
        f"{answer('A lake', '0')}</question></quiz>"
    ).drafts
    assert draft.stem == "What **is** this?"
    assert [row["text"] for row in draft.spec["options"]] == ["A *hill*", "A lake"]


def test_xml_cloze_number_of_a_character_begins_no_feedback() -> None:
    (draft,) = xml("cloze", "", "<p>A {1:MC:=b &#125;#well~c}</p>").drafts
    assert [(row["text"], row["feedback"]) for row in draft.spec["gaps"][0]["options"]] == [
        ("b }", "well"),
        ("c", ""),
    ]


def test_gift_name_keeps_letters_whose_accents_go() -> None:
    (draft,) = gift.read("// [tag:région d'été]\n::Über Länder::Which? {=a ~b}").drafts
    assert (draft.slug, draft.tags) == ("uber-lander", ("region-dete",))


def test_gift_with_too_many_options_says_how_many() -> None:
    reading = gift.read("Which? {=0 " + " ".join(f"~{place}" for place in range(1, 60)) + "}")
    assert [fault.message for fault in reading.faults] == ["Give 2 to 12 of these; there are 60."]


def test_xml_hints_never_cost_more_than_the_item() -> None:
    hints = "<penalty>0.5</penalty>" + "<hint><text>h</text></hint>" * 3
    reading = xml("multichoice", CHOICE + hints)
    assert [hint.cost for hint in reading.drafts[0].hints] == ["0.33"] * 3
    assert "number" in codes(reading)


def test_losses_are_told_by_kind_with_a_program_s_habits_last() -> None:
    inside = CHOICE + "<penalty>0.1</penalty><answernumbering>ABCD</answernumbering>"
    reading = moodle_xml.read(
        f'<quiz><question type="multichoice"><questiontext>a</questiontext>{inside}</question>'
        f'<question type="multichoice"><questiontext>b</questiontext>{CHOICE}'
        "<penalty>0.2</penalty></question></quiz>"
    )
    assert [(group.sentence, len(group.each)) for group in grouped(reading.losses)] == [
        ("How it is laid out is not carried: …", 1),
        ("The penalty for further tries is not carried: …", 2),
        ("No paragraph of the article decides this yet: name one.", 2),
    ]
