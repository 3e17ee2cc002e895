//! The learned half of the checklist: words and pairs of words that speak for or against an item. Some items are said in a
//! hundred ways ("fixed on our side, try it now"), and no list of constructions has them all. `training/checklist.py` fits the weights, `checklist/weights.tsv` holds them.

use crate::normalise::{FIRST_WORD, NUMBER, SENTENCE};
use crate::packed::number;
use crate::token::{Paragraph, Token, flag};
use crate::vocabulary::{FACT_WEIGHTS, ITEM_COUNT, PACKED_SIGNS, TABLES};

/// The signs that stand in a text: a bit for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signs(Vec<u64>);

impl Signs {
    /// Those of a paragraph.
    pub fn of(paragraph: &Paragraph) -> Signs {
        let table = &TABLES.signs;
        let mut signs = Signs(vec![0; table.weights.len().div_ceil(64)]);
        for (first, second) in pairs(paragraph) {
            if let Some(place) = table.place(first, second)
                && let Some(bits) = signs.0.get_mut(place / 64)
            {
                *bits |= 1 << (place % 64);
            }
        }
        signs
    }

    /// Adds those of another paragraph.
    pub fn merge(&mut self, other: &Signs) {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        self.0.iter_mut().zip(&other.0).for_each(|(bits, more)| *bits |= more);
    }

    /// What they and the `facts` of the text say of each item: met above 0. In sixteenths of a logit.
    pub fn scores(&self, facts: u64) -> [i32; ITEM_COUNT] {
        let mut scores = [0; ITEM_COUNT];
        let mut add = |weights: &[i8; ITEM_COUNT]| {
            scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += i32::from(*weight));
        };
        FACT_WEIGHTS.iter().filter(|(fact, _)| *fact == 0 || facts & fact != 0).for_each(|(_, weights)| add(weights));
        for (place, bits) in self.0.iter().enumerate() {
            let mut bits = *bits;
            while bits != 0 {
                TABLES.signs.weights.get(place * 64 + bits.trailing_zeros() as usize).into_iter().for_each(&mut add);
                bits &= bits - 1;
            }
        }
        scores
    }
}

/// Every word, with 0, and every pair of neighbours of a paragraph, by their ids; a number is [`NUMBER`], and a sentence
/// begins with [`SENTENCE`].
pub fn pairs(paragraph: &Paragraph) -> impl Iterator<Item = (u16, u16)> {
    let id = |token: &Token| if token.is(flag::NUMBER) { NUMBER } else { token.id };
    paragraph
        .tokens
        .iter()
        .enumerate()
        .flat_map(move |(at, token)| {
            let next = paragraph.tokens.get(at + 1);
            // The start of the next sentence is no neighbour of the end of this one.
            let next = next.filter(|next| !next.is(flag::SENTENCE_START)).map_or(0, id);
            let first = id(token);
            let opens = token.is(flag::SENTENCE_START) && first != 0;
            let alone = first == NUMBER || first >= FIRST_WORD;
            let pair = first != 0 && next != 0;
            [opens.then_some((SENTENCE, first)), alone.then_some((first, 0)), pair.then_some((first, next))]
        })
        .flatten()
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
}

impl Table {
    /// Reads what `build.rs` packed: for each sign, in order, how far its first id is from the one before, its second, which
    /// items it has weights for, and those.
    pub fn read(ids: usize) -> Table {
        let mut table = Table::default();
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
