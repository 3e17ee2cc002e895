/**
 * Bundles `pages/*.js`, a page for each editor, into the folder that is named: `node build.mjs FOLDER`. Nothing is fetched.
 * Editors that load parts of themselves are not bundled: the test server has their packages under the names in SCRIPTS.
 */
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** What stands in a page before its own script. @type {Record<string, string[]>} */
const SCRIPTS = {
  ckeditor4: ['ckeditor4/ckeditor.js'],
  quill1: ['quill1/quill.min.js'],
  summernote: ['jquery/jquery.min.js', 'summernote/summernote-lite.min.js'],
  tinymce: ['tinymce/tinymce.min.js'],
  tinymce5: ['tinymce5/tinymce.min.js'],
};
const STYLES = /** @type {Record<string, string>} */ ({ quill1: 'quill1/quill.snow.css', summernote: 'summernote/summernote-lite.min.css' });

const here = import.meta.dirname;
const folder = path.resolve(process.argv[2]);
const pages = fs.readdirSync(path.join(here, 'pages')).map((file) => path.parse(file).name).filter((name) => name !== 'common');

await build({
  entryPoints: pages.map((name) => path.join(here, `pages/${name}.js`)),
  outdir: folder,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  define: { global: 'window', 'process.env.NODE_ENV': '"production"' },
  loader: { '.svg': 'dataurl' },
  logLevel: 'error',
});
for (const name of pages) {
  const style = STYLES[name] ?? (fs.existsSync(path.join(folder, `${name}.css`)) ? `${name}.css` : null);
  const link = style ? `<link rel="stylesheet" href="${style}">` : '';
  const scripts = (SCRIPTS[name] ?? []).map((src) => `<script src="${src}"></script>`).join('\n');
  fs.writeFileSync(path.join(folder, `${name}.html`), `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>${name}</title>
<style>body { font: 16px/1.5 sans-serif; margin: 24px; } #host { max-width: 800px; min-height: 260px; }
  .bare { border: 1px solid #888; padding: 8px; min-height: 240px; }</style>
${link}
<div id="host"></div>
${scripts}
<script type="module" src="${name}.js"></script>
`);
}
