import init, { speak, start_packs } from "./wasm/packs.js";
import { words } from "./words.js";

speak(...(await Promise.all([words(), init()]))[0]);
await start_packs();
