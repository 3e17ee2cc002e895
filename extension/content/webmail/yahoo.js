/** @import { Adapter } from '../hands' */
import { addressIn, around, COMMON_REGIONS, composeAround, conversation, field, isRoomy, personName, quotedIn, select, sendsOf } from './shared.js';

const SEND = '[data-test-id="compose-send-button"]';

/** Yahoo and AOL are one platform, which names its parts for its own tests. Facts: webmail.md §3. @type {Adapter} */
export const yahoo = {
  id: 'yahoo',
  hosts: ['mail.yahoo.com', 'mail.aol.com'],
  bodies: (document) => select(document, '[data-test-id="rte"][contenteditable="true"], [data-test-id="rte"] [contenteditable="true"]').filter(isRoomy),
  container: (body) => composeAround(body, SEND),
  regions: [...COMMON_REGIONS, { selector: '[class$="signature"]', kind: 'signature' }],
  // The arrow beside it chooses a time; what comes of it is a dialog with a button of its own.
  sends: (body) => sendsOf(body, SEND, select(document, '[data-test-id="schedule-send-confirm"], [data-test-id="schedule-send-button"]')),
  thread(body) {
    const root = composeAround(body, SEND);
    const pills = select(root, '[data-test-id="container-to"] [data-test-id="pill"]');
    const name = personName(...pills.map((pill) => pill.textContent), ...pills.map((pill) => pill.title));
    const address = addressIn(...pills);
    const mails = select(document, '[data-test-id="message-view-body-content"], .msg-body').map((text) => {
      const from = around(text, '[data-test-id="message-from"]')?.querySelector('[data-test-id="message-from"]');
      return { from: `${from?.textContent ?? ''} ${(from && addressIn(from)) ?? ''}`, body: text };
    });
    const messages = conversation(mails, [name, address]);
    return {
      recipient: name,
      address,
      subject: field(root, '[data-test-id="compose-subject"]'),
      key: null,
      messages: messages.length ? messages : quotedIn(body, '.yahoo_quoted'),
    };
  },
};
