// FreeScout as its own templates and main.js make it: one form for reply, forward and note, of whose buttons one is shown;
// Summernote over a textarea; keys that press that button with jQuery's click(), which no hand did. `?chat=1` is its chat mode,
// `?create=1` its page for a new mail.
'use strict';

const WORDS = {
  en: { send: 'Send Reply', forward: 'Forward', note: 'Add Note', to: 'To' },
  de: { send: 'Antwort senden', forward: 'Weiterleiten', note: 'Notiz hinzufügen', to: 'An' },
}[asked.get('hl') ?? 'en'];
document.documentElement.lang = asked.get('hl') ?? 'en';
const chat = asked.has('chat');
const create = asked.has('create');
document.body.classList.toggle('chat-mode', chat);

const thread = (type, { from, date, body }, at) =>
  el('div', { class: `thread thread-type-${type} thread-state-published message ${from === ME ? 'mine' : 'theirs'}`, id: `thread-${at}`, 'data-thread_id': String(at) },
    el('div', { class: 'thread-message' },
      el('div', { class: 'thread-header' }, el('div', { class: 'thread-person', text: from.name }), el('div', { class: 'thread-info', text: date })),
      el('div', { class: 'thread-body' }, el('div', { class: 'thread-content' }, ...lines(body)))));

const editable = el('div', { class: 'note-editable editor', contenteditable: 'true', role: 'textbox', 'aria-multiline': 'true' }, el('div', {}, el('br')));
const textarea = el('textarea', { id: 'body', name: 'body', hidden: '' });
editable.addEventListener('input', () => { textarea.value = editable.innerHTML; });
const isNote = el('input', { type: 'hidden', name: 'is_note', value: '' });
const submit = (kind) => {
  // Summernote's code is what is sent.
  sent(kind, editable.innerHTML);
  editable.replaceChildren(el('div', {}, el('br')));
  if (!chat) block.hidden = true;
};
const buttons = {
  send: el('button', { type: 'button', class: 'primary btn-reply-submit btn-send-text', text: WORDS.send, click: () => submit('reply') }),
  forward: el('button', { type: 'button', class: 'primary btn-reply-submit btn-send-forward', text: WORDS.forward, click: () => submit('forward') }),
  note: el('button', { type: 'button', class: 'primary btn-reply-submit btn-add-note-text', text: WORDS.note, click: () => submit('note') }),
};
const form = el('form', { class: 'form-reply', method: 'POST', ...(create ? { id: 'form-create' } : {}) },
  create ? null : el('input', { type: 'hidden', name: 'conversation_id', value: '48213' }),
  isNote,
  create ? el('input', { id: 'subject', name: 'subject', value: SUBJECT }) : null,
  el('label', { text: `${WORDS.to} ` }), el('select', { id: 'to', name: 'to' }, el('option', { value: CUSTOMER.email, selected: '', text: `${CUSTOMER.name} <${CUSTOMER.email}>` })),
  el('div', { class: 'conv-reply-body' }, textarea, el('div', { class: 'note-editor' }, el('div', { class: 'note-editing-area' }, editable)),
    el('div', { class: 'bar btn-group-send' }, el('span', { class: 'spacer' }), ...Object.values(buttons),
      el('button', { type: 'button', class: 'btn-send-menu', 'aria-haspopup': 'true', text: '▾' }))));
const block = el('div', { class: 'conv-block conv-reply-block compose', hidden: '' }, form);
function open(kind) {
  for (const [name, button] of Object.entries(buttons)) button.hidden = name !== kind;
  isNote.value = kind === 'note' ? '1' : '';
  block.classList.toggle('conv-note-block', kind === 'note');
  block.hidden = false;
  editable.focus();
}
document.addEventListener('keydown', (event) => {
  const chord = event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  const enter = chat && event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.shiftKey && isNote.value !== '1' && editable.textContent;
  if (!chord && !enter) return;
  event.preventDefault();
  Object.values(buttons).find((button) => button.checkVisibility())?.click();
});

const threads = [
  thread('customer', THREAD[0], 1), thread('message', THREAD[1], 2),
  thread('note', { from: { name: 'Robin Vale' }, date: '', body: ['He is always this rude. Do not refund him.'] }, 3), thread('customer', THREAD[2], 4),
];
document.body.append(el('main', { id: 'conv-layout' },
  create ? null : el('div', { id: 'conv-subject' }, el('input', { id: 'conv-subj-value', value: SUBJECT })),
  el('div', { class: 'bar conv-actions' }, ...[['send', 'conv-reply', 'Reply'], ['note', 'conv-add-note', 'Note'], ['forward', 'conv-forward', 'Forward']]
    .map(([kind, name, text]) => el('button', { class: `conv-action ${name}`, text, click: () => open(kind) }))),
  block,
  create ? null : el('div', { id: 'conv-layout-main' }, ...(chat ? threads : threads.reverse()))));
