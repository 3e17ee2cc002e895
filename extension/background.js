/**
 * Gives sites beyond the manifest's the same scripts, does what frames in a page may not do in Firefox, says when a reply
 * has cooled off, reads what whoever manages the browser has set, and keeps settings in step with other browsers where that is wanted.
 */
import init, { tend_packs, tend_sync } from './wasm/packs.js';

const api = globalThis.browser ?? globalThis.chrome;

/** The extension's own pages. */
const PAGES = /** @type {Record<string, string>} */ ({ calm: 'calm.html', records: 'records.html', snippets: 'snippets.html' });

/** The module is there once: a second one would take the place of the first while that works. @type {Promise<unknown> | undefined} */
let ready;
const module = () => (ready ??= init().catch((error) => {
  // Not for as long as this script lives: the next one asks again.
  ready = undefined;
  throw error;
}));

/** Writers' words for pages that are about to ask for them, by names that nobody can guess: each is handed over once. @type {Map<string, unknown>} */
const letters = new Map();
const LETTER_MS = 60_000;

api.runtime.onMessage.addListener((message, sender, reply) => {
  const { attach, open, about, coolOff, until, message: text, endCoolOff, letter, count, by, inStep } = /** @type {Record<string, unknown>} */ (message ?? {});
  if (sender.id !== api.runtime.id) return;
  if (open === 'letter') void api.tabs.create({ url: `${api.runtime.getURL('letter.html')}#${handOver(message)}` });
  if (typeof letter === 'string') {
    reply(letters.get(letter) ?? null);
    letters.delete(letter);
  }
  if (open === 'options') void api.runtime.openOptionsPage();
  const page = typeof open === 'string' && Object.hasOwn(PAGES, open) && PAGES[open];
  const behind = about && (open === 'snippets' ? handOver(about) : encodeURIComponent(String(about)));
  if (page) void openBeside(api.runtime.getURL(page) + (behind ? `#${behind}` : ''), sender.tab);
  if (typeof count === 'string') add(count, Number(by));
  if (inStep) keepInStep(/** @type {{ id: string, take: boolean }} */ (inStep));
  if (typeof coolOff === 'string') add('cooled', 1);
  if (typeof coolOff === 'string') tend((all) => (all[coolOff] = { until: Number(until), message: String(text), url: (!sender.tab?.incognito && sender.tab?.url) || '' }));
  if (typeof endCoolOff === 'string') tend((all) => delete all[endCoolOff]);
  // Firefox counts our frame in a page among the content scripts: what one of those sends only reaches it from here.
  if (typeof attach === 'string' && sender.tab) api.tabs.sendMessage(sender.tab.id, { attach }).catch(() => undefined);
});

/** The words are in no address and in no storage. @param {unknown} letter @returns {string} its name */
function handOver(letter) {
  const name = crypto.randomUUID();
  letters.set(name, letter);
  setTimeout(() => letters.delete(name), LETTER_MS);
  return name;
}

api.runtime.onInstalled.addListener(({ reason }) => {
  registerSoon();
  if (reason === 'install') void api.tabs.create({ url: api.runtime.getURL('welcome.html') });
});
api.runtime.onStartup.addListener(registerSoon);
api.permissions.onAdded.addListener(({ origins = [] }) => {
  registerSoon();
  void inject(origins);
});
api.permissions.onRemoved.addListener(({ origins = [] }) => {
  registerSoon();
  void withdraw(origins);
});

/** Beside the mail that asked for it, to which closing it leads back. @param {string} url @param {Tab} [tab] */
async function openBeside(url, tab) {
  const beside = tab && { openerTabId: tab.id, windowId: tab.windowId, index: tab.index + 1 };
  // Not every window takes new tabs.
  await api.tabs.create({ url, ...beside }).catch(() => api.tabs.create({ url }));
}

const POLICY = 'policy';
const POLICY_VERSION = 1;
let ruling = Promise.resolve();
api.runtime.onInstalled.addListener(rule);
api.runtime.onStartup.addListener(rule);
// Firefox reads policies only when it starts, and never says this.
api.storage.onChanged.addListener((_, area) => {
  if (area === 'managed') rule();
});

/** Takes over what the policy sets, and has packs compiled that no page would be opened for. */
function rule() {
  ruling = ruling.then(async () => {
    // Firefox refuses where there is no policy.
    const { pack, settings, sync } = /** @type {Record<string, unknown>} */ (await api.storage.managed.get(null).catch(() => ({})));
    const { version: _, ...set } = /** @type {Record<string, unknown>} */ (settings ?? {});
    const found = {
      ...(typeof pack === 'string' && { pack }),
      ...(Object.keys(set).length && { settings: set }),
      ...(sync === false && { sync }),
    };
    const policy = /** @type {typeof found & { version?: number }} */ (Object.keys(found).length ? { version: POLICY_VERSION, ...found } : {});
    const stored = await api.storage.local.get(POLICY);
    const keys = await api.storage.local.getKeys();
    if (JSON.stringify(stored[POLICY] ?? {}) !== JSON.stringify(policy)) await api.storage.local.set({ [POLICY]: policy });
    if (!policy.pack && !keys.some((key) => key.startsWith('pack-') || key.startsWith('team-'))) return;
    await module();
    await tend_packs(policy.pack);
  }).catch((error) => console.debug('composure:', error));
}

const SYNC = 'sync';
/** What is stored in many small steps, such as a signature letter by letter, goes in one. */
const SYNC_AFTER_MS = 2_000;
const SYNC_AGAIN_MS = 5 * 60_000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let syncSoon;
let syncing = Promise.resolve();

api.runtime.onInstalled.addListener(() => keepInStep());
api.runtime.onStartup.addListener(() => keepInStep());
api.alarms.onAlarm.addListener(({ name }) => {
  if (name === SYNC) keepInStep();
});
api.storage.onChanged.addListener((changes, area) => {
  const isOwn = (/** @type {string} */ key) => [SYNC, 'settings', 'snippets', POLICY].includes(key) || key.startsWith('snippet-') || key.startsWith('pack-');
  if (area !== 'sync' && !(area === 'local' && Object.keys(changes).some(isOwn))) return;
  clearTimeout(syncSoon);
  syncSoon = setTimeout(keepInStep, SYNC_AFTER_MS);
});

/** One round with the writer's other browsers, where she turned that on, one at a time. @param {{ id: string, take: boolean }} [choice] */
function keepInStep(choice) {
  syncing = syncing.then(async () => {
    const { [SYNC]: sync, [POLICY]: policy } = /** @type {Record<string, Record<string, unknown> | undefined>} */ (await api.storage.local.get([SYNC, POLICY]));
    if (sync?.on !== true || policy?.sync === false) return;
    await module();
    if (await tend_sync(choice?.id, choice?.take ?? false)) await api.alarms.clear(SYNC);
    else await api.alarms.create(SYNC, { when: Date.now() + SYNC_AGAIN_MS });
  }).catch((error) => console.debug('composure:', error));
}

const COUNTS = 'counts';
const COUNTS_VERSION = 1;

let counting = Promise.resolve();

/** Adds to one of today's counts, one change at a time. @param {string} what @param {number} by */
function add(what, by) {
  counting = counting.then(async () => {
    const stored = /** @type {{ version?: number, days?: Record<string, Record<string, number>> } | undefined} */ ((await api.storage.local.get(COUNTS))[COUNTS]);
    // A newer Composure wrote it: not ours to change.
    if (stored?.version && stored.version > COUNTS_VERSION) return;
    const now = new Date();
    const today = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
    const { [today]: counts = {}, ...days } = stored?.days ?? {};
    await api.storage.local.set({ [COUNTS]: { version: COUNTS_VERSION, days: { ...days, [today]: { ...counts, [what]: (counts[what] ?? 0) + by } } } });
  }).catch((error) => console.debug('composure:', error));
}

/** @typedef {{ until: number, message: string, url: string }} CoolOff */
const COOL_OFFS = 'cool_offs';
/** Beside those that cool off, by their keys; until there was one, there were only these. */
const COOL_OFFS_VERSION = 1;
const COOLED = 'cooled ';
/** Browsers take no longer name for a notification. */
const LONGEST_ID = 500;

/** Firefox forgets alarms when it ends, so they are set anew whenever this script begins. */
api.runtime.onStartup.addListener(() => tend());
api.alarms.onAlarm.addListener(() => tend());
api.notifications.onClicked.addListener(bringBack);

let tending = Promise.resolve();
tend();

/** Changes what is cooling off, one change at a time, and looks after it. @param {(all: Record<string, CoolOff>) => unknown} [change] */
function tend(change = () => undefined) {
  tending = tending.then(async () => {
    const stored = (await api.storage.local.get(COOL_OFFS))[COOL_OFFS];
    const { version, ...all } = /** @type {Record<string, CoolOff> & { version?: number }} */ ({ ...(typeof stored === 'object' ? stored : {}) });
    // A newer Composure wrote it: not ours to change.
    if (version && version > COOL_OFFS_VERSION) return;
    change(all);
    for (const [key, one] of Object.entries(all)) {
      if (one?.until > Date.now()) continue;
      delete all[key];
      await tell(key, one).catch((error) => console.debug('composure:', error));
    }
    const kept = { version: COOL_OFFS_VERSION, ...all };
    if (JSON.stringify(kept) !== JSON.stringify(stored) && (stored || Object.keys(all).length)) await api.storage.local.set({ [COOL_OFFS]: kept });
    const next = Math.min(...Object.values(all).map(({ until }) => until));
    if (next < Infinity) await api.alarms.create(COOL_OFFS, { when: next });
    else await api.alarms.clear(COOL_OFFS);
  }).catch((error) => console.debug('composure:', error));
}

/** Says that one has cooled off. @param {string} key @param {CoolOff} coolOff */
async function tell(key, { message, url }) {
  const id = (COOLED + key).slice(0, LONGEST_ID);
  await api.notifications.create(id, { type: 'basic', iconUrl: api.runtime.getURL('icons/128.png'), title: 'Composure', message });
  await api.storage.session.set({ [id]: url });
}

/** To the mail that has cooled: in its tab, if that is still there. @param {string} id */
async function bringBack(id) {
  if (!id.startsWith(COOLED)) return;
  const url = String((await api.storage.session.get(id))[id] ?? '');
  void api.notifications.clear(id);
  const tabs = await api.tabs.query({});
  const same = (/** @type {(url: string) => string} */ part) => tabs.find((tab) => tab.url && part(tab.url) === part(url));
  const tab = same((whole) => whole) ?? same((whole) => whole.split('#')[0]);
  if (!tab) return void (url && api.tabs.create({ url }));
  await api.tabs.update(tab.id, { active: true });
  await api.windows.update(tab.windowId, { focused: true });
}

/** One at a time: two at once would register the same ids. */
let registering = Promise.resolve();
function registerSoon() {
  registering = registering.then(register).catch((error) => console.debug('composure:', error));
}

/** What runs on a site that the writer turned on. Some webmails have their mail in a frame; another site's frames are none of our business. */
const scriptsOfSite = () => api.runtime.getManifest().content_scripts.filter(({ js, all_frames }) => !js || !all_frames);

async function register() {
  const scripts = scriptsOfSite();
  const shipped = new Set(api.runtime.getManifest().content_scripts.flatMap(({ matches }) => matches));
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

/** Into the tabs that are open already; those opened from now on have what is registered. @param {string[]} matches */
async function inject(matches) {
  if (!matches.length) return;
  for (const { id } of await api.tabs.query({ url: matches })) {
    for (const { js, css, all_frames } of scriptsOfSite()) {
      const target = { tabId: id, allFrames: Boolean(all_frames) };
      // A tab may be gone by now, or show what no extension may touch.
      try {
        if (js) await api.scripting.executeScript({ target, files: js.map(relative), injectImmediately: true });
        if (css) await api.scripting.insertCSS({ target, files: css.map(relative) });
      } catch (error) {
        console.debug('composure:', error);
      }
    }
  }
}

/** What runs in open tabs would go on until they are loaded anew. @param {string[]} removed */
async function withdraw(removed) {
  for (const { id } of await api.tabs.query({})) api.tabs.sendMessage(id, { removed }).catch(() => undefined);
}

/** Firefox gives the manifest back with whole addresses, and nulls. @param {string} file */
const relative = (file) => new URL(file, api.runtime.getURL('/')).pathname.slice(1);
