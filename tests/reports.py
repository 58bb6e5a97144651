"""Reports to test with: the mission's, where it is there, and small ones written on the spot."""

from functools import cache
from pathlib import Path

import pytest

import digests

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "reports"


@cache
def real(number: str) -> digests.Report:
    """A report of ``../shared/reports`` by its number; the test is skipped where it is missing."""
    path = next(iter(sorted(FOLDER.glob(f"{number}*"))), None)
    if path is None:
        pytest.skip(f"no report {number} in {FOLDER}")
    return digests.parse(path.read_bytes(), path.name)


@cache
def edition(number: str) -> digests.Edition:
    """A real report with all the tasks found in it."""
    report = real(number)
    return digests.Edition(digests.report_key(report), report, digests.extract_tasks(report))


def written(text: str, name: str = "report.txt") -> digests.Report:
    """A report of our own."""
    return digests.parse(text.encode(), name)


SMALL = """云澜市关于做好下半年工作的报告

各位代表：
现在报告工作。
一、上半年工作回顾
今年以来，全市上下共同努力，取得了成绩。上半年外贸出口120亿元，增长6%。新建了三座图书馆，群众都说好。
二、下半年重点工作
（一）抓好防汛防台。要全力做好防汛防台工作，台汛期内每天会商，隐患随时排查、随时销号，险情第一时间报告。要落实值班制度，村村有人守、夜夜有人巡，做到雨情不等人。要备足抢险物资，组织演练，转移路线家家知道。
（二）改善民生。要扎实办好民生实事，年底前建成二十所幼儿园，让孩子在家门口入园。要推进老旧小区改造，同步加装电梯，完善停车和充电设施，提升物业管理水平。要办好社区食堂，老人走几步路就能吃上热饭。
（三）优化营商环境。要深化“一件事”改革，个人和企业办事最多跑一次。要清理拖欠企业账款，帮助中小企业渡过难关，让企业专心创新、放心投资。要少开会、多跑腿，干部到车间里去听意见。
各位代表，让我们携手前进！

云澜市人民政府办公室  2026年7月17日印发
"""
