/** @import { Adapter, RegionSelector } from '../hands' */
import { firstAddress, isRoomy, messageText, personName, quotedMessages, SIGNATURES } from './shared.js';

/** @type {RegionSelector[]} */
const REGIONS = [
  { selector: '#reply-intro, blockquote', kind: 'quote' },
  { selector: `#_rc_sig, ${SIGNATURES}`, kind: 'signature' },
];

/** At home on any host, so known by its structure, too. Facts: webmail.md §3, editors.md §1. @type {Adapter} */
export const roundcube = {
  id: 'roundcube',
  hosts: ['webmail.dreamhost.com', 'webmail.mail.ovh.net'],
  matches: (document) => document.body.matches('[class*="task-"][class*="action-"]'),
  bodies(document) {
    if (!document.body.matches('.task-mail.action-compose')) return [];
    const textarea = /** @type {HTMLElement | null} */ (document.querySelector('textarea#composebody'));
    const frame = /** @type {HTMLIFrameElement | null} */ (document.querySelector('iframe#composebody_ifr'));
    const rich = frame?.contentDocument?.body;
    if (frame && rich?.isContentEditable && isRoomy(frame)) return [rich];
    // Until the editor is there, the textarea shows a mail's HTML.
    const html = document.querySelector('input[name="_is_html"][value="1"]');
    return textarea && !html && isRoomy(textarea) ? [textarea] : [];
  },
  container: () => document.querySelector('#compose-content') ?? document.body,
  regions: REGIONS,
  sends: () => [...document.querySelectorAll('a.send, button.send')].map((element) => ({ element: /** @type {HTMLElement} */ (element), later: false })),
  thread(body) {
    // The mail that is answered is nowhere on the page but in the draft.
    const quote = /** @type {HTMLElement | null} */ (body.querySelector('blockquote'));
    const quoted = quote && messageText(quote);
    const rich = quoted ? [{ mine: false, text: quoted }] : [];
    const to = /** @type {HTMLTextAreaElement | null} */ (document.querySelector('#_to'));
    // A list of the writer's identities, or a field.
    const from = /** @type {HTMLSelectElement | HTMLInputElement | null} */ (document.querySelector('#_from'));
    const identity = from instanceof HTMLSelectElement ? from.selectedOptions[0]?.text : from?.value;
    const subject = /** @type {HTMLInputElement | null} */ (document.querySelector('#compose-subject, input[name="_subject"]'));
    return {
      address: firstAddress(to?.value),
      sender: firstAddress(identity),
      subject: subject?.value || null,
      key: null,
      recipient: personName(to?.value.match(/^\s*"?([^"<,;]+?)"?\s*</)?.[1]),
      messages: body instanceof HTMLTextAreaElement ? quotedMessages(body.value) : rich,
    };
  },
};
