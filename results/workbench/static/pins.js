// Up to four plans put aside, side by side, and what makes the difference between them.

import { all, el, LEAD, put, staying } from './dom.js';
import { going, job, Refused } from './ask.js';
import { keep, kept, key, keyOf, now, placed, plan, t } from './state.js';

export const MOST = 4;

/** Put the plan that is shown aside. */
export function pin() {
  if (!now.whole || kept.pins.length >= MOST || kept.pins.some((each) => keyOf(each.plan) === key())) return;
  const main = [...new Set(now.whole.verdict.map((each) => each.target))].map((target) => {
    const rows = now.whole.verdict.filter((each) => each.target === target);
    return { target, title: rows[0].title, expected: rows[0].expected, unit: rows[0].unit, tiers: rows.map((each) => [each.tier, each.threshold, each.probability, each.tier_id]) };
  });
  const letter = ['A', 'B', 'C', 'D'].find((each) => kept.pins.every((one) => one.letter !== each));
  kept.pins = [...kept.pins, { name: '', word: Object.keys(kept.changes).length ? 'plan_name' : 'plan_file', letter, plan: plan(), main }];
  now.compared = null;
  keep();
}

/** A plan's name: the one it was given, otherwise a letter. @param {any} each */
const nameOf = (each) => each.name || `${t(each.word)} ${each.letter}`;

/** @param {HTMLElement} place @param {any} desk */
export function comparing(place, desk) {
  const cards = el('div', { class: 'pins' }), out = el('div', { class: 'report' }), at = el('p', { role: 'status' });
  const go = el('button', { type: 'button', class: 'first', 'data-do': 'compare', onclick: compare });
  let asked = 0;

  async function compare() {
    const plans = (kept.pins.length > 1 ? kept.pins.map((each) => ({ ...each.plan, title: nameOf(each) })) : [{ ...kept.pins[0].plan, title: nameOf(kept.pins[0]) }, { ...plan(), title: t('plan_now') }]);
    const own = (asked += 1);
    go.disabled = true;
    at.textContent = t('compare_working');
    try {
      const done = await job({ task: 'compare', plans, lang: kept.lang }, (told) => { at.textContent = `${t('compare_working')} ${going(told)}`; }, () => own === asked);
      if (done && own === asked) now.compared = { ...done.done, lang: kept.lang };
      at.textContent = '';
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      at.replaceChildren(el('span', { class: 'wrong' }, error.problems.map((each) => each.text).join('; ')));
    }
    show();
    desk.frame();
  }

  function card(each, number) {
    const here = keyOf(each.plan) === key();
    // told in the page's language, as far as the plan that is shown has the same targets
    const known = (target) => now.whole.verdict.find((row) => row.target === target)?.title;
    return el('article', { class: here ? 'pin here' : 'pin' },
      el('header', null, el('b', null, String(number + 1)), el('input', {
        class: 'name', value: nameOf(each), 'aria-label': t('pin_name'), maxlength: 60, onchange: (event) => { each.name = event.target.value.trim(); event.target.value = nameOf(each); keep(); },
      })),
      el('p', { class: 'soft' }, `${each.plan.file} · ${t('differs_n', { n: Object.keys(each.plan.changes).length })}`),
      el('table', null, el('tbody', null, each.main.flatMap((row) => row.tiers.map(([tier, asked, chance, id], place) => el('tr', null,
        el('th', { scope: 'row' }, place ? '' : known(row.target) || row.title, !place && row.expected !== '—' && el('small', null, `${t('median')} ${row.expected} ${row.unit}`)),
        el('td', null, `${now.whole.tiers[id] || tier} ${asked === '—' ? '' : asked}`), el('td', { class: 'n' }, el('b', null, `${chance} %`))))))),
      el('p', { class: 'row' },
        el('button', { type: 'button', disabled: here, onclick: () => desk.go(each.plan) }, here ? t('pin_here') : t('pin_go')),
        el('button', { type: 'button', class: 'quiet', 'aria-label': `${t('pin_off')}: ${nameOf(each)}`, onclick: () => {
          kept.pins = kept.pins.filter((_, one) => one !== number); now.compared = null; keep(); show(); desk.frame();
        } }, t('pin_off'))));
  }

  function show() {
    go.textContent = kept.pins.length > 1 ? t('compare_n', { n: kept.pins.length }) : t('compare_now');
    go.disabled = !kept.pins.length || (kept.pins.length === 1 && keyOf(kept.pins[0].plan) === key());
    staying(cards, () => cards.replaceChildren(...(kept.pins.length ? kept.pins.map(card) : [el('p', { class: 'soft' }, t('pins_none'))])));
    out.replaceChildren();
    if (now.compared && now.compared.lang === kept.lang) {
      for (const chapter of now.compared.chapters) {
        const made = el('div');
        put(made, placed(chapter.html));
        for (const head of all('h2', made)) head.textContent = head.textContent.replace(LEAD, '');
        out.append(made);
      }
    }
    if (!place.contains(cards)) place.replaceChildren(cards, el('p', { class: 'row' }, go), at, out);
  }
  return { show };
}
