/** @import { ComposeId, Effect, Event as MindEvent, Highlight, Place, TextEdit } from './protocol' */
/** @import { Adapter, Box, Editor, Painter } from './hands' */
/** @import { Page } from './main' */
import { carryOut, placeAfter } from './edit.js';
import { EDITORS } from './editors/editors.js';
import { type } from './editors/ways.js';
import { OverlayPainter, RangePainter } from './highlights.js';
import { difference } from './text-map.js';

/** Longer drafts are read when the writer pauses. */
const LONG = 200_000;
const IDLE_MS = 300;
/**
 * So long after the first change since the last time, all is read, because of what is shown and hidden without a change of its
 * nodes nothing tells, and the mind is asked for its verdict, if it had nothing to say.
 */
const WHOLE_MS = 2000;
/** So many changes may come between what the mind saw and what it has to say of that. */
const REMEMBERED = 32;
/** What it has to say of a change comes sooner, unless all is slow. */
const NEWS_MS = 150;

/** One live compose window: reads it, paints it, writes it. */
export class Compose {
  revision = 0;
  /** Set while we write: what happens then is read once, afterwards. */
  editing = false;
  /** The text before each of our last changes, and where the writer was before the first. @type {{ stages: string[], anchor: number, focus: number } | null} */
  undoable = null;
  /** @type {Highlight[]} */
  #highlights = [];
  /** The highlight that the card belongs to. @type {number | null} */
  #anchor = null;
  /** Whether the panel was last toggled by its shortcut. */
  panelByKey = false;
  /** The mind's last word on whether to hold a send. @type {{ revision: number, hold: boolean } | null} */
  verdict = null;
  /** The revision whose highlights were painted last. @type {number | null} */
  #painted = null;
  /** The revision that a verdict was asked for last. */
  #asked = -1;
  /** The revision that was sent last. @type {number | null} */
  sentRevision = null;
  /** What the mind wants shown in place of what the pointer is down on. @type {Map<Place, Effect & { type: 'show' }>} */
  #waiting = new Map();
  #thread = '';
  /** Where the writer was in the text when the dialog came. @type {{ anchor: number, focus: number } | null} */
  #left = null;
  /** What was written while we wrote, which is to come behind that. */
  #ahead = '';
  /** The last change that was asked for: a button that is pressed twice asks twice. */
  #ordered = '';
  /** The last changes of the text, the newest last. @type {TextEdit[]} */
  #changes = [];
  #idle = 0;
  #whole = 0;
  #laidOut = new DOMRect();
  #edits = Promise.resolve();
  #controller = new AbortController();
  #observer;
  #resizes;

  /**
   * @param {ComposeId} id
   * @param {HTMLElement} body
   * @param {Adapter} adapter
   * @param {Page} page
   */
  constructor(id, body, adapter, page) {
    this.id = id;
    this.body = body;
    this.adapter = adapter;
    this.page = page;
    this.post = page.post;
    this.views = page.surface.views(id);
    /** @type {Editor} */
    this.editor = EDITORS.find((editor) => editor.matches(body)) ?? EDITORS[0];
    const { defaultView } = body.ownerDocument;
    /** The frame that the editor made for itself, if it did. */
    this.frame = defaultView === window ? null : defaultView?.frameElement ?? null;
    /** What of the page the writer sees the mail in. */
    this.box = this.frame ?? body;
    this.container = adapter.container(body);
    this.map = this.read();
    /** @type {Painter} */
    this.painter = body instanceof HTMLTextAreaElement ? new OverlayPainter(body, this.views.layer) : new RangePainter(body);

    this.#observer = new MutationObserver((changes) => this.check(changes));
    this.#observer.observe(body, { subtree: true, childList: true, characterData: true });
    // Nothing else tells of what is written into a textarea.
    if (body instanceof HTMLTextAreaElement) {
      for (const type of ['input', 'selectionchange']) body.addEventListener(type, () => this.check(), { capture: true, signal: this.#controller.signal });
    }
    this.#resizes = new ResizeObserver(page.layout);
    this.#resizes.observe(this.box);
    if (this.frame && defaultView) page.gate.watch(defaultView, this.#controller.signal);
    this.layout();
  }

  /** Whether its element is still where the writer could see it, and a mail. */
  get alive() {
    return this.#there && !this.adapter.internal?.(this.body);
  }

  get #there() {
    try {
      return this.body.isConnected && this.box.isConnected && this.body.ownerDocument.defaultView?.document === this.body.ownerDocument;
    } catch {
      // Of a frame that is gone, Firefox leaves dead objects.
      return false;
    }
  }

  get visible() {
    return this.box.checkVisibility();
  }

  /** Whether an event happened in the text. @param {Event} event */
  owns(event) {
    let target = /** @type {Node} */ (event.target);
    // The whole path is made of many objects, and is seldom another.
    if (/** @type {Partial<Element>} */ (target).shadowRoot) target = /** @type {Node} */ (event.composedPath()[0]);
    return this.body.contains(target) || (this.frame !== null && (target.ownerDocument ?? target) === this.body.ownerDocument);
  }

  read() {
    return this.editor.read(this.body, this.adapter.regions);
  }

  /** All that a mind needs which knows nothing yet. @returns {MindEvent} */
  opened() {
    const thread = this.#readThread();
    this.#thread = JSON.stringify(thread);
    return { type: 'opened', compose: this.id, thread, draft: this.#draft() };
  }

  #readThread() {
    const thread = this.adapter.thread(this.body);
    const key = thread.key ?? [thread.address, thread.subject].filter(Boolean).join(' ');
    return { ...thread, key: key ? `${location.host} ${key}` : null };
  }

  readThread() {
    const thread = this.#readThread();
    const text = JSON.stringify(thread);
    if (text !== this.#thread) this.post({ type: 'thread-read', compose: this.id, thread });
    this.#thread = text;
  }

  /**
   * Reads the text, because it may have changed.
   * @param {MutationRecord[]} [changes] what the DOM's observer told, where nothing else can have changed
   * @param {boolean} [moved] whether the DOM changed, so that ranges may have collapsed
   */
  check(changes, moved = false) {
    if (this.editing) return;
    if (changes && this.#retyped(changes)) return;
    const { length } = changes ?? this.#observer.takeRecords();
    clearTimeout(this.#idle);
    if (this.map.text.length > LONG && !this.#controller.signal.aborted) {
      this.#idle = setTimeout(() => this.alive && this.#compare(true), IDLE_MS);
    } else {
      this.#compare(moved || length > 0);
    }
  }

  /** Whether these changes are no more than some letters of one text, which then is read alone. @param {MutationRecord[]} changes */
  #retyped(changes) {
    if (!changes.length || this.#controller.signal.aborted) return false;
    const [{ target }] = changes;
    if (changes.some((change) => change.type !== 'characterData' || change.target !== target)) return false;
    const retyped = this.map.retype(target);
    if (!retyped) return false;
    const { edit, from, to } = retyped;
    const before = this.#highlights;
    if (edit.insert || edit.start < edit.end) this.#changed(edit);
    // Ranges in other texts are as they were.
    const { length } = this.#highlights;
    if (length < before.length || this.#highlights.some(({ start, end }) => start <= to && end >= from)) this.#paint();
    return true;
  }

  /** @param {boolean} moved */
  #compare(moved) {
    const before = this.map;
    this.map = this.read();
    const { regions } = this.map;
    const kept = regions.length === before.regions.length && (!regions.length || JSON.stringify(regions) === JSON.stringify(before.regions));
    const changed = this.map.text !== before.text || !kept;
    if (changed) this.#changed(difference(before.text, this.map.text));
    if (changed || moved) this.#paint();
  }

  /** Whether the mind's verdict is on the text as it is: it tells only when it is another. */
  get judged() {
    if (this.verdict?.revision === this.revision) return true;
    return this.#asked !== this.revision && this.page.channel.quiet(NEWS_MS);
  }

  /** Asks for a verdict on the text as it is, and for what was lost on the way. */
  ask() {
    if (this.verdict?.revision === this.revision && this.#painted !== null) return;
    this.#asked = this.revision;
    this.post({ type: 'verdict-asked', compose: this.id, painted: this.#painted });
  }

  /** Painting is left to the caller. @param {TextEdit} edit */
  #changed(edit) {
    this.page.guard.changing(this, edit);
    const base = this.revision++;
    this.#changes = [...this.#changes.slice(1 - REMEMBERED), edit];
    const waits = this.#canWait(edit);
    this.#highlights = shifted(this.#highlights, edit);
    if (this.#left) this.#left = { anchor: placeAfter(this.#left.anchor, edit), focus: placeAfter(this.#left.focus, edit) };
    this.post({ type: 'typed', compose: this.id, revision: this.revision, base, painted: this.#painted, edit, regions: this.map.regions }, waits);
    this.#whole ||= setTimeout(() => {
      this.#whole = 0;
      if (!this.alive) return;
      this.check();
      this.ask();
    }, WHOLE_MS);
    this.#afterUndo();
  }

  /**
   * Whether it can be told a little later: it is one character less, or a letter more of a word that is no urgent one, and nothing
   * is painted there.
   * @param {TextEdit} edit
   */
  #canWait({ start, end, insert }) {
    // Where Enter may send, the verdict is to be there before it.
    if (end - start + insert.length !== 1 || this.adapter.sendKey) return false;
    if (this.#highlights.some((highlight) => highlight.start <= end && highlight.end >= start)) return false;
    const { text } = this.map;
    let [from, to] = [start, start];
    while (isLetter(text.charCodeAt(from - 1))) from -= 1;
    while (isLetter(text.charCodeAt(to))) to += 1;
    // What stands in a word beside letters may mask one. (Before the text there is `NaN`.)
    const begins = !(text.charCodeAt(from - 1) > 32);
    return begins && to >= start + insert.length && !this.page.channel.urgent.has(text.slice(from, to).toLowerCase());
  }

  /**
   * Changes that were made together go together. And undoing what we wrote would leave it selected, and the next key would
   * replace it: the caret goes back to where the writer had it.
   */
  #afterUndo() {
    const undone = this.undoable;
    this.undoable = null;
    const left = undone?.stages.lastIndexOf(this.map.text) ?? -1;
    if (!undone || left < 0) return;
    const { revision } = this;
    setTimeout(() => {
      if (this.revision !== revision) return;
      if (left && this.editor.ownUndo) return;
      for (let i = 0; i < left; i += 1) this.body.ownerDocument.execCommand('undo');
      this.check();
      if (this.map.text === undone.stages[0]) this.editor.select(this.body, this.map, undone.anchor, undone.focus);
    });
  }

  /** @returns {number | null} */
  get caret() {
    return this.editor.selection(this.body, this.map)?.focus ?? null;
  }

  /** What a snippet left open. */
  get gaps() {
    return this.#highlights.filter(({ severity }) => severity === 'gap');
  }

  /** Whether the card is a gap's. */
  get onGap() {
    return this.gaps.some(({ id }) => id === this.#anchor);
  }

  get selected() {
    const { anchor, focus } = this.editor.selection(this.body, this.map) ?? { anchor: 0, focus: 0 };
    return this.map.text.slice(Math.min(anchor, focus), Math.max(anchor, focus));
  }

  /** Puts the caret there and brings it into view. @param {number} anchor @param {number} focus */
  select(anchor, focus) {
    if (this.frame) this.body.ownerDocument.defaultView?.focus();
    const { activeElement } = /** @type {Document | ShadowRoot} */ (this.body.getRootNode());
    if (!this.body.contains(activeElement)) this.body.focus({ preventScroll: true });
    this.editor.select(this.body, this.map, anchor, focus);
    // A textarea shows its caret by itself.
    if (this.body.nodeName !== 'TEXTAREA') this.#reveal(this.map.range(focus, focus).getBoundingClientRect());
  }

  /** @param {Effect} effect */
  apply(effect) {
    switch (effect.type) {
      case 'paint':
        this.#painted = null;
        // What came too late is to come again.
        if (effect.revision !== this.revision) return this.ask();
        this.#painted = this.revision;
        if (same(effect.highlights, this.#highlights)) return;
        this.#highlights = effect.highlights;
        return this.#paint();
      case 'show':
        return this.#show(effect);
      case 'hide':
        this.#hide(effect.place);
        if (effect.place === 'card') this.#setAnchor(null);
        return;
      case 'edit': {
        const order = JSON.stringify(effect);
        if (this.#ordered === order) return;
        this.#ordered = order;
        this.#edits = this.#edits.then(async () => {
          if (await this.#write(effect.revision, effect.edits)) return;
          // The writer may order the same again.
          this.#ordered = '';
          this.post({ type: 'edit-refused', compose: this.id });
        });
        return;
      }
      case 'reveal': {
        const gap = this.gaps.find(({ id }) => id === effect.highlight);
        if (gap) this.select(gap.start, gap.end);
        else this.#reveal(this.painter.rects(effect.highlight)[0]);
        return this.page.layout();
      }
      case 'guard':
        this.verdict = effect;
        return this.page.guard.judged(this);
      case 'release':
        return this.page.guard.release(this);
      case 'speak':
        return this.page.speech.say(effect);
      case 'resync':
        this.check();
        return this.post({ type: 'resynced', compose: this.id, draft: this.#draft() });
    }
  }

  /** @param {number} revision @param {TextEdit[]} edits @returns {Promise<boolean>} whether the editor took it */
  #write(revision, edits) {
    return carryOut(this, revision, edits).catch((error) => {
      console.debug('composure:', error);
      return false;
    });
  }

  /**
   * What is meant for the text of a revision, for the text as it is: the writer may have gone on meanwhile. Nothing where they
   * changed the very words.
   * @param {number} revision
   * @param {TextEdit[]} edits
   */
  follow(revision, edits) {
    const since = this.#changes.slice(this.#changes.length - (this.revision - revision));
    if (since.length !== this.revision - revision) return null;
    let moved = edits;
    for (const { start, end, insert } of since) {
      if (moved.some((edit) => edit.start < end && start < edit.end)) return null;
      const by = insert.length - (end - start);
      moved = moved.map((edit) => (edit.start < end ? edit : { ...edit, start: edit.start + by, end: edit.end + by }));
    }
    return moved;
  }

  /** What is typed while we write would go over what we selected for it. @param {KeyboardEvent} event @returns {boolean} whether it is kept */
  keep({ type, key, ctrlKey, metaKey, altKey }) {
    if (!this.editing || type !== 'keydown' || key.length > 1 || ctrlKey || metaKey || altKey) return false;
    if (!this.#ahead) this.#edits = this.#edits.then(() => this.#writeAhead());
    this.#ahead += key;
    return true;
  }

  /** Whatever comes of it: it is the writer's. */
  async #writeAhead() {
    const insert = this.#ahead;
    this.#ahead = '';
    const at = this.caret ?? this.map.text.length;
    if (!(await this.#write(this.revision, [{ start: at, end: at, insert }]))) type(this.body, insert);
  }

  /** @param {Effect & { type: 'show' }} effect */
  #show(effect) {
    const { place, html, anchor, keyboard } = effect;
    if (this.page.pointing.pressing && this.views.has(place)) {
      this.#waiting.set(place, effect);
      return;
    }
    this.#waiting.delete(place);
    if (place === 'dialog' && !this.views.has('dialog')) this.#left = this.editor.selection(this.body, this.map);
    this.views.show(place, html, keyboard || (place === 'panel' && this.panelByKey));
    if (place === 'card') this.#setAnchor(anchor);
    if (place === 'panel') this.#setAnchor(null);
    // The pill comes with a highlight, which is not to wait for it.
    (place === 'pill' ? this.page : this).layout();
    if (place === 'dialog') this.page.guard.shown(this);
    if (this.views.keyboard === place) this.page.surface.announce(this.views.summary());
  }

  /** What came while the pointer was down on what it replaces. */
  showWaiting() {
    for (const effect of [...this.#waiting.values()]) if (this.views.has(effect.place)) this.#show(effect);
    this.#waiting.clear();
  }

  /** @param {Place} place */
  #hide(place) {
    this.#waiting.delete(place);
    const had = place === 'dialog' && this.views.dialogFocused;
    // The mind's word that a dialog goes, which the writer closed already, is none on a send that is held since.
    const shown = place === 'dialog' && this.views.has('dialog');
    this.views.hide(place);
    if (shown) this.page.guard.forget(this);
    // The writer is where they were.
    if (had && this.#left && this.alive) this.select(this.#left.anchor, this.#left.focus);
  }

  /** Card, panel and dialog go at once, whatever the mind is doing: their keys are the writer's again. */
  dismiss() {
    for (const place of /** @type {const} */ (['card', 'panel', 'dialog'])) this.#hide(place);
    this.#setAnchor(null);
    this.post({ type: 'dismissed', compose: this.id });
  }

  /** The highlight under a point of the body's window. @param {number} x @param {number} y */
  hit(x, y) {
    return this.#highlights.length ? this.painter.hit(x, y) : null;
  }

  /** Whether it is elsewhere or of another size than at the last layout. */
  get moved() {
    const { left, top, width, height } = this.box.getBoundingClientRect();
    const { left: x, top: y, width: w, height: h } = this.#laidOut;
    return left !== x || top !== y || width !== w || height !== h;
  }

  /** Puts everything where the compose is now. */
  layout() {
    const { views } = this;
    this.#laidOut = this.box.getBoundingClientRect();
    views.theme = isDark(this.body) ? 'dark' : 'light';
    const visible = visiblePart(this.box);
    const width = visible.right - visible.left;
    const height = visible.bottom - visible.top;
    // A place inside the corner where the pill is or would be.
    const shown = this.visible && width > 80 && height > 24 && !this.page.surface.covered(visible.right - 20, visible.bottom - 20, this.box);
    // Not taken out of the layout: a panel that comes back is scrolled to where it was.
    views.layer.classList.toggle('away', !shown);
    if (!shown) return;
    this.painter.layout(visible);
    if (views.has('pill')) views.put('pill', visible);
    if (views.has('panel')) views.put('panel', views.boxes.pill.getBoundingClientRect(), visible);
    if (views.has('card')) {
      const { left, top } = this.#frameOffset();
      const rects = this.#anchor === null ? [] : this.painter.rects(this.#anchor);
      const rect = rects.find((each) => each.bottom + top > visible.top && each.top + top < visible.bottom) ?? rects[0];
      if (rect) views.put('card', { left: rect.left + left, right: rect.right + left, top: rect.top + top, bottom: rect.bottom + top });
      else views.put('card', { ...visible, bottom: visible.top });
    }
  }

  /** When the mind is gone. */
  clear() {
    this.#highlights = [];
    this.#painted = this.verdict = null;
    this.page.speech.forget(this.id);
    this.#paint();
    for (const place of /** @type {const} */ (['pill', 'card', 'panel', 'dialog'])) this.#hide(place);
  }

  close() {
    clearTimeout(this.#idle);
    clearTimeout(this.#whole);
    this.page.speech.forget(this.id);
    this.page.guard.forget(this);
    this.#controller.abort();
    this.#observer.disconnect();
    this.#resizes.disconnect();
    this.page.surface.remove(this.id);
    this.painter.close();
  }

  #draft() {
    return { revision: this.revision, text: this.map.text, regions: this.map.regions };
  }

  /** @param {number | null} anchor */
  #setAnchor(anchor) {
    if (this.#anchor === anchor) return;
    this.#anchor = anchor;
    this.#paint();
  }

  /** Scrolls every scrolling ancestor just as far as it needs, first the mail's, then the page's. @param {DOMRect | undefined} rect */
  #reveal(rect) {
    if (!rect?.height) return;
    let { top, bottom } = rect;
    for (let up = /** @type {Element | null | undefined} */ (this.body); up; up = above(up) ?? up.ownerDocument.defaultView?.frameElement) {
      const isPage = up === up.ownerDocument.documentElement;
      if (up.scrollHeight > up.clientHeight + 1 && (isPage || /auto|scroll/.test(getComputedStyle(up).overflowY))) {
        const box = isPage ? { top: 0, bottom: up.clientHeight } : up.getBoundingClientRect();
        const by = top < box.top ? top - box.top - 24 : bottom > box.bottom ? bottom - box.bottom + 24 : 0;
        const before = up.scrollTop;
        up.scrollTop += by;
        top -= up.scrollTop - before;
        bottom -= up.scrollTop - before;
      }
      if (isPage && this.frame) {
        top += this.#frameOffset().top;
        bottom += this.#frameOffset().top;
      }
    }
  }

  #paint() {
    this.painter.paint(this.map, this.#highlights, this.#anchor);
  }

  #frameOffset() {
    if (!this.frame) return { left: 0, top: 0 };
    const { left, top } = this.frame.getBoundingClientRect();
    return { left: left + this.frame.clientLeft, top: top + this.frame.clientTop };
  }
}

/** The element around another, also out of a shadow root. @param {Element} element @returns {Element | null | undefined} */
const above = (element) => element.parentElement ?? /** @type {Partial<ShadowRoot>} */ (element.getRootNode()).host;

/** Where highlights are after an edit; those that it cut are gone. @param {Highlight[]} highlights @param {TextEdit} edit */
function shifted(highlights, { start, end, insert }) {
  const by = insert.length - (end - start);
  return highlights
    .filter((highlight) => highlight.end <= start || highlight.start >= end || (highlight.start < start && highlight.end > end))
    .map((highlight) => {
      if (highlight.end <= start) return highlight;
      return { ...highlight, start: highlight.start >= end ? highlight.start + by : highlight.start, end: highlight.end + by };
    });
}

/** An English one. Without a regular expression, which takes longer than all else of a key. @param {number} unit */
const isLetter = (unit) => (unit | 32) >= 97 && (unit | 32) <= 122;

/** @param {Highlight[]} some @param {Highlight[]} others */
const same = (some, others) => some.length === others.length && some.every(({ id, start, end, severity }, i) => {
  const other = others[i];
  return other.id === id && other.start === start && other.end === end && other.severity === severity;
});

/** What of an element neither the window nor a scrolling ancestor cuts off. @param {Element} element @returns {Box} */
function visiblePart(element) {
  let { left, top, right, bottom } = element.getBoundingClientRect();
  const cut = (/** @type {Box} */ box) => {
    left = Math.max(left, box.left);
    top = Math.max(top, box.top);
    right = Math.min(right, box.right);
    bottom = Math.min(bottom, box.bottom);
  };
  cut({ left: 0, top: 0, right: document.documentElement.clientWidth || innerWidth, bottom: innerHeight });
  for (let up = above(element); up && up !== document.body && up !== document.documentElement; up = above(up)) {
    const style = getComputedStyle(up);
    if (style.overflow !== 'visible') cut(up.getBoundingClientRect());
    if (style.position === 'fixed') break;
  }
  return { left, top, right, bottom };
}

/** Whether the mail is written on a dark ground, whatever the system's theme is. @param {Element} body */
function isDark(body) {
  for (let up = /** @type {Element | null | undefined} */ (body); up; up = above(up) ?? up.ownerDocument.defaultView?.frameElement) {
    const [red, green, blue, alpha = 1] = (getComputedStyle(up).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
    if (alpha > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 110;
  }
  return getComputedStyle(document.documentElement).colorScheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches;
}
