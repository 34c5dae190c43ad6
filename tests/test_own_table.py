"""Input-output tables of one's own: multipliers to the printed digit, nothing rescaled in silence."""

from __future__ import annotations

import numpy as np
import pytest
import yaml
from dabiao.engine.build import economy
from dabiao.models.errors import ScenarioError
from dabiao.models.io_table import FlowTable, at_basic_prices, local_share, ras, residual
from dabiao.models.multipliers import multipliers
from dabiao.models.quantity import Draws
from dabiao.results.tables.multipliers import multiplier_table
from dabiao.scenarios.load import load, resolved_yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from regions import between

# Miller & Blair (2009), Input-Output Analysis, tables 2.3 and 2.4: flows, final demand, output
BLAIR = """
sells,first,second,households
first,150,500,350
second,200,100,1700
wages,300,500,
profit,350,900,
output,1000,2000,
"""
HOME = {"value_added": ["wages", "profit"], "labour": ["wages"], "household": ["households"]}
TITLES = {"first": "First", "second": "Second"}


def written(folder, table, **stated):
    """A region of two sectors, each one class of its own table."""
    (folder / "io.csv").write_text(table.lstrip(), encoding="utf-8")
    classes = {name: {"title": title} for name, title in TITLES.items()} | stated.pop("classes", {})
    va = stated.pop("va", (650, 1400))
    output = stated.pop("output", (1000, 2000))
    sectors = {
        name: {
            "model": "industry",
            "title": TITLES[name],
            "national": name,
            "va": va[k],
            "output": output[k],
            "investment_buys": {},
        }
        for k, name in enumerate(TITLES)
    }
    data = {
        "dabiao": 1,
        "extends": "example:china-2023/priors.yaml",
        "title": "two sectors",
        "years": {"base": 2023, "target": 2024},
        "assumption": "made up",
        "sources": {"mb": {"en": "Miller & Blair (2009), table 2.3"}},
        "national": {
            "table": {"flows": {"file": "io.csv", "source": "mb"}, "kind": "domestic"} | HOME | stated,
            "classes": classes,
            "groups": {
                "primary": ["first"],
                "secondary": ["second"],
                "tertiary": ["second"],
                "industry": ["second"],
            },
        },
        "accounts": {
            "gdp": sum(va),
            "fai": 500,
            "household_consumption": 300,
            "government_consumption": 100,
            "transfers": 50,
        },
        "investment": {"growth": 1, "before": 1},
        "sectors": sectors,
        "mixes": {"plan": {"title": "plan", "shares": {"first": 50, "second": 50}}},
        "targets": {"gdp_growth": {"ensure": 1, "main": True}},
    }
    for each in classes.values():
        each.setdefault("government_share", 50)
    (folder / "own.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return folder / "own.yaml"


def local(loaded):
    return economy(loaded.scenario, Draws()).accounts.local[..., 0]


def test_textbook_multipliers_to_the_printed_digit(tmp_path):
    """Without imports: A of table 2.4, L = [1.2541 0.3300; 0.2640 1.1221], multipliers 1.518 and 1.452."""
    loaded = load(written(tmp_path, BLAIR))
    built = economy(loaded.scenario, Draws())
    coefficients = built.accounts.local[..., 0]
    assert coefficients == pytest.approx(np.array([[0.15, 0.25], [0.2, 0.05]]), abs=1e-12)
    inverse = np.linalg.inv(np.eye(2) - coefficients)
    assert np.round(inverse, 4).tolist() == [[1.2541, 0.33], [0.264, 1.1221]]
    shown = multiplier_table(built).records()
    assert [round(row["output"], 3) for row in shown] == [1.518, 1.452]
    # all that is bought is local: every yuan ends as value added
    assert [row["value_added"] for row in shown] == pytest.approx([1, 1])
    assert [row["scaled"] for row in shown] == pytest.approx([100, 100])
    classes = loaded.scenario.national.classes
    assert [classes[c].va_ratio.value for c in classes] == [65, 70]
    assert [round(classes[c].labour_share.value, 2) for c in classes] == [46.15, 35.71]
    assert [round(classes[c].household_share.value, 2) for c in classes] == [17.07, 82.93]
    assert classes["first"].va_ratio.source == "mb"


TOTAL_AND_MATRIX = (
    BLAIR,
    {
        "kind": "total",
        "import_flows": {"first": {"first": 30, "second": 100}, "second": {"first": 40, "second": 20}},
    },
)
DOMESTIC_AND_ROW = (
    "sells,first,second,households\nfirst,120,400,350\nsecond,160,80,1700\nabroad,70,120,\n"
    "wages,300,500,\nprofit,350,900,\noutput,1000,2000,\n",
    {"kind": "domestic", "imports": "abroad"},
)
COEFFICIENTS_AND_ROW = (
    "sells,first,second,households\nfirst,0.12,0.2,350\nsecond,0.16,0.04,1700\nabroad,-0.07,-0.06,\n"
    "wages,0.3,0.25,\nprofit,0.35,0.45,\noutput,1000,2000,\n",
    {"kind": "coefficients", "imports": "abroad"},
)


@pytest.mark.parametrize("case", [TOTAL_AND_MATRIX, DOMESTIC_AND_ROW, COEFFICIENTS_AND_ROW])
def test_a_fifth_of_all_inputs_imported(tmp_path, case):
    """One economy, three ways to publish it: a fifth of every input of the textbook's table comes from
    abroad."""
    table, stated = case
    loaded = load(written(tmp_path, table, **stated))
    built = economy(loaded.scenario, Draws())
    home = 0.8 * np.array([[0.15, 0.25], [0.2, 0.05]])
    assert built.accounts.local[..., 0] == pytest.approx(home, abs=1e-12)
    expected = np.linalg.inv(np.eye(2) - home)
    shown = multiplier_table(built).records()
    # by hand: L = [0.96 0.2; 0.16 0.88] / (0.88 x 0.96 - 0.2 x 0.16) = 0.8128
    assert expected == pytest.approx(np.array([[0.96, 0.2], [0.16, 0.88]]) / 0.8128)
    assert [round(row["output"], 3) for row in shown] == [1.378, 1.329]
    outside = np.array([0.07, 0.06])
    assert np.array([row["value_added"] for row in shown]) + outside @ expected == pytest.approx([1, 1])
    outside_inputs = [c.outside_inputs.value for c in loaded.scenario.national.classes.values()]
    assert outside_inputs == pytest.approx([7, 6])


def test_an_import_column_says_what_is_bought_here(tmp_path):
    """Total flows with imports by product: supply proportions p = (x - e) / (x - e + m)."""
    table = BLAIR.replace("households", "households,exports,imports").replace("350\n", "350,100,-100\n")
    table = table.replace("1700\n", "1700,200,-600\n")
    for end in ("500,", "900,", "2000,"):
        table = table.replace(f"{end}\n", f"{end},,\n")
    loaded = load(written(tmp_path, table, kind="total", imports="imports", exports=["exports"]))
    shares = [c.regional_purchase.value for c in loaded.scenario.national.classes.values()]
    assert shares == pytest.approx([90, 75])
    assert local(loaded) == pytest.approx(np.array([[0.135, 0.225], [0.15, 0.0375]]))


def test_a_nations_table_says_nothing_of_a_region(tmp_path):
    with pytest.raises(ScenarioError, match="regional_purchase"):
        load(written(tmp_path, BLAIR, of="nation"))
    held = {name: {"title": name, "regional_purchase": 40} for name in TITLES}
    loaded = load(written(tmp_path, BLAIR, of="nation", classes=held))
    assert local(loaded) == pytest.approx(0.4 * np.array([[0.15, 0.25], [0.2, 0.05]]))


SHORT = BLAIR.replace("profit,350,900", "profit,80,900")
"""The first column is 27 % short."""


def test_a_column_27_percent_short_is_refused_with_its_size_and_cell(tmp_path):
    with pytest.raises(ScenarioError) as caught:
        load(written(tmp_path, SHORT, va=(380, 1400)))
    (problem,) = caught.value.problems
    assert "a column 27 % short" in str(problem.found) and problem.path == "national.table.flows.output.first"
    assert str(problem.expected) == "the same within 1 %" and "balance: residual" in str(problem.hint)
    assert problem.file.endswith("io.csv!B7") or (problem.file.endswith("io.csv") and problem.line == 6)


def test_a_column_of_plain_coefficients_27_percent_short_is_refused(tmp_path):
    """It was scaled to 1 - va in silence."""
    with pytest.raises(ScenarioError, match=r"inputs of 0\.08 and value added of 0\.65 are 27 % short"):
        load(plain(tmp_path, {"first": 0.08, "second": 0.0}))
    with pytest.raises(ScenarioError, match="20 % above output"):
        load(plain(tmp_path, {"first": 0.35, "second": 0.2}))
    loaded = load(plain(tmp_path, {"first": 0.08, "second": 0.0}, tolerance=30))
    shown = multiplier_table(economy(loaded.scenario, Draws())).records()
    assert [round(row["scaled"], 1) for row in shown] == [437.5, 100.0], "what was scaled is shown"


def plain(folder, first, **stated):
    """The textbook's coefficients without a table, another first column."""
    path = written(folder, BLAIR)
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    del data["national"]["table"]
    facts = {"output": 1, "labour_share": 50, "household_share": 50, "regional_purchase": 100}
    classes = {
        name: {"title": name, "government_share": 50, "va_ratio": va, **facts}
        for name, va in zip(TITLES, (65, 70), strict=True)
    }
    data["national"] |= {
        "classes": classes,
        "coefficients": {
            row: {"first": first[row], "second": second}
            for row, second in (("first", 0.25), ("second", 0.05))
        },
        **stated,
    }
    data = {key: value for key, value in data.items() if key != "extends"} | {"extends": "bare.yaml"}
    whole = yaml.safe_load(resolved_yaml(load(path)))
    for key in ("national", "sectors", "title", "accounts", "mixes", "targets"):
        whole.pop(key)
    (folder / "bare.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    resolved = yaml.safe_load(resolved_yaml(load(path)))
    data["sectors"] = resolved["sectors"]
    (folder / "plain.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return folder / "plain.yaml"


def test_the_residual_is_bought_outside_and_told(tmp_path):
    loaded = load(written(tmp_path, SHORT, balance="residual", va=(380, 1400)))
    (told,) = [note.en for note in loaded.notes if "balanced (residual)" in note.en]
    assert "first: " in told and "lacked 27 % of output; inputs 350 -> 350" in told
    assert "bought outside 0 -> 270" in told
    assert loaded.scenario.national.classes["first"].outside_inputs.value == pytest.approx(27)
    assert local(loaded) == pytest.approx(np.array([[0.15, 0.25], [0.2, 0.05]]))


def test_ras_brings_rows_and_columns_to_their_totals_and_tells_before_and_after(tmp_path):
    table = BLAIR.replace("first,150,500,350", "first,150,500,80").replace("profit,350,900", "profit,80,900")
    stated = {"balance": "ras", "final": ["stocks"], "va": (380, 1400)}
    table = (
        table.replace("households", "households,stocks")
        .replace(",80\n", ",80,0\n")
        .replace("1700\n", "1700,0\n")
        .replace("500,\n", "500,,\n")
        .replace("900,\n", "900,,\n")
        .replace("2000,\n", "2000,,\n")
    )
    loaded = load(written(tmp_path, table, **stated))
    flows = local(loaded) * np.array([1000, 2000])
    assert flows.sum(axis=0) == pytest.approx([620, 600])
    assert flows.sum(axis=1) == pytest.approx([920, 300])
    assert any("balanced (ras)" in n.en and "inputs 350 -> 620" in n.en for n in loaded.notes)


@pytest.mark.parametrize("size", [-3, -60])
def test_entries_below_zero_are_told_with_their_size(tmp_path, size):
    """-3 of 2000 is within the tolerance of 1 %, -60 is 3 %."""
    table = BLAIR.replace("second,200,100", f"second,200,{size}").replace(
        "profit,350,900", f"profit,350,{1000 - size}"
    )
    stated = {"va": (650, 1500 - size)}
    if size == -60:
        with pytest.raises(ScenarioError, match=r"-60 of second in column second, 3 % of its output"):
            load(written(tmp_path, table, **stated))
        stated["balance"] = "residual"
        with pytest.raises(ScenarioError, match="imports to give"):  # taken as 0, the column is 3 % too full
            load(written(tmp_path, table, **stated))
        return
    loaded = load(written(tmp_path, table, **stated))
    assert any(
        "-3 of second in column second, 0.15 % of its output: taken as 0" in n.en for n in loaded.notes
    )
    assert any("0.15 % too full" in n.en for n in loaded.notes)


def test_small_gaps_are_told(tmp_path):
    loaded = load(written(tmp_path, BLAIR.replace("profit,350", "profit,345"), va=(645, 1400)))
    assert any("first: a column 0.5 % short" in n.en and "scaled to fit" in n.en for n in loaded.notes)


def test_margins_go_to_those_who_earn_them(tmp_path):
    """A tenth of what purchasers pay for the first class is trade, sold by the second."""
    loaded = load(written(tmp_path, BLAIR, margins={"first": {"second": 10}}))
    assert local(loaded) == pytest.approx(np.array([[0.135, 0.225], [0.215, 0.075]]))
    assert any("basic prices" in note.en for note in loaded.notes)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"value_added": ["wage", "profit"]}, 'value_added: got "wage", expected a row of the table'),
        ({"household": ["household"]}, "did you mean households?"),
        ({"imports": "abroad"}, 'imports: got "abroad"'),
        ({"margins": {"first": {"trade": 3}}}, 'margins: got "trade"'),
        ({"kind": "all"}, "national.table.kind"),
        ({"classes": {"first": {"title": "First", "va_ratio": 3}}}, "a number that the table gives too: 65"),
        (
            {"imports": "profit", "import_flows": {"first": {"first": 1}}},
            "national.table.imports: got both `imports` and `import_flows`, expected one of them",
        ),
        (
            {"kind": "coefficients", "import_flows": {"first": {"first": 1}}},
            "national.table.import_flows: got a matrix of imports beside coefficients, expected a row"
            " `imports`,",
        ),
        (
            {"import_flows": {"third": {"first": 1}}},
            'national.table.import_flows: got "third", expected a column of the table: first or second',
        ),
    ],
)
def test_wrong_tables_are_told(tmp_path, stated, said):
    with pytest.raises(ScenarioError) as caught:
        load(written(tmp_path, BLAIR, **stated))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "stated", "said"),
    [
        (
            "sells,first,second",
            "sells,erste,zweite",
            {},
            "national.table.flows: got no row that is a column too, expected classes that buy and sell",
        ),
        ("output,1000,2000", "output,1000,0", {}, "flows.output.second: got 0, expected output above 0"),
        (
            "profit,350",
            "profit,250",
            {},
            "got a column 10 % short: inputs, imports, taxes and value added below",
        ),
        (
            "profit,350",
            "profit,450",
            {},
            "got a column 10 % too full: inputs, imports, taxes and value added above",
        ),
        (
            "first,150,500,350",
            "first,150,500,250",
            {"final": ["households"], "household": []},
            "flows.output.first: got a row 10 % short: sales below output, expected the same within 1 %",
        ),
        (
            "first,150,500,350",
            "first,150,500,450",
            {"final": ["households"], "household": []},
            "flows.output.first: got a row 10 % too full: sales above output",
        ),
        (
            "first,150,500,350",
            "first,150,-500,1350",
            {},
            "flows.first.second: got -500 of first in column second, 25 % of its output, expected 0 or more",
        ),
    ],
)
def test_a_table_that_does_not_add_up_is_refused_at_its_cell(tmp_path, old, new, stated, said):
    assert BLAIR.count(old) == 1
    with pytest.raises(ScenarioError) as caught:
        load(written(tmp_path, BLAIR.replace(old, new), **stated))
    assert said in str(caught.value)


def test_what_households_buy_outside_by_the_table_is_told(tmp_path):
    table = BLAIR.replace("output,", "abroad,0,0,70\noutput,")
    notes = [note.en for note in load(written(tmp_path, table, imports="abroad", of="region")).notes]
    told = "io.csv:6:12: imports and taxes on products are 3.3 % of all that is spent in households"
    assert any(note.endswith(told) for note in notes), notes


def test_what_is_inherited_of_classes_that_the_table_does_not_have_is_left_out_and_told(tmp_path):
    path = written(tmp_path, BLAIR, classes={"third": {"title": "Third"}})
    notes = "\n".join(note.en for note in load(path).notes)
    assert "own.yaml:40:5: classes that the table does not have are left out: agriculture, mining" in notes
    assert "inherited purchases from classes that the table does not have are left out: construction" in notes


def test_rows_that_sell_more_than_columns_buy_are_told_where_they_are_brought_together(tmp_path):
    table = BLAIR.replace("first,150,500,350", "first,150,500,250")
    classes = {name: {"title": title, "household_share": 50} for name, title in TITLES.items()}
    stated = {"final": ["households"], "household": [], "balance": "ras", "classes": classes}
    notes = [note.en for note in load(written(tmp_path, table, **stated)).notes]
    told = "rows sell 1050 to columns that buy 950: rows are brought to the columns' total"
    assert any(told in note for note in notes), notes


def test_the_resolved_scenario_stands_alone(tmp_path):
    loaded = load(written(tmp_path, DOMESTIC_AND_ROW[0], **DOMESTIC_AND_ROW[1]))
    (tmp_path / "alone.yaml").write_text(resolved_yaml(loaded), encoding="utf-8")
    again = load(tmp_path / "alone.yaml")
    assert local(again) == pytest.approx(local(loaded))
    assert any("classes that the table does not have are left out" in note.en for note in loaded.notes)


cells = st.lists(between(0.01, 50), min_size=9, max_size=9).map(lambda made: np.array(made).reshape(3, 3))
three = st.lists(between(0.01, 60), min_size=3, max_size=3).map(np.array)


def whole(flows, added, imports, taxes):
    """A table whose columns add up."""
    return FlowTable(flows, added, imports, taxes, flows.sum(axis=0) + added + imports + taxes)


@settings(max_examples=60)
@given(cells, three, three, three)
def test_a_yuan_of_demand_ends_as_value_added_imports_and_taxes(flows, added, imports, taxes):
    """v L + m L + t L = 1 in every column; and no gap in a table that adds up."""
    table = whole(flows, added, imports, taxes)
    assert np.all(np.abs(table.gaps) < 1e-12)
    a, x = table.flows / table.output, table.output
    kept = multipliers(a[..., None], (added / x)[:, None], (imports / x)[:, None])
    lost = np.linalg.inv(np.eye(3) - a)
    assert kept.value_added[:, 0] + kept.income[:, 0] + (taxes / x) @ lost == pytest.approx([1, 1, 1])


@settings(max_examples=60)
@given(cells, three, three, three, three)
def test_ras_and_residual_close_every_gap(flows, added, imports, taxes, stirred):
    """A table of which rows were stirred comes back to its margins; what balances already stays."""
    table = whole(flows, added, imports, taxes)
    sold = table.flows.sum(axis=1)
    known = FlowTable(flows * (1 + stirred / 60)[:, None], added, imports, taxes, table.output, sold)
    found = ras(known)
    assert found is not None
    assert np.all(np.abs(found.gaps) < 1e-9) and np.all(np.abs(found.row_gaps) < 1e-8)
    assert np.all(found.flows > 0) and found.flows == pytest.approx(flows, rel=1e-6)
    same = ras(FlowTable(flows, added, imports, taxes, table.output, sold))
    assert same is not None and same.flows == pytest.approx(flows)
    short = FlowTable(flows, added, imports * 0, taxes, table.output)
    assert residual(short).imports == pytest.approx(imports) and np.all(np.abs(residual(short).gaps) < 1e-12)


def test_ras_of_two_by_two_by_hand():
    """Rows and columns of 3 and 7 out of ones: r z s = [0.9 2.1; 2.1 4.9]."""
    table = FlowTable(
        np.ones((2, 2)), np.zeros(2), np.zeros(2), np.zeros(2), np.array([3.0, 7]), np.array([3.0, 7])
    )
    assert ras(table).flows == pytest.approx(np.array([[0.9, 2.1], [2.1, 4.9]]))
    blocked = FlowTable(
        np.eye(2), np.zeros(2), np.zeros(2), np.zeros(2), np.array([3.0, 7]), np.array([7.0, 3])
    )
    assert ras(blocked) is None, "a diagonal cannot bring 7 to a column of 3"


@settings(max_examples=30)
@given(cells, between(0, 0.4), between(0, 0.4))
def test_margins_keep_what_columns_pay(flows, trade, transport):
    moved = at_basic_prices(flows, {0: {1: trade, 2: transport}})
    assert moved.sum(axis=0) == pytest.approx(flows.sum(axis=0)) and np.all(moved >= 0)
    assert moved[0] == pytest.approx(flows[0] * (1 - trade - transport))


def test_supply_proportions():
    assert local_share(np.array([100.0, 50]), np.array([20.0, 0]), np.array([20.0, 50])) == pytest.approx(
        [0.8, 0]
    )
