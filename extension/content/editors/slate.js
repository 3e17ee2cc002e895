/** @import { Editor } from '../hands' */
import { pause } from '../edit.js';
import { firefox } from '../platform.js';
import { managed } from './managed.js';
import { paste, suggest, take, type } from './ways.js';

/** Longer than the 100 ms for which Slate may overlook a new selection. */
const SELECTION_MS = 150;

/** Slate takes any text that is suggested for a place; what is pasted goes where it last knew the caret. @type {Editor} */
export const slate = {
  ...managed,
  matches: (body) => body.matches('[data-slate-editor]'),
  async replace(body, map, edit, changed) {
    const range = take(body, map, edit);
    if (!firefox) return void (await suggest(range, edit.insert, changed));
    await pause(SELECTION_MS);
    if (edit.insert.includes('\n')) await paste(range, edit.insert, changed);
    else type(body, edit.insert);
  },
};
