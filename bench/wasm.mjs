// The engine in wasm beside the floor of plain phrase search and harper.js, in one Node process. Prints medians.
import fs from 'node:fs';
import { performance } from 'node:perf_hooks';

const WASM = process.argv[2];
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Microseconds of one call: the median of forty batches. */
function time(work, calls) {
  for (let i = 0; i < calls; i += 1) work();
  const batches = Array.from({ length: 40 }, () => {
    const start = performance.now();
    for (let i = 0; i < calls; i += 1) work();
    return ((performance.now() - start) * 1000) / calls;
  });
  return median(batches);
}

const bytes = fs.readFileSync(WASM);
const cold = [];
for (let i = 0; i < 9; i += 1) {
  const start = performance.now();
  const { instance } = await WebAssembly.instantiate(bytes);
  instance.exports.choose(250);
  instance.exports.whole();
  cold.push(performance.now() - start);
}
const { instance } = await WebAssembly.instantiate(bytes);
const { choose, whole, key, build_floor: buildFloor, floor, memory } = instance.exports;
console.log(`composure: compile, tables and first review of 250 words   ${median(cold).toFixed(1)} ms`);
for (const words of [250, 1_088, 20_000]) {
  choose(words);
  console.log(`composure: ${words} words   whole ${time(whole, words > 5_000 ? 5 : 50).toFixed(0)} µs   key ${time(key, 200).toFixed(1)} µs   memory ${(memory.buffer.byteLength / 2 ** 20).toFixed(1)} MiB`);
}
buildFloor();
for (const words of [250, 1_088]) {
  choose(words);
  console.log(`floor:     ${words} words   whole ${time(floor, 200).toFixed(1)} µs`);
}

const { LocalLinter, binary } = await import('harper.js').then(async (harper) => ({ ...harper, binary: harper.binary ?? (await import('harper.js/binary')).binary }));
const linter = new LocalLinter({ binary });
await linter.setup();
const reply = fs.readFileSync(new URL('../src/engine/benches/mail/mod.rs', import.meta.url), 'utf8').match(/REPLY: &str = "([^"]+)"/)?.[1].replace(/\\\n\s*/g, '').replaceAll('\\n', '\n') ?? '';
for (const words of [250, 1_088]) {
  const text = reply.repeat(Math.ceil(words / 64));
  const times = [];
  for (let i = 0; i < 15; i += 1) {
    const start = performance.now();
    (await linter.lint(text + 'x'.repeat(i % 2))).forEach((lint) => lint.free());
    times.push((performance.now() - start) * 1000);
  }
  console.log(`harper.js: ${words} words   key ${median(times).toFixed(0)} µs`);
}
