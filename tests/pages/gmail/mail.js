// A mail client in the shape of Gmail: its roles, attributes and classes (as recorded in 2026), and its habits. Send acts
// on the mouse gesture, on click and on Ctrl+Enter, so that a partial block leaks; single keys on the page are commands;
// listeners sit on document and window. Everything it is made to do is kept in window.__… for a test to read.
'use strict';

const asked = new URLSearchParams(location.search);
const LANGUAGE = asked.get('hl') === 'es' ? 'es' : 'en';
const WITH_SIGNATURE = asked.get('sig') === '1';
const WITH_ARCHIVE = asked.get('archive') === '1';
/** `full`: replies open in full screen; `popout`: a reply in a window of its own; `preview`: the conversation beside the list. */
const LAYOUT = asked.get('layout');

const LABELS = {
  en: {
    inbox: 'Inbox', starred: 'Starred', sentFolder: 'Sent', drafts: 'Drafts', search: 'Search mail', compose: 'Compose',
    reply: 'Reply', replyAll: 'Reply all', forward: 'Forward', send: 'Send', sendTip: 'Send ‪(Ctrl-Enter)‬',
    moreSend: 'More send options', schedule: 'Schedule send', sendArchive: 'Send & archive', morning: 'Tomorrow morning', undoSend: 'Undo', body: 'Message Body', to: 'To', toField: 'To recipients',
    subject: 'Subject', newMessage: 'New Message', toMe: 'to me', trimmed: 'Show trimmed content', bold: 'Bold ‪(Ctrl-B)‬',
    italic: 'Italic ‪(Ctrl-I)‬', undo: 'Undo ‪(Ctrl-Z)‬', more: 'More options', plain: 'Plain text mode',
    discard: 'Discard draft', minimise: 'Minimize', fullScreen: 'Full screen', close: 'Save & close', saved: 'Draft saved',
    sent: 'Message sent', back: 'Back to Inbox', archive: 'Archive', remove: 'Delete',
    wrote: (date, who) => `On ${date} ${who.name} <${who.email}> wrote:`,
  },
  es: {
    inbox: 'Recibidos', starred: 'Destacados', sentFolder: 'Enviados', drafts: 'Borradores', search: 'Buscar correo',
    compose: 'Redactar', reply: 'Responder', replyAll: 'Responder a todos', forward: 'Reenviar', send: 'Enviar',
    sendTip: 'Enviar ‪(Ctrl+Intro)‬', moreSend: 'Más opciones de envío', schedule: 'Programar envío', sendArchive: 'Enviar y archivar', morning: 'Mañana por la mañana', undoSend: 'Deshacer',
    body: 'Cuerpo del mensaje', to: 'Para', toField: 'Destinatarios en Para', subject: 'Asunto',
    newMessage: 'Mensaje nuevo', toMe: 'para mí', trimmed: 'Mostrar contenido reducido', bold: 'Negrita ‪(Ctrl+B)‬',
    italic: 'Cursiva ‪(Ctrl+I)‬', undo: 'Deshacer ‪(Ctrl+Z)‬', more: 'Más opciones', plain: 'Modo de texto sin formato',
    discard: 'Descartar borrador', minimise: 'Minimizar', fullScreen: 'Pantalla completa', close: 'Guardar y cerrar',
    saved: 'Borrador guardado', sent: 'Mensaje enviado', back: 'Volver a Recibidos', archive: 'Archivar',
    remove: 'Eliminar', wrote: (date, who) => `El ${date}, ${who.name} <${who.email}> escribió:`,
  },
};
const L = LABELS[LANGUAGE];

window.__sent = []; // every mail sent, byte for byte
window.__saves = []; // every autosave
window.__shortcuts = []; // every single-key command that fired
window.__outside = []; // every key or mouse event that reached a listener of the page from outside its body
window.__errors = [];
window.__mail = { sent: window.__sent, errors: window.__errors };
addEventListener('error', event => window.__errors.push(event.message));

/** An element with attributes (`text` is its text, functions are listeners) and children. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') element.textContent = value;
    else if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null));
  return element;
}

/** Paragraphs as Gmail keeps them: a div for each line. */
function lines(texts) {
  return texts.map(text => (text === '' ? el('div', {}, el('br')) : el('div', { text })));
}

function quoteOf({ attribution, body }) {
  return el('div', { class: 'gmail_quote gmail_quote_container' },
    el('div', { dir: 'ltr', class: 'gmail_attr', text: attribution }),
    el('blockquote', { class: 'gmail_quote' }, ...lines(body)));
}

// ---- Compose ----

let composeCount = 0;
const openComposes = new Map();

class Compose {
  /** `replyTo` is `{thread, message, all}` for a reply; `closed` is called when the window is to go. */
  constructor({ replyTo = null, inline, closed }) {
    this.id = ++composeCount;
    this.inline = inline;
    this.closed = closed;
    this.replyTo = replyTo;
    this.plain = asked.get('plain') === '1';
    this.trimmed = replyTo && quoteOf({
      attribution: L.wrote(replyTo.message.date, replyTo.message.from),
      body: replyTo.message.body,
    });
    this.root = this.build();
    if (this.plain) this.showMode();
    openComposes.set(this.id, this);
  }

  build() {
    const { replyTo } = this;
    const subject = replyTo ? `Re: ${replyTo.thread.subject}` : '';
    const hidden = (name, value) => el('input', { type: 'hidden', name, value });
    this.form = el('form', { class: 'bAs', method: 'POST', enctype: 'multipart/form-data' },
      hidden('composeid', String(this.id)),
      hidden('from', ME.email),
      hidden('subject', subject),
      hidden('draft', `#msg-a:r${1000 + this.id}`),
      hidden('rt', replyTo ? `#${replyTo.thread.id}` : ''),
      hidden('lts', ''),
      hidden('rm', replyTo ? replyTo.message.id : ''),
      hidden('ishtml', this.plain ? '0' : '1'),
      hidden('body', ''),
      hidden('uet', ''),
      hidden('msg_encrypt', '0'),
      hidden('signature', ''),
      ...this.recipients(),
      el('div', { class: this.inline ? 'aoD az6 ishidden' : 'aoD az6' },
        this.subject = el('input', { name: 'subjectbox', class: 'aoT', placeholder: L.subject, 'aria-label': L.subject, value: subject })));
    this.form.addEventListener('submit', event => event.preventDefault());

    this.editor = el('div', {
      class: 'Am aiL Al editable LW-avf tS-tW', hidefocus: 'true', 'aria-label': L.body, role: 'textbox',
      'aria-multiline': 'true', contenteditable: 'true', spellcheck: 'false', writingsuggestions: 'false', tabindex: '1',
      itacorner: '6,7:1,1,0,0', g_editable: 'true', id: `:${60 + this.id * 20}`,
    });
    this.fill();
    this.editor.addEventListener('focus', () => document.execCommand('defaultParagraphSeparator', false, 'div'));
    this.editor.addEventListener('input', () => this.edited());
    this.textarea = el('textarea', { class: 'Ak', 'aria-label': L.body, spellcheck: 'false', tabindex: '1' });
    this.textarea.addEventListener('input', () => this.edited());
    this.rich = el('div', { class: 'Ar Au' }, el('div', { class: 'aO7' }, this.editor));
    this.simple = el('div', { class: 'Ar As' }, this.textarea);
    this.more = this.trimmed && el('div', { class: 'uC' },
      el('div', { class: 'ajR', role: 'button', tabindex: '0', 'data-tooltip': L.trimmed, 'aria-label': L.trimmed, text: '•••', click: () => this.expandQuote() }));

    const root = el('div', { class: 'M9' },
      el('div', { class: 'aoI', role: 'region', 'data-compose-id': String(this.id), 'aria-label': subject || L.newMessage },
        el('div', { class: 'I5' },
          this.form,
          el('div', { class: 'aoP aoC' },
            el('div', { class: 'Ap' }, this.rich, this.simple, this.more),
            this.buttons()))));
    root.addEventListener('keydown', event => this.key(event));
    return root;
  }

  recipients() {
    const who = this.replyTo?.message.from;
    const chip = who && el('div', { role: 'option', 'data-name': who.name, 'data-hovercard-id': who.email, text: who.name },
      el('span', { class: 'hidden', email: who.email, 'data-hovercard-id': who.email }));
    const to = el('div', { class: 'GS' },
      el('div', { class: 'anm', name: 'to' }, `${L.to} `,
        el('div', { role: 'listbox' }, ...(chip ? [chip] : [])),
        el('input', { role: 'combobox', 'aria-label': L.toField, class: 'agP aFw', autocomplete: 'off' })));
    if (!this.inline) return [to];
    to.classList.add('ishidden');
    return [el('div', { class: 'aoD hl' },
      el('div', { class: 'az9' }, `${L.to} `, el('span', { email: who.email, name: who.name, 'data-hovercard-id': who.email, text: `${who.name} (${who.email})` }))), to];
  }

  /** What an empty body holds: a `<br>`, or the signature under two empty lines. */
  fill() {
    if (!WITH_SIGNATURE) return this.editor.replaceChildren(el('br'));
    this.editor.replaceChildren(
      el('div', {}, el('br')),
      el('br', { clear: 'all' }),
      el('div', {}, el('br')),
      el('span', { class: 'gmail_signature_prefix', text: '-- ' }),
      el('br'),
      el('div', { dir: 'ltr', class: 'gmail_signature', 'data-smartmail': 'gmail_signature' },
        el('div', { dir: 'ltr' }, 'Dana Reyes', el('br'), 'Northwind Outdoor')));
  }

  buttons() {
    const button = (attributes, ...children) => el('div', { role: 'button', tabindex: '1', ...attributes }, ...children);
    let armed = false;
    this.sendButton = button({
      class: 'T-I J-J5-Ji aoO v7 T-I-atl L3', 'data-tooltip': L.sendTip, 'aria-label': L.sendTip, id: `:${50 + this.id * 20}`,
      text: L.send,
      pointerdown: () => { armed = true; },
      mousedown: event => { armed = true; event.preventDefault(); },
      mouseup: () => { if (armed) this.send('mouse'); },
      click: () => this.send('click'),
      keydown: event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); this.send('key'); } },
    });
    const chevron = button({
      class: 'T-I J-J5-Ji hG T-I-atl L3', 'aria-haspopup': 'true', 'aria-expanded': 'false', 'aria-label': L.moreSend, text: '▾',
      mousedown: event => event.preventDefault(), click: () => this.sendMenu(chevron),
    });
    // In a reply, where the account has it, before the other and as the main one.
    const archive = WITH_ARCHIVE && this.replyTo && button({
      class: 'T-I J-J5-Ji Uo v7 T-I-atl L3', 'aria-label': L.sendArchive, text: L.sendArchive,
      mousedown: event => event.preventDefault(), mouseup: () => this.send('archive'), click: () => this.send('archive'),
      keydown: event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); this.send('archive'); } },
    });
    const tool = (command, label, text, act) => button({
      class: 'tool', command, 'aria-label': label, 'data-tooltip': label, text,
      mousedown: event => event.preventDefault(),
      click: () => act(),
    });
    this.note = el('span', { class: 'oG' });
    const row = el('tr', { class: 'btC' },
      el('td', { class: 'gU Up' }, el('div', { class: 'J-J5-Ji btA' }, el('div', { class: 'dC' }, ...(archive ? [archive] : []), this.sendButton, chevron))),
      el('td', { class: 'gU az5' },
        tool('+bold', L.bold, 'B', () => document.execCommand('bold')),
        tool('+italic', L.italic, 'I', () => document.execCommand('italic')),
        tool('+undo', L.undo, '↶', () => document.execCommand('undo'))),
      el('td', { class: 'gU aMp' },
        this.moreButton = button({ class: 'tool J-JN-M-I', 'aria-haspopup': 'true', 'aria-label': L.more, text: '⋮', mousedown: event => event.preventDefault(), click: () => this.menu() })),
      el('td', { class: 'gU' }, this.note,
        button({ class: 'tool oh', 'aria-label': L.discard, 'data-tooltip': L.discard, text: '🗑', click: () => this.close() })));
    return el('table', { class: 'IZ', role: 'presentation' }, el('tbody', {}, row));
  }

  menu() {
    document.querySelector('.menu')?.remove();
    const at = this.moreButton.getBoundingClientRect();
    const menu = el('div', { class: 'menu J-M', role: 'menu' },
      el('div', { class: 'J-N', role: 'menuitemcheckbox', 'aria-checked': String(this.plain), text: (this.plain ? '✓ ' : '') + L.plain,
        mousedown: event => event.preventDefault(), click: () => { menu.remove(); this.toggleMode(); } }));
    document.body.append(menu);
    menu.style.left = `${at.left}px`;
    menu.style.top = `${at.top - menu.offsetHeight - 4}px`;
  }

  /** The menu beside Send; its one item opens a choice of times. */
  sendMenu(chevron) {
    const menu = el('div', { id: 'sbddm', class: 'menu J-M', role: 'menu' },
      el('div', { class: 'J-N', role: 'menuitem', selector: 'scheduledSend', text: L.schedule, tabindex: '-1',
        mousedown: event => event.preventDefault(),
        mouseup: () => { if (menu.isConnected) { shut(); this.times(); } } }));
    const shut = () => { menu.remove(); chevron.setAttribute('aria-expanded', 'false'); };
    chevron.setAttribute('aria-expanded', 'true');
    this.root.append(menu);
    menu.style.position = 'fixed';
    const at = chevron.getBoundingClientRect();
    menu.style.left = `${at.left}px`;
    menu.style.top = `${at.top - menu.offsetHeight - 4}px`;
  }

  times() {
    const dialog = el('div', { class: 'menu times', role: 'dialog' },
      el('div', { class: 'Az', role: 'menuitem', text: L.morning, click: () => { dialog.remove(); this.send('scheduled'); } }));
    document.body.append(dialog);
    dialog.style.left = '40%';
    dialog.style.top = '40%';
  }

  toggleMode() {
    if (this.plain) {
      this.editor.replaceChildren(...lines(this.textarea.value.split('\n')));
    } else {
      this.textarea.value = this.editor.innerText.replace(/\n$/, '');
    }
    this.plain = !this.plain;
    this.showMode();
    this.focus();
  }

  showMode() {
    this.rich.style.display = this.plain ? 'none' : 'block';
    this.simple.style.display = this.plain ? 'block' : 'none';
    this.form.elements.ishtml.value = this.plain ? '0' : '1';
  }

  expandQuote() {
    this.editor.append(el('br'), this.trimmed);
    this.trimmed = null;
    this.more.remove();
    this.edited();
  }

  focus() {
    if (this.plain) {
      this.textarea.focus();
      this.textarea.setSelectionRange(0, 0);
    } else {
      this.editor.focus();
      getSelection().collapse(this.editor.firstChild?.nodeName === 'DIV' ? this.editor.firstChild : this.editor, 0);
    }
  }

  edited() {
    this.form.elements.uet.value = '1';
    this.editor.classList.toggle('tS-tY', this.editor.textContent !== '');
    this.note.textContent = '';
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), 400);
  }

  content() {
    return this.plain ? this.textarea.value : this.editor.innerHTML;
  }

  save() {
    window.__saves.push({ compose: this.id, content: this.content() });
    this.note.textContent = L.saved;
  }

  key(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.send('shortcut');
    } else if (event.key === 'Escape') {
      // A popup is saved and closed; in a conversation the caret leaves the reply.
      window.__shortcuts.push('Escape');
      if (this.inline) document.activeElement?.blur();
      else this.close();
    } else if (event.key === 'Tab' && !event.shiftKey && event.target.closest('.Ap')) {
      event.preventDefault();
      this.sendButton.focus();
    }
  }

  send(via) {
    if (!openComposes.has(this.id)) return;
    window.__sent.push({
      via,
      compose: this.id,
      to: [...this.form.querySelectorAll('[role=option]')].map(chip => chip.dataset.hovercardId),
      subject: this.subject.value,
      plain: this.plain,
      content: this.content(),
      quote: this.trimmed ? this.trimmed.outerHTML : null,
    });
    const { inline } = this;
    const content = this.content();
    this.close();
    toast(L.sent, () => {
      window.__sent.pop();
      const again = inline ? reopen() : openPopup();
      again.editor.innerHTML = content;
      again.edited();
    });
  }

  close() {
    if (!openComposes.delete(this.id)) return;
    clearTimeout(this.saving);
    this.closed();
  }
}

/** With a way back: the mail comes into a new compose. */
function toast(text, undo) {
  document.querySelector('.vh')?.remove();
  const shown = el('div', { class: 'vh', role: 'alert' }, el('span', { class: 'bAq', text }),
    el('span', { id: 'link_undo', role: 'link', tabindex: '0', text: L.undoSend, click: () => { shown.remove(); undo(); } }));
  document.body.append(shown);
  setTimeout(() => shown.remove(), 4000);
}

/** A new window at the bottom; the older ones move to the left. */
function openPopup(replyTo = null) {
  const pane = el('div', { class: 'aaZ' });
  const frame = el('div', { class: 'AD' });
  const compose = new Compose({ replyTo, inline: false, closed: () => { pane.replaceChildren(); setTimeout(() => frame.remove(), 0); } });
  const corner = (name, label, text, act) => el('span', { class: name, role: 'button', tabindex: '-1', 'aria-label': label, text, click: act });
  frame.append(el('div', { role: 'dialog', 'aria-label': L.newMessage },
    el('div', { class: 'Hp' },
      el('span', { class: 'aYF', text: L.newMessage }),
      corner('Hl', L.minimise, '–', () => { pane.style.display = pane.style.display ? '' : 'none'; }),
      corner('Hq', L.fullScreen, '⤢', () => toFullScreen(frame)),
      corner('Ha', L.close, '✕', () => compose.close())),
    pane));
  pane.append(compose.root);
  dock.append(frame);
  compose.focus();
  return compose;
}

/** A window in full screen is elsewhere in the document. */
function toFullScreen(frame) {
  const place = el('div', { class: 'aSs' }, el('div', { class: 'aSt' }, frame));
  document.body.append(place);
  new MutationObserver(() => frame.isConnected || place.remove()).observe(place, { subtree: true, childList: true });
}

// ---- Reading ----

function renderInbox() {
  document.title = `${L.inbox} (${THREADS.length}) - ${ME.email} - Gmail`;
  main.replaceChildren(...THREADS.map(thread => {
    const last = thread.messages.at(-1);
    return el('div', { class: 'row zA', role: 'row', click: () => { location.hash = `#inbox/${thread.legacy}`; } },
      el('span', { text: last.from.name }),
      el('span', {}, thread.subject, el('span', { class: 'snippet', text: ` - ${last.body.filter(Boolean).join(' ')}` })),
      el('span', { class: 'when', text: last.date.slice(5, 11) }));
  }));
}

function renderThread(thread) {
  document.title = `${thread.subject} - ${ME.email} - Gmail`;
  const items = thread.messages.map((message, index) => {
    message.id = message.from === ME ? `#msg-a:r${thread.legacy}${index}` : `#msg-f:${thread.legacy}${index}`;
    return renderMessage(thread, message, index === thread.messages.length - 1);
  });
  main.replaceChildren(
    el('div', { class: 'bar' },
      el('span', { role: 'button', text: `← ${L.back}`, click: () => { location.hash = '#inbox'; } }),
      el('span', { role: 'button', text: L.archive, click: archive }),
      el('span', { role: 'button', text: L.remove, click: archive })),
    el('div', { class: 'nH a98 iY' }, el('div', { class: 'nH' }, el('div', { class: 'nH if' },
      el('div', { class: 'ha' }, el('h2', { class: 'hP', tabindex: '-1', 'data-thread-perm-id': thread.id, 'data-legacy-thread-id': thread.legacy, text: thread.subject })),
      el('div', { class: 'aHU hx', role: 'list' }, ...items)))));
}

function renderMessage(thread, message, expanded) {
  const item = el('div', { class: expanded ? 'h7' : 'kv', role: 'listitem' });
  const head = el('div', { class: 'gE iv gt' },
    el('span', { class: 'gF' }, el('span', { class: 'gD', email: message.from.email, name: message.from.name, 'data-hovercard-id': message.from.email, text: message.from.name })),
    el('span', { class: 'go', text: `<${message.from.email}>` }),
    el('span', { class: 'hb' }, el('span', { class: 'g2', email: ME.email, name: ME.name, text: message.from === ME ? '' : L.toMe })),
    el('span', { class: 'g3', title: message.date, text: message.date }));
  const open = () => {
    item.className = 'h7';
    item.replaceChildren(el('div', { class: 'Bk' }, el('div', { class: 'G3 G2' },
      el('div', { class: 'adn ads', 'data-message-id': message.id, 'data-legacy-message-id': `${thread.legacy}${thread.messages.indexOf(message)}` },
        el('div', { class: 'avatar', 'aria-hidden': 'true', text: message.from.name[0] }),
        el('div', { class: 'gs' }, head,
          el('div', { class: 'ii gt' }, el('div', { class: 'a3s aiL', dir: 'ltr' }, ...lines(message.body), message.quote ? quoteOf(message.quote) : null)))))));
    if (expanded) item.append(replyBox(thread, message));
  };
  if (expanded) {
    open();
  } else {
    item.append(el('div', { class: 'adn', click: open },
      el('div', { class: 'avatar', 'aria-hidden': 'true', text: message.from.name[0] }), head,
      el('div', { class: 'iA', text: message.body.filter(Boolean).join(' ') })));
  }
  return item;
}

/** Under the last message: links, or the open reply. */
function replyBox(thread, message) {
  // As in the original, the customer's is the mail replied to, whoever wrote last.
  const answered = thread.messages.findLast(one => one.from !== ME) ?? message;
  const box = el('div', { class: 'ip iq' });
  const links = () => {
    box.className = 'ip iq';
    box.replaceChildren(el('div', { class: 'amn' },
      el('span', { class: 'ams bkH', role: 'link', tabindex: '0', text: L.reply, click: reply }),
      el('span', { class: 'ams bkG', role: 'link', tabindex: '0', text: L.forward })));
  };
  const reply = () => {
    if (LAYOUT === 'full') {
      const compose = openPopup({ thread, message: answered });
      toFullScreen(compose.root.closest('.AD'));
      return compose.focus();
    }
    const compose = new Compose({ replyTo: { thread, message: answered }, inline: true, closed: links });
    box.className = 'ip adB';
    box.replaceChildren(compose.root);
    compose.focus();
    box.scrollIntoView({ block: 'nearest' });
  };
  box.reply = reply;
  links();
  return el('div', { class: 'gA gt acV' }, el('div', { class: 'gB xu' }, box));
}

function reopen() {
  document.querySelector('.ip').reply();
  return [...openComposes.values()].at(-1);
}

function archive() {
  const at = THREADS.findIndex(thread => location.hash.endsWith(thread.legacy));
  if (at >= 0) THREADS.splice(at, 1);
  location.hash = '#inbox';
  route();
}

function route() {
  for (const compose of [...openComposes.values()]) if (compose.inline) compose.close();
  const thread = THREADS.find(one => location.hash.endsWith(one.legacy));
  if (thread) renderThread(thread);
  else renderInbox();
  if (LAYOUT === 'preview' && thread) {
    const pane = el('div', { class: 'Nu' }, ...main.childNodes);
    renderInbox();
    main.replaceChildren(el('div', { class: 'Nu list' }, ...main.childNodes), pane);
  }
}

// ---- The page itself ----

const writable = target => target instanceof Element && target.closest('input, textarea, [contenteditable=true]') !== null;

const COMMANDS = {
  c: () => openPopup(),
  r: () => document.querySelector('.ip.iq')?.reply?.(),
  a: () => document.querySelector('.ip.iq')?.reply?.(),
  e: archive,
  '#': archive,
  u: () => { location.hash = '#inbox'; },
  j: () => main.scrollBy(0, 60),
  k: () => main.scrollBy(0, -60),
};

document.addEventListener('keydown', event => {
  if (writable(event.target) || event.ctrlKey || event.altKey || event.metaKey || event.key === 'Shift') return;
  window.__shortcuts.push(event.key);
  COMMANDS[event.key]?.();
});

// A click anywhere closes menus.
document.addEventListener('mousedown', event => {
  if (!event.target.closest?.('.menu')) document.querySelector('.menu')?.remove();
});

for (const type of ['keydown', 'keypress', 'keyup', 'pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'dblclick', 'contextmenu', 'beforeinput', 'input', 'paste', 'copy', 'cut', 'drop', 'focusin', 'focusout', 'submit']) {
  const note = where => event => {
    // (What the page itself removed in an earlier listener is no longer connected.)
    const { target } = event;
    if (target instanceof Element && target.isConnected && target !== document.documentElement && !document.body.contains(target)) window.__outside.push(`${type} at ${where}`);
  };
  document.addEventListener(type, note('document'));
  addEventListener(type, note('window, capturing'), true);
}

const svg = (tag, attributes, ...children) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

const main = el('div', { class: 'nH AO', role: 'main' });
const dock = el('div', { class: 'no' });
document.documentElement.lang = LANGUAGE;
document.body.append(
  el('div', { class: 'app' },
    el('header', { class: 'top' },
      el('div', { class: 'brand' },
        svg('svg', { viewBox: '0 0 30 24' },
          svg('rect', { width: '30', height: '24', rx: '4', fill: '#d93025' }),
          svg('path', { d: 'M3 6l12 9L27 6', fill: 'none', stroke: '#fff', 'stroke-width': '3' })),
        'Mail'),
      el('input', { class: 'search', placeholder: L.search, 'aria-label': L.search, name: 'q' }),
      el('div', { class: 'me', text: 'D' })),
    el('nav', { class: 'side' },
      el('div', { class: 'T-I T-I-KE L3', gh: 'cm', role: 'button', tabindex: '0', click: () => openPopup() }, '✎ ', L.compose),
      el('div', { class: 'folder on', text: L.inbox, click: () => { location.hash = '#inbox'; } }),
      el('div', { class: 'folder', text: L.starred }),
      el('div', { class: 'folder', text: L.sentFolder }),
      el('div', { class: 'folder', text: L.drafts })),
    main),
  el('div', { class: 'dw' }, el('div', { class: 'nH' }, el('div', { class: 'nH' }, dock))));
addEventListener('hashchange', route);
if (LAYOUT === 'popout') {
  // Nothing is there but the reply.
  document.body.className = 'xE xp';
  const [thread] = THREADS;
  const message = thread.messages.at(-1);
  message.id = `#msg-f:${thread.legacy}1`;
  document.title = `${thread.subject} - ${ME.email} - Gmail`;
  const alone = new Compose({ replyTo: { thread, message }, inline: false, closed: () => main.replaceChildren() });
  document.querySelector('.app').replaceWith(main);
  main.replaceChildren(alone.root);
  alone.focus();
} else {
  if (LAYOUT === 'preview') main.classList.add('aia');
  route();
}
