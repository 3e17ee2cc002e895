/** @import { Editor } from '../hands' */
import { contenteditable, releaseKey } from './contenteditable.js';

/** TinyMCE makes its undo levels at `input` events of this kind; without one on each side, one Ctrl+Z would take the typing too. @type {Editor} */
export const tinymce = {
  ...contenteditable,
  matches: (body) => body.matches('.mce-content-body'),
  replace(body, map, edit, changed) {
    mark(body);
    contenteditable.replace(body, map, edit, changed);
    mark(body);
    releaseKey(body);
  },
};

/** @param {HTMLElement} body */
const mark = (body) => body.dispatchEvent(new InputEvent('input', { inputType: 'insertReplacementText', bubbles: true, composed: true }));
