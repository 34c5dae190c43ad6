"""Page one of two runs: both answers, the key facts side by side, the decisions of both (两方案首页)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ...models.quantity import Bilingual
from ...models.target import Rung
from ...models.words import LANGUAGES, in_each, msg, tr
from ..front import ADVICE, ANSWER, NEEDS, NOTE
from ..tables.chances import percent
from ..tables.lines import Line
from ..tables.table import Column, Table, declare, sentences, where
from ..text.format import number, plain, unit_text
from ..text.wording import TIERS, spaced
from .headlines import headlines, main_targets
from .sampling import Sampled, chances_of, difference_error, medians_of, within
from .values import difference

Run = Mapping[str, Table]
PREFIX = "versus_"
_SAID = 2
"""Main targets that an answer names."""
_FIRM = ("ensure", "at_most")
"""Tiers that count as minimum targets."""
_END = re.compile(r".*[年市省县区州盟旗，,：:·\s]", re.DOTALL)
"""A beginning of a title, up to where it may be cut."""


def short_names(titles: Sequence[Bilingual]) -> list[Bilingual]:
    """What tells the runs apart in their titles; titles that are the same are numbered.

    >>> titles = [Bilingual.same("Town 2024, base"), Bilingual.same("Town 2024, more")]
    >>> [name.en for name in short_names(titles)]
    ['base', 'more']
    """

    def say(at: int, lang: str) -> str:
        told = [title.of(lang) for title in titles]
        if len(set(told)) < len(told):
            return tr(lang, "{title} ({at})", title=told[at], at=at + 1)
        pairs = enumerate(zip(*told, strict=False))
        alike = next((place for place, letters in pairs if len(set(letters)) > 1), min(map(len, told)))
        shared = _END.match(told[0][:alike]) if alike < min(map(len, told)) else None
        rest = [each[shared.end() :].strip() for each in told] if shared else told
        return rest[at] if all(rest) else told[at]

    return [in_each(partial(say, at)) for at in range(len(titles))]


@dataclass(frozen=True)
class _Fact:
    """A key fact of both runs."""

    item: str
    title: Bilingual
    unit: Bilingual | None
    values: Sequence[Any]
    digits: int
    error: float | None = None


def facts_table(runs: Sequence[Run], names: Sequence[Bilingual], alike: bool) -> Table:
    """Key facts of both runs and their difference; ``alike``: the runs differ in their draws alone.

    The difference is that of the numbers as printed.
    """

    def value(at: int, fact: _Fact) -> float | None:
        cell = plain(fact.values[at])
        return None if cell is None else round(float(cell), fact.digits)  # type: ignore[arg-type]

    def less(fact: _Fact) -> float | None:
        found = difference(value(1, fact), value(0, fact))
        return None if found is None else round(found, fact.digits)

    def told(fact: _Fact) -> Bilingual | None:
        exact = difference(fact.values[1], fact.values[0])
        return msg("no difference beyond chance") if within(exact, fact.error, alike) else None

    columns = (
        Column("item", msg("Item id"), shown=False),
        Column("title", msg("Key fact")),
        Column("unit", msg("Unit")),
        *(
            Column(f"value_{at + 1}", names[at], digits_from="digits", value=partial(value, at))
            for at in (0, 1)
        ),
        Column(
            "difference", msg("Difference", context="page one"), digits_from="digits", signed=True, value=less
        ),
        Column("error", msg("s.e. of the difference"), digits_from="fine", optional=True, word=False),
        Column("told", msg("Reading"), optional=True, value=told),
        Column("digits", msg("Digits"), digits=0, shown=False),
        Column("fine", msg("Fine digits"), digits=0, shown=False, value=lambda fact: fact.digits + 1),
    )
    note = msg("Eight in ten futures lie within the 80 % range; chances are those of the plan as written.")
    title = msg("Both cases side by side")
    brief = where(lambda fact: not fact.item.startswith(("low_", "high_")))
    return declare("versus_front", title, columns, _facts(runs), ("item",), note, brief)


def _facts(runs: Sequence[Run]) -> Iterator[_Fact]:
    shared = headlines(runs)
    known = {row["item"]: row for row in shared.records()} if shared else {}

    def taken(item: str) -> Iterator[_Fact]:
        if row := known.get(item):
            yield _Fact(item, row["title"], row["unit"], [row["value_1"], row["value_2"]], int(row["digits"]))

    yield from taken("planned")
    for key in dict.fromkeys(key for run in runs for key in main_targets(run)):
        yield from _target(runs, key)
    counts = [_reached(run) for run in runs]
    if any(count is not None for count in counts):
        title = msg("Minimum targets reached by the plan as written")
        yield _Fact("reached", title, None, counts, 0)
    yield from taken("gdp_last")


def _target(runs: Sequence[Run], key: str) -> Iterator[_Fact]:
    """The median of a main target with its range, and the chance of each of its tiers."""
    rows = [
        [row for row in run["probabilities"].records() if row["target"] == key]
        if "probabilities" in run
        else []
        for run in runs
    ]
    first = next((own[0] for own in rows if own), None)
    if first is None:
        return

    def cells(name: str) -> list[Any]:
        return [own[0].get(name) if own else None for own in rows]

    title, unit, digits = first["title"], first["unit"], int(first["fine"] or 2)
    medians = [medians_of(run).get(key) for run in runs]
    yield _Fact(
        f"median_{key}", msg("{title}: median", title=title), unit, cells("q50"), digits, _error(medians)
    )
    yield _Fact(f"low_{key}", msg("{title}: 80 % range from", title=title), unit, cells("q10"), digits)
    yield _Fact(f"high_{key}", msg("{title}: 80 % range to", title=title), unit, cells("q90"), digits)
    chances = [chances_of(run) for run in runs]
    for tier in dict.fromkeys(row["tier_id"] for own in rows for row in own):
        both = [found.get((key, tier)) for found in chances]
        told = msg("{title}: chance of {tier}", title=title, tier=_asked(rows, tier))
        values = [one and one.value for one in both]
        yield _Fact(f"chance_{key}_{tier}", told, unit_text("%"), values, 0, _error(both))


def _asked(rows: Sequence[Sequence[Mapping[str, Any]]], tier: str) -> Bilingual:
    """A tier, with its value where both runs ask the same."""
    stated = [row for own in rows for row in own if row["tier_id"] == tier]
    if len({row["threshold"] for row in stated}) > 1:
        return TIERS[tier]
    row = stated[0]
    return in_each(
        lambda lang: tr(
            lang,
            "{tier} {value}",
            tier=TIERS[tier],
            value=number(row["threshold"], int(row["digits"] or 0))
            + spaced(row["unit"].of(lang) if row["unit"] else ""),
        )
    )


def _error(found: Sequence[Sampled | None]) -> float | None:
    return difference_error(found[0], found[1])


def _reached(run: Run) -> int | None:
    """How many minimum targets that can be computed the plan reaches."""
    rows = run["targets"].records() if "targets" in run else []
    plan = Rung.PLAN.value.en
    told = [row.get(f"rung_{tier}") for row in rows for tier in _FIRM]
    return sum(each.en == plan for each in told if each) if any(told) else None


def decisions_table(runs: Sequence[Run], names: Sequence[Bilingual]) -> Table | None:
    """The decisions of both runs in one table, each with the name of its run; None where neither has any."""
    found = [run.get("decisions") for run in runs]
    own = [table for table in found if table is not None]
    if not own:
        return None
    heads = {column.name: column for table in own for column in table.columns}
    units = {(column.name, column.unit) for table in own for column in table.columns}
    rows = [
        {"case": names[at], **row}
        for at, table in enumerate(found)
        for row in (table.records() if table is not None else ())
    ]
    columns = (
        Column("case", msg("Case"), value=lambda row: row["case"]),
        *(
            replace(column, value=_cell(column.name), optional=True)
            for column in heads.values()
            if (column.name, column.unit) in units
        ),
    )
    title = msg("What can be decided in either case")
    return declare("versus_decisions", title, columns, rows, (), own[0].note)


def _cell(name: str) -> Callable[[Mapping[str, Any]], Any]:
    return lambda row: row.get(name)


def front_lines(runs: Sequence[Run], titles: Sequence[Bilingual], names: Sequence[Bilingual]) -> list[Line]:
    """Title, answers, what would have to be true, notes and advice of both runs, each named by its run where
    they differ."""
    told = [{lang: sentences(run, lang) for lang in LANGUAGES} for run in runs]
    if any(ANSWER not in each[LANGUAGES[0]] for each in told):
        return []
    spoken = [_Told(*each) for each in zip(names, titles, told, strict=True)]
    first = titles[0] if titles[0] != titles[1] else names[0]
    title = msg("{first} and {second}: can the main targets be reached?", first=first, second=names[1])
    lines = [Line(f"{PREFIX}title", msg("Title"), title)]
    lines += [
        Line(f"{PREFIX}answer_{at}", each.label(ANSWER), each.begun(answer_of(run) or each.text(ANSWER)))
        for at, (each, run) in enumerate(zip(spoken, runs, strict=True), start=1)
    ]
    with_needs = next((each for each in spoken if NEEDS in each.keys), None)
    if with_needs is not None:
        same = all(NEEDS in each.keys and each.text(NEEDS) == with_needs.text(NEEDS) for each in spoken)
        text = with_needs.text(NEEDS) if same else with_needs.named(NEEDS)
        lines.append(Line(f"{PREFIX}needs", with_needs.label(NEEDS), text))
    for start in (NOTE, ADVICE):
        lines += _lines(spoken, start)
    return lines


def answer_of(run: Run) -> Bilingual | None:
    """The median of each main target and the chance of its first tier: the table beside it has the rest."""
    rows = [row for row in run["verdict"].records() if row["probability"] is not None and row["expected"]]
    firsts = {row["target"]: row for row in reversed(rows)}
    chosen = [firsts[key] for key in dict.fromkeys(row["target"] for row in rows)][:_SAID]
    if not chosen:
        return None

    def one(row: Mapping[str, Any], lang: str) -> str:
        unit = spaced(row["unit"].of(lang) if row["unit"] else "")
        return tr(
            lang,
            "{title} has a median of {median}, and {asked} a chance of {chance}",
            title=row["title"],
            median=number(row["expected"], int(row["fine"])) + unit,
            asked=number(row["threshold"], int(row["digits"])) + unit,
            chance=percent(row["probability"]),
        )

    return in_each(lambda lang: tr(lang, "; ").join(one(row, lang) for row in chosen) + tr(lang, "."))


def _lines(spoken: Sequence[_Told], start: str) -> Iterator[Line]:
    """Sentences of the first run whose ids begin with ``start``, named where the second says otherwise; what
    the second advises first stands beside."""
    base, other = spoken
    for key in (key for key in base.keys if key.startswith(f"{start}_")):
        alike = key in other.keys and base.text(key) == other.text(key)
        yield Line(
            f"{PREFIX}{key}",
            base.label(key) if alike else base.named_label(key),
            base.text(key),
        )
        if not alike and key == f"{ADVICE}_1" and key in other.keys:
            yield Line(f"{PREFIX}{key}_other", other.named_label(key), other.text(key))


def _begun(name: str, title: str) -> str:
    return name if title.startswith(name) else name[:1].upper() + name[1:]


@dataclass(frozen=True)
class _Told:
    """What a run says, by its name."""

    name: Bilingual
    title: Bilingual
    said: Mapping[str, Mapping[str, tuple[str, str]]]

    @property
    def keys(self) -> Collection[str]:
        """Ids of its sentences."""
        return self.said[LANGUAGES[0]].keys()

    def label(self, key: str) -> Bilingual:
        """The label of a sentence."""
        return in_each(lambda lang: self.said[lang][key][0])

    def text(self, key: str) -> Bilingual:
        """A sentence."""
        return in_each(lambda lang: self.said[lang][key][1])

    def named(self, key: str) -> Bilingual:
        """A sentence behind the name of the run."""
        return self.begun(self.text(key))

    def begun(self, text: Bilingual) -> Bilingual:
        """A text behind the name of the run; a name cut out of a title begins with a capital."""
        whole = in_each(lambda lang: _begun(self.name.of(lang), self.title.of(lang)))
        return msg("{name}: {text}", name=whole, text=text)

    def named_label(self, key: str) -> Bilingual:
        """A label with the name of the run."""
        return msg("{label} ({name})", name=self.name, label=self.label(key))
