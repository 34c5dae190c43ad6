// Shares that add up: what one gains, those that are not locked lose in proportion.

const GRID = 10;  // tenths of a per cent

/**
 * @param {Record<string, number>} before shares, as the hand took hold of one
 * @param {string} key the one that is moved
 * @param {number} wanted where to
 * @param {(key: string) => boolean} locked
 * @returns {Record<string, number>} shares with the same sum; the moved one stops where the others have
 *   nothing left to give
 */
export function spread(before, key, wanted, locked) {
  const others = Object.keys(before).filter((each) => each !== key && !locked(each));
  const free = others.reduce((sum, each) => sum + before[each], 0);
  const own = before[key];
  if (!others.length) return { ...before };
  const to = Math.max(0, Math.min(wanted, own + free));
  const left = free - (to - own);
  const after = { ...before, [key]: round(to, 4) };
  if (Math.abs(to - own) < 1e-9) return after;
  const exact = others.map((each) => (free > 0 ? (before[each] / free) * left : left / others.length));
  const units = exact.map((value) => Math.floor(value * GRID + 1e-9));
  let rest = Math.floor(left * GRID + 1e-6) - units.reduce((sum, each) => sum + each, 0);
  const order = exact.map((value, at) => [value * GRID - units[at], at]).sort((a, b) => b[0] - a[0]);
  for (const [, at] of order) {
    if (rest <= 0) break;
    units[at] += 1;
    rest -= 1;
  }
  others.forEach((each, at) => { after[each] = units[at] / GRID; });
  const sum = others.reduce((total, each) => total + after[each], 0);
  const largest = others.reduce((best, each) => (after[each] > after[best] ? each : best), others[0]);
  after[largest] = round(after[largest] + left - sum, 4);  // what is finer than a tenth
  return after;
}

/** @param {Record<string, number>} shares */
export const sumOf = (shares) => round(Object.values(shares).reduce((sum, each) => sum + each, 0), 4);

const round = (value, at) => Number(value.toFixed(at));
