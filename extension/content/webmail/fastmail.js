/** @import { Adapter } from '../hands' */
import { COMMON_REGIONS, composeAround, conversation, field, isRoomy, personName, quotedIn, select, sendsOf } from './shared.js';

const SEND = '.v-Button.s-send, button.s-send';

/** Facts: webmail.md §3. Fastmail's own view names are its classes, and have been for years; roles where there are any. @type {Adapter} */
export const fastmail = {
  id: 'fastmail',
  hosts: ['app.fastmail.com', 'www.fastmail.com'],
  bodies: (document) => select(document, '.v-Compose [role="textbox"][contenteditable="true"], .v-Compose textarea').filter((body) => isRoomy(body) && body.clientHeight > 60),
  container: (body) => composeAround(body, SEND),
  regions: [
    ...COMMON_REGIONS,
    { selector: '[id^="sig"]', kind: 'signature' },
    // With the line above it that says whose it is.
    { selector: 'blockquote, div:has(+ blockquote#qt)', kind: 'quote' },
  ],
  sends: (body) => sendsOf(body, SEND),
  thread(body) {
    const root = composeAround(body, SEND);
    const to = field(root, '[id$="to-input"], .v-EmailInput-input');
    const name = personName(to?.match(/^\s*"?([^"<,;]+?)"?\s*</)?.[1]);
    const address = to?.match(/[^\s<>"',;]+@[^\s<>"',;]+/)?.[0] ?? null;
    const mails = select(document, '.v-MessageCard.is-expanded').flatMap((card) => {
      const text = /** @type {HTMLElement | null} */ (card.querySelector('.v-Message-body'));
      const from = card.querySelector('.v-MessageCard-from');
      return text ? [{ from: `${from?.textContent ?? ''} ${from?.getAttribute('title') ?? ''}`, body: text }] : [];
    });
    const messages = conversation(mails, [name, address]);
    return {
      recipient: name,
      address,
      subject: field(root, '[id$="subject-input"]'),
      key: null,
      messages: messages.length ? messages : quotedIn(body, 'blockquote'),
    };
  },
};
