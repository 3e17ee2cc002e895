/** @import { Adapter, Send } from '../hands' */
import { COMMON_REGIONS, isBareEnter, isRoomy, messageText, personName, select, sendsByName, sentAt } from './shared.js';

/** Submits as open, pending, solved, on hold, or as it is. */
const SUBMITTING = ['o', 'p', 's', 'd', 'u'];
const STATUSES = ['open', 'pending', 'solved', 'hold'];

/**
 * Facts: webmail.md §4. Zendesk marks its parts with `data-test-id`, for its own tests and in no language. Every ticket that was
 * opened stays in the page, in a part with its `data-ticket-id`; only the header's tabs tell which of them is in front.
 * @type {Adapter}
 */
export const zendesk = {
  id: 'zendesk',
  hosts: ['*.zendesk.com'],
  bodies: (document) => select(inFront(document), '[data-test-id^="omnicomposer-"][data-test-id$="-ckeditor"]').filter((body) => body.isContentEditable && isRoomy(body)),
  container: ticket,
  regions: COMMON_REGIONS,
  internal: (body) => ticket(body).querySelector('[data-test-id="omnichannel-channel-switcher-button"]')?.getAttribute('data-channel') === 'internal',
  sends,
  sendKey(key, body) {
    const { code, ctrlKey, altKey, shiftKey, metaKey } = key;
    const letter = SUBMITTING.find((one) => code === `Key${one.toUpperCase()}`);
    // In a chat, which is plain text, Enter sends.
    if (isBareEnter(key)) return body.matches('[data-test-id*="plain-text"]');
    const submits = letter && ctrlKey && altKey && !shiftKey && !metaKey && !key.getModifierState('AltGraph');
    return submits ? { element: body, later: false, key: submitting(letter) } : false;
  },
  farKeys: (body) => inFront(document).contains(body),
  thread(body) {
    const root = ticket(body);
    const log = select(root, '[data-test-id="omni-log-comment-item"]').filter((item) => !item.querySelector('[data-test-id="omni-log-internal-note-tag"]'));
    const messages = log.sort((a, b) => when(a).localeCompare(when(b))).flatMap((item) => {
      const bubble = /** @type {HTMLElement | null} */ (item.querySelector('[data-test-id="omni-log-item-message"]'));
      const text = bubble && messageText(bubble);
      return text && bubble.getAttribute('type') !== 'internal' ? [{ item, mine: bubble.getAttribute('type') !== 'end-user', text }] : [];
    });
    const customer = messages.findLast(({ mine }) => !mine)?.item.querySelector('[data-test-id="omni-log-item-sender"]');
    const avatar = root.querySelector('[data-garden-id="tags.avatar"][alt*="@"]');
    const subject = /** @type {HTMLInputElement | null} */ (root.querySelector('[data-test-id="omni-header-subject"], [data-test-id="ticket-pane-subject"]'));
    return {
      recipient: personName(avatar?.nextElementSibling?.textContent, customer?.textContent),
      address: avatar?.getAttribute('alt') ?? null,
      subject: subject?.value || null,
      key: root.getAttribute('data-ticket-id'),
      messages: messages.map(({ item, mine, text }) => ({ mine, text, sent: sentAt(when(item)) })),
    };
  },
};

/** @param {Document} document */
function inFront(document) {
  const id = document.querySelector('[data-test-id="header-tab"][aria-current="page"]')?.getAttribute('data-entity-id');
  return (id && document.querySelector(`[data-ticket-id="${CSS.escape(id)}"]`)) || document;
}

/** @param {HTMLElement} body @returns {Element} */
function ticket(body) {
  return body.closest('[data-ticket-id]') ?? document.body;
}

/** The key that submits. @param {string} letter @returns {KeyboardEventInit} */
const submitting = (letter) => ({ key: letter, code: `Key${letter.toUpperCase()}`, keyCode: letter.toUpperCase().charCodeAt(0), ctrlKey: true, altKey: true });

/** The button, what its menu offers beside it while that is open, and in a chat "Send". @param {HTMLElement} body @returns {Send[]} */
function sends(body) {
  const root = ticket(body);
  const bar = root.querySelector('[data-test-id="omnichannel-composer-toolbar"]')?.parentElement;
  const items = select(document, '[data-test-id^="submit_button-menu-"]:not([data-test-id="submit_button-menu-button"])').filter((item) => item.checkVisibility());
  return [
    ...(bar ? sendsByName(bar) : []),
    ...select(root, '[data-test-id="submit_button-button"]').map((element) => ({ element, later: false })),
    // The menu closes when the writer goes elsewhere.
    ...items.map((element) => {
      const letter = SUBMITTING[STATUSES.indexOf(element.getAttribute('data-test-id')?.replace('submit_button-menu-', '') ?? '')];
      return letter ? { element, later: false, key: submitting(letter) } : { element, later: false };
    }),
  ];
}

/** @param {Element} item */
const when = (item) => item.querySelector('time')?.dateTime ?? '';
