"""What each command refuses before it works: what was found, what is expected, and nothing written."""

from __future__ import annotations

import errno
import io
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from city import CITY
from click import UsageError
from command import GIVEN, call
from dabiao.cli import main as program
from dabiao.cli import serve, start, surroundings
from dabiao.cli import sweep as sweeping
from dabiao.cli.main import simulate
from dabiao.engine.sweep.tasks import Facts
from dabiao.engine.sweep.ways import Loop
from dabiao.models.errors import DabiaoError
from dabiao.results import sweep as results
from dabiao.scenarios.sweep_file import read_sweep
from refused import Refused, assert_refused, rows, standing

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"
"""A scenario on no priors: it states no long view."""
YEARS = range(2010, 2017)
NETWORK = "example:steel-mexico/network.yaml"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with small files of every kind."""
    folder = tmp_path_factory.mktemp("there")
    files = {
        "city.yaml": CITY,
        "building.yaml": "dabiao: 1\nextends: city.yaml\nprojects:\n"
        '  works: {stage: started, start: "2023-03"}\n',
        "panel.csv": "region,year,growth\n" + "".join(f"A,{y},{5 + y % 3}\nB,{y},6\n" for y in YEARS),
        "short.csv": "region,year,growth\n" + "".join(f"A,{y},5\n" for y in range(2010, 2014)),
        "holes.csv": "region,year,growth\n"
        + "".join(f"A,{y},{5 if y in (2010, 2014) else ''}\n" for y in range(2010, 2016)),
        "past.csv": "year,growth,target\n2021,8,6\n2022,3,5\n",
        "priors.yaml": "dabiao: 1\nextends: example:china-2023/priors.yaml\n",
        "mine/city.yaml": CITY,
        "taken.xlsx": "",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def there(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That folder, and commands are given in it."""
    monkeypatch.chdir(place)
    return place


# ---------------------------------------------------------------- words that no command has

NAMES = rows(
    ("optimze city.yaml", "No such command: optimze. Did you mean: simulate optimize"),
    ("optimize require", "No such command: require. Did you mean: simulate optimize required"),
    ("nonsense", ("No such command: nonsense. Commands: run, compare, optimize,", "doctor, completion")),
    ("optimize nonsense", "No such command: nonsense. Commands: required, frontier, robust, chain, select"),
    ("run", "Give one scenario file, or --example NAME."),
    ("run city.yaml --example deyang-2022/baseline.yaml", "Give one scenario file, or --example NAME."),
    ("optimize select", "Give one scenario file, or --example NAME."),
    ("optimize select city.yaml --example a/b", "Give one scenario file, or --example NAME."),
    ("optimize select --to chosen.yaml", "Give one scenario file, or --example NAME."),
)


@pytest.mark.parametrize("row", NAMES, ids=str)
def test_a_command_or_a_scenario_that_is_not_named(row: Refused, there: Path) -> None:
    if "optimze" in row.called or row.called[0] == "nonsense":
        done = call(*row.called, env={"DABIAO_LANG": "en"})
        assert done.exit_code == 2 and not done.stdout
        assert all(words in " ".join(done.stderr.split()) for words in row.told)
        assert "命令" in call(*row.called, env={"DABIAO_LANG": "zh"}).stderr
    else:
        assert_refused(row, there)


# ---------------------------------------------------------------- options of a question

QUESTIONS = rows(
    ("optimize chain city.yaml", ("chains: got nothing, expected a sector with a process chain", "network")),
    *(
        (f"optimize chain city.yaml --capacity {pair}", f"--capacity {pair}: expected PROCESS=AMOUNT")
        for pair in ("mining", "=5", "mining=many", "mining=-1", "mining=1e15", "mining=nan")
    ),
    ("optimize required city.yaml --curve 5:8", "--curve needs exactly one --target."),
    (
        "optimize required city.yaml --curve 5:8 --target output --target gdp_growth",
        "--curve needs exactly one --target.",
    ),
    (
        "optimize select building.yaml",
        "projects: got no project that has still to start, expected candidates; state them",
    ),
    ("optimize select city.yaml --to taken.xlsx", "taken.xlsx is there already and nothing was changed"),
    ("province city.yaml --draws 0", "--draws 0: a province is told by its futures alone"),
    ("compare city.yaml", "Give at least two scenarios or run folders."),
    (f"longview {VALLEY}", ("long_view: got nothing, expected capital over output", "extend example:")),
    ("roll city.yaml --out city.xlsx", "city.xlsx: expected a name that ends in .yaml, .yml"),
    ("roll nowhere.yaml --out 2024", "2024: expected a name that ends in .yaml, .yml"),
    ("convert city.yaml city.txt", "city.txt: expected a name that ends in .xlsx, .yaml, .yml"),
    (
        "sweep city.yaml --jobs 0 --cluster local",
        "--jobs 0 works in this process: leave it out with --cluster",
    ),
)


@pytest.mark.parametrize("row", QUESTIONS, ids=str)
def test_an_option_that_a_question_cannot_have(row: Refused, there: Path) -> None:
    assert_refused(row, there)


def test_the_folder_of_a_run_without_its_results_is_told_as_one(there: Path) -> None:
    """It holds a scenario too, and is not to be run."""
    for name, data in (("scenario.resolved.yaml", CITY), ("manifest.json", "{}")):
        (there / "old").mkdir(exist_ok=True)
        (there / "old" / name).write_text(data, encoding="utf-8")
    assert_refused(
        Refused("report old", ("old/tables.json: no run to read (no such file or folder)",)), there
    )


def test_the_report_of_a_folder_of_scenarios_names_what_to_run(there: Path) -> None:
    told = "mine is the folder of a scenario; `report` takes the folder of a run. Run it first"
    assert_refused(Refused("report mine", (told, "simulate mine")), there)


# ---------------------------------------------------------------- panels

PANELS = rows(
    ("backtest panel.csv --edition all", "--edition needs --outlook FILE."),
    ("backtest panel.csv --years 2015 --skip 2015", "No year is left to judge: check --years and --skip."),
    ("backtest panel.csv --years 2016-2014", "No year is left to judge: check --years and --skip."),
    ("backtest panel.csv --years ten-2014", "--years ten-2014: expected FIRST-LAST, e.g. 2010-2022"),
    ("backtest panel.csv --years 2010-ten", "--years 2010-ten: expected FIRST-LAST"),
    (
        "backtest panel.csv --columns growth= --columns =g --columns x --columns year=year",
        "--columns growth=, =g, x: expected NAME=HEADING, e.g. growth=gdp_growth_pct",
    ),
    (
        "backtest short.csv",
        ("short.csv:1:1 year: got 4 years of growth (2010-2013)", "at least 5 years: 4 to learn from and 1"),
    ),
    (
        "backtest holes.csv",
        ("holes.csv:1:1 year: got 2 years of growth (2010-2014)", "at least 5 years: 4 to learn from"),
    ),
)


@pytest.mark.parametrize("row", PANELS, ids=str)
def test_a_panel_that_cannot_be_judged(row: Refused, there: Path) -> None:
    assert_refused(row, there)


# ---------------------------------------------------------------- a region of one's own

NEW = ("new", "A", *GIVEN)
OWN = ("new", "A", "--priors", "priors.yaml", "--year", "2023", "--gdp", "250", "--target", "3")
PERU = (*OWN, "--country", "Peru")
REGIONS = rows(
    ((*NEW, "--year", "2023-24"), "--year: a fiscal year needs --begins MONTH, with --priors FILE"),
    ((*PERU, "--year", "2023-24"), "--year: a fiscal year needs --begins MONTH, with --priors FILE"),
    (("new", " \n ", *GIVEN, "--out", "x"), "The region's name is empty."),
    (("new", " ", *PERU[2:], "--out", "x"), "The region's name is empty."),
    (
        (*NEW, "--country", "Peru"),
        ("--country Peru: nothing is shipped for it. Give --priors FILE", "example:china-2023/priors.yaml"),
    ),
    *(
        ((*NEW, *option), f"Error: {option[0]}: only with --priors FILE")
        for option in (
            ("--va", "goods=5"),
            ("--begins", "4"),
            ("--consumption", "4"),
            ("--government", "0"),
            ("--transfers", "0"),
            ("--currency", "USD"),
            ("--scale", "million"),
        )
    ),
    ((*NEW, "--scale", "million", "--va", "goods=5"), "Error: --va, --scale: only with --priors FILE"),
    *(
        ((*words, "--year", year), f"--year {year}: expected a year from 1950 to 2150.")
        for words in (NEW, PERU)
        for year in ("1949", "2151", "2023.5")
    ),
    ((*NEW, "--past", "2021=5,2021=6"), "--past 2021: given twice."),
    ((*NEW, "--past", "2021=5", "--history", "past.csv"), "--past 2021: given twice."),
    ((*PERU, "--past", "2021=5", "--past", "2021=6"), "--past 2021: given twice."),
    *(
        (
            (*words, "--past", "2030=5 1960=4 1973=3"),
            tuple(f"--past: got {y}, expected a year from 1973 to 2023" for y in (2030, 1960)),
        )
        for words in (NEW, PERU)
    ),
    *(
        (
            (*NEW, "--past", text),
            f"--past {text}: expected YEAR=GROWTH or YEAR=GROWTH/TARGET, e.g. 2022=3.5/7.5",
        )
        for text in ("five", "2021", "five=5")
    ),
    (
        (*PERU, "--primary", "3", "--fai-target", "5"),
        "--primary, --fai-target: not with --priors; give --va NAME=VALUE",
    ),
    (
        ("new", "A", "--priors", "priors.yaml"),
        "missing: --year, --target, --gdp/--va. Example: simulate new Oregon --country USA --priors",
    ),
    (("new", "A", "--priors", "priors.yaml", "--va", "x=1", "--year", "2023"), "missing: --target. Example:"),
    ((*OWN, "--country", "Atlantis"), "Atlantis: its currency is not known; give --currency, such as EUR"),
    ((*PERU, "--currency", "XXY"), "--currency XXY: expected a code such as USD, EUR"),
    ((*PERU, "--scale", "dozen"), "--scale dozen: expected thousand, million, billion or a power of ten"),
    ((*PERU, "--stretch", "2"), os.path.join("A", "baseline.yaml:187:14 targets.gdp_growth.stretch: got 2")),
    ((*PERU, "--va", "industry"), "--va industry: expected NAME=VALUE or NAME:MODEL=VALUE"),
    ((*PERU, "--va", "=5"), "--va =5: expected NAME=VALUE or NAME:MODEL=VALUE"),
    (
        (*PERU, "--va", "trade:shop=5"),
        "trade:shop=5: expected NAME=VALUE or NAME:MODEL=VALUE, MODEL one of agri",
    ),
    (
        (*NEW, "--out", os.path.join("city.yaml", "x")),
        f"cannot write {os.path.join('city.yaml', 'x')}: part of the path is no folder; nothing was left",
    ),
    (
        (*NEW, "--out", "mine"),
        "mine is there already and nothing was changed; give another folder with --out",
    ),
)


@pytest.mark.parametrize("row", REGIONS, ids=str)
def test_a_region_that_cannot_begin(row: Refused, there: Path) -> None:
    assert_refused(row, there)


@pytest.mark.parametrize(
    "given, lacking",
    [
        (("--year", "2023"), "--gdp, --primary, --industry/--secondary, --target."),
        (GIVEN[:-2], "--target."),
        (("--year", "2023", "--gdp", "9", "--primary", "1", "--target", "6"), "--industry/--secondary."),
    ],
)
def test_what_is_not_answered_is_named(given: tuple[str, ...], lacking: str, there: Path) -> None:
    before = standing(there)
    done = call("new", "A", *given, "--lang", "en", input="")
    assert done.exit_code == 2 and f"missing: {lacking} Example: simulate new" in done.stderr
    assert standing(there) == before


def test_an_empty_answer_is_asked_for_again(tmp_path: Path) -> None:
    words = ("new", "A", *GIVEN[:-2], "--out", tmp_path / "a", "--lang", "en")
    done = call(*words, input="\nmany\n6\n" + "\n" * 12)
    assert done.exit_code == 0
    assert "Error: a number is needed" in done.stderr and "Error: 'many' is no number" in done.stderr
    assert done.stderr.count("Target of GDP growth (minimum), %") == 3


NOTES = {
    "history": "no history was given, so the forecast is wider",
    "country": "no --country was given: taken as China",
    "name": "English reports carry the name as it is",
    "models": "models of sectors: agriculture=agriculture, ",
    "money": "amounts are in PEN bn; --currency and --scale change it",
}


@pytest.mark.parametrize(
    "words, noted",
    [
        (("A", *GIVEN), "history country"),
        (("A", *GIVEN, "--country", "China"), "history"),
        (("某市", *GIVEN), "history name"),
        (("某市", *GIVEN, "--english-name", "A", "--past", "2022=3,2021=5"), ""),
        (("A", *PERU[2:]), "history models money"),
    ],
)
def test_what_was_left_unsaid_is_told_and_nothing_else(
    words: tuple[str, ...], noted: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("priors.yaml").write_bytes((place / "priors.yaml").read_bytes())
    done = call("new", *words, "--lang", "en")
    said = " ".join(done.stderr.split())
    assert done.exit_code == 0
    assert {name for name, note in NOTES.items() if note in said} == set(noted.split())


# ---------------------------------------------------------------- what cannot be compared


def test_an_answer_to_another_question_is_not_compared(there: Path, tmp_path: Path) -> None:
    assert call("optimize", "chain", NETWORK, "--out", tmp_path, "-q").exit_code == 0
    (run,) = tmp_path.glob("*/*")
    told = f"{run} answers another question than a target sheet: `simulate run` makes what is compared"
    assert_refused(Refused(("compare", str(run), "city.yaml"), (told,)), there)
    assert_refused(Refused(("compare", "city.yaml", str(run)), (told,)), there)


def test_two_moneys_are_not_compared(there: Path) -> None:
    other = "example:scotland-2023/baseline.yaml"
    told = f"city.yaml counts in CNY 100m, {other} in GBP m: give both the same `money`"
    assert_refused(Refused(("compare", "city.yaml", other), (told,)), there)


def test_an_answer_that_cannot_be_written_is_shown_and_the_reason_told(there: Path, tmp_path: Path) -> None:
    """Of a question and of a comparison; `run` has a test of its own."""
    assert call("run", "city.yaml", "--draws", 0, "--out", tmp_path, "-q").exit_code == 0
    (run,) = tmp_path.glob("*/*")
    before = standing(there)
    for words in (("optimize", "chain", NETWORK), ("compare", run, run)):
        done = call(*words, "--out", "city.yaml", "--lang", "en")
        assert done.exit_code == 2
        assert len(done.stdout.splitlines()) > 10
        assert "cannot write the results to city.yaml" in done.stderr and "WROTE" not in done.stderr
    assert standing(there) == before


# ---------------------------------------------------------------- what the system refuses


class Full(io.StringIO):
    """A terminal whose disk is full."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["run", "--help"], ["completion", "bash"]])
def test_what_cannot_be_printed_is_told(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DABIAO_LANG", "en")
    with monkeypatch.context() as patched, pytest.raises(SystemExit) as end:
        patched.setattr(sys, "stdout", Full())
        simulate.main(words, prog_name="simulate")
    assert end.value.code == 2
    assert capsys.readouterr().err == "cannot read or write: no space left on the disk\n"


def test_what_the_system_refuses_is_told_with_the_file_where_one_is_known() -> None:
    def told(error: OSError) -> str:
        why = program._as_told(error)
        assert why is not None and why.exit_code == 2
        return why.of("en")

    assert told(OSError(errno.ENOSPC, "x")).startswith("cannot read or write: ")
    assert told(OSError(errno.ENOSPC, "x", "a.csv")).startswith("cannot read or write a.csv: ")
    assert program._as_told(ZeroDivisionError()) is None


def test_a_server_without_its_extra_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import util

    found = util.find_spec
    monkeypatch.setattr(
        util, "find_spec", lambda name, *more: None if name == "uvicorn" else found(name, *more)
    )
    done = call("serve", ".", "--no-browser", "--lang", "en")
    assert done.exit_code == 3
    assert "uvicorn is not installed: pip install 'dabiao[serve]'" in done.stderr


SERVED = rows(
    ("serve nowhere --no-browser", "nowhere: expected a scenario, a folder or example:NAME"),
    ("serve . --no-browser --host 203.0.113.1", "203.0.113.1: "),
)


@pytest.mark.parametrize("row", SERVED, ids=str)
def test_what_cannot_be_served(row: Refused, there: Path) -> None:
    assert_refused(row, there)


def test_ports_that_are_all_taken_are_told(there: Path) -> None:
    with socket.socket() as holder:
        try:
            holder.bind(("127.0.0.1", 65535))
            holder.listen()
        except OSError:
            pass  # somebody else has it: the same
        told = "ports 65535 to 65535 are all taken"
        assert_refused(Refused("serve . --no-browser --port 65535", (told,)), there)


def test_the_next_port_is_taken_where_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        if port < 65530:
            with serve._socket("127.0.0.1", port) as got:
                assert port < got.getsockname()[1] < port + 20
        with pytest.raises(Exception, match="dress"):
            serve._socket("203.0.113.1", port)


# ---------------------------------------------------------------- interrupts and surroundings


@pytest.fixture
def quiet_start(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(start, "_heard", [])
    monkeypatch.setattr(start, "_ending", False)
    yield


@pytest.mark.usefixtures("quiet_start")
def test_an_interrupt_is_how_work_ends_whatever_it_made_of_it() -> None:
    with start.heeded():
        pass
    with pytest.raises(ZeroDivisionError), start.heeded():
        raise ZeroDivisionError
    start._heard.append(15)
    with pytest.raises(start.Interrupted), start.heeded():
        pass
    with pytest.raises(start.Interrupted) as end, start.heeded():
        raise RuntimeError("a library took it for a failure")
    assert end.value.__suppress_context__


@pytest.mark.usefixtures("quiet_start")
def test_the_first_signal_ends_and_further_ones_only_after_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    with pytest.raises(start.Interrupted):
        start._hear(15, None)
    for _ in range(start._PATIENCE):
        start._hear(2, None)
    assert not ended
    start._hear(2, None)
    assert ended == [130]


def test_too_few_addresses_are_told_before_anything_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    for most, fits in ((None, True), (surroundings.LEAST, True), (surroundings.LEAST - 1, False)):
        monkeypatch.setattr(surroundings, "_limit", lambda most=most: most)
        done = call("schema", "--lang", "en")
        assert done.exit_code == (0 if fits else surroundings.Unfit.exit_code)
        assert ("may have 511 MB of addresses" in done.stderr) is not fits


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed there")
def test_a_working_folder_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    done = call("schema", "--lang", "en")
    assert done.exit_code == 2 and not done.stdout
    assert (
        "the working folder is not there any more" in done.stderr and "give the command again" in done.stderr
    )


# ---------------------------------------------------------------- sweeps


def test_outlooks_that_move_nothing_are_told(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader stands in for the workers: what is told is in the facts that it found."""
    told: list[str] = []
    known = {"city.yaml": Facts("w", "f", foretold=False), "building.yaml": Facts("w", "f", foretold=True)}
    monkeypatch.setattr(
        results,
        "facts_of",
        lambda asked, way, said: {each.path: known[Path(each.path).name] for each in asked.scenarios},
    )
    bar = sweeping._Bar("en", quiet=True)
    monkeypatch.setattr(bar, "notice", lambda said: told.append(said.of("en")))
    for outlooks, noted in (("", 0), ("outlooks: {weak: 3.5}\n", 1)):
        file = there / "sweep.yaml"
        file.write_text(f"scenarios: [building.yaml, city.yaml]\ndraws: 16\n{outlooks}", encoding="utf-8")
        sweeping._facts(read_sweep(file), Loop(), bar)
        file.unlink()
        assert len(told) == noted
    assert "outlooks move nothing in 1 scenarios without a reference forecast, such as city.yaml" in told[0]


def test_a_data_set_without_parquet_is_told(
    there: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any work: nobody is there to do it."""

    def nobody(*_: object) -> None:
        raise DabiaoError("nobody works")

    monkeypatch.setattr(sweeping, "_way", nobody)
    (tmp_path / "city.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "s.yaml").write_text("scenarios: [city.yaml]\ndraws: 16\n", encoding="utf-8")
    for there_is in (True, False):
        monkeypatch.setattr(results, "parquet_there", lambda there_is=there_is: there_is)
        done = call("sweep", tmp_path / "s.yaml", "--jobs", 0, "--out", tmp_path, "--lang", "en")
        said = 'Parquet needs PyArrow: pip install "dabiao[parquet]"; the data set is written as CSV'
        assert (said in done.stderr) is not there_is and "nobody works" in done.stderr


def test_growth_beside_a_level_is_named_in_the_words_of_the_table(tmp_path: Path) -> None:
    """An English table was told of `gdp增速`."""
    (tmp_path / "a.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "known.csv").write_text(
        "indicator,unit,whole year,growth (%)\nGDP,CNY 100m,1134,8.3\n", encoding="utf-8"
    )
    done = call(
        "track", tmp_path / "a.yaml", "--actuals", tmp_path / "known.csv", "--draws", "64", "--lang", "en"
    )
    assert '"gdp growth" is read as gdp_growth' in " ".join(done.output.split()), done.output[:900]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("host", ["", " "])
def test_no_address_is_not_every_address(host: str) -> None:
    with pytest.raises(UsageError) as told:
        serve._socket(host, 0)
    assert told.value.message == "--host: expected an address, such as 127.0.0.1; got nothing"
