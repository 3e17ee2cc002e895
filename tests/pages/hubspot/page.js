// HubSpot's help desk, of which little is known: reply and comment by tab, written in a ProseMirror (Remirror).
'use strict';

const WORDS = { en: { reply: 'Email', comment: 'Comment', send: 'Send' }, de: { reply: 'E-Mail', comment: 'Kommentar', send: 'Senden' } }[asked.get('hl') ?? 'en'];
document.documentElement.lang = asked.get('hl') ?? 'en';
history.replaceState(null, '', `48213${location.search}`);

const root = el('div', { class: 'remirror-editor ProseMirror editor', role: 'textbox', 'aria-multiline': 'true' });
const owned = new OwnedEditor(root, { reads: true });
let kind = 'reply';
const leave = (via) => {
  sent(kind === 'comment' ? kind : via, owned.html);
  owned.clear();
};
root.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    leave('Ctrl+Enter');
  }
});
const tabs = ['reply', 'comment'].map((name) => el('button', {
  role: 'tab', id: name, 'aria-selected': String(name === 'reply'), text: WORDS[name],
  click: () => {
    kind = name;
    for (const tab of tabs) tab.ariaSelected = String(tab.id === name);
    compose.classList.toggle('note', name === 'comment');
    root.focus();
  },
}));
const compose = el('section', { class: 'compose' }, el('div', { role: 'tablist', class: 'bar' }, ...tabs), root,
  el('div', { class: 'bar' }, el('span', { class: 'spacer' }), el('button', { id: 'send', class: 'primary', text: WORDS.send, click: () => leave('Send') })));
const thread = THREAD.map(({ from, date, body }) => el('div', { class: `message ${from === ME ? 'mine' : 'theirs'}` }, el('header', { text: `${from.name}, ${date}` }), ...lines(body)));
// The updated editor's layout has the reply on top.
document.body.append(el('main', {}, ...(asked.has('updated') ? [compose, ...thread] : [...thread, compose])));
