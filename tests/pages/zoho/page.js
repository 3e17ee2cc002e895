// A mail client in the shape of Zoho Mail: its classes and data-event names as recorded. The mail is the body of a frame's
// document; buttons are spans, and one listener on the page reads their data-event.
'use strict';

const PORTUGUESE = asked.get('hl') === 'pt';
const TAB = asked.get('layout') === 'tab';
const L = PORTUGUESE ? { reply: 'Responder', send: 'Enviar', to: 'Para', subject: 'Assunto', area: 'Área do editor de texto' } : { reply: 'Reply', send: 'Send', to: 'To', subject: 'Subject', area: 'Text editor area' };

document.documentElement.lang = PORTUGUESE ? 'pt' : 'en';
const app = el('div', { class: 'app' });
document.body.append(app);
let compose = null;

function openReply() {
  document.getElementById('reply').remove();
  const frame = el('iframe', { class: 'ze_area editor', title: L.area });
  const recipients = (label, ...chips) => el('div', { class: 'zmCTxt zmdrop recipient-field row' }, label, el('div', { class: 'zm_sgst' }, ...chips));
  compose = el('div', { class: 'SC_mclst zmCnew compose' },
    el('div', { class: 'SC_flt bar' }, el('span', { class: 'SCtxt button primary', 'data-event': 's' }, el('b', { text: L.send })), el('span', { class: 'SCtxt button', 'data-event': 'sd', text: '💾' })),
    recipients(L.to, el('span', { class: 'SC_cs chip', 'data-tooltip': `${CUSTOMER.name} <${CUSTOMER.email}>`, text: CUSTOMER.name })),
    recipients('Cc'),
    el('div', { class: 'zmCTxt subject-field row' }, el('input', { id: 'zmsub_Cmp1', placeholder: L.subject, value: `Re: ${SUBJECT}` })),
    el('div', { class: 'zmCE' }, frame));
  frame.addEventListener('load', () => {
    const { body } = frame.contentDocument;
    if (body.className) return;
    body.className = 'ze_body';
    body.contentEditable = 'true';
    body.style.cssText = 'font: 14px sans-serif; margin: 10px; min-height: 180px';
    body.append(el('div', {}, el('br')), el('div', {}, el('br')), el('div', { id: 'Zm-_Id_-Sgn', 'data-sigid': '1', text: 'Dana Reyes' }),
      el('div', { class: 'zmail_extra' }, el('div', { text: `---- ${THREAD.at(-1).date} ${CUSTOMER.name} <${CUSTOMER.email}> ----` }), el('blockquote', { id: 'blockquote_zmail' }, ...lines(THREAD.at(-1).body))));
    body.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send('shortcut');
    });
    body.focus();
  });
  if (TAB) app.replaceChildren(compose);
  else app.append(compose);
}

function send(via) {
  if (!compose?.isConnected) return;
  sent(via, compose.querySelector('iframe').contentDocument.body.innerHTML);
  compose.remove();
}

document.body.addEventListener('click', ({ target }) => {
  if (target.closest('[data-event=s]')) send('click');
});

app.append(el('div', { class: 'pane' }, el('div', { class: 'subject', text: SUBJECT }),
  ...THREAD.map((mail) => el('div', { class: 'mail' }, el('div', { class: 'head' }, mail.from.name, el('span', { class: 'when', text: mail.date })), ...lines(mail.body))),
  el('span', { id: 'reply', class: 'button', role: 'button', text: L.reply, click: openReply })));
