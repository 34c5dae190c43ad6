"""A run leaves for other programs without losing a number, and a folder is verified to the byte."""

from __future__ import annotations

import csv
import errno
import io
import json
import math
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from command import GIVEN, call
from dabiao.models.money import Money
from dabiao.models.quantity import Bilingual
from dabiao.results import verify
from dabiao.results.forms.export import EXCHANGE, exchanged
from dabiao.results.forms.iamc import iamc, unit_for
from dabiao.results.forms.interchange import Asked, data_package, long_table, records
from dabiao.results.tables.table import Column, Table
from dabiao.results.write import Stored, read_run
from dabiao.scenarios.load import examples
from lighter import lighter

VALLEY = Path(__file__).parent / "scenarios_for_tests" / "answered.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("runs")
    done = call(VALLEY, "--out", base, "--lang", "en", "-q")
    assert done.exit_code == 0, done.output
    return next(base.glob("*/*"))


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy that may be spoiled."""
    import shutil

    return Path(shutil.copytree(made, tmp_path / made.name))


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"))))


def test_the_long_table_has_every_number(made: Path) -> None:
    """Counted and summed against the tables themselves."""
    run = read_run(made)
    found = rows(long_table(run)["long.csv"])
    assert {row["table"] for row in found} >= {"targets", "sectors", "mixes", "indicators", "numbers"}
    mine = [float(row["value"]) for row in found if row["table"] == "sectors" and row["variable"] == "growth"]
    assert mine == [value for value in run.tables["sectors"].column("growth") if value is not None]
    years = {row["year"] for row in found if row["table"] == "indicators"}
    assert years == {
        name.removeprefix("y")
        for name in (c.name for c in run.tables["indicators"].columns)
        if re.fullmatch(r"y\d{4}", name)
    }
    assert len({(r["table"], r["row"], r["variable"], r["year"]) for r in found}) == len(found), (
        "two numbers share a name"
    )


def test_the_iamc_layout(made: Path) -> None:
    """The columns that pyam requires, nothing missing in them, each series once, the base year first."""
    run = read_run(made)
    found = rows(iamc(run, Asked("en", "Valley"))["iamc.csv"])
    names = list(found[0])
    assert names[:5] == ["model", "scenario", "region", "variable", "unit"] and all(
        re.fullmatch(r"\d{4}", name) for name in names[5:]
    )
    assert all(row[name] for row in found for name in names[:5])
    assert len({(row["scenario"], row["variable"]) for row in found}) == len(found)
    plan = {row["variable"]: row for row in found if row["scenario"] == run.scenario}
    own = next(row for row in run.tables["indicators"].records() if row["indicator"] == "gdp_growth")
    base = min(names[5:])
    assert f"y{base}" == next(iter(sorted(name for name in own if re.fullmatch(r"y\d{4}", name))))
    assert [float(plan["GDP|Growth"][year]) for year in names[6:]] == [own[f"y{year}"] for year in names[6:]]
    assert float(plan["GDP|MER"][base]) > 0 and plan["GDP|MER"]["unit"] == f"billion CNY_{base}/yr"


def test_fiscal_years_and_other_money_stand_in_the_iamc_layout(tmp_path: Path) -> None:
    """Years are called by their end; the plan's accounts begin with the base year; all money is converted."""
    assert call("new", "city", *GIVEN, "--out", tmp_path / "city").exit_code == 0
    text = (tmp_path / "city" / "baseline.yaml").read_text(encoding="utf-8")
    file = tmp_path / "fiscal.yaml"
    years = re.sub(r"years: .*", "years: {base: 2022-23, target: 2023-24, last: 2025-26, begins: 4}", text)
    file.write_text(years.replace("dabiao: 1", "dabiao: 1\nmoney: {currency: INR, scale: 10000000}"), "utf-8")
    done = call(file, "--out", tmp_path / "runs", "--lang", "en", "-q", "--draws", "0")
    assert done.exit_code == 0, done.output
    run = read_run(next((tmp_path / "runs").glob("*/*")))
    found = rows(iamc(run, Asked("en", "Valley"))["iamc.csv"])
    plan = {row["variable"]: row for row in found if row["scenario"] == run.scenario}
    base = 2023
    assert float(plan["GDP|MER"][str(base)]) > 0
    assert plan["GDP|MER"]["unit"] == f"billion INR_{base}/yr"
    assert {row["unit"] for row in found if "INR" in row["unit"] or re.search("[㐀-鿿]", row["unit"])} == {
        f"billion INR_{base}/yr",
        "billion INR/yr",
    }
    long = rows(long_table(run)["long.csv"])
    assert {row["year"] for row in long if row["table"] == "levels"} >= {str(base), str(base + 1)}


def test_iamc_sectors_add_up_to_gdp(made: Path) -> None:
    """Value added of sectors and of their groups is GDP in every year, in money of the base year."""
    run = read_run(made)
    found = rows(iamc(run)["iamc.csv"])
    plan = {row["variable"]: row for row in found if row["scenario"] == run.scenario}
    parts = [name.count("|") for name in plan if name.startswith("Value Added|") and "Growth" not in name]
    groups = [
        name
        for name in plan
        if name.startswith("Value Added|") and "Growth" not in name and name.count("|") == min(parts)
    ]
    assert len(groups) > 1
    for year in [name for name in found[0] if name.isdigit()]:
        whole = float(plan["GDP|MER"][year])
        assert sum(float(plan[name][year]) for name in groups) == pytest.approx(whole, rel=1e-9)
        assert 10 * whole == pytest.approx(run.tables["levels"].records()[0][f"y{year}"], rel=1e-12)


def _pyam():
    try:
        import pyam
    except Exception as error:  # some versions of what it needs break its import
        pytest.skip(f"pyam cannot be imported: {type(error).__name__}")
    return pyam


def test_pyam_reads_and_converts_it(made: Path, tmp_path: Path) -> None:
    pyam = _pyam()
    import iam_units

    for name, data in iamc(read_run(made)).items():
        (tmp_path / name).write_bytes(data)
    found = pyam.IamDataFrame(tmp_path / "iamc.csv")
    assert {"GDP|Growth", "GDP|MER", "Investment"} <= set(found.variable)
    assert any(name.startswith("Value Added|") for name in found.variable)
    iam_units.registry.load_definitions(tmp_path / "units.txt")
    for unit in found.unit:
        iam_units.registry(unit)
    gdp = found.filter(variable="GDP|MER")
    unit = gdp.unit[0]
    more = gdp.convert_unit(unit, unit.replace("billion", "million"))
    assert (more.data.value / gdp.data.value).round(6).eq(1000).all()
    growth = found.filter(variable="GDP|Growth")
    assert (growth.convert_unit("%", "").data.value * 100 - growth.data.value).abs().max() < 1e-9


@pytest.mark.first(2)
@pytest.mark.parametrize("name", examples())
def test_every_number_has_its_unit(name: str) -> None:
    """A part of 1 is a pure number, a growth is in %, and what the row says is said by a column that is
    there."""
    from dabiao.engine.run import run as answer
    from dabiao.results.report import tables
    from dabiao.scenarios.load import load_example

    made = tables(answer(load_example(name), draws=64))
    for table in made.values():
        columns = {column.name: column for column in table.columns}
        for column in table.columns:
            assert not column.unit_from or column.unit_from in columns, (table.name, column.name)
            assert not (column.fraction and column.unit), (table.name, column.name)
    found = list(records(made))
    assert all(each.unit for each in found)
    chances = [each for each in found if each.table == "targets" and each.variable.startswith("probability_")]
    assert chances and {each.unit for each in chances} == {"1"}
    assert all(0 <= each.value <= 1 for each in chances)
    grown = [
        each for each in found if each.table == "indicators" and ("indicator", "gdp_growth") in each.keys
    ]
    assert grown and {each.unit for each in grown} == {"%"}
    units = {row["target"]: row["unit"].of("en") for row in made["targets"].records()}
    fan = [each for each in found if each.table == "fan"]
    assert fan and all(each.unit == units[dict(each.keys)["target"]] for each in fan)


def test_a_fan_of_an_amount_has_the_unit_of_the_amount(made: Path) -> None:
    table = read_run(made).tables["fan"]
    named = {row["target"]: row["unit"].of("en") for row in table.records()}
    sheet = {row["target"]: row["unit"].of("en") for row in read_run(made).tables["targets"].records()}
    assert named and all(sheet[target] == unit for target, unit in named.items())


@pytest.mark.parametrize(
    ("money", "unit", "factor"),
    [
        (Money(), "billion CNY_2023/yr", 0.1),
        (Money(currency="USD", scale=1e6), "billion USD_2023/yr", 1e-3),
        (Money(currency="USD", scale=1e9), "billion USD_2023/yr", 1.0),
    ],
)
def test_money_has_one_unit_everywhere(money: Money, unit: str, factor: float) -> None:
    for label in (money.label, money.unit("en")):
        said = unit_for(label, "2023")
        assert said.name == unit and said.factor == pytest.approx(factor)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_export_speaks_the_language_asked_for(made: Path, tmp_path: Path, lang: str) -> None:
    han = re.compile("[\u4e00-\u9fff]")
    done = call("export", made, "--format", "datapackage", "--out", tmp_path / lang, "--lang", lang)
    assert done.exit_code == 0, done.output
    whole = json.loads((tmp_path / lang / "datapackage.json").read_text(encoding="utf-8"))
    # the sectors of this scenario have their titles in Chinese alone
    titles = [field["title"] for each in whole["resources"] for field in each["schema"]["fields"]]
    spoken = [title for title in titles if han.search(title)]
    assert len(spoken) > 0.8 * len(titles) if lang == "zh" else len(spoken) < 0.2 * len(titles), spoken[:5]


def test_parquet_is_typed_and_says_its_units(made: Path, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    run = read_run(made)
    for name, data in exchanged("parquet", run, Asked("en")).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    whole = pq.read_table(tmp_path / "long.parquet")
    assert whole.num_rows == len(list(records(run.tables)))
    assert [str(field.type) for field in whole.schema][-2:] == ["int32", "double"]
    targets = pq.read_table(tmp_path / "tables" / "targets.parquet")
    assert targets.schema.field("probability_ensure").metadata[b"unit"] == b"1"
    assert targets.schema.field("expected").metadata[b"unitField"] == b"unit"
    assert targets.column("expected").to_pylist() == [
        value if value is None else float(value) for value in run.tables["targets"].column("expected")
    ]


def test_parquet_without_its_package_says_what_to_install(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = call("export", made, "--format", "parquet", "--lang", "en", "--out", tmp_path / "p")
    assert done.exit_code == 2 and 'pip install "dabiao[parquet]"' in done.output, done.output
    assert not (tmp_path / "p").exists()


def test_every_form_of_exchange_can_be_asked_for() -> None:
    for form in EXCHANGE:
        assert form in call("export", "--help").output


def test_the_data_package_says_what_each_field_is(made: Path) -> None:
    """Names, types and keys as the specification wants them, and true of the data."""
    files = data_package(read_run(made))
    whole = json.loads(files["datapackage.json"])
    assert re.fullmatch(r"[a-z0-9._-]+", whole["name"])
    assert {resource["path"] for resource in whole["resources"]} == set(files) - {"datapackage.json"}
    units = 0
    for resource in whole["resources"]:
        data = rows(files[resource["path"]])
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert re.fullmatch(r"[a-z0-9._-]+", resource["name"]) and resource["bytes"] == len(
            files[resource["path"]]
        )
        for row in data:
            assert list(row) == list(fields)
            for name, cell in row.items():
                if cell and fields[name]["type"] in ("number", "integer"):
                    float(cell)
                elif cell and fields[name]["type"] == "boolean":
                    assert cell in ("true", "false")
        key = resource["schema"].get("primaryKey")
        if key:
            assert len({tuple(row[name] for name in key) for row in data}) == len(data)
        units += sum("unit" in field for field in fields.values())
    assert units > 20


def test_frictionless_finds_it_valid(made: Path, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    done = call("export", made, "--format", "datapackage", "--out", tmp_path / "package")
    assert done.exit_code == 0, done.output
    report = frictionless.validate(str(tmp_path / "package" / "datapackage.json"))
    assert report.valid, report.flatten(["title", "note"])


def test_hostile_names_go_through_unharmed() -> None:
    """Formulas stay text, separators stay apart, nothing breaks a row."""
    bad = ["=1+1", "@SUM(A1)", 'a"b,c', "x|y\nz", "-2+3"]
    table = Table(
        "odd",
        Bilingual(zh="怪", en="odd"),
        (
            Column("name", Bilingual(zh="名", en="Name")),
            Column("year", Bilingual(zh="年", en="Year"), digits=0),
            Column("v", Bilingual(zh="值", en="V"), "%", 1),
        ),
        tuple((name, 2024, float(at)) for at, name in enumerate(bad)),
        key=("name", "year"),
    )
    run = Stored("=cmd()", "abc", {"odd": table}, {"title": {"zh": "=HYPERLINK(1)", "en": "x"}})
    fan = replace(table, name="fan", columns=(*table.columns[:2], replace(table.columns[2], name="q50")))
    fan = replace(
        fan, columns=(replace(fan.columns[0], name="target"), *fan.columns[1:]), key=("target", "year")
    )
    titled = replace(
        fan,
        columns=(*fan.columns, Column("title", Bilingual(zh="名", en="Title"))),
        rows=tuple((*row, row[0]) for row in fan.rows),
    )
    found = rows(iamc(replace(run, tables={"fan": titled}))["iamc.csv"])
    assert [float(row["2024"]) for row in found] == [0, 1, 2, 3, 4]
    assert all(not cell.startswith(("=", "@", "+")) for row in found for cell in list(row.values())[:5])
    assert len(rows(long_table(run)["long.csv"])) == 5 and len(list(records(run.tables))) == 5
    package = data_package(run)
    assert all(not row["name"].startswith(("=", "@", "-")) for row in rows(package["data/odd.csv"]))


@pytest.mark.usefixtures("english")
def test_export_never_overwrites(folder: Path, tmp_path: Path) -> None:
    assert call("export", folder, "--out", tmp_path / "x").exit_code == 0
    assert call("export", folder, "--out", tmp_path / "x").exit_code == 0, "the same content is no harm"
    (tmp_path / "x" / "long.csv").write_text("mine", encoding="utf-8")
    done = call("export", folder, "--out", tmp_path / "x")
    assert done.exit_code == 2 and "already" in done.output
    assert (tmp_path / "x" / "long.csv").read_text(encoding="utf-8") == "mine"
    assert call("export", tmp_path / "nowhere").exit_code == 2


@pytest.mark.usefixtures("english")
def test_a_full_disk_leaves_nothing_half_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, count = Path.write_bytes, [0]

    def full(self: Path, data: bytes) -> int:
        count[0] += 1
        if count[0] == 5:
            whole(self, data[:10])
            raise OSError(errno.ENOSPC, "No space left on device")
        return whole(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    done = call("export", folder, "--format", "datapackage", "--out", tmp_path / "package")
    assert done.exit_code == 2 and "no space left on the disk" in done.output
    assert [file for file in (tmp_path / "package").rglob("*") if file.is_file()] == []


def test_verify_names_what_differs(folder: Path) -> None:
    assert call("verify", folder).exit_code == 0
    (folder / "csv" / "targets.csv").write_text("6.5", encoding="utf-8")
    (folder / "csv" / "mixes.csv").unlink()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    done = call("verify", folder, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 1 and not found["ok"]
    assert (found["changed"], found["missing"], found["extra"]) == (
        ["csv/targets.csv"],
        ["csv/mixes.csv"],
        ["notes.txt"],
    )
    assert found["same"] and "csv/targets.csv" not in found["same"]


@pytest.mark.first(2)
@pytest.mark.parametrize("name", lighter(examples()))
def test_every_example_can_be_made_again(name: str, tmp_path: Path) -> None:
    """A level that is scaled to the region's own last year, and the places of odd numbers, survive the
    resolved scenario."""
    assert (
        call(
            "run", "--example", name, "--draws", "16", "--set", "outlook.growth=5", "--out", tmp_path
        ).exit_code
        == 0
    )
    home = next(file.parent for file in tmp_path.rglob("manifest.json"))
    done = call("verify", home, "--rerun", "--lang", "en")
    assert done.exit_code == 0, done.output


def test_verify_makes_the_run_again(folder: Path) -> None:
    done = call("verify", folder, "--rerun", "--lang", "en")
    assert done.exit_code == 0 and "VERIFIED" in done.stdout, done.output
    resolved = folder / "scenario.resolved.yaml"
    text = resolved.read_text(encoding="utf-8")
    other = re.sub(r"(\ninvestment:\n(?:  .*\n)*?  growth:\s+(?:value: )?)[\d.]+", r"\g<1>8.25", text)
    assert other != text
    resolved.write_text(other, encoding="utf-8")
    found = json.loads(call("verify", folder, "--rerun", "--json").stdout)
    assert found["changed"] == ["scenario.resolved.yaml"] and "investment" in found["tables_differ"]


@pytest.mark.parametrize(
    ("one", "two", "apart"),
    [
        ("a,b\n1,x\n", "a,b\n1,x\n", 0.0),
        ("a\n4\n-20\n", "a\n4.000000000002\n-20.00000000001\n", 5e-13),  # parts of 4 and of 20
        ("a\n1e-15\n", "a\n3e-15\n", 2e-15),  # of what is below 1 the difference itself
        ("a\n1\n", "a\n1.0\n", 5e-324),  # written otherwise
        ("a\nx\n", "a\ny\n", math.inf),
        ("a\n1\n", "a\n\n", math.inf),
        ("a\n1\n", "a\n1\n2\n", math.inf),
        ("a,b\n1,2\n", "a\n1\n", math.inf),
        ("a\n1\n", "a\nnan\n", math.inf),
        ("a\n1\n", "b\n1\n", math.inf),
    ],
)
def test_how_far_two_tables_are_apart(one: str, two: str, apart: float) -> None:
    assert verify._apart(one, two) == pytest.approx(apart, rel=0.01)


@pytest.mark.parametrize(("moved", "code"), [(1e-12, 0), (1e-6, 1)])
def test_another_processor_is_no_other_answer(
    folder: Path, monkeypatch: pytest.MonkeyPatch, moved: float, code: int
) -> None:
    """A table made again whose numbers are a hair larger is the same; with a thousandth of a per mille it is
    not."""
    usual, asked = verify._text, Counter[str]()

    def text(table: Table, lang: str) -> str:
        asked[table.name] += 1
        said = usual(table, lang)
        if table.name != "investment" or asked[table.name] == 1:
            return said
        return re.sub(r"(?<=,)\d+\.\d+(?=,)", lambda hit: repr(float(hit[0]) * (1 + moved)), said)

    monkeypatch.setattr(verify, "_text", text)
    done = call("verify", folder, "--rerun", "--lang", "en")
    assert done.exit_code == code, done.output
    (line,) = [line for line in done.stdout.splitlines() if "investment" in line]
    assert line.startswith(
        "1 file made again, the same but for rounding by at most 1e-12"
        if code == 0
        else "1 file made again, different"
    )
    assert ("NOT VERIFIED" in done.stdout) == bool(code)


@pytest.mark.parametrize("content", ["", "[]", '{"outputs": 3}', '{"outputs": {"a": 1}}'])
@pytest.mark.usefixtures("english")
def test_a_damaged_manifest_is_told(folder: Path, content: str) -> None:
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    done = call("verify", folder)
    assert done.exit_code == 2 and "nothing can be verified" in done.output


def test_json_is_the_only_thing_on_standard_output(tmp_path: Path) -> None:
    """In a process of its own: what a solver's library writes past Python would break the document."""
    words = [
        "-c",
        "from dabiao.cli.main import main; main()",
        str(VALLEY),
        "--json",
        "-q",
        "--out",
        str(tmp_path),
    ]
    done = subprocess.run([sys.executable, *words], capture_output=True, check=True)
    assert json.loads(done.stdout)["schema"] == "dabiao.run/2"
