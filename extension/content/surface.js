/** @import { ComposeId, Place } from './protocol' */
/** @import { Box } from './hands' */
import { url } from './platform.js';

const GAP = 8;
/** The page may remove our host; we do not quarrel with it for ever. */
const REATTACHMENTS = 20;
/** The page's own, which keep up with it. */
const DIALOGS = document.getElementsByTagName('dialog');

const sanitizer = new Sanitizer({
  dataAttributes: false,
  elements: ['div', 'span', 'p', 'h2', 'h3', 'ul', 'li', 'button', 'section', 'header', 'footer', 'del', 'ins', 'strong', 'a'],
  attributes: ['class', 'role', 'type', 'title', 'href', 'data-action', 'data-heat', 'aria-label', 'aria-hidden', 'aria-pressed', 'aria-modal',
    'aria-expanded', 'lang'],
});

/**
 * What the writer sees of us, apart from highlights: pill, card and panel of each compose, in one closed shadow root in the
 * top layer, outside the mail and outside the page's styles, scripts and handlers.
 */
export class Surface {
  #host = document.createElement('composure-surface');
  #shadow = this.#host.attachShadow({ mode: 'closed' });
  #announcer = document.createElement('div');
  /** @type {Map<ComposeId, Views>} */
  #views = new Map();
  #attached = 0;

  constructor() {
    const sheet = new CSSStyleSheet();
    fetch(url('css/surface.css')).then(async (response) => sheet.replace(await response.text()), () => this.close());
    this.#shadow.adoptedStyleSheets = [sheet];
    this.#host.popover = 'manual';
    this.#host.lang = 'en';
    this.#announcer.className = 'announcer';
    this.#announcer.ariaLive = 'polite';
    this.#shadow.append(this.#announcer);
  }

  /** Whatever language the page is in. @param {string} language */
  set language(language) {
    this.#host.lang = language;
  }

  /** The place for everything of one compose. @param {ComposeId} compose */
  views(compose) {
    let views = this.#views.get(compose);
    if (!views) {
      this.#views.set(compose, (views = new Views()));
      this.#shadow.append(views.layer, views.modal);
      this.check();
    }
    return views;
  }

  /** @param {ComposeId} compose */
  remove(compose) {
    this.#views.get(compose)?.layer.remove();
    this.#views.get(compose)?.modal.remove();
    this.#views.delete(compose);
    if (this.#views.size) return;
    this.#host.remove();
    // That was us, and no quarrel, either.
    this.#attached = 0;
  }

  /** Puts the host back into the page and on top. Where a mail is written in a modal dialog, nothing outside of that can be used. */
  check() {
    if (!this.#views.size || this.#attached >= REATTACHMENTS) return;
    const modal = [...DIALOGS].findLast((dialog) => dialog.matches(':modal:has([contenteditable], textarea, iframe)'));
    const place = modal ?? document.documentElement;
    const { parentNode } = this.#host;
    if (parentNode === place && this.#host.matches(':popover-open')) return;
    // A dialog that came or went is no quarrel.
    if (!parentNode || parentNode === place) this.#attached += 1;
    if (parentNode !== place) place.append(this.#host);
    this.#host.showPopover();
  }

  /** Whether the writer can see what is shown here. */
  get usable() {
    return this.#host.isConnected && this.#host.matches(':popover-open') && this.#host.checkVisibility();
  }

  close() {
    this.#views.clear();
    this.#host.remove();
  }

  /** @param {Event} event */
  owns(event) {
    return event.target === this.#host;
  }

  /**
   * What of ours lies at a point: whose, which view, and the button there.
   * @param {number} x
   * @param {number} y
   */
  at(x, y) {
    return this.#at(this.#shadow.elementFromPoint(x, y));
  }

  /** The same for what has the focus. */
  focused() {
    return this.#at(this.#shadow.activeElement);
  }

  /** @param {Element | null} element */
  #at(element) {
    if (!element) return null;
    for (const [compose, views] of this.#views) {
      for (const place of /** @type {Place[]} */ (['pill', 'card', 'panel', 'dialog'])) {
        if (views.boxes[place].contains(element)) return { compose, place, button: element.closest('button') };
      }
    }
    return null;
  }

  /** Whether something of the page covers this point of `box`. @param {number} x @param {number} y @param {Element} box */
  covered(x, y, box) {
    const topmost = (/** @type {DocumentOrShadowRoot} */ root) => root.elementsFromPoint(x, y).find((element) => element !== this.#host);
    const root = /** @type {Document | ShadowRoot} */ (box.getRootNode());
    const top = topmost(document);
    const inner = 'host' in root && top === root.host ? topmost(root) : top;
    return !inner || !box.contains(inner);
  }

  /** To a screen reader. @param {string} text */
  announce(text) {
    this.#announcer.textContent = text;
  }
}

/** Pill, card, panel and dialog of one compose, and which button the keyboard is on. */
export class Views {
  layer = document.createElement('div');
  /** The dialog's: it stands over the page, wherever the compose is. */
  modal = document.createElement('div');
  /** @type {Record<Place, HTMLElement>} */
  boxes = {
    pill: document.createElement('div'), card: document.createElement('div'), panel: document.createElement('div'), dialog: document.createElement('div'),
  };
  /** The view whose keys are ours. @type {Place | null} */
  keyboard = null;
  /** @type {Record<Place, string | null>} */
  #html = { pill: null, card: null, panel: null, dialog: null };

  constructor() {
    this.layer.className = 'layer';
    this.modal.className = 'layer modal';
    this.modal.hidden = true;
    // Whatever way the page is written: none of our languages is written from right to left.
    this.layer.dir = this.modal.dir = 'ltr';
    for (const [place, box] of Object.entries(this.boxes)) {
      box.className = `place ${place}-place`;
      box.hidden = true;
      (place === 'dialog' ? this.modal : this.layer).append(box);
    }
  }

  /** @param {'light' | 'dark'} theme */
  set theme(theme) {
    // Setting it, even to what it is, has the browser style all of it anew.
    if (this.layer.dataset.theme !== theme) this.layer.dataset.theme = this.modal.dataset.theme = theme;
  }

  /** Which of card and panel is there. */
  get open() {
    return this.#html.card !== null ? 'card' : this.#html.panel !== null ? 'panel' : null;
  }

  /** Whether the dialog is there and the writer can see it. */
  get dialogSeen() {
    return this.#html.dialog !== null && this.boxes.dialog.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  }

  focusDialog() {
    if (!this.dialogFocused) /** @type {HTMLElement | null} */ (this.boxes.dialog.querySelector('.primary'))?.focus();
  }

  /** Whether the card offers what is being typed: then typing goes on in the mail. */
  get picking() {
    return this.#html.card !== null && this.boxes.card.firstElementChild?.matches('.picker') === true;
  }

  get dialogFocused() {
    const { activeElement } = /** @type {ShadowRoot} */ (this.modal.getRootNode());
    return activeElement !== null && this.modal.contains(activeElement);
  }

  /** @param {Place} place */
  has(place) {
    return this.#html[place] !== null;
  }

  /** @param {Place} place @param {string} html @param {boolean} keyboard */
  show(place, html, keyboard) {
    for (const other of /** @type {const} */ (['card', 'panel', 'dialog'])) if (place !== 'pill' && place !== other) this.hide(other);
    const selected = this.selected?.getAttribute('data-action');
    const focused = place === 'dialog' && /** @type {ShadowRoot} */ (this.modal.getRootNode()).activeElement?.getAttribute('data-action');
    const before = this.boxes[place].firstElementChild;
    const { scrollTop: scroll, ariaLabel: label } = before ?? {};
    // What is only replaced must not flicker.
    this.boxes[place].classList.toggle('arriving', this.#html[place] === null);
    if (this.#html[place] !== html) {
      this.boxes[place].setHTML(html, { sanitizer });
      for (const link of this.boxes[place].querySelectorAll('a:not([href^="tel:"])')) link.removeAttribute('href');
    }
    this.#html[place] = html;
    const after = this.boxes[place].firstElementChild;
    // Another view in the same place begins at its top.
    if (scroll && after && after.ariaLabel === label) after.scrollTop = scroll;
    if (place === 'dialog') {
      // Its focus is a real one: nothing is typed meanwhile.
      this.modal.hidden = this.boxes.dialog.hidden = false;
      if (!this.dialogFocused) {
        const buttons = /** @type {HTMLElement[]} */ ([...this.boxes.dialog.querySelectorAll('button')]);
        (buttons.find((button) => button.dataset.action === focused) ?? buttons.find((button) => button.matches('.primary')))?.focus();
      }
    } else if (keyboard) {
      this.keyboard = place;
      const buttons = this.#buttons();
      this.#select((this.picking ? buttons[0] : buttons.find((button) => button.dataset.action === selected)) ??
        buttons.find((button) => button.matches('.suggestion, .finding, .insert')) ?? buttons[0]);
    } else if (this.keyboard === place) {
      this.keyboard = null;
      this.#select(undefined);
    }
  }

  /** @param {Place} place */
  hide(place) {
    if (this.#html[place] === null) return;
    this.#html[place] = null;
    this.boxes[place].hidden = true;
    if (place === 'dialog') this.modal.hidden = true;
    this.boxes[place].replaceChildren();
    if (this.keyboard === place) this.keyboard = null;
  }

  get selected() {
    return /** @type {HTMLElement | null} */ (this.layer.querySelector('[data-selected]'));
  }

  /** @param {1 | -1} step */
  move(step) {
    const buttons = this.#buttons();
    const now = buttons.findIndex((button) => button.hasAttribute('data-selected'));
    this.#select(buttons.at((now + step) % buttons.length));
  }

  /** The next button of the dialog, round and round. @param {1 | -1} step */
  moveInDialog(step) {
    const buttons = /** @type {HTMLElement[]} */ ([...this.boxes.dialog.querySelectorAll('button, a[href]')]);
    const now = buttons.findIndex((button) => button.matches(':focus'));
    buttons.at((now + step) % buttons.length)?.focus();
  }

  /** What a screen reader shall say of the view that was opened by keyboard. */
  summary() {
    const box = this.keyboard && this.boxes[this.keyboard];
    return box ? [box.querySelector('.what, h2, h3'), this.selected].map((part) => part?.textContent?.trim()).filter(Boolean).join(' ') : '';
  }

  /**
   * The pill goes into the corner of `anchor`; the card below or above it; the panel beside `around`, if there is room, so that
   * it covers nothing of the mail, else above `anchor`.
   * @param {Place} place
   * @param {Box} anchor
   * @param {Box} [around]
   */
  put(place, anchor, around = anchor) {
    const box = this.boxes[place];
    const { style } = box;
    box.hidden = false;
    let space = innerHeight - 2 * GAP;
    style.maxHeight = `${space}px`;
    const { width, height } = box.getBoundingClientRect();
    let left = anchor.right - width;
    let top = anchor.bottom - height;
    const above = Math.max(anchor.top - 2 * GAP, 120);
    const below = Math.max(innerHeight - anchor.bottom - 2 * GAP, 120);
    if (place === 'pill') {
      left -= GAP;
      top -= GAP;
    } else if (place === 'card' && (height <= below || below >= above)) {
      left = anchor.left - GAP;
      top = anchor.bottom + GAP;
      space = below;
    } else if (place === 'panel' && innerWidth - around.right >= width + 2 * GAP) {
      left = around.right + GAP;
    } else if (place === 'panel' && around.left >= width + 2 * GAP) {
      left = around.left - GAP - width;
    } else {
      if (place === 'card') left = anchor.left - GAP;
      space = above;
      top = anchor.top - GAP - Math.min(height, space);
    }
    style.maxHeight = `${space}px`;
    left = Math.max(GAP, Math.min(left, innerWidth - width - GAP));
    top = Math.max(GAP, Math.min(top, innerHeight - Math.min(height, space) - GAP));
    style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  #buttons() {
    const box = this.keyboard && this.boxes[this.keyboard];
    return box ? /** @type {HTMLElement[]} */ ([...box.querySelectorAll('button[data-action]:not(.close, [disabled]), a[href]')]) : [];
  }

  /** @param {HTMLElement | undefined} button */
  #select(button) {
    this.selected?.removeAttribute('data-selected');
    button?.setAttribute('data-selected', '');
    button?.scrollIntoView({ block: 'nearest' });
  }
}
