/** @import { Adapter } from '../hands' */
import { partAround, select } from './shared.js';
import { isCalledNote, isNotesControl, structural } from './structural.js';

/**
 * Only its hosts are recorded in public; its page is known by roles and by words. A note among colleagues may be chosen as a
 * channel, from a menu beside the text.
 * @type {Adapter}
 */
export const gorgias = {
  ...structural,
  id: 'gorgias',
  hosts: ['*.gorgias.com'],
  internal: (body) => isCalledNote(body) || select(partAround(body), '[aria-haspopup]').some(isNotesControl),
};
