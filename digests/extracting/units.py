"""The words that follow a number and make it a quantity or a count: units and counting words."""

import re

from digests.patterns import Pattern


def _words(line: str) -> list[str]:
    return line.split()


UNITS = _words(
    "个百分点 百分点 个千分点 千分点 个工作日 工作日 平方公里 平方千米 平方米 立方米 "
    "公顷 公里 千米 海里 微克/立方米 微克每立方米 毫克/升 毫克/立方米 毫克 微克 千瓦时 "
    "度电 兆瓦时 兆瓦 千瓦 千伏 千伏安 伏 瓦 吨标准煤 吨标煤 标准煤 吨公里 人公里 "
    "吨 公斤 千克 克 斤 担 亩次 亩 株 棵 只 头 羽 头份 人次 人 户次 户 家次 "
    "家 名 位 元/吨 元/人 元/平方米 元 美元 欧元 日元 港元 英镑 % ‰ 倍 成 "
    "折 番 件次 件 项次 项 个 条次 条 座 所 处 批次 批 场次 场 次 届次 种 类 "
    "套 台套 台 辆次 辆 艘次 艘 架次 架 列 班次 班 趟 张 份 部 篇 册 本 幅 "
    "枚 块 片 间 栋 幢 层 档 小时 分钟 秒 天 周 星期 个月 岁 周岁 周年 米 厘米 "
    "毫米 分贝 升 毫升 摄氏度 门 席 张床位 床位 床 学位 车位 泊位 标箱 标准箱 箱 "
    "航班 航线 分 点 强 大 环 站 村 镇 乡 县 市 省 区 校 院 园 企业 案 宗 "
    "起 笔 单 科 维 轮 步 方面 领域 桶 包 袋 瓶 粒 滴 道 支 根 把 眼 口 盏 "
    "卷 盘 碗 双 封 颗 例 剂次 剂 方 立方 尾 盆 车道 车次 机组 组 队 团 兆 "
    "度 吨/年 公里/小时 件/万人 个/万人 人/平方公里 月 帧 席位 斤/亩 公斤/亩 "
    "千瓦时/吨 吨/万元 万千瓦 坪 梯次 站次 诊次 堂 发 平方 人年 人时 股 票 届次 集 期次 节 组次 户数 千卡 大卡 千帕 千焦 卡车 元/小时 元/天"
)
"""Units that follow digits."""

LATIN_UNITS = [
    *_words("tb mb ghz mhz kw mw gw twh gwh kwh tbps gbps mbps eflops pflops pb eb km hm2 km2"),
    *_words("m2 m3 m mm cm kg mg ml mu ha hm db c"),
    *("percentage points", "percent", "us dollars", "dollars", "yuan", "renminbi", "euros"),
    *("people", "students", "households", "square kilometers", "kilometers", "cubic meters"),
    *("square meters", "tons", "hectares", "projects", "jobs", "homes", "units"),
]
"""Units in Latin letters, as folded text has them."""

SCALES = {"trillion": 1e12, "billion": 1e9, "million": 1e6, "thousand": 1e3}
"""English words that multiply."""

ENGLISH = Pattern(
    r" (?!days?|months?|years?|hours?|weeks?|minutes?|st|nd|rd|th|and|or|to|of|in|u\.?s\.?c)(?:[a-z-]+ ){0,7}?[a-z-]+(?:s|people|men|women|children|sheep|percent)\b"
)
"""What follows a number that counts things in English: a plural noun within a few words."""

COUNTERS = _words(
    "个 项 条 座 所 处 名 位 批 次 场 种 套 台 辆 艘 家 户 人 大 倍 成 天 "
    "件 起 部 本 支 间 片 块 道 轮 方面 领域 环节 省 市 县 区 镇 乡 村 亩 "
    "吨 公里 米 元 番 百分点 个百分点 平方米 平方公里 立方米 千瓦 人次 只 头 株 "
    "棵 架 列 篇 册 年 斤 公斤 担 公顷 度 匹 美元 份 张 根 个月 小时 分钟 岁 "
    "周年"
)
"""Counting words that make a Chinese numeral a count."""

TIME_UNITS = frozenset(
    {
        "天",
        "小时",
        "分钟",
        "秒",
        "周",
        "星期",
        "个月",
        "工作日",
        "个工作日",
        "岁",
        "周岁",
        "周年",
        "年",
        "月",
    }
)


def alternatives(words: list[str]) -> str:
    """A pattern for any of the words, longer ones first."""
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))
