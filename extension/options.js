import init, { start_options } from "./wasm/pages.js";
import initPacks, { start_elsewhere } from "./wasm/packs.js";

await init();
await start_options();
await initPacks();
await start_elsewhere();
