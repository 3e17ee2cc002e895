/** @import { Editor } from '../hands' */
import { contenteditable } from './contenteditable.js';
import { managed } from './managed.js';
import { textarea } from './textarea.js';
import { tinymce } from './tinymce.js';

/** The first that matches. @type {Editor[]} */
export const EDITORS = [
  textarea,
  tinymce,
  contenteditable,
  managed,
];
