/** @import { Highlight as View } from './protocol' */
/** @import { Box, Painter } from './hands' */
/** @import { TextMap } from './text-map' */
import { url } from './platform.js';

const CURRENT = 'composure-current';
const SPOKEN = 'composure-spoken';

/** The colours, for a body in a shadow root, which the page's style sheets do not reach. @type {CSSStyleSheet | null} */
let colours = null;

/**
 * Paints over editable text without touching it: the CSS Custom Highlight API. css/highlights.css has the colours. All
 * composes of a document share its registry, so each adds and removes only its own ranges.
 * @implements {Painter}
 */
export class RangePainter {
  #window;
  /** @type {Map<number, { range: Range, name: string }>} */
  #painted = new Map();
  /** @type {Range | null} */
  #current = null;

  /** @param {HTMLElement} body */
  constructor(body) {
    this.#window = /** @type {Window & typeof globalThis} */ (body.ownerDocument.defaultView);
    const root = body.getRootNode();
    if (root instanceof ShadowRoot) colour(root);
  }

  /** @param {TextMap} map @param {View[]} views @param {number | null} current */
  paint(map, views, current) {
    const gone = new Set(this.#painted.keys());
    this.#setCurrent(null);
    for (const { id, start, end, severity } of views) {
      const name = `composure-${severity}`;
      const known = this.#painted.get(id);
      // Ranges are kept and moved, because every live range slows each change of the document until it is collected.
      const range = map.range(start, end, known?.range);
      gone.delete(id);
      if (known?.name !== name) {
        if (known) this.#highlight(known.name).delete(range);
        this.#highlight(name).add(range);
        this.#painted.set(id, { range, name });
      }
      if (id === current) this.#setCurrent(range);
    }
    for (const id of gone) this.#remove(id);
  }

  /** @param {number} x @param {number} y */
  hit(x, y) {
    for (const [id, { name }] of this.#painted) if (name !== SPOKEN && this.rects(id).some((rect) => within(rect, x, y))) return id;
    return null;
  }

  /** @param {number} id */
  rects(id) {
    return [...(this.#painted.get(id)?.range.getClientRects() ?? [])];
  }

  layout() {}

  close() {
    this.#setCurrent(null);
    for (const id of [...this.#painted.keys()]) this.#remove(id);
  }

  /** @param {number} id */
  #remove(id) {
    const { range, name } = /** @type {{ range: Range, name: string }} */ (this.#painted.get(id));
    this.#highlight(name).delete(range);
    this.#painted.delete(id);
  }

  /** @param {Range | null} range */
  #setCurrent(range) {
    if (this.#current) this.#highlight(CURRENT).delete(this.#current);
    if (range) this.#highlight(CURRENT).add(range);
    this.#current = range;
  }

  /** @param {string} name */
  #highlight(name) {
    const { CSS, Highlight } = this.#window;
    let highlight = CSS.highlights.get(name);
    if (!highlight) {
      highlight = new Highlight();
      highlight.priority = name === CURRENT ? 1 : name === SPOKEN ? -1 : 0;
      CSS.highlights.set(name, highlight);
    }
    return highlight;
  }
}

/** @param {ShadowRoot} root */
function colour(root) {
  if (!colours) {
    const sheet = (colours = new CSSStyleSheet());
    fetch(url('css/highlights.css')).then(async (response) => sheet.replace(await response.text()), () => {});
  }
  if (!root.adoptedStyleSheets.includes(colours)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, colours];
}

/** What decides where a textarea breaks its lines. */
const MIRRORED = ['font', 'fontKerning', 'fontVariantLigatures', 'fontFeatureSettings', 'letterSpacing', 'wordSpacing', 'lineHeight',
  'textAlign', 'textIndent', 'textTransform', 'direction', 'unicodeBidi', 'tabSize', 'whiteSpace', 'overflowWrap', 'wordBreak', 'hyphens', 'paddingTop',
  'paddingRight', 'paddingBottom', 'paddingLeft'];

/**
 * A textarea takes no highlights. So its text is laid out once more, invisibly, in our own layer above it, and only the
 * highlights' decorations show.
 * @implements {Painter}
 */
export class OverlayPainter {
  #body;
  #clip = document.createElement('div');
  #mirror = document.createElement('div');
  /** What is read aloud lies under the findings. */
  #under = document.createElement('div');
  /** @type {Map<number, HTMLElement>} */
  #marks = new Map();
  /** What is laid out now: the highlights, the text up to the last one's end, and what of the rest decides where that is. */
  #filled = { views: '', head: '', tail: '' };
  /** Whether what is written on in a line moves nothing of what stands in it. */
  #grows = false;

  /** @param {HTMLTextAreaElement} body @param {Element} layer */
  constructor(body, layer) {
    this.#body = body;
    this.#clip.className = 'overlay';
    this.#clip.append(this.#under, this.#mirror);
    layer.prepend(this.#clip);
  }

  /** @param {TextMap} map @param {View[]} views @param {number | null} current */
  paint(map, views, current) {
    const last = Math.max(0, ...views.map(({ end }) => end));
    const filled = { views: JSON.stringify([views, current]), head: map.text.slice(0, last), tail: this.#rest(map.text, last) };
    const before = this.#filled;
    this.#filled = filled;
    const spoken = (/** @type {View} */ { severity }) => severity === 'spoken';
    if (filled.views === before.views && filled.head === before.head) {
      if (filled.tail === before.tail || !views.length) return;
      const rest = this.#mirror.lastChild;
      if (rest && !views.some(spoken)) return void (rest.nodeValue = filled.tail);
    }
    this.#marks.clear();
    this.#fill(this.#under, map.text, views.filter(spoken), null);
    this.#fill(this.#mirror, map.text, views.filter((view) => !spoken(view)), current);
  }

  /** @param {Element} mirror @param {string} text @param {View[]} views @param {number | null} current */
  #fill(mirror, text, views, current) {
    /** @type {(string | Node)[]} */
    const pieces = [];
    let at = 0;
    for (const { id, start, end, severity } of views) {
      const mark = document.createElement('span');
      mark.className = `mark-${severity}${id === current ? ' mark-current' : ''}`;
      mark.textContent = text.slice(start, end);
      pieces.push(text.slice(at, start), mark);
      this.#marks.set(id, mark);
      at = end;
    }
    if (views.length) pieces.push(document.createTextNode(text.slice(at, this.#filled.head.length) + this.#filled.tail));
    mirror.replaceChildren(...pieces);
  }

  /** The rest of its word, if no more decides where it is, else of its line. @param {string} text @param {number} from */
  #rest(text, from) {
    const rest = this.#grows && !FROM_RIGHT.test(text) ? /^\S*/ : /^.*/;
    return text.slice(from).match(rest)?.[0] ?? '';
  }

  /** @param {number} x @param {number} y */
  hit(x, y) {
    for (const [id, mark] of this.#marks) if (this.#mirror.contains(mark) && this.rects(id).some((rect) => within(rect, x, y))) return id;
    return null;
  }

  /** @param {number} id */
  rects(id) {
    return [...(this.#marks.get(id)?.getClientRects() ?? [])];
  }

  /** @param {Box} clip */
  layout(clip) {
    const { style } = this.#clip;
    style.left = `${clip.left}px`;
    style.top = `${clip.top}px`;
    style.width = `${clip.right - clip.left}px`;
    style.height = `${clip.bottom - clip.top}px`;
    const computed = getComputedStyle(this.#body);
    this.#grows = computed.textAlign === 'start' && computed.direction === 'ltr';
    for (const { style } of [this.#under, this.#mirror]) for (const name of MIRRORED) style[/** @type {'font'} */ (name)] = computed[/** @type {'font'} */ (name)];
    this.#align();
  }

  close() {
    this.#clip.remove();
  }

  #align() {
    const body = this.#body;
    const { left, top } = body.getBoundingClientRect();
    const x = left + body.clientLeft - body.scrollLeft - (parseFloat(this.#clip.style.left) || 0);
    const y = top + body.clientTop - body.scrollTop - (parseFloat(this.#clip.style.top) || 0);
    for (const { style } of [this.#under, this.#mirror]) {
      style.width = `${body.clientWidth}px`;
      style.transform = `translate(${x}px, ${y}px)`;
    }
  }
}

/** What is written from right to left, or makes what comes after it so. */
const FROM_RIGHT = /[\u0590-\u08ff\u202b\u202e\u2067]/;

/** @param {DOMRect} rect @param {number} x @param {number} y */
const within = (rect, x, y) => x >= rect.left && x <= rect.right && y >= rect.top && y <= rect.bottom;
