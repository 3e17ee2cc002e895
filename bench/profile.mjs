// What of a key's time on a page's thread is more in some of Firefox's profiles than in others: `node bench/profile.mjs FOLDER`, in which
// tests/src/bin/bench.rs says how they come about. Those with the extension in them are compared with those without. Microseconds of
// processor time for each of the last keys, with what is inside.
import { readFileSync, readdirSync } from 'node:fs';

/** The keys of `beside` whose turns are looked at. */
const KEYS = 50;
/** Behind the last one, in milliseconds: as `TOLD` of the bench. */
const TOLD = 400;

/**
 * @typedef {{ schema: Record<string, number>, data: any[][] }} Table
 * @typedef {{ name: string, stringTable: string[], markers: Table, samples: Table, stackTable: Table, frameTable: Table }} Thread
 */

/** When keys were pressed on a page of this thread. @param {Thread} thread @returns {number[]} */
const keysOf = ({ markers: { schema, data } }) =>
  data.filter((marker) => marker[schema.data]?.eventType === 'keydown').map((marker) => marker[schema.startTime]);

/** @param {string} file @returns {{ extended: boolean, busy: Map<string, number> } | null} */
function read(file) {
  /** @type {Thread[]} */
  const threads = JSON.parse(readFileSync(file, 'utf8')).processes.flatMap((/** @type {{ threads: Thread[] }} */ process) => process.threads);
  const mains = threads.filter(({ name }) => name === 'GeckoMain').map((thread) => ({ thread, keys: keysOf(thread) }));
  const [typed] = mains.toSorted((one, other) => other.keys.length - one.keys.length);
  if (!typed?.keys.length) return null;
  const { stringTable, samples, stackTable, frameTable } = typed.thread;
  const keys = typed.keys.toSorted((one, other) => one - other).slice(-KEYS);
  const [begin, end] = [keys[0], keys[keys.length - 1] + TOLD];
  const busy = new Map();
  for (const sample of samples.data) {
    const [time, nanoseconds] = [sample[samples.schema.time], sample[samples.schema.threadCPUDelta] ?? 0];
    if (time < begin || time > end) continue;
    const names = new Set();
    for (let at = sample[samples.schema.stack]; at !== null; at = stackTable.data[at][stackTable.schema.prefix]) {
      const location = stringTable[frameTable.data[stackTable.data[at][stackTable.schema.frame]][frameTable.schema.location]];
      if (!location.startsWith('0x')) names.add(location.replace(/moz-extension:\/\/[^/]*\/|\[\d+\]$/g, ''));
    }
    for (const name of names) busy.set(name, (busy.get(name) ?? 0) + nanoseconds / 1000 / keys.length);
  }
  return { extended: stringTable.some((name) => name.includes('content/loader.js')), busy };
}

const [folder] = process.argv.slice(2);
const profiles = readdirSync(folder).map((file) => read(`${folder}/${file}`)).filter((profile) => profile !== null);
const [with_, without] = [true, false].map((extended) => {
  const some = profiles.filter((profile) => profile.extended === extended);
  if (!some.length) throw new Error(`no profile ${extended ? 'with' : 'without'} the extension in ${folder}`);
  return (/** @type {string} */ name) => some.reduce((sum, { busy }) => sum + (busy.get(name) ?? 0), 0) / some.length;
});
const names = new Set(profiles.flatMap(({ busy }) => [...busy.keys()]));
const rows = [...names].map((name) => ({ name, with: with_(name), without: without(name) }));
rows.sort((one, other) => Math.abs(other.with - other.without) - Math.abs(one.with - one.without));
console.log('    more    with without');
for (const row of rows.slice(0, 80)) {
  console.log([row.with - row.without, row.with, row.without].map((time) => time.toFixed(1).padStart(7)).join(' '), ' ', row.name.slice(0, 140));
}
