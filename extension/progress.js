import init, { start_progress } from "./wasm/pages.js";

await init();
await start_progress();
