"""What the program itself says in the documentation, made again: outputs, pictures, reference, cases.

    python docs/make.py

Outputs and pictures are those of `simulate --example panzhihua-2024` and of `simulate report` on that run.
Tests compare the files with what this makes (`tests/test_readme.py`), so that none is older than the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from dabiao import load
from dabiao.engine.run import run
from dabiao.results.charts.gallery import caption_of, drawn
from dabiao.results.charts.svg import standalone
from dabiao.results.charts.words import Words
from dabiao.results.forms.terminal.answer import render
from dabiao.results.report import tables
from dabiao.results.validation import compared, page, summary
from dabiao.scenarios.province.schema import Regions
from dabiao.scenarios.reference import parts_of, reference

DOCS = Path(__file__).resolve().parent
LANGUAGES = ("en", "zh")
PICTURES = (
    "sheet",
    "chances",
    "price",
    "break_evens",
    "fan",
    "waterfall",
    "mixes",
    "gantt",
    "tornado",
    "gap",
)


def of(name: str, lang: str) -> Path:
    """A page in a language: `example.md`, `example.zh.md`."""
    return DOCS / (f"{name}.md" if lang == "en" else f"{name}.{lang}.md")


def between(path: Path, mark: str, text: str) -> str:
    """The page with what stands between `<!-- mark -->` and `<!-- /mark -->` replaced."""
    was = path.read_text(encoding="utf-8")
    now, times = re.subn(
        rf"(<!-- {mark} -->\n).*?(\n<!-- /{mark} -->)",
        lambda hit: hit[1] + text + hit[2],
        was,
        flags=re.DOTALL,
    )
    assert times == 1, f"{path.name}: <!-- {mark} --> once"
    return now


def example() -> Iterator[tuple[Path, str]]:
    """The shipped example as the terminal says it, and its pictures."""
    answer = run(load("example:panzhihua-2024"))
    made = tables(answer)
    for lang in LANGUAGES:
        said = render(answer, made, lang, 100).rstrip()
        said = "\n".join(line.rstrip() for line in said.splitlines())
        yield of("example", lang), between(of("example", lang), "example output", f"```text\n{said}\n```")
        for name in PICTURES:
            yield DOCS / "pictures" / f"{name}.{lang}.svg", picture(name, made, lang)


def picture(name: str, made: dict, lang: str) -> str:  # type: ignore[type-arg]
    """A picture of the report as a file of its own: on white, with fonts named."""
    scene = drawn(name, made, Words(lang))
    assert scene is not None, f"the example has no picture {name}"
    return standalone(scene, caption_of(name, made, lang))


def cases() -> Iterator[tuple[Path, str]]:
    """Published cases: each number on a page of its own, the sums on the pages of evidence."""
    lines = compared()
    yield DOCS / "validation.md", page(lines)
    for lang in LANGUAGES:
        yield of("evidence", lang), between(of("evidence", lang), "validation", summary(lines, lang))


def keys() -> Iterator[tuple[Path, str]]:
    """Every key of a scenario, and of a file of regions."""
    for lang in LANGUAGES:
        yield of("scenario", lang), reference(lang)
        regions, page = "\n".join(parts_of(Regions, lang, 3)), of("howto/province", lang)
        yield page, between(page, "keys", regions.rstrip())


if __name__ == "__main__":
    (DOCS / "pictures").mkdir(exist_ok=True)
    for part in (keys, cases, example):
        for path, text in part():
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8", newline="\n")
                print(path.relative_to(DOCS.parent))
