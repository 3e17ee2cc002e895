// Generated from src/session/protocol.rs by `./build.sh build`: change it there.

export type ComposeId = number;

export type Event = { "type": "opened", 
/**
 * Which.
 */
compose: number, 
/**
 * The conversation that it answers.
 */
thread: ThreadView, 
/**
 * Its text.
 */
draft: DraftView, } | { "type": "thread-read", 
/**
 * In which compose.
 */
compose: number, 
/**
 * The conversation.
 */
thread: ThreadView, } | { "type": "typed", 
/**
 * In which compose.
 */
compose: number, 
/**
 * Counts the changes of this compose; every later one is greater.
 */
revision: number, 
/**
 * The revision that `edit` was made on; if the mind is not there, it asks for a resync.
 */
base: number, 
/**
 * The revision of the last [`Effect::Paint`] that was painted.
 */
painted: number | null, 
/**
 * Turns the text of `base` into the text of `revision`.
 */
edit: TextEdit, 
/**
 * All regions of the new text.
 */
regions: Array<RegionView>, } | { "type": "verdict-asked", 
/**
 * Of which compose.
 */
compose: number, 
/**
 * As in [`Event::Typed`].
 */
painted: number | null, } | { "type": "resynced", 
/**
 * Of which compose.
 */
compose: number, 
/**
 * The text.
 */
draft: DraftView, } | { "type": "pointed", 
/**
 * In which compose.
 */
compose: number, 
/**
 * The highlight's id, from [`Effect::Paint`].
 */
highlight: number | null, } | { "type": "jumped", 
/**
 * In which compose.
 */
compose: number, 
/**
 * Where the caret is.
 */
caret: number, 
/**
 * Onwards, or back.
 */
forward: boolean, } | { "type": "gap-reached", 
/**
 * In which compose.
 */
compose: number, 
/**
 * The gap's id, from [`Effect::Paint`].
 */
highlight: number, } | { "type": "panel-toggled", 
/**
 * Of which compose.
 */
compose: number, } | { "type": "pressed", 
/**
 * In which compose.
 */
compose: number, 
/**
 * The `data-action` of what was pressed, untouched.
 */
action: string, 
/**
 * What is selected in the draft, if anything is.
 */
selected?: string, } | { "type": "dismissed", 
/**
 * In which compose.
 */
compose: number, } | { "type": "edit-refused", 
/**
 * In which compose.
 */
compose: number, } | { "type": "send-held", 
/**
 * From which compose.
 */
compose: number, 
/**
 * Whether it would go later, as a scheduled mail: that is reviewed, but waits for no cool-off.
 */
later: boolean, } | { "type": "sent", 
/**
 * From which compose.
 */
compose: number, } | { "type": "spoken", 
/**
 * In which compose.
 */
compose: number, 
/**
 * How.
 */
end: SpeechEnd, } | { "type": "closed", 
/**
 * Which.
 */
compose: number, };

export type Effect = { "type": "paint", 
/**
 * Where.
 */
compose: number, 
/**
 * The revision they are for; on any other text they must not be painted.
 */
revision: number, 
/**
 * In order, not overlapping; only what is being read aloud lies over others, and comes last.
 */
highlights: Array<Highlight>, } | { "type": "show", 
/**
 * For which compose.
 */
compose: number, 
/**
 * Which.
 */
place: Place, 
/**
 * Its content, HTML from the mind's own views, to pass through the hands' allow-list.
 */
html: string, 
/**
 * The highlight it belongs to, for a card.
 */
anchor: number | null, 
/**
 * Whether the writer came by keyboard: then Enter, Escape, Tab and the arrows belong to the view.
 */
keyboard: boolean, } | { "type": "hide", 
/**
 * Of which compose.
 */
compose: number, 
/**
 * Which.
 */
place: Place, } | { "type": "edit", 
/**
 * Of which compose.
 */
compose: number, 
/**
 * The revision the offsets speak of.
 */
revision: number, 
/**
 * What to change: in order, not overlapping, all of them in terms of `revision`.
 */
edits: Array<TextEdit>, } | { "type": "reveal", 
/**
 * In which compose.
 */
compose: number, 
/**
 * Its id, from [`Effect::Paint`].
 */
highlight: number, } | { "type": "resync", 
/**
 * Of which compose.
 */
compose: number, } | { "type": "guard", 
/**
 * Of which compose.
 */
compose: number, 
/**
 * The revision that was judged.
 */
revision: number, 
/**
 * Whether to hold it and say [`Event::SendHeld`].
 */
hold: boolean, } | { "type": "release", 
/**
 * From which compose.
 */
compose: number, } | { "type": "speak", 
/**
 * In which compose.
 */
compose: number, 
/**
 * What to say; nothing to stop.
 */
text: string, 
/**
 * How long to wait before it, in milliseconds.
 */
pause: number, 
/**
 * How fast, in percent of the voice's own speed.
 */
rate: number, 
/**
 * The name of the voice; empty for the browser's choice.
 */
voice: string, };

export type SpeechEnd = "said" | "no-voice" | "failed";

export type Place = "pill" | "card" | "panel" | "dialog";

export type Highlight = { 
/**
 * Names it in events; the same finding keeps its id from one revision to the next.
 */
id: number, 
/**
 * First code unit.
 */
start: number, 
/**
 * One past the last.
 */
end: number, 
/**
 * Chooses the colour.
 */
severity: HighlightSeverity, };

export type HighlightSeverity = "hint" | "warning" | "serious" | "spelling" | "spoken" | "gap" | "slash";

export type TextEdit = { 
/**
 * First code unit that goes.
 */
start: number, 
/**
 * One past the last that goes.
 */
end: number, 
/**
 * What comes instead; lines are separated by `\n`.
 */
insert: string, };

export type DraftView = { 
/**
 * See [`Event::Typed`].
 */
revision: number, 
/**
 * The text; a quote or a signature block that the webmail marks is one U+FFFC on a line of its own.
 */
text: string, 
/**
 * Where those are.
 */
regions: Array<RegionView>, };

export type RegionView = { 
/**
 * First code unit.
 */
start: number, 
/**
 * One past the last.
 */
end: number, 
/**
 * What it is.
 */
kind: RegionViewKind, };

export type RegionViewKind = "quote" | "signature";

export type ThreadView = { 
/**
 * The addressee's display name or, where there is none, nothing.
 */
recipient: string | null, 
/**
 * The addressee's mail address, where it is known.
 */
address: string | null, 
/**
 * The address that the mail is sent from, where the page shows it.
 */
sender?: string | null, 
/**
 * What the mail is about.
 */
subject: string | null, 
/**
 * Names this conversation, or the draft, across page loads and browser restarts, with the host it is on; nothing
 * where the webmail gives no such name.
 */
key: string | null, 
/**
 * Oldest first.
 */
messages: Array<MessageView>, };

export type MessageView = { 
/**
 * Whether the writer's own side wrote it.
 */
mine: boolean, 
/**
 * Its plain text.
 */
text: string, 
/**
 * When it was sent, in seconds since 1970, where the page says so.
 */
sent?: number, };
