import init, { speak, start_calm } from "./wasm/pages.js";
import { words } from "./words.js";

speak(...(await Promise.all([words(), init()]))[0]);
start_calm();
