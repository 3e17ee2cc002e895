import { SEED, host, ready } from './common.js';

const area = document.createElement('textarea');
area.value = SEED;
host.append(area);
const { CKEDITOR } = /** @type {any} */ (window);
// It would ask its makers whether there is a newer version.
const editor = CKEDITOR.replace(area, { versionCheck: false, removePlugins: 'exportpdf', height: 240 });
editor.on('instanceReady', () =>
  ready({ root: () => editor.editable().$, saved: () => editor.getData(), listen: (changed) => editor.on('change', changed) }));
