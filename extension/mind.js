// The frame's side of the channel. A page can embed this frame and can post it anything, so a port is taken only with
// a token that came through the extension's own messaging, which no page can reach. One port, once.
import init, { start_mind } from "./wasm/mind.js";
import { words } from "./words.js";

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

const [{ port, site }, said] = await Promise.all([attached, words(), init()]);
// In the language of the snippets, in the order of its parts that the writer's country uses.
const language = navigator.language.startsWith("en") ? navigator.language : "en";
const today = new Date();
const days = Array.from({ length: 61 }, (_, ahead) =>
  new Date(today.getFullYear(), today.getMonth(), today.getDate() + ahead).toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long" }));
const names = new Intl.DisplayNames(said[0], { type: "language" });
/** What the browser's detector, which works on this machine, is sure of. @param {string} text */
async function detect(text) {
  const { isReliable, languages: [most] } = await chrome.i18n.detectLanguage(text);
  return isReliable && most ? `${most.language} ${names.of(most.language)}` : undefined;
}
await start_mind(port, days, today.getDay(), site, ...said, detect);
