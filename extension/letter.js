import init, { start_letter } from "./wasm/pages.js";

await init();
await start_letter();
