/** @import { Adapter } from '../hands' */
import { select } from './shared.js';

/** Our own first page, on which a reply is tried: nothing is sent there. @type {Adapter} */
export const welcome = {
  id: 'welcome',
  hosts: [],
  matches: ({ location }) => location.protocol.endsWith('-extension:'),
  bodies: (document) => select(document, '#reply'),
  container: (body) => body.parentElement ?? body,
  regions: [],
  sends: () => [],
  thread(body) {
    const theirs = body.ownerDocument.querySelector('#theirs');
    return { recipient: 'Gary', address: null, subject: null, key: null, messages: [{ mine: false, text: theirs?.textContent?.trim() ?? '' }] };
  },
};
