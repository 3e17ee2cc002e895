import { TEXT, host, ready } from './common.js';

const area = document.createElement('textarea');
area.value = TEXT;
area.rows = 12;
area.style.width = '760px';
host.append(area);
ready({ root: () => area, saved: () => area.value, text: () => area.value, bold: () => '', listen: (changed) => area.addEventListener('input', changed) });
