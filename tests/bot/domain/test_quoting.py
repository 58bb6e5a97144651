"""引文核对 points at letters, never at where a line ended."""

from bot.domain.quoting import Comparison, compare

PRINTED = "云澜市在第三次全体\n\n（扩大）会议上的工作报告\n全力以赴做好社区组织的换届选\n举工作。"


def test_it_counts_words_as_equal_though_a_line_ended_among_them_in_print() -> None:
    said = "《云澜市在第三次全体（扩大）会议上的工作报告》\n全力以赴做好社区组织的换届选举工作。"
    assert compare(said, [PRINTED]) == Comparison(exact=2)


def test_it_finds_a_wrong_letter_beside_a_line_end_of_the_print() -> None:
    found = compare("全力以赴做好社区组织的换界选举工作。", [PRINTED])
    assert [(slip.written, slip.printed) for slip in found.slips] == [("换界", "换届")]
