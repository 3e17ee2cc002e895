// Runs before any script of the page, so that its listeners on `window` come first: the gate. What it catches it hands
// to the hooks that main.js adds later; what a hook claims, the page never sees. The build makes one script of this and
// all that it imports.
import { start } from './main.js';

(() => {
  const world = /** @type {{ composureGate?: import('./hands').Gate }} */ (globalThis);
  const { runtime } = globalThis.browser ?? globalThis.chrome;
  // A site may be registered twice, and an updated extension may be injected again beside its orphaned self.
  if (world.composureGate?.alive()) return;
  world.composureGate?.stop();

  // Asking whether the extension is still there takes some hundredths of a millisecond, and these come with a key, or with what an
  // editor makes anew under the pointer.
  const FOLLOWING = new Set(['keypress', 'keyup', 'pointermove', 'pointerover', 'pointerout', 'mousemove', 'mouseover', 'mouseout']);
  const controller = new AbortController();
  /** Whether the last key that was pressed did no more than write. */
  let written = false;
  /** @type {import('./hands').Gate} */
  const gate = {
    hooks: [],
    onlyWrites: () => false,
    signal: controller.signal,
    alive() {
      try {
        return !controller.signal.aborted && Boolean(runtime.id);
      } catch {
        return false;
      }
    },
    stop: () => controller.abort(),
    pass(event) {
      if (!gate.hooks.length) return;
      if (!FOLLOWING.has(event.type) && !gate.alive()) return gate.stop();
      for (const hook of gate.hooks) {
        try {
          if (hook(event)) event.stopImmediatePropagation();
        } catch (error) {
          console.debug('composure:', error);
        }
      }
    },
    passKey(event) {
      written = gate.onlyWrites(event);
      if (!written) gate.pass(event);
    },
    // Looking at an event costs more than the rest, and with each key come three.
    passRelease(event) {
      if (!written) gate.pass(event);
    },
    watch(target, signal) {
      const quiet = ['pointermove', 'pointercancel', 'pointerover', 'pointerout', 'mousemove', 'mouseover', 'mouseout', 'wheel',
        'touchstart', 'touchmove', 'touchend', 'scroll', 'focusin', 'focusout', 'focus', 'blur'];
      const strict = ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'dblclick', 'auxclick', 'contextmenu',
        'dragstart', 'copy', 'cut', 'paste'];
      for (const type of quiet) target.addEventListener(type, gate.pass, { capture: true, passive: true, signal });
      for (const type of strict) target.addEventListener(type, gate.pass, { capture: true, signal });
      target.addEventListener('keydown', gate.passKey, { capture: true, signal });
      for (const type of ['keypress', 'keyup']) target.addEventListener(type, gate.passRelease, { capture: true, signal });
    },
  };
  world.composureGate = gate;
  gate.watch(window, gate.signal);
  try {
    start(gate);
  } catch (error) {
    console.debug('composure:', error);
  }
})();
