"""How many small mistakes in ``models``, ``solvers`` and ``engine`` the quick tests notice: a sample.

Run by hand, from the root of the repository::

    python tests/campaigns/mutants.py map --store ../map           # which test runs which line; slow, once
    python tests/campaigns/mutants.py run models solvers engine --store ../map --seed 7 --number 300
    python tests/campaigns/mutants.py run models/solow.py --files tests/test_solow.py --number 20
    python tests/campaigns/mutants.py run models solvers engine scenarios results cli --checks --store ../map

A mutant is one change of one place: another comparison, sign, constant, condition, order of arguments,
result, or a statement left out. Nothing is written into the tree: the tests are collected once, and for
every mutant a fork of that process puts the changed code in place of the function's and runs the tests that
reach the line, fastest first, until one fails. Where code runs while modules are imported (constants,
defaults, tables), the fork imports all anew and runs the tests that reach anything of the file. A test that
fails counts only if it passes without the change.

Laws are tried on few examples, and no more tests are run than ``--seconds`` allow, so a mutant that lives
here may still be noticed by the whole suite: the score is a lower bound. Equivalent mutants count as living.
With ``--checks`` a mutant is one check that is left out: a branch that tells or raises something is not
taken, an error that is told otherwise is let through, a refusal is passed over.
Not changed: texts, annotations, decorators, and ``solvers/highs_worker.py``, which is another process.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import functools
import gc
import importlib
import importlib.abc
import importlib.util
import json
import math
import os
import pkgutil
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import types
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coverage import Coverage

ROOT = Path(os.environ.get("DABIAO_TREE", Path(__file__).resolve().parents[2])).resolve()
PACKAGES = ("models", "solvers", "engine")
MAPPED = (*PACKAGES, "scenarios", "results", "cli")
APART = {"solvers/highs_worker.py"}  # runs as a process of its own: no fork of the tests reaches it
UNFIT = ("bench", "docs", "page", "speed", "seconds", "memory", "words_pseudo", "typed", "hash_seed")
DECLARED = "tests/test_reference.py::test_the_page_in_docs_is_what_the_schema_says"
"""Reads what is declared in every module: ranges and units of numbers."""
EXAMPLES = 2  # of a law
LONGEST = 10.0  # seconds of one test, while lines are counted
LEAST = 0.02  # seconds that the smallest test takes with all around it; ten times as much a file of tests

NEAREST = 12  # files of tests for what runs while modules are imported: those that reach most of its file

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
REVERSED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
OTHER = {"min": "max", "any": "all", "minimum": "maximum", "floor": "ceil"}
OTHER |= {new: old for old, new in OTHER.items()}
ALIKE = {
    "add",
    "multiply",
    "min",
    "max",
    "minimum",
    "maximum",
    "hypot",
    "together",
    "isclose",
    "logical_and",
    "logical_or",
}
"""Functions whose first two arguments may change places."""
TEXTS = {"msg", "tr", "ntr", "cast", "TypeVar"}
TOLD = {"msg", "note", "wrong", "told", "stop", "fail", "refuse"}
"""Calls by which something is told or refused."""


@functools.cache
def home() -> Path:
    """Where the package is imported from: the tree itself, or a copy of it that is installed."""
    found = importlib.util.find_spec("dabiao")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent


def within(file: str) -> str:
    """A file of the product as it is called in its tree, whichever tree the map was made in."""
    parts = Path(file).parts
    at = max(place for place, part in enumerate(parts) if part == "dabiao") + 1
    return "/".join(parts[at:])


Change = Callable[[ast.AST], ast.AST]


@dataclass(frozen=True)
class Mutant:
    """One change: ``number`` of those of its file, and where it is; of a check that is left out also where
    it tells."""

    file: str
    number: int
    line: int
    end: int
    told: tuple[int, int]
    statement: tuple[int, int]
    function: str | None  # outermost function whose code holds it; None: code of an import
    kind: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.kind}: {self.was}  ->  {self.now}"


# ---------------------------------------------------------------- changes


Place = tuple[ast.AST, str, int | None]
"""What holds a node: its parent, the field, and the number in it."""


def changes(node: ast.AST, place: Place) -> Iterator[tuple[str, ast.AST]]:
    """What may stand instead of a node."""
    match node:
        case ast.Compare(ops=[op, *_]):
            for table, kind in ((COMPARED, "comparison"), (REVERSED, "reversed")):
                if type(op) in table:
                    new = copy.deepcopy(node)
                    new.ops[0] = table[type(op)]()
                    yield kind, new
        case ast.BinOp() | ast.AugAssign() if type(node.op) in COUNTED:
            new = copy.deepcopy(node)
            new.op = COUNTED[type(node.op)]()
            yield "arithmetic", new
        case ast.BoolOp():
            new = copy.deepcopy(node)
            new.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield "boolean", new
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield "sign", node.operand
        case ast.Constant(value=bool()):
            yield "constant", ast.Constant(not node.value)
        case ast.Constant(value=int() | float()):
            yield "constant", ast.Constant(node.value + 1)
        case ast.Return(value=ast.expr()) if not (
            isinstance(node.value, ast.Constant) and node.value.value is None
        ):
            yield "return", ast.Return(ast.Constant(None))
        case ast.If() | ast.While() | ast.IfExp():
            new = copy.deepcopy(node)
            new.test = ast.UnaryOp(ast.Not(), new.test)
            yield "condition", new
    yield from dropped(node)
    if isinstance(node, ast.Call):
        yield from called(node)


def checks(node: ast.AST, place: Place) -> Iterator[tuple[str, ast.AST]]:
    """A check that is left out."""
    match node:
        case ast.If() if any(map(tells, node.body)):
            new = copy.deepcopy(node)
            new.test = ast.Constant(False)
            yield "check", new
        case ast.ExceptHandler() if any(map(tells, node.body)):
            new = copy.deepcopy(node)
            new.body = [ast.Raise()]
            yield "check", new
        case ast.Raise() | ast.Expr() if tells(node) and not guarded(place):
            yield "check", ast.Pass()


def guarded(place: Place) -> bool:
    """Whether a statement is left out with the branch that it stands in."""
    holder, field, _ = place
    return field == "body" and isinstance(holder, (ast.If, ast.ExceptHandler))


def tells(statement: ast.stmt) -> bool:
    """Whether a plain statement raises or tells something."""
    if isinstance(statement, ast.Raise):
        return statement.exc is not None
    if not isinstance(statement, (ast.Expr, ast.Return)):
        return False
    calls = (each.func for each in ast.walk(statement) if isinstance(each, ast.Call))
    return any((getattr(each, "attr", "") or getattr(each, "id", "")).lstrip("_") in TOLD for each in calls)


def dropped(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Statements that can be left out so that the rest still runs."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Assign(targets=[ast.Name() | ast.Tuple()]) | ast.AnnAssign():
            return
        case (
            ast.Expr()
            | ast.AugAssign()
            | ast.Assign()
            | ast.Raise()
            | ast.Continue()
            | ast.Break()
            | ast.Delete()
        ):
            yield "dropped", ast.Pass()


def called(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    """Arguments the other way round, another function."""
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    plain = name not in ALIKE and not any(isinstance(each, ast.Starred) for each in node.args)
    if len(node.args) > 1 and plain and ast.dump(node.args[0]) != ast.dump(node.args[1]):
        new = copy.deepcopy(node)
        new.args[:2] = new.args[1::-1]
        yield "arguments", new
    if name in OTHER:
        new = copy.deepcopy(node)
        if isinstance(new.func, ast.Name):
            new.func.id = OTHER[name]
        elif isinstance(new.func, ast.Attribute):
            new.func.attr = OTHER[name]
        yield "function", new


Kinds = Callable[[ast.AST, Place], Iterator[tuple[str, ast.AST]]]


def places(tree: ast.Module) -> Iterator[tuple[ast.AST, Place, ast.stmt | None, str | None]]:
    """Every node that may change, what holds it, its statement, and the function whose code it is part of."""

    def walk(
        node: ast.AST, statement: ast.stmt | None, function: str | None, path: str
    ) -> Iterator[tuple[ast.AST, Place, ast.stmt | None, str | None]]:
        for field, value in ast.iter_fields(node):
            if skipped(node, field):
                continue
            body = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and field == "body"
            inside = (function or path) if body else function
            for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
                if not isinstance(child, ast.AST) or silent(child):
                    continue
                own = child if isinstance(child, ast.stmt) else statement
                yield child, (node, field, index), own, inside
                below = f"{path}.{child.name}".lstrip(".") if hasattr(child, "name") else path
                yield from walk(child, own, inside, below)

    yield from walk(tree, None, None, "")


def skipped(node: ast.AST, field: str) -> bool:
    """Whether a field of a node is declaration and not computation."""
    return field in ("annotation", "returns", "decorator_list", "type_params", "ctx") or (
        isinstance(node, ast.Raise) or (isinstance(node, ast.ClassDef) and field in ("bases", "keywords"))
    )


def silent(node: ast.AST) -> bool:
    """Texts, and what only a type checker reads."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        return name in TEXTS
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr, ast.Assert))


def brief(node: ast.AST) -> str:
    text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split("\n")
    return text[0][:90]


def mutants(package: str, kinds: Kinds = changes) -> list[Mutant]:
    """Every mutant of a package or of one file, in the order of files and lines."""
    found, whole = [], ROOT / package
    for path in [whole] if whole.is_file() else sorted(whole.rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        if file in APART:
            continue
        number = 0
        for node, place, statement, function in places(ast.parse(path.read_text("utf-8"))):
            for kind, new in kinds(node, place):
                line, end = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
                if isinstance(node, (ast.If, ast.While)):
                    end = node.test.end_lineno or line
                held = (statement.lineno, statement.end_lineno or 0) if statement else (line, end)
                says = (
                    next(filter(tells, node.body), node)
                    if kind == "check" and hasattr(node, "body")
                    else None
                )
                told = (says.lineno, says.end_lineno or 0) if says else (line, end)  # type: ignore[attr-defined]
                own = (file, number, line, end, told, held, function)
                found.append(Mutant(*own, kind, brief(node), brief(new)))
                number += 1
    return found


def changed(mutant: Mutant) -> ast.Module:
    """The module with the one change."""
    tree = ast.parse((ROOT / mutant.file).read_text("utf-8"))
    number = 0
    kinds = checks if mutant.kind == "check" else changes
    for node, place, _, _ in list(places(tree)):
        holder, field, index = place
        for _, new in kinds(node, place):
            if number == mutant.number:
                ast.copy_location(new, node)
                if index is None:
                    setattr(holder, field, new)
                else:
                    getattr(holder, field)[index] = new
                return ast.fix_missing_locations(tree)
            number += 1
    raise LookupError(mutant)


# ---------------------------------------------------------------- which test runs which line


class Reached:
    """The lines that each test ran, and how long it took, as ``map`` found them."""

    def __init__(self, store: Path | None, files: Sequence[str] = ()):
        self.files, self.items = files, list[str]()
        self.lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.seconds: dict[str, float] = {}
        self.setup: dict[str, float] = defaultdict(float)
        if store is not None:
            self._read(store)

    def _read(self, store: Path) -> None:
        from coverage import CoverageData

        for each in sorted(store.glob("*.json")):
            for name, (setup, call, passed) in json.loads(each.read_text("utf-8")).items():
                if passed:
                    file = name.split("::")[0]
                    self.seconds[name] = max(call, LEAST)
                    self.setup[file] = max(self.setup[file], setup, 10 * LEAST)
        for each in sorted(store.glob("*.coverage")):
            data = CoverageData(str(each))
            data.read()
            for file in data.measured_files():
                name = within(file)
                for line, contexts in data.contexts_by_lineno(file).items():
                    self.lines[name][line] |= {test for test in contexts if test in self.seconds}

    def share(self, items: list[object]) -> None:
        """What a fixture of a whole file ran for the first test that asked for it, it ran for all of them."""
        self.items = [each.nodeid for each in items]  # type: ignore[attr-defined]
        users: dict[tuple[str, str], list[str]] = defaultdict(list)
        for each in items:
            known = each._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
            file = each.nodeid.split("::")[0]  # type: ignore[attr-defined]
            for name, stated in known.items():
                if stated[-1].scope in ("module", "session") and stated[-1].baseid.startswith(file):
                    users[file, name].append(each.nodeid)  # type: ignore[attr-defined]
        groups: dict[str, set[str]] = defaultdict(set)
        for group in users.values():
            groups[group[0]] |= {test for test in group if test in self.seconds}
        for lines in self.lines.values():
            for tests in lines.values():
                tests.update(*[groups[test] for test in tests & groups.keys()])

    def tests(self, mutant: Mutant, allowed: float, begun: bool = False) -> list[str]:
        """Those that reach a mutant, or its file (``begun``: what runs before any test), as far as
        the seconds allow, those of a file together."""
        if self.files:
            return self.items or list(self.files)
        lines = self.lines[mutant.file]
        if mutant.function is None or begun:
            reach = Counter(file for tests in lines.values() for file in {t.split("::")[0] for t in tests})
            near = {file for file, _ in reach.most_common(NEAREST)}
            found = {test for test in set().union(*lines.values()) if test.split("::")[0] in near}
            return [DECLARED, *self._chosen(found, allowed)]
        found: set[str] = set()
        for first, last in (mutant.told, (mutant.line, mutant.end), mutant.statement):
            found = set().union(*(lines.get(line, set()) for line in range(first, last + 1)))
            if found:
                break
        return self._chosen(found, allowed)

    def _chosen(self, found: set[str], allowed: float) -> list[str]:
        """The fastest of every file of tests, then the second of each: one file asks for much the same."""
        files: dict[str, list[str]] = defaultdict(list)
        for test in sorted(found, key=lambda name: (self.seconds[name], name)):
            files[test.split("::")[0]].append(test)
        turns = [(turn, self.cost(test), test) for each in files.values() for turn, test in enumerate(each)]
        chosen: dict[str, list[str]] = {}
        spent = 0.0
        for _, _, test in sorted(turns):
            file = test.split("::")[0]
            more = self.seconds[test] + (0 if file in chosen else self.setup[file])
            if spent + more <= allowed or not chosen:
                spent += more
                chosen.setdefault(file, []).append(test)
        return [
            test for each in sorted(chosen.values(), key=lambda each: self.cost(each[0])) for test in each
        ]

    def cost(self, test: str) -> float:
        return self.seconds[test] + self.setup[test.split("::")[0]]


class Mapper:
    """A plugin that notes which test runs which line."""

    def __init__(self, store: Path):
        self.store = store
        self.cover: Coverage
        self.times: dict[str, list[float]] = {}
        self.file, self.since = "", 0.0
        signal.signal(signal.SIGPROF, self.end)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        file = nodeid.split("::")[0]
        if file != self.file:
            from coverage import Coverage

            self.leave()
            self.file, name = file, Path(file).stem
            self.cover = Coverage(
                data_file=str(self.store / f"{name}.coverage"),
                branch=True,
                source=[str(home() / each) for each in MAPPED],
                config_file=False,
            )
            self.cover.erase()
            self.cover.start()
        self.times[nodeid] = [0.0, 0.0, 1]
        self.cover.switch_context(nodeid)
        self.since = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, LONGEST)

    def pytest_runtest_logreport(self, report: object) -> None:
        times, now = self.times[report.nodeid], time.process_time()  # type: ignore[attr-defined]
        when = report.when  # type: ignore[attr-defined]
        if when in ("setup", "call"):
            times[when == "call"] = round(now - self.since, 3)
        self.since = now
        if report.outcome != "passed":  # type: ignore[attr-defined]
            times[2] = 0
        if when == "teardown":
            signal.setitimer(signal.ITIMER_PROF, 0)

    def end(self, *_: object) -> None:
        """A test that takes this long is of no use here."""
        raise TimeoutError("longer than a test of mutants may take")

    def leave(self) -> None:
        """Write what one file of tests has reached."""
        if not self.file:
            return
        self.cover.stop()
        self.cover.save()
        (self.store / f"{Path(self.file).stem}.json").write_text(json.dumps(self.times), "utf-8")
        print(self.file, len(self.times), round(sum(a + b for a, b, _ in self.times.values()), 1), flush=True)
        self.times = {}
        self.file = ""

    def pytest_sessionfinish(self) -> None:
        self.leave()


def fit(test: str) -> bool:
    """Whether a test may be put to a mutant."""
    return test.startswith(DECLARED) or not any(word in test for word in UNFIT)


class Fewer:
    """A plugin: laws on few examples, and no tests that measure time or start a browser."""

    def pytest_collection_modifyitems(self, config: object, items: list[object]) -> None:
        from hypothesis import settings

        items[:] = [each for each in items if fit(each.nodeid)]  # type: ignore[attr-defined]
        for each in items:
            law = getattr(each, "obj", None)
            stated = getattr(law, "_hypothesis_internal_use_settings", None)
            if stated is not None:
                few = settings(stated, max_examples=min(EXAMPLES, stated.max_examples))
                law = getattr(law, "__func__", law)
                law._hypothesis_internal_use_settings = few  # type: ignore[union-attr]


USUAL = [
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:cov",
    "-p",
    "no:xdist",
    "--import-mode=importlib",
    "-p",
    "no:faulthandler",
]


def prepare() -> None:
    """The process as every fork needs it."""
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", PYTHONDONTWRITEBYTECODE="1")
    sys.dont_write_bytecode = True
    if ROOT.name == "dabiao":
        sys.path.insert(0, str(ROOT.parent))
    os.chdir(ROOT)


def write_map(args: argparse.Namespace) -> int:
    """Run the tests once and note what each reaches."""
    import pytest

    prepare()
    store = Path(args.store)
    store.mkdir(parents=True, exist_ok=True)
    files = args.files or sorted(str(each) for each in (ROOT / "tests").glob("test_*.py"))
    return int(pytest.main([*USUAL, "--tb=no", "-r", "N", *files], plugins=[Fewer(), Mapper(store)]))


# ---------------------------------------------------------------- forks


def install(mutant: Mutant, functions: dict[tuple[str, str, int], list[types.FunctionType]]) -> None:
    """Give every function of the mutant's code its changed code."""
    file = str(home() / mutant.file)
    todo: list[types.CodeType] = [compile(changed(mutant), file, "exec")]
    put = 0
    while todo:
        code = todo.pop()
        todo += [each for each in code.co_consts if isinstance(each, types.CodeType)]
        if code.co_qualname == mutant.function:
            for each in functions.get((file, code.co_qualname, code.co_firstlineno), []):
                each.__code__ = code
                put += 1
    if not put:
        os._exit(9)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the changed module instead of the one that stands."""

    def __init__(self, mutant: Mutant):
        self.mutant = mutant
        parts = Path(mutant.file).with_suffix("").parts
        self.name = ".".join(("dabiao", *(parts[:-1] if parts[-1] == "__init__" else parts)))

    def find_spec(self, name, path, target=None):  # type: ignore[no-untyped-def]
        if name != self.name:
            return None
        file = str(home() / self.mutant.file)
        places = [str(Path(file).parent)] if file.endswith("__init__.py") else None
        return importlib.util.spec_from_file_location(
            name, file, loader=self, submodule_search_locations=places
        )

    def create_module(self, spec):  # type: ignore[no-untyped-def]
        return None

    def exec_module(self, module):  # type: ignore[no-untyped-def]
        exec(compile(changed(self.mutant), str(home() / self.mutant.file), "exec"), module.__dict__)


class Limited:
    """A plugin that ends the process where a test runs far longer than it used to, or fails."""

    def __init__(self, seconds: dict[str, float], told: int):
        self.seconds, self.told = seconds, told
        signal.signal(signal.SIGPROF, self.end)
        signal.signal(signal.SIGALRM, self.end)
        self.now = ""

    def end(self, *_: object) -> None:
        self.leave(3)

    def leave(self, code: int) -> None:
        os.write(self.told, self.now.encode())
        os._exit(code)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.now = nodeid
        usual = self.seconds.get(nodeid, 1.0)
        signal.setitimer(signal.ITIMER_PROF, 4 * usual + 4)
        signal.setitimer(signal.ITIMER_REAL, 40 * usual + 60)

    def pytest_runtest_logreport(self, report: object) -> None:
        if report.outcome == "failed":  # type: ignore[attr-defined]
            self.leave(1)

    def pytest_collectreport(self, report: object) -> None:
        if report.outcome == "failed":  # type: ignore[attr-defined]
            self.leave(1)


def forked(work: Callable[[int], None], scratch: Path) -> tuple[int, str]:
    """Exit code of a fork that works in silence, and what it tells."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        os.setsid()
        silence = os.open(os.devnull, os.O_RDWR)
        for each in (0, 1, 2):
            os.dup2(silence, each)
        resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
        try:
            work(theirs)
        except BaseException as trouble:  # the mutant broke what holds the tests
            os.write(theirs, repr(trouble)[:200].encode())
            os._exit(1)
        os._exit(0)
    os.close(theirs)
    _, status = os.waitpid(child, 0)
    told = os.read(ours, 1000).decode(errors="replace")
    os.close(ours)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # a solver that was left behind
    shutil.rmtree(scratch, ignore_errors=True)
    return os.waitstatus_to_exitcode(status), told


class Server:
    """A plugin: after the tests are collected, mutants take the place of the run."""

    def __init__(self, chosen: list[Mutant], reached: Reached, allowed: float, tell: Callable[..., None]):
        self.chosen, self.reached, self.allowed, self.tell = chosen, reached, allowed, tell

    def pytest_runtestloop(self, session: object) -> bool:
        from _pytest.runner import runtestprotocol

        for info in pkgutil.walk_packages([str(home())], "dabiao."):
            if not info.name.startswith(
                ("dabiao.tests", "dabiao.docs", "dabiao.benchmarks", "dabiao.solvers.highs_worker")
            ):
                with contextlib.suppress(ImportError):
                    importlib.import_module(info.name)
        for name in ("pyomo.environ", "highspy", "pandas", "simpy", "scipy.stats", "openpyxl", "xlsxwriter"):
            importlib.import_module(name)
        functions: dict[tuple[str, str, int], list[types.FunctionType]] = defaultdict(list)
        for each in gc.get_objects():
            if isinstance(each, types.FunctionType) and each.__code__.co_filename.startswith(str(home())):
                code = each.__code__
                functions[(code.co_filename, code.co_qualname, code.co_firstlineno)].append(each)
        gc.collect()
        gc.freeze()
        items = {each.nodeid: each for each in session.items}  # type: ignore[attr-defined]
        self.reached.share(list(items.values()))
        sound: dict[str, bool] = {}

        def attempt(mutant: Mutant | None, tests: list[str]) -> tuple[int, str]:
            scratch = Path(tempfile.mkdtemp(prefix="mutant-"))

            def work(told: int) -> None:
                if mutant is not None:
                    install(mutant, functions)
                limited = Limited(self.reached.seconds, told)
                session.config._tmp_path_factory._basetemp = scratch  # type: ignore[attr-defined]
                for test, after in zip(tests, [*tests[1:], None], strict=True):
                    limited.pytest_runtest_logstart(test)
                    for report in runtestprotocol(items[test], log=False, nextitem=items.get(after or "")):
                        limited.pytest_runtest_logreport(report)

            return forked(work, scratch) if tests else (0, "")

        for mutant in self.chosen:
            tests = [each for each in self.reached.tests(mutant, self.allowed) if each in items]
            judged(mutant, tests, attempt, sound, self.tell)
        return True


def judged(
    mutant: Mutant,
    tests: list[str],
    attempt: Callable[[Mutant | None, list[str]], tuple[int, str]],
    sound: dict[str, bool],
    tell: Callable[..., None],
) -> None:
    """Put a mutant to tests and tell; a test that fails without the change as well says nothing."""
    started = time.time()
    code, told = attempt(mutant, tests)
    while code and told in tests:
        if told not in sound:
            sound[told] = attempt(None, [told])[0] == 0
        if sound[told]:
            break
        tests.remove(told)
        code, told = attempt(mutant, tests)
    tell(mutant, code, told, len(tests), time.time() - started)


def imported(chosen: list[Mutant], reached: Reached, allowed: float, tell: Callable[..., None]) -> None:
    """Mutants of what runs while modules are imported: every fork imports the product anew."""
    import pytest

    for name in (
        "numpy",
        "pandas",
        "pydantic",
        "yaml",
        "click",
        "pyomo.environ",
        "highspy",
        "simpy",
        "scipy.stats",
        "hypothesis",
    ):
        importlib.import_module(name)
    known, sound = collected(reached), dict[str, bool]()

    def attempt(mutant: Mutant | None, tests: list[str]) -> tuple[int, str]:
        scratch = Path(tempfile.mkdtemp(prefix="mutant-"))

        def work(told: int) -> None:
            if mutant is not None:
                sys.meta_path.insert(0, Finder(mutant))
            plugins = [Fewer(), Limited(reached.seconds, told)]
            code = pytest.main([*USUAL, "-x", f"--basetemp={scratch}", *tests], plugins=plugins)
            os._exit(int(code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)))

        return forked(work, scratch) if tests else (0, "")

    for mutant in chosen:
        asked = reached.tests(mutant, allowed, begun=True)
        judged(mutant, [each for one in asked for each in cases(one, known)], attempt, sound, tell)


def cases(test: str, known: set[str]) -> list[str]:
    """What a name of a test stands for: itself, all cases of it, or nothing where it is gone."""
    whole = "::" not in test or test in known
    return [test] if whole else sorted(each for each in known if each.startswith(f"{test}["))


def collected(reached: Reached) -> set[str]:
    """The tests that are there: a map may be older than they are."""
    files = sorted({each.split("::")[0] for each in (*reached.seconds, *reached.files, DECLARED)})
    words = [
        sys.executable,
        "-m",
        "pytest",
        *USUAL,
        "--collect-only",
        *(f for f in files if Path(f).exists()),
    ]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}
    said = subprocess.run(words, capture_output=True, text=True, check=False, env=env).stdout
    return {line for line in said.splitlines() if "::" in line}


def interval(killed: int, number: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, in %."""
    z, share = 1.96, killed / number
    middle = (share + z * z / 2 / number) / (1 + z * z / number)
    half = z * math.sqrt(share * (1 - share) / number + z * z / 4 / number**2) / (1 + z * z / number)
    return 100 * (middle - half), 100 * (middle + half)


def run(args: argparse.Namespace) -> int:
    """Draw mutants, put each to the tests, and print what lived."""
    import pytest

    prepare()
    reached = Reached(Path(args.store) if args.store else None, args.files or ())
    chosen: list[Mutant] = []
    for package in args.packages:
        whole = mutants(package, checks if args.checks else changes)
        chosen += random.Random(f"{args.seed} {package}").sample(whole, min(args.number, len(whole)))
        print(
            f"{package}: {len(whole)} mutants, {min(args.number, len(whole))} drawn with seed {args.seed}",
            flush=True,
        )
    if args.only:
        wanted = {tuple(each.split("#")) for each in Path(args.only).read_text().split()}
        chosen = [each for each in chosen if (each.file, str(each.number)) in wanted]
    random.Random(0).shuffle(chosen)  # a run that is cut short is still a sample
    done: dict[Mutant, bool] = {}

    def tell(mutant: Mutant, code: int, told: str, number: int, seconds: float) -> None:
        word = (
            "lives"
            if code == 0 and number
            else "no test"
            if code == 0
            else "unfit"
            if code == 9
            else "killed"
        )
        if word != "unfit":
            done[mutant] = word == "killed"
        line = json.dumps(
            {
                "mutant": f"{mutant.file}#{mutant.number}",
                "word": word,
                "text": str(mutant),
                "function": mutant.function,
                "by": told,
                "code": code,
                "tests": number,
                "seconds": round(seconds, 1),
            }
        )
        with Path(args.out).open("a", encoding="utf-8") as out:
            out.write(line + "\n")
        if word != "killed":
            print(f"{word:8} {mutant}   ({number} tests, {seconds:.0f} s)", flush=True)

    begun = {each for each in chosen if each.function is None or not reached.tests(each, args.seconds)}
    imported([each for each in chosen if each in begun], reached, args.seconds, tell)
    server = Server([each for each in chosen if each not in begun], reached, args.seconds, tell)
    files = args.files or sorted({each.split("::")[0] for each in reached.seconds})
    code = pytest.main([*USUAL, *files], plugins=[Fewer(), server])
    summary(done)
    return int(code)


def summary(done: dict[Mutant, bool]) -> None:
    """Scores of packages and modules."""
    for depth in (1, 9):
        scores: dict[str, Counter[bool]] = defaultdict(Counter)
        for mutant, dead in done.items():
            scores["/".join(mutant.file.split("/")[:depth])][dead] += 1
        for name, score in sorted(scores.items()):
            low, high = interval(score[True], score.total())
            print(
                f"{name:45} {score[True]:4} of {score.total():4} noticed: "
                f"{100 * score[True] / score.total():5.1f} %  ({low:.0f} to {high:.0f})"
            )


def main() -> int:
    """Command line of the campaign."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("map", "run", "list"))
    parser.add_argument("packages", nargs="*", default=list(PACKAGES))
    parser.add_argument("--store", help="folder for the map, outside the tree")
    parser.add_argument("--files", nargs="*", help="only these files of tests; run: all of them, no map")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=100, help="mutants of each package")
    parser.add_argument("--seconds", type=float, default=12, help="of tests for one mutant")
    parser.add_argument("--checks", action="store_true", help="checks that are left out instead of changes")
    parser.add_argument("--only", help="a file that names mutants as file#number: only these of the sample")
    parser.add_argument("--out", default=os.devnull, help="a file that takes one line of JSON a mutant")
    args = parser.parse_args()
    if args.what == "list":
        for package in args.packages:
            found = mutants(package, checks if args.checks else changes)
            print(
                package,
                len(found),
                Counter(each.kind for each in found),
                sum(each.function is None for each in found),
            )
        return 0
    return write_map(args) if args.what == "map" else run(args)


if __name__ == "__main__":
    sys.exit(main())
