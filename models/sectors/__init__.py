"""The sector models; one more is one file and one line here.

Each class names in ``Parameters`` what a scenario states for it; the ``model`` there is its key.
"""

from __future__ import annotations

from typing import Any, get_args

from .agriculture import Agriculture
from .industry import Industry
from .process_chain import ProcessChain
from .services import Services

SECTORS: dict[str, type[Any]] = {
    get_args(kind.Parameters.model_fields["model"].annotation)[0]: kind
    for kind in (Industry, Services, Agriculture, ProcessChain)
}
"""Every sector model by its name in scenarios."""

INSTANCES = {"vanadium_titanium": "process_chain"}
"""Names under which a model may be asked for with usual numbers of its own (`defaults` by that name)."""
