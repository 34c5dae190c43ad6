"""How the HTML page looks, on a screen and on paper, and the little that it does by itself."""

from __future__ import annotations

from collections.abc import Iterable

from ..colours import INK, LINE, PALE, SOFT, VERDICTS, WHITE

_COLOURS = {"ink": INK, "soft": SOFT, "line": LINE, "pale": PALE, "white": WHITE}
"""Letters have one colour: a colour on this page means something."""

_ROOT = (
    f":root {{ color-scheme: light; {' '.join(f'--{name}: {value};' for name, value in _COLOURS.items())} }}\n"
    + "".join(f"td.{name} {{ background: {ground}; }}\n" for name, ground in VERDICTS.items())
)

STYLE = (
    "\n"
    + _ROOT
    + """* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 1rem 1.5rem; color: var(--ink); background: var(--white);
  font: 1rem/1.6 "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "Segoe UI", Arial, sans-serif; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.3; }
h2 { margin: 2.5rem 0 .7rem; padding-bottom: .2rem; font-size: 1.3rem; border-bottom: 2px solid var(--ink); }
h3 { margin: 1.6rem 0 .4rem; font-size: 1.05rem; }
h1, h2, h3, figcaption { text-wrap: balance; word-break: keep-all; overflow-wrap: anywhere; }
a { color: var(--ink); text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 1px; }
.skip { position: absolute; left: -99rem; } .skip:focus { position: static; }
.stamp, .note, footer { color: var(--soft); font-size: .9rem; } .stamp { margin: .3rem 0 0; } .note { margin: .35rem 0; max-width: 60rem; }
footer { margin-top: 3rem; padding-top: .5rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.front h2 { margin-top: 1rem; }
.answer { max-width: 60rem; } .answer p { margin: .4rem 0; font-size: 1.1rem; } .answer p:first-child { font-weight: 600; }
.told { display: grid; grid-template-columns: minmax(6em, max-content) 1fr; gap: .45rem 1.2rem; margin: 1rem 0; max-width: 68rem; }
.told dt { max-width: 12em; font-weight: 600; } .told dd { margin: 0; overflow-wrap: anywhere; }
nav { margin: 2rem 0; padding: .1rem 1.2rem .7rem; background: var(--pale); } nav h2 { margin: .7rem 0 .3rem; border: 0; font-size: 1.1rem; }
nav ul { margin: 0; padding: 0; list-style: none; } nav li { margin: .35rem 0; } nav a { margin-right: .9rem; text-decoration: none; }
nav a:hover { text-decoration: underline; } nav li > a:first-child { font-weight: 600; } nav a + a { font-size: .88rem; color: var(--soft); }
.scroll, .picture { max-width: 100%; overflow-x: auto; }
table { border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; font-size: .92rem; } .many { font-size: .85rem; }
th, td { padding: .32rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
thead th { font-weight: 600; background: var(--pale); border-bottom: 2px solid var(--ink); vertical-align: bottom; min-width: 5.2em; }
tr > :first-child { position: sticky; left: 0; max-width: 18em; overflow-wrap: anywhere; background: var(--white); z-index: 1; }
thead tr > :first-child { background: var(--pale); }
tbody tr:hover > * { background: var(--pale); } tbody tr:hover > .rung { box-shadow: inset 0 0 0 1px var(--ink); }
.sum > * { font-weight: 600; border-top: 1px solid var(--ink); }
td.rung { font-weight: 600; min-width: 8em; }
th button { all: unset; cursor: pointer; user-select: text; } th button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
th button::after { content: "\\a0\\2195"; color: var(--soft); } [aria-sort=ascending] button::after { content: "\\a0\\2191"; } [aria-sort=descending] button::after { content: "\\a0\\2193"; }
.tools { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin: .3rem 0; font-size: .88rem; color: var(--soft); }
.tools input, .tools button { padding: .3rem .6rem; font: inherit; color: var(--ink); background: var(--white); border: 1px solid var(--soft); border-radius: 3px; }
.tools button { cursor: pointer; }
figure { margin: 1.2rem 0; max-width: 62rem; } figcaption { margin: 0 0 .4rem; font-weight: 600; }
svg { display: block; width: 100%; height: auto; }
[hidden], .printed, svg .off { display: none; } svg .pale { opacity: .35; } svg [data-s^="legend:"] { cursor: pointer; }
#tip { position: fixed; display: none; max-width: 26rem; padding: .3rem .6rem; border-radius: 3px; background: var(--ink); color: var(--white);
  font-size: .85rem; pointer-events: none; z-index: 9; }
@media screen and (min-width: 60rem) {
  .front { display: grid; grid-template-columns: 1fr 1fr; column-gap: 2.5rem; } .front > * { grid-column: 1 / -1; min-width: 0; }
  .front > .answer { grid-column: 1; } .front > figure { grid-column: 2; margin-top: .5rem; } .front svg { max-height: 25rem; }
}
@media (max-width: 40rem) {
  body { padding: .7rem .9rem; } h1 { font-size: 1.3rem; } h2 { font-size: 1.15rem; } .front h2 { margin-top: .6rem; }
  .answer p { font-size: 1rem; } .told { display: block; } .told dt { margin-top: .6rem; max-width: none; }
  th, td { padding: .3rem .45rem; } tr > :first-child { max-width: 8.5em; } tbody th[scope] { white-space: normal !important; min-width: 7.8em !important; } thead th { min-width: 4.2em; }
  .cards, .cards tbody, .cards tr, .cards th, .cards td { display: block; } .cards thead { position: absolute; left: -99rem; }
  .cards tr { margin: .6rem 0; padding: .4rem .7rem; border: 1px solid var(--line); border-left: 4px solid var(--ink); }
  table.cards tbody tr > :nth-child(n) { position: static; display: flex; justify-content: space-between; gap: 1rem; max-width: none; min-width: 0; padding: .15rem 0; border: 0; text-align: right; white-space: normal; }
  table.cards tbody tr > :first-child { font-weight: 600; text-align: left; } .cards td::before { content: attr(data-h); color: var(--soft); text-align: left; flex: 0 1 auto; min-width: 45%; }
  nav a { display: inline-block; padding: .15rem 0; }
}
@page { size: A4; margin: 15mm 13mm 17mm; @bottom-center { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
@media print {
  body { max-width: none; padding: 0; font-size: 9pt; line-height: 1.4; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav, #tip, .tools, .skip, .unprinted, .annex, .brief tbody tr:not(.p) { display: none !important; } .printed { display: block; }
  .scroll, .picture { overflow: visible; } th button::after { content: none !important; }
  h1 { font-size: 16pt; } h2 { font-size: 12.5pt; margin: 12pt 0 5pt; } h3 { font-size: 10pt; margin: 8pt 0 3pt; } .answer p { font-size: 10pt; margin: 3pt 0; } .front h2 { margin-top: 6pt; }
  h2, h3, figcaption, thead { break-after: avoid; } tr, figure, dd, .note { break-inside: avoid; } thead { display: table-header-group; }
  .told { display: block; margin: 5pt 0; } .told dt { display: inline; } .told dt::after { content: "  "; white-space: pre; } .told dd { display: inline; } .told dd::after { content: "\\A"; white-space: pre; }
  p, dd { orphans: 3; widows: 3; } .note { font-size: 8pt; margin: 2pt 0; }
  table { font-size: 8pt; line-height: 1.25; } .many { font-size: 7.5pt; } th, td { padding: 1.5pt 3.5pt; overflow-wrap: break-word; }
  thead th { min-width: 2.9em; } tr > :first-child { position: static; max-width: none; } td.rung { min-width: 6.4em; }
  th button { display: contents; }
  figure { margin: 5pt 0; } svg { width: auto; max-width: 100%; min-width: 0 !important; max-height: 70mm; margin: 0 auto; } .front svg { max-height: 47mm; }
}
"""
)

_KINDS = {
    "n": ("text-align: right", "white-space: nowrap", "white-space: nowrap"),
    "s": ("", "white-space: nowrap", "white-space: nowrap"),
    "m": ("", "white-space: nowrap", "min-width: 9em"),
    "t": ("", "min-width: 8em; overflow-wrap: anywhere", "min-width: 10em"),
    "w": ("", "min-width: 17em; overflow-wrap: anywhere", "min-width: 14em"),
}
"""How a column is set: everywhere, in its cells on a screen, in its cells on paper."""


def columns_style(marks: Iterable[str]) -> str:
    """The rules of the columns' marks: a letter for how the column is set, and its place (``n3``); ``x`` is
    not printed."""
    rules: dict[str, list[str]] = {}
    for mark in sorted(marks, key=lambda mark: (mark[0], int(mark[1:]))):
        place = f":nth-child({mark[1:]})"
        for where, rule in zip(
            ("tr >", "@media screen", "@media print"), _KINDS.get(mark[0], ()), strict=False
        ):
            if rule:
                inside = "tr >" if where == "tr >" else "tbody tr >"
                rules.setdefault(f"{where}|{rule}", []).append(f".{mark} {inside} {place}")
        if mark[0] == "x":
            rules.setdefault("@media print|display: none", []).append(f".{mark} tr > {place}")
    made = []
    for key, who in rules.items():
        where, _, rule = key.partition("|")
        text = f"{', '.join(who)} {{ {rule}; }}"
        made.append(f"{where} {{ {text} }}\n" if where[0] == "@" else f"{text}\n")
    return "".join(made)


LOGIC = """
var FORMULA = /^\\s*[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20]/, BLANK = /^[\\s\\u00b7\\u2014\\u2026]*$/;
var NUMBER = /^([<>]?)([+\\-\\u2212]?)(\\d+(?:,\\d{3})*(?:\\.\\d+)?(?:e[+-]?\\d+)?|\\u221e)$/i;
function key(text) { // of a cell: null, a number or a text; "<1" is a little less than 1, ">99" a little more than 99
  text = text.trim();
  if (BLANK.test(text)) return null;
  var found = NUMBER.exec(text);
  if (!found) return text;
  var size = found[3] === '\\u221e' ? Infinity : parseFloat(found[3].replace(/,/g, ''));
  var near = { '<': -1e-9, '>': 1e-9 }[found[1]] || 0;
  return (found[2] && found[2] !== '+' ? -size : size) + near;
}
function compare(a, b, down, words) { // blanks last both ways, numbers before texts
  if (a === null || b === null) return (a === null) - (b === null);
  var x = typeof a === 'number', y = typeof b === 'number';
  var order = x && y ? (a < b ? -1 : a > b ? 1 : 0) : x !== y ? y - x : words.compare(a, b);
  return down ? -order : order;
}
function sorted(cells, sums, down, words) { // places of rows in their new order; sums keep theirs
  var keys = cells.map(key), rows = keys.map(function (_, at) { return at; });
  var free = rows.filter(function (at) { return !sums[at]; });
  free.sort(function (a, b) { return compare(keys[a], keys[b], down, words) || a - b; });
  return rows.map(function (at) { return sums[at] ? at : free.shift(); });
}
function saved(rows, mark) { // as CSV, or with tabs to be pasted: what a spreadsheet would run stays text
  return rows.map(function (row) {
    return row.map(function (text) {
      text = text === '\\u00b7' ? '' : text;
      if (FORMULA.test(text) && !NUMBER.test(text.trim())) text = "'" + text;
      return /["\\r\\n\\t]/.test(text) || text.indexOf(mark) >= 0 ? '"' + text.replace(/"/g, '""') + '"' : text;
    }).join(mark);
  }).join('\\r\\n') + '\\r\\n';
}
"""
"""What sorts and saves, without a page: tests run it by itself."""

_PAGE = """
function all(place, what) { return Array.prototype.slice.call(place.querySelectorAll(what)); }
function made(name, into, text) { var it = document.createElement(name); it.textContent = text || ''; into.appendChild(it); return it; }
function text(cell) { return cell.textContent.trim(); }
function texts(row) { return Array.prototype.map.call(row.cells, text); }
var say = document.body.dataset, words = new Intl.Collator(document.documentElement.lang, { numeric: true });

function sorts(table) {
  var bodies = Array.prototype.slice.call(table.tBodies).map(function (body) {
    return { body: body, rows: Array.prototype.slice.call(body.rows) };
  });
  var heads = all(table, 'thead th');
  heads.forEach(function (head, column) {
    var button = document.createElement('button'), turns = ['none', 'ascending', 'descending'], turn = 0;
    button.type = 'button'; button.textContent = text(head); head.replaceChildren(button);
    button.addEventListener('click', function () {
      turn = head.hasAttribute('aria-sort') ? (turn + 1) % 3 : 1;
      heads.forEach(function (other) { other.removeAttribute('aria-sort'); });
      if (turn) head.setAttribute('aria-sort', turns[turn]);
      bodies.forEach(function (one) {
        var order = one.rows.map(function (_, at) { return at; });
        if (turn) order = sorted(one.rows.map(function (row) { return text(row.cells[column]); }),
          one.rows.map(function (row) { return row.classList.contains('sum'); }), turn === 2, words);
        order.forEach(function (at) { one.body.appendChild(one.rows[at]); });
      });
    });
  });
}

function tools(table) {
  var bar = document.createElement('div'), rows = all(table, 'tbody tr'), title = table.getAttribute('aria-labelledby');
  bar.className = 'tools';
  if (rows.length > 12) {
    var box = made('input', bar), count = made('span', bar);
    box.type = 'search'; box.placeholder = say.filter; count.setAttribute('role', 'status');
    box.setAttribute('aria-label', say.filter + ': ' + text(document.getElementById(title)));
    box.addEventListener('input', function () {
      var wanted = box.value.trim().toLowerCase(), left = 0;
      rows.forEach(function (row) { row.hidden = texts(row).join('\\n').toLowerCase().indexOf(wanted) < 0; left += !row.hidden; });
      count.textContent = wanted ? say.rows + ' ' + left : '';
    });
  }
  function cells(mark) {
    return saved(all(table, 'tr').filter(function (row) { return !row.hidden; }).map(texts), mark);
  }
  var save = made('button', bar, say.save); save.type = 'button';
  save.addEventListener('click', function () {
    var link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['\\ufeff' + cells(',')], { type: 'text/csv;charset=utf-8' }));
    link.download = title.replace(/^[tf]-/, '') + '.csv'; link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  });
  if (navigator.clipboard) {
    var copy = made('button', bar, say.copy); copy.type = 'button';
    copy.addEventListener('click', function () {
      navigator.clipboard.writeText(cells('\\t')).then(function () { copy.textContent = say.done; });
    });
  }
  table.parentNode.insertAdjacentElement(rows.length > 12 ? 'beforebegin' : 'afterend', bar);
}

function pictures(svg) {
  var tip = document.getElementById('tip');
  all(svg, 'title').forEach(function (title) {
    var shape = title.parentNode, said = text(title);
    shape.removeChild(title);
    shape.addEventListener('mousemove', function (at) {
      tip.textContent = said; tip.style.display = 'block';
      tip.style.left = Math.min(at.clientX + 12, window.innerWidth - tip.offsetWidth - 8) + 'px';
      tip.style.top = Math.max(at.clientY - tip.offsetHeight - 8, 4) + 'px';
    });
    shape.addEventListener('mouseleave', function () { tip.style.display = 'none'; });
  });
  all(svg, '[data-s^="legend:"]').forEach(function (mark) {
    var own = mark.getAttribute('data-s'), name = own.slice(7);
    if (name) mark.addEventListener('click', function () {
      all(svg, '[data-s]').forEach(function (shape) {
        var series = shape.getAttribute('data-s');
        if (series === name) shape.classList.toggle('off');
        if (series === own) shape.classList.toggle('pale');
      });
    });
  });
}

all(document, 'table').forEach(function (table) { sorts(table); tools(table); });
all(document, 'svg').forEach(pictures);
"""

SCRIPT = f"\n(function () {{{LOGIC}{_PAGE}}})();\n"

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""What the page may load: nothing but what is written in it."""
