// What the pages in the shape of webmails have in common: who writes to whom, what is kept for a test to read, and a way to
// build elements. A page loads it first, as a plain script.
'use strict';

const asked = new URLSearchParams(location.search);

window.__mail = {
  sent: [], // every mail sent: { via, content }, byte for byte
  errors: [],
};
addEventListener('error', (event) => window.__mail.errors.push(event.message));
addEventListener('unhandledrejection', (event) => window.__mail.errors.push(String(event.reason)));

const ME = { name: 'Dana Reyes', email: 'dana@northwind-outdoor.example' };
const CUSTOMER = { name: 'Gary Stone', email: 'gary.stone@example.com' };
const SUBJECT = 'WHERE IS MY REFUND??? Order 48213';

/** The conversation, oldest first. */
const THREAD = [
  {
    from: CUSTOMER,
    date: 'Mon, Nov 16, 2026, 8:02 AM',
    body: ['Hello,', '', 'you charged me twice for order 48213. Please send the second payment back.', '', 'Gary Stone'],
  },
  {
    from: ME,
    date: 'Tue, Nov 17, 2026, 9:30 AM',
    body: ['Hello Gary,', '', 'thank you for writing. I have asked our bank about it.', '', 'Dana Reyes'],
  },
  {
    from: CUSTOMER,
    date: 'Mon, Nov 23, 2026, 7:41 AM',
    body: [
      'I HAVE BEEN WAITING FOR THREE WEEKS NOW AND NOBODY ANSWERS ME!!!',
      '',
      'When will I get my $129.90 back? You failed to answer two emails.',
      '',
      'Gary Stone',
    ],
  },
];

/** An element with attributes (`text` is its text, functions are listeners) and children. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') element.textContent = value;
    else if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A `<div>` for each line, as most mail editors keep them. */
const lines = (texts, tag = 'div') => texts.map((text) => (text ? el(tag, { text }) : el(tag, {}, el('br'))));

/** Keeps what is sent; the page then does what its original does. */
const sent = (via, content) => void window.__mail.sent.push({ via, content });

/** A small menu or dialog under an element, which goes at a press elsewhere. */
function menuAt(anchor, attributes, ...items) {
  const { left, bottom } = anchor.getBoundingClientRect();
  const menu = el('div', { class: 'menu', ...attributes }, ...items);
  document.body.append(menu);
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.min(bottom, innerHeight - menu.offsetHeight)}px`;
  const away = (event) => {
    if (menu.contains(event.target)) return;
    menu.dispatchEvent(new Event('away'));
    menu.remove();
    removeEventListener('mousedown', away, true);
  };
  addEventListener('mousedown', away, true);
  return menu;
}
