/** @import { ComposeId, Effect, SpeechEnd } from './protocol' */
/** @import { Post } from './hands' */

/** A browser tells of its voices late, or has none. */
const VOICES_MS = 1500;

/**
 * Says one thing at a time, with the voices of this machine only: any other would send the words to a server. What is
 * called off is not answered.
 */
export class Speech {
  #post;
  /** @type {ComposeId | null} */
  #compose = null;
  /** Held here, because a browser may forget what it was to do when this one has ended. @type {SpeechSynthesisUtterance | null} */
  #utterance = null;
  #timer = 0;
  /** Counts what was asked for: whatever belongs to an earlier turn comes too late. */
  #turn = 0;

  /** @param {Post} post */
  constructor(post) {
    this.#post = post;
  }

  /** @param {Effect & { type: 'speak' }} effect */
  say({ compose, text, pause, rate, voice }) {
    if (this.#compose !== compose) {
      if (!text) return;
      this.#end('failed');
    }
    this.#hush();
    if (!text) return;
    this.#compose = compose;
    const turn = this.#turn;
    this.#timer = setTimeout(() => this.#speak(turn, text, rate, voice), pause);
  }

  /** The compose is gone, or its mind is. @param {ComposeId} compose */
  forget(compose) {
    if (this.#compose === compose) this.#hush();
  }

  /** @param {number} turn @param {string} text @param {number} rate @param {string} name */
  async #speak(turn, text, rate, name) {
    /** @param {SpeechEnd} end */
    const ended = (end) => () => {
      if (turn === this.#turn) this.#end(end);
    };
    try {
      const voice = choose(await localVoices(), name);
      if (turn !== this.#turn) return;
      if (!voice) return this.#end('no-voice');
      const utterance = (this.#utterance = new SpeechSynthesisUtterance(text));
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.rate = rate / 100;
      utterance.onend = ended('said');
      utterance.onerror = ended('failed');
      // Some engines get stuck and tell nobody.
      this.#timer = setTimeout(ended('failed'), 10_000 + (text.length * 20_000) / rate);
      speechSynthesis.speak(utterance);
    } catch {
      ended('failed')();
    }
  }

  /** @param {SpeechEnd} end */
  #end(end) {
    const compose = this.#compose;
    if (end === 'said') this.#utterance = null;
    this.#hush();
    if (compose !== null) this.#post({ type: 'spoken', compose, end });
  }

  #hush() {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#compose = null;
    // The page may be speaking too; it is only interrupted where we are.
    if (this.#utterance) speechSynthesis.cancel();
    this.#utterance = null;
  }
}

async function localVoices() {
  const voices = () => speechSynthesis.getVoices().filter(({ localService }) => localService);
  if (!voices().length) {
    await new Promise((resolve) => {
      setTimeout(resolve, VOICES_MS);
      speechSynthesis.addEventListener('voiceschanged', resolve, { once: true });
    });
  }
  return voices();
}

/** The one with this name, or the best: drafts are English, whatever the page is. @param {SpeechSynthesisVoice[]} voices @param {string} name */
function choose(voices, name) {
  const wanted = [document.documentElement.lang, ...navigator.languages, 'en'].find((language) => /^en\b/.test(language));
  const fits = (/** @type {SpeechSynthesisVoice} */ voice) =>
    voice.name === name ? 4 : voice.lang.replace('_', '-') === wanted ? 3 : /^en\b/.test(voice.lang.replace('_', '-')) ? 2 : voice.default ? 1 : 0;
  return voices.toSorted((a, b) => fits(b) - fits(a))[0];
}
