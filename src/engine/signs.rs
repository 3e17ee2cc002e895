//! The learned half of the checklist: how likely a sentence is to say an item, by its words, pairs of words, what patterns
//! find in it, and whether a rule does. Some items are said in a hundred ways ("fixed on our side, try it now"), and no list of
//! constructions has them all; and what patterns find may be a joke or a threat. `training/checklist.py` fits the weights,
//! `checklist/weights.tsv` holds them.

use crate::normalise::{FIRST_WORD, NUMBER, SENTENCE};
use crate::packed::number;
use crate::token::{Token, flag};
use crate::vocabulary::{ALWAYS, FACT_WEIGHTS, HEAT, ITEM_COUNT, PACKED_SIGNS, STINGS, TABLES};

/// How sure it is that a text says each item: minus the logarithm of the chance that none of its sentences does. Sentences add
/// up, and none takes back what another one says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signs([f64; ITEM_COUNT]);

impl Signs {
    /// Those of a sentence, with its `facts`; `stings` tells whether a rule finds something in it.
    pub fn of(tokens: &[Token], facts: u64, stings: bool) -> Signs {
        let mut logits = [0; ITEM_COUNT];
        let mut add = |weights: &[i8; ITEM_COUNT]| {
            logits.iter_mut().zip(weights).for_each(|(logit, weight)| *logit += i32::from(*weight));
        };
        add(&ALWAYS);
        if stings {
            add(&STINGS);
        }
        FACT_WEIGHTS.iter().filter(|(fact, _)| facts & fact != 0).for_each(|(_, weights)| add(weights));
        let table = &TABLES.signs;
        pairs(tokens, |first, second| {
            if let Some(weights) = table.place(first, second).and_then(|place| table.weights.get(place)) {
                add(weights);
            }
        });
        let known = |logit: i32| table.sure.get((logit.checked_add(KNOWN)?) as usize).copied();
        Signs(logits.map(|logit| known(logit).unwrap_or_else(|| sure(logit))))
    }

    /// Adds those of another text.
    pub fn merge(&mut self, other: &Signs) {
        self.0.iter_mut().zip(&other.0).for_each(|(sure, more)| *sure += more);
    }

    /// Of each item, whether the text says it more likely than not, in a draft of so much heat: where it is hot, a promise is a
    /// threat and a kind word a joke more often.
    pub fn said(&self, heat: u8) -> [bool; ITEM_COUNT] {
        let mut said = [false; ITEM_COUNT];
        for ((said, sure), weight) in said.iter_mut().zip(self.0).zip(HEAT) {
            *said = sure.exp_m1().ln() + f64::from(weight) / 16.0 * f64::from(heat) / 100.0 > 0.0;
        }
        said
    }
}

/// How sure a sentence's weights make it.
fn sure(logit: i32) -> f64 {
    (1.0 + (f64::from(logit) / 16.0).exp()).ln()
}

/// Logits from minus this to this are [`sure`] so often that the table has what it gives.
const KNOWN: i32 = 200;

/// Calls `found` with every word, with 0, and every pair of neighbours of a sentence, by their ids; a number is [`NUMBER`], and a
/// sentence begins with [`SENTENCE`].
pub fn pairs(tokens: &[Token], mut found: impl FnMut(u16, u16)) {
    let id = |token: &Token| if token.is(flag::NUMBER) { NUMBER } else { token.id };
    for (at, token) in tokens.iter().enumerate() {
        let first = id(token);
        if first == 0 {
            continue;
        }
        if token.is(flag::SENTENCE_START) {
            found(SENTENCE, first);
        }
        if first == NUMBER || first >= FIRST_WORD {
            found(first, 0);
        }
        if let Some(next) = tokens.get(at + 1).map(id).filter(|next| *next != 0) {
            found(first, next);
        }
    }
}

/// All signs with what they say of the items.
#[derive(Debug, Default)]
pub struct Table {
    /// Where the signs that begin with an id start in `seconds`.
    starts: Vec<u16>,
    /// The second ids.
    seconds: Vec<u16>,
    /// The weights of each sign, item by item.
    weights: Vec<[i8; ITEM_COUNT]>,
    /// What [`sure`] gives for each logit from -[`KNOWN`] to [`KNOWN`].
    sure: Vec<f64>,
}

impl Table {
    /// Reads what `build.rs` packed: for each sign, in order, how far its first id is from the one before, its second, which
    /// items it has weights for, and those.
    pub fn read(ids: usize) -> Table {
        let mut table = Table { sure: (-KNOWN..=KNOWN).map(sure).collect(), ..Table::default() };
        let (mut bytes, mut first) = (PACKED_SIGNS.iter(), 0);
        while !bytes.as_slice().is_empty() {
            first += usize::from(number(&mut bytes));
            table.starts.resize(table.starts.len().max(first + 1), table.seconds.len() as u16);
            table.seconds.push(number(&mut bytes));
            let items = usize::from(number(&mut bytes));
            let next = |item: usize| {
                let weight = if items & 1 << item == 0 { None } else { bytes.next() };
                weight.map_or(0, |weight| *weight as i8)
            };
            table.weights.push(std::array::from_fn(next));
        }
        table.starts.resize(table.starts.len().max(ids + 1), table.seconds.len() as u16);
        table
    }

    fn place(&self, first: u16, second: u16) -> Option<usize> {
        let first = usize::from(first);
        let (start, end) = (usize::from(*self.starts.get(first)?), usize::from(*self.starts.get(first + 1)?));
        Some(start + self.seconds.get(start..end)?.iter().position(|known| *known == second)?)
    }
}
