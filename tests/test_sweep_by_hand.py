"""A sweep by hand: its ledger task by task, how far it is, what its records say, and helpers of work that
goes on beside."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from dabiao.engine import progress
from dabiao.engine.province.run import target_of
from dabiao.engine.remember import remembered
from dabiao.engine.sweep import run as running
from dabiao.engine.sweep import tasks as work
from dabiao.engine.sweep.ledger import Finished, Ledger
from dabiao.engine.sweep.run import Progress
from dabiao.engine.sweep.tasks import Planned, Task
from dabiao.engine.sweep.ways import Loop
from dabiao.models.errors import DabiaoError
from sweeps import dummies


def five(ledger: Ledger) -> list[str]:
    """A plan of five tasks, laid; their names."""
    assert ledger.lay(lambda: dummies(5)) == 5
    return [each.task.id for each in dummies(5)]


def counts(ledger: Ledger) -> tuple[int, ...]:
    found = ledger.counts()
    assert list(found)[:4] == ["open", "claimed", "done", "failed"]
    return tuple(found.values())


def test_tasks_are_claimed_once_and_written_down(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ids = five(ledger)
        first = ledger.claim(2)
        assert [each.id for each in first] == ids[:2] and counts(ledger) == (3, 2, 0, 0)
        assert first[0].call == "sweeps:work" and json.loads(first[1].spec) == {"n": 1}
        assert [each.id for each in ledger.claim(9)] == ids[2:] and ledger.claim(1) == []
        ends = [
            Finished(ids[0], b"one"),
            Finished(ids[1], failed={"en": "no", "zh": "不"}),
            Finished("other", b""),
        ]
        assert ledger.finish(ends) == 2 and counts(ledger) == (0, 3, 1, 1)
        assert ledger.finish(ends[:1]) == 0  # it is done
        rows = list(ledger.entries())
        assert [each.position for each in rows] == [0, 1, 2, 3, 4] and [each.id for each in rows] == ids
        assert (rows[0].state, rows[0].result, rows[0].message) == ("done", b"one", {})
        assert rows[1].state == "failed" and rows[1].message == {"en": "no", "zh": "不"}
        assert (rows[2].state, rows[2].result) == ("claimed", b"")
        assert (rows[3].group, rows[3].scenario, rows[3].setting, rows[3].outlook) == (1, "s1", "as-is", "")
        assert (rows[3].seed, rows[3].draws) == (1, 16)
        assert [each.position for each in ledger.entries(1, 3)] == [1, 2]
        assert [each.position for each in ledger.entries(3)] == [3, 4]
        assert ledger.settled(0, 2) and not ledger.settled(0, 3) and not ledger.settled(4, 5)
        ledger.give_back()
        assert counts(ledger) == (3, 0, 1, 1) and not ledger.settled(2, 3)
        assert [each.id for each in ledger.claim(1)] == ids[2:3]  # from the beginning, where nothing is left
        name = ledger.run
        assert len(name) == 12
    with Ledger(tmp_path) as again:
        assert counts(again) == (3, 0, 1, 1)
        assert five(again) == ids and again.run == name
        assert counts(again) == (4, 0, 1, 0)  # what had failed is tried anew
        assert [each.id for each in again.claim(2)] == [ids[1], ids[2]]
    with Ledger(tmp_path) as shorter:
        assert shorter.lay(lambda: (each for each in list(dummies(5))[3:])) == 2
        assert shorter.run != name and counts(shorter) == (2, 0, 0, 0)
        assert [each.id for each in shorter.claim(9)] == ids[3:]


def test_two_lines_may_be_one_task(tmp_path: Path) -> None:
    task = Task("same", "sweeps:work", "{}")
    rows = [Planned(task, group, f"s{group}", "set", "out", None, None) for group in (1, 0)]
    with Ledger(tmp_path) as ledger:
        assert ledger.lay(lambda: iter(rows)) == 2
        assert ledger.claim(5) == [task] and counts(ledger) == (0, 1, 0, 0)
        ledger.finish([Finished("same", b"x")])
        assert [each.result for each in ledger.entries()] == [b"x"] * 2
        assert [each.position for each in ledger.entries(by_group=True)] == [1, 0]
        assert next(ledger.entries()).seed is None


def test_who_is_dead_gives_back_and_who_lives_keeps(tmp_path: Path) -> None:
    with Ledger(tmp_path) as mine:
        ids = five(mine)
        other = Ledger(tmp_path)
        other.lay(lambda: dummies(5))
        assert [each.id for each in other.claim(2)] == ids[:2] and mine.reopen() == 0
        assert [each.id for each in mine.claim(1)] == ids[2:3]
        with pytest.raises(DabiaoError, match="another sweep"):
            mine.lay(lambda: dummies(4))
        other.sign.drop()
        assert mine.reopen() == 2 and counts(mine) == (4, 1, 0, 0)  # its own stays claimed
        assert [each.id for each in mine.claim(9)] == [*ids[3:]] and [
            each.id for each in mine.claim(9)
        ] == ids[:2]
        other._base.close()


# ---- how far it is


def test_what_is_left_at_this_pace() -> None:
    assert Progress(100, 20, 10, 5, 3.0, 7.0).left == pytest.approx(10)
    assert Progress(100, 20, 10, 5, 3.0, 0.0).left is None


def test_a_pace_counts_what_is_done_by_all(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(running.time, "perf_counter", lambda: now[0])
    states = {"open": 6, "claimed": 1, "done": 2, "failed": 1}
    pace = running._Pace(SimpleNamespace(counts=lambda: dict(states)), 11)  # type: ignore[arg-type]
    assert (pace.total, pace.first) == (10, 3)
    now[0] = 104.0
    assert pace.add(3, 1) == Progress(10, 5, 2, 3, 4.0, 1.0) and pace.ended == 4
    now[0] = 105.0
    states |= {"open": 0, "done": 9}  # others did as much; it is not looked at yet
    assert pace.add(1, 0) == Progress(10, 6, 2, 4, 5.0, 1.0)
    now[0] = 108.0
    assert pace.add(0, 1) == Progress(11, 9, 1, 4, 8.0, 7 / 8) and pace.looked == 108.0
    assert pace.ended == 6 and pace.told(100.0).pace == 0.0


def test_a_sweep_goes_on_until_nothing_is_open(tmp_path: Path) -> None:
    told: list[Progress] = []
    with Ledger(tmp_path) as ledger, Loop() as loop:
        total = ledger.lay(lambda: dummies(7, odd={3: {"fails": True}}))
        end = running.run(ledger, loop, total, told.append)
        assert (end.total, end.done, end.failed, end.own, end.left) == (7, 6, 1, 6, 0)
        assert counts(ledger) == (0, 0, 6, 1)
    dones = [each.done for each in told]
    assert dones == sorted(dones) and told[-1].done + told[-1].failed == 7


# ---- tasks


def test_what_a_task_is_told_and_named_by(tmp_path: Path) -> None:
    scenario = SimpleNamespace(path=str(tmp_path / "a.yaml"), label="a")
    row = SimpleNamespace(
        scenario=scenario,
        group=4,
        setting=SimpleNamespace(name="half", sets=("x=1",)),
        outlook=SimpleNamespace(name="low", sets=("o=2", "p=3")),
        seed=7,
        draws=64,
    )
    sweep: Any = SimpleNamespace(scenarios=[scenario], rows=lambda: [row])
    facts = {scenario.path: work.Facts("whole", "files")}

    def one(solver: str = "highs", program: str = "prog", version: str = "1") -> Planned:
        (found,) = work.planned(sweep, facts, solver, program, version)
        return found

    found = one()
    assert (found.group, found.scenario, found.setting, found.outlook) == (4, "a", "half", "low")
    assert (found.seed, found.draws, found.task.call) == (7, 64, work.ANSWER)
    spec = json.loads(found.task.spec)
    assert spec["sets"] == ["o=2", "p=3", "x=1", "uncertainty.seed=7"] and spec["draws"] == 64
    assert (spec["path"], spec["solver"], spec["files"]) == (scenario.path, "highs", "files")
    assert found.task.id == work.hashed("whole", spec["sets"], 64, "highs", "prog", "1")
    assert len({one().task.id, one("glpk").task.id, one(program="q").task.id, one(version="2").task.id}) == 4
    row.seed = None
    assert json.loads(one().task.spec)["sets"] == ["o=2", "p=3", "x=1"]
    assert work._root("example:a/b.yaml") == "" and work._root(scenario.path) == str(tmp_path)
    reading = work.reading(scenario.path)
    assert reading.call == work.READ and json.loads(reading.spec)["path"] == scenario.path == reading.id


def test_records_of_a_run() -> None:
    """A row of every tier, with quantiles where it was drawn; then the sheets."""
    target = target_of("growth", "gdp_growth", {"ensure": 5}, 1)
    other = replace(target, id="stated", main=False)
    rung = SimpleNamespace(name="OUT")
    outcomes = [
        SimpleNamespace(
            target=target, tier="ensure", threshold=5.0, expected=5.5, probability=0.75, error=0.01, rung=rung
        ),
        SimpleNamespace(
            target=other,
            tier="stretch",
            threshold=3.0,
            expected=float("nan"),
            probability=None,
            error=None,
            rung=rung,
        ),
    ]
    sheets = [
        SimpleNamespace(tier="ensure", probability=0.5, error=float("inf"), rung=SimpleNamespace(name="ONE"))
    ]
    chances = SimpleNamespace(
        targets={"growth": target}, quantile=lambda key, level: SimpleNamespace(value=10 * level)
    )
    found: Any = SimpleNamespace(
        ensemble=chances,
        scenario=SimpleNamespace(years=SimpleNamespace(base=2020)),
        year=2,
        assessment=SimpleNamespace(outcomes=outcomes, sheets=sheets),
    )
    first, second, sheet = work._records(found)
    assert first == {
        "target": "growth", "title_zh": target.title.of("zh"), "title_en": "GDP growth", "main": True,
        "year": 2022, "tier": "ensure", "unit": "%", "digits": 1, "threshold": 5.0, "median": 5.5, "low": 1.0,
        "high": 9.0, "chance": 0.75, "error": 0.01, "rung": "out",
    }  # fmt: skip
    assert not second["main"] and second["tier"] == "stretch" and second["target"] == "stated"
    assert [second[key] for key in ("median", "low", "high", "chance", "error")] == [None] * 5
    assert sheet["target"] == "sheet" and (sheet["chance"], sheet["error"], sheet["rung"]) == (
        0.5,
        None,
        "one",
    )
    assert sheet["main"] is False and sheet["year"] == 2022 and list(sheet) == list(first)
    found.ensemble = None
    assert next(work._records(found))["low"] is None


# ---- beside


def test_what_is_found_of_a_scenario_is_remembered_while_it_is_the_same() -> None:
    asked: list[object] = []

    @remembered(kept=2)
    def found(scenario: Any) -> int:
        """Counts."""
        asked.append(scenario)
        return len(asked)

    one, two, three = [1], [1], [1]  # equal, and not the same
    assert [found(each) for each in (one, one, two, one, two)] == [1, 1, 2, 1, 2]  # type: ignore[arg-type]
    assert found(three) == 3 and found(two) == 2 and found(one) == 4  # type: ignore[arg-type]
    assert found.__doc__ == "Counts."


def test_who_listens_is_told_and_nobody_else() -> None:
    heard: list[tuple[Any, ...]] = []
    other: list[tuple[Any, ...]] = []
    progress.tell("before", 1, 2)
    with progress.listening(lambda *told: heard.append(told)):
        progress.tell("one")
        with progress.listening(lambda *told: other.append(told)):
            progress.tell("two", 3, 4, 0.5)
        with pytest.raises(ZeroDivisionError), progress.listening(lambda *_: 1 / 0):  # type: ignore[arg-type,return-value]
            progress.tell("three")
        progress.tell("four", 5)
    progress.tell("after")
    assert heard == [("one", 0, 0, None), ("four", 5, 0, None)] and other == [("two", 3, 4, 0.5)]
