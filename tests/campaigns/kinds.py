"""Every kind of file that the product reads: right ones to start from, and how it is read."""

from __future__ import annotations

import io
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import campaign
import spoil
from city import CITY
from command import call
from dabiao.scenarios.files import shipped
from dabiao.scenarios.load import load
from dabiao.scenarios.report import Report

TESTS = campaign.ROOT / "tests"
YAML = (spoil.spoilt_text, spoil.spoilt_tree, spoil.spoilt_tree)
TABLE = (spoil.spoilt_cells, spoil.spoilt_cells, spoil.spoilt_text)
BOOK = (spoil.spoilt_archive,)
JSON = (spoil.spoilt_json, spoil.spoilt_json, spoil.spoilt_text)


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes
    ----------
    name
        What the file is called when it is read.
    starts
        Right files of the kind.
    read
        Reads the file as the product does; may raise what the product raises.
    beside
        Files that stand beside it, by name.
    """

    name: str
    starts: Sequence[bytes]
    read: Callable[[Path], object]
    accidents: Sequence[spoil.Accident] = TABLE
    beside: Mapping[str, bytes] = field(default_factory=dict)

    def laid(self, folder: Path) -> Path:
        """Lay the files that stand beside into a folder; where the file itself will be."""
        for name, data in self.beside.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        return folder / self.name


def _shipped(*names: str) -> list[bytes]:
    return [(shipped() / name).read_bytes() for name in names]


def _beside(name: str) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (shipped() / name).iterdir() if file.is_file()}


def _cut(text: str, part: str, then: str, new: str) -> bytes:
    start, end = text.index(f"{part}:"), text.index(f"{then}:")
    return (text[:start] + new + text[end:]).encode()


def _reported(read: Callable[[Path, Report], object]) -> Callable[[Path], object]:
    """A reader that leaves its mistakes in a report."""

    def reader(path: Path) -> object:
        report = Report()
        found = read(path, report)
        report.stop()
        return found

    return reader


def _through(scenario: str = "main.yaml") -> Callable[[Path], object]:
    """A file that is read because a scenario names it."""
    return lambda path: load(path.parent / scenario)


@cache
def _books() -> list[bytes]:
    import xlsxwriter
    from dabiao.results.forms.excel.converted import scenario_book

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet("项目")
    for at, row in enumerate(PROJECTS.splitlines()):
        sheet.write_row(at, 0, row.split(","))
    sheet.merge_range("A9:C9", "合计")
    book.close()
    return [scenario_book(load("example:deyang-2022"), "zh"), held.getvalue()]


def _word() -> bytes:
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in REPORT.splitlines())
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as out:
        out.writestr(
            "word/document.xml", f'<w:document xmlns:w="{name}"><w:body>{body}</w:body></w:document>'
        )
    return held.getvalue()


@cache
def run_folder() -> dict[str, bytes]:
    """The files of a run."""
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "a.yaml").write_text(CITY, encoding="utf-8")
        done = call("run", f"{place}/a.yaml", "--draws", "0", "--out", f"{place}/runs")
        assert done.exit_code == 0, done.output
        folder = next((Path(place) / "runs").glob("*/*"))
        return {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in folder.rglob("*")
            if file.is_file()
        }


def _read_run(path: Path) -> None:
    """A run is read back, exported, made a report of and set beside itself."""
    from dabiao.results.compare.runs import compare
    from dabiao.results.forms.export import exchanged
    from dabiao.results.forms.interchange import Asked, stored
    from dabiao.results.write import read_run

    found = stored(path.parent, read_run)
    with found.speaking():
        for form in ("long", "iamc"):
            exchanged(form, found, Asked("en", "x"))
        compare(["a", "b"], [found.tables, found.tables])


def _read_report(path: Path) -> None:
    from dabiao.results.reports import write_report

    try:
        write_report(path.parent, path.parent.parent / "out", ("en",), ("markdown",), strict=True)
    finally:
        shutil.rmtree(path.parent.parent / "out", ignore_errors=True)


def _read_manifest(path: Path) -> None:
    from dabiao.cli.which import run_folder as which
    from dabiao.results.compare.versus import origins, reloaded, seed
    from dabiao.results.verify import verify

    verify(path.parent)
    which(path.parent)
    seed(path.parent)
    origins(path.parent)
    reloaded(path.parent)


@cache
def _ledger() -> bytes:
    import tempfile

    from dabiao.engine.sweep.ledger import Finished, Ledger
    from sweeps import dummies

    with tempfile.TemporaryDirectory() as place:
        with Ledger(Path(place)) as ledger:
            ledger.lay(lambda: dummies(6))
            ledger.finish([Finished(task.id, b"[]") for task in ledger.claim(3)])
        with sqlite3.connect(f"{place}/ledger.sqlite") as base:
            base.execute("PRAGMA journal_mode=DELETE")
            base.execute("VACUUM")
        return next(Path(place).glob("ledger.sqlite")).read_bytes()


def spoilt_base(data: bytes, rng: object) -> bytes:
    """A ledger in which cells are others."""
    import random
    import tempfile

    assert isinstance(rng, random.Random)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "x"
        file.write_bytes(data)
        base = sqlite3.connect(file)
        try:
            tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type='table'")]
            for _ in range(rng.randint(1, 3) if tables else 0):
                table = rng.choice(tables)
                columns = [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
                act, column = rng.randrange(6), rng.choice(columns)
                if act == 0:
                    base.execute(f"DROP TABLE {table}")
                    break
                if act == 1:
                    base.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO other")
                    break
                value = rng.choice(
                    [None, -1, 2**62, 0.5, "", "x", "done", "failed", "[]", b"", b"\0" * 9, b"x\x9c"]
                )
                base.execute(
                    f"UPDATE OR REPLACE {table} SET {column} = ? WHERE rowid % 2 = ?",
                    (value, rng.randrange(2)),
                )
            base.commit()
        except (sqlite3.Error, UnicodeDecodeError):
            pass
        finally:
            base.close()
        return file.read_bytes()


def _read_ledger(path: Path) -> None:
    """A sweep goes on in a folder with this ledger, and sums up."""
    from dabiao.engine.sweep.ledger import Finished, Ledger
    from dabiao.results import sweep
    from sweeps import dummies

    for name in ("-wal", "-shm"):
        Path(f"{path}{name}").unlink(missing_ok=True)
    with Ledger(path.parent) as ledger:
        ledger.lay(lambda: dummies(6))
        ledger.finish([Finished(task.id, b"[]") for task in ledger.claim(9)])
        ledger.counts()
        for entry in ledger.entries():
            assert isinstance(entry.message, dict)
        sweep.write_failures(ledger, "en")
        list(sweep.groups(ledger))


def _panel(path: Path) -> None:
    from dabiao.engine.forecast.backtest.panel import read_panel

    read_panel(path)


def _outlook(path: Path) -> None:
    from dabiao.engine.forecast.backtest.outlook import editions, read_outlooks

    found = read_outlooks(path, _whole_panel())
    for name in editions(found):
        read_outlooks(path, _whole_panel(), name)


@cache
def _whole_panel() -> object:
    from dabiao.engine.forecast.backtest.panel import read_panel

    return read_panel(shipped() / "panzhihua-2024" / "history.csv")


def _quarterly(path: Path) -> None:
    from dabiao.engine.forecast.to_date import read_quarterly

    read_quarterly(path)


def _candidates(path: Path, report: Report) -> None:
    from dabiao.scenarios import candidates as read

    quarters, money = read.budgets(path.parent / "money.csv", report)
    listed = read.candidates(path.parent / "list.csv", quarters, tuple(money), report)
    read.quotas(path.parent / "quotas.csv", tuple({each.region for each in listed}), report)


def _figures(path: Path) -> object:
    return load(shipped() / "panzhihua-2021" / "baseline.yaml", actuals=path)


def _past(path: Path, report: Report) -> None:
    from dabiao.scenarios.begin_past import read_past

    read_past(path, report)


def _text(path: Path) -> None:
    from dabiao.scenarios.target_proposal import as_yaml, read_lines
    from dabiao.scenarios.target_text import propose

    as_yaml(propose(read_lines(path)), path.name, "zh")


def _province(path: Path) -> object:
    from dabiao.scenarios.province.load import load_province

    file = path if path.suffix == ".yaml" else path.parent / "main.yaml"
    return load_province(file)


def _network(path: Path) -> object:
    from dabiao.scenarios.network_file import load_network

    return load_network(path)


def _sweep(path: Path) -> None:
    from dabiao.scenarios.sweep_file import read_sweep

    for _, _ in zip(read_sweep(path).rows(), range(50), strict=False):
        pass


PROJECTS = """\
项目名称,总投资（亿元）,建设工期（月）,开工时间,年产值（亿元）,所属行业,建设阶段,备注
电池厂,20,14,2024-03,30,工业,已批复,
冷链物流园,5.5,24,2024年6月,8,服务业,前期,县里
高标准农田,3,12,2023.9,1.2,农业,在建,
合计,28.5,,,,,,
"""
REPORT = """\
2024年政府工作报告
去年地区生产总值增长5.1%，规模以上工业增加值增长7.2%。
今年发展主要预期目标是：地区生产总值增长6%以上，力争6.5%；规模以上工业增加值增长8%，
全社会固定资产投资增长10%左右，社会消费品零售总额增长7%，一般公共预算收入增长5.5%；
城镇和农村居民人均可支配收入分别增长6%、7.5%；粮食产量稳定在26万吨；到2027年经济总量突破2000亿元。
"""
FIGURES = """\
指标,2021-03,2021-06（%）,2021年1—9月
地区生产总值,9.1,8.6%,8.2
规模以上工业增加值,10.2,9.7,9
固定资产投资,12,11,
"""
QUARTERS = "region,year,q1,q2,q3,q4\n" + "".join(
    f"{region},{year},{base + year - 2009},{base + 2 * (year - 2009)},{base + 9},{base + 12}\n"
    for region, base in (("a", 100), ("b", 60), ("c", 30))
    for year in range(2010, 2020)
)
CANDIDATES = (
    "id,region,value,quarters,earliest,latest,after,one_of,must,own\n"
    "road,east,1.5,3,2024Q1,2024Q4,,,1,6\nmill,west,2,2,,,road,g,,4\n"
)
MONEY = "quarter,own\n2024Q1,5\n2024Q2,5\n2024Q3,4\n2024Q4,3\n"
QUOTAS = "region,least,most\neast,0,2\nwest,,1\n"
MIXES = "行业,计划（%）,工业优先（%）\n农业,2,2\n工业,31,36%\n服务业,67,62\n合计,100,100\n"
YEARS = "年份,GDP增速（%）,增长目标（%）\n2021年,8.1,7.5\n2022年,3.5,—\n2023,5.0,6\n"
SWEEP = """\
title: {zh: 批, en: Batch}
scenarios: ["main.yaml"]
settings:
  low: {investment.growth: 4}
  high: {investment.growth: 8}
outlooks: {no: none}
seeds: [1, 2, 3]
draws: 64
"""
ROWS = "scenario,seed,draws,investment.growth\nmain.yaml,1,64,5\nmain.yaml,2,64,6\n"
CITIES = """\
City,GDP,Primary,Secondary,Growth (%),Target (%),Residents (万人),Lat,Lon
Alder,400,20,170,4.1,6,480,30,104
Birch,100,15,33,3.2,5,190,31,104
Cold,160,24,60,3.9,5.5,270,30,107
"""
LAKE = """\
dabiao: 1
sources: {s: {en: a made-up yearbook}}
regions:
  source: s
  title: Lakeland
  year: 2022
  parent: {gdp: 660}
  targets:
    growth: {ensure: 5, stretch: 5.4}
    gap: {at_most: 3}
  table: {rows: cities.csv}
  limits: {Alder: {most: 20}}
  trade: {rows: flows.csv, content: {value: 50, assumption: y}}
"""
FLOWS = "From,To,Amount (亿元)\nAlder,Birch,10\nCold,Alder,4\nAlder,Alder,90\n"


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its name."""
    city = CITY.encode()
    valley = {
        name: (TESTS / "scenarios_for_tests" / name).read_bytes() for name in ("valley.yaml", "answered.yaml")
    }
    listed = {"main.yaml": _cut(CITY, "projects", "mixes", "projects: {file: list.csv, assumption: x}\n")}
    mixed = {"main.yaml": _cut(CITY, "mixes", "limits", "mixes: {file: list.csv, assumption: x}\n")}
    past = {"main.yaml": city + b"history: {years: {file: list.csv, assumption: x}}\n"}
    lake = {"main.yaml": LAKE.encode(), "cities.csv": CITIES.encode(), "flows.csv": FLOWS.encode()}
    chosen = {"list.csv": CANDIDATES.encode(), "money.csv": MONEY.encode(), "quotas.csv": QUOTAS.encode()}
    run = run_folder()
    book, books = _books()
    return {
        "scenario": Kind(
            "main.yaml",
            [
                city,
                valley["answered.yaml"],
                *_shipped(
                    "deyang-2022/baseline.yaml",
                    "panzhihua-2021/half-year.yaml",
                ),
            ],
            load,
            YAML,
            valley | _beside("panzhihua-2021"),
        ),
        "plan of five years": Kind(
            "mid-term.yaml",
            _shipped("panzhihua-plan14/mid-term.yaml"),
            load,
            YAML,
            _beside("panzhihua-plan14"),
        ),
        "priors": Kind(
            "priors.yaml",
            _shipped("china-2023/priors.yaml"),
            _through(),
            YAML,
            {
                "main.yaml": CITY.replace("example:china-2023/", "").encode(),
                **{name: data for name, data in _beside("china-2023").items() if name != "priors.yaml"},
            },
        ),
        "province": Kind(
            "main.yaml",
            [LAKE.encode()],
            _province,
            YAML,
            lake | {"cities.csv": CITIES.encode()},
        ),
        "regions": Kind("cities.csv", [CITIES.encode()], _province, TABLE, lake),
        "trade": Kind("flows.csv", [FLOWS.encode()], _province, TABLE, lake),
        "sweep": Kind("many.yaml", [SWEEP.encode()], _sweep, YAML, {"main.yaml": city}),
        "sweep table": Kind("many.csv", [ROWS.encode()], _sweep, TABLE, {"main.yaml": city}),
        "process": Kind("network.yaml", _shipped("steel-mexico/network.yaml"), _network, YAML),
        "chain": Kind(
            "chain.yaml",
            _shipped("panzhihua-2024/chain.yaml"),
            _through("baseline.yaml"),
            YAML,
            _beside("panzhihua-2024"),
        ),
        "projects": Kind("list.csv", [PROJECTS.encode()], _through(), TABLE, listed),
        "mixes": Kind("list.csv", [MIXES.encode()], _through(), TABLE, mixed),
        "past": Kind("list.csv", [YEARS.encode()], _through(), TABLE, past),
        "past to begin": Kind("list.csv", [YEARS.encode()], _reported(_past), TABLE),
        "own table": Kind(
            "io2019.csv",
            _shipped("scotland-2023/io2019.csv"),
            _through("baseline.yaml"),
            TABLE,
            _beside("scotland-2023"),
        ),
        "matrix": Kind(
            "sam2015.csv",
            _shipped("ghana-2024/sam2015.csv"),
            _through("baseline.yaml"),
            TABLE,
            _beside("ghana-2024"),
        ),
        "panel": Kind(
            "panel.csv", _shipped("panzhihua-2024/history.csv", "scotland-2023/regions.csv"), _panel
        ),
        "outlook": Kind(
            "nation.csv",
            [
                b"year,release,january,october\n2019,6,6.2,6.1\n2020,2,5.5,1.9\n2021,8,8.5,8\n",
                *_shipped("scotland-2023/nation.csv"),
            ],
            _outlook,
        ),
        "quarters": Kind("quarters.csv", [QUARTERS.encode()], _quarterly),
        "figures": Kind("figures.csv", [FIGURES.encode()], _figures),
        "candidates": Kind("list.csv", [CANDIDATES.encode()], _reported(_candidates), TABLE, chosen),
        "budgets": Kind("money.csv", [MONEY.encode()], _reported(_candidates), TABLE, chosen),
        "quotas": Kind("quotas.csv", [QUOTAS.encode()], _reported(_candidates), TABLE, chosen),
        "workbook": Kind("main.xlsx", [book], load, BOOK),
        "workbook of projects": Kind(
            "list.xlsx",
            [books],
            _through(),
            BOOK,
            {"main.yaml": listed["main.yaml"].replace(b"list.csv", b"list.xlsx")},
        ),
        "work report": Kind(
            "report.txt",
            [REPORT.encode(), REPORT.encode("gb18030")],
            _text,
            (spoil.spoilt_text, spoil.spoilt_bytes),
        ),
        "work report of Word": Kind("report.docx", [_word()], _text, BOOK),
        "run": Kind(
            "run/tables.json",
            [run["tables.json"]],
            _read_run,
            JSON,
            # without the manifest, which tells that it was changed before anything else is looked at
            {f"run/{name}": data for name, data in run.items() if name != "manifest.json"},
        ),
        "report of a run": Kind(
            "run/tables.json",
            [run["tables.json"]],
            _read_report,
            JSON,
            {f"run/{name}": data for name, data in run.items()},
        ),
        "manifest": Kind(
            "run/manifest.json",
            [run["manifest.json"]],
            _read_manifest,
            JSON,
            {f"run/{name}": data for name, data in run.items()},
        ),
        "origins": Kind(
            "run/origins.json",
            [run["origins.json"]],
            _read_manifest,
            JSON,
            {f"run/{name}": data for name, data in run.items()},
        ),
        "ledger": Kind(
            "ledger.sqlite", [_ledger()], _read_ledger, (spoilt_base, spoilt_base, spoil.spoilt_bytes)
        ),
    }
