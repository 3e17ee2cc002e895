import React from 'react';
import { createRoot } from 'react-dom/client';
import { Node, createEditor } from 'slate';
import { withHistory } from 'slate-history';
import { Editable, Slate, withReact } from 'slate-react';
import { PARAGRAPHS, bare, ready } from './common.js';

const editor = withHistory(withReact(createEditor()));
/** @type {() => void} */
let tell = () => undefined;

const renderElement = (/** @type {any} */ { attributes, children }) => React.createElement('p', attributes, children);
const renderLeaf = (/** @type {any} */ { attributes, children, leaf }) =>
  React.createElement('span', attributes, leaf.bold ? React.createElement('strong', null, children) : children);
// Slate leaves the keys of undo and redo to its application.
const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
  if (!event.ctrlKey || !/^[yz]$/.test(event.key)) return;
  event.preventDefault();
  if (event.key === 'z') editor.undo();
  else editor.redo();
};

function App() {
  React.useEffect(() => {
    ready({
      root: () => /** @type {HTMLElement} */ (document.querySelector('[data-slate-editor]')),
      saved: () => JSON.stringify(editor.children),
      text: () => editor.children.map((node) => Node.string(node)).join('\n'),
      bold: () => [...Node.texts(editor)].filter(([node]) => /** @type {any} */ (node).bold).map(([node]) => node.text).join(''),
      listen: (changed) => (tell = changed),
    });
  }, []);
  const initialValue = PARAGRAPHS.map((children) => ({ type: 'paragraph', children }));
  return React.createElement(Slate, /** @type {any} */ ({ editor, initialValue, onChange: () => tell() }),
    React.createElement(Editable, { renderElement, renderLeaf, onKeyDown }));
}
createRoot(bare()).render(React.createElement(App));
