/** @import { Editor } from '../hands' */
/** @import { TextEdit } from '../protocol' */
import { TextMap } from '../text-map.js';

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
    type(body.ownerDocument, edit.insert);
  },
};

/** Selects what shall be replaced. @param {HTMLElement} body @param {TextMap} map @param {TextEdit} edit */
export function take(body, map, { start, end }) {
  const document = body.ownerDocument;
  if (document !== window.document) document.defaultView?.focus();
  if (!body.contains(document.activeElement)) body.focus({ preventScroll: true });
  const range = map.range(start, end);
  const selection = document.getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
  return range;
}

/** The one way of writing that the browser's own undo knows. @param {Document} document @param {string} text */
export const type = (document, text) => document.execCommand(text ? 'insertText' : 'delete', false, text);

/**
 * Some editors copy their text to where it is sent from only when a key is released.
 * @param {HTMLElement} body
 */
export const releaseKey = (body) =>
  void body.dispatchEvent(new KeyboardEvent('keyup', { key: 'Shift', code: 'ShiftLeft', bubbles: true, composed: true }));
