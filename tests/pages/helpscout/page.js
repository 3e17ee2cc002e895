// Help Scout's conversation: the reply or the note is written in Slate, above the thread, whose newest item is the last.
// `?old=1` is the older page, with Redactor.
'use strict';

const old = asked.has('old');
const de = asked.get('hl') === 'de';
document.documentElement.lang = de ? 'de' : 'en';
history.replaceState(null, '', `48213${location.search}`);

const item = ({ from, date, body }, label, at) =>
  el('li', {}, el('div', { id: `thread-${at}`, 'aria-label': label, class: `message ${from === ME ? 'mine' : 'theirs'}` },
    el('header', {}, el('span', { 'data-nocollapse': 'true', text: from.name }), ' ', el('time', { text: date })),
    el('div', { class: 'c-body is-wide-layout' }, ...lines(body))));

const place = el('div', {});
function open(kind) {
  const note = kind === 'note';
  const name = note ? 'Note Editor' : 'Reply Editor';
  const editor = old
    ? el('div', { class: 'redactor_redactor redactor_editor editor', contenteditable: 'true', 'aria-label': name }, el('div', {}, el('br')))
    : el('div', { class: 'editor', 'data-cy': 'ConvoEditor', 'data-testid': 'reply-editor', role: 'textbox', 'aria-multiline': 'true', 'aria-label': name, 'data-slate-editor': 'true' });
  const owned = old ? null : new OwnedEditor(editor);
  const leave = (via) => {
    sent(via, owned?.html ?? editor.innerHTML);
    place.replaceChildren();
  };
  const says = note ? 'Add Note' : de ? 'Antwort senden' : 'Send';
  const menu = el('ul', { role: 'menu', hidden: '' }, el('li', { role: 'menuitem' }, el('button', { text: 'Send and close', click: () => leave('closed') })));
  editor.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      leave('Ctrl+Enter');
    }
  });
  place.replaceChildren(el('section', { class: `compose ${kind}` },
    el('div', { text: note ? 'Note' : `To: ${CUSTOMER.name}` }), editor,
    el('div', { class: 'bar' }, el('span', { class: 'spacer' }),
      el('button', { id: old ? 'sendBtn' : 'send', class: 'primary', text: says, click: () => leave(kind) }),
      el('button', { 'aria-haspopup': 'true', 'aria-label': 'More', text: '▾', click: () => { menu.hidden = false; } })),
    menu));
  editor.focus();
}

document.body.append(el('main', {},
  el('div', { class: 'bar', 'data-cy': 'ConversationHeader.Actions' },
    el('button', { 'data-testid': 'reply-button', text: 'Reply', click: () => open('reply') }),
    el('button', { 'data-testid': 'note-button', text: 'Note', click: () => open('note') })),
  place,
  el('div', { 'data-testid': 'ThreadContainer' }, el('ol', { 'aria-label': 'Thread Items', style: 'list-style: none; padding: 0' },
    item(THREAD[0], 'customer response', 1),
    item(THREAD[1], 'user reply', 2),
    item({ from: { name: 'Robin Vale' }, date: '', body: ['He is always this rude. Do not refund him.'] }, 'note', 3),
    item(THREAD[2], 'customer response', 4)))));
