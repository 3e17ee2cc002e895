import init, { start_records } from "./wasm/pages.js";

await init();
await start_records();
