"""What a scenario leaves unsaid, what is inferred, and what it states without effect, in words (提示)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ...engine.diagnose.hints import Hint
from ...models.errors import Origins
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ...scenarios.schema import Scenario
from ..text.format import number
from ..text.names import name_of, name_of_all
from ..text.wording import TIERS, amount, both, in_first, listed
from .numbers import written_in
from .plausibility import row_title
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer

TITLE = msg("Left unsaid, inferred, and without effect")
_NAMED, _SHOWN = 3, 40
TOLD = (
    *("left_out", "mix_leaves_out", "hole", "no_start", "beyond"),
    *("unlimited", "unbounded", "delay", "fitted", "uncounted", "no_long_view", "no_long_case"),
)
"""Kinds that the summary names."""
_TO_ADD = {"unlimited": " [limits: cut, floor]", "unbounded": " [limits: on: investment]"}
"""What to add to the file, where a planner is at it."""
_ONE = re.compile(
    r"^(projects|sectors|mixes|funds)\.[^.]+\.|^(chains\.[^.]+\.(?:materials|processes))\.[^.]+\."
)


def says(hint: Hint, scenario: Scenario) -> Bilingual:
    """One thing to know, in a sentence."""
    name = _name(hint, scenario)
    last, first = scenario.years.last, scenario.years.base + 1
    if hint.kind in ("left_out", "mix_leaves_out", "hole", "usual_slip"):
        return _gap(hint, scenario, name)
    if hint.kind == "no_start":
        return msg(
            "{name} states no start: it starts as soon as it can, from January {first} on",
            name=name,
            first=first,
        )
    if hint.kind == "beyond":
        return msg("{name} starts after the last year, {last}: it counts in none", name=name, last=last)
    if hint.kind == "late":
        return msg(
            "{name} is commissioned after the last year, {last}: investment and no output",
            name=name,
            last=last,
        )
    if hint.kind == "unlisted":
        return both(lambda lang: _unlisted(hint, scenario, lang))
    if hint.kind == "carried":
        return both(
            lambda lang: tr(
                lang,
                "inferred: {value} planned for last year by works on no list comes late into {first} (as"
                " much as usually comes late out of it)",
                value=amount(hint.amount or 0.0, MONEY, lang),
                first=first,
            )
        )
    if hint.kind in ("unlimited", "unbounded", "no_long_view", "no_long_case"):
        return _not_there(hint)
    if hint.kind in ("fitted", "uncounted"):
        return both(lambda lang: _own(hint, scenario, lang))
    if hint.kind == "delay":
        return msg(
            "{title}: whether its {tiers} tier is reached turns on a delay assumed alike for many projects;"
            " on time it would be {without}",
            title=row_title(scenario, hint.about),
            tiers=TIERS[hint.process],
            without=number(hint.amount or 0.0, 2),
        )
    value = number(hint.amount or 0.0, None)
    return msg("{path} ({value}) was moved, and no result moved with it", path=hint.path, value=value)


def _not_there(hint: Hint) -> Bilingual:
    """Limits that nobody stated, and an answer that there is none of."""
    if hint.kind == "no_long_view":
        return msg("no long view, as its numbers cannot stand together ({why})", why=hint.why)
    if hint.kind == "no_long_case":
        return msg(
            "a question of the long view is left out, as its numbers cannot stand together ({why})",
            why=hint.why,
        )
    if hint.kind == "unlimited":
        part = number(hint.amount or 0.0, 0)
        return msg(
            "no limit says how far a sector's investment may be cut: optima keep at least {part} % of every"
            " sector's planned money, an assumption",
            part=part,
        )
    return both(
        lambda lang: tr(
            lang,
            'no limit on all investment is stated: plans "within the limits" spend no more than the'
            " plan's {value}; what more would reach is another analysis, required investment",
            value=amount(hint.amount or 0.0, MONEY, lang),
        )
    )


def _own(hint: Hint, scenario: Scenario, lang: str) -> str:
    """What is done to coefficients of an indicator of one's own, and what they leave out."""
    own = scenario.indicators[hint.about]
    if hint.kind == "fitted":
        factor, base = hint.amount or 1.0, own.base.value if own.base else 0.0
        return tr(
            lang,
            "{title}: the coefficients give {given} in the base year, {base} is stated: all are multiplied by"
            " {factor}",
            title=own.title,
            given=amount(base / factor, own.unit or "", lang),
            base=amount(base, own.unit or "", lang),
            factor=number(factor, 3),
        )
    return tr(
        lang,
        "{title}: no coefficient speaks of the whole of {names}: what lacks counts nothing",
        title=own.title,
        names=listed([scenario.sectors[key].title.of(lang) for key in hint.process.split(", ")], lang),
    )


def _gap(hint: Hint, scenario: Scenario, name: Bilingual) -> Bilingual:
    """What is missing in a mix, in the history, in the list of projects."""
    if hint.kind == "left_out":
        return msg("the plan's mix leaves out {name}: it gets no investment", name=name)
    if hint.kind == "mix_leaves_out":
        mix = scenario.mixes[hint.process].title
        return msg("the mix {mix} leaves out {name}: it gets no investment", mix=mix, name=name)
    if hint.kind == "hole":
        return msg("the history lacks {years}: the forecast goes without", years=hint.about)
    return msg(
        "{count} projects state no delay, such as {name}: expected are the usual {months} months",
        count=hint.process,
        name=name,
        months=number(hint.amount or 0.0, None),
    )


def _unlisted(hint: Hint, scenario: Scenario, lang: str) -> str:
    title = scenario.sectors[hint.about].title.of(lang)
    made = hint.amount or 0.0
    if hint.process:
        process = next(
            chain.processes[hint.process].title
            for chain in scenario.chains.values()
            if hint.process in chain.processes
        )
        more = tr(lang, "{amount} x 10 kt", amount=number(made, 2))
        where = tr(lang, "{title}, {process}", title=title, process=process)
    else:
        more, where = amount(made, MONEY, lang), title
    year = in_first(scenario.years, lang, tr(lang, "this year"))
    return tr(
        lang,
        "inferred: in {where} works on no list bring {more} on line {year} (the list is not whole; filled up"
        " to the usual)",
        where=where,
        more=more,
        year=year,
    )


def _name(hint: Hint, scenario: Scenario) -> Bilingual:
    """Title of the project or sector that it is about."""
    if hint.about in scenario.projects:
        return scenario.projects[hint.about].title
    return (
        scenario.sectors[hint.about].title
        if hint.about in scenario.sectors
        else Bilingual.same(hint.about or "-")
    )


def grouped(hints: Iterable[Hint]) -> dict[str, list[Hint]]:
    """Numbers without effect by what they are: the same key of all projects, sectors, materials or processes
    together.

    >>> list(grouped([Hint("idle", "projects.a.funds.own"), Hint("idle", "projects.b.funds.own")]))
    ['projects.*.funds.own']
    """
    found: dict[str, list[Hint]] = {}
    for hint in hints:
        if hint.kind == "idle":
            pattern = _ONE.sub(lambda m: (m[1] or m[2]) + ".*.", hint.path)
            found.setdefault(pattern, []).append(hint)
    return found


def hints_table(answer: Answer) -> Table | None:
    """One row a thing to know; numbers without effect by key."""
    scenario, origins, idle = answer.scenario, Origins(answer.loaded.origins), grouped(answer.hints)
    rows = [one for one in answer.hints if one.kind != "idle"] + [Hint("idle", key) for key in idle]
    if not rows:
        return None

    def told(one: Hint) -> Bilingual:
        if one.kind != "idle":
            return says(one, scenario)
        some = idle[one.path]
        return both(lambda lang: _idle(_named(one.path, some, scenario).of(lang), len(some), lang))

    def origin(one: Hint) -> str:
        return origins.of(one.path if one.kind != "idle" else idle[one.path][0].path)

    columns = (
        Column("kind", msg("Kind"), shown=False),
        Column("path", msg("Path", context="table_hints"), shown=False),
        Column(
            "about",
            msg("About"),
            shown=False,
            value=lambda one: "" if one.kind == "idle" else f"{one.about}/{one.process}",
        ),
        Column("says", msg("In words"), value=told),
        Column(
            "origin",
            msg("Written in", context="table_hints"),
            word=False,
            value=lambda one: written_in(origin(one)),
        ),
    )
    note = msg(
        "Numbers without effect were found by moving each by half its range: no output, investment, quantity"
        " or target of any year moved. They may still act on limits and on the long view."
    )
    return declare("hints", TITLE, columns, rows, ("kind", "path", "about"), note)


def _named(pattern: str, some: Sequence[Hint], scenario: Scenario) -> Bilingual:
    """A number without effect, or such a number of all entries of a kind, by its name."""
    if len(some) == 1:
        return name_of(scenario, some[0].path)
    return name_of_all(scenario, pattern, some[0].path)


def _idle(name: str, count: int, lang: str) -> str:
    if count == 1:
        return tr(lang, "{name} has no effect in the central case", name=name)
    return tr(lang, "{name}: {some} numbers have no effect in the central case", name=name, some=count)


def hints_sentence(answer: Answer, lang: str) -> str:
    """The first few things that are left unsaid or inferred, and how many numbers have no effect."""
    told = [says(one, answer.scenario).of(lang) for one in answer.hints if one.kind in TOLD]
    inferred = [one for one in answer.hints if one.kind == "unlisted" and not one.process]
    if inferred:
        whole = amount(sum(one.amount or 0.0 for one in inferred), MONEY, lang)
        names = listed(
            [
                answer.scenario.sectors[one.about].title.of(lang)
                for one in sorted(inferred, key=lambda one: -(one.amount or 0.0))
            ],
            lang,
            _NAMED,
        )
        year = in_first(answer.scenario.years, lang, tr(lang, "this year"))
        told.append(
            tr(
                lang,
                "the list of projects is not whole: works on no list are taken to bring {whole} of output on"
                " line {year} ({names})",
                whole=whole,
                year=year,
                names=names,
            )
        )
    idle = grouped(answer.hints)
    if idle:
        idle_names = (_named(pattern, some, answer.scenario).of(lang) for pattern, some in idle.items())
        told.append(
            tr(
                lang,
                "{count} stated numbers have no effect in the central case ({some})",
                count=sum(map(len, idle.values())),
                some=listed(dict.fromkeys(idle_names), lang, _NAMED),
            )
        )
    if not told:
        return ""
    return tr(lang, "; ").join(told) + tr(lang, ".")


def hint_lines(found: Iterable[Hint], scenario: Scenario, origins: Mapping[str, str], lang: str) -> list[str]:
    """A line for each thing to know, with the place where it is written, for validation."""
    head, colon, hints, known = tr(lang, "NOTE"), tr(lang, ": "), list(found), Origins(origins)
    lines = [
        f"{head}  {known.of(one.path)}  {one.path}{colon}{says(one, scenario).of(lang)}"
        + _TO_ADD.get(one.kind, "")
        for one in hints
        if one.kind != "idle"
    ]
    idle = grouped(hints)
    if idle:
        keys = [some[0].path if len(some) == 1 else f"{key} ({len(some)})" for key, some in idle.items()]
        lines.append(
            tr(
                lang,
                "{head}  {count} stated numbers have no effect in the central case: {some}",
                head=head,
                count=sum(map(len, idle.values())),
                some=listed(keys, lang, _SHOWN),
            )
        )
    return lines
