//! The part of the options page that chooses how drafts are read aloud.

use composure_session::Settings;
use composure_words::{say, t};
use gloo::events::EventListener;
use maud::{Markup, html};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlSelectElement, SpeechSynthesis, SpeechSynthesisVoice};

use crate::dom::fill;
use crate::{JsResult, report};

/// Slower or faster is hard to follow, in percent of a voice's own speed.
const SLOWEST: u32 = 50;
const FASTEST: u32 = 200;

/// Where the writer chooses speed and voice.
pub(crate) fn section(settings: &Settings) -> Markup {
    html! {
        section aria-labelledby="aloud" {
            h2 id="aloud" { (say!("Reading aloud")) }
            label { (say!("Speed"))
                input id="speech_rate" type="range" min=(SLOWEST) max=(FASTEST) step="10" value=(settings.speech_rate);
            }
            label { (say!("Voice")) select id="voice" { (choices(settings, &local_voices())) } }
            p class="hint" { (say!("Only voices of this machine: your words go to nobody.")) }
        }
    }
}

/// Takes one of the section's fields over. Says whether it was one.
pub(crate) fn change(settings: &mut Settings, field: &Element) -> bool {
    match (field.id().as_str(), field.dyn_ref::<HtmlSelectElement>()) {
        ("voice", Some(list)) => settings.voice = list.value(),
        ("speech_rate", _) => {
            let typed = field.dyn_ref::<web_sys::HtmlInputElement>().and_then(|range| range.value().parse().ok());
            settings.speech_rate = typed.unwrap_or(100).clamp(SLOWEST, FASTEST);
        }
        _ => return false,
    }
    true
}

/// Browsers tell of their voices when they please: keeps the list of them current.
pub(crate) fn watch(main: &Element, settings: impl Fn() -> Settings + 'static) {
    let Some(speech) = speech() else { return };
    let main = main.clone();
    EventListener::new(&speech, "voiceschanged", move |_| {
        report(refresh(&main, &settings()));
    })
    .forget();
}

fn refresh(main: &Element, settings: &Settings) -> JsResult<()> {
    let Some(list) = main.query_selector("#voice")? else { return Ok(()) };
    fill(&list, &choices(settings, &local_voices()))
}

fn speech() -> Option<SpeechSynthesis> {
    web_sys::window()?.speech_synthesis().ok()
}

/// Name and language of each voice of this machine; any other would send the words to a server.
fn local_voices() -> Vec<(String, String)> {
    let voices = speech().map(|speech| speech.get_voices()).unwrap_or_default();
    let voices = voices.iter().filter_map(|voice| voice.dyn_into::<SpeechSynthesisVoice>().ok());
    let mut voices: Vec<_> =
        voices.filter(SpeechSynthesisVoice::local_service).map(|voice| (voice.name(), voice.lang())).collect();
    // Drafts are English.
    voices.sort_by_key(|(name, language)| (!language.starts_with("en"), name.clone()));
    voices
}

fn choices(settings: &Settings, voices: &[(String, String)]) -> Markup {
    let chosen = settings.voice.as_str();
    html! {
        option value="" selected[chosen.is_empty()] { (say!("The browser’s choice")) }
        // The chosen one may be away for now.
        @if !chosen.is_empty() && !voices.iter().any(|(name, _)| name == chosen) {
            option value=(chosen) selected { (t!("{voice} (not here now)", voice = chosen)) }
        }
        @for (name, language) in voices {
            option value=(name) selected[chosen == name] { (name) " (" (language) ")" }
        }
    }
}
