// A mail client in the shape of Fastmail: its view names as recorded. Text fields are textareas and inputs that its framework
// rewrites; keys are commands unless they are typed into something; Ctrl+Enter sends.
'use strict';

const DANISH = asked.get('hl') === 'da';
const WIDE = asked.get('layout') === 'full';
const L = DANISH ? { reply: 'Svar', send: 'Send', to: 'Til', subject: 'Emne', body: 'Brødtekst' } : { reply: 'Reply', send: 'Send', to: 'To', subject: 'Subject', body: 'Message body' };

document.documentElement.lang = DANISH ? 'da' : 'en';
const conversation = el('div', { id: 'conversation', class: 'v-Page app' });
document.body.append(conversation);

const renderMail = (mail) => el('div', { class: 'v-MessageCard app-contentCard mail is-expanded' },
  el('div', { class: 'head' }, el('span', { class: 'v-MessageCard-from', title: `${mail.from.name} <${mail.from.email}>`, text: mail.from.name }), el('span', { class: 'when', text: mail.date })),
  el('div', { class: 'v-Message' }, el('div', { class: 'v-Message-body' }, el('article', { class: 'u-article' }, ...lines(mail.body)))));

function openReply() {
  document.getElementById('reply').remove();
  const editor = el('div', { class: 'v-RichText-input editor', role: 'textbox', 'aria-multiline': 'true', 'aria-label': L.body, contenteditable: 'true' },
    el('div', {}, el('br')), el('div', { id: 'sig123', class: 'signature', text: 'Dana Reyes' }),
    el('div', {}, `On ${THREAD.at(-1).date}, ${CUSTOMER.name} wrote:`), el('blockquote', { type: 'cite', id: 'qt', class: 'quote' }, ...lines(THREAD.at(-1).body)));
  const send = (via) => {
    if (!compose.isConnected) return;
    sent(via, editor.innerHTML);
    compose.remove();
  };
  const compose = el('div', { class: 'v-Compose app-contentCard compose' },
    el('div', { class: 'row' }, L.to, el('textarea', { id: 'v42-to-input', class: 'v-EmailInput-input', rows: '1' })),
    el('div', { class: 'row' }, el('input', { id: 'v42-subject-input', type: 'text', placeholder: L.subject, value: `Re: ${SUBJECT}` })),
    el('div', { class: 'v-RichText' }, editor),
    el('div', { class: 'bar' }, el('button', { type: 'button', class: 'v-Button v-Button--cta s-send primary', text: L.send, click: () => send('click') })));
  compose.querySelector('textarea').value = `${CUSTOMER.name} <${CUSTOMER.email}>, `;
  compose.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send('shortcut');
  });
  if (WIDE) conversation.replaceChildren(compose);
  else conversation.append(compose);
  editor.focus();
}

addEventListener('keydown', (event) => {
  const typed = event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]');
  if (!typed && event.target !== document.body) window.__mail.errors.push(`the page's command ${event.key}, from outside`);
});

conversation.append(
  el('div', { class: 'v-Thread pane' }, el('div', { class: 'v-Thread-title subject' }, el('h1', { class: 'subject', text: SUBJECT })), ...THREAD.map(renderMail)),
  el('button', { type: 'button', id: 'reply', class: 'v-Button s-reply', text: L.reply, click: openReply }));
