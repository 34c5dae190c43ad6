"""Rules of years, accounts, the national table, sectors and mixes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..models.money import money_in_use
from ..models.parameters import Capacity, Utilisation
from ..models.quantity import Quantity
from ..models.sectors.agriculture import AgricultureParameters
from ..models.sectors.services import ServicesParameters
from ..models.words import msg
from .findings import Draft, Finding, adds_up, circles, each, refers
from .report import joined, meant, one_of, shown
from .schema import Mix

FAR = 1000.0
"""Times that two figures differ where one of them may be in another unit: 1 亿元 is 10,000 万元."""
HORIZON = 15
MOST_GESTATION = 6
"""Years over which a year's investment may commission."""
MOST_STEPS = 50
CLOSE = 0.0005
TOLERANCE = 1.0
"""Gap of a column of coefficients, in % of output, that is scaled away where nothing else is said."""
MOST_UNITS = 1e9
"""GDP in units of amounts beyond which the optimiser's tolerances hide what a unit brings: from 10^10 on its
answers change with the unit (measured)."""
SHARES = 0.01
SURVEY = 0.5


def years_follow(draft: Draft) -> Iterator[Finding]:
    """The target year comes after the base year; the horizon is short enough for the model."""
    if not draft.sound("years"):
        return
    years = draft.scenario.years
    if years.target < years.first:
        yield Finding(
            "years.target",
            str(years.target),
            msg("{year} or later, after the base year", year=years.first),
            msg("a sheet is of a year that the accounts do not know yet"),
        )
    if years.last < years.target:
        yield Finding(
            "years.last",
            str(years.last),
            msg("the target year {target} or later", target=years.target),
            msg("leave `last` out to stop there"),
        )
    if years.horizon > HORIZON:
        yield Finding(
            "years.last",
            str(years.last),
            msg(
                "at most {year}, {horizon} years after the base year",
                year=years.base + HORIZON,
                horizon=HORIZON,
            ),
            msg("capacity and markets cannot be carried on further"),
        )


def sectors_add_up(draft: Draft) -> Iterator[Finding]:
    """Value added of the sectors is GDP."""
    if not draft.sound("sectors", "accounts.gdp", "accounts"):
        return
    gdp = draft.scenario.accounts.gdp.value
    total = sum(sector.va.value for sector in draft.scenario.sectors.values())
    if abs(total - gdp) > CLOSE * gdp + 1e-9:
        off = total - gdp
        yield Finding(
            "accounts.gdp",
            msg("{gdp:.10g} while `va` of the sectors adds to {total:.10g}", gdp=gdp, total=total),
            msg("the same within {close:g} %", close=100 * CLOSE),
            joined(
                (
                    msg(
                        "the sectors are {off:.10g} {money} above GDP: correct `va` of a sector or `gdp`",
                        off=off,
                        money=money_in_use().label,
                    )
                    if off > 0
                    else msg(
                        "the sectors are {off:.10g} {money} below GDP: correct `va` of a sector or `gdp`",
                        off=-off,
                        money=money_in_use().label,
                    )
                ),
                msg("is one of them in {unit}?", unit=money_in_use().smaller.label)
                if max(total, gdp) > FAR * min(total, gdp)
                else "",
            ),
        )


def amounts_can_be_counted(draft: Draft) -> Iterator[Finding]:
    """The unit of amounts is not so small that the optimiser loses it beside GDP."""
    if not draft.sound("accounts.gdp", "accounts"):
        return
    gdp = draft.scenario.accounts.gdp.value
    if gdp > MOST_UNITS:
        yield Finding(
            "accounts.gdp",
            msg("{gdp:.4g} units of {money}", gdp=gdp, money=money_in_use().label),
            msg("at most {most:g}: no optimum can be trusted beyond", most=MOST_UNITS),
            msg(
                "count in larger units: `money: {example}`, and all amounts in these",
                example="{scale: million}",
            ),
        )


def income_exceeds_transfers(draft: Draft) -> Iterator[Finding]:
    """Transfers are a part of disposable income."""
    if not draft.sound("accounts.disposable_income", "accounts.transfers", "accounts"):
        return
    income, transfers = draft.scenario.accounts.disposable_income, draft.scenario.accounts.transfers
    if income is not None and income.value <= transfers.value:
        yield Finding(
            "accounts.disposable_income",
            f"{income.value:g}",
            msg("more than `transfers`, {value:g}", value=transfers.value),
            msg("transfers are part of it"),
        )


def classes_are_whole(draft: Draft) -> Iterator[Finding]:
    """Consumption is spent on the classes of the national table; groups are made of them."""
    if "national" not in draft.keys or not draft.sound("national.classes", "national"):
        return
    national = draft.scenario.national
    for name, what in (
        ("household_share", msg("shares of household consumption")),
        ("government_share", msg("shares of government consumption")),
    ):
        yield from adds_up(
            (getattr(each_class, name) for each_class in national.classes.values()),
            "national.classes",
            100,
            SURVEY,
            msg("{what} (`{name}`)", what=what, name=name),
        )
    for group, members in national.groups.items():
        yield from refers(
            members,
            national.classes,
            f"national.groups.{group}[{{index}}]",
            msg("a class of the national table"),
        )
        if group in national.classes:
            yield Finding(
                f"national.groups.{group}",
                msg("the name {name}, which is a class too", name=shown(group)),
                msg("a name of its own"),
            )
        if not members:
            yield Finding(f"national.groups.{group}", msg("an empty list"), msg("at least one class"))


def coefficients_fit(draft: Draft) -> Iterator[Finding]:
    """The coefficients are square over the classes, and every class adds value."""
    if not draft.sound("national"):
        return
    national = draft.scenario.national
    classes, path = national.classes, "national.coefficients"
    yield from refers(national.coefficients, classes, path + ".{}", msg("a class (a row)"))
    for row in classes:
        if row not in national.coefficients:
            yield Finding(path, msg("no row {row}", row=shown(row)), msg("one row for each class"))
            continue
        entries = national.coefficients[row]
        yield from refers(entries, classes, f"{path}.{row}.{{}}", msg("a class (a column)"))
        absent = [column for column in classes if column not in entries]
        if absent:
            yield Finding(
                f"{path}.{row}",
                msg("no column {names}", names=one_of(absent)),
                msg("one column for each class"),
                msg("write 0 where nothing is bought"),
            )
    most = national.tolerance.value if national.tolerance else TOLERANCE
    for column, facts in classes.items():
        if any(column not in national.coefficients.get(row, ()) for row in classes):
            continue
        inputs = sum(national.coefficients[row][column].value for row in classes)
        outside = facts.outside_inputs.value / 100 if facts.outside_inputs else 0.0
        total = inputs + outside + facts.va_ratio.value / 100
        at = f"{path}.{next(iter(national.coefficients))}.{column}"
        if inputs + outside >= 1:
            yield Finding(
                at,
                msg(
                    "a column {column} that adds to {total:.6g}", column=shown(column), total=inputs + outside
                ),
                msg("less than 1"),
                msg("what is bought per unit of output must leave value added"),
            )
        elif abs(total - 1) > most / 100 + 1e-9:
            yield Finding(
                at,
                msg(
                    "a column {column} whose inputs of {inputs:.4g} and value added of {va:.4g} are"
                    " {off:.3g} % {side}",
                    column=shown(column),
                    inputs=inputs + outside,
                    va=facts.va_ratio.value / 100,
                    off=100 * abs(total - 1),
                    side=msg("short of output") if total < 1 else msg("above output"),
                ),
                msg("output within {most:g} %", most=most),
                msg(
                    "complete it, or state `outside_inputs` of the class for what is bought outside; "
                    "`national.tolerance` lets larger gaps be scaled away"
                ),
            )


def compositions_are_whole(draft: Draft) -> Iterator[Finding]:
    """A sector or process is made of classes or groups; an investing sector buys from classes."""
    sound = draft.sound("national.classes", "national.groups", "national")
    national = draft.scenario.national if sound else None
    made_of = {**national.classes, **national.groups} if national else {}
    parts: list[tuple[str, Mapping[str, Quantity]]] = [
        (f"sectors.{key}", sector.national) for key, sector in draft.scenario.sectors.items()
    ]
    parts += [
        (f"chains.{name}.processes.{key}", process.national)
        for name, chain in draft.scenario.chains.items()
        for key, process in chain.processes.items()
    ]
    for path, stated in parts:
        yield from adds_up(stated, f"{path}.national", 100, 0.1, msg("shares of national classes"))
        if national:
            yield from refers(
                stated, made_of, f"{path}.national.{{}}", msg("a class or group of the national table")
            )
    for key, sector in draft.scenario.sectors.items():
        if national:
            yield from refers(
                sector.investment_buys,
                national.classes,
                f"sectors.{key}.investment_buys.{{}}",
                msg("a class of the national table"),
                msg("groups are not allowed here"),
            )
        bought = sum(quantity.value for quantity in sector.investment_buys.values())
        if bought > 100 + SHARES:
            yield Finding(
                f"sectors.{key}.investment_buys",
                msg("purchases that add to {bought:.6g}", bought=bought),
                msg("at most 100"),
                msg("the rest is land, imported equipment and interest"),
            )


def funds_are_whole(draft: Draft) -> Iterator[Finding]:
    """The money of a sector or project comes from known sources, all of it."""
    for collection in ("sectors", "projects"):
        for key, part in getattr(draft.scenario, collection).items():
            path = f"{collection}.{key}.funds"
            if part.funds:
                yield from adds_up(part.funds, path, 100, SHARES, msg("shares of sources of money"))
                yield from refers(
                    part.funds,
                    draft.ids("funds"),
                    path + ".{}",
                    msg("a key of `funds`"),
                    msg("define it under `funds:`"),
                )


def gestation_is_whole(draft: Draft) -> Iterator[Finding]:
    """All investment commissions at some time."""
    for key, sector in draft.scenario.sectors.items():
        found = [(path, part.gestation) for path, part in each(sector, Capacity, f"sectors.{key}")]
        if isinstance(sector, AgricultureParameters) or (
            isinstance(sector, ServicesParameters) and sector.gestation
        ):
            found.append((f"sectors.{key}", sector.gestation))
        for path, shares in found:
            yield from adds_up(shares, f"{path}.gestation", 100, SHARES, msg("shares of commissioning"))
            if len(shares) > MOST_GESTATION:
                yield Finding(
                    f"{path}.gestation",
                    msg("a list of {count}", count=len(shares)),
                    msg("at most {most}", most=MOST_GESTATION),
                    msg("join the last years into one"),
                )


def utilisation_is_ordered(draft: Draft) -> Iterator[Finding]:
    """Capacity is not used beyond its ceiling in the base year."""
    scenario = draft.scenario
    for collection, parts in (("sectors", scenario.sectors), ("chains", scenario.chains)):
        for path, part in each(parts, Utilisation, collection):
            if part.base.value > part.max.value:
                yield Finding(
                    f"{path}.base",
                    f"{part.base.value:g}",
                    msg("at most `max`, {value:g}", value=part.max.value),
                    msg("the base year shows that more can be held: raise `max`"),
                )


def farmland_refers(draft: Draft) -> Iterator[Finding]:
    """High-standard farmland grows crops that exist."""
    for key, sector in draft.scenario.sectors.items():
        if isinstance(sector, AgricultureParameters) and sector.farmland:
            yield from refers(
                sector.farmland.crops,
                sector.crops,
                f"sectors.{key}.farmland.crops[{{index}}]",
                msg("a key of `crops`"),
            )


def base_shares_add_up(draft: Draft) -> Iterator[Finding]:
    """Base-year investment is spread over the sectors, all of it."""
    if not draft.sound("investment") or not draft.scenario.investment.base_shares:
        return
    shares = draft.scenario.investment.base_shares
    yield from refers(shares, draft.ids("sectors"), "investment.base_shares.{}", msg("a sector"))
    yield from adds_up(shares, "investment.base_shares", 100, SHARES, msg("shares"))


def plans_are_of_years(draft: Draft) -> Iterator[Finding]:
    """Money and mixes by year are of years of the horizon, each year once."""
    if not draft.sound("years"):
        return
    scenario, years = draft.scenario, draft.scenario.years
    stated: dict[str, Collection[str]] = {}
    if draft.sound("investment"):
        for name in ("path", "growth_in"):
            stated[f"investment.{name}"] = getattr(scenario.investment, name)
        for year in set(scenario.investment.path) & set(scenario.investment.growth_in):
            yield Finding(
                f"investment.growth_in.{year}",
                msg("{year} twice: here and in `path`", year=year),
                msg("its growth or its level"),
            )
    if draft.sound("prices"):
        stated["prices.gdp_in"] = scenario.prices.gdp_in
    for key, mix in (scenario.mixes if "mixes" in draft.keys else {}).items():
        stated[f"mixes.{key}.by_year"] = mix.by_year
        yield from _by_year(draft, f"mixes.{key}.by_year", mix)
    for path, named in stated.items():
        for year in named:
            if not (year.isdecimal() and len(year) == 4 and years.first <= int(year) <= years.last):
                yield Finding(
                    f"{path}.{year}",
                    msg("the key {name}", name=shown(year)),
                    msg("a year from {first} to {last}, as four digits", first=years.first, last=years.last),
                )


def _by_year(draft: Draft, path: str, mix: Mix) -> Iterator[Finding]:
    """Shares of later years are of sectors and add to 100; a mix that starts from another has that one's."""
    if mix.by_year and mix.starts_from:
        yield Finding(path, msg("`by_year` beside `starts_from`"), msg("`shares` with `by_year`"))
    for year, shares in mix.by_year.items():
        yield from refers(shares, draft.ids("sectors"), f"{path}.{year}." + "{}", msg("a sector"))
        yield from adds_up(shares, f"{path}.{year}", 100, SHARES, msg("shares"))


def mixes_add_up(draft: Draft) -> Iterator[Finding]:
    """A mix spreads all investment over the sectors; another mix starts from it and moves points."""
    mixes, sectors = draft.scenario.mixes if "mixes" in draft.keys else {}, draft.ids("sectors")
    plan = draft.scenario.plan
    if "mixes" in draft.keys and plan not in draft.ids("mixes"):
        yield Finding(
            "mixes",
            one_of(draft.ids("mixes")),
            msg("a mix called `{plan}`", plan=plan),
            (meant(plan, draft.ids("mixes")) or msg("it holds the shares of the plan as written")),
        )
    for key, mix in mixes.items():
        path = f"mixes.{key}"
        yield from refers(mix.shares, sectors, path + ".shares.{}", msg("a sector"))
        yield from refers(mix.add, sectors, path + ".add.{}", msg("a sector"))
        yield from _form(key, mix, path, key == plan)
        if mix.shares:
            yield from adds_up(mix.shares, path + ".shares", 100, SHARES, msg("shares"))
        if mix.add:
            yield from adds_up(mix.add, path + ".add", 0, SHARES, msg("points"))
        yield from refers(
            [mix.starts_from] if mix.starts_from else [],
            draft.ids("mixes"),
            path + ".starts_from",
            msg("another mix"),
        )
    starts = {key: [mix.starts_from] for key, mix in mixes.items() if mix.starts_from}
    ways = list(circles(starts))
    for way in ways:
        yield Finding(
            f"mixes.{way[0]}.starts_from",
            msg("a circle: {way}", way=" -> ".join(way)),
            msg("a mix that states shares in the end"),
        )
    for key in starts if not ways else ():
        yield from _left(key, mixes)


def _form(key: str, mix: Mix, path: str, plan: bool) -> Iterator[Finding]:
    """A mix states shares, or the mix from which it starts."""
    if mix.shares and mix.starts_from:
        yield Finding(
            path,
            msg("both `shares` and `starts_from`"),
            msg("one of them"),
            msg("with `starts_from`, write the changes as `add`"),
        )
    elif plan and mix.starts_from:
        yield Finding(
            path, "`starts_from`", "`shares`", msg("the plan starts from nothing: write out its shares")
        )
    elif not mix.shares and not mix.starts_from:
        yield Finding(
            path, msg("no shares"), msg("`shares`, or `starts_from` with `add`"), msg("shares add to 100")
        )
    if mix.add and not mix.starts_from:
        yield Finding(path + ".add", msg("points without `starts_from`"), msg("`starts_from: ` a mix"))


def _left(key: str, mixes: Mapping[str, Mix]) -> Iterator[Finding]:
    """What a mix takes away leaves no share negative."""
    path, steps = f"mixes.{key}", [mixes[key]]
    while (before := steps[-1].starts_from) is not None and before in mixes:
        if len(steps) > MOST_STEPS:
            yield Finding(
                path + ".starts_from", msg("a chain of more than {most} mixes", most=MOST_STEPS), msg("fewer")
            )
            return
        steps.append(mixes[before])
    if not steps[-1].shares:
        return
    shares = {sector: quantity.value for sector, quantity in steps[-1].shares.items()}
    for step in reversed(steps[:-1]):
        for sector, points in step.add.items():
            shares[sector] = shares.get(sector, 0.0) + points.value
    for sector, points in mixes[key].add.items():
        if shares[sector] < -1e-9:
            yield Finding(
                f"{path}.add.{sector}",
                msg("{value:g}, which leaves a share of {share:g}", value=points.value, share=shares[sector]),
                msg("a share of 0 or more"),
                msg("take at most {points:g} away", points=shares[sector] - points.value),
            )
