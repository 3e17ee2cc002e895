// What TypeScript's own libraries lack: the few corners of the extension API that we use.
interface ExtensionApi {
  extension: { inIncognitoContext: boolean };
  runtime: {
    id?: string;
    getURL(path: string): string;
    sendMessage(message: unknown): Promise<unknown>;
    openOptionsPage(): Promise<void>;
    onMessage: ExtensionEvent<(message: unknown, sender: { id?: string; tab?: Tab }, reply: (answer: unknown) => void) => void>;
    onInstalled: ExtensionEvent<(details: { reason: string }) => void>;
    onStartup: ExtensionEvent<() => void>;
    getManifest(): { content_scripts: ManifestScript[] };
  };
  tabs: {
    sendMessage(tab: number, message: unknown): Promise<unknown>;
    create(properties: { url: string; openerTabId?: number; windowId?: number; index?: number }): Promise<Tab>;
    query(filter: object): Promise<Tab[]>;
    update(tab: number, properties: { active: boolean }): Promise<Tab>;
  };
  windows: { update(window: number, properties: { focused: boolean }): Promise<unknown> };
  alarms: {
    create(name: string, alarm: { when: number }): Promise<void>;
    clear(name: string): Promise<boolean>;
    onAlarm: ExtensionEvent<(alarm: { name: string }) => void>;
  };
  notifications: {
    create(id: string, notification: { type: 'basic'; iconUrl: string; title: string; message: string }): Promise<string>;
    clear(id: string): Promise<boolean>;
    onClicked: ExtensionEvent<(id: string) => void>;
  };
  storage: {
    local: StorageArea;
    /** Forgotten when the browser ends. */
    session: StorageArea;
    /** What whoever manages the browser has set. */
    managed: Pick<StorageArea, 'get'>;
    onChanged: ExtensionEvent<(changes: Record<string, unknown>, area: string) => void>;
  };
  i18n: {
    getUILanguage(): string;
    detectLanguage(text: string): Promise<{ isReliable: boolean; languages: { language: string; percentage: number }[] }>;
  };
  permissions: {
    getAll(): Promise<{ origins?: string[] }>;
    onAdded: ExtensionEvent<(added: { origins?: string[] }) => void>;
    onRemoved: ExtensionEvent<(removed: { origins?: string[] }) => void>;
  };
  scripting: {
    getRegisteredContentScripts(): Promise<{ id: string }[]>;
    unregisterContentScripts(filter: { ids: string[] }): Promise<void>;
    registerContentScripts(scripts: RegisteredScript[]): Promise<void>;
    executeScript(injection: { target: InjectionTarget; files: string[]; injectImmediately: boolean }): Promise<unknown>;
    insertCSS(injection: { target: InjectionTarget; files: string[] }): Promise<void>;
  };
}
interface ExtensionEvent<Listener> {
  addListener(listener: Listener): void;
}
interface StorageArea {
  get(key: string | string[] | null): Promise<Record<string, unknown>>;
  getKeys(): Promise<string[]>;
  set(items: Record<string, unknown>): Promise<void>;
}
interface Tab {
  id: number;
  windowId: number;
  index: number;
  /** Whether it is in a private window. */
  incognito: boolean;
  /** Only of sites that we may see. */
  url?: string;
}
interface InjectionTarget {
  tabId: number;
  allFrames: boolean;
}
interface ManifestScript {
  matches: string[];
  js?: string[];
  css?: string[];
  all_frames?: boolean;
}
interface RegisteredScript {
  id: string;
  matches: string[];
  js?: string[];
  css?: string[];
  allFrames: boolean;
  matchOriginAsFallback: boolean;
  runAt: 'document_start';
}
declare var browser: ExtensionApi | undefined;
declare var chrome: ExtensionApi;

// Firefox alone: the page's own view of its objects, and copies that the page may read.
interface Window {
  wrappedJSObject?: Window & typeof globalThis;
}
declare function cloneInto<T>(value: T, page: Window): T;

interface Element {
  wrappedJSObject?: Element;
  // Both browsers have it; TypeScript's DOM library does not yet.
  setHTML(html: string, options: { sanitizer: Sanitizer }): void;
}
