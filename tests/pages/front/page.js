// Front, of whose page nothing public is known: a conversation, a reply in a ProseMirror, "Send" with more ways beside it,
// and a box for comments among colleagues. Built of roles and names alone, because that is all that the adapter may use.
'use strict';

const WORDS = {
  en: { reply: 'Reply', send: 'Send', archive: 'Send & archive', message: 'Message body', comment: 'Add a comment', post: 'Comment', to: 'To' },
  fr: { reply: 'Répondre', send: 'Envoyer', archive: 'Envoyer et archiver', message: 'Corps du message', comment: 'Ajouter un commentaire', post: 'Commenter', to: 'À' },
}[asked.get('hl') ?? 'en'];
document.documentElement.lang = asked.get('hl') ?? 'en';

function editor(label) {
  const root = el('div', { class: 'ProseMirror editor', role: 'textbox', 'aria-multiline': 'true', 'aria-label': label });
  return { root, owned: new OwnedEditor(root, { reads: true }) };
}
const place = el('div', {});
function open() {
  const { root, owned } = editor(WORDS.message);
  const leave = (via) => {
    sent(via, owned.html);
    place.replaceChildren();
  };
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      leave('Ctrl+Enter');
    }
  });
  const dialog = asked.has('window') ? { role: 'dialog', style: 'position: fixed; right: 24px; bottom: 24px; width: 520px' } : {};
  place.replaceChildren(el('section', { class: 'compose', ...dialog },
    el('div', { text: `${WORDS.to}: ${CUSTOMER.name}` }), root,
    el('div', { class: 'bar' }, el('span', { class: 'spacer' }),
      el('div', { role: 'button', tabindex: '0', class: 'primary', id: 'send', text: WORDS.send, click: () => leave('Send') }),
      el('div', { role: 'button', tabindex: '0', id: 'archive', text: WORDS.archive, click: () => leave('archive') }),
      el('div', { role: 'button', tabindex: '0', 'aria-haspopup': 'menu', 'aria-label': WORDS.send, text: '▾' }))));
  root.focus();
}
const comment = editor(WORDS.comment);
comment.root.id = 'comment';
document.body.append(el('main', {},
  ...THREAD.map(({ from, date, body }) => el('div', { class: `message ${from === ME ? 'mine' : 'theirs'}` }, el('header', { text: `${from.name}, ${date}` }), ...lines(body))),
  el('div', { class: 'bar' }, el('button', { id: 'reply', text: WORDS.reply, click: open })), place,
  el('section', { class: 'compose note' }, comment.root,
    el('div', { class: 'bar' }, el('span', { class: 'spacer' }), el('button', {
      id: 'post', text: WORDS.post,
      click: () => {
        sent('comment', comment.owned.html);
        comment.owned.clear();
      },
    })))));
