// A ticket as Gorgias might show it: a form with an editor of its own, two buttons and a menu of channels, one of which is the internal note.
'use strict';

const WORDS = { en: { email: 'Email', note: 'Internal note', send: 'Send' }, fr: { email: 'E-mail', note: 'Note interne', send: 'Envoyer' } }[asked.get('hl') ?? 'en'];
document.documentElement.lang = asked.get('hl') ?? 'en';
history.replaceState(null, '', `48213${location.search}`);

const root = el('div', { class: 'public-DraftEditor-content editor', role: 'textbox', 'aria-multiline': 'true' });
const owned = new OwnedEditor(root);
const leave = (via) => {
  sent(via, owned.html);
  owned.clear();
};
root.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  leave('send');
});
const menu = el('div', { role: 'menu', hidden: '' });
const channel = el('button', { type: 'button', id: 'channel', 'aria-haspopup': 'true', text: WORDS.email, click: () => { menu.hidden = false; } });
for (const kind of ['email', 'note']) {
  menu.append(el('button', {
    type: 'button', role: 'menuitem', id: kind, text: WORDS[kind],
    click: () => {
      channel.textContent = WORDS[kind];
      form.classList.toggle('note', kind === 'note');
      menu.hidden = true;
      root.focus();
    },
  }));
}
const form = el('form', {
  id: 'reply', class: 'compose',
  submit: (event) => {
    event.preventDefault();
    leave('send');
  },
}, el('div', { class: 'bar' }, channel, menu, el('span', { text: CUSTOMER.email })), root,
el('div', { class: 'bar' }, el('span', { class: 'spacer' }),
  el('button', { id: 'close', type: 'button', text: `${WORDS.send} & Close`, click: () => leave('close') }),
  el('button', { id: 'send', type: 'submit', class: 'primary', text: WORDS.send })));
const thread = THREAD.map(({ from, date, body }) => el('div', { class: `message ${from === ME ? 'mine' : 'theirs'}` }, el('header', { text: `${from.name}, ${date}` }), ...lines(body)));
document.body.append(el('main', {}, ...(asked.has('top') ? [form, ...thread] : [...thread, form])));
