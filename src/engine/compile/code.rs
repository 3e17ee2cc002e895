//! Patterns and lists to the code that `matcher.rs` runs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::normalise::{MARKS, op, site, slot_kind};
use crate::packed::{Writer, phrase_order};
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
    /// Which of its parts must match.
    pub shape: Shape,
}

/// A pattern's structure, as far as it matters for finding where it could match.
pub enum Shape {
    /// The operation at `pc`, which takes one of these sequences of ids.
    Words {
        pc: usize,
        sequences: Vec<Vec<u16>>,
    },
    Sequence(Vec<Shape>),
    Choice(Vec<Shape>),
    Optional(Box<Shape>),
    /// The operation at `pc`, which takes so many tokens.
    Other {
        pc: usize,
        least: u16,
        most: u16,
    },
}

/// Generates code.
pub fn generate(node: &Node, lexicon: &Lexicon) -> Result<Code, String> {
    let mut code = Code { ops: Vec::new(), slots: Vec::new(), shape: Shape::Sequence(Vec::new()) };
    code.shape = emit(node, lexicon, &mut code)?;
    code.ops.push(op::MATCH);
    if code.slots.len() > 4 {
        return Err("more than four slots".into());
    }
    if code.ops.len() > usize::from(site::PC) {
        return Err("a longer pattern than can be compiled; split it".into());
    }
    Ok(code)
}

fn emit(node: &Node, lexicon: &Lexicon, code: &mut Code) -> Result<Shape, String> {
    Ok(match node {
        Node::Sequence(nodes) => {
            Shape::Sequence(nodes.iter().map(|node| emit(node, lexicon, code)).collect::<Result<_, _>>()?)
        }
        Node::Choice(options) => Shape::Choice(emit_choice(options, lexicon, code)?),
        Node::Optional(node) => {
            let split = code.ops.len();
            code.ops.extend([op::SPLIT, 0]);
            let shape = emit(node, lexicon, code)?;
            code.ops[split + 1] = (code.ops.len() - split) as u16;
            Shape::Optional(Box::new(shape))
        }
        Node::Word(word) => emit_set(&lexicon.same(word).into_iter().collect(), code),
        Node::Mark(id) => emit_set(&BTreeSet::from([*id]), code),
        Node::List(name) => {
            let place = lexicon.list_index.get(name).ok_or_else(|| format!("there is no list words/{name}.txt"))?;
            let pc = code.ops.len();
            code.ops.extend([op::LIST, *place]);
            Shape::Words { pc, sequences: lexicon.lists[usize::from(*place)].iter().cloned().collect() }
        }
        Node::Gap(min, max) => {
            let pc = code.ops.len();
            code.ops.extend([op::GAP, *min, *max]);
            // A gap may step over commas.
            Shape::Other { pc, least: *min, most: *max * 2 }
        }
        Node::Quote => mark_place(op::QUOTE, code),
        Node::Start => mark_place(op::START, code),
        Node::End => mark_place(op::END, code),
        Node::Open => mark_place(op::OPEN, code),
        Node::Close => mark_place(op::CLOSE, code),
        Node::Slot { name, kind } => {
            let place = match code.slots.iter().position(|(known, _)| known == name) {
                Some(place) => place,
                None => {
                    code.slots.push((name.clone(), *kind));
                    code.slots.len() - 1
                }
            };
            let pc = code.ops.len();
            code.ops.extend([op::SLOT, *kind, place as u16]);
            let most = match *kind {
                slot_kind::NP => 10,
                slot_kind::NAME => 5,
                // Nothing is anchored behind it.
                slot_kind::REST => 100,
                _ => 1,
            };
            Shape::Other { pc, least: 1, most }
        }
    })
}

fn mark_place(op: u16, code: &mut Code) -> Shape {
    let pc = code.ops.len();
    code.ops.push(op);
    Shape::Other { pc, least: 0, most: 0 }
}

fn emit_choice(options: &[Node], lexicon: &Lexicon, code: &mut Code) -> Result<Vec<Shape>, String> {
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
    let mut shapes = Vec::new();
    let mut jumps = Vec::new();
    let mut branch = |code: &mut Code, emit: &mut dyn FnMut(&mut Code) -> Result<Shape, String>| {
        branches -= 1;
        if branches == 0 {
            shapes.push(emit(code)?);
            return Ok::<(), String>(());
        }
        let split = code.ops.len();
        code.ops.extend([op::SPLIT, 0]);
        shapes.push(emit(code)?);
        jumps.push(code.ops.len());
        code.ops.extend([op::JUMP, 0]);
        code.ops[split + 1] = (code.ops.len() - split) as u16;
        Ok(())
    };
    for option in other {
        branch(code, &mut |code| emit(option, lexicon, code))?;
    }
    if !phrases.is_empty() {
        branch(code, &mut |code| Ok(emit_phrases(&phrases, code)))?;
    }
    if !single.is_empty() {
        branch(code, &mut |code| Ok(emit_set(&single, code)))?;
    }
    for jump in jumps {
        code.ops[jump + 1] = (code.ops.len() - jump) as u16;
    }
    Ok(shapes)
}

/// All the sequences of ids that a node stands for, if it is nothing but words and marks.
pub fn literal(node: &Node, lexicon: &Lexicon) -> Option<Vec<Vec<u16>>> {
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

fn emit_phrases(phrases: &BTreeSet<Vec<u16>>, code: &mut Code) -> Shape {
    let mut phrases: Vec<Vec<u16>> = phrases.iter().cloned().collect();
    phrases.sort_by_key(|phrase| phrase_order(phrase));
    let size: usize = phrases.iter().map(|phrase| phrase.len() + 1).sum();
    let pc = code.ops.len();
    code.ops.extend([op::PHRASES, size as u16]);
    for phrase in &phrases {
        code.ops.push(phrase.len() as u16);
        code.ops.extend(phrase);
    }
    Shape::Words { pc, sequences: phrases }
}

fn emit_set(ids: &BTreeSet<u16>, code: &mut Code) -> Shape {
    let pc = code.ops.len();
    match ids.iter().next() {
        Some(id) if ids.len() == 1 => code.ops.extend([op::WORD, *id]),
        _ => {
            code.ops.extend([op::SET, ids.len() as u16]);
            code.ops.extend(ids);
        }
    }
    Shape::Words { pc, sequences: ids.iter().map(|id| vec![*id]).collect() }
}

impl Code {
    /// Where the operations are that sites can name, in order.
    pub fn word_ops(&self) -> Vec<usize> {
        let mut pcs = Vec::new();
        self.collect_word_ops(&self.shape, &mut pcs);
        pcs
    }

    fn collect_word_ops(&self, shape: &Shape, pcs: &mut Vec<usize>) {
        match shape {
            Shape::Words { pc, .. } => pcs.push(*pc),
            Shape::Other { pc, .. } if self.ops[*pc] == op::SLOT => pcs.push(*pc),
            Shape::Other { .. } => {}
            Shape::Sequence(parts) | Shape::Choice(parts) => {
                parts.iter().for_each(|part| self.collect_word_ops(part, pcs));
            }
            Shape::Optional(part) => self.collect_word_ops(part, pcs),
        }
    }

    /// Writes the pattern.
    pub fn pack(&self, writer: &mut Writer) {
        self.pack_shape(&self.shape, writer);
        writer.end_pattern();
    }

    fn pack_shape(&self, shape: &Shape, writer: &mut Writer) {
        match shape {
            Shape::Words { pc, .. } | Shape::Other { pc, .. } => writer.operation(&self.ops[*pc..]),
            Shape::Sequence(parts) => parts.iter().for_each(|part| self.pack_shape(part, writer)),
            Shape::Choice(parts) if parts.len() == 1 => self.pack_shape(&parts[0], writer),
            Shape::Choice(parts) => {
                writer.choice(parts.len());
                for part in parts {
                    self.pack_shape(part, writer);
                    writer.end();
                }
            }
            Shape::Optional(part) => {
                writer.optional();
                self.pack_shape(part, writer);
                writer.end();
            }
        }
    }
}

/// Where to look for a pattern, as [`site`]s, and how many tokens before the indexed one the match begins.
pub struct Entry {
    pub sites: Vec<u16>,
    pub back: (u16, u16),
    /// The ids that the sites index it under.
    ids: BTreeSet<u16>,
}

/// Finds the [`Entry`] of a pattern: the words of it that are least often met in a mail.
pub fn entry(code: &Code, starts_sentence: bool, lexicon: &Lexicon) -> Result<Entry, String> {
    let first = Firsts::of(&code.ops, 0, lexicon);
    if first.end {
        return Err("the pattern can match nothing at all".into());
    }
    let rarest = anchor(&code.shape, lexicon);
    if !first.any {
        let second = second_words(&code.ops, &first, lexicon);
        // How often the next word is one of them, and how often it passes for one.
        let often = second.map_or(1.0, |ids| (lexicon.cost(&ids) / 1_000.0 + ids.len() as f64 / 256.0).min(1.0));
        let cost = lexicon.cost(&first.ids) * often;
        if rarest.as_ref().is_none_or(|rarest| cost <= rarest.cost) {
            let sites = first.pcs.iter().map(|pc| site::FIRST | *pc as u16).collect();
            return Ok(Entry { sites, back: (0, 0), ids: first.ids });
        }
    }
    if let Some(rarest) = rarest {
        let sites = rarest.pcs.iter().map(|pc| site::RAREST | *pc as u16).collect();
        return Ok(Entry { sites, back: rarest.back, ids: rarest.ids });
    }
    if starts_sentence {
        return Ok(Entry { sites: vec![site::SENTENCE], back: (0, 0), ids: BTreeSet::new() });
    }
    Err("the pattern needs a word of its own outside slots and gaps".into())
}

/// The ids that the second token of a match can have; none where it may be anything.
fn second_words(ops: &[u16], first: &Firsts, lexicon: &Lexicon) -> Option<BTreeSet<u16>> {
    let mut ids = BTreeSet::new();
    for next in &first.nexts {
        match next {
            Next::Id(id) => {
                ids.insert(*id);
            }
            Next::Pc(pc) => {
                let second = Firsts::of(ops, *pc, lexicon);
                if second.any || second.end {
                    return None;
                }
                ids.extend(second.ids);
            }
        }
    }
    Some(ids)
}

/// Words one of which every match has.
struct Anchor {
    pcs: Vec<usize>,
    ids: BTreeSet<u16>,
    /// How many tokens before it the match begins.
    back: (u16, u16),
    cost: f64,
}

impl Anchor {
    fn new(pcs: Vec<usize>, ids: BTreeSet<u16>, back: (u16, u16), lexicon: &Lexicon) -> Anchor {
        // Every place that the match might begin at has to be tried.
        let places = 1.0 + 0.3 * f64::from(back.1 - back.0);
        let cost = lexicon.cost(&ids) * places;
        Anchor { pcs, ids, back, cost }
    }
}

fn anchor(shape: &Shape, lexicon: &Lexicon) -> Option<Anchor> {
    match shape {
        Shape::Words { pc, sequences } => {
            let mut ids = BTreeSet::new();
            let mut back = (u16::MAX, 0);
            for sequence in sequences {
                // Ids are given by how common words are: the largest is the rarest. `vocabulary.rs` says the same.
                let (place, id) = sequence.iter().enumerate().max_by_key(|(_, id)| **id)?;
                ids.insert(*id);
                back = (back.0.min(place as u16), back.1.max(place as u16));
            }
            Some(Anchor::new(vec![*pc], ids, back, lexicon))
        }
        Shape::Choice(options) => {
            let (mut pcs, mut ids) = (Vec::new(), BTreeSet::new());
            let mut back = (u16::MAX, 0);
            for option in options {
                let anchor = anchor(option, lexicon)?;
                pcs.extend(anchor.pcs);
                ids.extend(anchor.ids);
                back = (back.0.min(anchor.back.0), back.1.max(anchor.back.1));
            }
            Some(Anchor::new(pcs, ids, back, lexicon))
        }
        Shape::Sequence(parts) => {
            let mut best: Option<Anchor> = None;
            let mut before = (0, 0);
            for part in parts {
                if let Some(found) = anchor(part, lexicon) {
                    let back = (found.back.0 + before.0, found.back.1 + before.1);
                    let found = Anchor::new(found.pcs, found.ids, back, lexicon);
                    if back.1 < 60 && best.as_ref().is_none_or(|best| found.cost < best.cost) {
                        best = Some(found);
                    }
                }
                let (min, max) = length(part);
                before = (before.0 + min, before.1 + max);
            }
            best
        }
        Shape::Optional(_) | Shape::Other { .. } => None,
    }
}

/// Whether a part can take nothing; `found` is given the ids of the words that a match of it can end with, as far as they are
/// given by name.
pub fn last_words(shape: &Shape, found: &mut impl FnMut(u16)) -> bool {
    match shape {
        Shape::Words { sequences, .. } => {
            sequences.iter().filter_map(|ids| ids.last()).for_each(|id| found(*id));
            false
        }
        Shape::Sequence(parts) => parts.iter().rev().all(|part| last_words(part, found)),
        Shape::Choice(parts) => parts.iter().filter(|part| last_words(part, found)).count() > 0,
        Shape::Optional(part) => {
            last_words(part, found);
            true
        }
        Shape::Other { least, .. } => *least == 0,
    }
}

/// What the sentence of a match must hold, as [`site`]s; `entry` is what is known to be there already.
pub fn needs(code: &Code, lexicon: &Lexicon, entry: Option<&Entry>) -> Vec<u16> {
    let mut anchors = Vec::new();
    if !crosses_sentences(&code.shape) {
        needed(&code.shape, lexicon, &mut anchors);
    }
    let mut sites = Vec::new();
    let mut sets: Vec<(f64, Anchor)> = Vec::new();
    for anchor in anchors {
        if anchor.ids.len() == 1 {
            sites.extend(anchor.pcs.iter().map(|pc| site::ALL | *pc as u16));
        } else if entry.is_none_or(|entry| entry.ids != anchor.ids) {
            // Each id is met as often as it is, and passes for others now and then.
            let cost = lexicon.cost(&anchor.ids) + anchor.ids.len() as f64;
            sets.push((cost, anchor));
        }
    }
    // The two that are met least often.
    sets.sort_by(|one, other| one.0.total_cmp(&other.0));
    for ((_, anchor), kind) in sets.iter().zip([site::ANY, site::ALSO]) {
        sites.extend(anchor.pcs.iter().map(|pc| kind | *pc as u16));
    }
    sites
}

/// Every match has a word of each.
fn needed(shape: &Shape, lexicon: &Lexicon, anchors: &mut Vec<Anchor>) {
    match shape {
        Shape::Sequence(parts) => parts.iter().for_each(|part| needed(part, lexicon, anchors)),
        Shape::Words { .. } | Shape::Choice(_) => anchors.extend(anchor(shape, lexicon)),
        Shape::Optional(_) | Shape::Other { .. } => {}
    }
}

fn crosses_sentences(shape: &Shape) -> bool {
    match shape {
        Shape::Sequence(parts) | Shape::Choice(parts) => parts.iter().any(crosses_sentences),
        Shape::Optional(part) => crosses_sentences(part),
        Shape::Words { sequences, .. } => sequences.iter().flatten().any(|id| {
            let mark = usize::from(*id).checked_sub(1).and_then(|place| MARKS.get(place));
            mark.is_some_and(|mark| matches!(*mark, "." | "!" | "?" | "…" | "\n"))
        }),
        Shape::Other { .. } => false,
    }
}

/// How many tokens a part can take.
fn length(shape: &Shape) -> (u16, u16) {
    let range = |lengths: &mut dyn Iterator<Item = (u16, u16)>| {
        lengths.fold((u16::MAX, 0), |range: (u16, u16), one| (range.0.min(one.0), range.1.max(one.1)))
    };
    match shape {
        Shape::Sequence(parts) => parts.iter().map(length).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1)),
        Shape::Choice(parts) => range(&mut parts.iter().map(length)),
        Shape::Words { sequences, .. } => range(&mut sequences.iter().map(|ids| (ids.len() as u16, ids.len() as u16))),
        Shape::Optional(part) => (0, length(part).1),
        Shape::Other { least, most, .. } => (*least, *most),
    }
}

enum Next {
    /// A word inside an operation.
    Id(u16),
    /// What the operation there can begin with.
    Pc(usize),
}

#[derive(Default)]
struct Firsts {
    /// The operations that can come first.
    pcs: Vec<usize>,
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
                    firsts.pcs.push(pc);
                    firsts.ids.insert(arg(1));
                    firsts.nexts.push(Next::Pc(pc + 2));
                }
                op::SET => {
                    let n = usize::from(arg(1));
                    firsts.pcs.push(pc);
                    firsts.ids.extend(&code[pc + 2..pc + 2 + n]);
                    firsts.nexts.push(Next::Pc(pc + 2 + n));
                }
                op::LIST => {
                    firsts.pcs.push(pc);
                    for sequence in &lexicon.lists[usize::from(arg(1))] {
                        firsts.ids.extend(sequence.first());
                        firsts.nexts.push(match sequence.get(1) {
                            Some(id) => Next::Id(*id),
                            None => Next::Pc(pc + 2),
                        });
                    }
                }
                op::PHRASES => {
                    firsts.pcs.push(pc);
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
                        firsts.pcs.push(pc);
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
