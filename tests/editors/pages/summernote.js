import { SEED, host, ready } from './common.js';

const element = document.createElement('div');
element.innerHTML = SEED;
host.append(element);
const editor = /** @type {any} */ (window).jQuery(element);
editor.summernote({ height: 240 });
ready({
  root: () => /** @type {HTMLElement} */ (document.querySelector('.note-editable')),
  saved: () => editor.summernote('code'),
  listen: (changed) => editor.on('summernote.change', changed),
});
