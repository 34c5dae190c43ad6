"""Agriculture: area times yield, led by supply (农业)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from pydantic import Field

from ..capacity import commissioned, gestation
from ..errors import Problem, ScenarioError
from ..money import CURRENCY, in_money, money_in_use
from ..parameters import SectorParameters
from ..quantity import Bilingual, Draws, FloatArray, Quantity, StrictModel, measured
from ..sector import Branch, Commissioned, Plain, State
from ..words import msg


class Crop(StrictModel):
    """A crop: area × yield × base price."""

    title: Bilingual
    area: Quantity = measured("万亩", "Area sown in the base year (播种面积).", 0)
    area_growth: Quantity = measured("%/yr", "Growth of the area (面积增速).", -90, 100)
    crop_yield: Quantity = measured("公斤/亩", "Yield in the base year (单产).", 0)
    yield_growth: Quantity = measured(
        "%/yr", "Growth of the yield without new farmland works (单产增速).", -50, 50
    )
    price: Quantity = measured("元/公斤", "Farm-gate price in the base year (出场价格).", 0)


class Farmland(StrictModel):
    """High-standard farmland and irrigation (高标准农田)."""

    built: Quantity = measured("万亩/年", "Area built or upgraded a year (年建成面积).", 0)
    yield_gain: Quantity = measured("%", "Gain in yield on the area built (单产增幅).", 0, 100)
    crops: tuple[str, ...] = Field(description="Crops that use the area.")
    area: Quantity = measured(
        "万亩", "Whole area of these crops' land (总面积), over which the gain is spread.", 0.0001
    )


class AgricultureParameters(SectorParameters):
    """Crops one by one; the rest of agriculture by its trend."""

    model: Literal["agriculture"]
    crops: dict[str, Crop] = Field(default_factory=dict)
    farmland: Farmland | None = None
    trend: Quantity = measured(
        "%/yr",
        "Real growth of the output that is not in `crops` (livestock, fruit, fish ...) when investment is "
        "normal (其余农业增速).",
        -50,
        50,
    )
    output_per_yuan: Quantity = measured(
        f"{CURRENCY}/{CURRENCY}",
        "Gross output per unit of investment beyond the normal (投资产出系数).",
        0,
        5,
    )
    gestation: tuple[Quantity, ...] = measured(
        "%",
        "Share of a year's investment that pays in the same year, the next, ... (adds to 100)"
        " (投资见效进度).",
        0,
        100,
    )


class Agriculture(Plain):
    """Supply-led output: Σ area × yield × base price over crops, plus the rest.

    .. math::
        y_t = y_{t-1}(1 + \\dot y)(1 + gain \\cdot built / area), \\quad
        R_t = R_{t-1}(1 + \\gamma + s_t) + \\kappa \\sum_s w_s (F_{t-s} - \\bar F_{-s}) + N^{listed}_t - \\bar N^{listed}

    with the weather and market shock ``s_t`` of the year. 万亩 × kg/亩 × yuan/kg = 10,000 yuan, so crop
    values are divided by 10,000 to give money.
    """  # noqa: E501

    Parameters = AgricultureParameters

    def __init__(self, id: str, parameters: AgricultureParameters, branch: Branch, values: Draws) -> None:
        super().__init__(id, parameters, branch)
        self.crops = {
            name: (
                values(crop.area),
                1 + values(crop.area_growth) / 100,
                values(crop.crop_yield),
                1 + values(crop.yield_growth) / 100,
                values(crop.price),
            )
            for name, crop in parameters.crops.items()
        }
        self.gain = np.ones(1)
        self.improved: tuple[str, ...] = ()
        if parameters.farmland:
            land = parameters.farmland
            self.gain = 1 + values(land.yield_gain) / 100 * values(land.built) / values(land.area)
            self.improved = land.crops
        self.trend = 1 + values(parameters.trend) / 100
        self.per_yuan = values(parameters.output_per_yuan)
        self.gestation = gestation(parameters.gestation, values)
        self.unit = money_in_use().scale
        if values.strict and np.any(branch.output - self._crop_value(0) < -1e-9):
            worth = float(np.max(self._crop_value(0)))
            raise ScenarioError(
                [
                    Problem(
                        f"sectors.{id}.crops",
                        msg("crops worth {worth}", worth=in_money(worth, 2)),
                        msg(
                            "at most the sector's gross output {output}",
                            output=in_money(float(branch.output.min()), 2),
                        ),
                        msg("check area × yield × price, or state `output`"),
                    )
                ]
            )

    def _harvest(self, name: str, year: int) -> tuple[FloatArray, FloatArray]:
        """Area (万亩) and harvest (万吨) of a crop in a year."""
        area, area_growth, crop_yield, yield_growth, _ = self.crops[name]
        sown = area * area_growth**year
        gain = self.gain**year if name in self.improved else np.ones(1)
        return sown, sown * crop_yield * yield_growth**year * gain / 1000

    def _crop_value(self, year: int) -> FloatArray:
        """Value of all crops at base prices in units of money: 万吨 are ten million kg, each at its price."""
        total: FloatArray = np.zeros(1)
        for name, crop in self.crops.items():
            total = total + self._harvest(name, year)[1] * crop[4] * (1e7 / self.unit)
        return total

    def start(self, outside: FloatArray) -> State:
        """Base year: output is what was made."""
        output = self.branches[0].output[None, :]
        return State(0, output, outside, {"rest": np.maximum(output - self._crop_value(0), 0.0)})

    def advance(self, state: State, got: Commissioned) -> State:
        """Crops by area and yield; the rest by trend and investment beyond the normal."""
        year = state.year + 1
        normal = self.per_yuan * commissioned(got.normal, self.gestation)
        listed, usual = got.listed(self.branches[0].output - normal)
        beyond = self.per_yuan * commissioned(got.pool, self.gestation) - normal
        rest = np.maximum(
            state.stocks["rest"] * np.maximum(self.trend + got.shock, 0.0) + beyond + listed - usual, 0.0
        )
        return State(year, rest + self._crop_value(year), state.outside, {"rest": rest})

    def physical(self, state: State, output: FloatArray) -> Mapping[str, FloatArray]:
        """Area (``area:crop``, 万亩) and harvest (``crop:crop``, 万吨) of each crop."""
        found: dict[str, FloatArray] = {}
        for name in self.crops:
            found[f"area:{name}"], found[f"crop:{name}"] = self._harvest(name, state.year)
        return found
