import DOMPurify from 'dompurify';
import Squire from 'squire-rte';
import { SEED, bare, ready } from './common.js';

const sanitizeToDOMFragment = (/** @type {string} */ html) => DOMPurify.sanitize(html, { RETURN_DOM_FRAGMENT: true });
const body = bare();
// As Fastmail names it.
body.classList.add('v-RichText-input');
const squire = new Squire(body, { blockTag: 'DIV', sanitizeToDOMFragment });
squire.setHTML(SEED);
ready({ root: () => body, saved: () => squire.getHTML(), listen: (changed) => squire.addEventListener('input', changed) });
