import init, { start_options } from "./wasm/composure.js";

await init();
await start_options();
