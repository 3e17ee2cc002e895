// The mind, in a worker of the frame, so that its thoughts take none of the page's time. It is sent the port to the hands,
// once; what of the browser only the frame may use it asks it for.
import init, { start_mind } from "./wasm/mind.js";

/** @type {Map<number, PromiseWithResolvers<unknown>>} */
const awaited = new Map();
let asked = 0;

/** @param {string} errand */
const ask = (errand) => (/** @type {unknown[]} */ ...given) => {
  const answer = Promise.withResolvers();
  asked += 1;
  awaited.set(asked, answer);
  postMessage({ id: asked, errand, given });
  return answer.promise;
};

/** @type {((changes: Record<string, unknown>) => void)[]} */
const watching = [];

// As pages of the extension have it, so that the wasm need not know where it runs.
globalThis.chrome = {
  storage: {
    local: { get: ask("get"), getKeys: ask("getKeys"), set: ask("set"), remove: ask("remove") },
    onChanged: { addListener: (/** @type {typeof watching[0]} */ listener) => watching.push(listener) },
  },
  runtime: { sendMessage: ask("sendMessage"), getURL: (/** @type {string} */ path) => new URL(path, location.href).href },
};

const detectLanguage = ask("detectLanguage");
/** @type {PromiseWithResolvers<unknown>} */
const ready = Promise.withResolvers();

onmessage = async ({ data }) => {
  if (data.changed) {
    const changes = Object.fromEntries(data.changed.map((/** @type {string} */ key) => [key, {}]));
    for (const listener of watching) listener(changes);
  } else if (data.module) {
    ready.resolve(init({ module_or_path: data.module }));
  } else if (data.port) {
    await ready.promise;
    // In the language of the snippets, in the order of its parts that the writer's country uses.
    const language = navigator.language.startsWith("en") ? navigator.language : "en";
    const today = new Date();
    const days = Array.from({ length: 61 }, (_, ahead) =>
      new Date(today.getFullYear(), today.getMonth(), today.getDate() + ahead).toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long" }));
    const { port, site, said } = data;
    const names = new Intl.DisplayNames(said[0], { type: "language" });
    /** What the browser's detector, which works on this machine, is sure of. @param {string} text */
    const detect = async (text) => {
      const { isReliable, languages: [most] } = await detectLanguage(text);
      return isReliable && most ? `${most.language} ${names.of(most.language)}` : undefined;
    };
    await start_mind(port, days, today.getDay(), site, ...said, detect);
  } else {
    const answer = awaited.get(data.id);
    awaited.delete(data.id);
    if ("error" in data) answer?.reject(new Error(data.error));
    else answer?.resolve(data.value);
  }
};
