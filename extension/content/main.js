/** @import { ComposeId, Effect } from './protocol' */
/** @import { Gate, Status } from './hands' */
import { Channel } from './channel.js';
import { Compose } from './compose.js';
import { pause } from './edit.js';
import { Guard } from './guard.js';
import { Keys } from './keys.js';
import { onSettingsChanged, onSiteRemoved, onStatusAsked, silentUntil } from './platform.js';
import { Pointing } from './pointing.js';
import { Speech } from './speech.js';
import { Surface } from './surface.js';
import { TEXT_NODE } from './text-map.js';
import { adapterFor } from './webmail/adapters.js';
import { isWriting } from './webmail/shared.js';

/** Pages such as Gmail change all the time; a new compose is found this late, or when the writer goes into it. */
const SCAN_MS = 80;
/** Where something was typed so shortly before, a scan waits so much longer: who types has a mail already. */
const TYPING_MS = 300;
const LONGER_MS = 1000;
/** A text such as "Draft saved" is seldom the only sign of something that matters here. */
const TEXT_MS = 2000;
/** So late we follow a mail that something on the page moved; of what resizes it or scrolls, the browser tells. */
const FOLLOW_MS = 100;
/** A frame without a mail gives one with a mail this much time to answer before it. */
const FRAME_MS = 100;
/** Longer waits overflow. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Called by the loader. @param {Gate} gate */
export function start(gate) {
  // What an orphan of an earlier version left behind.
  for (const left of document.querySelectorAll('composure-surface, composure-frame')) left.remove();
  /** @type {Page | null} */
  let page = null;
  let resuming = 0;
  const decide = async () => {
    clearTimeout(resuming);
    const until = gate.alive() ? await silentUntil(location.hostname).catch(() => 0) : Infinity;
    if (until) page?.close();
    page = until ? null : page ?? new Page(gate);
    if (until && until < Infinity) resuming = setTimeout(decide, Math.min(until - Date.now(), LONGEST_TIMER_MS));
  };
  gate.signal.addEventListener('abort', () => {
    clearTimeout(resuming);
    page?.close();
  });
  onSettingsChanged(decide);
  onSiteRemoved(gate.stop);
  onStatusAsked(() => (page ? page.status() : null));
  decide();
}

/** Everything of one page: finds its composes, and carries events to the mind and effects back. */
export class Page {
  gate;
  /** @type {readonly Compose[]} */
  composes = [];
  #lastId = 0;
  #scanTimer = 0;
  #layoutFrame = 0;
  #followTimer = 0;
  #textTimer = 0;
  #closed = false;
  #failed = false;
  #observer;
  surface = new Surface();
  pointing = new Pointing(this);
  #keys = new Keys(this);
  guard = new Guard(this);
  channel = new Channel(
    (effects) => effects.forEach((effect) => attempt(() => this.#apply(effect))),
    (language) => {
      this.surface.language = language;
      this.composes.forEach((compose) => attempt(() => this.post(compose.opened())));
    },
    (forGood) => {
      this.composes.forEach((compose) => attempt(() => compose.clear()));
      if (forGood) this.close();
    },
  );

  /** @param {Gate} gate */
  constructor(gate) {
    this.gate = gate;
    gate.hooks.push(this.#hook);
    gate.onlyWrites = (event) => this.#keys.idle && this.guard.idle && !this.surface.owns(event) && isWriting(/** @type {KeyboardEvent} */ (event));
    this.#observer = new MutationObserver((changes) => attempt(() => this.#changed(changes)));
    this.#observer.observe(document, { subtree: true, childList: true, attributeFilter: ['contenteditable', 'hidden', 'style', 'class'] });
    document.addEventListener('load', this.#scanSoon, { capture: true, signal: gate.signal });
    window.addEventListener('resize', this.layout, { signal: gate.signal });
    document.addEventListener('transitionend', this.layout, { capture: true, signal: gate.signal });
    this.#scanSoon();
  }

  /** What we see here, for the toolbar's popup; of a webmail's frames, the one that a mail is written in answers first. */
  async status() {
    const adapter = adapterFor(document);
    if (adapter?.framed && !this.composes.length) await pause(FRAME_MS);
    /** @type {Status} */
    const status = { webmail: adapter?.id ?? null, composes: this.composes.length, problem: this.#failed ? 'failed' : null };
    attempt(() => {
      const [unsendable] = this.composes.filter(({ adapter, body }) => !adapter.sends(body).some(({ later }) => !later));
      if (unsendable) status.problem ??= unsendable.adapter.id === 'generic' ? 'unknown-send' : 'no-send';
    });
    return status;
  }

  /** @param {ComposeId} id */
  composeById(id) {
    return this.composes.find((compose) => compose.id === id) ?? null;
  }

  /** The compose in whose text an event happened. @param {Event} event */
  composeOf(event) {
    return this.composes.find((compose) => compose.owns(event)) ?? null;
  }

  speech = new Speech((event) => this.post(event));

  /** @type {import('./hands').Post} */
  post = (event, waits) => this.channel.post(event, waits);

  layout = () => {
    if (!this.composes.length) return;
    this.#layoutFrame ||= requestAnimationFrame(() => {
      this.#layoutFrame = 0;
      attempt(() => this.surface.check());
      this.composes.forEach((compose) => attempt(() => compose.layout()));
    });
  };

  /** What the page did to itself seldom moves a mail, and editors do something at every key. */
  #follow = () => {
    this.#followTimer = 0;
    attempt(() => this.surface.check());
    this.composes.forEach((compose) => attempt(() => compose.moved && compose.layout()));
  };

  close() {
    this.#closed = true;
    clearTimeout(this.#scanTimer);
    cancelAnimationFrame(this.#layoutFrame);
    clearTimeout(this.#followTimer);
    this.#observer.disconnect();
    this.gate.hooks = this.gate.hooks.filter((hook) => hook !== this.#hook);
    this.composes.forEach((compose) => attempt(() => compose.close()));
    this.composes = [];
    this.channel.close();
    this.surface.close();
  }

  /** @param {Event} event */
  #hook = (event) => {
    const { type } = event;
    const isKey = type.startsWith('key');
    if (this.surface.owns(event)) {
      return isKey ? this.#keys.handleOwn(/** @type {KeyboardEvent} */ (event)) : this.pointing.handle(event);
    }
    if (this.composes.length && this.guard.handle(event)) return true;
    if (isKey) return this.#keys.handle(/** @type {KeyboardEvent} */ (event));
    if (type === 'focusin' || type === 'focus' || type === 'blur') {
      // The focus going into an editor's frame is only seen as leaving this window.
      this.#scanNow();
      if (type === 'focusin') this.composeOf(event)?.readThread();
    } else if (type === 'scroll') {
      this.layout();
    } else if (this.composes.length) {
      if (type === 'pointerup') this.layout();
      return this.pointing.handle(event);
    }
    return false;
  };

  /** @param {MutationRecord[]} changes */
  #changed(changes) {
    // What is written, each compose sees by itself.
    const isWritten = (/** @type {MutationRecord} */ { target, type }) =>
      this.composes.some(({ body, box }) => box.isConnected && body.contains(target) && (type === 'childList' || body !== target));
    if (changes.every(isWritten)) return;
    this.channel.check();
    if (this.composes.length) this.#followTimer ||= setTimeout(this.#follow, FOLLOW_MS);
    const isText = (/** @type {MutationRecord} */ { type, addedNodes, removedNodes }) =>
      type === 'childList' && [...addedNodes, ...removedNodes].every(({ nodeType }) => nodeType === TEXT_NODE);
    if (!changes.every((change) => isWritten(change) || isText(change))) this.#scanSoon();
    else this.#textTimer ||= setTimeout(this.#scanNow, TEXT_MS);
  }

  #scanSoon = () => {
    this.#scanTimer ||= setTimeout(this.#scanOrWait, SCAN_MS);
  };

  #scanOrWait = () => {
    const typing = performance.now() - this.channel.typedAt < TYPING_MS;
    if (typing && this.composes.length && this.composes.every(({ alive }) => alive)) this.#scanTimer = setTimeout(this.#scanNow, LONGER_MS);
    else this.#scanNow();
  };

  #scanNow = () => {
    attempt(() => this.#scan());
    this.layout();
  };

  #scan() {
    clearTimeout(this.#scanTimer);
    clearTimeout(this.#textTimer);
    this.#scanTimer = this.#textTimer = 0;
    if (this.#closed) return;
    if (!this.gate.alive()) return this.gate.stop();
    for (const compose of this.composes) if (!compose.alive) this.#closeCompose(compose);
    const adapter = adapterFor(document);
    if (!adapter) return;
    // Until it went well.
    this.#failed = true;
    for (const body of adapter.bodies(document)) {
      if (adapter.internal?.(body) || this.composes.some((compose) => compose.body === body)) continue;
      // A compose that is minimised is kept; one whose body gave way to another kind of body is another.
      const container = adapter.container(body);
      for (const compose of this.composes) if (compose.container === container && !compose.visible) this.#closeCompose(compose);
      this.#open(new Compose(++this.#lastId, body, adapter, this));
    }
    this.#failed = false;
  }

  /** @param {Compose} compose */
  #open(compose) {
    this.composes = [...this.composes, compose];
    this.channel.open();
    this.post(compose.opened());
  }

  /** @param {Compose} compose */
  #closeCompose(compose) {
    this.composes = this.composes.filter((other) => other !== compose);
    this.pointing.forget(compose);
    this.post({ type: 'closed', compose: compose.id });
    attempt(() => compose.close());
  }

  /** @param {Effect} effect */
  #apply(effect) {
    const compose = this.composeById(effect.compose);
    if (!compose) return;
    if (effect.type === 'hide' && effect.place === 'card') this.pointing.forget(compose);
    compose.apply(effect);
  }
}

/** Our failure is never the page's. @param {() => void} action */
function attempt(action) {
  try {
    action();
  } catch (error) {
    console.debug('composure:', error);
  }
}
