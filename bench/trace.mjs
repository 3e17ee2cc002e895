// What of a key's time on a page's thread is more in one of Chromium's traces than in the other: `node bench/trace.mjs WITHOUT WITH`. How they come
// about: tests/src/bin/bench.rs. Microseconds of processor time for each key that was pressed since `turns`, without what is inside; and how
// often a key.
import { readFileSync } from 'node:fs';

/** @typedef {{ name: string, ph: string, pid: number, tid: number, ts: number, dur: number, tdur?: number, args: { data?: Record<string, unknown> } }} Traced */

/** @param {Traced} event */
const nameOf = ({ name, args: { data } }) =>
  [name, data?.functionName, data?.type, data?.nodeName, data?.url && `${String(data.url).slice(-40)}:${data.lineNumber}`].filter(Boolean).join(' ');

/** @param {string} file @returns {Map<string, { own: number, times: number }>} */
function read(file) {
  const parsed = JSON.parse(readFileSync(file, 'utf8'));
  /** @type {Traced[]} */
  const all = parsed.traceEvents ?? parsed;
  const begin = all.find(({ name, args }) => name === 'TimeStamp' && args.data?.message === 'turns');
  if (!begin) throw new Error(`${file}: the turns had not begun after 25 seconds`);
  const events = all
    .filter(({ ph, pid, tid, ts, tdur }) => ph === 'X' && pid === begin.pid && tid === begin.tid && ts >= begin.ts && tdur !== undefined)
    .sort((one, other) => one.ts - other.ts || other.dur - one.dur);
  const keys = events.filter((event) => nameOf(event) === 'EventDispatch keydown').length;
  const found = new Map();
  /** @type {{ end: number, row: { own: number, times: number } }[]} */
  const around = [];
  for (const event of events) {
    const { ts, dur, tdur = 0 } = event;
    while (around.length && around[around.length - 1].end <= ts) around.pop();
    const row = found.get(nameOf(event)) ?? { own: 0, times: 0 };
    found.set(nameOf(event), row);
    row.own += tdur / keys;
    row.times += 1 / keys;
    const outer = around.at(-1);
    if (outer) outer.row.own -= tdur / keys;
    around.push({ end: ts + dur, row });
  }
  return found;
}

const [without, with_] = process.argv.slice(2).map(read);
const none = { own: 0, times: 0 };
const rows = [...new Set([...without.keys(), ...with_.keys()])].map((name) => ({ name, before: without.get(name) ?? none, after: with_.get(name) ?? none }));
rows.sort((one, other) => Math.abs(other.after.own - other.before.own) - Math.abs(one.after.own - one.before.own));
console.log('    more    with without   times: with, without');
for (const { name, before, after } of rows.slice(0, 40)) {
  const figures = [after.own - before.own, after.own, before.own].map((time) => time.toFixed(1).padStart(7)).join(' ');
  console.log(`${figures}   ${after.times.toFixed(2)} ${before.times.toFixed(2)}   ${name}`);
}
