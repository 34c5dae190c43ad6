"""Words in every language: English in the code, the others in catalogues (用语).

A message is English with named places; its translation is looked up in
``locale/<language>/LC_MESSAGES/dabiao.mo`` when it is told. A further language is one more catalogue:
:data:`LANGUAGES` lists what is there.
"""

from __future__ import annotations

import gettext
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

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


VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")
"""Where a system says its language, the first that says one first."""
_SILENT = ("", "c", "posix")  # a locale without a language


def preferred(environ: Mapping[str, str] | None = None) -> str:
    """The language that DABIAO_LANG asks for, else that of the locale; English for a locale that there are no
    words in, the first of :data:`LANGUAGES` where nobody says anything.

    >>> preferred({"LANG": "zh_CN.UTF-8"}), preferred({"DABIAO_LANG": "en", "LANG": "zh_CN.UTF-8"})
    ('zh', 'en')
    >>> preferred({"LANG": "de_DE.UTF-8"}), preferred({"LC_ALL": "C", "LANG": "en_GB"})
    ('en', 'en')
    """
    known = os.environ if environ is None else environ
    if (said := known.get("DABIAO_LANG", "")) in LANGUAGES:
        return said
    told = [one for name in VARIABLES for one in known.get(name, "").split(":")]
    for one in (*told, _of_windows()):
        tag = re.split(r"[_.@-]", one)[0].lower()
        if tag not in _SILENT:
            return tag if tag in LANGUAGES else "en"
    return LANGUAGES[0]


def _of_windows() -> str:
    """The language of Windows' own words; empty elsewhere."""
    if sys.platform != "win32":
        return ""
    import ctypes
    from locale import windows_locale

    return windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, CATALOGUES, [lang], fallback=True)


def N_(message: str) -> str:  # noqa: N802, RUF100
    """Mark English that is told later, by a message that only then knows its language (gettext's name)."""
    return message


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
    if terms := _TERMS.get():
        found = _in_terms(found, lang, terms)
    if not values:
        return found
    return found.format(
        **{name: value.of(lang) if hasattr(value, "of") else value for name, value in values.items()}
    )


MEANT: Mapping[str, Mapping[str, str]] = {
    "ensure": {"en": r"minimum", "zh": r"确保"},
    "stretch": {"en": r"stretch", "zh": r"力争"},
    "province": {"en": r"provinces|provincial|province", "zh": r"全省|各省|省级|(?<!节)省(?!略)"},
    "above_scale": {"en": r"above-scale industry|above-scale industrial", "zh": r"规模以上工业|规上工业"},
    "fixed_investment": {"en": r"fixed-asset investment", "zh": r"固定资产投资"},
}
"""Words of this product that a region may have others for, and how messages say them."""

Terms: TypeAlias = tuple[tuple[str, "Bilingual"], ...]
_TERMS: ContextVar[Terms] = ContextVar("terms", default=())


@contextmanager
def calling(terms: Terms) -> Iterator[None]:
    """Within it messages use the words of a region for what is in :data:`MEANT`."""
    before = _TERMS.set(terms)
    try:
        yield
    finally:
        _TERMS.reset(before)


def call_in(terms: Terms) -> None:
    """From here on messages use these words: for a command, which has one scenario in hand."""
    _TERMS.set(terms)


def terms_in_use() -> Terms:
    """The words of the region in hand."""
    return _TERMS.get()


@lru_cache(maxsize=1 << 12)
def _in_terms(message: str, lang: str, terms: Terms) -> str:
    """A message, its places still open, in the words of a region; a capital stays one."""
    for key, said in terms:
        meant = MEANT[key].get(lang)
        word = said.every().get(lang) or said.of(lang)
        if meant is None or not word:
            continue

        def put(found: re.Match[str], word: str = word) -> str:
            return word[:1].upper() + word[1:] if found[0][:1].isupper() else word

        bound = r"\b" if meant.isascii() else ""
        message = re.sub(rf"{bound}(?:{meant}){bound}(?![^{{}}]*\}})", put, message, flags=re.IGNORECASE)
    return message


def in_terms(text: Bilingual) -> Bilingual:
    """A text that was made before a region was in hand, in the words of that region."""
    from .quantity import Bilingual

    terms = _TERMS.get()
    return (
        Bilingual.told({lang: _in_terms(text.of(lang), lang, terms) for lang in LANGUAGES}) if terms else text
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
