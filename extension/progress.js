import { save } from "./picture.js";
import init, { speak, start_progress } from "./wasm/pages.js";
import { words } from "./words.js";

addEventListener("click", (event) => void save(event));
speak(...(await Promise.all([words(), init()]))[0]);
await start_progress();
