import 'trix';
import 'trix/dist/trix.css';
import { SEED, host, ready } from './common.js';

const input = document.createElement('input');
input.type = 'hidden';
input.id = 'trix';
input.value = SEED.replace(/<(\/?)p>/g, '<$1div>');
const trix = /** @type {any} */ (document.createElement('trix-editor'));
trix.setAttribute('input', input.id);
trix.addEventListener('trix-initialize', () =>
  ready({ root: () => trix, saved: () => input.value, text: () => trix.editor.getDocument().toString(), listen: (changed) => trix.addEventListener('trix-change', changed) }));
host.append(input, trix);
