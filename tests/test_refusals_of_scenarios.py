"""What a scenario is refused for: where, what was found, what is expected; and what lies just inside is not.

Every case of a rule changes the small valley (``scenarios_for_tests/valley.yaml``) in a file that extends it;
files of sweeps, networks, candidates and provinces are small ones of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from dabiao.models.errors import Problem, ScenarioError
from dabiao.scenarios.candidates import budgets, candidates, grid_of, quotas
from dabiao.scenarios.files import Reader
from dabiao.scenarios.load import Loaded, files_below, load, load_text
from dabiao.scenarios.network_file import load_network
from dabiao.scenarios.province.columns import Asked
from dabiao.scenarios.province.load import load_province
from dabiao.scenarios.province.table import Row, rows_of
from dabiao.scenarios.report import Place, Report
from dabiao.scenarios.sweep_file import read_sweep

VALLEY = Path(__file__).parent / "scenarios_for_tests" / "valley.yaml"

# a case: what is changed, what is told of it, and beside it the nearest change that is none to tell

TARGETS = {
    "a row that adds nothing up": (
        "targets: {gdp_growth: {covers: [mines]}}",
        "targets.gdp_growth.covers: got mines, expected no `covers`: gdp_growth adds nothing up",
    ),
    "a row of an indicator of one's own that adds up": (
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}}\ntargets: {jobs: "
            "{covers: [mines], ensure: 1}}"
        ),
        "targets.jobs.covers: got mines, expected no `covers`: jobs counts what its coefficients say",
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}}\ntargets: {jobs: "
            "{ensure: 1}}"
        ),
    ),
    "a row of nothing to add up": (
        "targets: {x: {title: X, indicator: sector_growth, ensure: 1}}",
        "targets.x: got no `covers`, expected the sectors or groups that sector_growth adds up",
    ),
    "a row of a sector that is none": (
        "targets: {shop_growth: {covers: [shop]}}",
        (
            'targets.shop_growth.covers[0]: got "shop", expected sectors or groups: farms, mines, '
            "factories, shops, making, mines/mining, mines/dressing, mines/leaching or "
            "mines/other; did you mean shops?"
        ),
        "targets: {shop_growth: {covers: [mines, making]}}",
    ),
    "a row of a branch that is none": (
        "targets: {oxide_value: {covers: [mines/leachin]}}",
        (
            'targets.oxide_value.covers[0]: got "mines/leachin", expected materials, sectors or '
            "groups: farms, mines, factories, shops, making, mines/mining, mines/dressing, "
            "mines/leaching, mines/other, ore, concentrate, tailings ... (13 in all); did you "
            "mean mines/leaching?"
        ),
        "targets: {oxide_value: {covers: [mines/leaching, mines/other]}}",
    ),
    "a row of a material where sectors count": (
        "targets: {shop_growth: {covers: [oxide]}}",
        (
            'targets.shop_growth.covers[0]: got "oxide", expected sectors or groups: farms, '
            "mines, factories, shops, making, mines/mining, mines/dressing, mines/leaching or "
            "mines/other"
        ),
    ),
    "a row of a crop that is none": (
        "targets: {grain: {covers: [rice]}}",
        'targets.grain.covers[0]: got "rice", expected crops: grain',
    ),
    "a stated row without title": (
        "targets: {air: {title: null}}",
        "targets.air: got a stated target without `title`, expected `title: {zh: ..., en: ...}`",
    ),
    "a row of an unknown key": (
        "targets: {gdp_grwth: {ensure: 6}}",
        (
            'targets.gdp_grwth: got the indicator "gdp_grwth", expected gdp_growth, '
            "industry_above_scale_growth, sector_growth, fai_growth, fai_level, "
            "key_project_investment, output_value, crop_output, crop_area, "
            "household_consumption_growth, household_income_growth, gdp_level, urban_income or "
            "rural_income; did you mean gdp_growth?; or `basis: stated` for a target that is only "
            "shown"
        ),
    ),
    "a row of an unknown indicator": (
        "targets: {x: {title: X, indicator: gdp_grwth, ensure: 6}}",
        (
            'targets.x.indicator: got the indicator "gdp_grwth", expected gdp_growth, '
            "industry_above_scale_growth, sector_growth, fai_growth, fai_level, "
            "key_project_investment, output_value, crop_output, crop_area, "
            "household_consumption_growth, household_income_growth, gdp_level, urban_income or "
            "rural_income; did you mean gdp_growth?; or `basis: stated` for a target that is only "
            "shown"
        ),
    ),
    "a main row without tier": (
        "targets: {gdp_growth: {ensure: null, stretch: null}}",
        (
            "targets.gdp_growth: got `main` without a tier, expected `ensure`, `stretch` or "
            "`at_most`; without a tier the row is only shown"
        ),
        "targets: {gdp_growth: {ensure: null, stretch: null, main: false}}",
    ),
    "no tier at all": (
        (
            "targets: {gdp_growth: {ensure: null, stretch: null, main: false}, urban_income: "
            "{ensure: null}, shop_growth: {ensure: null}, oxide_value: {ensure: null}, grain: "
            "{ensure: null}, air: {at_most: null}}"
        ),
        (
            "targets: got no tier anywhere, expected `ensure`, `stretch` or `at_most` in one "
            "target at least; there is nothing to judge"
        ),
        (
            "targets: {gdp_growth: {ensure: null, stretch: null, main: false}, urban_income: "
            "{ensure: null}, shop_growth: {ensure: null}, oxide_value: {ensure: null}, grain: "
            "{ensure: null}}"
        ),
    ),
    "a stretch below what is ensured": (
        "targets: {gdp_growth: {stretch: 6}}",
        "targets.gdp_growth.stretch: got 6, expected at least `ensure`, 6.5; are the two exchanged?",
        "targets: {gdp_growth: {stretch: 6.5}}",
    ),
    "a ceiling beside what is ensured": (
        "targets: {urban_income: {at_most: 9}}",
        (
            "targets.urban_income.at_most: got a ceiling beside a tier to reach, expected one of "
            "them; write two targets"
        ),
    ),
    "a ceiling beside a stretch": (
        "targets: {urban_income: {at_most: 9, ensure: null, stretch: 5}}",
        (
            "targets.urban_income.at_most: got a ceiling beside a tier to reach, expected one of "
            "them; write two targets"
        ),
        "targets: {urban_income: {at_most: 9, ensure: null}}",
    ),
    "a year beside years": (
        "targets: {gdp_growth: {year: 2021, over: [2021, 2022], measure: sum}}",
        (
            "targets.gdp_growth.year: got `year` beside `over`, expected one of them; `year: "
            "2028` is one year, `over: [2026, 2030]` with `measure` several"
        ),
    ),
    "a year beside a measure": (
        "targets: {gdp_growth: {year: 2021, measure: sum}}",
        (
            "targets.gdp_growth.year: got `year` beside `measure`, expected one of them; `year: "
            "2028` is one year, `over: [2026, 2030]` with `measure` several"
        ),
        "targets: {gdp_growth: {year: 2021}}",
    ),
    "one year for several": (
        "years: {target: 2024}\ntargets: {gdp_growth: {over: [2021], measure: sum}}",
        "targets.gdp_growth.over: got 2021, expected two years: the first and the last",
    ),
    "three years for two": (
        "years: {target: 2024}\ntargets: {gdp_growth: {over: [2021, 2022, 2023], measure: sum}}",
        "targets.gdp_growth.over: got 2021, 2022, 2023, expected two years: the first and the last",
        "years: {target: 2024}\ntargets: {gdp_growth: {over: [2021, 2023], measure: sum}}",
    ),
    "years without measure": (
        "years: {target: 2024}\ntargets: {gdp_growth: {over: [2021, 2022]}}",
        (
            "targets.gdp_growth: got `over` without `measure`, expected `measure: average`, "
            "`measure: sum` or `measure: every`"
        ),
    ),
    "years the wrong way round": (
        "years: {target: 2024}\ntargets: {gdp_growth: {over: [2022, 2021], measure: sum}}",
        (
            "targets.gdp_growth.over: got 2022 before 2021, expected the first year before the "
            "last; are the two exchanged?"
        ),
        "years: {target: 2024}\ntargets: {gdp_growth: {over: [2022, 2022], measure: sum}}",
    ),
    "years beyond the target year": (
        "years: {target: 2023}\ntargets: {gdp_growth: {over: [2022, 2024], measure: sum}}",
        (
            "targets.gdp_growth.over: got 2022-2024, expected years from 2021 to 2023; "
            "`years.target: 2024` makes 2024 the sheet's year; rows of 2023 then say `year: 2023`"
        ),
        "years: {target: 2024}\ntargets: {gdp_growth: {over: [2022, 2024], measure: sum}}",
    ),
    "years from the base year": (
        "years: {target: 2023}\ntargets: {gdp_growth: {over: [2020, 2023], measure: sum}}",
        (
            "targets.gdp_growth.over: got 2020-2023, expected years from 2021 to 2023; the base "
            "year 2020 and what lies before it are known already"
        ),
        "years: {target: 2023}\ntargets: {gdp_growth: {over: [2021, 2023], measure: sum}}",
    ),
    "the base year as a row's": (
        "targets: {gdp_growth: {year: 2020}}",
        (
            "targets.gdp_growth.year: got 2020, expected the year 2021; the base year 2020 and "
            "what lies before it are known already"
        ),
    ),
    "a year beyond the target year": (
        "targets: {gdp_growth: {year: 2022}}",
        (
            "targets.gdp_growth.year: got 2022, expected the year 2021; `years.target: 2022` "
            "makes 2022 the sheet's year; rows of 2021 then say `year: 2021`"
        ),
        "years: {target: 2023}\ntargets: {gdp_growth: {year: 2022}}",
    ),
    "a ceiling below the floor of another row": (
        "targets: {cap: {title: X, indicator: gdp_growth, at_most: 6.4}}",
        (
            "targets.cap.at_most: got at most 6.4 beside `targets.gdp_growth.ensure`, at least "
            "6.5, expected at least 6.5, or a lower tier there; the two rows cannot both be met"
        ),
        "targets: {cap: {title: X, indicator: gdp_growth, at_most: 7}}",
    ),
    "a ceiling below the stretch of another row": (
        "targets: {cap: {title: X, indicator: gdp_growth, at_most: 6.8}}",
        (
            "targets.cap.at_most: got at most 6.8 beside `targets.gdp_growth.stretch`, at least "
            "7, expected at least 7, or a lower tier there; the two rows cannot both be met"
        ),
        (
            "years: {target: 2023}\ntargets: {cap: {title: X, indicator: gdp_growth, at_most: 6.8, "
            "year: 2022}}"
        ),
    ),
    "a tier with a range": (
        "targets: {gdp_growth: {ensure: {value: 6, low: 5, high: 7}}}",
        (
            "targets.gdp_growth.ensure: got an uncertain range, expected one number; a target "
            "from 7 to 8: `ensure: 7`, `stretch: 8`; a ceiling is a second row with `indicator` "
            "and `at_most: 8`"
        ),
        "targets: {gdp_growth: {ensure: {value: 6, low: 6, high: 6}}}",
    ),
    "a tier with a lower end alone": (
        "targets: {gdp_growth: {stretch: {value: 8, low: 7}}}",
        (
            "targets.gdp_growth.stretch: got an uncertain range, expected one number; a target "
            "from 7 to 8: `ensure: 7`, `stretch: 8`; a ceiling is a second row with `indicator` "
            "and `at_most: 8`"
        ),
    ),
    "a ceiling with a distribution": (
        "targets: {air: {at_most: {value: 30, distribution: {kind: normal, sd: 1}}}}",
        (
            "targets.air.at_most: got an uncertain range, expected one number; a target from 7 to "
            "8: `ensure: 7`, `stretch: 8`; a ceiling is a second row with `indicator` and "
            "`at_most: 8`"
        ),
    ),
    "a driver that is none": (
        "relations: {rural_income: {drivers: {urban_incme: 1}}}",
        (
            'relations.rural_income.drivers.urban_incme: got the driver "urban_incme", expected '
            "gdp_growth, nominal_gdp_growth, consumption_growth, consumer_prices, "
            "industry_above_scale_growth, fai_growth, fai_level, key_project_investment, "
            "household_consumption_growth, household_income_growth, gdp_level, urban_income or "
            "rural_income; did you mean urban_income?"
        ),
        "relations: {rural_income: {drivers: {gdp_level: 1}}}",
    ),
    "a driver that must say what it adds up": (
        "relations: {rural_income: {drivers: {sector_growth: 1}}}",
        (
            'relations.rural_income.drivers.sector_growth: got the driver "sector_growth", '
            "expected gdp_growth, nominal_gdp_growth, consumption_growth, consumer_prices, "
            "industry_above_scale_growth, fai_growth, fai_level, key_project_investment, "
            "household_consumption_growth, household_income_growth, gdp_level, urban_income or "
            "rural_income; it needs `covers`, which a relation cannot say"
        ),
    ),
    "a relation with the name of an indicator": (
        "relations: {gdp_level: {title: L, constant: 1, drivers: {gdp_growth: 1}}}",
        (
            'relations.gdp_level: got the name "gdp_level", which is an indicator of the product, '
            "expected a name of its own"
        ),
    ),
    "two relations that follow from each other": (
        "relations: {urban_income: {drivers: {rural_income: 1}}}",
        (
            "relations.urban_income.drivers.rural_income: got a circle: urban_income -> "
            "rural_income -> urban_income, expected relations that do not follow from themselves"
        ),
    ),
    "a relation that follows from itself": (
        "relations: {urban_income: {drivers: {urban_income: 1}}}",
        (
            "relations.urban_income.drivers.urban_income: got a circle: urban_income -> "
            "urban_income, expected relations that do not follow from themselves"
        ),
    ),
    "an outcome of no row": (
        "history: {outcomes: {gdp_grow: 5}}",
        (
            'history.outcomes.gdp_grow: got "gdp_grow", expected a key of `targets`: gdp_growth, '
            "urban_income, shop_growth, oxide_value, grain, air, industry_above_scale_growth, "
            "sector_growth, fai_growth, fai_level, key_project_investment, output_value ... (18 "
            "in all); did you mean gdp_growth?"
        ),
        "history: {outcomes: {gdp_growth: 5, gdp_level: 5, air: 5}}",
    ),
    "past growth of no sector": (
        "history: {growth: {mine: 5}}",
        (
            'history.growth.mine: got "mine", expected a sector or a group of the national table: '
            "farms, mines, factories, shops or making; did you mean mines?"
        ),
        "history: {growth: {making: 5, mines: 4}}",
    ),
    "a swing of no sector": (
        "history: {swing: {mine: 5}}",
        (
            'history.swing.mine: got "mine", expected `gdp`, a sector or a group: farms, mines, '
            "factories, shops, making or gdp; did you mean mines?"
        ),
        "history: {swing: {gdp: 5, making: 1, mines: 2}}",
    ),
    "a past too long ago": (
        'history: {years: {"1969": {growth: 5}}}',
        'history.years.1969: got the key "1969", expected a year from 1970 to 2020, as four digits; or 2021,'
        " of which the target alone may be stated",
        'history: {years: {"1970": {growth: 5}}}',
    ),
    "a past that is to come": (
        'history: {years: {"2022": {target: 5}}}',
        'history.years.2022: got the key "2022", expected a year from 1970 to 2020, as four digits; or 2021,'
        " of which the target alone may be stated",
        'history: {years: {"2021": {target: 5}}}',
    ),
    "a past of five digits": (
        'history: {years: {"02019": {target: 5}}}',
        'history.years.02019: got the key "02019", expected a year from 1970 to 2020, as four digits; or'
        " 2021, of which the target alone may be stated",
    ),
    "a past of no year": (
        "history: {years: {last: {target: 5}}}",
        'history.years.last: got the key "last", expected a year from 1970 to 2020, as four digits; or 2021,'
        " of which the target alone may be stated",
    ),
    "growth of the year to come": (
        'history: {years: {"2021": {growth: 5, target: 5}}}',
        (
            "history.years.2021.growth: got 5, expected no growth of 2021, the year to come; its "
            "target may be stated here"
        ),
    ),
    "an outlook's change of the first year": (
        'outlook: {nation: 5, change: {"2021": 1}}',
        'outlook.change.2021: got the key "2021", expected a year from 2022 to 2024, as four digits',
        'outlook: {nation: 5, change: {"2022": 1}}',
    ),
    "an outlook's change beyond the last year": (
        'outlook: {nation: 5, change: {"2025": 1}}',
        'outlook.change.2025: got the key "2025", expected a year from 2022 to 2024, as four digits',
        'outlook: {nation: 5, change: {"2024": 1}}',
    ),
    "an outlook's change of no year": (
        "outlook: {nation: 5, change: {later: 1}}",
        'outlook.change.later: got the key "later", expected a year from 2022 to 2024, as four digits',
    ),
    "an outlook's change of five digits": (
        'outlook: {nation: 5, change: {"02022": 1}}',
        'outlook.change.02022: got the key "02022", expected a year from 2022 to 2024, as four digits',
    ),
    "an outlook's change where there is one year alone": (
        'years: {last: 2021}\noutlook: {nation: 5, change: {"2022": 1}}',
        'outlook.change.2022: got the key "2022", expected a later `years.last` first',
    ),
}

ECONOMY = {
    "a target year that is known": (
        "years: {target: 2020}",
        (
            "years.target: got 2020, expected 2021 or later, after the base year; a sheet is of a "
            "year that the accounts do not know yet"
        ),
    ),
    "a last year before the target year": (
        "years: {last: 2020}",
        "years.last: got 2020, expected the target year 2021 or later; leave `last` out to stop there",
        "years: {last: 2021}",
    ),
    "a horizon too long": (
        "years: {last: 2036}",
        (
            "years.last: got 2036, expected at most 2035, 15 years after the base year; capacity "
            "and markets cannot be carried on further"
        ),
        "years: {last: 2035}",
    ),
    "sectors short of GDP": (
        "accounts: {gdp: 200.2}",
        (
            "accounts.gdp: got 200.2 while `va` of the sectors adds to 200, expected the same "
            "within 0.05 %; the sectors are 0.2 亿元 below GDP: correct `va` of a sector or `gdp`"
        ),
        "accounts: {gdp: 200.1}",
    ),
    "sectors above GDP": (
        "accounts: {gdp: 199.8}",
        (
            "accounts.gdp: got 199.8 while `va` of the sectors adds to 200, expected the same "
            "within 0.05 %; the sectors are 0.2 亿元 above GDP: correct `va` of a sector or `gdp`"
        ),
        "accounts: {gdp: 199.91}",
    ),
    "GDP in another unit": (
        "accounts: {gdp: 2000000}",
        (
            "accounts.gdp: got 2000000 while `va` of the sectors adds to 200, expected the same "
            "within 0.05 %; the sectors are 1999800 亿元 below GDP: correct `va` of a sector or "
            "`gdp`; is one of them in 万元?"
        ),
    ),
    "amounts beyond counting": (
        (
            "accounts: {gdp: 1100000000}\nsectors: {farms: {va: 200000000}, mines: {va: 300000000, "
            "output: 600000000}, factories: {va: 300000000}, shops: {va: 300000000}}"
        ),
        (
            "accounts.gdp: got 1.1e+09 units of 亿元, expected at most 1e+09: no optimum can be "
            "trusted beyond; count in larger units: `money: {scale: million}`, and all amounts in "
            "these"
        ),
        (
            "accounts: {gdp: 1000000000}\nsectors: {farms: {va: 100000000}, mines: {va: 300000000, "
            "output: 600000000}, factories: {va: 300000000}, shops: {va: 300000000}}"
        ),
    ),
    "transfers that are all of income": (
        "accounts: {disposable_income: 10}",
        ("accounts.disposable_income: got 10, expected more than `transfers`, 10; transfers are part of it"),
        "accounts: {disposable_income: 10.1}",
    ),
    "consumption beyond all": (
        "national: {classes: {soil: {household_share: 20.6}}}",
        (
            "national.classes: got shares of household consumption (`household_share`) that add "
            "to 100.6, expected a sum of 100; take 0.6 away"
        ),
        "national: {classes: {soil: {household_share: 20.5}}}",
    ),
    "government consumption beyond all": (
        "national: {classes: {soil: {government_share: 0.6}}}",
        (
            "national.classes: got shares of government consumption (`government_share`) that add "
            "to 100.6, expected a sum of 100; take 0.6 away"
        ),
        "national: {classes: {soil: {government_share: 0.5}}}",
    ),
    "a group of no class": (
        "national: {groups: {making: [soil, good]}}",
        (
            'national.groups.making[1]: got "good", expected a class of the national table: soil, '
            "goods or care; did you mean goods?"
        ),
    ),
    "a group called as a class": (
        "national: {groups: {care: [soil]}}",
        'national.groups.care: got the name "care", which is a class too, expected a name of its own',
    ),
    "a group of nothing": (
        "national: {groups: {none: []}}",
        "national.groups.none: got an empty list, expected at least one class",
    ),
    "a row of no class": (
        "national: {coefficients: {sol: {soil: 0.1, goods: 0.1, care: 0.02}}}",
        (
            'national.coefficients.sol: got "sol", expected a class (a row): soil, goods or care; '
            "did you mean soil?"
        ),
    ),
    "a column of no class": (
        "national: {coefficients: {soil: {god: 0}}}",
        (
            'national.coefficients.soil.god: got "god", expected a class (a column): soil, goods '
            "or care; did you mean goods?"
        ),
    ),
    "a row missing": (
        "national: {coefficients: {soil: null}}",
        'national.coefficients: got no row "soil", expected one row for each class',
    ),
    "a column missing": (
        "national: {coefficients: {soil: {goods: null}}}",
        (
            "national.coefficients.soil: got no column goods, expected one column for each class; "
            "write 0 where nothing is bought"
        ),
    ),
    "a class that buys more than it makes": (
        "national: {coefficients: {soil: {soil: 0.8}}}",
        (
            'national.coefficients.soil.soil: got a column "soil" that adds to 1.1, expected less '
            "than 1; what is bought per unit of output must leave value added"
        ),
    ),
    "a column above output": (
        "national: {coefficients: {soil: {soil: 0.12}}}",
        (
            'national.coefficients.soil.soil: got a column "soil" whose inputs of 0.42 and value '
            "added of 0.6 are 2 % above output, expected output within 1 %; complete it, or state "
            "`outside_inputs` of the class for what is bought outside; `national.tolerance` lets "
            "larger gaps be scaled away"
        ),
        "national: {coefficients: {soil: {soil: 0.11}}}",
    ),
    "a column short of output": (
        "national: {coefficients: {soil: {soil: 0.08}}}",
        (
            'national.coefficients.soil.soil: got a column "soil" whose inputs of 0.38 and value '
            "added of 0.6 are 2 % short of output, expected output within 1 %; complete it, or "
            "state `outside_inputs` of the class for what is bought outside; `national.tolerance` "
            "lets larger gaps be scaled away"
        ),
        "national: {coefficients: {soil: {soil: 0.09}}}",
    ),
    "a column beyond the stated tolerance": (
        "national: {tolerance: 3, coefficients: {soil: {soil: 0.14}}}",
        (
            'national.coefficients.soil.soil: got a column "soil" whose inputs of 0.44 and value '
            "added of 0.6 are 4 % above output, expected output within 3 %; complete it, or state "
            "`outside_inputs` of the class for what is bought outside; `national.tolerance` lets "
            "larger gaps be scaled away"
        ),
        "national: {tolerance: 3, coefficients: {soil: {soil: 0.13}}}",
    ),
    "a sector of more than all classes": (
        "sectors: {mines: {national: {soil: 10.2}}}",
        (
            "sectors.mines.national: got shares of national classes that add to 100.2, expected a "
            "sum of 100; take 0.2 away"
        ),
        "sectors: {mines: {national: {soil: 10.1}}}",
    ),
    "a sector of parts of one": (
        "sectors: {mines: {national: {goods: 0.9, soil: 0.1}}}",
        (
            "sectors.mines.national: got shares of national classes that add to 1, expected a sum "
            "of 100; percent: 40, not 0.4"
        ),
    ),
    "a sector of no class": (
        "sectors: {mines: {national: {goods: 90, sol: 10, soil: null}}}",
        (
            'sectors.mines.national.sol: got "sol", expected a class or group of the national '
            "table: soil, goods, care or making; did you mean soil?"
        ),
        "sectors: {mines: {national: {goods: 90, making: 10, soil: null}}}",
    ),
    "a process of less than all classes": (
        "chains: {ridge: {processes: {dressing: {national: {goods: 99.8}}}}}",
        (
            "chains.ridge.processes.dressing.national: got shares of national classes that add to "
            "99.8, expected a sum of 100; 0.2 are missing"
        ),
        "chains: {ridge: {processes: {dressing: {national: {goods: 99.9}}}}}",
    ),
    "a process of no class": (
        "chains: {ridge: {processes: {mining: {national: minerals}}}}",
        (
            'chains.ridge.processes.mining.national.minerals: got "minerals", expected a class or '
            "group of the national table: soil, goods, care or making"
        ),
    ),
    "investment that buys from a group": (
        "sectors: {mines: {investment_buys: {making: 20}}}",
        (
            'sectors.mines.investment_buys.making: got "making", expected a class of the national '
            "table: soil, goods or care; groups are not allowed here"
        ),
    ),
    "investment that buys more than it costs": (
        "sectors: {mines: {investment_buys: {goods: 95, care: 5.1}}}",
        (
            "sectors.mines.investment_buys: got purchases that add to 100.1, expected at most "
            "100; the rest is land, imported equipment and interest"
        ),
        "sectors: {mines: {investment_buys: {goods: 95, care: 5}}}",
    ),
    "money of a sector that lacks": (
        "sectors: {mines: {funds: {own: 59.9}}}",
        (
            "sectors.mines.funds: got shares of sources of money that add to 99.9, expected a sum "
            "of 100; 0.1 are missing"
        ),
        "sectors: {mines: {funds: {own: 59.995}}}",
    ),
    "money of a sector from nowhere": (
        "sectors: {mines: {funds: {bond: null, bonds: 40}}}",
        (
            'sectors.mines.funds.bonds: got "bonds", expected a key of `funds`: own or bond; did '
            "you mean bond?"
        ),
    ),
    "money of a project that lacks": (
        "projects: {new-mine: {funds: {own: 50}}}",
        (
            "projects.new-mine.funds: got shares of sources of money that add to 90, expected a "
            "sum of 100; 10 are missing"
        ),
    ),
    "money of a project from nowhere": (
        "projects: {new-mine: {funds: {bond: null, grants: 40}}}",
        (
            'projects.new-mine.funds.grants: got "grants", expected a key of `funds`: own or '
            "bond; define it under `funds:`"
        ),
    ),
    "commissioning that never comes": (
        "sectors: {mines: {capacity: {gestation: [10, 45]}}}",
        (
            "sectors.mines.capacity.gestation: got shares of commissioning that add to 55, "
            "expected a sum of 100; 45 are missing"
        ),
    ),
    "commissioning of farms that never comes": (
        "sectors: {farms: {gestation: [30, 60]}}",
        (
            "sectors.farms.gestation: got shares of commissioning that add to 90, expected a sum "
            "of 100; 10 are missing"
        ),
    ),
    "commissioning of services beyond all": (
        "sectors: {shops: {gestation: [50, 60]}}",
        (
            "sectors.shops.gestation: got shares of commissioning that add to 110, expected a sum "
            "of 100; take 10 away"
        ),
        "sectors: {shops: {gestation: [40, 60]}}",
    ),
    "commissioning over too many years": (
        "sectors: {mines: {capacity: {gestation: [10, 10, 10, 10, 10, 10, 40]}}}",
        (
            "sectors.mines.capacity.gestation: got a list of 7, expected at most 6; join the last "
            "years into one"
        ),
        "sectors: {mines: {capacity: {gestation: [10, 10, 10, 10, 10, 50]}}}",
    ),
    "a sector used beyond its ceiling": (
        "sectors: {mines: {capacity: {utilisation: {base: 90.5}}}}",
        (
            "sectors.mines.capacity.utilisation.base: got 90.5, expected at most `max`, 90; the "
            "base year shows that more can be held: raise `max`"
        ),
        "sectors: {mines: {capacity: {utilisation: {base: 90}}}}",
    ),
    "a process used beyond its ceiling": (
        "chains: {ridge: {processes: {mining: {utilisation: {base: 91, max: 90}}}}}",
        (
            "chains.ridge.processes.mining.utilisation.base: got 91, expected at most `max`, 90; "
            "the base year shows that more can be held: raise `max`"
        ),
        "chains: {ridge: {processes: {mining: {utilisation: {base: 90, max: 90}}}}}",
    ),
    "farmland of no crop": (
        "sectors: {farms: {farmland: {crops: [rice]}}}",
        'sectors.farms.farmland.crops[0]: got "rice", expected a key of `crops`: grain',
    ),
    "base shares of no sector": (
        "investment: {base_shares: {farm: 10, farms: null}}",
        (
            'investment.base_shares.farm: got "farm", expected a sector: farms, mines, factories '
            "or shops; did you mean farms?"
        ),
    ),
    "base shares beyond all": (
        "investment: {base_shares: {farms: 10.02}}",
        "investment.base_shares: got shares that add to 100.02, expected a sum of 100; take 0.02 away",
        "investment: {base_shares: {farms: 10.01}}",
    ),
    "base shares as parts of one": (
        "investment: {base_shares: {farms: 0.1, mines: 0.3, factories: 0.3, shops: 0.3}}",
        "investment.base_shares: got shares that add to 1, expected a sum of 100; percent: 40, not 0.4",
    ),
    "a level and growth of one year": (
        'investment: {path: {"2021": 85}, growth_in: {"2021": 5}}',
        "investment.growth_in.2021: got 2021 twice: here and in `path`, expected its growth or its level",
        'investment: {path: {"2021": 85}, growth_in: {"2022": 5}}',
    ),
    "growth of investment in the base year": (
        'investment: {growth_in: {"2020": 5}}',
        ('investment.growth_in.2020: got the key "2020", expected a year from 2021 to 2024, as four digits'),
        'investment: {growth_in: {"2021": 5}}',
    ),
    "growth of investment beyond the last year": (
        'investment: {growth_in: {"2025": 5}}',
        ('investment.growth_in.2025: got the key "2025", expected a year from 2021 to 2024, as four digits'),
        'investment: {growth_in: {"2024": 5}}',
    ),
    "investment of no year": (
        "investment: {path: {next: 85}}",
        'investment.path.next: got the key "next", expected a year from 2021 to 2024, as four digits',
    ),
    "investment beyond the last year": (
        'investment: {path: {"2025": 85}}',
        'investment.path.2025: got the key "2025", expected a year from 2021 to 2024, as four digits',
        'investment: {path: {"2024": 85}}',
    ),
    "investment of a year of five digits": (
        'investment: {path: {"02021": 85}}',
        'investment.path.02021: got the key "02021", expected a year from 2021 to 2024, as four digits',
    ),
    "prices beyond the last year": (
        'prices: {gdp_in: {"2025": 2}}',
        'prices.gdp_in.2025: got the key "2025", expected a year from 2021 to 2024, as four digits',
        'prices: {gdp_in: {"2024": 2}}',
    ),
    "a mix beyond the last year": (
        'mixes: {plan: {by_year: {"2025": {farms: 10, mines: 30, factories: 30, shops: 30}}}}',
        'mixes.plan.by_year.2025: got the key "2025", expected a year from 2021 to 2024, as four digits',
        'mixes: {plan: {by_year: {"2024": {farms: 10, mines: 30, factories: 30, shops: 30}}}}',
    ),
    "a later mix beyond all": (
        'mixes: {plan: {by_year: {"2022": {farms: 10, mines: 30, factories: 30, shops: 31}}}}',
        "mixes.plan.by_year.2022: got shares that add to 101, expected a sum of 100; take 1 away",
    ),
    "a later mix of no sector": (
        'mixes: {plan: {by_year: {"2022": {farms: 10, mine: 30, factories: 30, shops: 30}}}}',
        (
            'mixes.plan.by_year.2022.mine: got "mine", expected a sector: farms, mines, factories '
            "or shops; did you mean mines?"
        ),
    ),
    "a later mix of what starts elsewhere": (
        'mixes: {industry-led: {by_year: {"2022": {farms: 10, mines: 30, factories: 30, shops: 30}}}}',
        ("mixes.industry-led.by_year: got `by_year` beside `starts_from`, expected `shares` with `by_year`"),
    ),
    "no plan": (
        (
            "mixes: {plan: null, x: {title: P, shares: {farms: 10, mines: 30, factories: 30, "
            "shops: 30}}, industry-led: null}"
        ),
        "mixes: got x, expected a mix called `plan`; it holds the shares of the plan as written",
    ),
    "a plan of nearly that name": (
        (
            "mixes: {plan: null, plane: {title: P, shares: {farms: 10, mines: 30, factories: 30, "
            "shops: 30}}, industry-led: null}"
        ),
        "mixes: got plane, expected a mix called `plan`; did you mean plane?",
    ),
    "a mix of no sector": (
        "mixes: {plan: {shares: {farms: null, farm: 10}}}",
        (
            'mixes.plan.shares.farm: got "farm", expected a sector: farms, mines, factories or '
            "shops; did you mean farms?"
        ),
    ),
    "a mix beyond all": (
        "mixes: {plan: {shares: {farms: 10.02}}}",
        "mixes.plan.shares: got shares that add to 100.02, expected a sum of 100; take 0.02 away",
        "mixes: {plan: {shares: {farms: 10.01}}}",
    ),
    "points that do not cancel": (
        "mixes: {industry-led: {add: {factories: 5.02}}}",
        "mixes.industry-led.add: got points that add to 0.02, expected a sum of 0; take 0.02 away",
        "mixes: {industry-led: {add: {factories: 5.01}}}",
    ),
    "points of no sector": (
        "mixes: {industry-led: {add: {factories: null, factory: 5}}}",
        (
            'mixes.industry-led.add.factory: got "factory", expected a sector: farms, mines, '
            "factories or shops; did you mean factories?"
        ),
    ),
    "a mix that starts from none": (
        "mixes: {industry-led: {starts_from: plann}}",
        (
            'mixes.industry-led.starts_from: got "plann", expected another mix: plan or '
            "industry-led; did you mean plan?"
        ),
    ),
    "a mix with shares and a start": (
        "mixes: {industry-led: {shares: {farms: 10, mines: 30, factories: 30, shops: 30}}}",
        (
            "mixes.industry-led: got both `shares` and `starts_from`, expected one of them; with "
            "`starts_from`, write the changes as `add`"
        ),
    ),
    "a plan that starts from another": (
        (
            "mixes: {plan: {shares: null, starts_from: b}, b: {title: B, shares: {farms: 10, "
            "mines: 30, factories: 30, shops: 30}}}"
        ),
        (
            "mixes.plan: got `starts_from`, expected `shares`; the plan starts from nothing: "
            "write out its shares"
        ),
    ),
    "a mix of nothing": (
        "mixes: {b: {title: B}}",
        "mixes.b: got no shares, expected `shares`, or `starts_from` with `add`; shares add to 100",
    ),
    "points on nothing": (
        "mixes: {industry-led: {starts_from: null}}",
        (
            "mixes.industry-led: got no shares, expected `shares`, or `starts_from` with `add`; "
            "shares add to 100"
        ),
    ),
    "points beside shares alone": (
        (
            "mixes: {b: {title: B, shares: {farms: 10, mines: 30, factories: 30, shops: 30}, add: "
            "{farms: 1, shops: -1}}}"
        ),
        "mixes.b.add: got points without `starts_from`, expected `starts_from: ` a mix",
    ),
    "points that leave less than nothing": (
        "mixes: {b: {title: B, starts_from: industry-led, add: {shops: -26, farms: 26}}}",
        (
            "mixes.b.add.shops: got -26, which leaves a share of -1, expected a share of 0 or "
            "more; take at most 25 away"
        ),
        "mixes: {b: {title: B, starts_from: industry-led, add: {shops: -25, farms: 25}}}",
    ),
    "mixes in a circle": (
        "mixes: {b: {title: B, starts_from: c}, c: {title: C, starts_from: b}}",
        "mixes.b.starts_from: got a circle: b -> c -> b, expected a mix that states shares in the end",
    ),
}

PROJECTS = {
    "a project of no sector": (
        "projects: {new-mine: {sector: mine}}",
        (
            'projects.new-mine.sector: got "mine", expected a sector: farms, mines, factories or '
            "shops; did you mean mines?"
        ),
    ),
    "a project of no sector with another mistake": (
        "projects: {new-mine: {sector: mine, invest: -1}}",
        (
            'projects.new-mine.sector: got "mine", expected a sector: farms, mines, factories or '
            "shops; did you mean mines?"
        ),
    ),
    "a project that ends as it starts": (
        "projects: {new-plant: {finish: 2021-03}}",
        "projects.new-plant.finish: got 2021-03, expected a month after the start, 2021-03",
        "projects: {new-plant: {finish: 2021-04}}",
    ),
    "a finished project without a month": (
        "projects: {old-plant: {finish: null}}",
        (
            "projects.old-plant: got a commissioned project without `finish`, expected the month "
            "of commissioning; it says how far the project has ramped up"
        ),
    ),
    "money put in place before works": (
        "projects: {new-plant: {done: 5}}",
        (
            "projects.new-plant.done: got 5 % put in place at the stage `planned`, expected 0; "
            "works have begun: the stage is `started`"
        ),
        "projects: {new-plant: {done: 0}}",
    ),
    "the same at the stage approved": (
        "projects: {new-plant: {done: 5, stage: approved}}",
        (
            "projects.new-plant.done: got 5 % put in place at the stage `approved`, expected 0; "
            "works have begun: the stage is `started`"
        ),
        "projects: {new-mine: {done: 5}}",
    ),
    "works begun that may be given up": (
        "projects: {new-mine: {cancel: 5}}",
        (
            "projects.new-mine.cancel: got 5 % at the stage `started`, expected no `cancel`; only "
            "a project whose works have not started can be cancelled"
        ),
        "projects: {new-mine: {cancel: 0}}",
    ),
    "works on line that may be given up": (
        "projects: {old-plant: {cancel: 5}}",
        (
            "projects.old-plant.cancel: got 5 % at the stage `commissioned`, expected no "
            "`cancel`; only a project whose works have not started can be cancelled"
        ),
        "projects: {new-plant: {cancel: 5}}",
    ),
    "a finished project given up": (
        "projects: {old-plant: {cancelled: 2021-06}}",
        (
            "projects.old-plant.cancelled: got 2021-06, expected no `cancelled` at the stage "
            "`commissioned`; it is there: leave `cancelled` out"
        ),
    ),
    "works given up in the base year": (
        "projects: {new-mine: {cancelled: 2020-12}}",
        (
            "projects.new-mine.cancelled: got 2020-12, expected a month of 2021 or later; works "
            "given up before that were not under way when the base year ended: leave the project "
            "out"
        ),
        "projects: {new-mine: {cancelled: 2021-01}}",
    ),
    "works given up when they are done": (
        "projects: {new-mine: {cancelled: 2021-10}}",
        (
            "projects.new-mine.cancelled: got 2021-10, expected a month up to its planned "
            "commissioning, 2021-09; after that there is nothing left to cancel"
        ),
        "projects: {new-mine: {cancelled: 2021-09}}",
    ),
    "a finished project that is to come": (
        "projects: {old-plant: {finish: 2021-01}}",
        (
            "projects.old-plant.finish: got 2021-01, expected 2020-12 or earlier for a "
            "commissioned project; the stage is the one reached when the base year ended"
        ),
        "projects: {old-plant: {finish: 2020-12}}",
    ),
    "works finished and not": (
        "projects: {new-mine: {finish: 2020-12}}",
        (
            "projects.new-mine.finish: got 2020-12, expected a month after 2020-12 for a project "
            "that is not commissioned; say when it is expected now, or `stage: commissioned`"
        ),
        "projects: {new-mine: {finish: 2021-01}}",
    ),
    "works begun that are to come": (
        "projects: {new-mine: {start: 2021-01}}",
        (
            "projects.new-mine.start: got 2021-01, expected 2020-12 or earlier for the stage "
            "`started`; the stage is the one reached when the base year ended"
        ),
        "projects: {new-mine: {start: 2020-12}}",
    ),
    "works to come that have begun": (
        "projects: {new-plant: {start: 2020-12}}",
        (
            "projects.new-plant.start: got 2020-12, expected a month after 2020-12 at the stage "
            "`planned`; say when works are expected to start, or give the stage reached"
        ),
        "projects: {new-plant: {start: 2021-01}}",
    ),
    "a start decided on for works that have begun": (
        "projects: {new-mine: {decided: 2021-03}}",
        (
            "projects.new-mine.decided: got 2021-03, expected no `decided` at the stage "
            "`started`; works have begun: there is no start to decide on"
        ),
    ),
    "a start decided on for the base year": (
        "projects: {new-plant: {decided: 2020-12}}",
        "projects.new-plant.decided: got 2020-12, expected a month of 2021 or later",
        "projects: {new-plant: {decided: 2021-01}}",
    ),
    "a project that adds nothing": (
        "projects: {new-plant: {adds: {output: null}}}",
        (
            "projects.new-plant.adds: got neither `output` nor `process`, expected `output`, or "
            "`process` with `capacity`; leave `adds` out for a project that adds no output by "
            "itself"
        ),
        "projects: {new-plant: {adds: null}}",
    ),
    "capacity of no process": (
        "projects: {new-plant: {adds: {capacity: 4}}}",
        (
            "projects.new-plant.adds.capacity: got capacity of no process, expected `process` "
            "beside it; or state `output` in 亿元"
        ),
    ),
    "output beside a process": (
        "projects: {new-mine: {adds: {output: 4}}}",
        (
            "projects.new-mine.adds.output: got output beside a process, expected `capacity` "
            "alone; the chain computes the output"
        ),
    ),
    "a process without capacity": (
        "projects: {new-mine: {adds: {capacity: null}}}",
        (
            "projects.new-mine.adds: got a process without `capacity`, expected `capacity`, in "
            "the unit of amounts of the chain"
        ),
    ),
    "a process of a sector without a chain": (
        "projects: {new-plant: {adds: {output: null, process: leaching, capacity: 1}}}",
        (
            'projects.new-plant.adds.process: got "leaching", expected `output`, since the sector '
            "factories has no chain"
        ),
    ),
    "a process that is none": (
        "projects: {new-mine: {adds: {process: leeching}}}",
        (
            'projects.new-mine.adds.process: got "leeching", expected a process of the chain '
            "ridge: mining, dressing or leaching; did you mean leaching?"
        ),
    ),
    "a limit below nothing": (
        "limits: {money: {max: -1, relax_to: null, price: null}}",
        "limits.money.max: got -1, expected at least 0",
        "limits: {money: {max: 0, relax_to: null, price: null}}",
    ),
    "a floor below nothing": (
        "limits: {a: {title: A, on: floor, min: -1, sectors: [mines]}}",
        "limits.a.min: got -1, expected at least 0",
        "limits: {a: {title: A, on: floor, min: 0, sectors: [mines]}}",
    ),
    "a relaxation below nothing": (
        "limits: {money: {max: 0, relax_to: -1}}",
        "limits.money.relax_to: got -1, expected at least 0",
    ),
    "a limit of nothing": (
        "limits: {money: {max: null}}",
        "limits.money: got no `max`, expected `max` of the limit",
    ),
    "a limit as a floor": (
        "limits: {money: {max: null, min: 5}}",
        "limits.money: got no `max`, expected `max` of the limit; `min` is of other limits",
    ),
    "a floor as a limit": (
        "limits: {a: {title: A, on: floor, max: 50, sectors: [mines]}}",
        "limits.a: got no `min`, expected `min` of the limit; `max` is of other limits",
    ),
    "a limit with a floor": (
        "limits: {money: {min: 5}}",
        "limits.money.min: got `min` beside `max`, expected one of them; write two limits",
    ),
    "a limit relaxed downwards": (
        "limits: {money: {relax_to: 89}}",
        (
            "limits.money.relax_to: got 89, expected at least `max`, 90; leave `relax_to` out for "
            "a limit that cannot be relaxed"
        ),
        "limits: {money: {relax_to: 90}}",
    ),
    "a floor relaxed upwards": (
        "limits: {a: {title: A, on: floor, min: 5, relax_to: 6, price: 1, sectors: [mines]}}",
        (
            "limits.a.relax_to: got 6, expected at most `min`, 5; leave `relax_to` out for a "
            "limit that cannot be relaxed"
        ),
        "limits: {a: {title: A, on: floor, min: 5, relax_to: 5, price: 1, sectors: [mines]}}",
    ),
    "a price of nothing": (
        "limits: {money: {relax_to: null}}",
        (
            "limits.money.price: got a price of nothing, expected `relax_to` beside it; without "
            "`relax_to` the limit is hard"
        ),
        "limits: {money: {relax_to: null, price: null}}",
    ),
    "a relaxation without a price": (
        "limits: {money: {price: null}}",
        (
            "limits.money: got `relax_to` without `price`, expected what one unit of relaxation "
            "costs, 亿元; it ranks the least-cost changes"
        ),
    ),
    "money from one source in a limit on all": (
        "limits: {money: {fund: bond}}",
        'limits.money.fund: got "bond", expected no `fund` unless `on: source`',
    ),
    "a limit on a source that is not named": (
        "limits: {bonds: {fund: null}}",
        "limits.bonds: got `on: source` without `fund`, expected `fund: ` own or bond",
    ),
    "a limit on a source that is none": (
        "limits: {bonds: {fund: bonds}}",
        'limits.bonds.fund: got "bonds", expected a key of `funds`: own or bond; did you mean bond?',
    ),
    "sectors in a limit on all": (
        "limits: {money: {sectors: [mines]}}",
        "limits.money.sectors: got mines, expected no `sectors` unless `on: sector` or `on: floor`",
    ),
    "a limit on sectors that are not named": (
        "limits: {a: {title: A, on: sector, max: 50}}",
        (
            "limits.a: got `on: sector` without `sectors`, expected `sectors: [...]`, of farms, "
            "mines, factories or shops"
        ),
    ),
    "a limit on a sector that is none": (
        "limits: {a: {title: A, on: sector, max: 50, sectors: [mine]}}",
        (
            'limits.a.sectors[0]: got "mine", expected a key of `sectors`: farms, mines, '
            "factories or shops; did you mean mines?"
        ),
        "limits: {a: {title: A, on: sector, max: 50, sectors: [mines]}}",
    ),
    "a limit of a year and of years": (
        "limits: {money: {year: 2022, over: [2021, 2022]}}",
        "limits.money.year: got `year` beside `over`, expected one of them",
    ),
    "years together that are not said": (
        "limits: {money: {together: true}}",
        (
            "limits.money.together: got true, expected `over: [first, last]` and `on: "
            "investment`, `on: source`, `on: sector` or `on: floor`"
        ),
        "limits: {money: {over: [2021, 2022], together: true}}",
    ),
    "shares together over years": (
        "limits: {mix: {over: [2021, 2022], together: true}}",
        (
            "limits.mix.together: got true, expected `over: [first, last]` and `on: investment`, "
            "`on: source`, `on: sector` or `on: floor`"
        ),
        "limits: {mix: {over: [2021, 2022]}}",
    ),
    "a limit of one year as years": (
        "limits: {money: {over: [2021]}}",
        "limits.money.over: got 2021, expected two years: the first and the last",
        "limits: {money: {over: [2021, 2021]}}",
    ),
    "a limit of three years as two": (
        "limits: {money: {over: [2021, 2022, 2023]}}",
        "limits.money.over: got 2021, 2022, 2023, expected two years: the first and the last",
    ),
    "a limit of years the wrong way round": (
        "limits: {money: {over: [2022, 2021]}}",
        (
            "limits.money.over: got 2022, 2021, expected two years in order, from 2021 to 2024; "
            "`years.last` says how far the simulation goes"
        ),
    ),
    "a limit of years from the base year": (
        "limits: {money: {over: [2020, 2021]}}",
        (
            "limits.money.over: got 2020, 2021, expected two years in order, from 2021 to 2024; "
            "`years.last` says how far the simulation goes"
        ),
    ),
    "a limit of years beyond the last": (
        "limits: {money: {over: [2021, 2025]}}",
        (
            "limits.money.over: got 2021, 2025, expected two years in order, from 2021 to 2024; "
            "`years.last` says how far the simulation goes"
        ),
        "limits: {money: {over: [2021, 2024]}}",
    ),
    "a limit of the base year": (
        "limits: {money: {year: 2020}}",
        (
            "limits.money.year: got 2020, expected a year from 2021 to 2024; `years.last` says "
            "how far the simulation goes"
        ),
        "limits: {money: {year: 2021}}",
    ),
    "a limit beyond the last year": (
        "limits: {money: {year: 2025}}",
        (
            "limits.money.year: got 2025, expected a year from 2021 to 2024; `years.last` says "
            "how far the simulation goes"
        ),
        "limits: {money: {year: 2024}}",
    ),
    "earlier starts in a year": (
        "limits: {a: {title: A, on: advance, max: 5, year: 2021}}",
        "limits.a.year: got a year, expected no `year`: starts are of any year",
        "limits: {a: {title: A, on: advance, max: 5}}",
    ),
    "earlier starts in years": (
        "limits: {a: {title: A, on: advance, max: 5, over: [2021, 2022]}}",
        "limits.a.over: got a year, expected no `over`: starts are of any year",
    ),
}

CHAINS = {
    "a chain that is none": (
        "sectors: {mines: {chain: rdge}}",
        'sectors.mines.chain: got "rdge", expected a key of `chains`: ridge; did you mean ridge?',
    ),
    "a chain that is nowhere near one": (
        "sectors: {mines: {chain: hills}}",
        'sectors.mines.chain: got "hills", expected a key of `chains`: ridge; define it under `chains:`',
    ),
    "a chain of two sectors": (
        (
            "sectors: {factories: {model: process_chain, chain: ridge, output: 100, "
            "investment_buys: {goods: 20}, capacity: {utilisation: {base: 78, max: 90}, "
            "scrapping: 3, output_per_yuan: 0.25, gestation: [100]}}}"
        ),
        (
            "sectors.factories.chain: got the chain of mines, expected a chain of its own; its "
            "output would count twice"
        ),
    ),
    "a process that makes nothing known": (
        "chains: {ridge: {processes: {mining: {makes: ores}}}}",
        (
            'chains.ridge.processes.mining.makes: got "ores", expected a material of the chain: '
            "ore, concentrate, tailings or oxide; did you mean ore?"
        ),
    ),
    "a process that uses nothing known": (
        "chains: {ridge: {processes: {dressing: {uses: {ores: 3}}}}}",
        (
            'chains.ridge.processes.dressing.uses.ores: got "ores", expected a material of the '
            "chain: ore, concentrate, tailings or oxide; did you mean ore?"
        ),
    ),
    "a process that makes beside it nothing known": (
        "chains: {ridge: {processes: {dressing: {joint: {tailing: 3}}}}}",
        (
            'chains.ridge.processes.dressing.joint.tailing: got "tailing", expected a material of '
            "the chain: ore, concentrate, tailings or oxide; did you mean tailings?"
        ),
    ),
    "an improvement of what is not used": (
        "chains: {ridge: {processes: {dressing: {improvement: {oxide: 1}}}}}",
        (
            'chains.ridge.processes.dressing.improvement.oxide: got "oxide", expected a material '
            "that the process uses or makes jointly: ore or tailings"
        ),
        "chains: {ridge: {processes: {dressing: {improvement: {tailings: 1}}}}}",
    ),
    "a share of what is not used": (
        "chains: {ridge: {processes: {dressing: {routing: {oxide: 1}}}}}",
        (
            'chains.ridge.processes.dressing.routing.oxide: got "oxide", expected a material that '
            "the process uses: ore"
        ),
    ),
    "a process with its own product beside it": (
        "chains: {ridge: {processes: {dressing: {joint: {concentrate: 1}}}}}",
        (
            "chains.ridge.processes.dressing.joint.concentrate: got concentrate, by which the "
            "process is counted, expected other materials made beside it"
        ),
    ),
    "a material that nobody makes": (
        (
            "chains: {ridge: {materials: {acid: {title: Acid, price: 5}}, processes: {leaching: "
            "{uses: {acid: 1}}}}}"
        ),
        (
            "chains.ridge.processes.leaching.uses.acid: got acid, which no process makes, "
            "expected a material made in the chain, or one with `bought`; state `bought: {}` for "
            "what is bought outside, or leave it to `national`"
        ),
        (
            "chains: {ridge: {materials: {acid: {title: Acid, price: 5, bought: {}}}, processes: "
            "{leaching: {uses: {acid: 1}}}}}"
        ),
    ),
    "parts beyond all": (
        (
            "chains: {ridge: {processes: {mining: {part: 60}, digging: {title: D, makes: ore, "
            "base: 100, va_ratio: 50, national: soil, part: 40.1}}}}"
        ),
        "chains.ridge.processes.digging.part: got parts of ore that add to 100.1, expected at most 100",
        (
            "chains: {ridge: {processes: {mining: {part: 60}, digging: {title: D, makes: ore, "
            "base: 100, va_ratio: 50, national: soil, part: 40}}}}"
        ),
    ),
    "a part of one of two": (
        (
            "chains: {ridge: {processes: {mining: {part: 60}, digging: {title: D, makes: ore, "
            "base: 100, va_ratio: 50, national: soil}}}}"
        ),
        (
            "chains.ridge.processes.mining.part: got a part, and none for digging, expected a "
            "part for every process counted by ore, or for none"
        ),
        (
            "chains: {ridge: {processes: {digging: {title: D, makes: ore, base: 100, va_ratio: "
            "50, national: soil}}}}"
        ),
    ),
    "the cheaper of one maker": (
        "chains: {ridge: {materials: {ore: {sharing: cost}}}}",
        (
            "chains.ridge.materials.ore.sharing: got `cost` for a material that fewer than two "
            "processes are counted by, expected several makers; leave `sharing` out"
        ),
        (
            "chains: {ridge: {materials: {ore: {sharing: cost}}, processes: {digging: {title: D, "
            "makes: ore, base: 100, va_ratio: 50, national: soil}}}}"
        ),
    ),
    "value added said twice": (
        "chains: {ridge: {processes: {mining: {other_purchases: 20}}}}",
        (
            "chains.ridge.processes.mining.other_purchases: got both `va_ratio` and "
            "`other_purchases`, expected one of them"
        ),
        "chains: {ridge: {processes: {mining: {other_purchases: 20, va_ratio: null}}}}",
    ),
    "value added not said": (
        "chains: {ridge: {processes: {mining: {va_ratio: null}}}}",
        ("chains.ridge.processes.mining: got neither `va_ratio` nor `other_purchases`, expected one of them"),
    ),
    "a price that returns from nothing": (
        "chains: {ridge: {materials: {tailings: {price: 0, long_run_price: 5}}}}",
        (
            "chains.ridge.materials.tailings.long_run_price: got a price to return to from a "
            "price of 0, expected a base-year price above 0"
        ),
        "chains: {ridge: {materials: {tailings: {long_run_price: 5}}}}",
    ),
    "units that do not fit": (
        "chains: {ridge: {units: {price: 元/桶}}}",
        (
            "chains.ridge.units: got prices in 元/桶 for amounts in 万吨, expected a price of money "
            "over the same kind of unit, such as kt, USD/t; or state `worth`: money that one unit "
            "of amount at a price of one is worth"
        ),
        "chains: {ridge: {units: {price: 元/桶, worth: 0.01}}}",
    ),
    "a worth that the units do not say": (
        "chains: {ridge: {units: {worth: 0.01}}}",
        (
            "chains.ridge.units.worth: got 0.01, expected 0.0001, which 万吨 at prices in 元/吨 are "
            "worth; leave `worth` out, or correct the units"
        ),
        "chains: {ridge: {units: {worth: 0.0001}}}",
    ),
    "a material of two chains": (
        (
            "chains: {dale: {title: D, materials: {ore: {title: O, price: 5}}, processes: "
            "{digging: {title: D, makes: ore, base: 100, va_ratio: 50, national: soil}}}}"
        ),
        "chains.dale.materials.ore: got ore, which chains.ridge has too, expected a name of its own",
        (
            "chains: {dale: {title: D, materials: {gold: {title: O, price: 5}}, processes: "
            "{digging: {title: D, makes: gold, base: 100, va_ratio: 50, national: soil}}}}"
        ),
    ),
    "a process of two chains": (
        (
            "chains: {dale: {title: D, materials: {gold: {title: O, price: 5}}, processes: "
            "{mining: {title: D, makes: gold, base: 100, va_ratio: 50, national: soil}}}}"
        ),
        ("chains.dale.processes.mining: got mining, which chains.ridge has too, expected a name of its own"),
    ),
    "processes in a circle": (
        "chains: {ridge: {processes: {mining: {uses: {concentrate: 1}}}}}",
        (
            "chains.ridge.processes.mining.uses: got a circle: mining <- dressing <- mining, "
            "expected processes that do not feed one another in a circle"
        ),
    ),
    "a share of what can be bought without end": (
        "chains: {ridge: {materials: {ore: {bought: {}}}}}",
        (
            "chains.ridge.processes.dressing.routing.ore: got a share of ore, of which any amount "
            "can be bought, expected no share, or `most` of what can be bought"
        ),
        "chains: {ridge: {materials: {ore: {bought: {most: 50}}}}}",
    ),
    "shares of a material beyond all": (
        "chains: {ridge: {processes: {leaching: {uses: {ore: 1}, routing: {ore: 5.1}}}}}",
        (
            "chains.ridge.processes.leaching.routing.ore: got shares of ore that add to 100.1 "
            "(dressing 95, leaching 5.1), expected at most 100; what nobody takes is sold"
        ),
        "chains: {ridge: {processes: {leaching: {uses: {ore: 1}, routing: {ore: 5}}}}}",
    ),
    "use counted from no material": (
        "chains: {ridge: {recovery: {Fe: {ore: ores}}}}",
        (
            'chains.ridge.recovery.Fe.ore: got "ores", expected a material of the chain: ore, '
            "concentrate, tailings or oxide; did you mean ore?"
        ),
    ),
    "use counted in no material made": (
        "chains: {ridge: {recovery: {Fe: {made: [concentrates]}}}}",
        (
            'chains.ridge.recovery.Fe.made[0]: got "concentrates", expected a material of the '
            "chain: ore, concentrate, tailings or oxide; did you mean concentrate?"
        ),
    ),
    "use counted in no material sold": (
        "chains: {ridge: {recovery: {Fe: {sold: {oxides: 50}}}}}",
        (
            'chains.ridge.recovery.Fe.sold.oxides: got "oxides", expected a material of the '
            "chain: ore, concentrate, tailings or oxide; did you mean oxide?"
        ),
    ),
    "use counted in nothing": (
        "chains: {ridge: {recovery: {Fe: {made: null}}}}",
        (
            "chains.ridge.recovery.Fe: got neither `made` nor `sold`, expected materials that "
            "count as recovered"
        ),
        "chains: {ridge: {recovery: {Fe: {made: null, sold: {concentrate: 100}}}}}",
    ),
    "use counted where nothing is held": (
        "chains: {ridge: {recovery: {Fe: {made: [concentrate, oxide]}}}}",
        (
            "chains.ridge.materials.oxide: got no `content` of Fe, expected the Fe in it, which "
            "`recovery.Fe` counts"
        ),
    ),
}

UNCERTAINTY = {
    "draws that are no power of two": (
        "uncertainty: {draws_min: 1000}",
        "uncertainty.draws_min: got 1000, expected a power of 2; 512 or 1024",
        "uncertainty: {draws_min: 1024}",
    ),
    "draws at most that are no power of two": (
        "uncertainty: {draws_max: 5000}",
        "uncertainty.draws_max: got 5000, expected a power of 2; 4096 or 8192",
        "uncertainty: {draws_max: 4096}",
    ),
    "fewer draws at most than at least": (
        "uncertainty: {draws_min: 4096, draws_max: 2048}",
        "uncertainty.draws_max: got 2048, expected at least `draws_min`, 4096",
        "uncertainty: {draws_min: 2048, draws_max: 2048}",
    ),
    "a shock to no sector": (
        "uncertainty: {shocks: {sectors: {mine: {sd: 1}}}}",
        (
            'uncertainty.shocks.sectors.mine: got "mine", expected a sector or a group: farms, '
            "mines, factories, shops or making; did you mean mines?"
        ),
        "uncertainty: {shocks: {sectors: {making: {sd: 1}, mines: {sd: 1}}}}",
    ),
    "a shock with two kinds of tails": (
        "uncertainty: {shocks: {own: {sd: 1, tails: 4, crisis: {sd: 3, chance: 5}}}}",
        (
            "uncertainty.shocks.own.tails: got `tails` beside `crisis`, expected one of them; "
            "crises already make fat tails"
        ),
        "uncertainty: {shocks: {own: {sd: 1, crisis: {sd: 3, chance: 5}}, national: {sd: 1, tails: 4}}}",
    ),
    "a sector's shock with two kinds of tails": (
        "uncertainty: {shocks: {sectors: {mines: {sd: 1, tails: 4, crisis: {sd: 3, chance: 5}}}}}",
        (
            "uncertainty.shocks.sectors.mines.tails: got `tails` beside `crisis`, expected one of "
            "them; crises already make fat tails"
        ),
    ),
    "a correlation with no number": (
        "uncertainty: {correlations: {a: {between: [accounts.fai, prices.consumr], rho: 0.5}}}",
        (
            'uncertainty.correlations.a.between[1]: got "prices.consumr", expected the path of an '
            "uncertain number (with `low` and `high`, or a distribution), of a shock, or of a "
            "material with `price_sd`; did you mean prices.consumer?"
        ),
        "uncertainty: {correlations: {a: {between: [accounts.fai, prices.consumer], rho: 0.5}}}",
    ),
    "a correlation with a number that is not in doubt": (
        "uncertainty: {correlations: {a: {between: [accounts.fai, accounts.gdp], rho: 0.5}}}",
        (
            'uncertainty.correlations.a.between[1]: got "accounts.gdp", expected the path of an '
            "uncertain number (with `low` and `high`, or a distribution), of a shock, or of a "
            "material with `price_sd`"
        ),
    ),
    "a correlation of one": (
        "uncertainty: {correlations: {a: {between: [accounts.fai], rho: 0.5}}}",
        'uncertainty.correlations.a.between: got "accounts.fai", expected different names, two at least',
    ),
    "a correlation with itself": (
        "uncertainty: {correlations: {a: {between: [accounts.fai, accounts.fai], rho: 0.5}}}",
        "uncertainty.correlations.a.between: got one name twice, expected different names, two at least",
    ),
    "a correlation of a shock and a number": (
        (
            "uncertainty: {shocks: {own: {sd: 1}}, correlations: {a: {between: [accounts.fai, "
            "uncertainty.shocks.own], rho: 0.5}}}"
        ),
        (
            "uncertainty.correlations.a.between: got a shock of every year and a number drawn "
            "once, expected names of the same kind"
        ),
        (
            "uncertainty: {shocks: {own: {sd: 1}, national: {sd: 1}}, correlations: {a: {between: "
            "[uncertainty.shocks.national, uncertainty.shocks.own], rho: 0.5}}}"
        ),
    ),
    "a pair correlated twice": (
        (
            "uncertainty: {correlations: {a: {between: [accounts.fai, prices.consumer], rho: "
            "0.5}, b: {between: [prices.consumer, accounts.fai], rho: 0.5}}}"
        ),
        (
            "uncertainty.correlations.b: got a pair stated before, expected each pair once; "
            "uncertainty.correlations.a"
        ),
    ),
    "correlations that cannot be": (
        (
            "uncertainty: {correlations: {a: {between: [accounts.fai, prices.consumer, "
            "sectors.farms.trend], rho: -0.51}}}"
        ),
        (
            "uncertainty.correlations: got a matrix that is not positive definite (smallest "
            "eigenvalue -0.02), expected correlations that can hold together; bring those between "
            "accounts.fai, prices.consumer or sectors.farms.trend nearer to 0"
        ),
        (
            "uncertainty: {correlations: {a: {between: [accounts.fai, prices.consumer, "
            "sectors.farms.trend], rho: -0.49}}}"
        ),
    ),
}

ACTUALS = {
    "a figure of no row": (
        'actuals: {figures: {gdp_grow: {"2021-06": 5}}}',
        (
            'actuals.figures.gdp_grow: got "gdp_grow", expected a row of the sheet: gdp_growth, '
            "urban_income, shop_growth, oxide_value, grain or air; did you mean gdp_growth?"
        ),
        'actuals: {figures: {gdp_growth: {"2021-06": 5}}}',
    ),
    "a part of no row": (
        'actuals: {shares: {gdp_grow: {"2020-06": 5}}}',
        (
            'actuals.shares.gdp_grow: got "gdp_grow", expected a row of the sheet: gdp_growth, '
            "urban_income, shop_growth, oxide_value, grain or air; did you mean gdp_growth?"
        ),
    ),
    "an error of no row": (
        'actuals: {errors: {gdp_grow: {"2021-06": 5}}}',
        (
            'actuals.errors.gdp_grow: got "gdp_grow", expected a row of the sheet: gdp_growth, '
            "urban_income, shop_growth, oxide_value, grain or air; did you mean gdp_growth?"
        ),
    ),
    "known beyond the last year": (
        "actuals: {until: 2025-01}",
        "actuals.until: got 2025-01, expected a month of 2021 to 2024",
        "actuals: {until: 2024-12}",
    ),
    "known up to the base year": (
        "actuals: {until: 2020-12}",
        "actuals.until: got 2020-12, expected a month of 2021 to 2024",
        "actuals: {until: 2021-01}",
    ),
    "a figure after what is known": (
        'actuals: {until: 2021-06, figures: {gdp_growth: {"2021-09": 5}}}',
        "actuals.figures.gdp_growth.2021-09: got 2021-09, expected up to `actuals.until`, 2021-06",
        'actuals: {until: 2021-09, figures: {gdp_growth: {"2021-09": 5}}}',
    ),
    "a figure too long ago": (
        'actuals: {figures: {gdp_growth: {"2017-12": 5}}}',
        "actuals.figures.gdp_growth.2017-12: got 2017-12, expected a month of 2018 to 2024",
        'actuals: {figures: {gdp_growth: {"2018-01": 5}}}',
    ),
    "a figure beyond the last year": (
        'actuals: {figures: {gdp_growth: {"2025-01": 5}}}',
        "actuals.figures.gdp_growth.2025-01: got 2025-01, expected a month of 2018 to 2024",
        'actuals: {figures: {gdp_growth: {"2024-12": 5}}}',
    ),
    "the nation's figure beyond the last year": (
        'actuals: {nation: {"2025-01": 5}}',
        "actuals.nation.2025-01: got 2025-01, expected a month of 2018 to 2024",
    ),
    "a figure of no time": (
        'actuals: {figures: {gdp_growth: {"2021-13": 5}}}',
        (
            'actuals.figures.gdp_growth: got "2021-13", expected a time from the beginning of the '
            "year, such as 1-6月, 上半年, 一季度, 前三季度, 2021-06"
        ),
    ),
    "the nation's figure of no time": (
        "actuals: {nation: {soon: 5}}",
        (
            'actuals.nation: got "soon", expected a time from the beginning of the year, such as '
            "1-6月, 上半年, 一季度, 前三季度, 2021-06"
        ),
    ),
    "a figure with a range": (
        'actuals: {figures: {gdp_growth: {"2021-06": {value: 5, low: 4}}}}',
        (
            "actuals.figures.gdp_growth.2021-06: got a figure with a range, expected the figure "
            "as published; how far it may lie off the year's stands in `actuals.errors`"
        ),
    ),
    "a figure with an upper end": (
        'actuals: {figures: {gdp_growth: {"2021-06": {value: 5, high: 6}}}}',
        (
            "actuals.figures.gdp_growth.2021-06: got a figure with a range, expected the figure "
            "as published; how far it may lie off the year's stands in `actuals.errors`"
        ),
    ),
    "a figure with a distribution": (
        'actuals: {figures: {gdp_growth: {"2021-06": {value: 5, distribution: {kind: normal, sd: 1}}}}}',
        (
            "actuals.figures.gdp_growth.2021-06: got a figure with a range, expected the figure "
            "as published; how far it may lie off the year's stands in `actuals.errors`"
        ),
    ),
    "growth that is a level": (
        'actuals: {figures: {gdp_growth: {"2021-06": 100.1}}}',
        "actuals.figures.gdp_growth.2021-06: got 100.1, expected growth of -60 to 100 %; is it a level?",
        'actuals: {figures: {gdp_growth: {"2021-06": 100}}}',
    ),
    "growth that cannot be": (
        'actuals: {figures: {gdp_growth: {"2021-06": -60.1}}}',
        "actuals.figures.gdp_growth.2021-06: got -60.1, expected growth of -60 to 100 %",
        'actuals: {figures: {gdp_growth: {"2021-06": -60}}}',
    ),
    "a level to date that falls": (
        'actuals: {figures: {oxide_value: {"2021-06": 3.9, "2021-03": 4}}}',
        (
            "actuals.figures.oxide_value.2021-06: got 3.9, expected at least 4, the figure to "
            "2021-03: both count from the beginning of the year"
        ),
        'actuals: {figures: {oxide_value: {"2022-03": 3, "2021-06": 4, "2021-03": 4}}}',
    ),
    "a part of a year that falls": (
        'actuals: {shares: {gdp_growth: {"2020-06": 30, "2020-03": 40}}}',
        (
            "actuals.shares.gdp_growth.2020-06: got 30, expected at least 40, the figure to "
            "2020-03: both count from the beginning of the year"
        ),
        'actuals: {figures: {gdp_growth: {"2021-06": 3, "2021-03": 4}}}',
    ),
    "a part of another year": (
        'actuals: {shares: {gdp_growth: {"2021-06": 30}}}',
        "actuals.shares.gdp_growth.2021-06: got 2021-06, expected a month of the base year, 2020",
        'actuals: {shares: {gdp_growth: {"2020-06": 30}}}',
    ),
    "two figures of one indicator": (
        (
            "targets: {cap: {title: C, indicator: gdp_growth, at_most: 9}}\nactuals: {figures: "
            '{gdp_growth: {"2021-06": 5}, cap: {"2021-06": 5}}}'
        ),
        (
            "actuals.figures.cap.2021-06: got a second figure of the same indicator and time, "
            "beside gdp_growth, expected one figure each; rows of other years and of several "
            "years share the figures of their indicator"
        ),
        (
            "targets: {cap: {title: C, indicator: gdp_growth, at_most: 9}}\nactuals: {figures: "
            '{gdp_growth: {"2021-06": 5}, cap: {"2021-09": 5}}}'
        ),
    ),
    "a level that growth does not give": (
        (
            "targets: {level: {title: C, indicator: gdp_level, ensure: 9}}\nactuals: {figures: "
            '{gdp_growth: {"2021-12": 5}, level: {"2021-12": 253.4}}}'
        ),
        (
            "actuals.figures.level.2021-12: got a level that rises by 20.7 % in prices beside "
            "growth of 5 %, expected prices within 20 points of those stated for 2021, 0.5 %; "
            "check the two figures and their units; if they are right, put `prices.gdp_in.2021`"
        ),
        (
            "targets: {level: {title: C, indicator: gdp_level, ensure: 9}}\nactuals: {figures: "
            '{gdp_growth: {"2021-12": 5}, level: {"2021-12": 253}}}'
        ),
    ),
    "an account that growth does not give": (
        'actuals: {figures: {gdp_growth: {"2021-12": 5}}, accounts: {gdp: 300}}',
        (
            "actuals.accounts.gdp: got a level that rises by 42.9 % in prices beside growth of 5 "
            "%, expected prices within 20 points of those stated for 2021, 0.5 %; check the two "
            "figures and their units; if they are right, put `prices.gdp_in.2021`"
        ),
        (
            'prices: {gdp_in: {"2021": 40}}\nactuals: {figures: {gdp_growth: {"2021-12": 5}}, '
            "accounts: {gdp: 300}}"
        ),
    ),
    "an outlook of a year that is over": (
        (
            'outlook: {nation: 5}\nactuals: {outlook: {"2021": 5}, figures: {gdp_growth: '
            '{"2021-12": 5}}, nation: {"2021-12": 5}}'
        ),
        'actuals.outlook.2021: got the key "2021", expected a year from 2022 to 2024, as four digits',
        (
            'outlook: {nation: 5}\nactuals: {outlook: {"2022": 5}, figures: {gdp_growth: '
            '{"2021-12": 5}}, nation: {"2021-12": 5}}'
        ),
    ),
    "an outlook beyond the last year": (
        'outlook: {nation: 5}\nactuals: {outlook: {"2025": 5}, nation: {"2021-12": 5}}',
        'actuals.outlook.2025: got the key "2025", expected a year from 2022 to 2024, as four digits',
        'outlook: {nation: 5}\nactuals: {outlook: {"2024": 5}, nation: {"2021-12": 5}}',
    ),
    "an outlook of no year": (
        'outlook: {nation: 5}\nactuals: {outlook: {later: 5}, nation: {"2021-12": 5}}',
        'actuals.outlook.later: got the key "later", expected a year from 2022 to 2024, as four digits',
    ),
    "an outlook of a year of five digits": (
        'outlook: {nation: 5}\nactuals: {outlook: {"02022": 5}, nation: {"2021-12": 5}}',
        'actuals.outlook.02022: got the key "02022", expected a year from 2022 to 2024, as four digits',
    ),
    "an outlook after none": (
        'actuals: {outlook: {"2022": 5}, nation: {"2021-12": 5}}',
        (
            "actuals.outlook: got a new outlook, and nothing that was expected of the first year, "
            "expected `outlook.nation`: the nation's growth of 2021 as forecast before"
        ),
        'outlook: {growth: 5}\nactuals: {outlook: {"2022": 5}, nation: {"2021-12": 5}}',
    ),
    "an outlook in the middle of a year": (
        'outlook: {nation: 5}\nactuals: {outlook: {"2022": 5}, nation: {"2021-06": 5}}',
        (
            "actuals.outlook: got a new outlook in the middle of a year, expected figures up to "
            "the end of a year"
        ),
    ),
    "an outlook without the year before": (
        'outlook: {nation: 5}\nactuals: {outlook: {"2022": 5}, figures: {gdp_growth: {"2021-12": 5}}}',
        (
            "actuals.nation: got no figure of 2021, expected the nation's growth of that year "
            "beside the new outlook"
        ),
        'outlook: {nation: 5}\nactuals: {outlook: {"2022": 5}}',
    ),
    "money placed in no sector": (
        "actuals: {placed: {mine: 5}}",
        (
            'actuals.placed.mine: got "mine", expected a sector: farms, mines, factories or '
            "shops; did you mean mines?"
        ),
        "actuals: {placed: {mines: 5}}",
    ),
    "an account of nothing": (
        "actuals: {accounts: {mine: 5}}",
        (
            'actuals.accounts.mine: got "mine", expected a key of `accounts`, a sector or a '
            "group: gdp, fai, household_consumption, government_consumption, transfers, "
            "disposable_income, farms, mines, factories, shops or making; did you mean mines?"
        ),
        "actuals: {accounts: {making: 5, mines: 5, fai: 5}}",
    ),
    "progress of no project": (
        "actuals: {projects: {new-mines: {done: 5}}}",
        (
            'actuals.projects.new-mines: got "new-mines", expected a key of `projects`: new-mine, '
            "new-plant or old-plant; did you mean new-mine?"
        ),
    ),
    "works begun later than what is known": (
        'actuals: {projects: {new-plant: {started: 2021-07}}, nation: {"2021-06": 5}}',
        (
            "actuals.projects.new-plant.started: got 2021-07, expected a month up to 2021-06, up "
            "to which the year is known"
        ),
        'actuals: {projects: {new-plant: {started: 2021-06}}, nation: {"2021-06": 5}}',
    ),
    "a project on line later than what is known": (
        'actuals: {projects: {new-mine: {commissioned: 2021-07}}, nation: {"2021-06": 5}}',
        (
            "actuals.projects.new-mine.commissioned: got 2021-07, expected a month up to 2021-06, "
            "up to which the year is known; what is still to come is `expected`"
        ),
        'actuals: {projects: {new-mine: {commissioned: 2021-06}}, nation: {"2021-06": 5}}',
    ),
    "a project expected for what is known": (
        'actuals: {projects: {new-mine: {expected: 2021-06}}, nation: {"2021-06": 5}}',
        (
            "actuals.projects.new-mine.expected: got 2021-06, expected a month after 2021-06; "
            "what is on line is `commissioned`"
        ),
        'actuals: {projects: {new-mine: {expected: 2021-07}}, nation: {"2021-06": 5}}',
    ),
    "a project given up and expected": (
        ('actuals: {projects: {new-mine: {expected: 2021-07, cancelled: 2021-05}}, nation: {"2021-06": 5}}'),
        (
            "actuals.projects.new-mine.cancelled: got 2021-05, expected no `expected` beside it; "
            "it is given up or still expected: leave one out"
        ),
    ),
    "a project given up in the base year": (
        'actuals: {projects: {new-mine: {cancelled: 2020-12}}, nation: {"2021-06": 5}}',
        (
            "actuals.projects.new-mine.cancelled: got 2020-12, expected a month after 2020-12; "
            "what happened up to the base year stands in `projects`"
        ),
        'actuals: {projects: {new-mine: {cancelled: 2021-01}}, nation: {"2021-06": 5}}',
    ),
    "works that began in the base year": (
        'actuals: {projects: {new-plant: {started: 2020-12}}, nation: {"2021-06": 5}}',
        (
            "actuals.projects.new-plant.started: got 2020-12, expected a month after 2020-12; "
            "what happened up to the base year stands in `projects`"
        ),
        'actuals: {projects: {new-plant: {started: 2021-01}}, nation: {"2021-06": 5}}',
    ),
    "progress of a finished project": (
        'actuals: {projects: {old-plant: {done: 50}}, nation: {"2021-06": 5}}',
        (
            "actuals.projects.old-plant: got progress of a project that is commissioned, expected "
            "a project that was not on line when the base year ended"
        ),
    ),
    "less done than before": (
        (
            "projects: {new-mine: {done: 50}}\nactuals: {projects: {new-mine: {done: 49}}, nation: "
            '{"2021-06": 5}}'
        ),
        (
            "actuals.projects.new-mine.done: got 49, expected at least the 50 % of the base year, "
            "in `projects`"
        ),
        (
            "projects: {new-mine: {done: 50}}\nactuals: {projects: {new-mine: {done: 50}}, nation: "
            '{"2021-06": 5}}'
        ),
    ),
    "works begun a second time": (
        'actuals: {projects: {new-mine: {started: 2021-03}}, nation: {"2021-06": 5}}',
        (
            "actuals.projects.new-mine.started: got 2021-03, expected no `started` at the stage "
            '"started"; works had begun before'
        ),
    ),
    "a project on line and expected": (
        (
            "actuals: {projects: {new-mine: {commissioned: 2021-05, expected: 2021-08}}, nation: "
            '{"2021-06": 5}}'
        ),
        (
            "actuals.projects.new-mine.commissioned: got 2021-05, expected no `expected` or "
            "`cancelled` beside it; it is on line: leave them out"
        ),
    ),
    "a project on line and given up": (
        (
            "actuals: {projects: {new-mine: {commissioned: 2021-05, cancelled: 2021-04}}, nation: "
            '{"2021-06": 5}}'
        ),
        (
            "actuals.projects.new-mine.commissioned: got 2021-05, expected no `expected` or "
            "`cancelled` beside it; it is on line: leave them out"
        ),
    ),
}

INDICATORS = {
    "an indicator called as one of the product": (
        "indicators: {gdp_growth: {title: Jobs, unit: 人, coefficients: {mines: 1}}}",
        'indicators.gdp_growth: got the name "gdp_growth", which is taken, expected a name of its own',
    ),
    "an indicator called as a relation": (
        "indicators: {urban_income: {title: Jobs, unit: 人, coefficients: {mines: 1}}}",
        ('indicators.urban_income: got the name "urban_income", which is taken, expected a name of its own'),
    ),
    "an indicator called as a driver": (
        "indicators: {consumer_prices: {title: Jobs, unit: 人, coefficients: {mines: 1}}}",
        (
            'indicators.consumer_prices: got the name "consumer_prices", which is taken, expected '
            "a name of its own"
        ),
    ),
    "an indicator called as a total": (
        "indicators: {output: {title: Jobs, unit: 人, coefficients: {mines: 1}}}",
        'indicators.output: got the name "output", which is taken, expected a name of its own',
    ),
    "coefficients over something": (
        "indicators: {jobs: {title: Jobs, unit: 人, over: gdp, coefficients: {mines: 1}}}",
        (
            "indicators.jobs.over: got `over` beside `coefficients`, expected `of` and `over`: "
            "keys of two indicators; state the coefficients as an indicator of its own, and the "
            "ratio as another"
        ),
    ),
    "an indicator of nothing": (
        "indicators: {jobs: {title: Jobs, unit: 人}}",
        "indicators.jobs: got neither `coefficients` nor `of`, expected one of them",
    ),
    "an indicator without unit": (
        "indicators: {jobs: {title: Jobs, coefficients: {mines: 1}}}",
        "indicators.jobs: got no `unit`, expected the unit of what is counted, such as 万人",
    ),
    "a coefficient of nothing": (
        "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mine: 1}}}",
        (
            'indicators.jobs.coefficients.mine: got "mine", expected a sector, a branch, or a '
            "class or group of the national table: farms, mines, factories, shops, mines/mining, "
            "mines/dressing, mines/leaching, mines/other, making, soil, goods or care; did you "
            "mean mines?"
        ),
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines/mining: 1, "
            "mines/other: 1, soil: 1, making: 1}}}"
        ),
    ),
    "change of a coefficient that is not there": (
        "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}, growth_of: {shops: 1}}}",
        'indicators.jobs.growth_of.shops: got "shops", expected a key of its `coefficients`: mines',
        "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}, growth_of: {mines: 1}}}",
    ),
    "a level beside another indicator": (
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}, x: {title: X, "
            "of: jobs, base: 5, kind: growth}}"
        ),
        (
            "indicators.x.base: got `base` beside `of`, expected it in `indicators.jobs`, whose "
            "coefficients these are"
        ),
    ),
    "coefficients beside another indicator": (
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}, x: {title: X, "
            "of: jobs, coefficients: {mines: 1}, kind: growth}}"
        ),
        (
            "indicators.x.coefficients: got `coefficients` beside `of`, expected it in "
            "`indicators.jobs`, whose coefficients these are"
        ),
    ),
    "an indicator of an unknown one": (
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}, x: {title: X, "
            "of: jbs, kind: growth}}"
        ),
        (
            'indicators.x.of: got the indicator "jbs", expected jobs, gdp, gdp_level, output or '
            "investment; did you mean jobs?"
        ),
        "indicators: {x: {title: X, of: gdp, kind: growth}}",
    ),
    "an indicator over an unknown one": (
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}, x: {title: X, "
            "of: jobs, over: gpd}}"
        ),
        (
            'indicators.x.over: got the indicator "gpd", expected jobs, gdp, gdp_level, output or '
            "investment; did you mean gdp?"
        ),
    ),
    "an indicator of one made of others": (
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}, x: {title: X, "
            "of: jobs, kind: growth}, y: {title: Y, of: x, kind: growth}}"
        ),
        (
            'indicators.y.of: got the indicator "x", expected jobs, gdp, gdp_level, output or '
            "investment; it has no coefficients itself: name what it is made of, `jobs`"
        ),
    ),
    "growth in persons": (
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}, x: {title: X, "
            "of: jobs, kind: growth, unit: 人}}"
        ),
        'indicators.x.unit: got "人", expected "%"; growth is in %',
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}, x: {title: X, "
            'of: jobs, kind: growth, unit: "%"}}'
        ),
    ),
    "a level in another unit": (
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}, x: {title: X, "
            "of: jobs, unit: 万人}}"
        ),
        'indicators.x.unit: got "万人", expected "人"; leave `unit` out',
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}, x: {title: X, "
            "of: jobs, unit: 人}}"
        ),
    ),
    "a ratio in another unit": (
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}, x: {title: X, "
            "of: jobs, over: gdp, unit: 吨/万元}}"
        ),
        (
            'indicators.x.unit: got "吨/万元", expected 人/亿元 or a multiple of it; it is the unit of '
            "`of` over that of `over`"
        ),
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}, x: {title: X, "
            "of: jobs, over: gdp, unit: 人/万元}}"
        ),
    ),
    "an indicator in a limit on money": (
        "limits: {money: {indicator: jobs}}",
        (
            'limits.money.indicator: got "jobs", expected no `indicator` unless `on: indicator` '
            "or `on: indicator_floor`"
        ),
    ),
    "a limit on an indicator where there is none": (
        "limits: {i: {title: I, on: indicator, max: 5}}",
        "limits.i: got `on: indicator` without `indicator`, expected a key of `indicators`",
    ),
    "a limit on an indicator that is not named": (
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}}\nlimits: {i: "
            "{title: I, on: indicator, max: 5}}"
        ),
        "limits.i: got `on: indicator` without `indicator`, expected `indicator: ` jobs",
    ),
    "a limit on an indicator that is none": (
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}}\nlimits: {i: "
            "{title: I, on: indicator, max: 5, indicator: jbs}}"
        ),
        'limits.i.indicator: got "jbs", expected a key of `indicators`; did you mean jobs?',
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}}\nlimits: {i: "
            "{title: I, on: indicator, max: -5, indicator: jobs}}"
        ),
    ),
    "a limit on an indicator of the product": (
        (
            "indicators: {jobs: {title: Jobs, unit: 人, coefficients: {mines: 1}}}\nlimits: {i: "
            "{title: I, on: indicator, max: 5, indicator: gdp_growth}}"
        ),
        (
            'limits.i.indicator: got "gdp_growth", expected a key of `indicators`; a limit is on '
            "an indicator of one's own; a target with `at_most` may be on any"
        ),
    ),
}


CASES: dict[str, tuple[str, ...]] = TARGETS | ECONOMY | PROJECTS | CHAINS | UNCERTAINTY | ACTUALS | INDICATORS


@pytest.fixture(scope="module")
def below() -> Reader:
    """The valley, read once."""
    reader = files_below(load(VALLEY))
    assert reader is not None
    return reader


def changed(change: str, below: Reader) -> Loaded:
    return load_text(f"extends: valley.yaml\nassumption: made up\n{change}\n", VALLEY, below)


def line(problem: Problem) -> str:
    said = f"{problem.path}: got {problem.found}, expected {problem.expected}"
    return f"{said}; {problem.hint}" if problem.hint else said


@pytest.mark.parametrize("case", CASES)
@pytest.mark.usefixtures("english")
def test_it_is_told_where_it_stands(below: Reader, case: str) -> None:
    change, told = CASES[case][:2]
    with pytest.raises(ScenarioError) as caught:
        changed(change, below)
    assert told in [line(problem) for problem in caught.value.problems]
    assert all(problem.file and problem.line for problem in caught.value.problems)


@pytest.mark.parametrize("case", [name for name, case in CASES.items() if len(case) == 3])
def test_what_lies_beside_it_is_not(below: Reader, case: str) -> None:
    changed(CASES[case][2], below)


TIMES = {
    "actuals.figures.gdp_growth.soon=5": 'got "soon", expected a month such as 2021-06',
    "actuals.nation.soon=5": 'got "soon", expected a month such as 2021-06',
    "actuals.errors.gdp_growth.soon=5": 'got "soon", expected a month such as 2021-06',
    "actuals.shares.gdp_growth.soon=5": 'got "soon", expected a month of the base year, 2020',
}


@pytest.mark.parametrize("said", TIMES)
@pytest.mark.usefixtures("english")
def test_a_time_on_the_command_line_is_a_month(said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(VALLEY, [said])
    assert [line(problem) for problem in caught.value.problems] == [
        f"{said.partition('=')[0]}: {TIMES[said]}"
    ]


SETS = {
    "accounts.gdp": '--set: got "accounts.gdp", expected dotted.path=value; for example accounts.gdp=1310',
    "=5": '--set: got "=5", expected dotted.path=value',
    "[0]=5": '--set: got "[0]=5", expected dotted.path=value',
    "accounts..gdp=5": '--set: got "accounts..gdp=5", expected dotted.path=value',
    "sectors.mines.capacity.gestation[x]=45": '--set: got "sectors.mines.capacity.gestation[x]=45", expected',
    "extends=x.yaml": "extends: got an override of what is read, expected a value of the scenario; change",
    "file=x.yaml": "file: got an override of what is read, expected a value of the scenario; change the file",
    "accounts.gdp=[1]": 'accounts.gdp: got "[1]", expected one number or word; put text with special signs',
    "accounts.gdp='": 'accounts.gdp: got "\'", expected one number or word; put text with special signs',
    "accounts.gdp=200\n": 'accounts.gdp: got "200", expected one number or word',
    f"title.en={'x' * 1000}": "title.en: got ",
    "sectors.mines.capacity.gestation[3]=5": "sectors.mines.capacity.gestation[3]: got [3], which does not"
    " exist, expected an item of a list that is there; items count from 0",
    "sectors.mins.capacity.gestation[2]=45": "sectors.mins.capacity.gestation[2]: got mins, which does not",
    "accounts[0]=5": "accounts[0]: got [0], which does not exist, expected an item of a list that is there",
}


@pytest.mark.parametrize("said", SETS)
@pytest.mark.usefixtures("english")
def test_a_value_of_the_command_line_has_a_path_and_is_one_word(said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(VALLEY, [said])
    assert [line(problem)[: len(SETS[said])] for problem in caught.value.problems] == [SETS[said]]


def test_the_last_item_of_a_list_can_be_set() -> None:
    load(VALLEY, ["sectors.mines.capacity.gestation[2]=45", f"title.en={'x' * 990}"])


BLOCK = "dabiao: 1\nassumption: made up\nindicators: {jobs: {title: J, unit: 人, coefficients: {mines: 1}}}\n"
FILES: dict[str, tuple[dict[str, str], str]] = {
    "a file that is not there": (
        {"x.yaml": "extends: valey.yaml"},
        "extends: got valey.yaml, which does not exist, expected the name of a file; did you mean"
        " valley.yaml?",
    ),
    "a number as a file": (
        {"x.yaml": "extends: 5"},
        'extends: got "5", expected the path of a file, or a list of paths',
    ),
    "a map as a file": (
        {"x.yaml": "extends: {a: valley.yaml}"},
        "extends: got a map, expected the path of a file, or a list of paths",
    ),
    "no file": (
        {"x.yaml": "extends: []"},
        "extends: got an empty list, expected the path of a file, or a list of paths",
    ),
    "a file and a number": (
        {"x.yaml": "extends: [valley.yaml, 5]"},
        'extends: got "5", expected the path of a file, or a list of paths',
    ),
    "a file that extends itself": (
        {"x.yaml": "extends: x.yaml"},
        "extends: got x.yaml, which extends this file, expected files that do not go round in a circle;"
        " x.yaml -> x.yaml",
    ),
    "two files that extend each other": (
        {"x.yaml": "extends: y.yaml", "y.yaml": "extends: x.yaml"},
        "extends: got x.yaml, which extends this file, expected files that do not go round in a circle;"
        " x.yaml -> y.yaml -> x.yaml",
    ),
    "too many files": (
        {"x.yaml": "extends: 1.yaml"} | {f"{n}.yaml": f"extends: {n + 1}.yaml" for n in range(1, 21)},
        "extends: got a chain of more than 20 files, expected fewer",
    ),
    "indicators of no file": (
        {"x.yaml": "extends: valley.yaml\nindicators: {use: [5]}"},
        'indicators.use: got "5", expected the path of a file, or a list of paths',
    ),
    "indicators of itself": (
        {"x.yaml": "extends: valley.yaml\nindicators: {use: x.yaml}"},
        "indicators.use: got x.yaml, which uses this file, expected files that do not go round in a circle;"
        " x.yaml -> x.yaml",
    ),
    "indicators of too many files": (
        {"x.yaml": "extends: valley.yaml\nindicators: {use: 1.yaml}"}
        | {f"{n}.yaml": f"indicators: {{use: {n + 1}.yaml}}" for n in range(1, 21)},
        "indicators.use: got a chain of more than 20 files, expected fewer",
    ),
    "indicators with more": (
        {
            "x.yaml": "extends: valley.yaml\nindicators: {use: y.yaml}",
            "y.yaml": BLOCK + "accounts: {gdp: 5}\n",
        },
        'accounts: got the key "accounts" in a file of indicators, expected `sources` and `indicators`;'
        " a whole scenario is inherited by `extends`",
    ),
    "a fiscal year that begins nowhere": (
        {"x.yaml": "extends: valley.yaml\nyears: {base: 2019-20}"},
        "years.begins: got fiscal years, and no month in which they begin, expected a month: `begins: 4` for"
        " April, 7 for July",
    ),
    "a fiscal year of the past that begins nowhere": (
        {"x.yaml": "extends: valley.yaml\nassumption: made up\nhistory: {years: {2018-19: {growth: 5}}}"},
        "years.begins: got fiscal years, and no month in which they begin, expected a month: `begins: 4` for"
        " April, 7 for July",
    ),
    "a source that is a list": (
        {"x.yaml": "extends: valley.yaml\naccounts: {source: [1], gdp: 200}"},
        "accounts.source: got a list, expected a key of `sources`",
    ),
    "an assumption that is a list": (
        {"x.yaml": "extends: valley.yaml\naccounts: {assumption: [1], gdp: 200}"},
        "accounts.assumption: got a list, expected a sentence, or {zh: ..., en: ...}",
    ),
    "an assumption of no words": (
        {"x.yaml": "extends: valley.yaml\naccounts: {assumption: '', gdp: 200}"},
        "accounts.assumption: got an empty text, expected a sentence, or {zh: ..., en: ...}",
    ),
    "an assumption in French": (
        {"x.yaml": "extends: valley.yaml\naccounts: {assumption: {fr: x}, gdp: 200}"},
        "accounts.assumption: got a map, expected a sentence, or {zh: ..., en: ...}",
    ),
    "a null of nothing": (
        {"x.yaml": "extends: valley.yaml\nprojects: {none: null}"},
        'projects.none: got "null", expected a value; null only takes away a key inherited through `extends`;'
        " delete the line",
    ),
}
RIGHT = {
    "twenty files": {"x.yaml": "extends: 1.yaml"}
    | {f"{n}.yaml": f"extends: {n + 1}.yaml" for n in range(1, 18)}
    | {"18.yaml": "extends: valley.yaml"},
    "indicators alone": {"x.yaml": "extends: valley.yaml\nindicators: {use: y.yaml}", "y.yaml": BLOCK},
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the valley."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "valley.yaml").write_bytes(VALLEY.read_bytes())
    return tmp_path


def laid(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def lines(ask: Callable[[], object]) -> list[str]:
    """All that is told, with the line of each."""
    with pytest.raises(ScenarioError) as caught:
        ask()
    return [f"{problem.line} {line(problem)}" for problem in caught.value.problems]


@pytest.mark.parametrize("case", FILES)
@pytest.mark.usefixtures("english")
def test_files_of_a_scenario_are_told_and_nothing_besides(here: Path, case: str) -> None:
    files, told = FILES[case]
    laid(here, files)
    assert [said.partition(" ")[2] for said in lines(lambda: load("x.yaml"))] == [told]


@pytest.mark.parametrize("case", RIGHT)
def test_files_that_are_right_are_read(here: Path, case: str) -> None:
    laid(here, RIGHT[case])
    load("x.yaml")


SWEEPS: dict[str, tuple[str, str, str]] = {
    "scenarios left out": (
        "s.yaml",
        "settings: {a: {investment.growth: 4}}",
        "1 scenarios: got nothing, expected paths, patterns or examples of scenarios",
    ),
    "no scenario": (
        "s.yaml",
        "scenarios: []",
        "1 scenarios: got an empty list, expected paths, patterns or examples of scenarios",
    ),
    "a number as a scenario": (
        "s.yaml",
        "scenarios: [valley.yaml, 5]",
        '1 scenarios[1]: got "5", expected a path, a pattern or example:NAME',
    ),
    "an empty scenario": (
        "s.yaml",
        "scenarios: ['']",
        '1 scenarios[0]: got "", expected a path, a pattern or example:NAME',
    ),
    "a scenario that is not there": (
        "s.yaml",
        "scenarios: none.yaml",
        '1 scenarios[0]: got "none.yaml", which does not exist, expected a scenario file',
    ),
    "a pattern of nothing": (
        "s.yaml",
        "scenarios: none*",
        '1 scenarios[0]: got no file that fits "none*", expected scenario files',
    ),
    "a pattern from the root": (
        "s.yaml",
        "scenarios: '/*.yaml'",
        '1 scenarios[0]: got no file that fits "/*.yaml", expected scenario files',
    ),
    "a title that is a list": (
        "s.yaml",
        "scenarios: valley.yaml\ntitle: [1]",
        "2 title: got a list, expected a text, or texts by `zh` and `en`",
    ),
    "a title of no words": (
        "s.yaml",
        "scenarios: valley.yaml\ntitle: {zh: ' '}",
        "2 title: got a map, expected a text, or texts by `zh` and `en`",
    ),
    "settings as a list": (
        "s.yaml",
        "scenarios: valley.yaml\nsettings: [1]",
        "2 settings: got a list, expected a map of names",
    ),
    "no setting": (
        "s.yaml",
        "scenarios: valley.yaml\nsettings: {}",
        "2 settings: got an empty map, expected a map of names",
    ),
    "a setting as a list": (
        "s.yaml",
        "scenarios: valley.yaml\nsettings: {a: [1]}",
        "2 settings.a: got a list, expected a map `path: value`",
    ),
    "a seed twice": (
        "s.yaml",
        "scenarios: valley.yaml\nseeds: [1, 1]",
        "2 seeds[1]: got 1 again, expected each once",
    ),
    "no seed": (
        "s.yaml",
        "scenarios: valley.yaml\nseeds: []",
        "2 seeds: got an empty list, expected a whole number from 0",
    ),
    "a seed that is true": (
        "s.yaml",
        "scenarios: valley.yaml\nseeds: true",
        '2 seeds[0]: got "true", expected a whole number from 0',
    ),
    "too many draws": (
        "s.yaml",
        "scenarios: valley.yaml\ndraws: 4194320",
        '2 draws[0]: got "4194320", expected a multiple of 16 up to 4,194,304, or 0 for none',
    ),
    "a text": ("s.txt", "scenarios", '0 file: got "s.txt", expected a file .yaml or .csv of a sweep'),
    "an empty table": ("s.csv", "", "1 file: got an empty file, expected a row of headings"),
    "headings alone": ("s.csv", "scenario\n", "1 file: got headings and no row, expected a task a row"),
    "a column twice": (
        "s.csv",
        "scenario,scenario\nvalley.yaml,valley.yaml\n",
        '1 file: got the column "scenario" twice, expected once',
    ),
    "a path twice": (
        "s.csv",
        "scenario,a.b,a.b\nvalley.yaml,1,2\n",
        '1 file: got the column "a.b" twice, expected once',
    ),
    "a column of no name": (
        "s.csv",
        "scenario,,seed\nvalley.yaml,,1\n",
        '1 file: got the column "", expected scenario, setting, outlook, seed or draws, or the path of a'
        " value as investment.growth",
    ),
    "no column of scenarios": (
        "s.csv",
        "seed\n1\n",
        "1 file: got no column `scenario`, expected a column `scenario`",
    ),
    "a cell too many": (
        "s.csv",
        "scenario,\nvalley.yaml,5\n",
        '2 file: got "5", expected a heading above it',
    ),
    "a row without scenario": (
        "s.csv",
        "scenario,seed\n,1\n",
        "2 scenario: got nothing, expected a path or example:NAME",
    ),
    "a task twice": (
        "s.csv",
        "scenario,seed\nvalley.yaml,1\nvalley.yaml,1\n",
        "3 file: got the same as line 2, expected every task once",
    ),
    "half a seed": (
        "s.csv",
        "scenario,seed\nvalley.yaml,1.5\n",
        '2 seed: got "1.5", expected a whole number from 0',
    ),
    "a seed stated twice": (
        "s.csv",
        "scenario,uncertainty.seed,seed\nvalley.yaml,1,1\n",
        "2 setting: got uncertainty.seed stated twice, by setting, outlook or seeds, expected once",
    ),
}


@pytest.mark.parametrize("case", SWEEPS)
@pytest.mark.usefixtures("english")
def test_the_file_of_a_sweep_is_told_and_nothing_besides(here: Path, case: str) -> None:
    name, text, told = SWEEPS[case]
    laid(here, {name: text})
    assert lines(lambda: read_sweep(name)) == [told]


@pytest.mark.parametrize(
    "more", ["draws: 4194304", "draws: [16, 0]", "seeds: [0, 1]", "settings: {a: }", "title: {en: A}"]
)
def test_the_file_of_a_sweep_is_right(here: Path, more: str) -> None:
    laid(here, {"s.yaml": f"scenarios: valley.yaml\n{more}\n"})
    assert list(read_sweep("s.yaml").rows())


NETWORK = """\
sources: {s: {en: source}}
network:
  source: s
  title: {en: n}
  materials: {ore: {title: ore, price: 3}, iron: {title: iron}}
  processes: {smelt: {title: smelt, makes: iron, uses: {ore: 2}}}
  places: {here: {title: here, capacity: {smelt: 5}, needs: {iron: 1}}, there: {title: there}}
  transport: {iron: {distance: {here: {there: 5}}, fixed: 1, per_distance: 1}}
"""
NETWORKS = {
    "a process that makes nothing known": (
        "makes: iron",
        "makes: irn",
        (
            '6 network.processes.smelt.makes: got "irn", expected a material of the network: ore '
            "or iron; did you mean iron?"
        ),
    ),
    "a process that uses nothing known": (
        "{ore: 2}",
        "{or: 2}",
        (
            '6 network.processes.smelt.uses.or: got "or", expected a material of the network: ore '
            "or iron; did you mean ore?"
        ),
    ),
    "a process with nothing known beside it": (
        "uses: {ore: 2}",
        "uses: {ore: 2}, joint: {slag: 1}",
        ('6 network.processes.smelt.joint.slag: got "slag", expected a material of the network: ore or iron'),
    ),
    "a process without a place": (
        "capacity: {smelt: 5}",
        "capacity: {}",
        (
            "6 network.processes.smelt: got no place with a capacity of smelt, expected a place "
            "where it can run; state `capacity: {smelt: ...}` at a place"
        ),
    ),
    "a place of no process": (
        "{smelt: 5}",
        "{smelt: 5, mill: 4}",
        '7 network.places.here.capacity.mill: got "mill", expected the unit of a process: smelt',
    ),
    "a need of nothing known": (
        "needs: {iron: 1}",
        "needs: {gold: 1}",
        '7 network.places.here.needs.gold: got "gold", expected a material of the network: ore or iron',
    ),
    "an offer of nothing known": (
        "needs: {iron: 1}",
        "offers: {gold: {price: 1}}",
        '7 network.places.here.offers.gold: got "gold", expected a material of the network: ore or iron',
    ),
    "a market of nothing known": (
        "needs: {iron: 1}",
        "takes: {gold: {price: 1}}",
        '7 network.places.here.takes.gold: got "gold", expected a material of the network: ore or iron',
    ),
    "freight of nothing known": (
        "transport: {iron:",
        "transport: {irn:",
        (
            '8 network.transport.irn: got "irn", expected a material of the network: ore or iron; '
            "did you mean iron?"
        ),
    ),
    "freight from no place": (
        "{here: {there: 5}}",
        "{her: {there: 5}}",
        (
            '8 network.transport.iron.distance.her: got "her", expected a place: here or there; '
            "did you mean here?"
        ),
    ),
    "freight to no place": (
        "{here: {there: 5}}",
        "{here: {ther: 5}}",
        (
            '8 network.transport.iron.distance.here.ther: got "ther", expected a place: here or '
            "there; did you mean there?"
        ),
    ),
    "units that do not fit": (
        "  title: {en: n}\n",
        "  title: {en: n}\n  units: {amount: t, price: 元/桶}\n",
        (
            "5 network.units: got prices in 元/桶 for amounts in t, expected a price of money over "
            "the same kind of unit, such as kt, USD/t; or state `worth`: money that one unit of "
            "amount at a price of one is worth"
        ),
    ),
}


@pytest.mark.parametrize("case", NETWORKS)
@pytest.mark.usefixtures("english")
def test_a_network_is_told_and_nothing_besides(here: Path, case: str) -> None:
    old, new, told = NETWORKS[case]
    laid(here, {"n.yaml": NETWORK.replace(old, new)})
    assert lines(lambda: load_network("n.yaml")) == [told]


def test_the_network_is_right(here: Path) -> None:
    laid(here, {"n.yaml": NETWORK})
    load_network("n.yaml")


TABLE = "id,region,value,quarters,own\n"
ONE = TABLE + "a,e,1,1,1\n"
QUARTERS = "quarter,own\n2024Q1,5\n2024Q2,5\n"
CANDIDATES: dict[str, tuple[str, str, str, str]] = {
    "a column twice": (
        "id,id,value,quarters,own\na,b,1,1,1\n",
        QUARTERS,
        "",
        "1 id: got the column a second time, expected each column once",
    ),
    "a cell too many": (
        TABLE + "a,e,1,1,1,9\n",
        QUARTERS,
        "",
        "2 file: got 6 cells, expected at most 5, as the headings; write a number that holds commas without"
        " them, or in quotes",
    ),
    "headings alone": (
        TABLE,
        QUARTERS,
        "",
        "1 file: got no rows, expected a first row of headings, then one row for each",
    ),
    "works of no time": (
        TABLE + "a,e,1,0,1\n",
        QUARTERS,
        "",
        '2 quarters: got "0", expected a whole number of quarters from 1 to 200',
    ),
    "works of more than fifty years": (
        TABLE + "a,e,1,201,1\n",
        QUARTERS,
        "",
        '2 quarters: got "201", expected a whole number of quarters from 1 to 200',
    ),
    "works of half a quarter": (
        TABLE + "a,e,1,1.5,1\n",
        QUARTERS,
        "",
        '2 quarters: got "1.5", expected a whole number of quarters from 1 to 200',
    ),
    "no id": (TABLE + ",e,1,1,1\n", QUARTERS, "", "2 id: got nothing, expected an id of its own"),
    "an id twice": (
        TABLE + "a,e,1,1,1\na,e,1,1,1\n",
        QUARTERS,
        "",
        '3 id: got "a" a second time, after line 2, expected an id of its own',
    ),
    "after none": (
        "id,value,quarters,own,after\nroad,1,1,1,\nmill,1,1,1,rode\n",
        QUARTERS,
        "",
        '3 after: got "rode", expected the id of a project; did you mean road?',
    ),
    "too early": (
        "id,value,quarters,own,earliest\na,1,1,1,2023Q4\n",
        QUARTERS,
        "",
        '2 earliest: got "2023Q4", expected a quarter from 2024Q1 to 2024Q2',
    ),
    "too late": (
        "id,value,quarters,own,latest\na,1,1,1,2024Q3\n",
        QUARTERS,
        "",
        '2 latest: got "2024Q3", expected a quarter from 2024Q1 to 2024Q2',
    ),
    "late before early": (
        "id,value,quarters,own,earliest,latest\na,1,1,1,2024Q2,2024Q1\n",
        QUARTERS,
        "",
        '2 latest: got "2024Q1", expected not before the earliest, 2024Q2',
    ),
    "a must of no yes": (
        "id,value,quarters,own,must\na,1,1,1,2\n",
        QUARTERS,
        "",
        '2 must: got "2", expected 1 or nothing',
    ),
    "money of no quarter": (
        ONE,
        "quarter,own\nsoon,5\n",
        "",
        '2 quarter: got "soon", expected a quarter such as 2024Q1 (2024年一季度)',
    ),
    "money of a quarter twice": (
        ONE,
        "quarter,own\n2024Q4,5\n2024Q4,5\n",
        "",
        '3 quarter: got "2024Q4", expected the quarter after 2024Q4',
    ),
    "money that is no number": (
        ONE,
        "quarter,own\n2024Q4,x\n",
        "",
        '2 own: got "x", expected a number of at least 0',
    ),
    "a region that has no candidates": (
        ONE,
        QUARTERS,
        "region,least\nf,1\n",
        '2 region: got "f", expected a region of the candidates',
    ),
    "a region twice": (
        ONE,
        QUARTERS,
        "region,least\ne,1\ne,2\n",
        '3 region: got "e" a second time, expected one row for each region',
    ),
    "more at least than at most": (
        ONE,
        QUARTERS,
        "region,least,most\ne,2,1\n",
        "2 least: got least 2, most 1, expected least <= most",
    ),
    "quotas of no region": (
        ONE,
        QUARTERS,
        "place,least\ne,2\n",
        "1 region: got no such column, expected a column `region` (县区)",
    ),
    "quotas of an unknown column": (
        ONE,
        QUARTERS,
        "region,lest\ne,2\n",
        "1 lest: got an unknown column, expected region, least, most or money; did you mean least?",
    ),
}


def chosen(folder: Path, projects: str, money: str, quota: str) -> None:
    """Tables of candidates, of money and of quotas, read."""
    laid(folder, {"p.csv": projects, "m.csv": money, "q.csv": quota})
    report = Report()
    quarters, own = budgets(Path("m.csv"), report)
    read = candidates(Path("p.csv"), quarters, tuple(own), report)
    if quota:
        quotas(Path("q.csv"), [each.region for each in read], report)
    report.stop()


@pytest.mark.parametrize("case", CANDIDATES)
@pytest.mark.usefixtures("english")
def test_tables_of_candidates_are_told_and_nothing_besides(here: Path, case: str) -> None:
    projects, money, quota, told = CANDIDATES[case]
    assert lines(lambda: chosen(here, projects, money, quota)) == [told]


@pytest.mark.parametrize(
    ("projects", "money", "quota"),
    [
        (TABLE + "a,e,1,200,1\n", QUARTERS, "region,least,most\ne,2,2\n"),
        (ONE, "quarter,own\n2024Q4,0\n2025Q1,5\n", ""),
        ("id,value,quarters,own,earliest,latest\na,0,1,1,2024Q2,2024Q2\n", QUARTERS, ""),
    ],
)
def test_tables_of_candidates_are_right(here: Path, projects: str, money: str, quota: str) -> None:
    chosen(here, projects, money, quota)


REGIONS = """\
dabiao: 1
assumption: made up
regions:
  title: {en: Lakeland}
  year: 2020
  members: {a: {scenario: valley.yaml}, b: {scenario: b.yaml}}
"""
WHOLE = "  parent: {gdp: 400}\n  targets: {growth: {ensure: 5}}\n"
SALES = "seller,buyer,amount (CNY 100m)\n"
PROVINCES: dict[str, tuple[str, str, str, str]] = {
    "members short of the parent": (
        "gdp: 400",
        "gdp: 450",
        "",
        (
            "7 regions.parent.gdp: got 450, of which the members state 400 (88.89 %), expected a "
            "difference of 10 % at most, where all are scaled; is a unit wrong, or are there rows "
            "of totals or of several members together (name the members by `take`)? Members "
            "missing: `reconcile: rest`; on purpose: `reconcile: tell`"
        ),
    ),
    "a rest without sectors": (
        "gdp: 400}",
        "gdp: 500}\n  reconcile: rest",
        "",
        (
            "7 regions.parent: got no `primary`, expected the parent's three sectors, of which "
            "the rest is made; state it, or `reconcile: scale`"
        ),
    ),
    "a rest without a tertiary sector": (
        "gdp: 400}",
        "gdp: 500, primary: 70, secondary: 270}\n  reconcile: rest",
        "",
        (
            "7 regions.parent.gdp: got 100 left over (10, 90, 0 by sector), expected more than "
            "the members' in every sector, of which the rest is made; are accounts of one "
            "release? otherwise `reconcile: scale`"
        ),
    ),
    "a rest without a primary sector": (
        "gdp: 400}",
        "gdp: 500, primary: 60, secondary: 200}\n  reconcile: rest",
        "",
        (
            "7 regions.parent.gdp: got 100 left over (0, 20, 80 by sector), expected more than "
            "the members' in every sector, of which the rest is made; are accounts of one "
            "release? otherwise `reconcile: scale`"
        ),
    ),
    "a limit of no member": (
        "  targets: {growth: {ensure: 5}}\n",
        "  targets: {growth: {ensure: 5}}\n  limits: {alder: {most: 5}}\n",
        "",
        '9 regions.limits.alder: got "alder", expected a member: a or b',
    ),
    "a limit of the rest where there is none": (
        "  targets: {growth: {ensure: 5}}\n",
        "  targets: {growth: {ensure: 5}}\n  limits: {rest: {most: 5}}\n",
        "",
        '9 regions.limits.rest: got "rest", expected a member: a or b',
    ),
    "a stretch below what is ensured": (
        "ensure: 5",
        "ensure: 5, stretch: 4.9",
        "",
        "8 regions.targets.growth.stretch: got 4.9, expected at least the 5 of `ensure`",
    ),
    "a gap of heads that nobody counted": (
        "{growth: {ensure: 5}}",
        "{growth: {ensure: 5}, gap: {at_most: 3}}",
        "",
        (
            "8 regions.targets.gap: got residents of fewer than two members, expected "
            "`population` of the members, or a column of residents in the table"
        ),
    ),
    "trade of nothing": (
        "  targets: {growth: {ensure: 5}}\n",
        "  targets: {growth: {ensure: 5}}\n  trade: {content: 30}\n",
        "",
        (
            "9 regions.trade: got neither `rows` nor `within`, expected one of them: a table of "
            "who buys of whom, or what members buy of one another"
        ),
    ),
    "trade said twice": (
        "  targets: {growth: {ensure: 5}}\n",
        "  targets: {growth: {ensure: 5}}\n  trade: {content: 30, within: 10, rows: f.csv}\n",
        "",
        (
            "9 regions.trade: got `rows` and `within`, expected one of them: a table of who buys "
            "of whom, or what members buy of one another"
        ),
    ),
    "trade between unknown places": (
        "  targets: {growth: {ensure: 5}}\n",
        "  targets: {growth: {ensure: 5}}\n  trade: {content: 30, within: 10}\n",
        "",
        (
            "9 regions.trade.within: got places of fewer than two members, expected `place` of "
            "the members, or columns of latitude and longitude in the table"
        ),
    ),
    "sales of no member": (
        "  targets: {growth: {ensure: 5}}\n",
        "  targets: {growth: {ensure: 5}}\n  trade: {content: 30, rows: f.csv}\n",
        "seller,buyer,amount (CNY 100m)\nalder,b,30\n",
        '2 regions.trade.seller: got "alder", expected a member: b or a',
    ),
    "sales to no member": (
        "  targets: {growth: {ensure: 5}}\n",
        "  targets: {growth: {ensure: 5}}\n  trade: {content: 30, rows: f.csv}\n",
        "seller,buyer,amount (CNY 100m)\na,birch,30\n",
        '2 regions.trade.buyer: got "birch", expected a member: b or a',
    ),
    "sales below nothing": (
        "  targets: {growth: {ensure: 5}}\n",
        "  targets: {growth: {ensure: 5}}\n  trade: {content: 30, rows: f.csv}\n",
        "seller,buyer,amount (CNY 100m)\na,b,-30\n",
        '2 regions.trade.amount: got "-30", expected 0 or more',
    ),
    "sales of a pair twice": (
        "  targets: {growth: {ensure: 5}}\n",
        "  targets: {growth: {ensure: 5}}\n  trade: {content: 30, rows: f.csv}\n",
        "seller,buyer,amount (CNY 100m)\na,b,30\na,b,40\n",
        "3 regions.trade.seller: got a → b, expected each pair once",
    ),
    "sales of more than is made": (
        "  targets: {growth: {ensure: 5}}\n",
        "  targets: {growth: {ensure: 5}}\n  trade: {content: 100, rows: f.csv}\n",
        "seller,buyer,amount (CNY 100m)\na,b,220\n",
        (
            "9 regions.trade: got a sells the others 1.10 of value added per unit of its GDP, "
            "expected 1 at most"
        ),
    ),
    "sales without a buyer": (
        "  targets: {growth: {ensure: 5}}\n",
        "  targets: {growth: {ensure: 5}}\n  trade: {content: 30, rows: f.csv}\n",
        "seller,amount (CNY 100m)\na,30\n",
        (
            "1 regions.trade: got no row of headings, expected headings such as 卖方, 买方, 金额; did "
            "you mean seller = 卖方?"
        ),
    ),
    "a rest that the file names": (
        "b: {scenario: b.yaml}",
        "rest: {scenario: b.yaml}",
        "",
        "6 regions.members.rest: got rest, expected another name: this one is the rest's",
    ),
    "a scenario that is not there": (
        "b.yaml",
        "none.yaml",
        "",
        (
            "6 regions.members.b.scenario: got none.yaml, which does not exist, expected the name "
            "of a file; did you mean p.yaml?"
        ),
    ),
    "priors as a scenario": (
        "b.yaml",
        "'example:china-2023/priors.yaml'",
        "",
        (
            '6 regions.members.b.scenario: got "example:china-2023/priors.yaml", a file of '
            "priors, which scenarios extend, expected a scenario"
        ),
    ),
    "a scenario twice": (
        "b.yaml",
        "valley.yaml",
        "",
        ('6 regions.members.b.scenario: got "valley.yaml", which is a already, expected each scenario once'),
    ),
    "another year": (
        "year: 2020",
        "year: 2021",
        "",
        ("6 regions.members.a: got base year 2020, target year 2021, expected 2021 and 2022, as `year` says"),
    ),
    "an outlook of no number": (
        "  targets: {growth: {ensure: 5}}\n",
        "  targets: {growth: {ensure: 5}}\n  outlook: many\n",
        "",
        (
            '9 regions.outlook: got "many", expected growth of the nation in percent, january, '
            "october or none, or a map of values"
        ),
    ),
    "a member of no row": (
        "  members: {a: {scenario: valley.yaml}, b: {scenario: b.yaml}}",
        "  members: {a: {population: 5}}",
        "",
        (
            '6 regions.members.a: got "a", expected a row of the table: nothing (none is '
            "defined); or state its `scenario`"
        ),
    ),
    "no members": (
        "  members: {a: {scenario: valley.yaml}, b: {scenario: b.yaml}}\n",
        "",
        "",
        "3 regions: got no members, expected `members`, or a `table` of them",
    ),
    "no regions": (
        "regions:",
        "region:",
        "",
        "1 regions: got a file without regions, expected a map `regions` with a parent and members",
    ),
}


@pytest.mark.parametrize("case", PROVINCES)
@pytest.mark.usefixtures("english")
def test_a_province_is_told(here: Path, case: str) -> None:
    old, new, sales, told = PROVINCES[case]
    assert old in REGIONS + WHOLE
    files = {"p.yaml": (REGIONS + WHOLE).replace(old, new), "b.yaml": "extends: valley.yaml\n"}
    laid(here, files | {"f.csv": sales})
    assert told in lines(lambda: load_province("p.yaml"))


@pytest.mark.parametrize(
    ("old", "new", "sales"),
    [
        ("gdp: 400", "gdp: 400", ""),
        ("gdp: 400", "gdp: 440", ""),
        ("gdp: 400}", "gdp: 4000}\n  reconcile: tell", ""),
        ("ensure: 5", "ensure: 5, stretch: 5", ""),
        (WHOLE, WHOLE + "  trade: {content: 100, rows: f.csv}\n", SALES + "a,b,199\n"),
    ],
)
def test_a_province_is_right(here: Path, old: str, new: str, sales: str) -> None:
    files = {
        "p.yaml": (REGIONS + WHOLE).replace(old, new),
        "b.yaml": "extends: valley.yaml\n",
        "f.csv": sales,
    }
    laid(here, files)
    load_province("p.yaml")


CITIES = """\
name,GDP (CNY 100m),Primary industry (CNY 100m),Secondary industry (CNY 100m),Real growth (%),Target (%),\
Population (10k)
Alder,500,50,200,5,6,80
Birch,300,40,100,4,5,60
"""
ROWS: dict[str, tuple[str, str, tuple[str, ...], dict[str, str], str]] = {
    "a city twice": (
        "Birch",
        "Alder",
        (),
        {},
        "3 table.Alder: got a second row of this name, expected each member once",
    ),
    "a city without name": (
        "Birch",
        "",
        (),
        {},
        "3 table.name: got nothing, expected the name of a member",
    ),
    "GDP in words": (
        "300",
        "many",
        (),
        {},
        (
            '3 table.Birch.gdp: got "many", expected a number, alone or with its unit (元, 万元, 亿元 '
            "or million yuan)"
        ),
    ),
    "no GDP": (
        "300",
        "",
        (),
        {},
        "3 table.Birch.gdp: got nothing, expected a number",
    ),
    "GDP of nothing": (
        "300,",
        "0,",
        (),
        {},
        (
            "3 table.Birch.gdp: got 0, expected GDP above 0 and no more than any province's "
            "(150000); state the unit in the heading: 地区生产总值（万元）"
        ),
    ),
    "GDP of a country": (
        "300,40",
        "150001,40",
        (),
        {},
        (
            "3 table.Birch.gdp: got 150001, expected GDP above 0 and no more than any province's "
            "(150000); state the unit in the heading: 地区生产总值（万元）"
        ),
    ),
    "no primary sector": (
        "300,40",
        "300,",
        (),
        {},
        "3 table.Birch.primary: got nothing, expected a number",
    ),
    "neither industry nor the secondary sector": (
        "40,100",
        "40,",
        (),
        {},
        "3 table.Birch.secondary: got nothing, expected a number",
    ),
    "a sector of nothing": (
        "300,40",
        "300,0",
        (),
        {},
        (
            "3 table.Birch.primary: got 0, expected more than 0; a sector that is not there: give "
            "a small figure such as 0.1"
        ),
    ),
    "sectors that are all of GDP": (
        "40,100",
        "40,260",
        (),
        {},
        ("3 table.Birch.gdp: got 300 beside 300 of primary, secondary, expected sectors that add up to GDP"),
    ),
    "growth beyond all": (
        "100,4,5",
        "100,-51,5",
        (),
        {},
        '3 table.Birch.growth: got "-51", expected a number in %/yr from -50 to 100',
    ),
    "growth in words": (
        "100,4,5",
        "100,fast,5",
        (),
        {},
        '3 table.Birch.growth: got "fast", expected a number in %',
    ),
    "a target in money": (
        "100,4,5",
        "100,4,5元",
        (),
        {},
        '3 table.Birch.target: got "5元", expected a number in %',
    ),
    "nobody": (
        ",60\n",
        ",0\n",
        (),
        {},
        '3 table.Birch.people: got "0", expected a number of people above 0 (万人)',
    ),
    "residents in words": (
        ",60\n",
        ",few\n",
        (),
        {},
        '3 table.Birch.people: got "few", expected a number of people above 0 (万人)',
    ),
    "residents as cattle": (
        ",60\n",
        ",60头\n",
        (),
        {},
        '3 table.Birch.people: got "60头", expected a number of people above 0 (万人)',
    ),
    "a column missing": (
        "Primary industry",
        "Prime",
        (),
        {},
        (
            "1 table.primary: got no such column, expected a column headed 第一产业 or primary; did "
            "you mean Prime (CNY 100m) = 第一产业?; or name them by hand: table: {columns: {gdp: …, "
            "primary: …}}"
        ),
    ),
    "a city that is not there": (
        "Birch",
        "Birch",
        ("Alder", "Brich"),
        {},
        '7 table.take: got "Brich", expected a row of the table: Alder or Birch; did you mean Birch?',
    ),
    "a heading that is not there": (
        "Birch",
        "Birch",
        (),
        {"growth": "Realgrow"},
        (
            '6 table.columns.growth: got "Realgrow", expected a heading of the table: name, GDP '
            "(CNY 100m), Primary industry (CNY 100m), Secondary industry (CNY 100m), Real growth "
            "(%), Target (%) or Population (10k); did you mean Real growth (%)?"
        ),
    ),
    "a stretch below the target": (
        CITIES,
        (
            "name,GDP (CNY 100m),Primary industry (CNY 100m),Secondary industry (CNY 100m),Real "
            "growth (%),Target (%),Population (10k),stretch target "
            "(%)\nAlder,500,50,200,5,6,80,7\nBirch,300,40,100,4,5,60,4.9\n"
        ),
        (),
        {},
        "3 table.Birch.stretch: got 4.9, expected at least the target of 5",
    ),
    "a latitude beyond the pole": (
        CITIES,
        (
            "name,GDP (CNY 100m),Primary industry (CNY 100m),Secondary industry (CNY 100m),Real "
            "growth (%),Target (%),Population "
            "(10k),latitude,longitude\nAlder,500,50,200,5,6,80,30,100\nBirch,300,40,100,4,5,60,90.1,"
            "180\n"
        ),
        (),
        {},
        '3 table.Birch.latitude: got "90.1", expected degrees, 90 at most',
    ),
    "a longitude beyond the date line": (
        CITIES,
        (
            "name,GDP (CNY 100m),Primary industry (CNY 100m),Secondary industry (CNY 100m),Real "
            "growth (%),Target (%),Population "
            "(10k),latitude,longitude\nAlder,500,50,200,5,6,80,30,100\nBirch,300,40,100,4,5,60,90,18"
            "0.1\n"
        ),
        (),
        {},
        '3 table.Birch.longitude: got "180.1", expected degrees, 180 at most',
    ),
    "a plan in another unit": (
        CITIES,
        (
            "name,GDP (CNY 100m),Primary industry (CNY 100m),Secondary industry (CNY 100m),Real "
            "growth (%),Target (%),Population (10k),fixed asset investment 2023 (CNY "
            "100m),planned investment 2024 (CNY "
            "100m)\nAlder,500,50,200,5,6,80,250,270\nBirch,300,40,100,4,5,60,150,1500000\n"
        ),
        (),
        {},
        (
            "3 table.Birch.planned: got 1.5e+06, 1e+06 % more than 150, expected a number in %/yr "
            "from -90 to 300; are both in one unit?"
        ),
    ),
    "a year in words": (
        CITIES,
        (
            "name,year,GDP (CNY 100m),Primary industry (CNY 100m),Secondary industry (CNY "
            "100m),Real growth (%),Target (%),Population "
            "(10k)\nAlder,2023,500,50,200,5,6,80\nBirch,soon,300,40,100,4,5,60\n"
        ),
        (),
        {},
        '3 table.year: got "soon", expected a year such as 2023',
    ),
    "a city without the base year": (
        CITIES,
        (
            "name,year,GDP (CNY 100m),Primary industry (CNY 100m),Secondary industry (CNY "
            "100m),Real growth (%),Target (%),Population "
            "(10k)\nAlder,2023,500,50,200,5,6,80\nBirch,2022,300,40,100,4,5,60\n"
        ),
        (),
        {},
        "3 table.Birch: got no row of 2023, expected one of each member",
    ),
    "a city twice in a year": (
        CITIES,
        (
            "name,year,GDP (CNY 100m),Primary industry (CNY 100m),Secondary industry (CNY "
            "100m),Real growth (%),Target (%),Population "
            "(10k)\nAlder,2023,500,50,200,5,6,80\nBirch,2023,300,40,100,4,5,60\nBirch,2023,300,40,100"
            ",4,5,60\n"
        ),
        (),
        {},
        "4 table.Birch: got a second row of this name, expected each member once",
    ),
}


def read(folder: Path, text: str, take: tuple[str, ...], columns: dict[str, str]) -> list[Row]:
    laid(folder, {"t.csv": text})
    report = Report()
    grid = grid_of(Path("t.csv"), report)
    assert grid is not None
    at = {"columns": Place("p.yaml", 6), "take": Place("p.yaml", 7)}
    found = rows_of(grid, "table", Asked(2023, columns, take, ("Lakeland", "Lakeland"), 800.0), at, report)
    report.stop()
    return found


@pytest.mark.parametrize("case", ROWS)
@pytest.mark.usefixtures("english")
def test_a_table_of_cities_is_told_and_nothing_besides(here: Path, case: str) -> None:
    old, new, take, columns, told = ROWS[case]
    assert old in CITIES
    assert lines(lambda: read(here, CITIES.replace(old, new), take, columns)) == [told]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("300,40,100", "300,40,259"),
        ("300,40,100", "150000,40,100"),
        ("100,4,5", "100,-50,5"),
        (",60\n", ",0.1\n"),
        (",60\n", ",\n"),
    ],
)
def test_a_table_of_cities_is_right(here: Path, old: str, new: str) -> None:
    assert [row.name for row in read(here, CITIES.replace(old, new), (), {})] == ["Alder", "Birch"]
