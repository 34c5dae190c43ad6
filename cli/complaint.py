"""An error as told: in the language asked for; where none was, in Chinese with the English below
(报错)."""

from __future__ import annotations

from dataclasses import replace

from ..models.errors import DabiaoError, ScenarioError


def told(error: DabiaoError, words: list[str], preferred: str) -> str:
    """An error in the language asked for; where none was, in Chinese with the English below it."""
    lang = asked(words, preferred)
    if lang:
        return error.of(lang)
    if isinstance(error, ScenarioError):
        return "\n".join(
            f"{problem.of('zh')}\n    {replace(problem, file='', line=0, column=0)}"
            for problem in error.problems
        )
    own, english = error.of("zh"), str(error)
    return own if own == english else f"{own}\n    {english}"


def asked(words: list[str], preferred: str) -> str:
    """The language asked for on the command line, else the one preferred; empty where nobody said."""
    for at, word in enumerate(words):
        if word == "--lang" and at + 1 < len(words):
            preferred = words[at + 1]
        elif word.startswith("--lang="):
            preferred = word.partition("=")[2]
    return preferred.replace("both", "")
