"""One entry in a registry is enough: schema, checks, reference and commands find it there."""

from __future__ import annotations

import subprocess
import sys

import pytest

DISTRIBUTION = """
from dataclasses import dataclass
from typing import ClassVar
import numpy as np
from dabiao.models import distributions


@dataclass(frozen=True)
class Twofold(distributions.Stated):
    kind: ClassVar[str] = "twofold"
    meaning: ClassVar[str] = "`value` or twice as much"
    chinese: ClassVar[str] = "`value` 或其两倍"
    value: float

    def ppf(self, u):
        return np.where(u < 0.5, self.value, 2 * self.value)

    @classmethod
    def of(cls, quantity):
        return cls(quantity.value)

    def ends(self):
        return self.value, 2 * self.value


distributions.DISTRIBUTIONS["twofold"] = Twofold
from pathlib import Path
from dabiao.models.errors import ScenarioError
from dabiao.models.uncertainty import law
from dabiao.scenarios.json_schema import json_schema
from dabiao.scenarios.load import load
from dabiao.scenarios.reference import reference

HEAD = "extends: example:deyang-2022\\nassumption: invented\\n"
file = Path("plan.yaml")
file.write_text(HEAD + "prices: {gdp: {value: 1, distribution: {kind: twofold}}}\\n", encoding="utf-8")
assert law(load(file).scenario.prices.gdp) == Twofold(1.0)
assert "twofold" in json_schema()["$defs"]["Distribution"]["properties"]["kind"]["enum"]
assert "twofold: `value` or twice" in reference("en") and "twofold：`value` 或其两倍" in reference("zh")
for wrong, said in (("twofold, sd: 1", "`sd` of a twofold"), ("twofol", "did you mean twofold?")):
    stated = f"prices: {{gdp: {{value: 1, distribution: {{kind: {wrong}}}}}}}\\n"
    file.write_text(HEAD + stated, encoding="utf-8")
    try:
        load(file)
    except ScenarioError as error:
        assert said in str(error), error
    else:
        raise AssertionError(wrong)
file.write_text(HEAD + "prices: {gdp: {value: 60, distribution: {kind: twofold}}}\\n", encoding="utf-8")
try:
    load(file)
except ScenarioError as error:
    assert "values as far as 120" in str(error), error
else:
    raise AssertionError("beyond the range of the number")
"""

SOLVER = """
import sys, types
from click.testing import CliRunner
from dabiao.solvers import glpk, names
from dabiao.solvers.solution import Solver

names.SOLVERS += ("echo",)
echo = types.ModuleType("dabiao.solvers.echo")
echo.SOLVER = Solver(glpk.available, glpk.answer, "nothing to get")
sys.modules["dabiao.solvers.echo"] = echo
from dabiao.cli.main import simulate

call = CliRunner().invoke
assert "echo" in call(simulate, ["run", "--help"]).output
known = call(simulate, ["doctor", "--lang", "en"]).output
assert "solver echo: found, a small problem gives" in " ".join(known.split()), known
done = call(simulate, ["explain", "example:deyang-2022", "--solver", "echo", "--lang", "en"])
assert done.exit_code == 0, done.output
select = ["optimize", "select", "example:panzhihua-2024", "--quarters", "2", "--solver", "echo"]
none = call(simulate, [*select, "--lang", "en"])
said = "echo has no answer to such a question; try --solver highs"
assert none.exit_code == 3 and said in none.output, none.output
"""

FORM = """
import sys, types
from pathlib import Path
from click.testing import CliRunner
from dabiao.results.forms import export


def export_counts(tables, folder, lang, title, meta):
    file = folder / "counts.txt"
    lines = [f"{name} {len(table.rows)}" for name, table in tables.items()]
    file.write_text("\\n".join(lines), encoding="utf-8")
    return [file]


counts = types.ModuleType("dabiao.results.forms.counts")
counts.export_counts = export_counts
sys.modules["dabiao.results.forms.counts"] = counts
export.EXPORTERS["counts"] = export.Form(".counts:export_counts", runs=False)
export.REPORT += ("counts",)
from dabiao.cli.main import simulate

call = CliRunner().invoke
assert "counts" in call(simulate, ["report", "--help"]).output
assert call(simulate, ["run", "example:deyang-2022", "--draws", "0", "--quiet"]).exit_code == 0
(run,) = Path("runs").glob("*/*")
assert not (run / "counts.txt").exists()
done = call(simulate, ["report", str(run), "--format", "counts", "--lang", "en"])
assert done.exit_code == 0, done.output
assert "verdict " in next(run.parent.glob("*-report/en/counts.txt")).read_text(encoding="utf-8")
"""


@pytest.mark.first(1)
@pytest.mark.parametrize("script", [DISTRIBUTION, SOLVER, FORM], ids=["distribution", "solver", "form"])
def test_an_entry_is_found_everywhere(script, tmp_path):
    """In a process of its own: what reads a registry does so once."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
