"""What is known of the year under way, and how far figures to date lie off the year's (年内实绩)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..models.money import MONEY
from ..models.quantity import Quantity, StrictModel, each, maybe, measured

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class ProjectActual(StrictModel):
    """What is known of a named project since the base year ended (项目进展)."""

    started: Month | None = Field(None, description="Month in which works began (已开工).")
    commissioned: Month | None = Field(None, description="Month in which it came on line (已投产).")
    expected: Month | None = Field(None, description="Commissioning as expected now (预计投产).")
    cancelled: Month | None = Field(None, description="Month from which nothing more is done on it (已取消).")
    done: Quantity | None = maybe("%", "Part of its investment put in place by now (已完成比例).", 0, 100)


class Actuals(StrictModel):
    """What is known of the year under way and of finished years: figures from the beginning of a year to a
    month (年初至今累计数). Names of rows and times are read as planners write them: 地区生产总值增速, 上半年,
    1-9月."""

    until: Month | None = Field(
        None,
        description="Month up to which the year is known; otherwise that of the latest figure (截至月份).",
    )
    figures: dict[str, dict[str, Quantity]] = Field(
        default_factory=dict,
        description=(
            "By row of the sheet, then by month up to which it is counted (`2021-06` is January to June,"
            " `2021`"
            " the whole year): growth over the same months of the year before, %, or the level to date. Or"
            " `{file: 快报.xlsx}`."
        ),
        json_schema_extra={"unit": "of the indicator", "at_least": -1e7, "at_most": 1e9},
    )
    nation: dict[str, Quantity] = each(
        "%", "The nation's growth to date, by month up to which it is counted (全国累计增速).", -60, 100
    )
    outlook: dict[str, Quantity] = each(
        "%/yr",
        "The nation's growth in years still to come as it is foretold now, by year; it goes before what"
        " `outlook.change` says of them (以后年份全国增速最新预测).",
        -60,
        100,
    )
    shares: dict[str, dict[str, Quantity]] = Field(
        default_factory=dict,
        description=(
            "By row and month of the base year: part of that year's total that had come by then. Otherwise"
            " that year's own figure to date tells it, for growth twelfths do, and a level to date is shown"
            " only (累计占全年比重)."
        ),
        json_schema_extra={"unit": "%", "at_least": 0.1, "at_most": 100},
    )
    errors: dict[str, dict[str, Quantity]] = Field(
        default_factory=dict,
        description=(
            "By row and month: standard error of the figure as an observation of the year's, in place of the"
            " shipped one (累计数代表全年的误差)."
        ),
        json_schema_extra={"unit": "of the indicator", "at_least": 0, "at_most": 1e7},
    )
    placed: dict[str, Quantity] = each(
        MONEY,
        "Investment put in place by now, by sector; otherwise the plan's pace is assumed (年内已完成投资).",
        0,
    )
    accounts: dict[str, Quantity] = each(
        MONEY,
        "Levels of the year that is over, for `simulate roll`: gdp, fai and the other keys of `accounts`,"
        " or value"
        " added of a sector or a group (年度账户实绩).",
        0,
    )
    projects: dict[str, ProjectActual] = Field(
        default_factory=dict, description="By key of `projects` (项目进展)."
    )


class ToDateError(StrictModel):
    """Error of growth to date as an observation of the year's (累计增速的误差)."""

    before: Quantity | None = maybe(
        "1",
        "Part of the base effect (growth to date less the year's, of the year before or of three years) that"
        " comes back with its sign (基数效应).",
        -3,
        3,
    )
    sd: Quantity = measured("points", "Standard deviation of what is left (误差标准差).", 0.01, 30)
    common: Quantity = measured(
        "%", "Part of its variance that all regions of a year share (共同部分).", 0, 100
    )


class ToDate(StrictModel):
    """How far growth to date lies off the year's, after one, two and three quarters (累计增速误差系数)."""

    tails: Quantity = measured(
        "degrees of freedom", "Fatness of the errors' tails, by Student's t.", 2.1, 1000
    )
    quarters: dict[str, dict[str, ToDateError]] = Field(
        description=(
            "By quarter (1, 2, 3), then by what is known besides: nothing (`plain`), the year before's figure"
            " (`before`), those of the three years before (`three`)."
        )
    )
