// An editor that owns its DOM, as the editors of helpdesks do (CKEditor 5, ProseMirror, Slate, Draft.js): it keeps the text
// itself, takes what is typed from `beforeinput` and `paste`, has its own undo, and looks at every change it did not make:
// one that `reads` takes it into its text, any other puts its own text back. A stand-in: the real ones are in tests/editors/. As
// each of those does at a key, it writes into the one text that is another now; with `?anew=1` it makes all its paragraphs anew.
'use strict';

class OwnedEditor {
  anew = asked.has('anew');

  /** @param {HTMLElement} root @param {{ reads?: boolean }} [options] */
  constructor(root, { reads = false } = {}) {
    this.root = root;
    this.lines = [''];
    /** The lines that the paragraphs show. */
    this.drawn = null;
    this.past = [];
    root.contentEditable = 'true';
    root.style.whiteSpace = 'break-spaces';
    this.observer = new MutationObserver(() => {
      this.drawn = null;
      if (reads) this.read();
      else this.render(this.caret);
    });
    root.addEventListener('beforeinput', (event) => this.handle(event));
    root.addEventListener('paste', (event) => {
      event.preventDefault();
      this.replace(this.selected(), event.clipboardData?.getData('text/plain') ?? '', 'paste');
    });
    root.addEventListener('keydown', (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 'z') return;
      event.preventDefault();
      this.undo();
    });
    this.render(0);
  }

  get text() {
    return this.lines.join('\n');
  }

  /** The model's own HTML, which is what is sent. */
  get html() {
    const escaped = (line) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\u00a0', '&nbsp;');
    return this.lines.map((line) => `<p>${line ? escaped(line) : '<br>'}</p>`).join('');
  }

  clear() {
    this.lines = [''];
    this.past = [];
    this.render(0);
  }

  handle(event) {
    const kind = event.inputType;
    if (!event.cancelable) return;
    event.preventDefault();
    if (kind === 'historyUndo') return this.undo();
    const [target] = event.getTargetRanges();
    const range = target ? this.offsets(target.startContainer, target.startOffset, target.endContainer, target.endOffset) : this.selected();
    if (kind.startsWith('delete')) this.replace(range, '', 'type');
    else if (kind === 'insertParagraph' || kind === 'insertLineBreak') this.replace(range, '\n', 'type');
    else if (kind.startsWith('insert')) this.replace(range, event.data ?? event.dataTransfer?.getData('text/plain') ?? '', kind === 'insertText' && range[0] === range[1] ? 'type' : kind);
  }

  /** Typing is one undo step, everything else a step of its own. */
  replace([start, end], insert, kind) {
    const { text } = this;
    if (kind !== 'type' || this.past.at(-1)?.kind !== 'type') this.past.push({ kind, text, caret: end });
    this.lines = (text.slice(0, start) + insert + text.slice(end)).split('\n');
    this.render(start + insert.length);
  }

  undo() {
    const step = this.past.pop();
    if (!step) return;
    this.lines = step.text.split('\n');
    this.render(step.caret);
  }

  read() {
    const caret = this.selected()[1];
    const lines = [...this.root.childNodes].map((line) => line.textContent);
    const { text } = this;
    this.lines = lines.length ? lines : [''];
    if (this.text !== text) this.past.push({ kind: 'read', text, caret: this.caret });
    this.render(caret);
  }

  render(caret) {
    this.caret = Math.min(caret, this.text.length);
    if (this.observer.takeRecords().length) this.drawn = null;
    this.observer.disconnect();
    this.draw();
    if (this.root.matches(':focus')) {
      let rest = this.caret;
      let line = 0;
      while (rest > this.lines[line].length) rest -= this.lines[line++].length + 1;
      const paragraph = this.root.childNodes[line];
      getSelection().collapse(this.lines[line] ? paragraph.firstChild : paragraph, rest);
    }
    this.observer.observe(this.root, { subtree: true, childList: true, characterData: true });
  }

  draw() {
    const { lines } = this;
    const drawn = this.anew ? null : this.drawn;
    this.drawn = lines;
    const made = (line) => {
      const paragraph = document.createElement('p');
      paragraph.append(line || document.createElement('br'));
      return paragraph;
    };
    if (!drawn) return this.root.replaceChildren(...lines.map(made));
    const shorter = Math.min(lines.length, drawn.length);
    let head = 0;
    while (head < shorter && lines[head] === drawn[head]) head += 1;
    let tail = 0;
    while (tail < shorter - head && lines.at(-1 - tail) === drawn.at(-1 - tail)) tail += 1;
    const paragraphs = [...this.root.children].slice(head, drawn.length - tail);
    const others = lines.slice(head, lines.length - tail);
    if (paragraphs.length === 1 && others.length === 1 && others[0] && drawn[head]) paragraphs[0].firstChild.data = others[0];
    else {
      const before = this.root.children[drawn.length - tail] ?? null;
      for (const paragraph of paragraphs) paragraph.remove();
      for (const line of others) this.root.insertBefore(made(line), before);
    }
  }

  selected() {
    const selection = getSelection();
    const tree = this.root.getRootNode();
    const range = tree instanceof ShadowRoot ? selection.getComposedRanges({ shadowRoots: [tree] })[0] : selection.rangeCount && selection.getRangeAt(0);
    if (!range || !this.root.contains(range.startContainer)) return [this.caret, this.caret];
    return this.offsets(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  }

  offsets(startNode, startOffset, endNode, endOffset) {
    return [this.offset(startNode, startOffset), this.offset(endNode, endOffset)];
  }

  offset(node, offset) {
    if (node === this.root) {
      const before = this.lines.slice(0, offset).join('\n').length + (offset ? 1 : 0);
      return Math.min(before, this.text.length);
    }
    let paragraph = node;
    while (paragraph.parentNode !== this.root) paragraph = paragraph.parentNode;
    const line = [...this.root.childNodes].indexOf(paragraph);
    const within = node.nodeType === Node.TEXT_NODE ? offset : offset ? this.lines[line].length : 0;
    return this.lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + within;
  }
}
