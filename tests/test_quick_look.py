"""The quick look: linear effects against the engine and against exact runs, and the sheet that tells them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.diagnose.quick_look import GDP, Lever, QuickLook, limit_id, quick_look
from dabiao.engine.run import Answer, run
from dabiao.engine.study import Study, study
from dabiao.engine.uncertainty.price import slipped
from dabiao.models.words import LANGUAGES
from dabiao.results.forms.excel.quick import Source
from dabiao.results.report import tables
from dabiao.results.tables.table import Table
from dabiao.scenarios.files import examples
from dabiao.scenarios.load import Loaded, load_example
from formulas import evaluated
from hypothesis import given
from hypothesis import strategies as st

DRAWS = 1024
SHIPPED = [*examples(), "panzhihua-2024/stretch.yaml"]
everywhere = pytest.mark.parametrize("name", SHIPPED)


@cache
def looked(name: str) -> tuple[Loaded, Study, QuickLook]:
    """A shipped scenario, put together and looked at."""
    loaded = load_example(name)
    begun = study(loaded, draws=DRAWS)
    found = quick_look(begun, loaded.scenario)
    assert found is not None
    return loaded, begun, found


@cache
def answered(name: str) -> tuple[Answer, dict[str, Table]]:
    answer = run(load_example(name), draws=DRAWS)
    return answer, tables(answer)


def moved(begun: Study, lever: Lever, by: float) -> dict[str, float]:
    """Mean change of the targets on all futures, by the engine's own means."""
    plan, sample = begun.plan.plan, begun.jury.samples[0]
    if lever.kind == "money":
        after = sample.outcomes(plan.scaled(1 + by / begun.assessor.money(plan)), begun.year)
    elif lever.kind == "share":
        shares = plan.shares(begun.year)
        at = begun.economy.sector_ids.index(lever.of)
        rest = 100 - shares[at]
        away = np.where(np.arange(len(shares)) == at, by, -shares * by / rest)
        money = plan.investment + np.outer(away / 100, plan.investment.sum(axis=0))
        after = sample.outcomes(type(plan)("moved", plan.title, money), begun.year)
    else:
        months = 3 * by * (1 if lever.kind == "later" else -1)
        after = slipped(sample, [lever.of], months).outcomes(plan, begun.year)
    before = sample.outcomes(plan, begun.year)
    return {key: float((after[key] - before[key]).mean()) for key in after}


@everywhere
def test_a_small_step_by_the_engine_is_the_step_times_the_effect(name: str) -> None:
    """On twice the futures: within three hundredths of the effect (of delays, and over several years, five),
    or half a thousandth of a point; a delay, which moves few of them, and what is told of several years,
    within twice the error that is told, of a delay over several years a hundredth of a point."""
    _, begun, found = looked(name)
    kinds = {lever.kind for lever in found.levers}
    assert {"money", "share"} <= kinds
    for lever in found.levers:
        steps = {"money": (0.01, -0.01), "share": (0.2, -0.2), "later": (1.0,), "sooner": (1.0,)}[lever.kind]
        for step in steps:
            by = step * lever.stated if lever.kind == "money" else step
            change = moved(begun, lever, by)
            for target in found.targets:
                linear = by * lever.effects[target.id]
                near = 0.05 if lever.kind in ("later", "sooner") or begun.year > 1 else 0.03
                few, years = lever.kind in ("later", "sooner"), begun.year > 1
                error = 2 * abs(lever.errors[target.id]) if few or years else 0.0
                told = max(0.01 if few and years else 5e-4, error)
                assert change[target.id] == pytest.approx(linear, rel=near, abs=told), (lever.kind, lever.of)


@pytest.mark.first(2)
@everywhere
def test_errors_are_those_of_the_moves_that_were_tested(name: str) -> None:
    _, begun, found = looked(name)
    key = found.targets[0].id
    for lever in found.levers:
        worst = max(
            (abs(moved(begun, lever, by)[key] - by * lever.effects[key]) for by in lever.tested), default=0.0
        )
        assert abs(lever.errors[key]) == pytest.approx(worst, rel=0.1, abs=2e-3), (lever.kind, lever.of)


@pytest.mark.first(2)
@everywhere
def test_what_is_typed_is_answered_as_the_quick_look_says(name: str) -> None:
    """The scenario loaded again with the numbers of the table: its median and chance are those of the linear
    answer, but for the errors that are told and a fiftieth of a point, or a point of chance."""
    _, begun, found = looked(name)
    made = answered(name)[1]["quick_typed"].records()
    key = found.targets[0].id
    before = begun.jury.outcomes(begun.plan.plan)[key]
    largest = max((one for one in found.levers if one.kind == "share"), key=lambda one: one.stated)
    entered = {("money", ""): found.levers[0].stated * 1.02}
    weight = 1 - largest.stated / 100
    shares = {one.of: one.stated for one in found.levers if one.kind == "share"}
    assert sum(shares.values()) == pytest.approx(100)
    for sector, share in shares.items():
        own = share - 2 if sector == largest.of else share * (1 + 0.02 / weight)
        entered["share", sector] = own
    linear = 0.02 * found.levers[0].stated * found.levers[0].effects[key] - 2 * largest.effects[key]
    late = next((one for one in found.levers if one.kind == "later"), None)
    if late is not None:
        entered["later", late.of] = 1.0
        linear += late.effects[key]
    sets = [
        f"{row['path']}={row['constant'] + row['per'] * entered[row['kind_id'], row['of']]:.9f}"
        for row in made
        if (row["kind_id"], row["of"]) in entered
    ]
    again = study(load_example(name, sets), draws=DRAWS)
    after = again.jury.outcomes(again.plan.plan)[key]
    off = float(np.median(after) - np.median(before)) - linear
    assert abs(off) < 0.02 + abs(found.medians[key]) + abs(found.together[key])
    target = found.targets[0]
    for tier, value in target.tiers.items():
        exact = target.reached(after, value).mean() - target.reached(before, value).mean()
        near = target.reached(before + linear, value).mean() - target.reached(before, value).mean()
        assert abs(exact - near) < 0.01 + abs(found.chances[key, tier])


@pytest.mark.parametrize("name", [name for name in SHIPPED if "/" not in name])
def test_more_money_raises_growth_and_a_delay_never_does(name: str) -> None:
    """Over several years a delay moves money to years that count, so that it may raise what they bring."""
    _, begun, found = looked(name)
    for lever in found.levers:
        effects = [lever.effects[key] for key in (found.targets[0].id, GDP)]
        if lever.kind == "money":
            assert min(effects) > 0
        elif lever.kind == "later" and begun.year == 1:
            assert max(effects) <= 1e-9
        elif lever.kind == "sooner" and begun.year == 1:
            assert min(effects) >= -1e-9
    shares = [lever.effects[found.targets[0].id] for lever in found.levers if lever.kind == "share"]
    assert min(shares) < 0 < max(shares), "what one sector gains is taken from others"


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=30))
def test_any_change_of_the_mix_follows_from_those_of_the_sectors(points: list[float]) -> None:
    name = "deyang-2022"
    _, begun, found = looked(name)
    shares = [lever for lever in found.levers if lever.kind == "share"]
    change = np.resize(points, len(shares))
    change -= change.mean()
    change *= min(1.0, 0.9 / max(np.abs(change).max(), 1e-9))  # the smallest share is one of 100
    plan, sample = begun.plan.plan, begun.jury.samples[0]
    mix = np.array([lever.stated for lever in shares]) + change
    money = np.outer(mix / 100, plan.investment.sum(axis=0))
    after = sample.outcomes(type(plan)("moved", plan.title, money), begun.year)["gdp_growth"]
    linear = sum(
        (1 - lever.stated / 100) * lever.effects["gdp_growth"] * by
        for lever, by in zip(shares, change, strict=True)
    )
    assert (after - sample.outcomes(plan, begun.year)["gdp_growth"]).mean() == pytest.approx(linear, abs=1e-3)


@everywhere
def test_limits_are_told_where_they_are_linear(name: str) -> None:
    _, begun, found = looked(name)
    assert not {bound.id for bound in found.limits} & {bound.id for bound in found.bent}
    total = next(lever for lever in found.levers if lever.kind == "money")
    for bound in found.limits:
        richer = begun.assessor.simulate(begun.plan.plan.scaled(1.01))
        used = {use.bound.id: use.used for use in begun.assessor.uses(richer)}
        linear = found.plan[limit_id(bound)] + 0.01 * total.stated * total.effects[limit_id(bound)]
        assert used[bound.id] == pytest.approx(linear, rel=1e-3)
    for lever in found.levers:
        if lever.kind == "share":
            assert lever.room.low <= lever.stated / 100 * total.stated * (1 + 1e-6)


def test_without_futures_there_is_no_quick_look() -> None:
    assert run(load_example("deyang-2022"), draws=0).quick is None


@pytest.fixture(scope="module", params=LANGUAGES)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The workbook of results beside a workbook that was filled in."""
    folder = tmp_path_factory.mktemp(f"quick-{request.param}")
    city = str(folder / "city.xlsx")
    for words in (
        ["convert", "example:deyang-2022", city],
        ["run", city, "--draws", str(DRAWS), "-q", "--out", str(folder / "runs")],
    ):
        done = CliRunner().invoke(simulate, [*words, "--lang", request.param])
        assert done.exit_code == 0, done.output
    return openpyxl.load_workbook(folder / "city-results.xlsx")


class Page:
    """The sheet as a planner uses it: cells are entered, and formulas read."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.sheet = next(sheet for sheet in book.worksheets if _yellow(sheet))
        self.yellow = [
            row for row in _yellow(self.sheet) if isinstance(self.sheet.cell(row, 4).value, (int, float))
        ]
        self.before = {row: self.sheet.cell(row, 4).value for row in self.yellow}

    def enter(self, row: int, more: float) -> None:
        self.sheet.cell(row, 4).value = self.before[row] + more

    def restore(self) -> None:
        for row, value in self.before.items():
            self.sheet.cell(row, 4).value = value

    def read(self, row: int, column: int) -> Any:
        return evaluated(self.book, self.sheet.title, self.sheet.cell(row, column).value)


def _yellow(sheet: Any) -> list[int]:
    return [
        row
        for row in range(1, 60)
        if sheet.cell(row, 4).fill.fgColor.rgb == "FFFFF6CC"
        and sheet.title[:5] != "Input"
        and not sheet.title.startswith("填报")
    ]


def test_what_is_entered_is_answered_at_once(book: Any) -> None:
    """GDP growth stands in the first row of answers, the total in the first of yellow rows."""
    page, records = Page(book), answered("deyang-2022")[1]["quick_look"].records()
    answers = answered("deyang-2022")[1]["quick_answers"].records()
    row, plan = 5, answers[0]["plan"]
    total, first, second = page.yellow[:3]
    assert page.read(row, 4) == pytest.approx(plan)
    effects = [record["effect_gdp_growth"] for record in records]
    page.enter(total, 40)
    assert page.read(row, 4) == pytest.approx(plan + 40 * effects[0])
    ensure = answers[0]["ensure"]
    assert page.read(row, 7) == pytest.approx(plan + 40 * effects[0] - ensure)
    chances = answered("deyang-2022")[1]["quick_chances"].records()
    near = np.interp(
        40 * effects[0],
        [each["shift_gdp_growth"] for each in chances],
        [100 * each["chance_gdp_growth_ensure"] for each in chances],
    )
    assert page.read(row, 12) == pytest.approx(near, abs=1e-6)
    page.enter(first, 1)
    assert isinstance(page.read(row, 5), str), "the mix does not add up: there is no answer"
    page.enter(second, -1)
    mixed = sum(
        sign * (1 - record["stated"] / 100) * record["effect_gdp_growth"]
        for sign, record in ((1, records[1]), (-1, records[2]))
    )
    assert page.read(row, 4) == pytest.approx(plan + 40 * effects[0] + mixed)
    page.restore()
    delay = page.yellow[-1]
    later, sooner = (record["effect_gdp_growth"] for record in records[-2:])
    page.enter(delay, 1)
    assert page.read(row, 4) == pytest.approx(plan + later)
    page.enter(delay, -2)
    assert page.read(row, 4) == pytest.approx(plan + 2 * sooner)
    page.restore()


@pytest.mark.first(1)
def test_what_goes_too_far_is_told_beside_its_cell(book: Any) -> None:
    page = Page(book)
    total = page.yellow[0]
    note = 5 + len(answered("deyang-2022")[1]["quick_answers"].rows) + 1
    assert page.read(total, note) == ""
    page.enter(total, 0.06 * page.before[total])
    assert page.read(total, note) != ""
    page.restore()
    money = page.before[total]
    records = answered("deyang-2022")[1]["quick_look"].records()
    needy = next(at for at, record in enumerate(records) if record["least"])
    row = total + needy
    page.enter(row, -page.before[row] + 99 * records[needy]["least"] / money)
    assert page.read(row, note) != ""
    page.restore()


def test_cells_are_named_where_an_answer_was_made_of_them() -> None:
    source = Source.of(
        "city.xlsx", {"a.b": "/x/city.xlsx!Basics!B18", "a.c": "city.yaml:3", "a.d.value": "c.xlsx!Other!B4"}
    )
    assert [source.cell(path) for path in ("a.b", "a.c", "a.d", "a.d.value")] == [
        "Basics!B18",
        "",
        "Other!B4",
        "Other!B4",
    ]
