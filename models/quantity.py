"""A number that never travels alone: value, unit, where it comes from, how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from .distributions import DISTRIBUTIONS
from .harmless import visible
from .words import msg

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

Made = TypeVar("Made")


class StrictModel(BaseModel):
    """Base of everything a user states: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)


class Bilingual(StrictModel):
    """A name or sentence in Chinese and English; a plain string stands for both."""

    zh: str = ""
    en: str = ""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        return {"zh": data, "en": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _either(self) -> Bilingual:
        if not any(visible(text).strip() for text in (self.zh, self.en)):
            raise ValueError(msg("a text in zh, en or both"))
        return self

    _others: dict[str, str] = PrivateAttr(default_factory=dict)
    """The text in further languages."""

    @classmethod
    def same(cls, text: str) -> Bilingual:
        """A text that is the same in every language: a name, a key, a number."""
        return cls.model_construct(zh=text, en=text)

    @classmethod
    def told(cls, texts: Mapping[str, str]) -> Bilingual:
        """A text from its words in every language; it may be empty."""
        made = cls.model_construct(zh=texts.get("zh", ""), en=texts.get("en", ""))
        made._others.update({lang: text for lang, text in texts.items() if lang not in ("zh", "en")})
        return made

    def __str__(self) -> str:
        return self.of("en")

    def __eq__(self, other: object) -> bool:
        """Whether two texts say the same."""
        return isinstance(other, Bilingual) and (self.zh, self.en) == (other.zh, other.en)

    def __hash__(self) -> int:
        """By what it says."""
        return hash((self.zh, self.en))

    def of(self, lang: str) -> str:
        """The text in ``lang``, or English (for English: Chinese) where it is missing."""
        return self.__dict__.get(lang) or self._others.get(lang) or self.en or self.zh

    def every(self) -> dict[str, str]:
        """The text in each language in which it is told, as it is stored."""
        return {"zh": self.zh, "en": self.en, **self._others}


class Traced(float):
    """A number as the loader found it: it remembers its path, its source or assumption, its place."""

    path: str
    source: str | None
    assumption: Any
    origin: str

    def __new__(
        cls, value: float, path: str = "", source: str | None = None, assumption: Any = None, origin: str = ""
    ) -> Traced:
        """Make the number; ``origin`` is ``file:line:col``."""
        self = super().__new__(cls, value)
        self.path, self.source, self.assumption, self.origin = path, source, assumption, origin
        return self


if TYPE_CHECKING:
    DistributionKind = str
else:
    DistributionKind = Literal[tuple(DISTRIBUTIONS)]


class Distribution(StrictModel):
    """How a number in doubt is distributed, where it is not PERT between `low` and `high` (概率分布)."""

    kind: DistributionKind = Field(
        description="; ".join(f"{kind}: {law.meaning}" for kind, law in DISTRIBUTIONS.items()) + ".",
        json_schema_extra={
            "zh": "；".join(f"{kind}：{law.chinese}" for kind, law in DISTRIBUTIONS.items()) + "。"
        },
    )
    sd: float | None = Field(
        None, description="Standard deviation of a normal or lognormal, in the number's unit.", ge=0
    )
    values: tuple[float, ...] = Field(
        (),
        description=(
            "What may come (discrete) or was seen (empirical); or `{file: prices.csv, column: v2o5}`."
        ),
    )
    weights: tuple[float, ...] = Field(
        (), description="Chances of the `values` of a discrete one; otherwise equal."
    )
    deviations: bool = Field(
        False, description="Whether `values` are added to `value` instead of replacing it."
    )


class Quantity(StrictModel):
    """A number with unit, provenance and, where it is in doubt, bounds or a distribution.

    ``low`` and ``high`` bound a PERT distribution with mode ``value``, unless ``distribution`` says
    otherwise. A bare number is a quantity whose source or assumption stands above it in the file.
    """

    value: float = Field(description="The central value.")
    unit: str | None = Field(None, description="Unit; must be the unit of the schema where given.")
    low: float | None = Field(None, description="Lower bound of the value.")
    high: float | None = Field(None, description="Upper bound of the value.")
    distribution: Distribution | None = Field(
        None, description="Another distribution than PERT between `low` and `high`."
    )
    source: str | None = Field(None, description="Key of `sources` that the number was read from.")
    assumption: Bilingual | None = Field(None, description="Why this value, where no source states it.")
    path: str = Field("", exclude=True, json_schema_extra={"hidden": True})
    origin: str = Field("", exclude=True, json_schema_extra={"hidden": True})

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        """Turn a bare number into a quantity and take over what the loader traced."""
        if isinstance(data, bool):
            raise ValueError(msg("a number"))
        if isinstance(data, (int, float)):
            data = {"value": data}
        if isinstance(data, dict) and isinstance(data.get("value"), Traced):
            traced: Traced = data["value"]
            path = traced.path.removesuffix(".value")
            data = {**data, "path": path, "origin": traced.origin}
            if data.get("source") is None and data.get("assumption") is None:
                data |= {"source": traced.source, "assumption": traced.assumption}
        return data

    @model_validator(mode="after")
    def _ordered(self) -> Quantity:
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise ValueError(
                msg(
                    "expected low <= value <= high, found {low:g}, {value:g}, {high:g}",
                    low=low,
                    value=self.value,
                    high=high,
                )
            )
        return self

    @property
    def sourced(self) -> bool:
        """Whether a source (not an assumption) stands behind the number."""
        return self.source is not None


class Draws:
    """Gives every quantity of a scenario as an array of draws; here the central value, one draw.

    An ensemble passes an object of the same shape that returns sampled arrays ``(D,)``.

    Attributes
    ----------
    strict
        Whether numbers that cannot stand together are an error. Draws are not strict: a draw outside what is
        possible (a share above one, capacity below output) is taken to the edge of it.
    """

    strict = True

    def __call__(self, quantity: Quantity) -> FloatArray:
        """Value of ``quantity`` in its own unit, shape ``(D,)``."""
        return np.array([quantity.value])

    def rows(self, quantities: Iterable[Quantity | None]) -> FloatArray:
        """Values of many quantities, 0 for none, ``(N, D or 1)``."""
        if type(self) is Draws:  # central values are known without an array for each of them
            central = [0.0 if each is None else each.value for each in quantities]
            return np.array(central, dtype=np.float64).reshape(-1, 1)
        nothing = np.zeros(1)
        cells = [nothing if each is None else self(each) for each in quantities]
        found = np.empty((len(cells), max(map(len, cells), default=1)))
        for at, each in enumerate(cells):
            found[at] = each
        return found

    def once(self, name: str, make: Callable[[Draws], Made]) -> Made:
        """A part of the model, made from these values; ``name`` tells it from all other parts.

        Values that know what a part reads may give it without making it again.
        """
        return make(self)


def share_of(part: FloatArray, whole: FloatArray, otherwise: float = 0.0) -> FloatArray:
    """Part of a whole in every draw, whichever of the two is in doubt; ``otherwise`` where there is no
    whole."""
    there = whole > 0
    return np.asarray(np.where(there, part / np.where(there, whole, 1.0), otherwise))


def by_draw(
    shape: tuple[int, int], cells: Mapping[tuple[int, int], FloatArray], empty: float = 0.0
) -> FloatArray:
    """Cells ``(D,)`` or ``(1,)`` of a table as one array ``(*shape, D)``; ``empty`` where there is none."""
    found = np.full((*shape, max((len(cell) for cell in cells.values()), default=1)), empty)
    for place, cell in cells.items():
        found[place] = cell
    return found


def same_draws(*arrays: FloatArray) -> list[FloatArray]:
    """Arrays with the same number of draws on the last axis, ready to be put together."""
    draws = max(array.shape[-1] for array in arrays)
    return [
        array if array.shape[-1] == draws else np.broadcast_to(array, (*array.shape[:-1], draws))
        for array in arrays
    ]


def measured(
    unit: str, doc: str, at_least: float | None = None, at_most: float | None = None, **default: Any
) -> Any:
    """Declare a quantity (or a map or list of them): its unit, meaning and allowed range, once.

    The loader checks the range and the unit of each quantity in the field.
    """
    extra: dict[str, Any] = {"unit": unit, "at_least": at_least, "at_most": at_most}
    return Field(description=doc, json_schema_extra=extra, **default)


def maybe(unit: str, doc: str, at_least: float | None = None, at_most: float | None = None) -> Any:
    """A quantity that may be left out: None."""
    return measured(unit, doc, at_least, at_most, default=None)


def each(unit: str, doc: str, at_least: float | None = None, at_most: float | None = None) -> Any:
    """A map of quantities that may be left out: empty."""
    return measured(unit, doc, at_least, at_most, default_factory=dict)
