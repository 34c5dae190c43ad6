"""The page of the workbench in a real browser: what a planner does there, and what the page must then say.

Needs playwright and a Chromium (``DABIAO_CHROMIUM`` names it, otherwise the one on the path).
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PLAN = "plan.yaml"
"""The file that is opened: the shipped plan of several years, copied, on fewer futures."""
FEWER = 'dabiao: 1\nextends: "base.yaml"\nuncertainty: {draws_min: 256, draws_max: 256}\n'
OTHER = "other.yaml"
"""Another file of the folder, told apart by its title and its chances."""
READY = re.compile(r"Whole run done")


def _scenario(folder: Path) -> None:
    shutil.copy(ROOT / "scenarios" / "panzhihua-plan14" / "baseline.yaml", folder / "base.yaml")
    (folder / PLAN).write_text(FEWER, encoding="utf-8")
    (folder / OTHER).write_text(
        f'dabiao: 1\nextends: "{PLAN}"\ntitle: {{zh: 另一方案, en: Another plan}}\n'
        "targets: {growth_average: {ensure: {value: 9, assumption: {zh: 试, en: tried}}}}\n",
        encoding="utf-8",
    )


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("DABIAO_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@dataclass
class Server:
    """`simulate serve` on a folder, which can be stopped and begun again at the same address."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None
    address: str = ""

    def begin(self) -> None:
        command = [sys.executable, "-m", "dabiao.cli.main", "serve", PLAN, "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--no-browser", "--lang", "en", "--quiet"],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT.parent)},
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        self.port = int(self.address.rstrip("/").rpartition(":")[2])

    def end(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


@dataclass
class Page:
    """A tab, and what its console complained of."""

    tab: Any
    complaints: list[str] = field(default_factory=list)
    address: str = ""
    runs: bool = True
    """Whether the whole run, which follows every change, is let go on; what is asked for is always."""

    def open(self, address: str) -> Page:
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("console", self._said)
        self.address = address
        self.tab.route("**/api/job", self._job)
        self.tab.goto(address)
        self.tab.wait_for_selector("body:not(.empty)")
        return self

    def _job(self, route: Any) -> None:
        if self.runs or route.request.post_data_json["task"] != "run":
            route.continue_()
        else:
            route.fulfill(json={"state": "ended"})

    def ready(self) -> None:
        """The whole run is done, of the file as it is."""
        done = self.tab.locator("#progress").filter(has_text=READY)
        if not self.runs:
            self.tab.wait_for_timeout(1200)  # the page sees whether it has the run
            if not done.count():
                self.runs = True
                self.tab.reload()
        done.wait_for()
        self.runs = False

    def _said(self, message: Any) -> None:
        # Chromium itself writes a line for every answer that is no success: those are told on the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def begin(self) -> None:
        """As at the first load: the file as it is, nothing put aside, nothing open. The page itself stays, so
        that what it knows of the file need not be computed again."""
        tab = self.tab
        tab.set_viewport_size({"width": 1440, "height": 900})
        if tab.locator("#dialog[open]").count():
            self.do("close")
        if tab.evaluate("() => JSON.parse(sessionStorage.getItem('dabiao.tab')).file") != PLAN:
            self.do("open")
            tab.locator("#dialog .files button", has_text=PLAN).first.click()
            tab.wait_for_selector("body:not(.empty)")
        while tab.locator(".lock[aria-pressed=true]").count():
            tab.locator(".lock[aria-pressed=true]").first.click()
        if tab.locator("[data-do=as_file]").is_enabled():
            self.do("as_file")
        self.settle()
        self.to("compare")
        while tab.locator("#panel-compare .pin").count():
            tab.locator("#panel-compare .pin button.quiet").first.click()
        self.to("projects")
        tab.evaluate("() => scrollTo(0, 0)")

    def settle(self) -> None:
        """Wait until the plan that is asked for is the plan that is shown."""
        self.tab.wait_for_selector("body:not(.waiting)")

    def do(self, name: str) -> None:
        self.tab.locator(f"[data-do={name}]:visible").first.click()

    def to(self, tab: str) -> None:
        self.tab.locator(f"#tab-{tab}").click()

    def chances(self) -> list[str]:
        found: list[str] = self.tab.locator("#verdicts .chance > b").all_inner_texts()
        return found

    def lever(self, kind: str, at: int = 0) -> Any:
        return self.tab.locator(f"#levers [data-lever*='{kind}']:visible").nth(at)

    def changes(self) -> str:
        self.to("differs")
        text: str = self.tab.locator("#panel-differs pre").inner_text()
        return text


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without a window."""
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")
    chromium = _chromium()
    if chromium is None:
        pytest.skip("no Chromium: name one by DABIAO_CHROMIUM, or install the package chromium")
    with sync.sync_playwright() as begun:
        opened = begun.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Server]:
    """A server on a folder with one scenario."""
    folder = tmp_path_factory.mktemp("served")
    _scenario(folder)
    made = Server(folder)
    made.begin()
    yield made
    made.end()


@pytest.fixture
def fresh(browser: Any, server: Server) -> Iterator[Page]:
    """A tab of its own, as it first loads; at the end nothing may stand in its console."""
    yield from _opened(browser, server)


@pytest.fixture(scope="module")
def shared(browser: Any, server: Server) -> Iterator[Page]:
    for made in _opened(browser, server):
        made.ready()
        yield made


@pytest.fixture
def page(shared: Page) -> Iterator[Page]:
    """The page as it first loads: one tab for all, which goes back to the file."""
    shared.begin()
    yield shared
    assert shared.complaints == []


def _opened(browser: Any, server: Server) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    context.set_default_timeout(30_000)
    made = Page(context.new_page()).open(server.address)
    yield made
    made.tab.goto("about:blank")  # a page that goes ends its work
    context.close()
    assert made.complaints == []


def test_first_load_leads_and_tells(page: Page) -> None:
    """Verdicts, levers, sheet, fan and the next step are there; the whole run follows by itself."""
    assert all(re.fullmatch(r"[<>]?\d+", chance) for chance in page.chances())
    assert page.tab.locator("#levers input[type=range]").count() > 5
    assert page.tab.locator("#sheet svg").count() == page.tab.locator("#fan svg").count() == 1
    assert page.tab.locator("#next").inner_text().startswith("→") or page.tab.locator("#next").inner_text()
    page.ready()
    for tab in ("drivers", "price", "mixes", "front", "more"):
        page.to(tab)
        assert page.tab.locator(f"#panel-{tab} .report table").count(), tab


def test_no_word_is_left_unnamed(page: Page) -> None:
    """Every word of the page has a text in both languages: no name of a word is seen instead."""
    for lang in ("zh", "en"):
        page.tab.locator("[data-do=language]").select_option(lang)
        page.tab.wait_for_selector(f"html[lang^={lang}]")
        page.settle()
        for tab in page.tab.locator("[role=tab]").all():
            tab.click()
        seen = page.tab.evaluate(
            "() => [...document.querySelectorAll('button, h2, h3, p, th, span, label, option')]"
            ".map((one) => one.textContent.trim()).filter((text) => /^[a-z]+(_[a-z0-9]+)+$/.test(text))"
        )
        assert seen == []
        dates = page.tab.locator(".gantt input.month").evaluate_all(
            "(all) => all.map((one) => one.placeholder)"
        )
        assert dates and not [each for each in dates if re.search(r"\d", each)]  # no date that nobody stated


def test_whoever_waits_is_told_and_sees_nothing_of_another_file(page: Page) -> None:
    """A change says at once that it is computed; where another file is opened, figures of the one before are
    gone at once, and a line stands in their place."""
    seen = page.tab.evaluate(
        "() => { const tier = document.querySelector('#sheet input.number'); tier.value = '7';"
        " tier.dispatchEvent(new Event('change'));"
        " const line = document.querySelector('#progress');"
        " return [line.textContent, line.className, line.getBoundingClientRect().bottom < innerHeight]; }"
    )
    assert seen == ["Computing this plan …", "busy", True]
    page.settle()
    page.do("as_file")
    page.settle()
    before = page.chances()
    page.do("open")
    seen = page.tab.evaluate(
        "(name) => { [...document.querySelectorAll('#dialog .files button')]"
        ".find((one) => one.textContent.endsWith(name)).click();"
        " return ['#bench', '#below', '#opening']"
        ".map((one) => getComputedStyle(document.querySelector(one)).display); }",
        OTHER,
    )
    assert seen == ["none", "none", "block"]
    page.tab.wait_for_selector("body:not(.empty)")
    assert page.tab.locator("#title").inner_text() == "Another plan"
    assert page.tab.locator("#opening").is_hidden() and page.chances() != before
    assert (
        page.tab.locator("#verdicts .chance small").count() == 0
    )  # nothing is told of the other file's plan


def test_a_broken_limit_is_told_beside_the_chances(page: Page) -> None:
    """A plan over a limit says so above its verdicts, which are those of the nearest plan within it."""
    assert page.tab.locator("#beyond").is_hidden()
    growth = page.lever("investment").locator("xpath=ancestor::div[1]").locator("input.number")
    growth.fill("40")
    growth.press("Enter")
    page.tab.wait_for_selector("#beyond:not([hidden])")
    name = page.tab.locator(".limit.over .name").first.inner_text()
    assert name in page.tab.locator("#beyond").inner_text()
    page.do("undo")
    page.tab.wait_for_selector("#beyond", state="hidden")


def test_a_tab_comes_into_sight_and_the_chances_stay_there(page: Page) -> None:
    """On a small screen: what a click on a tab opens is seen, the line on top has the chances then, and the
    target sheet is not cut."""
    page.tab.set_viewport_size({"width": 1366, "height": 768})
    sheet = page.tab.locator("#sheet .scroll").evaluate("(one) => [one.scrollWidth, one.clientWidth]")
    assert sheet[0] <= sheet[1]
    assert page.tab.locator("#brief").is_hidden()
    page.to("numbers")
    page.tab.wait_for_selector("#brief:not([hidden])")
    assert page.tab.locator("#panel-numbers").bounding_box()["y"] < 768 / 3
    assert page.tab.locator("#guide").bounding_box()["y"] == 0
    assert [
        each.removesuffix(" %") for each in page.tab.locator("#brief b").all_inner_texts()
    ] == page.chances()
    bar = page.tab.locator(".bar:has(> #tabs)").bounding_box()
    assert bar["y"] >= page.tab.locator("#guide").bounding_box()["height"] - 1


def test_files_that_come_into_the_folder_are_offered(page: Page, server: Server) -> None:
    """The list is that of the folder as it is when it is opened."""
    (server.folder / "late.yaml").write_text(f'dabiao: 1\nextends: "{PLAN}"\n', encoding="utf-8")
    page.do("open")
    page.tab.locator("#dialog .files button", has_text="late.yaml").wait_for()
    page.do("close")


def test_a_workbook_is_read_and_says_how(page: Page, tmp_path: Path) -> None:
    """A wrong cell is told by its address and nothing is opened; one that is right is, and what was filled in
    or read otherwise than it stands is listed."""
    openpyxl = pytest.importorskip("openpyxl")
    page.do("open")
    with page.tab.expect_download() as waited:
        page.tab.locator("#dialog a[download]").click()
    template = tmp_path / "template.xlsx"
    waited.value.save_as(template)
    sector = "Value added of the {} sector".format
    facts = {
        "Region": "Testing",
        "Base year": 2024,
        "GDP": 1200,
        sector("primary"): 150,
        sector("secondary"): 480,
    }
    for name, growth in (("wrong.xlsx", "much"), ("right.xlsx", 6)):
        book = openpyxl.load_workbook(template)
        cells = {row[0].value: row[1] for row in book["Basics"].iter_rows()}
        for fact, value in {**facts, "Growth in the base year": growth}.items():
            cells[fact].value = value
        for cell, said in zip(book["Targets"][5], ("GDP growth", "at least 6 %"), strict=False):
            cell.value = said
        book.save(tmp_path / name)
        page.tab.locator("#dialog input[type=file]").set_input_files(tmp_path / name)
        if name == "wrong.xlsx":
            page.tab.locator("#dialog .refused p").first.wait_for()
            assert re.search(r"![A-Z]+\d+", page.tab.locator("#dialog .refused p").first.inner_text())
    page.tab.locator("#about").filter(has_text="right.xlsx").wait_for()
    page.tab.wait_for_selector("body:not(.empty)")
    page.tab.locator("#notes summary").click()
    assert "assum" in page.tab.locator("#notes").inner_text()


def test_a_chance_moves_while_a_slider_is_dragged(page: Page) -> None:
    """The chance follows before the slider is let go, and stays where it is let go."""
    before, slider = page.chances(), page.lever("investment")
    box = slider.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.tab.mouse.move(x, y)
    page.tab.mouse.down()
    page.tab.mouse.move(x + 0.35 * box["width"], y, steps=8)
    page.tab.wait_for_selector("#verdicts.moving")
    page.tab.wait_for_timeout(600)
    during = page.chances()
    assert during != before
    page.tab.mouse.up()
    page.settle()
    page.tab.wait_for_selector("#verdicts:not(.moving)")
    page.settle()
    assert page.chances() != before
    page.tab.keyboard.press("Control+z")
    page.tab.wait_for_timeout(50)
    page.settle()
    assert page.chances() == before


def test_shares_add_up_and_a_locked_one_stays(page: Page) -> None:
    """What one share gains the others lose; one that is locked loses nothing."""
    shares = page.tab.locator("#levers .lever.locks")
    locked = shares.nth(1)
    kept = locked.locator("input.number").input_value()
    locked.locator("button.lock").click()
    first = shares.nth(0).locator("input.number")
    first.fill(f"{float(first.input_value()) + 3:g}")
    first.press("Enter")
    page.settle()
    values = [float(each.input_value()) for each in shares.locator("input.number").all()]
    assert sum(values) == pytest.approx(100, abs=0.11)
    assert locked.locator("input.number").input_value() == kept


def test_a_tier_is_edited_and_its_chance_falls(page: Page) -> None:
    """A higher target is less likely; the change stands in the file that extends the scenario."""
    tier = page.tab.locator("#sheet input.number").first
    asked = float(tier.input_value())
    before = page.chances()[0]
    tier.fill(f"{asked + 2:g}")
    tier.press("Enter")
    page.tab.locator("#verdicts .asked b").first.filter(has_text=f"{asked + 2:g}").wait_for()
    page.settle()
    assert int(re.sub(r"\D", "", page.chances()[0])) < int(re.sub(r"\D", "", before))
    page.to("differs")
    page.tab.locator("#panel-differs pre").filter(has_text=f"{asked + 2:g}").wait_for()
    assert f'extends: "{PLAN}"' in page.changes()


def test_pinned_plans_are_compared(page: Page) -> None:
    """Two plans are put aside and compared, with what makes the difference."""
    page.do("pin")
    slider = page.lever("investment")
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    page.tab.wait_for_timeout(400)
    page.settle()
    page.do("pin")
    page.to("compare")
    assert page.tab.locator("#panel-compare .pin").count() == 2
    for lang in ("zh", "en"):  # told in the language of the page, whatever they were put aside in
        page.tab.locator("[data-do=language]").select_option(lang)
        page.tab.wait_for_selector(f"html[lang^={lang}]")
        page.settle()
        titles = page.tab.locator("#verdicts h3").all_inner_texts()
        pins = page.tab.locator("#panel-compare .pin").first
        assert [each for each in pins.locator("th").all_inner_texts() if any(one in each for one in titles)]
        assert titles[0] in pins.inner_text()
    page.do("compare")
    page.tab.locator("#panel-compare .report table").first.wait_for()
    said = page.tab.locator("#panel-compare .report").inner_text()
    assert "investment" in said and "this page" in said and "structure" not in said


def test_changes_leave_as_yaml_and_as_a_workbook(page: Page, server: Server) -> None:
    """What differs is downloaded in both forms; the YAML is a scenario that loads."""
    tier = page.tab.locator("#sheet input.number").first
    tier.fill("6")
    tier.press("Enter")
    page.settle()
    page.to("differs")
    page.tab.locator("#panel-differs pre").filter(has_text="6").wait_for()
    with page.tab.expect_download() as waited:
        page.do("yaml")
    waited.value.save_as(server.folder / "brought.yaml")
    from dabiao.scenarios.load import load

    loaded = load(str(server.folder / "brought.yaml"))
    assert 6 in [row.ensure.value for row in loaded.scenario.targets.values() if row.ensure]
    with page.tab.expect_download() as waited:
        page.do("excel")
    assert waited.value.suggested_filename.endswith(".xlsx")
    assert Path(waited.value.path()).read_bytes().startswith(b"PK")


def test_a_plan_is_saved_and_reported(page: Page, server: Server) -> None:
    """A change is saved beside its file, and a report is written and downloaded."""
    tier = page.tab.locator("#sheet input.number").first
    tier.fill("6.4")
    tier.press("Enter")
    page.settle()
    page.do("save")
    page.tab.locator("[data-fact=name]").fill("lower.yaml")
    page.tab.locator("#dialog button[type=submit]").click()
    page.tab.locator("#about").filter(has_text="saved as lower.yaml").wait_for()
    assert f'extends: "{PLAN}"' in (server.folder / "lower.yaml").read_text(encoding="utf-8")
    page.do("report")
    page.tab.locator("#dialog input[value=excel]").uncheck()
    page.tab.locator("#dialog button[type=submit]").click()
    link = page.tab.locator("#dialog .out a").first
    link.wait_for()
    with page.tab.expect_download() as waited:
        link.click()
    assert waited.value.suggested_filename.endswith(".docx")


def test_a_wrong_number_is_told_at_its_field(page: Page) -> None:
    """What is no number is told without asking; what the loader refuses is told at the field and on top."""
    field_ = page.lever("investment").locator("xpath=ancestor::div[1]").locator("input.number")
    field_.fill("six")
    field_.press("Enter")
    assert field_.get_attribute("aria-invalid") == "true"
    field_.fill("4000000")
    field_.press("Enter")
    page.tab.locator("#problems li").first.wait_for()
    assert field_.get_attribute("aria-invalid") == "true"
    said = page.tab.locator(f"#{field_.get_attribute('aria-describedby')}").inner_text()
    assert "expected" in said
    page.tab.locator("#problems button", has_text="Undo").click()
    page.tab.wait_for_selector("body:not(.broken)")
    assert field_.get_attribute("aria-invalid") is None
    assert page.tab.locator("#problems").is_hidden()
    assert float(page.lever("investment").get_attribute("max")) < 4_000_000


def test_a_project_is_moved_cancelled_and_restored_by_keyboard(page: Page) -> None:
    """Arrows move a bar; Delete cancels; the button restores; what differs is gone then."""
    page.to("projects")
    bar = page.tab.locator(".gantt tr:not(.fixed) .work").first
    bar.focus()
    was = bar.get_attribute("aria-valuetext")
    bar.press("ArrowRight")
    page.tab.locator(".gantt tr.moved").first.wait_for()
    assert bar.get_attribute("aria-valuetext") != was
    bar.press("Delete")
    page.tab.locator(".gantt tr.cancelled").first.wait_for()
    page.tab.locator(".gantt tr.cancelled [data-do=cancel]").first.click()
    page.tab.wait_for_selector(".gantt:not(:has(tr.cancelled))")
    page.do("undo")
    page.do("undo")
    page.tab.wait_for_timeout(100)
    page.settle()
    page.do("undo")
    page.tab.wait_for_selector(".gantt:not(:has(tr.moved))")
    assert bar.get_attribute("aria-valuetext") == was


def test_two_tabs_do_not_disturb_each_other(fresh: Page, server: Server) -> None:
    """A plan moved in one tab leaves the other as it was, also after a reload."""
    other = Page(fresh.tab.context.new_page()).open(server.address)
    before = other.chances()
    tier = fresh.tab.locator("#sheet input.number").first
    tier.fill("9")
    tier.press("Enter")
    fresh.tab.locator("#verdicts .asked b").first.filter(has_text="9").wait_for()
    other.tab.reload()
    other.tab.wait_for_selector("body:not(.empty)")
    assert other.chances() == before
    fresh.tab.reload()
    fresh.tab.wait_for_selector("body:not(.empty)")
    assert "9" in fresh.tab.locator("#verdicts .asked b").first.inner_text()
    assert other.complaints == []


@pytest.mark.slow
def test_the_page_outlives_its_server(browser: Any, tmp_path: Path) -> None:
    """Where the server stops the page says so; begun anew, the page goes on with what was done."""
    _scenario(tmp_path)
    own = Server(tmp_path)
    own.begin()
    context = browser.new_context(viewport={"width": 1024, "height": 768})
    context.set_default_timeout(30_000)
    page = Page(context.new_page()).open(own.address)
    own.end()
    tier = page.tab.locator("#sheet input.number").first
    tier.fill("8.5")
    tier.press("Enter")
    page.tab.wait_for_selector("#silent:not([hidden])")
    own.begin()
    try:
        page.tab.locator("#verdicts .asked b").first.filter(has_text="8.5").wait_for()
        assert page.tab.locator("#silent").is_hidden()
    finally:
        context.close()
        own.end()
    assert [each for each in page.complaints if "ERR_CONNECTION" not in each] == []


def test_the_page_fits_every_width_and_every_control_has_a_name(page: Page) -> None:
    """The page does not scroll sideways, whatever stands open beneath; whoever listens is told what each
    field, slider and button is."""
    page.ready()
    for width in (390, 1024, 1440):
        page.tab.set_viewport_size({"width": width, "height": 844})
        for tab in page.tab.locator("[role=tab]").all():
            tab.click()
            assert page.tab.evaluate("() => document.documentElement.scrollWidth") <= width
            nameless = page.tab.evaluate(
                "() => [...document.querySelectorAll('button, input, select, [role=slider]')]"
                ".filter((one) => one.getClientRects().length && !one.getAttribute('aria-label')"
                " && !one.textContent.trim() && !one.closest('label'))"
                ".map((one) => one.outerHTML.slice(0, 120))"
            )
            assert nameless == []


def test_figures_of_the_year_are_entered_and_told(page: Page) -> None:
    """A figure to date is entered by month, and the page tells where the year stands."""
    page.to("year")
    page.tab.locator("#panel-year [data-fact=month]").fill("2021-13")
    page.tab.locator("#panel-year button[type=submit]").click()
    assert page.tab.locator("#panel-year [data-fact=month]").get_attribute("aria-invalid") == "true"
    page.tab.locator("#panel-year [data-fact=row]").select_option("growth_2021")
    page.tab.locator("#panel-year [data-fact=month]").fill("2021-06")
    page.tab.locator("#panel-year [data-fact=figure]").fill("9.1")
    page.tab.locator("#panel-year button[type=submit]").click()
    page.tab.locator("#panel-year .report table").first.wait_for()


def test_a_region_of_ones_own_is_begun_from_a_few_figures(page: Page) -> None:
    """What is missing is told at its field; the answers make a scenario, which is opened."""
    page.do("new")
    form = page.tab.locator("#dialog form.facts")
    facts = {"region": "Testing", "year": "2023", "gdp": "1000", "primary": "100", "secondary": "480"}
    for name, said in facts.items():
        form.locator(f"[data-fact={name}]").fill(said)
    form.locator("button[type=submit]").click()
    assert form.locator("[data-fact=ensure]").get_attribute("aria-invalid") == "true"
    form.locator("[data-fact=ensure]").fill("６％")
    form.locator("button[type=submit]").click()
    page.tab.locator("#about").filter(has_text="testing-2024/baseline.yaml").wait_for()
    page.settle()
    assert page.tab.locator("#levers input[type=range]").count() > 3
    page.do("open")
    with page.tab.expect_download() as waited:
        page.tab.locator("#dialog a[download]").click()
    assert Path(waited.value.path()).read_bytes().startswith(b"PK")


def test_an_assumption_is_found_and_edited_with_its_range(page: Page) -> None:
    """A number is filtered for, its range is changed, and the file states value, low and high."""
    page.ready()
    page.to("numbers")
    row = page.tab.locator(".numbers tbody tr").first
    assert re.search(r":\d+$", row.locator(".place").inner_text())
    high = row.locator("input.number").nth(2)
    wider = float(high.input_value()) + 1
    high.fill(f"{wider:g}")
    high.press("Enter")
    page.tab.locator(".numbers tr.moved").first.wait_for()
    page.settle()
    where = page.tab.evaluate("() => document.activeElement.dataset.path || ''")
    assert where.endswith(".high")  # whoever edits stands where he stood
    page.to("differs")
    page.tab.locator("#panel-differs pre").filter(has_text=f"high: {wider:g}").wait_for()
    assert all(f"{part}:" in page.changes() for part in ("value", "low", "high"))


def test_a_broken_file_says_what_is_wrong_with_it(page: Page, server: Server) -> None:
    """A file that is brought in with a mistake is told in the loader's words."""
    page.do("open")
    broken = f'dabiao: 1\nextends: "{PLAN}"\ninvestment: {{growth: much}}\n'.encode()
    brought = {"name": "broken.yaml", "mimeType": "text/yaml", "buffer": broken}
    page.tab.locator("#dialog input[type=file]").set_input_files(brought)
    told = page.tab.locator("#dialog .refused p").first
    told.wait_for()
    assert "growth" in told.inner_text()


ACTIONS = (
    "#levers input[type=range]",
    "#levers input.number",
    "#levers button.lock",
    "#sheet input.number",
    ".gantt .work",
    ".gantt input",
    "[data-do=cancel]",
    "[data-do=undo]",
    "[data-do=redo]",
    "[data-do=pin]",
    "[data-do=as_file]",
    "[role=tab]",
    "#panel-numbers input.number",
    "#panel-compare button",
    "#problems button",
)


def _any(page: Page, dice: random.Random) -> None:
    """One action of somebody who tries everything."""
    found = page.tab.locator(f"{dice.choice(ACTIONS)}:visible:enabled")
    count = found.count()
    if not count:
        return
    one = found.nth(dice.randrange(count))
    kind = one.evaluate("(one) => [one.tagName, one.type || '', one.className]", timeout=3000)
    if (kind[0] == "INPUT" and kind[1] == "range") or "work" in str(kind[2]):
        one.press(dice.choice(("ArrowLeft", "ArrowRight", "PageUp", "End", "Home")), timeout=3000)
    elif kind[0] == "INPUT":
        text = dice.choice(("7", "-3", "", "x", "1e9", "2025-06", "6.5", "０．５", "<b>"))
        one.fill(text, timeout=3000)
        one.press("Enter", timeout=3000)
    else:
        one.click(timeout=3000)


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.slow)])
def test_random_actions_leave_the_console_empty(fresh: Page, count: int) -> None:
    """Whatever is done in whatever order, the page stands, and one undo after the other leads back."""
    from playwright.sync_api import Error

    dice = random.Random(20260731)
    for _ in range(count):
        try:
            _any(fresh, dice)
        except Error as error:  # what was there a moment ago is gone: somebody else's click went there first
            if "Timeout" not in str(error) and "not attached" not in str(error):
                raise
    fresh.settle()
    assert fresh.complaints == []
    while fresh.tab.locator("[data-do=undo]").is_enabled():
        fresh.do("undo")
    fresh.tab.wait_for_selector("body:not(.broken):not(.waiting)")
