/** @import { Adapter } from '../hands' */
import { COMMON_REGIONS, isRoomy, messageText, partAround, quotedMessages, sendsByName } from './shared.js';

const EDITABLE = 'textarea, [contenteditable]:not([contenteditable="false"])';
const NOT_PROSE = '.CodeMirror, .cm-editor, .monaco-editor, .ace_editor, [role="searchbox"], [role="combobox"], [aria-multiline="false"]';

/**
 * Any other site that the writer turned on: what they write in, once they are in it, if it has room for more than one line.
 * @type {Adapter}
 */
export const generic = {
  id: 'generic',
  hosts: [],
  matches: () => true,
  bodies(document) {
    const focused = innermost(document);
    const editable = focused?.isContentEditable ? editingRoot(focused) : /** @type {HTMLElement | null | undefined} */ (focused?.closest(EDITABLE));
    return editable && isProse(editable) ? [editable] : [];
  },
  container: (body) => partAround(/** @type {HTMLElement} */ (body.ownerDocument.defaultView?.frameElement ?? body)),
  regions: COMMON_REGIONS,
  // What says "Send" beside it, or the one button that submits its form.
  sends(body) {
    const said = sendsByName(generic.container(body));
    const buttons = body.closest('form')?.querySelectorAll('button:not([type="button"], [type="reset"]), input[type="submit"]') ?? [];
    if (said.length || buttons.length !== 1) return said;
    return [{ element: /** @type {HTMLElement} */ (buttons[0]), later: false }];
  },
  thread(body) {
    const unknown = { recipient: null, address: null, subject: null, key: null };
    const quote = /** @type {HTMLElement | null} */ (body.querySelector('blockquote'));
    const quoted = quote && messageText(quote);
    if (quoted) return { ...unknown, messages: [{ mine: false, text: quoted }] };
    return { ...unknown, messages: body instanceof HTMLTextAreaElement ? quotedMessages(body.value) : [] };
  },
};

/** What has the focus, also in the frames that editors make for themselves. @param {Document} document @returns {HTMLElement | null} */
function innermost({ activeElement }) {
  const inner = activeElement instanceof HTMLIFrameElement && activeElement.contentDocument;
  return inner ? innermost(inner) : /** @type {HTMLElement | null} */ (activeElement);
}

/** @param {HTMLElement} element */
function editingRoot(element) {
  let root = element;
  while (root.parentElement?.isContentEditable) root = root.parentElement;
  return root;
}

/** @param {HTMLElement} body */
function isProse(body) {
  if (body.closest(NOT_PROSE) || !isRoomy(body.ownerDocument.defaultView?.frameElement ?? body)) return false;
  if (body.nodeName === 'TEXTAREA') {
    const area = /** @type {HTMLTextAreaElement} */ (body);
    return area.rows >= 2 && !area.readOnly && area.clientHeight >= 40;
  }
  return body.clientWidth >= 200 && body.clientHeight >= 32;
}
