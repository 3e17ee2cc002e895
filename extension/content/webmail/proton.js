/** @import { Adapter } from '../hands' */
import { addressIn, COMMON_REGIONS, composeAround, conversation, field, isRoomy, personName, quotedIn, select, sendsOf } from './shared.js';

const SEND = '[data-testid="composer:send-button"]';

/**
 * Facts: webmail.md §3. The mail is written in a sandboxed frame without an address and without scripts; Proton hears its
 * keys there and acts in the page around it. Each part has a test id.
 * @type {Adapter}
 */
export const proton = {
  id: 'proton',
  hosts: ['mail.proton.me'],
  bodies(document) {
    const rich = select(document, 'iframe[data-testid="rooster-iframe"]').flatMap((frame) =>
      select(/** @type {HTMLIFrameElement} */ (frame).contentDocument ?? document.createDocumentFragment(), '#rooster-editor').filter(() => isRoomy(frame)));
    return [...rich, ...select(document, 'textarea[data-testid="editor-textarea"]').filter(isRoomy)];
  },
  container: (body) => composeAround(body, SEND),
  regions: COMMON_REGIONS,
  // The drop-down beside it is no send itself.
  sends: (body) => sendsOf(body, SEND, select(document, '[data-testid^="composer:schedul"]:not([aria-expanded], [aria-haspopup])')),
  thread(body) {
    const root = composeAround(body, SEND);
    const to = select(root, '[data-testid="composer:to"], [data-testid="composer:address"]');
    const chips = to.flatMap((each) => select(each, '[data-testid^="composer-addresses-item"], [title*="@"]'));
    const mails = select(document, '[data-shortcut-target="message-container"]').flatMap((mail) => {
      const text = mail.querySelector('[data-testid="message-content:body"]');
      const inner = /** @type {HTMLIFrameElement | null} */ (text?.querySelector('iframe'))?.contentDocument?.body ?? /** @type {HTMLElement | null} */ (text);
      return inner ? [{ from: '', body: inner, mine: mail.querySelector('.is-outbound') !== null }] : [];
    });
    const messages = conversation(mails, []);
    return {
      recipient: personName(...chips.map((chip) => chip.textContent), ...chips.map((chip) => chip.title)),
      address: addressIn(...chips, ...to),
      subject: field(root, '[data-testid="composer:subject"]'),
      key: null,
      messages: messages.length ? messages : quotedIn(body, '.protonmail_quote blockquote'),
    };
  },
};
