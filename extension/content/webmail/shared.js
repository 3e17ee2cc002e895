/** @import { Adapter, RegionSelector, Send } from '../hands' */
/** @import { MessageView } from '../protocol' */
import { REGION, TextMap } from '../text-map.js';

/** What mail programs put around earlier mail, wherever it was pasted from. */
export const QUOTES =
  'blockquote.gmail_quote, .gmail_attr, .gmail_quote:not(:has(> blockquote.gmail_quote)), .gmail_extra:not(:has(blockquote.gmail_quote)), ' +
  'blockquote[type="cite"], .front-blockquote, .freshdesk_quote, .protonmail_quote, .yahoo_quoted, .tutanota_quote, .zmail_extra, .moz-cite-prefix, #divRplyFwdMsg, ' +
  '#mail-editor-reference-message-container';

export const SIGNATURES =
  '.gmail_signature_prefix, .gmail_signature, [data-smartmail="gmail_signature"], .protonmail_signature_block, .moz-signature, .front-signature, #Signature';

/** @type {RegionSelector[]} */
export const COMMON_REGIONS = [
  { selector: QUOTES, kind: 'quote' },
  { selector: SIGNATURES, kind: 'signature' },
];

/** What is shown, and large enough to write a mail in. @param {Element} element */
export function isRoomy(element) {
  const { width, height } = element.getBoundingClientRect();
  return width >= 150 && height >= 18 && element.checkVisibility({ visibilityProperty: true });
}

/** The text of a mail on show, without what it quotes itself. @param {HTMLElement} body @param {RegionSelector[]} [regions] */
export const messageText = (body, regions = COMMON_REGIONS) => TextMap.read(body, regions).text.replaceAll(REGION, '').trim();

/** The mail that a plain-text draft quotes with "> ". @param {string} draft @returns {MessageView[]} */
export function quotedMessages(draft) {
  const lines = draft.split('\n').filter((line) => line.startsWith('>'));
  // What the quote itself quotes is an older mail, and not known to be whose.
  const text = lines.filter((line) => !/^> ?>/.test(line)).map((line) => line.replace(/^> ?/, '')).join('\n').trim();
  return text ? [{ mine: false, text }] : [];
}

/**
 * When a mail was sent, in seconds since 1970, as a page says it: in a `datetime`, or in words that name the month. Of figures
 * alone nobody knows whether the day or the month comes first.
 * @param {string | null | undefined} date
 */
export function sentAt(date) {
  const time = /^\d{4}-\d\d-\d\d|[a-z]{3}.*\b\d{4}\b/i.test(date ?? '') ? Date.parse(String(date).replace(/\bat\b|\s+/g, ' ')) : NaN;
  return time > 0 ? Math.floor(time / 1000) : undefined;
}

/** A name to greet somebody by, or nothing where it is only an address. @param {(string | null | undefined)[]} candidates */
export function personName(...candidates) {
  const names = candidates.map((candidate) => candidate?.replace(/<[^>]*>/g, '').replace(/^["'\s]+|["',;\s]+$/g, ''));
  return names.find((name) => name && !name.includes('@')) ?? null;
}

/** Ctrl or Cmd with Enter, by which most pages send. @param {KeyboardEvent} key */
export const isChord = ({ key, ctrlKey, metaKey }) => key === 'Enter' && (ctrlKey || metaKey);

/**
 * A key that writes a character, or takes one back: no space, which presses what has the focus. Pages make events without a `key`.
 * @param {KeyboardEvent} event
 */
export const isWriting = ({ key, ctrlKey, metaKey, altKey }) =>
  (key?.length === 1 && key !== ' ' || key === 'Backspace') && !(ctrlKey || metaKey || altKey);

/** Enter alone, by which chats send. @param {KeyboardEvent} event */
export const isBareEnter = ({ key, ctrlKey, metaKey, altKey, shiftKey }) => key === 'Enter' && !(ctrlKey || metaKey || altKey || shiftKey);

/** @param {ParentNode} root @param {string} selector @returns {HTMLElement[]} */
export const select = (root, selector) => /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);

/** The value of the first field that has one. @param {ParentNode} root @param {string} selector */
export const field = (root, selector) => select(root, selector).map((each) => /** @type {HTMLInputElement} */ (each).value).find(Boolean) ?? null;

/** The smallest part of the page around an element, or around the frame that it is in, that is so. @param {Element} element @param {(part: Element) => boolean} is */
function smallest(element, is) {
  let up = element.ownerDocument === document ? element.parentElement : element.ownerDocument.defaultView?.frameElement;
  while (up && !is(up)) up = up.parentElement;
  return up ?? null;
}

/** The smallest part of the page around an element that has this in it, too. @param {Element} element @param {string} selector */
export const around = (element, selector) => smallest(element, (part) => part.querySelector(selector) !== null);

/** A body's compose: as much of the page as has its Send, known by a selector or, where the page has changed, by its label. @param {HTMLElement} body @param {string} send @returns {Element} */
export const composeAround = (body, send) => around(body, send) ?? smallest(body, (part) => labelledSend(part).length > 0) ?? body;

/** What sends a body's mail: at once, or at a time that the writer chooses. @param {HTMLElement} body @param {string} send @param {HTMLElement[]} [later] @returns {Send[]} */
export function sendsOf(body, send, later = []) {
  const root = composeAround(body, send);
  const known = select(root, send).filter((each) => !each.ariaHasPopup);
  const now = known.length || root === body ? known : labelledSend(root);
  return [...now.map((element) => ({ element, later: false })), ...later.map((element) => ({ element, later: true }))];
}

/** "Send", as webmail labels it: English, Spanish, Portuguese, Catalan, French, German, Italian, Dutch, Scandinavian, Finnish, Polish, Czech, Turkish, Russian, Ukrainian, Chinese, Japanese, Korean. */
const SEND = /^(send|(antwort |nachricht |e-?mail )?senden|enviar|envia|envoyer|absenden|invia|verzenden|verstuur|skicka|sende|lähetä|wyślij|odeslat|gönder|отправить|надіслати|发送|傳送|送信|보내기)(?![\p{L}])/iu;

/** What a control is called. @param {HTMLElement} control */
export const labelOf = (control) =>
  [control.ariaLabel, control.textContent, control.title, /** @type {HTMLInputElement} */ (control).value].map((label) => label?.trim()).find(Boolean) ?? '';

/** What is labelled "Send", for pages that say it in no other way: the plainest first, before "Send and close". @param {ParentNode} root */
export const labelledSend = (root) =>
  select(root, 'button, [role="button"], input[type="submit"]')
    .filter((each) => !each.ariaHasPopup && each.checkVisibility() && SEND.test(labelOf(each)))
    .sort((one, other) => labelOf(one).length - labelOf(other).length);

/** The buttons in there that say "Send". @param {ParentNode} root @returns {Send[]} */
export const sendsByName = (root) => labelledSend(root).map((element) => ({ element, later: false }));

/**
 * The smallest part of the page around a body in which something says "Send", or which `has` something else, and in which nothing else is written.
 * @param {HTMLElement} body
 * @param {(part: Element) => boolean} [has]
 */
export function partAround(body, has = (part) => sendsByName(part).length > 0) {
  for (let up = body.parentElement; up && up !== body.ownerDocument.body; up = up.parentElement) {
    if (select(up, '[contenteditable="true"], textarea').some((other) => !body.contains(other) && isRoomy(other))) break;
    if (has(up)) return up;
  }
  return body.closest('form, [role="dialog"]') ?? body;
}

/** The first address in elements' text or attributes, or in those of what is in them; one that stands alone or in angle brackets before any. @param {Element[]} elements */
export function addressIn(...elements) {
  const said = elements.flatMap((root) => [root, ...root.querySelectorAll('*')].flatMap((each) => [...each.attributes].map(({ name, value }) => (name.startsWith('data-test') ? '' : value))).concat(root.textContent ?? ''));
  const first = (/** @type {RegExp} */ pattern) => said.map((each) => each.match(pattern)?.[1]).find(Boolean);
  return first(/^\s*([^\s@<>]+@[^\s@<>]+\.\w+)\s*$/) ?? first(/<([^\s@<>]+@[^\s@<>]+\.\w+)>/) ?? first(/([^\s@<>"'(),;:]+@[^\s@<>"'(),;:]+\.\w+)/) ?? null;
}

/**
 * The mails of a conversation, oldest first. Where the page does not say whose each is: they wrote it who is answered.
 * @param {{ from: string, body: HTMLElement, mine?: boolean }[]} mails
 * @param {(string | null)[]} to names and addresses that the reply goes to
 * @returns {MessageView[]}
 */
export function conversation(mails, to) {
  const theirs = to.filter(Boolean).map((each) => String(each).toLowerCase());
  const known = mails.some(({ from }) => theirs.some((each) => from.toLowerCase().includes(each)));
  return mails
    .map(({ from, body, mine }) => ({ mine: mine ?? (known && !theirs.some((each) => from.toLowerCase().includes(each))), text: messageText(body) }))
    .filter(({ text }) => text);
}

/** The mail that a draft quotes, where the page shows no other. @param {ParentNode} root @param {string} selector @returns {MessageView[]} */
export function quotedIn(root, selector) {
  const text = select(root, selector).map((each) => messageText(each)).find(Boolean);
  return text ? [{ mine: false, text }] : [];
}

/**
 * A webmail of which little but the structure is known: a mail is written where there is room for one, in a part of the page
 * that also has something labelled "Send". Where that is not so, we are silent.
 * @param {string} id
 * @param {string[]} hosts
 * @param {string} quote what stands around the earlier mail in the draft
 * @returns {Adapter}
 */
export const byStructure = (id, hosts, quote) => ({
  id,
  hosts,
  bodies: (document) => roomyEditables(document).filter((body) => sendsOf(body, ':not(*)').length > 0),
  container: (body) => composeAround(body, ':not(*)'),
  regions: [...COMMON_REGIONS, { selector: quote, kind: 'quote' }],
  sends: (body) => sendsOf(body, ':not(*)'),
  thread(body) {
    const root = composeAround(body, ':not(*)');
    const named = (/** @type {string} */ part) => ['name', 'id', 'aria-label', 'placeholder', 'data-webdriver'].map((attribute) => `[${attribute}*="${part}" i]`).join();
    const [to] = select(root, `:is(${named('to')}, ${named('recipient')}):not(button, [role="button"])`).filter((each) => addressOf(each) !== null);
    // Of a field with chips in it, the chip.
    const chip = to && (select(to, '*').filter((each) => addressOf(each) !== null).at(-1) ?? to);
    return {
      recipient: personName(chip && (/** @type {HTMLInputElement} */ (chip).value ?? chip.textContent)),
      address: to ? addressOf(to) : null,
      subject: field(root, `input:is(${named('subject')}, ${named('betreff')})`),
      key: null,
      messages: body instanceof HTMLTextAreaElement ? quotedMessages(body.value) : quotedIn(body, quote),
    };
  },
});

/** @param {HTMLElement} element */
const addressOf = (element) => firstAddress(/** @type {HTMLInputElement} */ (element).value) ?? addressIn(element);

/** @param {string} [text] */
export const firstAddress = (text) => text?.match(/[^\s<>"',;]+@[^\s<>"',;]+/)?.[0] ?? null;

/** Where there is room to write a mail, also in the documents that editors make for themselves. @param {Document} document */
function roomyEditables(document) {
  const own = /** @type {HTMLIFrameElement[]} */ (select(document, 'iframe')).map(({ contentDocument }) => contentDocument).filter((inner) => inner?.URL.startsWith('about:'));
  return [document, ...own].flatMap((inner) => {
    const editables = inner ? select(inner, 'textarea, [contenteditable]:not([contenteditable="false"])') : [];
    return editables.filter((body) => !body.parentElement?.isContentEditable && isRoomy(body.ownerDocument.defaultView?.frameElement ?? body) && body.clientHeight >= 80);
  });
}
