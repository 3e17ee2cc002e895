/** @import { Editor } from '../hands' */
import { contenteditable } from './contenteditable.js';
import { nudge, releaseKey, take, typeLines } from './ways.js';

/** CKEditor 4 remembers its text for undo at a key that moves the caret, and tells its page of a change at the release of one. @type {Editor} */
export const ckeditor4 = {
  ...contenteditable,
  ownUndo: true,
  matches: (body) => body.matches('.cke_editable'),
  mark(body) {
    for (const type of ['keydown', 'keyup']) nudge(body, type, { key: 'End', code: 'End', keyCode: 35 });
  },
  replace(body, map, edit) {
    take(body, map, edit);
    typeLines(body, edit);
    releaseKey(body);
  },
};
