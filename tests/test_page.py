"""The page: who cannot see, use a mouse or run scripts has all of it; it sorts, saves and prints right."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import dabiao.results
import pytest
from dabiao.models.quantity import Bilingual
from dabiao.results.charts.scene import Label, Scene
from dabiao.results.charts.svg import SMALLEST, svg
from dabiao.results.forms.export import EXPORTERS
from dabiao.results.forms.html_style import LOGIC, STYLE, columns_style
from dabiao.results.forms.reading import reading
from dabiao.results.outline import KINDS, chapters
from dabiao.results.tables.lines import Line, summary_of
from dabiao.results.tables.table import Column, Table
from hypothesis import given
from hypothesis import strategies as st
from page import Page

TITLE = Bilingual(zh="某市", en="A city")
META = {"run": "0123456789ab", "scenario": "plan", "solver": "highs", "version": "1"}
NODE, CHROMIUM = shutil.which("node"), shutil.which("chromium") or shutil.which("google-chrome")


def columns(*names: str, **more: Any) -> tuple[Column, ...]:
    return tuple(Column(name, Bilingual(zh=name, en=name), **more) for name in names)


def sectors() -> Table:
    """Sectors that add up to two groups and a total."""
    levels = ["sector", "sector", "group", "sector", "sector", "sector", "group", "total"]
    heads = (*columns("title"), *columns("level", shown=False), *columns("value", digits=1))
    rows = tuple((f"{level} {at}", level, (7.0 * at) % 5) for at, level in enumerate(levels))
    return Table("sectors", TITLE, heads, rows)


def tables(rows: int = 40) -> dict[str, Table]:
    """An answer with a page one."""
    said = [
        Line("front_answer", TITLE, Bilingual(zh="答案", en="The answer")),
        Line("needs", TITLE, Bilingual(zh="须有其一", en="One of these")),
        Line("front_note_1", TITLE, Bilingual(zh="提醒", en="A note")),
        Line("advice_1", TITLE, Bilingual(zh="怎么做", en="What to do <now>")),
        Line("plain", TITLE, Bilingual(zh="一句话", en="In short")),
        Line("verdict", TITLE, Bilingual(zh="两档", en="Two tiers")),
    ]
    heads = (*columns("title"), *columns("chance", digits=0, chance=True), *columns("why", word=False))
    cells = ((f"=row {at}", None if at % 7 == 3 else 100.0 * (at % 5) / 4, "because") for at in range(rows))
    long = Table("numbers", TITLE, heads, tuple(cells), brief=(1, 3))
    none = Table("checks", TITLE, columns("title"), (("a",),), brief=())
    decisions = Table("decisions", TITLE, heads, (("plan", 20.0, "x"), ("more", None, "y")))
    verdict = Table("verdict", TITLE, columns("title"), (("a",), ("b",)))
    every = (summary_of(said), verdict, decisions, sectors(), none, long)
    return {table.name: table for table in every}


@cache
def written(lang: str = "en", name: str = "sheet") -> str:
    """The page as text; of an analysis with tables of another name."""
    made = tables()
    if name != "sheet":
        made = {
            "summary": summary_of([Line("one", TITLE, TITLE)]),
            name: Table(name, TITLE, columns("a"), (("b",),)),
        }
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (file,) = EXPORTERS["html"].export(made, Path(folder), lang, TITLE, META)
        return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["sheet", *(name for name, _ in KINDS)])
def test_whoever_hears_the_page_finds_the_way(name: str, lang: str) -> None:
    """Landmarks once each; regions are named by headings that there are; no level of heading is skipped;
    chapters begin at one; every table and picture has a name; a way leads past the head."""
    page = Page(written(lang, name))
    names, ids = page.names(), page.ids()
    assert [names.count(mark) for mark in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    assert set(page.told("aria-labelledby")) <= set(ids) and len(ids) == len(set(ids))
    assert all("aria-labelledby" in own for tag, own in page.tags if tag in ("section", "table", "nav"))
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    begin = [text for level, text in page.headings if level == 2][2]
    assert begin.startswith("一、" if lang == "zh" else "1. ")
    assert next(own["href"] for tag, own in page.tags if tag == "a") == "#answer" in {f"#{i}" for i in ids}
    assert all(one.rows[0] for one in page.found)
    scopes = [own.get("scope") for tag, own in page.tags if tag == "th"]
    assert set(scopes) == {"col", "row"}


def test_identifiers_stand_in_the_footer_alone() -> None:
    text = written()
    assert text.index("<footer>") < text.index(META["run"]) and text.count(META["run"]) == 1


@pytest.mark.parametrize("name", [name for name, _ in KINDS])
def test_each_analysis_has_its_own_title_and_opens_with_what_it_found(name: str) -> None:
    """The scenario stands below it; its tables stand before method and glossary."""
    kind = dict(KINDS)[name].of("en")
    made = {"method": Table("method", TITLE, columns("a"), (("b",),)), name: Table(name, TITLE, (), ())}
    read = reading(made, "en", TITLE, META)
    assert (read.title, read.stamp) == (kind, ("A city",))
    assert [table.name for part in read.parts for table in part.tables] == [name, "method"]
    assert read.parts[0].title.startswith("1. ")
    assert len(chapters(made)) == 2


def test_every_kind_of_analysis_is_known_by_a_table_that_there_is() -> None:
    made = "".join(
        file.read_text(encoding="utf-8") for file in Path(dabiao.results.__file__).parent.rglob("*.py")
    )
    declared = set(re.findall(r'(?:declare|Table)\(\s*"(\w+)"', made))
    assert {name for name, _ in KINDS} <= declared


def test_page_one_decides_and_chapters_do_not_repeat_it() -> None:
    read = reading(tables(), "en", TITLE, META)
    assert read.front is not None
    said = [text for part in read.parts for _, text in part.lines]
    assert said == ["Two tiers"]  # what page one says, or says better, is not said again
    page = Page(written())
    assert page.table("f-decisions").rows[0] == ["title", "chance"]
    assert page.table("t-decisions").rows[0] == ["title", "chance", "why"]
    whole = {**tables(), "decisions": Table("decisions", TITLE, columns("a"), (("b",),))}
    kept = {table.name for part in reading(whole, "en", TITLE, META).parts for table in part.tables}
    assert "decisions" not in kept  # page one shows all of it


def test_sums_end_the_group_that_is_sorted_by_itself() -> None:
    """A group of rows ends with its sums: none follows a sum within it."""
    text = written()
    inside = re.search(r'<table [^>]*aria-labelledby="t-sectors">.*?</table>', text, re.DOTALL)
    assert inside is not None
    groups = [re.findall(r"<tr( class=\"sum\")?>", body) for body in inside[0].split("<tbody>")[1:]]
    assert [len(group) for group in groups] == [3, 5]
    assert all(group == sorted(group) and group[-1] for group in groups)


def test_paper_has_the_rows_and_columns_that_matter() -> None:
    """Rows that are printed are marked, the rest is said; columns for screens are left out on paper."""
    text, page = written(), Page(written())
    long = page.table("t-numbers")
    assert "brief" in long.attributes["class"].split() and "x3" in long.attributes["class"].split()
    assert [at for at, mark in enumerate(long.marks[1:]) if mark == "p"] == [1, 3]
    assert "2 of 40 rows are printed" in text
    assert re.search(r"@media print \{ [^}]*\.x3 tr > :nth-child\(3\)[^}]*\{ display: none; \} \}", text)
    unprinted = [own for tag, own in page.tags if tag == "section" and "unprinted" in own.get("class", "")]
    assert {own["aria-labelledby"] for own in unprinted} >= {"t-checks", "t-decisions"}
    assert "counter(page)" in STYLE and "table-header-group" in STYLE


@given(st.sets(st.tuples(st.sampled_from("nmstwx"), st.integers(1, 40))))
def test_every_mark_of_a_column_has_its_rule(marks: set[tuple[str, int]]) -> None:
    style = columns_style(f"{kind}{at}" for kind, at in marks)
    for kind, at in marks:
        assert re.search(rf"\.{kind}{at} (?:tbody )?tr > :nth-child\({at}\)", style)
    assert style.count("{") == style.count("}")


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_letters_stand_out_from_every_ground() -> None:
    """Ink and soft letters on white and pale; ink on the ground of each verdict."""
    stated = dict(re.findall(r"--(\w+): (#\w{6});", STYLE))
    grounds = re.findall(r"td\.\w+ \{ background: (#\w{6}); \}", STYLE)
    pairs = [(stated[a], stated[b]) for a in ("ink", "soft") for b in ("white", "pale")]
    pairs += [(stated["ink"], ground) for ground in grounds]
    assert len(grounds) == 5
    for letters, ground in pairs:
        light, dark = sorted((luminance(letters), luminance(ground)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (letters, ground)
    written_in_style = set(re.findall(r"#[0-9a-f]{6}\b", STYLE))
    assert written_in_style == {*stated.values(), *grounds}  # no other colour
    assert ":focus-visible" in STYLE
    assert not re.search("transition|animation|scroll-behavior|@keyframes", STYLE)  # nothing moves by itself


@given(st.floats(5, 30), st.floats(100, 900))
def test_letters_of_pictures_stay_readable(size: float, width: float) -> None:
    """However narrow the screen, the smallest letter has its pixels, or the picture is at its largest."""
    drawn = svg(Scene(width, 100, [Label(0, 0, "a", size), Label(0, 0, "b", size + 3)]))
    found = re.search(r"min-width:(\d+)px;max-width:(\d+)px", drawn)
    assert found is not None
    least, most = map(float, found.groups())
    assert least <= most
    assert least * size / width >= SMALLEST - 0.5 or least == most


# --- what sorts and saves
# ----------------------------------------------------------------------------------------


def told(script: str) -> Any:
    """What the page's logic answers, run by itself."""
    if NODE is None:
        pytest.skip("no node here to run the script")
    words = "var words = new Intl.Collator('zh-CN', {numeric: true});"
    code = f"{LOGIC}\n{words}\nconsole.log(JSON.stringify({script}))"
    return json.loads(subprocess.run([NODE, "-e", code], capture_output=True, text=True, check=True).stdout)


def ordered(cells: list[str], down: bool = False, sums: list[bool] | None = None) -> list[str]:
    """Cells as a column would be sorted."""
    asked = ", ".join(json.dumps(part) for part in (cells, sums or [False] * len(cells), down))
    return [cells[at] for at in told(f"sorted({asked}, words)")]


def test_numbers_sort_as_numbers_and_blanks_come_last() -> None:
    cells = ["·", ">99", "20", "<1", "-3.5", "+1.2", "1", "99", "", "1,011.8", "∞", "-∞"]
    up = ["-∞", "-3.5", "<1", "1", "+1.2", "20", "99", ">99", "1,011.8", "∞", "·", ""]
    assert ordered(cells) == up
    assert ordered(cells, down=True) == [*reversed(up[:-2]), "·", ""]


def test_texts_sort_by_their_language() -> None:
    cells = ["中", "阿", "第10条", "第9条", "·", "3"]
    assert ordered(cells) == ["3", "阿", "第9条", "第10条", "中", "·"]


def test_sums_keep_their_places_and_equal_rows_their_order() -> None:
    cells, sums = ["3", "1", "9", "2", "2", "1"], [False, False, True, False, False, False]
    places = told(f"sorted({json.dumps(cells)}, {json.dumps(sums)}, true, words)")
    assert places == [0, 3, 2, 4, 1, 5]


def test_what_is_saved_runs_no_formula() -> None:
    rows = [["a,b", 'say "x"'], ["=1+1", "-3.5"], ["@x", "+1.2"], ["＝1", "·"], ["-x", "a\tb"]]
    assert told(f"saved({json.dumps(rows)}, ',')") == (
        '"a,b","say ""x"""\r\n\'=1+1,-3.5\r\n\'@x,+1.2\r\n\'＝1,\r\n\'-x,"a\tb"\r\n'
    )


DRIVEN = """
<script>
var table = document.querySelector('#t-numbers ~ .scroll table');
var head = table.querySelector('thead th:nth-child(2)'), button = head.querySelector('button');
function column() { return Array.from(table.tBodies[0].rows).map(row => row.cells[1].textContent); }
var log = [];
for (var k = 0; k < 3; k++) { button.click(); log.push([head.getAttribute('aria-sort'), column()]); }
var box = document.querySelector('#t-numbers ~ .tools input');
box.value = 'ROW 12'; box.dispatchEvent(new Event('input'));
var left = table.querySelectorAll('tbody tr:not([hidden])').length;
var blob = null; URL.createObjectURL = b => { blob = b; return '#'; };
document.querySelector('#t-numbers ~ .tools button').click();
blob.arrayBuffer().then(found => {
  var csv = Array.from(new Uint8Array(found));
  document.title = JSON.stringify({ log: log, left: left, tag: button.tagName, csv: csv });
});
</script>
"""


def test_a_browser_sorts_filters_and_saves(tmp_path: Path) -> None:
    """The whole page in a browser, where there is one."""
    if CHROMIUM is None:
        pytest.skip("no browser here")
    file = tmp_path / "page.html"
    file.write_text(written("zh").replace("</body>", f"{DRIVEN}</body>"), encoding="utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command += [
        f"--user-data-dir={tmp_path / 'profile'}",
        "--virtual-time-budget=2000",
        "--dump-dom",
        file.as_uri(),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"the browser does not run here: {error}")
    found = re.search(r"<title>(\{.*?\})</title>", done.stdout)
    assert found is not None
    said = json.loads(found[1].replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&"))
    (up, rising), (down, falling), (none, plain) = said["log"]
    assert (up, down, none) == ("ascending", "descending", None)
    assert rising[0] == "<1" and rising[-6:] == ["—"] * 6 == falling[-6:]
    assert falling[0] == ">99" and sorted(rising) == sorted(falling) == sorted(plain)
    assert (said["left"], said["tag"]) == (1, "BUTTON")
    assert bytes(said["csv"]).decode("utf-8") == "\ufefftitle,chance,why\r\n'=row 12,50,because\r\n"
