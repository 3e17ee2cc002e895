// A mail client in the shape of Outlook on the web: ids, roles, test ids and labels as recorded; class names mean nothing
// there, and mean nothing here. Send is the first half of a split button; Ctrl+Enter and Alt+S send too; an inline reply's
// To holds names only; where the newest is on top, so is the reply; the earlier mail may stand outside the editable.
'use strict';

const GERMAN = asked.get('hl') === 'de';
const NEWEST_FIRST = asked.get('order') === 'newest';
const POPOUT = asked.get('popout') === '1';
const L = GERMAN
  ? { reply: 'Antworten', send: 'Senden', more: 'Weitere Sendeoptionen', later: 'Senden planen', discard: 'Verwerfen', body: 'Nachrichtentext, drücken Sie ALT+F10 zum Beenden', reading: 'Nachrichtentext', to: 'An', cc: 'Cc', subject: 'Betreff hinzufügen', from: 'Von', card: 'E-Mail-Nachricht', sent: 'Gesendet' }
  : { reply: 'Reply', send: 'Send', more: 'More send options', later: 'Schedule send', discard: 'Discard', body: 'Message body, press Alt+F10 to exit', reading: 'Message body', to: 'To', cc: 'Cc', subject: 'Add a subject', from: 'From', card: 'Email message', sent: 'Sent' };

const customers = THREAD.at(-1);
const pane = el('div', { id: 'ReadingPaneContainerId', class: 'pane', 'data-app-section': 'ConversationContainer' });
const main = el('div', { class: 'app', 'data-app-section': 'MailReadCompose' }, pane);
document.documentElement.lang = GERMAN ? 'de' : 'en';
document.body.append(main);

function renderMail(mail, at) {
  return el('div', { class: 'mail', 'aria-label': L.card, tabindex: '-1' },
    el('div', { class: 'head', id: `MSG_${at}_FROM` },
      el('span', { 'aria-label': `${L.from}: ${mail.from.name}`, text: mail.from.name }), el('span', { class: 'when', text: mail.date })),
    el('div', { 'aria-label': L.reading, role: 'document' }, el('div', { id: `UniqueMessageBody_${at}` }, el('div', { class: 'rps_1a2b' }, ...lines(mail.body)))));
}

const quote = () => el('div', { id: 'mail-editor-reference-message-container', class: 'quote', contenteditable: POPOUT ? 'true' : null },
  el('div', { id: 'divRplyFwdMsg', text: `${L.from}: ${CUSTOMER.name} <${CUSTOMER.email}>` }), el('div', {}, ...lines(customers.body)));

function openReply() {
  document.getElementById('reply')?.remove();
  const editor = el('div', { role: 'textbox', 'aria-multiline': 'true', contenteditable: 'true', 'aria-label': L.body, class: 'editor', spellcheck: 'true', dir: 'ltr' },
    el('div', { class: 'elementToProof' }, el('br')), el('div', {}, el('br')), el('div', { id: 'Signature', class: 'signature' }, 'Dana Reyes'));
  if (!POPOUT) editor.append(el('div', { id: 'appendonsend' }), quote());
  const send = (via) => {
    if (!compose.isConnected) return;
    sent(via, editor.innerHTML);
    compose.remove();
  };
  const more = el('button', { type: 'button', id: 'splitButton-r7__menuButton', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-label': L.more, text: '▾', click: () => {
    more.setAttribute('aria-expanded', 'true');
    const shut = () => { more.setAttribute('aria-expanded', 'false'); menu.remove(); };
    const menu = menuAt(more, { role: 'menu' },
      el('div', { role: 'menuitem', tabindex: '-1', text: L.send, click: () => { shut(); send('menu'); } }),
      el('div', { role: 'menuitem', tabindex: '-1', text: L.later, click: () => {
        shut();
        const dialog = menuAt(more, { role: 'dialog', id: 'times' }, el('div', { role: 'button', text: '8:00', click: () => { dialog.remove(); send('scheduled'); } }));
      } }));
    menu.addEventListener('away', shut);
  } });
  const well = (label, ...chips) => el('div', { class: 'row' }, el('button', { type: 'button', text: label }),
    el('div', { 'aria-label': label, role: 'textbox', contenteditable: 'true', class: 'EditorClass' }, ...chips));
  const compose = el('div', { id: 'docking_InitVisiblePart_0', class: 'compose', 'data-app-section': 'ComposeForm' },
    el('div', { class: 'bar' },
      el('div', { 'data-testid': 'ComposeSendButton', role: 'group' },
        el('button', { type: 'button', class: 'primary', id: 'splitButton-r7__primaryActionButton', 'aria-label': L.send, title: `${L.send} (Ctrl+Enter)`, text: L.send, click: () => send('click') }), more),
      el('button', { type: 'button', id: 'discardCompose', text: L.discard, click: () => compose.remove() })),
    well(L.to, el('span', { 'data-lpc-hover-target-id': 'lpc-1', class: 'chip', contenteditable: 'false', text: CUSTOMER.name, title: POPOUT ? CUSTOMER.email : null })),
    well(L.cc),
    POPOUT ? el('div', { class: 'row' }, el('input', { 'aria-label': L.subject, placeholder: L.subject, id: 'MSG_draft1_SUBJECT', value: `Re: ${SUBJECT}` })) : null,
    el('div', { id: 'editorParent_1' }, editor, POPOUT ? quote() : null));
  compose.addEventListener('keydown', (event) => {
    if ((event.key === 'Enter' && (event.ctrlKey || event.metaKey)) || (event.altKey && event.code === 'KeyS')) {
      event.preventDefault();
      send(event.altKey ? 'alt-s' : 'ctrl-enter');
    }
  });
  if (POPOUT) main.replaceChildren(compose);
  else if (NEWEST_FIRST) pane.querySelector('.mail').before(compose);
  else pane.append(compose);
  editor.focus();
}

const mails = THREAD.map(renderMail);
pane.append(
  el('div', { class: 'subject' }, el('span', { role: 'heading', 'aria-level': '2', id: 'CONV_1_SUBJECT', title: SUBJECT, text: SUBJECT })),
  ...(NEWEST_FIRST ? mails.reverse() : mails),
  el('button', { type: 'button', id: 'reply', text: L.reply, click: openReply }));
