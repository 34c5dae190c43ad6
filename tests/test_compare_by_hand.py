"""Two scenarios side by side, on paper: which keys differ and in which group, mixtures of both, works laid
side by side, and how many groups are told apart."""

from __future__ import annotations

from types import SimpleNamespace as Made
from typing import Any

import numpy as np
import pytest
from dabiao.engine.compare import attribute as module
from dabiao.engine.compare import between as betweens
from dabiao.engine.compare.attribute import attribute
from dabiao.engine.compare.between import Between, Item, items_of, side_by_side
from dabiao.engine.compare.blend import (
    UNREAD,
    Blend,
    comparable,
    differences,
    group_of,
    merged,
    plan_mixes,
    title_of,
)
from dabiao.models.errors import Problem, ScenarioError
from dabiao.models.quantity import Bilingual, Quantity, StrictModel
from dabiao.models.realisation import Realisation
from dabiao.models.words import msg
from dabiao.scenarios.schema import Scenario
from regions import four, laid, moving, region


def stated(**changes: Any) -> Scenario:
    return Scenario.model_validate(moving(**changes))


# ---- keys that differ


class Part(StrictModel):
    title: Bilingual
    size: Quantity
    name: str = ""
    sources: str = ""
    more: dict[str, Quantity]
    row: tuple[Quantity, ...] = ()


def part(**changes: Any) -> Part:
    plain = {"title": "t", "size": 2, "name": "n", "more": {"a": 1, "b": 2}, "row": (1, 2)}
    return Part.model_validate({**plain, **changes})


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({}, []),
        ({"title": "u", "sources": "s"}, []),
        ({"size": 3}, ["size"]),
        ({"size": {"value": 2, "low": 1}}, ["size"]),
        ({"size": {"value": 2, "high": 3}}, ["size"]),
        ({"size": {"value": 2, "assumption": "why"}}, []),
        ({"name": "m"}, ["name"]),
        ({"more": {"a": 1, "b": 5}}, ["more.b"]),
        ({"more": {"b": 2, "c": 3}}, ["more.a", "more.c"]),
        ({"row": (1, 3)}, ["row"]),
        ({"row": (1, 2, 3)}, ["row"]),
        ({"row": (4, 3), "size": 1}, ["size", "row"]),
    ],
)
def test_paths_at_which_two_parts_differ(changes: Any, paths: list[str]) -> None:
    assert list(differences(part(), part(**changes))) == paths
    assert list(differences(part(**changes), part())) == paths
    assert list(differences({"x": part()}, {"x": part(**changes)}, "in")) == [
        f"in.x.{each}" for each in paths
    ]


def test_parts_of_other_kinds_differ_whole() -> None:
    assert list(differences(1, 2, "p")) == ["p"] and list(differences("a", "a", "p")) == []
    assert list(differences(part(), None, "p")) == ["p"]
    assert list(differences(Quantity(value=1), None, "p")) == ["p"]
    assert list(differences(part(), Bilingual.same("t"), "p")) == ["p"]


def test_keys_of_both_maps_in_one_order() -> None:
    """By the place where a key comes first in either; then by name."""
    one, two = ["c", "a", "b"], ["a", "d", "c", "e"]
    assert merged(one, two) == merged(two, one) == ["a", "c", "d", "b", "e"]
    assert merged([], ["z", "y"]) == ["z", "y"]
    assert merged(["x"], []) == ["x"]


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("mixes", "mix"),
        ("mixes.plan.shares.a", "mix"),
        ("mixes.other.shares.a", UNREAD),
        ("years.target", "years"),
        ("accounts.gdp", "accounts"),
        ("investment.base_shares.a", "accounts"),
        ("investment.before", "accounts"),
        ("sectors.a.va", "accounts"),
        ("sectors.a.va_ratio", "accounts"),
        ("sectors.a.output", "accounts"),
        ("sectors.a.output_per_yuan", "sectors.a"),
        ("investment.growth", "investment"),
        ("pool", "pipeline"),
        ("pool.projects", "pipeline"),
        ("pipeline[0]", "pipeline"),
        ("pools", "pools"),
        ("funds.a.desk", "pipeline"),
        ("demand.government", "demand"),
        ("prices.gdp", "prices"),
        ("sectors.a.price_growth", "prices"),
        ("chains.c.materials.m.price_growth", "prices"),
        ("sectors.a.market.trend", "markets"),
        ("sectors.a.visitors", "markets"),
        ("chains.c.materials.m.market", "markets"),
        ("chains.c.processes", "chains"),
        ("national.classes.soil", "national"),
        ("relations.r.constant", "indicators"),
        ("targets.t.indicator", "indicators"),
        ("targets.t.covers[0]", "indicators"),
        ("targets.t.ensure", UNREAD),
        ("limits.money.max", UNREAD),
        ("uncertainty", UNREAD),
        ("sectors.a.growth_before", UNREAD),
        ("sectors.a.funds.b", UNREAD),
        ("sectors.a.trend", "sectors.a"),
        ("projects.p.slip", "projects.p"),
        ("projects.p", "projects.p"),
        ("listing", "listing"),
    ],
)
def test_the_group_of_a_path(path: str, group: str) -> None:
    assert group_of(path, {"plan"}) == group


def test_mixes_that_make_the_plan() -> None:
    """The plan's and those it starts from, of either scenario, also in a circle or where one is not there."""

    def mixes(plan: str, **starts: str | None) -> Any:
        return Made(plan=plan, mixes={key: Made(starts_from=of) for key, of in starts.items()})

    one = mixes("a", a="b", b="c", c=None, d="a")
    assert plan_mixes(one) == {"a", "b", "c"}
    assert plan_mixes(one, mixes("d", d="gone")) == {"a", "b", "c", "d"}
    assert plan_mixes(mixes("a", a="b", b="a")) == {"a", "b"}


def test_names_of_groups() -> None:
    one = stated()
    two = stated(projects={"new": {**moving()["projects"]["coming"], "title": "the new one"}})
    assert title_of("prices", one).en == "Prices"
    assert title_of("projects.coming", one, two).en == "coming"
    assert title_of("projects.new", one, two).en == "the new one"
    assert title_of("sectors.plants", one).en == "industry: parameters"
    assert title_of("projects.none", one, two).en == "projects.none"
    assert title_of("listing", one).en == "listing"


@pytest.mark.parametrize(
    ("years", "without", "why"),
    [
        ({}, "", ""),
        ({"last": 2023}, "", ""),
        ({"target": 2022}, "", "years"),
        ({"base": 2019}, "", "years"),
        ({}, "shops", "sectors"),
    ],
)
def test_what_can_be_mixed(years: dict[str, int], without: str, why: str) -> None:
    one = stated()
    sectors = {key: each for key, each in one.sectors.items() if key != without}
    other = one.model_copy(update={"years": one.years.model_copy(update=years), "sectors": sectors})
    assert comparable(one, other) == comparable(other, one) == why


def test_sectors_of_another_model_cannot_be_mixed() -> None:
    one = stated()
    swapped = {**one.sectors, "farms": one.sectors["shops"]}
    assert comparable(one, one.model_copy(update={"sectors": swapped})) == "sectors"


# ---- mixtures

CHANGES: dict[str, Any] = {
    "prices": {"gdp": 4},
    "investment": {"growth": 9},
    "sectors": {"plants": {"market": {"trend": 1}}, "farms": {"trend": 5}},
    "projects": {"coming": {"slip": 6}, "distant": None},
    "targets": {"gdp_growth": {"ensure": 3}},
}


def test_a_mixture_has_the_groups_that_are_taken_from_the_second() -> None:
    one, two = stated(), stated(**CHANGES)
    blend = Blend(one, two)
    assert set(blend.groups) == {
        "prices",
        "investment",
        "markets",
        "sectors.farms",
        "projects.coming",
        "projects.distant",
        UNREAD,
    }
    assert blend.groups["projects.coming"] == ["projects.coming.slip"]
    for taken in ((), tuple(blend.groups), ("prices", "projects.distant"), ("markets", "projects.coming")):
        made = blend(taken)
        left = [path for group, paths in blend.groups.items() if group not in taken for path in paths]
        right = [path for group, paths in blend.groups.items() if group in taken for path in paths]
        assert sorted(differences(made, two)) == sorted(left)
        assert sorted(differences(one, made)) == sorted(right)
    assert blend(()).sectors is not None and blend(()).national is one.national


def test_groups_of_numbers_that_no_rule_ties() -> None:
    changed = laid(CHANGES, {"projects": {"coming": {"adds": {"output": 8}}}, "demand": {"government": 1}})
    free = Blend(stated(), stated(**changed)).free
    assert free == {"prices", "investment", "markets", "sectors.farms", "demand"}
    alone = Blend(stated(), stated(projects={"coming": {"slip": 6, "start": "2021-04"}})).free
    assert alone == {"projects.coming"}
    path = stated(investment={"growth_in": {"2022": 3}})
    assert Blend(stated(), path).free == frozenset()


def test_a_mixture_that_breaks_a_rule_is_refused_and_thresholds_are_not_asked() -> None:
    """Without the project's sector's fund... a mix that names a sector twice over: shares do not add up."""
    two = stated(mixes={"plan": {"shares": {"farms": 10, "plants": 40, "mines": 25, "shops": 25}}})
    blend = Blend(stated(), two)
    assert blend({"mix"}).mixes["plan"].shares["farms"].value == 10
    broken = two.model_copy(
        update={
            "mixes": {
                "plan": two.mixes["plan"].model_copy(
                    update={"shares": {**two.mixes["plan"].shares, "farms": Quantity(value=30)}}
                )
            }
        }
    )
    refused = Blend(stated(), broken)
    for _ in range(2):
        with pytest.raises(ScenarioError) as caught:
            refused({"mix"})
        assert {group_of(each.path, refused.plan) for each in caught.value.problems} == {"mix"}
    assert refused(set()).mixes["plan"].shares["farms"].value == 25
    low = stated(targets={"gdp_growth": {"ensure": 3, "stretch": 4}})
    odd = low.model_copy(
        update={
            "targets": {
                "gdp_growth": low.targets["gdp_growth"].model_copy(update={"stretch": Quantity(value=1)})
            }
        }
    )
    assert Blend(low, odd)({UNREAD}).targets["gdp_growth"].stretch.value == 1  # type: ignore[union-attr]


# ---- simulated

EXACT = {"rel": 1e-12, "abs": 1e-12}


def simulated(scenario: Scenario, items: tuple[Item, ...]) -> list[float]:
    """By the engine's own means, one scenario alone."""
    built = region(scenario)
    path = built.run()
    return [float(betweens._value(item, built.sheet, path)[0]) for item in items]


def test_every_mixture_is_the_scenario_simulated_alone() -> None:
    """Those of one economy run as draws of one path; each equals its own scenario."""
    one, two = stated(), stated(**CHANGES)
    between = Between(one, two, (None, None))
    live = [group for group in between.groups if group != UNREAD]
    mixtures = [
        frozenset(some)
        for some in (
            (),
            live,
            ("investment",),
            ("investment", "projects.coming"),
            ("prices", "markets"),
            live[1:],
        )
    ]
    between.prepare(mixtures)
    assert between.runs == 6
    for taken in mixtures:
        alone = between.blend(taken)
        assert between(taken) == pytest.approx(simulated(alone, between.items), **EXACT)
    assert between(frozenset()) == pytest.approx(simulated(one, between.items), **EXACT)
    assert between.runs == 6, "what is known is not simulated again"
    assert len(between.regions) == 4, "nothing, markets with prices, all, and all but the first"
    assert not between.groups.count("seed")


def test_seeds_are_a_group_where_they_differ() -> None:
    one = stated()
    assert Between(one, one, (3, 3)).groups == []
    between = Between(one, one, (None, 5))
    assert between.groups == ["seed"]
    both = [between(frozenset()), between(frozenset({"seed"}))]
    assert len(between.regions) == 1 and len(between.realisations) == 2
    drawn = region(one)
    from dabiao.engine.projects.run import Pipeline
    from dabiao.models.quantity import Draws

    realisation = Pipeline(one, drawn.economy, Draws(), 5).run(drawn.plan).realisation
    path = drawn.economy.simulate(realisation)
    alone = [float(betweens._value(item, drawn.sheet, path)[0]) for item in between.items]
    assert both[1] == pytest.approx(alone, **EXACT)
    assert both[0] == pytest.approx(simulated(one, between.items), **EXACT)


@pytest.mark.parametrize(("shares", "works"), [(True, True), (False, False)])
def test_a_mix_acts_through_works_alone_where_the_base_years_is_stated(shares: bool, works: bool) -> None:
    base = {"base_shares": {"farms": 10, "plants": 40, "mines": 25, "shops": 25}} if shares else {}
    one = stated(investment=base)
    between = Between(one, one, (None, None))
    assert between._only_works("mix") is works
    half = Between(one, stated(), (None, None))
    assert not half._only_works("mix")
    found = {
        group: between._only_works(group)
        for group in ("projects.x", "investment", "pipeline", "seed", "prices", "sectors.x")
    }
    assert found == {
        "projects.x": True,
        "investment": True,
        "pipeline": True,
        "seed": True,
        "prices": False,
        "sectors.x": False,
    }


def works(scale: float, **named: Any) -> Realisation:
    plain = {
        name: scale * np.arange(1.0, 7.0).reshape(2, 3, 1)
        for name in ("invested", "pool", "history", "normal", "key_investment")
    }
    parts = {"named": {}, "usual": {}, "unlisted": {}, **named}
    fields = Realisation.__dataclass_fields__
    rest = {name: None for name in fields if name not in plain and name not in parts}
    return Realisation(**{**rest, **plain, **parts})


def test_works_side_by_side() -> None:
    """What only one of them has is nothing in the other."""
    one = works(1.0, named={"a": {"x": np.array([[1.0], [2.0]])}}, usual={"b": {"": np.array([[7.0]])}})
    two = works(10.0, named={"a": {"y": np.array([[3.0], [4.0]])}, "c": {"x": np.array([[5.0], [6.0]])}})
    both = side_by_side([one, two])
    for name in ("invested", "pool", "history", "normal", "key_investment"):
        wide = getattr(both, name)
        assert wide.shape == (2, 3, 2) and (wide[..., 1] == 10 * wide[..., 0]).all()
        assert wide[1, 2, 0] == 6
    assert {key: set(own) for key, own in both.named.items()} == {"a": {"x", "y"}, "c": {"x"}}
    assert both.named["a"]["x"].tolist() == [[1, 0], [2, 0]]
    assert both.named["a"]["y"].tolist() == [[0, 3], [0, 4]]
    assert both.named["c"]["x"].tolist() == [[0, 5], [0, 6]]
    assert both.usual["b"][""].tolist() == [[7, 0]] and both.unlisted == {}
    assert side_by_side([one]) is one


def test_items_that_both_have() -> None:
    """Judged rows of both sheets in one unit, in the target year and the last that both have; then growth of
    GDP and investment and the level, where no row says them; then sectors."""
    rows = {
        "gdp_growth": {"ensure": 5, "main": True},
        "mine": {"title": "mine", "indicator": "fai_growth", "ensure": 3},
        "said": {"title": "said", "basis": "stated", "ensure": 3},
    }
    one = stated(targets=rows, years={"last": 2024})
    two = stated(
        targets={"gdp_growth": rows["gdp_growth"], "said": rows["said"]},
        years={"last": 2023},
    )
    found = items_of(one, two)
    keys = ["gdp_growth", "fai_growth", "gdp_level", "farms", "plants", "mines", "shops"]
    assert [(item.id, item.year) for item in found] == [(key, year) for year in (1, 3) for key in keys]
    assert [item.kind for item in found[:7]] == ["target", "indicator", "indicator"] + ["sector"] * 4
    assert [(item.unit, item.digits) for item in found[:4:3]] == [("%", 2), ("%", 2)]
    assert not any(item.dated for item in found)
    assert [(item.id, item.year) for item in items_of(two, one)] == [(item.id, item.year) for item in found]
    with_it = [item.id for item in items_of(one, one) if item.kind == "target"]
    assert with_it == ["gdp_growth", "mine"] * 2
    once = stated(years={"last": 2021})
    assert {item.year for item in items_of(one, once)} == {1}
    assert items_of(one, two)[2].digits == 1 + betweens.INDICATORS["gdp_level"].digits


def test_the_value_of_an_item() -> None:
    built = region(stated())
    path = built.run()
    growth = {
        key: 100 * (path.sector_va(key)[2, 0] / path.sector_va(key)[1, 0] - 1) for key in ("farms", "plants")
    }
    for key, value in growth.items():
        item = Item(key, "sector", Bilingual.same(key), "%", 2, 2)
        assert betweens._value(item, built.sheet, path)[0] == pytest.approx(value, **EXACT)
    whole = 100 * (path.gdp[2, 0] / path.gdp[1, 0] - 1)
    for kind in ("target", "indicator"):
        item = Item("gdp_growth", kind, Bilingual.same(""), "%", 2, 2)
        assert betweens._value(item, built.sheet, path)[0] == pytest.approx(whole, **EXACT)


# ---- shared out


class Game:
    """Mixtures whose one number is a sum of what each group is worth; some sets cannot stand."""

    def __init__(self, worth: dict[str, float], fallen: Any = lambda taken: False) -> None:
        self.worth, self.fallen, self.asked = worth, fallen, []
        self.blend = Made(one=Made(), two=Made(), groups={key: [f"{key}.path"] for key in worth})

    def prepare(self, mixtures: Any) -> None:
        self.asked += list(mixtures)

    def __call__(self, taken: frozenset[str]) -> Any:
        if self.fallen(taken):
            raise ScenarioError([Problem("p", msg("expected a number"), msg("expected a number"))])
        return np.array([sum(self.worth[key] for key in taken)])


def alone(*names: str) -> dict[str, tuple[str, ...]]:
    return {name: (name,) for name in names}


def test_few_groups_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    packs = alone("a", "b", "c")
    assert module._few(packs, Game({})) is packs  # type: ignore[arg-type]


THREE = {"projects.a": 3.0, "projects.b": -1.0, "projects.c": 2.0, "prices": 0.1, "mix": 9.0}
SECTORS = {"projects.a": 0.1, "sectors.b": 4.0, "sectors.c": 2.0, "sectors.d": 3.0, "mix": 9.0}
OTHERS = {"demand": 2.0, "prices": 2.0, "mix": 9.0, "markets": 7.0}
KINDS = {"projects.a": 1.0, "projects.b": 2.0, "sectors.c": 4.0, "sectors.d": 3.0, "mix": 9.0}


@pytest.mark.parametrize(
    ("most", "worth", "joined"),
    [
        # one too many: the two projects that move least, whatever the sign; two too many: three of them
        (4, THREE, {"projects.*": ("projects.b", "projects.c")}),
        (3, THREE, {"projects.*": ("projects.b", "projects.c", "projects.a")}),
        # one project alone is not joined: sectors are
        (4, SECTORS, {"sectors.*": ("sectors.c", "sectors.d")}),
        # neither: whatever moves least, by name where alike
        (3, OTHERS, {"*": ("demand", "prices")}),
        # projects, then sectors
        (3, KINDS, {"projects.*": ("projects.a", "projects.b"), "sectors.*": ("sectors.d", "sectors.c")}),
    ],
)
def test_of_many_groups_those_that_move_least_are_joined(
    most: int, worth: dict[str, float], joined: dict[str, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", most)
    game: Any = Game(worth)
    found = module._few(alone(*worth), game)
    assert {key: some for key, some in found.items() if len(some) > 1} == joined
    assert sorted(each for some in found.values() for each in some) == sorted(worth)
    assert len(found) == most
    whole = frozenset(worth)
    assert set(game.asked) == {
        frozenset(),
        whole,
        *(frozenset({key}) for key in worth),
        *(whole - {key} for key in worth),
    }


def test_bundles_are_joined_where_nothing_else_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    game: Any = Game({"projects.a": 1, "projects.b": 2, "sectors.c": 4, "sectors.d": 3})
    found = module._few(alone("projects.a", "projects.b", "sectors.c", "sectors.d"), game)
    assert found == {"*": ("projects.a", "projects.b", "sectors.d", "sectors.c")}


def test_what_cannot_stand_alone_counts_as_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    game: Any = Game({"a": 1, "b": 2, "c": 3}, lambda taken: taken == {"a"})
    assert module._few(alone("a", "b", "c"), game) == {"a": ("a",), "*": ("b", "c")}


def test_groups_that_need_each_other_are_joined() -> None:
    """b needs a, and d needs c: both pairs become one each, and what they are called says so."""

    def fallen(taken: frozenset[str]) -> bool:
        return ("b" in taken) > ("a" in taken) or ("d" in taken) > ("c" in taken)

    game: Any = Game({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}, fallen)
    packs, needed = module._standing(alone("a", "b", "c", "d", "e"), game)
    assert packs == {"e": ("e",), "c+d": ("c", "d"), "a+b": ("a", "b")} or packs == {
        "e": ("e",),
        "a+b": ("a", "b"),
        "c+d": ("c", "d"),
    }
    assert needed == {"a+b", "c+d"}
    assert frozenset({"a", "c"}) in game.asked and frozenset() not in game.asked
    calm: Any = Game({"a": 1, "b": 2})
    assert module._standing(alone("a", "b"), calm) == (alone("a", "b"), set())


def test_a_group_that_joins_a_pair_takes_its_place() -> None:
    """c needs both; of a and b none can stand without the other."""
    game: Any = Game({"a": 1, "b": 2, "c": 3}, lambda taken: len(taken) in (1, 2))
    packs, needed = module._standing(alone("a", "b", "c"), game)
    assert len(packs) == 1 and needed == set(packs)
    assert sorted(next(iter(packs.values()))) == ["a", "b", "c"]


def test_how_joined_groups_are_called() -> None:
    one = stated()
    between: Any = Made(
        blend=Made(
            one=one,
            two=one,
            groups={"projects.coming": ["projects.coming.slip"], "prices": ["prices.gdp", "prices.consumer"]},
        )
    )
    effects = np.array([1.0])

    def told(key: str, members: tuple[str, ...], joined: str) -> tuple[str, tuple[str, ...], str]:
        group = module._group(between, key, members, effects, joined)
        assert group.effects is effects and (group.id, group.members) == (key, members)
        return group.title.en, group.paths, group.joined

    assert told("prices", ("prices",), "few") == ("Prices", ("prices.gdp", "prices.consumer"), "")
    both, paths = ("projects.coming", "prices"), ("projects.coming.slip", "prices.gdp", "prices.consumer")
    assert told("projects.*", both, "few") == ("Other projects (2 groups)", paths, "few")
    assert told("sectors.*", both, "few")[0] == "Other sectors' parameters (2 groups)"
    assert told("*", both, "few")[0] == "Other changes (2 groups)"
    assert told("a+b", both, "need") == ("coming with Prices", paths, "need")
    assert told("gone", ("gone",), "")[1] == ("gone",)


def test_groups_stand_by_what_they_move_first() -> None:
    """By the first item, then by the largest of all; what the simulation does not read stands last."""
    found = attribute(stated(), stated(**CHANGES))
    assert found.groups[-1].id == UNREAD and not found.groups[-1].effects.any()
    first = [abs(group.effects[0]) for group in found.groups[:-1]]
    assert first == sorted(first, reverse=True) and len(set(first)) > 2
    assert sum(group.effects for group in found.groups) == pytest.approx(found.second - found.first, abs=1e-9)
    assert found.base_year == 2020 and all(not group.joined for group in found.groups)
    assert found.first == pytest.approx(simulated(stated(), found.items), **EXACT)
    assert found.second == pytest.approx(simulated(stated(**CHANGES), found.items), **EXACT)


def test_groups_that_move_the_first_item_alike_stand_by_the_largest_and_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three items; worths add up, so that each group's share is its own worth."""
    worth = {
        "c": (-2.0, 1.0, 0.0),
        "a": (2.0, 0.0, 1.0),
        "b": (2.0, 0.0, -3.0),
        "d": (-5.0, 0.0, 0.0),
        UNREAD: (0.0, 0.0, 0.0),
    }

    class Sums:
        def __init__(self, one: Any, two: Any, seeds: Any) -> None:
            assert seeds == (None, 4)
            self.groups, self.runs, self.items = list(worth), 9, ("items",)
            self.blend = Made(one=one, two=two, groups={key: [key] for key in worth})

        def prepare(self, mixtures: Any) -> None:
            pass

        def __call__(self, taken: frozenset[str]) -> Any:
            assert UNREAD not in taken
            return np.sum([worth[key] for key in taken] or [(0.0, 0.0, 0.0)], axis=0) + 10

    monkeypatch.setattr(module, "Between", Sums)
    one = stated()
    found = attribute(one, one, (None, 4))
    assert [group.id for group in found.groups] == ["d", "b", "a", "c", UNREAD]
    for group in found.groups:
        assert group.effects == pytest.approx(worth[group.id])
    assert (found.first.tolist(), found.second.tolist()) == ([10, 10, 10], [7, 11, 8])
    assert (found.items, found.runs, found.base_year) == (("items",), 9, 2020)


def test_scenarios_of_other_years_are_one_group() -> None:
    """Items of the years that both have, each simulated for itself; sectors are left out."""
    one, two = Scenario.model_validate(four()), stated(years={"target": 2022, "last": 2023})
    found = attribute(one, two)
    assert [group.id for group in found.groups] == [module.ALL] and found.runs == 2
    assert {item.kind for item in found.items} == {"target", "indicator"}
    assert {item.year for item in found.items} == {1, 3}
    assert found.first == pytest.approx(simulated(one, found.items), **EXACT)
    assert found.second == pytest.approx(simulated(two, found.items), **EXACT)
    assert found.groups[0].effects == pytest.approx(found.second - found.first)
    assert found.groups[0].members == (module.ALL,) and found.groups[0].paths == ()
