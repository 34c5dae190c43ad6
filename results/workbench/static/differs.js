// What differs from the file: each change with a way back, and the same as a file that extends it.

import { download, el, staying } from './dom.js';
import { ask, Refused } from './ask.js';
import { kept, key, names, now, plan, t, written } from './state.js';
import { book, saveDialog } from './files.js';

const said = (value) => (value === null || value === undefined || value === '' ? '—' : typeof value === 'number' ? String(Number(value.toFixed(6))) : String(value));

/** @param {HTMLElement} place @param {any} desk */
export function differences(place, desk) {
  const text = el('pre', { tabindex: '0', 'aria-label': t('as_yaml') });
  let of = '';

  async function read() {
    const own = `${kept.lang} ${key()}`;
    if (of === own) return;
    of = own;
    try {
      const answer = await ask('/api/text', { body: { ...plan(), lang: kept.lang }, wanted: () => own === `${kept.lang} ${key()}` });
      if (answer) text.textContent = answer.text;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      text.textContent = error.problems.map((each) => each.text).join('\n');
    }
  }

  function show() {
    const paths = Object.keys(kept.changes);
    const name = kept.file.replace('example:', '').split('/').at(-1).replace(/\.\w+$/, '');
    const copied = el('span', { role: 'status' });
    staying(place, () => place.replaceChildren(
      paths.length ? el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t('tab_differs') }, el('table', null,
        el('thead', null, el('tr', null, ['change_what', 'change_from', 'change_to', 'change_back'].map((each) => el('th', { scope: 'col' }, t(each))))),
        el('tbody', null, paths.map((path) => el('tr', null,
          el('th', { scope: 'row' }, names.get(path) || names.get(path.replace(/\.(value|low|high)$/, '')) || path, el('small', null, ` ${path}`)),
          el('td', { class: 'n' }, said(written.get(path))), el('td', { class: 'n' }, said(kept.changes[path])),
          el('td', null, el('button', { type: 'button', class: 'quiet', 'aria-label': `${t('take_back')}: ${names.get(path) || path}`, onclick: () => desk.takeBack([path]) }, t('take_back')))))))) : el('p', { class: 'soft' }, t('differs_none')),
      el('h3', null, t('as_yaml')), text,
      el('p', { class: 'row' },
        el('button', { type: 'button', 'data-do': 'copy', onclick: async () => {
          try { await navigator.clipboard.writeText(text.textContent || ''); copied.textContent = t('copied'); } catch { getSelection()?.selectAllChildren(text); copied.textContent = t('copy_by_hand'); }
        } }, t('copy')),
        el('button', { type: 'button', 'data-do': 'yaml', onclick: () => download(new Blob([text.textContent || ''], { type: 'text/yaml' }), `${name}-plan.yaml`) }, t('download_yaml')),
        el('button', { type: 'button', 'data-do': 'excel', onclick: async () => {
          try { await book(); } catch (error) { if (!(error instanceof Refused)) throw error; copied.textContent = error.message; }
        } }, t('download_excel')),
        el('button', { type: 'button', class: 'first', disabled: !paths.length || !now.whole, onclick: () => saveDialog(desk) }, t('save')), copied)));
    read();
  }
  return { show, fresh() { of = ''; } };
}
