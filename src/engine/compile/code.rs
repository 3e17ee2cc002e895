//! Patterns and lists to the code that `matcher.rs` runs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::normalise::{MARKS, SENTENCE, filter_bit, op, slot_kind, wide_filter_bit};
use crate::pattern::Node;

/// What code generation needs to know about words.
pub struct Lexicon {
    /// Word to id.
    pub ids: HashMap<String, u16>,
    /// List name to its place.
    pub list_index: BTreeMap<String, u16>,
    /// The lists' sequences of ids, in their places.
    pub lists: Vec<BTreeSet<Vec<u16>>>,
    /// How often a word is met, where it is not rare.
    pub weights: HashMap<u16, f64>,
    /// Ids of verb forms by slot kind.
    pub verb_ids: [BTreeSet<u16>; 4],
}

impl Lexicon {
    /// How often one of `ids` is met, in words per thousand or so.
    fn cost(&self, ids: &BTreeSet<u16>) -> f64 {
        ids.iter().map(|id| self.weight(*id)).sum()
    }

    fn weight(&self, id: u16) -> f64 {
        self.weights.get(&id).copied().unwrap_or(0.05)
    }

    fn id(&self, word: &str) -> u16 {
        self.ids.get(word).copied().unwrap_or(0)
    }

    /// The ids that match a word: `'s` may be `is` or `has`, `'d` may be `would` or `had`.
    pub fn same(&self, word: &str) -> Vec<u16> {
        let words: &[&str] = match word {
            "is" => &["is", "'s"],
            "has" => &["has", "'s"],
            "'s" => &["'s", "is"],
            "would" => &["would", "'d"],
            "had" => &["had", "'d"],
            "'d" => &["'d", "would", "had"],
            _ => return vec![self.id(word)],
        };
        words.iter().map(|word| self.id(word)).collect()
    }
}

/// One pattern's code.
pub struct Code {
    pub ops: Vec<u16>,
    /// Slot names in the order of their numbers, with their kinds.
    pub slots: Vec<(String, u16)>,
}

/// Generates code.
pub fn generate(node: &Node, lexicon: &Lexicon) -> Result<Code, String> {
    let mut code = Code { ops: Vec::new(), slots: Vec::new() };
    emit(node, lexicon, &mut code)?;
    code.ops.push(op::MATCH);
    if code.slots.len() > 4 {
        return Err("more than four slots".into());
    }
    Ok(code)
}

fn emit(node: &Node, lexicon: &Lexicon, code: &mut Code) -> Result<(), String> {
    match node {
        Node::Sequence(nodes) => {
            for node in nodes {
                emit(node, lexicon, code)?;
            }
        }
        Node::Choice(options) => {
            let mut single = BTreeSet::new();
            let mut phrases = BTreeSet::new();
            let mut other = Vec::new();
            for option in options {
                match literal(option, lexicon) {
                    Some(all) => {
                        for phrase in all {
                            match phrase[..] {
                                [id] => single.extend([id]),
                                _ => phrases.extend([phrase]),
                            }
                        }
                    }
                    None => other.push(option),
                }
            }
            // What is longest is tried first, as far as one can tell.
            let mut branches = other.len() + usize::from(!phrases.is_empty()) + usize::from(!single.is_empty());
            let mut jumps = Vec::new();
            let mut branch = |code: &mut Code, emit: &mut dyn FnMut(&mut Code) -> Result<(), String>| {
                branches -= 1;
                if branches == 0 {
                    return emit(code);
                }
                let split = code.ops.len();
                code.ops.extend([op::SPLIT, 0]);
                emit(code)?;
                jumps.push(code.ops.len());
                code.ops.extend([op::JUMP, 0]);
                code.ops[split + 1] = (code.ops.len() - split) as u16;
                Ok(())
            };
            for option in other {
                branch(code, &mut |code| emit(option, lexicon, code))?;
            }
            if !phrases.is_empty() {
                branch(code, &mut |code| {
                    emit_phrases(&phrases, code);
                    Ok(())
                })?;
            }
            if !single.is_empty() {
                branch(code, &mut |code| {
                    emit_set(&single, code);
                    Ok(())
                })?;
            }
            for jump in jumps {
                code.ops[jump + 1] = (code.ops.len() - jump) as u16;
            }
        }
        Node::Optional(node) => {
            let split = code.ops.len();
            code.ops.extend([op::SPLIT, 0]);
            emit(node, lexicon, code)?;
            code.ops[split + 1] = (code.ops.len() - split) as u16;
        }
        Node::Word(word) => emit_set(&lexicon.same(word).into_iter().collect(), code),
        Node::Mark(id) => code.ops.extend([op::WORD, *id]),
        Node::Gap(min, max) => code.ops.extend([op::GAP, *min, *max]),
        Node::Quote => code.ops.push(op::QUOTE),
        Node::Start => code.ops.push(op::START),
        Node::End => code.ops.push(op::END),
        Node::Open => code.ops.push(op::OPEN),
        Node::Close => code.ops.push(op::CLOSE),
        Node::List(name) => {
            let place = lexicon.list_index.get(name).ok_or_else(|| format!("there is no list words/{name}.txt"))?;
            code.ops.extend([op::LIST, *place]);
        }
        Node::Slot { name, kind } => {
            let place = match code.slots.iter().position(|(known, _)| known == name) {
                Some(place) => place,
                None => {
                    code.slots.push((name.clone(), *kind));
                    code.slots.len() - 1
                }
            };
            code.ops.extend([op::SLOT, *kind, place as u16]);
        }
    }
    Ok(())
}

/// All the sequences of ids that a node stands for, if it is nothing but words and marks.
fn literal(node: &Node, lexicon: &Lexicon) -> Option<Vec<Vec<u16>>> {
    match node {
        Node::Word(word) => Some(lexicon.same(word).into_iter().map(|id| vec![id]).collect()),
        Node::Mark(id) => Some(vec![vec![*id]]),
        Node::Sequence(nodes) => {
            let mut all = vec![Vec::new()];
            for node in nodes {
                // A choice inside would multiply; it is kept as code.
                let tails = match node {
                    Node::Word(_) | Node::Mark(_) => literal(node, lexicon)?,
                    _ => return None,
                };
                all = all
                    .iter()
                    .flat_map(|head: &Vec<u16>| tails.iter().map(move |tail| [head.as_slice(), tail].concat()))
                    .collect();
            }
            Some(all)
        }
        _ => None,
    }
}

/// Longest first: the matcher takes the first that lets the rest match.
fn emit_phrases(phrases: &BTreeSet<Vec<u16>>, code: &mut Code) {
    let mut phrases: Vec<&Vec<u16>> = phrases.iter().collect();
    phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
    let size: usize = phrases.iter().map(|phrase| phrase.len() + 1).sum();
    code.ops.extend([op::PHRASES, size as u16]);
    for phrase in phrases {
        code.ops.push(phrase.len() as u16);
        code.ops.extend(phrase);
    }
}

fn emit_set(ids: &BTreeSet<u16>, code: &mut Code) {
    match ids.iter().next() {
        Some(id) if ids.len() == 1 => code.ops.extend([op::WORD, *id]),
        _ => {
            code.ops.extend([op::SET, ids.len() as u16]);
            code.ops.extend(ids);
        }
    }
}

/// Where to start a pattern: under which ids, with which filter for the id after them, and how many tokens before the
/// id the match begins.
pub struct Entry {
    pub ids: BTreeSet<u16>,
    pub filter: u64,
    pub back: (u16, u16),
}

/// Finds the [`Entry`] of a pattern: the words of it that are least often met in a mail.
pub fn entry(node: &Node, code: &[u16], lexicon: &Lexicon) -> Result<Entry, String> {
    let first = Firsts::of(code, 0, lexicon);
    if first.end {
        return Err("the pattern can match nothing at all".into());
    }
    let rarest = anchor(node, lexicon)?;
    if !first.any {
        let mut filter = 0;
        for next in &first.nexts {
            match next {
                Next::Id(id) => filter |= filter_bit(*id),
                Next::Pc(pc) => {
                    let second = Firsts::of(code, *pc, lexicon);
                    if second.any || second.end {
                        filter = u64::MAX;
                    }
                    filter |= second.ids.iter().fold(0, |bits, id| bits | filter_bit(*id));
                }
            }
        }
        let cost = lexicon.cost(&first.ids) * (f64::from(filter.count_ones()) / 64.0).max(0.02);
        if rarest.as_ref().is_none_or(|rarest| cost <= rarest.cost) {
            return Ok(Entry { ids: first.ids, filter, back: (0, 0) });
        }
    }
    if let Some(rarest) = rarest {
        return Ok(Entry { ids: rarest.ids, filter: u64::MAX, back: rarest.back });
    }
    if matches!(node, Node::Sequence(nodes) if nodes.first() == Some(&Node::Start)) {
        return Ok(Entry { ids: BTreeSet::from([SENTENCE]), filter: u64::MAX, back: (0, 0) });
    }
    Err("the pattern needs a word of its own outside slots and gaps".into())
}

/// Words one of which every match has.
struct Anchor {
    ids: BTreeSet<u16>,
    /// How many tokens before it the match begins.
    back: (u16, u16),
    cost: f64,
}

fn anchor(node: &Node, lexicon: &Lexicon) -> Result<Option<Anchor>, String> {
    let of = |ids: BTreeSet<u16>, back: (u16, u16)| {
        // Every place that the match might begin at has to be tried.
        let places = 1.0 + 0.3 * f64::from(back.1 - back.0);
        let cost = lexicon.cost(&ids) * places;
        Some(Anchor { ids, back, cost })
    };
    Ok(match node {
        Node::Word(word) => of(lexicon.same(word).into_iter().collect(), (0, 0)),
        Node::Mark(id) => of(BTreeSet::from([*id]), (0, 0)),
        Node::List(name) => {
            let sequences = lexicon
                .list_index
                .get(name)
                .and_then(|place| lexicon.lists.get(usize::from(*place)))
                .ok_or_else(|| format!("there is no list words/{name}.txt"))?;
            let mut ids = BTreeSet::new();
            let mut back = (u16::MAX, 0);
            for sequence in sequences {
                let rarest = sequence
                    .iter()
                    .enumerate()
                    .min_by(|one, other| lexicon.weight(*one.1).total_cmp(&lexicon.weight(*other.1)));
                if let Some((place, id)) = rarest {
                    ids.insert(*id);
                    back = (back.0.min(place as u16), back.1.max(place as u16));
                }
            }
            of(ids, back)
        }
        Node::Choice(options) => {
            let mut ids = BTreeSet::new();
            let mut back = (u16::MAX, 0);
            for option in options {
                let Some(anchor) = anchor(option, lexicon)? else {
                    return Ok(None);
                };
                ids.extend(anchor.ids);
                back = (back.0.min(anchor.back.0), back.1.max(anchor.back.1));
            }
            of(ids, back)
        }
        Node::Sequence(nodes) => {
            let mut best: Option<Anchor> = None;
            let mut before = (0, 0);
            for node in nodes {
                if let Some(found) = anchor(node, lexicon)? {
                    let back = (found.back.0 + before.0, found.back.1 + before.1);
                    let found = of(found.ids, back);
                    if let Some(found) = found
                        && back.1 < 60
                        && best.as_ref().is_none_or(|best| found.cost < best.cost)
                    {
                        best = Some(found);
                    }
                }
                let (min, max) = length(node, lexicon)?;
                before = (before.0 + min, before.1 + max);
            }
            best
        }
        _ => None,
    })
}

/// What the sentence of a match must hold, as Bloom filters.
pub struct Need {
    /// All of these bits.
    pub all: u64,
    /// One at least of these.
    pub any: u64,
    /// One at least of these, in the wide filter.
    pub any_wide: [u64; 4],
}

/// The [`Need`] of a pattern; `known` is what is known to be there already.
pub fn needs(node: &Node, lexicon: &Lexicon, known: Option<&BTreeSet<u16>>) -> Need {
    let mut sets = Vec::new();
    if !crosses_sentences(node) {
        needed(node, lexicon, &mut sets);
    }
    let mut need = Need { all: 0, any: u64::MAX, any_wide: [u64::MAX; 4] };
    let mut least = f64::MAX;
    for set in sets {
        let bits = set.iter().fold(0, |bits, id| bits | filter_bit(*id));
        if set.len() == 1 {
            need.all |= bits;
        } else if known != Some(&set) {
            if bits.count_ones() < need.any.count_ones() {
                need.any = bits;
            }
            // Each id is met as often as it is, and passes for others now and then.
            let cost = lexicon.cost(&set) + set.len() as f64;
            if cost < least {
                least = cost;
                need.any_wide = set.iter().fold([0; 4], |mut bits, id| {
                    let (place, bit) = wide_filter_bit(*id);
                    bits[place] |= bit;
                    bits
                });
            }
        }
    }
    need
}

/// Sets of ids; every match has one of each.
fn needed(node: &Node, lexicon: &Lexicon, sets: &mut Vec<BTreeSet<u16>>) {
    match node {
        Node::Word(word) => sets.push(lexicon.same(word).into_iter().collect()),
        Node::Sequence(nodes) => nodes.iter().for_each(|node| needed(node, lexicon, sets)),
        Node::List(_) | Node::Choice(_) => {
            if let Ok(Some(anchor)) = anchor(node, lexicon) {
                sets.push(anchor.ids);
            }
        }
        _ => {}
    }
}

fn crosses_sentences(node: &Node) -> bool {
    match node {
        Node::Sequence(nodes) | Node::Choice(nodes) => nodes.iter().any(crosses_sentences),
        Node::Optional(node) => crosses_sentences(node),
        Node::Mark(id) => {
            MARKS.get(usize::from(*id) - 1).is_some_and(|mark| matches!(*mark, "." | "!" | "?" | "…" | "\n"))
        }
        _ => false,
    }
}

/// How many tokens a node can take.
fn length(node: &Node, lexicon: &Lexicon) -> Result<(u16, u16), String> {
    Ok(match node {
        Node::Sequence(nodes) => {
            let mut sum = (0, 0);
            for node in nodes {
                let (min, max) = length(node, lexicon)?;
                sum = (sum.0 + min, sum.1 + max);
            }
            sum
        }
        Node::Choice(nodes) => {
            let mut range = (u16::MAX, 0);
            for node in nodes {
                let (min, max) = length(node, lexicon)?;
                range = (range.0.min(min), range.1.max(max));
            }
            range
        }
        Node::Optional(node) => (0, length(node, lexicon)?.1),
        Node::Word(_) | Node::Mark(_) => (1, 1),
        // A gap may step over commas.
        Node::Gap(min, max) => (*min, *max * 2),
        Node::Quote | Node::Start | Node::End | Node::Open | Node::Close => (0, 0),
        Node::List(name) => {
            let list = lexicon
                .list_index
                .get(name)
                .and_then(|place| lexicon.lists.get(usize::from(*place)))
                .ok_or_else(|| format!("there is no list words/{name}.txt"))?;
            let lengths = list.iter().map(|sequence| sequence.len() as u16);
            (lengths.clone().min().unwrap_or(0), lengths.max().unwrap_or(0))
        }
        Node::Slot { kind, .. } => match *kind {
            slot_kind::NP => (1, 10),
            slot_kind::NAME => (1, 5),
            // Nothing is anchored behind it.
            slot_kind::REST => (1, 100),
            _ => (1, 1),
        },
    })
}

enum Next {
    Id(u16),
    Pc(usize),
}

#[derive(Default)]
struct Firsts {
    ids: BTreeSet<u16>,
    nexts: Vec<Next>,
    any: bool,
    end: bool,
}

impl Firsts {
    fn of(code: &[u16], pc: usize, lexicon: &Lexicon) -> Firsts {
        let mut firsts = Firsts::default();
        let mut todo = vec![pc];
        let mut seen = BTreeSet::new();
        while let Some(pc) = todo.pop() {
            if !seen.insert(pc) {
                continue;
            }
            let arg = |n: usize| code.get(pc + n).copied().unwrap_or(0);
            match arg(0) {
                op::MATCH => firsts.end = true,
                op::WORD => {
                    firsts.ids.insert(arg(1));
                    firsts.nexts.push(Next::Pc(pc + 2));
                }
                op::SET => {
                    let n = usize::from(arg(1));
                    firsts.ids.extend(&code[pc + 2..pc + 2 + n]);
                    firsts.nexts.push(Next::Pc(pc + 2 + n));
                }
                op::LIST => {
                    for sequence in &lexicon.lists[usize::from(arg(1))] {
                        firsts.ids.extend(sequence.first());
                        firsts.nexts.push(match sequence.get(1) {
                            Some(id) => Next::Id(*id),
                            None => Next::Pc(pc + 2),
                        });
                    }
                }
                op::PHRASES => {
                    let after = pc + 2 + usize::from(arg(1));
                    let mut at = pc + 2;
                    while at < after {
                        let length = usize::from(code[at]);
                        firsts.ids.insert(code[at + 1]);
                        firsts.nexts.push(if length > 1 { Next::Id(code[at + 2]) } else { Next::Pc(after) });
                        at += 1 + length;
                    }
                }
                op::SPLIT => todo.extend([pc + 2, pc + usize::from(arg(1))]),
                op::JUMP => todo.push(pc + usize::from(arg(1))),
                op::GAP => {
                    firsts.any = true;
                    if arg(1) == 0 {
                        todo.push(pc + 3);
                    }
                }
                op::SLOT => match lexicon.verb_ids.get(usize::from(arg(1))) {
                    Some(ids) => {
                        firsts.ids.extend(ids);
                        firsts.nexts.push(Next::Pc(pc + 3));
                    }
                    None => firsts.any = true,
                },
                _ => todo.push(pc + 1),
            }
        }
        firsts
    }
}
