import { SEED, bare, ready } from './common.js';

const body = bare();
body.contentEditable = 'true';
body.innerHTML = SEED;
ready({ root: () => body, saved: () => body.innerHTML, listen: (changed) => body.addEventListener('input', changed) });
