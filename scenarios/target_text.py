"""Targets out of a work report, by rules (从报告文字里找目标).

Numbers of the year to come only: what a report says of the year gone by is no target, nor is a number that
describes a thing ("60万千瓦光伏项目").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..models.indicators import INDICATORS
from ..models.money import unit_in_use
from .indicator_names import indicator
from .target_words import BASES, ENGLISH_SCALES, NUMBER, converted, figures, measured, plain, worded

LONGEST_SENTENCE = 20_000
LONGEST_CLAUSE = 500
COUNTS = frozenset("个户家套项所座条列场辆艘台名人件处支宗张")
"""Units that things are counted in: a noun follows them."""
_ZH = "|".join(
    sorted((re.escape(name) for name in BASES if not name.isascii() or name == "%"), key=len, reverse=True)
)
_EN = "|".join(
    ("per ?cent", *sorted((re.escape(name) for name in BASES if name.isascii()), key=len, reverse=True))
)
TAIL = r"(?:（[^（）]*）)?(?P<tail>及?以上|左右|上下|以内|之内|以下|内)?"
CHINESE = re.compile(
    rf"(?<![\d.第+×A-Za-z“-])(?P<number>{NUMBER}(?:[十百千万亿]*%?\s*[-—–~～至到]\s*{NUMBER[5:]})?"
    rf"\s*(?P<unit>[十百千万亿]*(?:{_ZH})))(?!年|月|日|号){TAIL}"
)
ENGLISH = re.compile(
    rf"(?<![\w.-])(?P<number>{NUMBER[5:]}(?: ?(?:-|–|to) ?{NUMBER[5:]})? ?"
    rf"(?P<unit>(?:(?:{'|'.join(ENGLISH_SCALES)}) ?(?:metric )?)?(?:{_EN})|(?:{'|'.join(ENGLISH_SCALES)})))"
    r"(?!\w)(?P<tail> or (?:more|less|above|below|higher))?",
    re.IGNORECASE,
)
HALF = str.maketrans("０１２３４５６７８９．％－〜", "0123456789.%-~")

PLAN = re.compile(
    r"工作(?:总体)?(?:安排|部署|思路|要求|重点|打算|计划|建议|举措)|(?:重点|主要)工作|发展思路|年工作$|目标|任务|(?:明年|今年|来年)|总体要求|计划(?!执行)|展望"
    r"|\b(?:targets?|plans?|priorities|outlook|goals?|tasks?|the year ahead)\b",
    re.IGNORECASE,
)
REVIEW = re.compile(
    r"回顾|总结|过去|完成情况|执行情况|去年|上年|成绩|\b(?:review|past|last year|achievements?)\b",
    re.IGNORECASE,
)
HEADING = re.compile(
    r"^\s*(?:#+\s*|[一二三四五六七八九十]+[、．.]|第[一二三四五六七八九十]+部分|[IVX]+\.|\d+\. )"
)
SUB = re.compile(r"^\s*(?:#{3,}\s*|[（(][一二三四五六七八九十\d]+[)）]|——)")
GOALS = re.compile(
    r"(?:预期|主要|发展|工作|奋斗|总体)目标|目标(?:是|为|：)|\btarget(?:s|ed)?\b|\bprojected\b|\bgoals?\b",
    re.IGNORECASE,
)
AHEAD = re.compile(
    r"目标|力争|确保|争取|今年(?!以来|\d|前|上半年)|明年|\b(?:target(?:s|ed)?|will|aims?|projected|goals?)\b",
    re.IGNORECASE,
)
BEHIND = re.compile(
    r"(?<![较比与和超同于])(?:去年|上年|过去)(?!持平|水平|同期)|以来|一年来|五年来|[一二三四]季度|上半年|1[-—]\d+月|预计(?!.*目标)|(?:实现|完成)了"
    r"|\b(?:last year|grew|rose|was|were|reached|had|over the past)\b",
    re.IGNORECASE,
)
NOW = re.compile(r"今年(?!以来|\d|前|上半年)|明年")
"""Turns a sentence on the past to the year to come."""
YEAR = re.compile(r"(?<![较比])(20\d\d)\s*年")
LATER = re.compile(
    r"(?:[到至]|20\d\d年底?前|.)?“?十[四五六七]五”?(?:末|期末)|(?:今后|未来)[三五]年|[三五]年内|by 20\d\d"
)

FIVE_YEARS = re.compile(r"十[四五六七八]五|今后五年|未来五年")

TIER = r"确保|保证|必保|力争|争取|冲刺|努力|奋斗目标|奋斗"
STRETCH = re.compile(
    r"力争|争取(?!上级|中央|省级|国家|专项|资金|到位)|冲刺|努力|奋斗|\b(?:striv\w+|aim\w*|stretch)\b",
    re.IGNORECASE,
)
ENSURE = re.compile(r"确保|保证|必保|\bensur\w+\b", re.IGNORECASE)
GROWTH = re.compile(
    r"(?P<word>(?:年均|同比)?(?:增长|增速|增幅|涨幅|提高|提升|上升|下降|降低|减少|压减|净增|新增))"
    r"(?:达到|达|在|为|约|超过|超|突破|不低于|不超过|控制在|保持在|稳定在)?$"
)
LEVEL = re.compile(
    r"(?:(?:提高|提升|上升|增加|扩大|下降|降低|减少|压减)[到至]|降至|降到|控制在|稳定在|保持在|维持在|达到|突破|超过|不低于|不少于|不超过"
    r"|不高于|不突破|低于|保持|实现|完成|达|超|约|近|为|至)$"
)
CAPPED = re.compile(r"控制在|不超过|不高于|不突破|(?<!不)低于|(?:降|下降|降低|减少|压减)[到至]")
VERBS = (
    r"新[（(]?[改扩][)）]?建|新建|改建|扩建|开工建设|建设|建成|建好|改造|新增|新开工|开工|竣工|投产|完成|实现|治理|整治|修复|实施|培育"
    r"|发展|引进|招引|打造|遴选|创建|推出|举办|开展|发放|筹集|签约|认定|推动|推进|加快|支持|力促|培训|提供|安置"
    r"|接待|吸引|化解|盘活|种植|流转|建立|设立|落实|投入|淘汰|布局|开行|开通|组织|启动"
    r"|招引|安排(?=[省市县]|重点)|争取(?=上级|中央|省级|国家|专项|资金|到位)"
)
ACTS = re.compile(VERBS)
DIRECT = re.compile(rf"(?:{VERBS})(?:首批|不少于|约|近|超过|超|各类)?$")
PUSHED = re.compile(r"推动|推进|加快|支持|力促|组织|启动")
THINGS = re.compile(r"项目|工程|产线|电站|基地|园区|装置|电解液|机组")
LEAD = re.compile(
    rf"^(?:[、，的]|{TIER}|力促|推动|推进|全力|实现|完成|促进|使|推出|全市|全省|全区|全县|我市|其中|主要)+"
)
BARE = frozenset(
    ("产量", "总产量", "面积", "投资", "投资额", "产值", "收入", "完成投资", "年度完成投资", "年度投资")
)
MEASURES = re.compile(r"(?:播种)?面积$|总?产量$|增加值$|投资额?$|产值$|收入$")
EACH = re.compile(r"(?:每人)?每([年月周天])$")
WITH_GDP = re.compile(
    r"(?P<name>[^，、；：]*?)(?:增长|增速)?(?:与|和|同)(?:经济|GDP|地区生产总值)(?:发展|增长|增速)?(?:保持)?(?:基本)?同步",
    re.IGNORECASE,
)
EN_WITH_GDP = re.compile(
    r"(?P<name>[^;,]*?) (?:that is )?in (?:step|line) with (?:economic|GDP) growth", re.IGNORECASE
)
EN_LEAD = re.compile(
    r"^(?:[\s:]|(?:city|region|province|county)'s|and|with|we will|we|will|aim(?:s|ing)?"
    r"|striv(?:e|ing)|ensur(?:e|ing)|for|to|an?"
    r"|the|targets? (?:is|are)|in \d{4}|at|of|keep|raise|that|create|add)+\b\s*",
    re.IGNORECASE,
)
EN_TAIL = re.compile(
    r"(?:[\s:]|\b(?:of|at|by|to|is|be|will|should|grow|reach|rise|increase|about|around"
    r"|approximately|over|above|below|under|within|at least|at most|no more than|not more than"
    r"|no less than|not less than|more than|less than|and|or|an?|keep|held|are|targeted|projected"
    r"|expected))+$",
    re.IGNORECASE,
)
SHARED = re.compile(
    r"(?P<names>[^，]+?)(?:预期|计划|确保|力争)?分别(?P<verb>(?:增长|下降|提高|达到|完成|突破|控制在)(?:到|至)?)"
    r"(?P<numbers>.*\d.*)"
)
GROWN_BY = re.compile(r"(?:同比|预期|计划|力争|确保|[将要])*分别(?:增长|提高)(?P<numbers>\D*\d.*)")
"""Growth of several things of which the levels stand before it."""
RELATION_UNITS = {"urban_jobs": "万人"}


class Line(NamedTuple):
    """A paragraph with its line in the file, counted from 1."""

    number: int
    text: str


@dataclass
class Row:
    """One proposed row: its name, unit and tiers, and the sentence it came from."""

    title: str
    unit: str
    tiers: dict[str, float]
    line: int
    sentence: str
    key: str = ""
    said: str = ""
    later: bool = False

    def fits(self) -> None:
        """Take the product's indicator where name and unit are its own."""
        found = indicator(self.title, self.unit)
        if found is None or not found.key:
            return
        known = INDICATORS.get(found.key)
        unit = unit_in_use(known.unit) if known else RELATION_UNITS.get(found.key, "%")
        tiers = {tier: converted(value, self.unit, unit) for tier, value in self.tiers.items()}
        if found.covers or found.ceiling or None in tiers.values():
            return
        self.key, self.unit = found.key, unit
        self.tiers = {tier: value for tier, value in tiers.items() if value is not None}


@dataclass
class Sheet:
    """What a text proposes: rows, and the numbers left out, each with its line."""

    rows: list[Row] = field(default_factory=list)
    left: list[tuple[int, str]] = field(default_factory=list)
    year: int = 0


def propose(lines: Sequence[Line]) -> Sheet:
    """The target sheet that a report states for the year to come.

    Where a report has a part on the year to come, that part is read; otherwise only sentences that speak of
    targets.
    """
    read = list(zip(lines, _states(lines), strict=True))
    part = [(line, state) for line, state in read if state in ("ahead", "later")]
    ahead = [line.text for line, state in part if state == "ahead"]
    titles = [year for text in ahead if _heads(text.strip()) for year in YEAR.findall(text)]
    years = titles or [year for text in ahead for year in YEAR.findall(text)]
    sheet = Sheet(year=int(years[0]) if years else 0)
    for line, state in part or [(line, state) for line, state in read if not state]:
        if not line.text.lstrip().startswith("|"):
            _Paragraph(sheet, line, bool(part), state == "later").read()
    for row in sheet.rows:
        row.fits()
    sheet.rows = _once(sheet)
    return sheet


def _states(lines: Sequence[Line]) -> Iterator[str]:
    """Whether each paragraph stands below a heading of the year to come (ahead), of the years after it
    (later), of the past (behind), or of none."""
    state = ""
    for line in lines:
        text = line.text.strip()
        if _heads(text):
            if REVIEW.search(text):
                state = "behind"
            elif FIVE_YEARS.search(text) and not YEAR.search(text):
                state = "later"
            elif PLAN.search(text) or YEAR.search(text):
                state = "ahead" if PLAN.search(text) else ""
        yield state


def _heads(text: str) -> bool:
    """Whether a line is the heading of a part."""
    if SUB.match(text) or re.search(r"[。；;]", text):
        return False
    plain_heading = len(text) <= 30 and not re.search(r"[，,：:、%]", text)
    return (bool(HEADING.match(text)) and len(text) <= 60) or (
        plain_heading and bool(PLAN.search(text) or REVIEW.search(text))
    )


def _once(sheet: Sheet) -> list[Row]:
    """Each row once; one that is said again with other numbers is left out, and told."""
    kept: dict[tuple[str, bool], Row] = {}
    for row in sheet.rows:
        name = row.key or row.title, row.later
        if name not in kept:
            kept[name] = row
        elif kept[name].tiers != row.tiers:
            numbers = ", ".join(f"{value:g}" for value in row.tiers.values())
            sheet.left.append((row.line, f"{row.title} {numbers} {row.unit}"))
    return list(kept.values())


def pieces(text: str, marks: str) -> list[tuple[int, str]]:
    """A text cut at marks that stand outside brackets and quotes and not between digits, with the place of
    each piece."""
    found, depth, begin = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "（(《“") - (sign in "）)》”")
        between = text[at - 1 : at].isdecimal() and text[at + 1 : at + 2].isdecimal()
        if sign in marks and depth <= 0 and not between:
            found.append((begin, text[begin:at]))
            begin = at + 1
    return [*found, (begin, text[begin:])]


@dataclass
class _Paragraph:
    """Reads one paragraph: what was named last, and which tier holds, pass from clause to clause."""

    sheet: Sheet
    line: Line
    sure: bool
    later: bool = False
    last: Row | None = None
    noun: str = ""
    verb: str = ""
    tier: str = ""
    levels: list[Row] = field(default_factory=list)
    """Rows of this part of the sentence."""

    def read(self) -> None:
        """Every target of the paragraph."""
        text = figures(self.line.text.translate(HALF))
        for _, sentence in pieces(re.sub(r"(?<=[\w%])\.(?=\s+[A-Z]|\s*$)", "。", text), "。！？!?"):
            if len(sentence) > LONGEST_SENTENCE:
                continue
            speaks = self._speaks(sentence)
            marker = (AHEAD if speaks else NOW).search(sentence, 0 if speaks else _past(sentence))
            if not speaks and not (self.sure and marker):
                self._leave(sentence, 0, len(sentence) if self.sure else 0)
                continue
            goals = bool(GOALS.search(sentence))
            begin = 0 if marker is None or (self.sure and speaks) else marker.start()
            self._leave(sentence, 0, begin if self.sure else 0)
            for at, part in pieces(sentence, "；;"):
                self.tier = self.verb = self.noun = ""
                self.last, self.levels = None, []
                later = self.later or self._later(part)
                for start, clause in pieces(part, "，：:,"):
                    if at + start + len(clause) >= begin:  # elsewhere what stands before speaks of today
                        self._clause(clause, part.strip(), goals, later)

    def _leave(self, sentence: str, begin: int, end: int) -> None:
        """List the numbers of what is not read, as left out."""
        for token in CHINESE.finditer(sentence, begin, end):
            self.sheet.left.append((self.line.number, sentence[max(0, token.start() - 12) : token.end() + 8]))

    def _speaks(self, sentence: str) -> bool:
        """Whether a sentence is of the year to come."""
        years = [int(year) for year in YEAR.findall(sentence)]
        gone = bool(BEHIND.search(sentence)) or any(year < self.sheet.year for year in years)
        if self.sure:
            return not gone or bool(GOALS.search(sentence))
        return bool(AHEAD.search(sentence)) and not gone

    def _later(self, part: str) -> bool:
        """Whether a later year is meant."""
        years = [int(year) for year in YEAR.findall(part)]
        return bool(LATER.search(part)) or bool(self.sheet.year and any(y > self.sheet.year for y in years))

    def _clause(self, clause: str, sentence: str, goals: bool, later: bool) -> None:
        """The targets of a clause, one number after another."""
        clause = clause[:LONGEST_CLAUSE]
        self.verb = ""
        beside = WITH_GDP.search(clause) or EN_WITH_GDP.search(clause)
        if beside and (name := _cleaned(beside["name"])):
            said = "与经济增长同步" if not name.isascii() else "in line with GDP growth"
            self.sheet.rows.append(Row(name, "%", {}, self.line.number, sentence, said=said, later=later))
            return
        if shared := SHARED.fullmatch(clause):
            clause = _dealt(shared) or clause
        if (grown := GROWN_BY.fullmatch(clause.strip())) and self.levels:
            names = "、".join(row.title for row in self.levels)
            dealt = SHARED.fullmatch(f"{names}分别增长{grown['numbers']}")
            clause = (_dealt(dealt) if dealt else "") or clause
        if ACTS.match(clause.strip()):
            self.tier = ""  # another thing to be done: no longer what is striven for
        chinese = any("\u4e00" <= sign <= "\u9fff" for sign in clause)
        begin = 0
        for token in (CHINESE if chinese else ENGLISH).finditer(clause):
            before, after = clause[begin : token.start()], clause[token.end() :]
            read = self._chinese if chinese else self._english
            firm = goals or bool(ACTS.search(clause[:begin]))
            row = read(before, token, pieces(after, "、")[0][1], firm)
            if row is None:
                self.sheet.left.append(
                    (self.line.number, clause[max(0, token.start() - 12) : token.end() + 8])
                )
                continue
            begin = token.end()
            row.line, row.sentence, row.later = self.line.number, sentence, later
            if row not in self.sheet.rows:
                self.sheet.rows.append(row)
                self.levels.append(row)
            self.last = row

    def _chinese(self, before: str, token: re.Match[str], after: str, goals: bool) -> Row | None:
        """The row that a number of a Chinese clause belongs to, None where it is no target."""
        segment = pieces(before, "、")[-1][1].strip()
        told = self._tier(before)
        unit, each = token["unit"], EACH.search(segment)
        if each:
            segment, unit = segment[: each.start()], f"{unit}/{each[1]}"
        capped = "控制在" if CAPPED.search(segment) else ""
        words = f"{told}{capped}{token['number']}{token['tail'] or ''}"
        if re.fullmatch(rf"(?:{TIER})?(?:(?:同比|年均)?增长|达到|突破|完成|保持|在)?", segment) and self.last:
            return self._again(segment, words, unit, token["number"])
        title = (
            self._counted(before, segment, token, after.strip())
            if after.strip() and not each
            else self._measured(
                segment, unit, told or token["tail"] or ("." if goals or ACTS.search(before) else "")
            )
        )
        return self._row(title, words, unit, each[0] if each else "") if title else None

    def _tier(self, before: str) -> str:
        """The tier that holds: said before the number, or before an earlier one with a subject between."""
        ensure, stretch = list(ENSURE.finditer(before)), list(STRETCH.finditer(before))
        if not ensure and not stretch:
            return self.tier
        last = max([*ensure, *stretch], key=lambda found: found.start())
        told = "力争" if last in stretch else "确保"
        governs = _cleaned(GROWTH.sub("", LEVEL.sub("", before[last.end() :])))
        self.tier = told if governs else ""
        return told

    def _again(self, segment: str, words: str, unit: str, number: str) -> Row | None:
        """A second number of what was named last: another tier, or its growth."""
        last = self.last
        if last is None:
            return None
        if "增长" in segment and measured(unit).base == "%" and measured(last.unit).base != "%":
            return self._row(f"{last.title}增速", words, unit)
        if measured(unit).base != measured(last.unit).base:
            title, each = last.title.partition("每")[0], "每" + unit[-1] if "/" in unit else ""
            return self._row(title if each else re.sub(r"(?:增速|增幅|涨幅)$", "", title), words, unit, each)
        more = worded(words, last.unit)
        if not more.tiers or set(more.tiers) & set(last.tiers):
            return None
        last.tiers = {
            tier: (last.tiers | more.tiers)[tier] for tier in _ORDER if tier in last.tiers | more.tiers
        }
        return last

    def _row(self, title: str, words: str, unit: str, each: str = "") -> Row | None:
        """A row with the tiers that the words say."""
        found = indicator(title, unit)
        wording = worded(
            words.replace("内", "以内") if words.endswith(("%内", "元内")) else words,
            unit.partition("/")[0] if each else unit,
            bool(found and found.ceiling),
        )
        return Row(title + each, unit, wording.tiers, 0, "") if wording.tiers and NAME.search(title) else None

    def _counted(self, before: str, segment: str, token: re.Match[str], after: str) -> str:
        """The name of things that are counted: what is done and what is counted."""
        noun = re.sub(r"^（[^）]*）", "", after)
        if noun.startswith(("的", "（")) or not noun:
            return ""
        counts, direct = token["unit"][-1] in COUNTS, DIRECT.search(before)
        if not counts and (not direct or PUSHED.search(direct[0]) or THINGS.search(noun)):
            return ""
        if not direct and not ACTS.search(before):
            return ""
        self.noun = noun
        self.verb = "" if not direct or PUSHED.search(direct[0]) else _act(before)
        acts = [] if direct else list(ACTS.finditer(before))
        indirect = acts[0][0] if acts and not PUSHED.match(acts[0][0]) else ""
        return (self.verb or indirect) + noun

    def _measured(self, segment: str, unit: str, firm: str) -> str:
        """The name of what is measured: the words before the number without verbs around them."""
        if self.noun and DIRECT.fullmatch(segment):
            return self.noun + segment
        grown = GROWTH.search(segment)
        verb = None if grown else LEVEL.search(segment)
        if not (grown or verb or firm):
            return ""
        short = segment[: (grown or verb).start()] if grown or verb else segment  # type: ignore[union-attr]
        acts = ACTS.match(LEAD.sub("", short))
        name = _cleaned(short)
        if name in BARE and self.last:
            name = (self.noun or MEASURES.sub("", self.last.title)) + name
        if acts:
            self.noun = name.removeprefix(acts[0])
        if grown and measured(unit).base in ("%", "points"):
            word = grown["word"].removeprefix("年均").removeprefix("同比")
            ends = word if word not in ("增长", "增幅") else "增速"
            return name + ends if name else ""
        if grown:
            return name + grown["word"] if name else ""
        if (
            not acts
            and self.verb in ("新增", "新建", "培育")
            and self.last
            and measured(self.last.unit) == measured(unit)
        ):
            name = self.verb + name
        self.verb = acts[0] if acts else ""
        return name

    def _english(self, before: str, token: re.Match[str], after: str, goals: bool) -> Row | None:
        """The row that a number of an English clause belongs to."""
        unit = plain(token["unit"].replace("metric ", ""))
        ahead = (
            " at most "
            if re.search(r"(?:within|below|under|no(?:t)? more than|at most)\s*$", before)
            else " "
        )
        stretch = "striving for" if STRETCH.search(before) else ""
        words = f"{stretch}{ahead}{re.sub('metric ', '', token['number'])}{token['tail'] or ''}"
        name = EN_TAIL.sub("", EN_LEAD.sub("", before)).strip()
        if not name and stretch and self.last:
            return self._again("", words, unit, token["number"])
        if after.strip() and (not name or measured(unit).base != "%"):
            name = f"{name} {after.strip().removeprefix('of ')}".strip()
        elif re.match(r"\s*in ", after):
            name = f"{name}{after}".strip()
        grown = re.search(r"\bgrow\w*\b", before) and measured(unit).base == "%" and "growth" not in name
        name = f"{name} growth" if grown and name else name
        return self._row(name, words, unit) if name and (goals or self.sure or AHEAD.search(before)) else None


NAME = re.compile(r"[A-Za-z\u4e00-\u9fff]{2}")
_ORDER = ("ensure", "stretch", "at_most")


def _dealt(shared: re.Match[str]) -> str:
    """What "A、B分别增长8%、9%" says one by one; empty where names and numbers are not as many."""
    both = re.sub(r"城(?:乡|镇(?:和|与|、)农村)居民(.+)", r"城镇居民\1、农村居民\1", shared["names"])
    names = re.split(r"[、和与及]", both)
    numbers = re.split(r"[、和与及](?=\D*\d)", shared["numbers"])
    if len(names) != len(numbers):
        return ""
    return "、".join(f"{name}{shared['verb']}{number}" for name, number in zip(names, numbers, strict=True))


def _past(sentence: str) -> int:
    """Where what a sentence says of the past is last named."""
    return max((found.end() for found in BEHIND.finditer(sentence)), default=0)


def _act(before: str) -> str:
    """The words of doing that end a text, with what stands between them and the number."""
    found = re.search(
        rf"(?:统筹|新)?(?:{VERBS})+(?:首批|各类)?$", re.sub(r"(?:不少于|约|近|超过|超)$", "", before)
    )
    return re.sub(r"[（()）]", "", found[0]) if found else ""


def _cleaned(text: str) -> str:
    """A name without what leads to it."""
    text = LEAD.sub("", text.strip())
    text = re.sub(r"^.*(?<![中高初平相均优一二三])等(?=[^级])", "", text)
    text = re.sub(r"^(?:20\d\d年|年末|年底|全年|今年|明年)+|同口径|[“”]|[（(][^（）()]*[)）]", "", text)
    return re.sub(rf"(?:年内|分别|将|要|预期|计划|基本|{TIER})+$", "", text).strip(" 、，")
