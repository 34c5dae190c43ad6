// The left column: what of a plan can be moved. Money by year, the mix (one period at a time), sources of
// money, and how far each limit is used. A slider speaks while it moves, and is done when it is let go.

import { el, later, numberField, numberOf, same, shown, svg } from './dom.js';
import { kept, keep, now, t } from './state.js';
import { spread, sumOf } from './shares.js';

/** @typedef {{path: string, kind: string, of: string, title: string, value: number, unit: string, low: number,
 *   high: number, step: number, group: string, group_title: string, less: number}} Lever */

/**
 * @param {HTMLElement} place
 * @param {{moving: (moved: Record<string, number>) => void, moved: (moved: Record<string, number>) => void}} tell
 */
export function planColumn(place, tell) {
  let shape = '';
  /** @type {Map<string, {lever: Lever, show: (value: number) => void}>} */ let controls = new Map();
  /** @type {Record<string, number>} values as the hand has them */ let values = {};
  /** @type {Record<string, number> | null} shares as the hand took hold */ let held = null;
  let parts = {};

  const originOf = (/** @type {Lever} */ lever) => now.origin?.levers.find((each) => each.path === lever.path)?.value;
  const stated = (/** @type {string} */ path) => values[path] - controls.get(path).lever.less;
  const round = (value) => Number(value.toFixed(6));

  /** What the paths of the hand's values are worth in the file. */
  const asStated = (paths) => Object.fromEntries(paths.map((path) => [path, round(stated(path))]));

  function group(lever) {
    return [...controls.values()].filter((each) => each.lever.group === lever.group).map((each) => each.lever);
  }

  /** The hand is at a lever. @param {Lever} lever @param {number} value @param {boolean} done */
  function hand(lever, value, done) {
    if (lever.kind === 'share') {
      const own = group(lever);
      held ??= Object.fromEntries(own.map((each) => [each.path, values[each.path]]));
      const after = spread(held, lever.path, value, (path) => kept.locks[path] === true);
      for (const [path, share] of Object.entries(after)) {
        values[path] = share;
        controls.get(path).show(share);
      }
      sums();
      const paths = Object.keys(after).filter((path) => !same(after[path], held[path]) || path in kept.changes);
      if (done) held = null;
      (done ? tell.moved : tell.moving)(asStated(paths));
      return;
    }
    values[lever.path] = value;
    controls.get(lever.path).show(value);
    (done ? tell.moved : tell.moving)({ [lever.path]: round(stated(lever.path)) });
  }

  /** A row: name, slider with a tick where the file has it, field. @param {Lever} lever */
  function row(lever, locks = false) {
    const first = originOf(lever);
    const share = lever.kind === 'share';
    let low = lever.low, high = lever.high;
    if (share) high = Math.min(100, Math.max(20, 10 * Math.ceil(0.16 * Math.max(...group0()))));
    const usual = [low, high];
    const slider = el('input', { type: 'range', min: low, max: high, step: lever.step, 'aria-label': `${lever.group_title} ${lever.title}`, 'data-lever': lever.path });
    const tick = el('i', { class: 'tick', title: first === undefined ? '' : `${t('as_in_file')} ${shown(first, lever.step)}` });
    const at = (value) => `calc(${Math.max(0, Math.min(1, (value - low) / (high - low)))} * (100% - 16px) + 8px)`;
    const field = numberField({
      value: lever.value, step: lever.step, path: lever.path, label: `${lever.group_title} ${lever.title}, ${lever.unit}`,
      wrong: t('number_expected'), set: (value) => hand(lever, /** @type {number} */ (value), true),
    });
    let keys = false;
    const done = () => { if (now.dragging) { now.dragging = false; hand(lever, Number(slider.value), true); } };
    const soon = later(done, 300);
    slider.addEventListener('keydown', () => { keys = true; });
    slider.addEventListener('pointerdown', () => { keys = false; });
    slider.addEventListener('input', () => { now.dragging = true; hand(lever, Number(slider.value), false); });
    slider.addEventListener('change', () => { if (keys) soon(); else done(); });
    const lock = locks && el('button', {
      type: 'button', class: 'lock', 'aria-pressed': String(kept.locks[lever.path] === true), title: t('lock'), 'aria-label': `${t('lock')}: ${lever.title}`,
      onclick: () => {
        kept.locks[lever.path] = !kept.locks[lever.path];
        keep();
        lock.setAttribute('aria-pressed', String(kept.locks[lever.path]));
        slider.disabled = kept.locks[lever.path];
      },
    }, svg('svg', { viewBox: '0 0 14 16', 'aria-hidden': 'true' },
      svg('path', { class: 'shackle', d: 'M4 8V4.5a3 3 0 0 1 6 0V8', fill: 'none', stroke: 'currentColor', 'stroke-width': 1.8 }), svg('rect', { x: 2, y: 7.5, width: 10, height: 7.5, rx: 1.2, fill: 'currentColor' })));
    if (locks) slider.disabled = kept.locks[lever.path] === true;
    const show = (value) => {
      if (!now.dragging) { [low, high] = usual; }  // wider only while it must be
      if (value > high) high = share ? Math.min(100, 10 * Math.ceil(value / 10)) : value;
      if (value < low) low = value;
      slider.min = String(low);
      slider.max = String(high);
      slider.value = String(value);
      slider.style.setProperty('--at', at(value));
      slider.setAttribute('aria-valuetext', `${shown(value, lever.step)} ${lever.unit}`);
      field.show(value);
      tick.hidden = first === undefined;
      if (first !== undefined) tick.style.left = at(first);
      made.classList.toggle('moved', first !== undefined && !same(round(first), round(value)));
    };
    const made = el('div', { class: `lever field${locks ? ' locks' : ''}` },
      el('span', { class: 'name' }, lever.title), el('span', { class: 'track' }, tick, slider), field,
      el('span', { class: 'unit' }, lever.unit), lock);
    controls.set(lever.path, { lever, show });
    return made;
  }

  const group0 = () => now.whole.levers.filter((each) => each.kind === 'share').map((each) => each.value);

  function build(whole) {
    controls = new Map();
    parts = {};
    const of = (kind) => whole.levers.filter((/** @type {Lever} */ each) => kind.includes(each.kind));
    const money = of(['growth', 'money']), mix = of(['share']), funds = of(['fund']);
    const periods = [...new Map(mix.map((each) => [each.group, each.group_title])).entries()];
    if (!periods.some(([id]) => id === kept.period)) kept.period = periods[0]?.[0] || '';
    parts.totals = el('div', { class: 'totals' });
    parts.sum = el('p', { class: 'sum field', role: 'status', tabindex: '-1', 'data-path': `mixes.${whole.mixes.plan}` });
    parts.limits = el('div', { class: 'limits' });
    const blocks = [];
    if (money.length) {
      blocks.push(el('section', { 'aria-labelledby': 'h-money' },
        el('h3', { id: 'h-money' }, t('money_title'), el('small', null, money[0].group_title)),
        parts.totals, money.map((lever) => row(lever))));
    }
    if (mix.length) {
      const rows = new Map();
      const body = el('div', { class: 'mix' });
      const choose = el('select', { 'aria-label': t('period'), onchange: (event) => { kept.period = event.target.value; keep(); period(); } },
        periods.map(([id, title]) => el('option', { value: id }, title)));
      choose.value = kept.period;
      const period = () => {
        body.replaceChildren(...mix.filter((each) => each.group === kept.period).map((each) => rows.get(each.path)));
        sums();
      };
      for (const lever of mix) rows.set(lever.path, row(lever, true));
      const copy = el('select', { 'aria-label': t('copy_mix') }, el('option', { value: '' }, t('copy_mix')),
        whole.mixes.of.map((each) => el('option', { value: each.id }, each.title)));
      copy.addEventListener('change', () => {
        const from = whole.mixes.of.find((each) => each.id === copy.value)?.shares || {};
        copy.value = '';
        const shares = from[kept.period] || from.mix;
        if (!shares) return;
        const own = mix.filter((each) => each.group === kept.period);
        for (const lever of own) {
          values[lever.path] = shares[lever.of] ?? 0;
          controls.get(lever.path).show(values[lever.path]);
        }
        sums();
        tell.moved(asStated(own.map((each) => each.path)));
      });
      parts.period = period;
      blocks.push(el('section', { 'aria-labelledby': 'h-mix' },
        el('h3', { id: 'h-mix' }, periods.length > 1 ? t('mix_title') : periods[0][1]),
        periods.length > 1 && el('div', { class: 'row' }, choose), body, parts.sum,
        whole.mixes.of.length > 1 && el('div', { class: 'row' }, copy)));
    }
    if (funds.length) {
      blocks.push(el('section', { 'aria-labelledby': 'h-funds' }, el('h3', { id: 'h-funds' }, funds[0].group_title), funds.map((lever) => row(lever))));
    }
    blocks.push(el('section', { 'aria-labelledby': 'h-limits' }, el('h3', { id: 'h-limits' }, t('limits_title')), parts.limits));
    place.replaceChildren(...blocks);
  }

  /** What the shares of the period add up to, and what is left. */
  function sums() {
    const own = [...controls.values()].filter((each) => each.lever.kind === 'share' && each.lever.group === kept.period);
    if (!own.length || own.some((each) => values[each.lever.path] === undefined)) return;
    const sum = sumOf(Object.fromEntries(own.map((each) => [each.lever.path, values[each.lever.path]])));
    const left = Number((100 - sum).toFixed(4));
    parts.sum.replaceChildren(`${t('sum')} ${shown(sum)} %`, el('span', null, Math.abs(left) < 0.005 ? '' : ` · ${left > 0 ? t('left') : t('too_much')} ${shown(Math.abs(left))} ${t('points')}`));
    parts.sum.classList.toggle('bad', Math.abs(left) > 0.05);
  }

  /** Years of the plan: built once, so that whoever types there stays there. */
  function totals(found) {
    const money = now.whole.money, years = found.map((each) => each.year).join();
    if (parts.years !== years) {
      parts.years = years;
      parts.cells = found.map((each, at) => {
        const control = [...controls.values()].find((one) => ['growth', 'money'].includes(one.lever.kind) && one.lever.of === each.year);
        const before = () => numberOf(parts.found[at - 1].total) || 1;
        const field = control && at ? numberField({
          value: numberOf(each.total), step: 0.1, label: `${t('investment')} ${each.year}, ${money}`, wrong: t('number_expected'),
          set: (value) => hand(control.lever, control.lever.kind === 'money' ? value : Number((100 * (value / before() - 1)).toFixed(3)), true),
        }) : null;
        return { field, total: el('td', { class: 'field' }, field), growth: el('td') };
      });
      parts.totals.replaceChildren(el('table', null,
        el('thead', null, el('tr', null, el('th', { scope: 'col' }, t('year')), el('th', { scope: 'col' }, `${t('investment')} (${money})`), el('th', { scope: 'col' }, t('growth_percent')))),
        el('tbody', null, found.map((each, at) => el('tr', null, el('th', { scope: 'row' }, each.year), parts.cells[at].total, parts.cells[at].growth)))));
    }
    parts.found = found;
    found.forEach((each, at) => {
      const cell = parts.cells[at];
      if (cell.field) cell.field.show(numberOf(each.total));
      else cell.total.textContent = each.total;
      cell.growth.textContent = each.growth || '—';
    });
  }

  function limits(found) {
    parts.limits.replaceChildren(...found.map((each) => {
      const share = each.share === null ? (each.over ? 1 : 0) : each.share;
      const bar = el('span', { class: 'used' });
      bar.style.width = `${Math.min(100, 100 * Math.max(0, share))}%`;
      return el('div', { class: each.over ? 'limit over' : 'limit' },
        el('span', { class: 'name' }, each.title),
        el('span', { class: 'figures' }, `${each.used} ${each.least ? '≥' : '/'} ${each.edge} ${each.unit}`, each.over && el('b', null, ` ${t('over')}`)),
        el('span', { class: 'bar', 'aria-hidden': 'true' }, bar));
    }), ...(found.length ? [] : [el('p', { class: 'soft' }, t('no_limits'))]));
  }

  return {
    /** Show an answer to a plan. @param {any} whole */
    show(whole) {
      const next = JSON.stringify([kept.file, kept.lang, whole.levers.map((/** @type {Lever} */ each) => each.path), whole.mixes.of.length]);
      if (next !== shape) { build(whole); shape = next; }
      held = null;
      for (const lever of whole.levers) {
        const control = controls.get(lever.path);
        Object.assign(control.lever, { less: lever.less, value: lever.value });
        values[lever.path] = lever.value;
        control.show(lever.value);
      }
      parts.period?.();
      this.follow(whole);
    },
    /** Show what follows the hand. */
    follow(seen) {
      if (parts.totals) totals(seen.totals);
      limits(seen.limits);
    },
    /** Build again, whatever stands there. */
    fresh() { shape = ''; },
  };
}
