"""Pictures of a run: right numbers, nothing on top of something else, no character that the font does not
have."""

from __future__ import annotations

import itertools
import math
import re
import warnings
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from dabiao.engine.run import run as answer_scenario
from dabiao.models.quantity import Bilingual
from dabiao.results.charts import words
from dabiao.results.charts.frame import nice_ticks, rows_frame, spread, tick_texts
from dabiao.results.charts.gallery import CHARTS, caption_of, drawn
from dabiao.results.charts.scene import (
    Area,
    Dot,
    Label,
    Line,
    Rect,
    Scene,
    apart,
    box,
    shortened,
    text_width,
)
from dabiao.results.charts.svg import svg
from dabiao.results.charts.waterfall import WaterfallStep, cascade, lumped
from dabiao.results.charts.words import Words, drawn_words
from dabiao.results.colours import MISSED, REACHED
from dabiao.results.compare.runs import compare
from dabiao.results.outline import CHAPTERS
from dabiao.results.report import tables as tables_of
from dabiao.results.tables.table import Column, Table
from dabiao.results.text.format import number, printed
from dabiao.scenarios.load import load, load_example
from hypothesis import given
from hypothesis import strategies as st

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"


def overlaps(labels: Sequence[Label]) -> list[tuple[str, str]]:
    """Pairs of texts that lie on each other."""
    told = [label for label in labels if label.text.strip()]
    return [(a.text, b.text) for a, b in itertools.combinations(told, 2) if not apart(a, b)]


@cache
def run_tables(name: str = "") -> dict[str, Table]:
    """Tables of a small run, or of a shipped one."""
    return tables_of(answer_scenario(load_example(name) if name else load(VALLEY)))


def reliability() -> Table:
    columns = tuple(
        Column(name, Bilingual(zh=name, en=name), digits=0) for name in ("given", "came_true", "count")
    )
    return Table(
        "reliability", Bilingual(zh="可靠性"), columns, ((10.0, 5.0, 40), (50.0, 55.0, 12), (95.0, 90.0, 3))
    )


def members() -> Table:
    """Members of a province, some of them close together, one without a target, one without a place."""
    names = ("member", "title", "base", "growth", "chance_ensure", "latitude", "longitude")
    columns = tuple(Column(name, Bilingual(zh=name, en=name), digits=1) for name in names)
    found = [
        ("a", "甲市", 9000.0, 7.9, 0.81, 30.7, 104.1),
        ("b", "乙市", 2400.0, 7.6, 0.53, 31.1, 104.4),
        ("c", "丙市", 800.0, 8.3, None, 30.4, 104.4),
        ("d", "丁自治州", 1400.0, 7.4, 0.2, 30.1, 103.8),
        ("e", "戊市", 1000.0, 8.8, 0.4, 26.6, 101.7),
        ("f", "己市", 500.0, 6.1, 0.3, None, None),
    ]
    rows = tuple((key, Bilingual(zh=name, en=key), *numbers) for key, name, *numbers in found)
    return Table("province_members", Bilingual(zh="成员"), columns, rows)


def sobol() -> Table:
    names = (
        "target",
        "target_title",
        "kind_id",
        "group",
        "title",
        "first",
        "first_error",
        "total",
        "total_error",
    )
    columns = tuple(
        Column(name, Bilingual(zh=name, en=name), digits=3 if at > 4 else None)
        for at, name in enumerate(names)
    )
    title = Bilingual(zh="地区生产总值增速", en="GDP growth")
    found = [
        ("national", "全国经济", 0.42, 0.02, 0.47, 0.01),
        ("own", "本地因素", 0.11, 0.01, 0.09, 0.01),
        ("price", "价格", 0.3, 0.02, 0.31, 0.02),
        ("none", "无", 0.0, 0.0, 0.001, 0.0),
    ]
    rows = [
        ("gdp_growth", title, "cause", key, Bilingual(zh=name, en=key), *numbers)
        for key, name, *numbers in found
    ]
    other = (
        "industry",
        Bilingual(zh="工业", en="Industry"),
        "cause",
        "national",
        Bilingual(zh="全国经济", en="national"),
        0.9,
        0.01,
        0.95,
        0.01,
    )
    return Table("sobol", Bilingual(zh="指数"), columns, (*rows, other))


def certainty() -> Table:
    names = (
        "lever_id",
        "lever",
        "target",
        "title",
        "tier_id",
        "tier",
        "threshold",
        "amount",
        "unit",
        "probability",
        "error",
        "digits",
    )
    columns = tuple(
        Column(
            name,
            Bilingual(zh=name, en=name),
            digits=3 if name in ("threshold", "amount", "probability", "error", "digits") else None,
        )
        for name in names
    )
    variables = {
        "money": ("增加投资", (0.0, 40.0, 80.0, 160.0), "亿元"),
        "earlier": ("项目提前投产", (0.0, 3.0, 6.0, 12.0), "个月"),
    }
    rows = tuple(
        (
            lever,
            Bilingual(zh=name, en=lever),
            "gdp_growth",
            Bilingual(zh="增速", en="Growth"),
            tier,
            Bilingual(zh=tier, en=tier),
            6.5,
            amount,
            Bilingual(zh=unit, en=unit),
            (0.1 if tier == "stretch" else 0.2) + 0.2 * at,
            0.01,
            1,
        )
        for lever, (name, amounts, unit) in variables.items()
        for tier in ("ensure", "stretch")
        for at, amount in enumerate(amounts)
    )
    return Table("certainty", Bilingual(zh="代价"), columns, rows)


def rows_of(name: str, columns: str, *rows: tuple[Any, ...]) -> Table:
    """A small table; what holds numbers is a column of numbers."""
    names = columns.split()
    heads = tuple(
        Column(
            each,
            Bilingual(zh=each, en=each),
            digits=1 if any(isinstance(row[at], float) for row in rows) else None,
        )
        for at, each in enumerate(names)
    )
    return Table(name, Bilingual(zh=name, en=name), heads, rows)


def both_ways(text: str) -> Bilingual:
    return Bilingual(zh=f"目标{text}", en=f"Target {text}")


def analyses() -> dict[str, Table]:
    """Tables of analyses, small."""
    what = [both_ways(f"6.{at}%") for at in range(3)]
    return {
        "robust": rows_of(
            "robust",
            "answer what mix_id asked money more fresh error",
            (1, what[0], "plan", None, 1000.0, 0.0, 20.4, 0.4),
            (1, what[0], "likeliest", None, 999.0, -1.0, 23.8, 0.3),
            (1, what[0], "p50", 50.0, 1100.0, 100.0, 50.9, 0.3),
            (1, what[0], "p70", 70.0, 1170.0, 170.0, 69.6, 0.5),
            (1, what[0], "p90", 90.0, None, None, None, None),
            (1, what[0], "most", None, 1205.0, 205.0, 75.4, 0.4),
        ),
        "required": rows_of(
            "required",
            "answer what reach money plan_money more limit",
            (1, what[0], both_ways("met"), 1100.0, 1000.0, 100.0, 1012.0),
            (2, what[1], both_ways("out of reach with any investment at all"), None, 1000.0, None, 1012.0),
        ),
        "select_starts": rows_of(
            "select_starts",
            "project title start invest",
            ("a", both_ways("a"), "2024Q1", 20.0),
            ("b", both_ways("b"), "2024Q3", 100.0),
        ),
        "select_left": rows_of("select_left", "project title invest", ("c", both_ways("c"), 238.0)),
        "explain_targets": rows_of(
            "explain_targets",
            "target title unit have need gap met digits fine",
            ("g", what[0], Bilingual(zh="%", en="%"), 5.01, 6.5, -1.49, False, 1, 2),
            ("f", what[1], Bilingual(zh="%", en="%"), 3.0, 3.5, 0.5, True, 1, 2),
            ("j", what[2], Bilingual(zh="万人", en="10k persons"), 1.9, 1.8, 0.1, True, 1, 2),
        ),
        "pit": rows_of("pit", "share", *((share,) for share in (8.0, 12.0, 11.0, 9.0, 10.0) * 2)),
        "by_year": rows_of(
            "by_year",
            "year probability reached",
            *((2008 + at, 50.0 + at, 40.0 + 3 * at) for at in range(12)),
        ),
        "differences": rows_of(
            "differences",
            "score forecast forecast_title value low high",
            ("brier", "last", both_ways("last year"), -0.05, -0.08, -0.01),
            ("brier", "mean", both_ways("mean"), 0.01, -0.02, 0.04),
            ("crps", "mean", both_ways("mean"), 0.3, 0.2, 0.4),
        ),
    }


def with_probabilities(table: Table) -> Table:
    """The target sheet as it is where an ensemble ran."""
    at = {
        name: table.at(name)
        for name in ("probability_ensure", "error_ensure", "probability_stretch", "error_stretch")
    }
    rows = []
    for count, row in enumerate(table.rows):
        cells = list(row)
        for name, value in zip(at, (0.97 - 0.08 * count % 0.9, 0.01, 0.5, 0.02), strict=True):
            cells[at[name]] = value
        rows.append(tuple(cells))
    return replace(table, rows=tuple(rows))


def every(name: str = "") -> dict[str, Table]:
    made = dict(run_tables(name))
    return (
        made
        | analyses()
        | {
            "reliability": reliability(),
            "sobol": sobol(),
            "province_members": members(),
            "certainty": certainty(),
            "targets": with_probabilities(made["targets"]),
        }
    )


def scenes(name: str, lang: str) -> dict[str, Scene]:
    found = {key: drawn(key, every(name), Words(lang)) for key in CHARTS}
    return {key: scene for key, scene in found.items() if scene is not None}


def smallest(scene: Scene) -> tuple[bool, bool]:
    """Whether every letter is at least 7 points where a document prints the picture (480 points wide or 430
    high), and at least 9 pixels on a phone that leaves it 366 pixels."""
    size = min(label.size for label in scene.labels())
    return size * min(480 / scene.width, 430 / scene.height) >= 7, size * 366 / scene.width >= 9


def edges(shape: Any) -> tuple[float, float, float, float]:
    if isinstance(shape, Rect):
        return shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
    if isinstance(shape, Dot):
        return shape.x - shape.radius, shape.y - shape.radius, shape.x + shape.radius, shape.y + shape.radius
    if isinstance(shape, Label):
        return box(shape)
    xs, ys = zip(*shape.points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def test_every_picture_has_a_chapter() -> None:
    named = [name for chapter in CHAPTERS for name in chapter.charts]
    assert len(named) == len(set(named))
    assert set(CHARTS) <= set(named)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["", "panzhihua-2024", "deyang-2022"])
def test_no_text_lies_on_another_and_nothing_is_cut(name: str, lang: str) -> None:
    found = scenes(name, lang)
    wanted = set(CHARTS) - {"versus_sheet", "versus", "difference", "trade_off", "delay_impact", "gap"}
    if name == "":
        wanted -= {"price", "break_evens", "fan", "frontier", "links"}
    assert wanted - ({"gantt"} if name != "panzhihua-2024" else set()) <= set(found)
    for key, scene in found.items():
        assert overlaps(scene.labels()) == [], key
        assert scene.labels() and all(smallest(scene)), key
        for shape in scene.shapes:
            left, top, right, bottom = edges(shape)
            assert (
                left >= -0.5 and top >= -0.5 and right <= scene.width + 0.5 and bottom <= scene.height + 0.5
            ), (key, shape)
            assert all(map(math.isfinite, (left, top, right, bottom))), (key, shape)


@pytest.mark.parametrize("name", CHARTS)
def test_a_run_of_another_version_has_no_such_picture(name: str) -> None:
    """Where a column is missing the picture is left out, and nothing breaks."""
    tables = every()
    for key, columns in CHARTS[name].needs.items():
        if key in tables:
            table = tables[key]
            kept = [at for at, column in enumerate(table.columns) if column.name != columns.split()[-1]]
            cut = tuple(replace(table.columns[at], digits_from="") for at in kept)
            tables[key] = Table(
                key, table.title, cut, tuple(tuple(row[at] for at in kept) for row in table.rows)
            )
            assert drawn(name, tables, Words("en")) is None


def test_the_waterfall_says_what_the_table_says() -> None:
    """Bars begin where the one before ended, in proportion to the pulls printed, and end at the growth of
    GDP."""
    table = run_tables()["sectors"]
    scene = drawn("waterfall", run_tables(), Words("en"))
    assert scene is not None
    rows = [row for row in table.records() if row["level"] in ("sector", "total")]
    bars = [shape for shape in scene.shapes if isinstance(shape, Rect) and shape.tip]
    assert len(bars) == len(rows)
    scale = (bars[-1].width) / rows[-1]["pull"]
    for one, two in itertools.pairwise(bars[:-1]):
        assert two.x == pytest.approx(one.x + one.width, abs=1.0)
    for bar, row in zip(bars, rows, strict=True):
        if abs(row["pull"]) > 0.01:
            assert bar.width == pytest.approx(abs(row["pull"]) * scale, abs=0.02)
    told = [label.text for label in scene.labels()]
    cells = [
        cell
        for cell, row in zip(
            printed(table, "en", [table.columns[table.at("pull")]]), table.records(), strict=True
        )
        if row["level"] == "sector"
    ]
    for (cell,) in cells:
        assert f"+{cell}" in told or cell in told


def test_falling_steps_are_drawn_backwards() -> None:
    scene = cascade(
        [
            WaterfallStep("a", 0.0, 2.0, "2"),
            WaterfallStep("b", 2.0, 0.5, "-1.5"),
            WaterfallStep("all", 0.0, 0.5, "0.5", True),
        ],
        "axis",
    )
    a, b, whole = (shape for shape in scene.shapes if isinstance(shape, Rect) and shape.tip)
    assert b.x + b.width == pytest.approx(a.x + a.width)
    assert b.fill != a.fill
    assert whole.width == pytest.approx(b.x - a.x)


@pytest.mark.parametrize("name", ["sheet", "chances", "tornado", "mixes"])
def test_numbers_in_pictures_are_the_tables(name: str) -> None:
    tables = every()
    scene = drawn(name, tables, Words("en"))
    assert scene is not None
    said = {label.text.strip("±+%") for label in scene.labels()}
    if name == "sheet":
        wanted = [
            number(row["expected"], row["fine"])
            for row in tables["targets"].records()
            if row["unit"].zh == "%" and row["gap"] is not None
        ]
    elif name == "chances":
        wanted = [number(100 * row["probability_ensure"], 0) for row in tables["targets"].records()]
    elif name == "tornado":
        wanted = [number(abs(row["effect"]), 3) for row in tables["key_assumptions"].records()]
    else:
        wanted = [number(row["gdp_growth"], 2) for row in tables["mixes"].records()]
    assert wanted and set(wanted) <= said


def test_bars_of_indices_are_in_proportion_and_in_order() -> None:
    """First order and total of every cause of the first target, the largest total first; what is next to
    nothing is not drawn."""
    scene = drawn("sobol", {"sobol": sobol()}, Words("en"))
    assert scene is not None
    rows = sorted(
        (row for row in sobol().records() if row["target"] == "gdp_growth" and row["total"] > 0.01),
        key=lambda row: -row["total"],
    )
    bars = [shape for shape in scene.shapes if isinstance(shape, Rect) and shape.tip]
    assert [bar.tip.split(",")[0] for bar in bars] == [row["group"] for row in rows for _ in range(2)]
    values = [row[kind] for row in rows for kind in ("first", "total")]
    scale = bars[0].width / values[0]
    assert [bar.width / scale for bar in bars] == pytest.approx(values)
    assert {number(value, 3) for value in values} <= {label.text for label in scene.labels()}
    thin = [shape for shape in scene.shapes if isinstance(shape, Line) and shape.series]
    for line, row in zip(thin, [(row, kind) for row in rows for kind in ("first", "total")], strict=True):
        assert (line.points[1][0] - line.points[0][0]) / scale == pytest.approx(
            2 * 1.96 * row[0][f"{row[1]}_error"]
        )
    assert drawn("sobol", {"sobol": replace(sobol(), rows=sobol().rows[3:4])}, Words("en")) is None


def test_curves_of_certainty_stand_where_the_table_says() -> None:
    """A field a lever, one below the other; along each the amount, upwards the probability, in proportion; a
    dot a row of the table."""
    scene = drawn("certainty", {"certainty": certainty()}, Words("zh"))
    assert scene is not None
    dots = [shape for shape in scene.shapes if isinstance(shape, Dot)]
    rows = certainty().records()
    assert len(dots) == len(rows)
    for lever in ("money", "earlier"):
        own = [(dot, row) for dot, row in zip(dots, rows, strict=True) if row["lever_id"] == lever]
        (one, first), (two, last) = own[0], own[3]
        across, up = (
            (two.x - one.x) / (last["amount"] - first["amount"]),
            (one.y - two.y) / (last["probability"] - first["probability"]),
        )
        for dot, row in own:
            assert dot.x - one.x == pytest.approx(across * (row["amount"] - first["amount"]))
            assert one.y - dot.y == pytest.approx(up * (row["probability"] - first["probability"]))
    assert all(one.y < two.y for one, two in zip(dots[:8], dots[8:], strict=True))  # one below the other
    assert any("增加投资" in label.text and "亿元" in label.text for label in scene.labels())


def test_the_gantt_shows_the_largest_dated_projects() -> None:
    """All of them where they fit on a page, else the largest; each with the month in which it is
    commissioned."""
    tables = run_tables("panzhihua-2024")
    scene = drawn("gantt", tables, Words("zh"))
    assert scene is not None

    def plain(cell: Any) -> str:
        return str(cell.en if hasattr(cell, "en") else cell)

    dated = [
        row
        for row in tables["projects"].records()
        if re.fullmatch(r"\d{4}-\d{2}", plain(row["commissioned"]))
    ]
    largest = sorted(dated, key=lambda row: -row["invest"])[:24]
    tips = {shape.tip.split(":")[0] for shape in scene.shapes if isinstance(shape, Rect) and shape.tip}
    assert tips == {row["title"].zh for row in largest} and len(tips) > 10
    told = [label.text.split(" ")[0] for label in scene.labels()]
    for row in largest:
        assert plain(row["commissioned"]) in told
    assert (str(len(tips)) in caption_of("gantt", tables, "en")) == (len(dated) > len(largest))


# --- findings
# ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", CHARTS)
def test_a_title_is_said_in_the_language_asked_for(name: str, lang: str) -> None:
    """Without tables it is what the picture shows."""
    tables = every("panzhihua-2024")
    said = caption_of(name, tables, lang)
    assert said and "{" not in said and len(said) < 260
    assert caption_of(name, {}, lang) == CHARTS[name].title.of(lang)
    assert bool(re.search("[一-鿿]", said)) == (lang == "zh")
    if name not in ("versus_sheet", "versus", "difference", "frontier", "trade_off", "links"):
        assert said != CHARTS[name].title.of(lang)


def test_the_title_of_the_sheet_counts_what_is_drawn() -> None:
    """As many targets are called reached as have their median on the wanted side, and as many dots are of
    that colour."""
    tables = every("panzhihua-2024")
    table = tables["targets"]
    for shift in (-20.0, 0.0, 20.0):
        at = table.at("expected")
        rows = tuple(
            tuple(cell + shift if k == at and cell is not None else cell for k, cell in enumerate(row))
            for row in table.rows
        )
        moved = {**tables, "targets": replace(table, rows=rows)}
        scene = drawn("sheet", moved, Words("en"))
        assert scene is not None
        found = re.search(r"reaches (\d+) of (\d+)", caption_of("sheet", moved, "en"))
        judged = [
            row
            for row in moved["targets"].records()
            if row["unit"].zh == "%" and row["expected"] is not None and row["ensure"] is not None
        ]
        reached = sum(row["expected"] >= row["ensure"] for row in judged)
        assert found is not None and found.groups() == (str(reached), str(len(judged)))
        dots = [shape for shape in scene.shapes if isinstance(shape, Dot) and shape.tip and not shape.stroke]
        assert sum(dot.fill == REACHED for dot in dots) == reached
        assert sum(dot.fill == MISSED for dot in dots) == len(judged) - reached


def test_bands_and_marks_of_the_sheet_stand_on_one_scale() -> None:
    """Median, 80 % band, tiers and last year's outcome of one target, in proportion; what is beyond the
    picture is an arrow with its number."""
    tables = every("panzhihua-2024")
    scene = drawn("sheet", tables, Words("en"))
    assert scene is not None
    rows = [row for row in tables["targets"].records() if row["unit"].zh == "%" and row["gap"] is not None]
    first = rows[0]
    dot = next(shape for shape in scene.shapes if isinstance(shape, Dot) and shape.tip and not shape.stroke)
    ring = next(shape for shape in scene.shapes if isinstance(shape, Dot) and shape.tip and shape.stroke)
    band = next(shape for shape in scene.shapes if isinstance(shape, Rect) and shape.tip)
    ticks = [shape for shape in scene.shapes if isinstance(shape, Line) and shape.tip][:2]
    known = [
        (ring.x, first["last"]),
        (band.x, first["q10"]),
        (band.x + band.width, first["q90"]),
        (ticks[0].points[0][0], first["ensure"]),
        (ticks[1].points[0][0], first["stretch"]),
    ]
    unit = band.width / (first["q90"] - first["q10"])
    for x, value in known:
        assert x - dot.x == pytest.approx(unit * (value - first["expected"]), abs=0.1)
    wide = max(rows, key=lambda row: row["q90"] - row["q10"])
    assert number(wide["q10"], wide["digits"]) in {label.text for label in scene.labels()}


def compared() -> dict[str, Table]:
    """Two runs side by side, the second with a better chance."""
    one = every("panzhihua-2024")
    table = one["targets"]
    places = [table.at(name) for name in ("expected", "q10", "q90", "probability_ensure")]
    rows = tuple(
        tuple(cell * 1.05 if k in places and cell is not None else cell for k, cell in enumerate(row))
        for row in table.rows
    )
    other = {**one, "targets": replace(table, rows=rows)}
    made = compare(["a", "b"], [one, other], titles=[both_ways("a"), both_ways("b")])
    return {f"versus_{name}": made[name] for name in ("runs", "targets")}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_runs_stand_side_by_side(lang: str) -> None:
    """A lane a run, medians of both with their numbers; nothing lies on another; the title names both."""
    tables = compared()
    scene = drawn("versus_sheet", tables, Words(lang))
    assert scene is not None and overlaps(scene.labels()) == [] and all(smallest(scene))
    told = {label.text for label in scene.labels()}
    rows = [row for row in tables["versus_targets"].records() if row["unit"].zh == "%" and row["expected_1"]]
    assert rows
    for row in rows:
        assert {number(row[f"expected_{run}"], row["fine"]) for run in (1, 2)} <= told
    said = caption_of("versus_sheet", tables, lang)
    assert both_ways("a").of(lang) in said and both_ways("b").of(lang) in said


def test_the_fan_shows_deciles_the_past_and_the_reference() -> None:
    """Four bands inside each other; an outcome a year of the past; the reference forecast with its range; a
    sentence on how to read it."""
    tables = run_tables("panzhihua-2024")
    scene = drawn("fan", tables, Words("en"))
    assert scene is not None
    bands = [shape for shape in scene.shapes if isinstance(shape, Area)][:4]
    for wide, narrow in itertools.pairwise(bands):
        a, b = edges(wide), edges(narrow)
        assert a[1] <= b[1] and a[3] >= b[3] and a[0] == b[0]
    past = [row for row in tables["past"].records() if row["growth"] is not None][-9:]
    outcomes = [shape for shape in scene.shapes if isinstance(shape, Dot) and shape.series == "past"]
    assert [dot.tip for dot in outcomes] == [f"{row['year']}: {number(row['growth'], 1)}" for row in past]
    reference = tables["past"].records()[-1]
    assert number(reference["reference"], 1) in {label.text for label in scene.labels()}
    assert "How to read it" in " ".join(label.text for label in scene.labels())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_fan_speaks_of_the_year_that_its_target_speaks_of(lang: str) -> None:
    """Of a plan of five years: the sentence has the median that the verdict has, and the tier is drawn where
    the last of the years stands, not at the first."""
    tables = run_tables("panzhihua-plan14")
    main = next(row for row in tables["verdict"].records() if row["target"] == "growth_average")
    rows = [row for row in tables["fan"].records() if row["target"] == "growth_average"]
    assert [row["year"] for row in rows if row["asked"]] == [2025]
    said = caption_of("fan", tables, lang)
    assert number(main["expected"], 1) in said and said.count("2025") == said.count("2021") == 1
    scene = drawn("fan", tables, Words(lang))
    assert scene is not None
    tiers = [s for s in scene.shapes if isinstance(s, Line) and s.tip and not s.series and s.width == 2.6]
    medians = [s for s in scene.shapes if isinstance(s, Line) and s.series == "median"]
    assert len(tiers) == len(medians) == 2
    for tier, median in zip(tiers, medians, strict=True):
        assert tier.points[0][0] < median.points[-1][0] < tier.points[-1][0]


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_fans_of_any_number_of_targets_stay_readable(count: int) -> None:
    tables = run_tables("panzhihua-2024")
    fan, at = tables["fan"], tables["fan"].at("target")
    first = [row for row in fan.rows if row[at] == fan.rows[0][at]]
    rows = tuple((f"t{k}", *row[1:]) for k in range(count) for row in first)
    scene = drawn("fan", {"fan": replace(fan, rows=rows)}, Words("en"))
    assert scene is not None and overlaps(scene.labels()) == [] and all(smallest(scene))


def test_the_price_of_a_chance_stands_where_the_table_says() -> None:
    """A dot an amount and tier, in proportion; the plan and the end of the limits are marked."""
    tables = run_tables("panzhihua-2024")
    scene, rows = drawn("price", tables, Words("en")), tables["price"].records()
    assert scene is not None
    tiers = [column.name for column in tables["price"].columns if column.name.startswith("chance_")]
    dots = [shape for shape in scene.shapes if isinstance(shape, Dot)]
    assert len(dots) == len(rows) * len(tiers)
    first = dots[: len(rows)]
    up = (first[0].y - first[-1].y) / (rows[-1][tiers[0]] - rows[0][tiers[0]])
    for dot, row in zip(first, rows, strict=True):
        assert first[0].y - dot.y == pytest.approx(up * (row[tiers[0]] - rows[0][tiers[0]]), abs=0.01)
    told = " ".join(label.text for label in scene.labels())
    assert "plan: " in told and "beyond the limits" in told


def test_what_is_too_much_for_a_page_is_lumped() -> None:
    """Of many sectors the small ones are one step; the steps still add up."""
    sizes = [0.01 * (7 * at % 61) for at in range(60)]
    reached = list(itertools.accumulate(sizes, initial=0.0))
    steps = [
        WaterfallStep(f"s{at}", a, b, number(b - a, 2))
        for at, (a, b) in enumerate(itertools.pairwise(reached))
    ]
    whole = [*steps, WaterfallStep("all", 0.0, reached[-1], "", True)]
    made = lumped(whole, "others", Words("en"))
    assert len(made) <= 21 and made[-1] == whole[-1] and made[-2].name == "others"
    assert made[-2].end == pytest.approx(reached[-1])
    for one, two in itertools.pairwise(made[:-1]):
        assert two.start == pytest.approx(one.end)
    assert lumped(steps[:5], "others", Words("en")) == steps[:5]


@given(st.lists(st.floats(0, 200), min_size=1, max_size=8))
def test_texts_of_a_column_are_moved_apart(heights: list[float]) -> None:
    """No two lie on each other, none leaves the column, and their order stays."""
    made = spread([Label(0, y, "5.0") for y in heights], 0.0, 200.0)
    assert overlaps(made) == []
    assert all(box(label)[1] >= 0 and box(label)[3] <= 200.5 for label in made)
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    assert [made[at].y for at in order] == sorted(label.y for label in made)


# --- letters
# ----------------------------------------------------------------------------------------------------


@pytest.fixture
def no_chinese_font(monkeypatch: pytest.MonkeyPatch):
    """A machine whose only font is the one that comes with matplotlib."""
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(words, "candidates", lambda: iter([words.latin_font()]))
    words.chinese_font.cache_clear()
    yield
    words.chinese_font.cache_clear()


def chinese_only(tables: dict[str, Table]) -> dict[str, Table]:
    """A scenario whose author gave no English names."""

    def plain(cell: Any) -> Any:
        return Bilingual(zh=cell.zh, en="") if isinstance(cell, Bilingual) and cell.zh else cell

    return {
        name: replace(table, rows=tuple(tuple(map(plain, row)) for row in table.rows))
        for name, table in tables.items()
    }


@pytest.mark.parametrize("bare", [False, True], ids=["both languages", "Chinese alone"])
def test_without_a_chinese_font_no_box_is_drawn(no_chinese_font: None, bare: bool) -> None:
    """Labels fall back to English, to the key, to a number; the painter misses no glyph."""
    from dabiao.results.charts.png import png

    tables = chinese_only(every("panzhihua-2024")) if bare else every("panzhihua-2024")
    say = drawn_words("zh")
    known = words.characters(str(words.latin_font()))
    made = {key: scene for key in CHARTS if (scene := drawn(key, tables, say)) is not None}
    assert say.fallen
    for key, scene in made.items():
        assert all(ord(character) in known for label in scene.labels() for character in label.text), key
        assert overlaps(scene.labels()) == [], key
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of every glyph that is missing
        for key in ("sheet", "tornado"):
            assert png(made[key]).startswith(b"\x89PNG")


def test_with_a_chinese_font_labels_stay_chinese() -> None:
    pytest.importorskip("matplotlib")
    from dabiao.results.charts.png import png

    if words.chinese_font() is None:
        pytest.skip("no font with Chinese characters on this machine")
    say = drawn_words("zh")
    scene = drawn("waterfall", run_tables("panzhihua-2024"), say)
    assert scene is not None and not say.fallen
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one, two = png(scene), png(scene)
    assert one == two
    assert any(re.search("[一-鿿]", label.text) for label in scene.labels())


def test_a_font_is_taken_for_what_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name is no proof: a file called like a Chinese font that is none is passed over, and so is a broken
    one."""
    pytest.importorskip("matplotlib")
    fake, broken = tmp_path / "NotoSansCJK-Regular.ttf", tmp_path / "simhei.ttf"
    fake.write_bytes(words.latin_font().read_bytes())
    broken.write_bytes(b"no font")
    monkeypatch.setattr("matplotlib.font_manager.findSystemFonts", lambda: [str(fake), str(broken)])
    monkeypatch.setattr(words.importlib.util, "find_spec", lambda name, package=None: None)
    monkeypatch.setenv(words.FONT, str(broken))
    assert set(words.candidates()) == {fake, broken}
    words.chinese_font.cache_clear()
    assert words.chinese_font() is None
    words.chinese_font.cache_clear()


def test_words_fall_back_in_order() -> None:
    say = Words("zh", lambda text: text.isascii())
    assert say(Bilingual(zh="钢", en="Steel"), "steel") == "Steel"
    assert say(Bilingual(zh="钢"), "steel") == "steel"
    assert say(Bilingual(zh="钢铁"), "钢") == "#2"
    assert say.fallen == ["钢", "钢", "钢铁"]
    assert Words("zh")(Bilingual(zh="钢", en="Steel")) == "钢"


# --- shapes
# -----------------------------------------------------------------------------------------------------


def test_hostile_text_is_no_markup_in_a_picture() -> None:
    hostile = '</text><script>alert(1)</script>"&\x00'
    scene = Scene(
        100,
        50,
        [
            Label(1, 9, hostile, series=hostile),
            Rect(0, 0, 5, 5, "#fff", tip=hostile),
            Line(((0, 0), (1, 1)), tip=hostile),
            Dot(1, 1, 1, "#000", tip=hostile),
            Area(((0, 0), (1, 1), (1, 0)), "#000", tip=hostile),
        ],
    )
    root = ElementTree.fromstring(svg(scene, hostile))
    assert {part.tag for part in root.iter()} == {
        "svg",
        "text",
        "rect",
        "polyline",
        "circle",
        "polygon",
        "title",
    }
    assert root.find("text").text == hostile.replace("\x00", "")


@given(st.floats(-1e6, 1e6), st.floats(1e-4, 1e6), st.integers(3, 9))
def test_ticks_are_round_even_and_cover(low: float, span: float, most: int) -> None:
    high = low + span
    ticks = nice_ticks(low, high, most)
    steps = [b - a for a, b in itertools.pairwise(ticks)]
    assert (
        ticks[0] <= low + 1e-9 * max(abs(low), 1) + 1e-6 * span
        and ticks[-1] >= high - 1e-9 * max(abs(high), 1) - 1e-6 * span
    )
    assert 1 <= len(steps) <= most + 2
    assert max(steps) - min(steps) <= 1e-6 * max(steps) + 1e-9 * max(abs(low), abs(high), 1)
    assert len(set(tick_texts(ticks))) == len(ticks)


@given(st.text("abc 一二三、", max_size=80), st.floats(12, 200))
def test_names_of_rows_keep_their_room(text: str, room: float) -> None:
    lines = shortened(text, 10, room)
    assert len(lines) <= 2
    assert all(text_width(line, 10) <= room + 1e-9 for line in lines)


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=12))
def test_any_waterfall_can_be_drawn(parts: list[float]) -> None:
    reached = list(itertools.accumulate(parts, initial=0.0))
    steps = [
        WaterfallStep(f"part {at}", a, b, f"{b - a:.2f}")
        for at, (a, b) in enumerate(itertools.pairwise(reached))
    ]
    scene = cascade([*steps, WaterfallStep("all", 0.0, reached[-1], f"{reached[-1]:.2f}", True)], "axis")
    assert overlaps(scene.labels()) == []
    for shape in scene.shapes:
        left, top, right, bottom = edges(shape)
        assert left >= -0.5 and right <= scene.width + 0.5 and top >= -0.5 and bottom <= scene.height + 0.5


def test_a_picture_holds_no_character_that_steers_or_cannot_be_drawn() -> None:
    words = Words("en", str.isprintable)
    assert words(Bilingual.same("Ste\x07el\u202e works")) == "Steel works" and words.fallen == []
    assert words(Bilingual(zh="\ue000", en="\ue001"), "steel\x07") == "steel"


@pytest.mark.parametrize(("low", "high"), [(-1e9, 1.0), (0.0, 1e9), (-1e-6, 0.0)])
def test_figures_of_an_axis_stay_within_the_picture(low: float, high: float) -> None:
    """However little room a short name of a row leaves beside them."""
    scene, _ = rows_frame(["a"], low, high, "axis", pads=(0.0, 0.0), right=0.0)
    assert all(edges(label)[0] >= -0.01 and edges(label)[2] <= scene.width + 0.01 for label in scene.labels())
