"""What the workbench refuses, asked without a server: figures, paths, names, questions, too many jobs."""

from __future__ import annotations

import asyncio
import errno
import json
import os
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace as Made
from typing import Any

import pytest
from city import CITY
from dabiao.models.errors import DabiaoError, ScenarioError
from dabiao.models.quantity import Bilingual
from dabiao.results.workbench import app, begin, changes, desk, jobs, levers
from dabiao.results.workbench.desk import Desk
from dabiao.results.workbench.jobs import Job, Jobs
from dabiao.scenarios.load import load
from refused import standing


def wrong(ask: Callable[[], object]) -> dict[str, str]:
    """What is told, by path."""
    with pytest.raises(ScenarioError) as told:
        ask()
    return {each.path: each.of("en").partition(": ")[2] for each in told.value.problems}


@pytest.fixture
def there(tmp_path: Path) -> Desk:
    """A folder with a city."""
    (tmp_path / "city.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "sub").mkdir()
    return Desk(tmp_path)


# ---------------------------------------------------------------- a region of one's own

FACTS = {"region": "A", "year": 2023, "gdp": 1000, "primary": 100, "industry": 400, "ensure": 6}


def without(*names: str, **more: Any) -> dict[str, Any]:
    return {name: value for name, value in FACTS.items() if name not in names} | more


@pytest.mark.parametrize(
    "facts, told",
    [
        (without("region"), {"region": "got nothing, expected the name of the region"}),
        (without(region=" "), {"region": "got nothing, expected the name of the region"}),
        (
            without("year", "gdp", "primary", "industry", "ensure"),
            dict.fromkeys(("year", "gdp", "primary", "industry", "ensure"), "got nothing, expected a number"),
        ),
        (without("industry", secondary=""), {"industry": "got nothing, expected a number"}),
        (without(gdp="many", fai="1e999"), {"gdp": 'got "many", expected a number', "fai": 'got "1e999"'}),
        (
            without(gdp="nan", primary=-1e16),
            {"gdp": 'got "nan", expected', "primary": 'got "-1e+16", expected'},
        ),
        (without(gdp=[1]), {"gdp": 'got "[1]", expected a number'}),
        (without(year=2023.5), {"year": "got 2023.5, expected a year from 1950 to 2150"}),
        (without(year=1949), {"year": "got 1949, expected a year from 1950 to 2150"}),
        (without(year=2151), {"year": "got 2151, expected a year from 1950 to 2150"}),
        (without(past=[1]), {"past": "got [1], expected growth and target by year"}),
        (without(past={"22": [5, 6]}), {"past": "got {'22': [5, 6]}, expected growth and target by year"}),
        (without(past={"2022": 5}), {"past": "got {'2022': 5}, expected growth and target by year"}),
        (without(past={"2022": [5]}), {"past": "got {'2022': [5]}, expected growth and target by year"}),
        (without(past={"2022": ["x", 6]}), {"past.2022": 'got "x", expected a number'}),
        (
            without("region", "ensure", gdp="x", past=3),
            {"region": "got nothing", "ensure": "got nothing", "gdp": 'got "x"', "past": "got 3"},
        ),
    ],
)
def test_figures_that_are_none_are_told_all_at_once(facts: dict[str, Any], told: dict[str, str]) -> None:
    found = wrong(lambda: begin.begun(facts))
    assert set(found) == set(told)
    for path, words in told.items():
        assert found[path].startswith(words), found


def test_figures_as_they_are_entered_are_read() -> None:
    """Industry may be left out where the secondary sector is given."""
    folder, files = begin.begun(
        without("industry", secondary="480", gdp="1,000", past={"2022": ["3.5％", ""]})
    )
    assert folder == "a-2024" and '"2022": {growth: 3.5}' in files["baseline.yaml"]


# ---------------------------------------------------------------- changes

PATHS = {
    "x" * (changes.LONGEST_PATH + 1): "the path of a value of the scenario",
    ".".join("x" * (changes.DEEPEST + 1)): "the path of a value of the scenario",
    "dabiao": "the path of a value of the scenario",
    "extends": "the path of a value of the scenario",
    "investment..growth": "the path of a value of the scenario",
    "investment. ": "the path of a value of the scenario",
    "investment.\n": "the path of a value of the scenario",
}


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_a_path_that_no_value_has(path: str) -> None:
    found = wrong(lambda: changes.checked({path: 1.0, "investment.growth": 5.0}))
    assert list(found) == [path[: changes.LONGEST_PATH]]
    assert found[path[: changes.LONGEST_PATH]].endswith(f"expected {PATHS[path]}")


def test_as_long_and_as_deep_as_a_path_may_be() -> None:
    changes.checked({"x" * changes.LONGEST_PATH: 1.0, ".".join("x" * changes.DEEPEST): 1.0})


def test_a_part_of_what_is_changed_whole_is_told() -> None:
    found = wrong(lambda: changes.checked({"mixes.plan": "x", "mixes.plan.shares.a": 1.0}))
    assert found == {
        "mixes.plan.shares.a": 'got "mixes.plan.shares.a", expected either this or mixes.plan, not both'
    }
    changes.checked({"mixes.plan": None, "mixes.plan.shares.a": 1.0})


@pytest.mark.parametrize(
    "value, numbers, stands",
    [
        (5, True, True),
        (1e300, False, False),
        (float("nan"), True, False),
        ("x", False, True),
        ("x", True, False),
        (None, True, False),
        (True, True, False),
        (True, False, True),
        ([1], False, False),
        ("x" * 10_001, False, False),
    ],
)
def test_what_may_stand_at_a_path(value: Any, numbers: bool, stands: bool) -> None:
    if stands:
        changes.checked({"a.b": value}, numbers)
    else:
        (told,) = wrong(lambda: changes.checked({"a.b": value}, numbers)).values()
        assert told.endswith("expected a number" if numbers else "expected a number, a text, or nothing")


def test_too_many_changes_are_told() -> None:
    most = changes.MOST_CHANGES
    changes.checked({f"a.b{at}": 1.0 for at in range(most)})
    found = wrong(lambda: changes.checked({f"a.b{at}": 1.0 for at in range(most + 1)}))
    assert found == {"": f"got {most + 1} changes, expected at most {most}"}


# ---------------------------------------------------------------- questions


@pytest.mark.parametrize(
    "asked, path, told",
    [
        ({"task": "steal", "plans": [{}]}, "task", "got 'steal', expected one of run, compare, report"),
        ({"plans": [{}]}, "task", "got None, expected one of run"),
        ({"task": "run", "plans": {}}, "plans", "got {}, expected 1 to "),
        ({"task": "run", "plans": []}, "plans", "got [], expected 1 to "),
        (
            {"task": "run", "plans": [{}] * (app.MOST_PLANS + 1)},
            "plans",
            f"expected 1 to {app.MOST_PLANS} plans",
        ),
        ({"task": "compare", "plans": [{}]}, "plans", "got [{}], expected 2 to "),
        ({"task": "run", "plans": [{}], "forms": "word"}, "forms", "got 'word', expected some of "),
        ({"task": "run", "plans": [{}], "forms": ["exe"]}, "forms", "got ['exe'], expected some of "),
        ({"task": "report", "plans": [{}]}, "forms", "got [], expected some of "),
        ({"task": "run", "plans": [3]}, "", "got 3, expected a file and what is changed of it"),
        ({"task": "run", "plans": [{"changes": [1]}]}, "changes", "got [1], expected a map"),
        ({"task": "run", "plans": [{"file": 3}]}, "file", "got 3, expected a text"),
    ],
)
def test_a_job_of_another_shape(asked: dict[str, Any], path: str, told: str) -> None:
    found = wrong(lambda: app._task(asked))
    assert list(found) == [path] and told in found[path]


def test_a_number_of_a_question_is_whole() -> None:
    service: Any = app.Service.__new__(app.Service)
    for said in ("x", 1.5, True, None):
        found = wrong(lambda said=said: service._newest({"seq": said}, "plan"))
        assert found == {"seq": f"got {said!r}, expected a whole number"}


def asked_of(service: Any, **bench: Any) -> Any:
    """A service whose desk has this bench."""
    loaded = Made(speaking=lambda: nullcontext())
    service.desk = Made(bench=lambda *_: Made(levers=(), loaded=loaded, **bench))
    return service


def test_what_is_not_told_while_it_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what nobody waits for any more."""
    service = asked_of(app.Service.__new__(app.Service))
    newest = True
    monkeypatch.setattr(service, "_newest", lambda *_: lambda: newest, raising=False)
    monkeypatch.setattr(app, "_glanced", lambda *_: {"told": True})
    asked = {"file": "a.yaml", "lang": "en", "moved": {"projects.works.start": 1.0}}
    with pytest.raises(DabiaoError, match="this is not told while it moves: let it go"):
        service.glance(asked)
    assert service.glance({**asked, "moved": {}}) == {"told": True}
    newest = False
    with pytest.raises(desk.Superseded):
        service.glance({**asked, "moved": {}})


class Request:
    """A request that brings a body in two parts."""

    def __init__(self, body: bytes, name: str = "a.yaml") -> None:
        self.body, self.query_params, self.path_params = body, {"lang": "en"}, {"name": name}

    async def stream(self) -> Any:
        for part in (self.body[:5], self.body[5:]):
            yield part


def test_a_file_that_is_too_large_is_told(there: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "LARGEST", 10)
    service: Any = app.Service.__new__(app.Service)
    service.desk = there
    before = standing(there.root)
    said = asyncio.run(service.bring(Request(b"x" * 11)))
    assert said.status_code == 422
    assert json.loads(said.body)["problems"] == [
        {"path": "", "text": "the file is too large; expected at most 10 bytes"}
    ]
    assert standing(there.root) == before


@pytest.mark.parametrize("body", [b"[" * 100_000, b"[1]", b"3", b'"x"', b"null", b"{", b'{"a": "\\ud800"}'])
def test_what_is_no_question(body: bytes) -> None:
    with pytest.raises(ValueError):
        app._question(body)
    assert app._question(b'{"a": "\\u4e2d"}') == {"a": "中"}


# ---------------------------------------------------------------- names and files


@pytest.mark.parametrize(
    "name",
    ["", "a", "a.txt", "../a.yaml", "sub/../a.yaml", ".a.yaml", "a\n.yaml", "x" * 300 + ".yaml", "/a.yaml"],
)
def test_a_name_that_no_file_can_have(name: str, there: Desk) -> None:
    before = standing(there.root)
    for ask in (there.place, lambda name: there.bring(name, CITY.encode())):
        with pytest.raises(DabiaoError) as told:
            ask(name)
        said = told.value.of("en")
        assert "cannot be a file here: letters, digits, spaces, - and _, ending in .yaml or .xlsx" in said
    assert standing(there.root) == before


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_a_name_that_leads_away(there: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    away = tmp_path_factory.mktemp("away")
    (there.root / "out").symlink_to(away)
    with pytest.raises(DabiaoError, match=r'"out/a\.yaml" leads out of the folder that is served'):
        there.place("out/a.yaml")


@pytest.mark.parametrize(
    "new, told",
    [
        ("sub/a.yaml", 'name: got "sub/a.yaml", expected a name without a folder'),
        ("city.yaml", "city.yaml is the scenario that is changed: give another name"),
        ("same.yaml", "same.yaml is the scenario that is changed: give another name"),
        ("a.xlsx", 'name: got "a.xlsx", expected a name that ends in .yaml'),
        ("there.yaml", "there.yaml is there already and nothing was changed; give another name"),
    ],
)
def test_a_name_under_which_nothing_is_saved(new: str, told: str, there: Desk) -> None:
    (there.root / "there.yaml").write_text(CITY, "utf-8")
    os.link(there.root / "city.yaml", there.root / "same.yaml")
    before = standing(there.root)
    with pytest.raises(DabiaoError) as ended:
        there.save("city.yaml", {"investment.growth": 5}, new)
    assert ended.value.of("en") == told or ended.value.of("en").endswith(told)
    if new != "there.yaml":  # nor where it may be written over
        with pytest.raises(DabiaoError):
            there.save("city.yaml", {"investment.growth": 5}, new, over=True)
    assert standing(there.root) == before


def test_a_file_that_is_brought_and_too_large(there: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "LARGEST", len(CITY.encode()))
    there.bring("a.yaml", CITY.encode())
    with pytest.raises(DabiaoError, match=r"a file of [\d,]+ bytes; expected at most [\d,]+"):
        there.bring("b.yaml", CITY.encode() + b"\n")
    assert not (there.root / "b.yaml").exists()


def test_a_region_is_not_begun_where_one_of_its_files_is(there: Desk) -> None:
    (there.root / "new").mkdir()
    (there.root / "new" / "stretch.yaml").write_text("mine", "utf-8")
    before = standing(there.root)
    with pytest.raises(DabiaoError, match=r"stretch\.yaml is there already and nothing was changed"):
        there.written({"baseline.yaml": "x", "stretch.yaml": "y"}, "new")
    assert standing(there.root) == before


def test_a_plan_that_nobody_waits_for_is_not_studied(there: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []

    def study(*_: object) -> Any:
        begun.append(1)
        return Made()

    monkeypatch.setattr(desk.Bench, "of", study)
    with pytest.raises(desk.Superseded):
        there.bench("city.yaml", {}, lambda: False)
    assert not begun
    there.bench("city.yaml", {}, lambda: True)
    assert begun == [1]


# ---------------------------------------------------------------- jobs


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> Jobs:
    """Jobs that nobody sees to."""
    monkeypatch.setattr(Jobs, "_follow", lambda *_: None)
    return Jobs()


RUN: Mapping[str, Any] = {"task": "run", "lang": "en"}


def test_no_more_jobs_wait_than_may(idle: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_WAITING", 2)
    for owner in ("a", "b", "b"):  # a newer one of the same owner takes the place of the older
        idle.begin(owner, RUN)
    with pytest.raises(DabiaoError, match="2 tasks wait already: ask again in a while"):
        idle.begin("c", RUN)


def test_a_report_for_which_there_is_no_room(idle: Jobs, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    idle.__dict__["home"] = tmp_path / "file" / "home"
    with pytest.raises(
        DabiaoError, match="no folder can be made for the report: part of the path is no folder"
    ):
        idle.begin("a", {**RUN, "task": "report"})
    assert not idle._jobs
    assert idle.begin("a", RUN).state == "working"


def a_job() -> Job:
    return Job("j", "a", "en", 0.0)


def test_a_job_for_which_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(Jobs, "_taken", none)
    job = a_job()
    Jobs()._follow(job, RUN)
    assert job.state == "failed" and job.problems is not None
    assert job.problems[0]["text"].startswith("no process can be started for it: ")


def test_a_job_whose_process_ended_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    ready: list[int] = []
    monkeypatch.setattr(Jobs, "ready", lambda _: ready.append(1))
    worker: Any = Made(alive=False, end=lambda: None, closed=lambda: None, process=Made(returncode=-9))
    over, lost = a_job(), a_job()
    over.heard({"done": {}})
    for job in (over, lost):
        Jobs()._left(job, worker)
    assert over.state == "done" and over.problems is None
    assert lost.problems is not None and ready == [1]
    assert lost.problems[0]["text"] == (
        "the process that worked on it ended before it was done (code -9): too little memory, or ended by"
        " someone; ask again"
    )


# ---------------------------------------------------------------- levers


def test_money_that_is_stated_is_a_lever(tmp_path: Path) -> None:
    """A level of investment in place of its growth; a source of money with an amount and none without."""
    (tmp_path / "city.yaml").write_text(CITY, "utf-8")
    more = (
        "dabiao: 1\nextends: city.yaml\nassumption: invented\ninvestment: {path: {'2024': 540}}\n"
        "funds:\n  own: {title: Own}\n  bond: {title: Bonds, amount: 20}\n"
    )
    (tmp_path / "more.yaml").write_text(more, "utf-8")
    plain = {each.path: each for each in levers.levers(load(tmp_path / "city.yaml").scenario)}
    assert "investment.growth" in plain and not [path for path in plain if path.startswith("funds.")]
    found = {each.path: each for each in levers.levers(load(tmp_path / "more.yaml").scenario)}
    assert "investment.growth" not in found and found["investment.path.2024"].value == 540
    assert [path for path in found if path.startswith("funds.")] == ["funds.bond.amount"]
    assert found["funds.bond.amount"].value == 20
    assert isinstance(found["funds.bond.amount"].title, Bilingual)
