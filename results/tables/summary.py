"""The answer in a few sentences: what the terminal, the page and the document open with (摘要)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...engine.diagnose.hints import unsaid
from ...engine.plans import counted
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.target import TOLD, Rung
from ...models.words import msg, tr
from ..text.advice import advice_lines
from ..text.format import number, plain, unit_of, written
from ..text.headline import headline_lines
from ..text.plain import plain_sentence
from ..text.wording import (
    TIERS,
    amount,
    both,
    confidence,
    in_first,
    in_points,
    listed,
    mains,
    money_away,
    relaxed,
    signed,
    spaced,
)
from .chances import chance_sentence
from .decisions import break_even_sentence
from .gap import gap_sentence
from .hints import hints_sentence
from .inherited import BORROWED, borrowed_sentence, inherited_sentence, of_answer
from .key_assumptions import headline
from .level import level_sentence, record_sentence
from .limits import unstated_sentence
from .lines import Line, summary_of
from .mixes import mix_sentence, turn_sentence
from .mixes_uncertain import rivals_sentence
from .numbers import counts
from .plausibility import plausibility_sentence
from .sooner import sooner_sentence
from .table import Table
from .two_accounts import accounts_sentence, apart_sentence
from .uncertainty_drivers import uncertainty_drivers_sentence
from .verdict import LINKED, SHEET_ID, breaks, broken_sentence

if TYPE_CHECKING:
    from ...engine.decide.assess import Outcome
    from ...engine.run import Answer

_BINDING, _DELAYS = 6, 3
_FIRST = ("borrowed", "unstated", "broken")
"""Sentences without which nothing else may be read."""
_LEAST = 0.05
"""Money below which nothing is added, 亿元."""
LABELS: dict[str, Bilingual] = {
    "borrowed": BORROWED,
    "unstated": msg("Limits not stated"),
    "plain": msg("In short"),
    "verdict": msg("Verdict", context="table_summary"),
    "chances": msg("Chances"),
    "level": msg("Level", context="table_summary"),
    "record": msg("Track record"),
    "uncertainty_drivers": msg("Main sources of uncertainty"),
    "broken": msg("Note"),
    "odd": msg("Check first"),
    "cheapest": msg("Least-cost option"),
    "needs": msg("What it would take"),
    "linked": msg("Linked*"),
    "mixes": msg("Mixes", context="table_summary"),
    "rivals": msg("Mixes under uncertainty", context="table_summary"),
    "turns": msg("What drives growth"),
    "binding": msg("Binding"),
    "limits": msg("Limits"),
    "gap": msg("Gap"),
    "projects": msg("Projects"),
    "sooner": msg("Projects sooner or later"),
    "apart": msg("Two accounts apart"),
    "accounts": msg("Annual model and long view"),
    "assumptions": msg("Assumptions", context="summary"),
    "checks": msg("Checks"),
    "hints": msg("Notes", context="table_summary"),
    "inherited": msg("Inherited"),
    "sources": msg("Sources", context="table_summary"),
}


def summary(answer: Answer, tables: Mapping[str, Table]) -> Table:
    """One row per sentence that there is something to say in; read from the answer and its other tables."""
    rows = of_answer(answer)
    told: dict[str, Callable[[str], str]] = {
        "borrowed": lambda lang: borrowed_sentence(answer.loaded, rows, lang),
        "unstated": lambda lang: unstated_sentence(answer, lang),
        "broken": lambda lang: broken_sentence(answer, lang),
        "plain": lambda lang: plain_sentence(answer, lang),
        "verdict": lambda lang: _counts(answer, tables["verdict"], lang),
        "chances": lambda lang: chance_sentence(answer, tables, lang),
        "level": lambda lang: level_sentence(answer, lang),
        "record": lambda lang: record_sentence(answer, lang),
        "uncertainty_drivers": lambda lang: uncertainty_drivers_sentence(tables, answer, lang),
        "odd": lambda lang: plausibility_sentence(answer, lang),
        "cheapest": lambda lang: _cheapest(answer, lang),
        "needs": lambda lang: break_even_sentence(answer, lang),
        "linked": lambda lang: LINKED.of(lang) if _has_linked(answer) else "",
        "mixes": lambda lang: mix_sentence(answer, lang) if len(answer.mixes) > 1 else "",
        "rivals": lambda lang: rivals_sentence(answer, answer.mixes_on_draws, lang),
        "turns": lambda lang: turn_sentence(answer, lang),
        "binding": lambda lang: _binding(answer, tables, lang),
        "limits": lambda lang: _limits(tables, lang),
        "gap": lambda lang: gap_sentence(answer, lang),
        "projects": lambda lang: _projects(answer, tables, lang),
        "sooner": lambda lang: sooner_sentence(answer, lang),
        "apart": lambda lang: apart_sentence(answer.long, lang),
        "accounts": lambda lang: accounts_sentence(answer.long, lang),
        "assumptions": lambda lang: headline(answer, lang),
        "checks": lambda lang: _checks(tables, lang),
        "hints": lambda lang: hints_sentence(answer, lang),
        "sources": lambda lang: _sources(answer, lang),
        "inherited": lambda lang: inherited_sentence(answer, lang),
    }
    lines = [Line(line, LABELS[line], both(say)) for line, say in told.items() if say("en")]
    first = [line for line in lines if line.line in _FIRST]
    rest = [line for line in lines if line not in first]
    return summary_of([*first, *headline_lines(answer, tables), *advice_lines(answer, tables), *rest])


def _has_linked(answer: Answer) -> bool:
    return any(target.basis == "linked" for target in answer.sheet.targets.values())


def _counts(answer: Answer, verdict: Table, lang: str) -> str:
    """How many tiers of the main targets stand on each rung."""
    rungs = [row["rung"] for row in verdict.records() if row["target"] != SHEET_ID]
    always = (Rung.PLAN, Rung.MIX, Rung.RELAXED, *((Rung.OUT,) if answer.scenario.limits else ()))
    told = [
        (text, rungs.count(text))
        for rung, text in TOLD
        if text in rungs or (rung in always and text == rung.value)
    ]
    said = tr(lang, ", ").join(tr(lang, "{count} {verdict}", count=many, verdict=text) for text, many in told)
    main, one = any(target.main for target in mains(answer)), len(rungs) == 1
    stated = answer.scenario.uncertainty.confidence
    asked = (
        ""
        if stated is None or stated.value == 50
        else tr(lang, " (at a confidence of {confidence})", confidence=confidence(answer))
    )
    values: dict[str, Any] = {"count": len(rungs), "asked": asked, "said": said}
    if main and one:
        return tr(lang, "{count} tier of main targets{asked}: {said}", **values)
    if main:
        return tr(lang, "{count} tiers of main targets{asked}: {said}", **values)
    if one:
        return tr(lang, "{count} tier of targets{asked}: {said}", **values)
    return tr(lang, "{count} tiers of targets{asked}: {said}", **values)


def _cheapest(answer: Answer, lang: str) -> str:
    """The least costly relaxation that lifts a tier, of a main target if there is one."""
    fixed = [outcome for outcome in answer.assessment.outcomes if outcome.fix]
    names = {target.id for target in mains(answer)}
    chosen = [outcome for outcome in fixed if outcome.target.id in names] or fixed
    if not chosen:
        return ""

    def price(outcome: Outcome) -> float:
        return outcome.fix.cost if outcome.fix else 0.0

    best = min(chosen, key=price)
    if best.fix is None:
        return ""
    how = relaxed(answer, best.fix, lang, error=False)
    title, tier = best.target.title.of(lang), TIERS[best.tier].of(lang)
    value = number(best.threshold, best.target.digits) + spaced(unit_of(best.target.unit, lang))
    whole = counted(answer.scenario, best.fix.run.plan, answer.year)
    more_money = money_away(answer, best.fix.run)
    money = amount(more_money if more_money > _LEAST else whole, MONEY, lang, error=best.fix.error)
    if more_money > _LEAST:
        than = tr(lang, " than in the plan as written") if breaks(answer) else ""
        told = tr(
            lang,
            "{money} of investment more{than} brings {title} to its {tier} tier, {value}",
            money=money,
            than=than,
            title=title,
            tier=tier,
            value=value,
        )
    else:  # the plan itself spends more than its limit
        told = tr(
            lang,
            "{money} of investment in all, with a limit relaxed, brings {title} to its {tier} tier, {value}",
            money=money,
            title=title,
            tier=tier,
            value=value,
        )
    if best.target.id in names:  # the way stands beside its tier above
        how = ""
    more = len(fixed) - 1
    tail = ""
    if more == 1:
        tail = tr(lang, '; 1 more tier is reachable at a price: see the table "Least-cost options"')
    elif more:
        tail = tr(
            lang,
            '; {count} more tiers are reachable at a price: see the table "Least-cost options"',
            count=more,
        )
    same = next(
        (
            one
            for one in answer.decisions
            if one.kind == "more" and one.enough and one.reaches == (best.target.id, best.tier)
        ),
        None,
    )
    if same is not None:
        alone = amount(money_away(answer, same.run), MONEY, lang, plus=True)
        told += tr(lang, " (with the mix as planned {alone})", alone=alone)
    return told + (tr(lang, ": {how}", how=how) if how else "") + tail


def _binding(answer: Answer, tables: Mapping[str, Table], lang: str) -> str:
    """The rows of the solver that are worth most to the first main target."""
    table = tables.get("binding")
    target = mains(answer)[0] if mains(answer) else None
    if table is None or target is None or not table.rows:
        return ""
    name = f"effect_{target.id}"
    rows = [row for row in table.records() if row[name] is not None and abs(row[name]) >= 0.0005]
    rows.sort(key=lambda row: -abs(row[name]))
    decided = [row for row in rows if row["kind_id"] in ("money", "limit")][
        : _BINDING // 2
    ]  # what a planner sets
    rows = (
        decided + [row for row in rows if row["kind_id"] not in ("money", "limit")][: _BINDING - len(decided)]
    )
    unit = spaced(unit_of(in_points(target.unit), lang))
    parts = []
    for row in rows:
        kind = "" if row in decided else row["kind"].of(lang)
        what = f"{row['title'].of(lang)}{tr(lang, ' ') if kind else ''}{kind}"
        parts.append(f"{what} +{row['one'].of(lang)} = {signed(row[name], 3)}{unit}")
    head = tr(lang, "at the best {title}, a little more of ", title=target.title)
    return head + " · ".join(parts) if parts else ""


def _limits(tables: Mapping[str, Table], lang: str) -> str:
    """Limits that the plan has used up or breaks."""
    rows = tables["limits"].records() if "limits" in tables else []
    full = [row["title"].of(lang) for row in rows if row["binding"] and not row["over"]]
    over = [
        f"{row['title'].of(lang)} {signed(row['over'], 1)} {row['unit'].of(lang)}"
        for row in rows
        if row["over"]
    ]
    told = []
    if full:
        told.append(tr(lang, "used up by the plan: ") + listed(full, lang))
    if over:
        told.append(tr(lang, "broken: ") + listed(over, lang))
    return tr(lang, "; ").join(told)


def _projects(answer: Answer, tables: Mapping[str, Table], lang: str) -> str:
    """Key projects against their plan, and the delays that matter: those expected and those out of queues."""
    told, when = [], in_first(answer.scenario.years, lang, "")
    for row in tables["pool"].records() if "pool" in tables else []:
        if row["planned"] is not None:
            numbers = [written(row[name], int(row["digits"]), lang) for name in ("simulated", "planned")]
            unit = row["unit"].of(lang)
            told.append(
                f"{row['what'].of(lang)}"
                f" {numbers[0]}/{numbers[1]}{spaced(unit) if row['what_id'] == 'investment' else ''}"
            )
    parts = (
        [
            tr(lang, "key projects{when}, central case/planned: ", when=when and f" {when}")
            + listed(told, lang)
        ]
        if told
        else []
    )
    rows: Sequence[Mapping[str, Any]] = tables["projects"].records() if "projects" in tables else []
    late = sorted(
        (row for row in rows if (row["delay"] or 0) >= 1), key=lambda row: -row["invest"] * row["delay"]
    )
    slips = sum(1 for row in late if row["slip"])
    usual = [answer.scenario.projects[row["project"]].slip for row in late if row["slip"]]
    silent = [slip for slip in usual if unsaid(slip)]
    default = ""
    if silent:
        months = amount(silent[0].value, "months", lang, 0)
        default = tr(
            lang,
            " ({unsaid} of them by the default of {months}, no delay stated)",
            unsaid=len(silent),
            months=months,
        )
    queues = sum(1 for row in rows if (row["waited"] or 0) >= 1 / 30)
    if late or queues:
        some = [
            f"{row['title'].of(lang)} {amount(row['delay'], 'months', lang, 0, plus=True)}"
            f" ({row['commissioned'].of(lang)})"
            for row in late[:_DELAYS]
        ]
        parts.append(
            tr(
                lang,
                "of {rows} named projects {slips} come late by the delay that the scenario"
                " expects{default}, {queues} wait in queues of the simulation",
                rows=len(rows),
                slips=slips,
                default=default,
                queues=queues,
            )
        )
        if some:
            parts.append(tr(lang, "the largest of the late: ") + listed(some, lang))
    return tr(lang, "; ").join(parts)


def _checks(tables: Mapping[str, Table], lang: str) -> str:
    """How many checks hold; those that do not, by name."""
    rows = [row for row in tables["checks"].records() if row["ok"] is not None]
    failed = [row["title"].of(lang) for row in rows if not plain(row["ok"])]
    good = len(rows) - len(failed)
    told = tr(lang, "{good} of {rows} hold", good=good, rows=len(rows))
    return told + (tr(lang, "; not: ") + listed(failed, lang) if failed else "")


def _sources(answer: Answer, lang: str) -> str:
    sourced, assumed = counts(answer)
    return tr(
        lang,
        '{all} numbers: {sourced} sourced, {assumed} assumptions (each in the table "Numbers and'
        ' assumptions")',
        all=sourced + assumed,
        sourced=sourced,
        assumed=assumed,
    )
