"""The Word report says what the tables say, in real headings, numbered captions and repeating rows."""

from __future__ import annotations

import importlib.util
import io
import re
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
from dabiao.results.forms.word.brief import part_of
from dabiao.results.forms.word.document import NO_FONT, export_word
from dabiao.results.forms.word.marks import element, paragraph, run
from dabiao.results.forms.word.tables import Grid, height, setting
from dabiao.results.forms.word.widths import widths
from dabiao.results.outline import chapters
from dabiao.results.reports import added, write_report
from dabiao.results.tables.paper import all_on_paper
from dabiao.results.tables.table import Column, Table, shown
from dabiao.results.text.format import clean, heading, printed
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
def opened(folder: Path, lang: str) -> Any:
    """The report of a run, written and opened again."""
    place = folder.with_name(f"word-{lang}")
    place.mkdir()
    (file,) = export_word(added(read_run(folder).tables), place, lang, TITLE, META)
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


def heading_of(column: Column) -> str:
    return column.name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_cell_is_the_tables(stored: Path, lang: str) -> None:
    """What is printed of a table stands in the document, cell by cell: turned, or on below with the first
    column repeated, where wide."""
    tables = all_on_paper(added(read_run(stored).tables))
    found = iter([cells(table) for table in opened(stored, lang).tables])
    turned = cut = 0
    for _, names in chapters(tables):
        for table in (tables[name] for name in names if name != "summary"):
            part = part_of(table)
            if table.rows and not part.rows:
                continue
            whole = [
                dict(zip(map(heading_of, shown(table)), row, strict=True)) for row in printed(table, lang)
            ]
            wanted = [
                [heading(column, lang) for column in part.columns],
                *([text_of(whole[at][heading_of(column)]) for column in part.columns] for at in part.rows),
            ]
            got = next(found)
            if got[0] == [row[0] for row in wanted] and len(wanted) > 1 and got[0] != wanted[0]:
                turned, wanted = turned + 1, [list(row) for row in zip(*wanted, strict=True)]
            while len(got[0]) < len(wanted[0]):
                cut, got = cut + 1, [row + more[1:] for row, more in zip(got, next(found), strict=True)]
            assert got == wanted, table.name
    assert next(found, None) is None
    assert turned + cut > 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_headings_captions_and_repeating_rows_are_real(stored: Path, lang: str) -> None:
    document = opened(stored, lang)
    tables = added(read_run(stored).tables)
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert len(heads) == len(chapters(tables))
    assert heads[0] == ("一、结论" if lang == "zh" else "1. Verdict")
    captions = [p for p in document.paragraphs if p.style.name == "Caption"]
    figures = [p for p in captions if p.text.startswith(("图", "Figure"))]
    assert len(figures) == len(document.inline_shapes) >= 5
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    captions = [p for p in captions if p not in figures]
    xml = [p._p.xml for p in captions]
    assert len(captions) == sum(
        bool(part_of(table).rows) or not table.rows for table in tables.values() if table.name != "summary"
    )
    assert all(f"SEQ {'表' if lang == 'zh' else 'Table'} " in part for part in xml)
    assert [int(re.search(r"(?s)fldSimple.*?<w:t>(\d+)", part)[1]) for part in xml] == list(
        range(1, len(xml) + 1)
    )
    for table in document.tables:
        assert table._tbl.xml.count("<w:tblHeader/>") == 1
    anchors = set(re.findall(r'w:anchor="(.+?)"', document.element.xml))
    assert anchors == set(re.findall(r'bookmarkStart [^>]*w:name="(.+?)"', document.element.xml))
    assert len(anchors) == len(heads)


def test_chinese_letters_are_named(stored: Path) -> None:
    """Every style names an East Asian font: nothing is left to what the reader's program happens to take."""
    styles = opened(stored, "zh").styles
    for name in ("Normal", "Title", "Heading 1", "Caption", "TableText"):
        fonts = styles[name].element.rPr.rFonts
        assert fonts.get("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia") in (
            "宋体",
            "黑体",
        )
        assert not any("Theme" in key for key in fonts.attrib)


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
    assert NO_FONT in told
    assert "目标可达性评估报告" in told  # the text itself stays Chinese


def test_briefs_choose_what_decides_and_say_where_the_rest_is(stored: Path) -> None:
    tables = all_on_paper(added(read_run(stored).tables))
    for table in tables.values():
        part = part_of(table)
        assert set(part.columns) <= set(shown(table)) and set(part.rows) <= set(range(len(table.rows))), (
            table.name
        )
        assert len(set(part.rows)) == len(part.rows)
    ranks = [tables["numbers"].records()[at]["rank"] for at in part_of(tables["numbers"]).rows]
    assert ranks == list(range(1, len(ranks) + 1)) and 0 < len(ranks) <= 40
    for block in ("sector", "cause"):  # what is printed of the gap sheet still adds up
        rows = [tables["gap_sheet"].records()[at] for at in part_of(tables["gap_sheet"]).rows]
        rows = [row for row in rows if str(row["block"]).endswith(f":{block}")]
        total = [row["gap"] for row in rows if row["level"] == "total"]
        if total:
            assert sum(row["gap"] for row in rows if row["level"] == "part") == pytest.approx(
                total[0], abs=0.005
            )
    said = " ".join(paragraph.text for paragraph in opened(stored, "en").paragraphs)
    assert "The workbook (tables.xlsx) and the page (report.html) have besides" in said
    assert f"of {len(tables['numbers'].rows)} rows" in said


def test_a_table_of_another_version_is_printed_from_its_start() -> None:
    other = Table(
        "gap_sheet",
        TITLE,
        (Column("a", Bilingual(zh="甲", en="A"), digits=0),),
        tuple((at,) for at in range(99)),
    )
    assert part_of(other).rows == tuple(range(60)) and not part_of(other).whole


def test_the_contents_are_there_before_any_program_renews_them(stored: Path) -> None:
    """Each heading of the contents leads to its bookmark and refers to its page; Word is asked to renew on
    opening."""
    document = opened(stored, "zh")
    lines = [p for p in document.paragraphs if p.style.name == "ContentsLine"]
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    links = [link for line in lines for link in line._p if link.tag.endswith("}hyperlink")]
    assert [len(line._p.xpath("w:hyperlink")) for line in lines[:-1]] == [2] * (
        len(lines) - 1
    )  # two entries a line
    at_of = {link.get(docx.oxml.ns.qn("w:anchor")): link for link in links}
    assert (
        list(at_of)[::2] + list(at_of)[1::2]
        == [f"chapter_{at}" for at in range(len(heads))]
        == sorted(at_of, key=lambda name: int(name[8:]))
    )
    for at, head in enumerate(heads):
        text = "".join(part.text or "" for part in at_of[f"chapter_{at}"].iter() if part.tag.endswith("}t"))
        assert text.startswith(head) and f"PAGEREF chapter_{at} " in at_of[f"chapter_{at}"].xpath("string(.)")
    settings = [child.tag.rpartition("}")[2] for child in document.settings.element]
    assert settings.index("updateFields") < settings.index("compat")  # Word refuses settings out of order


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
    chosen = setting(grid)
    made = {size: setting(grid, size) for size in (9.0, 8.5, 8.0, 7.5)}
    assert chosen.size >= 7.5 and height(grid, chosen) <= 1.25 * min(
        height(grid, each) for each in made.values()
    )
    short = Grid(("项目", "数"), (("甲", "1"),) * count, (False, True), (False,) * count)
    assert setting(short).size == 9.0


def test_a_number_alone_is_plain_text() -> None:
    assert (
        "noBreak" not in run("-2.74")
        and docx.text.paragraph.Paragraph(element(paragraph(run("-2.74"))), None).text == "-2.74"
    )
