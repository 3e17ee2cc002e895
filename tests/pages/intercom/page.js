// Intercom's inbox: a conversation of parts, the customer's on the left; reply or note by tab, written in ProseMirror. `?old=1`
// names the parts' authors, `?shadow=1` puts stream and composer into shadow roots, `?chat=1` is a chat, in which Enter sends,
// or, with `&enter=breaks`, begins a line, as each colleague may choose.
'use strict';

const WORDS = { en: { reply: 'Reply', note: 'Note', send: 'Send', write: 'Write a reply' }, es: { reply: 'Responder', note: 'Nota', send: 'Enviar', write: 'Escribe una respuesta' } }[asked.get('hl') ?? 'en'];
document.documentElement.lang = asked.get('hl') ?? 'en';
history.replaceState(null, '', `48213${location.search}`);
const chat = asked.has('chat');

function shadowed(element) {
  if (!asked.has('shadow')) return element;
  const host = el('div', {});
  host.attachShadow({ mode: 'open' }).append(el('link', { rel: 'stylesheet', href: '/kit/helpdesk.css' }), element);
  return host;
}

const part = ({ from, date, body }) => {
  const category = asked.has('old') ? { 'data-part-group-id': date, 'data-part-group-category': from === ME ? '3' : '1' } : { class: 'group/content-part' };
  const bubble = el('div', { class: `message interblocks-html ${from === ME ? 'mine' : 'theirs'}` }, ...lines(body, 'p'));
  return el('div', { style: `display: flex; justify-content: ${from === ME ? 'end' : 'start'}` }, el('div', { ...category, style: 'max-width: 75%' }, bubble));
};
const stream = el('div', { 'data-testid': 'conversation-stream-scroll-container' }, ...THREAD.map(part));

const root = el('div', { class: 'ProseMirror embercom-prosemirror-composer-editor editor', role: 'textbox', 'aria-multiline': 'true', 'aria-label': WORDS.write });
const owned = new OwnedEditor(root, { reads: true });
let note = false;
const leave = (via) => {
  sent(note ? 'note' : via, owned.html);
  owned.clear();
};
root.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing || event.shiftKey) return;
  if (!(event.ctrlKey || event.metaKey) && !(chat && asked.get('enter') !== 'breaks')) return;
  event.preventDefault();
  leave('key');
});
const tabs = ['reply', 'note'].map((kind) => el('button', {
  role: 'tab', id: kind, 'aria-selected': String(kind === 'reply'), text: WORDS[kind],
  click: () => {
    note = kind === 'note';
    for (const tab of tabs) tab.ariaSelected = String(tab.id === kind);
    compose.classList.toggle('note', note);
    root.focus();
  },
}));
const compose = el('section', { class: 'compose', 'data-conversation-reply-composer': '' },
  chat ? null : el('div', { class: 'channels__inbox__email-metadata-container', text: `To: ${CUSTOMER.email}` }),
  el('div', { role: 'tablist', class: 'bar' }, ...tabs), root,
  el('div', { class: 'bar' }, el('span', { class: 'spacer' }), el('button', { id: 'send', class: 'primary', text: WORDS.send, click: () => leave('Send') })));

document.body.append(el('main', {},
  el('h2', { 'data-inbox-conversation-header-title': '', text: CUSTOMER.name }), shadowed(stream), shadowed(compose)));
// Where a test finds what lies in a shadow root.
document.querySelectorAll('main > div').forEach((host, at) => host.shadowRoot && (host.id = ['stream', 'composer'][at]));
