// The same mail client in the hands of somebody who is after us, before its own scripts run. `?how=` chooses what is done; `&origin=` is
// the extension's, which some page could know. What it learns it keeps in window.__learned: whatever has the word that the test put
// into everything that is stored. window.__asked counts what went through its hands, window.__answers is what our frames said.
'use strict';

const HOW = new URLSearchParams(location.search).get('how');
const ORIGIN = new URLSearchParams(location.search).get('origin');
const SECRET = /quillfeather/i;

window.__learned = [];
window.__answers = [];
window.__reached = [];
window.__asked = 0;

/** All that can be read from a value; the page's own part of the document is looked through by the test. */
function told(value, depth = 2) {
  try {
    if (value === null || typeof value !== 'object') return String(value);
    if (value instanceof ShadowRoot) return value.innerHTML;
    if (value instanceof Element) return value.localName.startsWith('composure') ? value.outerHTML : '';
    if (value instanceof Node || value instanceof Window) return '';
    if (depth === 0) return '';
    let all = '';
    for (const name in value) all += `${name} ${told(value[name], depth - 1)} `;
    return all;
  } catch {
    return '';
  }
}

function learn(what, values) {
  // What a test sees it sees through this page's own eyes.
  if (window.__looked) return;
  window.__asked += 1;
  for (let i = 0; i < values.length; i++) {
    const text = told(values[i]);
    if (SECRET.test(text)) window.__learned[window.__learned.length] = `${what}: ${text.slice(0, 200)}`;
  }
}

/** Puts something of the page's own in the place of a method. */
function wrap(object, name, around) {
  const was = object?.[name];
  if (typeof was === 'function') object[name] = around(was);
}

/** Listens at everything that goes through a method. */
function tap(object, name) {
  wrap(object, name, was => function (...given) {
    learn(name, [...given, this]);
    const result = was.apply(this, given);
    learn(name, [result]);
    return result;
  });
}

const frames = () => Array.from({ length: window.length }, (_, i) => window[i]);

/** Everything that a page can say to a frame, with what it cannot know guessed. */
function forge() {
  const events = [
    { type: 'panel-toggled', compose: 1 }, { type: 'pressed', compose: 1, action: 'insert signature' },
    { type: 'pressed', compose: 1, action: 'open-options' }, { type: 'opened', compose: 9, thread: {}, draft: {} }, { type: 'closed', compose: 1 },
  ];
  for (const frame of frames()) {
    for (const attach of ['', 'x', '0'.repeat(32), 7, null, {}, ...Array.from({ length: 12 }, () => crypto.randomUUID())]) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => window.__answers.push(told(data));
      frame.postMessage({ attach }, '*', [port2]);
      port1.postMessage(events);
    }
    frame.postMessage(events, '*');
    frame.postMessage({ ready: true }, '*');
    try {
      // Where Firefox shows nothing it shows an empty page.
      const page = frame.document.documentElement.innerHTML;
      if (page !== '<head></head><body></body>') window.__reached.push(page);
    } catch { /* another origin's, as it should be */ }
  }
  // And to the hands, as if from the frame or from the extension.
  for (const data of [events, { ready: true }, { attach: 'x' }, [{ type: 'release', compose: 1 }, { type: 'edit', compose: 1, revision: 0, edits: [{ start: 0, end: 0, insert: 'forged' }] }]]) {
    postMessage(data, '*');
    dispatchEvent(new MessageEvent('message', { data, origin: ORIGIN, source: frames()[0] }));
    document.dispatchEvent(new CustomEvent('composure', { detail: data }));
  }
}

addEventListener('message', ({ isTrusted, origin, data }) => {
  if (isTrusted && origin === ORIGIN) window.__answers.push(told(data));
});

const ways = {
  /** Reads along wherever the page's own world can. */
  spy() {
    for (const name of ['push', 'map', 'filter', 'join', 'forEach', 'slice', 'concat', 'find']) tap(Array.prototype, name);
    tap(Promise.prototype, 'then');
    for (const name of ['postMessage', 'start', 'addEventListener']) tap(MessagePort.prototype, name);
    for (const name of ['addEventListener', 'dispatchEvent']) tap(EventTarget.prototype, name);
    for (const name of ['append', 'attachShadow', 'setHTML', 'setAttribute', 'replaceChildren', 'showPopover']) tap(Element.prototype, name);
    for (const name of ['appendChild', 'insertBefore', 'contains']) tap(Node.prototype, name);
    tap(CSSStyleSheet.prototype, 'replace');
    tap(Range.prototype, 'toString');
    tap(JSON, 'stringify');
    tap(JSON, 'parse');
    tap(window, 'fetch');
    tap(window, 'postMessage');
    tap(document, 'execCommand');
    wrap(Element.prototype, 'attachShadow', was => function (how) { return was.call(this, { ...how, mode: 'open' }); });
    for (const name of ['signature', 'my_name', 'html', 'settings', 'record', 'attach', 'effects']) {
      Object.defineProperty(Object.prototype, name, { configurable: true, 
        set(value) {
          learn(name, [value]);
          Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
        },
        get() {
          return undefined;
        },
      });
    }
    setInterval(() => learn('shadow', [...document.querySelectorAll('composure-surface, composure-frame')].map(it => it.shadowRoot)), 50);
  },

  /** Takes away what we stand on. */
  break() {
    const refuse = () => { throw new Error('not here'); };
    Object.defineProperty(CSS, 'highlights', { get: refuse, configurable: true });
    window.Highlight = refuse;
    for (const name of ['setStart', 'setEnd', 'getBoundingClientRect', 'getClientRects', 'insertNode']) Range.prototype[name] = refuse;
    document.execCommand = () => false;
    Element.prototype.attachShadow = refuse;
    Element.prototype.setHTML = refuse;
    HTMLElement.prototype.showPopover = refuse;
    window.MessageChannel = refuse;
    window.MutationObserver = refuse;
    window.Sanitizer = refuse;
    window.CSSStyleSheet = refuse;
    crypto.getRandomValues = array => array.fill(0);
    window.queueMicrotask = () => {};
  },

  /** Says a great deal, to everybody, all the time, and has our frames in it. */
  flood() {
    for (const path of ['mind.html', 'options.html', 'records.html', 'snippets.json']) {
      fetch(`${ORIGIN}/${path}`).then(answer => answer.text()).then(text => { if (path !== 'mind.html') window.__reached.push(text); }, () => {});
      addEventListener('DOMContentLoaded', () => {
        const frame = document.createElement('iframe');
        frame.style.cssText = 'position: fixed; width: 4px; height: 4px; bottom: 0; right: 0';
        frame.src = `${ORIGIN}/${path}`;
        document.body.append(frame);
      });
    }
    setInterval(() => {
      for (let i = 0; i < 40; i++) {
        const node = document.createElement('div');
        node.className = `flood-${i}`;
        node.contentEditable = String(i % 2 === 0);
        document.body.append(node);
        node.setAttribute('style', 'display: none');
        node.remove();
      }
    }, 20);
    setInterval(forge, 150);
  },

  /** Names elements as the document's own properties are named. */
  clobber() {
    addEventListener('focusin', () => {
      const names = ['createRange', 'getSelection', 'elementFromPoint', 'elementsFromPoint', 'caretPositionFromPoint', 'defaultView',
        'adoptedStyleSheets', 'fonts', 'hasFocus', 'execCommand', 'createTreeWalker', 'addEventListener',
        'head', 'visibilityState', 'dispatchEvent', 'ownerDocument', 'designMode', 'composureGate'];
      // In Firefox, whose content scripts see no such names, tests look with it.
      if (navigator.userAgent.includes('Chrome')) names.push('documentElement');
      for (const name of names) {
        const image = document.createElement('img');
        image.setAttribute('name', name);
        image.id = name;
        image.hidden = true;
        document.body.append(image);
      }
      const inside = ['closest', 'contains', 'parentNode', 'parentElement', 'ownerDocument', 'getAttribute', 'children', 'isConnected',
        'nodeName', 'tagName', 'matches', 'textContent', 'firstChild', 'getBoundingClientRect', 'id'];
      for (const form of document.forms) {
        for (const name of inside) {
          const input = document.createElement('input');
          input.type = 'hidden';
          input.setAttribute('name', name);
          Element.prototype.append.call(form, input);
        }
      }
    }, { once: true });
  },

  /** Wants the focus for its own, whenever something else of the page's end has it. */
  focus() {
    setInterval(() => {
      const editor = document.querySelector('[g_editable=true]');
      if (editor && document.activeElement !== editor) editor.focus();
    }, 30);
  },
};

ways[HOW]?.();
