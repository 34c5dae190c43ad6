"""Functions of probability: the same objects as scipy's, known values, and the whole package where it is laid
out otherwise."""

from __future__ import annotations

import importlib
import math
import sys

import pytest
from dabiao.models import special
from figures import near


def test_known_values() -> None:
    """Of 3 tosses more than 1 heads: 4 of 8; a beta of 2 and 1 has F = x²; the normal's 97.5 %; Student's t
    of one degree is Cauchy's."""
    assert special.bdtrc(1, 3, 0.5) == near(0.5) and special.bdtrc(0, 2, 0.25) == near(1 - 0.75**2)
    assert special.betaincinv(2.0, 1.0, 0.36) == near(0.6)
    assert special.ndtr(1.0) == near(0.8413447460685429) and special.ndtri(0.975) == near(1.959963984540054)
    assert special.stdtrit(1.0, 0.8) == near(math.tan(math.pi * 0.3))


def test_without_the_rest_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = importlib.import_module("scipy.special")
    assert special._compiled() is whole  # it is there already
    monkeypatch.delitem(sys.modules, "scipy.special")
    found = special._compiled()
    assert found is sys.modules["scipy.special._ufuncs"] and "scipy.special" not in sys.modules
    assert all(getattr(found, name) is getattr(whole, name) for name in special._NAMES)


@pytest.mark.parametrize("gone", ["a name", "the part"])
def test_the_whole_package_where_it_is_laid_out_otherwise(gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def imported(name: str) -> object:
        asked.append(name)
        if name.endswith("_ufuncs") and gone == "the part":
            raise ImportError(name)
        return name if name == "scipy.special" else sys

    importlib.import_module("scipy.special")
    monkeypatch.delitem(sys.modules, "scipy.special")
    monkeypatch.setattr(special, "import_module", imported)
    assert special._compiled() == "scipy.special"
    assert asked == ["scipy.special._ufuncs", "scipy.special"] and "scipy.special" not in sys.modules
    monkeypatch.setattr(special, "find_spec", lambda name: None)
    asked.clear()
    assert special._compiled() == "scipy.special" and asked == ["scipy.special"]
