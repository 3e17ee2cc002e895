import { Editor } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import { SEED, bare, ready } from './common.js';

const editor = new Editor({ element: bare(), extensions: [StarterKit], content: SEED });
editor.on('create', () =>
  ready({ root: () => editor.view.dom, saved: () => editor.getHTML(), listen: (changed) => editor.on('update', changed) }));
