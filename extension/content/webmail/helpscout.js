/** @import { Adapter } from '../hands' */
import { COMMON_REGIONS, isRoomy, messageText, partAround, personName, select, sendsByName } from './shared.js';
import { conversationId, isCalledNote } from './structural.js';

/**
 * Facts: webmail.md §4. The editor is named after what is written in it; a message of the thread says in its label whether a
 * customer or a user wrote it, or that it is a note.
 * @type {Adapter}
 */
export const helpscout = {
  id: 'helpscout',
  hosts: ['secure.helpscout.net'],
  bodies(document) {
    const editors = select(document, '[data-cy="ConvoEditor"], [data-testid="reply-editor"], [role="textbox"][data-slate-editor], .redactor_editor');
    const bodies = editors.map((editor) => (editor.isContentEditable ? editor : /** @type {HTMLElement | null} */ (editor.querySelector('[contenteditable="true"]'))));
    return [...new Set(bodies.filter((body) => body !== null).filter(isRoomy))];
  },
  container: compose,
  regions: COMMON_REGIONS,
  internal: isCalledNote,
  sends(body) {
    const older = select(compose(body), '#sendBtn');
    return older.length ? older.map((element) => ({ element, later: false })) : sendsByName(compose(body));
  },
  thread() {
    const messages = select(document, ':is([data-testid="ThreadContainer"], ol[aria-label="Thread Items"]) [id^="thread-"]').flatMap((item) => {
      const said = `${item.ariaLabel} ${item.className}`;
      const body = select(item, '[class*="is-wide-layout"]:not([data-testid])').find((part) => !part.querySelector('[data-testid]')) ?? item.querySelector('.thread-content');
      const text = body && messageText(/** @type {HTMLElement} */ (body));
      return text && !/\bnote\b/i.test(said) ? [{ item, mine: !/\b(is-)?customer\b/i.test(said), text }] : [];
    });
    const customer = messages.findLast(({ mine }) => !mine)?.item.querySelector('span[data-nocollapse="true"]');
    return {
      recipient: personName(customer?.textContent),
      address: null,
      subject: null,
      key: conversationId(),
      messages: messages.map(({ mine, text }) => ({ mine, text })),
    };
  },
};

/** The older page's button has a name of its own. @param {HTMLElement} body */
function compose(body) {
  return partAround(body, (part) => part.querySelector('#sendBtn') !== null || sendsByName(part).length > 0);
}
