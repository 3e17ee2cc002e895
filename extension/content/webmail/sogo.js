/** @import { Adapter } from '../hands' */
import { COMMON_REGIONS, isRoomy, messageText, personName, quotedMessages } from './shared.js';

/** At home on any host, so known by its structure. Facts: editors.md §2, and SOGo's own templates. @type {Adapter} */
export const sogo = {
  id: 'sogo',
  hosts: [],
  matches: (document) => document.body.matches('[ng-app^="SOGo."]'),
  bodies(document) {
    const frame = /** @type {HTMLIFrameElement | null} */ (document.querySelector('#mailEditor sg-ckeditor iframe'));
    const rich = frame?.contentDocument?.body;
    if (frame && rich?.isContentEditable && isRoomy(frame)) return [rich];
    const textarea = /** @type {HTMLElement | null} */ (document.querySelector('#mailEditor textarea.plain-text'));
    return textarea && isRoomy(textarea) ? [textarea] : [];
  },
  container: () => document.querySelector('#mailEditor') ?? document.body,
  regions: COMMON_REGIONS,
  sends: () => [...document.querySelectorAll('#mailEditor button[ng-click="editor.send()"]')].map((element) => ({ element: /** @type {HTMLElement} */ (element), later: false })),
  thread(body) {
    const to = document.querySelector('#mailEditor md-chips[ng-model$=".to"] md-chip')?.textContent ?? '';
    const subject = /** @type {HTMLInputElement | null} */ (document.querySelector('#mailEditor input[name="subject"]'));
    // The mail that is answered stays open under the dialog; in a window of its own it is only in the draft.
    const shown = /** @type {HTMLElement | null} */ (document.querySelector('.mailer_mailcontent') ?? body.querySelector('blockquote'));
    const text = shown && messageText(shown);
    return {
      address: to.match(/[^\s<>"',;]+@[^\s<>"',;]+/)?.[0] ?? null,
      subject: subject?.value || null,
      key: null,
      recipient: personName(to.match(/^\s*"?([^"<,;]+?)"?\s*</)?.[1]),
      messages: text ? [{ mine: false, text }] : body instanceof HTMLTextAreaElement ? quotedMessages(body.value) : [],
    };
  },
};
