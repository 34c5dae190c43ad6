"""From a file of regions to its members, each a scenario: all mistakes at once (读取省—市—县文件)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...models.errors import Problem, Said, ScenarioError
from ...models.neighbours import distances, gravity, income
from ...models.quantity import Bilingual, FloatArray, Quantity
from ...models.words import msg
from ..begin import Facts, begin
from ..document import Node
from ..files import EXAMPLE, USUAL, Address, Reader, beside
from ..findings import Finding, refers
from ..load import Loaded, identity, kind_of, load, nearest, opened
from ..merge import inherit, sweep
from ..other_kinds import shaped
from ..outlooks import OUTLOOK, as_map, flat, no_outlook
from ..overrides import override
from ..rates import Question
from ..report import Place, Report, shown
from ..schema_forecast import Outlook
from ..shape import MARGINS, keys_of
from ..spreadsheet import only
from ..tables.grid import Grid, grids
from .columns import Asked
from .flows import flows_of
from .schema import CUT, DISTANCE, EXTRA, HEAD, MemberSpec, ProvinceFile, Regions, TradeSpec
from .table import Row, rows_of

REST = "rest"
"""The member that stands for what the others leave of the parent."""
THE_RESTS = msg("another name: this one is the rest's")
WITHIN = 0.1
"""Part by which members may miss their parent before `scale` is refused. An assumption: revisions and
cities' own accounts move sums by a few percent, a wrong unit or a missing member by more."""
_COLUMNS = {
    r"--primary|sectors\.agriculture": ("primary",),
    r"--industry|sectors\.industry": ("industry", "secondary"),
    r"--construction|sectors\.construction": ("construction", "secondary"),
    r"--secondary": ("secondary",),
    r"stretch": ("stretch",),
    r"fai": ("fai",),
    r"--plan|investment|limits\.money": ("plan", "planned"),
    r"--growth|history": ("growth",),
    r"--target|targets": ("target",),
    r"--gdp|accounts|sectors": ("gdp",),
}
"""Columns by what a mistake of a first scenario names: its option, or its path; the first that is there."""


@dataclass(frozen=True)
class Member:
    """One region among others.

    Attributes
    ----------
    tiers
        Its own target of the growth of GDP by tier; empty where none is stated.
    population
        Residents, 万人; None where nobody says.
    place
        Latitude and longitude of its seat, degrees; None where nobody says.
    regions
        How many regions of equal size it stands for.
    guessed, unmeasured
        Whether nobody states how its investment is to grow, and what it was.
    most
        Extra investment at most, % of its plan.
    cut
        Investment that it may give up for others at most, % of its plan.
    assumed
        Whether one of them is an assumption.
    """

    id: str
    title: Bilingual
    loaded: Loaded
    tiers: Mapping[str, float]
    population: float | None
    most: float
    cut: float
    assumed: bool
    growth: float | None = None
    place: tuple[float, float] | None = None
    regions: float = 1.0
    guessed: bool = False
    unmeasured: bool = False

    @property
    def rest(self) -> bool:
        """Whether it stands for what the others leave."""
        return self.id == REST

    @property
    def gdp(self) -> float:
        """GDP of the base year as its scenario states it."""
        return self.loaded.scenario.accounts.gdp.value


@dataclass(frozen=True)
class Province:
    """A parent and its members, ready to be studied.

    Attributes
    ----------
    stated
        GDP of the base year of the members as stated, without the rest.
    factor
        What every member's level is multiplied by, so that the sum is the parent's.
    flows
        What members (columns) buy of members (rows) ``(M, M)``, in the money of the members' accounts as
        stated; None where nothing is said of trade.
    """

    regions: Regions
    members: tuple[Member, ...]
    stated: float
    factor: float
    name: str
    files: tuple[tuple[str, str], ...]
    whole: str
    flows: FloatArray | None = None
    notes: tuple[Bilingual, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def title(self) -> Bilingual:
        """What it is called."""
        return self.regions.title

    @property
    def confidence(self) -> float:
        """Chance from which a tier counts as reached, share."""
        stated = self.regions.confidence
        return 0.5 if stated is None else stated.value / 100

    @property
    def tiers(self) -> dict[str, float]:
        """The parent's tiers of growth."""
        stated = self.regions.targets.growth
        named = {"ensure": stated.ensure, "stretch": stated.stretch}
        return {tier: value.value for tier, value in named.items() if value is not None}


def load_province(path: str | Path, sets: Sequence[str] = ()) -> Province:
    """Read a file of regions, its table and the scenarios of its members.

    Raises
    ------
    ScenarioError
        With every mistake at once, each with file, line, column and what to do.
    """
    report = Report()
    root, address, reader = opened(path, report)
    if HEAD not in root.map:
        report.add(
            root.at,
            HEAD,
            msg("a file without regions"),
            msg("a map `{head}` with a parent and members", head=HEAD),
        )
        report.stop()
    inherit(root)
    override(root, sets, report)
    outlook = _outlook(root.map[HEAD], report)
    found = shaped(root, ProvinceFile, sweep(root, report), report)
    if found is None:
        report.stop()
        raise AssertionError("a file that cannot be built must leave a mistake behind")
    regions = found.regions
    reading = _Reading(regions, root, address, report, outlook)
    members = reading.members()
    for finding in _broken(regions, [member.id for member in members], reading.lost):
        report.add(nearest(root, finding.path), finding.path, finding.found, finding.expected, finding.hint)
    report.stop()
    stated = sum(member.gdp for member in members)
    members, factor = reading.reconciled(members, stated)
    report.stop()
    flows = reading.flows(members)
    reading.heads(members)
    report.stop()
    reader.read.update(reading.files)
    files = tuple(sorted({**reader.read, **{n: h for m in members for n, h in m.loaded.files}}.items()))
    whole = f"{regions.model_dump_json()}{[(m.id, m.loaded.files, m.loaded.name) for m in members]}{files}"
    return Province(
        regions,
        tuple(members),
        stated,
        factor,
        identity(address),
        files,
        whole,
        flows,
        tuple(report.notes),
        tuple(report.questions),
    )


def _outlook(regions: Node, report: Report) -> tuple[str, ...]:
    """What the outlook for all members lays over each, in the place of its own; written as a map on the
    way."""
    node = regions.map.get(OUTLOOK)
    if node is None or node.value is None:
        return ()
    held = as_map(node)
    if held is None:
        no_outlook(node, f"{HEAD}.{OUTLOOK}", report)
        del regions.map[OUTLOOK]
        return ()
    regions.map[OUTLOOK] = held
    why = msg("stated for all members, {place}", place=str(node.at))
    texts = [
        f"{OUTLOOK}.{key}.assumption.{lang}={json.dumps(why.of(lang), ensure_ascii=False)}"
        for key in held.map
        if key in keys_of(Outlook) and keys_of(Outlook)[key].kind == Quantity | None
        for lang in ("zh", "en")
    ]
    return (f"{OUTLOOK}=null", *flat(held, OUTLOOK, f"{HEAD}.{OUTLOOK}", report, MARGINS), *texts)


def _broken(regions: Regions, names: Sequence[str], lost: bool) -> Iterator[Finding]:
    """Names that must exist, tiers in their order, accounts that the rest needs."""
    growth, parent = regions.targets.growth, regions.parent
    if not lost:
        known = [*names, *([REST] if regions.reconcile == "rest" else [])]
        yield from refers(regions.limits, known, f"{HEAD}.limits.{{}}", msg("a member"))
    if growth.ensure and growth.stretch and growth.stretch.value < growth.ensure.value:
        yield Finding(
            f"{HEAD}.targets.growth.stretch",
            f"{growth.stretch.value:g}",
            msg("at least the {ensure:g} of `ensure`", ensure=growth.ensure.value),
        )
    if regions.reconcile == "rest":
        for key in ("primary", "secondary"):
            if getattr(parent, key) is None:
                yield Finding(
                    f"{HEAD}.parent",
                    msg("no `{key}`", key=key),
                    msg("the parent's three sectors, of which the rest is made"),
                    msg("state it, or `reconcile: scale`"),
                )
    own = regions.members.get(REST)
    if own is not None and (own.scenario is not None or regions.reconcile != "rest"):
        yield Finding(f"{HEAD}.members.{REST}", REST, THE_RESTS)


@dataclass
class _Reading:
    """Reads the members of a file of regions."""

    regions: Regions
    root: Node
    address: Address
    report: Report
    outlook: tuple[str, ...] = ()
    """What is laid over every member."""

    def __post_init__(self) -> None:
        self.files: dict[str, str] = {}
        self.lost = False
        """Whether some members could not be read: names are not held against what is left."""

    def members(self) -> list[Member]:
        """Members in the order of the file: those of the table, then those that only the file names."""
        rows = {row.id: row for row in self._table()}
        if REST in rows:
            self.report.add(rows[REST].place, f"{HEAD}.table.{REST}", REST, THE_RESTS)
        found: list[Member | None] = []
        for name, row in rows.items():
            spec = self.regions.members.get(name, MemberSpec())
            found.append(self._of_path(name, spec, row) if spec.scenario else self._of_row(row, spec))
        for name, spec in self.regions.members.items():
            if name in rows or (name == REST and not spec.scenario):
                continue
            if spec.scenario:
                found.append(self._of_path(name, spec, None))
            elif not self.lost:
                what, hint = msg("a row of the table"), msg("or state its `scenario`")
                for finding in refers([name], list(rows), f"{HEAD}.members.{{}}", what, hint):
                    self._wrong(finding.path, finding.found, finding.expected, finding.hint)
        members = [member for member in found if member is not None]
        self.lost = self.lost or len(members) < len(found)
        if not found and not self.report.problems:
            self._wrong(HEAD, msg("no members"), msg("`members`, or a `table` of them"))
        self._alike(members)
        self._twice(members)
        self._expect(members)
        return members

    def _wrong(self, path: str, *said: object) -> None:
        self.report.add(nearest(self.root, path), path, *said)  # type: ignore[arg-type]

    def _alike(self, members: Sequence[Member]) -> None:
        """Members count in one money, begin in one year, and know nothing yet of the year under way."""
        for member in members:
            scenario, path = member.loaded.scenario, f"{HEAD}.members.{member.id}"
            if scenario.years.base != self.regions.year or scenario.years.ahead != 1:
                self._wrong(
                    path,
                    msg(
                        "base year {base}, target year {target}",
                        base=scenario.years.base,
                        target=scenario.years.target,
                    ),
                    msg(
                        "{base} and {target}, as `year` says",
                        base=self.regions.year,
                        target=self.regions.year + 1,
                    ),
                )
            if scenario.money != members[0].loaded.scenario.money:
                self._wrong(
                    path,
                    scenario.money.currency,
                    msg("one money for all: {money}", money=members[0].loaded.scenario.money.currency),
                )
            if scenario.actuals is not None:
                self._wrong(
                    path,
                    msg("figures to date"),
                    msg("a scenario without `actuals`: a province is one of January"),
                )

    def _twice(self, members: Sequence[Member]) -> None:
        """One scenario is one member."""
        first: dict[str, str] = {}
        for member in members:
            spec = self.regions.members.get(member.id)
            if spec is None or spec.scenario is None:
                continue
            file = member.loaded.file
            file = file if file.startswith(EXAMPLE) else str(Path(file).resolve())
            if file in first:
                self._wrong(
                    f"{HEAD}.members.{member.id}.scenario",
                    msg("{file}, which is {name} already", file=shown(spec.scenario), name=first[file]),
                    msg("each scenario once"),
                )
            first.setdefault(file, member.id)

    def _expect(self, members: Sequence[Member]) -> None:
        """Tell members by path that expect something else of the nation than most do."""
        said = {member.id: _expected(member.loaded.scenario.outlook) for member in members}
        if len({str(one) for one in said.values()}) < 2:
            return
        most = Counter(str(one) for one in said.values()).most_common(1)[0][0]
        usual = next(one for one in said.values() if str(one) == most)
        for name, own in said.items():
            spec = self.regions.members.get(name)
            if str(own) == most or spec is None or spec.scenario is None:
                continue
            self.report.told(
                nearest(self.root, f"{HEAD}.members.{name}.scenario"),
                msg(
                    "{name} expects of the nation {own}, most others {usual}: `regions.outlook` states one"
                    " for all",
                    name=name,
                    own=own,
                    usual=usual,
                ),
            )

    def _table(self) -> list[Row]:
        spec = self.regions.table
        if spec is None:
            return []
        path = f"{HEAD}.table"
        before = len(self.report.problems)
        grid = self._grid(spec.rows, spec.sheet, path)
        found: list[Row] = []
        if grid is not None:
            title = self.regions.title
            asked = Asked(
                self.regions.year,
                spec.columns,
                spec.take,
                (title.zh, title.en),
                self.regions.parent.gdp.value,
            )
            at = {key: nearest(self.root, f"{path}.{key}") for key in ("columns", "take")}
            found = rows_of(grid, path, asked, at, self.report)
        self.lost = len(self.report.problems) > before
        return found

    def _grid(self, file: str, sheet: str | None, path: str) -> Grid | None:
        """The one sheet of a table beside the file; None where it cannot be read, which is noted."""
        asked = nearest(self.root, f"{path}.rows")
        where = beside(self.address, file, asked, f"{path}.rows", self.report)
        if where is None:
            return None
        reader = Reader(self.report)
        sheets = [
            grid
            for grid in grids(where, reader, asked, f"{path}.rows", [sheet] if sheet else [])
            if grid.rows
        ]
        self.files |= reader.read
        grid = sheets[0] if len(sheets) == 1 else only(sheets, Place(where.shown, 1, 1), path, self.report)
        for place, said in grid.notes if grid is not None else ():
            self.report.told(place, said)
        return grid

    def _of_row(self, row: Row, spec: MemberSpec) -> Member | None:
        """A member out of a dozen figures: its scenario is what `simulate new` would write."""
        given = row.figures
        if not {"gdp", "primary"} <= set(given) or not {"secondary", "industry"} & set(given):
            return None  # told already
        facts = Facts(
            region=row.name,
            year=self.regions.year,
            gdp=given["gdp"],
            primary=given["primary"],
            secondary=given.get("secondary"),
            industry=given.get("industry"),
            construction=given.get("construction"),
            ensure=given.get("target", self._asked()),
            stretch=given.get("stretch"),
            growth=given.get("growth"),
            fai=given.get("fai"),
            plan=given.get("plan"),
            past=row.past,
            english="" if spec.title is None else spec.title.en,
            country=self.regions.country,
        )
        loaded = self._begun(facts, row)
        if loaded is None:
            return None
        tiers = {
            tier: given[key] for tier, key in (("ensure", "target"), ("stretch", "stretch")) if key in given
        }
        title = spec.title or Bilingual.same(row.name)
        return self._member(row.id, spec, title, loaded, tiers, given)

    def _asked(self) -> float:
        """The growth that stands in the sheet of a member without a target: the parent's, never judged."""
        stated = self.regions.targets.growth
        tier = stated.ensure or stated.stretch
        return tier.value if tier else 5.0

    def _begun(self, facts: Facts, row: Row | None) -> Loaded | None:
        try:
            text = begin(facts)[USUAL]
            return load(Path(f"{facts.region.replace('/', '-')}.yaml"), self.outlook, text)
        except ScenarioError as error:
            for problem in error.problems:
                self.report.problems.append(self._in_row(problem, row))
            return None

    def _in_row(self, problem: Problem, row: Row | None) -> Problem:
        """A mistake of a first scenario, told with the cell that it is about."""
        place = nearest(self.root, f"{HEAD}.parent")
        path = f"{HEAD}.parent"
        if row is not None:
            named = (keys for pattern, keys in _COLUMNS.items() if re.search(pattern, problem.path))
            column = next((key for keys in named for key in keys if key in row.places), "name")
            place, path = row.places.get(column, row.place), f"{HEAD}.table.{row.name}.{column}"
        hint = "" if "--" in str(problem.hint) else problem.hint  # options of another command
        return replace(problem, path=path, file=place.file, line=place.line, column=place.column, hint=hint)

    def _of_path(self, name: str, spec: MemberSpec, row: Row | None) -> Member | None:
        """A member that has a scenario of its own."""
        path = f"{HEAD}.members.{name}.scenario"
        assert spec.scenario is not None
        asked = nearest(self.root, path)
        where = beside(self.address, spec.scenario, asked, path, self.report)
        if where is None or Reader(self.report).data(where, asked, path) is None:
            return None
        file = spec.scenario if spec.scenario.startswith(EXAMPLE) else where.shown
        try:
            other = kind_of(opened(file, Report())[0])
            if other:
                self._wrong(
                    path, msg("{file}, {kind}", file=shown(spec.scenario), kind=other), msg("a scenario")
                )
                return None
            loaded = load(file, self.outlook)
        except ScenarioError as error:
            self.report.problems += error.problems
            return None
        scenario = loaded.scenario
        stated = next(
            (t for key, t in scenario.targets.items() if (t.indicator or key) == "gdp_growth" and not t.over),
            None,
        )
        tiers = {}
        for tier in ("ensure", "stretch"):
            value = getattr(stated, tier, None)
            if value is not None:
                tiers[tier] = value.value
        past = scenario.history.years.get(str(scenario.years.base))
        given = dict(row.figures) if row else {}
        given.pop("growth", None)
        if past is not None and past.growth is not None:
            given["growth"] = past.growth.value
        return self._member(name, spec, spec.title or scenario.title, loaded, tiers, given)

    def _member(
        self,
        name: str,
        spec: MemberSpec,
        title: Bilingual,
        loaded: Loaded,
        tiers: Mapping[str, float],
        given: Mapping[str, float],
    ) -> Member:
        """A member out of what the file says of it and what its row gives."""
        limit = self.regions.limits.get(name)
        place = None
        if spec.place is not None:
            place = spec.place.latitude.value, spec.place.longitude.value
        elif {"latitude", "longitude"} <= set(given):
            place = given["latitude"], given["longitude"]
        return Member(
            name,
            title,
            loaded,
            tiers,
            spec.population.value if spec.population else given.get("people"),
            EXTRA if limit is None or limit.most is None else limit.most.value,
            CUT if limit is None or limit.cut is None else limit.cut.value,
            limit is None or limit.most is None or limit.cut is None,
            given.get("growth"),
            place,
            spec.regions.value if spec.regions else 1.0,
            not spec.scenario and "plan" not in given,
            not spec.scenario and "fai" not in given,
        )

    def reconciled(self, members: Sequence[Member], stated: float) -> tuple[list[Member], float]:
        """The members so that they add up to the parent, as `reconcile` says, and what each is multiplied
        by."""
        whole, way = self.regions.parent.gdp.value, self.regions.reconcile
        if way == "tell":
            return list(members), 1.0
        if way == "scale":
            if abs(stated / whole - 1) > WITHIN:
                self._apart(stated, whole)
            return list(members), whole / stated
        left = whole - stated
        if abs(left) < 0.005 * whole / 100:
            return list(members), whole / stated
        rest = self._rest(members, left)
        return [*members, *([rest] if rest else [])], 1.0

    def _apart(self, stated: float, whole: float) -> None:
        """Members that are too far from their parent to be scaled to it."""
        self._wrong(
            f"{HEAD}.parent.gdp",
            msg(
                "{whole:g}, of which the members state {stated:g} ({part:.4g} %)",
                whole=whole,
                stated=stated,
                part=100 * stated / whole,
            ),
            msg("a difference of {most:g} % at most, where all are scaled", most=100 * WITHIN),
            msg(
                "is a unit wrong, or are there rows of totals or of several members together (name the"
                " members by `take`)? Members missing: `reconcile: rest`; on purpose: `reconcile: tell`"
            ),
        )

    def _rest(self, members: Sequence[Member], left: float) -> Member | None:
        """What the members leave of the parent, sector by sector, as a member of its own."""
        parent = self.regions.parent
        assert parent.primary is not None and parent.secondary is not None
        three = [_sectors(member.loaded) for member in members]
        primary, secondary = (
            whole.value - sum(own[at] for own in three)
            for at, whole in enumerate((parent.primary, parent.secondary))
        )
        if min(left, primary, secondary, left - primary - secondary) <= 0:
            self._wrong(
                f"{HEAD}.parent.gdp",
                msg(
                    "{left:g} left over ({primary:g}, {secondary:g}, {tertiary:g} by sector)",
                    left=left,
                    primary=primary,
                    secondary=secondary,
                    tertiary=left - primary - secondary,
                ),
                msg("more than the members' in every sector, of which the rest is made"),
                msg("are accounts of one release? otherwise `reconcile: scale`"),
            )
            return None
        title = self.regions.title
        facts = Facts(
            region=f"{title.zh}其余",
            english=f"Rest of {title.en}",
            year=self.regions.year,
            gdp=round(left, 6),
            primary=round(primary, 6),
            secondary=round(secondary, 6),
            industry=None,
            construction=None,
            ensure=self._asked(),
            growth=self._growth_of_rest(members, left),
            country=self.regions.country,
        )
        loaded = self._begun(facts, None)
        if loaded is None:
            return None
        spec = self.regions.members.get(REST, MemberSpec())
        given = {} if facts.growth is None else {"growth": facts.growth}
        return self._member(REST, spec, spec.title or msg("Rest of the region"), loaded, {}, given)

    def _growth_of_rest(self, members: Sequence[Member], left: float) -> float | None:
        """Growth of the rest in the base year, by which it and the members make up the parent's.

        .. math:: g_R = \\frac{Y_R}{Y / (1 + g) - \\sum_m Y_m / (1 + g_m)} - 1

        with levels and growth of the parent and the members (at the prices of the base year). The parent's
        own growth where that of a member is not known.
        """
        parent = self.regions.parent
        if parent.growth is None:
            return None
        before = parent.gdp.value / (1 + parent.growth.value / 100)
        for member in members:
            if member.growth is None:
                return parent.growth.value
            before -= member.gdp / (1 + member.growth / 100)
        return round(100 * (left / before - 1), 2) if before > 0 else parent.growth.value

    def heads(self, members: Sequence[Member]) -> None:
        """A gap per head is asked for where residents of two members are known."""
        asked = self.regions.targets.gap is not None
        if asked and sum(member.population is not None for member in members) < 2:
            self._wrong(
                f"{HEAD}.targets.gap",
                msg("residents of fewer than two members"),
                msg("`population` of the members, or a column of residents in the table"),
            )

    def flows(self, members: Sequence[Member]) -> FloatArray | None:
        """What members buy of one another, as the table says or by size and distance; None without trade."""
        spec, path = self.regions.trade, f"{HEAD}.trade"
        if spec is None:
            return None
        if (spec.rows is None) == (spec.within is None):
            both = spec.rows is not None
            self._wrong(
                path,
                msg("`rows` and `within`") if both else msg("neither `rows` nor `within`"),
                msg("one of them: a table of who buys of whom, or what members buy of one another"),
            )
            return None
        sizes = np.array([member.gdp for member in members])
        if spec.within is not None:
            unknown = [member.id for member in members if member.place is None]
            if len(members) - len(unknown) < 2:
                self._wrong(
                    f"{path}.within",
                    msg("places of fewer than two members"),
                    msg("`place` of the members, or columns of latitude and longitude in the table"),
                )
                return None
            places = np.array([member.place or (np.nan, np.nan) for member in members])
            elasticity = DISTANCE if spec.distance is None else spec.distance.value
            found = gravity(sizes, distances(places), spec.within.value / 100, elasticity)
        else:
            found = self._stated(members, spec, path)
        content = spec.content.value / 100
        earned, sold = income(found, sizes, content).sum(axis=0), content * found.sum(axis=1) / sizes
        for member, part in zip(members, sold, strict=True):
            if part > 1:
                self._wrong(
                    path,
                    msg(
                        "{name} sells the others {part:.2f} of value added per unit of its GDP",
                        name=member.id,
                        part=part,
                    ),
                    msg("1 at most"),
                )
        for member, part in zip(members, earned, strict=True):
            if part >= 1:
                self._wrong(
                    path,
                    msg("{name} earns others {part:.2f} per unit of its GDP", name=member.id, part=part),
                    msg("less than 1"),
                )
        return found

    def _stated(self, members: Sequence[Member], spec: TradeSpec, path: str) -> FloatArray:
        places = {member.id: at for at, member in enumerate(members)}
        names = {said: m.id for m in members for said in (m.title.zh, m.title.en, m.loaded.scenario.title.zh)}
        found = np.zeros((len(members), len(members)))
        grid = self._grid(spec.rows or "", spec.sheet, path)
        if grid is not None:
            for (seller, buyer), amount in flows_of(
                grid, path, names | {m.id: m.id for m in members}, self.report
            ).items():
                found[places[seller], places[buyer]] = amount
        return found


def _expected(outlook: Outlook) -> Said:
    """What a member expects of the nation, in words."""
    if outlook.growth is None:
        return msg("the shipped edition `{edition}`", edition=outlook.edition)
    if outlook.of == "region":
        return msg("nothing, of itself {growth:g} %", growth=outlook.growth.value)
    return msg("{growth:g} %", growth=outlook.growth.value)


def _sectors(loaded: Loaded) -> tuple[float, float]:
    """Value added of the primary and the secondary sector of a scenario, by the models of its sectors."""
    scenario = loaded.scenario
    added = {"agriculture": 0.0, "services": 0.0}
    for sector in scenario.sectors.values():
        if sector.model in added:
            stated = getattr(sector, "va", None)
            added[sector.model] += stated.value if stated is not None else 0.0
    primary, tertiary = added["agriculture"], added["services"]
    return primary, scenario.accounts.gdp.value - primary - tertiary
