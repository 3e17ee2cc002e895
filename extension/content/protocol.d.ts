// Generated from src/session/protocol.rs (placeholder until the generator runs).
export type ComposeId = number;
export type Place = "pill" | "card" | "panel";
export type TextEdit = { start: number, end: number, insert: string };
export type RegionViewKind = "quote" | "signature";
export type RegionView = { start: number, end: number, kind: RegionViewKind };
export type DraftView = { revision: number, text: string, regions: Array<RegionView> };
export type MessageView = { mine: boolean, text: string };
export type ThreadView = { recipient: string | null, messages: Array<MessageView> };
export type HighlightSeverity = "hint" | "warning" | "serious";
export type Highlight = { id: number, start: number, end: number, severity: HighlightSeverity };
export type Event =
  | { type: "opened", compose: ComposeId, thread: ThreadView, draft: DraftView }
  | { type: "thread-read", compose: ComposeId, thread: ThreadView }
  | { type: "typed", compose: ComposeId, revision: number, base: number, edit: TextEdit, regions: Array<RegionView> }
  | { type: "resynced", compose: ComposeId, draft: DraftView }
  | { type: "pointed", compose: ComposeId, highlight: number | null }
  | { type: "jumped", compose: ComposeId, caret: number, forward: boolean }
  | { type: "panel-toggled", compose: ComposeId }
  | { type: "pressed", compose: ComposeId, action: string }
  | { type: "dismissed", compose: ComposeId }
  | { type: "edit-refused", compose: ComposeId }
  | { type: "closed", compose: ComposeId };
export type Effect =
  | { type: "paint", compose: ComposeId, revision: number, highlights: Array<Highlight> }
  | { type: "show", compose: ComposeId, place: Place, html: string, anchor: number | null, keyboard: boolean }
  | { type: "hide", compose: ComposeId, place: Place }
  | { type: "edit", compose: ComposeId, revision: number, edit: TextEdit }
  | { type: "reveal", compose: ComposeId, highlight: number }
  | { type: "resync", compose: ComposeId };
