/** @import { TextEdit } from './protocol' */
/** @import { Compose } from './compose' */
import { difference } from './text-map.js';

/** An editor that has not changed its text so long after it was told to did not take the change. */
const DRAWN_MS = 500;

/**
 * Every change that we make to a mail goes through here: one undo step, only on exactly the words that it was meant for, and
 * looked at afterwards. Several are made from the last to the first, so that each is where it was meant to be.
 * @param {Compose} compose
 * @param {number} revision
 * @param {TextEdit[]} meant
 * @returns {Promise<boolean>} whether the editor took it
 */
export async function carryOut(compose, revision, meant) {
  const { body, editor } = compose;
  compose.check();
  const { text } = compose.map;
  const edits = compose.follow(revision, meant);
  if (!edits || edits.some(({ start, end }) => start > end || end > text.length)) return false;

  const before = editor.selection(body, compose.map);
  /** The text before each change. @type {string[]} */
  const stages = [];
  let wanted = text;
  compose.editing = true;
  try {
    editor.mark?.(body);
    for (const edit of edits.toReversed()) {
      const map = compose.read();
      wanted = wanted.slice(0, edit.start) + edit.insert + wanted.slice(edit.end);
      await editor.replace(body, map, offRegions(map, edit), () => compose.read().text !== map.text);
      let now = compose.read().text;
      // Some show a change only when they next draw their page.
      for (let waited = 0; waited < DRAWN_MS && now === map.text && wanted !== map.text; waited += 20) {
        await pause(20);
        now = compose.read().text;
      }
      if (now !== map.text) stages.push(map.text);
      // Some editors turn blank lines into paragraphs. Anything else that is not what was wanted is taken back.
      if (squash(now) !== squash(wanted)) {
        if (editor.ownUndo) await editor.replace(body, compose.read(), difference(now, text), () => compose.read().text !== now);
        else for (const _ of stages) body.ownerDocument.execCommand('undo');
        break;
      }
    }
    editor.mark?.(body);
  } finally {
    compose.editing = false;
  }
  // The editor may have made its elements anew, though the text is the same.
  compose.check(undefined, true);
  if (compose.map.text === text) return wanted === text;
  if (squash(compose.map.text) !== squash(wanted)) return false;

  const moved = (/** @type {number} */ at) => edits.reduceRight((to, edit) => placeAfter(to, edit), at);
  const [{ start, end, insert }] = edits;
  const pure = edits.length === 1 && start === end;
  const anchor = pure || !before ? start + insert.length : moved(before.anchor);
  const focus = pure || !before ? start + insert.length : moved(before.focus);
  if (compose.map.text === wanted) compose.select(anchor, focus);
  compose.undoable = before && { stages, ...before };
  return true;
}

/** Where a place is after a change: behind it, if it was inside. @param {number} at @param {TextEdit} edit */
export const placeAfter = (at, { start, end, insert }) => (at < start ? at : Math.max(at, end) + start + insert.length - end);

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
