import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from digests import plain, split_html, utf16_length
from digests.report import Page
from tests.telegram_parser import check_page, parse_html

TAGS = ["b", "i", "blockquote", "code"]


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


@st.composite
def html(draw: st.DrawFn, depth: int = 0) -> str:
    pieces = []
    for _ in range(draw(st.integers(0, 4))):
        if depth < 2 and draw(st.booleans()):
            tag = draw(st.sampled_from(TAGS[: 4 - 2 * (depth > 0)]))
            pieces.append(f"<{tag}>{draw(html(depth + 1))}</{tag}>")
        else:
            words = draw(
                st.text(st.sampled_from("防汛工作。，！\n 一二三a😀<&>é\u200d"), max_size=60)
            )
            pieces.append(words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return "".join(pieces)


@settings(deadline=None)
@given(html(), st.integers(8, 60), st.integers(3, 100))
def test_it_keeps_the_words_and_every_limit(source: str, limit: int, entities: int) -> None:
    parts = split_html(source, limit, entities)
    assert squeeze("".join(map(plain, parts))) == squeeze(plain(source))
    for part in parts:
        assert utf16_length(plain(part)) <= limit
        parsed = parse_html(part)
        assert parsed["@type"] == "formattedText", parsed


@settings(deadline=None)
@given(st.text(max_size=9000))
@example("<" * 5000)
@example("😀" * 5000)
@example("&lt;" * 4999)
def test_it_never_raises_and_escaped_text_survives(words: str) -> None:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    parts = split_html(escaped)
    assert squeeze("".join(map(plain, parts))) == squeeze(words)
    assert all(utf16_length(plain(part)) <= 4096 for part in parts)


def test_it_cuts_at_sentence_ends() -> None:
    words = "今天开会研究防汛工作，明天接着干。" * 400
    parts = split_html(f"<blockquote>{words}</blockquote>")
    assert len(parts) == 2
    assert all(plain(part).endswith("。") for part in parts)
    for part in parts:
        check_page(Page(part))


def test_it_reopens_what_was_open_and_leaves_nothing_empty() -> None:
    assert split_html("<b>一二三。四五六。</b>", 4) == ("<b>一二三。</b>", "<b>四五六。</b>")
    assert split_html("<b> </b>\n<i></i>") == ()


def test_it_counts_entities_as_telegram_does() -> None:
    parts = split_html("<b>防</b>汛" * 250)
    assert [len(parse_html(part)["entities"]) for part in parts] == [100, 100, 50]
