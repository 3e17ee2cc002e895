import init, { start_packs } from "./wasm/packs.js";

await init();
await start_packs();
