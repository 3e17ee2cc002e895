// The frame's side of the channel. A page can embed this frame and can post it anything, so a port is taken only with
// a token that came through the extension's own messaging, which no page can reach. One port, once.
import init, { start_mind } from "./wasm/mind.js";

/** @type {Set<string>} */
const announced = new Set();
/** @type {Map<string, MessagePort>} */
const offered = new Map();

/** @type {Promise<MessagePort>} */
const attached = new Promise((resolve) => {
  /** @param {string} token */
  const match = (token) => {
    const port = offered.get(token);
    if (!port || !announced.has(token)) return;
    chrome.runtime.onMessage.removeListener(onAnnounced);
    removeEventListener("message", onOffered);
    offered.clear();
    announced.clear();
    resolve(port);
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
    // A page that floods us with offers learns nothing and fills nothing.
    if (typeof token !== "string" || !event.ports[0] || event.source !== parent || offered.size > 8) return;
    offered.set(token, event.ports[0]);
    match(token);
  };

  chrome.runtime.onMessage.addListener(onAnnounced);
  addEventListener("message", onOffered);
});

const [port] = await Promise.all([attached, init()]);
// In the language of the snippets, in the order of its parts that the writer's country uses.
const language = navigator.language.startsWith("en") ? navigator.language : "en";
await start_mind(port, twoWorkingDaysOn(new Date()).toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long" }));

/** A day that a small business can promise. @param {Date} date */
function twoWorkingDaysOn(date) {
  for (let days = 0; days < 2; ) {
    date.setDate(date.getDate() + 1);
    if (date.getDay() % 6) days += 1;
  }
  return date;
}
