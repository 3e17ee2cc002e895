/** @import { Adapter } from '../hands' */
import { COMMON_REGIONS, isRoomy, messageText, personName, quotedIn, quotedMessages, sentAt } from './shared.js';

const RICH = '[g_editable="true"][contenteditable="true"]';

/**
 * Facts: webmail.md §1. Attributes and roles come first, because Gmail renames its classes; labels are in the writer's language.
 * The Gemini prompt in a compose is a textbox too, but not `g_editable`.
 * @type {Adapter}
 */
export const gmail = {
  id: 'gmail',
  hosts: ['mail.google.com'],
  bodies: (document) => [...document.querySelectorAll(RICH)].map((rich) => shownBody(/** @type {HTMLElement} */ (rich))).filter((body) => body !== null),
  container,
  regions: COMMON_REGIONS,
  sends: (body) => sends(container(body)),
  thread(body) {
    const root = container(body);
    const open = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-message-id]'))];
    const answered = answeredMessage(body, root, open);
    const seen = answered ? open.slice(0, open.indexOf(answered) + 1) : [];
    const me = document.title.match(/[^\s<>"']+@[^\s<>"']+/)?.[0].toLowerCase();
    const isMine = (/** @type {HTMLElement} */ message) => Boolean(me) && sender(message)?.getAttribute('email')?.toLowerCase() === me;
    const messages = seen.flatMap((message) => {
      const text = messageBody(message);
      return text ? [{ mine: isMine(message), text: messageText(text), sent: sentAt(message.querySelector('.g3[title]')?.getAttribute('title')) }] : [];
    });
    // In a window of its own there is no conversation, only what the draft quotes once that is shown.
    const quoted = body instanceof HTMLTextAreaElement ? quotedMessages(body.value) : quotedIn(body, 'blockquote.gmail_quote');
    const field = (/** @type {string} */ name) => /** @type {HTMLInputElement | null} */ (root.querySelector(`input[name="${name}"]`))?.value || null;
    return {
      address: chips(root).map((chip) => chip.getAttribute('data-hovercard-id') ?? chip.getAttribute('email')).find((address) => address?.includes('@')) ?? null,
      subject: field('subjectbox') ?? field('subject'),
      sender: field('from'),
      key: field('rt') ?? field('draft'),
      recipient: recipient(root) ?? (answered && !isMine(answered) ? personName(sender(answered)?.getAttribute('name')) : null),
      messages: messages.length ? messages : quoted,
    };
  },
};

/** Send stands beside its own menu; in a reply, Send & archive may too. Schedule send is in that menu. @param {Element} root */
function sends(root) {
  const opener = '[role="button"][aria-haspopup="true"]';
  const beside = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('[role="button"]:not([aria-haspopup="true"], [command])')]);
  const now = beside.filter((button) => [...(button.parentElement?.children ?? [])].some((other) => other.matches(opener)) && button.textContent?.trim());
  const later = /** @type {HTMLElement[]} */ ([...root.ownerDocument.querySelectorAll('[selector="scheduledSend"]')]);
  const menu = [...root.querySelectorAll(opener)].some((button) => button.getAttribute('aria-expanded') === 'true');
  return [
    // Send & archive may stand before Send, which the shortcut means.
    ...now.sort((a, b) => Number(a.matches('.Uo')) - Number(b.matches('.Uo'))).map((element) => ({ element, later: false })),
    ...later.filter((item) => root.contains(item) || menu).map((element) => ({ element, later: true })),
  ];
}

/** Both bodies of a compose are always there; the rich one or the plain one is shown. @param {HTMLElement} rich */
function shownBody(rich) {
  if (isRoomy(rich)) return rich;
  const plain = /** @type {HTMLElement[]} */ ([...container(rich).querySelectorAll('textarea:not([name])')]);
  return plain.find((each) => isRoomy(each) && each.getBoundingClientRect().height > 40) ?? null;
}

/** @param {HTMLElement} body @returns {Element} */
function container(body) {
  const form = 'input[name="composeid"], input[name="rm"]';
  /** @type {Element} */
  let root = body;
  // The smallest ancestor that has the compose's hidden fields, unless it has another compose's body too.
  for (let up = body.parentElement; up && up.querySelectorAll(RICH).length <= 1; up = up.parentElement) {
    root = up;
    if (up.querySelector(form)) break;
  }
  return root.querySelector(form) ? root : body.closest('[data-compose-id], .M9, [role="dialog"], form') ?? body;
}

/** @param {HTMLElement} body @param {Element} root @param {HTMLElement[]} messages @returns {HTMLElement | null} */
function answeredMessage(body, root, messages) {
  const bare = (/** @type {string | null | undefined} */ id) => id?.replace(/^#/, '');
  const rm = bare(/** @type {HTMLInputElement | null} */ (root.querySelector('input[name="rm"]'))?.value);
  const named = rm && messages.find((message) => [message.dataset.messageId, message.dataset.legacyMessageId].some((id) => bare(id) === rm));
  if (named) return named;
  for (let up = /** @type {Element | null} */ (body); up && up !== document.body; up = up.parentElement) {
    const before = up.previousElementSibling;
    if (before?.matches('[data-message-id]')) return /** @type {HTMLElement} */ (before);
    if (up.matches('[role="dialog"]')) return null;
  }
  // An inline reply stands in the conversation, after the last message that is open.
  const inline = messages.filter((message) => messageBody(message) && message.compareDocumentPosition(body) & Node.DOCUMENT_POSITION_FOLLOWING);
  return inline.at(-1) ?? null;
}

/** @param {HTMLElement} message */
const sender = (message) => message.querySelector('.gD[email], span[email][name]');

/** @param {HTMLElement} message @returns {HTMLElement | null} */
const messageBody = (message) => message.querySelector('.a3s') ?? message.querySelector('[dir] > [dir], .ii.gt > div');

/** @param {Element} root */
const chips = (root) => [...root.querySelectorAll('[name="to"] [role="option"], [role="option"][data-hovercard-id], span[email][data-hovercard-id]')];

/** @param {Element} root */
function recipient(root) {
  return personName(...chips(root).map((chip) => chip.getAttribute('data-name') || chip.getAttribute('name')));
}
