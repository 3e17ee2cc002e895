/** @import { Editor } from '../hands' */
import { TextMap } from '../text-map.js';
import { take, type } from './ways.js';

/** An element that the browser alone edits, such as Gmail's: what is typed there by command is typed. @type {Editor} */
export const contenteditable = {
  matches: (body) => body.matches('[g_editable="true"]'),
  read: (body, regions) => TextMap.read(body, regions),
  selection(body, map) {
    const selection = body.ownerDocument.getSelection();
    const root = body.getRootNode();
    // What is in a shadow root is only told to those who know that root.
    const range = root instanceof ShadowRoot ? selection?.getComposedRanges({ shadowRoots: [root] })[0] : selection?.rangeCount && selection.getRangeAt(0);
    if (!range || !body.contains(range.startContainer) || !body.contains(range.endContainer)) return null;
    const start = map.offset(range.startContainer, range.startOffset);
    const end = map.offset(range.endContainer, range.endOffset);
    return selection?.direction === 'backward' ? { anchor: end, focus: start } : { anchor: start, focus: end };
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
