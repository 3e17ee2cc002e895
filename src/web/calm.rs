//! The page to calm down on before an answer: breathe, tap, consider, and back to the mail.

use std::cell::RefCell;
use std::rc::Rc;

use composure_engine::first_name;
use composure_words::{mark, say, t, text};
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use maud::{Markup, html};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use crate::dom::fill;
use crate::{JsResult, chrome, report};

/// Fills the page and keeps it working until it is closed. The customer's first name is in the address, behind the `#`.
#[wasm_bindgen]
pub fn start_calm() {
    console_error_panic_hook::set_once();
    report(start());
}

fn start() -> JsResult<()> {
    let document = gloo::utils::document();
    let main = document.query_selector("main")?.ok_or("the page has no <main>")?;
    let hash = gloo::utils::window().location().hash()?;
    let name =
        js_sys::decode_uri_component(hash.trim_start_matches('#')).ok().and_then(|name| as_name(&String::from(name)));
    fill(&main, &page(name.as_deref()))?;

    let part = |id: &str| -> JsResult<HtmlElement> {
        Ok(document.get_element_by_id(id).ok_or("a part of the page is missing")?.dyn_into()?)
    };
    let (circle, words, button) = (part("circle")?, part("words")?, part("breathe")?);
    let guide = Rc::new(Guide { circle, words, button: button.clone(), next: RefCell::default() });
    EventListener::new(&button, "click", move |_| Guide::toggle(&guide)).forget();
    EventListener::new(&part("back")?.into(), "click", |_| {
        spawn_local(async {
            report(leave().await);
        });
    })
    .forget();
    Ok(())
}

/// Longer is no first name.
const LONGEST_NAME: usize = 40;

/// A first name that can stand in a sentence; nothing for anything else that somebody may write into an address.
fn as_name(text: &str) -> Option<String> {
    let direction = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    if text.chars().nth(LONGEST_NAME).is_some() || text.contains(|c: char| c.is_control() || direction(c) || c == '<') {
        return None;
    }
    first_name(text)
}

/// A part of a breath: its name for the style sheet, what it is called, and how long it takes, in seconds.
const PHASES: [(&str, &str, u32); 3] =
    [("in", mark!("Breathe in"), 4), ("hold", mark!("Hold"), 2), ("out", mark!("Breathe out"), 6)];
const READY: &str = mark!("Ready when you are");
const BEGIN: &str = mark!("Begin");

/// Paces breaths: says what to do, and has the circle grow and shrink in the same time.
struct Guide {
    circle: HtmlElement,
    words: HtmlElement,
    button: HtmlElement,
    /// Ends the phase; nothing while it rests.
    next: RefCell<Option<Timeout>>,
}

impl Guide {
    fn toggle(this: &Rc<Self>) {
        if this.next.take().is_none() {
            this.button.set_text_content(Some(t!("Stop")));
            Self::phase(this, 0);
            return;
        }
        this.button.set_text_content(Some(text(BEGIN)));
        this.words.set_text_content(Some(text(READY)));
        report(this.circle.style().remove_property("transition-duration"));
        report(this.circle.remove_attribute("data-phase"));
    }

    fn phase(this: &Rc<Self>, index: usize) {
        let (id, words, seconds) = PHASES[index % PHASES.len()];
        this.words.set_text_content(Some(text(words)));
        report(this.circle.style().set_property("transition-duration", &format!("{seconds}s")));
        report(this.circle.set_attribute("data-phase", id));
        let behind = this.clone();
        this.next.replace(Some(Timeout::new(seconds * 1000, move || Self::phase(&behind, index + 1))));
    }
}

/// Closes this tab and shows the mail that it was opened from, if that is still there.
async fn leave() -> JsResult<()> {
    let tab = chrome::current_tab().await?;
    let mail = js_sys::Reflect::get(&tab, &"openerTabId".into())?;
    if !mail.is_undefined() {
        let active = js_sys::Object::new();
        js_sys::Reflect::set(&active, &"active".into(), &JsValue::TRUE)?;
        report(chrome::update_tab(&mail, &active).await);
    }
    chrome::close_tab(&js_sys::Reflect::get(&tab, &"id".into())?).await
}

/// Where to tap: its name, its place in the drawing, and what to say there, with a name and without.
struct Point {
    name: &'static str,
    at: (u32, u32),
    say: Say,
}

/// A sentence about the customer.
enum Say {
    /// The same for everybody.
    Plain(&'static str),
    /// With the `{name}`, and what to say where none is known.
    Named(&'static str, &'static str),
}

impl Say {
    fn with(&self, name: Option<&str>) -> Markup {
        match (self, name) {
            (Say::Plain(english), _) | (Say::Named(_, english), None) => html! { (text(english)) },
            (Say::Named(english, _), Some(name)) => {
                let (before, after) = composure_words::split(text(english));
                html! { (before) bdi { (name) } (after) }
            }
        }
    }
}

const POINTS: [Point; 8] = [
    Point {
        name: mark!("Eyebrow, where it begins"),
        at: (107, 80),
        say: Say::Named(mark!("That mail from {name} stung."), mark!("That mail stung.")),
    },
    Point {
        name: mark!("Side of the eye"),
        at: (160, 96),
        say: Say::Plain(mark!("I feel it. I need not do anything about it yet.")),
    },
    Point {
        name: mark!("Under the eye"),
        at: (98, 112),
        say: Say::Named(
            mark!("Something went wrong for {name}, and it came out loud."),
            mark!("Something went wrong for somebody, and it came out loud."),
        ),
    },
    Point {
        name: mark!("Under the nose"),
        at: (120, 131),
        say: Say::Plain(mark!("This anger is about the trouble. It does not say who I am.")),
    },
    Point {
        name: mark!("Chin"),
        at: (120, 156),
        say: Say::Plain(mark!("I can be sorry for the trouble and still stand tall.")),
    },
    Point {
        name: mark!("Collarbone"),
        at: (98, 206),
        say: Say::Plain(mark!("My breath slows down. My shoulders come down with it.")),
    },
    Point {
        name: mark!("Under the arm, a hand below"),
        at: (59, 274),
        say: Say::Named(mark!("I can help {name}, one step at a time."), mark!("I can help, one step at a time.")),
    },
    Point {
        name: mark!("Top of the head"),
        at: (120, 24),
        say: Say::Plain(mark!("I answer as the person I like to be.")),
    },
];

/// What to ask oneself, and a nudge towards the answer.
const QUESTIONS: [(&str, &str); 3] = [
    (mark!("Could they have a point?"), mark!("Even a small one. It makes a good first sentence.")),
    (
        mark!("Have I ever written like this?"),
        mark!("To a bank, an airline, a school. What did I hope somebody would say?"),
    ),
    (mark!("What do they need?"), mark!("Behind the words: money back, a date, a real answer, or just to be heard?")),
];

pub(crate) fn page(name: Option<&str>) -> Markup {
    let lead = Say::Named(
        mark!("{name} is upset, and that is hard to read. Nothing has to be answered this minute."),
        mark!("Angry words are hard to read. Nothing has to be answered this minute."),
    );
    html! {
        header {
            h1 { (say!("A breath first")) }
            p { (lead.with(name)) }
        }
        section class="breath" aria-labelledby="breathing" {
            h2 id="breathing" { (say!("Breathe")) }
            p class="hint" { (say!("In for four seconds, a short hold, out for six. The long way out is what calms.")) }
            div class="stage" {
                div class="ring" aria-hidden="true" {}
                div id="circle" class="circle" aria-hidden="true" {}
                p id="words" class="words" role="status" { (text(READY)) }
            }
            button id="breathe" type="button" { (text(BEGIN)) }
        }
        section aria-labelledby="tapping" {
            h2 id="tapping" { (say!("Tap")) }
            p class="hint" {
                (say!("Two fingertips, seven or eight light taps on each point, and its line, aloud or in your head. It may feel \
                 silly. It also gives your hands and your voice something kind to do."))
            }
            div class="tapping" {
                (drawing())
                ol class="points" {
                    @for (index, point) in POINTS.iter().enumerate() {
                        li {
                            span class="number" aria-hidden="true" { (index + 1) }
                            span class="where" { (text(point.name)) }
                            p class="say" { "“" (point.say.with(name)) "”" }
                        }
                    }
                }
            }
        }
        section aria-labelledby="questions" {
            h2 id="questions" { (say!("Three questions before you answer")) }
            dl {
                @for (question, nudge) in QUESTIONS {
                    dt { (text(question)) }
                    dd { (text(nudge)) }
                }
            }
        }
        div class="back" {
            p { (say!("Your mail is where you left it.")) }
            button id="back" type="button" { (say!("Back to the mail")) }
        }
    }
}

/// A face and shoulders with the points on them.
fn drawing() -> Markup {
    let names: Vec<String> =
        POINTS.iter().enumerate().map(|(index, point)| format!("{}, {}", index + 1, text(point.name))).collect();
    html! {
        svg viewBox="0 0 240 300" role="img" aria-label=(t!("Where the points are: {names}", names = names.join("; "))) {
            path class="body" d="M24 300 C26 236 44 208 84 198 C98 194 102 186 102 168 L138 168 C138 186 142 194 156 198 C196 208 214 236 216 300" {}
            path class="line" d="M60 300 C60 282 58 262 54 248 M180 300 C180 282 182 262 186 248" {}
            path class="line" d="M108 204 C96 204 84 208 72 216 M132 204 C144 204 156 208 168 216" {}
            ellipse class="body" cx="120" cy="96" rx="54" ry="70" {}
            path class="line" d="M82 84 C88 77 98 76 106 80 M134 80 C142 76 152 77 158 84" {}
            path class="line" d="M86 97 C92 102 102 102 108 97 M132 97 C138 102 148 102 154 97" {}
            path class="line" d="M120 98 L117 116 C117 119 123 119 124 117" {}
            path class="line" d="M108 141 C114 146 126 146 132 141" {}
            @for (index, point) in POINTS.iter().enumerate() {
                g class="dot" {
                    circle cx=(point.at.0) cy=(point.at.1) r="9" {}
                    text x=(point.at.0) y=(point.at.1 + 4) { (index + 1) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_NAME, as_name, page};

    #[test]
    fn only_a_name_is_taken_for_one() {
        for (text, name) in [
            ("Gary", Some("Gary")),
            ("Mary Ann", Some("Mary")),
            ("José", Some("José")),
            ("דנה", Some("דנה")),
            ("", None),
            ("<img src=x onerror=alert(1)>", None),
            ("Gary<b>", None),
            ("\u{202E}yraG", None),
            ("4711", None),
            ("a@b.example", None),
        ] {
            assert_eq!(as_name(text).as_deref(), name, "{text:?}");
        }
        assert_eq!(as_name(&"a".repeat(LONGEST_NAME)), Some("a".repeat(LONGEST_NAME)));
        assert_eq!(as_name(&"a".repeat(LONGEST_NAME + 1)), None);
    }

    #[test]
    fn the_page_reads_well_with_a_name_and_without() {
        let named = page(Some("Gary")).0;
        assert_eq!(named.matches("<bdi>Gary</bdi>").count(), 4, "{named}");
        assert_eq!(
            (named.matches("<path").count(), named.matches("</path>").count()),
            (7, 7),
            "in a drawing all must end"
        );
        let nameless = page(None).0;
        assert!(!nameless.contains("bdi") && nameless.contains("That mail stung."), "{nameless}");
    }
}
