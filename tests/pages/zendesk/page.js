// Zendesk's Agent Workspace in the shape of webmail.md §4: all opened tickets lie one behind the other; one editor serves
// public reply and internal note; the button submits with a status, and so do the items of its menu and Ctrl+Alt and a letter.
'use strict';

const WORDS = {
  en: { reply: 'Public reply', note: 'Internal note', submit: 'Submit as', open: 'Open', pending: 'Pending', solved: 'Solved', editor: 'Public reply composer', send: 'Send' },
  fr: { reply: 'Réponse publique', note: 'Note interne', submit: 'Envoyer comme', open: 'Ouvert', pending: 'En attente', solved: 'Résolu', editor: 'Éditeur', send: 'Envoyer' },
}[asked.get('hl') ?? 'en'];
document.documentElement.lang = asked.get('hl') ?? 'en';
const chat = asked.has('chat');
const ID = (name) => ({ 'data-test-id': name });

function comment({ from, body }, at, type) {
  const day = new Date(Date.UTC(2026, 10, 16 + at)).toISOString();
  return el('article', { ...ID('omni-log-comment-item'), class: type === 'agent' ? 'mine' : type === 'internal' ? 'note' : 'theirs' },
    el('header', {},
      el('span', { ...ID('omni-log-item-sender'), text: from.name }), ' ',
      type === 'internal' ? el('div', { ...ID('omni-log-internal-note-tag'), text: WORDS.note }) : null,
      el('time', { ...ID('timestamp-relative'), datetime: day, text: day.slice(0, 10) })),
    el('div', { ...ID('omni-log-item-message'), type },
      el('div', ID('omni-log-message-content'), el('div', { class: 'zd-comment' }, ...lines(body, 'p')))));
}

function ticket(id, thread) {
  const editor = el('div', {
    ...ID(`omnicomposer-${chat ? 'plain' : 'rich'}-text-ckeditor`), class: 'editor ck ck-content ck-editor__editable', role: 'textbox',
    'aria-multiline': 'true', 'aria-label': WORDS.editor,
  });
  const owned = new OwnedEditor(editor);
  const submit = (status) => {
    sent(status, owned.html);
    owned.clear();
    items.remove();
  };
  const channels = el('ul', { ...ID('omnichannel-channel-switcher-menu'), hidden: '' });
  const switcher = el('button', {
    ...ID('omnichannel-channel-switcher-button'), 'data-channel': 'email', 'aria-haspopup': 'true', text: WORDS.reply,
    click: () => { channels.hidden = !channels.hidden; },
  });
  for (const [channel, name] of [['email', WORDS.reply], ['internal', WORDS.note]]) {
    channels.append(el('li', {
      ...ID(`omnichannel-channel-switcher-menuitem-${channel}`), role: 'option', text: name,
      click: () => {
        switcher.dataset.channel = channel;
        switcher.textContent = name;
        composer.classList.toggle('note', channel === 'internal');
        channels.hidden = true;
        editor.focus();
      },
    }));
  }
  // The menu lies at the end of the page, as its pop-ups do, and goes when the focus goes elsewhere.
  const items = el('ul', { class: 'compose', role: 'listbox', tabindex: '-1' });
  items.addEventListener('blur', () => items.remove());
  for (const status of ['open', 'pending', 'solved']) {
    items.append(el('li', { ...ID(`submit_button-menu-${status}`), role: 'option', text: `${WORDS.submit} ${WORDS[status]}`, click: () => submit(status) }));
  }
  editor.addEventListener('keydown', (event) => {
    if (!chat || event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit('Enter');
  });
  const toolbar = el('div', { ...ID('omnichannel-composer-toolbar'), class: 'bar' },
    el('ul', { ...ID('ticket-editor-app-icon-view') }), el('button', { 'aria-label': 'Bold', 'aria-pressed': 'false', text: 'B' }),
    el('span', { class: 'spacer' }), chat ? el('button', { class: 'primary', text: WORDS.send, click: () => submit('Send') }) : null);
  const composer = el('div', { id: 'editor-view', class: 'compose' },
    el('div', { class: 'bar' }, switcher, el('span', {}, el('img', { 'data-garden-id': 'tags.avatar', alt: CUSTOMER.email, width: '0' }), el('span', { text: CUSTOMER.name }))),
    channels, editor, toolbar);
  const panel = el('div', { 'data-ticket-id': id, class: 'panel' },
    el('input', { ...ID('omni-header-subject'), value: SUBJECT, 'aria-label': 'Subject' }),
    el('div', ID('omni-log-container'), ...thread),
    composer,
    el('footer', { ...ID('ticket-footer'), class: 'bar' }, el('span', { class: 'spacer' }),
      el('button', { ...ID('submit_button-button'), class: 'primary', click: () => submit('button') }, `${WORDS.submit} `, el('strong', { text: WORDS.open })),
      el('button', { ...ID('submit_button-menu-button'), 'aria-haspopup': 'true', 'aria-label': WORDS.submit, text: '▾', click: () => { document.body.append(items); items.focus(); } })));
  addEventListener('keydown', (event) => {
    const status = { KeyO: 'open', KeyP: 'pending', KeyS: 'solved' }[event.code];
    if (!panel.inert && status && event.ctrlKey && event.altKey) submit(status);
  });
  return panel;
}

const types = ['end-user', 'agent', 'end-user'];
const log = THREAD.map((mail, at) => comment(mail, at, types[at]));
log.splice(2, 0, comment({ from: { name: 'Robin Vale' }, body: ['He is always this rude. Do not refund him.'] }, 1.5, 'internal'));
if (asked.has('newest')) log.reverse();
const front = ticket('48213', log);
const behind = ticket('47001', [comment({ from: { name: 'Anna Lind' }, body: ['Where is my tent?'] }, 0, 'end-user')]);
behind.inert = true;
behind.style.cssText = 'position: absolute; inset: 0; z-index: -1; visibility: visible';
const tab = (id, current) => el('div', { ...ID('header-tab'), 'data-entity-id': id, ...(current ? { 'aria-current': 'page' } : {}), text: `#${id}`, role: 'tab' });
document.body.prepend(el('nav', { class: 'bar' }, tab('47001', false), tab('48213', true)),
  el('main', {}, el('section', { style: 'position: relative; isolation: isolate' }, behind, front)));
