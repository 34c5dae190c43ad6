"""Laws must be able to fail: the model is broken on purpose, and a law has to notice.

Which test of the suite notices which mistake, besides the laws called here:

- coefficients transposed: ``test_accounts.test_miller_and_blair``,
  ``test_inputs_add_to_one_minus_value_added``;
  where only the year's links are transposed,
  ``test_economy_laws.test_every_year_is_the_base_year_when_nothing_moves``
- sign of scrapping: ``test_economy_laws.test_all_four_models_stand_still_together``,
  ``test_sectors.test_industry_by_hand``
- a routing share ignored: ``test_chain.test_bottlenecks_by_hand``, ``test_material_balances``
- consumption loop missing: ``test_economy_laws.test_what_is_made_is_what_can_be_made_or_what_is_asked``
- normal commissioning left out of sales or capacity:
  ``test_sectors.test_nothing_changes_when_no_driver_changes``
- capacity ignored: ``test_short_side.test_is_the_greatest_feasible_output``
- investment of the past forgotten: ``test_economy_laws.test_all_four_models_stand_still_together``
"""

from dataclasses import replace

import laws
import numpy as np
import pytest
from dabiao.models import accounts, short_side
from dabiao.models.capacity import Building, Selling
from dabiao.models.economy import Economy
from dabiao.models.flow import Flow
from dabiao.models.links import ByBranch, Links
from regions import four, laid, region


def still():
    """Nothing moves; scrapping of the plants is stated as what the base year commissions."""
    usual = 100 * 0.3 * 42 / 480
    return laid(four(), {"sectors": {"plants": {"capacity": {"scrapping": usual}}}})


def stirring():
    return laws.stirring(region(still()))


def test_the_laws_hold_as_long_as_nothing_is_broken():
    assert laws.textbook() == []
    assert laws.miscounted() == []
    assert stirring() == []
    assert shares_kept() == []


def shares_kept():
    """The three-process chain under a tight mine: no share is exceeded."""
    flow = laws.paper_chain()
    limit, market = np.array([[80.0], [40], [12]]), np.array([[10.0], [20], [12]])
    return laws.overdrawn(flow, flow.run(limit, market, 0), limit, 0, laws.paper_chain().share)


def other_way(links):
    """Who sells and who buys exchanged."""
    direct = None if links.direct is None else links.direct.transpose(1, 0, 2)
    return Links(ByBranch(links.goods.whole.transpose(1, 0, 2)), direct)


def test_coefficients_transposed(monkeypatch):
    real = accounts._coefficients

    def transposed(*given):
        links, scaled = real(*given)
        return other_way(links), scaled

    monkeypatch.setattr(accounts, "_coefficients", transposed)
    assert any("coefficients" in each for each in laws.textbook())


def test_links_of_the_year_transposed(monkeypatch):
    real = short_side.Market.__init__
    monkeypatch.setattr(
        short_side.Market, "__init__", lambda self, links, led: real(self, other_way(links), led)
    )
    assert stirring()


def test_scrapping_with_the_wrong_sign(monkeypatch):
    real = Building.grow

    def wrong(self, limit, new, normal):
        return (
            real(self, limit, new, normal)
            if self.scrapping is None
            else limit * (1 + self.scrapping + self.drift) + new
        )

    monkeypatch.setattr(Building, "grow", wrong)
    assert any(each.startswith("plants limit") for each in stirring())


def test_scrapping_left_out_gone_wrong(monkeypatch):
    """Without a stated rate, capacity that forgets what is commissioned normally grows for ever."""
    real = Building.grow
    monkeypatch.setattr(Building, "grow", lambda self, limit, new, normal: real(self, limit, new, 0 * normal))
    assert any(each.startswith("mines limit") or "activity" in each for each in stirring())


@pytest.mark.parametrize("process", ["dressing", "smelting"])
def test_a_routing_share_ignored(monkeypatch, process):
    real = Flow.routed

    def wrong(self, routing):
        share = np.array(real(self, routing))
        share[:, self.processes.index(process)] = 1.0
        return share

    monkeypatch.setattr(Flow, "routed", wrong)
    assert laws.miscounted()
    assert any(each.startswith("share left") for each in shares_kept())


def test_consumption_loop_missing(monkeypatch):
    real = short_side.Market.clear
    monkeypatch.setattr(
        short_side.Market, "clear", lambda self, limit, demand, loop: real(self, limit, demand)
    )
    assert any(each.startswith("output") for each in stirring())


def test_consumption_counted_twice(monkeypatch):
    real = Economy.demand
    monkeypatch.setattr(
        Economy, "demand", lambda self, year, *rest: real(self, year, *rest) + self.accounts.household
    )
    assert stirring()


@pytest.mark.parametrize("lost", ["normal", "new"])
def test_sales_without_the_normal_or_the_new(monkeypatch, lost):
    real = Selling.grow

    def wrong(self, outside, new, normal, *rest):
        return real(
            self,
            outside,
            0 * new if lost == "new" else new,
            0 * normal if lost == "normal" else normal,
            *rest,
        )

    monkeypatch.setattr(Selling, "grow", wrong)
    assert any("outside" in each for each in stirring())


def test_transfers_forgotten(monkeypatch):
    def wrong(self, output, year):
        return np.einsum("bd,bd->d", self.accounts.labour, output) + self.households.transfers * (year == 0)

    monkeypatch.setattr(Economy, "income", wrong)
    built = region(still())
    path = built.run()
    after = np.stack([built.economy.consumption(path.output[:, year], year) for year in range(5)])
    assert laws.differing("consumption", after, after[:1])


def test_history_forgotten():
    """Investment of the past still commissions: without it capacity falls short from the first year."""
    built = region(still())
    realisation = built.pipeline.run(built.plan).realisation
    path = built.economy.simulate(replace(realisation, past=0 * realisation.history))
    assert laws.lower("output", path.output, path.output[:, :1])


def test_capacity_ignored():
    """A short side that follows demand alone makes more than it can."""
    limit, links, demand = (
        np.array([[60.0], [np.inf]]),
        np.array([[0, 0.5], [0.5, 0]])[..., None],
        np.full((2, 1), 100.0),
    )
    led = np.zeros(2, dtype=bool)
    real = short_side.clear(limit, links, demand, led)
    wrong = short_side.clear(np.full((2, 1), np.inf), links, demand, led)
    assert laws.lower("capacity left", limit, real) == []
    assert laws.lower("capacity left", limit, wrong)


def test_prices_of_investment_left_in(monkeypatch):
    """Nominal investment that just keeps up with its prices is constant: left undeflated, it would grow."""
    data = four(prices={"investment": 5}, investment={"growth": 5, "later": 5})
    assert laws.stirring(region(data)) == []
    real = Economy.simulate

    def wrong(self, realisation, routing=None):
        return real(replace(self, prices=replace(self.prices, investment=np.ones(1))), realisation, routing)

    monkeypatch.setattr(Economy, "simulate", wrong)
    assert laws.stirring(region(data))
