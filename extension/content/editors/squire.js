/** @import { Editor } from '../hands' */
import { managed } from './managed.js';
import { paste, selected, take, type } from './ways.js';

/** Squire, which is Fastmail's: a paste is a step of its undo, what is typed by command is not. @type {Editor} */
export const squire = {
  ...managed,
  matches: (body) => body.matches('.v-RichText-input'),
  async replace(body, map, edit, changed) {
    const range = take(body, map, edit);
    await selected(body);
    // Of what is pasted it drops the space before it.
    if (/^ [^\n]*$/.test(edit.insert)) type(body, edit.insert);
    else if (!(await paste(range, edit.insert, changed))) await managed.replace(body, map, edit, changed);
  },
};
