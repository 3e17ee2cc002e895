/** @import { Effect, Event as MindEvent } from './protocol' */
import { announce, origin, url } from './platform.js';

const RESPAWNS = 3;
/** A frame that lived so long was well: what ended it is no quarrel of the page with us. */
const WELL_MS = 600_000;
const READY_MS = 5000;
const ANSWER_MS = 3000;
const LATE_MS = 500;
/** What may wait is told after so long: with the time between two keys less than any pause that the mind waits for. */
const HOLD_MS = 300;

/**
 * The way to the mind: a hidden frame of the extension, and a message port into it that the page cannot reach.
 *
 * The page could post messages to the frame too. So a random token is announced through the extension's own messaging,
 * which pages cannot use, and the frame takes the one port that comes with that token.
 */
export class Channel {
  #spawns = 0;
  #spawned = 0;
  /** @type {HTMLElement | null} */
  #host = null;
  /** @type {MessagePort | null} */
  #port = null;
  #unanswered = 0;
  /** What waits to be told. @type {MindEvent[]} */
  #held = [];
  #holding = 0;
  /** The words that the mind wants to hear of with their last letter. @type {Set<string>} */
  urgent = new Set();
  /** When something was last typed, by `performance.now()`. */
  typedAt = -Infinity;
  #toldAt = -Infinity;
  /** Until when the frame has time, by `performance.now()`. */
  #deadline = Infinity;
  /** A deadline that passed. */
  #overdue = 0;
  #timer = 0;
  #effects;
  #ready;
  #gone;

  /**
   * @param {(effects: Effect[]) => void} effects called with each answer
   * @param {(language: string) => void} ready called when a frame can be posted to and knows nothing yet, with the language that it speaks
   * @param {(forGood: boolean) => void} gone called when the frame died
   */
  constructor(effects, ready, gone) {
    this.#effects = effects;
    this.#ready = ready;
    this.#gone = gone;
  }

  /** Starts the frame, if it is not there. */
  open() {
    if (!this.#host && this.#spawns <= RESPAWNS) this.#spawn();
  }

  /**
   * Events before `ready` are not kept: `ready` tells all.
   * @param {MindEvent} event
   * @param {boolean} [waits] whether it can be told with what comes next, or soon: a message costs more than a key
   */
  post(event, waits = false) {
    if (!waits) this.check();
    if (event.type === 'typed') this.typedAt = performance.now();
    if (!this.#port) return;
    this.#held.push(event);
    if (waits) this.#holding ||= setTimeout(() => this.#tell(), HOLD_MS);
    else this.#tell();
    // Nothing follows from most keys, and an answer to each would cost more than they do.
    if (event.type !== 'typed' && ++this.#unanswered === 1) this.#expect(ANSWER_MS);
  }

  /** Whether all was told, and nothing for so long. @param {number} ms */
  quiet(ms) {
    return !this.#held.length && performance.now() - this.#toldAt > ms;
  }

  #tell() {
    clearTimeout(this.#holding);
    this.#holding = 0;
    this.#port?.postMessage(this.#held);
    this.#held = [];
    this.#toldAt = performance.now();
  }

  /** Whether the page took the frame away. */
  check() {
    if (this.#host && !this.#host.isConnected) this.#die();
  }

  close() {
    this.#spawns = Infinity;
    this.#drop();
  }

  async #spawn() {
    this.#spawns += 1;
    this.#spawned = performance.now();
    const host = (this.#host = document.createElement('composure-frame'));
    const frame = document.createElement('iframe');
    frame.src = url('mind.html');
    frame.tabIndex = -1;
    frame.ariaHidden = 'true';
    frame.style.cssText = 'all: initial; width: 1px; height: 1px; border: 0; opacity: 0';
    host.style.cssText = 'all: initial !important; position: fixed !important; left: 0 !important; top: 0 !important; width: 1px !important; ' +
      'height: 1px !important; overflow: hidden !important; opacity: 0 !important; pointer-events: none !important; z-index: -1 !important';
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    host.attachShadow({ mode: 'closed' }).append(frame);
    document.documentElement.append(host);
    this.#expect(READY_MS);
    await loaded;
    const token = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
    await announce(token);
    if (this.#host !== host || !frame.contentWindow) return;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      if (this.#host === host) this.#receive(port1, data);
    };
    frame.contentWindow.postMessage({ attach: token }, origin, [port2]);
  }

  /** @param {MessagePort} port @param {unknown} data */
  #receive(port, data) {
    this.#deadline = Infinity;
    if (Array.isArray(data)) {
      this.#unanswered = Math.max(0, this.#unanswered - 1);
      if (this.#unanswered) this.#expect(ANSWER_MS);
      this.#effects(data);
    } else if (!this.#port) {
      this.#port = port;
      const { ready, urgent } = /** @type {{ ready?: unknown, urgent?: unknown }} */ (data);
      this.urgent = new Set(String(urgent).split(' '));
      this.#ready(String(ready));
    }
  }

  /** @param {number} ms */
  #expect(ms) {
    this.#deadline = performance.now() + ms;
    // A timer for each key would cost more than one that looks again.
    this.#timer ||= setTimeout(this.#look, ms);
  }

  /** A machine that slept fires its timers before its messages: a second look tells a dead frame from a late one. */
  #look = () => {
    this.#timer = 0;
    if (this.#deadline === Infinity) return;
    const left = this.#deadline - performance.now();
    if (left <= 0 && this.#overdue === this.#deadline) return this.#die();
    if (left <= 0) this.#overdue = this.#deadline;
    this.#timer = setTimeout(this.#look, left > 0 ? left : LATE_MS);
  };

  #die() {
    this.#drop();
    if (performance.now() - this.#spawned > WELL_MS) this.#spawns = 1;
    const forGood = this.#spawns > RESPAWNS;
    this.#gone(forGood);
    if (!forGood) this.#spawn();
  }

  #drop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#holding);
    this.#timer = this.#holding = 0;
    this.#held = [];
    this.#deadline = Infinity;
    this.#port?.close();
    this.#host?.remove();
    this.#host = this.#port = null;
    this.#unanswered = 0;
  }
}
