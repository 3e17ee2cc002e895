/** @import { RegionSelector, Send } from '../hands' */
/** @import { MessageView } from '../protocol' */
import { REGION, TextMap } from '../text-map.js';

/** What mail programs put around earlier mail, wherever it was pasted from. */
export const QUOTES =
  'blockquote.gmail_quote, .gmail_attr, .gmail_quote:not(:has(> blockquote.gmail_quote)), .gmail_extra:not(:has(blockquote.gmail_quote)), ' +
  'blockquote[type="cite"], .front-blockquote, .freshdesk_quote, .gorgias_quote, .protonmail_quote, .yahoo_quoted, .tutanota_quote, .zmail_extra, .moz-cite-prefix, #divRplyFwdMsg, ' +
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

/** A name to greet somebody by, or nothing where it is only an address. @param {(string | null | undefined)[]} candidates */
export function personName(...candidates) {
  const names = candidates.map((candidate) => candidate?.replace(/<[^>]*>/g, '').replace(/^["'\s]+|["',;\s]+$/g, ''));
  return names.find((name) => name && !name.includes('@')) ?? null;
}

/** Ctrl or Cmd with Enter, by which most pages send. @param {KeyboardEvent} key */
export const isChord = ({ key, ctrlKey, metaKey }) => key === 'Enter' && (ctrlKey || metaKey);

/** Enter alone, by which chats send. @param {KeyboardEvent} event */
export const isBareEnter = ({ key, ctrlKey, metaKey, altKey, shiftKey }) => key === 'Enter' && !(ctrlKey || metaKey || altKey || shiftKey);

/** @param {ParentNode} root @param {string} selector */
export const all = (root, selector) => /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);

/** What assistive technology, and a writer, would call it. @param {Element} element */
const nameOf = (element) => (element.ariaLabel || element.textContent || element.getAttribute('title') || '').replace(/[\u200e\u200f\u202a-\u202e]/g, '').trim();

const SENDS = /^(send|senden|absenden|envoyer|enviar|invia|verzend|verstuur|skicka|lähetä|wyślij|odeslat|gönder|отправить|надіслати|送信|发送|發送|傳送|보내기)/i;
const NOTES = /\b(notes?|comments?|internal|interne?[rs]?|nota|notitie|notat|notatka|notiz|kommentar|comentario|commento)\b|anteckning|заметк|メモ|备注|備註|메모/i;

/** The buttons in there that say "Send" in a language we know, and do not just open a menu. @param {ParentNode} root @returns {Send[]} */
export const sendsByName = (root) =>
  all(root, 'button, [role="button"], input[type="submit"]')
    .filter((button) => !button.ariaHasPopup && SENDS.test(nameOf(button)))
    .map((element) => ({ element, later: false }));

/**
 * The smallest part of the page around a body in which something says "Send", or which `has` something else, and in which nothing else is written.
 * @param {HTMLElement} body
 * @param {(part: Element) => boolean} [has]
 */
export function composeAround(body, has = (part) => sendsByName(part).length > 0) {
  for (let up = body.parentElement; up && up !== body.ownerDocument.body; up = up.parentElement) {
    if (all(up, '[contenteditable="true"], textarea').some((other) => !body.contains(other) && isRoomy(other))) break;
    if (has(up)) return up;
  }
  return body.closest('form, [role="dialog"]') ?? body;
}

/** Whether the body, or what is chosen beside it, is called a note or a comment. @param {HTMLElement} body */
export function isCalledNote(body) {
  const labels = ['aria-label', 'aria-placeholder', 'data-placeholder', 'placeholder'].map((name) => body.getAttribute(name) ?? '');
  const choice = composeAround(body, (part) => part.querySelector('[role="tab"], [role="radio"]') !== null);
  const chosen = all(choice, '[role="tab"][aria-selected="true"], [role="radio"][aria-checked="true"]');
  return [...labels, ...chosen.map(nameOf)].some((name) => NOTES.test(name));
}

/** @param {Element} control */
export const isNotesControl = (control) => NOTES.test(nameOf(control));
