// A mail client in the shape of Proton Mail: test ids as in its source. The mail is written in a sandboxed frame without an
// address, whose scripts may not run; keys in there are cloned onto the frame, and the page around it sends at Ctrl+Enter.
// The mails of the conversation stand in frames, too. The quote comes when asked for.
'use strict';

const FRENCH = asked.get('hl') === 'fr';
const PLAIN = asked.get('plain') === '1';
const L = FRENCH
  ? { reply: 'Répondre', send: 'Envoyer', later: 'Planifier l’envoi', to: 'À', subject: 'Objet', title: 'Composeur d’e-mails', trimmed: 'Afficher le message initial' }
  : { reply: 'Reply', send: 'Send', later: 'Schedule send', to: 'To', subject: 'Subject', title: 'Email composer', trimmed: 'Show original message' };

document.documentElement.lang = FRENCH ? 'fr' : 'en';
const app = el('div', { class: 'app' });
document.body.append(app);

/** A frame of Proton's: its own document, of this origin, in which no script may run. */
function sandboxed(attributes, ...children) {
  const frame = el('iframe', { sandbox: 'allow-same-origin allow-popups allow-popups-to-escape-sandbox', ...attributes });
  // Firefox gives the frame its lasting document a moment later.
  const fill = () => frame.contentDocument.getElementById('proton-root') ?? frame.contentDocument.body.append(el('div', { id: 'proton-root' }, ...children));
  frame.addEventListener('load', fill);
  return frame;
}

const renderMail = (mail, at) => el('article', { class: 'mail', 'data-shortcut-target': 'message-container', 'data-message-id': `m${at}`, 'data-expanded': 'true' },
  el('div', { class: `head message-header message-header-expanded ${mail.from === ME ? 'is-outbound' : 'is-inbound'}` },
    el('span', { 'data-testid': 'recipients:sender', title: mail.from.email, text: mail.from.name }), el('span', { class: 'when', text: mail.date })),
  el('div', { class: 'message-content', 'data-testid': 'message-content:body' },
    sandboxed({ 'data-testid': 'content-iframe', style: 'width: 100%; height: 110px; border: 0' }, ...lines(mail.body))));

function openReply() {
  document.getElementById('reply').remove();
  const quote = () => el('div', { class: 'protonmail_quote' }, `${CUSTOMER.name} <${CUSTOMER.email}>`, el('blockquote', { class: 'protonmail_quote', type: 'cite' }, ...lines(THREAD.at(-1).body)));
  const editor = PLAIN
    ? el('textarea', { 'data-testid': 'editor-textarea', class: 'editor editor-textarea', style: 'width: 100%; border: 0; display: block; font: inherit' })
    : el('div', { id: 'rooster-editor', contenteditable: 'true', dir: 'ltr', style: 'min-height: 190px; outline: 0; font: 14px sans-serif' },
      el('div', {}, el('br')), el('div', {}, el('br')), el('div', { class: 'protonmail_signature_block' }, el('div', { class: 'protonmail_signature_block-user', text: 'Dana Reyes' })));
  const content = () => (PLAIN ? editor.value : editor.innerHTML);
  const frame = PLAIN ? editor : sandboxed({ 'data-testid': 'rooster-iframe', title: L.title, class: 'editor' }, editor);
  const send = (via) => {
    if (!composer.isConnected) return;
    sent(via, content());
    composer.remove();
  };
  const arrow = el('button', { type: 'button', 'data-testid': 'composer:scheduled-send:dropdown-button', 'aria-expanded': 'false', text: '▾', click: () => {
    const menu = menuAt(arrow, {}, el('button', { type: 'button', 'data-testid': 'composer:schedule-send:custom', text: L.later, click: () => {
      menu.remove();
      const dialog = menuAt(arrow, { id: 'times' }, el('button', { type: 'button', text: '8:00', click: () => { dialog.remove(); send('scheduled'); } }));
    } }));
  } });
  const composer = el('section', { class: 'composer compose', 'data-testid': 'composer-0' },
    el('div', { class: 'row', 'data-testid': 'composer:address' }, L.to,
      el('div', { 'data-testid': 'composer:to' }, el('div', { 'data-testid': `composer-addresses-item-${CUSTOMER.email}`, class: 'chip', title: CUSTOMER.email }, el('span', { text: CUSTOMER.name })))),
    el('div', { class: 'row' }, el('input', { 'data-testid': 'composer:subject', placeholder: L.subject, value: `Re: ${SUBJECT}` })),
    frame,
    PLAIN ? null : el('button', { type: 'button', 'data-testid': 'composer:expand-quote', title: L.trimmed, text: '…', click: (event) => { editor.append(quote()); event.target.remove(); } }),
    el('div', { class: 'bar', 'data-testid': 'composer:send-actions' },
      el('button', { type: 'button', class: 'primary composer-send-button', 'data-testid': 'composer:send-button', text: L.send, click: () => send('click') }), arrow));
  const hotkey = (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send('shortcut');
  };
  composer.addEventListener('keydown', hotkey);
  app.append(composer);
  if (PLAIN) return editor.focus();
  const bubble = () => frame.contentDocument.addEventListener('keydown', (event) => {
    frame.dispatchEvent(new KeyboardEvent('keydown', { key: event.key, code: event.code, ctrlKey: event.ctrlKey, metaKey: event.metaKey, bubbles: true }));
  });
  frame.addEventListener('load', () => { bubble(); editor.focus(); });
}

app.append(el('div', { class: 'pane' },
  el('div', { class: 'subject', 'data-testid': 'conversation-header:subject', title: SUBJECT, text: SUBJECT }),
  ...THREAD.map(renderMail),
  el('button', { type: 'button', id: 'reply', 'data-testid': 'message-view:reply', text: L.reply, click: openReply })));
