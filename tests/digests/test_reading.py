"""Bytes become what a reader sees, or one sentence that says what to do."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from digests import Limits, TooLargeError, UnreadableError, UnsupportedError, read
from digests.reading import Manuscript, Role
from tests.digests.documents import docx, p, pdf

REPORTS = Path(__file__).parents[3] / "shared/reports"
needs_reports = pytest.mark.skipif(
    not REPORTS.exists(), reason="the reports are not beside the project"
)

TEXT = (
    "关于做好防汛工作的通知\n各县（市、区）人民政府：\n一、提高认识。防汛工作事关大局，要抓紧抓实。\n二、落实责任。各地要压实责任，确保安全。\n"
    * 8
)


SENTENCE = re.compile(r"[A-Z][^\n]{10,160}\.")


def words(manuscript: Manuscript) -> list[str]:
    return [manuscript.line(line) for line in manuscript.lines if manuscript.line(line).strip()]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
     ("utf-16-be", "utf-16-be"), ("utf-32", "utf-32"), ("gb18030", "gb18030"), ("gbk", "gb18030")],
)  # fmt: skip
def test_it_tells_the_encoding(encoding: str, named: str) -> None:
    manuscript = read(TEXT.encode(encoding), "a.txt")
    assert (manuscript.source.encoding, manuscript.text) == (named, TEXT)


def test_big5_is_not_read_as_gb18030() -> None:
    text = "一、提高認識。防汛工作事關大局，要抓緊抓實，這是對人民負責的體現。\n" * 10
    manuscript = read(text.encode("big5"), "a.txt")
    assert (manuscript.source.encoding, manuscript.text) == ("big5", text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_every_line_end_becomes_one(end: str) -> None:
    assert read(TEXT.replace("\n", end).encode(), "a.txt").text == TEXT


def test_a_text_is_kept_letter_for_letter() -> None:
    text = "　一、 Ａ１％①  ⼯\t\n\x0c\nＰＡＧＥ\u2028\n"
    assert read(text.encode(), "a.txt").text == text


def test_a_text_cut_inside_a_character_is_read() -> None:
    manuscript = read(TEXT.encode()[:-2], "a.txt")
    assert manuscript.warnings == ("Some characters were damaged and could not be read.",)


def test_markdown_loses_its_marks_and_keeps_what_they_say() -> None:
    source = """---
title: 甲报告
----
<!-- 注 -->
**甲报告**

<details>
<summary>目录</summary>

- 一、子
</details>

## 一、子

**（一）丑。**正文[链接](http://x.y/z)与**重点**\\*。

- **第一条**　　寅[^1]
> [!NOTE] 卯

| 指标 | 数 |
| --- | ---: |
| 粮食 | 5 |
"""
    manuscript = read(source.encode(), "a.md")
    assert words(manuscript) == [
        "甲报告", "目录", "一、子", "一、子", "（一）丑。正文链接与重点*。", "第一条　　寅", "卯", "指标\t数", "粮食\t5",
    ]  # fmt: skip
    by_words = {manuscript.line(line): line for line in manuscript.lines}
    assert by_words["一、子"].rank == 2
    assert (
        by_words["（一）丑。正文链接与重点*。"].bold - by_words["（一）丑。正文链接与重点*。"].start
        == 5
    )
    assert by_words["目录"].role is Role.CONTENTS
    assert by_words["粮食\t5"].role is Role.TABLE
    assert dict(manuscript.facts)["title"] == "甲报告"


def test_wrapped_english_markdown_is_one_paragraph() -> None:
    source = "The Federal Government has engaged in several efforts to Government-\nwide existing systems and\nto improve them.\n\nNext.\n"
    assert words(read(source.encode(), "a.md")) == [
        "The Federal Government has engaged in several efforts to Government-wide existing systems and to improve them.",
        "Next.",
    ]


def test_a_page_gives_its_main_text_without_menus_and_footers() -> None:
    prose = "各地要压实责任，确保安全。" * 12
    page = f"""<html><head><title>通知_某县政府</title><script>var a="一、";</script></head><body>
    <div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/x">01综合</a></li></ul></div>
    <div id="main"><h1>关于防汛的通知</h1><p>【字体：大 中 小】</p>
    <p><strong>一、提高认识。</strong>{prose}</p><p style="display:none">看不见</p>
    <table><tr><td>指标</td><td>数</td></tr><tr><td>粮食</td><td>5</td></tr></table>
    <ol><li>{prose}</li><li>{prose}</li></ol><p>二、落实&nbsp;责任。{prose}</p></div>
    <div class="footer">版权所有：某县政府办公室，未经许可不得转载。</div></body></html>"""
    manuscript = read(page.encode(), "a.html")
    assert words(manuscript) == [
        "关于防汛的通知", f"一、提高认识。{prose}", "指标\t数", "粮食\t5", f"1. {prose}", f"2. {prose}", f"二、落实 责任。{prose}",
    ]  # fmt: skip
    assert manuscript.lines[0].rank == 1
    assert manuscript.lines[1].bold == manuscript.lines[1].start + 7
    assert dict(manuscript.facts)["title"] == "通知"


NUMBERING = """<w:ROOT><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""


def test_a_page_is_dated_by_what_it_prints_not_by_when_it_was_made() -> None:
    page = (
        '<html><head><meta name="PubDate" content="2036-08-16"><title>某县统计公报</title></head><body>'
        + "<script>var a = 1;</script>" * 400
        + "<dl><dd><label>生成日期：</label><div>2031-05-11</div></dd></dl>"
        + "<p>一、综合</p><p>粮食增长，棉花也增长，油料略有下降。</p>" * 3
    )
    assert next(f for f in read(page.encode(), "a.html").facts if f[0] == "date") == (
        "date",
        "2031-05-11",
    )


def listed(text: str, level: int) -> str:
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr>')


def test_word_numbers_are_shown_as_word_shows_them() -> None:
    body = listed("甲", 0) + listed("子", 1) + listed("丑", 1) + listed("乙", 0) + listed("寅", 1)
    manuscript = read(docx(body, numbering=NUMBERING), "a.docx")
    assert words(manuscript) == ["一、甲", "1.1 子", "1.2 丑", "二、乙", "2.1 寅"]


def test_word_numbers_go_on_begin_anew_and_are_linked_as_the_lists_say() -> None:
    level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/>{}<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="{}"/><w:suff w:val="nothing"/></w:lvl>'
    numbering = (
        '<w:ROOT><w:abstractNum w:abstractNumId="1">'
        + level.format(0, '<w:pStyle w:val="Z"/>', "第%1章")
        + level.format(1, '<w:lvlRestart w:val="0"/>', "第%2条")
        + '</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="4"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="7"/></w:lvlOverride></w:num></w:numbering>'
    )
    styles = '<w:ROOT><w:style w:styleId="Z"><w:name w:val="Z"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style></w:styles>'
    chapter = p("章", properties='<w:pStyle w:val="Z"/>')
    other = p("条", properties='<w:numPr><w:ilvl w:val="1"/><w:numId w:val="4"/></w:numPr>')
    body = chapter + listed("条", 1) + listed("条", 1) + chapter + listed("条", 1) + other
    manuscript = read(docx(body, numbering=numbering, styles=styles), "a.docx")
    assert words(manuscript) == [
        "第一章章",
        "第一条条",
        "第二条条",
        "第二章章",
        "第三条条",
        "第七条条",
    ]


def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next_one() -> None:
    deleted = "<w:rPr><w:del w:id='1'/></w:rPr>"
    body = p("前半句，", properties=deleted) + p("后半句。") + p("末句", properties=deleted)
    assert words(read(docx(body), "a.docx")) == ["前半句，后半句。", "末句"]


def test_word_changes_are_accepted_and_comments_and_fields_left_out() -> None:
    body = p(
        "保留",
        "<w:ins><w:r><w:t>插入</w:t></w:r></w:ins>",
        "<w:del><w:r><w:delText>删除</w:delText></w:r></w:del>",
        "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom>",
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        "今天",
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        "<w:r><w:commentReference/></w:r>",
        "<w:r><w:tab/><w:t>后</w:t></w:r>",
    )
    manuscript = read(docx(body, comments='<w:ROOT><w:comment w:id="0"/></w:comments>'), "a.docx")
    assert words(manuscript) == ["保留插入今天\t后"]
    assert manuscript.warnings == (
        "Tracked changes were read as accepted.",
        "Comments were left out.",
    )


def test_word_styles_tables_and_boxes_are_seen() -> None:
    styles = (
        '<w:ROOT><w:style w:type="paragraph" w:styleId="B"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="C"><w:basedOn w:val="B"/><w:rPr><w:b/></w:rPr></w:style></w:styles>'
    )
    cell = "<w:tc>{}</w:tc>"
    table = "<w:tbl>" + "".join(
        f"<w:tr>{cell.format(p(a))}{cell.format(p(b))}</w:tr>"
        for a, b in (("指标", "数"), ("粮食", "5"))
    )
    box = "<w:r><w:pict><w:txbxContent>" + p("框内") + "</w:txbxContent></w:pict></w:r>"
    body = p("标题", properties='<w:pStyle w:val="C"/>') + table + "</w:tbl>" + p("正文", box)
    manuscript = read(docx(body, styles=styles), "a.docx")
    assert words(manuscript) == ["标题", "指标\t数", "粮食\t5", "正文", "框内"]
    assert (manuscript.lines[0].rank, manuscript.lines[0].bold) == (2, 2)
    assert manuscript.lines[1].role is Role.TABLE


def test_a_pdf_is_read_in_paragraphs_without_page_numbers() -> None:
    long = "This is a printed line that reaches the right edge of the type area"
    lines = ["1. First of all", f"{long} and", "then it ends.", *[""] * 39, "- 3 -"]
    manuscript = read(pdf(lines), "a.pdf")
    assert words(manuscript) == ["1. First of all", f"{long} and then it ends."]
    assert "Page numbers and running headers were left out." in manuscript.warnings


@needs_reports
def test_a_printed_report_reads_like_its_text() -> None:
    def bare(pattern: str) -> str:
        path = next(REPORTS.glob(pattern))
        text = re.sub(r"\s", "", read(path.read_bytes(), path.name).text)
        return text[text.index("各位代表") :]

    assert bare("202-*.pdf") == bare("069-*.md")


@needs_reports
def test_every_report_is_read_or_refused_in_one_sentence() -> None:
    refused = {}
    for path in sorted(REPORTS.iterdir()):
        try:
            assert read(path.read_bytes(), path.name).text.strip()
        except UnreadableError as error:
            refused[path.name[:3]] = (type(error), bool(SENTENCE.fullmatch(str(error))))
    assert refused == {"184": (UnsupportedError, True), "215": (UnreadableError, True)}


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<a>" + b" " * 70_000_000 + b"</a>")
    return held.getvalue()


def archive(**names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for name, text in names.items():
            package.writestr(name.replace("__", "/"), text)
    return held.getvalue()


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<d xmlns:w="http://x"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></d>'
)
OUTSIDE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><d><body><p><r><t>&a;</t></r></p></body></d>'
ENCRYPTED = pdf(
    ["secret"],
    extra="<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <"
    + "28" * 32
    + "> /U <"
    + "11" * 32
    + "> >>",
    trailer="/Encrypt 6 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]",
)


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "a.txt", UnreadableError),
        (b" \n\r\t ", "a.txt", UnreadableError),
        (b"\xbd\xef", "a.pdf", UnreadableError),
        (b"\r\n", "a.pdf", UnreadableError),
        (b"%PDF-1.7\n" + b"\x00\xff" * 500, "a.pdf", UnreadableError),
        (pdf(["hello"])[:200], "a.pdf", UnreadableError),
        (pdf([]), "a.pdf", UnsupportedError),
        (ENCRYPTED, "a.pdf", UnreadableError),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, "a.txt", UnsupportedError),
        (b"\xff\xd8\xff\xe0" + b"\x10" * 99, "report.txt", UnsupportedError),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.doc", UnsupportedError),
        (b"{\\rtf1\\ansi hello}", "a.doc", UnsupportedError),
        (b"PK\x03\x04" + b"\x00" * 99, "a.docx", UnreadableError),
        (b"just text", "a.docx", UnreadableError),
        (archive(xl__workbook="<x/>"), "a.docx", UnsupportedError),
        (archive(**{"OFD.xml": "<x/>"}), "a.ofd", UnsupportedError),
        (archive(notes="hello"), "a.zip", UnsupportedError),
        (archive(**{"word__document.xml": ENTITIES}), "a.docx", UnreadableError),
        (archive(**{"word__document.xml": OUTSIDE}), "a.docx", UnreadableError),
        (archive(**{"word__document.xml": "<w:document>"}), "a.docx", UnreadableError),
        (archive(**{"word__document.xml": "<d/>"}), "a.docx", UnreadableError),
        (bomb(), "a.docx", TooLargeError),
        (b"a\x00b" * 400, "a.txt", UnreadableError),
        (bytes(range(256)) * 40, "a.txt", UnreadableError),
        (b"\x1f\x8b" + b"\x08" * 40, "a.txt", UnsupportedError),
        (b"<html><body><script>1</script></body></html>", "a.html", UnreadableError),
    ],
)  # fmt: skip
def test_what_cannot_be_read_gets_one_sentence(
    data: bytes, name: str, error: type[UnreadableError]
) -> None:
    with pytest.raises(error) as caught:
        read(data, name)
    assert SENTENCE.fullmatch(str(caught.value))


def test_lone_surrogates_do_not_pass() -> None:
    manuscript = read(
        "一、甲".encode("utf-16-le") + b"\x00\xd8" + TEXT.encode("utf-16-le"), "a\ud800.txt"
    )
    manuscript.text.encode()
    manuscript.source.name.encode()


def test_limits_are_kept() -> None:
    with pytest.raises(TooLargeError):
        read(b"a" * 11, "a.txt", Limits(bytes=10))
    with pytest.raises(TooLargeError):
        read("甲乙丙".encode(), "a.txt", Limits(characters=2))
    with pytest.raises(TooLargeError):
        read(docx(p("甲乙丙")), "a.docx", Limits(characters=2))


def test_a_million_lines_or_marks_are_refused_or_read_in_bounded_time() -> None:
    with pytest.raises(TooLargeError):
        read(b"1\n" * 1_000_000, "a.txt")
    assert read(b"**a " * 200_000, "a.md").text.startswith("a a a")
    with pytest.raises(UnreadableError):
        attributes = " ".join(f"a{i}=1" for i in range(50_000))
        read(f"<html><body><p {attributes}>甲".encode(), "a.html")


def test_deep_nesting_is_refused_in_bounded_time() -> None:
    page = b"<html><body>" + b"<div>" * 20_000 + "一、甲。".encode() + b"</div>" * 20_000
    with pytest.raises(UnreadableError):
        read(page, "a.html")
