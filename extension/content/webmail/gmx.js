/** @import { Adapter } from '../hands' */
import { byStructure } from './shared.js';

/** GMX, web.de and mail.com are one platform, whose mail is in a frame of the page, on hosts of its own. Facts: these hosts, and `[name=quote]` (webmail.md §3). @type {Adapter} */
export const gmx = {
  ...byStructure(
    'gmx',
    ['3c.gmx.net', '3c-bap.gmx.net', '3c.web.de', '3c-bap.web.de', '3c-bs.gmx.com', '3c-bs.gmx.co.uk', '3c-bs.gmx.fr', '3c-bs.gmx.es', '3c-lxa.mail.com'],
    '[name="quote"], blockquote',
  ),
  framed: true,
};
