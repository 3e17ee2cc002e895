// Whether the reader says natively what it says in wasm, of 500 drafts, in every span, label, trust and bit of the heat.
//
//   node bench/reader/agree.mjs READER.safetensors
//
// `dist/` must have been built with that file. The drafts are every fourth or so of `training/drafts/`, a writer after the other.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const WANTED = 500;
const FILE = path.resolve(process.argv[2] ?? 'extension/reader/reader.safetensors');
const folder = 'training/drafts';
const drafts = fs.readdirSync(folder).sort().flatMap((name) => {
  const cases = fs.readFileSync(path.join(folder, name), 'utf8').matchAll(/^--- draft\n([^]*?)(?=^--- )/gm);
  // A sentence a line, near enough to how the engine cuts; the marks of the labels go.
  return [...cases].map(([, text]) => text.replace(/\[\[[\w-]+\|([^]*?)\]\]/g, '$1').trim().replace(/(?<=[.!?])[ \t]+/g, '\n'));
});
const step = drafts.length / WANTED;
const chosen = Array.from({ length: WANTED }, (_, number) => drafts[Math.floor(number * step)]);

const arguments_ = ['run', '--release', '--quiet', '-p', 'composure-reader', '--example', 'read', '--', FILE];
const { stdout, stderr, status } = spawnSync('cargo', arguments_, { input: chosen.join('\0'), maxBuffer: 2 ** 28, encoding: 'utf8' });
if (status !== 0) throw new Error(stderr);
const native = stdout.trimEnd().split('\n').map((line) => JSON.parse(line));

const { default: init, Reader } = await import(path.resolve('dist/wasm/reader.js'));
await init({ module_or_path: fs.readFileSync('dist/wasm/reader_bg.wasm') });
const reader = new Reader(new Uint8Array(fs.readFileSync(FILE)));
const wasm = chosen.map((lines) => reader.read(lines));

const same = (one, other) => one.length === other.length && one.every((value, at) => Object.is(value ?? NaN, other[at]));
const different = chosen.filter((_, number) => !same(native[number], wasm[number]));
const words = chosen.join(' ').split(/\s+/).length;
const findings = wasm.reduce((sum, list) => sum + list[2], 0);
console.log(`native and wasm: ${chosen.length} drafts, ${words} words, ${findings} findings, ${different.length} drafts differ`);
process.exitCode = different.length === 0 && native.length === WANTED ? 0 : 1;
