// The learned reader, in a worker of the mind: a wasm module of its own, so that typing never waits for it. It is sent
// the sentences of a draft, each on a line of its own, and answers with what it heard; if it cannot read at all, it says
// why, once, and the mind ends it.
import init, { Reader } from "./wasm/reader.js";

/** @type {Promise<Reader>} */
const ready = (async () => {
  const [file] = await Promise.all([fetch("reader/reader.safetensors"), init()]);
  return new Reader(new Uint8Array(await file.arrayBuffer()));
})();

/** @param {MessageEvent<string>} event */
onmessage = async ({ data }) => {
  try {
    postMessage((await ready).read(data));
  } catch (error) {
    postMessage(String(error));
  }
};
