/** @import { TextEdit } from '../protocol' */
/** @import { TextMap } from '../text-map' */
import { pause } from '../edit.js';
import { firefox } from '../platform.js';

/** Selects what shall be replaced. @param {HTMLElement} body @param {TextMap} map @param {TextEdit} edit */
export function take(body, map, { start, end }) {
  const document = body.ownerDocument;
  if (document !== window.document) document.defaultView?.focus();
  const { activeElement } = /** @type {Document | ShadowRoot} */ (body.getRootNode());
  if (!body.contains(activeElement)) body.focus({ preventScroll: true });
  const range = map.range(start, end);
  // (A selection takes a range of the document only, and these places of shadow roots, too.)
  document.getSelection()?.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  return range;
}

/** Editors learn of a new selection from this event, a little later; none comes where it was the selection before. @param {HTMLElement} body */
export async function selected({ ownerDocument }) {
  await Promise.race([new Promise((resolve) => ownerDocument.addEventListener('selectionchange', resolve, { once: true })), pause(300)]);
  await pause(0);
}

/** The one way of writing that the browser's own undo knows. @param {HTMLElement} body @param {string} text */
export const type = ({ ownerDocument }, text) => ownerDocument.execCommand(text ? 'insertText' : 'delete', false, text);

/** The same with Enter between lines, where a typed line break would stay inside the paragraph. @param {HTMLElement} body @param {TextEdit} edit */
export function typeLines(body, { start, end, insert }) {
  const [first, ...others] = insert.split('\n');
  if (first || start < end) type(body, first);
  for (const line of others) {
    body.ownerDocument.execCommand('insertParagraph');
    if (line) type(body, line);
  }
}

/** Some editors copy their text to where it is sent from only when a key is released. @param {HTMLElement} body */
export const releaseKey = (body) =>
  void body.dispatchEvent(new KeyboardEvent('keyup', { key: 'Shift', code: 'ShiftLeft', bubbles: true, composed: true }));

/**
 * Lets an editor think of a key or a press of the mouse at which it remembers its text for undo: what is written next is a
 * step of its own. Only listeners on the body itself hear of it, and nobody else acts on it.
 * @param {HTMLElement} body @param {string} type @param {KeyboardEventInit} [init]
 */
export const nudge = (body, type, init) =>
  void body.dispatchEvent(init ? new KeyboardEvent(type, { cancelable: true, ...init }) : new MouseEvent(type, { cancelable: true }));

const REACHING = { bubbles: true, cancelable: true, composed: true };

/**
 * Offers the text as a paste; whether it was taken.
 * @param {Range} range @param {string} text @param {() => boolean} changed
 */
export async function paste(range, text, changed) {
  const target = elementOf(range);
  const { defaultView } = target.ownerDocument;
  /** @type {ClipboardEvent} */
  let event;
  if (firefox) {
    // The page could not read what a content script puts into an event of its own, and would paste nothing over the selection.
    const page = /** @type {Window & typeof globalThis} */ (defaultView?.wrappedJSObject);
    event = new page.ClipboardEvent('paste', cloneInto(REACHING, page));
    event.clipboardData?.setData('text/plain', text);
    target.wrappedJSObject?.dispatchEvent(event);
  } else {
    event = new ClipboardEvent('paste', { ...REACHING, clipboardData: carrier(text) });
    target.dispatchEvent(event);
  }
  return until(changed, event.defaultPrevented ? 320 : 40);
}

/**
 * Offers the text as a spell checker does; whether it was taken. Not in Firefox, where the page could not read it.
 * @param {Range} range @param {string} text @param {() => boolean} changed
 */
export async function suggest(range, text, changed) {
  if (firefox) return false;
  const event = new InputEvent('beforeinput', {
    ...REACHING,
    inputType: 'insertReplacementText',
    data: text,
    dataTransfer: carrier(text),
    targetRanges: [new StaticRange(range)],
  });
  elementOf(range).dispatchEvent(event);
  return (await until(changed, 40)) || event.defaultPrevented;
}

/** @param {() => boolean} changed @param {number} ms */
async function until(changed, ms) {
  for (let waited = 0; waited < ms && !changed(); waited += 20) await pause(20);
  return changed();
}

/** @param {Range} range */
function elementOf({ startContainer }) {
  return /** @type {HTMLElement} */ (startContainer.nodeType === Node.ELEMENT_NODE ? startContainer : startContainer.parentElement);
}

/** @param {string} text */
function carrier(text) {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  return data;
}
