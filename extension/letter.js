import init, { speak, start_letter } from "./wasm/pages.js";
import { words } from "./words.js";

speak(...(await Promise.all([words(), init()]))[0]);
await start_letter();
