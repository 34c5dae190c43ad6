// What has to do with files: open and bring one in, begin a region of one's own, save, report.

import { all, download, el, numberOf, one, staying, told } from './dom.js';
import { ask, going, job, Refused } from './ask.js';
import { keep, kept, now, plan, t } from './state.js';

const EXAMPLE = 'example:';
const FACTS = [
  ['region', true], ['year', true], ['gdp', true], ['primary', true], ['secondary', true], ['construction', false], ['ensure', true],
  ['stretch', false], ['fai', false], ['growth', false], ['plan', false], ['industry_target', false], ['english', false],
];

/** A dialog: a title, what is in it, and a way out. @param {string} title @param {...any} inside */
export function dialog(title, ...inside) {
  const made = one('#dialog');
  made.replaceChildren(el('div', { class: 'head' }, el('h2', { id: 'h-dialog' }, title),
    el('button', { type: 'button', class: 'quiet', 'data-do': 'close', onclick: () => made.close() }, t('close'))), ...inside);
  if (!made.open) made.showModal();
  return made;
}

/** Say what was refused: at the field whose name the path is, else below. @param {any} error @param {ParentNode} form */
function tell(error, form) {
  if (!(error instanceof Refused)) throw error;
  const rest = [];
  for (const problem of error.problems) {
    const field = problem.path && one(`[data-fact="${CSS.escape(problem.path)}"]`, form);
    if (field) told(field, problem.text.replace(/^\S+:\s*/, ''));
    else rest.push(problem.text);
  }
  const place = one('.refused', form);
  place.replaceChildren(...rest.map((text) => el('p', { class: 'wrong' }, text)));
}

/** A labelled field of a form. @param {string} name @param {string} label @param {any} [about] */
const labelled = (name, label, about = {}) => el('label', { class: 'field' }, el('span', null, label), el('input', { 'data-fact': name, autocomplete: 'off', ...about }));

const valueOf = (form, name) => one(`[data-fact="${name}"]`, form).value.trim();

/** Buttons of the files that can be opened. @param {any} desk */
function files(desk) {
  const group = (title, names) => names.length ? [el('h3', null, title), el('ul', { class: 'files' }, names.map((name) =>
    el('li', null, el('button', { type: 'button', class: name === kept.file ? 'here' : '', onclick: () => { one('#dialog').close(); desk.open(name); } },
      now.start.titles[name] ? el('span', null, now.start.titles[name], ' ', el('small', null, name.replace(EXAMPLE, ''))) : name.replace(EXAMPLE, '')))))] : [];
  const own = now.start.files.filter((name) => !name.startsWith(EXAMPLE));
  return [...group(t('files_here'), own), ...group(t('files_shipped'), now.start.files.filter((name) => name.startsWith(EXAMPLE)))];
}

/** Bring a workbook or YAML in. @param {any} desk */
function bringing(desk) {
  const form = el('div', { class: 'form' }, el('p', null, t('bring')), el('label', { class: 'choose field' }, el('span', null, t('bring_choose')), el('input', {
    type: 'file', accept: '.xlsx,.yaml,.yml', 'data-fact': 'file', class: 'unseen', 'aria-label': t('bring'),
    onchange: async (/** @type {any} */ event) => {
      const file = event.target.files[0];
      if (!file) return;
      one('.refused', form).replaceChildren();
      try {
        const name = file.name.replace(/[^\p{L}\p{N} .()_-]+/gu, '-');
        const answer = await ask(`/api/files/${encodeURIComponent(name)}?lang=${kept.lang}`, { method: 'PUT', raw: file });
        now.start.files = answer.files;
        one('#dialog').close();
        desk.open(answer.file);
      } catch (error) { tell(error, form); event.target.value = ''; }
    },
  })), el('p', null, el('a', { href: `/api/template?lang=${kept.lang}`, download: 'template.xlsx' }, t('template'))), el('div', { class: 'refused', role: 'alert' }));
  return form;
}

/** The questions of a first scenario. @param {any} desk */
function questions(desk) {
  const form = el('form', { class: 'form facts', novalidate: true },
    FACTS.map(([name, needed]) => labelled(name, `${t(`fact_${name}`)}${needed ? ' *' : ''}`, ['region', 'english'].includes(name) ? {} : { inputmode: 'decimal' })),
    el('p', { class: 'note' }, t('facts_note')), el('div', { class: 'refused', role: 'alert' }),
    el('p', { class: 'row' }, el('button', { type: 'submit', class: 'first' }, t('begin'))));
  form.addEventListener('submit', async (/** @type {any} */ event) => {
    event.preventDefault();
    for (const field of all('[data-fact]', form)) told(field, '');
    one('.refused', form).replaceChildren();
    let wrong = false;
    for (const [name, needed] of FACTS) {
      const typed = valueOf(form, name), text = ['region', 'english'].includes(name);
      const bad = !typed ? (needed ? t('needed') : '') : !text && numberOf(typed.replace(/年$/, '')) === null ? t('number_expected') : '';
      if (bad) { told(one(`[data-fact="${name}"]`, form), bad); wrong = true; }
    }
    if (wrong) { one('[aria-invalid]', form).focus(); return; }
    const facts = Object.fromEntries(FACTS.map(([name]) => [name, valueOf(form, name)]).filter(([, typed]) => typed)
      .map(([name, typed]) => [name, ['region', 'english'].includes(name) ? typed : numberOf(typed.replace(/年$/, ''))]));
    try {
      const answer = await ask('/api/new', { body: { facts, lang: kept.lang } });
      now.start.files = answer.files;
      one('#dialog').close();
      desk.open(answer.file);
    } catch (error) { tell(error, form); }
  });
  return form;
}

/** What stands where nothing is open. @param {HTMLElement} place @param {any} desk */
export function startPanel(place, desk) {
  if (place.dataset.lang === kept.lang + now.start.files.length) return;
  place.dataset.lang = kept.lang + now.start.files.length;
  place.replaceChildren(el('h2', null, t('start_title')), el('p', null, t('start_lead')), el('div', { class: 'sides' },
    el('div', null, ...files(desk)), el('div', null, el('h3', null, t('own_book')), bringing(desk)),
    el('div', null, el('h3', null, t('own_region')), questions(desk))));
}

/** @param {any} desk @param {boolean} [own] a region of one's own */
export function openDialog(desk, own = false) {
  if (own) { dialog(t('new'), el('h3', null, t('own_region')), questions(desk), el('h3', null, t('own_book')), bringing(desk)); return; }
  const list = el('div', null, ...files(desk)), made = dialog(t('open'), list, el('h3', null, t('bring_title')), bringing(desk));
  const wanted = () => made.open && made.contains(list);
  ask(`/api/start?lang=${kept.lang}`, { wanted }).then((found) => {  // what came into the folder meanwhile
    if (!found || !wanted()) return;
    now.start.files = found.files;
    now.start.titles = found.titles;
    staying(list, () => list.replaceChildren(...files(desk)));
  });
}

/** @param {any} desk */
export function saveDialog(desk) {
  const base = kept.file.replace(EXAMPLE, '').split('/').at(-1).replace(/\.\w+$/, '');
  const form = el('form', { class: 'form', novalidate: true },
    labelled('name', t('save_name'), { value: kept.saved?.name || `${base}-plan.yaml` }),
    labelled('title', t('save_title'), { value: kept.saved?.title || '' }),
    el('p', { class: 'note' }, t('save_note', { file: kept.file })),
    el('label', { class: 'check', hidden: !kept.saved }, el('input', { type: 'checkbox', 'data-fact': 'over', checked: Boolean(kept.saved) }), t('save_over')),
    el('div', { class: 'refused', role: 'alert' }), el('p', { class: 'row' }, el('button', { type: 'submit', class: 'first' }, t('save'))));
  form.addEventListener('submit', async (/** @type {any} */ event) => {
    event.preventDefault();
    const own = plan(), title = valueOf(form, 'title');
    let name = valueOf(form, 'name');
    if (name && !/\.(ya?ml)$/i.test(name)) name += '.yaml';
    try {
      const answer = await ask('/api/save', { body: { ...own, name, title, over: one('[data-fact=over]', form).checked, lang: kept.lang } });
      now.start.files = answer.files;
      kept.saved = { name, title, over: answer.file, plan: own };
      keep();
      one('#dialog').close();
      desk.frame();
    } catch (error) {
      one('.check', form).hidden = false;
      tell(error, form);
    }
  });
  dialog(t('save'), form);
}

/** A report in the forms asked for, as files to be downloaded. */
export function reportDialog() {
  let on = true;
  const forms = el('fieldset', null, el('legend', null, t('report_forms')), now.start.forms.map((form) => el('label', { class: 'check' },
    el('input', { type: 'checkbox', value: form, checked: ['word', 'excel'].includes(form) }), t(`form_${form}`))));
  const out = el('div', { role: 'status', class: 'out' });
  const form = el('form', { class: 'form', novalidate: true }, forms,
    labelled('issuer', t('report_issuer')), labelled('date', t('report_date')), labelled('data_until', t('report_until')),
    el('p', { class: 'note' }, t('report_note')), el('div', { class: 'refused', role: 'alert' }),
    el('p', { class: 'row' }, el('button', { type: 'submit', class: 'first' }, t('report'))), out);
  const made = dialog(t('report'), form);
  made.addEventListener('close', () => { on = false; }, { once: true });
  form.addEventListener('submit', async (/** @type {any} */ event) => {
    event.preventDefault();
    const wanted = all('input:checked', forms).map((each) => each.value);
    one('.refused', form).replaceChildren(...(wanted.length ? [] : [el('p', { class: 'wrong' }, t('report_none'))]));
    if (!wanted.length) return;
    const go = one('button[type=submit]', form);
    go.disabled = true;
    out.textContent = t('report_working');
    try {
      const stamp = Object.fromEntries(['issuer', 'date', 'data_until'].map((name) => [name, valueOf(form, name)]));
      const done = await job({ task: 'report', plans: [plan()], forms: wanted, stamp, lang: kept.lang },
        (at) => { out.textContent = `${t('report_working')} ${going(at)}`; }, () => on);
      if (done) {
        out.replaceChildren(el('p', null, t('report_done')), el('ul', { class: 'files' }, done.done.files.map((name) =>
          el('li', null, el('a', { href: `/api/job/${done.job}/${encodeURIComponent(name)}`, download: name }, name)))));
      }
    } catch (error) { out.textContent = ''; tell(error, form); }
    go.disabled = false;
  });
}

/** The plan as a workbook. */
export async function book() {
  const blob = await ask('/api/book', { body: { ...plan(), lang: kept.lang }, blob: true });
  download(blob, `${kept.file.replace(EXAMPLE, '').split('/').at(-1).replace(/\.\w+$/, '')}-plan.xlsx`);
}
