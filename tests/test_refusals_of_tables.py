"""What tables beside a scenario may not hold: candidates and quotas, figures to date, coefficients; and files
that extend one another in other money, or without an end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from dabiao.models.errors import ScenarioError
from dabiao.scenarios import candidates, merge, spreadsheet
from dabiao.scenarios.load import load, load_text, open_files
from dabiao.scenarios.network_file import load_network
from dabiao.scenarios.province.load import load_province
from dabiao.scenarios.report import Hopeless, Report
from dabiao.scenarios.sweep_file import read_sweep
from wrong import TEXT, complaints

HEADS = "id,value,quarters,own"


def listed(folder: Path, text: str) -> str:
    """What is told of a table of candidates."""
    path, report = folder / "p.csv", Report()
    path.write_text(text, encoding="utf-8")
    candidates.candidates(path, ("2024Q1", "2024Q2"), ("own",), report)
    return "\n".join(map(str, report.problems))


CANDIDATES: dict[str, tuple[str, str]] = {
    "no row": (f"{HEADS}\n", "p.csv:1:1  file: got no rows, expected a first row of headings"),
    "a column twice": (
        f"{HEADS},own\na,1,1,1,2\n",
        "p.csv:1:23  own: got the column a second time, expected each column once",
    ),
    "a cell too many": (
        f"{HEADS}\na,1,1,1,5\n",
        "p.csv:2:9  file: got 5 cells, expected at most 4, as the headings",
    ),
    "no column of quarters": (
        "id,value,own\na,1,1\n",
        "quarters: got no such column, expected a column quarters",
    ),
    "an unknown column": (
        f"{HEADS},rgion\na,1,1,1,x\n",
        "p.csv:1:23  rgion: got an unknown column, expected one",
    ),
    "an id twice": (f"{HEADS}\na,1,1,1\na,2,2,2\n", 'p.csv:3:1  id: got "a" a second time, after line 2'),
    "no id": (f"{HEADS}\n,1,1,1\n", "p.csv:2:1  id: got nothing, expected an id of its own"),
    "half a quarter": (f"{HEADS}\na,1,1.5,1\n", 'p.csv:2:5  quarters: got "1.5", expected a whole number of'),
    "no quarter": (
        f"{HEADS}\na,1,0,1\n",
        'quarters: got "0", expected a whole number of quarters from 1 to 200',
    ),
    "fifty years": (f"{HEADS}\na,1,201,1\n", 'quarters: got "201", expected a whole number of quarters'),
    "a quarter that is not there": (
        f"{HEADS},earliest\na,1,1,1,2025Q1\n",
        'p.csv:2:9  earliest: got "2025Q1", expected a quarter from 2024Q1 to 2024Q2',
    ),
    "the latest before the earliest": (
        f"{HEADS},earliest,latest\na,1,1,1,2024Q2,2024Q1\n",
        'p.csv:2:16  latest: got "2024Q1", expected not before the earliest, 2024Q2',
    ),
    "after nobody": (
        f"{HEADS},after\na,1,1,1,b\n",
        'p.csv:2:9  after: got "b", expected the id of a project',
    ),
    "after itself": (f"{HEADS},after\na,1,1,1,a\n", "p.csv:2:9  after: got a circle: a <- a"),
    "must, perhaps": (
        f"{HEADS},must\na,1,1,1,perhaps\n",
        'p.csv:2:9  must: got "perhaps", expected 1 or nothing',
    ),
    "a list without what it brings": (
        "项目名称,总投资（亿元）,建设工期（月）\n电池厂,6,18\n铝厂,3,12\n",
        "value: got nothing, expected a column value (年增加值), 年产值",
    ),
}


@pytest.mark.parametrize("case", CANDIDATES)
def test_a_mistake_of_candidates_is_told_at_its_cell(case: str, tmp_path: Path) -> None:
    text, told = CANDIDATES[case]
    assert told in listed(tmp_path, text), listed(tmp_path, text)


QUOTAS: dict[str, tuple[str, str]] = {
    "no regions": (
        "rgion,least\neast,1\n",
        "q.csv:1:1  region: got no such column, expected a column `region` (县区); did you mean rgion?",
    ),
    "an unknown column": (
        "region,lest\neast,1\n",
        "q.csv:1:8  lest: got an unknown column, expected region, least",
    ),
    "nobody": (
        "region,least\nest,1\n",
        'q.csv:2:1  region: got "est", expected a region of the candidates; did you',
    ),
    "a region twice": (
        "region,least\neast,1\neast,2\n",
        'q.csv:3:1  region: got "east" a second time, expected one row for each region',
    ),
    "more than most": (
        "region,least,most\neast,3,2\n",
        "q.csv:2:1  least: got least 3, most 2, expected least",
    ),
}


@pytest.mark.parametrize("case", QUOTAS)
def test_a_mistake_of_quotas_is_told_at_its_cell(case: str, tmp_path: Path) -> None:
    text, told = QUOTAS[case]
    path, report = tmp_path / "q.csv", Report()
    path.write_text(text, encoding="utf-8")
    candidates.quotas(path, ("east", "west"), report)
    found = "\n".join(map(str, report.problems))
    assert told in found, found


MONEY: dict[str, tuple[str, str]] = {
    "no quarters": (
        "month,own\n1,5\n",
        "m.csv:1:1  quarter: got no such column, expected a column `quarter` (季度)",
    ),
    "no quarter": (
        "quarter,own\nsoon,5\n",
        'm.csv:2:1  quarter: got "soon", expected a quarter such as 2024Q1',
    ),
    "a quarter left out": (
        "quarter,own\n2024Q1,5\n2024Q3,5\n",
        'm.csv:3:1  quarter: got "2024Q3", expected the quarter after 2024Q1',
    ),
    "a year left out": (
        "quarter,own\n2024Q4,5\n2026Q1,5\n",
        'm.csv:3:1  quarter: got "2026Q1", expected the quarter after 2024Q4',
    ),
    "no money": (
        "quarter\n2024Q1\n",
        "sources: got no source of money, expected a column for each: own, bond",
    ),
}


@pytest.mark.parametrize("case", MONEY)
def test_a_mistake_of_money_by_quarter_is_told_at_its_cell(case: str, tmp_path: Path) -> None:
    text, told = MONEY[case]
    path, report = tmp_path / "m.csv", Report()
    path.write_text(text, encoding="utf-8")
    candidates.budgets(path, report)
    found = "\n".join(map(str, report.problems))
    assert told in found, found


def known(folder: Path, table: str) -> str:
    """What is told of a table of figures to date, as mistakes or as notes."""
    city, file = folder / "wrong.yaml", folder / "f.csv"
    city.write_text(TEXT, encoding="utf-8")
    file.write_text(table, encoding="utf-8")
    try:
        told = [note.en for note in load(city, actuals=file).notes]
    except ScenarioError as error:
        told = list(map(str, error.problems))
    return "\n".join(told).replace(f"{folder}/", "")


FIGURES: dict[str, tuple[str, str]] = {
    "no figure": (
        "指标,上半年\n地区生产总值增速,\n",
        "f.csv:1:1  actuals.figures: got no figures, expected a number",
    ),
    "a row of the sheet": (
        "指标,上半年\n地区生产总值增速,6\n",
        'f.csv:2:10: "地区生产总值增速" is read as gdp_growth, up to 2021-06',
    ),
    "a quarter alone": (
        "指标,三季度,上半年\n地区生产总值增速,6,6\n",
        'f.csv:1:4  actuals.figures: got "三季度", expected a time from the beginning of the year, such as',
    ),
    "a month that is none": (
        "指标,2021-13,上半年\n地区生产总值增速,6,6\n",
        'f.csv:1:4  actuals.figures: got "2021-13", expected a time from the beginning of the year, such as',
    ),
    "a column of last year": (
        "指标,上半年,去年同期上半年\n地区生产总值增速,6,5\n",
        'f.csv:1:8: the column "去年同期上半年" is not used',
    ),
    "growth of last year": (
        "指标,上半年,去年同期增速\n地区生产总值增速,6,5\n",
        'f.csv:1:8: the column "去年同期增速" is not used',
    ),
    "a column of no figures": (
        "指标,上半年,天气\n地区生产总值增速,6,晴\n",
        'f.csv:1:8: the column "天气" is not used',
    ),
    "a column of something else": (
        "指标,上半年,备注\n地区生产总值增速,6,初步\n",
        'f.csv:1:8: the column "备注" is not used',
    ),
    "a word for a figure": (
        "指标,上半年\n地区生产总值增速,多\n",
        'f.csv:2:10  actuals.figures: got "多", expected a number',
    ),
    "a figure twice": (
        "指标,上半年,上半年\n地区生产总值增速,6,7\n",
        'f.csv:2:12  actuals.figures: got a second figure for "1-6月", expected one figure each',
    ),
    "a month twice in other words": (
        "指标,上半年,1-6月\n地区生产总值增速,6,7\n",
        'f.csv:2:12  actuals.figures: got a second figure for "1-6月", expected one figure each',
    ),
    "an indicator twice in other words": (
        "指标,上半年\n地区生产总值增速,6\nGDP增速,7\n",
        'got a second figure for "2021-06", expected one figure each',
    ),
    "a row of something else": (
        "指标,上半年\n地区生产总值增速,6\n降水量,7\n",
        'f.csv:3:5: "降水量" is no row of the sheet: not used',
    ),
    "the nation's growth": (
        "指标,上半年\n地区生产总值增速,6\n全国地区生产总值增速,7\n",
        "is read as the nation's growth",
    ),
    "the nation's prices": (
        "指标,上半年\n地区生产总值增速,6\n全国居民消费价格涨幅,7\n",
        "is the nation's, of which only growth of GDP is used",
    ),
    "an account of the year": (
        "指标,2021年\n地区生产总值增速（%）,6\n地区生产总值（亿元）,215\n",
        "is read as the account gdp of 2021",
    ),
    "the nation's growth twice": (
        "指标,上半年\n地区生产总值增速,6\n全国地区生产总值增速,7\n全国GDP增速,7.5\n",
        'f.csv:4:9  actuals.nation: got a second figure for "1-6月", expected one figure each',
    ),
    "a column of no time": (
        "指标,降水量,上半年\n地区生产总值增速,3,6\n",
        'f.csv:1:4: the column "降水量" is not used',
    ),
    "a smaller unit": (
        "指标,上半年\n地区生产总值增速（%）,6\n粮食（吨）,70000\n",
        'f.csv:3:7: "70000 吨" is read as 7 万吨',
    ),
    "another unit": (
        "指标,上半年\n地区生产总值增速（%）,6\n粮食（亿元）,7\n",
        "actuals.figures.grain.2021-06: got ",
    ),
}


@pytest.mark.parametrize("case", FIGURES)
def test_what_a_table_of_figures_to_date_says_is_told_at_its_cell(case: str, tmp_path: Path) -> None:
    table, told = FIGURES[case]
    found = known(tmp_path, table)
    assert told in found, found


def beside(folder: Path, old: str, new: str, **files: str) -> str:
    """What is told of the valley with a passage changed and files beside it."""
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    assert TEXT.count(old) == 1
    path = folder / "wrong.yaml"
    path.write_text(TEXT.replace(old, new), encoding="utf-8")
    return "\n".join(complaints(path))


COEFFICIENTS = TEXT[TEXT.index("  coefficients:\n") : TEXT.index("accounts:\n")]
NAMED = "  coefficients: {file: io.csv, source: survey}\n\n"


def test_a_row_called_as_a_key_of_its_own_is_told(tmp_path: Path) -> None:
    table = "class,soil,goods,care\nsoil,0.1,0.1,0.02\ngoods,0.2,0.5,0.2\ncare,0.1,0.1,0.23\nsource,1,1,1\n"
    told = beside(tmp_path, COEFFICIENTS, NAMED, io_csv=table)
    assert (
        "io.csv:5:1  national.coefficients: got the row source, expected another name (source has a"
        " meaning of its"
        " own)" in told
    ), told


def test_a_number_beyond_any_is_told(tmp_path: Path) -> None:
    table = "class,soil,goods,care\nsoil,1e16,0.1,0.02\ngoods,0.2,0.5,0.2\ncare,0.1,0.1,0.23\n"
    told = beside(tmp_path, COEFFICIENTS, NAMED, io_csv=table)
    assert 'io.csv:2:6  national.coefficients.soil.soil: got "1e16", expected a number' in told, told


def test_a_column_of_too_many_values_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_NODES", 3)
    old, new = "later: 3", "later: {value: 3, distribution: {kind: empirical, file: v.csv, column: a}}"
    told = beside(tmp_path, old, new, v_csv="a\n1\n2\n3\n4\n")
    assert "got 4 values, expected at most 3" in told, told


def chained(folder: Path, count: int) -> list[str]:
    """What is told of so many files, each of which extends the next."""
    for at in range(count):
        (folder / f"f{at}.yaml").write_text(f"extends: f{at + 1}.yaml\n", encoding="utf-8")
    (folder / f"f{count}.yaml").write_text(TEXT, encoding="utf-8")
    return complaints(folder / "f0.yaml")


def test_a_chain_of_files_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge, "LONGEST_CHAIN", 3)
    told = "\n".join(chained(tmp_path, 5))
    assert "f2.yaml:1:10  extends: got a chain of more than 3 files, expected fewer" in told, told


def extended(folder: Path, text: str) -> str:
    """What is told of a file that extends the valley."""
    (folder / "valley.yaml").write_text(TEXT, encoding="utf-8")
    path = folder / "wrong.yaml"
    path.write_text(f"extends: valley.yaml\n{text}", encoding="utf-8")
    return "\n".join(complaints(path))


EXTENDED: dict[str, tuple[str, str]] = {
    "indicators of a number": (
        "indicators: {use: 3}\n",
        'wrong.yaml:2:19  indicators.use: got "3", expected the path of a file, or a list of paths',
    ),
    "indicators of themselves": (
        "indicators: {use: wrong.yaml}\n",
        "which uses this file, expected files that do not go round in a circle",
    ),
    "indicators of a whole scenario": (
        "indicators: {use: valley.yaml}\n",
        'got the key "accounts" in a file of indicators, expected `sources` and `indicators`; a whole'
        " scenario is"
        " inherited by `extends`",
    ),
    "fiscal years without a month": (
        "years: {base: 2020-21, target: 2021-22, last: 2024-25}\n",
        "years.begins: got fiscal years, and no month in which they begin, expected a month: `begins: 4`",
    ),
    "a source that is a list": (
        "accounts: {source: [survey], gdp: 200}\n",
        "wrong.yaml:2:12  accounts.source: got a list, expected a key of `sources`",
    ),
    "an assumption that is a list": (
        "accounts: {assumption: [guess], gdp: 200}\n",
        "wrong.yaml:2:12  accounts.assumption: got a list, expected a sentence, or {zh: ..., en: ...}",
    ),
    "an extended file that is none": ("x: 1\n", "x: got an unknown key"),
    "defaults of a word": ("defaults: none\n", 'wrong.yaml:2:11  defaults: got "none", expected a map'),
    "a currency that is none": (
        "money: {currency: YEN}\n",
        'wrong.yaml:2:19  money.currency: got "YEN", expected the code of a currency, such as ',
    ),
    "a currency in other signs": (
        "money: {currency: 元}\n",
        'money.currency: got "元", expected the code of',
    ),
    "a scale that is none": (
        "money: {scale: 300}\n",
        'wrong.yaml:2:16  money.scale: got "300", expected a power of ten from 1 to 1e12, or its word',
    ),
    "another currency": (
        "money: {currency: USD}\n",
        "got an amount in 亿元, expected one in ",
    ),
}


@pytest.mark.parametrize("case", EXTENDED)
def test_what_a_file_that_extends_another_may_not_say(case: str, tmp_path: Path) -> None:
    text, told = EXTENDED[case]
    assert told in extended(tmp_path, text), extended(tmp_path, text)


def test_defaults_for_very_many_parts_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge, "MOST_LAID", 10)
    told = extended(tmp_path, "")
    assert (
        " defaults: got " in told and "values for each of 7 sectors and projects, expected fewer" in told
    ), told


MANY = "".join(f"key{at}: 1\n" for at in range(450))


def test_very_many_mistakes_are_told_up_to_a_number_whoever_reads(tmp_path: Path) -> None:
    """As a scenario, with values set, as a text beside a file, as a network, as regions, as a sweep."""
    city = tmp_path / "city.yaml"
    city.write_text(TEXT, encoding="utf-8")
    many = tmp_path / "many.yaml"
    many.write_text(MANY, encoding="utf-8")
    sets = [f"key{at}=1" for at in range(450)]
    for head in ("network", "regions", "scenarios"):
        (tmp_path / f"{head}.yaml").write_text(f"{head}: {{}}\n{MANY}", encoding="utf-8")
    readers: dict[str, Callable[[], object]] = {
        "load": lambda: load(many),
        "set": lambda: open_files(city).loaded(sets),
        "text": lambda: load_text(f"extends: city.yaml\n{MANY}", city),
        "network": lambda: load_network(tmp_path / "network.yaml"),
        "regions": lambda: load_province(tmp_path / "regions.yaml"),
        "sweep": lambda: read_sweep(tmp_path / "scenarios.yaml"),
    }
    for name, read in readers.items():
        with pytest.raises(ScenarioError) as caught:
            read()
        problems = caught.value.problems
        assert len(problems) == 201 and str(problems[-1]).endswith("correct the ones above first"), name
        assert isinstance(caught.value, Hopeless), name  # nobody reads on


def test_a_text_that_is_no_scenario_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"got a list, expected a map of keys and values"):
        load_text("- 1\n", tmp_path / "city.yaml")


def test_candidates_in_another_encoding_are_told(tmp_path: Path) -> None:
    path, report = tmp_path / "p.csv", Report()
    path.write_bytes(f"{HEADS},title\na,1,1,1,铝厂\n".encode("gbk"))
    assert len(candidates.candidates(path, ("2024Q1",), ("own",), report)) == 1
    assert [note.en.split("p.csv")[1] for note in report.notes] == [": read as text in GBK"]


def test_a_listed_project_of_no_sector_is_told_at_its_cell(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(
        "项目名称,所属部门,总投资（亿元）,开工时间\n铝厂,,5,2021-03\n", encoding="utf-8"
    )
    start, end = TEXT.index("projects:\n"), TEXT.index("pool:")
    path = tmp_path / "wrong.yaml"
    path.write_text(f"{TEXT[:start]}projects: {{file: p.csv}}\n\n{TEXT[end:]}", encoding="utf-8")
    assert "p.csv:2:4  projects.铝厂.sector: got nothing, expected a word" in "\n".join(complaints(path))


def test_every_wrong_value_that_is_set_is_told(tmp_path: Path) -> None:
    city = tmp_path / "city.yaml"
    city.write_text(TEXT, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(city, sets=["gpd=1", "fai=2", "accounts.gpd=3"])
    assert [problem.path for problem in caught.value.problems] == ["accounts.gpd", "fai", "gpd"]


def test_a_mistake_of_a_default_is_told_once_whatever_it_is_laid_under(tmp_path: Path) -> None:
    old = "    market: {trend: 5, finds_buyers: 60}"
    wells = "model: services, title: 井, national: care, va: 1, investment_buys: {}"
    more = f"  wells: {{{wells}}}\n"
    text = TEXT.replace(old, old.replace("60", "160")).replace("chains:\n", f"{more}\nchains:\n", 1)
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    assert sum("got 160, expected" in line for line in complaints(path)) == 1


def test_names_of_parts_that_were_read_for_keys_are_told(tmp_path: Path) -> None:
    start, end = TEXT.index("mixes:\n"), TEXT.index("limits:\n")
    (tmp_path / "m.csv").write_text("部门,plan\n农业,10\n矿业,30\n工厂,30\n商业,30\n", encoding="utf-8")
    (tmp_path / "p.csv").write_text("项目名称,所属部门,总投资（亿元）\n铝厂,工厂,5\n", encoding="utf-8")
    text = f"{TEXT[:start]}mixes: {{file: m.csv, assumption: x}}\n\n{TEXT[end:]}"
    start, end = text.index("projects:\n"), text.index("pool:")
    path = tmp_path / "city.yaml"
    path.write_text(f"{text[:start]}projects: {{file: p.csv}}\n\n{text[end:]}", encoding="utf-8")
    notes = "\n".join(note.en for note in load(path).notes)
    for said in (
        "m.csv:2:4: 农业 is read as farms",
        "p.csv:2:4: 工厂 is read as the sector factories",
        "p.csv:2:1: neither start nor finish is stated: it begins as its stage allows",
        "p.csv:2:1: no stage is stated: read as `planned`",
    ):
        assert said in notes, (said, notes)


def test_one_figure_of_two_times_in_a_scenario_is_told(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    known_so = "actuals: {assumption: x, figures: {gdp_growth: {1-6月: 6, 上半年: 7}}}\n"
    path.write_text(
        f"{TEXT}\n{known_so.replace('1-6月', '2021年1-6月').replace('上半年', '2021-06')}", encoding="utf-8"
    )
    said = "actuals.figures.gdp_growth: got a second figure for 2021-06, expected one figure each"
    assert any(said in line for line in complaints(path)), complaints(path)
