// What one key costs, in one Node process: the mind in wasm, and beside it what its peers and a plain phrase search pay for the
// same text with the same letter in it. Prints a table and leaves out/bench/keys.json for bench/report.mjs.
import fs from 'node:fs';
import os from 'node:os';
import { performance } from 'node:perf_hooks';
import { LocalLinter } from 'harper.js';
import { binary } from 'harper.js/binary';
import { PEERS } from './peers/peers.mjs';

const WASM = process.argv[2];
const WORDS = [50, 250, 1_000, 5_000, 20_000];
/** Keys of each cell, or as many as fit into the time. */
const KEYS = 1_000;
const CELL_MS = 4_000;

const bytes = fs.readFileSync(WASM);
const start = performance.now();
const { instance } = await WebAssembly.instantiate(bytes);
const { choose, whole, key, build_floor: buildFloor, floor, output, memory } = /** @type {any} */ (instance.exports);
choose(250, true);
whole();
const cold = performance.now() - start;

/** A mail, and the same with a letter typed in its middle. @param {number} words @param {boolean} calm */
function texts(words, calm) {
  const length = choose(words, calm);
  const text = new TextDecoder().decode(new Uint8Array(memory.buffer, output(), length));
  const at = text.indexOf('tracking');
  return [text, `${text.slice(0, at)}x${text.slice(at)}`];
}

/** Microseconds of single calls. @param {(turn: number) => unknown} work */
async function time(work) {
  // Until the compiler of the browser's engine has had its time with it.
  const warm = performance.now() + CELL_MS / 10;
  for (let turn = 0; turn < 2 || performance.now() < warm; turn += 1) await work(turn);
  const times = [];
  const end = performance.now() + CELL_MS;
  for (let turn = 0; turn < KEYS && (performance.now() < end || turn < 5); turn += 1) {
    const start = performance.now();
    await work(turn);
    times.push((performance.now() - start) * 1000);
  }
  times.sort((a, b) => a - b);
  const quantile = (/** @type {number} */ q) => times[Math.ceil((times.length - 1) * q)];
  return { median: quantile(0.5), p99: quantile(0.99), keys: times.length };
}

/** @type {{ name: string, cells: Record<number, { median: number, p99: number, keys: number }> }[]} */
const rows = [];
/** @param {string} name @param {(texts: string[]) => (turn: number) => unknown} work @param {{ calm?: boolean }} [options] */
async function measure(name, work, { calm = true } = {}) {
  /** @type {typeof rows[number]} */
  const row = { name, cells: {} };
  for (const words of WORDS) row.cells[words] = await time(work(texts(words, calm)));
  rows.push(row);
  const cells = WORDS.map((words) => `${row.cells[words].median.toFixed(1)} / ${row.cells[words].p99.toFixed(0)}`.padStart(20));
  console.log(name.padEnd(44), ...cells);
}

console.log('microseconds a key, median / p99'.padEnd(44), ...WORDS.map((words) => `${words} words`.padStart(20)));
await measure('Composure, all that its mind does', () => () => key());
await measure('the same, findings in every paragraph', () => () => key(), { calm: false });
await measure('Composure, the whole text anew', () => () => whole());
const used = memory.buffer.byteLength / 2 ** 20;
buildFloor();
await measure('aho-corasick, 1,500 phrases (the floor)', () => () => floor());
for (const [name, lint] of PEERS) await measure(name, (texts) => (turn) => lint(texts[turn % 2]));

const linter = new LocalLinter({ binary });
await linter.setup();
const { version } = JSON.parse(fs.readFileSync('node_modules/harper.js/package.json', 'utf8'));
await measure(`harper.js ${version}`, (texts) => async (turn) => {
  for (const lint of await linter.lint(texts[turn % 2], { language: 'plaintext' })) lint.free();
});

const [ours] = rows;
for (const row of rows.slice(3)) {
  const ratios = WORDS.map((words) => `${(row.cells[words].median / ours.cells[words].median).toFixed(1)}x`.padStart(20));
  console.log(`${row.name} : Composure`.padEnd(44), ...ratios);
}
console.log(`compile, tables and first review of 250 words: ${cold.toFixed(1)} ms; wasm memory with 20,000 words: ${used.toFixed(1)} MiB`);
fs.mkdirSync('out/bench', { recursive: true });
const machine = `${os.cpus().length} cores of ${os.cpus()[0].model.trim()}, Node ${process.versions.node}`;
const date = new Date().toISOString().slice(0, 10);
fs.writeFileSync('out/bench/keys.json', JSON.stringify({ date, machine, load: os.loadavg()[0], words: WORDS, cold, used, rows }, null, 1));
