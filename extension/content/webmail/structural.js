/** @import { Adapter } from '../hands' */
import { generic } from './generic.js';
import { all, COMMON_REGIONS, composeAround, isCalledNote, isRoomy, sendsByName } from './shared.js';

/**
 * What roles, names and structure tell of a helpdesk of which little else is known: a text that something beside it sends.
 * Where nothing says "Send", it is what `generic` makes of it.
 * @satisfies {Omit<Adapter, 'id' | 'hosts'>}
 */
export const structural = {
  /** @param {Document} document */
  bodies(document) {
    const sendable = all(document, '[contenteditable="true"]').filter((body) => isRoomy(body) && !body.parentElement?.isContentEditable && sendsByName(composeAround(body)).length);
    return sendable.length ? sendable : generic.bodies(document);
  },
  container: composeAround,
  regions: COMMON_REGIONS,
  /** @param {HTMLElement} body */
  sends: (body) => sendsByName(composeAround(body)),
  internal: isCalledNote,
  /** @param {HTMLElement} body */
  thread: (body) => ({ ...generic.thread(body), key: conversation() }),
};

/** Helpdesks name the conversation in the address. */
export const conversation = () => location.pathname.match(/\/(?:tickets?|conversations?|threads?|open)\/([\w-]+)/)?.[1] ?? null;
