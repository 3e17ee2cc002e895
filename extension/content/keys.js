/** @import { Compose } from './compose' */
/** @import { Page } from './main' */

const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Fn', 'NumLock']);

/** The keys that are ours: three shortcuts, and those of an open view. The focus never leaves the mail. */
export class Keys {
  #page;
  /** Keys whose press we took: their release is ours too. @type {Set<string>} */
  #taken = new Set();

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
  }

  /** Whether letters are none of its business, nor any key's release. */
  get idle() {
    return !this.#taken.size && !this.#page.composes.some(({ editing, views }) => editing || views.open);
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether neither page nor editor shall see it */
  handle(event) {
    // An input method's Enter chooses a word.
    if (!event.isTrusted || event.isComposing || event.keyCode === 229) return false;
    let ours = this.#taken.has(event.code);
    if (event.type === 'keydown') {
      // Most keys are letters with nothing of ours open: then it does not matter in which mail.
      const matters = event.altKey || event.key === 'Tab' || this.#page.composes.some(({ editing, views }) => editing || views.open);
      const compose = matters ? this.#page.composeOf(event) : null;
      ours = compose !== null && (compose.keep(event) || this.#take(event, compose));
      if (ours) this.#taken.add(event.code);
      else this.#taken.delete(event.code);
    } else if (event.type === 'keyup') {
      this.#taken.delete(event.code);
    }
    if (ours) event.preventDefault();
    return ours;
  }

  /** Keys while the focus is on us, which is in a dialog. @param {KeyboardEvent} event @returns {true} */
  handleOwn(event) {
    const compose = this.#page.composes.find(({ views }) => views.dialogFocused);
    if (event.type !== 'keydown' || !compose) return true;
    if (event.key === 'Escape') {
      event.preventDefault();
      compose.dismiss();
    } else if (event.key === 'Tab') {
      event.preventDefault();
      compose.views.moveInDialog(event.shiftKey ? -1 : 1);
    }
    return true;
  }

  /** @param {KeyboardEvent} event @param {Compose} compose */
  #take(event, compose) {
    const { views } = compose;
    const bare = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.getModifierState('AltGraph')) {
      if (event.code === 'Slash') {
        compose.panelByKey = true;
        this.#page.post({ type: 'panel-toggled', compose: compose.id });
        return true;
      }
      if (event.code === 'Period' || event.code === 'Comma') {
        compose.check();
        this.#page.post({ type: 'jumped', compose: compose.id, caret: compose.caret ?? 0, forward: event.code === 'Period' });
        return true;
      }
    }
    if (bare && event.key === 'Tab' && !views.picking && this.#walk(event, compose)) return true;
    if (!views.open || MODIFIERS.has(event.key)) return false;
    if (event.key === 'Escape' && bare) {
      compose.dismiss();
      return true;
    }
    if (!views.keyboard) return false;
    if (bare && (event.key === 'ArrowDown' || event.key === 'ArrowUp' || event.key === 'Tab')) {
      views.move(event.key === 'ArrowUp' || event.shiftKey ? -1 : 1);
      this.#page.surface.announce(views.selected?.textContent?.trim() ?? '');
      return true;
    }
    const { selected } = views;
    if (views.picking) {
      if (event.key === 'Backspace' || event.key.length === 1 && !event.ctrlKey && !event.metaKey) return false;
      // What the list was made for is what stands there, or Enter is a new line.
      compose.check();
      if (compose.verdict?.revision !== compose.revision) return compose.dismiss(), false;
    }
    if (bare && !event.shiftKey && event.key === 'Enter' && selected) {
      const { action } = selected.dataset;
      if (!event.repeat) action ? this.#page.post({ type: 'pressed', compose: compose.id, action, selected: compose.selected }) : selected.click();
      return true;
    }
    // The writer writes on.
    compose.dismiss();
    return false;
  }

  /** Tab goes through the gaps while there are any. @param {KeyboardEvent} event @param {Compose} compose @returns {boolean} whether it did */
  #walk({ shiftKey }, compose) {
    const { gaps, views, caret: at } = compose;
    if (at === null || !gaps.length || views.open === 'panel' || views.keyboard && !compose.onGap) return false;
    const gap = (shiftKey ? gaps.findLast(({ end }) => end < at) : gaps.find(({ start, end }) => start > at || start === at && end > at)) ?? gaps.at(shiftKey ? -1 : 0);
    if (!gap) return false;
    compose.select(gap.start, gap.end);
    this.#page.post({ type: 'gap-reached', compose: compose.id, highlight: gap.id });
    this.#page.surface.announce(compose.map.text.slice(gap.start, gap.end));
    return true;
  }
}
