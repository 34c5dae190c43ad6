"""From files to a scenario: encodings, inheritance, provenance, overrides, and the way back to a file."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from dabiao.models.errors import ScenarioError
from dabiao.scenarios.files import examples, guessed
from dabiao.scenarios.load import json_schema, load, load_example, resolved_yaml, show

VALLEY = Path(__file__).parent / "scenarios_for_tests" / "valley.yaml"
TEXT = VALLEY.read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    """A folder with the valley as baseline, to be extended."""
    (tmp_path / "baseline.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def wrong(path, *sets: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(path, sets)
    assert all(problem.file for problem in caught.value.problems)
    return str(caught.value)


# the way there and back


def test_valley_loads_with_the_origin_of_every_number():
    loaded = load(VALLEY)
    lines = TEXT.splitlines()
    for path, quantity in loaded.quantities().items():
        file, line, column = quantity.origin.rsplit(":", 2)
        assert file.endswith("valley.yaml")
        written = lines[int(line) - 1][int(column) - 1 :]
        if "national table" not in str(quantity.assumption):
            assert float(written.split(",")[0].split("}")[0].split("]")[0]) == quantity.value, path


def test_every_number_has_a_source_or_an_assumption_and_its_own_path():
    loaded = load(VALLEY)
    quantities = loaded.quantities()
    assert all(quantity.source or quantity.assumption for quantity in quantities.values())
    assert quantities["sectors.factories.capacity.gestation[1]"].value == 45
    assert "" not in quantities


def test_nearest_provenance_wins():
    quantities = load(VALLEY).quantities()
    assert quantities["accounts.gdp"].source == "yearbook"
    assert quantities["accounts.fai"].source is None
    assert quantities["accounts.fai"].assumption.of("en") == "chained growth rates"
    assert quantities["prices.gdp"].assumption.of("en") == "invented for tests"
    assert quantities["sectors.factories.capacity.scrapping"].source == "survey", (
        "a default keeps the source of the default"
    )
    assert quantities["sectors.factories.capacity.drift"].source == "yearbook", (
        "the sector's own number has the sector's source"
    )


def same(first, second) -> None:
    assert first.scenario.model_dump() == second.scenario.model_dump()
    ours, theirs = first.quantities(), second.quantities()
    assert ours.keys() == theirs.keys()
    for path, quantity in ours.items():
        assert (quantity.source, quantity.assumption) == (theirs[path].source, theirs[path].assumption), path


def test_resolved_file_stands_alone_and_loads_to_the_same_scenario(tmp_path):
    first = load(VALLEY)
    text = resolved_yaml(first)
    second = load(write(tmp_path, "resolved.yaml", text))
    same(first, second)
    assert resolved_yaml(second) == text
    assert "extends" not in first.tree
    assert "defaults" not in first.tree


def test_words_that_look_like_something_else_survive_the_way_back(tmp_path):
    odd = [
        "no",
        "012",
        "12:30",
        "1_000",
        "1e3",
        "2020",
        "true",
        "~",
        "a: b",
        "- x",
        "# c",
        "'",
        '"',
        "\\",
        "鲊\u2028x",
        "é\x85",
        "😀",
        "a\tb\nc",
        "=",
        "<<",
        "null",
        "0x1F",
        ".5",
        "2020-01-01",
    ]
    sources = "".join(
        f"  s{index}: {{en: {json.dumps(word)}}}\n" for index, word in enumerate(odd) if word not in ("😀",)
    )
    path = write(tmp_path, "odd.yaml", TEXT.replace("sources:\n", "sources:\n" + sources))
    first = load(path)
    assert [first.scenario.sources[f"s{i}"].en for i, word in enumerate(odd) if word != "😀"] == [
        w for w in odd if w != "😀"
    ]
    same(first, load(write(tmp_path, "again.yaml", resolved_yaml(first))))


def test_plain_words_and_digits_of_names_are_kept(tmp_path):
    path = write(
        tmp_path, "a.yaml", TEXT.replace("en: Yearbook, date: 2021-06", "en: no, date: 2024.10, url: 012")
    )
    source = load(path).scenario.sources["yearbook"]
    assert (source.en, source.date, source.url) == ("no", "2024.10", "012")


@pytest.mark.parametrize(
    ("written", "value"),
    [("1e1", 10.0), ("+10", 10.0), ("10.", 10.0), (".5", 0.5), ("1.5E+1", 15.0), ("0", 0.0)],
)
def test_forms_of_numbers(written, value, tmp_path):
    path = write(tmp_path, "a.yaml", TEXT.replace("  transfers: 10\n", f"  transfers: {written}\n"))
    assert load(path).scenario.accounts.transfers.value == value


def test_show_gives_file_and_line_behind_each_value():
    loaded = load(VALLEY)
    line = next(
        line for line in show(loaded, origins=True).splitlines() if line.strip().startswith("gdp: 200")
    )
    assert line.endswith(f"valley.yaml:{loaded.origins['accounts.gdp'].split(':')[1]}:8")
    assert "#" not in show(loaded)


def test_name_files_and_hash(folder):
    loaded = load(folder)
    assert loaded.name == f"{folder.name}-baseline"
    assert [name for name, _ in loaded.files] == ["baseline.yaml"]
    assert len(loaded.files[0][1]) == 64
    assert load(write(folder, "钒钛 2024(a).yaml", TEXT)).name == "钒钛-2024-a"


# encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_readable_encodings(encoding, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    assert load(path).scenario.title.zh == "山谷基准方案"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("gbk", "got text in GBK (GB18030), expected text in UTF-8; save it as UTF-8"),
        ("utf-16-le", "got UTF-16 without a byte order mark"),
    ],
)
def test_other_encodings_are_named(encoding, name, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(TEXT.encode(encoding))
    if encoding == "gbk":
        said = wrong(path)
        assert f"{path}:3:" in said
        assert name in said
    else:
        assert "UTF-16" in wrong(path) or "U+0000" in wrong(path)


# extends


def test_extending_states_only_what_differs(folder):
    path = write(
        folder,
        "more.yaml",
        """
extends: baseline.yaml
title: More
sources: {budget: {en: Budget}}
accounts: {fai: {low: 75}, transfers: {low: 9, high: 11, assumption: my range}}
investment: {source: budget, growth: 9}
projects: {new-mine: null}
sectors: {mines: {capacity: {gestation: [50, 50], drift: {value: 2, assumption: survey}}}}
""",
    )
    loaded, base = load(path), load(folder / "baseline.yaml")
    scenario, quantities = loaded.scenario, loaded.quantities()
    assert scenario.title.en == "More"
    assert set(scenario.sources) == {"yearbook", "survey", "budget"}
    assert (scenario.accounts.fai.value, scenario.accounts.fai.low, scenario.accounts.fai.high) == (
        80,
        75,
        90,
    )
    assert (scenario.accounts.transfers.value, scenario.accounts.transfers.low) == (10, 9)
    assert quantities["accounts.transfers"].source == "yearbook", "the value keeps its source"
    assert quantities["accounts.transfers"].assumption.of("en") == "my range"
    assert quantities["investment.growth"].source == "budget"
    assert quantities["investment.later"].source is None, "an inherited number keeps what its own file says"
    assert "new-mine" not in scenario.projects
    assert [q.value for q in scenario.sectors["mines"].capacity.gestation] == [
        50,
        50,
    ], "lists are replaced whole"
    assert scenario.sectors["mines"].capacity.drift.low is None
    assert scenario.demand.model_dump() == base.scenario.demand.model_dump()
    assert loaded.origins["investment.growth"].endswith("more.yaml:6:38")
    assert loaded.origins["investment.later"].endswith("baseline.yaml:127:10")
    assert [name for name, _ in loaded.files] == ["baseline.yaml", "more.yaml"]
    same(loaded, load(write(folder, "resolved.yaml", resolved_yaml(loaded))))


def test_bare_number_replaces_a_whole_quantity(folder):
    path = write(folder, "more.yaml", "extends: baseline.yaml\naccounts: {source: survey, fai: 85}\n")
    fai = load(path).scenario.accounts.fai
    assert (fai.value, fai.low, fai.high, fai.source, fai.assumption) == (85, None, None, "survey", None)


def test_number_without_own_provenance_inherits_an_assumption_but_no_source(folder):
    """The yearbook was not read for a number that another file wrote in place of the yearbook's."""
    path = write(
        folder, "more.yaml", "extends: baseline.yaml\naccounts: {transfers: 12}\ninvestment: {growth: 7}\n"
    )
    known = load(path).quantities()
    transfers, growth, before = (
        known["accounts.transfers"],
        known["investment.growth"],
        load(folder / "baseline.yaml").quantities(),
    )
    assert before["accounts.transfers"].source == "yearbook"
    assert transfers.source is None
    assert "replaces an inherited number" in transfers.assumption.en
    assert growth.assumption == before["investment.growth"].assumption


def test_chain_of_files_in_folders_below(folder):
    write(folder, "a/one.yaml", "extends: ../baseline.yaml\ninvestment: {growth: 7}\n")
    path = write(folder, "two.yaml", "extends: a/one.yaml\ninvestment: {later: 4}\n")
    investment = load(path).scenario.investment
    assert (investment.growth.value, investment.later.value) == (7, 4)


def test_null_takes_away_what_is_inherited_and_what_would_be_filled_in(folder):
    path = write(
        folder,
        "more.yaml",
        "extends: baseline.yaml\npool: null\nlimits: {money: null}\nsectors: {mines: {funds: null}}\n",
    )
    scenario = load(path).scenario
    assert scenario.pool is None
    assert set(scenario.limits) == {"bonds", "mix"}
    assert scenario.sectors["mines"].funds == {}
    default = write(
        folder,
        "d.yaml",
        TEXT.replace("  industry:\n", "  industry:\n    price_growth: 1\n").replace(
            "    model: industry\n", "    model: industry\n    price_growth: null\n"
        ),
    )
    assert load(default).scenario.sectors["factories"].price_growth is None


def test_null_of_nothing_is_a_mistake(folder):
    path = write(folder, "more.yaml", "extends: baseline.yaml\nlimits: {monye: null}\n")
    assert f"{path}:2:17  limits.monye: got" in wrong(path)
    path = write(
        folder, "more.yaml", "extends: baseline.yaml\nsectors: {farms: {gestation: [30, null, 70]}}\n"
    )
    assert "more.yaml:2:35  sectors.farms.gestation[1]: got" in wrong(path)


@pytest.mark.parametrize(
    "target",
    [
        "../outside.yaml",
        "/etc/passwd",
        "a/../../outside.yaml",
        "~/x.yaml",
        "C:\\x.yaml",
        "c:/x.yaml",
        "http://example.org/x.yaml",
        "file:///etc/passwd",
        '""',
        '"a\\0b"',
        "link.yaml",
        "linked/outside.yaml",
    ],
)
def test_files_outside_the_folder_are_refused(target, tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    write(tmp_path, "outside.yaml", TEXT)
    os.symlink(tmp_path / "outside.yaml", inside / "link.yaml")
    os.symlink(tmp_path, inside / "linked")
    path = write(inside, "a.yaml", f"extends: {target}\n")
    assert "a.yaml:1:10  extends: got" in wrong(path)
    path = write(inside, "a.yaml", f"dabiao: 1\nnational: {{coefficients: {{file: {target}}}}}\n")
    assert "a.yaml:2:33  national.coefficients.file: got" in wrong(path)


def test_circles_of_files(folder):
    write(folder, "a.yaml", "extends: b.yaml\n")
    assert "a circle" in wrong(write(folder, "b.yaml", "extends: a.yaml\n"))
    assert "a circle" in wrong(write(folder, "c.yaml", "extends: ./c.yaml\n"))
    assert "a circle" in wrong(write(folder, "c.yaml", "extends: [example:china-2023/priors.yaml, a.yaml]\n"))
    assert "c.yaml:1:1  extends: got a map, expected the path of a file, or a list of paths" in wrong(
        write(folder, "c.yaml", "extends: {a: 1}\n")
    )
    assert "did you mean baseline.yaml?" in wrong(write(folder, "d.yaml", "extends: baselin.yaml\n"))


def test_mistake_in_an_extended_file_is_told_there(folder):
    write(folder, "a.yaml", "extends: baseline.yaml\ninvestment: {growth: x}\n")
    assert f"{folder}/a.yaml:2:22  investment.growth: got" in wrong(
        write(folder, "b.yaml", "extends: a.yaml\n")
    )


# tables in CSV files

CSV = "\ufeffbuys,soil,goods,care\nsoil,0.1,0.1,0.02\ngoods,0.2,0.5,0.43\n\ncare,0.1,0.1,\n"


def tabled(folder: Path, csv: bytes | str) -> Path:
    (folder / "io").mkdir(exist_ok=True)
    (folder / "io" / "t.csv").write_bytes(csv if isinstance(csv, bytes) else csv.encode())
    start, end = TEXT.index("  coefficients:"), TEXT.index("accounts:")
    return write(
        folder,
        "tabled.yaml",
        TEXT[:start] + "  coefficients: {file: io/t.csv, source: yearbook}\n\n" + TEXT[end:],
    )


def test_table_of_coefficients(folder):
    loaded = load(tabled(folder, CSV))
    quantity = loaded.quantities()["national.coefficients.goods.goods"]
    assert (quantity.value, quantity.source) == (0.5, "yearbook")
    assert quantity.origin.endswith("io/t.csv:3:11")
    assert loaded.scenario.national.coefficients["care"]["care"].value == 0, "an empty cell is zero"
    assert ("io/t.csv", loaded.files[0][1]) == loaded.files[0]
    same(loaded, load(write(folder, "resolved.yaml", resolved_yaml(loaded))))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0.02", "x", ':2:14  national.coefficients.soil.care: got "x", expected a number'),
        ("0.02", "nan", ':2:14  national.coefficients.soil.care: got "nan", expected a number'),
        ("0.02", "1e400", ":2:14  national.coefficients.soil.care: got"),
        ("0.02", "0.02,3", ":2:19  national.coefficients: got 5 cells, expected at most 4, as the headings"),
        ("0.02", '"0.02', ":2:1  national.coefficients: got a line that is no CSV"),
        ("\ngoods,", "\nsoil,", ':3:1  national.coefficients: got the row "soil" a second time'),
        (
            "soil,goods,care",
            "soil,soil,care",
            ':1:11  national.coefficients: got the column "soil" a second time',
        ),
        ("soil,goods,care", "so il,goods,care", ':1:6  national.coefficients: got the column "so il"'),
        (
            "0.02",
            "7",
            ":2:14  national.coefficients.soil.care: got 7, expected a number in 元/元 from 0 to 1",
        ),
    ],
)
def test_mistakes_in_tables(old, new, message, folder):
    assert f"io/t.csv{message}" in wrong(tabled(folder, CSV.replace(old, new, 1)))


def test_empty_and_foreign_tables(folder):
    assert "io/t.csv:1:1  national.coefficients: got no table" in wrong(tabled(folder, ""))
    assert "io/t.csv:1:1  national.coefficients: got a larger table" in wrong(tabled(folder, "," * 200_000))
    read = load(tabled(folder, CSV.replace("buys", "买方").removeprefix("\ufeff").encode("gbk")))
    assert "read as text in GBK" in str(read.notes[0])
    path = write(
        folder,
        "a.yaml",
        TEXT.replace("  coefficients:\n", "  coefficients:\n    file: io/t.csv\n    sourc: x\n"),
    )
    assert "got a key beside `file`" in wrong(path)


# defaults


def test_years_are_completed(tmp_path):
    text = TEXT.replace("{base: 2020, target: 2021, last: 2024}", "{base: 2020}")
    years = load(write(tmp_path, "a.yaml", text)).scenario.years
    assert (years.target, years.last) == (2021, 2021)


def test_defaults_fill_what_is_left_out():
    scenario = load(VALLEY).scenario
    assert scenario.sectors["factories"].capacity.drift.value == 1.5
    assert scenario.sectors["factories"].capacity.scrapping.value == 3
    assert scenario.projects["new-plant"].months.construction.value == 12
    assert scenario.projects["new-plant"].months.approval.value == 6
    assert scenario.projects["old-plant"].slip.high == 6
    assert scenario.pool.months.ramp_up.value == 12
    assert scenario.pool.slip.value == 1


# overrides


def test_overrides():
    loaded = load(
        VALLEY,
        [
            "investment.growth=9",
            "sectors.factories.capacity.gestation[0]=20",
            "sectors.factories.capacity.gestation[1]=35",
            "accounts.fai.low=60",
            "pool=null",
            "title=Changed",
            "defaults.months.approval=4",
            "uncertainty.seed=3",
            "targets.gdp_growth.main=false",
        ],
    )
    scenario, quantities = loaded.scenario, loaded.quantities()
    assert quantities["investment.growth"].value == 9
    assert quantities["investment.growth"].assumption.of("en") == "set on the command line"
    assert quantities["investment.growth"].origin == "--set"
    assert [q.value for q in scenario.sectors["factories"].capacity.gestation] == [20, 35, 45]
    assert (scenario.accounts.fai.low, scenario.accounts.fai.value) == (60, 80)
    assert scenario.pool is None
    assert scenario.title.en == "Changed"
    assert scenario.projects["old-plant"].months.approval.value == 4
    assert scenario.uncertainty.seed == 3
    assert not scenario.targets["gdp_growth"].main


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("investment.growth", '--set  --set: got "investment.growth", expected dotted.path=value'),
        (
            "investment.growht=3",
            (
                "--set  investment.growht: got an unknown key, expected one of growth, later, before, path,"
                " growth_in, movable or base_shares; did you mean growth?"
            ),
        ),
        ("investment.growth=12亿元", '--set  investment.growth: got "12亿元", expected a number in %/yr'),
        ("investment.growth=[1]", "--set  investment.growth: got"),
        ("investment.growth={value: 1}", "--set  investment.growth: got"),
        ("investment.growth=1\nx: 2", "--set  investment.growth: got"),
        ("investment.growth=!!int 1", "--set  investment.growth: got"),
        (
            "investment.growth=999",
            "--set  investment.growth: got 999, expected a number in %/yr from -90 to 300",
        ),
        (
            "sectors.factories.capacity.gestation[7]=20",
            "--set  sectors.factories.capacity.gestation[7]: got [7], which does not exist",
        ),
        (
            "sectors.factories.capacity.gestation[0]=20",
            "sectors.factories.capacity.gestation: got shares of commissioning that add to 110",
        ),
        ("=3", "--set  --set: got"),
        ("[0]=3", "--set  --set: got"),
        ("a..b=3", "--set"),
        ("extends=x.yaml", "--set  extends: got an override"),
        ("accounts=5", '--set  accounts: got "5", expected a map'),
        ("national=null", "national: got nothing"),
        ("limits.monye=null", "--set  limits.monye"),
    ],
)
def test_wrong_overrides(said, message):
    assert message in wrong(VALLEY, said)


# what is shipped


@pytest.mark.parametrize("name", examples())
def test_shipped_scenarios_load_and_stand_alone(name, tmp_path):
    loaded = load_example(name)
    assert loaded.name == f"{name}-baseline"
    assert all(file.startswith("example:") for file, _ in loaded.files)
    same(loaded, load(write(tmp_path, "resolved.yaml", resolved_yaml(loaded))))


def test_region_extends_the_shipped_priors(tmp_path):
    priors = Path(__file__).parent.parent / "scenarios" / "china-2023" / "priors.yaml"
    if not priors.exists():
        pytest.skip("no priors are shipped")
    path = write(
        tmp_path,
        "a.yaml",
        """
dabiao: 1
extends: example:china-2023/priors.yaml
title: 某市
years: {base: 2023}
assumption: invented
accounts: {gdp: 100, fai: 40, household_consumption: 40, government_consumption: 15, transfers: 5}
sectors:
  a: {model: industry, title: 工业, national: manufacturing, va: 40}
  b: {model: services, title: 服务业, national: tertiary, va: 60}
investment: {growth: 5}
mixes: {plan: {title: 计划, shares: {a: 50, b: 50}}}
targets: {gdp_growth: {ensure: 5}}
""",
    )
    loaded = load(path)
    assert loaded.scenario.sectors["a"].capacity.gestation
    assert any(file == "example:china-2023/io2020.csv" for file, _ in loaded.files)
    same(loaded, load(write(tmp_path, "resolved.yaml", resolved_yaml(loaded))))


# editors


def test_json_schema_allows_what_the_loader_allows():
    schema = json_schema()
    json.dumps(schema)
    number, mapping = schema["$defs"]["Quantity"]["anyOf"]
    assert number == {"type": "number"}
    assert set(mapping["properties"]) == {
        "value",
        "unit",
        "low",
        "high",
        "distribution",
        "source",
        "assumption",
        "note",
    }
    assert {"extends", "defaults", "source", "assumption", "note"} <= set(schema["properties"])
    for name, part in schema["$defs"].items():
        assert "required" not in part, name
        if part.get("type") == "object":
            assert "source" in part["properties"], name


# speed


@pytest.mark.slow
def test_large_scenario_loads_fast(tmp_path):
    """600 lines and a table of 17 classes in a quarter of a second."""
    names = [f"c{i}" for i in range(17)]
    csv = "x," + ",".join(names) + "\n" + "".join(f"{n}," + ",".join(["0.02"] * 17) + "\n" for n in names)
    write(tmp_path, "io.csv", csv)
    start, end = TEXT.index("national:"), TEXT.index("accounts:")
    classes = "".join(
        f"    {n}: {{title: T, va_ratio: 50, output: 9, labour_share: 40, household_share: {100 / 17!r},"
        f" government_share: {100 / 17!r}, regional_purchase: 20}}\n"
        for n in names
    )
    text = (
        TEXT[:start]
        + "national:\n  classes:\n"
        + classes
        + "  groups: {soil: [c0], goods: [c1], care: [c2], making: [c3]}\n  coefficients: {file: io.csv}\n\n"
        + TEXT[end:]
    )
    text = (
        text.replace("investment_buys: {goods: 20, care: 5}", "investment_buys: {c1: 20}")
        .replace("{goods: 30}", "{c1: 30}")
        .replace("{goods: 20}", "{c1: 20}")
        .replace("{goods: 40}", "{c1: 40}")
    )
    project = TEXT[TEXT.index("  new-plant:") : TEXT.index("  old-plant:")]
    text = text.replace(
        "  old-plant:", "".join(project.replace("new-plant", f"p{i}") for i in range(52)) + "  old-plant:"
    )
    path = write(tmp_path, "a.yaml", text)
    assert text.count("\n") > 600
    load(path)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        load(path)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.25


@pytest.mark.parametrize(("code", "named"), [("utf-16-le", "UTF-16LE"), ("utf-16-be", "UTF-16BE")])
def test_the_encoding_that_is_named_is_the_one_it_is_in(code: str, named: str) -> None:
    data = "title: 一座城市, a town\naccounts: {gdp: 1000}\n".encode(code)
    assert guessed(data)[1] == named and data.decode(named)
