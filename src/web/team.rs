//! What the frame reads of packs: of each that is on, what the page of the packs compiled, under a key of its own in
//! `storage.local`. The packs' files themselves are read by that page only.

use std::cell::RefCell;
use std::rc::Rc;

use composure_engine::Beside;
use composure_phrases::{CompiledPack, Packs};
use composure_session::{Session, Team};
use composure_snippets::Snippet;
use wasm_bindgen::prelude::*;

use crate::library::{self, COMPILED_PREFIX, field, text, texts};
use crate::{JsResult, kept, mind, report, storage};

/// Has the session know the packs that are on, now and whenever they change, and deletes the records that are older than
/// writer and packs want them.
pub(crate) fn follow(session: Rc<RefCell<Session>>, port: web_sys::MessagePort) {
    let read = move || {
        let (session, port) = (session.clone(), port.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let packs = report(library::compiled().await).unwrap_or_default();
            let outcome = session.borrow_mut().set_team(team(&packs));
            report(mind::answer(&port, outcome));
            // Nobody waits for it.
            let days = session.borrow().keep_days();
            report(kept::delete_old(days).await);
        });
    };
    read();
    storage::watch_keys(|key| key.starts_with(COMPILED_PREFIX), Rc::new(read));
}

/// What they bring together. Of two thresholds the stricter counts.
fn team(packs: &[JsValue]) -> Team {
    let mut team = Team { keep_days: library::keep_days(packs), ..Team::default() };
    let mut phrases = Vec::new();
    for pack in packs {
        let read = read(pack);
        for term in &read.terms {
            team.terms.push_str(term);
            team.terms.push('\n');
        }
        team.rules_off.append(&mut texts(pack, "rules_off").unwrap_or_default());
        // `as` saturates.
        if let Some(heat) = field(pack, "guard_heat").as_f64() {
            team.guard_heat = Some(team.guard_heat.unwrap_or(100).min(heat as u8));
        }
        phrases.push(read);
    }
    if !phrases.is_empty() {
        team.beside = Beside::new(Packs::of(phrases));
    }
    team
}

fn read(pack: &JsValue) -> CompiledPack {
    let text = |name: &str| text(pack, name).unwrap_or_default();
    let mut phrases = Vec::new();
    for phrase in js_sys::Array::from(&field(pack, "phrases")) {
        phrases.extend(library::list(&phrase));
    }
    CompiledPack { rule: text("rule"), what: text("what"), phrases, terms: texts(pack, "terms").unwrap_or_default() }
}

/// The snippets of all packs, and the ids of those that they are offered instead of.
pub(crate) async fn snippets() -> JsResult<(Vec<Snippet>, Vec<String>)> {
    let (mut snippets, mut replaced) = (Vec::new(), Vec::new());
    for pack in library::compiled().await? {
        snippets.extend(
            js_sys::Array::from(&field(&pack, "snippets")).iter().filter_map(|one| library::snippet(&one).ok()),
        );
        replaced.extend(texts(&pack, "replaced").unwrap_or_default());
    }
    Ok((snippets, replaced))
}
