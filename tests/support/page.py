"""A page of results read as a browser reads it: its tables, ids, links, tags, landmarks."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_ENDS = ("td", "th", "tr", "tbody", "thead", "table")
_LOADS = ("src", "href", "action", "data", "srcset", "poster")
Attributes = dict[str, str]


@dataclass
class Shown:
    """A table of a page."""

    attributes: Attributes
    rows: list[list[str]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    bodies: int = 0


class Page(HTMLParser):
    """What stands on a page; a cell ends where HTML lets it end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, Attributes]] = []
        self.found: list[Shown] = []
        self.headings: list[tuple[int, str]] = []
        self._inside = self._heading = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {key: value or "" for key, value in attrs}
        self.tags.append((tag, own))
        if tag in _ENDS:
            self._inside = tag in ("td", "th")
        if tag == "table":
            self.found.append(Shown(own))
        elif tag == "tbody":
            self.found[-1].bodies += 1
        elif tag == "tr":
            self.found[-1].rows.append([])
            self.found[-1].marks.append(own.get("class", ""))
        elif tag in ("td", "th"):
            self.found[-1].rows[-1].append("")
        if tag in ("h1", "h2", "h3", "h4"):
            self._heading = True
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _ENDS:
            self._inside = False
        if tag in ("h1", "h2", "h3", "h4"):
            self._heading = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1].rows[-1][-1] += data
        elif self._heading:
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    def names(self) -> list[str]:
        """Every tag."""
        return [tag for tag, _ in self.tags]

    def told(self, *keys: str) -> list[str]:
        """What attributes of some names say."""
        return [own[key] for _, own in self.tags for key in keys if key in own]

    def ids(self) -> list[str]:
        """Every id."""
        return self.told("id")

    def loads(self) -> list[str]:
        """All that the page points to."""
        return self.told(*_LOADS)

    def table(self, name: str) -> Shown:
        """The table under a heading of that id."""
        return next(one for one in self.found if one.attributes.get("aria-labelledby") == name)
