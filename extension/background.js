/** Gives sites beyond the manifest's the same scripts, and does what frames in a page may not do in Firefox. */
const api = globalThis.browser ?? globalThis.chrome;

api.action.onClicked.addListener(() => void api.runtime.openOptionsPage());
api.runtime.onMessage.addListener((message, sender) => {
  const { attach, open } = /** @type {{ attach?: unknown, open?: unknown }} */ (message ?? {});
  if (sender.id !== api.runtime.id) return;
  if (open === 'options') void api.runtime.openOptionsPage();
  // Firefox counts our frame in a page among the content scripts: what one of those sends only reaches it from here.
  if (typeof attach === 'string' && sender.tab) api.tabs.sendMessage(sender.tab.id, { attach }).catch(() => undefined);
});
api.runtime.onInstalled.addListener(registerSoon);
api.runtime.onStartup.addListener(registerSoon);
api.permissions.onAdded.addListener(registerSoon);
api.permissions.onRemoved.addListener(registerSoon);

/** One at a time: two at once would register the same ids. */
let registering = Promise.resolve();
function registerSoon() {
  registering = registering.then(register).catch((error) => console.debug('composure:', error));
}

async function register() {
  const scripts = api.runtime.getManifest().content_scripts;
  const shipped = new Set(scripts.flatMap(({ matches }) => matches));
  const { origins = [] } = await api.permissions.getAll();
  const matches = origins.filter((origin) => !shipped.has(origin));
  const ids = (await api.scripting.getRegisteredContentScripts()).map(({ id }) => id);
  if (ids.length) await api.scripting.unregisterContentScripts({ ids });
  if (!matches.length) return;
  await api.scripting.registerContentScripts(
    scripts.map(({ js, css, all_frames }, i) => ({
      id: `site-${i}`,
      matches,
      ...(js && { js: js.map(relative) }),
      ...(css && { css: css.map(relative) }),
      allFrames: Boolean(all_frames),
      matchOriginAsFallback: Boolean(all_frames),
      runAt: 'document_start',
    })),
  );
}

/** Firefox gives the manifest back with whole addresses, and nulls. @param {string} file */
const relative = (file) => new URL(file, api.runtime.getURL('/')).pathname.slice(1);
