/** @import { Editor } from '../hands' */
import { contenteditable } from './contenteditable.js';
import { nudge } from './ways.js';

/** Summernote leaves typing to the browser, and remembers its text for undo when the mouse is let go. @type {Editor} */
export const summernote = {
  ...contenteditable,
  ownUndo: true,
  matches: (body) => body.matches('.note-editable'),
  mark: (body) => nudge(body, 'mouseup'),
};
