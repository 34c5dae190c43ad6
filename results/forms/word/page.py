"""Paper, letters and edges of the Word report: styles of both languages, header, footer, sections."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ....models.words import tr
from ...text.format import clean
from ...text.locales import locale
from .marks import NAMESPACE, element, field, paragraph, run

MADE = datetime(2024, 1, 1, tzinfo=UTC)
"""A document states when it was made; a constant keeps the bytes equal."""
_INK, _MARK = "1C2733", "14507D"


_POINTS = {"Title": 20.0, "Subtitle": 8.5, "Heading 1": 15.0, "Heading 2": 12.5, "Caption": 9.5}
_SPACE = {"Title": (0, 4), "Subtitle": (0, 4), "Heading 1": (16, 6), "Heading 2": (12, 4), "Caption": (10, 3)}


def new_document(title: str, lang: str) -> Any:
    """An empty document on A4 with the styles of the report."""
    from docx import Document

    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = clean(title)[:255], "dabiao", ""
    properties.created = properties.modified = MADE
    properties.language = tr(lang, "en-GB")
    _styles(document, lang)
    _renewed(document.settings.element)
    _paper(document.sections[0])
    return document


def _renewed(settings: Any) -> None:
    """Word renews fields as it opens the document: at its place among the settings (ECMA-376, 17.15.1.78)."""
    later = {
        f"{{{_W}}}{name}"
        for name in ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "docVars", "rsids")
    }
    made = element(f'<w:updateFields {NAMESPACE} w:val="true"/>')
    after = next((child for child in settings if child.tag in later), None)
    if after is None:
        settings.append(made)
    else:
        after.addprevious(made)


def _letters(
    style: Any, latin: str, asian: str, points: float, colour: str = _INK, bold: bool = False
) -> None:
    """Letters of a style, East Asian ones too; what the template says of themes is taken away."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold, style.font.italic = latin, Pt(points), bold, False
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [key for key in fonts.attrib if "Theme" in key]:
        del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(name), latin)
    fonts.set(qn("w:eastAsia"), asian)


def _styles(document: Any, lang: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    styles = document.styles
    own = locale(lang)
    latin, asian = own.text
    _letters(styles["Normal"], latin, asian, 10.5)
    styles["Normal"].paragraph_format.space_after = Pt(5)
    styles["Normal"].paragraph_format.line_spacing = 1.2
    for name, points in _POINTS.items():
        style = styles[name]
        _letters(
            style,
            *own.head,
            points,
            _INK if name in ("Caption", "Subtitle") else _MARK,
            bold=name != "Subtitle",
        )
        before, after = _SPACE[name]
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.line_spacing = 1.1
        _without_border(style)
    for name in ("Title", "Subtitle", "Caption"):
        styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, points, after in (
        ("TableText", 9.0, 0),
        ("TableNote", 8.0, 8),
        ("Verdict", 11.5, 8),
        ("ContentsHeading", 15.0, 6),
        ("ContentsLine", 10.0, 0),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _letters(style, latin, asian, points)
        style.paragraph_format.space_before = Pt(3 if name == "TableNote" else 0)
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.line_spacing = 1.0 if name == "TableText" else 1.15
    _special(styles, lang)
    if own.asian:  # marks that both scripts have, as quotes, are set as Chinese
        for fonts in document.styles.element.iter(f"{{{_W}}}rFonts"):
            fonts.set(f"{{{_W}}}hint", "eastAsia")
    spoken = f'<w:lang xmlns:w="{_W}" w:val="en-GB" w:eastAsia="zh-CN"/>'
    styles["Normal"].element.get_or_add_rPr().append(element(spoken))


def _special(styles: Any, lang: str) -> None:
    """The verdict stands in a box, the contents begin a page and have dots before the page numbers."""
    box = f'<w:pBdr {NAMESPACE}><w:left w:val="single" w:sz="36" w:space="8" w:color="{_MARK}"/></w:pBdr>'
    shade = f'<w:shd {NAMESPACE} w:val="clear" w:color="auto" w:fill="EEF2F6"/>'
    for xml in (box, shade):
        _property(styles["Verdict"], xml)
    _letters(styles["ContentsHeading"], *locale(lang).head, 15.0, _MARK, bold=True)
    styles["ContentsHeading"].paragraph_format.page_break_before = True
    _property(
        styles["ContentsLine"],
        f'<w:tabs {NAMESPACE}><w:tab w:val="right" w:leader="dot" w:pos="4620"/><w:tab w:val="left"'
        ' w:pos="5000"/><w:tab w:val="right" w:leader="dot" w:pos="9620"/></w:tabs>',
    )


def _property(style: Any, xml: str) -> None:
    """A property of the style's paragraphs, at its place in the order that the format asks (ECMA-376,
    17.3.1.26)."""
    made, properties = element(xml), style.element.get_or_add_pPr()
    order = [
        f"{{{_W}}}{name}"
        for name in (
            "keepNext",
            "keepLines",
            "pageBreakBefore",
            "widowControl",
            "numPr",
            "pBdr",
            "shd",
            "tabs",
        )
    ]
    before = [
        child for child in properties if child.tag in order and order.index(child.tag) < order.index(made.tag)
    ]
    properties.insert(len(before), made)


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _without_border(style: Any) -> None:
    """The template draws a line under the title."""
    from docx.oxml.ns import qn

    for border in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _paper(section: Any) -> None:
    """A4 upright."""
    from docx.shared import Mm

    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(20), Mm(18)


def edges(document: Any, title: str, lang: str) -> None:
    """Title above and page number below, on every page but the cover."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    small = f'<w:sz w:val="17"/><w:color w:val="{_MARK}"/>'
    _replace(head, paragraph(run(clean(title)[:120], small), "Header"))
    said = tr(lang, "Page {page} of {pages}", page="\0page\0", pages="\0pages\0")
    fields = {"page": field("PAGE", "1"), "pages": field("NUMPAGES", "1")}
    inside = "".join(fields.get(part) or run(part) for part in said.split("\0"))
    _replace(foot, paragraph(inside, "Footer", more='<w:jc w:val="center"/>'))


def _replace(old: Any, xml: str) -> None:
    old._p.addprevious(element(xml))
    old._p.getparent().remove(old._p)


def picture(document: Any, data: bytes, ratio: float, told: str) -> None:
    """A picture in the middle of the line, as wide as the page or as high as it allows, with a text for those
    who cannot see it."""
    import io

    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    width, height = 480.0, 430.0
    width = min(width, height * ratio)
    line = document.add_paragraph()
    line.alignment, line.paragraph_format.keep_with_next, line.paragraph_format.line_spacing = (
        WD_ALIGN_PARAGRAPH.CENTER,
        True,
        1.0,
    )
    line.paragraph_format.space_before = Pt(6)
    shape = line.add_run().add_picture(io.BytesIO(data), width=Pt(width))
    properties = shape._inline.docPr
    properties.set("descr", told)
    properties.set("name", f"Figure {properties.get('id')}")


def add(document: Any, xml: str) -> Any:
    """Put a paragraph or table at the end of the document."""
    made = element(xml)
    document.element.body.insert_element_before(made, "w:sectPr")
    return made
