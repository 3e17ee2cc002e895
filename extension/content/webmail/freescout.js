/** @import { Adapter } from '../hands' */
import { COMMON_REGIONS, isRoomy, messageText, personName, select } from './shared.js';

/**
 * At home on any host, so known by its structure. Facts: its source, and webmail.md §4. One form is the reply, the forward or
 * the note, as its hidden `is_note` says, and shows one of its buttons. Those are also pressed by its own scripts: Cmd+Enter
 * anywhere, Enter in a chat. A chat's newest message is the last on the page, a mail's is the first.
 * @type {Adapter}
 */
export const freescout = {
  id: 'freescout',
  hosts: [],
  matches: (document) => document.querySelector('form.form-reply textarea#body') !== null,
  bodies: (document) => select(document, 'form.form-reply .note-editable[contenteditable="true"]').filter(isRoomy),
  container: form,
  regions: COMMON_REGIONS,
  internal: (body) => field(form(body), 'input[name="is_note"]')?.value === '1',
  sends: (body) => select(form(body), '.btn-reply-submit').filter((button) => button.checkVisibility()).map((element) => ({ element, later: false })),
  thread(body) {
    const shown = select(document, '#conv-layout-main :is(.thread-type-customer, .thread-type-message)');
    const threads = document.body.matches('.chat-mode') ? shown : shown.reverse();
    const messages = threads.flatMap((thread) => {
      const content = /** @type {HTMLElement | null} */ (thread.querySelector('.thread-body'));
      const text = content && messageText(content);
      return text ? [{ mine: thread.matches('.thread-type-message'), text }] : [];
    });
    // "Gary Smith <gary@example.com>", as the mailbox's customer is offered.
    const to = /** @type {HTMLSelectElement | null} */ (form(body).querySelector('select#to'))?.selectedOptions[0];
    return {
      recipient: personName(to?.textContent),
      address: to?.value.includes('@') ? to.value : null,
      subject: field(document, '#conv-subj-value, input#subject')?.value || null,
      key: field(form(body), 'input[name="conversation_id"]')?.value || null,
      messages,
    };
  },
};

/** @param {HTMLElement} body @returns {Element} */
function form(body) {
  return body.closest('form.form-reply') ?? body;
}

/** @param {ParentNode} root @param {string} selector @returns {HTMLInputElement | null} */
const field = (root, selector) => root.querySelector(selector);
