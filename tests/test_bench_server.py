"""The server of the workbench: its numbers are those of a run, and nobody but its page is answered."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from command import call
from dabiao.models.errors import DabiaoError, ScenarioError
from dabiao.models.quantity import Bilingual
from dabiao.results.forms.json_document import FILE, tables_of
from dabiao.results.tables.table import Column, Table
from dabiao.results.workbench import changes as say
from dabiao.results.workbench import screen
from dabiao.results.workbench.desk import Desk
from dabiao.results.workbench.levers import Lever, levers
from dabiao.results.write import read_json
from dabiao.scenarios.files import examples, shipped
from dabiao.scenarios.load import load, load_text, resolved_yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from page import Page
from served import PAGE, Served, serving

for needed in ("starlette", "uvicorn"):
    pytest.importorskip(needed, reason=f"{needed} is not installed: pip install 'dabiao[serve]'")

DEYANG = "example:deyang-2022"
SMALL = "small.yaml"
"""A scenario that is answered in a second."""
QUICK = ("deyang-2022/baseline", "panzhihua-plan14/baseline", "panzhihua-2024/baseline")
SCENARIOS = [
    file.relative_to(shipped()).with_suffix("").as_posix()
    for file in sorted(shipped().glob("*/*.yaml"))
    if file.parent.name in examples() and file.stem in ("baseline", "stretch", "half-year")
]
EVERY = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow, id=name) for name in SCENARIOS]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for the tests that do not stop it."""
    root = tmp_path_factory.mktemp("served")
    small(root)
    with serving(root) as begun:
        yield begun


def small(root: Path) -> None:
    """Put the small scenario into a folder."""
    here = Path(__file__).parent / "scenarios_for_tests" / "answered.yaml"
    (root / SMALL).write_text(resolved_yaml(load(here)), encoding="utf-8")


@pytest.fixture
def tab(server: Served, request: pytest.FixtureRequest) -> Served:
    """A tab of its own."""
    return Served(server.port, server.root, server.service, tab=request.node.name)


@cache
def known(name: str) -> tuple[Lever, ...]:
    return levers(load(f"example:{name}").scenario)


def moves(name: str) -> list[dict[str, float]]:
    """A plan with more money, and one with another mix."""
    own = known(name)
    first = next(each for each in own if each.kind in ("growth", "money"))
    more = first.value + (2.0 if first.kind == "growth" else 0.02 * first.value)
    mix = [each for each in own if each.kind == "share"]
    mix = sorted((each for each in mix if each.group == mix[0].group), key=lambda each: -each.value)[:2]
    shifted = {
        each.path: round(each.value - each.less + by, 6) for each, by in zip(mix, (-2, 2), strict=True)
    }
    return [{first.path: round(more, 6)}, shifted]


def test_every_shipped_scenario_is_among_those_that_are_tried() -> None:
    assert {name.partition("/")[0] for name in SCENARIOS} == set(examples())
    assert set(QUICK) <= set(SCENARIOS)


# ---------------------------------------------------------------------------- the numbers are those of a run
@pytest.mark.first(1)
@pytest.mark.parametrize("name", EVERY)
def test_a_changed_plan_says_what_a_run_of_the_saved_file_says(
    name: str, tab: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, changed = f"example:{name}", {k: v for move in moves(name) for k, v in move.items()}
    job = tab.job("run", (file, changed), lang="zh")
    told = tab.plan(file, changed, "zh").data
    new = f"{name.replace('/', '-')}.yaml"
    saved = tab.post("/api/save", {"file": file, "changes": changed, "name": new})
    assert saved.data["file"] == new

    monkeypatch.chdir(tab.root)
    out = call("run", new, "--out", tmp_path, "--lang", "zh", "--quiet")
    assert out.exit_code == 0, out.output
    (run,) = tmp_path.glob("*/*")
    tables = tables_of(read_json(run / FILE))
    with load(tab.root / new).speaking():
        for table in ("verdict", "targets", "projects"):
            if table not in tables:
                assert told[table] == []
                continue
            stated = [{k: row[k] for k in row if k in told["heads"][table]} for row in told[table]]
            assert stated == screen.rows(tables[table], "zh", told["heads"][table])
        uses = [(row["limit"], row["used"]) for row in screen.rows(tables["limits"], "zh", ("limit", "used"))]
    assert [row["limit"] for row in told["limits"]] == [limit for limit, _ in uses]

    done = tab.followed(job)[-1]
    assert done["state"] == "done", done["problems"]
    there = _cells((run / "report.html").read_text(encoding="utf-8"))
    seen = [
        _cells(each) for each in (done["done"]["front"], *(one["html"] for one in done["done"]["chapters"]))
    ]
    assert sum(map(len, seen)) > 100
    ours, theirs = Counter(row for rows in seen for row in rows), Counter(there)
    assert (list(ours - theirs)[:20], list(theirs - ours)[:20]) == ([], [])
    assert done["done"]["draws"] == told["draws"]
    assert done["done"]["error"] == pytest.approx(told["error"], abs=1e-6)


def _cells(html: str) -> list[tuple[str, ...]]:
    """Rows of all tables of a page; where a changed number was written is the one thing that differs."""
    rows = (row for table in Page(html).found for row in table.rows)
    return [tuple("" if ".yaml" in cell else cell for cell in row) for row in rows]


@pytest.mark.parametrize("name", EVERY)
def test_a_glance_is_near_the_settled_plan_and_equal_where_nothing_moved(name: str, tab: Served) -> None:
    """Near: chances within three points in a hundred, of which 1,024 draws have an error of 1.6 at most;
    medians within a twentieth of the band that holds eight futures in ten; a tenth where a year is under way,
    whose figures to date weigh the futures by the plan that is let go, not by the one that moves."""
    near = 0.1 if "half-year" in name else 0.05
    file = f"example:{name}"
    whole = tab.plan(file).data
    still = tab.glance(file, {}).data
    for part in ("verdict", "targets", "limits", "totals"):
        assert still[part] == whole[part]
    bench = tab.service.desk.bench(file, {})
    for moved in moves(name):
        settled = tab.service.desk.bench(file, moved)
        with bench.loaded.speaking():
            seen = bench.as_seen(bench.glance(moved))["targets"].records()
        for one, other in zip(seen, settled.tables["targets"].records(), strict=True):
            for tier in ("ensure", "stretch", "at_most"):
                there = other.get(f"probability_{tier}")
                if there is not None:
                    assert one[f"probability_{tier}"] == pytest.approx(there, abs=0.03)
            if isinstance(other["q90"], float) and isinstance(other["q10"], float):
                band = other["q90"] - other["q10"]
                assert one["expected"] == pytest.approx(other["expected"], abs=near * band + 1e-9)


def test_a_glance_follows_the_hand(tab: Served) -> None:
    more, mix = moves("deyang-2022/baseline")
    whole = tab.plan(DEYANG).data
    for moved in (more, mix):
        seen = tab.glance(DEYANG, moved).data
        assert seen["targets"] != whole["targets"]
        assert seen["pictures"]["fan"]["svg"] != whole["pictures"]["fan"]["svg"]


def test_what_moves_dates_is_not_told_while_it_moves(tab: Served) -> None:
    assert tab.glance(DEYANG, {"years.base": 2020}).problems
    assert "investment.growth" in tab.glance(DEYANG, {"investment.growth": float("nan")}).problems


# ----------------------------------------------------------------------------------------- changes as a file
@st.composite
def changes(draw: st.DrawFn) -> tuple[str, dict[str, float]]:
    """Levers of a shipped scenario at other values; shares of a mix still add up."""
    name = draw(st.sampled_from([name for name in SCENARIOS if "half" not in name]))
    own, made = known(name), {}
    for lever in draw(st.lists(st.sampled_from(own), unique=True, max_size=5)):
        if lever.kind != "share":
            made[lever.path] = round(draw(st.floats(lever.low, lever.high)), 3)
    groups = sorted({lever.group for lever in own if lever.kind == "share"})
    for group in draw(st.lists(st.sampled_from(groups), unique=True)) if groups else []:
        mix = sorted((each for each in own if each.group == group), key=lambda each: -each.value)
        by = round(draw(st.floats(0, mix[0].value / 4)), 2)
        for lever, step in ((mix[0], -by), (mix[1], by)):
            made[lever.path] = round(lever.value - lever.less + step, 6)
    return name, made


@settings(max_examples=12)
@given(changes())
def test_changes_are_a_file_that_loads_to_the_same_scenario(asked: tuple[str, dict[str, float]]) -> None:
    name, made = asked
    base = load(f"example:{name}")
    text = say.document(base, made)
    try:
        there = say.changed(base, made)
    except ScenarioError as refused:  # another mix that starts from the plan's may not bear it
        with pytest.raises(ScenarioError) as told:
            load_text(text, base.file)
        assert [each.path for each in told.value.problems] == [each.path for each in refused.problems]
        return
    again = load_text(text, base.file)
    assert again.scenario == there.scenario
    numbers = again.quantities()
    for path, value in made.items():
        assert numbers[path].value == pytest.approx(value, abs=1e-9)
    stated = [line for line in text.splitlines() if line.strip()]
    assert len(stated) <= 8 + 8 * len(made)  # what differs, and nothing else
    others = {path: each.value for path, each in base.quantities().items() if path not in made}
    assert {path: numbers[path].value for path in others} == others


def test_no_change_is_a_file_of_three_lines_at_most(tab: Served) -> None:
    text = tab.post("/api/text", {"file": DEYANG, "changes": {}}).data["text"]
    assert text.splitlines() == ["dabiao: 1", 'extends: "example:deyang-2022/baseline.yaml"']


def test_a_scenario_is_not_written_over_by_another_of_its_names(tmp_path: Path) -> None:
    """Where capital letters do not count, or by a link, two names are one file."""
    desk = Desk(tmp_path)
    desk.save(DEYANG, {}, "base.yaml")
    before = (tmp_path / "base.yaml").read_bytes()
    for name, link in (("Base.yaml", os.link), ("also.yaml", os.symlink)):
        link(tmp_path / "base.yaml", tmp_path / name)
        with pytest.raises(DabiaoError):
            desk.save("base.yaml", {"investment.growth": 9}, name, over=True)
        assert (tmp_path / name).read_bytes() == before
    with pytest.raises(ScenarioError) as told:
        desk.save("base.yaml", {}, "folder/new.yaml")
    assert [each.path for each in told.value.problems] == ["name"]


def test_of_two_that_save_at_once_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two servers of one folder: neither sees the file of the other before it writes its own."""
    monkeypatch.setattr(os.path, "lexists", lambda _: False)
    desks = Desk(tmp_path), Desk(tmp_path)
    desks[0].save(DEYANG, {"investment.growth": 5}, "a.yaml")
    first = (tmp_path / "a.yaml").read_bytes()
    with pytest.raises(DabiaoError, match="already"):
        desks[1].save(DEYANG, {"investment.growth": 6}, "a.yaml")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a.yaml": first}


def test_a_scenario_is_listed_whatever_its_editor_put_before_it(tmp_path: Path) -> None:
    text = "dabiao: 1\r\ntitle: {en: x}\r\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        (tmp_path / f"{encoding}.yaml").write_bytes(text.encode(encoding))
    assert {f"{one}.yaml" for one in ("utf-8", "utf-8-sig", "utf-16")} <= set(Desk(tmp_path).files())


def test_a_name_that_goes_round_in_a_circle_is_not_written(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.save(DEYANG, {}, "a.yaml")
    desk.save("a.yaml", {"investment.growth": 9}, "b.yaml")
    before = (tmp_path / "a.yaml").read_bytes()
    with pytest.raises(ScenarioError):
        desk.save("b.yaml", {}, "a.yaml", over=True)
    with pytest.raises(DabiaoError):
        desk.save("b.yaml", {}, "b.yaml", over=True)
    assert (tmp_path / "a.yaml").read_bytes() == before
    assert load(tmp_path / "b.yaml").quantities()["investment.growth"].value == 9


# ---------------------------------------------------------------------------------------------- tabs and old
def test_two_tabs_do_not_meet(server: Served) -> None:
    one, two = (Served(server.port, server.root, server.service, tab=name) for name in ("one", "two"))
    found: dict[str, Any] = {}

    def ask(tab: Served, growth: float) -> None:
        found[tab.tab] = tab.plan(DEYANG, {"investment.growth": growth}).data

    threads = [Thread(target=ask, args=each) for each in ((one, 5.0), (two, 11.0))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[name]["changes"]["investment.growth"] for name in ("one", "two")] == [5.0, 11.0]
    grown = [found[name]["totals"][1]["growth"] for name in ("one", "two")]
    assert grown == ["5.00", "11.00"]


def test_a_newer_plan_ends_the_older_one_of_its_tab_alone(server: Served) -> None:
    one, two = (Served(server.port, server.root, server.service, tab=name) for name in ("old", "other"))
    found: list[Any] = []

    def ask(tab: Served, growth: float) -> None:
        found.append((growth, tab.plan(DEYANG, {"investment.growth": growth}).data))

    threads = []
    with server.service.desk._studying:  # nothing is answered before all were asked
        for tab, growth in ((one, 7.1), (two, 7.2), (one, 7.3), (one, 7.4)):
            threads.append(Thread(target=ask, args=(tab, growth)))
            threads[-1].start()
            time.sleep(0.15)
    for thread in threads:
        thread.join()
    stale = {growth for growth, data in found if data.get("stale")}
    assert 7.3 in stale and 7.1 in stale
    assert not stale & {7.2, 7.4}


def test_an_older_question_that_comes_late_is_stale(tab: Served) -> None:
    asked = {"file": DEYANG, "changes": {}, "lang": "en", "tab": tab.tab}
    assert "verdict" in tab.post("/api/plan", asked | {"seq": 5}).data
    late = {"changes": {"investment.growth": 8.5}, "seq": 4}
    assert tab.post("/api/plan", asked | late).data == {"stale": True}
    assert tab.post("/api/glance", asked | {"moved": {}, "seq": 4}).data == {"stale": True}


def test_a_file_that_is_changed_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dabiao.results.workbench import desk

    def text(growth: float) -> str:
        return f"dabiao: 1\nextends: {DEYANG}\nassumption: x\ninvestment: {{growth: {growth}}}\n"

    def slow(file: str | Path, **more: Any) -> Any:
        loaded = load(file, **more)
        (tmp_path / "a.yaml").write_text(text(7))
        return loaded

    (tmp_path / "a.yaml").write_text(text(5))
    asked = Desk(tmp_path)
    monkeypatch.setattr(desk, "load", slow)
    assert asked.base("a.yaml").quantities()["investment.growth"].value == 5
    assert asked.base("a.yaml").quantities()["investment.growth"].value == 7
    assert asked.base("a.yaml") is asked.base("a.yaml")


def test_a_file_that_was_changed_is_read_again(tab: Served) -> None:
    tab.service.desk.save(DEYANG, {"investment.growth": 5}, "again.yaml")
    before = tab.plan("again.yaml").data["totals"][1]["growth"]
    tab.service.desk.save(DEYANG, {"investment.growth": 12}, "again.yaml", over=True)
    assert (before, tab.plan("again.yaml").data["totals"][1]["growth"]) == ("5.00", "12.00")


# --------------------------------------------------------------------------------------------- what is wrong
@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"investment.growth": "much"}, "investment.growth"),
        ({"investment.growth": 1e9}, "investment.growth"),
        ({"investment.growht": 3}, "investment.growht"),
        ({"mixes.plan.shares.services": 90}, "mixes.plan.shares"),
        ({"investment.growth": [1, 2]}, "investment.growth"),
        ({"investment.growth": True}, "investment.growth"),
        ({"a" * 500: 1}, "a" * 400),
        ({".".join("a" * 40): 1}, ".".join("a" * 40)),
        ({"investment..growth": 1}, "investment..growth"),
        ({"extends": "example:china-2023/priors.yaml"}, "extends"),
        (
            {"targets.gdp_growth.ensure": 6, "targets.gdp_growth.ensure.value": 7},
            "targets.gdp_growth.ensure.value",
        ),
        ({"targets.gdp_growth.ensure": 6, "targets": 5}, "targets.gdp_growth.ensure"),
        ({"dabiao": 2}, "dabiao"),
    ],
)
def test_a_wrong_value_is_told_at_its_path(tab: Served, changed: dict[str, Any], at: str) -> None:
    problems = tab.plan(DEYANG, changed).problems
    assert at in problems and all(problems.values())


def test_all_wrong_values_are_told_at_once(tab: Served) -> None:
    told = tab.plan(DEYANG, {"investment.growth": "much", "years.base": "once", "nothing.of": 1}).problems
    assert {"investment.growth", "years.base"} <= set(told) and len(told) >= 3


@pytest.mark.parametrize(
    ("path", "asked", "at"),
    [
        ("plan", {"file": 3}, "file"),
        ("plan", {"file": DEYANG, "changes": [1]}, "changes"),
        ("plan", {"file": DEYANG, "seq": "x"}, "seq"),
        ("plan", {"file": DEYANG, "tab": {}}, "tab"),
        ("glance", {"file": DEYANG, "moved": {"investment.growth": "x"}}, "investment.growth"),
        ("job", {"task": "steal", "plans": [{"file": DEYANG}]}, "task"),
        ("job", {"task": ["run"], "plans": [{"file": DEYANG}]}, "task"),
        ("job", {"task": "run", "plans": 3}, "plans"),
        ("job", {"task": "run", "plans": [3]}, ""),
        ("job", {"task": "compare", "plans": [{"file": DEYANG}]}, "plans"),
        ("job", {"task": "report", "plans": [{"file": DEYANG}], "forms": ["exe"]}, "forms"),
        ("job", {"task": "run", "plans": [{"file": DEYANG, "changes": {"years.base": "x"}}]}, "years.base"),
        ("new", {"facts": {"region": "X"}}, "year"),
        ("new", {"facts": 3}, "facts"),
        ("new", {"facts": {"region": "X", "past": {"²": [5, 6]}}}, "past"),
        ("new", {"facts": {"region": "X", "past": {"1" * 5000: [5, 6]}}}, "past"),
    ],
)
def test_a_question_of_another_shape_is_told_what_was_expected(
    tab: Served, path: str, asked: dict[str, Any], at: str
) -> None:
    assert at in tab.post(f"/api/{path}", asked).problems


HALF = b'{"file": "example:deyang-2022", "title": "\\ud800", "name": "a.yaml", "facts": {"x": "\\udfff"}}'
"""Half a character, which no file could hold."""


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"3", b'"x"', b"\xff\xfe", b"[" * 100_000, HALF])
def test_what_is_no_question_is_refused(tab: Served, body: bytes) -> None:
    for path in ("plan", "glance", "save", "job", "text", "book", "new"):
        assert tab.ask("POST", f"/api/{path}", body).status == 400


# ----------------------------------------------------------------------------------- the folder and no other
AWAY = [
    "../secret.yaml",
    "..",
    "a/../../secret.yaml",
    "/etc/passwd",
    "/etc/passwd.yaml",
    "//host/share/a.yaml",
    "C:/secret.yaml",
    "C:\\secret.yaml",
    "..\\secret.yaml",
    "a\0.yaml",
    "a.yaml\0.txt",
    "a\n.yaml",
    ".hidden.yaml",
    "~/a.yaml",
    "a.yaml/",
    "",
    "passwd",
    "a.py",
    "x" * 300 + ".yaml",
    "a/" * 2000 + "a.yaml",
    "example:" + "x" * 5000,
    "example:..\\secret.yaml",
    "example:/etc/hostname",
    "out/secret.yaml",
    "link.yaml",
]


@pytest.fixture
def fenced(tmp_path: Path) -> Iterator[Served]:
    """A folder with links that lead out of it, and a secret beside it."""
    root = tmp_path / "served"
    root.mkdir()
    (tmp_path / "secret.yaml").write_text("dabiao: 1\nextends: example:deyang-2022\ntitle: {en: hush}\n")
    (root / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (root / "out").symlink_to(tmp_path)
    with serving(root) as begun:
        yield begun


def test_no_name_leads_out_of_the_folder(fenced: Served, tmp_path: Path) -> None:
    stood, secret = fenced.files(), (tmp_path / "secret.yaml").read_bytes()
    for name in AWAY:
        for said in (
            fenced.plan(name),
            fenced.post("/api/text", {"file": name}),
            fenced.post("/api/save", {"file": DEYANG, "name": name}),
            fenced.post("/api/save", {"file": DEYANG, "name": name, "over": True}),
            fenced.post("/api/job", {"task": "run", "plans": [{"file": name}]}),
        ):
            assert said.status == 422 and b"hush" not in said.body, name
    assert not any(
        "secret" in each or "link" in each for each in fenced.ask("GET", "/api/start").data["files"]
    )
    assert fenced.files() == stood
    assert (tmp_path / "secret.yaml").read_bytes() == secret


@pytest.mark.parametrize(
    "name",
    [
        "../up.yaml",
        "%2e%2e/up.yaml",
        "%2e%2e%2fup.yaml",
        "..%5cup.yaml",
        "%252e%252e%252fup.yaml",
        "%00.yaml",
        "a%00.yaml",
        "C%3A%5Cup.yaml",
        "%2fetc%2fup.yaml",
        "out/up.yaml",
        "link.yaml",
        "up.exe",
    ],
)
def test_a_file_that_is_brought_in_stays_in(fenced: Served, tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.rglob("*")), (tmp_path / "secret.yaml").read_bytes()
    data = b"dabiao: 1\nextends: example:deyang-2022\n"
    for more in ("", "?over=true"):
        assert fenced.ask("PUT", f"/api/files/{name}{more}", data).status in (404, 422)
    assert (sorted(tmp_path.rglob("*")), (tmp_path / "secret.yaml").read_bytes()) == before


@pytest.mark.parametrize(
    "text",
    [
        "extends: ../secret.yaml\n",
        "extends: out/secret.yaml\n",
        "extends: link.yaml\n",
        "extends: /etc/hostname\n",
        "extends: example:deyang-2022\nindicators: {use: ../secret.yaml}\n",
        "extends: example:deyang-2022\nhistory: ../history.csv\n",
    ],
)
def test_no_scenario_reads_what_stands_outside(fenced: Served, tmp_path: Path, text: str) -> None:
    (tmp_path / "history.csv").write_text("year,hush\n2020,1\n")
    (tmp_path / ".dabiao").touch()  # for the command line all of it is one project
    said = fenced.ask("PUT", "/api/files/in.yaml", f"dabiao: 1\n{text}".encode())
    assert said.status == 422 and b"hush" not in said.body
    (fenced.root / "own.yaml").write_text(f"dabiao: 1\n{text}")
    for said in (fenced.plan("own.yaml"), fenced.post("/api/text", {"file": "own.yaml"})):
        assert said.status == 422 and b"hush" not in said.body


def test_only_pieces_of_the_page_are_static(tab: Served) -> None:
    for name in ("../app.py", "..%2fapp.py", "%2e%2e/app.py", "app.py", "", "/etc/passwd", "bench.html%00"):
        assert tab.ask("GET", f"/static/{name}").status == 404


# ---------------------------------------------------------------------------------------- what is brought in
BOMB = "dabiao: 1\nx0: &x0 [1, 1]\n" + "".join(
    f"x{at}: &x{at} [{', '.join([f'*x{at - 1}'] * 9)}]\n" for at in range(1, 14)
)


def zipped(size: int) -> bytes:
    """A workbook whose one sheet is a great deal of nothing."""
    import io
    import zipfile

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.yaml", b""),
        ("text.yaml", b"hello"),
        ("list.yaml", b"- 1\n- 2\n"),
        ("deep.yaml", b"dabiao: 1\nx: " + b"[" * 5000),
        ("bomb.yaml", BOMB.encode()),
        ("python.yaml", b"dabiao: 1\ntitle: !!python/object/apply:os.system ['touch /tmp/never']\n"),
        ("nul.yaml", b"dabiao: 1\x00\n"),
        ("binary.yaml", bytes(range(256))),
        ("loop.yaml", b"dabiao: 1\nextends: loop.yaml\n"),
        ("none.xlsx", b"no workbook"),
        ("cut.xlsx", zipped(1000)[:-30]),
        ("bomb.xlsx", zipped(400_000_000)),
        ("bare.xlsx", zipped(10)),
    ],
)
def test_what_is_no_scenario_is_told_and_not_written(tab: Served, name: str, data: bytes) -> None:
    before, began = tab.files(), time.monotonic()
    said = tab.ask("PUT", f"/api/files/{name}", data)
    assert said.problems and time.monotonic() - began < 10
    assert tab.files() == before


def test_what_is_too_large_is_not_taken_in(tab: Served) -> None:
    before = tab.files()
    for name in ("large.yaml", "large.xlsx"):
        assert tab.ask("PUT", f"/api/files/{name}", b"#" * 6_000_000).problems
    assert tab.ask("POST", "/api/plan", b" " * 3_000_000).status == 413
    assert tab.files() == before


def test_a_workbook_of_ours_comes_back_as_the_same_scenario(tab: Served) -> None:
    changed = {"investment.growth": 9.5}
    book = tab.post("/api/book", {"file": DEYANG, "changes": changed, "lang": "en"})
    assert book.headers["content-type"].startswith("application/vnd.openxmlformats")
    brought = tab.ask("PUT", "/api/files/brought.xlsx", book.body)
    assert brought.data["file"] == "brought.xlsx" and "brought.xlsx" in brought.data["files"]
    assert tab.plan("brought.xlsx").data["targets"] == tab.plan(DEYANG, changed).data["targets"]


def test_nothing_is_written_over_unless_asked(tab: Served) -> None:
    save = {"file": DEYANG, "changes": {"investment.growth": 5}, "name": "mine.yaml"}
    assert tab.post("/api/save", save).status == 200
    first = (tab.root / "mine.yaml").read_bytes()
    other = save | {"changes": {"investment.growth": 6}}
    for over in ({}, {"over": False}, {"over": 1}, {"over": "true"}):
        assert tab.post("/api/save", other | over).problems
    assert tab.ask("PUT", "/api/files/mine.yaml", b"dabiao: 1\nextends: example:deyang-2022\n").problems
    assert (tab.root / "mine.yaml").read_bytes() == first
    assert tab.post("/api/save", other | {"over": True}).status == 200
    assert (tab.root / "mine.yaml").read_bytes() != first
    assert tab.post("/api/save", save | {"name": "mine.xlsx"}).problems
    assert tab.post("/api/save", save | {"changes": {"investment.growth": "x"}, "name": "x.yaml"}).problems
    assert not (tab.root / "x.yaml").exists()


def test_half_a_file_is_never_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path)
    desk.save(DEYANG, {"investment.growth": 5}, "a.yaml")
    first = (tmp_path / "a.yaml").read_bytes()

    def full(self: Path, data: bytes) -> int:
        with open(self, "wb") as file:
            file.write(data[:10])
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "write_bytes", full)
    for name in ("a.yaml", "b.yaml"):
        with pytest.raises(DabiaoError):
            desk.save(DEYANG, {"investment.growth": 7}, name, over=name == "a.yaml")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a.yaml": first}


def test_a_region_of_ones_own_begins_in_a_folder_of_its_own(tab: Served) -> None:
    facts = {"region": "临江市", "english": "Linjiang", "year": 2023, "gdp": 1000, "primary": 100}
    facts |= {"industry": 400, "construction": 80, "ensure": 6}
    made = tab.post("/api/new", {"facts": facts})
    assert made.data["file"] in made.data["files"]
    assert tab.plan(made.data["file"]).data["verdict"]
    assert tab.post("/api/new", {"facts": facts}).problems  # it stands there already


# ----------------------------------------------------------------------------------------------- who may ask
POSTS = {"/api/plan": {"file": DEYANG}, "/api/save": {"file": DEYANG, "name": "stolen.yaml"}}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-dabiao": "1", "origin": "http://evil.example"},
        {"x-dabiao": "1", "origin": "null"},
        {"x-dabiao": "1", "origin": "http://127.0.0.1:1"},
        {"x-dabiao": "1", "sec-fetch-site": "cross-site"},
        {"x-dabiao": "1", "sec-fetch-site": "same-site"},
        {"x-dabiao": "1", "host": "evil.example"},
        {"x-dabiao": "1", "host": "127.0.0.1.evil.example"},
        {"x-dabiao": "1", "host": ""},
    ],
)
def test_another_site_is_refused(tab: Served, headers: dict[str, str]) -> None:
    for path, asked in POSTS.items():
        assert tab.ask("POST", path, json.dumps(asked).encode(), headers).status == 403
    assert tab.ask("PUT", "/api/files/stolen.yaml", b"dabiao: 1\n", headers).status == 403
    assert tab.ask("DELETE", "/api/job/x", None, headers).status == 403
    assert tab.ask("OPTIONS", "/api/plan", None, headers).status in (403, 405)
    if set(headers) - {"x-dabiao"}:
        assert tab.ask("GET", "/api/start", None, headers).status == 403
    assert not (tab.root / "stolen.yaml").exists()


def test_our_own_page_is_answered(tab: Served) -> None:
    own = f"127.0.0.1:{tab.port}"
    for headers in (
        PAGE,
        PAGE | {"origin": f"http://{own}", "sec-fetch-site": "same-origin"},
        PAGE | {"host": f"localhost:{tab.port}", "origin": f"http://localhost:{tab.port}"},
    ):
        assert tab.ask("POST", "/api/text", json.dumps({"file": DEYANG}).encode(), headers).status == 200


def test_another_address_asks_for_the_token(tmp_path: Path) -> None:
    with serving(tmp_path, token="the-token") as begun:
        page = begun.ask("GET", "/?token=the-token", None, {})
        cookie = page.headers["set-cookie"]
        assert page.status == 200 and "httponly" in cookie.lower() and "samesite=strict" in cookie.lower()
        held = PAGE | {"cookie": cookie.partition(";")[0]}
        body = json.dumps({"file": DEYANG}).encode()
        assert begun.ask("POST", "/api/text", body, held).status == 200
        for wrong in ("", "?token=", "?token=the-toke", "?token=the-token2", "?token=%E6%A0%87"):
            for path in ("/", "/api/start", "/static/bench.html", "/columns.css"):
                assert begun.ask("GET", path + wrong, None, {}).status == 403
        for cookie in ("dabiao_token=", "dabiao_token=no", "dabiao_token=\xe9", "other=the-token"):
            assert begun.ask("POST", "/api/text", body, PAGE | {"cookie": cookie}).status == 403


def test_a_server_begun_anew_lets_in_whoever_has_its_token(tmp_path: Path) -> None:
    """Cookies know no port and outlive a server: that of another one does not stand in the way."""
    cookies = []
    for token in ("first", "second"):
        with serving(tmp_path, token=token) as begun:
            page = begun.ask("GET", f"/?token={token}", None, {"cookie": "; ".join(cookies)})
            assert page.status == 200
            cookies.append(page.headers["set-cookie"].partition(";")[0])
            assert begun.ask("GET", "/api/start", None, {"cookie": "; ".join(cookies)}).status == 200
            assert begun.ask("GET", "/api/start", None, {"cookie": cookies[0]}).status == (
                200 if token == "first" else 403
            )
    assert cookies[0].partition("=")[0] != cookies[1].partition("=")[0]


def test_the_token_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    import secrets

    from dabiao.results.workbench.app import Guard
    from starlette.requests import Request

    asked: list[tuple[bytes, bytes]] = []
    true = secrets.compare_digest
    monkeypatch.setattr(secrets, "compare_digest", lambda a, b: asked.append((a, b)) or true(a, b))
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"token=x"}
    guard = Guard(lambda *_: None, frozenset(["*"]), "right")  # type: ignore[arg-type,return-value]
    assert guard.refused(Request(scope | {"headers": [(b"host", b"a")]}))
    assert asked == [(b"x", b"right")]


def test_every_answer_keeps_the_browser_in(tab: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("<b>ours</b>")

    monkeypatch.setattr(screen, "whole", broken)
    answers = [
        tab.ask("GET", "/"),
        tab.ask("GET", "/static/bench.html"),
        tab.ask("GET", "/columns.css"),
        tab.ask("GET", "/api/start"),
        tab.ask("GET", "/nowhere"),
        tab.ask("GET", "/api/job/none"),
        tab.ask("POST", "/api/plan", b"{"),
        tab.ask("POST", "/api/plan", b"{}", {}),
        tab.post("/api/text", {"file": DEYANG}),
        tab.post("/api/text", {"file": "none.yaml"}),
        tab.plan(DEYANG, {"investment.growth": 8.25}),
    ]
    assert [each.status for each in answers[-2:]] == [422, 500]
    assert answers[-1].data["problems"] and b"ours" not in answers[-1].body
    for each in answers:
        policy = each.headers["content-security-policy"]
        assert (
            "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        )
        assert each.headers["x-content-type-options"] == "nosniff"
        assert each.headers["referrer-policy"] == "no-referrer"
        assert "server" not in each.headers and "access-control-allow-origin" not in each.headers


WIDTHS = r"min-width:\d+px;max-width:\d+px"
"""All that a picture says of its style: the page sets it by script, as its policy asks."""


def test_what_a_scenario_says_is_no_html(tab: Served) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'&"
    named = json.dumps({"zh": evil, "en": evil}, ensure_ascii=False)
    base = load(DEYANG).scenario
    text = f"dabiao: 1\nextends: {DEYANG}\ntitle: {named}\n"
    text += "sectors:\n" + "".join(f"  {key}: {{title: {named}}}\n" for key in base.sectors)
    text += "targets:\n" + "".join(f"  {key}: {{title: {named}}}\n" for key in base.targets)
    text += "mixes:\n" + "".join(f"  {key}: {{title: {named}}}\n" for key in base.mixes)
    text += "limits:\n" + "".join(f"  {key}: {{title: {named}}}\n" for key in base.limits)
    (tab.root / "evil.yaml").write_text(text, encoding="utf-8")
    job = tab.job("run", ("evil.yaml", {}))
    whole = tab.plan("evil.yaml").data
    glance = tab.glance("evil.yaml", moves("deyang-2022/baseline")[0]).data
    pieces = [each["svg"] for said in (whole, glance) for each in said["pictures"].values()]
    done = tab.followed(job)[-1]["done"]
    pieces += [done["front"], *(each["html"] for each in done["chapters"])]
    for piece in pieces:
        for tag, attributes in Page(piece).tags:
            assert tag not in ("img", "script", "iframe", "object", "style", "link", "base", "form")
            assert not [name for name in attributes if name.startswith("on")]
            assert re.fullmatch(WIDTHS if tag == "svg" else "", attributes.get("style", ""))
            assert all("javascript:" not in value for name, value in attributes.items() if name == "href")
    assert sum("&lt;img" in piece for piece in pieces) > 3


# ------------------------------------------------------------------------------------------------------ jobs
def test_a_job_tells_how_far_it_is(tab: Served) -> None:
    told = tab.followed(tab.job("run", (SMALL, {})))
    steps = [each["step"] for each in told]
    assert steps == sorted(steps) and steps[-1] == told[-1]["steps"] == 8
    assert {"draws", "verdicts", "price"} <= {each["stage"] for each in told}
    with_error = next(each for each in told if each["error"] is not None)
    assert 0 <= with_error["error"] < 0.5 and 0 < with_error["draws"] <= with_error["most"]
    assert told[-1]["state"] == "done" and told[-1]["seconds"] > 0


def test_a_newer_job_ends_the_older_one_of_its_tab(server: Served) -> None:
    one, two = (Served(server.port, server.root, server.service, tab=name) for name in ("j1", "j2"))
    old, other = one.job("run", (SMALL, {})), two.job("run", (SMALL, {}))
    new = one.job("run", (SMALL, {"investment.growth": 9}))
    assert one.ask("GET", f"/api/job/{old['job']}").data["state"] == "cancelled"
    assert one.followed(new)[-1]["state"] == "done"
    assert two.followed(other)[-1]["state"] == "done"


def test_a_job_is_ended_when_asked(tab: Served) -> None:
    job = tab.job("run", (SMALL, {}))
    assert tab.ask("DELETE", f"/api/job/{job['job']}").data["state"] == "cancelled"
    assert tab.followed(tab.job("run", (SMALL, {})))[-1]["state"] == "done"


def test_a_process_that_is_killed_is_told(tab: Served) -> None:
    job = tab.job("run", (SMALL, {}), lang="zh")
    while job["job"] not in (working := tab.service.jobs._working):
        time.sleep(0.01)
    working[job["job"]].process.kill()
    last = tab.followed(job, 5)[-1]
    assert last["state"] == "failed" and last["problems"][0]["text"]
    assert tab.followed(tab.job("run", (SMALL, {})))[-1]["state"] == "done"


def test_a_report_is_downloaded_and_cleared_away(tab: Served) -> None:
    job = tab.job("report", (SMALL, {"investment.growth": 9}), forms=["excel", "markdown"])
    done = tab.followed(job)[-1]
    assert done["state"] == "done", done["problems"]
    folder = tab.service.jobs.of(job["job"]).folder
    for name in done["done"]["files"]:
        found = tab.ask("GET", f"/api/job/{job['job']}/{name}")
        assert found.status == 200 and found.body == (folder / name).read_bytes()
        assert "attachment" in found.headers["content-disposition"]
        assert found.headers["x-content-type-options"] == "nosniff"
    for name in ("..%2f..%2fetc%2fpasswd", "other.txt", "%2e%2e"):
        assert tab.ask("GET", f"/api/job/{job['job']}/{name}").status == 404
    ended = tab.job("report", (SMALL, {}), forms=["excel"])
    place = tab.service.jobs.of(ended["job"]).folder
    tab.ask("DELETE", f"/api/job/{ended['job']}")
    for _ in range(200):
        if not place.exists():
            break
        time.sleep(0.01)
    assert not place.exists() and folder.exists()


def test_no_more_jobs_wait_than_can_be_seen_to(tab: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    from dabiao.results.workbench import jobs

    monkeypatch.setattr(jobs, "MOST_WAITING", 3)
    pages = [Served(tab.port, tab.root, tab.service, tab=f"{tab.tab}-{at}") for at in range(3)]
    begun = [page.job("run", (SMALL, {})) for page in pages]
    asked = {"task": "run", "plans": [{"file": SMALL}], "tab": "one too many"}
    assert tab.post("/api/job", asked).problems
    again = pages[0].job("run", (SMALL, {}))  # in the place of its own older one
    for page, job in zip(pages, [again, *begun[1:]], strict=True):
        page.ask("DELETE", f"/api/job/{job['job']}")
    assert tab.post("/api/job", asked).status == 200


def test_a_report_has_room_after_the_folder_was_cleared(tab: Served) -> None:
    import shutil

    shutil.rmtree(tab.service.jobs.home)
    assert tab.followed(tab.job("report", (SMALL, {}), forms=["markdown"]))[-1]["state"] == "done"


def test_plans_are_compared(tab: Served) -> None:
    told = tab.followed(tab.job("compare", (SMALL, {}), (SMALL, {"investment.growth": 9})))
    assert told[-1]["state"] == "done", told[-1]["problems"]
    assert told[-1]["steps"] == 12 and told[-1]["done"]["chapters"]


def test_nothing_goes_on_when_the_server_stops(tmp_path: Path) -> None:
    small(tmp_path)
    with serving(tmp_path) as begun:
        begun.job("report", (SMALL, {}), forms=["excel"])
        jobs = begun.service.jobs
        while not jobs._working:
            time.sleep(0.01)
        processes = [each.process for each in [*jobs._idle, *jobs._working.values()]]
        assert processes and jobs.home.is_dir()
    for process in processes:
        process.wait(5)
    assert not jobs.home.exists()
    assert [each.name for each in tmp_path.iterdir()] == [SMALL]


@pytest.mark.skipif(os.name == "nt", reason="processes are ended otherwise there")
def test_a_worker_ends_with_whoever_started_it() -> None:
    from dabiao.results.workbench.jobs import _Worker

    worker = _Worker()
    writer, _ = worker.pipes()
    task = {"task": "run", "lang": "en", "root": ".", "plans": [{"file": DEYANG, "changes": {}}]}
    writer.write(json.dumps(task) + "\n")
    writer.flush()
    time.sleep(1.5)
    assert worker.alive
    writer.close()
    assert worker.process.wait(3) == 0
    worker.closed()


def test_a_module_of_the_folder_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json.py", "numpy.py", "dabiao.py"):
        (tmp_path / name).write_text("raise SystemExit('never')")
    small(tmp_path)
    monkeypatch.chdir(tmp_path)
    with serving(tmp_path) as begun:
        assert begun.followed(begun.job("run", (SMALL, {})))[-1]["state"] == "done"


@pytest.mark.skipif(os.name == "nt", reason="processes are ended otherwise there")
@pytest.mark.parametrize("way", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_it_ends_in_order_though_somebody_never_ends_his_question(tmp_path: Path, way: str) -> None:
    """By Ctrl-C, by whoever watches over it, with the window it was started in: nothing is left of it."""
    import signal
    import socket
    import subprocess
    import sys

    import dabiao

    command = [
        sys.executable,
        "-m",
        "dabiao.cli.main",
        "serve",
        ".",
        "--port",
        "0",
        "--no-browser",
        "--quiet",
    ]
    own = [str(Path(dabiao.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    small(tmp_path)
    left = tmp_path / "left"
    left.mkdir()
    server = subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(own), "TMPDIR": str(left)},
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )
    try:
        assert server.stdout is not None
        port = int(re.findall(r":(\d+)/", server.stdout.readline())[0])
        links = [socket.create_connection(("127.0.0.1", port)) for _ in HALVES]
        for link, half in zip(links, HALVES, strict=True):
            link.sendall(half)
        Served(port, tmp_path, None).job("report", (SMALL, {}), forms=["excel"])
        assert any(left.iterdir())
        server.send_signal(getattr(signal, way))
        _, said = server.communicate(timeout=10)
        assert "Traceback" not in said and not any(left.iterdir())
        for link in links:
            link.close()
    finally:
        server.kill()
        server.wait()


HALVES = (
    b"POST /api/text HTTP/1.1\r\nHost: 127.0.0.1\r\nx-dabiao: 1\r\nContent-Length: 9\r\n\r\n{",
    b"GET / HT",
)
"""Questions that never end."""


def test_files_are_listed_with_their_titles_and_odd_ones_without(tmp_path: Path) -> None:
    bomb = "title:\n  - &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"  - &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
    )
    for name, text in {
        "one.yaml": "dabiao: 1\ntitle: {zh: 甲方案, en: Plan A}\n",
        "two.yaml": "dabiao: 1\ntitle:\n  zh: 乙方案\n  en: Plan B\n",
        "plain.yaml": "dabiao: 1\ntitle: <b>C</b>\n",
        "bomb.yaml": "dabiao: 1\n" + bomb,
        "broken.yaml": "dabiao: 1\ntitle: {zh: [\n",
        "none.yaml": "dabiao: 1\n",
        "deep.yaml": "dabiao: 1\ntitle: " + "[" * 3000 + "\n",
        "date.yaml": "dabiao: 1\ntitle: 2024-99-99\n",
        "hour.yaml": "dabiao: 1\ntitle: 2024-01-01T25:00:00\n",
        "digits.yaml": "dabiao: 1\ntitle: 0b_\n",
        "tag.yaml": "dabiao: 1\ntitle: !!timestamp x\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    desk = Desk(tmp_path)
    names = desk.files()
    own = {name: desk.titles(names, "en").get(name) for name in names if not name.startswith("example:")}
    assert own == {
        "bomb.yaml": None,
        "broken.yaml": None,
        "date.yaml": "2024-99-99",
        "deep.yaml": None,
        "digits.yaml": "0b_",
        "hour.yaml": "2024-01-01T25:00:00",
        "none.yaml": None,
        "tag.yaml": "x",
        "one.yaml": "Plan A",
        "plain.yaml": "<b>C</b>",
        "two.yaml": "Plan B",
    }
    for lang in ("zh", "en"):
        titles = desk.titles(names, lang)
        assert {f"example:{name}" for name in examples()} <= set(titles)
        assert titles["example:deyang-2022"] == load(DEYANG).scenario.title.of(lang)


def test_headings_hold_nothing_that_no_page_may_hold() -> None:
    column = Column("mix", Bilingual.same("Ste\x07el\u202e mix"))
    table = Table("mixes", Bilingual.same("Mixes"), (column,), (("a",),))
    assert screen.heads(table, "en", {"mix"}) == {"mix": "Steel mix"}


@pytest.mark.skipif(os.name == "nt", reason="processes are known otherwise there")
def test_downloads_of_servers_that_are_gone_go_after_an_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dabiao.results.workbench import jobs

    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old = [tmp_path / f"dabiao-serve-{owner}-x" for owner in (gone.pid, os.getpid(), "odd")]
    young = tmp_path / f"dabiao-serve-{gone.pid}-y"
    for folder in (*old, young):
        (folder / "in").mkdir(parents=True)
    for folder in old:
        os.utime(folder, (time.time() - 4_000, time.time() - 4_000))
    own = jobs._home()
    assert {*tmp_path.iterdir()} == {own, young, old[1]}, "what runs keeps its own, and what is young may"
