// The page: it begins here. A plan is asked for, shown, moved; what takes longer goes on behind it.

import { all, el, later, one, put } from './dom.js';
import { ask, end, going, job, newest, next, Refused } from './ask.js';
import { change, go, kept, keep, key, keyOf, now, open, plan, restore, step, t, takeBack, unsaved } from './state.js';
import { learn } from './learn.js';
import { planColumn } from './plan.js';
import { needs, targetSheet, verdictStrip } from './targets.js';
import { tabs } from './tabs.js';
import { clear, say } from './problems.js';
import { toolbar } from './tools.js';
import { startPanel } from './files.js';

const RUNS = 6;
const runs = new Map();

/** What the parts of the page may ask for. */
const desk = {
  change(/** @type {any} */ moved) { change(moved); refresh(); },
  takeBack(/** @type {string[]} */ paths) { if (takeBack(paths)) refresh(); },
  go(/** @type {any} */ to) { if (go(to)) refresh(); },
  step(/** @type {boolean} */ back) { if (step(back)) refresh(); },
  open(/** @type {string} */ file) { open(file); refresh(); },
  async speak(/** @type {string} */ lang) {
    now.start = await ask(`/api/start?lang=${lang}`);
    kept.lang = lang;
    keep();
    now.origin = now.run = null;
    fresh();
    frame();
    if (kept.file) refresh();
  },
  frame() { frame(); },
  run() { runSoon(0); },
  show() { if (now.whole) show(); },
};

const views = {
  plan: planColumn(one('#levers'), { moving, moved: (moved) => { now.dragging = false; desk.change(moved); } }),
  verdicts: verdictStrip(one('#verdicts')),
  sheet: targetSheet(one('#sheet'), desk),
  needs: needs(one('#needs')),
  tabs: tabs(one('#tabs'), one('#panels'), desk),
  tools: toolbar(one('#tools'), desk),
};

const asking = newest('/api/plan', answered, refused, true);
const glancing = newest('/api/glance', (seen) => {
  if (!now.dragging) return;
  views.plan.follow(seen);
  tell(seen, true);
}, () => {});

/** A lever is on its way. @param {Record<string, number>} moved */
function moving(moved) {
  const slow = now.whole?.levers.some((each) => each.kind === 'fund' && each.path in moved);
  if (now.whole && !slow) glancing.ask({ ...plan(), moved, lang: kept.lang });
}

/** Nothing of another file is shown any more. */
function leave() {
  now.of = kept.file;
  now.whole = now.origin = now.run = now.job = null;
  fresh();
  document.body.classList.add('empty');
  document.body.classList.remove('broken');
  for (const each of all('html, #plan, #middle, #fan')) each.scrollTop = 0;
}

/** Ask anew, after anything was changed. */
async function refresh() {
  glancing.drop();
  runSoon.stop();
  if (now.of !== kept.file) leave();
  frame();
  if (!kept.file) return;
  document.body.classList.add('waiting');
  progress();
  const file = kept.file, lang = kept.lang;
  if (!now.origin && Object.keys(kept.changes).length) {
    try {
      const origin = await ask('/api/plan', {
        body: { file, changes: {}, lang, tab: `${now.tab} file`, seq: next() }, wanted: () => file === kept.file && lang === kept.lang,
      });
      if (file !== kept.file || lang !== kept.lang || !origin) return;
      if (!origin.stale) { now.origin = origin; learn(origin); }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused(error.problems, plan());
      return;
    }
  }
  asking.ask({ ...plan(), lang: kept.lang });
}

/** @param {any} whole @param {any} asked */
function answered(whole, asked) {
  if (keyOf(asked) !== key() || asked.lang !== kept.lang) return;
  document.body.classList.remove('waiting', 'empty', 'broken');
  clear();
  now.whole = whole;
  if (!Object.keys(kept.changes).length) { now.origin = whole; learn(whole); }
  show();
  runSoon();
}

/** @param {any[]} problems @param {any} asked */
function refused(problems, asked) {
  if (keyOf(asked) !== key()) return;
  document.body.classList.remove('waiting');
  progress();
  document.body.classList.add('broken');
  document.body.classList.toggle('empty', !now.whole);
  say(problems, Object.keys(kept.changes).length ? t('plan_wrong') : t('file_wrong'), [
    kept.past.length ? el('button', { type: 'button', onclick: () => desk.step(true) }, t('undo')) : null,
    !now.whole ? el('button', { type: 'button', onclick: () => views.tools.open() }, t('open_other')) : null,
  ].filter(Boolean));
  frame();
}

function show() {
  views.plan.show(now.whole);
  tell(now.whole, false);
  notes(now.whole.notes);
  showRun();
  frame();
}

/** What follows the hand. @param {any} seen @param {boolean} hand */
function tell(seen, hand) {
  views.verdicts.show(seen.verdict, hand);
  beyond(seen.limits);
  views.sheet.show(seen, hand);
  const fan = one('#fan'), picture = seen.pictures.fan;
  fan.replaceChildren(el('h2', null, t('fan_title')), ...(picture
    ? [el('figure', { class: 'live' }, el('figcaption', null, picture.title), el('div', { class: 'picture' }))]
    : [el('p', { class: 'soft' }, t('fan_none'))]));
  if (picture) put(one('.picture', fan), picture.svg);
}

/** Which limits the plan breaks: without it a chance above the best within the limits would be a riddle. @param {any[]} limits */
function beyond(limits) {
  const broken = limits.filter((each) => each.over), line = one('#beyond');
  line.hidden = !broken.length;
  line.textContent = broken.length ? t('beyond', { limits: broken.map((each) => `${each.title} ${each.used} ${each.least ? '≥' : '/'} ${each.edge} ${each.unit}`).join(t('semicolon')) }) : '';
}

/** What was read otherwise than it stands, or filled in. @param {string[]} found */
function notes(found) {
  const place = one('#notes');
  place.hidden = !found.length;
  place.replaceChildren(el('summary', null, t('notes_title', { n: found.length })), el('ul', null, found.map((each) => el('li', null, each))));
}

function showRun() {
  const old = Boolean(now.run) && now.run.key !== `${kept.lang} ${key()}`;
  views.needs.show(now.run, old);
  views.tabs.show(old);
  const paper = one('#paper');
  paper.replaceChildren(el('h1', null, now.whole.title),
    el('p', { class: 'stamp' }, [kept.file, Object.keys(kept.changes).length && t('differs_n', { n: Object.keys(kept.changes).length })].filter(Boolean).join(' · ')),
    el('div', { class: 'report' }));
  if (now.run && !old) put(one('.report', paper), now.run.front);
  progress();
}

/** How far the whole run is. */
function progress() {
  const place = one('#progress'), at = now.job;
  place.classList.toggle('wrong', Boolean(at?.problems));
  const busy = document.body.classList.contains('waiting') || Boolean(at && !at.problems);
  place.classList.toggle('busy', busy);
  if (document.body.classList.contains('waiting')) place.textContent = now.whole ? t('plan_working') : t('opening');
  else if (at?.problems) place.textContent = `${t('run_failed')} ${at.problems.map((each) => each.text).join('; ')}`;
  else if (at) place.textContent = `${t('run_working')} ${going(at)}${now.run ? ` · ${t('run_old')}` : ''}`;
  else if (now.run?.key === `${kept.lang} ${key()}`) place.textContent = t('run_done', { draws: (now.run.draws || 0).toLocaleString('en'), seconds: now.run.seconds, error: (100 * (now.run.error || 0)).toFixed(1) });
  else place.textContent = '';
}

const runSoon = later(async () => {
  const own = `${kept.lang} ${key()}`;
  if (!now.whole || now.problems.length) return;
  const found = runs.get(own);
  if (found) { now.run = found; now.job = null; showRun(); return; }
  now.job = { stage: 'waiting', step: 0, steps: 5, seconds: 0 };
  progress();
  const wanted = () => own === `${kept.lang} ${key()}`;
  try {
    const told = await job({ task: 'run', plans: [plan()], lang: kept.lang }, (each) => { now.job = each; progress(); }, wanted);
    if (!wanted()) return;
    now.job = null;
    if (told) {
      now.run = { ...told.done, key: own, seconds: told.seconds };
      runs.set(own, now.run);
      if (runs.size > RUNS) runs.delete(runs.keys().next().value);
      learn(now.origin, now.run);
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (!wanted()) return;
    now.job = { problems: error.problems };
  }
  showRun();
  frame();
}, 900);

/** Everything is built again, in another language or of another file. */
function fresh() {
  clear();
  for (const view of Object.values(views)) view.fresh?.();
}

/** What stands around: words, title, buttons, the next step. */
function frame() {
  document.documentElement.lang = kept.lang === 'zh' ? 'zh-CN' : kept.lang;
  for (const each of all('[data-t]')) each.textContent = t(each.dataset.t);
  for (const each of all('[data-label]')) each.setAttribute('aria-label', t(each.dataset.label));
  const title = now.whole?.title || kept.file || t('product'), count = Object.keys(kept.changes).length;
  document.title = `${unsaved() ? '• ' : ''}${title} · ${t('product')}`;
  one('#title').textContent = title;
  one('#about').textContent = [kept.file, count && t('differs_n', { n: count }), count && !unsaved() && t('saved_as', { name: kept.saved?.name })].filter(Boolean).join(' · ');
  const whole = now.whole;
  one('#basis').textContent = whole?.draws ? t('basis', { draws: whole.draws.toLocaleString('en'), error: (100 * whole.error).toFixed(1) }) : '';
  views.tools.show();
  one('#start').hidden = Boolean(kept.file);
  if (!kept.file) startPanel(one('#start'), desk);
  one('#next').textContent = !kept.file ? '' : nextStep(count);
  one('#guide').hidden = !kept.file;
  one('#next').hidden = away || !one('#next').textContent || Boolean(now.problems.length);
}

/** What a first-time user would do next. @param {number} count */
function nextStep(count) {
  if (!count && !kept.pins.length) return t('next_pin');
  if (!count) return t('next_move');
  if (!kept.pins.some((each) => keyOf(each.plan) === key())) return t('next_pin_again');
  if (kept.pins.length > 1 && !now.compared) return t('next_compare');
  if (unsaved()) return t('next_save');
  return t('next_report');
}

document.addEventListener('keydown', (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || one('#dialog').open) return;
  const pressed = event.key.toLowerCase(), typing = /** @type {any} */ (event.target)?.typing || /^(TEXTAREA)$/.test(/** @type {any} */ (event.target)?.tagName);
  if (typing || !['z', 'y'].includes(pressed)) return;
  event.preventDefault();
  desk.step(pressed === 'z' && !event.shiftKey);
});
addEventListener('pagehide', () => { if (now.job?.job) end(now.job.job); });

new ResizeObserver(([at]) => document.documentElement.style.setProperty('--guide', `${at.target.getBoundingClientRect().height}px`)).observe(one('#guide'));
let away = false;
new IntersectionObserver(([at]) => {
  away = at.intersectionRatio < 0.3 && at.boundingClientRect.height > 0 && Boolean(now.whole);
  one('#brief').hidden = !away;
  if (now.start) frame();
}, { threshold: [0, 0.3] }).observe(one('#verdicts'));

restore();
now.start = await ask(`/api/start?lang=${kept.lang}`);
kept.lang = now.start.lang;
if (location.search) history.replaceState(null, '', location.pathname);
if (!kept.file && now.start.first) open(now.start.first);
frame();
refresh();
