import { createEmptyHistoryState, registerHistory } from '@lexical/history';
import { registerRichText } from '@lexical/rich-text';
import { $createParagraphNode, $createTextNode, $getRoot, createEditor } from 'lexical';
import { PARAGRAPHS, bare, ready } from './common.js';

/** @param {(editor: import('lexical').LexicalEditor) => void} register what makes it rich or plain */
export function start(register) {
  const body = bare();
  body.contentEditable = 'true';
  body.style.whiteSpace = 'pre-wrap';
  const editor = createEditor({ onError: (error) => reportError(error) });
  editor.setRootElement(body);
  register(editor);
  registerHistory(editor, createEmptyHistoryState(), 300);
  editor.update(() => {
    for (const pieces of PARAGRAPHS) {
      const paragraph = $createParagraphNode();
      for (const { text, bold } of pieces) {
        const node = $createTextNode(text);
        paragraph.append(bold ? node.setFormat('bold') : node);
      }
      $getRoot().append(paragraph);
    }
  }, { tag: 'history-merge', discrete: true });
  const read = (/** @type {() => string} */ what) => editor.getEditorState().read(what);
  ready({
    root: () => body,
    saved: () => JSON.stringify(editor.getEditorState().toJSON()),
    text: () => read(() => $getRoot().getChildren().map((node) => node.getTextContent()).join('\n')),
    bold: () => read(() => $getRoot().getAllTextNodes().filter((node) => node.hasFormat('bold')).map((node) => node.getTextContent()).join('')),
    listen: (changed) => editor.registerUpdateListener(changed),
  });
}

if (document.title === 'lexical') start(registerRichText);
