// usage: build/lint.mjs PACKAGE. `web-ext lint` on what the Firefox store gets: no error, no warning, no notice.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "composure-"));
execFileSync("python3", ["-m", "zipfile", "-e", process.argv[2], folder]);
const run = spawnSync("node_modules/.bin/web-ext",
  ["lint", "--source-dir", folder, "--self-hosted", "--no-config-discovery", "--output", "json"], { encoding: "utf8" });
rmSync(folder, { recursive: true });
const { errors, warnings, notices } = JSON.parse(run.stdout.slice(run.stdout.indexOf("{")));
const found = [...errors, ...warnings, ...notices];
for (const { _type, code, message, file, line } of found) console.error(`${_type} ${code} ${file ?? ""}:${line ?? ""} ${message}`);
console.log(`web-ext lint: ${errors.length} errors, ${warnings.length} warnings, ${notices.length} notices`);
process.exit(found.length ? 1 : 0);
