//! What of a pack is used while mails are written, in a form that is read without a reader of TOML: the extension stores it
//! beside the file, and the frame in a webmail's page reads nothing else.

use composure_phrases::{CompiledPack, Packs};
use composure_snippets::Snippet;
use serde::Serialize;

use crate::matcher::{code, phrase};
use crate::model::{Pack, Severity};

/// The version of this form. One of another version is not read; it is made anew from the pack's file.
pub const COMPILED_VERSION: u32 = 1;

/// A pack, compiled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compiled {
    /// Which form this is.
    pub version: u32,
    /// What its findings are called, such as `pack:lakeside-bikes`.
    pub rule: String,
    /// What its findings say.
    pub what: String,
    /// As [`CompiledPack::phrases`].
    pub phrases: Vec<Vec<String>>,
    /// Ids of Composure's own rules that do not apply.
    pub rules_off: Vec<String>,
    /// Names that are no mistakes, and may stand in capitals.
    pub terms: Vec<String>,
    /// From which heat on a draft is held.
    pub guard_heat: Option<u32>,
    /// After how many days records are deleted.
    pub keep_days: Option<u32>,
    /// What it offers to insert, under ids that no other pack has.
    pub snippets: Vec<Snippet>,
    /// Ids of snippets that are not offered beside those of the pack.
    pub replaced: Vec<String>,
}

/// The name of the pack that holds the writer's own phrases.
pub const MINE: &str = "mine";
/// What its findings are called; the card says the same in words.
pub const MINE_RULE: &str = "pack:your-own-phrase";

impl Compiled {
    /// Of a pack whose findings shall be called so.
    pub fn of(pack: &Pack, rule: &str) -> Compiled {
        let what = match rule {
            MINE_RULE => "You have chosen other words for this.".to_owned(),
            _ => format!("{} words this otherwise.", pack.name),
        };
        let avoid = pack.avoid.iter().map(|avoid| avoid.why.clone());
        let prefer = pack.prefer.iter().flat_map(|prefer| {
            let why = prefer.why.clone().unwrap_or_else(|| "Your team writes it the same way everywhere.".to_owned());
            std::iter::repeat_n(why, prefer.over.len())
        });
        let phrases = pack.phrases().zip(avoid.chain(prefer)).filter_map(|((_, severity, find, instead), why)| {
            let severity = match severity {
                Severity::Hint => "0",
                Severity::Warning => "1",
                Severity::Serious => "2",
            };
            let node = phrase(find).ok()?;
            let written = match instead.first() {
                Some(first) => format!("Write “{first}”."),
                None => "Leave it out, or say it another way.".to_owned(),
            };
            Some([code(&node), severity.to_owned(), why, written].into_iter().chain(instead).collect())
        });
        let mut snippets = pack.snippets();
        for snippet in &mut snippets {
            snippet.id = format!("{rule}/{}", snippet.id);
        }
        Compiled {
            version: COMPILED_VERSION,
            rule: rule.to_owned(),
            what,
            phrases: phrases.collect(),
            rules_off: pack.rules_off.clone(),
            terms: pack.terms.clone(),
            guard_heat: pack.thresholds.guard_heat,
            keep_days: pack.thresholds.keep_days,
            snippets,
            replaced: Vec::new(),
        }
    }
}

/// What the engine is told of compiled packs.
pub fn engine_packs<'a>(packs: impl IntoIterator<Item = &'a Compiled>) -> Packs {
    let packs = packs.into_iter().map(|pack| CompiledPack {
        rule: pack.rule.clone(),
        what: pack.what.clone(),
        phrases: pack.phrases.clone(),
        terms: pack.terms.clone(),
    });
    Packs::of(packs.collect())
}
