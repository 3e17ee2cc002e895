// The proofreader, in a worker of the mind: a wasm module of its own, loaded only when somebody wants their spelling
// checked. It is sent a text, the words that are right, and the conversation around it; it answers with the mistakes, or with
// a text that says why there will be none.
import init, { Proof } from "./wasm/proof.js";

const ready = init().then(() => new Proof(navigator.language));

/** @param {MessageEvent<[string, string, string]>} event */
onmessage = async ({ data: [text, words, around] }) => {
  try {
    postMessage((await ready).read(text, words, around));
  } catch (error) {
    postMessage(String(error));
  }
};
