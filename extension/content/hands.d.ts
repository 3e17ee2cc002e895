// The contracts between the hands' own modules.
import type { Event as MindEvent, Highlight, RegionViewKind, TextEdit, ThreadView } from './protocol';
import type { TextMap } from './text-map';

/** What the loader leaves behind: listeners that were on `window` before the page's. */
export interface Gate {
  /** Each sees every caught event first, but for keys that only write, and answers whether the page shall not. */
  hooks: ((event: Event) => boolean)[];
  /** Whether no hook has to see this key, nor its release: it writes a character, as most do, and nothing of ours is open. */
  onlyWrites(event: Event): boolean;
  /** Aborted when this script must fall silent. */
  signal: AbortSignal;
  /** Whether the extension that this script belongs to still exists, and may be here. */
  alive(): boolean;
  stop(): void;
  pass(event: Event): void;
  /** The same for a key that is pressed, and for what comes of it. */
  passKey(event: Event): void;
  passRelease(event: Event): void;
  /** Guards another window, e.g. that of an editor's frame. */
  watch(target: EventTarget, signal: AbortSignal): void;
}

export interface RegionSelector {
  selector: string;
  kind: RegionViewKind;
}

/** A control of the page that sends a mail when it is pressed. */
export interface Send {
  element: HTMLElement;
  /** Whether the mail goes later, at a time that the writer chooses. */
  later: boolean;
  /** The key that does it, where no control on the page surely does the same later: it is pressed in the body. */
  key?: KeyboardEventInit;
}

/** What a tab tells the toolbar's popup. */
export interface Status {
  /** The adapter's `id`; nothing where no adapter takes the page. */
  webmail: string | null;
  composes: number;
  /**
   * `no-send`: a mail is being written, but its Send is not where the adapter knows it; `unknown-send`: the page is a stranger's;
   * `failed`: the page is not as its adapter knows it.
   */
  problem: 'no-send' | 'unknown-send' | 'failed' | null;
}

/** All that we know about one webmail. */
export interface Adapter {
  id: string;
  /** Where it is at home: host names, or `*.` and what they end in. The manifest asks for these. */
  hosts: string[];
  /** Whether the webmail itself is in a frame of its page: then this script runs in all frames there. */
  framed?: boolean;
  /** Whether a page of any other host is this webmail, by its structure. */
  matches?(document: Document): boolean;
  /** The visible editable elements in which mails are being written, in whichever same-origin document. */
  bodies(document: Document): HTMLElement[];
  /** The compose window around a body. */
  container(body: HTMLElement): Element;
  /** What in a body the writer did not write. */
  regions: RegionSelector[];
  /** `key` is unique on this host, or null. */
  thread(body: HTMLElement): ThreadView;
  /** What sends the mail, the usual control first; nothing where that is not known, and then no send is ever held. */
  sends(body: HTMLElement): Send[];
  /** Whether this key, pressed in or around the body, sends the mail, too, or what it does instead. Ctrl+Enter and Cmd+Enter always do. */
  sendKey?(key: KeyboardEvent, body: HTMLElement): Send | boolean | undefined;
  /** Whether keys of which `sendKey` says what they do do it for this body wherever on the page they are pressed. */
  farKeys?(body: HTMLElement): boolean;
  /** Whether what is written there now stays among colleagues: such a note is neither read nor held. */
  internal?(body: HTMLElement): boolean;
}

/** How one family of editors is read and written. */
export interface Editor {
  matches(body: HTMLElement): boolean;
  read(body: HTMLElement, regions: RegionSelector[]): TextMap;
  /** Where the selection is, if it is in there. */
  selection(body: HTMLElement, map: TextMap): { anchor: number; focus: number } | null;
  select(body: HTMLElement, map: TextMap, anchor: number, focus: number): void;
  /** Called before and after all changes that shall be one undo step. */
  mark?(body: HTMLElement): void;
  /** Whether the editor keeps its own undo steps, and the browser's must be left alone. */
  ownUndo?: boolean;
  /** Replaces as one undo step; `changed` tells whether the text already differs from `map`'s. */
  replace(body: HTMLElement, map: TextMap, edit: TextEdit, changed: () => boolean): void | Promise<void>;
}

export interface Painter {
  /** Shows exactly these, and `current` more strongly. */
  paint(map: TextMap, highlights: Highlight[], current: number | null): void;
  /** The highlight at this place of the body's own window. */
  hit(x: number, y: number): number | null;
  /** Where a highlight is, in the body's own window. */
  rects(id: number): DOMRect[];
  /** After scrolling or resizing; `clip` is the visible part of the body. */
  layout(clip: Box): void;
  close(): void;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** `waits`: it can be told with what comes next. */
export type Post = (event: MindEvent, waits?: boolean) => void;
