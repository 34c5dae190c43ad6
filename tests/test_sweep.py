"""Sweeps: one file, many runs; the ledger outlives whatever ends it; every way gives the same bytes."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest
import sweeps
from city import CITY
from command import call
from dabiao import __version__
from dabiao.engine.sweep import ledger as ledgers
from dabiao.engine.sweep import tasks, ways
from dabiao.engine.sweep.alive import Sign, lives
from dabiao.engine.sweep.ledger import Ledger
from dabiao.engine.sweep.tasks import planned
from dabiao.engine.sweep.ways import Cluster, Loop, Pool
from dabiao.engine.sweep.ways import done as done_by
from dabiao.models.errors import DabiaoError, ScenarioError
from dabiao.results import sweep as results
from dabiao.results.sweep import facts_of
from dabiao.results.write import code_hash
from dabiao.scenarios.files import examples
from dabiao.scenarios.load import load, open_files, resolved_yaml
from dabiao.scenarios.sweep_file import read_sweep, tried

DEYANG = "example:deyang-2022"


def file_of(folder: Path, text: str, name: str = "cities.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def rows(folder: Path) -> list[dict[str, str]]:
    """The data set, written as CSV."""
    found: list[dict[str, str]] = []
    for file in sorted((folder / results.RESULTS).glob("part-*.csv")):
        found += csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    return found


def states(folder: Path) -> dict[str, int]:
    with Ledger(folder) as ledger:
        return ledger.counts()


# what a file says


def test_a_product_has_every_pair_once_seeds_innermost(tmp_path: Path) -> None:
    for name in ("b", "a"):
        file_of(tmp_path, f"extends: {DEYANG}\n", f"{name}.city.yaml")
    text = f"""
        scenarios: ["*.city.yaml", {DEYANG}, a.city.yaml]
        settings: {{plain: , more: {{investment.growth: 8, accounts: {{gdp: 1310}}}}}}
        outlooks: {{weak: 3.5, october: october, own: {{growth: 4, change.2025: -1}}}}
        seeds: [1, 2]
        draws: [16, 32]
    """
    made = list(read_sweep(file_of(tmp_path, text)).rows())
    assert len(made) == 3 * 2 * 3 * 2 * 2
    assert [row.scenario.label for row in made[::24]] == ["a.city.yaml", "b.city.yaml", DEYANG]
    assert {row.setting.name: row.setting.sets for row in made} == {
        "plain": (),
        "more": ("investment.growth=8", "accounts.gdp=1310"),
    }
    assert {row.outlook.name: row.outlook.sets for row in made} == {
        "weak": ("outlook.growth=3.5",),
        "october": ("outlook.edition=october",),
        "own": ("outlook.growth=4", "outlook.change.2025=-1"),
    }
    assert [row.seed for row in made[:4]] == [1, 2, 1, 2] and [row.draws for row in made[:4]] == [
        16,
        16,
        32,
        32,
    ]
    assert len({row.group for row in made}) == 36
    assert len({(r.scenario.label, r.setting.name, r.outlook.name, r.seed, r.draws) for r in made}) == len(
        made
    )


def test_a_csv_is_a_task_a_row(tmp_path: Path) -> None:
    text = f"""scenario,setting,outlook,seed,draws,investment.growth
{DEYANG},,,,,
{DEYANG},more,3.5,7,16,8
{DEYANG},,october,8,16,9
"""
    first, second, third = read_sweep(file_of(tmp_path, text, "cities.csv")).rows()
    assert (first.setting.sets, first.outlook.sets, first.seed, first.draws) == ((), (), None, None)
    assert (second.setting.name, second.setting.sets) == ("more", ("investment.growth=8",))
    assert (second.outlook.sets, second.seed, second.draws) == (("outlook.growth=3.5",), 7, 16)
    assert third.setting.name == "investment.growth=9" and third.outlook.name == "october"
    zh = text.replace("scenario,setting,outlook,seed,draws", "方案,设定,展望,种子,抽样")
    again = list(read_sweep(file_of(tmp_path, zh, "城市.csv")).rows())
    assert [(row.setting.sets, row.seed, row.draws) for row in again] == [
        (row.setting.sets, row.seed, row.draws) for row in (first, second, third)
    ]


def test_mistakes_of_a_file_are_told_by_line_all_at_once(tmp_path: Path) -> None:
    text = """scenarios: [missing.yaml, "*.none", example:deyang-2022, {a: 1}]
setings: {a: {}}
outlooks:
  x: januar
  y: [1]
settings:
  b: 3
  c: {investment.growth: [1, 2]}
seeds: [1, 1.5, 1, -2]
draws: 100
"""
    with pytest.raises(ScenarioError) as caught:
        read_sweep(file_of(tmp_path, text))
    told = [(problem.line, problem.path) for problem in caught.value.problems]
    assert told == [
        (1, "scenarios[0]"),
        (1, "scenarios[1]"),
        (1, "scenarios[3]"),
        (2, "setings"),
        (4, "outlooks.x"),
        (5, "outlooks.y"),
        (7, "settings.b"),
        (8, "settings.c: investment.growth"),
        (9, "seeds[1]"),
        (9, "seeds[2]"),
        (9, "seeds[3]"),
        (10, "draws[0]"),
    ]
    assert "did you mean settings?" in str(caught.value) and "did you mean january?" in str(caught.value)


def test_a_value_that_two_state_is_a_mistake_and_so_is_an_example_that_is_not_shipped(tmp_path: Path) -> None:
    text = f"""scenarios: [{DEYANG}, example:deyang-2202]
settings:
  a: {{uncertainty.seed: 3}}
  b: {{investment.growth: 8, investment: {{growth: 9}}}}
  c: {{outlook.growth: 4}}
  d: {{investment.growth: 8}}
outlooks: {{x: 3, y: 4, z: october}}
seeds: [1, 2]
"""
    with pytest.raises(ScenarioError) as caught:
        read_sweep(file_of(tmp_path, text))
    assert sorted({problem.line for problem in caught.value.problems}) == [1, 3, 4, 5]
    assert "did you mean deyang-2022?" in str(caught.value)
    cells = "".join(f"{DEYANG},{rest}\n" for rest in ("3,4,,", ",4,,", ",,1,2"))
    table = f"scenario,outlook,outlook.growth,seed,uncertainty.seed\n{cells}"
    with pytest.raises(ScenarioError) as caught:
        read_sweep(file_of(tmp_path, table, "cities.csv"))
    assert [problem.line for problem in caught.value.problems] == [2, 4]


def test_mistakes_of_a_csv_are_told_by_line_all_at_once(tmp_path: Path) -> None:
    text = f"""scenario,sed,draws,setting,investment.growth,outlook
{DEYANG},,17,a,8,
{DEYANG},,16,a,9,
,,16,b,9,
{DEYANG},,16,b,9,fast
{DEYANG},,16,c,9,
{DEYANG},,16,c,9,
{DEYANG},,16,c,9,,more
"""
    with pytest.raises(ScenarioError) as caught:
        read_sweep(file_of(tmp_path, text, "cities.csv"))
    assert [problem.line for problem in caught.value.problems] == [1, 2, 3, 4, 5, 7, 8, 8]
    said = str(caught.value)
    assert "did you mean seed?" in said and "than in line 2" in said and "the same as line 6" in said


def test_a_setting_that_fits_no_scenario_is_a_mistake_of_the_sweep(tmp_path: Path) -> None:
    file_of(tmp_path, f"extends: {DEYANG}\nwrong: 1\n", "broken.yaml")
    settings = "settings:\n  a: {investment.growth: 8}\n  b: {investmnt.growth: 8}\n"
    text = f"scenarios: [broken.yaml, {DEYANG}]\n{settings}"
    with pytest.raises(ScenarioError) as caught:
        tried(read_sweep(file_of(tmp_path, text)), load)
    assert [(problem.line, problem.file) for problem in caught.value.problems] == [
        (4, str(tmp_path / "cities.yaml"))
    ]
    assert "did you mean investment?" in str(caught.value)


# names


def names(file: Path, solver: str = "auto", program: str = "p") -> list[str]:
    asked = read_sweep(file)
    facts = facts_of(asked, Loop())
    return [each.task.id for each in planned(asked, facts, solver, program, "1")]


def test_a_task_is_named_by_what_decides_its_result_and_by_nothing_else(tmp_path: Path) -> None:
    city = file_of(tmp_path, f"extends: {DEYANG}\n", "city.yaml")

    def of(text: str, **more: str) -> list[str]:
        return names(file_of(tmp_path, text), **more)

    (plain,) = of("scenarios: city.yaml\n")
    assert of("scenarios: city.yaml\nsettings: {other-word: {}}\n") == [plain]
    assert of("scenarios: [city.yaml, city.yaml]\ntitle: x\n") == [plain]
    others = [
        *of("scenarios: city.yaml\nseeds: [1, 2]\ndraws: [16, 32]\n"),
        *of("scenarios: city.yaml\nsettings: {a: {investment.growth: 8}, b: {investment.growth: 9}}\n"),
        *of("scenarios: city.yaml\noutlooks: {a: 1}\n"),
        *of("scenarios: city.yaml\n", solver="glpk"),
        *of("scenarios: city.yaml\n", program="q"),
    ]
    assert len({plain, *others}) == 1 + 9
    city.write_text(f"# a word\nextends: {DEYANG}\n", encoding="utf-8")
    assert of("scenarios: city.yaml\n") == [plain]
    city.write_text(f"extends: {DEYANG}\ninvestment: {{growth: 8}}\n", encoding="utf-8")
    assert of("scenarios: city.yaml\n") != [plain]


# the same by every way


REAL = """
scenarios: [example:deyang-2022, broken.yaml]
settings: {as-planned: , more: {investment.growth: 9}}
outlooks: {shipped: , weak: 2.5}
seeds: [1, 2]
draws: 32
"""


@pytest.fixture(scope="module")
def looped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A sweep of a real scenario and a broken one in this process: its file, its folder."""
    home = tmp_path_factory.mktemp("sweep")
    file_of(home, f"extends: {DEYANG}\nwrong: 1\n", "broken.yaml")
    file = file_of(home, REAL)
    done = call("sweep", file, "--jobs", 0, "--out", home / "loop", "--lang", "en")
    assert done.exit_code == 1, done.output
    return file, home / "loop" / "sweep-cities"


@pytest.mark.first(1)
@pytest.mark.parametrize("how", [["--jobs", 1], ["--jobs", 2], ["--cluster", "local", "--jobs", 2]], ids=str)
def test_the_same_bytes_by_every_way(looped: tuple[Path, Path], how: list[object], tmp_path: Path) -> None:
    if "--cluster" in how:
        pytest.importorskip("distributed", reason="dask.distributed is not installed (extra cluster)")
    file, folder = looped
    done = call("sweep", file, *how, "--out", tmp_path, "--lang", "en")
    assert done.exit_code == 1, done.output
    assert sweeps.written(tmp_path / "sweep-cities") == sweeps.written(folder)


def test_a_sweep_tells_what_a_run_tells(looped: tuple[Path, Path]) -> None:
    from dabiao.engine.run import run

    _, folder = looped
    with Ledger(folder) as ledger:
        (entry,) = (
            each
            for each in ledger.entries()
            if (each.scenario, each.setting, each.outlook, each.seed) == (DEYANG, "more", "weak", 2)
        )
    records = {(each["target"], each["tier"]): each for each in json.loads(entry.result)}
    sets = ("outlook.growth=2.5", "investment.growth=9", "uncertainty.seed=2")
    answer = run(load(DEYANG, sets), draws=32)
    assert records
    for each in answer.assessment.outcomes:
        own = records[each.target.id, each.tier]
        assert (own["median"], own["chance"], own["rung"]) == (
            each.expected,
            each.probability,
            each.rung.name.lower(),
        )
    for sheet in answer.assessment.sheets:
        own = records["sheet", sheet.tier]
        assert (own["chance"], own["rung"]) == (sheet.probability, sheet.rung.name.lower())


@pytest.mark.slow
def test_every_shipped_scenario_by_every_way_is_the_same(tmp_path: Path) -> None:
    """All of them in one sweep, so that one worker has several, of several moneys, in turn; the plain loop
    reads every scenario anew."""
    shipped = ", ".join(f"example:{name}" for name in examples())
    file = file_of(tmp_path, f"scenarios: [{shipped}]\noutlooks: {{a: , b: 3.5}}\nseeds: [1, 2]\ndraws: 16\n")
    hows: list[list[object]] = [["--jobs", 0], ["--jobs", 2]]
    if find_spec("distributed"):
        hows.append(["--cluster", "local", "--jobs", 2])
    found = []
    for at, how in enumerate(hows):
        done = call("sweep", file, *how, "--out", tmp_path / str(at), "--lang", "en")
        assert done.exit_code == 0, done.output
        folder = tmp_path / str(at) / "sweep-cities"
        assert states(folder)["done"] == 4 * len(examples())
        found.append(sweeps.written(folder))
    assert {"summary.csv", "summary.xlsx"} < set(found[0]) and all(each == found[0] for each in found)
    with Ledger(tmp_path / "0" / "sweep-cities") as ledger:
        held = {each.id: each.result for each in ledger.entries()}
    asked = read_sweep(file)
    for each in planned(asked, facts_of(asked, Loop()), "auto", code_hash(), __version__):
        tasks._kept.clear()
        assert done_by(each.task).result == held[each.task.id], each


@pytest.mark.parametrize("name", examples())
def test_files_read_once_give_what_files_read_anew_give(name: str) -> None:
    held = open_files(f"example:{name}")
    for sets in ((), ("uncertainty.seed=7",), ("uncertainty.seed=7", "uncertainty.error=0.02"), ()):
        anew, again = load(f"example:{name}", sets), held.loaded(sets)
        assert again == anew and resolved_yaml(again) == resolved_yaml(anew)
        assert (again.tree, again.origins, again.notes) == (anew.tree, anew.origins, anew.notes)
    for wrong in (("investmnt.growth=3",), ("uncertainty.seed=-1",)):
        told = []
        for make in (lambda sets: load(f"example:{name}", sets), held.loaded):
            with pytest.raises(ScenarioError) as caught:
                make(wrong)
            told.append(str(caught.value))
        assert told[0] == told[1]


def test_a_worker_keeps_files_while_they_stand_and_few_of_them(tmp_path: Path) -> None:
    base = file_of(tmp_path, f"extends: {DEYANG}\n", "base.yaml")
    city = file_of(tmp_path, "extends: base.yaml\n", "city.yaml")
    asked = {"path": str(city), "root": str(tmp_path)}
    first = tasks._opened(**asked)
    assert tasks._opened(**asked) is first
    base.write_text(
        f"extends: {DEYANG}\ninvestment: {{growth: 8}}\nassumption: for the test\n", encoding="utf-8"
    )
    assert tasks._loaded(asked).scenario.investment != first.loaded().scenario.investment
    assert tasks._loaded(asked) == load(city)
    base.unlink()
    with pytest.raises(ScenarioError, match="does not exist"):
        tasks._loaded(asked)
    for n in range(3 * tasks.KEPT):
        tasks._opened(str(file_of(tmp_path, f"extends: {DEYANG}\n", f"{n}.yaml")), str(tmp_path))
    assert len(tasks._kept) == tasks.KEPT


def test_failures_are_told_and_the_rest_is_done(looped: tuple[Path, Path], tmp_path: Path) -> None:
    file, folder = looped
    told = list(csv.DictReader(io.StringIO((folder / results.FAILURES).read_text(encoding="utf-8-sig"))))
    assert len(told) == 8 and {each["scenario"] for each in told} == {"broken.yaml"}
    assert all("broken.yaml:2:1  wrong: got an unknown key" in each["message"] for each in told)
    assert states(folder) == {"open": 0, "claimed": 0, "done": 8, "failed": 8}
    (file.parent / "broken.yaml").write_text(f"extends: {DEYANG}\n", encoding="utf-8")
    try:
        again = call("sweep", file, "--jobs", 0, "--out", folder.parent, "--lang", "en")
    finally:
        file_of(file.parent, f"extends: {DEYANG}\nwrong: 1\n", "broken.yaml")
    assert again.exit_code == 0, again.output  # the mended scenario is that of Deyang: nothing is new
    assert "0 tasks done now, 8 before" in again.output
    assert not (folder / results.FAILURES).exists()
    assert call("sweep", file, "--jobs", 0, "--out", folder.parent, "--lang", "en").exit_code == 1


def test_the_summary_has_a_row_for_every_scenario_setting_and_outlook(looped: tuple[Path, Path]) -> None:
    import openpyxl

    _, folder = looped
    told = list(csv.DictReader(io.StringIO((folder / "summary.csv").read_text(encoding="utf-8-sig"))))
    done = [each for each in told if each["target"] == "gdp_growth"]
    assert [(each["setting"], each["outlook"]) for each in done] == [
        ("as-planned", "shipped"),
        ("as-planned", "weak"),
        ("more", "shipped"),
        ("more", "weak"),
    ]
    with Ledger(folder) as ledger:
        own = [
            record
            for entry in ledger.entries(0, 2)
            for record in json.loads(entry.result)
            if (record["target"], record["tier"]) == ("gdp_growth", "ensure")
        ]
    assert float(done[0]["median"]) == pytest.approx(sum(each["median"] for each in own) / 2)
    assert float(done[0]["ensure_chance"]) == pytest.approx(sum(each["chance"] for each in own) / 2)
    assert sum(each["target"] == "sheet" for each in told) == 4
    assert [each["failed"] for each in told if each["scenario"] == "broken.yaml"] == ["2"] * 4
    assert openpyxl.load_workbook(folder / "summary.xlsx").sheetnames


def test_parquet_says_what_csv_says(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="PyArrow is not installed (extra parquet)")
    sweeps.carry_out(tmp_path, 50, Loop(), odd={3: {"fails": True}})
    with Ledger(tmp_path) as ledger:
        results.DataSet(ledger, 50, parquet=True).complete()
        first = sweeps.written(tmp_path)
        results.DataSet(ledger, 50, parquet=True).complete()
    assert sweeps.written(tmp_path) == first
    told = parquet.read_table(tmp_path / results.RESULTS).to_pylist()
    assert len(told) == 49 and [each["median"] for each in told] == [n / 3 for n in range(50) if n != 3]
    assert not list((tmp_path / results.RESULTS).glob("*.csv"))


# whatever ends it


def words_of(folder: Path, count: int, jobs: int, part: int, **more: object) -> list[str]:
    """The command of a sweep of tasks that do next to nothing."""
    return [sys.executable, sweeps.__file__, str(folder), str(count), str(jobs), str(part), json.dumps(more)]


def surroundings() -> dict[str, str]:
    """What such a command finds its modules by."""
    home = str(Path(sweeps.__file__).parent)
    return {**os.environ, "PYTHONPATH": os.pathsep.join([home, *sys.path])}


def begun(
    folder: Path, count: int, jobs: int, part: int, largest: int | None = None, **more: object
) -> subprocess.Popen[bytes]:
    """A sweep of such tasks, in a group of processes of its own; no file of it may be larger than said."""

    def limited() -> None:
        import resource

        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    return subprocess.Popen(
        words_of(folder, count, jobs, part, **more),
        env=surroundings(),
        preexec_fn=limited if largest is not None else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def ended(process: subprocess.Popen[bytes]) -> bytes:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err.decode()
    return out


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The worker processes of a sweep at work; none where the system does not list them."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    pids = [int(pid) for pid in found.read_text().split()] if found.exists() else []
    return [pid for pid in pids if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


class _Kills:
    """Kills of a sweep at random moments: of all its processes, of the one that leads, of single workers."""

    def __init__(self, folder: Path, count: int, seed: int, **more: object) -> None:
        self.folder, self.count, self.more = folder, count, more
        self.random, self.seen = random.Random(seed), set[int]()
        self.of = dict.fromkeys(("group", "leader", "worker"), 0)

    def begun(self) -> subprocess.Popen[bytes]:
        return begun(self.folder, self.count, 2, 40, **self.more)

    def life(self, workers: int) -> None:
        """Begin, end some workers one after the other while the others go on, then end it all."""
        process = self.begun()
        if at_work := self.random.random() < 0.7:  # otherwise at any moment, start-up too
            assert process.stdout is not None and process.stdout.readline()
        for _ in range(workers if at_work else 0):
            time.sleep(self.random.uniform(0.0, 0.2))
            if pids := workers_of(process):
                os.kill(self.random.choice(pids), signal.SIGKILL)
                self.of["worker"] += 1
        time.sleep(self.random.uniform(0.0, 0.2 if at_work else 1.5))
        if self.random.random() < 0.5:
            os.killpg(process.pid, signal.SIGKILL)
            self.of["group"] += 1
        else:
            process.kill()
            self.of["leader"] += 1
        process.communicate()
        there = [row["task"] for row in rows(self.folder)]
        assert len(set(there)) == len(there)
        with Ledger(self.folder) as ledger:
            self.seen.add(ledger.counts()["done"])
            for entry in ledger.entries():
                assert (entry.state == "done") == bool(entry.result), entry


def killed_and_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int, count: int, seed: int
) -> None:
    """Kill at random moments, then go on: everything is there once, as if nothing had happened."""
    folder, log = tmp_path / "killed", tmp_path / "log"
    killed = _Kills(folder, count, seed, seconds=0.002, log=str(log))
    while sum(killed.of.values()) < kills:
        killed.life(killed.random.choice((0, 1, 2, 3)))
    ended(killed.begun())
    halfway = [done for done in killed.seen if 0 < done < count]
    assert len(halfway) >= kills // 4, killed.seen
    assert states(folder) == {"open": 0, "claimed": 0, "done": count, "failed": 0}
    there = [row["task"] for row in rows(folder)]
    ids = [each.task.id for each in sweeps.dummies(count)]
    again = len(log.read_text().split()) - count
    print(
        f"{killed.of}: {len(there)} rows, {len(set(ids) - set(there))} lost,"
        f" {len(there) - len(set(there))} doubled; {again} tasks were at work at a kill and done again"
    )
    assert there == ids
    monkeypatch.setattr(results, "PART", 40)
    monkeypatch.setattr(results, "LARGEST", 40)
    sweeps.carry_out(tmp_path / "whole", count, Loop())
    assert sweeps.written(tmp_path / "whole") == sweeps.written(folder)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_killed_at_random_moments_everything_is_there_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_and_begun_again(tmp_path, monkeypatch, 10, 3000, 1)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_killed_a_hundred_times_everything_is_there_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_and_begun_again(tmp_path, monkeypatch, 100, 20_000, 2)


def test_a_worker_that_dies_costs_its_task_a_second_try(tmp_path: Path) -> None:
    told: list[str] = []
    odd = {5: {"dies": str(tmp_path / "once")}, 9: {"dies": str(tmp_path / "always"), "always": True}}
    way = Pool(2, lambda said: told.append(said.of("en")))
    swept = sweeps.carry_out(tmp_path / "runs", 40, way, odd=odd)
    assert (swept.progress.done, swept.progress.failed) == (39, 1)
    ids = [each.task.id for each in sweeps.dummies(40, odd=odd)]
    assert sorted(told) == sorted(
        f"a worker ended with code 9; its task {ids[n]} is done again" for n in (5, 9)
    )
    with Ledger(tmp_path / "runs") as ledger:
        (failed,) = results.failures(ledger)
    assert failed.id == ids[9] and "ended 2 times, the last time with code 9" in failed.message["en"]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="workers are listed by Linux alone")
def test_workers_killed_one_after_the_other_lose_nothing_while_others_go_on(tmp_path: Path) -> None:
    """As the system ends what takes too much memory."""
    folder, count, killed = tmp_path / "runs", 1500, set[int]()
    process = begun(folder, count, 2, 100, seconds=0.005)
    assert process.stdout is not None and process.stdout.readline()
    while len(killed) < 4 and process.poll() is None:
        for pid in set(workers_of(process)[:1]) - killed:
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
        time.sleep(0.3)
    ended(process)
    assert len(killed) >= 2
    assert states(folder) == {"open": 0, "claimed": 0, "done": count, "failed": 0}
    assert [row["task"] for row in rows(folder)] == [each.task.id for each in sweeps.dummies(count)]


def test_workers_that_end_before_they_begin_are_no_fault_of_a_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "_serve", os._exit)  # with its pipe for a code: it ends at once
    monkeypatch.setattr(ways, "STILLBORN", 3)
    with Pool(1) as way, pytest.raises(DabiaoError, match="3 workers one after the other ended before"):
        list(ways.each(way, [each.task for each in sweeps.dummies(1)]))


def test_failures_of_every_kind_have_their_message(tmp_path: Path) -> None:
    swept = sweeps.carry_out(tmp_path, 30, Loop(), odd={3: {"fails": True}, 4: {"bug": True}})
    assert (swept.progress.done, swept.progress.failed) == (28, 2)
    with Ledger(tmp_path) as ledger:
        first, second = results.failures(ledger)
    assert first.message == {"en": "task 3 will not", "zh": "第3项不行"}
    assert second.message["zh"] == "ZeroDivisionError: a bug"
    assert len(rows(tmp_path)) == 28


class _Full:
    """A disk that is full at the n-th write, of the ledger or of a file."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
        self.count, self.at = 0, at
        commit, put, streamed = Ledger._commit, results.put, results._streamed

        def full(write):
            def writes(*given, **more):
                self.count += 1
                if self.count - 1 == self.at:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return write(*given, **more)

            return writes

        monkeypatch.setattr(Ledger, "_commit", full(commit))
        monkeypatch.setattr(results, "put", full(put))
        monkeypatch.setattr(results, "_streamed", full(streamed))


def test_a_full_disk_at_any_write_leaves_a_ledger_that_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = {3: {"fails": True}}
    monkeypatch.setattr(results, "PART", 5)
    monkeypatch.setattr("dabiao.engine.sweep.ways._SLICE", 0.0)  # every task is written down by itself
    sweeps.carry_out(tmp_path / "whole", 12, Loop(), odd=odd)
    with monkeypatch.context() as patch:
        none = _Full(patch, -1)
        sweeps.carry_out(tmp_path / "counted", 12, Loop(), odd=odd)
    assert none.count > 20
    for at in range(none.count):
        folder = tmp_path / str(at)
        with monkeypatch.context() as patch:
            full = _Full(patch, at)
            try:
                sweeps.carry_out(folder, 12, Loop(), odd=odd)
            except (DabiaoError, OSError) as error:
                assert "space" in str(error), error
            else:  # what is given back at the end is given back by whoever comes next
                assert full.count == at + 1
        sweeps.carry_out(folder, 12, Loop(), odd=odd)
        assert sweeps.written(folder) == sweeps.written(tmp_path / "whole"), at
        assert states(folder) == {"open": 0, "claimed": 0, "done": 11, "failed": 1}


@pytest.mark.slow
def test_a_ledger_that_may_not_grow_keeps_what_is_done(tmp_path: Path) -> None:
    """SQLite itself finds the disk full."""
    with Ledger(tmp_path) as ledger:
        total = ledger.lay(lambda: sweeps.dummies(3000))
        pages = ledger._base.execute("PRAGMA page_count").fetchone()[0]
        ledger._base.execute(f"PRAGMA max_page_count = {pages + 5}")
        with Loop() as way, pytest.raises(DabiaoError, match="no space left on the disk"):
            results.carry_out(ledger, way, total, lang="en", title=load(DEYANG).scenario.title, parquet=False)
        kept = ledger.counts()["done"]
    assert not list(tmp_path.glob(".*")), "nothing is left of asking the disk why"
    sweeps.carry_out(tmp_path, 3000, Loop())
    assert 0 < kept < 3000 and states(tmp_path)["done"] == 3000
    assert len(rows(tmp_path)) == 3000


KEPT = "what is done is kept"


def whole(folder: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What a sweep leaves behind that nothing disturbs."""
    monkeypatch.setattr(results, "PART", 100)
    monkeypatch.setattr(results, "LARGEST", 100)
    sweeps.carry_out(folder, count, Loop())
    return sweeps.written(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="files may grow as they like")
@pytest.mark.parametrize("jobs", [0, pytest.param(2, marks=pytest.mark.slow)])
def test_files_that_may_not_grow_keep_what_is_done(
    jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system itself refuses, wherever that is: in the ledger, its journal, the data set, the summary."""
    count, refused = 600, 0
    expected = whole(tmp_path / "whole", count, monkeypatch)
    for kilobytes in (0, 30, 100, 200):
        folder = tmp_path / str(kilobytes)
        process = begun(folder, count, jobs, 100, largest=1024 * kilobytes)
        _, said = process.communicate(timeout=120)
        if process.returncode != 0:
            refused += 1
            told = said.decode().splitlines()[-1]
            assert KEPT in told and "the file may not grow that large" in told, said.decode()
        with Ledger(folder) as ledger:
            for entry in ledger.entries():
                assert (entry.state == "done") == bool(entry.result), entry
        ended(begun(folder, count, 0, 100))
        assert sweeps.written(folder) == expected
    assert refused >= 3


_DISK = """
mount -t tmpfs -o size=$1k tmpfs "$2" || exit 99
shift; disk=$1; shift; out=$1; shift
"$@"; echo "first $?" >&2
ls -A "$disk/runs" > "$out.names"
mount -o remount,size=64m "$disk" && mount -o remount,ro "$disk" || exit 99
"$@"; echo "second $?" >&2
mount -o remount,rw "$disk" || exit 99
"$@"; echo "third $?" >&2
cp -r "$disk/runs" "$out"
"""


@pytest.mark.parametrize(
    "kilobytes", [200, *(pytest.param(each, marks=pytest.mark.slow) for each in (8, 400))]
)
def test_a_disk_that_is_full_then_read_only_then_free(
    kilobytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real one, where a user may mount it."""
    count, disk, out = 600, tmp_path / "disk", tmp_path / "out"
    if not which("unshare") or subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode:
        pytest.skip("nobody may mount here")
    disk.mkdir()
    words = ["unshare", "-rm", "sh", "-c", _DISK, "sh", str(kilobytes), str(disk), str(out)]
    done = subprocess.run(
        [*words, *words_of(disk / "runs", count, 2, 100)], env=surroundings(), capture_output=True, text=True
    )
    if done.returncode == 99:
        pytest.skip("no disk may be mounted here")
    first, _, rest = done.stderr.partition("first 1\n")
    second, _, third = rest.partition("second 1\n")
    assert KEPT in first.splitlines()[-1] and "no space left on the disk" in first, done.stderr
    assert KEPT in second.splitlines()[-1] and "the disk can only be read" in second, done.stderr
    assert third == "third 0\n", done.stderr
    assert "summary.csv" not in Path(f"{out}.names").read_text().split()
    assert states(out) == {"open": 0, "claimed": 0, "done": count, "failed": 0}
    assert sweeps.written(out) == whole(tmp_path / "whole", count, monkeypatch)


def test_a_ledger_that_is_damaged_is_told(tmp_path: Path) -> None:
    sweeps.carry_out(tmp_path / "a", 300, Loop())
    file = tmp_path / "a" / ledgers.FILE
    sound = file.read_bytes()
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as base:
        base.execute("CREATE TABLE tasks (name TEXT)")
    base.close()
    for bad in (
        b"no database at all " * 500,
        sound[:5000],
        sound[:4096] + bytes(len(sound) - 4096),
        other.read_bytes(),
    ):
        file.write_bytes(bad)
        with pytest.raises(DabiaoError, match="damaged, or no ledger of this version"):
            sweeps.carry_out(tmp_path / "a", 300, Loop())
    file.rename(tmp_path / "put-aside")
    assert sweeps.carry_out(tmp_path / "a", 300, Loop()).progress.own == 300


def test_a_result_that_is_damaged_is_done_again(tmp_path: Path) -> None:
    sweeps.carry_out(tmp_path, 40, Loop())
    expected = sweeps.written(tmp_path)
    (task,) = (each.task.id for each in sweeps.dummies(40) if each.scenario == "s3" and each.seed == 1)
    with sqlite3.connect(tmp_path / ledgers.FILE) as base:
        (held,) = base.execute("SELECT result FROM tasks WHERE id = ?", (task,)).fetchone()
        base.execute("UPDATE tasks SET result = ? WHERE id = ?", (held[:-3] + b"abc", task))
    base.close()
    with pytest.raises(DabiaoError, match=f"the result of task {task} is damaged"):
        sweeps.carry_out(tmp_path, 40, Loop())
    assert sweeps.carry_out(tmp_path, 40, Loop()).progress.own == 1
    assert sweeps.written(tmp_path) == expected


def test_two_sweeps_on_one_folder_share_the_work(tmp_path: Path) -> None:
    log = tmp_path / "log"
    two = [begun(tmp_path / "runs", 500, jobs, 50, seconds=0.004, log=str(log), odd={}) for jobs in (1, 0)]
    for process in two:
        ended(process)
    done = [int(line) for line in log.read_text().split()]
    assert sorted(done) == list(range(500))
    assert [row["task"] for row in rows(tmp_path / "runs")] == [
        each.task.id for each in sweeps.dummies(500, log=str(log))
    ]


def test_another_sweep_in_the_same_folder_waits(tmp_path: Path) -> None:
    with Ledger(tmp_path) as first, Ledger(tmp_path) as second:
        first.lay(lambda: sweeps.dummies(10))
        second.lay(lambda: sweeps.dummies(10))
        with pytest.raises(DabiaoError, match="another sweep is at work"):
            second.lay(lambda: sweeps.dummies(11))
    with Ledger(tmp_path) as third:
        assert third.lay(lambda: sweeps.dummies(11)) == 11


def test_what_a_dead_process_had_claimed_is_open_again(tmp_path: Path) -> None:
    first = Ledger(tmp_path)
    first.lay(lambda: sweeps.dummies(10))
    taken = first.claim(4)
    with Ledger(tmp_path) as second:
        second.lay(lambda: sweeps.dummies(10))
        assert second.counts()["claimed"] == 4 and second.reopen() == 0
        assert {task.id for task in second.claim(20)}.isdisjoint({task.id for task in taken})
        first._base.close()
        first.sign.drop()  # as the system does it
        assert second.reopen() == 4
        assert [task.id for task in second.claim(20)] == [task.id for task in taken]


def test_a_late_result_of_a_task_that_was_given_away_is_dropped(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.lay(lambda: sweeps.dummies(2))
        (task,) = ledger.claim(1)
        end = ledgers.Finished(task.id, b"[]")
        assert ledger.finish([end]) == 1 and ledger.finish([end]) == 0


def test_a_sign_is_alive_until_it_is_dropped(tmp_path: Path) -> None:
    sign = Sign(tmp_path)
    assert lives(tmp_path, sign.name) and lives(tmp_path, sign.name)
    sign.drop()
    assert not lives(tmp_path, sign.name) and not list(tmp_path.iterdir())


def test_a_ledger_that_is_closed_leaves_no_sign_of_the_dead(tmp_path: Path) -> None:
    """Of one that was killed before it took a task, nobody asks; one that lives keeps its own."""
    signs = tmp_path / ledgers.SIGNS
    living = Sign(signs)
    (signs / "dead").touch()
    with Ledger(tmp_path):
        pass
    assert [file.name for file in signs.iterdir()] == [living.name] and lives(signs, living.name)
    living.drop()
    with Ledger(tmp_path):
        pass
    assert not list(signs.iterdir())


def test_a_plan_that_shrinks_leaves_no_file_of_the_longer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "PART", 5)
    sweeps.carry_out(tmp_path, 20, Loop())
    swept = sweeps.carry_out(tmp_path, 7, Loop())
    assert swept.progress.own == 0 and len(rows(tmp_path)) == 7
    with sqlite3.connect(tmp_path / ledgers.FILE) as base:
        assert base.execute("SELECT count(*) FROM tasks WHERE state = 'done'").fetchone() == (20,)


def grown(tmp_path: Path, few: int, many: int) -> float:
    """MB by which many tasks take more memory than few."""
    least, most = (
        int(ended(begun(tmp_path / str(count), count, 0, 200)).split()[-1]) for count in (few, many)
    )
    return most - least


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by Linux alone")
def test_memory_does_not_grow_with_the_tasks(tmp_path: Path) -> None:
    assert grown(tmp_path, 6000, 14_000) < 8


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by Linux alone")
def test_memory_does_not_grow_with_a_hundred_thousand_tasks(tmp_path: Path) -> None:
    assert grown(tmp_path, 10_000, 100_000) < 8
    assert states(tmp_path / "100000")["done"] == 100_000


def test_where_dask_is_missing_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DabiaoError, match=r"pip install .dabiao\[cluster\]"):
        Cluster("local", 1)


@pytest.mark.slow
def test_an_address_where_nothing_is_is_told() -> None:
    pytest.importorskip("distributed", reason="dask.distributed is not installed (extra cluster)")
    with pytest.raises(DabiaoError, match="no cluster at"), Cluster("tcp://127.0.0.1:9", 1):
        pass


@pytest.mark.slow
def test_a_scheduler_that_is_gone_is_told_and_the_rest_is_done_without_it(tmp_path: Path) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="dask.distributed is not installed (extra cluster)"
    )
    folder, log, count = tmp_path / "runs", tmp_path / "log", 600
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as machine:

        def end() -> None:
            while not log.exists():
                time.sleep(0.01)
            machine.close()

        ender = threading.Thread(target=end)
        ender.start()
        with pytest.raises(DabiaoError, match=r"was lost .*what is done is kept"):
            way = Cluster(machine.scheduler_address, 1)
            sweeps.carry_out(folder, count, way, seconds=0.05, log=str(log))
        ender.join()
    assert states(folder)["claimed"] == 0
    sweeps.carry_out(folder, count, Loop())
    sweeps.carry_out(tmp_path / "near", count, Loop())
    assert sweeps.written(folder) == sweeps.written(tmp_path / "near")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_worker_of_a_local_cluster_may_be_killed(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="dask.distributed is not installed (extra cluster)")
    way, log, count, killed = Cluster("local", 2), tmp_path / "log", 300, list[int]()

    def kill() -> None:
        """End one, in the way the system ends what takes too much memory, once tasks are at work."""
        while not log.exists():
            time.sleep(0.01)
        killed.extend(list(way._client.run(os.getpid).values())[:1])
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    swept = sweeps.carry_out(tmp_path / "far", count, way, seconds=0.02, log=str(log))
    killer.join()
    assert killed and (swept.progress.done, swept.progress.failed) == (count, 0)
    sweeps.carry_out(tmp_path / "near", count, Loop())
    assert sweeps.written(tmp_path / "far") == sweeps.written(tmp_path / "near")


def test_workers_of_a_scheduler_by_its_address_may_die(tmp_path: Path) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="dask.distributed is not installed (extra cluster)"
    )
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as machine:
        way = Cluster(machine.scheduler_address, 1)
        odd = {5: {"dies": str(tmp_path / "once")}, 7: {"fails": True}}
        swept = sweeps.carry_out(tmp_path / "far", 40, way, odd=odd)
    assert (swept.progress.done, swept.progress.failed) == (39, 1) and (tmp_path / "once").exists()
    sweeps.carry_out(tmp_path / "near", 40, Loop(), odd=odd)
    assert sweeps.written(tmp_path / "far") == sweeps.written(tmp_path / "near")


def test_a_solver_that_stood_in_is_told_in_the_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from dabiao.models.errors import SolverError
    from dabiao.solvers.solve import SOLVERS

    def boom(*_: object, **__: object) -> None:
        raise SolverError("highs cannot be loaded")

    def swept(name: str) -> list[dict[str, str]]:
        done = call("sweep", tmp_path / "s.yaml", "--jobs", "0", "--out", tmp_path / name, "--lang", "en")
        assert done.exit_code == 0, done.output
        text = (tmp_path / name / "sweep-s" / "summary.csv").read_text("utf-8-sig")
        assert ("answered in place of" in done.stdout.replace("\n", " ")) == ("Another solver" in done.stdout)
        return list(csv.DictReader(io.StringIO(text)))

    (tmp_path / "a.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "s.yaml").write_text("scenarios: [a.yaml]\ndraws: 0\n", encoding="utf-8")
    usual = swept("usual")
    assert usual and {(row["solver"], row["stand_in"]) for row in usual} == {("highs", "")}
    monkeypatch.setitem(
        SOLVERS, "highs", replace(SOLVERS["highs"], answer=boom, again=(), choose=boom, subset=boom)
    )
    stood_in = {row["stand_in"] for row in swept("stood-in")}
    assert len(stood_in) == 1 and stood_in.pop().startswith("glpk answered in place of highs")


INTERRUPTED = f"scenarios: [a.yaml]\ndraws: 64\nseeds: {list(range(300))}\n"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the processes of a session are listed in /proc")
@pytest.mark.parametrize("way", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("words", [("--jobs", "1"), ("--cluster", "local", "--jobs", "1")], ids=" ".join)
def test_a_sweep_that_is_interrupted_leaves_no_worker(
    tmp_path: Path, words: tuple[str, ...], way: str
) -> None:
    if "--cluster" in words:
        pytest.importorskip("distributed", reason="dask.distributed is not installed (extra cluster)")
    (tmp_path / "a.yaml").write_text(CITY, encoding="utf-8")
    file_of(tmp_path, INTERRUPTED, "s.yaml")
    number = getattr(signal, way)
    asking = subprocess.Popen(
        [sys.executable, "-m", "dabiao.cli.main", "sweep", "s.yaml", *words],
        cwd=tmp_path,
        env={**os.environ, "DABIAO_LANG": "en"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until, ledger = time.monotonic() + 60, tmp_path / "runs" / "sweep-s"
    while not _some_done(ledger) and time.monotonic() < until and asking.poll() is None:
        time.sleep(0.05)
    asking.send_signal(number)
    _, said = asking.communicate(timeout=60)
    assert asking.returncode == 128 + number and said.splitlines()[-1] == "Interrupted.", said[-800:]
    assert not re.search(r"Traceback|Error|ERROR|WARNING", said), said[-2000:]
    until = time.monotonic() + 10
    while (left := _of_session(asking.pid)) and time.monotonic() < until:
        time.sleep(0.1)
    assert left == []
    assert states(ledger)["claimed"] == 0 and states(ledger)["done"] > 0


def _some_done(folder: Path) -> bool:
    try:
        return (folder / "ledger.sqlite").is_file() and states(folder)["done"] > 0
    except (DabiaoError, OSError, sqlite3.Error, KeyError):
        return False


def _of_session(leader: int) -> list[str]:
    """Processes of a session that run still."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parts = stat.read_text().rpartition(")")[2].split()
            if parts[0] != "Z" and int(parts[3]) == leader:
                found.append((stat.parent / "cmdline").read_text().replace("\0", " "))
    return found
