import init, { start_options } from "./wasm/pages.js";

await init();
await start_options();
