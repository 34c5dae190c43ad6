// Questions to the server. Where it does not answer they wait, a quiet line says so, and they go on when it
// is back; of what follows the hand only the newest question waits, and older answers are dropped.

import { now, t } from './state.js';
import { one } from './dom.js';

/** @typedef {{path: string, text: string}} Problem */

/** What was refused, with the reasons. */
export class Refused extends Error {
  /** @param {Problem[]} problems */
  constructor(problems) {
    super(problems.map((each) => each.text).join('\n'));
    this.problems = problems;
  }
}

let down = 0;

/** @param {boolean} is */
function silent(is) {
  const line = one('#silent');
  down = is ? down + 1 : 0;
  line.hidden = !is;
  line.textContent = is ? t('server_silent') : '';
}

const pause = (/** @type {number} */ time) => new Promise((then) => setTimeout(then, time));

/**
 * Ask until there is an answer; where the server is not there, wait for it.
 * @param {string} path
 * @param {{body?: any, method?: string, raw?: BodyInit, blob?: boolean, wanted?: () => boolean}} [about]
 * @returns {Promise<any>} null where the answer is not wanted any more
 */
export async function ask(path, about = {}) {
  const method = about.method || (about.body !== undefined || about.raw ? 'POST' : 'GET');
  const body = about.raw ?? (about.body !== undefined ? JSON.stringify(about.body) : undefined);
  for (let tries = 0; ; tries += 1) {
    if (about.wanted && !about.wanted()) return null;
    let answer;
    try {
      answer = await fetch(path, { method, body, headers: method === 'GET' ? {} : { 'x-dabiao': '1' } });
      if (down) silent(false);
    } catch {
      silent(true);
      await pause(Math.min(500 + 500 * tries, 3000));
      continue;
    }
    if (answer.ok) return about.blob ? answer.blob() : answer.json();
    let problems = null;
    try { problems = (await answer.clone().json()).problems; } catch { /* not in JSON */ }
    if (problems) throw new Refused(problems.map(plain));
    const text = answer.status < 500 ? (await answer.text()).slice(0, 300) : '';
    throw new Refused([{ path: '', text: text || t('server_failed') }]);
  }
}

/** What is wrong, without the line of a file that nobody wrote. @param {Problem} problem */
function plain(problem) {
  return { path: problem.path, text: problem.text.replace(/^\S*\(structure\)\S*\s+/, '') };
}

let number = 0;
/** The next question's number. */
export const next = () => (number += 1);

/**
 * Questions of which only the newest matters.
 * @param {string} path
 * @param {(answer: any, asked: any) => void} then
 * @param {(problems: Problem[], asked: any) => void} wrong
 * @param {boolean} [eager] asked at once, so that the server lets go of the older one; otherwise one after the other
 */
export function newest(path, then, wrong, eager = false) {
  let busy = false, asked = 0;
  /** @type {any} */ let waiting = null;
  async function go(/** @type {any} */ body) {
    busy = true;
    const own = (asked += 1);
    try {
      const answer = await ask(path, { body: { ...body, tab: now.tab, seq: next() }, wanted: () => own === asked && !waiting });
      if (answer && !answer.stale && own === asked) then(answer, body);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (own === asked) wrong(error.problems, body);
    } finally {
      busy = false;
      const queued = waiting;
      waiting = null;
      if (queued) go(queued);
    }
  }
  return {
    ask(/** @type {any} */ body) { if (busy && !eager) waiting = body; else go(body); },
    /** What is on its way does not matter any more. */
    drop() { waiting = null; asked += 1; },
  };
}

/**
 * Follow a job to its end.
 * @param {any} body
 * @param {(told: any) => void} tell
 * @param {() => boolean} wanted
 */
export async function job(body, tell, wanted) {
  let id = '';
  for (;;) {
    let told;
    try {
      told = id ? await ask(`/api/job/${id}`, { wanted }) : await ask('/api/job', { body: { ...body, tab: now.tab }, wanted });
    } catch (error) {
      if (!(error instanceof Refused) || !id) throw error;
      id = '';  // a server begun anew does not know it
      continue;
    }
    if (!told || !wanted()) { if (id) end(id); return null; }
    if (told.state === 'failed') throw new Refused(told.problems.map(plain));
    if (told.state !== 'working') return told.state === 'done' ? told : null;
    id = told.job;
    tell(told);
    await pause(600);
    if (!wanted()) { end(id); return null; }
  }
}

/** How far a job is, in words. @param {any} at */
export function going(at) {
  const parts = [t(`stage_${at.stage}`), at.steps > 1 && `${at.step}/${at.steps}`, at.most && t('of_futures', { n: at.draws.toLocaleString('en'), all: at.most.toLocaleString('en') }),
    at.error && t('error_so_far', { error: (100 * at.error).toFixed(1) }), `${at.seconds.toFixed(0)} s`];
  return parts.filter(Boolean).join(' · ');
}

/** End a job, also from a page that is going. @param {string} id */
export function end(id) {
  fetch(`/api/job/${id}`, { method: 'DELETE', headers: { 'x-dabiao': '1' }, keepalive: true }).catch(() => {});
}
