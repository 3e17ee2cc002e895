// The learned reader in Node and in headless Chromium, beside the same network under onnxruntime-web in the same run.
//
//   node bench/reader/run.mjs READER.safetensors [FOLDER]
//
// `dist/` must have been built with that file. FOLDER has `f32.onnx` and `int8.onnx` (`export_onnx.py` writes them) and `package/`,
// onnxruntime-web as npm packs it; without it the reader is measured alone. Every figure in Chromium is from a worker of its own.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { measureOnnx, measureReader } from './measure.mjs';

const [, , FILE, ONNX] = process.argv;
if (!FILE) throw new Error('usage: node bench/reader/run.mjs READER.safetensors [FOLDER]');
const here = import.meta.dirname;
const dist = path.resolve('dist');
const kinds = ONNX ? ['f32', 'int8'] : [];
const read = (file) => new Uint8Array(fs.readFileSync(file));
const ms = (value) => value.toFixed(value < 10 ? 1 : 0);
const spread = ({ median, best, p90 }) => `${ms(median)} (${ms(best)}-${ms(p90)})`;

function print(where, what, { sentence, reply, cold, key, known, memory, findings }) {
  const steps = Object.entries(cold).filter(([name]) => name !== 'all').map(([name, value]) => `${name} ${ms(value)}`).join(', ');
  console.log(`${where.padEnd(9)} ${what.padEnd(10)} 20 words ${spread(sentence)}   250 words, warm ${spread(reply)}   cold ${ms(cold.all)} = ${steps}`);
  if (key) console.log(`${''.padEnd(20)} a changed sentence in 250 words ${spread(key)}   all of them known ${spread(known)}   ${(memory / 2 ** 20).toFixed(1)} MiB of wasm memory, ${findings} findings`);
}

/** MiB that the renderers below a process hold, each page shared with others counted in part. Linux only. */
function memoryOf(root) {
  /** Nothing where it has ended meanwhile. */
  const told = (pid, file) => {
    try {
      return fs.readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  const parents = new Map(fs.readdirSync('/proc').filter(Number).map((pid) => [Number(pid), Number(told(pid, 'stat').split(') ')[1]?.split(' ')[1])]));
  const below = (pid) => pid === root || (parents.has(pid) && below(parents.get(pid)));
  const held = (pid) => {
    const isRenderer = told(pid, 'cmdline').includes('--type=renderer');
    return isRenderer ? Number(told(pid, 'smaps_rollup').match(/Pss: +(\d+)/)?.[1] ?? 0) : 0;
  };
  return [...parents.keys()].filter(below).reduce((sum, pid) => sum + held(pid), 0) / 1024;
}

/** Serves what the page needs and resolves with what it reports. */
async function inChromium() {
  const roots = { '/dist/': `${dist}/`, '/ort/': `${ONNX}/package/dist/`, '/onnx/': `${ONNX}/`, '/': `${here}/` };
  const types = { '.mjs': 'text/javascript', '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };
  let report;
  const reported = new Promise((resolve) => { report = resolve; });
  const page = `<!doctype html><script type="module">
    const memory = async () => (await fetch('/memory')).json();
    const run = (what) => new Promise((resolve) => {
      const worker = new Worker('/worker.mjs', { type: 'module' });
      worker.onmessage = async ({ data }) => {
        const during = await memory();
        worker.terminate();
        gc();
        await new Promise((then) => { setTimeout(then, 1000); });
        gc();
        const own = (await performance.measureUserAgentSpecificMemory()).bytes / 2 ** 20;
        resolve({ what, ...data, memory: { during, after: await memory(), own } });
      };
      worker.postMessage(what);
    });
    const results = [];
    const before = await memory();
    for (const what of ['nothing', 'nothing', 'reader', 'reader', 'reader', ...${JSON.stringify(kinds)}]) results.push({ before, ...await run(what) });
    const { watch } = await import('/watch.mjs');
    const typing = [await watch(false), await watch(true), await watch(false), await watch(true)];
    await fetch('/report', { method: 'POST', body: JSON.stringify({ results, typing }) });
  </script>`;
  const server = http.createServer((request, response) => {
    // Cross-origin isolation: without it Chromium keeps the clock coarse.
    const head = (type) => ({ 'Content-Type': type, 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cache-Control': 'no-store' });
    if (request.method === 'POST') {
      const parts = [];
      request.on('data', (part) => parts.push(part)).on('end', () => { report(JSON.parse(Buffer.concat(parts).toString())); response.end(); });
      return;
    }
    if (request.url === '/memory') return void response.writeHead(200, head('application/json')).end(JSON.stringify(memoryOf(chromium.pid)));
    if (request.url === '/') return void response.writeHead(200, head('text/html')).end(page);
    const root = Object.keys(roots).find((prefix) => request.url.startsWith(prefix));
    const file = ['/reader', '/dist/reader/reader.safetensors'].includes(request.url) ? FILE : roots[root] + request.url.slice(root.length);
    if (!fs.existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, head(types[path.extname(file)] ?? 'application/octet-stream'));
    fs.createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'composure-bench-'));
  const chromium = spawn('chromium', ['--headless=new', '--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc', `--user-data-dir=${profile}`,
    `http://127.0.0.1:${server.address().port}/`], { stdio: 'ignore' });
  const gone = new Promise((_, reject) => { chromium.once('exit', (code) => reject(new Error(`chromium ended with ${code}`))); });
  try {
    return await Promise.race([reported, gone]);
  } finally {
    gone.catch(() => {});
    chromium.kill();
    server.close();
    server.closeAllConnections();
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

const size = (file) => `${path.basename(file)} ${(fs.statSync(file).size / 1e6).toFixed(2)} MB`;
const module = path.join(dist, 'wasm/reader_bg.wasm');
console.log(`${size(module)} (${(brotliCompressSync(fs.readFileSync(module)).length / 1e6).toFixed(2)} after brotli), ${size(FILE)}`);
if (ONNX) console.log([path.join(ONNX, 'package/dist/ort-wasm-simd-threaded.wasm'), ...kinds.map((kind) => path.join(ONNX, `${kind}.onnx`))].map(size).join(', '));
console.log(`milliseconds: median (best-90th percentile). Load of the machine: ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} cores`);

print('Node', 'reader', await measureReader({
  glue: () => import(path.join(dist, 'wasm/reader.js')), module: () => read(path.join(dist, 'wasm/reader_bg.wasm')), file: () => read(FILE),
}));
for (const kind of kinds) {
  print('Node', `ort ${kind}`, await measureOnnx({
    ort: () => import(path.resolve(ONNX, 'package/dist/ort.wasm.bundle.min.mjs')), runtime: () => read(path.join(ONNX, 'package/dist/ort-wasm-simd-threaded.wasm')),
    model: () => read(path.join(ONNX, `${kind}.onnx`)), file: () => read(FILE),
  }));
}
const { results, typing } = await inChromium();
for (const { what, result, error, before, memory: { during, after, own } } of results) {
  if (error) throw new Error(`${what} in Chromium: ${error}`);
  if (result) print('Chromium', ['reader', 'nothing'].includes(what) ? what : `ort ${what}`, result);
  else console.log(`Chromium  ${what}: a worker that takes 34 MiB and the file and does no more`);
  console.log(`${''.padEnd(20)} renderer's memory ${before.toFixed(0)} MiB before, ${during.toFixed(0)} with the worker, ${after.toFixed(0)} a second after it has gone (the page's own ${own.toFixed(1)})`);
}
for (const { reads, late, p99, longest, long, answers, spent } of typing) {
  console.log(`Chromium  page's thread ${reads ? `while a reader reads, ${answers} replies of 257 words` : 'while none does'}: a timer is late by ${late.toFixed(2)} ms (median), ${p99.toFixed(1)} (99th percentile), ${longest.toFixed(1)} (most); ${long} long tasks${reads ? `; asking and hearing took ${(spent / answers).toFixed(2)} ms a reply` : ''}`);
}
console.log(`Load of the machine: ${os.loadavg()[0].toFixed(1)}`);
