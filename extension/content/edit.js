/** @import { TextEdit } from './protocol' */
/** @import { Compose } from './compose' */

/**
 * Every change that we make to a mail goes through here: one undo step, only on exactly the text that it was meant for, and
 * looked at afterwards.
 * @param {Compose} compose
 * @param {number} revision
 * @param {TextEdit} edit
 */
export async function carryOut(compose, revision, edit) {
  const { body, editor } = compose;
  compose.check();
  const { map } = compose;
  const { text } = map;
  if (compose.revision !== revision || edit.start > edit.end || edit.end > text.length) return refuse(compose);

  const before = editor.selection(body, map);
  const wanted = text.slice(0, edit.start) + edit.insert + text.slice(edit.end);
  compose.editing = true;
  try {
    await editor.replace(body, map, offRegions(map, edit), () => compose.read().text !== text);
    if (compose.read().text === text && wanted !== text) await pause(150);
    const now = compose.read().text;
    // Some editors turn blank lines into paragraphs. Anything else that is not what was wanted is taken back.
    if (squash(now) !== squash(wanted) && now !== text) body.ownerDocument.execCommand('undo');
  } finally {
    compose.editing = false;
  }
  compose.check();
  if (compose.map.text === text) return wanted === text ? undefined : refuse(compose);

  const end = edit.start + edit.insert.length;
  const moved = (/** @type {number} */ at) => (at < edit.start ? at : at > edit.end ? at + end - edit.end : end);
  const pure = edit.start === edit.end;
  const anchor = pure || !before ? end : moved(before.anchor);
  const focus = pure || !before ? end : moved(before.focus);
  if (compose.map.text === wanted) compose.select(anchor, focus);
  compose.undoable = before && { text, ...before };
}

/** @param {Compose} compose */
const refuse = (compose) => compose.post({ type: 'edit-refused', compose: compose.id });

/**
 * A caret right before or behind a block that we count as a quote is, to a browser, a caret in it or somewhere else. "X\n"
 * inserted there is the same text as "\nX" inserted at the end of the line before, and so is "\nX" the other way round.
 * @param {import('./text-map').TextMap} map
 * @param {TextEdit} edit
 */
function offRegions({ text, regions }, edit) {
  const { start, end, insert } = edit;
  if (start !== end) return edit;
  if (insert.endsWith('\n') && text[start - 1] === '\n' && regions.some((region) => region.start === start)) {
    return { start: start - 1, end: end - 1, insert: `\n${insert.slice(0, -1)}` };
  }
  if (insert.startsWith('\n') && text[start] === '\n' && regions.some((region) => region.end === start)) {
    return { start: start + 1, end: end + 1, insert: `${insert.slice(1)}\n` };
  }
  return edit;
}

const squash = (/** @type {string} */ text) => text.replace(/\s*\n\s*/g, '\n').trim();

/** @param {number} ms */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
