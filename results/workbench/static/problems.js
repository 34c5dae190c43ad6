// What is wrong with a plan: said at the field it speaks of, else at the top; all at once.

import { all, el, one, told } from './dom.js';
import { names, now, t } from './state.js';

/** @type {HTMLElement[]} fields at which something is said */
let marked = [];

/** The field of a path, or of the nearest above or below it. @param {string} path @returns {any} */
function fieldOf(path) {
  const fields = all('[data-path]').filter((each) => each.getClientRects().length);
  for (let at = path; at; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const found = fields.find((each) => each.dataset.path === at);
    if (found) return found;
  }
  return path ? fields.find((each) => each.dataset.path.startsWith(`${path}.`)) : null;
}

/** What is wrong, in words: a path is told by its name. @param {{path: string, text: string}} problem */
function said(problem) {
  const name = names.get(problem.path.replace(/\.(value|low|high)$/, '')) || names.get(problem.path);
  return name && problem.text.startsWith(problem.path) ? `${name}${problem.text.slice(problem.path.length)}` : problem.text;
}

/** Nothing is wrong any more. */
export function clear() {
  for (const field of marked) told(field, '');
  marked = [];
  now.problems = [];
  one('#problems').hidden = true;
}

/**
 * Say what is wrong.
 * @param {{path: string, text: string}[]} problems
 * @param {string} lead
 * @param {Node[]} [ways] what can be done about it
 */
export function say(problems, lead, ways = []) {
  clear();
  // What is said of a number is not said again of the range that it took along.
  problems = problems.filter((each) => !/\.(low|high)$/.test(each.path) || !problems.some((other) => other.path === each.path.replace(/\.(low|high)$/, '')));
  now.problems = problems;
  const lists = new Map();
  for (const problem of problems) {
    const field = fieldOf(problem.path);
    if (field) lists.set(field, [...(lists.get(field) || []), said(problem)]);
  }
  for (const [field, texts] of lists) told(field, texts.join('\n'));
  marked = [...lists.keys()];
  const top = one('#problems');
  top.hidden = false;
  top.replaceChildren(el('p', null, el('b', null, lead)),
    el('ul', null, problems.slice(0, 30).map((problem) => {
      const field = fieldOf(problem.path);
      return el('li', null, said(problem), ' ', field && el('button', {
        type: 'button', class: 'quiet', onclick: () => { field.focus(); field.scrollIntoView({ block: 'center' }); },
      }, t('to_field')));
    })), el('p', { class: 'row' }, ways));
}
