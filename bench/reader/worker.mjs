// The worker of `run.mjs` in Chromium: measures one thing and goes. `nothing` only takes as much memory as the reader and gives
// it back: what the browser keeps of that it keeps of its own.
import { measureOnnx, measureReader } from './measure.mjs';

const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());

addEventListener('message', async ({ data: what }) => {
  try {
    if (what === 'nothing') {
      const memory = new WebAssembly.Memory({ initial: 34 * 16 });
      const file = new Uint8Array(await (await fetch('/reader')).arrayBuffer());
      for (let at = 0; at < memory.buffer.byteLength - file.length; at += file.length) new Uint8Array(memory.buffer, at).set(file);
      postMessage({ result: null });
      return;
    }
    const result = what === 'reader'
      ? await measureReader({ glue: () => import('/dist/wasm/reader.js'), module: () => fetch('/dist/wasm/reader_bg.wasm'), file: () => bytes('/reader') })
      : await measureOnnx({ ort: () => import('/ort/ort.wasm.bundle.min.mjs'), runtime: () => bytes('/ort/ort-wasm-simd-threaded.wasm'), model: () => bytes(`/onnx/${what}.onnx`), file: () => bytes('/reader') });
    postMessage({ result });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
