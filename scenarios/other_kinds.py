"""Files that are no scenarios, and are read and checked as they are: of processes, of regions (其他文件)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ..models.errors import ScenarioError
from ..models.words import msg
from .document import Node
from .load import nearest, opened
from .rates import ask
from .report import Report, refused
from .shape import BAD, Shape

M = TypeVar("M", bound=BaseModel)


def states(path: str | Path, head: str) -> bool:
    """Whether a file that can be read has a key at its top; what is wrong with it is told by whoever loads
    it."""
    try:
        return head in opened(path, Report())[0].map
    except ScenarioError:
        return False


def shaped(root: Node, model: type[M], empty: Sequence[str], report: Report) -> M | None:
    """A tree as the model of its kind; None where mistakes are told in the report."""
    sources = frozenset(root.map["sources"].map) if "sources" in root.map else frozenset()
    shape = Shape(report, sources, "", list(empty))
    data = shape.part(root, model, "")
    shape.unsourced()
    ask(shape.rates, report)
    if data is BAD:
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for line in error.errors(include_url=False, include_input=False):
            path = ".".join(str(step) for step in line["loc"])
            report.add(nearest(root, path), path, msg("a value that does not fit"), refused(line))
        return None
