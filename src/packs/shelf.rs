//! Packs as the extension keeps them: the file byte for byte, under a name that no other pack has.

use serde::{Deserialize, Serialize};

use crate::compiled::Compiled;
use crate::model::Pack;
use crate::read::Mistake;

/// The version of the stored form that this code writes. A higher one was written by a newer Composure and is not touched.
const VERSION: u32 = 1;

/// A pack that was imported, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Which shape this is.
    pub version: u32,
    /// What lists call it: the pack's name, with a number where another has the same.
    pub name: String,
    /// What its findings are called, such as `pack:lakeside-bikes`.
    pub rule: String,
    /// Whether it is used.
    pub on: bool,
    /// The file.
    pub text: String,
    /// Ids of snippets that are not offered while it is on: those that its own are to stand for.
    #[serde(default)]
    pub replaced: Vec<String>,
}

/// What to do where a pack has the name of one that is there, or a snippet the id of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// What is new stands for what was there.
    Replace,
    /// Both are kept.
    KeepBoth,
}

/// What of a pack meets something that is there already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clash {
    /// Whether there is a pack of this name.
    pub name: bool,
    /// Ids of its snippets and policies that shipped snippets have.
    pub snippets: Vec<String>,
}

impl Clash {
    /// Of a pack that is to be imported, with the packs that are there and the ids of the shipped snippets.
    pub fn of<'a>(pack: &Pack, kept: &[Kept], shipped: impl IntoIterator<Item = &'a str>) -> Clash {
        let rule = pack.rule_id();
        let ids: Vec<String> = pack.snippets().into_iter().map(|snippet| snippet.id).collect();
        let shared = shipped.into_iter().filter(|id| ids.iter().any(|own| own == id));
        Clash { name: kept.iter().any(|one| one.rule == rule), snippets: shared.map(str::to_owned).collect() }
    }

    /// Whether it meets nothing.
    pub fn is_none(&self) -> bool {
        !self.name && self.snippets.is_empty()
    }
}

impl Kept {
    /// A pack that is imported, and whose file this is. Replaced under its name, a pack that was off stays off.
    pub fn import(pack: &Pack, text: &str, kept: &[Kept], clash: &Clash, choice: Choice) -> Kept {
        let (mut name, mut rule) = (pack.name.clone(), pack.rule_id());
        let same = kept.iter().find(|one| one.rule == rule);
        let on = choice == Choice::KeepBoth || same.is_none_or(|same| same.on);
        if choice == Choice::KeepBoth {
            let mut number = 2;
            while kept.iter().any(|one| one.rule == rule) {
                (name, rule) = (format!("{} ({number})", pack.name), format!("{}-{number}", pack.rule_id()));
                number += 1;
            }
        }
        let replaced = if choice == Choice::Replace { clash.snippets.clone() } else { Vec::new() };
        Kept { version: VERSION, name, rule, on, text: text.to_owned(), replaced }
    }

    /// The last part of the keys under which it is stored.
    pub fn key(&self) -> &str {
        self.rule.strip_prefix("pack:").unwrap_or(&self.rule)
    }

    /// What the frame in a webmail's page reads of it.
    ///
    /// # Errors
    /// What is wrong with the file, if something is.
    pub fn compiled(&self) -> Result<Compiled, Vec<Mistake>> {
        let pack = Pack::read(&self.text)?;
        Ok(Compiled {
            replaced: self.replaced.clone(),
            ..Compiled::of(&Pack { name: self.name.clone(), ..pack }, &self.rule)
        })
    }

    /// Whether something stored with this version can be read at all; if not, why.
    ///
    /// # Errors
    /// Where it cannot.
    pub fn check_version(version: Option<u32>) -> Result<(), String> {
        match version {
            Some(version) if version > VERSION => Err(format!("saved by a newer Composure, in format {version}")),
            Some(_) => Ok(()),
            None => Err("it has no version".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imported(text: &str, kept: &[Kept], choice: Choice) -> (Clash, Kept) {
        let pack = Pack::read(text).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
        let clash = Clash::of(&pack, kept, ["late-frame", "refund-yes"]);
        let kept = Kept::import(&pack, text, kept, &clash, choice);
        (clash, kept)
    }

    const EXAMPLE: &str = include_str!("example.toml");

    #[test]
    fn a_pack_is_kept_to_the_byte_beside_others_or_in_their_place() {
        let text = format!("# Ours.\r\n{EXAMPLE}");
        let (clash, first) = imported(&text, &[], Choice::KeepBoth);
        assert_eq!((clash.name, clash.snippets.as_slice()), (false, &["late-frame".to_owned()][..]));
        assert_eq!((first.text.as_str(), first.key(), first.on), (text.as_str(), "lakeside-bikes", true));
        assert!(first.replaced.is_empty());

        let off = Kept { on: false, ..first.clone() };
        let (clash, second) = imported(EXAMPLE, std::slice::from_ref(&off), Choice::Replace);
        assert!(clash.name && !clash.is_none());
        assert_eq!(
            (second.key(), second.on, second.replaced.as_slice()),
            ("lakeside-bikes", false, &["late-frame".to_owned()][..])
        );

        let (_, third) = imported(EXAMPLE, std::slice::from_ref(&off), Choice::KeepBoth);
        assert_eq!((third.key(), third.name.as_str(), third.on), ("lakeside-bikes-2", "Lakeside Bikes (2)", true));
        let (_, fourth) = imported(EXAMPLE, &[off, third.clone()], Choice::KeepBoth);
        assert_eq!(fourth.key(), "lakeside-bikes-3");
        let compiled = third.compiled().expect("no mistakes");
        assert_eq!(
            (compiled.rule.as_str(), compiled.what.as_str()),
            ("pack:lakeside-bikes-2", "Lakeside Bikes (2) words this otherwise.")
        );
        assert_eq!(compiled.snippets[0].id, "pack:lakeside-bikes-2/late-frame");
    }

    /// What version 1 stored.
    #[test]
    fn what_was_stored_is_read() {
        let old =
            r#"{"version":1,"name":"A","rule":"pack:a","on":true,"text":"version = 1\nname = \"A\"\n","replaced":[]}"#;
        let kept: Kept = serde_json::from_str(old).expect("a pack");
        assert_eq!((kept.key(), kept.compiled().expect("sound").phrases.len()), ("a", 0));
        assert_eq!(serde_json::to_string(&kept).expect("JSON"), old);
        assert_eq!(Kept::check_version(Some(1)), Ok(()));
        assert!(Kept::check_version(Some(2)).is_err() && Kept::check_version(None).is_err());
    }
}
