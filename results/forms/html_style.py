"""How the HTML page looks, on a screen and on paper, and the little that it does by itself."""

from __future__ import annotations

STYLE = """
:root { --ink: #1c2733; --soft: #5b6b7a; --line: #d5dde5; --band: #f4f7fa; --mark: #14507d; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 84rem; padding: 1.5rem; color: var(--ink); background: #fff;
  font: 15px/1.55 "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "Segoe UI", Arial, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; }
h2 { margin: 2.4rem 0 .6rem; padding-bottom: .2rem; font-size: 1.3rem; color: var(--mark); border-bottom: 2px solid var(--line); }
h3 { margin: 1.4rem 0 .4rem; font-size: 1rem; }
.facts, .note { margin: .25rem 0; color: var(--soft); font-size: .9rem; }
nav { margin: 1rem 0; padding: .6rem .9rem; background: var(--band); border-left: 3px solid var(--mark); }
nav a { margin-right: 1.1rem; color: var(--mark); text-decoration: none; white-space: nowrap; }
nav .chapter { display: block; margin: .15rem 0; } nav .chapter > a:first-child { font-weight: 600; }
nav .chapter a + a { font-size: .85rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
th, td { padding: .3rem .65rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { background: var(--band); border-bottom: 2px solid var(--mark); vertical-align: bottom; min-width: 4.2em; }
.n { text-align: right; } td.n, td.s { white-space: nowrap; }
.t { min-width: 8em; overflow-wrap: anywhere; } .w { min-width: 16em; overflow-wrap: anywhere; }
tbody tr:nth-child(even) { background: #fafbfd; } tbody tr:hover { background: #eaf1f7; }
.sum td { font-weight: 600; }
main, section { min-width: 0; }
.scroll { max-width: 100%; overflow-x: auto; }
.many { font-size: .82rem; } .many th, .many td { padding: .25rem .4rem; }
.told { margin: .4rem 0; max-width: 60rem; } .told b { color: var(--mark); margin-right: .6em; }
.summary { margin: 1rem 0; padding: .8rem 1.1rem; border: 1px solid var(--line); border-left: 4px solid var(--mark); }
.summary dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1rem; margin: 0; }
.summary dt { font-weight: 600; color: var(--mark); } .summary dd { margin: 0; overflow-wrap: anywhere; }
.summary .first { font-size: 1.08rem; font-weight: 600; }
td.rung { font-weight: 600; min-width: 9em; }
td.plan { background: #d7efdc; color: #10522a; } td.mix { background: #fdf0c4; color: #6b4e00; }
td.relaxed { background: #fbdcc0; color: #7a3604; } td.out { background: #f8d3d1; color: #8a1510; }
td.undecided { background: #e6e8eb; color: #3c4650; }
h2, h3, figcaption { text-wrap: balance; word-break: keep-all; overflow-wrap: anywhere; }
.printed { display: none; }
figure { margin: 1rem auto; width: 100%; max-width: 68rem; } figure svg { display: block; width: 100%; height: auto; max-height: 52rem; margin: 0 auto; }
figcaption { margin-top: .3rem; color: var(--soft); font-size: .9rem; text-align: center; }
svg [data-s^="legend:"] { cursor: pointer; } svg .off { display: none; } svg .pale { opacity: .35; }
svg rect:hover, svg circle:hover { filter: brightness(1.15); }
#tip { position: fixed; display: none; max-width: 26rem; padding: .3rem .6rem; border-radius: 3px; background: var(--ink); color: #fff;
  font-size: .85rem; pointer-events: none; z-index: 9; }
details > summary { cursor: pointer; color: var(--mark); margin: .4rem 0; }
@page { size: A4 landscape; margin: 11mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 9pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav, #tip { display: none !important; } .scroll { overflow: visible; } table { max-width: 100%; font-size: 8pt; }
  thead { display: table-header-group; } tr, figure { break-inside: avoid; } h2, h3 { break-after: avoid; }
  figure { max-width: 140mm; margin: 2mm auto; } figure svg { max-width: none !important; max-height: 148mm; } figcaption { break-before: avoid; }
  .more, .annex .scroll { display: none; } .printed { display: block; }
  th, td { padding: 2pt 4pt; overflow-wrap: break-word; } th { min-width: 0; }
  .t, .w, td.s, td.rung { white-space: normal; overflow-wrap: break-word; } td.rung { min-width: 5em; } td.s { min-width: 3em; } .t { min-width: 7em; } .w { min-width: 12em; }
  .many { font-size: 6.5pt; } .many th, .many td { padding: 1.5pt 2pt; } .many .t { min-width: 6em; } .many .w { min-width: 8em; } .many th { overflow-wrap: anywhere; }
}
"""

SCRIPT = """
(function () {
  var tip = document.getElementById('tip');
  document.querySelectorAll('svg title').forEach(function (title) {
    var shape = title.parentNode, text = title.textContent;
    shape.removeChild(title);
    shape.addEventListener('mousemove', function (at) {
      tip.textContent = text; tip.style.display = 'block';
      tip.style.left = Math.min(at.clientX + 12, window.innerWidth - tip.offsetWidth - 8) + 'px';
      tip.style.top = Math.max(at.clientY - tip.offsetHeight - 8, 4) + 'px';
    });
    shape.addEventListener('mouseleave', function () { tip.style.display = 'none'; });
  });
  document.querySelectorAll('svg').forEach(function (svg) {
    svg.querySelectorAll('[data-s^="legend:"]').forEach(function (mark) {
      var own = mark.getAttribute('data-s'), name = own.slice(7);
      if (!name) return;
      mark.addEventListener('click', function () {
        svg.querySelectorAll('[data-s]').forEach(function (shape) {
          var series = shape.getAttribute('data-s');
          if (series === name) shape.classList.toggle('off');
          if (series === own) shape.classList.toggle('pale');
        });
      });
    });
  });
  document.querySelectorAll('table').forEach(function (table) {
    var body = table.tBodies[0], first = Array.prototype.slice.call(body.rows);
    table.querySelectorAll('th').forEach(function (head, column) {
      var turn = 0;
      head.style.cursor = 'pointer';
      head.addEventListener('click', function () {
        turn = (turn + 1) % 3;
        var rows = first.slice();
        if (turn) rows.sort(function (a, b) {
          var x = a.cells[column].textContent, y = b.cells[column].textContent, p = parseFloat(x), q = parseFloat(y);
          var order = isNaN(p) || isNaN(q) ? (isNaN(p) ? 1 : 0) - (isNaN(q) ? 1 : 0) || x.localeCompare(y) : p - q;
          return turn === 1 ? order : -order;
        });
        rows.forEach(function (row) { body.appendChild(row); });
      });
    });
  });
})();
"""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""What the page may load: nothing but what is written in it."""
