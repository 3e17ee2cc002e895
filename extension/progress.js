import { save } from "./picture.js";
import init, { start_progress } from "./wasm/pages.js";

addEventListener("click", (event) => void save(event));
await init();
await start_progress();
