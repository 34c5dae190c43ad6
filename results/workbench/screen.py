"""What a page shows of a bench, as plain data: every text printed here, as reports print it (页面数据)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ...models.money import MONEY
from ...models.quantity import Bilingual, Quantity
from ...models.words import tr
from ...scenarios.schema import Project
from ..charts.gallery import caption_of, drawn
from ..charts.svg import svg
from ..charts.words import Words
from ..tables.paper import on_paper
from ..tables.projects import STAGES
from ..tables.table import Table
from ..text.format import chance_text, clean, number, printed, unit_of
from ..text.wording import TIERS, capital, limit_unit
from .bench import Bench
from .levers import Lever, shares_of

Data = dict[str, Any]
PICTURES = ("sheet", "fan")
"""Pictures that follow the hand."""
_VERDICT = frozenset(
    [
        "target",
        "title",
        "tier_id",
        "tier",
        "threshold",
        "expected",
        "unit",
        "rung_id",
        "rung",
        "takes",
        "probability",
        "words",
    ]
)
_TARGETS = frozenset(
    [
        "target",
        "title",
        "basis",
        "unit",
        "last",
        "expected",
        "q10",
        "q90",
        "ensure",
        "stretch",
        "at_most",
        "rung_ensure",
        "rung_stretch",
        "rung_at_most",
        "probability_ensure",
        "probability_stretch",
        "probability_at_most",
    ]
)
_PROJECTS = frozenset(
    [
        "project",
        "title",
        "sector",
        "invest",
        "stage",
        "planned_start",
        "planned_end",
        "started",
        "commissioned",
        "full_load",
        "delay",
        "invested",
        "adds",
        "adds_unit",
    ]
)


def rows(table: Table, lang: str, names: Collection[str]) -> list[dict[str, str]]:
    """Cells of some columns as printed, by the columns' names; those that the table does not have are left
    out."""
    paper = on_paper(table)
    columns = [column for column in paper.columns if column.name in names]
    return [
        {column.name: clean(cell) for column, cell in zip(columns, row, strict=True)}
        for row in printed(paper, lang, columns)
    ]


def heads(table: Table, lang: str, names: Collection[str]) -> dict[str, str]:
    """Headings of some columns, by their names."""
    return {c.name: clean(c.title.of(lang)) for c in on_paper(table).columns if c.name in names}


def told(bench: Bench, tables: Mapping[str, Table], lang: str) -> Data:
    """What follows the hand: verdicts, targets, pictures."""
    return {
        "verdict": rows(tables["verdict"], lang, _VERDICT),
        "targets": rows(tables["targets"], lang, _TARGETS),
        "pictures": {name: made for name in PICTURES if (made := picture(name, tables, lang))},
    }


def picture(name: str, tables: Mapping[str, Table], lang: str) -> Data | None:
    """A picture and what it says; None where there is nothing to draw."""
    scene = drawn(name, tables, Words(lang))
    if scene is None:
        return None
    title = clean(caption_of(name, tables, lang))
    return {"title": title, "svg": svg(scene, title)}


def limits(uses: Iterable[Any], bench: Bench, lang: str) -> list[Data]:
    """How far each limit is used."""
    made = []
    for use in uses:
        bound = use.bound
        unit = unit_of(limit_unit(bench.answer, bound.id), lang)
        used, edge, least = bound.sign * use.used, bound.sign * bound.most, bound.sign < 0
        whole, part = (used, edge) if least else (edge, used)
        made.append(
            {
                "limit": bound.id,
                "title": clean(bench.loaded.scenario.limits[bound.id].title.of(lang)),
                "used": number(used, 1),
                "edge": number(edge, 1),
                "least": least,
                "unit": unit,
                "share": part / whole if whole > 0 else None,
                "over": use.over > 0,
            }
        )
    return made


def whole(bench: Bench, lang: str) -> Data:
    """Everything that a page needs to show a scenario and to let it be changed."""
    scenario, tables = bench.loaded.scenario, bench.tables
    years = scenario.years
    return {
        **told(bench, tables, lang),
        "title": clean(scenario.title.of(lang)),
        "notes": [clean(note.of(lang)) for note in bench.loaded.notes],
        "years": {"base": str(years.base), "target": str(years.target), "last": str(years.last)},
        "money": unit_of(MONEY, lang),
        "tiers": {tier: capital(word).of(lang) for tier, word in TIERS.items()},
        "heads": {
            "verdict": heads(tables["verdict"], lang, _VERDICT),
            "targets": heads(tables["targets"], lang, _TARGETS),
            "projects": heads(tables["projects"], lang, _PROJECTS) if "projects" in tables else {},
        },
        "levers": [lever_of(each, bench, lang) for each in bench.levers],
        "totals": totals(bench.study.plan.plan, bench, lang),
        "limits": limits(bench.answer.assessment.uses, bench, lang),
        "asked": asked(bench, lang),
        "projects": projects(bench, lang),
        "mixes": {
            "plan": scenario.plan,
            "of": [
                {"id": key, "title": clean(mix.title.of(lang)), "shares": shares_of(scenario, key)}
                for key, mix in scenario.mixes.items()
            ],
        },
        "draws": bench.study.ensemble.draws if bench.study.ensemble else 0,
        "error": round(bench.study.ensemble.worst(), 6) if bench.study.ensemble else None,
        "kept": bench.study.jury.draws if bench.study.jury else 0,
        "under_way": scenario.actuals is not None,
    }


def lever_of(lever: Lever, bench: Bench, lang: str) -> Data:
    """A lever as a page draws it."""
    return {
        "path": lever.path,
        "kind": lever.kind,
        "of": lever.of,
        "title": clean(lever.title.of(lang)),
        "value": round(lever.value, 6),
        "unit": unit_of(lever.unit, lang),
        "low": lever.low,
        "high": lever.high,
        "step": lever.step,
        "group": lever.group,
        "group_title": clean(lever.group_title.of(lang)) if lever.group_title else "",
        "less": lever.less,
    }


def totals(plan: Any, bench: Bench, lang: str) -> list[Data]:
    """Investment of each year up to the target year, and of the year before the first."""
    first = bench.loaded.scenario.years.base
    money = [bench.loaded.scenario.accounts.fai.value]
    money += [plan.total(year) for year in range(1, bench.study.year + 1)]
    return [
        {
            "year": str(first + at),
            "total": number(each, 1),
            "growth": number(100 * (each / money[at - 1] - 1), 2) if at else "",
        }
        for at, each in enumerate(money)
    ]


def asked(bench: Bench, lang: str) -> list[Data]:
    """The tiers of the target sheet, to be edited where a number of the scenario stands behind them."""
    known, made = bench.loaded.quantities(), []
    for key, row in bench.loaded.scenario.targets.items():
        for tier in TIERS:
            quantity = known.get(f"targets.{key}.{tier}")
            if quantity is not None:
                made.append(
                    {
                        "target": key,
                        "tier": tier,
                        "path": quantity.path,
                        "value": quantity.value,
                        "main": bool(row.main),
                        **_written(quantity, bench, lang),
                    }
                )
    return made


def projects(bench: Bench, lang: str) -> list[Data]:
    """Named projects: what is stated of each, and when it comes."""
    if "projects" not in bench.tables:
        return []
    stated = bench.loaded.scenario.projects
    cells = {row["project"]: row for row in rows(bench.tables["projects"], lang, _PROJECTS)}
    return [
        {
            **cells[key],
            "stated": _stated(stated[key]),
            "path": f"projects.{key}",
            "stage_text": STAGES[stated[key].stage].of(lang),
        }
        for key in cells
    ]


def _stated(project: Project) -> Data:
    return {
        "start": project.start,
        "finish": project.finish,
        "slip": project.slip.value,
        "invest": project.invest.value,
        "stage": project.stage,
        "cancelled": project.cancelled,
        "key": project.key,
    }


def _written(quantity: Quantity, bench: Bench, lang: str) -> Data:
    """Where a number comes from."""
    scenario = bench.loaded.scenario
    source = scenario.sources.get(quantity.source) if quantity.source else None
    said: Bilingual | None = quantity.assumption
    return {
        "source": clean(source.of(lang)) if isinstance(source, Bilingual) else _source(source, lang),
        "assumption": clean(said.of(lang)) if said else "",
        "place": quantity.origin,
        "low": quantity.low,
        "high": quantity.high,
    }


def _source(source: Any, lang: str) -> str:
    """A source as it is told."""
    if source is None:
        return ""
    said = Bilingual(zh=source.zh, en=source.en)
    return clean(said.of(lang))


def chance(value: float) -> str:
    """A chance as it is told."""
    return f"{chance_text(100 * value)}%"


def words(lang: str) -> dict[str, str]:
    """The words of the page itself, by the names that its script knows."""
    from .words import WORDS

    return {name: tr(lang, message) for name, message in WORDS.items()}
