"""Words: every message of the code stands in every catalogue, and none stands there that nobody says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from dabiao.models.quantity import Bilingual
from dabiao.models.words import LANGUAGES, NOTHING, msg, tr

ROOT = Path(__file__).resolve().parents[1]


def test_the_catalogues_are_those_of_the_code() -> None:
    """Nothing untranslated, nothing unused, the compiled words those of the text."""
    pytest.importorskip("babel")
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "words.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_a_message_is_told_in_each_language_with_its_places_filled() -> None:
    assert {"en", "zh"} <= set(LANGUAGES)
    assert tr("en", "Expected {x}", x=3) == "Expected 3"
    assert tr("zh", "no such message {x}", x=3) == "no such message 3"  # English where nothing is known
    said = msg("Median")
    assert said.of("en") == "Median" and said.of("zh") == "中位数"
    assert tr("zh", "{head} s.e.", head=msg("Median")) == "中位数标准误"
    assert msg("{head} s.e.", head=Bilingual(zh="甲", en="A")).of("en") == "A s.e."


def test_what_a_language_does_not_say_is_nothing() -> None:
    assert NOTHING not in tr("zh", " ") and tr("zh", " ") == ""


def test_braces_of_a_user_are_no_places() -> None:
    assert tr("en", "{name} is here", name="{x}") == "{x} is here"
