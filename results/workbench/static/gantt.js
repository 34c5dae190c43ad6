// Named projects as bars over months: a bar is dragged or moved by arrows, ends later, is cancelled, restored.

import { el, later, monthOf, monthText, numberField, told } from './dom.js';
import { kept, now, t } from './state.js';

/** @param {HTMLElement} place @param {any} desk */
export function gantt(place, desk) {
  let shape = '';
  /** @type {Map<string, any>} */ let rows = new Map();

  const base = () => Number(now.whole.years.base) * 12 + 11;  // December of the base year
  function range() {
    const months = now.whole.projects.flatMap((each) => [each.stated.start, each.started, each.stated.finish].map(monthOf)).filter((each) => each !== null);
    const from = 12 * Math.floor(Math.max(base() - 35, Math.min(base() - 11, ...months)) / 12);
    return [from, (Number(now.whole.years.last) + 1) * 12 - 1];
  }

  /** What moving a bar by some months changes: both ends of what has not begun, the end of what has. */
  function shifted(each, by, end) {
    const start = monthOf(each.stated.start), finish = monthOf(each.stated.finish) ?? monthOf(each.planned_end);
    const begun = start === null || start <= base();
    if (each.stated.stage === 'commissioned' || !by) return null;
    if (begun || end) return finish === null ? null : { [`${each.path}.finish`]: monthText(finish + by) };
    return { [`${each.path}.start`]: monthText(start + by), ...(each.stated.finish ? { [`${each.path}.finish`]: monthText(finish + by) } : {}) };
  }

  function monthField(path, label, set) {
    const field = el('input', { type: 'text', class: 'month', placeholder: t('month_form'), 'aria-label': label, 'data-path': path, autocomplete: 'off' });
    field.addEventListener('input', () => { field.typing = true; });
    field.addEventListener('change', () => {
      field.typing = false;
      const at = monthOf(field.value);
      if (at === null && field.value.trim()) { told(field, t('month_expected')); return; }
      told(field, '');
      if (at === null) field.value = field.known || '';
      else if (monthText(at) !== field.known) set(monthText(at));
    });
    field.show = (value) => { field.known = value; if (!field.typing) field.value = value || ''; told(field, ''); };
    return field;
  }

  function row(path) {
    const of = () => now.whole.projects.find((each) => each.path === path);
    const first = of(), heads = now.whole.heads.projects;
    const change = (part, value) => desk.change({ [`${path}.${part}`]: value });
    const start = monthField(`${path}.start`, `${first.title}: ${heads.planned_start}`, (value) => change('start', value));
    const finish = monthField(`${path}.finish`, `${first.title}: ${heads.planned_end}`, (value) => change('finish', value));
    const slip = numberField({ value: first.stated.slip, step: 1, path: `${path}.slip`, label: `${first.title}: ${heads.delay}`, wrong: t('number_expected'), set: (value) => change('slip', value) });
    const off = monthField(`${path}.cancelled`, `${first.title}: ${t('cancelled_from')}`, (value) => change('cancelled', value));
    const cancel = el('button', { type: 'button', 'data-do': 'cancel', onclick: () => change('cancelled', of().stated.cancelled ? null : monthText(base() + 1)) });
    const bar = el('div', { class: 'work', tabindex: '0', role: 'slider' }), late = el('i', { class: 'late' }), ramp = el('i', { class: 'ramp' }), said = el('output', { class: 'said' });
    const track = el('div', { class: 'line' }, el('i', { class: 'today', 'aria-hidden': 'true' }), ramp, late, bar, said);

    let from = 0, by = 0, end = false, hand = false;
    const per = () => track.clientWidth / (range()[1] - range()[0] + 1);
    const seen = () => {
      const moved = shifted(of(), by, end);
      said.textContent = moved ? Object.values(moved).join(' → ') : '';
      const begun = (monthOf(of().stated.start) ?? 0) <= base();
      bar.style.transform = by && !begun && !end ? `translateX(${by * per()}px)` : '';
      bar.style.paddingRight = by > 0 && (begun || end) ? `${by * per()}px` : '';
    };
    const done = () => {
      const moved = shifted(of(), by, end);
      by = 0; hand = false; seen();
      if (moved) desk.change(moved);
    };
    const soon = later(done, 400);
    bar.addEventListener('pointerdown', (event) => {
      if (of().stated.stage === 'commissioned' || of().stated.cancelled) return;
      hand = true; from = event.clientX; by = 0;
      end = event.clientX > bar.getBoundingClientRect().right - 8;
      bar.setPointerCapture(event.pointerId);
    });
    bar.addEventListener('pointermove', (event) => { if (hand) { by = Math.round((event.clientX - from) / per()); seen(); } });
    bar.addEventListener('pointerup', () => { if (hand) done(); });
    bar.addEventListener('pointercancel', () => { by = 0; hand = false; seen(); });
    bar.addEventListener('keydown', (event) => {
      if (event.key === 'Delete') { change('cancelled', monthText(base() + 1)); return; }
      if (event.key === 'Escape') { by = 0; hand = false; soon.stop(); seen(); return; }
      const step = { ArrowRight: 1, ArrowLeft: -1, PageUp: 12, PageDown: -12 }[event.key];
      if (!step || of().stated.stage === 'commissioned' || of().stated.cancelled) return;
      event.preventDefault();
      end = event.shiftKey;
      by += step;
      seen();
      soon();
    });

    const made = el('tr', null,
      el('th', { scope: 'row' }, first.title, el('small', null, `${first.sector} · ${first.invest} ${now.whole.money} · ${first.stage_text}`)),
      el('td', { class: 'field' }, start), el('td', { class: 'field' }, finish), el('td', { class: 'field' }, slip),
      el('td', { class: 'chart' }, track), el('td', { class: 'field acts' }, cancel, off));
    function show() {
      const each = of(), [low, high] = range();
      if (!each) return;
      track.style.backgroundSize = `${1200 / (high - low + 1)}% 100%`;
      const at = (month) => 100 * (Math.max(low, Math.min(high + 1, month)) - low) / (high - low + 1);
      const begin = monthOf(each.stated.start) ?? monthOf(each.started) ?? low;
      const planned = monthOf(each.stated.finish) ?? monthOf(each.planned_end) ?? high + 1;
      const come = monthOf(each.commissioned) ?? (each.commissioned === '—' ? planned : high + 1), full = monthOf(each.full_load) ?? (each.full_load === '—' ? come : high + 1);
      const set = (part, a, b) => { part.style.left = `${at(a)}%`; part.style.width = `${Math.max(0, at(b) - at(a))}%`; };
      set(bar, begin, Math.max(begin + 1, planned));
      set(late, planned, come);
      set(ramp, come, full);
      track.firstChild.style.left = `${at(base() + 1)}%`;
      const cancelled = Boolean(each.stated.cancelled), fixed = each.stated.stage === 'commissioned';
      made.classList.toggle('cancelled', cancelled);
      made.classList.toggle('fixed', fixed);
      made.classList.toggle('moved', Object.keys(kept.changes).some((own) => own.startsWith(`${path}.`)));
      const text = `${monthText(begin)} – ${planned > high ? each.planned_end : monthText(planned)}; ${heads.commissioned} ${each.commissioned}; ${heads.full_load} ${each.full_load}`;
      for (const [name, value] of Object.entries({ 'aria-label': first.title, 'aria-valuemin': low, 'aria-valuemax': high, 'aria-valuenow': begin, 'aria-valuetext': text, 'aria-disabled': String(fixed || cancelled) })) bar.setAttribute(name, String(value));
      bar.title = text;
      start.show(each.stated.start); finish.show(each.stated.finish ?? (monthOf(each.planned_end) === null ? '' : each.planned_end)); slip.show(each.stated.slip);
      off.show(each.stated.cancelled);
      off.hidden = !cancelled;
      for (const field of [start, finish, slip]) field.disabled = fixed || cancelled;
      for (const field of [start, finish]) field.placeholder = field.disabled ? '—' : t('month_form');
      cancel.hidden = fixed;
      cancel.textContent = cancelled ? t('restore') : t('cancel');
      cancel.setAttribute('aria-label', `${cancelled ? t('restore') : t('cancel')}: ${first.title}`);
    }
    return { made, show };
  }

  function build() {
    rows = new Map(now.whole.projects.map((each) => [each.path, row(each.path)]));
    const heads = now.whole.heads.projects, [low, high] = range();
    const scale = el('div', { class: 'scale' });
    for (let year = Math.floor(low / 12); year <= Math.floor(high / 12); year += 1) scale.append(el('span', null, String(year)));
    place.replaceChildren(el('p', { class: 'note' }, t('gantt_note')), el('p', { class: 'keys', 'aria-hidden': 'true' },
      ...[['work', t('bar_work')], ['late', t('bar_late')], ['ramp', t('bar_ramp')]].map(([kind, text]) => el('span', null, el('i', { class: kind }), text))),
    el('div', { class: 'scroll' }, el('table', { class: 'gantt' },
      el('thead', null, el('tr', null, el('th', { scope: 'col' }, heads.title), el('th', { scope: 'col' }, heads.planned_start), el('th', { scope: 'col' }, heads.planned_end),
        el('th', { scope: 'col' }, t('slip_months')), el('th', { scope: 'col', class: 'chart' }, scale), el('th', { scope: 'col' }, el('span', { class: 'unseen' }, t('cancel'))))),
      el('tbody', null, [...rows.values()].map((each) => each.made)))));
  }

  return {
    show() {
      if (!now.whole.projects.length) { place.replaceChildren(el('p', { class: 'soft' }, t('projects_none'))); shape = ''; return; }
      const next = JSON.stringify([kept.file, kept.lang, range(), now.whole.projects.map((each) => each.path)]);
      if (next !== shape) { build(); shape = next; }
      for (const each of rows.values()) each.show();
    },
  };
}
