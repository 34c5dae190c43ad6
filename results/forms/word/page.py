"""Paper, letters and edges of the Word report: styles of every language, header, footer, pictures."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ....models.words import tr
from ...colours import INK
from ...text.format import clean
from ...text.locales import Paper, locale
from .marks import element, field, paragraph, run

MADE = datetime(2024, 1, 1, tzinfo=UTC)
"""A document states when it was made; a constant keeps the bytes equal."""
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MM = 72 / 25.4
FRONT, NOTE = "Front", "TableNote"
"""Styles of the first page's text and of notes below tables."""


def room(lang: str) -> tuple[float, float]:
    """Width and height between the margins of A4, points."""
    top, bottom, left, right = locale(lang).paper.margins
    return (210 - left - right) * _MM, (297 - top - bottom) * _MM


def new_document(title: str, lang: str) -> Any:
    """An empty document on A4 with the styles of the report."""
    from docx import Document
    from docx.shared import Mm

    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = clean(title)[:255], "dabiao", ""
    properties.created = properties.modified = MADE
    properties.language = tr(lang, "en-GB")
    _styles(document, lang)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    top, bottom, left, right = locale(lang).paper.margins
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance, section.footer_distance = Mm(top / 2), Mm(bottom / 2)
    return document


def _letters(style: Any, fonts: tuple[str, str], points: float, bold: bool = False) -> None:
    """Letters of a style, East Asian ones too; what the template says of themes is taken away."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    latin, asian = fonts
    style.font.name, style.font.size, style.font.bold, style.font.italic = latin, Pt(points), bold, False
    style.font.color.rgb = RGBColor.from_string(INK[1:])
    own = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [key for key in own.attrib if "Theme" in key]:
        del own.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs"):
        own.set(qn(name), latin)
    own.set(qn("w:eastAsia"), asian)


def _spaced(style: Any, lead: float, before: float = 0, after: float = 0) -> None:
    """Lines a fixed way apart, whatever letters the reader has."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    own = style.paragraph_format
    own.line_spacing_rule, own.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(lead)
    own.space_before, own.space_after = Pt(before), Pt(after)


def _styles(document: Any, lang: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    styles, own = document.styles, locale(lang)
    paper, bold = own.paper, not own.asian  # letters of Chinese headings are heavy by themselves
    _letters(styles["Normal"], paper.body, paper.size)
    _spaced(styles["Normal"], paper.lead, after=0 if paper.indent else 5)
    for name in (FRONT, NOTE, "TableText", "Section"):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    for name, fonts, points, heavy, before, after in (
        ("Title", paper.title, 20.0, bold, 0, 6),
        ("Subtitle", paper.body, 10.0, False, 0, 6),
        ("Heading 1", paper.first, paper.size + 3, bold, 12, 6),
        ("Caption", paper.first, 10.0, bold, 8, 4),
        (FRONT, paper.body, paper.size, False, 0, 3),
        (NOTE, paper.table, 8.5, False, 3, 8),
        ("TableText", paper.table, 9.0, False, 0, 0),
    ):
        _letters(styles[name], fonts, points, heavy)
        _spaced(styles[name], 1.3 * points, before, after)
    for name in ("Title", "Subtitle", "Caption"):
        styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _without_border(styles[name])
    if own.asian:  # marks that both scripts have, as quotes, are set as Chinese
        for each in document.styles.element.iter(f"{{{_W}}}rFonts"):
            each.set(f"{{{_W}}}hint", "eastAsia")
    spoken = f'<w:lang xmlns:w="{_W}" w:val="en-GB" w:eastAsia="zh-CN"/>'
    styles["Normal"].element.get_or_add_rPr().append(element(spoken))


def sized(document: Any, name: str, points: float, lead: float) -> None:
    """Set a style in letters of another size."""
    from docx.shared import Pt

    style = document.styles[name]
    style.font.size, style.paragraph_format.line_spacing = Pt(points), Pt(lead)


def second(paper: Paper) -> str:
    """Properties of a run that heads a passage."""
    latin, asian = paper.second
    fonts = f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{asian}"/>'
    return fonts if paper.indent else f"{fonts}<w:b/>"


def _without_border(style: Any) -> None:
    """The template draws a line under the title."""
    from docx.oxml.ns import qn

    for border in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        border.getparent().remove(border)


def edges(document: Any, title: str, lang: str) -> None:
    """Page number below on every page; above, where the language has it so, the title on all but the
    first."""
    section = document.sections[0]
    small = '<w:sz w:val="18"/>'
    said = tr(lang, "Page {page}", page="\0page\0")
    inside = "".join(field("PAGE", "1") if part == "page" else run(part, small) for part in said.split("\0"))
    feet = [section.footer]
    if locale(lang).paper.running:
        section.different_first_page_header_footer = True
        feet.append(section.first_page_footer)
        _replace(section.header.paragraphs[0], paragraph(run(clean(title)[:120], small), "Header"))
    for foot in feet:
        _replace(foot.paragraphs[0], paragraph(inside, "Footer", more='<w:jc w:val="center"/>'))


def _replace(old: Any, xml: str) -> None:
    old._p.addprevious(element(xml))
    old._p.getparent().remove(old._p)


def picture(document: Any, data: bytes, width: float, told: str) -> None:
    """A picture in the middle of the line, with a text for those who cannot see it."""
    import io

    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    line = document.add_paragraph()
    line.alignment, line.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
    line.paragraph_format.line_spacing = 1.0
    line.paragraph_format.space_before = Pt(4)
    shape = line.add_run().add_picture(io.BytesIO(data), width=Pt(width))
    properties = shape._inline.docPr
    properties.set("descr", told)
    properties.set("name", f"Figure {properties.get('id')}")


def add(document: Any, xml: str) -> Any:
    """Put a paragraph or table at the end of the document."""
    made = element(xml)
    document.element.body.insert_element_before(made, "w:sectPr")
    return made
