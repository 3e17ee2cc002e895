/** What the build makes of `src/web/packs.rs`. */
export default function init(): Promise<unknown>;
export function start_packs(): Promise<void>;
export function tend_packs(text?: string): Promise<void>;
