/** @import { Adapter } from '../hands' */
import { isChord, isRoomy, select } from './shared.js';
import { isNotesControl, structural } from './structural.js';

/**
 * Its reply is a form of Draft.js with two buttons, the second of which closes the ticket, too; they have had these ids for
 * years. The message's channel, which may be an internal note, is chosen from a menu in the form.
 * @type {Adapter}
 */
export const gorgias = {
  ...structural,
  id: 'gorgias',
  hosts: ['*.gorgias.com'],
  bodies(document) {
    const bodies = select(document, '#ticket-reply-editor [contenteditable="true"]').filter(isRoomy);
    return bodies.length ? bodies : structural.bodies(document);
  },
  container: form,
  internal: (body) => select(form(body), '[aria-haspopup]').some(isNotesControl),
  sends(body) {
    const buttons = select(form(body), '#submit-button, #submit-and-close-button');
    return buttons.length ? buttons.map((element) => ({ element, later: false })) : structural.sends(body);
  },
  sendKey: (key, body) => isChord(key) && gorgias.sends(body).at(key.shiftKey ? -1 : 0),
};

/** @param {HTMLElement} body @returns {Element} */
function form(body) {
  return body.closest('#ticket-reply-editor') ?? structural.container(body);
}
