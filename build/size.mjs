// Where every kilobyte of the mind goes, as the tables of docs/size.md: `node build/size.mjs`, after `./build.sh build`.
//
// What a part costs is what the whole is smaller without it, after brotli 11 (and, for the package, deflate 9): parts share
// what they have in common, so they come to less than the whole.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';

const brotli = bytes => zlib.brotliCompressSync(bytes, { params: {
  [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
const deflate = bytes => zlib.deflateRawSync(bytes, { level: 9 }).length;
const number = n => n.toLocaleString('en');
const row = (...cells) => `| ${cells.map(cell => typeof cell === 'number' ? number(cell) : cell).join(' | ')} |`;

// What the functions of a kind are called. The first that fits counts.
const KINDS = [
  ['the standard library\'s B-trees', /btree/],
  ['sorting', /slice::sort/],
  ['floating-point numbers as text', /flt2dec|fmt::float|bignum/],
  ['reading what comes from JavaScript', /[Dd]eserial|::de::|Visitor/],
  ['writing what goes to JavaScript', /[Ss]erializ|::ser::/],
  ['letters large and small, and other tables of Unicode', /unicode|to_lowercase|to_uppercase|conversions/],
  ['formatting, panics', /fmt::|Formatter|panic/],
  ['memory', /talc|__rdl|__rust_/],
  ['dropping', /drop_in_place|Drop>/],
  ['searching and splitting text', /str::pattern|Searcher|trim_|str::iter|Split|<impl str>|str::/],
  ['vectors', /vec::|Vec</],
  ['iterators', /iter::/],
  ['futures, closures and values of JavaScript', /js_sys|wasm_bindgen|gloo|web_sys|externref/],
  ['engine', /composure_engine/],
  ['session and its views', /composure_session/],
  ['frame', /composure_web/],
  ['packs\' phrases', /composure_phrases/],
  ['snippets', /composure_snippets/],
  ['all else', /./],
];

/** Reads a module's sections; of its code the bodies with their names. */
function sections(wasm) {
  let at = 8;
  const leb = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  const text = () => {
    const length = leb();
    at += length;
    return wasm.subarray(at - length, at).toString();
  };
  const limits = () => { if (leb() & 1) leb(); leb(); };
  const names = new Map(), bodies = [], found = new Map();
  let imported = 0;
  while (at < wasm.length) {
    const id = wasm[at++], length = leb(), start = at, end = at + length;
    found.set(id, wasm.subarray(start, end));
    if (id === 2) {
      for (let left = leb(); left > 0; left--) {
        text(); text();
        const kind = wasm[at++];
        if (kind === 0) { leb(); imported++; }
        else if (kind === 1) { at++; limits(); }
        else if (kind === 2) limits();
        else at += 2;
      }
    } else if (id === 10) {
      for (let left = leb(); left > 0; left--) {
        const from = at, size = leb();
        at += size;
        bodies.push(wasm.subarray(from, at));
      }
    } else if (id === 0 && text() === 'name') {
      while (at < end) {
        const kind = wasm[at++], part = leb(), after = at + part;
        if (kind === 1) for (let left = leb(); left > 0; left--) names.set(leb(), text());
        at = after;
      }
    }
    at = end;
  }
  return { found, bodies: bodies.map((bytes, place) => ({ bytes, name: names.get(imported + place) ?? '' })) };
}

/** The tables that src/engine/build.rs made last, as they lie in memory. */
function tables() {
  const folder = 'target/wasm32-unknown-unknown/release/build';
  const made = fs.readdirSync(folder).map(name => path.join(folder, name, 'out/tables.rs')).filter(file => fs.existsSync(file));
  const newest = made.sort((one, other) => fs.statSync(other).mtimeMs - fs.statSync(one).mtimeMs)[0];
  const source = fs.readFileSync(newest, 'utf8');
  const sizes = { u8: 1, i8: 1, u16: 2, u32: 4 };
  const numbers = (list, size) => {
    const all = list.match(/-?\d+/g) ?? [], bytes = Buffer.alloc(all.length * size);
    all.forEach((one, place) => bytes.writeUIntLE((Number(one) & (2 ** (8 * size) - 1)) >>> 0, place * size, size));
    return bytes;
  };
  const all = [];
  for (const [, name, type, value] of source.matchAll(/^pub static (\w+): (.+?) = ([^]*?);$/gm)) {
    const one = type.match(/\b(u8|i8|u16|u32)\b/)?.[1];
    if (['EXAMPLES', 'FACT_NAMES', 'CODED'].includes(name)) continue;
    if (name === 'PACKED') {
      for (const [, stream, bytes] of value.matchAll(/(\w+): &\[([^\]]*)\]/g)) all.push([`patterns: ${stream}`, numbers(bytes, 1)]);
    } else if (value.includes('"')) {
      all.push([name, Buffer.from([...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text).join(''))]);
    } else if (one) all.push([name, numbers(value, sizes[one])]);
  }
  return all;
}

const shipped = fs.readFileSync('dist/wasm/mind_bg.wasm');
// That which build/main.rs made what ships of: its name tells Binaryen's flags.
const made = fs.readdirSync('target/wasm').filter(name => /^mind-.*\.after\.wasm$/.test(name)).map(name => `target/wasm/${name}`);
const after = made.find(name => fs.readFileSync(name).equals(shipped));
if (!after) throw new Error('nothing in target/wasm is what dist/ has: run `./build.sh build`');
const before = after.replace('.after.', '.before.');
const flags = path.basename(before, '.before.wasm').slice('mind-ordered'.length).split(/(?=--)/);
const named = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'size-')), 'mind.wasm');
// As build/main.rs does it, but with the names kept, and in their order instead of that of build/order.rs.
const features = ['bulk-memory', 'nontrapping-float-to-int', 'sign-ext', 'mutable-globals', 'multivalue', 'reference-types', 'simd'];
execFileSync('node_modules/.bin/wasm-opt', [...flags, '--reorder-functions-by-name', ...features.map(feature => `--enable-${feature}`), '-g', '--strip-producers',
  '-o', named, before]);
const { found } = sections(shipped), { bodies } = sections(fs.readFileSync(named));
const [code, data] = [found.get(10), found.get(11)];

console.log(row('part of the module', 'bytes', 'brotli', 'deflate') + '\n' + row('---', '---', '---', '---'));
console.log(row('**all of it**, as it ships', shipped.length, brotli(shipped), deflate(shipped)));
console.log(row(`code: ${number(bodies.length)} functions`, code.length, brotli(code), deflate(code)));
console.log(row('data', data.length, brotli(data), deflate(data)));

console.log('\n' + row('code', 'functions', 'bytes', 'brotli') + '\n' + row('---', '---', '---', '---'));
const kindOf = name => KINDS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'all else';
const whole = brotli(Buffer.concat(bodies.map(body => body.bytes)));
const kinds = KINDS.map(([kind]) => {
  const own = bodies.filter(body => kindOf(body.name) === kind);
  const others = bodies.filter(body => kindOf(body.name) !== kind);
  const size = own.reduce((sum, body) => sum + body.bytes.length, 0);
  return [kind, own.length, size, whole - brotli(Buffer.concat(others.map(body => body.bytes)))];
});
for (const kind of kinds.filter(kind => kind[1] > 0).sort((one, other) => other[3] - one[3])) console.log(row(...kind));

console.log('\n' + row('data', 'bytes', 'brotli, alone') + '\n' + row('---', '---', '---'));
const all = tables().map(([name, bytes]) => [name, bytes.length, brotli(bytes)]).sort((one, other) => other[2] - one[2]);
const sum = (rows, place) => rows.reduce((sum, one) => sum + one[place], 0);
for (const table of all.filter(table => table[2] >= 300)) console.log(row(...table));
const small = all.filter(table => table[2] < 300);
console.log(row(`${small.length} smaller tables of the engine`, sum(small, 1), sum(small, 2)));
console.log(row('all else: texts and views, tables of Unicode, what panics say', data.length - sum(all, 1), brotli(data) - sum(all, 2)));
fs.rmSync(path.dirname(named), { recursive: true });
