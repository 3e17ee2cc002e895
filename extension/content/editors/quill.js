/** @import { Editor } from '../hands' */
import { managed } from './managed.js';
import { releaseKey, selected, take, typeLines } from './ways.js';

/** Quill 1, which pastes what it finds in an element of its own for that: nothing, where no clipboard was pasted from. @type {Editor} */
export const quill = {
  ...managed,
  matches: (body) => body.matches('.ql-editor') && Boolean(body.parentElement?.querySelector(':scope > .ql-clipboard')),
  async replace(body, map, edit, changed) {
    if (!edit.insert.includes('\n')) return managed.replace(body, map, edit, changed);
    take(body, map, edit);
    await selected(body);
    typeLines(body, edit);
    releaseKey(body);
  },
};
