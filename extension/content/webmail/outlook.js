/** @import { Adapter } from '../hands' */
import { addressIn, around, COMMON_REGIONS, composeAround, conversation, field, isRoomy, personName, quotedIn, select, sendsOf } from './shared.js';

const BODY = '[role="textbox"][contenteditable="true"][aria-multiline="true"]';
/** The split button's first half; in some tenants the test id is on the button itself. */
const SEND = '[data-testid="ComposeSendButton"] button, button[data-testid="ComposeSendButton"], button[id^="splitButton-"][id$="__primaryActionButton"]';
/** In the writer's language; the id is not, but is not everywhere. */
const FROM = '[id$="_FROM"], [aria-label^="From:"]';
const QUOTE = '#mail-editor-reference-message-container, #appendonsend ~ *, #divRplyFwdMsg ~ *';

/**
 * Facts: webmail.md §2. Class names are hashed and labels localised, so ids, roles and test ids only. The earlier mail may
 * stand outside the editable.
 * @type {Adapter}
 */
export const outlook = {
  id: 'outlook',
  hosts: ['outlook.live.com', 'outlook.office.com', 'outlook.office365.com', 'outlook.cloud.microsoft'],
  bodies: (document) => select(document, BODY).filter(isRoomy),
  container: (body) => composeAround(body, SEND),
  regions: [...COMMON_REGIONS, { selector: QUOTE, kind: 'quote' }],
  sends(body) {
    const root = composeAround(body, SEND);
    const now = sendsOf(body, SEND);
    // The other half opens a menu elsewhere on the page; all that is in it sends, most of it later.
    const open = select(root, 'button[aria-haspopup][aria-expanded="true"]').some((each) => each.parentElement?.contains(now[0]?.element));
    const menu = open ? select(document, '[role="menu"] [role="menuitem"]') : [];
    return [...now, ...menu.map((element) => ({ element, later: element.textContent?.trim() !== now[0].element.ariaLabel }))];
  },
  sendKey: (key) => key.altKey && !key.ctrlKey && !key.metaKey && !key.shiftKey && key.code === 'KeyS',
  thread(body) {
    const root = composeAround(body, SEND);
    // The wells of To, Cc and Bcc come in this order; a chip has a name, an address or both.
    const well = select(root, '[contenteditable]:not([aria-multiline="true"])').find((each) => !body.contains(each));
    const chips = well ? select(well, '[data-lpc-hover-target-id], .lpc-hoverTarget') : [];
    const name = personName(...chips.map((chip) => chip.textContent));
    const address = addressIn(...chips);
    const mails = select(document, '[id^="UniqueMessageBody"]').map((text) => {
      const from = around(text, FROM)?.querySelector(FROM);
      return { from: `${from?.ariaLabel ?? ''} ${from?.textContent ?? ''}`, body: text };
    });
    // Whether the newest is on top is the writer's choice; the reply stands at that end.
    if (mails[0] && body.compareDocumentPosition(mails[0].body) & Node.DOCUMENT_POSITION_FOLLOWING) mails.reverse();
    const messages = conversation(mails, [name, address]);
    return {
      recipient: name,
      address,
      subject: field(root, 'input[id$="_SUBJECT"]') ?? document.querySelector('[role="heading"][id$="_SUBJECT"]')?.textContent?.trim() ?? null,
      key: null,
      messages: messages.length ? messages : quotedIn(root, QUOTE),
    };
  },
};
