// What the page gets to know of a file: the values that stand in it, and what its numbers are called.

import { kept, names, written } from './state.js';

let of = '';

/** @param {any} origin the file's own plan @param {any} [run] of a plan that differs from it or not */
export function learn(origin, run) {
  if (of !== kept.file) { written.clear(); names.clear(); of = kept.file; }
  for (const lever of origin?.levers || []) {
    written.set(lever.path, Number((lever.value - lever.less).toFixed(6)));
    names.set(lever.path, `${lever.group_title} · ${lever.title}`);
  }
  for (const each of origin?.asked || []) {
    written.set(each.path, each.value);
    const row = origin.targets.find((one) => one.target === each.target);
    names.set(each.path, `${row?.title || each.target} · ${origin.tiers[each.tier]}`);
  }
  const heads = origin?.heads.projects || {};
  for (const each of origin?.projects || []) {
    for (const part of ['start', 'finish', 'slip', 'cancelled']) {
      written.set(`${each.path}.${part}`, each.stated[part]);
      names.set(`${each.path}.${part}`, `${each.title} · ${{ start: heads.planned_start, finish: heads.planned_end, slip: heads.delay }[part] || part}`);
    }
  }
  for (const each of run?.numbers || []) {
    if (!names.has(each.path)) names.set(each.path, each.number);
    const parts = ['value', 'low', 'high'].map((part) => `${each.path}.${part}`);
    if (each.path in kept.changes || parts.some((part) => part in kept.changes)) continue;
    if (!written.has(each.path)) written.set(each.path, each.raw.value);
    parts.forEach((part, at) => { if (!written.has(part)) written.set(part, [each.raw.value, each.raw.low, each.raw.high][at]); });
  }
}
