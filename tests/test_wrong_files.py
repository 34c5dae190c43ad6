"""Every rule of a scenario has a wrong file, and the message that it must give, with line and column.

A case changes one passage of the valley. The sign § in the new passage marks where the message must point;
it is not part of the file.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dabiao.models.errors import ScenarioError
from dabiao.scenarios.load import load
from wrong import TEXT, assert_told, change, complaints

FIELDS = {
    "unknown key": (
        "  gdp: 200",
        "  §gpd: 200",
        (
            "accounts.gpd: got an unknown key, expected one of gdp, fai, household_consumption, "
            "government_consumption, transfers or disposable_income; did you mean gdp?"
        ),
    ),
    "missing key": (
        "accounts:\n  source: yearbook\n  gdp: 200",
        "§accounts:\n  source: yearbook",
        "accounts.gdp: got nothing, expected the key `gdp` (GDP, 亿元)",
    ),
    "missing part": ("dabiao: 1\n", "§", "dabiao: got nothing, expected the key `dabiao`"),
    "wrong version": ("dabiao: 1\n", "dabiao: §2\n", 'dabiao: got "2", expected 1'),
    "number as text": (
        "  gdp: 200",
        '  gdp: §"200"',
        'accounts.gdp: got "200", expected a number in 亿元 of at least 0.001; take the quotes away',
    ),
    "leading zero": (
        "  transfers: 10\n",
        "  transfers: §012\n",
        (
            'accounts.transfers: got "012", expected a number in 亿元 of at least 0; '
            "a number does not begin with 0; write it without"
        ),
    ),
    "time of day": (
        "  transfers: 10\n",
        "  transfers: §12:30\n",
        'got "12:30", expected a number in 亿元 of at least 0; this is a time of day',
    ),
    "underscore": (
        "  transfers: 10\n",
        "  transfers: §1_000\n",
        'got "1_000", expected a number in 亿元 of at least 0; write 1000, without _',
    ),
    "commas": ("  transfers: 10\n", "  transfers: §1,000\n", "write 1000, without commas"),
    "another unit behind": (
        "  later: 3",
        "  later: §6.5亿元",
        (
            'investment.later: got "6.5亿元", expected a number in %/yr from -90 to 300; '
            '"亿元" is no unit of it'
        ),
    ),
    "full-width digits": ("  later: 3", "  later: §６．５", "write 6.5, in half-width digits"),
    "unit behind": (
        "  transfers: 10\n",
        "  transfers: §10万吨\n",
        '"万吨" is no unit of it',
    ),
    "no is a word": (
        "  transfers: 10\n",
        "  transfers: §no\n",
        'accounts.transfers: got "no", expected a number',
    ),
    "boolean as number": (
        "  transfers: 10\n",
        "  transfers: §true\n",
        'accounts.transfers: got "true", expected a number',
    ),
    "list as number": (
        "  transfers: 10\n",
        "  §transfers: [10]\n",
        "accounts.transfers: got a list, expected a number",
    ),
    "infinite": (
        "  transfers: 10\n",
        "  transfers: §.inf\n",
        'accounts.transfers: got ".inf", expected a finite number',
    ),
    "not a number": (
        "  transfers: 10\n",
        "  transfers: §.NaN\n",
        'accounts.transfers: got ".NaN", expected a finite number',
    ),
    "overflow": ("  transfers: 10\n", "  transfers: §1e999\n", "the number is too large or too small"),
    "too large": ("  transfers: 10\n", "  transfers: §1e16\n", 'got "1e16", expected a number up to 1e+15'),
    "a range in one cell": (
        "  transfers: 10\n",
        "  transfers: §7-8\n",
        'accounts.transfers: got "7-8", expected a number in 亿元 of at least 0; one number: its range is'
        " `low` and `high` beside `value`; a target from 7 to 8 is the row's text: `said: 7-8%`",
    ),
    "below the range": (
        "  transfers: 10\n",
        "  transfers: §-1\n",
        "accounts.transfers: got -1, expected a number in 亿元 of at least 0; the unit is 亿元",
    ),
    "above the range": (
        "    above_scale: 95",
        "    above_scale: §195",
        "sectors.mines.above_scale: got 195, expected a number in % from 0 to 100",
    ),
    "low out of range": (
        "fai: {value: 80, low: 70",
        "fai: {value: 80, low: §-70",
        "accounts.fai.low: got -70, expected a number in 亿元 of at least 0",
    ),
    "bounds exchanged": (
        "  fai: {value: 80, low: 70, high: 90",
        "  §fai: {value: 80, low: 90, high: 70",
        "accounts.fai: got low 90, value 80, high 70, expected low <= value <= high",
    ),
    "another unit": (
        "  gdp: 200",
        "  gdp: {value: 200, unit: §亿美元}",
        'accounts.gdp.unit: got "亿美元", expected "亿元"; "亿美元" is no unit of it',
    ),
    "quantity key": (
        "fai: {value: 80, low: 70",
        "fai: {value: 80, §lwo: 70",
        (
            "accounts.fai.lwo: got an unknown key, expected value, unit, "
            "low, high, distribution, source or assumption; did you mean low?"
        ),
    ),
    "quantity without value": (
        "  fai: {value: 80, low",
        "  §fai: {valeu: 80, low",
        "accounts.fai: got a map without `value`",
    ),
    "unknown source": (
        "accounts:\n  source: yearbook",
        "accounts:\n  source: §yearbok",
        (
            'accounts.source: got "yearbok", expected a key of `sources`: survey or yearbook; did you mean'
            " yearbook?"
        ),
    ),
    "empty assumption": (
        "assumption: unit cost of similar plants",
        'assumption: §""',
        "projects.new-plant.invest.assumption: got an empty text",
    ),
    "whole number": (
        "{seed: 7}",
        "{seed: §7.5}",
        'uncertainty.seed: got "7.5", expected a whole number; without a decimal point',
    ),
    "year out of range": (
        "base: 2020",
        "base: §1920",
        "years.base: got 1920, expected a whole number from 1950 to 2150",
    ),
    "flag": (
        "main: true",
        "main: §yes",
        'targets.gdp_growth.main: got "yes", expected true or false; write true or false',
    ),
    "choice": (
        "stage: started",
        "stage: §strated",
        (
            'projects.new-mine.stage: got "strated", expected planned, approved, started, registered '
            "or commissioned; did you mean started?"
        ),
    ),
    "month": (
        "    finish: 2021-09",
        "    finish: §2021-13",
        'projects.new-mine.finish: got "2021-13", expected a month such as 2024-09',
    ),
    "model": (
        "    model: industry",
        "    model: §industri",
        (
            'sectors.factories.model: got "industri", expected industry, services, agriculture or '
            "process_chain; did you mean industry?"
        ),
    ),
    "no model": (
        "  factories:\n    model: industry\n",
        "  §factories:\n",
        "sectors.factories.model: got nothing, expected `model: ` industry, services",
    ),
    "map expected": (
        "demand: {income_elasticity: 0.8, autonomous_consumption: 1, government: 3, transfers: 3}",
        "demand: §0.8",
        'demand: got "0.8", expected a map with income_elasticity',
    ),
    "list expected": (
        "crops: [grain], area: 60",
        "crops: §grain, area: 60",
        'sectors.farms.farmland.crops: got "grain", expected a list: [first, second, ...]',
    ),
    "text expected": (
        "title: {zh: 山谷基准方案, en: Valley baseline}",
        '§title: {zh: "", en: ""}',
        "title: got an empty text",
    ),
    "nothing": (
        "  growth: 6\n",
        "  growth:§\n",
        "investment.growth: got nothing, expected a value; null only takes away a key inherited",
    ),
    "null": (
        "  growth: 6\n",
        "  growth: §null\n",
        'investment.growth: got "null", expected a value; null only takes away',
    ),
    "full-width colon": (
        "{gdp: 0.5, consumer",
        "{§gdp：0.5, consumer",
        (
            'got the key "gdp：0.5", expected a key of 1 to 80 characters without spaces, dots, = and'
            " brackets; the colon is full-width"
        ),
    ),
}

RULES = {
    "gdp": (
        "  gdp: 200",
        "  gdp: §210",
        (
            "accounts.gdp: got 210 while `va` of the sectors adds to 200, expected the same within 0.05 %; "
            "the sectors are 10 亿元 below GDP"
        ),
    ),
    "income of transfers": (
        "  transfers: 10\n",
        "  transfers: 10\n  disposable_income: §10\n",
        "accounts.disposable_income: got 10, expected more than `transfers`, 10; transfers are part of it",
    ),
    "target year": (
        "target: 2021",
        "target: §2020",
        "years.target: got 2020, expected 2021 or later, after the base year",
    ),
    "last year": (
        "last: 2024",
        "last: §2020",
        "years.last: got 2020, expected the target year 2021 or later",
    ),
    "horizon": (
        "last: 2024",
        "last: §2036",
        "years.last: got 2036, expected at most 2035, 15 years after the base year",
    ),
    "shares of a mix": (
        "计划, shares: {farms: 10, mines: 30",
        "计划, §shares: {farms: 10, mines: 35",
        "mixes.plan.shares: got shares that add to 105, expected a sum of 100; take 5 away",
    ),
    "sector of a mix": (
        "计划, shares: {farms: 10, mines",
        "计划, shares: {farm: §10, mines",
        (
            'mixes.plan.shares.farm: got "farm", expected a sector: farms, mines, '
            "factories or shops; did you mean farms?"
        ),
    ),
    "points of a mix": (
        "add: {factories: 5, shops: -5}",
        "§add: {factories: 5, shops: -4}",
        "mixes.industry-led.add: got points that add to 1, expected a sum of 0",
    ),
    "negative share": (
        "add: {factories: 5, shops: -5}",
        "add: {factories: 35, shops: §-35}",
        (
            "mixes.industry-led.add.shops: got -35, which leaves a share "
            "of -5, expected a share of 0 or more; take at most 30 away"
        ),
    ),
    "start of a mix": (
        "starts_from: plan",
        "starts_from: §plam",
        (
            'mixes.industry-led.starts_from: got "plam", expected another mix: plan or industry-led; did you'
            " mean plan?"
        ),
    ),
    "mixes in a circle": (
        "starts_from: plan",
        "starts_from: §industry-led",
        "mixes.industry-led.starts_from: got a circle: industry-led -> industry-led",
    ),
    "no plan": (
        "mixes:\n  plan:",
        "§mixes:\n  plans:",
        "mixes: got plans or industry-led, expected a mix called `plan`; did you mean plans?",
    ),
    "no shares": (
        "  plan: {title: 计划, shares: {farms: 10, mines: 30, factories: 30, shops: 30}}",
        "  §plan: {title: 计划}",
        "mixes.plan: got no shares, expected `shares`, or `starts_from` with `add`",
    ),
    "shares and start": (
        "  industry-led: {title",
        "  §industry-led: {shares: {shops: 100}, title",
        "mixes.industry-led: got both `shares` and `starts_from`",
    ),
    "composition": (
        "national: {goods: 90, soil: 10}",
        "§national: {goods: 90, soil: 5}",
        "sectors.mines.national: got shares of national classes that add to 95",
    ),
    "class": (
        "national: {making: 100}",
        "national: {makng: §100}",
        (
            'sectors.factories.national.makng: got "makng", expected a class or group of the national table: '
            "soil, goods, care or making; did you mean making?"
        ),
    ),
    "class by name": (
        "national: care\n",
        "national: §car\n",
        'sectors.shops.national.car: got "car", expected a class or group',
    ),
    "purchases": (
        "investment_buys: {goods: 30}",
        "investment_buys: {making: §30}",
        'sectors.farms.investment_buys.making: got "making", expected a class of the national table',
    ),
    "purchases above all": (
        "investment_buys: {goods: 40}",
        "§investment_buys: {goods: 70, care: 40}",
        "sectors.shops.investment_buys: got purchases that add to 110, expected at most 100",
    ),
    "column of coefficients": (
        "    goods: {soil: 0.2, goods: 0.5, care: 0.2}",
        "    §goods: {soil: 0.2, goods: 0.5}",
        "national.coefficients.goods: got no column care",
    ),
    "sum of coefficients": (
        "soil: {soil: 0.1, goods: 0.1",
        "soil: {soil: 0.1, goods: §0.4",
        'national.coefficients.soil.goods: got a column "goods" that adds to 1, expected less than 1',
    ),
    "group": (
        "making: [soil, goods]",
        "making: [soil, §good]",
        (
            'national.groups.making[1]: got "good", expected a class of the national table: soil, goods or'
            " care; did you mean goods?"
        ),
    ),
    "gestation": (
        "gestation: [30, 70]",
        "§gestation: [30, 60]",
        (
            "sectors.farms.gestation: got shares of commissioning that add to 90, expected a sum of 100; 10"
            " are missing"
        ),
    ),
    "utilisation": (
        "utilisation: {base: 78, max: 90}",
        "utilisation: {base: §98, max: 90}",
        "sectors.mines.capacity.utilisation.base: got 98, expected at most `max`, 90",
    ),
    "farmland": (
        "crops: [grain], area: 60",
        "crops: [§corn], area: 60",
        'sectors.farms.farmland.crops[0]: got "corn", expected a key of `crops`: grain',
    ),
    "fund of a sector": (
        "    investment_buys: {goods: 20}\n    funds: {own: 60, bond: 40}",
        "    investment_buys: {goods: 20}\n    funds: {own: 60, bonds: §40}",
        'sectors.mines.funds.bonds: got "bonds", expected a key of `funds`: own or bond; did you mean bond?',
    ),
    "funds of a project": (
        "0.1}\n    funds: {own: 60, bond: 40}",
        "0.1}\n    §funds: {own: 60, bond: 30}",
        "projects.new-mine.funds: got shares of sources of money that add to 90",
    ),
    "base shares": (
        "  base_shares: {farms: 10",
        "  §base_shares: {farms: 20",
        "investment.base_shares: got shares that add to 110",
    ),
    "sector of a project": (
        "    sector: mines",
        "    sector: §mine",
        (
            'projects.new-mine.sector: got "mine", expected a sector: farms, mines, factories or shops; did'
            " you mean mines?"
        ),
    ),
    "finish before start": (
        "    start: 2021-03\n",
        "    start: 2021-03\n    finish: §2021-02\n",
        "projects.new-plant.finish: got 2021-02, expected a month after the start, 2021-03",
    ),
    "commissioned later": (
        "    finish: 2020-06",
        "    finish: §2021-06",
        "projects.old-plant.finish: got 2021-06, expected 2020-12 or earlier for a commissioned project",
    ),
    "late project": (
        "    finish: 2021-09",
        "    finish: §2020-09",
        (
            "projects.new-mine.finish: got 2020-09, expected a month after 2020-12 for a project that is not"
            " commissioned"
        ),
    ),
    "started later": (
        "    start: 2020-05",
        "    start: §2021-05",
        "projects.new-mine.start: got 2021-05, expected 2020-12 or earlier for the stage `started`",
    ),
    "planned in the past": (
        "    start: 2021-03",
        "    start: §2020-03",
        "projects.new-plant.start: got 2020-03, expected a month after 2020-12 at the stage `planned`",
    ),
    "cancelled after the start": (
        "    stage: started\n",
        "    stage: started\n    cancel: §10\n",
        "projects.new-mine.cancel: got 10 % at the stage `started`, expected no `cancel`",
    ),
    "done before works": (
        "    stage: planned\n",
        "    stage: planned\n    done: §10\n",
        "projects.new-plant.done: got 10 % put in place at the stage `planned`, expected 0",
    ),
    "process": (
        "process: leaching,",
        "process: §leeching,",
        (
            'projects.new-mine.adds.process: got "leeching", expected a process of the chain ridge: mining,'
            " dressing or leaching; did you mean leaching?"
        ),
    ),
    "process without capacity": (
        "    adds: {process: leaching, capacity: 0.1}",
        "    §adds: {process: leaching}",
        "projects.new-mine.adds: got a process without `capacity`",
    ),
    "process and output": (
        "{process: leaching, capacity: 0.1}",
        "{process: leaching, capacity: 0.1, output: §3}",
        "projects.new-mine.adds.output: got output beside a process",
    ),
    "process of no chain": (
        "adds: {output: 4}",
        "adds: {process: §leaching, capacity: 4}",
        (
            'projects.new-plant.adds.process: got "leaching", expected `output`, since the sector '
            "factories has no chain"
        ),
    ),
    "capacity of nothing": (
        "adds: {output: 4}",
        "adds: {output: 4, capacity: §4}",
        "projects.new-plant.adds.capacity: got capacity of no process",
    ),
    "adds nothing": (
        "    adds: {output: 4}",
        "    §adds: {}",
        "projects.new-plant.adds: got neither `output` nor `process`",
    ),
    "chain": (
        "    chain: ridge",
        "    chain: §rigde",
        'sectors.mines.chain: got "rigde", expected a key of `chains`: ridge; did you mean ridge?',
    ),
    "made material": (
        "makes: ore,",
        "makes: §oer,",
        (
            'chains.ridge.processes.mining.makes: got "oer", expected a material of the chain: ore,'
            " concentrate, tailings or oxide; did you mean ore?"
        ),
    ),
    "used material": (
        "uses: {concentrate: 200}, routing: {concentrate: 60}",
        "uses: {concentrat: §200}, routing: {}",
        'chains.ridge.processes.leaching.uses.concentrat: got "concentrat", expected a material of the chain',
    ),
    "joint material": (
        "joint: {tailings: 1.5}",
        "joint: {tailing: §1.5}",
        'chains.ridge.processes.dressing.joint.tailing: got "tailing"',
    ),
    "improvement": (
        "improvement: {ore: -1}",
        "improvement: {oxide: §-1}",
        (
            'chains.ridge.processes.dressing.improvement.oxide: got "oxide", expected a material that the'
            " process uses"
        ),
    ),
    "routing of nothing": (
        "routing: {ore: 95}",
        "routing: {oxide: §95}",
        (
            'chains.ridge.processes.dressing.routing.oxide: got "oxide", expected a material that the process'
            " uses: ore"
        ),
    ),
    "process circle": (
        "makes: ore, base: 1000,",
        "makes: ore, base: 1000, §uses: {concentrate: 1},",
        "chains.ridge.processes.mining.uses: got a circle: mining <- dressing <- mining",
    ),
    "recovery": (
        "made: [concentrate]",
        "made: [§concentrates]",
        'chains.ridge.recovery.Fe.made[0]: got "concentrates", expected a material of the chain',
    ),
    "recovery of nothing": (
        "      Fe: {reported: 63, ore: ore, made: [concentrate], ",
        "      §Fe: {reported: 63, ore: ore, ",
        "chains.ridge.recovery.Fe: got neither `made` nor `sold`",
    ),
    "limit without fund": (
        "  bonds: {title: 专项债, on: source, fund: bond,",
        "  §bonds: {title: 专项债, on: source,",
        "limits.bonds: got `on: source` without `fund`, expected `fund: ` own or bond",
    ),
    "limit of unknown fund": (
        "fund: bond, max",
        "fund: §bnod, max",
        'limits.bonds.fund: got "bnod", expected a key of `funds`: own or bond; did you mean bond?',
    ),
    "fund beside the point": (
        "on: mix, max: 8",
        "on: mix, fund: §bond, max: 8",
        'limits.mix.fund: got "bond", expected no `fund` unless `on: source`',
    ),
    "relaxed downwards": (
        "relax_to: 100",
        "relax_to: §80",
        "limits.money.relax_to: got 80, expected at least `max`, 90",
    ),
    "relaxed for nothing": (
        "  money: {title: 总投资, on: investment, max: 90, relax_to: 100, price: 1}",
        "  §money: {title: 总投资, on: investment, max: 90, relax_to: 100}",
        "limits.money: got `relax_to` without `price`",
    ),
    "price of nothing": (
        "on: mix, max: 8",
        "on: mix, max: 8, price: §2",
        "limits.mix.price: got a price of nothing, expected `relax_to` beside it",
    ),
    "indicator": (
        "  gdp_growth: {ensure",
        "  §gdp_grwth: {ensure",
        'targets.gdp_grwth: got the indicator "gdp_grwth"',
    ),
    "indicator by name": (
        "indicator: sector_growth",
        "indicator: §sector_grow",
        "did you mean sector_growth?; or `basis: stated`",
    ),
    "stated without title": (
        "  air: {title: 空气优良天数, ",
        "  §air: {",
        "targets.air: got a stated target without `title`",
    ),
    "no tier": (
        "  gdp_growth: {ensure: 6.5, stretch: 7, main",
        "  §gdp_growth: {main",
        "targets.gdp_growth: got `main` without a tier, expected `ensure`, `stretch` or `at_most`",
    ),
    "tiers exchanged": (
        "ensure: 6.5, stretch: 7",
        "ensure: 6.5, stretch: §6",
        "targets.gdp_growth.stretch: got 6, expected at least `ensure`, 6.5; are the two exchanged?",
    ),
    "ceiling and floor": (
        "ensure: 6.5, stretch: 7",
        "ensure: 6.5, at_most: §7",
        "targets.gdp_growth.at_most: got a ceiling beside a tier to reach",
    ),
    "covers": (
        "covers: [shops]",
        "covers: [§shop]",
        'targets.shop_growth.covers[0]: got "shop", expected sectors or groups: farms, mines',
    ),
    "covers nothing": (
        "  shop_growth: {title: 商业增速, indicator: sector_growth, covers: [shops],",
        "  §shop_growth: {title: 商业增速, indicator: sector_growth,",
        "targets.shop_growth: got no `covers`, expected the sectors or groups that sector_growth adds up",
    ),
    "covers crops": (
        "covers: [grain], ensure",
        "covers: [§rice], ensure",
        'targets.grain.covers[0]: got "rice", expected crops: grain',
    ),
    "covers for nothing": (
        "{ensure: 6.5, stretch",
        "{§covers: [shops], ensure: 6.5, stretch",
        "targets.gdp_growth.covers: got shops, expected no `covers`",
    ),
    "driver": (
        "drivers: {gdp_growth: 0.45",
        "drivers: {gdp_grow: §0.45",
        'relations.urban_income.drivers.gdp_grow: got the driver "gdp_grow"',
    ),
}


SEVERAL = {
    "row of coefficients": (
        [
            ("  coefficients:\n", "  §coefficients:\n"),
            ("    care: {soil: 0.1, goods: 0.1, care: 0.23}\n", ""),
        ],
        'national.coefficients: got no row "care", expected one row for each class',
    ),
    "unknown row": (
        [
            (
                "    care: {soil: 0.1, goods: 0.1, care: 0.23}",
                "    §cares: {soil: 0.1, goods: 0.1, care: 0.23}",
            )
        ],
        (
            'national.coefficients.cares: got "cares", expected a class (a row): soil, goods or care; did you'
            " mean care?"
        ),
    ),
    "household shares": (
        [("  classes:\n    soil", "  §classes:\n    soil"), ("household_share: 20", "household_share: 30")],
        (
            "national.classes: got shares of household consumption (`household_share`) that add to 110,"
            " expected a sum of 100"
        ),
    ),
    "government shares": (
        [("  classes:\n    soil", "  §classes:\n    soil"), ("government_share: 10", "government_share: 5")],
        "national.classes: got shares of government consumption (`government_share`) that add to 95",
    ),
    "gestation in defaults": (
        [
            (
                "      gestation: [10, 45, 45]\n    investment_buys: {goods: 20, care",
                "      §gestation: [10, 45]\n    investment_buys: {goods: 20, care",
            )
        ],
        "sectors.factories.capacity.gestation: got shares of commissioning that add to 55",
    ),
    "commissioned when": (
        [("  old-plant:", "  §old-plant:"), ("    finish: 2020-06\n", "")],
        "projects.old-plant: got a commissioned project without `finish`",
    ),
    "makes twice": (
        [("joint: {tailings: 1.5}", "joint: {concentrate: §1.5}")],
        (
            "chains.ridge.processes.dressing.joint.concentrate: got concentrate, by which the process is"
            " counted, expected other materials made beside it"
        ),
    ),
    "value added twice": (
        [("makes: oxide, base: 0.5", "makes: oxide, other_purchases: §5, base: 0.5")],
        (
            "chains.ridge.processes.leaching.other_purchases: got both `va_ratio` and `other_purchases`,"
            " expected one of them"
        ),
    ),
    "made by nobody": (
        [
            (
                "makes: oxide, base: 0.5, uses: {concentrate: 200}",
                "makes: oxide, base: 0.5, uses: {concentrate: 200, tailings: §1}",
            ),
            ("        joint: {tailings: 1.5}\n", ""),
        ],
        (
            "chains.ridge.processes.leaching.uses.tailings: got tailings, which no process makes, expected a"
            " material made in the chain"
        ),
    ),
    "routing above all": (
        [
            (
                "uses: {concentrate: 200}, routing: {concentrate: 60}",
                "uses: {concentrate: 200, ore: 1}, routing: {ore: §10}",
            )
        ],
        (
            "chains.ridge.processes.leaching.routing.ore: got shares of ore that add to 105 (dressing 95,"
            " leaching 10), expected at most 100"
        ),
    ),
    "content": (
        [("made: [concentrate]", "made: [oxide]"), ("      oxide: {title", "      §oxide: {title")],
        "chains.ridge.materials.oxide: got no `content` of Fe, expected the Fe in it",
    ),
    "relations in a circle": (
        [("consumer_prices: 1}", "rural_income: §1}")],
        (
            "relations.urban_income.drivers.rural_income: got a circle: urban_income -> rural_income ->"
            " urban_income"
        ),
    ),
    "relation of an indicator's name": (
        [("  rural_income:", "  §gdp_level:")],
        "which is an indicator of the product, expected a name of its own",
    ),
    "driver that covers": (
        [("consumer_prices: 1}", "crop_area: §1}")],
        "it needs `covers`, which a relation cannot say",
    ),
    "group named as a class": (
        [("  groups:\n", "  groups:\n    §care: [care]\n")],
        'national.groups.care: got the name "care", which is a class too',
    ),
    "empty group": (
        [("  groups:\n", "  groups:\n    §nothing: []\n")],
        "national.groups.nothing: got an empty list, expected at least one class",
    ),
    "chain used twice": (
        [
            (
                "    model: industry\n",
                "    model: process_chain\n    chain: §ridge\n    output: 90\n    investment_buys: {}\n",
            ),
            (
                "    capacity: {drift: 1.5}\n",
                (
                    "    capacity: {utilisation: {base: 78, max: 90}, scrapping: 3, drift: 1,"
                    " output_per_yuan: 1, gestation: [100]}\n"
                ),
            ),
        ],
        "sectors.factories.chain: got the chain of mines, expected a chain of its own",
    ),
    "plan that starts": (
        [
            (
                "  plan: {title: 计划, shares: {farms: 10, mines: 30, factories: 30, shops: 30}}",
                "  §plan: {title: 计划, starts_from: industry-led}",
            )
        ],
        "mixes.plan: got `starts_from`, expected `shares`; the plan starts from nothing",
    ),
    "points without start": (
        [("starts_from: plan, add", "shares: {shops: 100}, §add")],
        "mixes.industry-led.add: got points without `starts_from`",
    ),
    "base share of nobody": (
        [("base_shares: {farms: 10", "base_shares: {farm: §10")],
        'investment.base_shares.farm: got "farm", expected a sector',
    ),
    "unknown column": (
        [("soil: {soil: 0.1, goods: 0.1, care: 0.02}", "soil: {soil: 0.1, goods: 0.1, care: 0.02, air: §0}")],
        'national.coefficients.soil.air: got "air", expected a class (a column)',
    ),
    "recovered from nothing": (
        [("ore: ore, made", "ore: §rock, made")],
        'chains.ridge.recovery.Fe.ore: got "rock", expected a material of the chain',
    ),
    "defaults that do not fit": (
        [
            (
                (
                    "      drift: 1\n      output_per_yuan: 0.25\n      gestation: [10, 45, 45]\n   "
                    " investment_buys: {goods: 20, care"
                ),
                (
                    "      §drfit: 1\n      output_per_yuan: 0.25\n      gestation: [10, 45, 45]\n   "
                    " investment_buys: {goods: 20, care"
                ),
            )
        ],
        "sectors.factories.capacity.drfit: got an unknown key",
    ),
    "nothing to judge": (
        [
            ("targets:\n  source: yearbook\n", "§targets:\n  source: yearbook\n"),
            ("{ensure: 6.5, stretch: 7, main: true}", "{}"),
            ("  urban_income: {ensure: 5.5}\n", ""),
            ("covers: [shops], ensure: 7", "covers: [shops]"),
            ("concentrate], ensure: 5", "concentrate]"),
            ("[grain], ensure: 26", "[grain]"),
            ("at_most: 30, ", ""),
        ],
        "targets: got no tier anywhere, expected `ensure`, `stretch` or `at_most` in one target at least",
    ),
    "number from nowhere": (
        [("assumption: invented for tests\n", ""), ("  growth: 6\n  later", "  growth: §6\n  later")],
        (
            "investment: got 7 numbers without source or assumption (growth, later, before,"
            " base_shares.farms, ...), expected `source:` or `assumption:`"
        ),
    ),
}


@pytest.mark.parametrize(
    "case", [*FIELDS.values(), *RULES.values(), *SEVERAL.values()], ids=[*FIELDS, *RULES, *SEVERAL]
)
def test_mistake_is_told_with_its_place(case, tmp_path):
    *edits, message = case
    assert_told(edits[0] if isinstance(edits[0], list) else [tuple(edits)], message, tmp_path)


def test_many_mistakes_come_all_at_once(tmp_path):
    """Field by field and rule by rule, sorted by line: nobody mends a file one message at a time."""
    chosen = [
        FIELDS["missing key"][:2],
        FIELDS["another unit behind"][:2],
        RULES["target year"][:2],
        RULES["points of a mix"][:2],
        RULES["process"][:2],
        RULES["relaxed downwards"][:2],
        RULES["tiers exchanged"][:2],
        RULES["recovery"][:2],
    ]
    text = TEXT
    for old, new in chosen:
        text = text.replace(old, new.replace("§", ""))
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    said = complaints(path)
    paths = [line.split("  ", 1)[1].split(": got")[0] for line in said]
    assert paths == [
        "years.target",
        "accounts.gdp",
        "chains.ridge.recovery.Fe.made[0]",
        "investment.later",
        "projects.new-mine.adds.process",
        "mixes.industry-led.add",
        "limits.money.relax_to",
        "targets.gdp_growth.stretch",
    ]
    lines = [int(line.split(":")[1]) for line in said]
    assert lines == sorted(lines)


FORMS = {
    "empty": ("", "1:1", "got an empty file, expected a scenario; begin with `dabiao: 1`"),
    "only comments": ("# nothing\n", "1:1", "got an empty file"),
    "list": ("- 1\n", "1:1", "got a list, expected a map of keys and values"),
    "word": ("dabiao：1\n", "1:1", "the colon is full-width"),
    "tab": (
        "dabiao: 1\nyears:\n\tbase: 2020\n",
        "3:1",
        "got a tab at the beginning of a line, expected spaces; indent with spaces",
    ),
    "two documents": (
        "dabiao: 1\n---\ndabiao: 1\n",
        "2:1",
        "got a second document (---), expected one document in a file",
    ),
    "same key": (
        "dabiao: 1\ntitle: a\ntitle: b\n",
        "3:1",
        "title: got the key a second time, expected each key once; it stands first in line 2",
    ),
    "same key in other signs": (
        "sectors:\n  b厂: 1\n  ｂ厂: 2\n",
        "3:3",
        'got the key "b厂" a second time, with signs of another width, expected each key once; it stands'
        " first in line 2",
    ),
    "tag": ("dabiao: !!int 1\n", "1:9", 'dabiao: got the tag "!!int", expected a value without tag'),
    "python tag": ("title: !!python/object/apply:os.system [ls]\n", "1:8", "expected a value without tag"),
    "merge key": ("a: &a {b: 1}\nc: {<<: *a}\n", "2:5", 'c: got the merge key "<<"'),
    "unknown alias": ("title: *a\n", "1:8", "title: got *a, which stands for nothing above it"),
    "alias of itself": ("title: &a [*a]\n", "1:12", "got *a, which stands for nothing above it"),
    "alias bomb": (
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 10)}]\n" for i in range(9)),
        "5:",
        "got more than 30,000 values",
    ),
    "depth": ("title: " + "[" * 500 + "]" * 500 + "\n", "1:", "got more than 30 levels"),
    "key of a key": ("? {a: 1}\n: 2\n", "1:3", "got a key that is no plain word"),
    "open quote": ('title: "Valley\nyears: 1\n', "2:9", "a quotation mark is not closed"),
    "two colons": ("title: Valley: 2020\n", "1:14", "a second colon in the line"),
    "open bracket": ("years: {base: 2020\ntitle: a\n", "2:", "expected YAML"),
    "full-width comma": ("years: {base: 2020， target: 2021}\n", "1:", "the line has a full-width ，"),
    "control character": (
        "title: a\x07b\n",
        "1:9",
        "got the control character U+0007, expected printable text",
    ),
    "zero byte": ("dabiao: 1\ntitle: \0\n", "2:8", "got the control character U+0000"),
    "key with a dot": (
        "dabiao: 1\na.b: 1\n",
        "2:1",
        'got the key "a.b", expected a key of 1 to 80 characters without spaces, dots',
    ),
    "many nodes": ("title: [" + "1," * 250_001 + "]\n", "1:", "put large tables into a CSV file"),
}


@pytest.mark.parametrize("case", FORMS.values(), ids=FORMS)
def test_what_is_no_scenario_at_all(case, tmp_path):
    text, where, message = case
    path = tmp_path / "wrong.yaml"
    path.write_bytes(text.encode())
    said = complaints(path)
    assert any(line.startswith(f"wrong.yaml:{where}") and message in line for line in said), "\n".join(
        said[:20]
    )


def test_too_large_a_file(tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_bytes(b"# " + b"x" * 5_000_001)
    assert complaints(path) == [
        "wrong.yaml  file: got a file of 5,000,003 bytes, expected at most 5,000,000; is it a scenario at"
        " all?"
    ]


def test_too_many_mistakes_end_in_a_word(tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_text(TEXT + "".join(f"key{i}: 1\n" for i in range(5000)), encoding="utf-8")
    said = complaints(path)
    assert len(said) == 201
    assert said[-1].endswith("correct the ones above first")


def test_missing_file_names_its_neighbour(tmp_path):
    (tmp_path / "baseline.yaml").write_text(TEXT, encoding="utf-8")
    assert complaints(tmp_path / "basline.yaml")[0].endswith(
        "which does not exist, expected the name of a file; did you mean baseline.yaml?"
    )
    assert "which does not exist" in complaints(tmp_path / "absent" / "x.yaml")[0]


def test_folder_without_baseline(tmp_path):
    (tmp_path / "other.yaml").write_text(TEXT, encoding="utf-8")
    with pytest.raises(
        ScenarioError, match=r"a folder without baseline.yaml, expected a scenario file; .* has other.yaml"
    ):
        load(tmp_path)


@pytest.mark.parametrize("name", ["a\0b.yaml", "x" * 5000, "/dev/null/x.yaml"])
def test_names_that_no_file_can_have(name):
    with pytest.raises(ScenarioError):
        load(name)


def test_unknown_example():
    with pytest.raises(ScenarioError, match="which is not shipped"):
        load("example:../../etc/passwd")
    with pytest.raises(ScenarioError, match="which is not shipped"):
        load("example:")


def test_missing_priors_are_explained(tmp_path):
    text = (
        TEXT[: TEXT.index("national:")]
        + TEXT[TEXT.index("accounts:") : TEXT.index("defaults:")]
        + TEXT[TEXT.index("sectors:") :]
    )
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    said = [line for line in complaints(path) if "add `extends:` with the priors" in line]
    assert any(" national: got nothing" in line for line in said)
    assert any(" sectors.shops.market: got nothing" in line for line in said)
    assert any(" projects.new-mine.months: got nothing" in line for line in said)


def test_every_mistake_of_a_project_is_told_at_once(tmp_path):
    """A sector that does not exist is told beside a wrong number of the same project."""
    assert TEXT.count("  new-mine:\n") == 1
    at = TEXT.index("  new-mine:\n")
    head, project = TEXT[:at], TEXT[at:]
    project = re.sub(r"sector: \w+", "sector: Industry", project, count=1)
    project = re.sub(r"invest: [^,}\n]+", "invest: much", project, count=1)
    path = tmp_path / "wrong.yaml"
    path.write_text(head + project, encoding="utf-8")
    said = complaints(path)
    assert any('projects.new-mine.invest: got "much"' in line for line in said)
    assert any('projects.new-mine.sector: got "Industry", expected a sector' in line for line in said)


def test_a_full_width_colon_in_a_map_is_told(tmp_path):
    found = change([("  transfers: 10\n", "  other: {a: 1, §construction：14}\n")])
    path = tmp_path / "wrong.yaml"
    path.write_text(found[0], encoding="utf-8")
    assert any(
        f"wrong.yaml:{found[1]}" in line and "the colon is full-width: write : and a space" in line
        for line in complaints(path)
    )


def test_money_in_another_unit_is_asked_about(tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_text(TEXT.replace("  gdp: 200", "  gdp: 2000000"), encoding="utf-8")
    assert any(
        "1999800 亿元 below GDP" in line and "is one of them in 万元?" in line for line in complaints(path)
    )


def in_chinese(path: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return caught.value.of("zh")


@pytest.mark.parametrize(
    ("old", "new", "zh"),
    [
        (
            "  gdp: 200",
            "  gdp: 2000000",
            "各部门比GDP少 1999800 亿元：请改某部门的 `va` 或 `gdp`；是否误用万元？",
        ),
        ("  gdp: 200", "  gdp: 200 万吨", 'accounts.gdp：实为 "200 万吨"，应为 一个数'),
        ("  gdp: 200", "  gpd: 200", "实为 不认识的键，应为 下列之一："),
        ("  gdp: 200", "  gpd: 200", "；是不是 gdp？"),
        (
            "dabiao: 1",
            "\tdabiao: 1",
            "实为 行首有制表符，应为 空格；缩进用空格，每级两个；编辑器可以转换制表符",
        ),
    ],
)
def test_a_wrong_file_is_told_in_chinese(tmp_path: Path, old: str, new: str, zh: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(TEXT.replace(old, new), encoding="utf-8")
    assert zh in in_chinese(path), in_chinese(path)
