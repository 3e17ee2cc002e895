// Makes docs/performance.md and its picture of what `wasm.mjs` and `tests/src/bin/bench.rs` left in out/bench/.
import fs from 'node:fs';

const read = (/** @type {string} */ name) => JSON.parse(fs.readFileSync(`out/bench/${name}.json`, 'utf8'));
const keys = read('keys');
/** @type {any[]} */
const browsers = read('browsers');

const digits = (/** @type {number} */ value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3));
const table = (/** @type {string[]} */ head, /** @type {string[][]} */ rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const count = (/** @type {number} */ words) => words.toLocaleString('en');

/** Microseconds as milliseconds. */
const ms = (/** @type {number} */ us) => digits(us / 1000);
const [ours] = keys.rows;
const perKey = table(
  ['milliseconds a key, median / p99', ...keys.words.map(count)],
  keys.rows.map((/** @type {any} */ { name, cells }) => [name, ...keys.words.map((/** @type {number} */ words) => `${ms(cells[words].median)} / ${ms(cells[words].p99)}`)]),
);
const harper = keys.rows.at(-1);
const times = (/** @type {any} */ row, /** @type {number} */ words) => Math.round(row.cells[words].median / ours.cells[words].median);
const ratios = table(
  ['times as dear as Composure', ...keys.words.map(count)],
  keys.rows.slice(4).map((/** @type {any} */ row) => [row.name, ...keys.words.map((/** @type {number} */ words) => count(times(row, words)))]),
);

const of = (/** @type {string} */ what) => browsers.filter((row) => row.what === what);
const pair = (/** @type {number[]} */ [median, p99]) => `${digits(median)} / ${digits(p99)}`;
const latency = table(
  ['browser', 'where', 'words', 'keys', 'highlight set', 'on the screen'],
  of('latency').map(({ browser, page, words, keys, set, shown }) => [browser, page, count(words), String(keys), pair(set), pair(shown)]),
);
const burden = table(
  ['browser', 'where', 'words', 'keys', 'main thread a key: with', 'without', 'added', 'event timing p98: with', 'without', 'long tasks: with', 'without'],
  of('burden').map(({ browser, page, words, keys, with: ours, without, added }) => [
    browser, page, count(words), String(keys), digits(ours[0]), without ? digits(without[0]) : '–', added ? `${digits(added[added.length >> 1])} (${digits(added[0])} to ${digits(added.at(-1))})` : '–',
    ...[1, 2].flatMap((at) => [at === 1 ? timing(ours[1]) : String(ours[2]), without ? (at === 1 ? timing(without[1]) : String(without[2])) : '–']),
  ]),
);
function timing(/** @type {number} */ value) {
  return value < 16 ? 'under 16' : value.toFixed(0);
}
const starts = of('start').map(({ browser, median, slowest, starts }) => `${browser} ${median.toFixed(0)} ms (slowest of ${starts}: ${slowest.toFixed(0)})`).join(', ');

const mib = (/** @type {number} */ bytes) => (bytes / 2 ** 20).toFixed(1);
const memory = table(
  ['browser', 'words', 'wasm', 'all else', 'together'],
  of('memory').map(({ browser, words, wasm, rest }) => [browser, count(words), mib(wasm), mib(rest), mib(wasm + rest)]),
);

fs.writeFileSync('docs/performance.svg', chart());
fs.writeFileSync('docs/performance.md', `# What a key costs

\`./build.sh bench\` writes this page; ${keys.date}, ${keys.machine}, load ${keys.load.toFixed(1)} at its end. The peers run in the same process, on the same
text, with the same letter typed into it and taken back; they take whole texts only, and so does what their users wait for.

## The work itself

What Composure's mind does for a key (session, engine, what is to be painted; in wasm), by the words of the mail. The mail has findings in its
first paragraphs only; in the second row it has some in every paragraph, 45 in 1,000 words, and all of them are painted.

${perKey}

${ratios}

![Milliseconds a key by the length of the mail, both on logarithmic scales](performance.svg)

Compiling the module, building its tables and a first review of 250 words took ${keys.cold.toFixed(0)} ms; its memory with 20,000 words is ${keys.used.toFixed(1)} MiB. harper.js
reads ${Math.round(times(harper, 250))} times as long as Composure for a key in 250 words.

## In real browsers

From a key's \`input\` event to its highlight being set, and to the frame that shows it, milliseconds, median / p99. Most of it is the way to the mind's
worker and back, in which the page draws its next frame. The letter that completes a finding is
what counts, not the key that unmakes it; harper.js paints its own in the same way. The row of the bare message is what the way to another process and
back takes alone, with something painted when it is back. The page is at rest meanwhile, and the hands mark the moment. Until 2026-11-30
it kept looking for its highlight by tasks of its own, which Chromium holds back after a key until it has drawn a frame
(\`DeferRendererTasksAfterInput\`): part of the slow hundredth of 18 ms that stood here was the looking, and older figures do not compare.

${latency}

What a key costs the page: milliseconds of its main thread for a key of a calm reply that is written on there, painting, the message that tells of it together
with others and the driver's own work included, the median
of turns of ten keys, which a browser with the extension and one without take one after the other, and of five such pairs (behind what is added
its least and most of the five, as two browsers of the same build differ); for how long the browser says that a key kept its
writer waiting (98th percentile); and how many tasks took over 50 ms. The row of the bare message
is what the way to another process and back costs alone.

${burden}

From the frame's element to the first highlight of a 250-word reply: ${starts}.

## Memory of the mind's frame

MiB after the garbage was collected, with one mail of so many words open and no reader or proofreader (aim: 10), the worker in which the mind is counted in. In Chromium: the memory of its wasm
module, and what their JavaScript engines have in use, the compiled code of the module not counted. In Firefox: all that about:memory counts under their addresses, compiled code too.

${memory}
`);

/** Lines over the length of the mail, in the page's own colours, light and dark. */
function chart() {
  const [width, height, left, right, top, bottom] = [760, 420, 76, 206, 20, 44];
  const shown = keys.rows.filter((/** @type {any} */ _, /** @type {number} */ at) => at !== 2);
  const all = shown.flatMap((/** @type {any} */ row) => keys.words.map((/** @type {number} */ words) => row.cells[words].median / 1000));
  const [low, high] = [Math.floor(Math.log10(Math.min(...all))), Math.ceil(Math.log10(Math.max(...all)))];
  const [from, to] = [Math.log10(keys.words[0]), Math.log10(keys.words.at(-1))];
  const x = (/** @type {number} */ words) => left + ((Math.log10(words) - from) / (to - from)) * (width - left - right);
  const y = (/** @type {number} */ value) => top + ((high - Math.log10(value)) / (high - low)) * (height - top - bottom);
  const colours = ['#1a7f5a', '#57a98a', '#8a8f98', '#b07d2b', '#c2553d', '#7a5cc0', '#3b6fb6'];
  const grid = Array.from({ length: high - low + 1 }, (_, at) => 10 ** (low + at))
    .map((value) => `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}"/><text x="${left - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${value >= 1 ? value : value.toFixed(-Math.log10(value))} ms</text>`);
  const labels = keys.words.map((/** @type {number} */ words) => `<text x="${x(words).toFixed(1)}" y="${height - 22}" text-anchor="middle">${count(words)}</text>`);
  // Names that would lie upon each other are moved apart.
  const ends = shown.map((/** @type {any} */ row, /** @type {number} */ at) => ({ row, at, y: y(row.cells[keys.words.at(-1)].median / 1000) })).sort((/** @type {any} */ a, /** @type {any} */ b) => a.y - b.y);
  for (let at = 1; at < ends.length; at += 1) ends[at].y = Math.max(ends[at].y, ends[at - 1].y + 17);
  const lines = ends.map((/** @type {any} */ { row, at, y: end }) => {
    const points = keys.words.map((/** @type {number} */ words) => `${x(words).toFixed(1)},${y(row.cells[words].median / 1000).toFixed(1)}`).join(' ');
    return `<polyline points="${points}" fill="none" stroke="${colours[at]}" stroke-width="${at === 0 ? 3 : 1.8}"/><text x="${width - right + 8}" y="${(end + 4).toFixed(1)}" style="fill:${colours[at]}">${row.name.replace(/, all that its mind does| \(the floor\)/, '').replace('the same, f', 'F')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Milliseconds a key by words of the mail">
<style>text{font:12px system-ui,sans-serif;fill:#444}.grid{stroke:#8884}@media(prefers-color-scheme:dark){text{fill:#ccc}}</style>
${grid.join('\n')}
${labels.join('\n')}
<text x="${(left + width - right) / 2}" y="${height - 4}" text-anchor="middle">words in the mail</text>
${lines.join('\n')}
</svg>
`;
}
