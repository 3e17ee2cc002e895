// The worker of `run.mjs` in Chromium: measures one thing and goes.
import { measureOnnx, measureReader } from './measure.mjs';

const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());

addEventListener('message', async ({ data: what }) => {
  try {
    const result = what === 'reader'
      ? await measureReader({ glue: () => import('/dist/wasm/reader.js'), module: () => fetch('/dist/wasm/reader_bg.wasm'), file: () => bytes('/reader') })
      : await measureOnnx({ ort: () => import('/ort/ort.wasm.bundle.min.mjs'), runtime: () => bytes('/ort/ort-wasm-simd-threaded.wasm'), model: () => bytes(`/onnx/${what}.onnx`), file: () => bytes('/reader') });
    postMessage({ result });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
