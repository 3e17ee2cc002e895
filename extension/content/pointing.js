/** @import { Compose } from './compose' */
/** @import { Page } from './main' */

/** So that a pointer on its way across a mail opens nothing, and one on its way into the card does not close it. */
const OPEN_MS = 150;
const CLOSE_MS = 250;

/** The writer's pointer: over highlights, and in our own views. */
export class Pointing {
  #page;
  /** What the pointer is on. */
  #aim = '';
  #timer = 0;
  #frame = 0;
  /** Whether a button of the pointer is down on a view of ours, and a new one in its place would take the click from the writer. */
  pressing = false;
  /** The highlight last told of. @type {{ compose: Compose, id: number } | null} */
  #pointed = null;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
  }

  /** @param {Event} event @returns {boolean} whether it is none of the page's business */
  handle(event) {
    const { surface } = this.#page;
    const { type } = event;
    if (type === 'pointerdown') {
      this.pressing = surface.owns(event);
    } else if (this.pressing && (type === 'pointerup' || type === 'pointercancel' || (type === 'pointermove' && !(/** @type {PointerEvent} */ (event).buttons)))) {
      // Its click comes first.
      setTimeout(this.#letGo);
    }
    if (surface.owns(event)) {
      // The caret stays in the mail.
      if (type === 'mousedown') event.preventDefault();
      if (type === 'pointermove') this.#aimAtSurface(/** @type {MouseEvent} */ (event));
      if (type === 'click' && event.isTrusted) this.#press(/** @type {MouseEvent} */ (event));
      return true;
    }
    if (!event.isTrusted || !(event instanceof MouseEvent || 'clientX' in event)) return false;
    const { clientX, clientY, buttons } = /** @type {MouseEvent} */ (event);
    if (type === 'pointermove' && !buttons && !this.#frame) {
      const compose = this.#page.composeOf(event);
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#aimAt(compose, compose && compose.views.open !== 'panel' ? compose.hit(clientX, clientY) : null);
      });
    } else if (type === 'pointerdown') {
      const compose = this.#page.composeOf(event);
      const id = compose?.hit(clientX, clientY) ?? null;
      for (const each of this.#page.composes) {
        if (each.views.open && !(each === compose && id !== null && this.#pointed?.id === id)) each.dismiss();
      }
    } else if (type === 'click') {
      const compose = this.#page.composeOf(event);
      const id = compose?.hit(clientX, clientY) ?? null;
      const dragged = !compose?.body.ownerDocument.getSelection()?.isCollapsed && compose?.body.nodeName !== 'TEXTAREA';
      if (compose && id !== null && !dragged) this.#point(compose, id);
    }
    return false;
  }

  /** The card of this compose went by another hand. @param {Compose} compose */
  forget(compose) {
    if (this.#pointed?.compose === compose) this.#pointed = null;
  }

  #letGo = () => {
    this.pressing = false;
    this.#page.composes.forEach((compose) => compose.showWaiting());
  };

  /** @param {MouseEvent} event */
  #press({ clientX, clientY, detail }) {
    // A click that a key made has no place.
    const hit = detail ? this.#page.surface.at(clientX, clientY) : this.#page.surface.focused();
    const compose = hit && this.#page.composeById(hit.compose);
    if (!hit?.button || hit.button.disabled || !compose) return;
    const { action } = hit.button.dataset;
    if (action) {
      this.#page.post({ type: 'pressed', compose: hit.compose, action, selected: compose.selected });
    } else if (hit.place === 'pill') {
      compose.panelByKey = false;
      this.#page.post({ type: 'panel-toggled', compose: hit.compose });
    } else if (hit.button.matches('.close')) {
      compose.dismiss();
    }
  }

  /** @param {MouseEvent} event */
  #aimAtSurface({ clientX, clientY }) {
    const hit = this.#page.surface.at(clientX, clientY);
    if (hit?.place !== 'card') return this.#aimAt(null, null);
    clearTimeout(this.#timer);
    this.#aim = 'card';
  }

  /** @param {Compose | null} compose @param {number | null} id */
  #aimAt(compose, id) {
    const aim = compose && id !== null ? `${compose.id} ${id}` : '';
    if (aim === this.#aim) return;
    this.#aim = aim;
    clearTimeout(this.#timer);
    if (compose && id !== null) {
      this.#timer = setTimeout(() => this.#point(compose, id), OPEN_MS);
    } else if (this.#pointed) {
      this.#timer = setTimeout(() => this.#unpoint(), CLOSE_MS);
    }
  }

  /** @param {Compose} compose @param {number} id */
  #point(compose, id) {
    clearTimeout(this.#timer);
    if (this.#pointed?.compose === compose && this.#pointed.id === id && compose.views.open === 'card') return;
    if (this.#pointed && this.#pointed.compose !== compose) this.#unpoint();
    this.#pointed = { compose, id };
    this.#page.post({ type: 'pointed', compose: compose.id, highlight: id });
  }

  #unpoint() {
    const { compose } = this.#pointed ?? {};
    this.#pointed = null;
    if (compose && compose.views.keyboard !== 'card') this.#page.post({ type: 'pointed', compose: compose.id, highlight: null });
  }
}
