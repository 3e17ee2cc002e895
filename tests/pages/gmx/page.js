// GMX, web.de and mail.com: the page that is in the frame of their navigator, or stands alone in a window. Little is
// recorded but the hosts and the quote's name, so the rest is plain: a form, a frame to write in or, in plain text, a
// textarea, and a button that says "Send" in the writer's language.
'use strict';

const GERMAN = asked.get('hl') !== 'en';
const PLAIN = asked.get('plain') === '1';
const L = GERMAN ? { reply: 'Antworten', short: 'Senden', to: 'An', subject: 'Betreff', area: 'Text' } : { reply: 'Reply', short: 'Send', to: 'To', subject: 'Subject', area: 'Text' };
document.documentElement.lang = GERMAN ? 'de' : 'en';
const customers = THREAD.at(-1);

function openReply() {
  const quoted = customers.body.map((line) => `> ${line}`).join('\n');
  const frame = PLAIN ? null : el('iframe', { class: 'editor', title: L.area });
  const area = PLAIN ? el('textarea', { class: 'editor', rows: '9', style: 'width: 100%; border: 0; font: inherit' }) : null;
  if (area) area.value = `\n\n${quoted}`;
  frame?.addEventListener('load', () => {
    const { body } = frame.contentDocument;
    if (body.isContentEditable) return;
    body.contentEditable = 'true';
    body.style.cssText = 'font: 14px sans-serif; margin: 10px; min-height: 180px';
    body.append(el('div', {}, el('br')), el('div', {}, el('br')), el('div', { name: 'quote', style: 'margin: 10px; padding: 10px; border-left: 2px solid #c3d9e5' }, ...lines(customers.body)));
    body.focus();
  });
  const send = (event) => {
    event.preventDefault();
    if (!form.isConnected) return;
    sent('submit', area ? area.value : frame.contentDocument.body.innerHTML);
    form.remove();
  };
  const form = el('form', { class: 'compose', submit: send },
    el('div', { class: 'bar' }, el('button', { type: 'submit', class: 'primary', 'data-webdriver': 'button:send', text: L.short }), el('button', { type: 'button', text: '💾' })),
    el('div', { class: 'row' }, L.to, el('input', { name: 'to', 'aria-label': L.to, value: `${CUSTOMER.name} <${CUSTOMER.email}>` })),
    el('div', { class: 'row' }, el('input', { name: 'subject', 'aria-label': L.subject, value: `Re: ${SUBJECT}` })),
    frame ?? area);
  document.querySelector('.app').replaceChildren(form);
  area?.focus();
  area?.setSelectionRange(0, 0);
}

document.body.append(el('div', { class: 'app' }, el('div', { class: 'pane' }, el('div', { class: 'subject', text: SUBJECT }),
  ...THREAD.map((mail) => el('div', { class: 'mail' }, el('div', { class: 'head' }, mail.from.name), ...lines(mail.body))),
  el('button', { type: 'button', id: 'reply', text: L.reply, click: openReply }))));
