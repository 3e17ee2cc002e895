// Whether `composure review --reader` says what the extension says, of 500 drafts, in every span, rule and heat: the program
// beside the reader's module of `dist/` and the engine in wasm.
//
//   node bench/reader/agree.mjs READER.safetensors ENGINE.wasm
//
// `dist/` must have been built with that file. The drafts are every ninth or so of `training/drafts/`, a writer after the other.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const WANTED = 500;
const [file, module] = process.argv.slice(2).map((name) => path.resolve(name));
const folder = 'training/drafts';
const drafts = fs.readdirSync(folder).sort().flatMap((name) => {
  const cases = fs.readFileSync(path.join(folder, name), 'utf8').matchAll(/^--- draft\n([^]*?)(?=^--- )/gm);
  // The marks of the labels go.
  return [...cases].map(([, text]) => text.replace(/\[\[[\w-]+\|([^]*?)\]\]/g, '$1').trim());
});
const step = drafts.length / WANTED;
const chosen = Array.from({ length: WANTED }, (_, number) => drafts[Math.floor(number * step)]);

const lines = chosen.map((draft, id) => JSON.stringify({ id: String(id), draft, thread: [] })).join('\n');
const target = process.env.CARGO_TARGET_DIR ?? 'target';
const { stdout, stderr } = spawnSync(`${target}/release/composure`, ['review', '--format', 'jsonl', '--reader', file],
  { input: lines, maxBuffer: 2 ** 28, encoding: 'utf8' });
if (!stdout) throw new Error(stderr);
const native = new Map(stdout.trimEnd().split('\n').map((line) => {
  const { id, heat, findings } = JSON.parse(line);
  return [id, [heat, ...findings.flatMap(({ rule, start, end }) => [rule, start, end])].join(' ')];
}));

const { default: init, Reader } = await import(path.resolve('dist/wasm/reader.js'));
await init({ module_or_path: fs.readFileSync('dist/wasm/reader_bg.wasm') });
const reader = new Reader(new Uint8Array(fs.readFileSync(file)));
const { exports } = (await WebAssembly.instantiate(fs.readFileSync(module))).instance;
/** Calls a function of the engine's module with a text, and gives the text that it gives. */
function call(name, text) {
  const bytes = new TextEncoder().encode(text);
  const at = exports.input(bytes.length);
  new Uint8Array(exports.memory.buffer, at, bytes.length).set(bytes);
  const length = exports[name]();
  return new TextDecoder().decode(new Uint8Array(exports.memory.buffer, exports.output(), length));
}
const wasm = chosen.map((draft) => {
  const sentences = call('sentences', draft);
  return call('hear', sentences ? reader.read(sentences).join('\n') : '');
});

const different = chosen.map((_, id) => id).filter((id) => native.get(String(id)) !== wasm[id]);
for (const id of different.slice(0, 5)) console.error(`draft ${id}: native ${native.get(String(id))}, wasm ${wasm[id]}`);
const words = chosen.join(' ').split(/\s+/).length;
const findings = wasm.reduce((sum, text) => sum + (text.split(' ').length - 1) / 3, 0);
console.log(`native and wasm: ${chosen.length} drafts, ${words} words, ${findings} findings, ${different.length} drafts differ`);
process.exitCode = different.length === 0 && native.size === WANTED ? 0 : 1;
