// iCloud Mail is a page around a frame on its own host that the mail is in. Little more is recorded, so what is in the frame
// here is plain: a dialog with fields, an editable and a button that says "Send" in the writer's language.
'use strict';

const JAPANESE = asked.get('hl') === 'ja';
const L = JAPANESE ? { reply: '返信', send: '送信', to: '宛先', subject: '件名', body: '本文' } : { reply: 'Reply', send: 'Send', to: 'To', subject: 'Subject', body: 'Message body' };
const IN_FRAME = asked.get('layout') === 'frame';
document.documentElement.lang = JAPANESE ? 'ja' : 'en';

function openReply() {
  document.getElementById('reply').remove();
  const editor = el('div', { contenteditable: 'true', role: 'textbox', 'aria-multiline': 'true', 'aria-label': L.body, class: 'editor', style: 'min-height: 150px; padding: 12px' },
    el('div', {}, el('br')), el('div', {}, el('br')), el('blockquote', { type: 'cite', class: 'quote iosymail' }, ...lines(THREAD.at(-1).body)));
  const frame = IN_FRAME ? el('iframe', { class: 'editor', title: L.body }) : null;
  frame?.addEventListener('load', () => { frame.contentDocument.body.append(editor); editor.focus(); });
  const send = () => {
    if (!compose.isConnected) return;
    sent('click', editor.innerHTML);
    compose.remove();
  };
  const compose = el('div', { role: 'dialog', class: 'compose' },
    el('div', { class: 'bar' }, el('button', { type: 'button', id: 'send', class: 'primary', 'aria-label': L.send, text: '➤', click: send })),
    el('div', { class: 'row' }, L.to, el('div', { 'aria-label': L.to, id: 'to-recipients' }, el('span', { class: 'chip', title: CUSTOMER.email, text: CUSTOMER.name }))),
    el('div', { class: 'row' }, el('input', { name: 'subject', 'aria-label': L.subject, value: `Re: ${SUBJECT}` })),
    frame ?? editor);
  document.querySelector('.app').append(compose);
  editor.focus();
}

if (asked.has('app')) {
  document.body.append(el('div', { class: 'app' }, el('div', { class: 'pane' }, el('div', { class: 'subject', text: SUBJECT }),
    ...THREAD.map((mail) => el('div', { class: 'mail' }, el('div', { class: 'head' }, mail.from.name), ...lines(mail.body))),
    el('button', { type: 'button', id: 'reply', text: L.reply, click: openReply }))));
} else {
  document.body.append(el('iframe', { id: 'mail-app', src: `?app=1&${location.search.slice(1)}`, style: 'position: fixed; inset: 0; width: 100%; height: 100%; border: 0' }));
}
