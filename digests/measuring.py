"""Numbers and what they measure.

A figure is a quantity, a count or a rank as printed (3.6亿元, 五大, 全省第三); ordinals, dates, names and
versions are none. ``number`` multiplies 万 and 亿 out and leaves % as printed.
"""

import re
from collections.abc import Iterator
from functools import cache

from digests.moments import anchor_of
from digests.passages import Passage, passages
from digests.report import Figure, Report
from digests.tensing import Tense, tenses

_SCALES = {"十": 10.0, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8, "兆": 1e12}
_S = r"[ \t\u3000]?"

# Units of quantities, for numbers in digits; longer ones first when compiled.
_UNITS = (
    "个百分点 百分点 个工作日 工作日 平方公里 平方千米 平方米 平方英尺 立方米 公顷 公里 千米 海里 里 微克/立方米 微克/每立方米 毫克/升 毫克/立方米 毫克 微克 "
    "千瓦时 度电 兆瓦时 兆瓦 千瓦 千伏 伏 瓦 吨标准煤 标准煤 吨公里 人公里 吨 公斤 千克 克 斤 担 亩 亩次 株 棵 只 头 羽 头份 "
    "人次 人 户次 户 家次 家 名 位 元/吨 元/人 元/平方米 元 美元 欧元 日元 港元 英镑 卢布 % ‰ 倍 成 折 "
    "件 项次 项 个 条 座 所 处 批 批次 次 场次 场 届 期 种 类 套 台套 台 辆次 辆 艘 架次 架 列 班次 班 趟 张 份 部 篇 册 本 幅 枚 块 片 间 栋 幢 层 级 档 "
    "小时 分钟 秒 天 周 星期 个月 年 岁 周岁 周年 米 厘米 毫米 分贝 升 毫升 度 摄氏度 赫兹 门 席 床 张床位 床位 学位 车位 泊位 标箱 标准箱 箱 航班 航线 分 点 强 大 "
    "环 站 线 村 镇 乡 县 市 省 校 院 园 企业 国 案 宗 起 笔 单 科 维 轮 步 方面 领域 桶 包 袋 瓶 粒 滴 道 支 根 把 面 眼 口 盏 卷 盘 碗 股 对 双 顶 封 声 句 字 颗 例 剂次 剂 "
    "方 立方 令 尾 盆 车道 车次 机组 组 队 团 师 连 排 厘 毛 角 公分 兆 gb tb mb ghz mhz kw mw tbps gbps mbps p t g k eflops pflops "
    "percent percentage dollars yuan people students households kilometers km mu tons hectares months days years hours projects jobs students units homes"
).split()
# Counting words that follow a Chinese numeral.
_COUNTERS = (
    "个 项 条 座 所 处 名 位 批 次 场 种 类 套 台 辆 艘 家 户 人 大 倍 成 天 件 起 部 本 支 间 片 块 道 轮 方面 领域 环节 省 市 县 区 镇 乡 村 校 院 园 亩 吨 公里 米 元 "
    "百分点 个百分点 平方米 平方公里 立方米 千瓦 人次 只 头 株 棵 艘 架 列 篇 册 年 个月"
).split()


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MULTI = r"(?:[十百千]?[万亿兆]+|[十百千])?"
_HAN = r"[一二两三四五六七八九十百千万亿零〇]+"


def extract_figures(report: Report) -> tuple[Figure, ...]:
    """The figures of a report, in text order."""
    return ()
