/** @import { Editor } from '../hands' */
import { ckeditor4 } from './ckeditor4.js';
import { contenteditable } from './contenteditable.js';
import { draft } from './draft.js';
import { managed } from './managed.js';
import { quill } from './quill.js';
import { roosterjs } from './roosterjs.js';
import { slate } from './slate.js';
import { squire } from './squire.js';
import { summernote } from './summernote.js';
import { textarea } from './textarea.js';
import { tinymce } from './tinymce.js';

/** The first that matches. @type {Editor[]} */
export const EDITORS = [
  textarea,
  tinymce,
  ckeditor4,
  draft,
  quill,
  slate,
  squire,
  summernote,
  contenteditable,
  roosterjs,
  managed,
];
