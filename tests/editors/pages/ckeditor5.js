import { Autoformat, BlockQuote, Bold, ClassicEditor, Essentials, Italic, Link, List, Paragraph, PasteFromOffice } from 'ckeditor5';
import 'ckeditor5/ckeditor5.css';
import { SEED, host, ready } from './common.js';

const element = document.createElement('div');
element.innerHTML = SEED;
host.append(element);
const plugins = [Essentials, Paragraph, Bold, Italic, Link, List, BlockQuote, Autoformat, PasteFromOffice];
const editor = await ClassicEditor.create(element, { licenseKey: 'GPL', plugins, toolbar: ['undo', 'redo', 'bold', 'italic', 'link', 'bulletedList'] });
ready({
  root: () => /** @type {HTMLElement} */ (editor.ui.view.editable.element),
  saved: () => editor.getData(),
  listen: (changed) => editor.model.document.on('change:data', changed),
});
