"""Accidents that happen to files: to their bytes, their lines, their trees, their archives."""

from __future__ import annotations

import copy
import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import yaml

DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

GARBAGE = [
    "[",
    "]",
    "{",
    "}",
    ":",
    ": ",
    "- ",
    "? ",
    "&a ",
    "*a",
    "!!python/object:os.system ",
    "!x ",
    "|",
    ">",
    "|2-\n",
    "%",
    "%YAML 1.1\n",
    "---\n",
    "...\n",
    "@",
    "`",
    "'",
    '"',
    "#",
    " #",
    "\t",
    "\n",
    "\r",
    "\0",
    "\x7f",
    "\x85",
    "\u2028",
    "\ufeff",
    "\ud800",
    "😀",
    "鲊",
    "：",
    "，",
    "０",
    "<<: ",
    "null",
    "~",
    ".inf",
    ".nan",
    "1e999",
    "-1e999",
    "9" * 50,
    "9" * 5000,
    "0x1F",
    "012",
    "12:30",
    "1_000",
    "true",
    "no",
    "=",
    "source: ",
    "assumption: ",
    "note: ",
    "file: ",
    "extends: ",
    "value: ",
    "low: ",
    "high: ",
    "unit: ",
    "defaults: ",
    "zh: ",
    "model: ",
    "starts_from: ",
    "2021-13",
    "2021-09",
    "-",
    "--",
    "e",
    "[[[[[[[[",
    "{{{{{{{{",
    "a" * 200,
    "\\",
]
VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1,
    3,
    100,
    2021,
    10**14,
    10**30,
    -(10**18),
    0.5,
    -0.0,
    1e-300,
    1e300,
    float("inf"),
    float("nan"),
    "",
    " ",
    "x",
    "no",
    "012",
    "plan",
    "shops",
    "ridge",
    "ore",
    "a.b",
    "a[0]",
    "../x",
    "example:china-2023/priors.yaml",
    "valley.yaml",
    "x" * 3000,
    "鲊",
    [],
    {},
    [[]],
    [1, 2],
    {"value": 1},
    {"value": None},
    {"value": {"value": 1}},
    {"value": 1, "low": 5},
    {"file": "valley.yaml"},
    {"file": "x.csv"},
    {"file": {}},
    {"zh": 1},
    {"source": "yearbook"},
    {"assumption": {}},
    {"model": "industry"},
    [None],
    [{}],
]


MARKUP = [
    "<",
    ">",
    "/>",
    "</a>",
    "<!--",
    "<![CDATA[",
    "&",
    "&#0;",
    "&#x1F600;",
    "&lt;",
    '"',
    "<row/>",
    "<c r='ZZ9'>",
    "r:id=",
    "t='s'",
    "t='b'",
    "1e999",
    "-1",
    "9" * 400,
    "\0",
    "\u202e",
    "<v></v>",
    "<f>1+1</f>",
    "A1048577",
]


def garbled(text: str, rng: random.Random, most: int = 4) -> bytes:
    """A text after one to four accidents, mostly followed by accidents to its bytes."""
    for _ in range(rng.randint(1, most)):
        at, to = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        to = min(to, at + rng.choice([1, 1, 3, 20, 300]))
        accident = rng.randrange(8)
        if accident == 0:
            text = text[:at] + text[to:]
        elif accident == 1:
            text = text[:at] + text[at:to] * rng.choice([2, 3, 50]) + text[to:]
        elif accident in (2, 3):
            text = text[:at] + rng.choice(GARBAGE) + text[at:]
        elif accident == 4:
            text = text[:at] + rng.choice(GARBAGE) + text[to:]
        elif accident == 5:
            lines = text.split("\n")
            i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
            lines[i], lines[j] = lines[j], lines[i]
            text = "\n".join(lines)
        elif accident == 6:
            lines = text.split("\n")
            i = rng.randrange(len(lines))
            lines[i] = " " * rng.randrange(12) + lines[i].lstrip()
            text = "\n".join(lines)
        else:
            text = (
                text[:at]
                + chr(
                    rng.choice(
                        [rng.randrange(32, 127), rng.randrange(0xD000), rng.randrange(0xE000, 0x110000)]
                    )
                )
                + text[at + 1 :]
            )
    data = text.encode("utf-8", "surrogatepass")
    if most == 1:
        return data
    if rng.random() < 0.15:
        data = data[: rng.randrange(len(data) + 1)]
    if rng.random() < 0.15:
        at = rng.randrange(len(data) + 1)
        data = (
            data[:at]
            + bytes(rng.randrange(256) for _ in range(rng.randint(1, 4)))
            + data[at + rng.randrange(3) :]
        )
    if rng.random() < 0.05:
        data = text.encode(
            rng.choice(["utf-16", "utf-16-le", "gb18030", "utf-8-sig", "big5", "utf-32"]), "replace"
        )
    return data


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every (holder, key) of a tree."""
    found = []
    stack = [tree]
    while stack:
        holder = stack.pop()
        for key, value in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
            found.append((holder, key))
            if isinstance(value, (dict, list)):
                stack.append(value)
    return found


def _value(rng: random.Random) -> Any:
    """A value that does not belong; what is put in elsewhere later is another one."""
    return copy.deepcopy(rng.choice(VALUES))


def upset(tree: Any, rng: random.Random) -> Any:
    """A tree whose content is wrong in one to five places."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.randint(1, 5)):
        spots = places(tree)
        if not spots:
            break
        holder, key = rng.choice(spots)
        other_holder, other_key = rng.choice(spots)
        act = rng.randrange(7)
        if act == 0:
            del holder[key]
        elif act in (1, 2):
            holder[key] = _value(rng)
        elif act == 3:
            holder[key], other_holder[other_key] = other_holder[other_key], holder[key]
        elif act == 4 and isinstance(holder, dict):
            holder[
                rng.choice(
                    [
                        f"{key}x",
                        str(key)[:-1],
                        "value",
                        "source",
                        "file",
                        "extends",
                        "defaults",
                        "model",
                        "a b",
                        "",
                        str(other_key),
                    ]
                )
            ] = holder.pop(key)
        elif act == 5 and isinstance(holder, list):
            holder.extend(_value(rng) for _ in range(rng.randint(1, 30)))
        else:
            value: Any = _value(rng)
            for _ in range(rng.choice([1, 2, 20, 60])):
                value = rng.choice([[value], {"value": value}, {"a": value}])
            holder[key] = value
    return tree


def rewritten(tree: Any, rng: random.Random) -> bytes:
    """A tree of right YAML whose content is wrong in one to five places."""
    try:
        text = yaml.dump(upset(tree, rng), Dumper=DUMPER, allow_unicode=True, sort_keys=False).replace(
            "'", ""
        )
    except (yaml.YAMLError, RecursionError, ValueError):
        return b""
    return text.encode("utf-8", "surrogatepass")


def spoilt_json(data: bytes, rng: random.Random) -> bytes:
    """JSON whose content is wrong in one to five places."""
    try:
        return json.dumps(upset(json.loads(data), rng), ensure_ascii=False).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError, TypeError):
        return b"{"


def spoilt_tree(data: bytes, rng: random.Random) -> bytes:
    """YAML whose content is wrong in one to five places."""
    try:
        tree = yaml.load(data.decode("utf-8"), getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except (ValueError, yaml.YAMLError, RecursionError):
        return b"a: ["
    return rewritten(tree, rng) if isinstance(tree, (dict, list)) else b""


def spoilt_text(data: bytes, rng: random.Random) -> bytes:
    """A text after accidents to its letters and bytes."""
    return garbled(data.decode("utf-8", "replace"), rng)


def spoilt_bytes(data: bytes, rng: random.Random) -> bytes:
    """Bytes turned over, cut out, doubled, put in."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        at = rng.randrange(len(made) + 1)
        act = rng.randrange(5)
        if act == 0 and at < len(made):
            made[at] ^= 1 << rng.randrange(8)
        elif act == 1:
            del made[at : at + rng.choice((1, 4, 60, 4000))]
        elif act == 2:
            made[at:at] = bytes(rng.randrange(256) for _ in range(rng.choice((1, 4, 40))))
        elif act == 3:
            made[at:at] = made[at : at + rng.choice((1, 40, 900))] * rng.choice((1, 3))
        else:
            del made[at:]
    return bytes(made)


def spoilt_cells(data: bytes, rng: random.Random) -> bytes:
    """A table some of whose cells, rows or columns are others."""
    rows = [line.split(",") for line in data.decode("utf-8", "replace").splitlines()] or [[""]]
    for _ in range(rng.randint(1, 4)):
        row, other = rng.choice(rows), rng.choice(rows)
        at = rng.randrange(len(row)) if row else 0
        act = rng.randrange(9)
        if act <= 2 and row:
            row[at] = rng.choice(
                [str(rng.choice(VALUES)), rng.choice(GARBAGE), rng.choice(rng.choice(rows) or [""])]
            )
        elif act == 3 and row:
            row[at] = row[at] + rng.choice(["%", "亿元", "万", " million", "?", "e9", "年", "*", "\n"])
        elif act == 4 and len(rows) > 1:
            rows.remove(row)
        elif act == 5:
            rows.insert(rng.randrange(len(rows) + 1), list(other))
        elif act == 6:
            for each in rows:
                if at < len(each):
                    each.insert(rng.randrange(len(each)), each.pop(at))
        elif act == 7:
            for each in rows:
                del each[at : at + 1]
        else:
            rows.extend([list(row) for _ in range(rng.choice((3, 400)))])
    quoted = rng.random() < 0.3
    text = "\n".join(
        ",".join(f'"{cell}"' if quoted and re.search('[\n",]', cell) else cell for cell in row)
        for row in rows
    )
    text = text.replace(",", rng.choice([",", ",", ",", ";", "\t", "，"]))
    return text.encode(rng.choice(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"]), "replace")


def spoilt_archive(data: bytes, rng: random.Random) -> bytes:
    """A workbook or a text of Word of whose parts some were in an accident."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            parts = {name: held.read(name) for name in held.namelist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return spoilt_bytes(data, rng)
    for _ in range(rng.randint(1, 3)):
        telling = [name for name in parts if re.search("sheet|shared|styles|workbook|document", name)]
        name = rng.choice(telling or list(parts) or [""])
        if name not in parts:
            break
        act = rng.randrange(7)
        text = parts[name].decode("utf-8", "replace")
        at = rng.randrange(len(text) + 1)
        if act == 0:
            parts[name] = spoilt_bytes(parts[name], rng)
        elif act == 1:
            parts.pop(name)
        elif act == 2:
            parts[name] = (text[:at] + rng.choice(MARKUP) + text[at + rng.choice((0, 1, 9)) :]).encode()
        elif act == 3:  # a value of a cell
            parts[name] = re.sub(
                r"(?<=>)[^<>]+(?=</(?:v|t)>)",
                lambda found: (
                    rng.choice([*MARKUP[-8:], found[0], str(rng.choice(VALUES))[:40]])
                    if rng.random() < 0.05
                    else found[0]
                ),
                text,
            ).encode("utf-8", "surrogatepass")
        elif act == 4:  # a name or a place
            parts[name] = re.sub(
                r'="[^"]*"',
                lambda found: '="' + rng.choice(MARKUP[-8:]) + '"' if rng.random() < 0.02 else found[0],
                text,
            ).encode("utf-8", "surrogatepass")
        elif act == 5 and len(parts) > 1:
            parts[name] = parts[rng.choice(list(parts))]
        else:
            found = list(re.finditer(r"<(\w+)[^<>]*/>|<(row|c|si)\b.*?</\2>", text))
            if found:
                one = rng.choice(found)
                parts[name] = (
                    text[: one.start()] + one[0] * rng.choice((0, 2, 900)) + text[one.end() :]
                ).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, part in parts.items():
            out.writestr(name, part)
    whole = made.getvalue()
    return spoilt_bytes(whole, rng) if rng.random() < 0.1 else whole


Accident = Callable[[bytes, random.Random], bytes]
