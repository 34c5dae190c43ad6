// What a tab knows: the file, what is changed of it, what was before, pins. It lives in the tab's own
// storage, so that a reload or a server begun anew loses nothing and two tabs do not meet.

import { same } from './dom.js';

/** @typedef {Record<string, number | string | null>} Changes */
/** @typedef {{file: string, changes: Changes}} Plan */
/** @typedef {{name: string, word: string, letter: string, plan: Plan, main: {target: string, title: string, expected: string, unit: string, tiers: [string, string, string, string][]}[]}} Pin */
/** @typedef {{name: string, title: string, over: string, plan: Plan}} Saved */

const KEY = 'dabiao.tab';
const MOST = 200;

/** What is kept of a tab. */
export const kept = {
  file: '',
  /** @type {Changes} */ changes: {},
  lang: '',
  /** @type {Plan[]} */ past: [],
  /** @type {Plan[]} */ future: [],
  /** @type {Pin[]} */ pins: [],
  /** @type {Record<string, boolean>} */ locks: {},
  tab: 'projects',
  period: '',
  /** @type {Saved | null} */ saved: null,
  hinted: false,
};

/** What is not kept: answers of the server. */
export const now = {
  /** This page by name; a copy of the tab has another. */
  tab: crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2),
  /** The file that the answers are of. */ of: '',
  /** @type {any} the last answer to a plan */ whole: null,
  /** @type {any} the plan as the file has it */ origin: null,
  /** @type {any} the last whole run, and of which plan it is */ run: null,
  /** @type {any} the run that goes on */ job: null,
  /** @type {any} the last comparison */ compared: null,
  /** @type {{path: string, text: string}[]} */ problems: [],
  /** @type {any} */ start: null,
  dragging: false,
};

/** Read what was kept. */
export function restore() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) || '{}');
    for (const name of Object.keys(kept)) if (name in found && typeof found[name] === typeof kept[name]) kept[name] = found[name];
    if (found.saved) kept.saved = found.saved;
  } catch { /* nothing that can be read: begin anew */ }
}

/** Keep it. */
export function keep() {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    kept.past = kept.past.slice(-20);
    try { sessionStorage.setItem(KEY, JSON.stringify(kept)); } catch { /* the page goes on without */ }
  }
}

/** @returns {Plan} */
export const plan = () => ({ file: kept.file, changes: { ...kept.changes } });
/** @param {Plan} a */
export const keyOf = (a) => JSON.stringify([a.file, Object.entries(a.changes).sort(([x], [y]) => (x < y ? -1 : 1))]);
/** The key of the plan that is shown. */
export const key = () => keyOf(plan());

/** Values of the file itself by path, as far as the page knows them: to tell a change from none. */
export const written = new Map();
/** Names of paths. */
export const names = new Map();

/**
 * Change something, as one step that can be undone; what comes to be as the file has it is no change.
 * @param {Changes} moved
 * @returns {boolean} whether anything differs now
 */
export function change(moved) {
  const next = { ...kept.changes };
  for (const [own, value] of Object.entries(moved)) {
    const path = `${own}.value` in next ? `${own}.value` : own;  // its range was changed too: see numbers.js
    if (path !== own) next[path] = value;
    else if (value === undefined || (written.has(path) && same(written.get(path), value))) delete next[path];
    else next[path] = value;
  }
  return go({ file: kept.file, changes: next });
}

/** Take changes back. @param {string[]} paths */
export function takeBack(paths) {
  const next = { ...kept.changes };
  for (const path of paths) delete next[path];
  return go({ file: kept.file, changes: next });
}

/** Go to another plan as one step. @param {Plan} next */
export function go(next) {
  if (keyOf(next) === key()) return false;
  kept.past = [...kept.past, plan()].slice(-MOST);
  kept.future = [];
  Object.assign(kept, next);
  keep();
  return true;
}

/** Open a file: what was done to another one is over. @param {string} file */
export function open(file) {
  Object.assign(kept, { file, changes: {}, past: [], future: [], saved: null, locks: {}, period: '' });
  keep();
}

/** One step back, or forth. @param {boolean} back */
export function step(back) {
  const from = back ? kept.past : kept.future;
  const to = from.at(-1);
  if (!to) return false;
  const here = plan();
  if (back) { kept.past = kept.past.slice(0, -1); kept.future = [...kept.future, here]; }
  else { kept.future = kept.future.slice(0, -1); kept.past = [...kept.past, here]; }
  Object.assign(kept, { file: to.file, changes: to.changes });
  keep();
  return true;
}

/** Whether something would be lost with the tab. */
export function unsaved() {
  if (!Object.keys(kept.changes).length) return false;
  return !kept.saved || keyOf(kept.saved.plan) !== key();
}

/** What stands in no file but on this page is told so. @param {string} text */
export const placed = (text) => text.replace(/[^\s<>]*\(structure\)\.yaml(:\d+)*/g, t('this_page')).replace(/>structure(?=<| #\d)/g, `>${t('this_page')}`);

/** Words of the page in its language. @param {string} name @param {Record<string, any>} [values] */
export function t(name, values) {
  const found = now.start?.words?.[name] ?? name;
  return values ? found.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole)) : found;
}
