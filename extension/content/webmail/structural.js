/** @import { Adapter } from '../hands' */
import { generic } from './generic.js';
import { COMMON_REGIONS, isRoomy, partAround, select, sendsByName } from './shared.js';

/**
 * What roles, names and structure tell of a helpdesk of which little else is known: a text that something beside it sends.
 * Where nothing says "Send", it is what `generic` makes of it.
 * @satisfies {Omit<Adapter, 'id' | 'hosts'>}
 */
export const structural = {
  /** @param {Document} document */
  bodies(document) {
    const sendable = select(document, '[contenteditable="true"]').filter((body) => isRoomy(body) && !body.parentElement?.isContentEditable && sendsByName(partAround(body)).length);
    return sendable.length ? sendable : generic.bodies(document);
  },
  container: partAround,
  regions: COMMON_REGIONS,
  /** @param {HTMLElement} body */
  sends: (body) => sendsByName(partAround(body)),
  internal: isCalledNote,
  /** @param {HTMLElement} body */
  thread: (body) => ({ ...generic.thread(body), key: conversationId() }),
};

/** Helpdesks name the conversation in the address. */
export const conversationId = () => location.pathname.match(/\/(?:tickets?|conversations?|threads?|open)\/([\w-]+)/)?.[1] ?? null;

/** What assistive technology, and a writer, would call it. @param {Element} element */
const nameOf = (element) => (element.ariaLabel || element.textContent || element.getAttribute('title') || '').replace(/[\u200e\u200f\u202a-\u202e]/g, '').trim();

const NOTES = /\b(notes?|comments?|internal|interne?[rs]?|nota|notitie|notat|notatka|notiz|kommentar|comentario|commento)\b|anteckning|заметк|メモ|备注|備註|메모/i;

/** Whether the body, or what is chosen beside it, is called a note or a comment. @param {HTMLElement} body */
export function isCalledNote(body) {
  const labels = ['aria-label', 'aria-placeholder', 'data-placeholder', 'placeholder'].map((name) => body.getAttribute(name) ?? '');
  const choice = partAround(body, (part) => part.querySelector('[role="tab"], [role="radio"]') !== null);
  const chosen = select(choice, '[role="tab"][aria-selected="true"], [role="radio"][aria-checked="true"]');
  return [...labels, ...chosen.map(nameOf)].some((name) => NOTES.test(name));
}

/** @param {Element} control */
export const isNotesControl = (control) => NOTES.test(nameOf(control));
