"""Words in every language: English in the code, the others in catalogues (用语).

A message is English with named places; its translation is looked up in
``locale/<language>/LC_MESSAGES/dabiao.mo`` when it is told. A further language is one more catalogue:
:data:`LANGUAGES` lists what is there.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .quantity import Bilingual

CATALOGUES = Path(os.environ.get("DABIAO_LOCALE") or Path(__file__).resolve().parents[1] / "locale")
"""Where the catalogues stand; a translator names a folder of his own by ``DABIAO_LOCALE``."""
DOMAIN = "dabiao"

_FOUND = sorted(path.parents[1].name for path in CATALOGUES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
LANGUAGES: tuple[str, ...] = tuple(
    sorted({"en", *_FOUND}, key=lambda lang: (lang != "zh", lang != "en", lang))
)
"""Languages that there are words in, the one of who is asked nothing first; English is that of the code."""

NOTHING = "<nothing>"
"""Stands in a catalogue where a language says nothing in the place of a message."""


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, CATALOGUES, [lang], fallback=True)


def tr(lang: str, message: str, /, context: str = "", **values: Any) -> str:
    """A message in a language, its places filled.

    Parameters
    ----------
    message
        English, with places such as ``{money}``.
    context
        Tells messages apart that are alike in English and not elsewhere.
    values
        What stands in the places; a :class:`~.quantity.Bilingual` is told in the same language.
    """
    if lang != "en":
        known = _catalogue(lang)
        found = known.pgettext(context, message) if context else known.gettext(message)
    else:
        found = message
    if found == NOTHING:
        return ""
    if not values:
        return found
    return found.format(
        **{name: value.of(lang) if hasattr(value, "of") else value for name, value in values.items()}
    )


def msg(message: str, /, context: str = "", **values: Any) -> Bilingual:
    """A message in every language."""
    from .quantity import Bilingual  # heavier than words: a command that only helps does without

    return Bilingual.told({lang: tr(lang, message, context, **values) for lang in LANGUAGES})


def in_a_list(texts: Iterable[Bilingual]) -> Bilingual:
    """Texts one after another."""
    parts = list(texts)
    return in_each(
        lambda lang: tr(lang, ", ", context="between the things of a list").join(
            part.of(lang) for part in parts
        )
    )


def in_each(say: Callable[[str], str]) -> Bilingual:
    """What ``say`` says, in every language."""
    from .quantity import Bilingual

    return Bilingual.told({lang: say(lang) for lang in LANGUAGES})
