import init, { speak, start_options } from "./wasm/pages.js";
import initPacks, { speak as speakPacks, start_elsewhere } from "./wasm/packs.js";
import { words } from "./words.js";

const [said] = await Promise.all([words(), init()]);
speak(...said);
await start_options();
await initPacks();
speakPacks(...said);
await start_elsewhere();
