/** @import { Editor } from '../hands' */
import { TextMap } from '../text-map.js';
import { type } from './ways.js';

/** @type {Editor} */
export const textarea = {
  matches: (body) => body.nodeName === 'TEXTAREA',
  read: (body) => TextMap.plain(body, area(body).value),
  selection(body) {
    const { selectionStart: anchor, selectionEnd: focus } = area(body);
    return { anchor, focus };
  },
  select: (body, _map, anchor, focus) => area(body).setSelectionRange(Math.min(anchor, focus), Math.max(anchor, focus)),
  replace(body, _map, { start, end, insert }) {
    body.focus({ preventScroll: true });
    area(body).setSelectionRange(start, end);
    type(body, insert);
  },
};

/** @param {HTMLElement} body */
const area = (body) => /** @type {HTMLTextAreaElement} */ (body);
