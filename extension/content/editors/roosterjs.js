/** @import { Editor } from '../hands' */
import { managed } from './managed.js';
import { nudge } from './ways.js';

/**
 * RoosterJS, known by the style it gives its body: Outlook's and Proton's. It remembers its text for undo at a key that moves
 * the caret, if one was typed before.
 * @type {Editor}
 */
export const roosterjs = {
  ...managed,
  matches: (body) => body.isContentEditable && body.style.userSelect === 'text',
  mark(body) {
    nudge(body, 'keydown', { key: 'End', code: 'End' });
    nudge(body, 'keypress', { key: 'Unidentified' });
  },
};
