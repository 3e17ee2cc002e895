// The frame's side of the channel. A page can embed this frame and can post it anything, so a port is taken only with
// a token that came through the extension's own messaging, which no page can reach. One port, once: it goes to the mind,
// which is in a worker, because Firefox runs this frame on the page's own thread.
import { words } from "./words.js";

const mind = new Worker("mind.js", { type: "module" });
// Meanwhile: a worker takes its time to begin.
const compiled = WebAssembly.compileStreaming(fetch("wasm/mind_bg.wasm"));

/** @type {Set<string>} */
const announced = new Set();
/** @type {Map<string, { port: MessagePort, site: string }>} */
const offered = new Map();

/** @type {Promise<{ port: MessagePort, site: string }>} */
const attached = new Promise((resolve) => {
  /** @param {string} token */
  const match = (token) => {
    const offer = offered.get(token);
    if (!offer || !announced.has(token)) return;
    chrome.runtime.onMessage.removeListener(onAnnounced);
    removeEventListener("message", onOffered);
    offered.clear();
    announced.clear();
    resolve(offer);
  };

  /** @type {Parameters<typeof chrome.runtime.onMessage.addListener>[0]} */
  const onAnnounced = (message, sender, reply) => {
    if (sender.id !== chrome.runtime.id || typeof message?.attach !== "string") return;
    announced.add(message.attach);
    reply(true);
    match(message.attach);
  };

  /** @param {MessageEvent} event */
  const onOffered = (event) => {
    const token = event.data?.attach;
    if (typeof token !== "string" || !event.ports[0] || event.source !== parent) return;
    // A page that floods us with offers fills nothing, and does not keep out the one that is announced in a moment.
    const [oldest] = offered.keys();
    if (offered.size > 64 && oldest !== undefined) offered.delete(oldest);
    offered.set(token, { port: event.ports[0], site: event.origin.split("://")[1] ?? "" });
    match(token);
  };

  chrome.runtime.onMessage.addListener(onAnnounced);
  addEventListener("message", onOffered);
});

const { local } = chrome.storage;
/** What a worker may not do itself. @type {Record<string, (...given: any[]) => Promise<unknown>>} */
const errands = {
  get: (keys) => local.get(keys),
  getKeys: () => local.getKeys(),
  set: (items) => local.set(items),
  remove: (keys) => local.remove(keys),
  sendMessage: (message) => chrome.runtime.sendMessage(message),
  detectLanguage: (text) => chrome.i18n.detectLanguage(text),
};

/** @param {MessageEvent<{ id: number, errand: string, given: unknown[] }>} event */
mind.onmessage = async ({ data: { id, errand, given } }) => {
  try {
    mind.postMessage({ id, value: await errands[errand](...given) });
  } catch (error) {
    mind.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
// Only where: what is stored there may be long, and the mind reads what it wants.
chrome.storage.onChanged.addListener((changes) => mind.postMessage({ changed: Object.keys(changes) }));

compiled.then((module) => mind.postMessage({ module }));
const [{ port, site }, said] = await Promise.all([attached, words()]);
// What is written in a private window is not kept.
mind.postMessage({ port, site: chrome.extension.inIncognitoContext ? undefined : site, said }, [port]);
