// Every number of the scenario, the weightiest first: filtered, and edited with its range; where it is from.

import { el, later, numberField, same, staying } from './dom.js';
import { kept, now, placed, plan, t, written } from './state.js';

const PAGE = 40;
const PARTS = ['value', 'low', 'high'];

/** @param {HTMLElement} place @param {any} desk */
export function numbers(place, desk) {
  let most = PAGE, weight = 'weighty', words = '', built = '';
  const body = el('tbody'), count = el('p', { class: 'soft', role: 'status' });
  const more = el('button', { type: 'button', onclick: () => { most += 4 * PAGE; list(); } });

  const lasting = (path) => PARTS.some((part) => `${path}.${part}` in kept.changes) || path in kept.changes;

  /** What stands of a number now. @param {any} each */
  function current(each) {
    const found = {};
    for (const part of PARTS) found[part] = `${each.path}.${part}` in kept.changes ? kept.changes[`${each.path}.${part}`] : each.raw[part];
    if (each.path in kept.changes) {
      const away = Number(kept.changes[each.path]) - each.raw.value;
      for (const part of PARTS) if (found[part] !== null) found[part] = Number((found[part] + away).toFixed(9));
    }
    return found;
  }

  /** A part of a number is set: its value takes the range along, as everywhere; a range is set with all it has. */
  function set(each, part, value) {
    const ranged = PARTS.some((own) => `${each.path}.${own}` in kept.changes);
    if (part === 'value' && !ranged) { desk.change({ [each.path]: value }); return; }
    const now_ = { ...current(each), [part]: value };
    const changes = { ...kept.changes };
    delete changes[each.path];
    for (const own of PARTS) delete changes[`${each.path}.${own}`];
    if (!PARTS.every((own) => same(now_[own], written.get(`${each.path}.${own}`)))) {
      for (const own of PARTS) if (now_[own] !== null) changes[`${each.path}.${own}`] = now_[own];
    }
    desk.go({ ...plan(), changes });
  }

  function row(each) {
    const at = current(each);
    const step = (value) => (value === null || value === 0 ? 0.1 : 10 ** Math.max(-4, Math.floor(Math.log10(Math.abs(value))) - 1));
    const field = (part) => numberField({
      value: at[part], step: step(at[part]), path: part === 'value' ? each.path : `${each.path}.${part}`, empty: part !== 'value', class: 'small',
      label: `${each.number} ${t(`part_${part}`)}`, wrong: t('number_expected'), set: (value) => set(each, part, value),
    });
    return el('tr', { class: lasting(each.path) ? 'moved' : '' },
      el('th', { scope: 'row' }, each.number, el('small', null, `${each.part}`)),
      el('td', { class: 'field' }, field('value')), el('td', { class: 'field' }, field('low')), el('td', { class: 'field' }, field('high')),
      el('td', null, each.unit), el('td', { class: 'n' }, each.effect),
      el('td', { class: 'why' }, el('b', null, each.basis), ' ', each.text === '—' ? '' : each.text), el('td', { class: 'place' }, placed(each.origin)));
  }

  function list() {
    const rows = (now.run?.numbers || []).filter((each) => each.raw.value !== null && typeof each.raw.value === 'number')
      .filter((each) => weight === 'all' || (weight === 'changed' ? lasting(each.path) : weight === 'weighty' ? /^\d+$/.test(each.rank) : each.basis === weight))
      .filter((each) => !words || `${each.number} ${each.part} ${each.text} ${each.path} ${each.origin}`.toLowerCase().includes(words));
    staying(body, () => body.replaceChildren(...rows.slice(0, most).map(row)));
    count.textContent = t('rows_n', { n: Math.min(most, rows.length), all: rows.length });
    more.textContent = t('more_rows');
    more.hidden = rows.length <= most;
  }

  function build() {
    const bases = [...new Set(now.run.numbers.map((each) => each.basis))].filter((each) => each && each !== '—');
    const choose = el('select', { 'aria-label': t('filter_weight'), onchange: (event) => { weight = event.target.value; most = PAGE; list(); } },
      [['weighty', t('filter_weighty')], ['all', t('filter_all')], ['changed', t('filter_changed')], ...bases.map((each) => [each, each])].map(([id, text]) => el('option', { value: id }, text)));
    if (![...choose.options].some((each) => each.value === weight)) weight = 'weighty';
    choose.value = weight;
    const find = el('input', { type: 'search', value: words, 'aria-label': t('filter_words'), placeholder: t('filter_words'), 'data-do': 'find' });
    const soon = later(() => { words = find.value.trim().toLowerCase(); most = PAGE; list(); }, 200);
    find.addEventListener('input', () => soon());
    place.replaceChildren(el('p', { class: 'note' }, t('numbers_note')), el('p', { class: 'row' }, choose, find), count,
      el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t('tab_numbers') }, el('table', { class: 'numbers' }, el('thead', null, el('tr', null,
        ['part_number', 'part_value', 'part_low', 'part_high', 'part_unit', 'part_effect', 'part_why', 'part_place'].map((each) => el('th', { scope: 'col' }, t(each))))), body)), more);
  }

  return {
    show() {
      if (!now.run?.numbers) { place.replaceChildren(el('p', { class: 'soft' }, t('run_wait'))); built = ''; return; }
      if (built !== kept.lang + kept.file || !place.contains(body)) { build(); built = kept.lang + kept.file; }
      if (!body.contains(document.activeElement) || !(/** @type {any} */ (document.activeElement).typing)) list();
    },
  };
}
