"""What the audit knows of a sheet before it compares, on a region of farms 60, plants 120, mines 90 and shops
150: which row speaks for which sector, what ceilings hold back, which findings stand; worked out on paper.
"""

from __future__ import annotations

import math
from types import SimpleNamespace as Made
from typing import Any

import pytest
from dabiao.engine.diagnose.audit import Audit, AuditLine, audit
from dabiao.engine.diagnose.audit.growth import _used, growth_lines
from dabiao.engine.diagnose.audit.line import compare, half, lacking, nearest_tier, say
from dabiao.engine.diagnose.audit.linked import Driver, Missing, driver, evaluate
from dabiao.engine.diagnose.audit.pins import Known, _narrowest_name, tier_value, told
from dabiao.models.consistency import Consistency
from dabiao.models.quantity import Bilingual, Quantity
from dabiao.models.target import Target
from regions import Region, chain, four, laid, region

PAST = {
    "outcomes": {"gdp_growth": 5, "plants_growth": 7},
    "growth": {"farms": 4, "second": 6, "shops": 5},
    "swing": {"gdp": 1, "second": 3},
}


def row(*covers: str, **tiers: Any) -> dict[str, Any]:
    return {"title": "+".join(covers), "indicator": "sector_growth", "covers": list(covers), **tiers}


NOTED = {"title": "noted", "basis": "stated", "ensure": 1}


def built(targets: dict[str, Any], **over: Any) -> Region:
    """The region with these rows and no others."""
    data = laid(four(history=PAST), over)
    return region({**data, "targets": targets})


def known(targets: dict[str, Any] | None = None, **over: Any) -> Known:
    made = built({"noted": NOTED, **(targets or {})}, **over)
    return Known(made.scenario, made.economy, made.sheet.speaking_of())


def audited(targets: dict[str, Any], **over: Any) -> Audit:
    made = built({"noted": NOTED, **targets}, **over)
    return audit(made.scenario, made.economy, made.sheet)


def lines(found: Audit, check: str, target: str = "gdp_growth") -> dict[str, AuditLine]:
    return {each.tier: each for each in found.lines if (each.check, each.target) == (check, target)}


GDP = {"ensure": 6, "stretch": 7, "main": True}


# ---- rows


def test_growth_rows_stand_by_what_they_add_up_and_then_by_name() -> None:
    """Above-scale output is 90 % of plants and 95 % of the mines' goods; ore is soil, and counts too."""
    found = known(
        {
            "gdp_growth": GDP,
            "b": row("plants", ensure=1),
            "a": row("plants", ensure=2),
            "farms": row("farms", "shops", ensure=3),
            "industry_above_scale_growth": {"ensure": 5},
            "said": {"title": "said", "basis": "stated", "ensure": 3},
            "fai_growth": {"ensure": 4},
        }
    )
    assert found.va == pytest.approx({"farms": 60, "plants": 120, "mines": 90, "shops": 150})
    assert [one.target.id for one in found.aggregates] == [
        "a",
        "b",
        "industry_above_scale_growth",
        "farms",
        "gdp_growth",
    ]
    above = found.aggregates[2]
    assert above.weights == pytest.approx({"plants": 108, "mines": 85.5})
    assert above.total == pytest.approx(193.5)
    assert found.aggregates[3].weights == pytest.approx({"farms": 60, "shops": 150})
    assert found.aggregates[4].total == pytest.approx(420)


def test_the_first_row_to_reach_goes_before_ceilings() -> None:
    found = known(
        {
            "cap": {"title": "cap", "indicator": "gdp_growth", "at_most": 8},
            "lower": {"title": "lower", "indicator": "gdp_growth", "at_most": 7},
            "gdp_growth": GDP,
        }
    )
    assert [each.id for each in found.rows("gdp_growth")] == ["gdp_growth", "cap", "lower"]
    first = found.row("gdp_growth")
    assert first is not None and first.id == "gdp_growth" and found.row("fai_growth") is None
    assert found.ceiling("gdp_growth") == 7 and found.ceiling("fai_growth") is None
    assert found.ranged(first)
    assert found.reading(first, "stretch") == (7, False) and found.reading(first, "at_most") == (6, False)
    cap = found.rows("gdp_growth")[1]
    assert found.reading(cap, "ensure") == (7, True) and found.reading(cap, "at_most") == (None, False)


def test_a_ceiling_is_that_of_the_same_sectors() -> None:
    found = known(
        {
            "one": row("plants", "mines", at_most=9),
            "two": row("plants", at_most=5),
            "three": row("mines", "plants", ensure=1),
        }
    )
    assert found.ceiling("sector_growth", ("mines", "plants")) == 9
    assert found.ceiling("sector_growth", ("plants",)) == 5 and found.ceiling("sector_growth") is None
    assert [found.ranged(found.sheet.targets[key]) for key in ("one", "two", "three")] == [True] * 3


@pytest.mark.parametrize(
    ("tiers", "tier", "value"),
    [
        ({"ensure": 3.0, "stretch": 5.0}, "stretch", 5.0),
        ({"ensure": 3.0}, "stretch", 3.0),
        ({"stretch": 5.0}, "ensure", 5.0),
        ({"ensure": 3.0, "at_most": 9.0}, "at_most", 3.0),
        ({"at_most": 9.0}, "at_most", None),
        ({"at_most": 9.0}, "ensure", None),
    ],
)
def test_the_value_of_a_row_at_a_tier(tiers: Any, tier: str, value: float | None) -> None:
    target: Any = Made(tiers=tiers)
    assert tier_value(target, tier) == value


def test_last_years_outcome_is_the_rows_or_the_indicators_or_that_of_the_year() -> None:
    rows = {
        "gdp_growth": GDP,
        "g": {"title": "g", "indicator": "gdp_growth", "ensure": 5},
        "fai_growth": {"ensure": 1},
    }
    year = {"years": {"2020": {"growth": 3}, "2019": {"growth": 9}}, "outcomes": None}
    found = known(rows, history=year)
    for key, value in (("gdp_growth", 3), ("g", 3), ("fai_growth", None)):
        outcome = found.outcome(found.sheet.targets[key])
        assert (outcome.value if outcome else None) == value
    own = known(rows, history={"outcomes": {"g": 4.5}})
    assert [own.outcome(own.sheet.targets[key]).value for key in ("gdp_growth", "g")] == [5, 4.5]  # type: ignore[union-attr]


def test_how_much_growth_swings_is_of_the_narrowest_part_that_holds_the_sectors() -> None:
    found = known()
    assert [found.swing(each).value for each in (("plants",), ("plants", "mines"))] == [3, 3]  # type: ignore[union-attr]
    assert [found.swing(each).value for each in (("farms",), ("plants", "farms"))] == [1, 1]  # type: ignore[union-attr]
    narrow = known(history={"swing": {"plants": 7, "gdp": None}})
    assert [getattr(narrow.swing(each), "value", None) for each in (("plants",), ("mines",), ("farms",))] == [
        7,
        3,
        None,
    ]
    economy: Any = Made(groups={"second": ("a", "b"), "all": ("a", "b", "c"), "none": ()})
    stated: Any = dict.fromkeys(("all", "second", "none", "c"))
    names = [_narrowest_name(stated, some, economy) for some in (("a",), ("b", "c"), ("c",), ("d",), ())]
    assert names == ["second", "all", "c", None, "c"]


# ---- what a sector does


def pins(found: Known, tier: str = "ensure", **below: Any) -> dict[str, tuple[str, float, float]]:
    return {
        key: (pin.how, pytest.approx(pin.growth), pytest.approx(pin.sd))
        for key, pin in found.pins(tier, **below).items()
    }


def test_the_narrowest_row_speaks_and_the_rest_of_a_wider_one_is_left() -> None:
    """Plants and mines together at 7: (210 x 7 - 120 x 9) / 90 are left for mines."""
    targets = {"two": row("plants", "mines", ensure=7), "plants": row("plants", ensure=9, stretch=10)}
    found = known(targets)
    left = (210 * 7 - 120 * 9) / 90
    assert pins(found) == {
        "farms": ("history", 4, 1),
        "plants": ("sheet", 9, 0),
        "mines": ("rest", left, 0),
        "shops": ("history", 5, 1),
    }
    assert found.pins("ensure")["mines"].source == "two:rest"
    assert found.pins("ensure")["mines"].title.en == "the rest of plants+mines"
    assert pins(found, "stretch")["plants"] == ("sheet", 10, 0)
    assert pins(found, "stretch")["mines"][1] == (210 * 7 - 120 * 10) / 90
    wide = next(one for one in found.aggregates if one.target.id == "two")
    assert pins(found, below=wide)["mines"] == ("history", 6, 3), "a row says nothing of itself"
    first = found.aggregates[0]
    assert pins(found, below=first)["plants"] == ("history", 6, 3)


def test_a_row_speaks_for_a_sector_of_which_it_covers_half() -> None:
    """At 50 % above scale plants are spoken for, below that not."""
    for share, how in ((50, "sheet"), (49, "history")):
        found = known(
            {"industry_above_scale_growth": {"ensure": 8}}, sectors={"plants": {"above_scale": share}}
        )
        assert found.pins("ensure")["plants"].how == how
        assert found.pins("ensure")["mines"].how == "sheet"


def test_last_years_rate_is_the_sectors_own_or_that_of_its_narrowest_group() -> None:
    found = known(
        sectors={"plants": {"growth_before": 8.5}}, history={"swing": {"second": None, "gdp": None}}
    )
    assert pins(found)["plants"] == ("history", 8.5, 0) and pins(found)["mines"] == ("history", 6, 0)
    assert found.pins("ensure")["plants"].source == "sector:plants"
    assert found.pins("ensure")["mines"].source == "group:second"
    assert [each.value for each in found.pins("ensure")["mines"].used] == [6]
    assert [each.value for each in known().pins("ensure")["mines"].used] == [6, 3]


def test_where_last_year_is_unknown_the_trend_stands() -> None:
    """That of the sector or of its market, as doubtful as it is and as a year strays."""
    trend = {"value": 3, "low": 1, "high": 6}
    over = {
        "history": {"growth": None},
        "sectors": {
            "farms": {"trend": 2},
            "shops": {"market": {"trend": trend}},
            "plants": {"market": {"trend": 4}},
        },
    }
    found = known(**over)
    mean = (1 + 12 + 6) / 6
    sd = math.sqrt((mean - 1) * (6 - mean) / 7)
    assert pins(found) == {
        "farms": ("trend", 2, 1),
        "plants": ("trend", 4, 3),
        "mines": ("trend", 0, 3),
        "shops": ("trend", 3, math.hypot(sd, 1)),
    }
    assert [each.value for each in found.pins("ensure")["shops"].used] == [3, 1]
    calm = known(**{**over, "history": {"growth": None, "swing": None}})
    assert pins(calm)["shops"] == ("trend", 3, sd) and pins(calm)["farms"] == ("trend", 2, 0)
    assert [each.value for each in calm.pins("ensure")["shops"].used] == [3]


# ---- ceilings over what no row asks


def test_a_ceiling_above_what_a_sector_does_narrows_its_doubt() -> None:
    """Shops at 5 with a ceiling of 5.4: half of 0.4 is the most doubt; against a ceiling it may be lower."""
    found = known({"cap": row("shops", at_most=5.4)})
    assert pins(found)["shops"] == ("history", 5, 0.2)
    most = found.pins("ensure")["shops"].most
    assert most is not None and most.en == '"shops" at most 5.4'
    assert pins(found, "at_most")["shops"] == ("history", 5, 1)
    assert pins(known({"cap": row("shops", at_most=9)}))["shops"] == ("history", 5, 1)
    assert pins(known({"cap": row("shops", at_most=5)}))["shops"] == ("history", 5, 0)


def test_a_ceiling_below_what_a_sector_does_holds_it() -> None:
    found = known({"cap": row("shops", at_most=3)})
    assert pins(found)["shops"] == ("ceiling", 3, 0) and pins(found, "at_most")["shops"] == ("ceiling", 3, 1)
    pin = found.pins("ensure")["shops"]
    assert (pin.source, pin.title.en, pin.most) == (
        "cap:ceiling",
        "services",
        None,
    ) or pin.title.en == "shops"
    assert pin.most is None


def test_a_ceiling_of_several_sectors_holds_what_rows_leave_free() -> None:
    """Plants are asked 9; together with mines at most 7: mines may grow (210 x 7 - 120 x 9) / 90."""
    found = known({"two": row("plants", "mines", at_most=7), "plants": row("plants", ensure=9)})
    left = (210 * 7 - 120 * 9) / 90
    assert pins(found)["plants"] == ("sheet", 9, 0) and pins(found)["mines"] == ("ceiling", left, 0)
    mines = found.pins("ensure")["mines"]
    assert mines.most is not None and mines.most.en == '"plants+mines" at most 7.0'
    assert mines.title.en == "process_chain", "one sector is called by its name"
    both = known({"three": row("plants", "mines", "shops", at_most=6), "plants": row("plants", ensure=9)})
    rest = (360 * 6 - 120 * 9) / 240
    assert pins(both)["mines"] == pins(both)["shops"] == ("ceiling", rest, 0)
    assert both.pins("ensure")["mines"].title.en == "the rest of plants+mines+shops"
    assert pins(both, "at_most")["mines"] == ("ceiling", rest, 3), "the largest of both doubts"
    room = known({"three": row("plants", "mines", "shops", at_most=7), "plants": row("plants", ensure=9)})
    spare = (360 * 7 - 120 * 9) / 240 - (90 * 6 + 150 * 5) / 240
    assert pins(room)["mines"] == ("history", 6, spare / 2) and pins(room)["shops"] == (
        "history",
        5,
        spare / 2,
    )


def test_a_ceiling_holds_nothing_where_rows_speak_for_all_or_growth_is_unknown() -> None:
    asked = known({"cap": row("shops", at_most=3), "shops": row("shops", ensure=4)})
    assert pins(asked)["shops"] == ("sheet", 4, 0)
    over = {"history": {"growth": {"second": None}}, "sectors": {"plants": {"above_scale": 40}}}
    half_covered = known({"industry_above_scale_growth": {"at_most": -1}}, **over)
    assert half_covered.pins("ensure")["mines"].how == "ceiling"
    assert half_covered.pins("ensure")["plants"].how == "trend", "less than half of them is covered"
    over["sectors"]["plants"]["above_scale"] = 50
    covered = known({"industry_above_scale_growth": {"at_most": -1}}, **over)
    assert {covered.pins("ensure")[key].how for key in ("mines", "plants")} == {"ceiling"}


# ---- blocks


def test_blocks_of_a_row() -> None:
    found = known(
        {"gdp_growth": GDP, "two": row("plants", "mines", ensure=7), "farms": row("farms", at_most=3)}
    )
    whole = found.aggregates[-1]
    blocks, unknown = found.blocks(whole, "ensure")
    assert unknown == []
    assert [(each.sectors, each.pin.how, each.set_by_sheet) for each in blocks] == [
        (("farms",), "ceiling", True),
        (("plants", "mines"), "sheet", True),
        (("shops",), "history", False),
    ]
    assert [each.weight for each in blocks] == pytest.approx([60, 210, 150])
    assert told(blocks[2]).en == "services 5.0 (last year)"
    less = known(
        {"gdp_growth": GDP}, history={"growth": {"second": None}}, sectors={"plants": {"growth_before": 2}}
    )
    blocks, _ = less.blocks(less.aggregates[-1], "ensure")
    assert [each.sectors for each in blocks] == [("farms",), ("plants",), ("mines",), ("shops",)]
    narrow = known({"gdp_growth": GDP, "plants": row("plants", ensure=3)}, history={"growth": {"shops": 2}})
    [mines] = [
        each for each in narrow.blocks(narrow.aggregates[-1], "ensure")[0] if each.sectors == ("mines",)
    ]
    assert mines.pin.title.en == "process_chain" and mines.pin.source == "group:second"


def test_a_number_that_several_parts_use_is_named_once() -> None:
    """By its place in the scenario; numbers without a place are each their own."""
    shared, twin, other = (Made(path=path) for path in ("history.a", "history.a", "history.b"))
    one, two = Made(path=""), Made(path="")
    blocks: Any = [Made(pin=Made(used=used)) for used in ((shared, one), (two, twin), (other, one))]
    assert [id(each) for each in _used(blocks)] == [id(each) for each in (twin, one, two, other)]


# ---- investment


def test_nominal_and_real_growth_of_investment() -> None:
    """Of the row, else the plan's 9 % below a ceiling; over a price of 2 %."""
    over = {"investment": {"growth": 9}, "prices": {"investment": 2}}
    asked = known({"fai_growth": {"ensure": 10, "stretch": 12}}, **over)
    assert asked.invested("ensure") == (10, ()) and asked.invested("stretch")[0] == 12
    real, used = asked.investment_growth("ensure")
    assert real == pytest.approx(100 * (1.10 / 1.02 - 1)) and [each.value for each in used] == [2]
    free = known({}, **over)
    nominal, used = free.invested("ensure")
    assert nominal == 9 and [each.value for each in used] == [9]
    assert [each.value for each in free.investment_growth("ensure")[1]] == [9, 2]
    assert known({"fai_growth": {"at_most": 7}}, **over).invested("ensure")[0] == 7
    assert known({"fai_growth": {"at_most": 11}}, **over).invested("ensure")[0] == 9


def test_what_is_planned_for_the_sheets_year() -> None:
    over: dict[str, Any] = {"investment": {"growth": 9, "later": 4}}
    one = known({}, **over)
    assert (one.planned.value, one.invested_before, one.yearly.en) == (9, 168, "")
    two = known({}, **over, years={"target": 2022})
    assert two.planned.value == 4 and two.invested_before == pytest.approx(168 * 1.09)
    assert two.yearly.en == " a year for 2 years"
    three = known({}, **over, years={"target": 2023})
    assert three.invested_before == pytest.approx(168 * 1.09 * 1.04)
    path = known(
        {},
        investment={"growth": 9, "later": {"value": 4, "low": 1}, "path": {"2022": 200}},
        years={"target": 2022},
    )
    assert path.planned.value == pytest.approx(100 * (200 / (168 * 1.09) - 1)) and path.planned.low is None


# ---- one comparison


@pytest.mark.parametrize(
    ("value", "digits", "said"), [(1.25, 1, "1.3"), (-0.04, 1, "0.0"), (2, 0, "2"), (-1.25, 1, "-1.3")]
)
def test_numbers_as_printed(value: float, digits: int, said: str) -> None:
    assert say(value, digits) == said
    assert half(digits) == pytest.approx({0: 0.5, 1: 0.05}[digits])


def target(**tiers: float) -> Target:
    plain = {"ensure": None, "stretch": None, "at_most": None, **tiers}
    return Target("t", Bilingual.same("t"), "i", "modelled", "%", 1, asked=None, **plain)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "tier"),
    [(6.4, "ensure"), (6.5, "ensure"), (6.6, "stretch"), (0.0, "ensure"), (99.0, "stretch")],
)
def test_the_nearest_tier(value: float, tier: str) -> None:
    assert nearest_tier(target(ensure=6, stretch=7), value) == tier
    assert nearest_tier(target(), value) is None


def compared(tier: str, implied: float, by: str = "it", **more: Any) -> AuditLine:
    facts: Any = {
        "sd": 1.0,
        "slack": 0.05,
        "about": Bilingual.same("t"),
        "basis": Bilingual.same("b"),
        **more,
    }
    return compare("c", target(ensure=6, stretch=7), tier, implied, by=Bilingual.same(by), **facts)


@pytest.mark.parametrize(
    ("tier", "implied", "level", "best"),
    [
        ("ensure", 6.4, "CONSISTENT", False),
        ("ensure", 6.8, "LOOSE", True),
        ("stretch", 6.8, "CONSISTENT", False),
        ("stretch", 6.2, "TIGHT", True),
        ("stretch", 4.0, "CONTRADICTORY", True),
    ],
)
def test_a_tier_beside_what_is_implied(tier: str, implied: float, level: str, best: bool) -> None:
    found = compared(tier, implied)
    assert found.level is Consistency[level] and found.nearest == ("ensure" if implied < 6.5 else "stretch")
    assert ("is the one that fits best" in found.says.en) is best
    assert (found.asked, found.implied, found.unit, found.digits, found.bound) == (
        {"ensure": 6, "stretch": 7}[tier],
        implied,
        "%",
        1,
        False,
    )


@pytest.mark.parametrize(
    ("by", "verb"),
    [("limits", "imply"), ("the class", "implies"), ("a plan", "implies"), ("classes", "imply")],
)
def test_several_things_imply_and_one_implies(by: str, verb: str) -> None:
    assert f"{by} {verb} 6.2 %" in compared("ensure", 6.2, by).says.en


def test_bounds_and_given_grades() -> None:
    assert (
        compared("ensure", 9.9, floor=True).bound
        and compared("ensure", 9.9, floor=True).level is Consistency.CONSISTENT
    )
    assert compared("ensure", 9.9, grade=Consistency.TOLD).level is Consistency.TOLD
    capped = compare(
        "c", target(at_most=5), "at_most", 4.0, sd=1.0, slack=0.05, about=Bilingual.same("t"),
        by=Bilingual.same("it"), basis=Bilingual.same("b"),
    )  # fmt: skip
    assert capped.bound and capped.says.en == "t: ceiling 5.0 %; it implies 4.0 %"
    gone = lacking("c", target(ensure=6), "stretch", Bilingual.same("t"), ["a.b", "c"])
    assert (gone.asked, gone.missing, gone.level) == (None, ("a.b", "c"), Consistency.MISSING)
    assert gone.says.en == "t: not compared, a.b, c not stated" and gone.used == ()


# ---- findings


def finding(
    check: str, level: str, sd: float | None, *, row: str = "r", tier: str = "ensure", bound: bool = False
) -> AuditLine:
    text = Bilingual.same(check)
    return AuditLine(
        check, row, tier, text, Consistency[level], 1.0, 1.0, "%", 1, sd, None, text, text, bound=bound
    )


@pytest.mark.parametrize(
    ("lines", "stands"),
    [
        # at a tier the comparison with the least doubt speaks
        ([finding("a", "TIGHT", 2.0), finding("b", "CONSISTENT", 1.0)], []),
        ([finding("a", "TIGHT", 1.0), finding("b", "CONSISTENT", 2.0)], ["a"]),
        ([finding("a", "TIGHT", 0.0), finding("b", "LOOSE", 0.0)], ["a"]),
        ([finding("a", "CONSISTENT", 0.5), finding("b", "TIGHT", 0.0)], ["b"]),
        # what is shown only, missing, without doubt, or left to the rest does not
        ([finding("a", "TIGHT", 2.0), finding("b", "TOLD", 1.0)], ["a"]),
        ([finding("a", "TIGHT", 2.0), finding("b", "MISSING", 0.0)], ["a"]),
        ([finding("a", "TIGHT", 2.0), finding("rest", "CONTRADICTORY", 0.0)], ["a"]),
        ([finding("a", "TIGHT", None)], []),
        ([finding("rest", "TIGHT", 1.0, bound=True)], []),
        # every bound that is broken does, and none that is kept
        ([finding("a", "CONSISTENT", 0.0), finding("b", "TIGHT", 3.0, bound=True)], ["b"]),
        ([finding("a", "TIGHT", 2.0), finding("b", "CONSISTENT", 0.0, bound=True)], ["a"]),
        # of one row the gravest stands, and of two as grave that with less doubt
        ([finding("a", "TIGHT", 1.0), finding("b", "CONTRADICTORY", 4.0, bound=True)], ["b"]),
        ([finding("a", "CONTRADICTORY", 1.0), finding("b", "TIGHT", 0.0, tier="stretch")], ["a"]),
        ([finding("a", "TIGHT", 2.0), finding("b", "TIGHT", 1.0, tier="stretch")], ["b"]),
        ([finding("a", "TIGHT", 1.0), finding("b", "TIGHT", 1.0, tier="stretch")], ["a"]),
        # the gravest row first, then as on the sheet
        (
            [
                finding("a", "LOOSE", 1.0, row="x"),
                finding("b", "TIGHT", 1.0, row="y"),
                finding("c", "CONTRADICTORY", 1.0, row="z"),
                finding("d", "TIGHT", 1.0, row="w"),
            ],
            ["c", "b", "d", "a"],
        ),
    ],
)
def test_one_judgement_a_row(lines: list[AuditLine], stands: list[str]) -> None:
    assert [each.check for each in Audit(tuple(lines)).findings] == stands


# ---- growth rows with ceilings and without parts


def test_a_row_whose_parts_the_sheet_says_nothing_of_is_not_compared() -> None:
    found = audited({"gdp_growth": GDP})
    assert not lines(found, "parts") and not lines(found, "rest") and not lines(found, "step")


def test_parts_of_whose_growth_nothing_is_known_are_named() -> None:
    """Without a trend of its own, its market's or last year's rate."""
    made = known(
        {"gdp_growth": GDP, "plants": row("plants", ensure=8, stretch=9)}, history={"growth": {"farms": None}}
    )
    bare = made.scenario.sectors["farms"].model_copy(update={"trend": None})
    less = made.scenario.model_copy(update={"sectors": {**made.scenario.sectors, "farms": bare}})
    found = Audit(tuple(growth_lines(Known(less, made.economy, made.sheet))))
    missing = lines(found, "parts")
    assert set(missing) == {"ensure", "stretch"} and not lines(found, "rest")
    assert {each.missing for each in missing.values()} == {("history.growth.farms",)}
    assert missing["ensure"].says.en.startswith("GDP growth against its parts: not compared")


def test_a_ceiling_of_the_whole_is_pressed_on_by_parts_to_reach_and_not_by_their_ceilings() -> None:
    cap = {"gdp_growth": {"at_most": 5, "main": True}}
    asked = lines(audited({**cap, "plants": row("plants", ensure=8)}), "parts")["at_most"]
    made = (60 * 4 + 120 * 8 + 90 * 6 + 150 * 5) / 420
    assert asked.implied == pytest.approx(made) and asked.bound
    assert not lines(audited({**cap, "plants": row("plants", at_most=3)}), "parts")
    held = audited({"gdp_growth": GDP, "plants": row("plants", at_most=9)})
    assert set(lines(held, "parts")) == {"ensure"}, "it holds a row to reach, at every tier alike"
    rest = lines(audited({**cap, "plants": row("plants", ensure=8)}), "rest")["at_most"]
    left = (420 * 5 - 60 * 4 - 120 * 8 - 90 * 6) / 150
    assert rest.asked == pytest.approx(left) and f"lets services grow at most {left:.1f} %" in rest.says.en
    loose = {"gdp_growth": {"at_most": 7, "main": True}}
    assert not lines(audited({**loose, "plants": row("plants", ensure=8)}), "rest"), "it holds nothing back"


def test_what_is_left_for_the_largest_part_where_a_ceiling_stands_above_it() -> None:
    found = audited(
        {"gdp_growth": GDP, "plants": row("plants", ensure=8, stretch=9), "shops": row("shops", at_most=6)}
    )
    rest = lines(found, "rest")["ensure"]
    assert '("shops" at most 6.0)' in rest.says.en and rest.sd == pytest.approx(math.hypot(75, 60, 270) / 150)


@pytest.mark.parametrize(("plants", "level"), [(8.1, "CONSISTENT"), (8.0, "CONTRADICTORY")])
def test_what_is_left_allows_for_the_rounding_of_the_whole_and_of_rows(plants: float, level: str) -> None:
    """Shops at 5 without doubt; half a digit of 420 and of 120 is 0.18 of 150: left are 5.12 and 5.2."""
    rows = {"gdp_growth": {"ensure": 6.0}, "plants": row("plants", ensure=plants)}
    made = built(rows, history={"swing": None})
    found = audit(made.scenario, made.economy, made.sheet)
    assert lines(found, "rest")["ensure"].level is Consistency[level]


@pytest.mark.parametrize(
    ("gdp", "level"), [(5.2, "CONSISTENT"), (5.3, "TIGHT"), (6.1, "TIGHT"), (7.3, "CONTRADICTORY")]
)
def test_growth_beyond_what_a_ceiling_on_investment_brings(gdp: float, level: str) -> None:
    """At most 10 % more at prices of 2 % bring 5.14 by last year's ICOR; growth swings by 1."""
    rows = {"gdp_growth": {"ensure": gdp}, "fai_growth": {"at_most": 10}}
    found = lines(audited(rows, prices={"investment": 2}), "icor")["ensure"]
    assert found.implied == pytest.approx(1.10 / 1.02 * 100 * 0.05 / 1.05)
    assert (found.level, found.bound) == (Consistency[level], True)
    assert "investment at most +10.0 %" in found.says.en


def test_investment_that_stands_still_is_told_with_a_plus() -> None:
    rows = {"gdp_growth": {"ensure": 5}, "fai_growth": {"ensure": 0}}
    found = lines(audited(rows, prices={"investment": 5}), "icor")["ensure"]
    assert "investment at +0.0 %" in found.says.en
    assert found.basis.en.endswith("the row needs investment at +10.3 %")


def test_two_ceilings_never_contradict_each_other() -> None:
    rows = {"gdp_growth": {"ensure": 5, "at_most": 6}, "fai_growth": {"at_most": 10}}
    assert set(lines(audited(rows), "icor")) == {"ensure"}
    assert set(lines(audited({**rows, "fai_growth": {"ensure": 9}}), "icor")) == {"ensure", "at_most"}
    assert not lines(audited({"gdp_growth": {"ensure": 5}}), "icor")


def test_a_sheet_that_speaks_for_all_leaves_nothing() -> None:
    every = {key: row(key, ensure=5) for key in ("farms", "plants", "mines", "shops")}
    found = audited({"gdp_growth": {"ensure": 5.01}, **every})
    assert not lines(found, "rest")
    parts = lines(found, "parts")["ensure"]
    assert (parts.sd, parts.level) == (0, Consistency.CONSISTENT), "both are rounded to 0.01"
    assert (
        lines(audited({"gdp_growth": {"ensure": 5.02}, **every}), "parts")["ensure"].level
        is Consistency.CONTRADICTORY
    )


def test_a_lead_over_gdps_ceiling_or_without_gdp() -> None:
    plants = {"plants_growth": row("plants", ensure=8)}
    assert not lines(audited(plants), "lead", "plants_growth")
    capped = lines(audited({"gdp_growth": {"at_most": 5}, **plants}), "lead", "plants_growth")["ensure"]
    assert capped.implied == pytest.approx(5 + 7 - 5) and capped.bound
    both = {"plants_growth": row("plants", at_most=8)}
    assert not lines(audited({"gdp_growth": {"at_most": 5}, **both}), "lead", "plants_growth")
    calm = lines(audited({"gdp_growth": GDP, **plants}, history={"swing": None}), "lead", "plants_growth")
    assert calm["ensure"].sd is None and [each.value for each in calm["ensure"].used] == [7, 5]
    still = audited({"gdp_growth": {"ensure": 0}, **plants})
    assert "— % of it" in lines(still, "lead", "plants_growth")["ensure"].basis.en


@pytest.mark.parametrize(("size", "told"), [(0.3, False), (0.4, True)])
def test_a_thousandth_of_the_whole_is_nothing_left(size: float, told: bool) -> None:
    """Mines of 0.3 beside 330 are less than a thousandth."""
    data = laid(
        four(history={**PAST, "growth": {"farms": 4, "plants": 6, "shops": 5}}),
        {"sectors": {"mines": {"va": size}}},
    )
    data |= {"targets": {"gdp_growth": GDP}, "chains": {"ridge": chain(size * 0.6 / 1.80)}}
    data["accounts"]["gdp"] = 330 + size
    made = region(data)
    found = Audit(tuple(growth_lines(Known(made.scenario, made.economy, made.sheet))))
    assert bool(lines(found, "base_year")) is told


# ---- drivers of linked rows


def test_drivers_at_a_tier_and_below_ceilings() -> None:
    """What a relation says of a row stays below its ceiling; the other way round a ceiling says nothing."""
    over: dict[str, Any] = {
        "relations": {
            "revenue": {
                "title": "r",
                "constant": {"value": 2, "low": 0, "high": 4},
                "drivers": {"gdp_growth": 0.5},
            }
        },
    }
    gdp = {"gdp_growth": {"ensure": 6, "stretch": 8, "main": True}}
    sd = math.sqrt(2 * 2 / 7)

    def of(most: float | None, tier: str = "ensure", up: bool | None = None) -> Any:
        rows = {**gdp, **({} if most is None else {"revenue": {"at_most": most}})}
        return driver(known(rows, **over), "revenue", tier, up)

    assert of(None) == Driver(5.0, pytest.approx(sd), of(None).used)
    assert [each.value for each in of(None).used] == [2, 0.5]
    assert of(None, "stretch").value == 6
    assert (of(5.0).value, of(5.0).sd, of(5.0).bound) == (5.0, 0.0, False)
    assert of(5.5).sd == pytest.approx(0.25) and of(5.5, up=False).sd == pytest.approx(sd)
    assert of(99).sd == pytest.approx(sd)
    assert of(4.5) == Driver(4.5, 0.0, bound=True)
    assert of(4.5, up=False) == Missing("targets.revenue", True) == of(4.5, "at_most")
    assert driver(known({}, **over), "revenue", "ensure") == Missing("targets.gdp_growth")
    assert driver(known(gdp), "nobody", "ensure") == Missing("targets.nobody")


def test_what_lowers_a_row_is_read_from_below() -> None:
    """10 - 0.5 g with g at most 4: upwards nothing is known, downwards 10 - 0.5 x 4."""
    over: dict[str, Any] = {
        "relations": {"jobs": {"title": "j", "constant": 10, "drivers": {"gdp_growth": -0.5}}}
    }
    found = known({"gdp_growth": {"at_most": 4}}, **over)
    relation = found.scenario.relations["jobs"]
    assert evaluate(found, relation, "ensure") == Missing("targets.gdp_growth", True)
    low = evaluate(found, relation, "at_most")
    assert isinstance(low, Driver) and (low.value, low.bound) == (8.0, True)
    given = evaluate(found, relation, "ensure", {"gdp_growth": Driver(2.0, 0.4, (Quantity(value=7),), True)})
    assert isinstance(given, Driver) and (given.value, given.sd, given.bound) == (9.0, 0.2, True)
    assert [each.value for each in given.used] == [10, -0.5, 7]


def test_nominal_growth_is_bound_where_real_growth_is() -> None:
    prices = {"gdp": {"value": 1.5, "low": 1, "high": 2}}
    cap = driver(known({"gdp_growth": {"at_most": 4}}, prices=prices), "nominal_gdp_growth", "ensure")
    assert isinstance(cap, Driver) and cap.bound
    assert cap.value == pytest.approx(100 * (1.04 * 1.015 - 1)) and cap.sd == pytest.approx(
        math.sqrt(0.25 / 7)
    )
    assert [each.value for each in cap.used] == [1.5]
    row_ = driver(known({"gdp_growth": {"ensure": 4}}, prices=prices), "nominal_gdp_growth", "ensure")
    assert isinstance(row_, Driver) and not row_.bound
    assert driver(known(prices=prices), "nominal_gdp_growth", "ensure") == Missing("targets.gdp_growth")
    consumer = driver(
        known(prices={"consumer": {"value": 2, "low": 1, "high": 3}}), "consumer_prices", "ensure"
    )
    assert isinstance(consumer, Driver) and (consumer.value, consumer.used[0].value) == (2, 2)
    assert consumer.sd == pytest.approx(math.sqrt(1 / 7))


def test_consumption_is_the_rows_or_that_of_the_model() -> None:
    """With GDP held below 4 it is no more than that gives."""
    demand = {"transfers": 3, "autonomous_consumption": 1, "income_elasticity": 0.8}
    stated = known({"household_consumption_growth": {"ensure": 3.5}}, demand=demand)
    assert driver(stated, "consumption_growth", "ensure") == Driver(3.5, 0.0)
    held = known({"gdp_growth": {"at_most": 4}}, demand=demand)
    labour = float((held.economy.earned * held.economy.accounts.output).sum())
    income = (labour * 4 + 33.6 * 3) / (labour + 33.6)
    found = driver(held, "consumption_growth", "ensure")
    assert isinstance(found, Driver) and found.bound
    assert found.value == pytest.approx(100 * (1.01 * (1 + 0.8 * income / 100) - 1))
    assert driver(known(demand=demand), "consumption_growth", "ensure") == Missing("targets.gdp_growth")
    wanting = known({"gdp_growth": {"ensure": 4}}, demand=demand, sectors={"shops": {"demand": 2}})
    bought = wanting.economy.accounts.household[:, 0]
    share = float(bought[wanting.economy.rows("shops")].sum() / bought.sum())
    more = driver(wanting, "consumption_growth", "ensure")
    assert isinstance(more, Driver)
    assert more.value == pytest.approx(100 * (1.01 * (1 + 0.8 * income / 100) * (1 + 0.02 * share) - 1))
    assert 2 in [each.value for each in more.used]


STEP: dict[str, Any] = {
    "relations": {
        "step": {"title": "step", "constant": 0, "drivers": {"gdp_growth": 1, "fai_growth": -1}},
        "urban_income_growth": {"title": "urban", "constant": 1, "drivers": {"gdp_growth": 1}},
    }
}


def test_a_difference_of_rows_is_exact_at_each_tier() -> None:
    """6 - 9, all three rounded to 0.1: more than 0.15 beyond contradicts, less than that is no matter."""
    rows = {"gdp_growth": {"ensure": 6}, "fai_growth": {"ensure": 9}}
    for asked, level in ((-2.9, "CONSISTENT"), (-2.8, "CONTRADICTORY"), (-5.0, "CONSISTENT")):
        found = lines(audited({**rows, "step": {"ensure": asked}}, **STEP), "relation", "step")["ensure"]
        assert (found.implied, found.sd, found.level, found.bound) == (-3, 0, Consistency[level], True)
    assert "the same tier of GDP growth and" in found.says.en
    one = known({**rows, "step": {"ensure": -3}}, **STEP)
    from dabiao.engine.diagnose.audit.linked import _rows

    relations = one.scenario.relations
    assert [each.id for each in _rows(one, relations["step"])] == ["gdp_growth", "fai_growth"]
    assert _rows(one, relations["urban_income_growth"]) == [], "nothing is taken away"
    unsure = relations["step"].model_copy(update={"constant": Quantity(value=0, low=-1, high=1)})
    assert _rows(one, unsure) == []
    half_ = relations["step"].model_copy(
        update={"drivers": {"gdp_growth": Quantity(value=0.5), "fai_growth": Quantity(value=-1)}}
    )
    assert _rows(one, half_) == []
    assert _rows(known({"gdp_growth": {"ensure": 6}}, **STEP), relations["step"]) == []


def test_incomes_against_nominal_gdp() -> None:
    income = {"urban_income_growth": {"ensure": 7}}
    over: dict[str, Any] = {**STEP, "prices": {"gdp": 1, "consumer": 2}}
    none = lines(audited(income, **over), "income_share", "urban_income_growth")["ensure"]
    assert none.missing == ("targets.gdp_growth",)
    calm = audited({**income, "gdp_growth": {"ensure": 5}}, **over, history={"swing": None})
    found = lines(calm, "income_share", "urban_income_growth")["ensure"]
    assert (found.sd, found.level, found.bound) == (None, Consistency.TOLD, False)
    assert found.implied == pytest.approx(100 * (1.05 * 1.01 - 1))
    assert [each.value for each in found.used] == [1, 2]
    capped = audited({**income, "gdp_growth": {"at_most": 5}}, **over)
    assert lines(capped, "income_share", "urban_income_growth")["ensure"].bound
    both = audited({"urban_income_growth": {"at_most": 6}, "gdp_growth": {"at_most": 5}}, **over)
    assert not lines(both, "income_share", "urban_income_growth"), "a ceiling says nothing of a ceiling"
    assert not lines(both, "relation", "urban_income_growth")
    assert not lines(calm, "income_share"), "GDP is no income"


def test_consumer_prices_have_a_ceiling_alone() -> None:
    cpi = {"consumer_prices": {"title": "cpi", "basis": "stated", "ensure": 1, "at_most": 3}}
    found = audited(cpi, prices={"consumer": 2})
    assert set(lines(found, "prices", "consumer_prices")) == {"at_most"}
    assert lines(found, "prices", "consumer_prices")["at_most"].sd == 0


# ---- investment, key projects, levels


def test_a_ceiling_on_investment_against_the_plan() -> None:
    """The plan's 9 % is more than 7, and less than 12."""
    over = {"investment": {"growth": 9}}
    high = lines(audited({"fai_growth": {"at_most": 7}}, **over), "plan", "fai_growth")["at_most"]
    assert (high.level, high.implied, high.bound) == (Consistency.TIGHT, 9, True)
    assert high.basis.en.endswith("the plan would have to spend CNY 0.34bn less")
    low = lines(audited({"fai_growth": {"at_most": 12}}, **over), "plan", "fai_growth")["at_most"]
    assert low.level is Consistency.CONSISTENT and low.basis.en == "planned growth of investment = 9.00 %"


def test_money_of_some_sectors_is_no_limit_on_all_of_it() -> None:
    some = {"s": {"title": "s", "on": "sector", "sectors": ["plants"], "max": 20}}
    assert not lines(audited({"fai_growth": {"ensure": 7}}, limits=some), "money", "fai_growth")
    whole = {"m": {"title": "m", "on": "investment", "max": 190}}
    both = audited({"fai_growth": {"ensure": 7, "at_most": 20}}, limits=whole)
    found = lines(both, "money", "fai_growth")
    assert set(found) == {"ensure"} and found["ensure"].level is Consistency.CONSISTENT
    assert not lines(audited({"gdp_growth": {"ensure": 7}}, limits=whole), "money", "fai_growth")


def test_key_projects_under_a_ceiling_on_investment() -> None:
    """The row asks 10 %, and may be 15; of the plan's 9 % the ceiling leaves 7."""
    key = {"key_project_investment": {"ensure": 60, "at_most": 90}}
    outcomes = {"outcomes": {"key_project_investment": 42}}
    rows = {**key, "fai_growth": {"ensure": 10, "at_most": 15}}
    found = lines(audited(rows, history=outcomes), "key_bound", "key_project_investment")
    assert set(found) == {"ensure"} and found["ensure"].implied == pytest.approx(168 * 1.15)
    share = lines(audited(rows, history=outcomes), "key_share", "key_project_investment")
    assert {tier: one.implied for tier, one in share.items()} == pytest.approx(
        {"ensure": 42 * 1.1, "at_most": 42 * 1.1}
    )
    planned = {"investment": {"growth": 9}, "history": outcomes}
    held = audited({**key, "fai_growth": {"at_most": 7}}, **planned)
    bound = lines(held, "key_bound", "key_project_investment")["ensure"]
    assert bound.implied == pytest.approx(168 * 1.07) and [each.value for each in bound.used] == [168, 9]
    free = lines(audited(key, **planned), "key_bound", "key_project_investment")["ensure"]
    assert free.implied == pytest.approx(168 * 1.09)
    assert not lines(held, "key_plan", "key_project_investment")


def test_the_plan_of_key_projects_in_its_own_year() -> None:
    months = {"approval": 6, "registration": 0, "construction": 18, "ramp_up": 12}
    pool = {"projects": 40, "investment": 40, "starts": 10, "completions": 8, "months": months, "slip": 1}
    found = lines(
        audited({"key_project_investment": {"ensure": 41}}, pool=pool), "key_plan", "key_project_investment"
    )["ensure"]
    assert found.basis.en == "planned investment of key projects = 40.0"
    assert (found.implied, found.sd, found.level) == (40, 0, Consistency.CONTRADICTORY)


def test_the_level_of_gdp_under_a_ceiling_of_growth() -> None:
    level = {"gdp_level": {"ensure": 450}}
    capped = lines(audited({**level, "gdp_growth": {"at_most": 5}}, prices={"gdp": 2}), "level", "gdp_level")[
        "ensure"
    ]
    assert capped.implied == pytest.approx(420 * 1.05 * 1.02) and capped.bound
    both = audited({"gdp_level": {"at_most": 450}, "gdp_growth": {"at_most": 5}}, prices={"gdp": 2})
    assert not lines(both, "level", "gdp_level")
    missing = lines(audited(level), "level", "gdp_level")["ensure"]
    assert missing.missing == ("targets.gdp_growth",)


def test_an_output_value_of_nothing_says_what_is_missing() -> None:
    """No output of what it covers, and no level of the base year."""
    row_ = {"value": {"title": "v", "indicator": "output_value", "covers": ["plants"], "ensure": 500}}
    found = lines(audited(row_), "output", "value")["ensure"]
    assert found.missing == () and found.implied == pytest.approx(400 * 1.06)
    gone = known(row_, history={"growth": {"second": None}}, sectors={"plants": {"va": 120}})
    bare = gone.scenario.sectors["plants"].model_copy(update={"market": None})
    less = gone.scenario.model_copy(update={"sectors": {**gone.scenario.sectors, "plants": bare}})
    from dabiao.engine.diagnose.audit.output import output_lines

    told_ = Audit(tuple(output_lines(Known(less, gone.economy, gone.sheet))))
    assert lines(told_, "output", "value")["ensure"].missing == ("history.growth.plants",)


def test_a_good_without_a_price_of_its_own_has_no_doubt_of_prices() -> None:
    """Metal of the chain grows as mines do, 6 %, and strays by 3."""
    row_ = {"value": {"title": "v", "indicator": "output_value", "covers": ["metal"], "ensure": 500}}
    found = lines(audited(row_), "output", "value")["ensure"]
    made = 2000 * 10 * 90 * 0.6 / 1.80 / 1e4
    assert found.implied == pytest.approx(made * 1.06)
    assert found.sd == pytest.approx(made * 0.03)


def test_a_ceiling_over_every_sector_holds_them_all() -> None:
    every = ("farms", "plants", "mines", "shops")
    found = known({"all": row(*every, at_most=3)})
    assert {key: found.pins("ensure")[key].how for key in every} == dict.fromkeys(every, "ceiling")
    assert found.pins("ensure")["farms"].growth == pytest.approx(3)


@pytest.mark.parametrize("expected", [{}, {"expected": 0}])
def test_a_stated_row_without_last_years_value_asks_nothing_over_it(expected: Any) -> None:
    noted = {"title": "firms", "basis": "stated", "ensure": 5.5, **expected}
    assert not lines(audited({"firms": noted}), "over_last_year", "firms")
