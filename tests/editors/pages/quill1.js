import { SEED, host, ready } from './common.js';

const element = document.createElement('div');
element.innerHTML = SEED;
host.append(element);
const { Quill } = /** @type {any} */ (window);
const quill = new Quill(element, { theme: 'snow', modules: { toolbar: [['bold', 'italic', 'link']] } });
ready({ root: () => quill.root, saved: () => quill.root.innerHTML, text: () => quill.getText(), listen: (changed) => quill.on('text-change', changed) });
