/** @import { RegionSelector } from '../hands' */
/** @import { MessageView } from '../protocol' */
import { REGION, TextMap } from '../text-map.js';

/** What mail programs put around earlier mail, wherever it was pasted from. */
export const QUOTES =
  'blockquote.gmail_quote, .gmail_attr, .gmail_quote:not(:has(> blockquote.gmail_quote)), .gmail_extra:not(:has(blockquote.gmail_quote)), ' +
  'blockquote[type="cite"], .protonmail_quote, .yahoo_quoted, .tutanota_quote, .zmail_extra, .moz-cite-prefix, #divRplyFwdMsg, ' +
  '#mail-editor-reference-message-container';

export const SIGNATURES =
  '.gmail_signature_prefix, .gmail_signature, [data-smartmail="gmail_signature"], .protonmail_signature_block, .moz-signature, #Signature';

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
