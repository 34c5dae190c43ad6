"""What a scenario leaves unsaid, what is inferred, and what it states without effect, in words (提示)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..engine.hints import Hint
from ..models.errors import origin_of
from ..models.indicators import INDICATORS
from ..models.quantity import Text
from ..scenarios.schema import Scenario
from .format import number
from .table import Column, Table
from .wording import TIERS, amount, both, in_first, listed

if TYPE_CHECKING:
    from ..engine.run import Answer

TITLE = Text(zh="未写明的、推断的和不起作用的数", en="Left unsaid, inferred, and without effect")
_NAMED, _SHOWN = 3, 40
_ONE = re.compile(
    r"^(projects|sectors|mixes|funds)\.[^.]+\.|^(chains\.[^.]+\.(?:materials|processes))\.[^.]+\."
)


def says(hint: Hint, scenario: Scenario) -> Text:
    """One thing to know, in a sentence."""
    name = _name(hint, scenario)
    last, first = scenario.years.last, scenario.years.base + 1
    if hint.kind == "left_out":
        return Text(
            zh=f"计划结构未列“{name.zh}”，按零投资计算",
            en=f"the plan's mix leaves out {name.en}: it gets no investment",
        )
    if hint.kind == "no_start":
        return Text(
            zh=f"“{name.zh}”未写开工时间，按{first}年1月起尽早开工计算",
            en=f"{name.en} states no start: it starts as soon as it can, from January {first} on",
        )
    if hint.kind == "beyond":
        return Text(
            zh=f"“{name.zh}”在末年（{last}年）以后开工，不计入任何一年",
            en=f"{name.en} starts after the last year, {last}: it counts in none",
        )
    if hint.kind == "late":
        return Text(
            zh=f"“{name.zh}”在末年（{last}年）以后投产：期内只有投资，没有产出",
            en=f"{name.en} is commissioned after the last year, {last}: investment and no output",
        )
    if hint.kind == "unlisted":
        return both(lambda lang: _unlisted(hint, scenario, lang))
    if hint.kind == "carried":
        return both(
            lambda lang: (
                f"推断：清单外工程有{amount(hint.amount or 0.0, '亿元', lang)}上年计划投资转入{first}年完成（与按通常延误转出的相当）"  # noqa: E501
                if lang == "zh"
                else (
                    f"inferred: {amount(hint.amount or 0.0, '亿元', lang)} planned for last year by works on"
                    f" no list comes late into {first} (as much as usually comes late out of it)"
                )
            )
        )
    if hint.kind == "unlimited":
        part = number(hint.amount or 0.0, 0)
        return Text(
            zh=(
                f"没有写明各部门投资最多可压减多少（cut 或 floor 限制）：优化方案假定各部门至少保留计划投资的{part}%"  # noqa: E501
            ),
            en=(
                "no limit says how far a sector's investment may be cut (cut or floor): optima keep at least"
                f" {part} % of every sector's planned money, an assumption"
            ),
        )
    if hint.kind == "unbounded":
        return both(
            lambda lang: (
                "没有写明投资总量限制（on: investment）：“约束内”的方案都不超过计划总量"
                f" {amount(hint.amount or 0.0, '亿元', lang)}；多投能到多少，见 simulate optimize required"
                if lang == "zh"
                else (
                    'no limit on all investment is stated (on: investment): plans "within the limits"'
                    f" spend no more than the plan's {amount(hint.amount or 0.0, '亿元', lang)}; what more"
                    " would reach: simulate optimize required"
                )
            )
        )
    if hint.kind == "delay":
        said = scenario.targets[hint.about].title
        name_of = scenario.targets[hint.about].indicator or hint.about
        title = said or (
            INDICATORS[name_of].title if name_of in INDICATORS else scenario.relations[name_of].title
        )
        without = number(hint.amount or 0.0, 2)
        return Text(
            zh=f"“{title.of('zh')}”{TIERS[hint.process].zh}档达到与否取决于多个项目照同一延期月数推算：按时投产为{without}",
            en=(
                f"{title.of('en')}: whether its {TIERS[hint.process].en} tier is reached turns on a delay"
                f" assumed alike for many projects; on time it would be {without}"
            ),
        )
    value = number(hint.amount or 0.0, None)
    return Text(
        zh=f"{hint.path}（{value}）改动后没有任何结果随之变化",
        en=f"{hint.path} ({value}) was moved, and no result moved with it",
    )


def _unlisted(hint: Hint, scenario: Scenario, lang: str) -> str:
    title = scenario.sectors[hint.about].title.of(lang)
    made = hint.amount or 0.0
    if hint.process:
        process = next(
            chain.processes[hint.process].title
            for chain in scenario.chains.values()
            if hint.process in chain.processes
        )
        more = f"{number(made, 2)}{'万吨' if lang == 'zh' else ' x 10 kt'}"
        where = f"{title}·{process.of(lang)}" if lang == "zh" else f"{title}, {process.of(lang)}"
    else:
        more, where = amount(made, "亿元", lang), title
    year = in_first(scenario.years, lang, "当年" if lang == "zh" else "this year")
    if lang == "zh":
        return f"推断：{where}另有清单外项目投产，{year}新增{more}（清单不完整，按上年常态补足）"
    return (
        f"inferred: in {where} works on no list bring {more} on line {year} (the list is not whole; filled up"
        " to the usual)"
    )


def _name(hint: Hint, scenario: Scenario) -> Text:
    """Title of the project or sector that it is about."""
    if hint.about in scenario.projects:
        return scenario.projects[hint.about].title
    return (
        scenario.sectors[hint.about].title if hint.about in scenario.sectors else Text(zh=hint.about or "-")
    )


def grouped(hints: Iterable[Hint]) -> dict[str, list[Hint]]:
    """Numbers without effect by what they are: the same key of all projects, sectors, materials or processes
    together.

    >>> list(grouped([Hint("idle", "projects.a.funds.own"), Hint("idle", "projects.b.funds.own")]))
    ['projects.*.funds.own']
    """
    found: dict[str, list[Hint]] = {}
    for hint in hints:
        if hint.kind == "idle":
            pattern = _ONE.sub(lambda m: (m[1] or m[2]) + ".*.", hint.path)
            found.setdefault(pattern, []).append(hint)
    return found


def hints_table(answer: Answer) -> Table | None:
    """One row a thing to know; numbers without effect by key."""
    scenario, origins = answer.scenario, answer.loaded.origins
    rows: list[tuple[str, str, str, Text, str]] = [
        (one.kind, one.path, f"{one.about}/{one.process}", says(one, scenario), origin_of(one.path, origins))
        for one in answer.hints
        if one.kind != "idle"
    ]
    for pattern, some in grouped(answer.hints).items():
        rows.append(
            (
                "idle",
                pattern,
                "",
                both(lambda lang, some=some, pattern=pattern: _idle(pattern, some, lang)),  # type: ignore[misc]
                origin_of(some[0].path, origins),
            )
        )
    if not rows:
        return None
    columns = (
        Column("kind", "类别", "Kind", shown=False),
        Column("path", "代码", "Path", shown=False),
        Column("about", "对象代码", "About", shown=False),
        Column("says", "说明", "In words"),
        Column("origin", "写在", "Written in"),
    )
    note = Text(
        zh=(
            "不起作用的数由逐个改动（取值范围的一半）找出：各年各部门产出、投资、实物量和目标都不随之变化。"
            "它们可能作用于限制条件和长期展望。"
        ),
        en=(
            "Numbers without effect were found by moving each by half its range: no output, investment,"
            " quantity or target of any year moved. They may still act on limits and on the long view."
        ),
    )
    return Table("hints", TITLE, columns, tuple(rows), ("kind", "path", "about"), note)


def _pattern(pattern: str, some: list[Hint]) -> str:
    """The key of one number, or what the keys of several have in common, with their number."""
    return some[0].path if len(some) == 1 else f"{pattern} ({len(some)})"


def _idle(pattern: str, some: list[Hint], lang: str) -> str:
    if len(some) == 1:
        return (
            f"{some[0].path} 在中心情形不起作用"
            if lang == "zh"
            else f"{some[0].path} has no effect in the central case"
        )
    return (
        f"{pattern}：{len(some)}个数在中心情形不起作用"
        if lang == "zh"
        else f"{pattern}: {len(some)} numbers have no effect in the central case"
    )


def hints_sentence(answer: Answer, lang: str) -> str:
    """The first few things that are left unsaid or inferred, and how many numbers have no effect."""
    told = [
        says(one, answer.scenario).of(lang)
        for one in answer.hints
        if one.kind in ("left_out", "no_start", "beyond", "unlimited", "unbounded", "delay")
    ]
    inferred = [one for one in answer.hints if one.kind == "unlisted" and not one.process]
    if inferred:
        whole = amount(sum(one.amount or 0.0 for one in inferred), "亿元", lang)
        names = listed(
            [
                answer.scenario.sectors[one.about].title.of(lang)
                for one in sorted(inferred, key=lambda one: -(one.amount or 0.0))
            ],
            lang,
            _NAMED,
        )
        year = in_first(answer.scenario.years, lang, "当年" if lang == "zh" else "this year")
        told.append(
            f"项目清单不完整，按上年常态推断清单外项目{year}新增产出{whole}（{names}）"
            if lang == "zh"
            else (
                f"the list of projects is not whole: works on no list are taken to bring {whole} of output on"
                f" line {year} ({names})"
            )
        )
    idle = grouped(answer.hints)
    if idle:
        count, some = (
            sum(map(len, idle.values())),
            listed([_pattern(key, each) for key, each in idle.items()], lang, _NAMED),
        )
        told.append(
            f"{count}个已填的数在中心情形不起作用（{some}）"
            if lang == "zh"
            else f"{count} stated numbers have no effect in the central case ({some})"
        )
    if not told:
        return ""
    return "；".join(told) + "。" if lang == "zh" else "; ".join(told) + "."


def hint_lines(found: Iterable[Hint], scenario: Scenario, origins: Mapping[str, str], lang: str) -> list[str]:
    """A line for each thing to know, with the place where it is written, for validation."""
    head, colon, hints = ("提示", "：", list(found)) if lang == "zh" else ("NOTE", ": ", list(found))
    lines = [
        f"{head}  {origin_of(one.path, origins)}  {one.path}{colon}{says(one, scenario).of(lang)}"
        for one in hints
        if one.kind != "idle"
    ]
    idle = grouped(hints)
    if idle:
        count, some = (
            sum(map(len, idle.values())),
            listed([_pattern(key, each) for key, each in idle.items()], lang, _SHOWN),
        )
        lines.append(
            f"{head}  {count}个已填的数在中心情形不起作用：{some}"
            if lang == "zh"
            else f"{head}  {count} stated numbers have no effect in the central case: {some}"
        )
    return lines
