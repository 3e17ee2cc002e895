/** What every editor begins with. */
export const SEED = '<p>Hello Gary,</p><p>I looked at it. You failed to <b>attach the receipt. It came</b> on Monday.</p>';

/** The same as paragraphs of pieces, for editors that do not take HTML. @type {{ text: string, bold?: boolean }[][]} */
export const PARAGRAPHS = [
  [{ text: 'Hello Gary,' }],
  [{ text: 'I looked at it. You failed to ' }, { text: 'attach the receipt. It came', bold: true }, { text: ' on Monday.' }],
];

export const TEXT = PARAGRAPHS.map((pieces) => pieces.map(({ text }) => text).join('')).join('\n');

export const host = /** @type {HTMLElement} */ (document.getElementById('host'));

/** A bare element to make an editor of. */
export function bare() {
  const element = document.createElement('div');
  element.className = 'bare';
  host.append(element);
  return element;
}

/**
 * How the tests see an editor: `window.__editor`.
 * @typedef {object} View
 * @property {() => HTMLElement} root the element that is written in
 * @property {() => string} saved what the editor gives its application to keep or send: HTML, JSON or text
 * @property {() => string} [text] what its model says, a paragraph a line, where `saved` is not HTML
 * @property {() => string} [bold] the bold text, where `saved` is not HTML
 * @property {(changed: () => void) => void} listen to the change event that the editor's own documentation tells applications of
 */

/** @param {View} view */
export function ready({ root, saved, text, bold, listen }) {
  let heard = saved();
  let errors = 0;
  addEventListener('error', () => errors++);
  listen(() => setTimeout(() => (heard = saved())));
  /** @type {any} */ (window).__editor = {
    state: () => ({
      text: tidy(text?.() ?? lines(parse(saved()))),
      bold: tidy(bold?.() ?? [...parse(saved()).querySelectorAll('b, strong')].map((element) => element.textContent).join('')),
      screen: tidy(root() instanceof HTMLTextAreaElement ? /** @type {any} */ (root()).value : lines(root())),
      saved: saved(),
      /** What an application that listens would send. */
      heard,
      errors,
    }),
    /** The middle of the last line of text, in the page's viewport. */
    place() {
      const box = (root().lastElementChild ?? root()).getBoundingClientRect();
      const frame = root().ownerDocument.defaultView?.frameElement?.getBoundingClientRect();
      return { x: box.left + box.width / 2 + (frame?.left ?? 0), y: box.top + box.height / 2 + (frame?.top ?? 0) };
    },
    root,
  };
}

/** @param {string} html */
const parse = (html) => new DOMParser().parseFromString(html, 'text/html').body;

/** The lines of an element, as they are seen. @param {Element} element */
function lines(element) {
  const all = [''];
  const next = () => void (all.at(-1) && all.push(''));
  const read = (/** @type {Node} */ parent) => {
    for (const node of parent.childNodes) {
      const block = /^(ADDRESS|BLOCKQUOTE|DIV|H\d|LI|OL|P|PRE|TABLE|TD|TR|UL|FIGURE)$/.test(node.nodeName);
      if (node.nodeType === Node.TEXT_NODE) all[all.length - 1] += /** @type {Text} */ (node).data;
      if (node.nodeName === 'BR' || block) next();
      read(node);
      if (block) next();
    }
  };
  read(element);
  return all.join('\n');
}

/** Lines without those that are empty, which some editors drop and others make: spaces are spaces. @param {string} text */
const tidy = (text) => text.replace(/[\u200b\ufeff]/g, '').replace(/\u00a0/g, ' ').split('\n').map((line) => line.trim()).filter(Boolean).join('\n');
