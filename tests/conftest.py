"""What every test may ask for."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

# Nothing is said of a language: the product's own comes first, whatever the machine speaks.
for name in (
    *("DABIAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"),
    *("NO_COLOR", "FORCE_COLOR", "TERM"),
):
    os.environ.pop(name, None)
# Nor of a terminal: its width is that of none, with workers and without.
os.environ["COLUMNS"] = "100"

# Nor of interrupts: programs that tests start in the background can be interrupted all the same.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

APART = {"test_docs"}
"""Files of long tests that share nothing with one another."""

# The same examples in every run: a law that fails, fails for everyone. A broken law is told at once; to look
# for
# its smallest example (minutes, where an example is a region) run with --hypothesis-profile=smallest.
settings.register_profile(
    "laws",
    derandomize=True,
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
settings.register_profile("smallest", settings.get_profile("laws"), phases=list(Phase))
settings.load_profile("laws")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With ``-n``: tests of a file go to one process, so that what they share is made once; commands of pages
    share nothing and go where there is room."""
    from xdist.scheduler import LoadScopeScheduling

    class Files(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            return nodeid if Path(file).stem in APART else file

    return Files(config, log) if config.getvalue("dist") == "load" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test that is marked ``first(n)`` what comes after the first n parameters is slow."""
    seen: Counter[str] = Counter()
    for item in items:
        mark = item.get_closest_marker("first")
        if mark is not None:
            name = item.nodeid.split("[")[0]
            seen[name] += 1
            if seen[name] > mark.args[0]:
                item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def usual_money() -> None:
    """A command leaves its scenario's money and words behind; the next test begins without."""
    from dabiao.models.money import Money, count_in
    from dabiao.models.words import call_in

    count_in(Money())
    call_in(())


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line speaks English where no language is asked for."""
    monkeypatch.setenv("DABIAO_LANG", "en")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Published reference data, kept outside the repository; its tests skip where it is not at hand."""
    stated = os.environ.get("DABIAO_SHARED", "")
    if not stated:
        pytest.skip("DABIAO_SHARED does not name the directory of reference data")
    path = Path(stated)
    if not path.is_dir():
        pytest.fail(f"DABIAO_SHARED names {stated}, which is no directory")
    return path
