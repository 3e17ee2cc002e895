/** @import { Adapter } from '../hands' */
import { isBareEnter, isRoomy, messageText, select } from './shared.js';
import { conversationId, isCalledNote, structural } from './structural.js';

const BODIES = '[data-conversation-reply-composer] [contenteditable="true"], .embercom-prosemirror-composer-editor[contenteditable="true"]';

/**
 * Facts: webmail.md §4. Parts of the page may lie in shadow roots. Who wrote a part of the conversation older pages say by
 * `data-part-group-category` (1 is the customer, 3 a colleague); on newer ones the customer's are on the left.
 * @type {Adapter}
 */
export const intercom = {
  ...structural,
  id: 'intercom',
  hosts: ['app.intercom.com', 'app.eu.intercom.com', 'app.au.intercom.com', 'app.intercom.io'],
  bodies(document) {
    // Roots are not searched for a body at each change of the page: one that lies in there is found when the writer goes into it.
    let focused = document.activeElement;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    const inside = /** @type {HTMLElement | null | undefined} */ (focused?.closest(BODIES));
    return [...new Set([...select(document, BODIES), ...(inside ? [inside] : [])])].filter(isRoomy);
  },
  internal: (body) => body.closest('.o__note') !== null || isCalledNote(body),
  sendKey(key, body) {
    if (!isBareEnter(key)) return false;
    // In a chat, unless it chooses from a list of colleagues, macros or articles.
    const chooses = body.hasAttribute('aria-activedescendant') || select(document, '[role="listbox"]').some((list) => list.checkVisibility());
    return !chooses && !deep(document, '.channels__inbox__email-metadata-container, [class*="email-metadata"]').length;
  },
  thread() {
    const stream = deep(document, '[data-testid="conversation-stream-scroll-container"]')[0];
    const middle = (/** @type {Element} */ element) => element.getBoundingClientRect().left + element.getBoundingClientRect().width / 2;
    const parts = stream ? deep(stream, '[data-part-group-id], [class*="group/content-part"]') : [];
    const messages = parts.flatMap((part) => {
      const category = part.getAttribute('data-part-group-category');
      const body = deep(part, '.interblocks-html')[0];
      const text = body && messageText(body);
      if (!text || (category && category !== '1' && category !== '3')) return [];
      return [{ mine: category ? category === '3' : middle(part) > middle(stream), text }];
    });
    return { recipient: null, address: null, subject: null, key: conversationId(), messages };
  },
};

/** Also in open shadow roots. @param {ParentNode} root @param {string} selector @returns {HTMLElement[]} */
function deep(root, selector) {
  const own = select(root, selector);
  return own.length ? own : select(root, '*').flatMap(({ shadowRoot }) => (shadowRoot ? deep(shadowRoot, selector) : []));
}
