import init, { start_calm } from "./wasm/pages.js";

await init();
start_calm();
