// `web-ext lint` on dist/: no errors, and no warnings but those that the README explains.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const run = spawnSync("node_modules/.bin/web-ext",
  ["lint", "--source-dir", "dist", "--self-hosted", "--no-config-discovery", "--output", "json"], { encoding: "utf8" });
const report = JSON.parse(run.stdout.slice(run.stdout.indexOf("{")));
const readme = readFileSync("README.md", "utf8");
const unexplained = [...report.errors, ...report.warnings.filter(({ code }) => !readme.includes(`\`${code}\``))];
for (const { _type, code, message, file, line } of unexplained) console.error(`${_type} ${code} ${file ?? ""}:${line ?? ""} ${message}`);
console.log(`web-ext lint: ${report.summary.errors} errors, ${report.summary.warnings} warnings, ` +
  `${unexplained.length} of them not explained in the README`);
process.exit(unexplained.length ? 1 : 0);
