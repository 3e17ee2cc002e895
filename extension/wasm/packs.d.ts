/** What the build makes of `src/web/packs.rs` and `src/web/elsewhere.rs`. */
export default function init(): Promise<unknown>;
export function start_packs(): Promise<void>;
export function tend_packs(text?: string): Promise<void>;
export function tend_sync(id: string | undefined, take: boolean): Promise<boolean>;
export function start_elsewhere(): Promise<void>;
