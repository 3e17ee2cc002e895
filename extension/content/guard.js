/** @import { Compose } from './compose' */
/** @import { Send } from './hands' */
/** @import { Page } from './main' */
/** @import { TextEdit } from './protocol' */
import { isBareEnter, isChord, labelOf } from './webmail/shared.js';

/** So long a draft that was just edited waits for the mind's verdict; then it goes. */
const VERDICT_MS = 150;
/** So long a held send waits for its dialog to be seen; then it goes. */
const DIALOG_MS = 1000;
const GESTURE = new Set(['pointerdown', 'touchstart', 'mousedown', 'pointerup', 'touchend', 'mouseup', 'click']);

/**
 * A press that sends, from its first event to its last.
 * @typedef {{ compose: Compose, send: Send, fate: 'go' | 'hold' | 'wait' }} Press
 */

/**
 * Holds a send back while the mind says so. The page acts on any part of a press, so all of a press is kept from it or
 * none. Whatever fails, here or in the frame, lets the mail go.
 */
export class Guard {
  #page;
  /** @type {Press | null} */
  #press = null;
  /** The press that waits for a verdict, for its dialog, or for the writer. @type {Press | null} */
  #held = null;
  #timer = 0;
  #replaying = false;
  /** Keys whose press was kept from the page: so is their release. @type {Set<string>} */
  #taken = new Set();
  /** Whose Enter was let go, and may have sent. @type {Compose | null} */
  #entered = null;
  /** Whether Enter was seen to begin a line here: many chats leave the choice to their writers, and do not show it. */
  #enterBreaks = false;
  /** In whose part of the page the writer did something last: what it opened elsewhere is its. @type {Compose | null} */
  #latest = null;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
  }

  /** Whether it waits for no key's release. */
  get idle() {
    return !this.#taken.size;
  }

  /** @param {Event} event @returns {boolean} whether the page shall not see it */
  handle(event) {
    if (this.#replaying) return false;
    const kept = event.type.startsWith('key')
      ? this.#key(/** @type {KeyboardEvent} */ (event))
      : GESTURE.has(event.type) && this.#gesture(/** @type {MouseEvent} */ (event));
    if (kept && event.cancelable) event.preventDefault();
    return kept;
  }

  /** The mind has judged the text anew. @param {Compose} compose */
  judged(compose) {
    if (this.#held?.compose === compose && this.#held.fate === 'wait') this.#decideHeld();
  }

  /** Its text is another now: what did the Enter before it do? @param {Compose} compose @param {TextEdit} edit */
  changing(compose, edit) {
    if (this.#entered !== compose) return;
    this.#entered = null;
    // What is pasted later may have lines, too, but hardly nothing else.
    if (edit.insert.includes('\n') && !edit.insert.trim()) this.#enterBreaks = true;
    else if (!compose.map.text.trim()) this.#sent(compose);
  }

  /** The dialog was shown. @param {Compose} compose */
  shown(compose) {
    if (this.#held?.compose === compose && compose.views.dialogSeen) clearTimeout(this.#timer);
  }

  /** The send that is held goes. @param {Compose} compose */
  release(compose) {
    if (this.#held?.compose === compose) this.#replay();
  }

  /** The writer went back, or the compose is gone. @param {Compose} compose */
  forget(compose) {
    if (this.#held?.compose === compose) this.#drop();
    if (this.#press?.compose === compose) this.#press = null;
    if (this.#entered === compose) this.#entered = null;
    if (this.#latest === compose) this.#latest = null;
  }

  /** @param {MouseEvent} event */
  #gesture(event) {
    if (event.button) return false;
    const target = /** @type {Node} */ (event.composedPath()[0]);
    const starts = event.type === 'pointerdown' || event.type === 'touchstart' && !this.#press;
    if (starts || !this.#press || !this.#press.send.element.contains(target)) {
      const found = this.#sendAt(target);
      this.#press = found && { ...found, fate: this.#fate(found.compose) };
    }
    const press = this.#press;
    if (!press) return false;
    // The page may act before there is a click, and be gone by then.
    const ends = event.type === 'click';
    if (ends) this.#press = null;
    if (press.fate === 'go') {
      if (ends || event.type === 'pointerup') this.#sent(press.compose);
      return false;
    }
    if (ends) this.#hold(press);
    return true;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.keyCode === 229) return false;
    const taken = this.#taken.has(event.code);
    if (event.type === 'keyup') this.#taken.delete(event.code);
    if (event.type !== 'keydown' || (taken && event.repeat)) return taken;
    this.#taken.delete(event.code);
    this.#entered = null;
    // What comes next may send, and then the verdict is there.
    if (/^(Control|Meta)$/.test(event.key)) this.#page.composeOf(event)?.ask();
    if (!/^(Enter| )$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) return false;
    const target = /** @type {Node} */ (event.composedPath()[0]);
    const found = this.#sendAt(target, event);
    if (!found) return false;
    // An Enter that may only begin a line does not wait, because what waited is sent.
    const enters = isBareEnter(event) && found.compose.body.contains(target);
    const fate = this.#fate(found.compose, !enters);
    if (fate === 'go') {
      if (enters) this.#entered = found.compose;
      else this.#sent(found.compose);
      return false;
    }
    this.#taken.add(event.code);
    this.#hold({ ...found, fate });
    return true;
  }

  /**
   * Which send a press there, or this key there, sets off.
   * @param {Node} target
   * @param {KeyboardEvent} [key]
   */
  #sendAt(target, key) {
    const composes = this.#page.composes.filter(({ alive }) => alive);
    this.#latest = composes.find(({ body, container }) => container.contains(target) || body.contains(target)) ?? this.#latest;
    // Several may see a menu that lies elsewhere on the page as theirs.
    for (const compose of composes.sort((one, other) => Number(other === this.#latest) - Number(one === this.#latest))) {
      const { adapter, body, container, frame } = compose;
      const typed = body.contains(target) || (frame !== null && body.ownerDocument === (target.ownerDocument ?? target));
      const near = typed || container.contains(target);
      const presses = !key || (!typed && /^(Enter| )$/.test(key.key));
      const send = (presses && adapter.sends(body).find(({ element }) => element.contains(target))) ||
        (key && (near || adapter.farKeys?.(body)) && this.#sendKey(compose, key, typed, near));
      if (send) return { compose, send };
      // Spaces and lines that are typed are looked at no further.
      if (key && typed) return null;
    }
    return null;
  }

  /**
   * @param {Compose} compose
   * @param {KeyboardEvent} key
   * @param {boolean} typed whether it was pressed in the text
   * @param {boolean} near whether it was pressed in the text or around it
   */
  #sendKey({ adapter, body, views }, key, typed, near) {
    if (isBareEnter(key) && (!typed || this.#enterBreaks || views.keyboard)) return null;
    const said = adapter.sendKey?.(key, body);
    if (typeof said === 'object') return said;
    if (!near) return null;
    return said || isChord(key) ? adapter.sends(body).find(({ later }) => !later) : null;
  }

  /** @param {Compose} compose @param {boolean} [waits] for a verdict on what was just typed @returns {Press['fate']} */
  #fate(compose, waits = true) {
    compose.check();
    if (!compose.verdict || !this.#page.surface.usable) return 'go';
    if (!waits || compose.judged) return compose.verdict.hold ? 'hold' : 'go';
    compose.ask();
    return 'wait';
  }

  /** @param {Press} press */
  #hold(press) {
    this.#drop();
    this.#held = press;
    this.#decideHeld();
    if (this.#held?.fate === 'wait') this.#timer = setTimeout(() => this.#replay(), VERDICT_MS);
  }

  #decideHeld() {
    const held = this.#held;
    if (!held) return;
    if (held.fate === 'wait') held.fate = this.#fate(held.compose);
    if (held.fate === 'go') this.#replay();
    if (held.fate !== 'hold') return;
    clearTimeout(this.#timer);
    this.#page.post({ type: 'send-held', compose: held.compose.id, later: held.send.later });
    // The writer pressed past the dialog: it has the word again.
    if (held.compose.views.dialogSeen) held.compose.views.focusDialog();
    else this.#timer = setTimeout(() => this.#replay(), DIALOG_MS);
  }

  /** Presses for the writer, once, as a mouse would: some pages act on a press's start, some on its end. */
  #replay() {
    const held = this.#held;
    this.#drop();
    if (!held) return;
    const { compose, send } = held;
    compose.views.hide('dialog');
    const element = send.key ? compose.body : send.element.isConnected ? send.element : this.#twin(compose, send);
    // The menu that it was in is gone: the writer chooses again, and is not asked again.
    if (!element) return;
    this.#sent(compose);
    if (send.key) return this.#replayKey(element, send.key);
    const { left, top, width, height } = element.getBoundingClientRect();
    const at = { bubbles: true, cancelable: true, composed: true, clientX: left + width / 2, clientY: top + height / 2, button: 0 };
    this.#replaying = true;
    try {
      for (const [type, buttons] of /** @type {const} */ ([['down', 1], ['up', 0]])) {
        element.dispatchEvent(new PointerEvent(`pointer${type}`, { ...at, buttons, pointerType: 'mouse', isPrimary: true }));
        element.dispatchEvent(new MouseEvent(`mouse${type}`, { ...at, buttons, detail: 1 }));
      }
      element.dispatchEvent(new MouseEvent('click', { ...at, detail: 1 }));
    } finally {
      this.#replaying = false;
    }
  }

  /** The control that the page made anew in the place of one: any other may do something else. @param {Compose} compose @param {Send} send */
  #twin({ adapter, body }, { element, later }) {
    return adapter.sends(body).find((send) => send.later === later && labelOf(send.element) === labelOf(element))?.element;
  }

  /** @param {HTMLElement} element @param {KeyboardEventInit} key */
  #replayKey(element, key) {
    this.#replaying = true;
    try {
      for (const type of ['keydown', 'keyup']) element.dispatchEvent(new KeyboardEvent(type, { ...key, bubbles: true, cancelable: true, composed: true }));
    } finally {
      this.#replaying = false;
    }
  }

  /** @param {Compose} compose */
  #sent(compose) {
    // One press is several events, and a refused mail is pressed again.
    if (compose.sentRevision === compose.revision) return;
    compose.sentRevision = compose.revision;
    this.#page.post({ type: 'sent', compose: compose.id });
  }

  #drop() {
    clearTimeout(this.#timer);
    this.#held = null;
  }
}
