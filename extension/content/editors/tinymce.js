/** @import { Editor } from '../hands' */
import { contenteditable } from './contenteditable.js';
import { releaseKey, take, typeLines } from './ways.js';

/** TinyMCE makes its undo levels at `input` events of this kind; without one on each side, one Ctrl+Z would take the typing too. @type {Editor} */
export const tinymce = {
  ...contenteditable,
  ownUndo: true,
  mark: (body) => void body.dispatchEvent(new InputEvent('input', { inputType: 'insertReplacementText', bubbles: true, composed: true })),
  matches: (body) => body.matches('.mce-content-body'),
  replace(body, map, edit) {
    take(body, map, edit);
    typeLines(body, edit);
    releaseKey(body);
  },
};
