/** @import { Editor } from '../hands' */
import { TextMap } from '../text-map.js';
import { take, type } from './ways.js';

/** An element that the browser alone edits, such as Gmail's: what is typed there by command is typed. @type {Editor} */
export const contenteditable = {
  matches: (body) => body.matches('[g_editable="true"]'),
  read: (body, regions) => TextMap.read(body, regions),
  selection(body, map) {
    const selection = body.ownerDocument.getSelection();
    const { anchorNode, focusNode } = selection ?? {};
    if (!selection || !anchorNode || !focusNode || !body.contains(anchorNode) || !body.contains(focusNode)) return null;
    return { anchor: map.offset(anchorNode, selection.anchorOffset), focus: map.offset(focusNode, selection.focusOffset) };
  },
  select(body, map, anchor, focus) {
    const from = map.point(anchor, false);
    const to = map.point(focus, false);
    body.ownerDocument.getSelection()?.setBaseAndExtent(from.node, from.offset, to.node, to.offset);
  },
  replace(body, map, edit) {
    take(body, map, edit);
    type(body, edit.insert);
  },
};
