"""Messages about wrong files, in Chinese above the English: the fixed words are put over, names and numbers
stay (中文报错)."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count

from ..models.errors import DabiaoError, Problem, SaidError, ScenarioError
from .phrases import SENTENCES
from .phrases_rules import RULES

# English pattern -> Chinese; the first that fits is used, the longer stand first.
_PHRASES: tuple[tuple[str, str], ...] = (
    (r"values as far as (\S+)", r"取值可到 \1"),
    (r"state `low` and `high`: the distribution is cut there", "请写 `low` 和 `high`，分布在此截断"),
    (r"(\w+) without `sd`", r"\1 没有 `sd`"),
    (r"the standard deviation, in the number's unit", "标准差，单位同该数"),
    (r"(\w+) without bounds", r"\1 没有上下限"),
    (r"`low` and `high` beside `value`", "在 `value` 旁写 `low` 和 `high`"),
    (r"(\w+) without values", r"\1 没有取值"),
    (r"or `file` and `column` of a table", "或表格的 `file` 和 `column`"),
    (r"`(sd|values|weights)` of a (\w+)", r"\2 分布的 `\1`"),
    (r"only of a normal or lognormal", "只用于 normal 或 lognormal"),
    (r"only of a discrete or empirical one", "只用于 discrete 或 empirical"),
    (r"only of a discrete one", "只用于 discrete"),
    (r"lognormal with median (\S+)", r"lognormal 的中位数 \1"),
    (r"a median above 0", "大于 0 的中位数"),
    (r"(\d+) weights for (\d+) values, the least (\S+)", r"\2 个取值有 \1 个权重，最小 \3"),
    (r"one for each value, none negative, not all 0", "每个取值一个权重，不为负，不全为 0"),
    (r"a power of 2", "2 的整数次幂"),
    (r"`tails` beside `crisis`", "`tails` 与 `crisis` 并用"),
    (r"crises already make fat tails", "危机年份已造成厚尾"),
    (r"a sector or a group: ", "部门或组："),
    (r"a column of (\S+): ", r"\1 的列："),
    (
        (
            r"the path of a number in doubt \(with `low` and `high`, or a distribution\), of a shock, or of a"
            r" material with `price_sd`"
        ),
        "有区间（`low`、`high`）或分布的数、冲击、或写了 `price_sd` 的物料的路径",
    ),
    (r"one name twice", "同一名称两次"),
    (r"different names, two at least", "至少两个不同的名称"),
    (r"(\d+) names", r"\1 个名称"),
    (r"a shock of every year and a number drawn once", "逐年抽取的冲击与只抽一次的数"),
    (r"names of the same kind", "同一类的名称"),
    (r"a pair stated before", "前面已写过的一对"),
    (r"each pair once", "每一对只写一次"),
    (
        r"a matrix that is not positive definite \(smallest eigenvalue (\S+)\)",
        r"相关矩阵不正定（最小特征值 \1）",
    ),
    (r"correlations that can hold together", "能同时成立的相关系数"),
    (r"bring those between (.+) nearer to 0", r"请把 \1 之间的相关系数调近 0"),
    (r"the same within (\S+) %", r"相差不超过 \1 %"),
    (r"the unit is (\S+)", r"单位是 \1"),
    (r"the sectors are (\S+) 亿元 (?:below|under) GDP", r"各部门比GDP少 \1 亿元"),
    (r"the sectors are (\S+) 亿元 (?:above|over) GDP", r"各部门比GDP多 \1 亿元"),
    (r"mend `va` of a sector or `gdp`", "请改某部门的 `va` 或 `gdp`"),
    (r"for a target that is only shown", "用于只列示的目标"),
    (r"a commissioned project without `finish`", "已投产项目没有 `finish`"),
    (r"the month of commissioning", "投产月份"),
    (r"a stated target without `title`", "只列示的目标没有 `title`"),
    (r"a circle: ", "循环："),
    (r"no `covers`", "没有 `covers`"),
    (r"no tier anywhere", "没有任何档位"),
    (r"there is nothing to judge", "无可判断"),
    (r"a number from (\S+) to (\S+)", r"一个数，\1 至 \2"),
    (r"a number of at least (\S+)", r"不小于 \1 的数"),
    (r"a number above (\S+)", r"大于 \1 的数"),
    (r"a number in (\S+) from (\S+) to (\S+)", r"一个数，单位 \1，\2 至 \3"),
    (r"a number in (\S+) of at least (\S+)", r"一个数，单位 \1，不小于 \2"),
    (r"a number in (\S+)", r"一个数，单位 \1"),
    (r"a whole number from (\S+) to (\S+)", r"整数，\1 至 \2"),
    (r"a finite number or a word", "有限的数或一个词"),
    (r"a number up to (\S+)", r"不超过 \1 的数"),
    (r"one number or word", "一个数或一个词"),
    (r"a number without source or assumption", "没有出处（source）也没有假定（assumption）的数"),
    (r"(\d+) numbers without source or assumption", r"\1 个数没有出处（source）也没有假定（assumption）"),
    (r"an unknown key", "不认识的键"),
    (r"the key a second time", "重复的键"),
    (r"each key once", "每个键只写一次"),
    (r"it stands first in line (\d+): keep one", r"第一次在第 \1 行，只留一个"),
    (r"expected the key", "应有键"),
    (r"the keys? (`[^`]+`)", r"键 \1"),
    (r"one of ", "下列之一："),
    (r"a key of `sources`", "`sources` 中的键"),
    (r"a map of keys and values", "键和值"),
    (r"a map \(name: value\)", "映射（名称: 值）"),
    (r"a map with ", "映射，含 "),
    (r"a map without `value`", "没有 `value` 的映射"),
    (r"an empty map", "空的映射"),
    (r"a map\b", "映射"),
    (r"at least one entry", "至少一项"),
    (r"a list: \[first, second, \.\.\.\]", "列表 [甲, 乙, ...]"),
    (r"a list\b", "列表"),
    (r"a text in zh, en or both", "zh、en 或两者的文字"),
    (r"a text, or \{zh: \.\.\., en: \.\.\.\}", "文字，或 {zh: ..., en: ...}"),
    (r"an empty text", "空文字"),
    (r"a month such as (\S+)", r"形如 \1 的月份"),
    (r"year, -, two digits", "年、短横、两位月份"),
    (r"nothing", "空缺"),
    (r"a value\b", "一个值"),
    (r"a sentence, or ", "一句话，或 "),
    (r"`va` of the sectors adds to (\S+)", r"各部门 `va` 合计 \1"),
    (r"while", "而"),
    (r"shares that add to (\S+)", r"份额合计 \1"),
    (r"(\w+) that add to (\S+)", r"\1 合计 \2"),
    (r"a sum of (\S+)", r"合计 \1"),
    (r"take (\S+) away", r"减去 \1"),
    (r"(\S+) are missing", r"缺 \1"),
    (r"(\S+) or later, after the base year", r"\1 或以后（基年之后）"),
    (r"the target year (\d+) or later", r"目标年 \1 或以后"),
    (r"at least `(\w+)`, (\S+)", r"不小于 `\1`（\2）"),
    (r"at least the (\S+)", r"至少 \1"),
    (r"at least (\S+)", r"至少 \1"),
    (r"at most `(\w+)`, (\S+)", r"不大于 `\1`（\2）"),
    (r"at most (\S+)", r"至多 \1"),
    (r"more than 0", "大于 0"),
    (r"less than 1", "小于 1"),
    (r"between 0 and 1", "0 与 1 之间"),
    (r"of its named projects", "（具名项目所需）"),
    (r"raise its share, or move or stretch its projects", "提高份额，或推迟、拉长项目"),
    (r"which does not exist", "不存在"),
    (r"which is no file", "不是文件"),
    (r"which is not shipped", "不是自带方案"),
    (r"which cannot be read", "不能读取"),
    (r"which leads out of the folder", "超出目录"),
    (r"copy the file into the folder", "把文件复制到目录内"),
    (r"the name of a file", "文件名"),
    (r"a scenario file", "方案文件"),
    (r"a readable file", "可读的文件"),
    (r"a folder without (\S+)", r"没有 \1 的目录"),
    (r"an empty file", "空文件"),
    (r"a scenario\b", "方案"),
    (r"spaces", "空格"),
    (r"a tab at the beginning of a line", "行首有制表符"),
    (r"text in UTF-8", "UTF-8 文本"),
    (r"text in GBK \(GB18030\)", "GBK（GB18030）文本"),
    (r"save it as UTF-8 in the editor, or: ", "在编辑器里另存为 UTF-8，或："),
    (r"the unit is fixed by the schema: convert the number", "单位由格式规定，请换算"),
    (r"mind the unit", "注意单位"),
    (r"a crop: ", "作物："),
    (r"a sector: ", "部门："),
    (r"a fund: ", "资金来源："),
    (r"a mix called (`\w+`)", r"名为 \1 的投资结构"),
    (r"the indicator ", "指标 "),
    (r"the driver ", "驱动变量 "),
    (r"low <= value <= high", "low ≤ value ≤ high"),
    (r"one of them", "二者之一"),
    (r"write two targets", "写成两个目标"),
    (
        r"null only takes away a key inherited through `extends`; delete the line",
        "null 只用于去掉由 `extends` 继承的键；请删去这一行",
    ),
    (r"put text with special signs into quotes", "含特殊符号的文字请加引号"),
    (r"inside \{ \} put a text with commas into quotes", "{ } 内含逗号的文字请加引号"),
    (r"did you mean ([^?;]+)\?", r"是不是 \1？"),
    (r"\bfor example\b", "例如"),
    (r"\bfewer\b", "少一些"),
    (r"a number\b", "一个数"),
    (r"\bor ", "或 "),
    (r" and ", " 和 "),
    (r", 不", " 不"),
)


def chinese(problem: Problem) -> str:
    """One mistake in Chinese: what is there, what should be, what to do.

    >>> chinese(Problem("investment.growht", "an unknown key", "one of growth or later", "did you mean growth?"))
    '实为 不认识的键，应为 下列之一：growth 或 later；是不是 growth？'
    """  # noqa: E501
    text = f"实为 {put_over(problem.found)}，应为 {put_over(problem.expected)}"
    return f"{text}；{put_over(problem.hint)}" if problem.hint else text


def put_over(text: str) -> str:
    """The fixed words of a message in Chinese; what stands in quotes stays as the user wrote it."""
    quoted = re.findall(r'"[^"]*"', text)
    at = count()
    held = re.sub(r'"[^"]*"', lambda _: f'"\ufffc{next(at)}\ufffc"', text)  # a sign that no message has
    for pattern, words in (*RULES, *SENTENCES, *_PHRASES):
        held = re.sub(pattern, words, held)
    return re.sub(
        '"\ufffc(\\d+)\ufffc"',
        lambda found: quoted[int(found[1])] if int(found[1]) < len(quoted) else found[0],
        held,
    )


def told(error: DabiaoError, words: list[str], preferred: str) -> str:
    """An error as told on the terminal: in the language asked for; where none was, in Chinese with the
    English below it."""
    lang = _lang(words, preferred).replace("both", "")
    if isinstance(error, SaidError):
        return {"zh": error.zh, "en": error.en}.get(lang, str(error))
    if lang == "en":
        return str(error)
    if isinstance(error, ScenarioError):
        return "\n".join(
            _in_chinese(problem) + ("" if lang else _below(problem)) for problem in error.problems
        )
    own, text = put_over(str(error)), str(error)
    return own if lang or own == text else f"{own}\n    {text}"


def _in_chinese(problem: Problem) -> str:
    """Place and path, then the mistake in Chinese."""
    place = str(replace(problem, found="", expected="", hint="")).removesuffix(": got , expected ")
    return f"{place}：{chinese(problem)}"


def _below(problem: Problem) -> str:
    """The English line."""
    return f"\n    {replace(problem, file='', line=0, column=0)}"


def _lang(words: list[str], preferred: str) -> str:
    """The language asked for on the command line, else the one preferred; empty where nobody said."""
    for at, word in enumerate(words):
        if word == "--lang" and at + 1 < len(words):
            return words[at + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return preferred
