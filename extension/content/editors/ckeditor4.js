/** @import { Editor } from '../hands' */
import { contenteditable } from './contenteditable.js';
import { nudge, paste, releaseKey, take, typeLines } from './ways.js';

/**
 * CKEditor 4 remembers its text for undo at a key that moves the caret, and tells its page of a change at the release of one.
 * Only itself knows whether its lines end in `<br>` or are paragraphs, and what is sent as plain text depends on that.
 * @type {Editor}
 */
export const ckeditor4 = {
  ...contenteditable,
  ownUndo: true,
  matches: (body) => body.matches('.cke_editable'),
  mark(body) {
    for (const type of ['keydown', 'keyup']) nudge(body, type, { key: 'End', code: 'End', keyCode: 35 });
  },
  async replace(body, map, edit, changed) {
    const range = take(body, map, edit);
    if (!edit.insert.includes('\n') || !(await paste(range, edit.insert, changed))) {
      take(body, map, edit);
      typeLines(body, edit);
    }
    releaseKey(body);
  },
};
