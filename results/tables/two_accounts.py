"""The annual model and the long view of one plan side by side (年度模型与长期视角对照)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...engine.longview import Long, LongViewQuestion
from ...engine.two_accounts import BothAccounts, TwoAccounts
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..text.format import number, unit_text
from .table import Column, Table, declare

BUYERS: dict[str, Bilingual] = {
    "outside": msg("sold outside"),
    "households": msg("households here"),
    "government": msg("government here"),
    "building": msg("builders here, for what is invested"),
}
MEANS: dict[str, Bilingual] = {
    "capital": msg("capital"),
    "work": msg("people at work"),
    "human": msg("schooling"),
    "productivity": msg("productivity (assumed)"),
}
_ANNUAL, _LONG = msg("annual model"), msg("long view", context="account")


@dataclass(frozen=True)
class _Line:
    """A line of the table: which account, what, its unit, and the number of an account."""

    id: str
    account: Bilingual
    text: Bilingual
    unit: str
    read: Callable[[BothAccounts], float]


def _lines() -> Iterator[_Line]:
    """Growth of both accounts with its parts, the difference, and what would bridge it."""

    def bought(key: str) -> Callable[[BothAccounts], float]:
        return lambda one: one.demand[key]

    def made(key: str) -> Callable[[BothAccounts], float]:
        return lambda one: one.sources[key]

    both, grown = msg("both"), msg("growth a year")
    yield _Line("invested", both, msg("invested, of GDP"), "%", lambda one: one.invested)
    yield _Line("annual", _ANNUAL, grown, "%", lambda one: one.annual)
    for key, text in BUYERS.items():
        yield _Line(f"annual_{key}", _ANNUAL, text, "points", bought(key))
    yield _Line("long", _LONG, grown, "%", lambda one: one.long)
    for key, text in MEANS.items():
        yield _Line(f"long_{key}", _LONG, text, "points", made(key))
    apart, bridge = (
        msg("annual model less long view"),
        msg("growth of productivity with which they would agree"),
    )
    yield _Line("gap", both, apart, "points", lambda one: one.annual - one.long)
    yield _Line("implied", both, bridge, "%", lambda one: one.implied)


def accounts_table(accounts: TwoAccounts) -> Table:
    """Both accounts of the plan, and of twice its investment, with what each is made of."""

    def percent(plan: BothAccounts) -> Callable[[_Line], float]:
        return lambda row: 100 * row.read(plan)

    columns = (
        Column("line", msg("Line"), shown=False, value=lambda row: row.id),
        Column("account", msg("Account"), value=lambda row: row.account),
        Column("text", msg("A year, on average"), value=lambda row: row.text),
        Column("unit", msg("Unit"), value=lambda row: unit_text(row.unit)),
        Column("plan", msg("The plan"), digits=2, unit_from="unit", value=percent(accounts.plan)),
        Column(
            "twice", msg("Twice its investment"), digits=2, unit_from="unit", value=percent(accounts.twice)
        ),
        Column(
            "change",
            msg("Change"),
            "points",
            2,
            signed=True,
            value=lambda row: 100 * (row.read(accounts.twice) - row.read(accounts.plan)),
        ),
    )
    note = msg(
        "{first}-{last}, central case, compound averages; parts add up to growth. The annual model is"
        " simulated to {last} and asks who buys; the long view is given the share of GDP that it invests"
        " in each year, and asks what it is made with. Neither holds the other: markets do not wait for"
        " capital, nor capital for markets.",
        first=accounts.first,
        last=accounts.last,
    )
    title = msg("The annual model and the long view, side by side")
    return declare("long_accounts", title, columns, _lines(), ("line",), note)


def accounts_sentences(long: Long, lang: str) -> Iterator[tuple[str, str]]:
    """Why both accounts differ, how they answer to twice the investment, and that they are apart."""
    accounts = long.accounts
    both = tr(lang, "both accounts")
    yield both, _plan(long, lang)
    yield both, _twice(accounts, lang)
    if accounts.apart:
        yield tr(lang, "WARNING"), warning(accounts, lang)


def accounts_sentence(long: Long | None, lang: str) -> str:
    """Why both accounts of a run differ; nothing without a long view."""
    return "" if long is None else _plan(long, lang)


def apart_sentence(long: Long | None, lang: str) -> str:
    """That both accounts of a run are further apart than is stated; nothing where they are not."""
    return warning(long.accounts, lang) if long is not None and long.accounts.apart else ""


def warning(accounts: TwoAccounts, lang: str) -> str:
    """That both accounts are further apart than is stated."""
    return tr(
        lang,
        "annual model and long view differ by {gap} points a year {first}-{last}, more than {within}: do"
        " not use either for these years before the markets' trends, productivity and depreciation have"
        " been looked at",
        gap=number(abs(accounts.gap), 2),
        first=accounts.first,
        last=accounts.last,
        within=number(accounts.within, 1),
    )


def _points(value: float, text: Bilingual, lang: str) -> str:
    return tr(lang, "{text} {points}", text=text, points=number(100 * value, 2))


def _plan(long: Long, lang: str) -> str:
    accounts, plan = long.accounts, long.accounts.plan
    comma = tr(lang, ", ")
    kept = next(case for case in long.cases if case.ask is LongViewQuestion.GROWTH).path
    years = accounts.last - accounts.first + 1
    base = float(kept.level[years, 0] ** (1 / years) - 1)
    return tr(
        lang,
        "{first}-{last} the plan grows by {annual} % a year in the annual model and by {long} % in the"
        " long view, with {invested} % of GDP invested (at the base year's {share} % the long view has"
        " {kept} %): the long view counts what it is made with (points: {means}; capital share {capital}"
        " %, depreciation {depreciation} %), the annual model who buys ({buyers}; what is sold outside"
        " follows the markets' trends and what new capacity finds buyers for); both would agree with"
        " productivity growing by {implied} % a year, not {productivity} %",
        first=accounts.first,
        last=accounts.last,
        annual=number(100 * plan.annual, 2),
        long=number(100 * plan.long, 2),
        invested=number(100 * plan.invested, 1),
        share=number(100 * float(long.base[0]), 1),
        kept=number(100 * base, 2),
        means=comma.join(_points(plan.sources[key], text, lang) for key, text in MEANS.items()),
        capital=number(100 * accounts.capital_share, 0),
        depreciation=number(100 * accounts.depreciation, 1),
        buyers=comma.join(_points(plan.demand[key], text, lang) for key, text in BUYERS.items()),
        implied=number(100 * plan.implied, 2),
        productivity=number(100 * accounts.productivity, 2),
    )


def _twice(accounts: TwoAccounts, lang: str) -> str:
    plan, twice = accounts.plan, accounts.twice

    def more(before: float, after: float) -> str:
        return f"{100 * (after - before):+.2f}"

    return tr(
        lang,
        "with twice the investment from {first} on: annual model {annual} % ({annual_more}: builders"
        " {building}, households {households}, sold outside {outside} points), long view {long} %"
        " ({long_more}: capital {capital}); building is bought once and what is built sells no more than"
        " markets take, while capital keeps adding to output in the long view, ever less of it the more"
        " there is",
        first=accounts.first,
        annual=number(100 * twice.annual, 2),
        annual_more=more(plan.annual, twice.annual),
        building=more(plan.demand["building"], twice.demand["building"]),
        households=more(plan.demand["households"], twice.demand["households"]),
        outside=more(plan.demand["outside"], twice.demand["outside"]),
        long=number(100 * twice.long, 2),
        long_more=more(plan.long, twice.long),
        capital=more(plan.sources["capital"], twice.sources["capital"]),
    )
