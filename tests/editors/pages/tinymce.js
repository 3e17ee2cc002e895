import { SEED, host, ready } from './common.js';

const area = document.createElement('textarea');
area.id = 'area';
area.value = SEED;
host.append(area);
const { tinymce } = /** @type {any} */ (window);
tinymce.init({
  selector: '#area',
  license_key: 'gpl',
  promotion: false,
  branding: false,
  menubar: false,
  height: 360,
  plugins: 'lists link',
  toolbar: 'undo redo bold italic bullist',
  setup: (/** @type {any} */ editor) => editor.on('init', () =>
    ready({ root: () => editor.getBody(), saved: () => editor.getContent(), listen: (changed) => editor.on('input change undo redo', changed) })),
});
