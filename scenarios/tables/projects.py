"""Lists of projects: one row a project, in the headings and words of planners (项目清单)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ...models.words import msg
from ..document import LONGEST_KEY, Node
from ..report import Place, Report, shown
from .cells import Cells
from .grid import UNCOMPUTED, Cell, Grid, uncomputed
from .headings import Column, Head, Heading, find_head, listed, near, no_head
from .values import ERRORS, amount, empty, factor, plain, span, stage, yes

MOST = 4_000
"""Projects of a scenario at most."""

_TIME = "(时间|日期|年月|月份|年份|时点)?"
COLUMNS: tuple[Column, ...] = (
    Column("id", "text", r"(项目|工程)?(编号|编码|代码|id)|(project)?(id|code|key)", "项目编号"),
    Column("title", "text", r"((省|市|县|重大|重点|建设|投资)*(项目|工程)(工程)?(名称|名)((及|和)?(主要)?(建设)?(内容|规模|地点)+)*|名称)|(project)?(name|title)|project", "项目名称"),  # noqa: E501
    Column("item", "text", r"(省|市|县|重大|重点|建设|投资)*(项目|工程)", "项目", "title"),
    Column("english", "text", r"(项目)?英文(名称|名)?|(english|en)(name|title)?", "英文名称"),
    Column("sector", "sector", r"(所属|所在|归属|主要|投向|投资|建设|项目)*(行业|部门|产业|领域)(领域|门类|大类|类别|分类|名称)?|sector|industry|branch", "所属行业"),  # noqa: E501
    Column("kind", "sector", r"(项目|投资|产业)?(类别|类型|分类)|category|type", "项目类别", "sector"),
    Column("spent", "money", r"((截至|截止|至|到|自开工|自?开始建设)*(\d{4}年?|上年|去年)?(年?底|年?末|\d+月底?|目前)?(已|累计|已累计)(完成)?(总?投资|投资额)?(额|完成额?)?|(截至|截止|至|到)?(\d{4}年?|上年|去年)(年?底|年?末)(已|累计)?(完成)?(总?投资|投资额)?(额|完成额?)?)|spent(sofar)?|investedsofar|cumulativeinvestment", "累计完成投资"),  # noqa: E501
    Column("invest", "money", r"(项目|计划|估算|概算|预计|规划|建设)*(总投资|投资总额|投资规模|投资额|总投资额|投资金额|投资概算|投资估算|投资)(额|规模|估算|概算)?|(total)?(planned)?(investment|cost)|capex", "总投资"),  # noqa: E501
    Column("done", "percent", r"(投资|累计)?完成(投资)?(比例|率|比重|百分比)|投资进度|(percent|share)?(done|complete|completed)", "投资完成率"),  # noqa: E501
    Column("stage", "stage", r"(项目|建设|工程|目前|当前|现|形象|所处|工作)*(进度|阶段|状态|进展|推进)(情况)?|(project|current)?(stage|status|progress|phase)", "项目进度"),  # noqa: E501
    Column("nature", "nature", r"(建设|项目|工程)性质", "建设性质"),
    Column("finish", "finish", rf"(计划|预计|拟|实际|预期)?(建成|竣工|投产|完工|投用|完成|投运|建成投产|竣工投产|完工投产)(投产|投用)?{_TIME}|(结束|终止|截止){_TIME}|止|(planned|expected|actual)?(finish|completion|commissioning|end)(date|month|time)?", "竣工时间"),  # noqa: E501
    Column("start", "start", rf"(计划|预计|拟|实际|预期)?(开工|动工|开建|开始|起始)(建设)?{_TIME}|起|(planned|expected|actual)?(start|begin|groundbreaking)(date|month|time)?", "开工时间"),  # noqa: E501
    Column("span", "span", r"(建设|项目)?起止(年限|时间|年月|日期|年份)|建设(年限|时间|期限|年份)|period", "建设起止年限"),  # noqa: E501
    Column("months.construction", "months", r"(项目|计划|合理|施工|建设|总|预计)*(工期|建设周期|周期|建设期)|(construction|building)(period|time|months|duration)?|duration|construction", "建设工期"),  # noqa: E501
    Column("months.ramp_up", "months", r"(达产|爬坡)(期|时间|周期|月数)?|rampup(months)?", "达产期"),
    Column("months.approval", "months", r"审批(期|时间|时长|周期)|approval(months)?", "审批时长"),
    Column("months.registration", "months", r"(入库|纳统)(期|时长|周期)|registration(months)?", "纳统时长"),
    Column("slip", "months", r"(预计|可能)?(推迟|延期|延误|滞后)(月数|时间|时长)?|slip|delay", "推迟月数"),
    Column("adds.output", "money", r"(项目)?(达产|满产|投产|建成)?(后|年)*(预计|新增)?年?(总)?(产值|产出|销售收入|营业收入)(额)?|(annual|yearly)?output(peryear)?|(annual)?(sales|revenue)", "年产值"),  # noqa: E501
    Column("adds.process", "text", r"(所属|生产)?(工序|环节)|process", "工序"),
    Column("adds.capacity", "weight", r"(新增|设计|年)?(产能|生产能力)|(added)?capacity", "新增产能"),
    Column("key", "yes", r"(是否)?(属于|列入|为)?(国家|省|市|县|省级|市级)*重点(建设|工程)?(项目)?|(is)?key(project)?", "是否重点"),  # noqa: E501
    Column("cancel", "percent", r"取消(概率|可能性)|cancel(probability)?", "取消概率"),
    Column("cancelled", "start", r"(取消|终止)(时间|日期|年月)|cancelled", "取消时间"),
    Column("decided", "start", r"(决定|确定|优选|选定|安排)(开工|动工)(时间|日期|年月|月份|季度)?|decided(start)?|chosenstart", "决定开工时间"),  # noqa: E501
    Column("earlier", "months", r"(最多)?可?提前(月数|时间)?|earlier", "可提前月数"),
    Column("funds", "funds", r"(建设|项目|主要)?资金(来源|渠道|构成|筹措)(方式)?|投资来源|fund(s|ing)?(source)?s?", "资金来源"),  # noqa: E501
    Column("fund", "money", r"(其中)?((企业|项目单位)?(自筹|自有)(资金)?|资本金|(银行|政策性)?贷款(资金)?|(地方|政府|地方政府)?(专项)?债券?(资金)?|(中央|省级|市级|各级)?(财政|预算内|上级补助)(资金|投资)?|中央预算内(投资|资金)?|ownfunds|loans?|bonds?|budget)", "自筹"),  # noqa: E501
    Column("source", "text", r"(数据|资料)?(来源|出处|依据)|source", "数据来源"),
    Column("assumption", "text", r"(假定|假设)(说明)?|assumption", "假定"),
    Column("note", "text", r"备注|说明|notes?|remarks?|comment", "备注"),
)  # fmt: skip
"""Columns of a list of projects; where several fit a heading the first counts."""

BY_KEY = {column.key: column for column in COLUMNS}
NEEDED = ("title", "sector", "invest")
HEADED = ("title", "item", "invest")
"""Columns of which the row of headings has one."""
UNUSED = re.compile(
    r"序号|no\.?|#|(建设)?(地点|地址|位置|性质|内容|规模|单位|内容及规模|规模及内容|主要内容|规模和内容)|.*(单位|业主|法人|联系人|责任人|电话|领导|县区|区县|属地|区域|坐标)"
    r"|(省|市|县)?(区|县)|(本|今|当|下)年.*|\d{4}年?.*(投资|计划|目标|完成).*|.*(用地|面积|税收|就业|利润|增加值|节点|问题).*|用工|region|county|location|owner|contact"
)
"""Headings that are understood and not needed here: told once, without a question."""

TOTAL = re.compile(r"(合|总|小|共|累)\s*计.{0,12}|(sub|grand )?totals?|sum")
REMARK = re.compile(
    r"(注|备注|说明|资料来源|数据来源|(填报|填表|制表|审核|审批|报送|复核|联系|经办|负责|分管|单位)(人|单位|日期|时间|电话|负责人|领导)?"
    r"|(联系)?电话|日期|note|source)s?\s*[:：].*|注\d*[:：.、].*",
    re.S,
)
_NUMERAL = "[一二三四五六七八九十]{1,3}"
SECTION = re.compile(rf"[(（]?{_NUMERAL}[)）]?[、.． ]?|[(（]{_NUMERAL}[)）].*|{_NUMERAL}[、.．].*")
NEW = re.compile(r"(拟|新|计划)*(新建|扩建|改建|新开工?)+")
"""A section of works that begin: their dates say when."""
OUTER = re.compile(rf"{_NUMERAL}[、.． ]?")
"""How sections are numbered that hold others."""
_COUNTED = re.compile(r"[(（]?(共)?\s*\d+\s*(个|项)[^)）]*[)）]?|[(（].*[)）]|类?项目$|类$")
_BAD = re.compile(r"[.\[\]=\s：:,，;；\"']+")
MARGINS = ("source", "assumption", "note")


@dataclass
class ProjectList:
    """Reads the rows of a list; entries, their ids in plain signs, and what was left out."""

    cells: Cells
    entries: dict[str, Node] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    lines: dict[tuple[str, ...], Place] = field(default_factory=dict)
    section: dict[str, Cell] = field(default_factory=dict)
    skipped: int = 0
    count: int = 0

    @property
    def head(self) -> Head:
        """The headings."""
        return self.cells.head

    def read(self) -> None:
        """Read every row."""
        for row in self.head.rows:
            if self._skips(row):
                continue
            self.count += 1
            if self.count > MOST:
                continue
            self._project(row)
        if self.count > MOST:
            self.cells.report.add(
                self.head.grid.start,
                self.cells.path,
                msg("{count:,} projects", count=self.count),
                msg("at most {most:,}", most=MOST),
                msg("leave small ones to the sectors' other investment"),
            )

    def _skips(self, row: list[Cell]) -> bool:
        """Whether a row is no project: a total, a remark, the name of a section."""
        filled = [cell for cell in row if not empty(cell.text)]
        if not filled:
            return True
        first, title = filled[0], self._cell(row, "title")
        texts = {cell.text for cell in filled}
        if any(TOTAL.fullmatch(plain(text)) for text in (first.text, title.text)):
            self.cells.note(first.place, msg("a row of totals, left out"))
            return True
        if all(REMARK.fullmatch(text) for text in texts):
            return True
        if [cell.text for cell in row] in self.head.lines:
            self.cells.note(first.place, msg("the headings again, left out"))
            return True
        bare = not any(
            self._cell(row, key).text for key in ("sector", "start", "finish", "stage", "span", "id")
        )
        alone = len(texts) == 1 and not plain(first.text).isdecimal()
        across = alone and len(filled) > 1 and all(cell.repeated for cell in filled[1:])
        if across or (
            bare and (alone or SECTION.fullmatch(plain(first.text)) or SECTION.fullmatch(plain(title.text)))
        ):
            self._begin(first, title)
            return True
        return False

    def _begin(self, *cells: Cell) -> None:
        """Take over what the name of a section says of the rows below it: a branch, or how far they are.

        A section of one kind leaves what an outer one says of the other: 一、续建项目, （一）交通.
        """
        named = [cell._replace(text=_section(cell.text)) for cell in cells]
        cell = max(named, key=lambda each: len(each.text))
        outer = bool(OUTER.match(plain(cells[0].text)))
        key = "stage" if stage(cell.text) is not None else "sector"
        said = {} if not cell.text or NEW.fullmatch(cell.text) else {key: cell}
        self.section = ({} if outer else self.section) | said
        self.cells.note(cells[0].place, msg("the name of a section, no project"))

    def _cell(self, row: list[Cell], key: str) -> Cell:
        """The cell of a row in the column of a key; an empty one where there is none."""
        for heading in self.head.found.get(key, ()):
            if heading.at < len(row) and row[heading.at].text:
                return row[heading.at]
        first = self.head.one(key)
        if first and first.at < len(row):
            return row[first.at]
        return Cell("", row[0].place)

    def _project(self, row: list[Cell]) -> None:
        """One row as a project of the schema."""
        self.cells.row = ""
        title = self._cell(row, "title")
        name = self._name(row, title)
        if name is None:
            return
        parts: dict[str, Node] = {}
        self.cells.row = f"{name}."
        row = self._sound(row)
        for key in self.head.found:
            reader = _READERS.get(self.head.found[key][0].column.kind)
            if reader is not None:
                reader(self, row, key, parts)
        for key, cell in self.section.items():
            if not self._cell(row, key).text:
                said = cell.text if key == "sector" else stage(cell.text) or ""
                parts.setdefault(key, word(said, cell.place))
        self._by_sheet(parts, title.place)
        parts["title"] = self._title(row, title)
        self._shares(row, parts)
        self._why(row, parts)
        if "sector" not in parts:
            parts["sector"] = word("", self._cell(row, "sector").place)
        self._placed(parts)
        place = title.place
        self.entries[name] = Node(parts, place, key=place, loose=True)

    def _by_sheet(self, parts: dict[str, Node], place: Place) -> None:
        """How far a project is by the name of its sheet (续建, 前期), where nothing else says it."""
        grid = self.head.grid
        said = stage(grid.sheet)
        if said in ("planned", "started") and not {"stage", "start", "finish"} & set(parts):
            parts["stage"] = word(said, grid.start)
            self.cells.note(
                place,
                msg("how far they are follows from the name of the sheet: `{stage}`", stage=said),
            )

    def _sound(self, row: list[Cell]) -> list[Cell]:
        """The row without cells that a workbook could not compute, which are told."""
        used = {heading.at: heading.column.key for found in self.head.found.values() for heading in found}
        made = list(row)
        for at, cell in enumerate(row):
            if at in used and cell.text == UNCOMPUTED:
                self.cells.wrong(cell, used[at], *uncomputed())
                made[at] = cell._replace(text="0" if used[at] == "invest" else "")
            elif at in used and plain(cell.text) in ERRORS:
                self.cells.wrong(cell, used[at], shown(cell.text), msg("a value"))
                made[at] = cell._replace(text="0" if used[at] == "invest" else "")
        return made

    def _placed(self, parts: dict[str, Node]) -> None:
        """Put keys with dots into maps."""
        for key in [key for key in parts if "." in key]:
            above, _, below = key.partition(".")
            node = parts.pop(key)
            holder = parts.setdefault(above, Node({}, node.place, key=node.place, loose=True))
            holder.map[below] = node

    def _title(self, row: list[Cell], title: Cell) -> Node:
        english = self._cell(row, "english")
        text = " ".join(title.text.split())
        if not english.text:
            return word(text, title.place)
        return Node(
            {"zh": word(text, title.place), "en": word(english.text, english.place)},
            title.place,
            key=title.place,
        )

    def _name(self, row: list[Cell], title: Cell) -> str | None:
        """The id: as stated, otherwise made of the title; twice the same is told."""
        own = self._cell(row, "id")
        if empty(title.text):
            self.cells.wrong(title, "title", msg("nothing"), BY_KEY["title"].usual)
            return None
        stated = not empty(own.text)
        cell = own if stated else title
        name = _BAD.sub("-", cell.text).strip("-")[: LONGEST_KEY - 10] or "project"
        name = f"{name}-1" if name in MARGINS else name
        known = self.entries.get(name)
        used = {heading.at for found in self.head.found.values() for heading in found}
        line = tuple(each.text for at, each in enumerate(row) if at in used)
        before = self.lines.setdefault(line, cell.place)
        alike = self.names.setdefault(plain(name), name)
        if known is None:
            if alike != name:
                self.cells.note(
                    cell.place,
                    msg(
                        "{name} differs from {other} above in the width or size of letters alone: read as a"
                        " project of its own",
                        name=shown(cell.text),
                        other=shown(alike),
                    ),
                )
            return name
        if stated or before is not cell.place:
            self.cells.wrong(
                cell,
                name,
                msg("{name} a second time", name=shown(cell.text)),
                msg("an id of its own") if stated else msg("each project once"),
                msg("it stands first at {place}", place=str(known.key)),
            )
            return None
        number = next(n for n in range(2, len(self.entries) + 3) if f"{name}-{n}" not in self.entries)
        self.cells.note(cell.place, msg("a title that stands above already: read as a project of its own"))
        return f"{name}-{number}"

    def _number(self, row: list[Cell], key: str, parts: dict[str, Node]) -> None:
        """A number with a unit."""
        heading, cell = self._filled(row, key)
        if heading is None:
            return
        if key == "months.construction" and span(cell.text):
            self._span(row, key, parts)
            return
        if key == "spent" and _share(cell.text):
            self._number_of("done", cell, parts)
            return
        value = self.cells.number(cell, heading)
        if value is not None and key not in ("spent", "fund"):
            parts[key] = number(value, cell.place)
        elif key == "invest":
            parts[key] = word("", cell.place) if empty(cell.text) else number(Decimal(0), cell.place)
        elif key == "spent" and value is not None:
            whole = parts.get("invest") or self._invest(row, parts)
            if whole is not None and isinstance(whole.value, float) and whole.value > 0:
                parts.setdefault("done", number(value * 100 / Decimal(repr(whole.value)), cell.place))

    def _number_of(self, key: str, cell: Cell, parts: dict[str, Node]) -> None:
        """A number in the column of another key: as one of ``key``."""
        value = self.cells.number(cell, Heading(0, BY_KEY[key].usual, cell.place, BY_KEY[key]))
        if value is not None:
            parts.setdefault(key, number(value, cell.place))

    def _invest(self, row: list[Cell], parts: dict[str, Node]) -> Node | None:
        self._number(row, "invest", parts)
        return parts.get("invest")

    def _filled(self, row: list[Cell], key: str) -> tuple[Heading | None, Cell]:
        """The first column of a key in which the row has something."""
        for heading in self.head.found.get(key, ()):
            if heading.at < len(row) and row[heading.at].text:
                return heading, row[heading.at]
        return self.head.one(key), self._cell(row, key)

    def _date(self, row: list[Cell], key: str, parts: dict[str, Node]) -> None:
        """A month; a stage in words in its place says how far the project is."""
        heading, cell = self._actual(row, key)
        if heading is None or empty(cell.text):
            return
        said = stage(cell.text)
        if said and not re.search(r"\d{4}", plain(cell.text)):
            parts.setdefault("stage", word(said, cell.place))
            self.cells.note(cell.place, msg("no date, but how far it is: read as the stage"))
            return
        found = self.cells.month(cell, heading, key == "finish")
        if found is not None:
            parts[key] = word(found.text, cell.place)

    def _actual(self, row: list[Cell], key: str) -> tuple[Heading | None, Cell]:
        """Of a planned and an actual date the actual one, where it is known."""
        for heading in self.head.found.get(key, ()):
            if re.search("实际|actual", heading.text.lower()) and not empty(self._at(row, heading).text):
                return heading, self._at(row, heading)
        return self._filled(row, key)

    def _at(self, row: list[Cell], heading: Heading) -> Cell:
        return row[heading.at] if heading.at < len(row) else Cell("", row[0].place)

    def _span(self, row: list[Cell], key: str, parts: dict[str, Node]) -> None:
        """Beginning and end in one cell, or a duration where a heading says years."""
        heading, cell = self._filled(row, key)
        if heading is None or empty(cell.text):
            return
        found = span(cell.text)
        if found is None and amount(cell.text):
            duration = BY_KEY["months.construction"]
            value = self.cells.number(
                cell, Heading(heading.at, heading.text, heading.place, duration, heading.unit)
            )
            if value is not None:
                parts.setdefault(duration.key, number(value, cell.place))
            return
        if found is None:
            self.cells.wrong(
                cell,
                "start",
                shown(cell.text),
                msg("from when to when, such as 2023-2025 or 2023.03-2025.12, or a duration such as 24个月"),
            )
            return
        for name, said in zip(("start", "finish"), found, strict=True):
            parts.setdefault(name, word(said.text, cell.place))
        if found[0].rough or found[1].rough:
            self.cells.note(cell.place, msg("years alone: from the first January to the last December"))

    def _stage(self, row: list[Cell], key: str, parts: dict[str, Node]) -> None:
        """How far it is, in words."""
        _, cell = self._filled(row, key)
        said = stage(cell.text)
        if empty(cell.text):
            return
        if said == "":
            self.cells.wrong(
                cell,
                "stage",
                shown(cell.text),
                msg("a project of the plan"),
                msg("delete the row, or state the month in a column {name}", name=BY_KEY["cancelled"].usual),
            )
        elif said is None and "stage" not in parts:
            self.cells.note(cell.place, msg("words that tell no stage: it follows from the dates"))
        elif said:
            parts[key] = word(said, cell.place)

    def _nature(self, row: list[Cell], key: str, parts: dict[str, Node]) -> None:
        """Whether works are carried on (续建), where nothing else says how far they are."""
        cell = self._cell(row, key)
        said = stage(cell.text)
        if said == "started" and stage(self._cell(row, "stage").text) is None:
            parts["stage"] = word(said, cell.place)
            self.cells.note(
                cell.place, msg("{name}: read as the stage `{stage}`", name=shown(cell.text), stage=said)
            )

    def _yes(self, row: list[Cell], key: str, parts: dict[str, Node]) -> None:
        """Yes or no."""
        _, cell = self._filled(row, key)
        said = False if empty(cell.text) and cell.text else yes(cell.text)
        if said is not None:
            parts[key] = Node(said, cell.place, key=cell.place, text=str(said).lower())
        elif cell.text:
            self.cells.wrong(cell, key, shown(cell.text), msg("yes or no (是 or 否)"))

    def _word(self, row: list[Cell], key: str, parts: dict[str, Node]) -> None:
        """A name: of a sector, of a process."""
        _, cell = self._filled(row, key)
        if key in ("sector", "adds.process") and not empty(cell.text):
            parts[key] = word(" ".join(cell.text.split()), cell.place)

    def _shares(self, row: list[Cell], parts: dict[str, Node]) -> None:
        """Where the money comes from: shares in one cell, or a column for each source."""
        shares: dict[str, Node] = {}
        cell = self._cell(row, "funds")
        if not empty(cell.text):
            shares = self._said_shares(cell)
        whole = parts.get("invest")
        for source in self.head.found.get("fund", ()):
            each = self._at(row, source)
            value = None if empty(each.text) else self.cells.number(each, source)
            if value is None or whole is None or not isinstance(whole.value, float) or not whole.value:
                continue
            name = plain(source.text).split("(")[0]
            shares[name] = number(round(value * 100 / Decimal(repr(whole.value)), 6), each.place)
        if shares:
            place = next(iter(shares.values())).place
            parts["funds"] = Node(shares, place, key=place, loose=True)

    def _said_shares(self, cell: Cell) -> dict[str, Node]:
        """Sources with percents, or one for all of it."""
        found: dict[str, Node] = {}
        said = [part.strip() for part in re.split(r"[、,;+及和/]", plain(cell.text)) if part.strip()]
        for part in said:
            hit = re.fullmatch(r"(\D+?)[:： ]*(\d+(?:\.\d+)?) ?%|(\d+(?:\.\d+)?) ?% ?(\D+)", part)
            if hit:
                found[_BAD.sub("", hit[1] or hit[4])] = number(Decimal(hit[2] or hit[3]), cell.place)
            elif len(said) == 1:
                found[_BAD.sub("", part)] = number(Decimal(100), cell.place)
        if len(found) < len(said):
            self.cells.note(cell.place, msg("sources of money without shares: not used"))
            return {}
        return found

    def _why(self, row: list[Cell], parts: dict[str, Node]) -> None:
        """Where a row says that its numbers come from."""
        for key in MARGINS:
            cell = self._cell(row, key)
            if not empty(cell.text):
                name = "assumption" if key == "source" else key
                parts.setdefault(name, word(" ".join(cell.text.split())[:500], cell.place))

    def tell(self) -> None:
        """Tell how the table was understood."""
        grid, used = self.head.grid, [each for found in self.head.found.values() for each in found]
        units = sorted({self.head.unit} - {""})
        self.cells.report.told(
            Place(grid.file),
            msg(
                "{count} projects; columns: {columns}",
                count=self.count,
                columns=listed(used) + "".join(f"; {unit}" for unit in units),
            ),
        )
        grid.tell(self.cells.report)
        passed = [cell.text for cell in self.head.unknown if _unused(cell)]
        if passed:
            names = ", ".join(" ".join(text.split()) for text in passed)
            self.cells.report.told(Place(grid.file), msg("columns that are not used: {names}", names=names))
        for cell in self.head.unknown:
            if cell.text not in passed:
                close = near(cell.text, COLUMNS)
                said = (
                    msg(
                        "an unknown column {name}; did you mean {usual}?",
                        name=shown(cell.text),
                        usual=close.usual,
                    )
                    if close
                    else msg("an unknown column {name}, not used", name=shown(cell.text))
                )
                self.cells.report.told(cell.place, said)
        self.cells.doubts()
        self.cells.tell()


def _share(text: str) -> bool:
    """Whether a cell holds a percentage."""
    said = amount(text)
    return said is not None and factor(said.unit, "percent") is not None


def _section(text: str) -> str:
    """The name of a section without its numeral and the count of its projects.

    >>> _section("一、续建项目（12个）"), _section("（二）"), _section("三、交通类")
    ('续建', '', '交通')
    """
    word = re.sub(rf"^[(（]?{_NUMERAL}[)）]?[、.． ]*", "", text.strip())
    return _COUNTED.sub("", _COUNTED.sub("", word).strip()).strip()


def _unused(cell: Cell) -> bool:
    """Whether a heading is understood and not needed."""
    return bool(UNUSED.fullmatch(plain(cell.text).replace(" ", "")))


_READERS: dict[str, Any] = {
    "money": ProjectList._number,
    "months": ProjectList._number,
    "percent": ProjectList._number,
    "weight": ProjectList._number,
    "start": ProjectList._date,
    "finish": ProjectList._date,
    "span": ProjectList._span,
    "stage": ProjectList._stage,
    "nature": ProjectList._nature,
    "yes": ProjectList._yes,
    "sector": ProjectList._word,
    "text": ProjectList._word,
}
"""What reads a column of each kind."""


def word(text: str, place: Place) -> Node:
    """A word of a cell."""
    return Node(text, place, key=place, text=text, plain=False, loose=True)


def number(value: Decimal, place: Place) -> Node:
    """A number of a cell."""
    exact = float(value)
    return Node(exact, place, key=place, text=f"{exact:.10g}", loose=True)


def projects(grids: Sequence[Grid], path: str, report: Report) -> dict[str, Node]:
    """The projects of one sheet or of several, by id, each with the place of its title."""
    entries: dict[str, Node] = {}
    heads = [(grid, find_head(grid, COLUMNS, HEADED, UNUSED)) for grid in grids if grid.rows]
    if not any(head for _, head in heads):
        for grid, _ in heads or [(grid, None) for grid in grids]:
            no_head(grid, path, COLUMNS, [BY_KEY[key] for key in NEEDED], report)
        return {}
    names: dict[str, str] = {}
    for grid, head in heads:
        if head is None:
            report.told(Place(grid.file), msg("no row of headings: the sheet is left out"))
            continue
        reading = ProjectList(Cells(head, path, report), entries, names)
        if _whole(head, path, report):
            reading.read()
            reading.tell()
    return entries


def _whole(head: Head, path: str, report: Report) -> bool:
    """Whether the needed columns are there, each once."""
    missing = [key for key in NEEDED if key not in head.found]
    if missing == ["sector"] and any(_sections(head)):
        missing = []
    place = head.grid.rows[head.first - 1][0].place
    strange = ", ".join(" ".join(cell.text.split()) for cell in head.unknown if not _unused(cell))
    for key in missing:
        unknown = next((cell for cell in head.unknown if near(cell.text, (BY_KEY[key],))), None)
        report.add(
            unknown.place if unknown else place,
            f"{path}.{key}",
            msg("the heading {name}", name=shown(unknown.text)) if unknown else msg("no such column"),
            msg("a column {names}", names=f"{BY_KEY[key].usual} ({key})"),
            msg("not understood: {names}", names=strange) if strange else "",
        )
    for key, found in head.found.items():
        if key in ("id", "title", "invest", "sector", "spent", "done", "adds.output") and len(found) > 1:
            report.add(
                found[1].place,
                f"{path}.{key}",
                msg("the column {name} a second time", name=shown(found[1].text)),
                msg(
                    "one column for {name}, as at {place}", name=BY_KEY[key].usual, place=str(found[0].place)
                ),
            )
    return not missing


def _sections(head: Head) -> Iterator[bool]:
    """Whether rows name sections, which may say the sector."""
    return (bool(SECTION.fullmatch(plain(row[0].text))) for row in head.rows)
