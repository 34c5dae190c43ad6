// Small tools for the page's elements: making them, putting in what the server wrote, reading numbers.
// Nothing here knows of scenarios.

/** @typedef {Node | string | null | undefined | false} Child */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Make an element. Keys that begin with `on` are listeners, `class` and `data-*` are attributes,
 * true stands for an attribute without a value, null and false leave it out.
 * @param {string} name
 * @param {Record<string, any> | null} [about]
 * @param {...(Child | Child[])} inside
 * @returns {any}
 */
export function el(name, about, ...inside) {
  return filled(document.createElement(name), about, inside);
}

/** The same for parts of a picture. @returns {any} */
export function svg(name, about, ...inside) {
  return filled(document.createElementNS(SVG, name), about, inside);
}

function filled(made, about, inside) {
  for (const [key, value] of Object.entries(about || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (key === 'value') made.value = value;
    else if (key === 'checked' || key === 'disabled' || key === 'hidden') made[key] = Boolean(value);
    else made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...inside.flat(2).filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

/** @param {string} what @param {ParentNode} [where] @returns {any} */
export const one = (what, where = document) => where.querySelector(what);
/** @param {string} what @param {ParentNode} [where] @returns {any[]} */
export const all = (what, where = document) => [...where.querySelectorAll(what)];

/**
 * Put in HTML that the server wrote. Its pictures carry a style, which the policy of the page lets only a
 * script set: it is taken off before the text is read, and set after.
 * @param {Element} into
 * @param {string} html
 */
export function put(into, html) {
  into.innerHTML = html.replace(/(<svg[^>]*?) style="([^"]*)"/g, '$1 data-style="$2"');
  for (const picture of all('svg[data-style]', into)) {
    picture.style.cssText = picture.dataset.style;
    picture.removeAttribute('data-style');
  }
}

/**
 * Build a part anew; whoever stood in it stands there again.
 * @param {HTMLElement} place
 * @param {() => void} build
 */
export function staying(place, build) {
  const at = /** @type {any} */ (document.activeElement);
  const name = place.contains(at) ? at.getAttribute('aria-label') || at.dataset.do || at.textContent : null;
  build();
  if (name === null || place.contains(document.activeElement)) return;
  all(at.tagName, place).find((each) => (each.getAttribute('aria-label') || each.dataset.do || each.textContent) === name)?.focus({ preventScroll: true });
}

/** The number of a chapter, which a piece of a report does not need. */
export const LEAD = /^\s*(\d+\.|[一二三四五六七八九十]+、)\s*/;

/** A number as it was typed, in letters of either script; null where it is none. @param {string} typed */
export function numberOf(typed) {
  const plain = typed.normalize('NFKC').replace(/[,%\s]/g, '').replace(/[−–—]/g, '-');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : null;
}

/** Decimals that a step has. @param {number} step */
export const decimals = (step) => Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)));

/** A number with the decimals of its step, more where it has more. @param {number} value */
export function shown(value, step = 0.1) {
  const least = decimals(step);
  for (let at = least; at < least + 3; at += 1) {
    if (Math.abs(Number(value.toFixed(at)) - value) < 1e-7) return value.toFixed(at);
  }
  return value.toFixed(least + 2);
}

/** Same to what a file would state. */
export const same = (a, b) => a === b || (typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) < 1e-7);

/** Wait until nothing was called for a while. @param {() => void} then @param {number} pause */
export function later(then, pause) {
  let timer = 0;
  const wait = (/** @type {number} */ other = pause) => {
    clearTimeout(timer);
    timer = setTimeout(then, other);
  };
  wait.stop = () => clearTimeout(timer);
  return wait;
}

/** Hand a text or a blob to the browser as a file. @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = el('a', { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 2000);
}

/** Months since the year 0 of `2024-05`; null where it is no month. @param {string | null | undefined} text */
export function monthOf(text) {
  const found = /^(\d{4})-(\d{2})$/.exec((text || '').trim().normalize('NFKC'));
  return found && Number(found[2]) >= 1 && Number(found[2]) <= 12 ? Number(found[1]) * 12 + Number(found[2]) - 1 : null;
}

/** The month as it is written. @param {number} at */
export const monthText = (at) => `${Math.floor(at / 12)}-${String((((at % 12) + 12) % 12) + 1).padStart(2, '0')}`;

/**
 * A field for a number: what is no number is told at once, arrows move it by its step.
 * @param {{value: number | null, step?: number, label: string, path?: string, wrong: string, empty?: boolean,
 *   set: (value: number | null) => void, class?: string}} about
 */
export function numberField(about) {
  const step = about.step || 0.1;
  const field = el('input', {
    type: 'text', inputmode: 'decimal', autocomplete: 'off', 'aria-label': about.label, 'data-path': about.path,
    class: `number ${about.class || ''}`,
  });
  field.show = (/** @type {number | null} */ value) => {
    field.known = value;
    if (document.activeElement !== field) field.typing = false;
    if (!field.typing) field.value = value === null ? '' : shown(value, step);
    told(field, '');
  };
  field.show(about.value);
  const take = () => {
    field.typing = false;
    const value = numberOf(field.value);
    if (value === null && !(about.empty && !field.value.trim())) {
      told(field, field.value.trim() ? about.wrong : '');
      if (!field.value.trim()) field.value = field.known === null ? '' : shown(field.known, step);
      return;
    }
    told(field, '');
    if (!same(value, field.known)) {
      field.known = value;
      about.set(value);
    }
    if (value !== null) field.value = shown(value, step);
  };
  const soon = later(take, 300);
  field.addEventListener('change', () => { soon.stop(); take(); });
  field.addEventListener('input', () => { field.typing = true; });
  field.addEventListener('keydown', (key) => {
    if (key.key === 'Enter') { soon.stop(); take(); }
    if (key.key !== 'ArrowUp' && key.key !== 'ArrowDown') return;
    key.preventDefault();
    const now = numberOf(field.value);
    if (now === null) return;
    const by = step * (key.shiftKey ? 10 : 1) * (key.key === 'ArrowUp' ? 1 : -1);
    field.value = shown(Number((now + by).toFixed(6)), step);
    soon();
  });
  return field;
}

/** Say what is wrong with a field, under it; nothing takes it away. @param {HTMLElement} field @param {string} text */
export function told(field, text) {
  const place = field.closest('.field') || field.parentElement;
  const own = field.dataset.says;
  if (own) document.getElementById(own)?.remove();
  delete field.dataset.says;
  if (!text) {
    field.removeAttribute('aria-invalid');
    field.removeAttribute('aria-describedby');
    return;
  }
  const id = `says-${(told.count = (told.count || 0) + 1)}`;
  field.dataset.says = id;
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute('aria-describedby', id);
  place?.append(el('p', { class: 'wrong', id, role: 'alert' }, text));
}
