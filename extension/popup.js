import init, { start_popup } from "./wasm/pages.js";

await init();
await start_popup();
