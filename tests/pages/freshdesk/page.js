// Freshdesk's ticket: messages, below them a bar that opens reply, note or forward in the same place, written in Froala.
'use strict';

const WORDS = {
  en: { reply: 'Reply', note: 'Add note', forward: 'Forward', send: 'Send', set: 'Send and set as', to: 'To', notify: 'Notify to', wrote: 'wrote' },
  de: { reply: 'Antworten', note: 'Notiz hinzufügen', forward: 'Weiterleiten', send: 'Senden', set: 'Senden und setzen auf', to: 'An', notify: 'Benachrichtigen', wrote: 'schrieb' },
}[asked.get('hl') ?? 'en'];
document.documentElement.lang = asked.get('hl') ?? 'en';
history.replaceState(null, '', `48213${location.search}`);

const message = ({ from, date, body }, kind) =>
  el('div', { class: `ticket-details__item ${kind} message ${from === ME ? 'mine' : 'theirs'}`, 'data-test-id': 'conversation-wrapper' },
    el('header', { class: 'conversation-header' }, el('div', { 'data-test-id': 'user-name' }, el('b', { text: from.name })), el('div', { 'data-test-id': 'time-ago', text: date })),
    el('div', { 'data-test-id': 'conversation-content-wrapper' },
      el('div', { 'data-test-conversation': 'conversation-text' }, el('div', { class: 'ticket_note', 'data-note-id': '99' }, ...lines(body)))));

const compose = el('section', { class: 'compose', hidden: '' });
function open(kind) {
  const editor = el('div', { class: 'fr-element fr-view editor', contenteditable: 'true', dir: 'auto' }, el('p', {}, el('br')));
  if (kind === 'forward') {
    editor.append(el('div', { class: 'freshdesk_quote' }, el('blockquote', { class: 'freshdesk_quote' }, el('div', { text: `${CUSTOMER.name} ${WORDS.wrote}:` }), ...lines(THREAD[2].body))));
  }
  const leave = (via) => {
    sent(via, editor.innerHTML);
    compose.hidden = true;
    compose.replaceChildren();
  };
  const items = el('ul', { role: 'menu', hidden: '' }, ...['Pending', 'Resolved'].map((status) =>
    el('li', { class: 'send-and-set-item', role: 'menuitem', text: `${WORDS.set} ${status}`, click: () => leave(status) })));
  compose.replaceChildren(
    kind === 'note' ? el('div', { 'data-test-notify-to': '', text: WORDS.notify }) : el('div', {}, el('label', { text: `${WORDS.to}: ` }), el('span', { text: CUSTOMER.email })),
    el('div', { class: 'rich-editor' }, el('div', { class: 'fr-box' }, el('div', { class: 'fr-wrapper' }, editor))),
    el('div', { class: 'bar' }, el('span', { class: 'spacer' }),
      el('button', { id: 'send-and-set', class: 'primary', text: kind === 'note' ? WORDS.note : WORDS.send, click: () => leave(kind) }),
      el('button', { 'aria-haspopup': 'true', 'aria-label': WORDS.set, text: '▾', click: () => { items.hidden = false; } })),
    items);
  compose.hidden = false;
  editor.focus();
}
addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.ctrlKey && !compose.hidden) compose.querySelector('#send-and-set').click();
});

document.body.append(el('main', {},
  el('h2', { class: 'ticket-subject-heading', text: SUBJECT }),
  message(THREAD[0], 'ticket-details__requestor'),
  message(THREAD[1], ''),
  message({ from: { name: 'Robin Vale' }, date: '', body: ['He is always this rude. Do not refund him.'] }, 'ticket-details__privatenote'),
  message(THREAD[2], 'ticket-details__requestor'),
  el('div', { class: 'bar' }, ...['reply', 'note', 'forward'].map((kind) => el('button', { 'data-test-email-action-btn': kind, text: WORDS[kind], click: () => open(kind) }))),
  compose));
