import init, { start_welcome } from "./wasm/pages.js";

await init();
await start_welcome();
