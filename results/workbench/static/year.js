// The year under way: figures to date are entered by row and month; what they say of the year is asked for
// where the scenario has any.

import { all, el, LEAD, monthOf, monthText, numberField, numberOf, put, staying, told } from './dom.js';
import { going, job, Refused } from './ask.js';
import { kept, key, now, placed, plan, t } from './state.js';

const AT = 'actuals.figures.';

/** @param {HTMLElement} place @param {any} desk */
export function year(place, desk) {
  let shape = '';
  const list = el('ul', { class: 'figures' }), at = el('p', { role: 'status', class: 'soft' }), out = el('div');
  let of = '';

  /** Where the year stands; of a plan that is left meanwhile nothing is told. */
  async function track() {
    const own = `${kept.lang} ${key()}`;
    if (of === own) return;
    of = own;
    out.replaceChildren();
    if (!now.whole.under_way) { at.textContent = t('none_year'); return; }
    try {
      const wanted = () => own === `${kept.lang} ${key()}` && kept.tab === 'year';
      const done = await job({ task: 'track', plans: [plan()], lang: kept.lang }, (told_) => { at.textContent = `${t('track_working')} ${going(told_)}`; }, wanted);
      if (!done || of !== own) { if (of === own) of = ''; return; }
      at.textContent = '';
      // where the year stands comes first, the years after it follow
      const order = [...done.done.chapters].sort((a, b) => Number(b.id === 'track') - Number(a.id === 'track'));
      out.replaceChildren(...order.map((chapter) => {
        const box = el('div', { class: 'report' });
        put(box, placed(chapter.html));
        for (const head of all('h2', box)) head.textContent = head.textContent.replace(LEAD, '');
        return box;
      }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (of === own) at.replaceChildren(el('span', { class: 'wrong' }, error.problems.map((each) => each.text).join('; ')));
    }
  }

  function build() {
    const rows = now.whole.targets.filter((row) => row.expected !== '—');
    const which = el('select', { 'data-fact': 'row' }, rows.map((row) => el('option', { value: row.target }, `${row.title} (${row.unit})`)));
    const month = el('input', { 'data-fact': 'month', placeholder: `${now.whole.years.target}-06`, autocomplete: 'off' });
    const value = el('input', { 'data-fact': 'figure', inputmode: 'decimal', autocomplete: 'off' });
    const form = el('form', { class: 'form inline', novalidate: true }, el('label', { class: 'field' }, el('span', null, t('year_row')), which),
      el('label', { class: 'field' }, el('span', null, t('year_month')), month), el('label', { class: 'field' }, el('span', null, t('year_figure')), value),
      el('button', { type: 'submit', class: 'first' }, t('year_enter')));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const at = monthOf(month.value), figure = numberOf(value.value);
      told(month, at === null ? t('month_expected') : '');
      told(value, figure === null ? t('number_expected') : '');
      if (at === null || figure === null) return;
      const text = monthText(at);
      month.value = value.value = '';
      desk.change({ [`${AT}${which.value}.${text}`]: figure });
    });
    place.replaceChildren(el('p', { class: 'note' }, t('year_note', { year: now.whole.years.target })), form, list, at, out);
  }

  return {
    show() {
      const next = JSON.stringify([kept.file, kept.lang, now.whole.years]);
      if (next !== shape) { build(); shape = next; }
      const titles = new Map(now.whole.targets.map((row) => [row.target, row]));
      const paths = Object.keys(kept.changes).filter((path) => path.startsWith(AT));
      staying(list, () => list.replaceChildren(...paths.map((path) => {
        const at = path.lastIndexOf('.'), row = titles.get(path.slice(AT.length, at)), month = path.slice(at + 1);
        return el('li', { class: 'field' }, `${row?.title || path} · ${month} `, numberField({
          value: Number(kept.changes[path]), step: 0.1, path, label: `${row?.title || path} ${month}`, wrong: t('number_expected'), set: (value) => desk.change({ [path]: value }),
        }), ` ${row?.unit || ''} `, el('button', { type: 'button', class: 'quiet', onclick: () => desk.takeBack([path]) }, t('take_back')));
      })));
      track();
    },
    fresh() { of = ''; },
  };
}
