import { ContentState, Editor, EditorState, RichUtils, convertFromHTML, convertToRaw } from 'draft-js';
import 'draft-js/dist/Draft.css';
import React from 'react';
import { createRoot } from 'react-dom/client';
import { SEED, bare, ready } from './common.js';

const { contentBlocks, entityMap } = convertFromHTML(SEED);
let state = EditorState.createWithContent(ContentState.createFromBlockArray(contentBlocks, entityMap));
/** @type {() => void} */
let tell = () => undefined;

function App() {
  const [shown, show] = React.useState(state);
  const onChange = (/** @type {EditorState} */ next) => {
    state = next;
    show(next);
    tell();
  };
  React.useEffect(() => {
    ready({
      root: () => /** @type {HTMLElement} */ (document.querySelector('.public-DraftEditor-content')),
      saved: () => JSON.stringify(convertToRaw(state.getCurrentContent())),
      text: () => state.getCurrentContent().getPlainText('\n'),
      bold: () => {
        const { blocks } = convertToRaw(state.getCurrentContent());
        const styled = blocks.flatMap(({ text, inlineStyleRanges }) => inlineStyleRanges.filter(({ style }) => style === 'BOLD')
          .map(({ offset, length }) => text.slice(offset, offset + length)));
        return styled.join('');
      },
      listen: (changed) => (tell = changed),
    });
  }, []);
  const handleKeyCommand = (/** @type {string} */ command, /** @type {EditorState} */ before) => {
    const after = RichUtils.handleKeyCommand(before, command);
    if (after) onChange(after);
    return after ? 'handled' : 'not-handled';
  };
  return React.createElement(Editor, { editorState: shown, onChange, handleKeyCommand });
}
createRoot(bare()).render(React.createElement(App));
