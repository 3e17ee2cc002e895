/** @import { Adapter } from '../hands' */
import { addressIn, COMMON_REGIONS, composeAround, field, isRoomy, personName, quotedIn, select, sendsOf } from './shared.js';

const SEND = '[data-event="s"]';

/** Facts: webmail.md §3. The mail is written in a frame, which is the body of a document of its own; the earlier mail is quoted there. @type {Adapter} */
export const zoho = {
  id: 'zoho',
  hosts: ['mail.zoho.com', 'mail.zoho.eu', 'mail.zoho.in', 'mail.zoho.com.au', 'mail.zoho.jp', 'mail.zohocloud.ca'],
  bodies(document) {
    const frames = /** @type {HTMLIFrameElement[]} */ (select(document, 'iframe.ze_area'));
    return frames.filter(isRoomy).flatMap(({ contentDocument }) => {
      const body = contentDocument?.body;
      return body?.isContentEditable ? [body] : contentDocument ? select(contentDocument, '.ze_body[contenteditable="true"]') : [];
    });
  },
  container: (body) => composeAround(body, SEND),
  regions: [...COMMON_REGIONS, { selector: '#Zm-_Id_-Sgn, [data-sigid]', kind: 'signature' }],
  sends: (body) => sendsOf(body, SEND),
  thread(body) {
    const root = composeAround(body, SEND);
    // The first of the recipients' fields is To's; a chip has the address in its tooltip.
    const chips = select(select(root, '.recipient-field')[0] ?? root, '.SC_cs, .zm_sgst [data-tooltip]');
    return {
      recipient: personName(...chips.map((chip) => chip.textContent)),
      address: addressIn(...chips),
      subject: field(root, '.subject-field > input, [id^="zmsub_Cmp"]'),
      key: null,
      messages: quotedIn(body, '.zmail_extra blockquote, blockquote'),
    };
  },
};
