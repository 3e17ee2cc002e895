import init, { start_snippets } from "./wasm/pages.js";

await init();
await start_snippets();
