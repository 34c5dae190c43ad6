"""The four sector models. Adding one is one file and one line here."""

from __future__ import annotations

from .agriculture import Agriculture
from .industry import Industry
from .services import Services
from .vanadium_titanium import VanadiumTitanium

SECTORS = {
    "industry": Industry,
    "services": Services,
    "agriculture": Agriculture,
    "vanadium_titanium": VanadiumTitanium,
}
