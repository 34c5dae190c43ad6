"""The Word report says what the tables say, in real headings, numbered captions and repeating rows."""

from __future__ import annotations

import importlib.util
import io
import re
import time
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.models.quantity import Bilingual
from dabiao.results.charts import words
from dabiao.results.forms.terminal.layout import GAP
from dabiao.results.forms.word.brief import part_of, with_reasons
from dabiao.results.forms.word.document import NO_FONT, export_word
from dabiao.results.forms.word.marks import element, paragraph, run
from dabiao.results.forms.word.tables import SIZES, Grid, cell_of, head_of, height, setting
from dabiao.results.forms.word.widths import widths
from dabiao.results.front import front_page
from dabiao.results.outline import DOCUMENT, KINDS
from dabiao.results.reports import added, write_report
from dabiao.results.tables.paper import all_on_paper
from dabiao.results.tables.table import Column, Table, shown
from dabiao.results.text.format import clean, printed
from dabiao.results.text.locales import locale
from dabiao.results.write import WriteError, read_run
from hypothesis import given
from hypothesis import strategies as st

docx = pytest.importorskip("docx", reason="python-docx is an extra")
pytest.importorskip("matplotlib", reason="matplotlib is an extra")

VALLEY = Path(__file__).with_name("scenarios_for_tests") / "answered.yaml"
META: dict[str, Any] = {"run": "0123456789ab", "scenario": "plan", "version": "1"}
TITLE = Bilingual(zh="某市方案 <b>&", en="A plan <b>&")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run."""
    out = tmp_path_factory.mktemp("runs")
    done = CliRunner().invoke(simulate, [str(VALLEY), "--out", str(out), "-q"])
    assert done.exit_code == 0, done.output
    (folder,) = (manifest.parent for manifest in out.rglob("manifest.json"))
    return folder


@cache
def opened(folder: Path, lang: str, issuer: str = "", date: str = "") -> Any:
    """The report of a run, written and opened again."""
    place = folder.with_name(f"word-{lang}")
    place.mkdir(exist_ok=True)
    meta = {**META, "issuer": issuer, "date": date}
    (file,) = export_word(added(read_run(folder).tables), place, lang, TITLE, meta)
    return docx.Document(str(file))


def cells(table: Any) -> list[list[str]]:
    """Texts of a table of the document."""
    name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return [
        [
            "".join(
                {"br": "\n", "noBreakHyphen": "-"}.get(part.tag.split("}")[1]) or part.text or ""
                for part in cell.iter(f"{name}t", f"{name}br", f"{name}noBreakHyphen")
            )
            for cell in row.iter(f"{name}tc")
        ]
        for row in table._tbl.iter(f"{name}tr")
    ]


def text_of(value: str) -> str:
    """A cell as a document can hold it: any line end is one line end."""
    return "\n".join(clean(value).splitlines())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_cell_is_the_tables(stored: Path, lang: str) -> None:
    """What is printed of a table stands in the document, cell by cell: turned, or on below with the first
    column repeated, where wide."""
    tables = with_reasons(all_on_paper(added(read_run(stored).tables)))
    places = {table.title.of(lang): name for name, table in tables.items()}
    most = {name: rows for chapter in DOCUMENT for name, rows in chapter.tables.items()}
    found = iter([cells(table) for table in opened(stored, lang).tables])
    captions = [
        re.sub(r"^\S+\s+(\d+\s+)?", "", p.text)
        for p in opened(stored, lang).paragraphs
        if p.style.name == "Caption" and p.text.startswith(("表", "Table"))
    ]
    assert len(captions) >= 10 and len(set(captions)) == len(captions)
    for title in captions:
        table = tables[places[title]]
        part = part_of(table, most[table.name])
        rows = [
            dict(zip((column.name for column in shown(table)), row, strict=True))
            for row in printed(table, lang)
        ]
        wanted = [
            [head_of(column, lang) for column in part.columns],
            *([text_of(cell_of(rows[at][column.name])) for column in part.columns] for at in part.rows),
        ]
        got = next(found)
        if got[0] == [row[0] for row in wanted] and len(wanted) > 1 and got[0] != wanted[0]:
            wanted = [list(row) for row in zip(*wanted, strict=True)]
        while len(got[0]) < len(wanted[0]):
            got = [row + more[1:] for row, more in zip(got, next(found), strict=True)]
        assert got == wanted, table.name
    assert next(found, None) is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_headings_captions_and_repeating_rows_are_real(stored: Path, lang: str) -> None:
    document = opened(stored, lang)
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert heads[0] == ("一、建议" if lang == "zh" else "1. Recommendations")
    numbers = [re.match(r"(.{1,2}、|\d+\. )", head) for head in heads]
    count = sum(number is not None for number in numbers)
    assert count >= 8 and all(numbers[:count]) and not any(numbers[count:])
    assert [number[1] for number in numbers[:count] if number] == [
        locale(lang).heading(at + 1) for at in range(count)
    ]
    captions = [p for p in document.paragraphs if p.style.name == "Caption"]
    figures = [p for p in captions if p.text.startswith(("图", "Figure"))]
    assert len(figures) == len(document.inline_shapes) >= 3
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    xml = [p._p.xml for p in captions if p not in figures]
    assert all(f"SEQ {'表' if lang == 'zh' else 'Table'} " in part for part in xml)
    assert [int(re.search(r"(?s)fldSimple.*?<w:t>(\d+)", part)[1]) for part in xml] == list(
        range(1, len(xml) + 1)
    )
    for table in document.tables:
        assert table._tbl.xml.count("<w:tblHeader/>") == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_one_has_its_parts_in_order_and_each_once(stored: Path, lang: str) -> None:
    """Title, who and when, the answer, a picture, the decisions, what would have to be true, notes; then a
    page begins with what to do."""
    meta = {**META, "issuer": "Office <1>", "date": "2024-01-15"}
    front = front_page(added(read_run(stored).tables), lang, TITLE, meta)
    assert front is not None
    body = list(opened(stored, lang, "Office <1>", "2024-01-15").element.body)
    texts = ["".join(part.text or "" for part in each.iter() if part.tag.endswith("}t")) for each in body]
    start = next(at for at, each in enumerate(body) if "w:pageBreakBefore" in each.xml)
    page = texts[:start]
    stamp = "\u3000".join(value for _, value in front.stamp)
    assert texts[0] == front.title and all(value in page[1] for value in stamp.split("\u3000"))
    needs = [front.needs] if front.needs else []
    wanted = [*front.answer, *(text for _, text in [*needs, *front.notes])]
    places = [next(at for at, said in enumerate(page) if _like(text) in _like(said)) for text in wanted]
    assert places == sorted(set(places))
    drawn = next(at for at, each in enumerate(body) if "<w:drawing>" in each.xml)
    table = next(at for at, each in enumerate(body) if each.tag.endswith("}tbl"))
    assert places[len(front.answer) - 1] < drawn < table < places[len(front.answer)]
    assert sum(each.tag.endswith("}tbl") for each in body[:start]) == len(front.tables)
    advice = [at for text in front.advice for at, said in enumerate(texts) if _like(text[1]) in _like(said)]
    assert len(advice) == len(front.advice) and min(advice) > start


def _like(text: str) -> str:
    """A text without what setting it may change: a minus, the case of its first letter, its full stop."""
    return re.sub(r"[-\s]", "", text).lower().rstrip(".。")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_printed_twice(stored: Path, lang: str) -> None:
    """No sentence, caption, note or table."""
    document = opened(stored, lang)
    said = [
        part
        for p in document.paragraphs
        for part in re.split(r"(?<=[。.]) ?(?=[A-Z\u3400-\u9fff])", p.text)
        if len(part) > 25
    ]
    assert len(said) > 20 and not {each for each in said if said.count(each) > 1}
    grids = [str(cells(table)[1:]) for table in document.tables if len(table.rows) > 1]
    assert len(set(grids)) == len(grids)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_letters_of_tables_can_be_read(stored: Path, lang: str) -> None:
    sizes = {
        int(size.get(docx.oxml.ns.qn("w:val"))) / 2
        for table in opened(stored, lang).tables
        for size in table._tbl.xpath(".//w:rPr/w:sz")
    }
    assert sizes and min(sizes) >= 8
    assert opened(stored, lang).styles["TableNote"].font.size.pt >= 8


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_which_run_it_is_stands_at_the_very_end(stored: Path, lang: str, tmp_path: Path) -> None:
    """Identifiers, solver and version stand after the last heading and nowhere else."""
    meta = {"run": "0123456789ab", "solver": "solver-of-test", "version": "9.8.7"}
    (file,) = export_word(added(read_run(stored).tables), tmp_path, lang, TITLE, {**META, **meta})
    texts = [(p.text, p.style.name) for p in docx.Document(str(file)).paragraphs]
    last = max(at for at, (_, style) in enumerate(texts) if style == "Heading 1")
    for value in meta.values():
        assert [at for at, (text, _) in enumerate(texts) if value in text] == [len(texts) - 1] > [last]
    assert "tables.xlsx" in texts[last + 1][0]


def test_an_analysis_has_its_own_title_and_begins_with_chapter_one(tmp_path: Path) -> None:
    columns = (Column("a", Bilingual(zh="甲", en="A"), digits=0),)
    said = Table(
        "summary",
        TITLE,
        tuple(Column(name, TITLE) for name in ("line", "label", "text")),
        (("answer", Bilingual(en="Answer"), Bilingual(en="It takes 5.")),),
    )
    for name, kind in KINDS:
        table = Table(name, Bilingual(zh=f"表{name}", en=f"t-{name}"), columns, ((1,),))
        (file,) = export_word({"summary": said, name: table}, tmp_path, "en", TITLE, META)
        lines = [p.text for p in docx.Document(str(file)).paragraphs]
        assert lines[:2] == [kind.of("en"), TITLE.en] and "It takes 5." in lines[2]
        heads = [p.text for p in docx.Document(str(file)).paragraphs if p.style.name == "Heading 1"]
        assert heads[0].startswith("1. ") and f"t-{name}" in " ".join(lines)


def test_chinese_letters_are_named(stored: Path) -> None:
    """Every style names an East Asian font, as GB/T 9704 has it: nothing is left to what the reader's program
    happens to take."""
    styles = opened(stored, "zh").styles
    wanted = {"Normal": "仿宋", "Title": "方正小标宋简体", "Heading 1": "黑体", "TableText": "宋体"}
    for name, font in wanted.items():
        fonts = styles[name].element.rPr.rFonts
        assert fonts.get("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia") == font
        assert not any("Theme" in key for key in fonts.attrib)
    assert "楷体" in opened(stored, "zh").element.xml


@pytest.mark.parametrize("forms", [("word", "excel", "html", "markdown", "csv"), ("word",)])
def test_the_command_writes_what_was_asked(stored: Path, tmp_path: Path, forms: tuple[str, ...]) -> None:
    words = ["report", str(stored), "--out", str(tmp_path / "out")]
    for form in forms if len(forms) < 5 else ():
        words += ["--format", form]
    done = CliRunner().invoke(simulate, words)
    assert done.exit_code == 0, done.output
    wanted = {"word": "report.docx", "excel": "tables.xlsx", "html": "report.html", "markdown": "report.md"}
    files = {
        file.relative_to(tmp_path / "out").as_posix()
        for file in (tmp_path / "out").rglob("*")
        if file.is_file() and file.suffix != ".csv"
    }
    assert files == {"manifest.json"} | {
        f"{lang}/{wanted[form]}" for lang in ("zh", "en") for form in forms if form in wanted
    }
    checked = CliRunner().invoke(simulate, ["verify", str(tmp_path / "out")])
    assert checked.exit_code == 0, checked.output


def test_a_run_writes_its_report_when_asked(tmp_path: Path) -> None:
    done = CliRunner().invoke(simulate, [str(VALLEY), "--out", str(tmp_path), "--report"])
    assert done.exit_code == 0, done.output
    assert len(list(tmp_path.rglob("report.docx"))) == 2


def test_without_the_extra_the_rest_is_written_and_the_lack_is_told(
    stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "docx" else real(name, *more)
    )
    done = CliRunner().invoke(simulate, ["report", str(stored), "--out", str(tmp_path / "a")])
    assert done.exit_code == 0
    assert 'pip install "dabiao[report]"' in done.output
    assert not list((tmp_path / "a").rglob("*.docx")) and list((tmp_path / "a").rglob("*.xlsx"))
    asked = CliRunner().invoke(
        simulate, ["report", str(stored), "--out", str(tmp_path / "b"), "--format", "word"]
    )
    assert asked.exit_code == 3 and 'pip install "dabiao[report]"' in asked.output
    assert not (tmp_path / "b").exists()


def test_a_report_is_replaced_whole_and_nothing_else_is(stored: Path, tmp_path: Path) -> None:
    place = tmp_path / "out"
    write_report(stored, place, ("zh",), ("markdown",))
    again = write_report(stored, place, ("en",), ("markdown",))
    assert [file.relative_to(place).as_posix() for file in again.files] == ["en/report.md"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out"]
    own = tmp_path / "own"
    own.mkdir()
    (own / "notes.txt").write_text("mine")
    with pytest.raises(WriteError, match="was not written by this command"):
        write_report(stored, own, ("zh",), ("markdown",))
    assert [file.name for file in own.iterdir()] == ["notes.txt"]


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    hostile = ["<w:br/>", "</w:t>", "&amp;", "=1+1", "a\nb", "\x00\x0b", "x" * 40000, "😀鲊", ""]
    table = Table(
        "</w:t>",
        Bilingual(zh="<题>&", en="<t>&"),
        (Column("a", Bilingual(zh="<甲>", en="<A>")),),
        tuple((text,) for text in hostile),
        note=Bilingual(zh="&<注>"),
    )
    (file,) = export_word({"</w:t>": table}, tmp_path, "zh", TITLE, META)
    document = docx.Document(str(file))
    assert cells(document.tables[0]) == [["<甲>"], *([text_of(text)] for text in hostile)]
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as package:
        links = [
            name
            for name in package.namelist()
            if name.endswith(".rels") and 'TargetMode="External"' in package.read(name).decode()
        ]
    assert links == []


def test_without_a_chinese_font_the_pictures_say_so(
    stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "candidates", lambda: iter([words.latin_font()]))
    words.chinese_font.cache_clear()
    try:
        (file,) = export_word(read_run(stored).tables, tmp_path, "zh", TITLE, META)
    finally:
        words.chinese_font.cache_clear()
    told = [p.text for p in docx.Document(str(file)).paragraphs]
    assert told.count(NO_FONT) == 1
    assert "一、建议" in told  # the text itself stays Chinese


def test_briefs_choose_what_decides_and_say_how_much_is_left(stored: Path) -> None:
    tables = all_on_paper(added(read_run(stored).tables))
    for table in tables.values():
        part = part_of(table)
        assert set(part.columns) <= set(shown(table)) and set(part.rows) <= set(range(len(table.rows))), (
            table.name
        )
        assert len(set(part.rows)) == len(part.rows)
    chosen = with_reasons(tables)
    ranks = [*chosen["key_assumptions"].column("rank"), *chosen["numbers"].column("rank")]
    assert ranks == list(range(1, len(ranks) + 1)) and len(chosen["key_assumptions"].rows) == 5
    reasons = dict(zip(tables["numbers"].column("path"), tables["numbers"].column("text"), strict=True))
    for row in chosen["key_assumptions"].records():
        assert row["text"] == reasons[row["path"]]
    for block in ("sector", "cause"):  # what is printed of the gap sheet still adds up
        rows = [tables["gap_sheet"].records()[at] for at in part_of(tables["gap_sheet"]).rows]
        rows = [row for row in rows if str(row["block"]).endswith(f":{block}")]
        total = [row["gap"] for row in rows if row["level"] == "total"]
        if total:
            assert sum(row["gap"] for row in rows if row["level"] == "part") == pytest.approx(
                total[0], abs=0.005
            )
    said = " ".join(paragraph.text for paragraph in opened(stored, "en").paragraphs)
    assert "the workbook (tables.xlsx) and the page (report.html)" in said
    assert f"of {len(tables['numbers'].rows)} rows are printed" in said


def test_a_table_of_another_version_is_printed_from_its_start() -> None:
    other = Table(
        "gap_sheet",
        TITLE,
        (Column("a", Bilingual(zh="甲", en="A"), digits=0),),
        tuple((at,) for at in range(99)),
    )
    assert part_of(other).rows == tuple(range(30)) and part_of(other).fewer


def test_nothing_waits_for_a_program_to_renew_it(stored: Path) -> None:
    """All numbers of the document stand in it, but the page numbers below, which every program makes; so none
    asks on opening whether to renew."""
    document = opened(stored, "zh")
    assert "updateFields" not in document.settings.element.xml
    codes = set(re.findall(r'w:instr=" (\w+)', document.element.xml))
    assert codes == {"SEQ"} and "instrText" not in document.element.xml


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["demand", "Value added", "产能", "Transport, storage and post", "·"]),
            st.floats(0, 9999),
        ),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from([100, 120, 137]),
)
def test_columns_keep_words_and_numbers_whole(rows: list[tuple[str, float]], room: int) -> None:
    """Latin words have the room that their letters take in any usual font; columns fill no more than the
    page."""
    cells = [[text, f"{value:.2f}", text] for text, value in rows]
    found = widths(["Sector", "Value CNY 100m", "受限于"], cells, [False, True, False], room)
    assert found is not None and sum(found) + 2 * GAP <= room
    for row in cells:
        assert found[1] >= len(row[1])
        for at in (0, 2):
            assert all(found[at] >= 1.15 * len(word) for word in row[at].split() if word.isascii())


@pytest.mark.parametrize(
    "text", ["能源 -2.4亿元、钒钛 -6.7亿元", "-5.3 points (-2)", "→-1", "", "2024-06 与 A-1"]
)
def test_no_line_ends_between_a_minus_and_its_number(text: str) -> None:
    """A minus is a mark that holds; a hyphen of a date or a name stays one; read back, the text is the
    same."""
    xml = paragraph(run(text))
    assert not re.search(
        r"(^|[\s（(>：、→])-\d", re.sub(r"<[^>]+>", "", xml.replace("<w:noBreakHyphen/>", "\u2011"))
    )
    assert docx.text.paragraph.Paragraph(element(xml), None).text == text
    assert xml.count("noBreakHyphen") == len(re.findall(r"(?:^|(?<=[ (→]))-\d", text))


@pytest.mark.parametrize("count", [1, 4, 30])
def test_letters_are_smaller_only_where_that_saves_much(count: int) -> None:
    """Of the letters that are read with ease the largest stand with which the table is at most a quarter
    higher than need be."""
    name = "安宁 6 万吨能源级钛合金全产业链（海绵钛 6.6 万吨）及配套的钛渣与海绵钛"
    grid = Grid(
        ("项目", *["投产月份"] * 8),
        ((name, *["2024-05-31"] * 8),) * count,
        (False, *[True] * 8),
        (False,) * count,
    )
    chosen = setting(grid, 450.0)
    made = {size: setting(grid, 450.0, size) for size in SIZES}
    assert chosen.size >= 8 and height(grid, chosen) <= 1.25 * min(
        height(grid, each) for each in made.values()
    )
    short = Grid(("项目", "数"), (("甲", "1"),) * count, (False, True), (False,) * count)
    assert setting(short, 450.0).size == 9.0


def test_a_number_alone_is_plain_text() -> None:
    assert (
        "noBreak" not in run("-2.74")
        and docx.text.paragraph.Paragraph(element(paragraph(run("-2.74"))), None).text == "-2.74"
    )


@pytest.mark.parametrize("now", [-1e9, 0.0, 4.4e9])
def test_no_clock_stops_a_report_or_shows_in_it(
    now: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Table("odd", TITLE, (Column("a", TITLE, digits=0),), ((1,),))
    (file,) = export_word({"odd": table}, tmp_path, "en", TITLE, META)
    usual, local = file.read_bytes(), time.localtime
    monkeypatch.setattr(time, "localtime", lambda seconds=now: local(seconds))
    (file,) = export_word({"odd": table}, tmp_path, "en", TITLE, META)
    assert file.read_bytes() == usual
