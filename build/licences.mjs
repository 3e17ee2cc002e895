// Writes docs/licences.md, the list of what ships with its licence, and extension/LICENCES.txt, the notices that those licences want
// to be shipped. Fails for a crate whose licence is not among those of deny.toml, or that has no text of it.
// With --check it writes nothing, and fails where the files are not what it would write.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SHIPPED = ['composure-web', 'composure-reader-web', 'composure-proof-web'];
const TARGET = 'wasm32-unknown-unknown';
const TEXT = /^(licen[cs]e|copying|notice|unlicense)([-._].*)?$/i;

const cargo = (...args) => execFileSync('cargo', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
const allowed = new Set(
  readFileSync('deny.toml', 'utf8').match(/allow = \[([^\]]*)\]/)[1].match(/"[^"]+"/g).map((name) => name.slice(1, -1)),
);

/** Whether an SPDX expression can be met with the allowed licences. Old manifests write `/` for OR. */
function isAllowed(expression, licences = allowed) {
  const clean = expression.replaceAll('/', ' OR ');
  const any = (text) => split(text, ' OR ').some((one) => split(one, ' AND ').every(term));
  const term = (text) => {
    const bare = text.trim();
    return bare.startsWith('(') ? any(bare.slice(1, -1)) : licences.has(bare);
  };
  return any(clean);
}

/** Splits at an operator that stands outside of brackets. */
function split(text, operator) {
  const parts = [''];
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0 && text.startsWith(operator, at)) {
      parts.push('');
      at += operator.length - 1;
    } else parts[parts.length - 1] += text[at];
  }
  return parts;
}

function crates() {
  const tree = cargo(
    'tree', '--locked', ...SHIPPED.flatMap((name) => ['-p', name]), '-e', 'normal', '--target', TARGET, '--prefix', 'none',
    '--no-dedupe', '--format', '{p}',
  );
  // A procedural macro runs in the compiler; nothing of it is in what it writes.
  const used = new Set(tree.split('\n').filter((line) => line && !line.includes('(proc-macro)')).map((line) => line.split(' ').slice(0, 2).join(' ')));
  const metadata = JSON.parse(cargo('metadata', '--locked', '--format-version', '1', '--filter-platform', TARGET));
  return metadata.packages
    .filter((one) => one.source && used.has(`${one.name} v${one.version}`))
    .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : one.version < other.version ? -1 : 1));
}

/** The texts of a crate's licences and notices whose files are named so, in the order of their names. */
function texts(crate, named) {
  const folder = dirname(crate.manifest_path);
  const names = readdirSync(folder).filter((name) => named.test(name)).sort();
  const clean = (text) => text.replaceAll('\r\n', '\n').split('\n').map((line) => line.trimEnd()).join('\n').trim();
  return names
    .map((name) => join(folder, name))
    .flatMap((path) => { try { return [clean(readFileSync(path, 'utf8'))]; } catch { return []; } });
}

const problems = [];
const shipped = crates();
const rows = [];
/** Each text once, with the crates that it belongs to. */
const notices = new Map();
const apache = [];
const without = [];
for (const crate of shipped) {
  const name = `${crate.name} ${crate.version}`;
  const licence = crate.license ?? 'not told';
  if (!isAllowed(licence)) problems.push(`${name}: ${licence} is not among the licences of deny.toml`);
  rows.push(`| ${crate.name} | ${crate.version} | ${licence} |`);
  // Where there is a choice, it is our own licence, whose text is in the package already.
  const ours = isAllowed(licence, new Set(['Apache-2.0']));
  if (ours) apache.push(name);
  const found = texts(crate, ours ? /^notice([-._].*)?$/i : TEXT);
  if (found.length === 0 && !ours) without.push(`${name} (${licence}), ${crate.repository ?? ''}`);
  for (const text of found) notices.set(text, [...(notices.get(text) ?? []), name]);
}

const tools = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
const wanted = { ...tools[''].devDependencies, ...tools[''].dependencies };
const npm = Object.keys(wanted).sort().map((name) => {
  const one = tools[`node_modules/${name}`];
  return `| ${name} | ${one.version} | ${one.license ?? 'not told'} |`;
});
if (tools[''].dependencies) problems.push('package.json has dependencies: nothing of npm ships');

const list = `# Licences

Written by \`./build.sh licences\` from Cargo.lock and package-lock.json; do not edit. \`deny.toml\` has the licences that are allowed.

## What ships

Composure itself, with its reader, its words and its snippets, is under Apache-2.0. Compiled into its wasm are these ${shipped.length}
crates; their notices are in the package, \`LICENCES.txt\`. The hands and the pages use no library.

| crate | version | licence |
| --- | --- | --- |
${rows.join('\n')}

## What builds and tests it

None of it ships. The crates are in Cargo.lock, under the licences of \`deny.toml\`; from npm, with all that they bring in
\`package-lock.json\` and \`tests/editors/package-lock.json\`:

| package | version | licence |
| --- | --- | --- |
${npm.join('\n')}
`;

const rule = '-'.repeat(80);
const parts = [...notices].map(([text, names]) => `${rule}\n${names.join(', ')}\n${rule}\n\n${text}\n`);
const file = `Composure is under the Apache License 2.0 (LICENSE). Compiled into it are parts of these works, under these licences.\n\nUnder the Apache License 2.0 as well, where they leave a choice by that choice:\n\n${
  apache.join('\n')
}\n\n${parts.join('\n')}${without.length ? `\n${rule}\nWithout a text of their own in what their authors publish:\n${rule}\n\n${without.join('\n')}\n` : ''}`;

for (const problem of problems) console.error(problem);
for (const [path, text] of [['docs/licences.md', list], ['extension/LICENCES.txt', file]]) {
  const current = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (process.argv.includes('--check')) {
    if (current !== text) problems.push(`${path} is stale: run ./build.sh licences`);
  } else writeFileSync(path, text);
  console.log(`${path}  ${text.length} bytes`);
}
console.log(`${shipped.length} crates ship, ${notices.size} texts, ${without.length} crates without one`);
for (const problem of problems.filter((one) => one.includes('stale'))) console.error(problem);
process.exit(problems.length ? 1 : 0);
