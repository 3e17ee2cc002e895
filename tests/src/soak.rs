//! A writer who does anything at all in the Gmail-shaped page, with the extension and without: the text is the same, what is painted is
//! what a compose that was opened just now has, and nothing grows.
//!
//! The edits are made in the page itself, by a row of dice with a seed, through the browser's own editing commands and as scripts of a
//! page change an editor. What is done depends on nothing but the dice and the editors' nodes, so it is the same in both browsers' pages
//! as long as nobody else writes in them.

use std::fmt;
use std::time::Instant;

use serde_json::json;

use crate::browser::{Browser, Kind};
use crate::mailbox::{HOST, Mailbox};

/// Edits between two comparisons with a fresh compose.
const BATCH: usize = 100;
/// Edits after which all composes are closed and memory is looked at.
const EPOCH: usize = 5_000;

/// Defines `__soak` in the page.
const SOAK: &str = r#"
window.__soak = (() => {
  let state = 1;
  const below = sides => {
    state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
    return (state >>> 0) % sides;
  };
  const WORDS = ['You ', 'failed ', 'to ', 'attach ', 'the ', 'receipt. ', 'You are an idiot. ', 'Hello Gary, ', 'Calm down! ', 'It is fine. ',
    'I am sorry ', 'for the wait. ', 'As I already told you, ', 'this is your fault. ', 'STOP IT NOW ', 'Why did you not read it? ', 'we will refund you. ',
    'Am\u0301elie ', '\u{1F468}\u200D\u{1F469}\u200D\u{1F467} ', '\u{1D54B} ', '\u05E9\u05DC\u05D5\u05DD ', 'x', ', ', '. ', '!', ' ', '\u00e9', 'ridiculous ', 'Whatever. '];
  const words = () => Array.from({ length: 1 + below(4) }, () => WORDS[below(WORDS.length)]).join('');
  const composes = [];
  let current = 0;
  const counts = {};
  const command = (name, value) => document.execCommand(name, false, value);
  const texts = editor => {
    const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) if (walker.currentNode.data) found.push(walker.currentNode);
    return found;
  };
  // Never in the middle of a character: a keyboard does not get there.
  const whole = (node, at) => (/[\uDC00-\uDFFF]/.test(node.data[at] ?? '') ? at - 1 : at);
  const place = editor => {
    const all = texts(editor), node = all[below(all.length || 1)];
    return node ? [node, whole(node, below(node.length + 1))] : [editor, 0];
  };
  const caret = editor => {
    if (below(2)) {
      getSelection().selectAllChildren(editor);
      getSelection().collapseToEnd();
    } else getSelection().collapse(...place(editor));
  };
  const select = editor => {
    const [node, at] = place(editor);
    if (node === editor || below(4) === 0) {
      const [other, to] = place(editor);
      return getSelection().setBaseAndExtent(node, at, other, to);
    }
    getSelection().setBaseAndExtent(node, at, node, whole(node, Math.min(node.length, at + 1 + below(16))));
  };
  const times = (most, act) => { for (let n = 1 + below(most); n; n -= 1) act(); };
  const told = editor => editor.dispatchEvent(new InputEvent('input', { bubbles: true }));
  const WAYS = {
    insert: [30, editor => { caret(editor); command('insertText', words()); }],
    replace: [6, editor => { select(editor); command('insertText', words()); }],
    remove: [8, editor => { select(editor); command('delete'); }],
    backspace: [8, editor => { caret(editor); times(6, () => command('delete')); }],
    forward: [4, editor => { caret(editor); times(6, () => command('forwardDelete')); }],
    paragraph: [8, editor => { caret(editor); command('insertParagraph'); }],
    line: [3, editor => { caret(editor); command('insertLineBreak'); }],
    paste: [5, editor => { caret(editor); command('insertHTML', [`<p>${words()}</p><p>${words()}</p>`, `<ul><li>${words()}</li><li><b>${words()}</b></li></ul>`, `<span style="color: red">${words()}</span>`, `<table><tr><td>${words()}</td><td>${words()}</td></tr></table>`][below(4)]); }],
    undo: [8, () => times(3, () => command('undo'))],
    redo: [4, () => times(2, () => command('redo'))],
    format: [6, editor => { select(editor); command(['bold', 'italic', 'underline', 'removeFormat', 'insertUnorderedList', 'indent', 'outdent'][below(7)]); }],
    switch: [4, () => { current = below(composes.length); composes[current].editor.focus(); }],
    rewrite: [3, editor => { const [node, at] = place(editor); if (node !== editor) { node.data = node.data.slice(0, at) + words() + node.data.slice(at); told(editor); } }],
    split: [2, editor => { const [node, at] = place(editor); if (node !== editor) { node.splitText(at); if (below(2)) editor.normalize(); told(editor); } }],
    reopen: [1, () => { composes[current].close(); composes[current] = openPopup(); }],
  };
  const all = Object.entries(WAYS).flatMap(([name, [weight]]) => Array(weight).fill(name));
  const hop = () => new Promise(resolve => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => { port1.close(); resolve(); }; port2.postMessage(0); });
  const frame = () => new Promise(resolve => requestAnimationFrame(() => resolve()));
  const edit = () => {
    const { editor } = composes[current];
    if (document.activeElement !== editor) editor.focus();
    // A mail, not a book.
    if (editor.textContent.length > 4000) { getSelection().selectAllChildren(editor); command('delete'); }
    const name = all[below(all.length)];
    counts[name] = (counts[name] ?? 0) + 1;
    WAYS[name][1](editor);
  };
  let fresh = null;
  return {
    batches: 0, counts,
    begin(seed) {
      state = seed | 0 || 1;
      while (composes.length < 2) composes.push(openPopup());
      current = 0;
    },
    async batch(edits) {
      for (let i = 0; i < edits; i += 1) {
        edit();
        await hop();
        if (i % 8 === 0) await frame();
      }
      window.__saves.length = 0;
      this.batches += 1;
    },
    /** All that is in the editors. */
    html: () => JSON.stringify(composes.map(({ editor }) => editor.innerHTML)),
    /** A compose with the same mail, opened just now; gives which two to compare. */
    compare() {
      const { editor, id } = composes[current];
      fresh = openPopup();
      fresh.editor.innerHTML = editor.innerHTML;
      return [id, fresh.id];
    },
    compared() {
      fresh?.close();
      fresh = null;
    },
    end() {
      for (const compose of composes.splice(0)) compose.close();
      getSelection().removeAllRanges();
      window.__saves.length = window.__outside.length = 0;
    },
  };
})();
"#;

/// What is painted in an editor: name, how many characters are before it, and the words under it.
const PAINTED: &str = "
    const painted = id => {
        const editor = document.querySelector(`.aoI[data-compose-id='${id}'] [g_editable=true]`), found = [];
        for (const [name, highlight] of CSS.highlights) {
            if (!name.startsWith('composure') || name === 'composure-current') continue;
            for (const range of highlight) {
                if (range.collapsed || !editor.contains(range.startContainer)) continue;
                const before = document.createRange();
                before.setStart(editor, 0);
                before.setEnd(range.startContainer, range.startOffset);
                const live = document.createRange();
                live.setStart(range.startContainer, range.startOffset);
                live.setEnd(range.endContainer, range.endOffset);
                found.push([before.toString().length, name, live.toString()]);
            }
        }
        return found.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
    };
";

/// What a page and its frame take, after the garbage was collected.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weight {
    /// Nodes that are alive, in the document or not (Chromium); in the document (Firefox).
    pub nodes: f64,
    /// Event listeners (Chromium only).
    pub listeners: f64,
    /// Bytes of JavaScript, the page's and ours (Chromium); what about:memory counts under the page's address, without the frame
    /// (Firefox).
    pub heap: f64,
    /// Bytes of the mind's frame; 0 without one.
    pub frame: f64,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many edits.
    pub edits: usize,
    /// How often the text was compared with that of the page without the extension; each time equal.
    pub texts: usize,
    /// How often a fresh compose was compared; each time equal.
    pub reviews: usize,
    /// In how many of them anything was painted.
    pub with_findings: usize,
    /// How many ranges were compared.
    pub ranges: usize,
    /// What there was after each epoch: with the extension, without.
    pub weights: Vec<[Weight; 2]>,
    /// How many of each kind of edit.
    pub kinds: String,
    /// Seconds.
    pub seconds: u64,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { edits, texts, reviews, with_findings, ranges, kinds, seconds, .. } = self;
        write!(
            f,
            "{edits} edits {kinds}: {texts} of {texts} texts are those of a page without the extension, {reviews} of {reviews} paintings \
             those of a fresh compose ({with_findings} with findings, {ranges} ranges); {seconds} s"
        )
    }
}

/// Runs as a script of the page itself.
fn in_page(browser: &Browser, script: &str) {
    browser.js(
        "const it = document.createElement('script'); it.textContent = arguments[0]; document.head.append(it); it.remove()",
        json!([script]),
    );
}

/// Makes so many edits with and without the extension, from this seed on.
///
/// # Panics
/// If a text or a painting differs, or if anything grows.
pub fn soak(with: &Browser, without: &Browser, edits: usize, seed: u64) -> Report {
    let start = Instant::now();
    let mut report = Report::default();
    let _mailboxes = [with, without].map(|browser| {
        let mailbox = Mailbox::open(browser, "");
        in_page(browser, SOAK);
        mailbox
    });
    let mut batches = 0;
    while report.edits < edits {
        let until = edits.min(report.edits + EPOCH);
        for browser in [with, without] {
            in_page(browser, &format!("__soak.begin({})", seed + report.edits as u64 + 1));
        }
        while report.edits < until {
            let some = BATCH.min(until - report.edits);
            // At the same time: where two cores are there, it takes no longer.
            for browser in [with, without] {
                in_page(browser, &format!("__soak.batch({some})"));
            }
            batches += 1;
            report.edits += some;
            let at = format!("{}: seed {seed}, after {} edits", with.kind, report.edits);
            let [ours, theirs] = [with, without].map(|browser| {
                // One question for all of them: each leaves something in the page.
                browser.js_async(&format!(
                    "const done = arguments[0];
                     const look = () => (window.__soak.batches >= {batches} ? done(1) : setTimeout(look, 20));
                     look()"
                ));
                browser.text("return __soak.html()")
            });
            assert_eq!(ours, theirs, "{at}: the text is another one than without the extension");
            report.texts += 1;
            let (painted, _) = (compare(with, &at), compare(without, &at));
            report.reviews += 1;
            report.with_findings += usize::from(painted > 0);
            report.ranges += painted;
        }
        in_page(with, "__soak.end()");
        in_page(without, "__soak.end()");
        report.weights.push([weigh(with), weigh(without)]);
        assert_eq!(with.js("return document.querySelectorAll('composure-frame').length", json!([])), 1, "one frame");
        let [ours, theirs] = report.weights[report.weights.len() - 1];
        println!(
            "{}: {} edits, {} s, with {ours:?}, without {theirs:?}",
            with.kind,
            report.edits,
            start.elapsed().as_secs()
        );
    }
    report.kinds = with
        .text("return JSON.stringify(__soak.counts).replaceAll('\"', '').replaceAll(':', ' ').replaceAll(',', ', ')");
    report.seconds = start.elapsed().as_secs();
    // The first epoch fills what is made once.
    if let [_, second, .., last] = &report.weights[..] {
        let grown = |of: fn(&Weight) -> f64| (of(&last[0]) - of(&last[1])) - (of(&second[0]) - of(&second[1]));
        assert!(grown(|it| it.nodes) < 100.0, "nodes stay: {:?}", report.weights);
        assert!(grown(|it| it.listeners) < 20.0, "listeners stay: {:?}", report.weights);
        assert!(grown(|it| it.heap) < 1_000_000.0, "memory of the page grows: {:?}", report.weights);
        assert!(grown(|it| it.frame) < 2_000_000.0, "memory of the frame grows: {:?}", report.weights);
    }
    report
}

/// Compares what is painted with what a compose has that is opened now with the same mail; gives how many ranges there are.
fn compare(browser: &Browser, at: &str) -> usize {
    in_page(browser, "document.documentElement.dataset.compared = __soak.compare()");
    // Until both are the same and stay so for longer than it takes to find a compose and to review it. (Where the extension is not, there
    // is nothing to wait for; all else is done there too, so that what a driver leaves in a page is the same.)
    let (still, least) = if browser.origin.is_empty() { (0, 0) } else { (250, 400) };
    let script = format!(
        "const done = arguments[0];
         {PAINTED}
         const [one, other] = document.documentElement.dataset.compared.split(',');
         const start = performance.now();
         let since = start, last = '';
         const look = () => {{
             const [a, b] = [painted(one), painted(other)].map(it => JSON.stringify(it));
             const now = performance.now();
             if (a !== b || a + b !== last) since = now;
             last = a + b;
             if (now - since >= {still} && now - start >= {least}) return done([true, JSON.parse(a)]);
             if (now - start > 15000) return done([false, a, b]);
             setTimeout(look, 25);
         }};
         look()"
    );
    let seen = browser.js_async(&script);
    assert!(
        seen[0] == true,
        "{at}: painted is {} and in a fresh compose {}, in {}",
        seen[1],
        seen[2],
        browser.text("return __soak.html()")
    );
    in_page(browser, "__soak.compared(); delete document.documentElement.dataset.compared");
    seen[1].as_array().map_or(0, Vec::len)
}

/// What the page and the frame take now.
fn weigh(browser: &Browser) -> Weight {
    std::thread::sleep(std::time::Duration::from_millis(500));
    match browser.kind {
        Kind::Chromium => {
            for _ in 0..2 {
                browser.cdp("HeapProfiler.collectGarbage", json!({}));
            }
            browser.cdp("Performance.enable", json!({}));
            let metrics = browser.cdp("Performance.getMetrics", json!({}));
            let of = |name: &str| {
                let metric = metrics["metrics"].as_array().into_iter().flatten().find(|it| it["name"] == name);
                metric.and_then(|it| it["value"].as_f64()).unwrap_or_default()
            };
            Weight {
                nodes: of("Nodes"),
                listeners: of("JSEventListeners"),
                heap: of("JSHeapUsedSize"),
                frame: frame_bytes(browser),
            }
        }
        Kind::Firefox => {
            let count = "return document.getElementsByTagName('*').length";
            let [page] = browser.reported_memory([HOST]);
            // The frame's path begins with the page that it is in.
            let frame = frame_bytes(browser);
            Weight {
                nodes: browser.js(count, json!([])).as_f64().unwrap_or_default(),
                listeners: 0.0,
                heap: page - frame,
                frame,
            }
        }
    }
}

fn frame_bytes(browser: &Browser) -> f64 {
    browser.frame_memory().map_or(0.0, |memory| memory.wasm + memory.rest)
}

/// A number that a caller may set in the environment.
#[must_use]
pub fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}
