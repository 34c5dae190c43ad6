"""What the command line refuses: the words, exit code 2, and nothing written."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

import pytest
from city import CITY
from command import call
from kinds import CANDIDATES, MONEY
from writing import PANEL

FIGURES = {
    "year": "2024",
    "gdp": "1000",
    "primary": "100",
    "industry": "400",
    "construction": "80",
    "fai": "560",
    "growth": "5.2",
    "target": "5",
    "plan": "5",
}
PRIORS = ("--priors", "example:china-2023/priors.yaml")


def new(*more: str, region: str = "my", without: tuple[str, ...] = (), **other: str) -> tuple[str, ...]:
    """`simulate new` of a region whose figures are all given."""
    given = {name: value for name, value in (FIGURES | other).items() if name not in without}
    return ("new", region, *(word for name, value in given.items() for word in (f"--{name}", value)), *more)


def foreign(*more: str, **other: str) -> tuple[str, ...]:
    """The same with priors of one's own."""
    return new(
        *more, *PRIORS, "--va", "industry=400", without=("primary", "industry", "construction"), **other
    )


REFUSED = {
    "a region without a name": (new(region=" "), "The region's name is empty."),
    "another country's region without a name": (foreign(region=" "), "The region's name is empty."),
    "a year long gone": (new(year="1900"), "--year 1900: expected a year from 1950 to 2150."),
    "a year far off": (new(year="2151"), "--year 2151: expected a year from 1950 to 2150."),
    "half a year": (new(year="2024.5"), "--year 2024.5: expected a year from 1950 to 2150."),
    "a fiscal year": (new(year="2024/25"), "--year: a fiscal year needs --begins MONTH, with --priors FILE"),
    "a fiscal year of no month": (foreign(year="2024/25"), "--year: a fiscal year needs --begins MONTH"),
    "a year of the past twice": (new("--past", "2019=6/7", "--past", "2019=5"), "--past 2019: given twice."),
    "the same with priors": (foreign("--past", "2019=6/7,2019=5"), "--past 2019: given twice."),
    "a past of no form": (new("--past", "x"), "--past x: expected YEAR=GROWTH or YEAR=GROWTH/TARGET"),
    "figures missing": (new(without=("gdp", "target")), "missing: --gdp, --target. Example: simulate new"),
    "figures missing with priors": (
        ("new", "my", "--year", "2024", *PRIORS),
        "missing: --target, --gdp/--va. Example: simulate new Oregon --country USA",
    ),
    "money of no priors": (new("--currency", "EUR"), "--currency: only with --priors FILE"),
    "a scale of no priors": (new("--scale", "million"), "--scale: only with --priors FILE"),
    "accounts of no priors": (
        new("--va", "a=1", "--begins", "4", "--transfers", "3"),
        "--va, --begins, --transfers: only with --priors FILE",
    ),
    "a country of no priors": (
        new("--country", "Kenya"),
        "--country Kenya: nothing is shipped for it. Give --priors",
    ),
    "sectors of no priors with them": (
        new(*PRIORS),
        "--primary, --industry, --construction: not with --priors; give --va NAME=VALUE",
    ),
    "no sector": (foreign("--va", "x"), "--va x: expected NAME=VALUE or NAME:MODEL=VALUE, MODEL one of"),
    "a sector of no model": (foreign("--va", "a:none=1"), "--va a:none=1: expected NAME=VALUE or NAME:MODEL"),
    "no currency": (foreign("--currency", "XX"), "--currency XX: expected a code such as USD, EUR"),
    "a country without a currency": (
        foreign("--country", "Atlantis", "--scale", "million"),
        "Atlantis: its currency is not known; give --currency, such as EUR",
    ),
    "no scale": (
        foreign("--scale", "dozen", "--currency", "USD"),
        "--scale dozen: expected thousand, million, billion or a power of ten",
    ),
    "a folder that is there": (new("--out", "sub"), "sub is there already and nothing was changed"),
    "a file in its place": (new("--out", "a.yaml"), "a.yaml is there already and nothing was changed"),
    "no history": (new("--history", "none.csv"), "none.csv, which does not exist"),
    "an edition of no outlook": (
        ("backtest", "p.csv", "--edition", "2020"),
        "--edition needs --outlook FILE.",
    ),
    "years that are none": (("backtest", "p.csv", "--years", "x"), "--years x: expected FIRST-LAST"),
    "years that are too long": (
        ("backtest", "p.csv", "--years", "2010-20155"),
        "--years 2010-20155: expected",
    ),
    "no column": (("backtest", "p.csv", "--columns", "growth"), "--columns growth: expected NAME=HEADING"),
    "no year left": (("backtest", "p.csv", "--years", "2050-2060"), "no year among 2050-2060 with targets"),
    "too few years": (
        ("backtest", "short.csv"),
        "got 4 years of growth (2010-2013), expected at least 5 years: 4 to learn from and 1 to judge",
    ),
    "no chain": (
        ("optimize", "chain", "a.yaml"),
        "chains: got nothing, expected a sector with a process chain",
    ),
    "a capacity of no form": (
        ("optimize", "chain", "a.yaml", "--capacity", "mining"),
        "--capacity mining: expected PROCESS=AMOUNT",
    ),
    "a capacity below nothing": (
        ("optimize", "chain", "a.yaml", "--capacity", "mining=-1"),
        "--capacity mining=-1: expected PROCESS=AMOUNT",
    ),
    "a capacity without end": (
        ("optimize", "chain", "a.yaml", "--capacity", "mining=1e15"),
        "--capacity mining=1e15: expected PROCESS=AMOUNT",
    ),
    "a capacity of nothing": (
        ("optimize", "chain", "a.yaml", "--capacity", "=3"),
        "--capacity =3: expected PROCESS=AMOUNT",
    ),
    "one alone": (("compare", "a.yaml"), "Give at least two scenarios or run folders."),
    "a folder of nothing": (("compare", "a.yaml", "sub"), "sub  file: got a folder without baseline.yaml"),
    "near a command": (("rum", "a.yaml"), "No such command: rum. Did you mean: simulate run"),
    "near no command": (("wxyz",), "No such command: wxyz. Commands: run, compare, optimize"),
    "draws that are no multiple": (
        ("run", "a.yaml", "--draws", "17"),
        "a multiple of 16, such as 32; got 17",
    ),
    "no scenario": (("run",), "Give one scenario file, or --example NAME."),
    "two scenarios": (
        ("run", "a.yaml", "--example", "deyang-2022"),
        "Give one scenario file, or --example NAME.",
    ),
    "a province without draws": (
        ("province", "a.yaml", "--draws", "0"),
        "--draws 0: a province is told by its futures alone",
    ),
    "a curve of no target": (
        ("optimize", "required", "a.yaml", "--curve", "5:8"),
        "--curve needs exactly one --target.",
    ),
    "a curve of two targets": (
        ("optimize", "required", "a.yaml", "--curve", "5:8", "--target", "gdp_growth", "--target", "output"),
        "--curve needs exactly one --target.",
    ),
    "a curve of no form": (
        ("optimize", "required", "a.yaml", "--target", "gdp_growth", "--curve", "x"),
        "--curve x: expected FROM:TO[:STEP], at most 200 steps",
    ),
    "a curve without end": (
        ("optimize", "required", "a.yaml", "--target", "gdp_growth", "--curve", "5:80000:0.1"),
        "--curve 5:80000:0.1: expected FROM:TO[:STEP], at most 200 steps",
    ),
    "regret against nothing": (
        ("optimize", "robust", "a.yaml", "--only-regret"),
        "--only-regret needs --against FILE.",
    ),
    "rolled into no scenario": (
        ("roll", "a.yaml", "--actuals", "known.csv", "--out", "x.txt"),
        "expected a name that ends in .yaml; got x.txt",
    ),
    "candidates alone": (
        ("optimize", "select", "--candidates", "c.csv"),
        "--candidates without a scenario goes with --budgets, and without --to.",
    ),
    "candidates to a scenario of none": (
        ("optimize", "select", "--candidates", "c.csv", "--budgets", "m.csv", "--to", "x.yaml"),
        "--candidates without a scenario goes with --budgets, and without --to.",
    ),
    "a choice of nothing": (("optimize", "select"), "Give one scenario file, or --example NAME."),
    "a choice elsewhere": (
        ("optimize", "select", "a.yaml", "--to", "sub/x.yaml"),
        "sub/x.yaml: expected a file beside a.yaml, which it extends",
    ),
    "a choice of what no file says": (
        ("optimize", "select", "a.yaml", "--to", "x.yaml", "--set", "investment.growth=5"),
        "--to writes what the files say: put the changes of --set into the scenario",
    ),
    "served from nowhere": (
        ("serve", "nowhere.yaml"),
        "nowhere.yaml: expected a scenario, a folder or example:NAME",
    ),
    "a template that is no workbook": (("template", "x.pdf"), "x.pdf: expected a name that ends in .xlsx"),
    "a template that is there": (
        ("template", "there.xlsx"),
        "there.xlsx is there already and nothing was changed",
    ),
    "converted to a picture": (
        ("convert", "a.yaml", "x.pdf"),
        "expected a name that ends in .xlsx, .yaml, .yml",
    ),
    "converted over a file": (
        ("convert", "a.yaml", "there.xlsx"),
        "there.xlsx is there already and nothing was changed",
    ),
    "a batch of one process": (
        ("sweep", "s.yaml", "--cluster", "local", "--jobs", "0"),
        "--jobs 0 works in this process: leave it out with --cluster",
    ),
    "no figures to date": (("track", "a.yaml"), "actuals: got nothing, expected figures to date"),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small city and what goes with it."""
    monkeypatch.chdir(tmp_path)
    files = {
        "a.yaml": CITY,
        "p.csv": PANEL,
        "short.csv": "region,year,growth\n" + "".join(f"a,{year},5\n" for year in range(2010, 2014)),
        "c.csv": CANDIDATES,
        "m.csv": MONEY,
        "there.xlsx": "mine",
        "known.csv": "indicator,unit,whole year,growth (%)\nGDP,CNY 100m,1134,8.3\n",
        "s.yaml": "scenarios: [a.yaml]\nsettings:\n  low: {investment.growth: 4}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "sub").mkdir()
    return tmp_path


def laid(folder: Path) -> dict[str, bytes | None]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() if file.is_file() else None
        for file in folder.rglob("*")
    }


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_in_words_and_nothing_is_written(here: Path, case: str) -> None:
    words, said = REFUSED[case]
    before = laid(here)
    done = call(*words, "--lang", "en")
    assert done.exit_code == 2 and said in " ".join(done.output.split()).replace("sub file:", "sub  file:"), (
        done.output
    )
    assert laid(here) == before


@pytest.mark.parametrize(
    "case", ["a year long gone", "no scenario", "near a command", "a capacity of no form"]
)
def test_in_chinese_no_english_sentence_is_left(here: Path, case: str) -> None:
    words, said = REFUSED[case]
    done = call(*words, "--lang", "zh")
    assert done.exit_code == 2 and said not in done.output
    assert not {"expected", "Give", "such"} & set(done.output.split()), done.output


def test_growth_beside_a_level_is_named_in_the_words_of_the_table(here: Path) -> None:
    done = call("track", "a.yaml", "--actuals", "known.csv", "--draws", "64", "--lang", "en")
    assert '"gdp growth" is read as gdp_growth' in " ".join(done.output.split()), done.output[:900]


@pytest.mark.parametrize(
    ("more", "notes"),
    [
        (("攀枝花",), ("no history was given", "carry the name as it is")),
        (("my",), ("no history was given", "no --country was given")),
        (("攀枝花", "--country", "China", "--english-name", "X", "--past", "2023=5"), ()),
    ],
)
def test_what_a_new_region_leaves_open_is_said(
    here: Path, more: tuple[str, ...], notes: tuple[str, ...]
) -> None:
    done = call(*new(*more[1:], region=more[0]), "--lang", "en")
    assert done.exit_code == 0, done.output
    every = ("no history was given", "no --country was given", "carry the name as it is")
    assert [said for said in every if said in " ".join(done.output.split())] == list(notes)


@pytest.mark.usefixtures("english")
def test_ports_are_tried_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken is passed over, twenty times; what may not be had is told at once."""
    from dabiao.cli import serve

    asked: list[int] = []

    class Socket:
        def __init__(self, number: int, free: int | None) -> None:
            self.number, self.free = number, free

        def setsockopt(self, *_: object) -> None:
            pass

        def listen(self) -> None:
            pass

        def close(self) -> None:
            pass

        def bind(self, address: tuple[str, int]) -> None:
            asked.append(address[1])
            if address[1] != self.free:
                raise OSError(self.number, "taken")

    def sockets(number: int, free: int | None) -> None:
        asked.clear()
        monkeypatch.setattr(socket, "socket", lambda family: Socket(number, free))

    sockets(errno.EADDRINUSE, 8003)
    serve._socket("127.0.0.1", 8000)
    assert asked == [8000, 8001, 8002, 8003]
    sockets(errno.EADDRINUSE, None)
    with pytest.raises(Exception, match=r"ports 65530 to 65535 are all taken"):
        serve._socket("127.0.0.1", 65530)
    assert asked == list(range(65530, 65536))
    with pytest.raises(Exception, match=r"ports 8000 to 8019 are all taken"):
        serve._socket("127.0.0.1", 8000)
    sockets(errno.EACCES, None)
    with pytest.raises(Exception, match=r"127\.0\.0\.1: "):
        serve._socket("127.0.0.1", 80)
    assert asked == [80]


def test_a_server_whose_packages_are_missing_says_how_to_get_them(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dabiao.cli import serve

    monkeypatch.setattr(serve, "_NEEDED", ("no_such_package",))
    done = call("serve", "a.yaml", "--lang", "en")
    assert "no_such_package is not installed: pip install 'dabiao[serve]'" in done.output
    assert done.exit_code not in (0, 1)
