/** @import { Editor } from '../hands' */
import { contenteditable } from './contenteditable.js';
import { paste, releaseKey, selected, suggest, take, type } from './ways.js';

/**
 * Any other contenteditable, such as those of CKEditor 5, ProseMirror, Lexical, Quill 2 and Trix: some framework may own its
 * DOM and put back what it did not do itself. So it is first asked, as a spell checker would or by a paste, then typed into.
 * In Firefox it hears of what is typed.
 * @type {Editor}
 */
export const managed = {
  ...contenteditable,
  ownUndo: true,
  matches: (body) => body.isContentEditable,
  async replace(body, map, edit, changed) {
    const range = take(body, map, edit);
    await selected(body);
    if (changed()) return;
    const ask = edit.insert.includes('\n') ? paste : suggest;
    if (await ask(range, edit.insert, changed)) return;
    // Who was asked in vain may have moved the selection.
    take(body, map, edit);
    type(body, edit.insert);
    releaseKey(body);
  },
};
