/** @import { Editor } from '../hands' */
import { managed } from './managed.js';
import { paste, selected, take, type } from './ways.js';

/** Draft.js misreads what is typed over words of two styles, and several lines; a paste it reads right. @type {Editor} */
export const draft = {
  ...managed,
  matches: (body) => body.matches('.public-DraftEditor-content'),
  async replace(body, map, edit, changed) {
    const range = take(body, map, edit);
    await selected(body);
    if (edit.insert) await paste(range, edit.insert, changed);
    else type(body, '');
  },
};
