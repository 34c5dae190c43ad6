"""Whatever is written takes its place at once: no moment without old or new, nothing left of the killed,
nothing damaged called the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from dabiao.results import place, write
from dabiao.results.place import beside, held, hidden, swap, tidy
from dabiao.results.write import WriteError, Written, put, read_json, refuse_other, replace_folder, write_run

pytest.importorskip("fcntl", reason="a system that knows who holds a file")
SCHEMA = "test/1"


def says(text: str) -> list[Callable[[Path], object]]:
    """A writer of a folder whose every file says the same."""
    return [lambda folder: [(folder / f"{n}.txt").write_text(text) for n in range(3)]]


def run(base: Path, text: str = "one") -> Written:
    """A run of the name x/y."""
    return write_run(base, "x", "y", says(text))


@pytest.fixture(params=[True, False], ids=["at once", "put aside"])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the system can exchange two names."""
    if not request.param:
        monkeypatch.setattr(place, "_exchanged", lambda one, other: False)
    return bool(request.param)


def aged(*entries: Path) -> None:
    """Make entries older than what may be about to be held."""
    for entry in entries:
        os.utime(entry, (time.time() - 60, time.time() - 60), follow_symlinks=False)


def test_a_report_is_there_at_every_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Watched while it is replaced: the name always stands for a whole folder, the old or the new."""
    folder = tmp_path / "report"
    replace_folder(folder, says("0"), {}, SCHEMA)
    seen: list[str] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            try:
                seen.append((folder / "2.txt").read_text())
            except FileNotFoundError:
                seen.append("nothing")

    watcher = threading.Thread(target=watch)
    watcher.start()
    for turn in range(1, 60):
        replace_folder(folder, says(str(turn)), {}, SCHEMA)
    done.set()
    watcher.join()
    assert len(set(seen)) > 5
    if sys.platform == "linux":
        assert "nothing" not in seen
    assert [entry.name for entry in tmp_path.iterdir()] == ["report"]


@pytest.mark.skipif(sys.platform not in {"linux", "darwin"}, reason="two renames elsewhere")
def test_this_system_exchanges_names(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert place._exchanged(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a" / "b").exists() and (tmp_path / "b" / "a").exists()
    assert not place._exchanged(tmp_path / "a", tmp_path / "none")


def test_a_swap_that_fails_leaves_what_stood_there(
    tmp_path: Path, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old").write_text("old")
    with pytest.raises(FileNotFoundError):
        swap(tmp_path / "none", tmp_path / "old")
    assert [entry.name for entry in tmp_path.iterdir()] == ["old"]
    (tmp_path / "new").write_text("new")
    swap(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_text() == "new" and (tmp_path / "new").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2


def test_what_is_put_aside_is_nobodys_only_when_its_owner_is_gone(tmp_path: Path) -> None:
    aside = hidden(tmp_path / "report", "old")
    aside.mkdir()
    aged(aside)
    with held(aside):
        tidy(tmp_path)
        assert aside.exists()
    tidy(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["report"]


KINDS: dict[str, Callable[[Path], object]] = {
    "file": lambda entry: entry.write_bytes(b"1"),
    "folder": lambda entry: (entry / "in").mkdir(parents=True),
    "pipe": os.mkfifo,
    "link": lambda entry: entry.symlink_to("/"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_owns_goes(tmp_path: Path, kind: str) -> None:
    old, young, foreign = hidden(tmp_path / "a"), hidden(tmp_path / "b"), tmp_path / ".c.partial"
    for entry in (old, young, foreign):
        KINDS[kind](entry)
    aged(old, foreign)
    if kind == "link":  # nobody can hold one: it goes after an hour
        os.utime(old, (0, 0), follow_symlinks=False)
    tidy(tmp_path)
    assert not os.path.lexists(old) and os.path.lexists(young) and os.path.lexists(foreign)
    assert Path("/etc").is_dir()


def test_a_disk_that_knows_no_holds_keeps_leftovers_for_an_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr(place.fcntl, "flock", refused)
    minute, hours = hidden(tmp_path / "a"), hidden(tmp_path / "b")
    for entry in (minute, hours):
        entry.mkdir()
    aged(minute)
    os.utime(hours, (0, 0))
    tidy(tmp_path)
    assert minute.exists() and not hours.exists()


@pytest.mark.parametrize("folder", [True, False])
def test_what_is_being_written_is_left_alone_and_goes_with_its_owner(tmp_path: Path, folder: bool) -> None:
    """A process that writes for long is not disturbed; killed, it leaves nothing behind for long."""
    code = (
        "import sys, time; from pathlib import Path; from dabiao.results.place import beside\n"
        f"with beside(Path(sys.argv[1]) / 'a', folder={folder}) as fresh:\n"
        "    print(fresh, flush=True); time.sleep(60)"
    )
    root = str(Path(place.__file__).resolve().parents[2])
    writing = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    try:
        assert writing.stdout is not None
        fresh = Path(writing.stdout.readline().strip())
        aged(fresh)
        tidy(tmp_path)
        assert fresh.exists()
    finally:
        writing.send_signal(signal.SIGKILL)
        writing.wait()
    tidy(tmp_path)
    assert not fresh.exists()


@pytest.mark.parametrize("error", [OSError("full"), KeyboardInterrupt(), ValueError("bug")])
def test_whatever_ends_the_writing_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise error

    replace_folder(tmp_path / "x" / "report", says("old"), {}, SCHEMA)
    for writing in (
        lambda: write_run(tmp_path, "x", "y", [fail]),
        lambda: replace_folder(tmp_path / "x" / "report", [fail], {}, SCHEMA),
    ):
        with pytest.raises(WriteError if isinstance(error, OSError) else type(error)):
            writing()
    assert [entry.name for entry in (tmp_path / "x").iterdir()] == ["report"]
    assert (tmp_path / "x" / "report" / "0.txt").read_text() == "old"
    with pytest.raises(type(error)), beside(tmp_path / "file") as fresh:
        fresh.write_bytes(b"half")
        raise error
    assert [entry.name for entry in tmp_path.iterdir()] == ["x"]


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut short": lambda folder: (folder / "1.txt").write_text(""),
    "one byte": lambda folder: (folder / "1.txt").write_text("onf"),
    "gone": lambda folder: (folder / "1.txt").unlink(),
    "a folder": lambda folder: ((folder / "1.txt").unlink(), (folder / "1.txt").mkdir()),
    "a pipe": lambda folder: ((folder / "1.txt").unlink(), os.mkfifo(folder / "1.txt")),
    "a link": lambda folder: (
        (folder / "1.txt").rename(folder.parent.parent / "away"),
        (folder / "1.txt").symlink_to(folder.parent.parent / "away"),
    ),
    "manifest is a link": lambda folder: (
        (folder / "manifest.json").rename(folder.parent.parent / "away"),
        (folder / "manifest.json").symlink_to(folder.parent.parent / "away"),
    ),
    "manifest cut short": lambda folder: (folder / "manifest.json").write_text("{"),
    "manifest of another kind": lambda folder: (folder / "manifest.json").write_text("[]"),
    "manifest changed": lambda folder: (folder / "manifest.json").write_text(
        (folder / "manifest.json").read_text().replace('"y"', '"z"')
    ),
    "a key twice": lambda folder: (folder / "manifest.json").write_text(
        (folder / "manifest.json").read_text().replace('"run"', '"run": "z",\n "run"')
    ),
    "seal gone": lambda folder: (folder / "manifest.json").write_text(
        (folder / "manifest.json").read_text().replace('"seal"', '"was"')
    ),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_run_is_made_anew_and_kept(tmp_path: Path, kind: str, at_once: bool) -> None:
    assert run(tmp_path).new and not run(tmp_path).new
    folder = tmp_path / "x" / "y"
    (folder / "own notes.txt").write_text("mine")
    assert not run(tmp_path).new, "what somebody adds is no damage"
    DAMAGE[kind](folder)
    again = run(tmp_path)
    assert again.new and again.kept == tmp_path / "x" / "y-damaged" and again.damaged
    assert "y-damaged" in str(again.told) and again.damaged[0] in str(again.told)
    assert (again.kept / "own notes.txt").read_text() == "mine"
    assert {file.name for file in folder.iterdir()} == {"0.txt", "1.txt", "2.txt", "manifest.json"}
    third = run(tmp_path)
    assert not third.new and third.told is None
    DAMAGE[kind](folder)
    assert run(tmp_path).kept == tmp_path / "x" / "y-damaged-2"
    assert sorted(entry.name for entry in (tmp_path / "x").iterdir()) == ["y", "y-damaged", "y-damaged-2"]


def test_a_damaged_run_stays_where_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "full")

    folder = run(tmp_path).folder
    (folder / "1.txt").write_text("")
    with pytest.raises(WriteError):
        write_run(tmp_path, "x", "y", [full])
    assert (folder / "1.txt").read_text() == "" and len(list((tmp_path / "x").iterdir())) == 1


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("mark", ["tables.json", "scenario.resolved.yaml"])
def test_a_run_without_a_manifest_is_a_damaged_one_where_it_has_the_marks_of_a_run(
    tmp_path: Path, mark: str, gone: bool
) -> None:
    folder = write_run(tmp_path, "x", "y", says("one"), {mark: "{}"}).folder
    (folder / "manifest.json").unlink()
    if not gone:
        os.mkfifo(folder / "manifest.json")
    refuse_other(tmp_path, "x", "y")
    again = run(tmp_path)
    assert again.new and again.damaged == ("manifest.json",)
    assert again.kept is not None and (again.kept / mark).read_text() == "{}"
    (folder / "manifest.json").unlink()
    for ask in (lambda: refuse_other(tmp_path, "x", "y"), lambda: run(tmp_path)):
        with pytest.raises(WriteError, match="no run of dabiao"):
            ask()


def test_a_manifest_without_a_seal_holds_nothing(tmp_path: Path) -> None:
    manifest = read_json(run(tmp_path).folder / "manifest.json")
    assert write.seal_holds(manifest)
    bare = {name: said for name, said in manifest.items() if name != "seal"}
    for version in ("0.1.0", "0.2.0"):
        assert not write.seal_holds(bare | {"version": version})


def test_a_key_is_said_once(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    for text in ('{"a": 1, "a": 1}', '[{"b": {"a": 1, "c": 2, "a": 3}}]'):
        file.write_text(text)
        with pytest.raises(ValueError, match=r"said twice: a$"):
            read_json(file)
    file.write_text('[{"a": 1, "b": {"a": 1}}, {"a": 2}]')
    assert read_json(file) == [{"a": 1, "b": {"a": 1}}, {"a": 2}]


def test_a_file_that_exists_is_never_lost_to_a_failed_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a"
    put(file, b"old")

    def full(*_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(WriteError):
        put(file, b"new", over=True)
    assert file.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1
