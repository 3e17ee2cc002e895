/** @import { Editor } from '../hands' */
import { firefox } from '../platform.js';
import { contenteditable, releaseKey, take, type } from './contenteditable.js';

/** TinyMCE makes its undo levels at `input` events of this kind; without one on each side, one Ctrl+Z would take the typing too. @type {Editor} */
export const tinymce = {
  ...contenteditable,
  ownUndo: true,
  mark: (body) => void body.dispatchEvent(new InputEvent('input', { inputType: 'insertReplacementText', bubbles: true, composed: true })),
  matches: (body) => body.matches('.mce-content-body'),
  replace(body, map, edit) {
    take(body, map, edit);
    // Firefox alone would break the lines inside the paragraph. All of it is one undo level, whatever the browser counts.
    const [first, ...others] = firefox ? edit.insert.split('\n') : [edit.insert];
    if (first || edit.start < edit.end) type(body.ownerDocument, first);
    for (const line of others) {
      body.ownerDocument.execCommand('insertParagraph');
      if (line) type(body.ownerDocument, line);
    }
    releaseKey(body);
  },
};
