"""What a scenario may say of each thing, but not of two things together: every rule has a file that breaks
it, and the message at the place that must change.

A case changes passages of the valley; § marks where the message must point.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from dabiao.models.errors import ScenarioError
from dabiao.scenarios.load import load
from wrong import VALLEY, assert_told

Edits = list[tuple[str, str]]
Case = tuple[Edits, str]

END = "uncertainty: {seed: 7}"
GROWTH = "{ensure: 6.5, stretch: 7, main: true}"
MONEY = "{title: 总投资, on: investment, max: 90, relax_to: 100, price: 1}"
PLANT = "    stage: planned\n    start: 2021-03\n"
MINE = "    stage: started\n    start: 2020-05\n"
DRESSING = "        routing: {ore: 95}\n"


def growth(now: str) -> Edits:
    """The row of GDP says something else."""
    return [(GROWTH, now)]


def added(text: str) -> Edits:
    """Something more at the end of the file."""
    return [(END, f"{END}\n{text}")]


def money(now: str) -> Edits:
    """Another limit on money; § at its beginning stands for its key."""
    key, now = ("§money", "{" + now[1:]) if now.startswith("§") else ("money", now)
    return [(f"  money: {MONEY}", f"  {key}: {now}")]


def known(text: str, at: str = "") -> Edits:
    """Something is known of the year under way."""
    return added(f"{at}actuals:\n  assumption: invented\n{text}")


def own(text: str) -> Edits:
    """Indicators of one's own."""
    return added(f"indicators:\n{text}")


def in_doubt(text: str) -> Edits:
    """Other words on uncertainty."""
    return [(END, f"uncertainty:\n  seed: 7\n{text}")]


ROW = "  air: {title"

TARGETS: dict[str, Case] = {
    "parts of an indicator of one's own": (
        [
            *own("  jobs: {title: Jobs, unit: 人, coefficients: {shops: 2}}"),
            (ROW, f"  jobs: {{§covers: [shops], ensure: 2}}\n{ROW}"),
        ],
        "targets.jobs.covers: got shops, expected no `covers`: jobs counts what its coefficients say",
    ),
    "one year in place of two": (
        growth("{§over: [2021], measure: average, ensure: 6.5}"),
        "targets.gdp_growth.over: got 2021, expected two years: the first and the last",
    ),
    "three years in place of two": (
        growth("{§over: [2021, 2022, 2023], measure: average, ensure: 6.5}"),
        "expected two years: the first and the last",
    ),
    "years without a measure": (
        [
            (
                "  gdp_growth: {ensure: 6.5, stretch: 7, main: true}",
                "  §gdp_growth: {over: [2021, 2021], ensure: 6.5}",
            )
        ],
        "targets.gdp_growth: got `over` without `measure`, expected `measure: ",
    ),
    "a year beside years": (
        growth("{year: §2021, over: [2021, 2021], measure: average, ensure: 6.5}"),
        "targets.gdp_growth.year: got `year` beside `over`, expected one of them; `year: 2028` is one year",
    ),
    "a year beside a measure": (
        growth("{year: §2021, measure: average, ensure: 6.5}"),
        "targets.gdp_growth.year: got `year` beside `measure`, expected one of them",
    ),
    "years exchanged": (
        growth("{§over: [2022, 2021], measure: average, ensure: 6.5}"),
        "targets.gdp_growth.over: got 2022 before 2021, expected the first year before the last; are the two"
        " exchanged?",
    ),
    "a year after the sheet's": (
        growth("{year: §2023, ensure: 6.5}"),
        "targets.gdp_growth.year: got 2023, expected the year 2021; `years.target: 2023` makes 2023 the"
        " sheet's year; rows of 2021 then say `year: 2021`",
    ),
    "the base year": (
        growth("{year: §2020, ensure: 6.5}"),
        "targets.gdp_growth.year: got 2020, expected the year 2021; the base year 2020 and what lies"
        " before it"
        " are known already",
    ),
    "years beyond the sheet's": (
        [
            ("target: 2021", "target: 2022"),
            *growth("{§over: [2021, 2023], measure: average, ensure: 6.5}"),
        ],
        "targets.gdp_growth.over: got 2021-2023, expected years from 2021 to 2022",
    ),
    "a ceiling below the floor of another row": (
        [(ROW, f"  slow: {{title: 增速, indicator: gdp_growth, at_most: §6}}\n{ROW}")],
        "targets.slow.at_most: got at most 6 beside `targets.gdp_growth.ensure`, at least 6.5, expected at"
        " least 6.5, or a lower tier there; the two rows cannot both be met",
    ),
    "a ceiling below the stretch of another row": (
        [(ROW, f"  slow: {{title: 增速, indicator: gdp_growth, at_most: §6.8}}\n{ROW}")],
        "targets.slow.at_most: got at most 6.8 beside `targets.gdp_growth.stretch`, at least 7",
    ),
    "a tier in a range": (
        growth("{ensure: {value: §6.5, low: 6, high: 7}}"),
        "targets.gdp_growth.ensure: got an uncertain range, expected one number; a target from 7 to 8:",
    ),
    "a tier with a distribution": (
        growth("{ensure: 6, stretch: {value: §6.5, distribution: {kind: normal, sd: 1}}}"),
        "targets.gdp_growth.stretch: got an uncertain range, expected one number",
    ),
    "an outcome of no row": (
        added("history:\n  assumption: invented\n  outcomes: {gdp_grwth: §5}"),
        'history.outcomes.gdp_grwth: got "gdp_grwth", expected a key of `targets`: ',
    ),
    "growth of no sector": (
        added("history:\n  assumption: invented\n  growth: {mine: §5}"),
        'history.growth.mine: got "mine", expected a sector or a group of the national table: farms, mines,'
        " factories, shops or making; did you mean mines?",
    ),
    "a swing of no sector": (
        added("history:\n  assumption: invented\n  swing: {gpd: §5}"),
        'history.swing.gpd: got "gpd", expected `gdp`, a sector or a group: farms, mines, factories, shops,'
        " making or gdp; did you mean gdp?",
    ),
    "history of a year to come": (
        added("history:\n  assumption: invented\n  years: {§2022: {growth: 5}}"),
        'history.years.2022: got the key "2022", expected a year from 1970 to 2020, as four digits',
    ),
    "history of long ago": (
        added("history:\n  assumption: invented\n  years: {§1969: {growth: 5}}"),
        'history.years.1969: got the key "1969", expected a year from 1970 to 2020',
    ),
    "history of no year": (
        added('history:\n  assumption: invented\n  years: {§"020": {growth: 5}}'),
        'history.years.020: got the key "020", expected a year from 1970 to 2020, as four digits',
    ),
    "growth of the year to come": (
        added("history:\n  assumption: invented\n  years: {2021: {growth: §5}}"),
        "history.years.2021.growth: got 5, expected no growth of 2021, the year to come; its target may be"
        " stated here",
    ),
    "an outlook of the first year": (
        added("outlook:\n  assumption: invented\n  change: {2021: §0.5}"),
        'outlook.change.2021: got the key "2021", expected a year from 2022 to 2024, as four digits',
    ),
    "an outlook beyond the horizon": (
        added("outlook:\n  assumption: invented\n  change: {2025: §0.5}"),
        'outlook.change.2025: got the key "2025", expected a year from 2022 to 2024',
    ),
    "an outlook of a plan of one year": (
        [
            (", last: 2024", ""),
            *added("outlook:\n  assumption: invented\n  change: {2022: §0.5}"),
        ],
        'outlook.change.2022: got the key "2022", expected a later `years.last` first',
    ),
}

ACTUALS: dict[str, Case] = {
    "a month beyond the horizon": (
        known("  figures: {gdp_growth: {2025-06: §6}}"),
        "actuals.figures.gdp_growth.2025-06: got 2025-06, expected a month of 2018 to 2024",
    ),
    "a nation's month of long ago": (
        known("  nation: {2017-06: §6}"),
        "actuals.nation.2017-06: got 2017-06, expected a month of 2018 to 2024",
    ),
    "a figure in a range": (
        known("  figures: {gdp_growth: {2021-06: {value: §6, low: 5, high: 7}}}"),
        "actuals.figures.gdp_growth.2021-06: got a figure with a range, expected the figure as published; how"
        " far it may lie off the year's stands in `actuals.errors`",
    ),
    "a figure with a distribution": (
        known("  nation: {2021-06: {value: §6, distribution: {kind: normal, sd: 1}}}"),
        "actuals.nation.2021-06: got a figure with a range",
    ),
    "after what is known": (
        known("  until: 2021-06\n  figures: {gdp_growth: {2021-09: §6}}"),
        "actuals.figures.gdp_growth.2021-09: got 2021-09, expected up to `actuals.until`, 2021-06",
    ),
    "known of the base year": (
        known("  until: §2020-12\n  figures: {gdp_growth: {2020-12: 6}}"),
        "actuals.until: got 2020-12, expected a month of 2021 to 2024",
    ),
    "known beyond the horizon": (
        known("  until: §2025-01\n  figures: {gdp_growth: {2021-06: 6}}"),
        "actuals.until: got 2025-01, expected a month of 2021 to 2024",
    ),
    "a figure of no row": (
        known("  figures: {§gdp_grow: {2021-06: 6}}"),
        'actuals.figures.gdp_grow: got "gdp_grow", expected a row of the sheet: gdp_growth, urban_income',
    ),
    "a share of no row": (
        known("  figures: {gdp_growth: {2021-06: 6}}\n  shares: {§grains: {2020-06: 40}}"),
        'actuals.shares.grains: got "grains", expected a row of the sheet: ',
    ),
    "an error of no row": (
        known("  figures: {gdp_growth: {2021-06: 6}}\n  errors: {§grains: {2021-06: 1}}"),
        'actuals.errors.grains: got "grains", expected a row of the sheet: ',
    ),
    "one indicator in two rows": (
        [
            (ROW, f"  fast: {{title: 增速, indicator: gdp_growth, stretch: 8}}\n{ROW}"),
            *known("  figures: {gdp_growth: {2021-06: 6}, fast: {2021-06: §7}}"),
        ],
        "actuals.figures.fast.2021-06: got a second figure of the same indicator and time, beside gdp_growth,"
        " expected one figure each",
    ),
    "a level that falls": (
        known("  figures: {grain: {2021-06: 20, 2021-09: §19}}"),
        "actuals.figures.grain.2021-09: got 19, expected at least 20, the figure to 2021-06: both count from"
        " the beginning of the year",
    ),
    "a share of another year": (
        known("  figures: {grain: {2021-06: 20}}\n  shares: {grain: {2021-06: §40}}"),
        "actuals.shares.grain.2021-06: got 2021-06, expected a month of the base year, 2020",
    ),
    "a share that falls": (
        known("  figures: {grain: {2021-06: 20}}\n  shares: {grain: {2020-06: 40, 2020-09: §39}}"),
        "actuals.shares.grain.2020-09: got 39, expected at least 40, the figure to 2020-06",
    ),
    "growth that is a level": (
        known("  figures: {gdp_growth: {2021-06: §101}}"),
        "actuals.figures.gdp_growth.2021-06: got 101, expected growth of -60 to 100 %; is it a level?",
    ),
    "growth below any": (
        known("  figures: {gdp_growth: {2021-06: §-61}}"),
        "actuals.figures.gdp_growth.2021-06: got -61, expected growth of -60 to 100 %",
    ),
    "an account beside growth": (
        known("  figures: {gdp_growth: {2021-12: 6}}\n  accounts: {gdp: §300}"),
        "actuals.accounts.gdp: got a level that rises by 41.5 % in prices beside growth of 6 %, expected"
        " prices within 20 points of those stated for 2021, 0.5 %; check the two figures and their units; if"
        " they are right, put `prices.gdp_in.2021`",
    ),
    "an outlook of no year": (
        [
            *known("  nation: {2021-12: 8}\n  outlook: {21: §5}\noutlook: {assumption: invented, nation: 6}"),
        ],
        'actuals.outlook.21: got the key "21", expected a year from 2022 to 2024, as four digits',
    ),
    "an outlook of a year that is over": (
        known("  nation: {2021-12: 8}\n  outlook: {2021: §5}\noutlook: {assumption: invented, nation: 6}"),
        'actuals.outlook.2021: got the key "2021", expected a year from 2022 to 2024',
    ),
    "a new outlook of nothing expected before": (
        known("  nation: {2021-12: 8}\n  §outlook: {2022: 5}\n"),
        "actuals.outlook: got a new outlook, and nothing that was expected of the first year, expected"
        " `outlook.nation`: the nation's growth of 2021 as forecast before",
    ),
    "a new outlook in June": (
        known("  nation: {2021-06: 8}\n  §outlook: {2022: 5}\noutlook: {assumption: invented, nation: 6}"),
        "actuals.outlook: got a new outlook in the middle of a year, expected figures up to the end of"
        " a year",
    ),
    "a new outlook and no figure of the nation": (
        known(
            "  until: 2021-12\n  figures: {gdp_growth: {2021-12: 6}}\n  outlook: {2022: 5}\n"
            "outlook: {assumption: invented, nation: 6}",
            at="§",
        ),
        "actuals.nation: got no figure of 2021, expected the nation's growth of that year beside the new"
        " outlook",
    ),
    "money of no sector": (
        known("  figures: {gdp_growth: {2021-06: 6}}\n  placed: {mine: §5}"),
        'actuals.placed.mine: got "mine", expected a sector: farms, mines, factories or shops',
    ),
    "an account of nothing": (
        known("  figures: {gdp_growth: {2021-12: 6}}\n  accounts: {gpd: §210}"),
        'actuals.accounts.gpd: got "gpd", expected a key of `accounts`, a sector or a group: ',
    ),
    "progress of no project": (
        known("  figures: {gdp_growth: {2021-06: 6}}\n  projects: {§new-mines: {expected: 2021-10}}"),
        'actuals.projects.new-mines: got "new-mines", expected a key of `projects`: new-mine, new-plant or'
        " old-plant; did you mean new-mine?",
    ),
    "started in time to come": (
        known("  figures: {gdp_growth: {2021-06: 6}}\n  projects: {new-plant: {started: §2021-07}}"),
        "actuals.projects.new-plant.started: got 2021-07, expected a month up to 2021-06, up to which"
        " the year"
        " is known",
    ),
    "on line in time to come": (
        known("  figures: {gdp_growth: {2021-06: 6}}\n  projects: {new-mine: {commissioned: §2021-07}}"),
        "actuals.projects.new-mine.commissioned: got 2021-07, expected a month up to 2021-06, up to which the"
        " year is known; what is still to come is `expected`",
    ),
    "expected of the past": (
        known("  figures: {gdp_growth: {2021-06: 6}}\n  projects: {new-mine: {expected: §2021-06}}"),
        "actuals.projects.new-mine.expected: got 2021-06, expected a month after 2021-06; what is on line is"
        " `commissioned`",
    ),
    "given up and expected": (
        known(
            "  figures: {gdp_growth: {2021-06: 6}}\n"
            "  projects: {new-mine: {expected: 2021-10, cancelled: §2021-05}}"
        ),
        "actuals.projects.new-mine.cancelled: got 2021-05, expected no `expected` beside it; it is given"
        " up or"
        " still expected: leave one out",
    ),
    "in the base year": (
        known("  figures: {gdp_growth: {2021-06: 6}}\n  projects: {new-mine: {commissioned: §2020-12}}"),
        "actuals.projects.new-mine.commissioned: got 2020-12, expected a month after 2020-12; what"
        " happened up"
        " to the base year stands in `projects`",
    ),
    "progress of what is there": (
        known("  figures: {gdp_growth: {2021-06: 6}}\n  projects: {§old-plant: {done: 100}}"),
        "actuals.projects.old-plant: got progress of a project that is commissioned, expected a project that"
        " was not on line when the base year ended",
    ),
    "less done than before": (
        [
            (MINE, f"{MINE}    done: 40\n"),
            *known("  figures: {gdp_growth: {2021-06: 6}}\n  projects: {new-mine: {done: §39}}"),
        ],
        "actuals.projects.new-mine.done: got 39, expected at least the 40 % of the base year, in `projects`",
    ),
    "begun twice": (
        known("  figures: {gdp_growth: {2021-06: 6}}\n  projects: {new-mine: {started: §2021-02}}"),
        'actuals.projects.new-mine.started: got 2021-02, expected no `started` at the stage "started"; works'
        " had begun before",
    ),
    "on line and expected": (
        known(
            "  figures: {gdp_growth: {2021-06: 6}}\n"
            "  projects: {new-mine: {commissioned: §2021-03, expected: 2021-10}}"
        ),
        "actuals.projects.new-mine.commissioned: got 2021-03, expected no `expected` or `cancelled`"
        " beside it;"
        " it is on line: leave them out",
    ),
    "on line and given up": (
        known(
            "  figures: {gdp_growth: {2021-06: 6}}\n"
            "  projects: {new-mine: {commissioned: §2021-03, cancelled: 2021-05}}"
        ),
        "actuals.projects.new-mine.commissioned: got 2021-03, expected no `expected` or `cancelled`"
        " beside it",
    ),
}

ECONOMY: dict[str, Case] = {
    "no unit is so small": (
        [("  gdp: 200", "  gdp: §1.5e9")],
        "accounts.gdp: got 1.5e+09 units of 亿元, expected at most 1e+09: no optimum can be trusted beyond;"
        " count in larger units: `money: {scale: million}`, and all amounts in these",
    ),
    "seven years of commissioning": (
        [("gestation: [30, 70]", "§gestation: [10, 10, 10, 10, 10, 10, 40]")],
        "sectors.farms.gestation: got a list of 7, expected at most 6; join the last years into one",
    ),
    "a sector of points": (
        [("add: {factories: 5, shops: -5}", "add: {factory: §5, shops: -5}")],
        'mixes.industry-led.add.factory: got "factory", expected a sector: farms, mines, factories or shops',
    ),
    "money of a year twice": (
        [("  growth: 6\n", "  growth: 6\n  path: {2022: 90}\n  growth_in: {2022: §5}\n")],
        "investment.growth_in.2022: got 2022 twice: here and in `path`, expected its growth or its level",
    ),
    "money of a year beyond": (
        [("  growth: 6\n", "  growth: 6\n  growth_in: {2025: §5}\n")],
        'investment.growth_in.2025: got the key "2025", expected a year from 2021 to 2024, as four digits',
    ),
    "money of the base year": (
        [("  growth: 6\n", "  growth: 6\n  path: {2020: §80}\n")],
        'investment.path.2020: got the key "2020", expected a year from 2021 to 2024',
    ),
    "prices of no year": (
        [("prices: {gdp: 0.5,", 'prices: {gdp: 0.5, gdp_in: {"21": §1},')],
        'prices.gdp_in.21: got the key "21", expected a year from 2021 to 2024, as four digits',
    ),
    "a mix of a year beyond": (
        [
            (
                "  plan: {title: 计划,",
                "  plan: {title: 计划, by_year: {§2025: {farms: 10, mines: 30, factories: 30, shops: 30}},",
            )
        ],
        'mixes.plan.by_year.2025: got the key "2025", expected a year from 2021 to 2024',
    ),
    "a mix by year that starts from another": (
        [
            (
                "starts_from: plan,",
                "starts_from: plan, §by_year: {2022: {farms: 10, mines: 30, factories: 30, shops: 30}},",
            )
        ],
        "mixes.industry-led.by_year: got `by_year` beside `starts_from`, expected `shares` with `by_year`",
    ),
    "a sector of a later mix": (
        [
            (
                "  plan: {title: 计划,",
                "  plan: {title: 计划, by_year: {2022: {farm: §10, mines: 30, factories: 30, shops: 30}},",
            )
        ],
        'mixes.plan.by_year.2022.farm: got "farm", expected a sector: ',
    ),
    "shares of a later mix": (
        [
            (
                "  plan: {title: 计划,",
                "  plan: {title: 计划, by_year: {§2022: {farms: 10, mines: 30, factories: 30, shops: 35}},",
            )
        ],
        "mixes.plan.by_year.2022: got shares that add to 105, expected a sum of 100",
    ),
    "a chain of mixes": (
        [
            (
                "starts_from: plan, add: {factories: 5, shops: -5}}",
                "starts_from: plan, add: {factories: 5, shops: -5}}\n"
                + "".join(
                    f"  m{at}: {{title: m, starts_from: "
                    + ("§m50" if at == 51 else f"m{at - 1}" if at else "plan")
                    + "}\n"
                    for at in range(52)
                ),
            )
        ],
        "mixes.m51.starts_from: got a chain of more than 50 mixes, expected fewer",
    ),
    "a column short of output": (
        [("    soil: {soil: 0.1, goods: 0.1", "    soil: {soil: §0.05, goods: 0.1")],
        'national.coefficients.soil.soil: got a column "soil" whose inputs of 0.35 and value added of 0.6 are'
        " 5 % short of output, expected output within 1 %; complete it, or state `outside_inputs`",
    ),
    "a column above output": (
        [("    soil: {soil: 0.1, goods: 0.1", "    soil: {soil: §0.15, goods: 0.1")],
        "value added of 0.6 are 5 % above output, expected output within 1 %",
    ),
}

PROJECTS: dict[str, Case] = {
    "given up though it is there": (
        [("    finish: 2020-06\n", "    finish: 2020-06\n    cancelled: §2021-06\n")],
        "projects.old-plant.cancelled: got 2021-06, expected no `cancelled` at the stage `commissioned`;"
        " it is"
        " there: leave `cancelled` out",
    ),
    "given up before": (
        [(MINE, f"{MINE}    cancelled: §2020-12\n")],
        "projects.new-mine.cancelled: got 2020-12, expected a month of 2021 or later; works given up before"
        " that were not under way",
    ),
    "given up after it is there": (
        [(MINE, f"{MINE}    cancelled: §2021-10\n")],
        "projects.new-mine.cancelled: got 2021-10, expected a month up to its planned commissioning, 2021-09;"
        " after that there is nothing left to cancel",
    ),
    "decided though begun": (
        [(MINE, f"{MINE}    decided: §2021-10\n")],
        "projects.new-mine.decided: got 2021-10, expected no `decided` at the stage `started`; works have"
        " begun: there is no start to decide on",
    ),
    "decided in the past": (
        [(PLANT, f"{PLANT}    decided: §2020-12\n")],
        "projects.new-plant.decided: got 2020-12, expected a month of 2021 or later",
    ),
    "done at the stage approved": (
        [(PLANT, "    stage: approved\n    done: §10\n    start: 2021-03\n")],
        "projects.new-plant.done: got 10 % put in place at the stage `approved`, expected 0; works have"
        " begun:"
        " the stage is `started`",
    ),
    "less than no money": (
        money("{title: 总投资, on: investment, max: §-1}"),
        "limits.money.max: got -1, expected at least 0",
    ),
    "relaxed to less than nothing": (
        money("{title: 下限, on: floor, sectors: [mines], min: 5, relax_to: §-1, price: 1}"),
        "limits.money.relax_to: got -1, expected at least 0",
    ),
    "a floor by its most": (
        money("§title: 下限, on: floor, sectors: [mines], max: 5}"),
        "limits.money: got no `min`, expected `min` of the limit; `max` is of other limits",
    ),
    "a ceiling by its least": (
        money("§title: 总投资, on: investment, min: 5}"),
        "limits.money: got no `max`, expected `max` of the limit; `min` is of other limits",
    ),
    "a limit of nothing": (
        money("§title: 总投资, on: investment}"),
        "limits.money: got no `max`, expected `max` of the limit",
    ),
    "a floor beside the ceiling": (
        money("{title: 总投资, on: investment, max: 90, min: §5}"),
        "limits.money.min: got `min` beside `max`, expected one of them; write two limits",
    ),
    "a ceiling beside the floor": (
        money("{title: 下限, on: floor, sectors: [mines], min: 5, max: §90}"),
        "limits.money.max: got `max` beside `min`, expected one of them; write two limits",
    ),
    "a floor of no sector": (
        money("§title: 下限, on: floor, min: 5}"),
        "limits.money: got `on: floor` without `sectors`, expected `sectors: [...]`, of farms, mines,"
        " factories"
        " or shops",
    ),
    "a ceiling of another sector": (
        money("{title: 上限, on: sector, sectors: [§mine], max: 5}"),
        'limits.money.sectors[0]: got "mine", expected a key of `sectors`: farms, mines',
    ),
    "sectors of all money": (
        money("{title: 总投资, on: investment, §sectors: [mines], max: 90}"),
        "limits.money.sectors: got mines, expected no `sectors` unless `on: sector` or `on: floor`",
    ),
    "a floor relaxed upwards": (
        money("{title: 下限, on: floor, sectors: [mines], min: 5, relax_to: §6, price: 1}"),
        "limits.money.relax_to: got 6, expected at most `min`, 5; leave `relax_to` out",
    ),
    "a year beside years": (
        money("{title: 总投资, on: investment, max: 90, year: §2021, over: [2021, 2022]}"),
        "limits.money.year: got `year` beside `over`, expected one of them",
    ),
    "one year of two": (
        money("{title: 总投资, on: investment, max: 90, §over: [2021]}"),
        "limits.money.over: got 2021, expected two years: the first and the last",
    ),
    "together of one year": (
        money("{title: 总投资, on: investment, max: 90, together: §true}"),
        "limits.money.together: got true, expected `over: [first, last]` and `on: investment`",
    ),
    "together of what does not add up": (
        money("{title: 结构, on: mix, max: 9, over: [2021, 2022], together: §true}"),
        "limits.money.together: got true, expected `over: [first, last]` and `on: investment`",
    ),
    "a year of starts": (
        money("{title: 提前, on: advance, max: 9, year: §2021}"),
        "limits.money.year: got a year, expected no `year`: starts are of any year",
    ),
    "years of starts": (
        money("{title: 提前, on: advance, max: 9, §over: [2021, 2022]}"),
        "limits.money.over: got a year, expected no `over`: starts are of any year",
    ),
    "a year beyond the horizon": (
        money("{title: 总投资, on: investment, max: 90, year: §2025}"),
        "limits.money.year: got 2025, expected a year from 2021 to 2024; `years.last` says how far the"
        " simulation goes",
    ),
    "years exchanged": (
        money("{title: 总投资, on: investment, max: 90, §over: [2023, 2022]}"),
        "limits.money.over: got 2023, 2022, expected two years in order, from 2021 to 2024",
    ),
}

CHAINS: dict[str, Case] = {
    "a price that returns from nothing": (
        [("tailings: {title: 尾矿, price: 5}", "tailings: {title: 尾矿, price: 0, long_run_price: §5}")],
        "chains.ridge.materials.tailings.long_run_price: got a price to return to from a price of 0, expected"
        " a base-year price above 0",
    ),
    "no value added": (
        [
            ("routing: {concentrate: 60}, va_ratio: 30,", "routing: {concentrate: 60},"),
            ("leaching: {title", "§leaching: {title"),
        ],
        "chains.ridge.processes.leaching: got neither `va_ratio` nor `other_purchases`, expected one of them",
    ),
    "a share of what can be bought": (
        [
            ("ore: {title: 矿石, price: 120,", "ore: {title: 矿石, price: 120, bought: {},"),
            (DRESSING, "        routing: {ore: §95}\n"),
        ],
        "chains.ridge.processes.dressing.routing.ore: got a share of ore, of which any amount can be bought,"
        " expected no share, or `most` of what can be bought",
    ),
    "a material of two chains": (
        [
            (
                "funds:\n  own: {title",
                "  pass:\n    title: Pass\n    materials: {§tailings: {title: 尾矿, price: 5}}\n   "
                " processes:\n"
                "      sieving: {title: 筛分, makes: tailings, base: 1, va_ratio: 50, national: soil}\n"
                "funds:\n  own: {title",
            )
        ],
        "chains.pass.materials.tailings: got tailings, which chains.ridge has too, expected a name of"
        " its own",
    ),
    "a process of two chains": (
        [
            (
                "funds:\n  own: {title",
                "  pass:\n    title: Pass\n    materials: {sand: {title: 砂, price: 5}}\n    processes:\n"
                "      §mining: {title: 筛分, makes: sand, base: 1, va_ratio: 50, national: soil}\n"
                "funds:\n  own: {title",
            )
        ],
        "chains.pass.processes.mining: got mining, which chains.ridge has too, expected a name of its own",
    ),
    "a chain of no sector": (
        [("    chain: ridge", "    chain: §bridge")],
        'sectors.mines.chain: got "bridge", expected a key of `chains`: ridge; did you mean ridge?',
    ),
    "recovered in what is not there": (
        [("made: [concentrate]", "sold: {concentrates: §50}")],
        'chains.ridge.recovery.Fe.sold.concentrates: got "concentrates", expected a material of the chain: ',
    ),
    "costs of one maker": (
        [("concentrate: {title: 精矿,", "concentrate: {title: 精矿, sharing: §cost,")],
        "chains.ridge.materials.concentrate.sharing: got `cost` for a material that fewer than two processes"
        " are counted by, expected several makers; leave `sharing` out",
    ),
    "parts above all": (
        [
            ("        base: 300\n", "        base: 300\n        part: 60\n"),
            (
                "      leaching:",
                "      floating: {title: 浮选, makes: concentrate, base: 10, part: §50, uses: {ore: 3},"
                " va_ratio: 40,"
                " national: goods}\n      leaching:",
            ),
        ],
        "chains.ridge.processes.floating.part: got parts of concentrate that add to 110, expected at"
        " most 100",
    ),
    "a part of one of two": (
        [
            ("        base: 300\n", "        base: 300\n        part: §60\n"),
            (
                "      leaching:",
                "      floating: {title: 浮选, makes: concentrate, base: 10, uses: {ore: 3}, va_ratio: 40,"
                " national: goods}\n      leaching:",
            ),
        ],
        "chains.ridge.processes.dressing.part: got a part, and none for floating, expected a part for every"
        " process counted by concentrate, or for none",
    ),
    "a worth of other units": (
        [("    title: Ridge\n", "    title: Ridge\n    units: {worth: §0.001}\n")],
        "chains.ridge.units.worth: got 0.001, expected 0.0001, which 万吨 at prices in 元/吨 are worth; leave"
        " `worth` out, or correct the units",
    ),
    "prices over other amounts": (
        [("    title: Ridge\n", "    title: Ridge\n    §units: {amount: 万吨, price: 元/米}\n")],
        "chains.ridge.units",
    ),
}

INDICATORS: dict[str, Case] = {
    "a name that is taken": (
        own("  §gdp_level: {title: x, unit: 人, coefficients: {shops: 2}}"),
        'indicators.gdp_level: got the name "gdp_level", which is taken, expected a name of its own',
    ),
    "a name of a relation": (
        own("  §rural_income: {title: x, unit: 人, coefficients: {shops: 2}}"),
        'indicators.rural_income: got the name "rural_income", which is taken',
    ),
    "a ratio of coefficients": (
        own("  jobs: {title: x, unit: 人, coefficients: {shops: 2}, over: §gdp}"),
        "indicators.jobs.over: got `over` beside `coefficients`, expected `of` and `over`: keys of two"
        " indicators",
    ),
    "made of nothing": (
        own("  §jobs: {title: x, unit: 人}"),
        "indicators.jobs: got neither `coefficients` nor `of`, expected one of them",
    ),
    "counted in nothing": (
        own("  §jobs: {title: x, coefficients: {shops: 2}}"),
        "indicators.jobs: got no `unit`, expected the unit of what is counted, such as 万人",
    ),
    "coefficients of no sector": (
        own("  jobs: {title: x, unit: 人, coefficients: {shop: §2}}"),
        'indicators.jobs.coefficients.shop: got "shop", expected a sector, a branch, or a class or group of'
        " the national table: ",
    ),
    "growth of no coefficient": (
        own("  jobs: {title: x, unit: 人, coefficients: {shops: 2}, growth_of: {mines: §1}}"),
        'indicators.jobs.growth_of.mines: got "mines", expected a key of its `coefficients`: shops',
    ),
    "coefficients beside of": (
        own(
            "  jobs: {title: x, unit: 人, coefficients: {shops: 2}}\n"
            "  more: {title: x, of: jobs, over: gdp, §coefficients: {shops: 2}}"
        ),
        "indicators.more.coefficients: got `coefficients` beside `of`, expected it in `indicators.jobs`,"
        " whose"
        " coefficients these are",
    ),
    "growth beside of": (
        own(
            "  jobs: {title: x, unit: 人, coefficients: {shops: 2}}\n"
            "  more: {title: x, of: jobs, over: gdp, growth: §2}"
        ),
        "indicators.more.growth: got `growth` beside `of`",
    ),
    "of an indicator that is not there": (
        own(
            "  jobs: {title: x, unit: 人, coefficients: {shops: 2}}\n  more: {title: x, of: §job, over: gdp}"
        ),
        'indicators.more.of: got the indicator "job", expected jobs, ',
    ),
    "of an indicator made of another": (
        own(
            "  jobs: {title: x, unit: 人, coefficients: {shops: 2}}\n"
            "  more: {title: x, of: jobs, over: gdp}\n"
            "  most: {title: x, of: §more, over: gdp}"
        ),
        "it has no coefficients itself: name what it is made of, `jobs`",
    ),
    "growth in people": (
        own(
            "  jobs: {title: x, unit: 人, coefficients: {shops: 2}}\n"
            "  more: {title: x, of: jobs, kind: growth, unit: §人}"
        ),
        'indicators.more.unit: got "人", expected "%"; growth is in %',
    ),
    "a level in another unit": (
        own(
            "  jobs: {title: x, unit: 人, coefficients: {shops: 2}}\n  more: {title: x, of: jobs, unit: §吨}"
        ),
        'indicators.more.unit: got "吨", expected "人"; leave `unit` out',
    ),
    "a ratio in another unit": (
        own(
            "  jobs: {title: x, unit: 人, coefficients: {shops: 2}}\n"
            "  more: {title: x, of: jobs, over: gdp, unit: §吨/亿元}"
        ),
        'indicators.more.unit: got "吨/亿元", expected 人/亿元 or a multiple of it; it is the unit of'
        " `of` over"
        " that of `over`",
    ),
    "an indicator of another limit": (
        money("{title: 总投资, on: investment, max: 90, indicator: §jobs}"),
        'limits.money.indicator: got "jobs", expected no `indicator` unless `on: indicator` or'
        " `on: indicator_floor`",
    ),
    "a limit on no indicator": (
        [
            *own("  jobs: {title: x, unit: 人, coefficients: {shops: 2}}"),
            *money("§title: 用工, on: indicator, max: 90}"),
        ],
        "limits.money: got `on: indicator` without `indicator`, expected `indicator: ` jobs",
    ),
    "a limit on an indicator of nothing": (
        money("§title: 用工, on: indicator, max: 90}"),
        "limits.money: got `on: indicator` without `indicator`, expected a key of `indicators`",
    ),
    "a limit on an indicator not known": (
        [
            *own("  jobs: {title: x, unit: 人, coefficients: {shops: 2}}"),
            *money("{title: 用工, on: indicator, indicator: §job, max: 90}"),
        ],
        'limits.money.indicator: got "job", expected a key of `indicators`; did you mean jobs?',
    ),
    "a limit on an indicator of the product": (
        money("{title: 增速, on: indicator, indicator: §gdp_growth, max: 90}"),
        'limits.money.indicator: got "gdp_growth", expected a key of `indicators`; a limit is on an indicator'
        " of one's own; a target with `at_most` may be on any",
    ),
}

PATH = "demand.government"
DOUBT = [("government: 3, transfers: 3}", "government: {value: 3, low: 2, high: 4}, transfers: 3}")]

UNCERTAINTY: dict[str, Case] = {
    "draws of no power": (
        in_doubt("  draws_min: §3000"),
        "uncertainty.draws_min: got 3000, expected a power of 2; 2048 or 4096",
    ),
    "most draws of no power": (
        in_doubt("  draws_max: §16385"),
        "uncertainty.draws_max: got 16385, expected a power of 2; 16384 or 32768",
    ),
    "less than to begin with": (
        in_doubt("  draws_max: §1024"),
        "uncertainty.draws_max: got 1024, expected at least `draws_min`, 2048",
    ),
    "a shock of no sector": (
        in_doubt("  assumption: invented\n  shocks: {sectors: {§mine: {sd: 1}}}"),
        'uncertainty.shocks.sectors.mine: got "mine", expected a sector or a group: farms, mines, factories,'
        " shops or making; did you mean mines?",
    ),
    "tails beside crises": (
        in_doubt("  assumption: invented\n  shocks: {own: {sd: 1, tails: §5, crisis: {sd: 6, chance: 10}}}"),
        "uncertainty.shocks.own.tails: got `tails` beside `crisis`, expected one of them; crises already make"
        " fat tails",
    ),
    "a number that is certain": (
        [
            *DOUBT,
            *in_doubt(
                "  assumption: invented\n"
                f"  correlations: {{a: {{between: [{PATH}, §demand.goverment], rho: 0.5}}}}"
            ),
        ],
        'uncertainty.correlations.a.between[1]: got "demand.goverment", expected the path of an uncertain'
        " number",
    ),
    "a name twice": (
        [
            *DOUBT,
            *in_doubt(
                f"  assumption: invented\n  correlations: {{a: {{§between: [{PATH}, {PATH}], rho: 0.5}}}}"
            ),
        ],
        "uncertainty.correlations.a.between: got one name twice, expected different names, two at least",
    ),
    "a name alone": (
        [
            *DOUBT,
            *in_doubt(f"  assumption: invented\n  correlations: {{a: {{§between: [{PATH}], rho: 0.5}}}}"),
        ],
        'uncertainty.correlations.a.between: got "demand.government", expected different names, two at least',
    ),
    "a shock beside a number": (
        [
            *DOUBT,
            *in_doubt(
                "  assumption: invented\n  shocks: {own: {sd: 1}}\n"
                f"  correlations: {{a: {{§between: [{PATH}, uncertainty.shocks.own], rho: 0.5}}}}"
            ),
        ],
        "uncertainty.correlations.a.between: got a shock of every year and a number drawn once, expected"
        " names"
        " of the same kind",
    ),
    "a pair twice": (
        [
            *DOUBT,
            *in_doubt(
                "  assumption: invented\n  correlations:\n"
                f"    a: {{between: [{PATH}, accounts.fai], rho: 0.5}}\n"
                f"    §b: {{between: [accounts.fai, {PATH}], rho: 0.4}}"
            ),
        ],
        "uncertainty.correlations.b: got a pair stated before, expected each pair once;"
        " uncertainty.correlations.a",
    ),
    "what cannot hold together": (
        [
            *DOUBT,
            *in_doubt(
                "  assumption: invented\n  §correlations:\n"
                f"    a: {{between: [{PATH}, accounts.fai, projects.new-mine.slip], rho: -0.9}}"
            ),
        ],
        "uncertainty.correlations: got a matrix that is not positive definite",
    ),
}

CASES = {
    f"{group}: {name}": case
    for group, cases in {
        "targets": TARGETS,
        "actuals": ACTUALS,
        "economy": ECONOMY,
        "projects": PROJECTS,
        "chains": CHAINS,
        "indicators": INDICATORS,
        "uncertainty": UNCERTAINTY,
    }.items()
    for name, case in cases.items()
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_broken_rule_is_told_at_its_place(case: Case, tmp_path: Path) -> None:
    assert_told(*case, tmp_path)


OVERRIDES = {
    "figures.gdp_growth.June": 'actuals.figures.gdp_growth.June: got "June", expected a month such as',
    "figures.gdp_grow.2021-06": 'actuals.figures.gdp_grow: got "gdp_grow", expected a row of the sheet: ',
    "shares.grain.June": 'actuals.shares.grain.June: got "June", expected a month of the base year, 2020',
    "errors.grain.June": 'actuals.errors.grain.June: got "June", expected a month such as 2021-06',
    "nation.June": 'actuals.nation.June: got "June", expected a month such as 2021-06',
}


@pytest.mark.parametrize("path", OVERRIDES)
def test_a_figure_to_date_that_is_set_is_of_a_row_and_a_month(path: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(
            VALLEY,
            sets=["actuals.assumption=invented", "actuals.figures.gdp_growth.2021-06=6", f"actuals.{path}=5"],
        )
    assert OVERRIDES[path] in "\n".join(map(str, caught.value.problems))
