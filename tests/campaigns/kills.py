"""SIGKILL and SIGINT at random moments over all commands that write.

    python tests/campaigns/kills.py --seed 1 --number 10 [--only run] [--seconds 600]

After each: what the user had is as it was; what stands under its own name is whole; the same command again
works; and an hour later nothing is left under a hidden name. An interrupt ends with a word and code 130 (to
a shell; or the command was done before), never with a traceback of the product's own (Python tells one of
its own while it starts, before any line of the product).
"""

from __future__ import annotations

import random
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from campaign import ROOT, Tally, asked, ended
from writing import COMMANDS, ENVIRONMENT, PROGRAM, Home

LONGEST = 240


def whole(home: Home, command: str) -> tuple[float, subprocess.CompletedProcess[bytes]]:
    """The command, undisturbed, and how long it takes."""
    begun = time.monotonic()
    done = subprocess.run(
        [*PROGRAM, *home.words(command)],
        cwd=home.folder,
        env=ENVIRONMENT,
        capture_output=True,
        timeout=LONGEST,
        check=False,
    )
    return time.monotonic() - begun, done


def ended_by(home: Home, command: str, number: signal.Signals, after: float) -> tuple[int, str]:
    """The command, ended after some seconds: its exit code and what it said."""
    process = subprocess.Popen(
        [*PROGRAM, *home.words(command)],
        cwd=home.folder,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    time.sleep(after)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    return process.returncode, said.decode("utf-8", "replace")


def judged(home: Home, command: str, number: signal.Signals, after: float) -> tuple[str, list[str]]:
    """One command ended once: the outcome, and what is wrong with what it left."""
    before = home.state()
    code, said = ended_by(home, command, number, after)
    wrong = home.broken(before)
    if "Traceback" in said and str(ROOT) in said:
        wrong.append(f"a traceback: {said[-400:]}")
    if number is signal.SIGINT and code not in (0, 1, 5, 130, -signal.SIGINT):
        wrong.append(f"an interrupt ends with {code}: {said[-300:]}")
    home.aged()
    fresh = {name for name in home.state() if name not in before}
    _, again = whole(home, command)
    told_there = again.returncode == 2 and b"already" in again.stderr
    if again.returncode not in (0, 1) and not (told_there and fresh):
        wrong.append(f"the second time ends with {again.returncode}: {again.stderr.decode()[-400:]}")
    wrong += home.broken(before)
    if not told_there and (left := [found.name for found in home.left()]):
        wrong.append(f"left for ever: {left}")
    return (
        "done before" if code in (0, 1) else f"{number.name}, {'new files' if fresh else 'nothing new'}"
    ), wrong


def campaign(tally: Tally, number: int, only: list[str] | None = None) -> Tally:
    """Every command ended at random moments, round after round."""
    names = only or list(COMMANDS)
    with tempfile.TemporaryDirectory() as place:
        lasts: dict[str, float] = {}
        for at in range(number):
            for name in random.Random(f"{tally.seed} {at}").sample(names, len(names)):
                if tally.late():
                    return tally
                if name not in lasts:
                    home = Home.laid(Path(place) / f"first-{len(lasts)}")
                    lasts[name], done = whole(home, name)
                    assert done.returncode in (0, 1), (name, done.stderr.decode()[-900:])
                rng = random.Random(f"{tally.seed} {name} {at}")
                home = Home.laid(Path(place) / f"{at}-{names.index(name)}")
                how = rng.choice((signal.SIGKILL, signal.SIGINT))
                early = rng.random() < 0.2
                after = rng.uniform(0.0, 0.4) if early else rng.uniform(0.3, 1.05) * lasts[name]
                outcome, wrong = judged(home, name, how, after)
                if wrong:
                    tally.fail(name, at, "\n".join([f"{how.name} after {after:.3f} s", *wrong]))
                else:
                    tally.add(name, outcome)
    return tally


if __name__ == "__main__":
    said = asked(__doc__, 5)
    ended(campaign(Tally("kills", said.seed, said.seconds, said.keep), said.number, said.only))
