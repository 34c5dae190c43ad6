// The row of buttons on top: open, undo, pin, save, report, print, language. It stands still while it changes.

import { el } from './dom.js';
import { kept, key, keyOf, now, t } from './state.js';
import { openDialog, reportDialog, saveDialog } from './files.js';
import { pin } from './pins.js';

/** @param {HTMLElement} place @param {any} desk */
export function toolbar(place, desk) {
  /** @type {Record<string, any>} */ let made = {};
  let shape = '';

  function build() {
    const button = (name, click, more = {}) => {
      made[name] = el('button', { type: 'button', 'data-do': name, onclick: click, ...more }, t(name));
      return made[name];
    };
    made = {};
    const language = el('select', { 'aria-label': t('language'), 'data-do': 'language', onchange: (event) => desk.speak(event.target.value) },
      Object.entries(now.start.languages).map(([id, name]) => el('option', { value: id, lang: id }, name)));
    language.value = kept.lang;
    place.replaceChildren(
      button('open', () => openDialog(desk)), button('new', () => openDialog(desk, true)),
      el('span', { class: 'gap' }),
      button('undo', () => desk.step(true), { title: 'Ctrl+Z' }), button('redo', () => desk.step(false), { title: 'Ctrl+Y' }),
      button('as_file', () => desk.go({ file: kept.file, changes: {} })),
      el('span', { class: 'gap' }),
      button('pin', () => { pin(); desk.frame(); desk.show(); }), button('save', () => saveDialog(desk), { class: 'first' }),
      button('report', () => reportDialog()), button('print', () => print()),
      language);
  }

  return {
    show() {
      if (shape !== kept.lang) { build(); shape = kept.lang; }
      const none = !now.whole;
      const off = {
        undo: !kept.past.length, redo: !kept.future.length, as_file: !Object.keys(kept.changes).length,
        pin: none || kept.pins.length >= 4 || kept.pins.some((each) => keyOf(each.plan) === key()),
        save: none || !Object.keys(kept.changes).length, report: none, print: now.run?.key !== `${kept.lang} ${key()}`,
      };
      for (const [name, is] of Object.entries(off)) made[name].disabled = is;
    },
    open() { openDialog(desk); },
    fresh() { shape = ''; },
  };
}
