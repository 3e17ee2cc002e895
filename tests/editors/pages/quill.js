import Quill from 'quill';
import 'quill/dist/quill.snow.css';
import { SEED, host, ready } from './common.js';

const element = document.createElement('div');
element.innerHTML = SEED;
host.append(element);
const quill = new Quill(element, { theme: 'snow', modules: { toolbar: [['bold', 'italic', 'link']] } });
ready({ root: () => quill.root, saved: () => quill.getSemanticHTML(), text: () => quill.getText(), listen: (changed) => quill.on('text-change', changed) });
