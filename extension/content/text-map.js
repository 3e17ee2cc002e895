/** @import { RegionView, TextEdit } from './protocol' */
/** @import { RegionSelector } from './hands' */

const BLOCKS = new Set(('ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CAPTION CENTER DD DETAILS DIALOG DIV DL DT FIELDSET FIGCAPTION FIGURE ' +
  'FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION SUMMARY TABLE TBODY TD TFOOT TH THEAD TR UL').split(' '));
const SILENT = new Set(('STYLE SCRIPT TITLE HEAD META LINK TEMPLATE NOSCRIPT TEXTAREA SELECT INPUT BUTTON IMG VIDEO AUDIO CANVAS ' +
  'OBJECT EMBED IFRAME svg math').split(' '));

// As `Node` has them, which takes Firefox its time.
const ELEMENT_NODE = 1;
export const TEXT_NODE = 3;

/** What of a text node may not be rendered as it stands. */
const BLANK = /[\n\t\r\f]|^ +$/;

/** Stands for a quote or a signature. */
export const REGION = '\uFFFC';

/**
 * The text of an editable, and the way from its offsets to the DOM and back, both from one walk.
 *
 * It consists of segments in document order: a text node (as long as its data), a `<br>` (empty, it only marks a place where
 * a caret can be), a region (one U+FFFC). Line breaks lie between segments.
 */
export class TextMap {
  text = '';
  /** @type {RegionView[]} */
  regions = [];
  /** @type {Node} */
  #root;
  /** @type {Node[]} */
  #nodes = [];
  /** @type {number[]} */
  #starts = [];
  /** @type {number[]} */
  #ends = [];
  /** The last element of a region that several elements make up. @type {Map<number, Node>} */
  #tails = new Map();
  /** @type {Map<Node, number> | null} */
  #index = null;

  /** @param {Node} root */
  constructor(root) {
    this.#root = root;
  }

  /** A text without DOM behind it, such as a textarea's. @param {Node} root @param {string} text */
  static plain(root, text) {
    const map = new TextMap(root);
    map.text = wellFormed(text.replaceAll('\u00a0', ' '));
    return map;
  }

  /**
   * `<div>a<br></div><div><br></div><div>b</div>` is "a\n\nb": a block's edge or a `<br>` ends the line, but only what
   * follows it begins the next one, so that a `<br>` at the end of a block is not a line of its own.
   * @param {HTMLElement} root
   * @param {RegionSelector[]} selectors
   */
  static read(root, selectors) {
    const map = new TextMap(root);
    const kinds = new Map();
    for (const { selector, kind } of selectors) for (const element of root.querySelectorAll(selector)) kinds.set(element, kind);
    // Asking has the page laid out at once.
    /** @type {boolean | undefined} */
    let shown;
    /** @type {Map<Element, boolean>} */
    const preserves = new Map();
    let text = '';
    let ended = false;
    const add = (/** @type {Node} */ node, /** @type {string} */ piece) => {
      if (ended) text += '\n';
      ended = false;
      map.#nodes.push(node);
      map.#starts.push(text.length);
      text += piece;
      map.#ends.push(text.length);
    };
    const endLine = () => {
      if (map.#nodes.length) ended = true;
    };

    /** @param {Node} node @returns {boolean} whether its children count */
    const enter = (node) => {
      if (node.nodeType === TEXT_NODE) {
        const { data } = /** @type {Text} */ (node);
        if (!data) return false;
        let piece = data;
        if (BLANK.test(data)) {
          const kept = preservesLines(/** @type {Element} */ (node.parentElement), preserves);
          // Indentation between blocks is not rendered.
          if (!kept && (ended || !map.#nodes.length) && /^[ \n\t\r\f]*$/.test(data)) return false;
          piece = data.replace(kept ? /[\t\r\f]/g : /[\n\t\r\f]/g, ' ');
        }
        add(node, piece.includes('\u00a0') ? piece.replaceAll('\u00a0', ' ') : piece);
        return false;
      }
      if (node.nodeType !== ELEMENT_NODE) return false;
      const element = /** @type {HTMLElement} */ (node);
      if (element.nodeName === 'BR') {
        add(element, '');
        ended = true;
        return false;
      }
      if (SILENT.has(element.nodeName)) return false;
      if (element.hasAttributes()) {
        if (element.getAttribute('contenteditable') === 'false') return false;
        if ((shown ??= root.checkVisibility()) && !element.checkVisibility() && getComputedStyle(element).display !== 'contents') return false;
      }
      const kind = kinds.get(element);
      if (kind) {
        // Roundcube keeps a place for a signature where there is none.
        if (!element.textContent.trim() && !element.querySelector('img')) return false;
        const last = map.regions.at(-1);
        if (last && last.end === text.length && last.kind === kind) {
          map.#tails.set(map.#nodes.length - 1, element);
        } else {
          endLine();
          add(element, REGION);
          map.regions.push({ start: text.length - 1, end: text.length, kind });
        }
        ended = true;
        return false;
      }
      if (BLOCKS.has(element.nodeName)) endLine();
      return true;
    };

    /** @type {Node | null} */
    let node = root.firstChild;
    while (node) {
      if (enter(node) && node.firstChild) {
        node = node.firstChild;
        continue;
      }
      while (node && !node.nextSibling) {
        node = node.parentNode === root ? null : node.parentNode;
        if (node && BLOCKS.has(node.nodeName)) endLine();
      }
      node = node && node.nextSibling;
    }
    map.text = wellFormed(text);
    return map;
  }

  /**
   * Takes over what one of its text nodes has come to be, so that a key in a long mail costs no more than in a short one.
   * @param {Node} node
   * @returns {{ edit: TextEdit, from: number, to: number } | null} what changed, and where the node's text is now; null, and nothing
   * is taken over, where only a reading of the whole can tell
   */
  retype(node) {
    const i = this.#places().get(node);
    const data = node.nodeValue;
    if (i === undefined || node.nodeType !== TEXT_NODE || !data) return null;
    const start = this.#starts[i];
    const old = this.text.slice(start, this.#ends[i]);
    // Whether spaces and line breaks count is decided by what stands around them.
    if (!old || BLANK.test(data) || !data.isWellFormed() || !old.isWellFormed()) return null;
    const piece = data.replaceAll('\u00a0', ' ');
    const edit = difference(old, piece);
    const by = piece.length - old.length;
    this.text = this.text.slice(0, start) + piece + this.text.slice(this.#ends[i]);
    this.#ends[i] += by;
    for (let later = i + 1; later < this.#starts.length; later += 1) {
      this.#starts[later] += by;
      this.#ends[later] += by;
    }
    this.regions = this.regions.map((region) => (region.start < start ? region : { ...region, start: region.start + by, end: region.end + by }));
    return { edit: { start: start + edit.start, end: start + edit.end, insert: edit.insert }, from: start, to: this.#ends[i] };
  }

  #places() {
    return (this.#index ??= new Map(this.#nodes.map((each, i) => [each, i])));
  }

  /**
   * The DOM's name for an offset. Where two segments touch, `forward` chooses the later.
   * @param {number} offset
   * @param {boolean} forward
   * @returns {{ node: Node, offset: number }}
   */
  point(offset, forward) {
    let i = lastAtOrBefore(this.#starts, offset);
    if (i < 0) return this.#emptyPoint();
    if (!forward && i > 0 && offset === this.#starts[i] && offset === this.#ends[i - 1]) i -= 1;
    const node = this.#nodes[i];
    if (node.nodeType === TEXT_NODE) {
      return { node, offset: Math.min(offset - this.#starts[i], /** @type {Text} */ (node).length) };
    }
    const past = offset > this.#starts[i];
    const edge = past ? this.#tails.get(i) ?? node : node;
    const parent = edge.parentNode ?? this.#root;
    return { node: parent, offset: Array.prototype.indexOf.call(parent.childNodes, edge) + (past ? 1 : 0) };
  }

  /**
   * The offset of a place in the DOM.
   * @param {Node} node
   * @param {number} offset
   */
  offset(node, offset) {
    const places = this.#places();
    const known = places.get(node);
    if (known !== undefined && node.nodeType === TEXT_NODE) return Math.min(this.#starts[known] + offset, this.#ends[known]);
    // Between children: the place before the next.
    let next = /** @type {Node | null} */ (node.childNodes[offset] ?? null);
    for (; next; next = next.firstChild) {
      const i = places.get(next);
      if (i !== undefined) return this.#starts[i];
    }
    // Else behind the last segment before it.
    const child = node.childNodes[offset - 1];
    const { DOCUMENT_POSITION_PRECEDING: preceding, DOCUMENT_POSITION_CONTAINED_BY: contained } = Node;
    const isBefore = (/** @type {Node} */ other) =>
      child ? other === child || child.compareDocumentPosition(other) & (preceding | contained) : node.compareDocumentPosition(other) & preceding;
    let low = 0;
    let high = this.#nodes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.#tails.get(middle) ?? this.#nodes[middle])) low = middle + 1;
      else high = middle;
    }
    return low ? this.#ends[low - 1] : 0;
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {Range} [range] to set, instead of a new one
   */
  range(start, end, range = /** @type {Document} */ (this.#root.ownerDocument).createRange()) {
    const from = this.point(start, start < end);
    const to = start < end ? this.point(end, false) : from;
    // Setting it, even to where it is, has the browser paint anew.
    if (range.startContainer !== from.node || range.startOffset !== from.offset) range.setStart(from.node, from.offset);
    if (range.endContainer !== to.node || range.endOffset !== to.offset) range.setEnd(to.node, to.offset);
    return range;
  }

  /** In an empty compose: in its first block, if it has one. */
  #emptyPoint() {
    let node = this.#root;
    while (node.firstChild && BLOCKS.has(node.firstChild.nodeName)) node = node.firstChild;
    return { node, offset: 0 };
  }
}

/** @param {Element} element @param {Map<Element, boolean>} known */
function preservesLines(element, known) {
  let kept = known.get(element);
  if (kept === undefined) known.set(element, (kept = /^(pre|break)/.test(getComputedStyle(element).whiteSpace)));
  return kept;
}

/** Half a surrogate pair would not survive the way to the mind. @param {string} text */
const wellFormed = (text) => (text.isWellFormed() ? text : text.toWellFormed());

/** @param {number[]} sorted @param {number} value */
function lastAtOrBefore(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The one edit that turns `before` into `after`, whole characters only.
 * @param {string} before
 * @param {string} after
 */
export function difference(before, after) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  if (start && isHigh(after.charCodeAt(start - 1))) start -= 1;
  let tail = 0;
  while (tail < shorter - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail += 1;
  if (tail && isLow(after.charCodeAt(after.length - tail))) tail -= 1;
  return { start, end: before.length - tail, insert: after.slice(start, after.length - tail) };
}

const isHigh = (/** @type {number} */ unit) => (unit & 0xfc00) === 0xd800;
const isLow = (/** @type {number} */ unit) => (unit & 0xfc00) === 0xdc00;
