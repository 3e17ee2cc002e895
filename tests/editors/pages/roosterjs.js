import { AutoFormatPlugin, EditPlugin, PastePlugin, ShortcutPlugin, createEditor, createModelFromHtml, exportContent } from 'roosterjs';
import { SEED, bare, ready } from './common.js';

/** @type {() => void} */
let tell = () => undefined;
/** @type {import('roosterjs').EditorPlugin} */
const listener = {
  getName: () => 'listener',
  initialize() {},
  dispose() {},
  onPluginEvent({ eventType }) {
    if (['contentChanged', 'input'].includes(eventType)) tell();
  },
};
const body = bare();
const plugins = [new ShortcutPlugin(), new AutoFormatPlugin(), new EditPlugin(), new PastePlugin(), listener];
const editor = createEditor(body, plugins, createModelFromHtml(SEED));
ready({ root: () => body, saved: () => exportContent(editor), listen: (changed) => (tell = changed) });
