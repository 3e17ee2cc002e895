/** @import { Adapter } from '../hands' */
import { COMMON_REGIONS, isRoomy, messageText, partAround, personName, select, sendsByName } from './shared.js';
import { conversationId, isCalledNote } from './structural.js';

/**
 * Facts: webmail.md §4, and of the ticket's page: a message is `.ticket-details__item`, a customer's also `…__requestor`, a
 * note among colleagues `…__privatenote` (which a third person's mail is too, with both). A note that is being written asks
 * whom to notify. Reply and forward are the same compose. The button's menu sets the status as it sends.
 * @type {Adapter}
 */
export const freshdesk = {
  id: 'freshdesk',
  hosts: ['*.freshdesk.com'],
  bodies: (document) => select(document, '.fr-element[contenteditable="true"], .redactor_editor[contenteditable="true"]').filter(isRoomy),
  container: compose,
  regions: COMMON_REGIONS,
  internal: (body) => compose(body).querySelector('[data-test-notify-to]') !== null || isCalledNote(body),
  sends(body) {
    const setting = select(document, '#send-and-set:not([aria-haspopup]), .send-and-set-item').filter((item) => item.checkVisibility());
    return [...sendsByName(compose(body)), ...setting.map((element) => ({ element, later: false }))];
  },
  thread() {
    const items = select(document, '.ticket-details__item').filter((item) => item.matches('.ticket-details__requestor, :not(.ticket-details__privatenote)'));
    const messages = items.flatMap((item) => {
      const body = /** @type {HTMLElement | null} */ (item.querySelector('[data-test-conversation="conversation-text"], .ticket-details__item__content, .text__content'));
      const text = body && !item.querySelector('[contenteditable="true"]') && messageText(body);
      return text ? [{ item, mine: !item.matches('.ticket-details__requestor'), text }] : [];
    });
    const customer = messages.findLast(({ mine }) => !mine)?.item.querySelector('[data-test-id="user-name"]');
    return {
      recipient: personName(customer?.textContent),
      address: null,
      subject: document.querySelector('.ticket-subject-heading')?.textContent?.trim() || null,
      key: conversationId(),
      messages: messages.map(({ mine, text }) => ({ mine, text })),
    };
  },
};

/** @param {HTMLElement} body */
function compose(body) {
  return partAround(body, (part) => part.querySelector('#send-and-set, .send-and-set-item') !== null || sendsByName(part).length > 0);
}
