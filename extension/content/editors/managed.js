/** @import { Editor } from '../hands' */
/** @import { TextEdit } from '../protocol' */
import { pause } from '../edit.js';
import { firefox } from '../platform.js';
import { contenteditable, releaseKey, take, type } from './contenteditable.js';

/**
 * Any other contenteditable: some framework may own its DOM and put back what it did not do itself. So it is first asked,
 * as a spell checker would, then typed into. In Firefox it hears of what is typed, and would misread what it is asked.
 * @type {Editor}
 */
export const managed = {
  ...contenteditable,
  ownUndo: true,
  matches: (body) => body.isContentEditable,
  async replace(body, map, edit, changed) {
    const range = take(body, map, edit);
    await selected(body.ownerDocument);
    if (changed()) return;
    if (!firefox) {
      const multiline = edit.insert.includes('\n');
      const event = multiline ? paste(edit.insert) : replacement(edit, range);
      const at = range.startContainer.nodeType === Node.ELEMENT_NODE ? range.startContainer : range.startContainer.parentElement;
      at?.dispatchEvent(event);
      for (let waited = 0; waited < (multiline ? 320 : 40) && !changed(); waited += 20) await pause(20);
      if (changed() || (event.defaultPrevented && !multiline)) return;
    }
    type(body.ownerDocument, edit.insert);
    releaseKey(body);
  },
};

/** @param {string} text */
function carrier(text) {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  return data;
}

/** @param {string} text */
const paste = (text) => new ClipboardEvent('paste', { clipboardData: carrier(text), bubbles: true, cancelable: true, composed: true });

/** @param {TextEdit} edit @param {Range} range */
const replacement = ({ insert }, range) =>
  new InputEvent('beforeinput', {
    inputType: 'insertReplacementText',
    data: insert,
    dataTransfer: carrier(insert),
    targetRanges: [new StaticRange(range)],
    bubbles: true,
    cancelable: true,
    composed: true,
  });

/** Editors learn of a new selection from this event, a little later. @param {Document} document */
function selected(document) {
  return Promise.race([new Promise((resolve) => document.addEventListener('selectionchange', resolve, { once: true })), pause(120)]);
}
