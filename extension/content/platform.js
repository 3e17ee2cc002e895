import { isHost } from './hosts.js';

/** The only module here that names the browser's extension API (the loader, which cannot import, is the exception). */
const api = globalThis.browser ?? globalThis.chrome;

/** @param {string} path */
export const url = (path) => api.runtime.getURL(path);

export const origin = new URL(url('')).origin;

/** Firefox and Chromium differ in what `execCommand` tells the page's editor. */
export const firefox = origin.startsWith('moz-');

/** Tells the extension's own pages, and nobody else, that whoever shows this token is us. @param {string} token */
export const announce = (token) => api.runtime.sendMessage({ attach: token }).catch(() => undefined);

/**
 * How long the writer, or whoever manages the browser, wants us silent on this host: for ever, until a time in milliseconds since
 * 1970, or (0) not at all.
 * @param {string} host
 */
export async function silentUntil(host) {
  const { settings, policy } = /** @type {Record<string, Record<string, unknown> | undefined>} */ (await api.storage.local.get(['settings', 'policy']));
  const { sites_off: off, paused_until: until } = { ...settings, .../** @type {Record<string, unknown> | undefined} */ (policy?.settings) };
  if (Array.isArray(off) && off.some((name) => isHost(String(name), host))) return Infinity;
  return typeof until === 'number' && until > Date.now() ? until : 0;
}

/** @param {() => void} changed */
export function onSettingsChanged(changed) {
  api.storage.onChanged.addListener((changes, area) => {
    if (area === 'local' && ('settings' in changes || 'policy' in changes)) changed();
  });
}

/** The writer no longer wants us on this site. @param {() => void} gone */
export function onSiteRemoved(gone) {
  api.runtime.onMessage.addListener((message) => {
    const { removed } = /** @type {{ removed?: unknown }} */ (message ?? {});
    if (Array.isArray(removed) && removed.includes(`${location.origin}/*`)) gone();
  });
}

/** Answers the extension's own pages, which ask a tab what is seen there. @param {() => unknown} status */
export function onStatusAsked(status) {
  api.runtime.onMessage.addListener((message, _sender, reply) => {
    if (!(/** @type {{ status?: unknown } | null} */ (message)?.status)) return undefined;
    void Promise.resolve(status()).then(reply);
    // The answer comes later.
    return true;
  });
}
