// The middle column: verdicts of the main targets, the target sheet with its tiers to be edited, and what
// would have to be true. Whoever only listens is told the verdicts in one sentence, at most every two seconds.

import { el, later, numberField, one, put } from './dom.js';
import { kept, now, t } from './state.js';

const TIERS = ['ensure', 'stretch', 'at_most'];
const DASH = '—';

const sign = (tier) => (tier === 'at_most' ? '≤' : '≥');

/** Cards of verdicts: a target each, a line for each tier. @param {HTMLElement} place */
export function verdictStrip(place) {
  const say = later(() => {
    const rows = now.seen || now.whole?.verdict || [];
    one('#spoken').textContent = rows.filter((each) => each.probability !== DASH)
      .map((each) => `${each.title} ${each.tier} ${each.threshold}: ${t('chance')} ${each.probability} %`).join('; ');
  }, 2000);

  /** @param {any[]} rows @param {boolean} moving verdicts are those of the plan before */
  function show(rows, moving) {
    now.seen = rows;
    place.classList.toggle('moving', moving);
    const first = new Map((now.origin?.verdict || []).map((each) => [`${each.target} ${each.tier_id}`, each]));
    const before = new Map((now.whole?.verdict || []).map((each) => [`${each.target} ${each.tier_id}`, each]));
    const targets = [...new Set(rows.map((each) => each.target))];
    place.replaceChildren(...targets.map((target) => {
      const own = rows.filter((each) => each.target === target);
      const median = own[0].expected !== DASH && own[0].expected;
      return el('article', { class: target === 'sheet' ? 'verdict all' : 'verdict' },
        el('header', null, el('h3', null, own[0].title),
          median && el('p', { class: 'median' }, el('span', null, t('median')), el('b', null, median), el('span', null, own[0].unit))),
        own.map((each) => {
          const id = `${each.target} ${each.tier_id}`, file = first.get(id)?.probability, was = before.get(id)?.probability;
          const bar = el('i');
          bar.style.width = `${Math.min(100, Number(each.probability.replace(/[<>]/g, '')) || 0)}%`;
          const away = moving && was !== undefined && was !== each.probability ? was : file !== undefined && file !== each.probability ? file : '';
          return el('div', { class: `tier ${each.tier_id}` },
            el('span', { class: 'asked' }, el('span', null, each.tier), each.threshold !== DASH && el('b', null, `${sign(each.tier_id)} ${each.threshold} ${each.unit}`)),
            el('span', { class: 'chance' }, el('b', null, each.probability), each.probability !== DASH && ' %',
              away && el('small', null, `${t('was')} ${away}`), el('span', { class: 'bar', 'aria-hidden': 'true' }, bar)),
            el('span', { class: 'what' },
              el('span', { class: `rung ${each.rung_id}` }, each.rung), ' ', each.words !== DASH && el('span', { class: 'likely' }, each.words),
              moving && el('small', { class: 'before' }, t('of_before')),
              each.takes !== DASH && el('span', { class: 'takes', title: each.takes }, each.takes)));
        }));
    }));
    one('#brief').replaceChildren(...targets.map((target) => {
      const own = rows.filter((each) => each.target === target);
      return el('span', null, `${own[0].title} `, own.map((each, at) => [at ? ' · ' : '', `${each.tier} `, el('b', null, `${each.probability} %`)]));
    }));
    say();
  }
  return { show };
}

/** The sheet. @param {HTMLElement} place @param {{change: (moved: any) => void}} tell */
export function targetSheet(place, tell) {
  let shape = '';
  let every = false;
  /** @type {Map<string, any>} */ let cells = new Map();
  const picture = el('figure', { class: 'live' });
  const table = el('div', { class: 'scroll', tabindex: '0', role: 'group' });
  const more = el('button', { type: 'button', class: 'quiet', onclick: () => { every = !every; shape = ''; show(last, false); } });
  let last = null;

  function build(seen) {
    const heads = now.whole.heads.targets, asked = now.whole.asked;
    const known = new Map(asked.map((each) => [`${each.target} ${each.tier}`, each]));
    const main = new Set(asked.filter((each) => each.main).map((each) => each.target));
    const stands = (tier) => seen.targets.some((row) => row[tier] !== DASH);
    const columns = [['ensure', 'at_most'].filter(stands), ['stretch'].filter(stands)].filter((each) => each.length);
    cells = new Map();
    const rows = seen.targets.filter((row) => every || seen.targets.length <= 8 || main.has(row.target) || row.expected !== DASH);
    const body = rows.map((row) => {
      const own = { median: el('td', { class: 'n', 'data-h': heads.expected }), band: el('td', { class: 'n soft', 'data-h': t('band') }) };
      cells.set(row.target, own);
      const places = columns.map((column) => {
        const tier = column.find((each) => row[each] !== DASH) || column[0];
        const about = known.get(`${row.target} ${tier}`);
        const chance = el('small');
        own[tier] = chance;
        const origin = now.origin?.asked.find((each) => each.path === about?.path);
        const field = about && numberField({
          value: about.value, step: 0.1, path: about.path, label: `${row.title} ${now.whole.tiers[tier]}, ${row.unit}`, wrong: t('number_expected'),
          set: (value) => tell.change({ [about.path]: value }),
        });
        if (field) own[`${tier}_field`] = field;
        if (field && origin) field.title = [origin.source || origin.assumption, origin.place].filter(Boolean).join(' · ');
        return el('td', { class: `tier ${tier}${field || row[tier] !== DASH ? '' : ' none'}`, 'data-h': now.whole.tiers[tier] },
          tier === 'at_most' && '≤ ', el('span', { class: 'field' }, field || row[tier]), chance);
      });
      return el('tr', { class: main.has(row.target) ? 'main' : '' },
        el('th', { scope: 'row' }, row.title, el('small', null, ` ${row.unit}`)), el('td', { class: 'n soft', 'data-h': heads.last }, row.last), own.median, own.band, places);
    });
    table.setAttribute('aria-label', t('sheet_title'));
    table.replaceChildren(el('table', { class: 'sheet' },
      el('thead', null, el('tr', null, el('th', { scope: 'col' }, heads.title), el('th', { scope: 'col', class: 'n' }, heads.last),
        el('th', { scope: 'col', class: 'n' }, heads.expected), el('th', { scope: 'col', class: 'n' }, t('band')),
        columns.map((column) => el('th', { scope: 'col' }, column.map((tier) => now.whole.tiers[tier]).join(' / '), el('small', null, ` · ${t('chance')}`))))),
      el('tbody', null, body)));
    more.hidden = !every && rows.length === seen.targets.length;
    more.textContent = every ? t('fewer') : t('all_rows', { n: seen.targets.length });
    place.replaceChildren(el('h3', null, t('sheet_title')), picture, table, more);
  }

  /** @param {any} seen @param {boolean} moving */
  function show(seen, moving) {
    last = seen;
    const next = JSON.stringify([kept.file, kept.lang, every, seen.targets.map((row) => TIERS.map((tier) => row[tier] !== DASH))]);
    if (next !== shape) { build(seen); shape = next; }
    const known = new Map(now.whole.asked.map((each) => [`${each.target} ${each.tier}`, each.value]));
    for (const row of seen.targets) {
      const own = cells.get(row.target);
      if (!own) continue;
      own.median.textContent = row.expected;
      own.band.textContent = row.q10 === DASH ? DASH : `${row.q10} – ${row.q90}`;
      for (const tier of TIERS) {
        if (!own[tier]) continue;
        const chance = row[`probability_${tier}`];
        own[tier].textContent = chance === DASH ? '' : `${chance} %`;
        const rung = row[`rung_${tier}`];
        own[tier].title = moving || rung === DASH ? '' : rung;
        if (!moving && own[`${tier}_field`]) own[`${tier}_field`].show(known.get(`${row.target} ${tier}`) ?? null);
      }
    }
    if (seen.pictures.sheet) {
      picture.replaceChildren(el('figcaption'), el('div', { class: 'picture' }));
      picture.firstChild.textContent = seen.pictures.sheet.title;
      put(picture.lastChild, seen.pictures.sheet.svg);
    }
    picture.hidden = !seen.pictures.sheet;
  }
  return { show, fresh() { shape = ''; } };
}

/** What would have to be true, from page one of the run. @param {HTMLElement} place */
export function needs(place) {
  return {
    /** @param {any} run @param {boolean} old */
    show(run, old) {
      const page = el('div', { class: 'report' });
      if (run) put(page, run.front);
      const list = one('dl.told', page);
      place.hidden = !list;
      place.classList.toggle('old', old);
      if (list) place.replaceChildren(el('h3', null, t('needs_title'), old && el('small', { class: 'before' }, t('of_before'))), el('div', { class: 'report' }, list));
    },
  };
}
