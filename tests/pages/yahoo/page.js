// A mail client in the shape of Yahoo Mail and AOL Mail, which are one platform: test ids as recorded. Send is a button of a
// framework that listens at the root of the page; Ctrl+Enter sends, too.
'use strict';

const SPANISH = asked.get('hl') === 'es';
const L = SPANISH
  ? { reply: 'Responder', send: 'Enviar', later: 'Programar envío', to: 'Para', subject: 'Asunto', body: 'Cuerpo del mensaje', wrote: 'escribió:' }
  : { reply: 'Reply', send: 'Send', later: 'Schedule send', to: 'To', subject: 'Subject', body: 'Message body', wrote: 'wrote:' };
const NEW_WINDOW = asked.get('window') === '1';

document.documentElement.lang = SPANISH ? 'es' : 'en';
const app = el('div', { id: 'mail-app-component', class: 'app' });
document.body.append(app);

const renderMail = (mail) => el('li', { class: 'mail message-view', 'data-test-id': 'message-view' },
  el('header', { class: 'head' },
    el('span', { 'data-test-id': 'message-from' }, el('span', { 'data-test-id': 'email-pill', 'data-email': mail.from.email, text: mail.from.name })),
    el('span', { class: 'when', 'data-test-id': 'message-date', text: mail.date })),
  el('div', { class: 'msg-body', 'data-test-id': 'message-view-body-content' }, el('div', {}, ...lines(mail.body))));

let shown = null;

function openReply() {
  document.getElementById('reply')?.remove();
  const editor = el('div', { 'data-test-id': 'rte', id: 'editor-container-rte', class: 'rte editor', role: 'textbox', 'aria-multiline': 'true', 'aria-label': L.body, contenteditable: 'true' },
    el('div', { dir: 'ltr' }, el('br')), el('div', { class: 'ydp1a2b3c4dsignature', text: 'Dana, on the go' }),
    el('div', { class: 'yahoo_quoted' },
      el('div', {}, el('div', { text: `${THREAD.at(-1).date}, ${CUSTOMER.name} <${CUSTOMER.email}> ${L.wrote}` }), el('div', { class: 'quote' }, ...lines(THREAD.at(-1).body)))));
  shown = el('div', { class: 'compose', 'data-test-id': 'compose' },
    el('div', { class: 'row', 'data-test-id': 'container-to' }, L.to,
      el('div', { 'data-test-id': 'pill', class: 'chip', title: CUSTOMER.email, text: CUSTOMER.name }),
      el('input', { id: 'message-to-field', role: 'combobox', 'aria-label': L.to })),
    el('div', { class: 'row' }, el('input', { 'data-test-id': 'compose-subject', 'aria-label': L.subject, value: `Re: ${SUBJECT}` })),
    el('div', { id: 'editor-container' }, editor),
    el('div', { class: 'bar' },
      el('button', { type: 'button', class: 'primary', 'data-test-id': 'compose-send-button', title: L.send, text: L.send }),
      el('button', { type: 'button', 'data-test-id': 'schedule-send-button', 'aria-label': L.later, text: '🕒' })));
  if (NEW_WINDOW) app.replaceChildren(shown);
  else app.append(shown);
  editor.focus();
}

function send(via) {
  if (!shown?.isConnected) return;
  sent(via, shown.querySelector('[data-test-id=rte]').innerHTML);
  shown.remove();
}

// As React does: one listener for all.
app.addEventListener('click', ({ target }) => {
  if (target.closest('[data-test-id=compose-send-button]')) send('click');
  else if (target.closest('[data-test-id=schedule-send-button]')) {
    const dialog = menuAt(target, { role: 'dialog', id: 'times' }, el('button', { type: 'button', text: '8:00', click: () => { dialog.remove(); send('scheduled'); } }));
  } else if (target.id === 'reply') openReply();
});
app.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    send('shortcut');
  }
});

app.append(el('div', { class: 'pane' },
  el('div', { class: 'subject', 'data-test-id': 'message-group-subject-text', text: SUBJECT }),
  el('ul', { style: 'list-style: none; padding: 0; margin: 0' }, ...THREAD.map(renderMail)),
  el('button', { type: 'button', id: 'reply', 'data-test-id': 'card-toolbar-reply', text: L.reply })));
