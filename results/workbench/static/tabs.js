// What lies beneath the bench: one tab at a time. Chapters of the whole run are dealt out to the tabs; the
// projects, the assumptions, the year under way and the plans that were pinned have parts of their own.

import { all, el, LEAD, one, put } from './dom.js';
import { kept, keep, now, placed, t } from './state.js';
import { gantt } from './gantt.js';
import { numbers } from './numbers.js';
import { year } from './year.js';
import { comparing } from './pins.js';
import { differences } from './differs.js';

const CHAIN = ['t-chain', 't-materials', 't-recovery'];
const PRICE = ['t-decisions', 't-price', 't-break_evens'];
/** A tab, and which chapters of a run it shows: `id` whole, `id:some` the tables named, `id:rest` the others. */
const TABS = [
  ['projects', ['projects']],
  ['drivers', ['sources_of_growth:rest', 'uncertainty', 'quick']],
  ['price', ['verdict:price', 'binding']],
  ['mixes', ['mixes']],
  ['chain', ['sources_of_growth:chain']],
  ['numbers', []],
  ['year', []],
  ['compare', []],
  ['differs', []],
  ['front', ['front']],
  ['more', ['verdict:rest', 'targets', 'long', 'gap', 'fit', 'sources', 'method', 'glossary']],
];
const SOME = { chain: CHAIN, price: PRICE };

/** @param {HTMLElement} list @param {HTMLElement} panels @param {any} desk */
export function tabs(list, panels, desk) {
  let shape = '';
  /** @type {Record<string, {tab: any, panel: any, own: any, chapters: any, filled: any}>} */ let made = {};
  const owners = { projects: gantt, numbers, year, compare: comparing, differs: differences };

  function build() {
    made = {};
    for (const [id] of TABS) {
      const tab = el('button', { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}`, onclick: () => { choose(id); list.closest('section').scrollIntoView({ block: 'start' }); } }, t(`tab_${id}`));
      const place = el('div'), chapters = el('div', { class: 'chapters' });
      const panel = el('section', { role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': `tab-${id}`, tabindex: '0' }, place, chapters);
      made[id] = { tab, panel, own: owners[id]?.(place, desk), chapters, filled: null };
    }
    list.replaceChildren(...TABS.map(([id]) => made[id].tab));
    panels.replaceChildren(...TABS.map(([id]) => made[id].panel));
    list.onkeydown = (event) => {
      const ids = TABS.map(([id]) => id), at = ids.indexOf(kept.tab);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: ids.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      choose(ids[(to + ids.length) % ids.length]);
      made[kept.tab].tab.focus();
    };
  }

  /** @param {string} id */
  function choose(id) {
    kept.tab = id;
    keep();
    chosen();
    fill();
  }

  function chosen() {
    if (!made[kept.tab]) kept.tab = 'projects';
    for (const [id, each] of Object.entries(made)) {
      each.tab.setAttribute('aria-selected', String(id === kept.tab));
      each.tab.tabIndex = id === kept.tab ? 0 : -1;
      each.panel.hidden = id !== kept.tab;
    }
    const strip = list.parentElement, tab = made[kept.tab].tab;
    if (strip.scrollWidth > strip.clientWidth) strip.scrollLeft = tab.offsetLeft - strip.clientWidth / 3;
  }

  /** Only the tab that is seen is filled: a chapter may have thousands of cells. */
  function fill() {
    const at = made[kept.tab], about = TABS.find(([id]) => id === kept.tab)[1];
    at.own?.show();
    if (at.filled === now.run && now.run) return;
    at.filled = now.run;
    const parts = now.run ? about.flatMap((name) => piece(name)) : [];
    if (parts.length) at.chapters.replaceChildren(...parts);
    else at.chapters.replaceChildren(...(about.length ? [el('p', { class: 'soft' }, now.run ? t(`none_${kept.tab}`) : t('run_wait'))] : []));
  }

  /** @param {string} name @returns {any[]} */
  function piece(name) {
    const [id, part] = name.split(':');
    const html = id === 'front' ? now.run.front : now.run.chapters.find((each) => each.id === id)?.html;
    if (!html) return [];
    const box = el('div', { class: 'report' });
    put(box, placed(html));
    for (const head of all('h2', box)) head.textContent = head.textContent.replace(LEAD, '');
    const tables = all('section.table', box);
    const named = (own) => SOME[part].includes(own.getAttribute('aria-labelledby'));
    if (part === 'rest') {
      for (const own of tables) if ([...CHAIN, ...PRICE].includes(own.getAttribute('aria-labelledby'))) own.remove();
      if (id === 'verdict') for (const own of all('figure', box)) own.remove();
    } else if (part) {
      if (!tables.some(named)) return [];
      for (const own of tables) if (!named(own)) own.remove();
      if (part === 'chain') for (const own of all('figure, dl.told', box)) own.remove();
      one('h2', box)?.remove();
    }
    for (const own of all('[id]', box)) own.id = `${kept.tab}-${own.id}`;
    for (const own of all('[aria-labelledby]', box)) own.setAttribute('aria-labelledby', `${kept.tab}-${own.getAttribute('aria-labelledby')}`);
    return [box];
  }

  return {
    /** @param {boolean} old chapters are of the plan before */
    show(old) {
      if (shape !== `${kept.lang} ${kept.file}`) { build(); shape = `${kept.lang} ${kept.file}`; }
      panels.classList.toggle('old', old);
      chosen();
      fill();
    },
    fresh() { shape = ''; },
  };
}
