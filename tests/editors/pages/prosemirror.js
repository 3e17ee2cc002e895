import { baseKeymap, toggleMark } from '@tiptap/pm/commands';
import { history, redo, undo } from '@tiptap/pm/history';
import { keymap } from '@tiptap/pm/keymap';
import { DOMParser, DOMSerializer, Schema } from '@tiptap/pm/model';
import { EditorState } from '@tiptap/pm/state';
import { EditorView } from '@tiptap/pm/view';
import { SEED, bare, ready } from './common.js';

const schema = new Schema({
  nodes: {
    doc: { content: 'paragraph+' },
    paragraph: { content: 'inline*', parseDOM: [{ tag: 'p' }], toDOM: () => ['p', 0] },
    text: { group: 'inline' },
    hard_break: { inline: true, group: 'inline', selectable: false, parseDOM: [{ tag: 'br' }], toDOM: () => ['br'] },
  },
  marks: { strong: { parseDOM: [{ tag: 'b' }, { tag: 'strong' }], toDOM: () => ['strong', 0] } },
});
const seed = document.createElement('div');
seed.innerHTML = SEED;
/** @type {() => void} */
let tell = () => undefined;
const keys = { 'Mod-z': undo, 'Mod-y': redo, 'Mod-b': toggleMark(schema.marks.strong) };
const view = new EditorView(bare(), {
  state: EditorState.create({ doc: DOMParser.fromSchema(schema).parse(seed), plugins: [history(), keymap(keys), keymap(baseKeymap)] }),
  dispatchTransaction(transaction) {
    view.updateState(view.state.apply(transaction));
    if (transaction.docChanged) tell();
  },
});
view.dom.style.whiteSpace = 'pre-wrap';
ready({
  root: () => view.dom,
  saved: () => {
    const element = document.createElement('div');
    element.append(DOMSerializer.fromSchema(schema).serializeFragment(view.state.doc.content));
    return element.innerHTML;
  },
  listen: (changed) => (tell = changed),
});
