"""Words: collect the messages of the code, keep the catalogues in step with it, compile them.

python .ci/words.py             updates the catalogues and lists what is new, to be translated
python .ci/words.py --check     changes nothing; fails where a message is untranslated or unused
python .ci/words.py --add fr    begins a language
"""

from __future__ import annotations

import ast
import gettext
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("models", "scenarios", "solvers", "engine", "results", "cli")
DOMAIN = "dabiao"
PLACE = re.compile(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})")

MAPPING = "**"
"""Among the names of a message: further ones come from a mapping, which only a run can tell."""

HEADERS = (
    "Project-Id-Version",
    "Language",
    "Plural-Forms",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)
WHOLE = ("zh",)
"""Languages in which every message must be translated; in others English stands for what is not."""

Key = tuple[str, str]
"""Context and English."""


def messages() -> dict[Key, tuple[str, set[str]]]:
    """Every message of the code, with the place of its first use and the names of what may stand in it."""
    found: dict[Key, tuple[str, set[str]]] = {}
    for path in sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for said in of_a_command(node):
                found.setdefault(("", said), (f"{path.relative_to(ROOT)}:{node.lineno}", set()))
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "N_"
                and isinstance(node.args[0], ast.Constant)
            ):
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                # filled later, by whoever tells it
                found.setdefault(("", str(node.args[0].value)), (place, {MAPPING}))
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("msg", "tr")
            ):
                at = 0 if node.func.id == "msg" else 1
                said = node.args[at] if len(node.args) > at else None
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    context = next((key.value for key in node.keywords if key.arg == "context"), None)
                    word = context.value if isinstance(context, ast.Constant) else ""
                    names = {key.arg for key in node.keywords if key.arg and key.arg != "context"}
                    if any(key.arg is None for key in node.keywords):
                        names.add(MAPPING)
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    found.setdefault((str(word), said.value), (place, set()))[1].update(names)
    return found


def of_a_command(node: ast.AST) -> list[str]:
    """The help of a command: the paragraphs of its docstring that are not laid out."""
    if not isinstance(node, ast.FunctionDef):
        return []
    called = [ast.unparse(each.func) for each in node.decorator_list if isinstance(each, ast.Call)]
    if not {"command", "click.group"} & set(called):
        return []
    parts = re.split(r"\n\s*\n", (ast.get_docstring(node) or "").strip())
    return [" ".join(part.split()) for part in parts if part and not part.lstrip().startswith("\b")]


def catalogues() -> Iterator[tuple[str, Path]]:
    """Every language with its catalogue."""
    for path in sorted((ROOT / "locale").glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        yield path.parents[1].name, path


def read(path: Path, lang: str) -> dict[Key, str]:
    """Translations of a catalogue."""
    with path.open("rb") as file:
        found = read_po(file, locale=lang)
    return {(each.context or "", str(each.id)): str(each.string) for each in found if each.id}


class Still(Catalog):
    """A catalogue without what changes by day and by version of Babel: the same words are the same bytes."""

    mime_headers = property(
        lambda self: [(name, value) for name, value in Catalog.mime_headers.fget(self) if name in HEADERS]
    )


def catalogue(lang: str, said: dict[Key, str]) -> Catalog:
    """A catalogue in the order of the English."""
    made = Still(
        locale=lang,
        project=DOMAIN,
        fuzzy=False,
        header_comment=f"# Words of {DOMAIN}: English in the code is the key.",
    )
    for (context, english), text in sorted(said.items(), key=lambda pair: (pair[0][1], pair[0][0])):
        made.add(english, text, context=context or None)
    return made


def written(made: Catalog) -> tuple[bytes, bytes]:
    """A catalogue as text and compiled."""
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, made, width=110, sort_output=False)
    write_mo(compiled, made)
    return text.getvalue(), compiled.getvalue()


def compiled(path: Path) -> dict[Key, str]:
    """Translations of the compiled catalogue beside a text; none where it was never compiled."""
    path = path.with_suffix(".mo")
    if not path.exists():
        return {}
    with path.open("rb") as file:
        found: dict[str, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {
        tuple(key.split("\x04", 1)) if "\x04" in key else ("", key): text
        for key, text in found.items()
        if key
    }


def faults(lang: str, said: dict[Key, str], known: dict[Key, tuple[str, set[str]]]) -> list[str]:
    """What is untranslated, unused, or fills other places."""
    wrong = [
        f"{lang}: not translated: {key[1]!r} ({known[key][0]})"
        for key in known
        if lang in WHOLE and not said.get(key)
    ]
    wrong += [f"{lang}: not used any more: {key[1]!r}" for key in said if key not in known]
    for key, text in said.items():
        if key in known and MAPPING not in known[key][1] and not set(PLACE.findall(text)) <= known[key][1]:
            wrong.append(f"{lang}: other places than in English: {key[1]!r} and {text!r}")
    return wrong


def main(asked: list[str]) -> int:
    """Update or check every catalogue."""
    known, wrong = messages(), list[str]()
    if asked[:1] == ["--add"]:
        folder = ROOT / "locale" / asked[1] / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / f"{DOMAIN}.po").write_bytes(written(catalogue(asked[1], dict.fromkeys(known, "")))[0])
    for lang, path in catalogues():
        said = read(path, lang)
        if asked == ["--check"]:
            if compiled(path) != {key: text for key, text in said.items() if text}:
                wrong.append(
                    f"{lang}: run `python .ci/words.py`: the compiled words are not those of the catalogue"
                )
            wrong += faults(lang, said, known)
            continue
        kept = {key: said.get(key, "") for key in known}
        po, mo = written(catalogue(lang, kept))
        path.write_bytes(po)
        if compiled(path) != {key: text for key, text in kept.items() if text}:
            path.with_suffix(".mo").write_bytes(mo)
        wrong += faults(lang, kept, known)
        if lang not in WHOLE:
            print(f"{lang}: {sum(map(bool, kept.values()))} of {len(known)} messages are translated")
    print("\n".join(wrong) if wrong else f"{len(known)} messages")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
