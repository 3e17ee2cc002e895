/** The only module here that names the browser's extension API (the loader, which cannot import, is the exception). */
const api = globalThis.browser ?? globalThis.chrome;

/** @param {string} path */
export const url = (path) => api.runtime.getURL(path);

export const origin = new URL(url('')).origin;

/** Firefox and Chromium differ in what `execCommand` tells the page's editor. */
export const firefox = origin.startsWith('moz-');

/** Tells the extension's own pages, and nobody else, that whoever shows this token is us. @param {string} token */
export const announce = (token) => api.runtime.sendMessage({ attach: token }).catch(() => undefined);

/** Whether the writer turned us off on this host. @param {string} host */
export async function siteOff(host) {
  const { settings } = await api.storage.local.get('settings');
  const off = /** @type {{ sites_off?: unknown } | undefined} */ (settings)?.sites_off;
  return Array.isArray(off) && off.includes(host);
}

/** @param {() => void} changed */
export function onSettingsChanged(changed) {
  api.storage.onChanged.addListener((changes, area) => {
    if (area === 'local' && 'settings' in changes) changed();
  });
}

/** Answers the extension's own pages, which ask a tab what is seen there; undefined is no answer. @param {() => unknown} status */
export function onStatusAsked(status) {
  api.runtime.onMessage.addListener((message, _sender, reply) => {
    const answer = /** @type {{ status?: unknown } | null} */ (message)?.status ? status() : undefined;
    if (answer !== undefined) reply(answer);
  });
}
