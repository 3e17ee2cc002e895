//! The words that patterns know, and the tables made of them by `build.rs`.

use std::sync::LazyLock;

use crate::normalise::{FIRST_WORD, SENTENCE, class, filter_bit, hash, op, site};
use crate::packed::{self, Reader, phrases};
use crate::program::{Assembler, Beginning, Bits, Program};
use crate::review::{ChecklistItem, Example, Rule, Severity};
use crate::signs;
use crate::temper;

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// What is made of the tables when the engine starts: what would only repeat them, and be most of the download.
#[derive(Debug)]
pub struct Tables {
    /// All words.
    word_text: String,
    /// Where each word starts in it, and one more.
    word_starts: Vec<u32>,
    /// Open addressing: the upper half of a word's hash and its id, 0 for none.
    hashes: Vec<(u16, u16)>,
    /// The code of all patterns, and of those that call matches off.
    pub program: Program,
    /// In the order of `op::LIST`'s operand.
    pub lists: Vec<List>,
    /// For each id, what is known of its word's grammar: bits of [`class`].
    classes: Vec<u32>,
    /// For each id, the place of the verb that it is a form of.
    verbs: Vec<u16>,
    /// Where the patterns that are looked up under an id start in `index`.
    index_starts: Vec<u32>,
    index: Vec<Candidate>,
    /// The patterns.
    pub patterns: Vec<Pattern>,
    /// How many groups they are of.
    pub groups: u16,
    /// The patterns that call matches off.
    pub unless: Vec<Unless>,
    /// What calls the patterns' matches off: how, and its place in `unless`.
    calls: Vec<(u8, u16)>,
    templates: Vec<&'static str>,
    /// What speaks for the items of the checklist.
    pub signs: signs::Table,
    /// What each id tells of the sentence it stands in.
    pub tempers: Vec<temper::Word>,
}

/// The [`Tables`].
pub static TABLES: LazyLock<Tables> = LazyLock::new(Tables::new);

/// The forms of the verbs: base, past, participle, `-ing`.
pub static VERBS: LazyLock<Vec<[u16; 4]>> = LazyLock::new(|| {
    let mut verbs = vec![[0; 4]; VERB_COUNT];
    let (mut bytes, mut base) = (PACKED_VERBS.iter(), 0);
    for verb in &mut verbs {
        base += packed::number(&mut bytes);
        *verb = [base; 4];
    }
    for form in 1..4 {
        for verb in &mut verbs {
            let step = packed::number(&mut bytes);
            verb[form] = verb[form - 1].wrapping_add(step >> 1 ^ (step & 1).wrapping_neg());
        }
    }
    verbs
});

/// A pattern under a word that it is looked up under: what tells of most that they do not match, side by side.
#[derive(Clone, Copy, Debug, Default)]
pub struct Candidate {
    /// What the token behind the word may be, coarsely.
    pub then: u64,
    /// The pattern's place.
    pub place: u16,
    /// And its group.
    pub group: u16,
    /// Whether it is looked up only where a sentence opens.
    pub opens: bool,
}

/// One compiled pattern.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// Its place in the tables.
    pub place: usize,
    /// How many tokens before the indexed one a match begins, at least and at most.
    pub back: (u8, u8),
    /// What a match begins with.
    pub begins: Beginning,
    /// Where it starts in [`Tables::program`].
    pub code: u32,
    /// Index of its rule, or, past the rules, of its checklist item or cue.
    pub group: u16,
    /// What the part of the sentence from the beginning of a match on has.
    pub needs: Needs,
    /// Its range of [`Tables::calls`].
    calls: (u16, u16),
    /// Its range of suggestions.
    templates: (u16, u16),
}

/// A pattern that calls matches off.
#[derive(Debug)]
pub struct Unless {
    /// Where it starts in [`Tables::program`].
    pub code: u32,
    /// What the sentence has if it matches there.
    pub needs: Needs,
}

/// The pattern at a place of the tables.
#[inline]
pub fn pattern(place: usize) -> Option<&'static Pattern> {
    TABLES.patterns.get(place)
}

/// The bit of [`fact`] of a group of patterns that is a checklist item or cue; 0 for a rule's.
pub fn fact_of(group: u16) -> u64 {
    let place = usize::from(group).checked_sub(RULES.len());
    place.and_then(|place| 1u64.checked_shl(place as u32)).unwrap_or(0)
}

impl Pattern {
    /// What calls a match of it off: 0 anywhere in the sentence, 1 directly before it, 2 directly after it.
    pub fn calls(&self) -> impl Iterator<Item = (u8, &'static Unless)> {
        let tables = &*TABLES;
        let calls = tables.calls.get(usize::from(self.calls.0)..usize::from(self.calls.1)).unwrap_or_default();
        calls.iter().filter_map(|(kind, place)| Some((*kind, tables.unless.get(usize::from(*place))?)))
    }

    /// Its suggestions, best first.
    pub fn templates(&self) -> impl Iterator<Item = &'static str> {
        let range = usize::from(self.templates.0)..usize::from(self.templates.1);
        TABLES.templates.get(range).unwrap_or_default().iter().copied()
    }

    /// Whether it has suggestions.
    pub fn has_templates(&self) -> bool {
        self.templates.0 < self.templates.1
    }
}

impl Tables {
    fn new() -> Tables {
        let (word_text, word_starts) = words();
        let mut packed = Reader::new(&PACKED);
        let mut program = Program::default();
        program.code.reserve(PACKED.sets.len() * 4);
        let lists: Vec<List> = (0..LIST_COUNT).map(|_| List::read(&mut packed, &mut program)).collect();
        let mut words = Vec::new();
        let patterns = Unpacked::read(&mut packed, PATTERN_GROUP.len(), &mut program.code, &mut words);
        let unless = Unpacked::read(&mut packed, UNLESS_SITE_COUNTS.len(), &mut program.code, &mut words);
        let mut sites = self::sites(&SITES, &PATTERN_SITE_COUNTS, &patterns, &words);
        let unless_sites = self::sites(&UNLESS_SITES, &UNLESS_SITE_COUNTS, &unless, &words);
        let classes = classes_by_id(usize::from(FIRST_WORD) + word_starts.len());
        let mut assembler = Assembler::new(&mut program, &lists, &classes);
        let mut of_pattern = sites.iter_mut().peekable();
        let mut pattern_starts = Vec::with_capacity(patterns.code.len());
        for (place, pc) in patterns.code.iter().enumerate() {
            pattern_starts.push(assembler.add(*pc as usize));
            while let Some(site) = of_pattern.next_if(|site| site.place == place) {
                site.then = assembler.then(site.at);
            }
        }
        let unless_starts: Vec<u32> = unless.code.iter().map(|pc| assembler.add(*pc as usize).0).collect();
        let mut tables = Tables {
            hashes: hashes(&word_text, &word_starts),
            classes,
            verbs: verbs_by_form(usize::from(FIRST_WORD) + word_starts.len()),
            word_text,
            word_starts,
            program,
            lists,
            index_starts: Vec::new(),
            index: Vec::new(),
            patterns: self::patterns(&pattern_starts),
            groups: PATTERN_GROUP.iter().max().map_or(0, |last| u16::from(*last) + 1),
            unless: Vec::new(),
            calls: calls(),
            templates: TEMPLATE_TEXT.split('\n').collect(),
            signs: signs::Table::default(),
            tempers: Vec::new(),
        };
        tables.signs = signs::Table::read(tables.ids());
        tables.tempers = temper::read(tables.ids());
        tables.make_filters(&sites);
        tables.make_index(&sites);
        tables.make_unless(&unless_starts, &unless_sites);
        tables
    }

    /// The patterns that are looked up under an id.
    #[inline]
    pub fn starting_with(&self, id: u16) -> &[Candidate] {
        match (self.index_starts.get(usize::from(id)), self.index_starts.get(usize::from(id) + 1)) {
            (Some(start), Some(end)) => self.index.get(*start as usize..*end as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Calls `found` with every id that a pattern is looked up under, what can follow it, and whether the id is new to the pattern.
    fn looked_up_under(&self, sites: &[Site], found: &mut dyn FnMut(usize, usize, u64, bool)) {
        let mut last = vec![u16::MAX; self.ids()];
        let mut add = |id: u16, place: usize, then: u64| {
            if let Some(last) = last.get_mut(usize::from(id)) {
                let is_new = usize::from(*last) != place;
                *last = place as u16;
                found(usize::from(id), place, then, is_new);
            }
        };
        for &Site { place, kind, at, then } in sites {
            let mut add_from = |entry: &[u16]| {
                let then = entry.get(1).map_or(then, |next| filter_bit(*next).1);
                entry.first().into_iter().for_each(|id| add(*id, place, then));
            };
            match kind {
                site::FIRST => self.entries(at, &mut add_from),
                site::RAREST => self.entries(at, &mut |entry| {
                    let rarest = entry.iter().max();
                    let words = (0..entry.len()).filter(|word| entry.get(*word) == rarest);
                    words.for_each(|word| add_from(entry.get(word..).unwrap_or_default()));
                }),
                site::SENTENCE => add(SENTENCE, place, u64::MAX),
                _ => {}
            }
        }
    }

    /// How many ids there are, marks and all.
    pub fn ids(&self) -> usize {
        usize::from(FIRST_WORD) + self.word_starts.len()
    }

    /// In two rounds: how many patterns are looked up under each id, then which.
    fn make_index(&mut self, sites: &[Site]) {
        let mut starts = vec![0u32; self.ids() + 1];
        self.looked_up_under(sites, &mut |id, _, _, is_new| {
            if let Some(count) = starts.get_mut(id + 1) {
                *count += u32::from(is_new);
            }
        });
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut index = vec![Candidate::default(); sum as usize];
        let mut next = starts.clone();
        self.looked_up_under(sites, &mut |id, place, then, is_new| {
            let Some((next, pattern)) = next.get_mut(id).zip(self.patterns.get(place)) else {
                return;
            };
            *next += u32::from(is_new);
            if let Some(entry) = index.get_mut((*next as usize).wrapping_sub(1)) {
                let opens = pattern.back.1 == 0 && !pattern.begins.may_be_inside(id as u16);
                let then = if is_new { then } else { entry.then | then };
                *entry = Candidate { then, place: place as u16, group: pattern.group, opens };
            }
        });
        self.index_starts = starts;
        self.index = index;
    }

    fn make_filters(&mut self, sites: &[Site]) {
        let mut needs = vec![Needs::default(); self.patterns.len()];
        for &Site { place, kind, at, .. } in sites {
            let Some(needs) = needs.get_mut(place) else {
                continue;
            };
            match kind {
                site::ALL => needs.all.join(&self.rarest_bits(at)),
                site::ANY => needs.any.join(&self.rarest_bits(at)),
                site::ALSO => needs.also.join(&self.rarest_bits(at)),
                _ => {}
            }
        }
        for (pattern, needs) in self.patterns.iter_mut().zip(needs) {
            pattern.needs = needs.or_everything();
        }
    }

    /// Those of a list are known; others are collected.
    fn rarest_bits(&self, pc: usize) -> Bits {
        match (self.program.code.get(pc), self.program.code.get(pc + 1)) {
            (Some(&op::LIST), Some(list)) => {
                self.lists.get(usize::from(*list)).map(|list| list.rarest_bits).unwrap_or_default()
            }
            _ => {
                let mut bits = Bits::default();
                self.rarest(pc, &mut |id| bits.add(id));
                bits
            }
        }
    }

    fn make_unless(&mut self, starts: &[u32], sites: &[Site]) {
        let mut sites = sites.iter().peekable();
        for (place, code) in starts.iter().enumerate() {
            let mut needs = Needs::default();
            while let Some(Site { kind, at, .. }) = sites.next_if(|site| site.place == place) {
                let bits = self.rarest_bits(*at);
                match *kind {
                    site::ALL => needs.all.join(&bits),
                    site::ANY => needs.any.join(&bits),
                    _ => needs.also.join(&bits),
                }
            }
            self.unless.push(Unless { code: *code, needs: needs.or_everything() });
        }
    }

    /// The rarest id of each entry of the operation at `pc`: ids are given by how common their words are.
    fn rarest(&self, pc: usize, found: &mut dyn FnMut(u16)) {
        self.entries(pc, &mut |entry| entry.iter().max().into_iter().for_each(|id| found(*id)));
    }

    /// Calls `found` with each of the sequences of ids that the operation at `pc` takes.
    fn entries(&self, pc: usize, found: &mut dyn FnMut(&[u16])) {
        let code = &self.program.code;
        let argument = |n: usize| code.get(pc + n).copied().unwrap_or(0);
        let operands = || code.get(pc + 2..pc + 2 + usize::from(argument(1))).unwrap_or_default();
        match argument(0) {
            op::WORD => found(&[argument(1)]),
            op::SET => operands().iter().for_each(|id| found(&[*id])),
            op::PHRASES => phrases(operands()).for_each(found),
            op::LIST => {
                let list = self.lists.get(usize::from(argument(1)));
                list.into_iter().for_each(|list| list.entries(&self.program, &mut *found));
            }
            op::SLOT => {
                let form = usize::from(argument(1));
                VERBS.iter().filter_map(|verb| verb.get(form)).for_each(|id| found(&[*id]));
            }
            _ => {}
        }
    }
}

/// What a sentence must have for a pattern to match in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needs {
    all: Bits,
    any: Bits,
    also: Bits,
}

impl Needs {
    fn or_everything(self) -> Needs {
        Needs { all: self.all, any: self.any.or_everything(), also: self.also.or_everything() }
    }

    /// Whether a sentence may have it.
    #[inline]
    pub fn are_in(&self, sentence: &Bits) -> bool {
        sentence.overlaps(&self.any) && sentence.has_all(&self.all) && sentence.overlaps(&self.also)
    }
}

/// Where the code of some patterns starts, and their first operation with words among those of all.
struct Unpacked {
    code: Vec<u32>,
    words: Vec<usize>,
}

impl Unpacked {
    fn read(packed: &mut Reader, count: usize, code: &mut Vec<u16>, words: &mut Vec<u32>) -> Unpacked {
        let mut unpacked = Unpacked { code: Vec::with_capacity(count), words: Vec::with_capacity(count) };
        for _ in 0..count {
            unpacked.code.push(code.len() as u32);
            unpacked.words.push(words.len());
            packed.pattern(code, words);
        }
        unpacked
    }
}

/// What an operation of a pattern is good for.
struct Site {
    /// The pattern's place.
    place: usize,
    /// One of [`site`].
    kind: u16,
    /// Where in [`Tables::code`] the operation is.
    at: usize,
    /// What can follow the operation, coarsely.
    then: u64,
}

fn sites(bytes: &[u8], counts: &[u8], unpacked: &Unpacked, words: &[u32]) -> Vec<Site> {
    let mut bytes = bytes.iter().copied();
    let mut sites = Vec::with_capacity(bytes.len());
    for (place, (count, first)) in counts.iter().zip(&unpacked.words).enumerate() {
        let (mut kind, mut number) = (0, 0);
        for _ in 0..*count {
            let byte = bytes.next().unwrap_or(0);
            let step = match byte & 31 {
                31 => bytes.next().unwrap_or(0),
                small => small,
            };
            number = if byte >> 5 == kind { number + usize::from(step) } else { usize::from(step) };
            kind = byte >> 5;
            let at = words.get(first + number).map_or(0, |at| *at as usize);
            sites.push(Site { place, kind: u16::from(kind) << 13, at, then: 0 });
        }
    }
    sites
}

/// Stored is, of a place that several patterns use, one more, by how far it is from the one before of its pattern and kind; of
/// one that only one uses, 0: it is the next.
fn calls() -> Vec<(u8, u16)> {
    let (mut kinds, mut steps, mut next) = (CALL_KINDS.iter(), CALL_PLACES.iter(), SHARED_CALLS);
    let mut calls = Vec::with_capacity(CALL_KINDS.len());
    for count in PATTERN_CALL_COUNTS {
        let (mut last, mut place) = (0, 0);
        for kind in kinds.by_ref().take(usize::from(count)) {
            let step = packed::number(&mut steps);
            place = if *kind == last { place + step } else { step };
            last = *kind;
            calls.push(match step {
                0 => {
                    next += 1;
                    (*kind, next - 1)
                }
                _ => (*kind, place - 1),
            });
        }
    }
    calls
}

fn patterns(starts: &[(u32, Beginning)]) -> Vec<Pattern> {
    let (mut calls, mut templates) = (0, 0);
    let next = |at: &mut u16, count: &u8| {
        let start = *at;
        *at += u16::from(*count);
        (start, *at)
    };
    let counts = PATTERN_CALL_COUNTS.iter().zip(&PATTERN_TEMPLATE_COUNTS);
    let kinds = PATTERN_GROUP.iter().zip(PATTERN_BACK).zip(starts);
    kinds
        .zip(counts)
        .enumerate()
        .map(|(place, (((group, back), (code, begins)), (call_count, template_count)))| Pattern {
            place,
            back: ((back >> 8) as u8, back as u8),
            begins: *begins,
            code: *code,
            group: u16::from(*group),
            needs: Needs::default(),
            calls: next(&mut calls, call_count),
            templates: next(&mut templates, template_count),
        })
        .collect()
}

/// All words in one text, and where each starts, and one more. Stored is, for each, a byte below 32, how much of the
/// word before is in its way, and what it ends with instead.
fn words() -> (String, Vec<u32>) {
    let (mut text, mut starts, mut rest) = (String::new(), Vec::new(), WORD_ENDS.as_slice());
    let mut word = String::new();
    while let Some((dropped, after)) = rest.split_first() {
        let length = after.iter().position(|byte| *byte < 32).unwrap_or(after.len());
        let (own, others) = after.split_at_checked(length).unwrap_or((after, &[]));
        let kept = word.len().saturating_sub(usize::from(*dropped));
        if word.is_char_boundary(kept) {
            word.truncate(kept);
        }
        word.push_str(std::str::from_utf8(own).unwrap_or(""));
        starts.push(text.len() as u32);
        text.push_str(&word);
        rest = others;
    }
    starts.push(text.len() as u32);
    (text, starts)
}

fn hashes(text: &str, starts: &[u32]) -> Vec<(u16, u16)> {
    let mut table = vec![(0, 0); (starts.len() * 2).next_power_of_two()];
    for (place, ends) in starts.windows(2).enumerate() {
        let hash = hash(text.get(ends[0] as usize..ends[1] as usize).unwrap_or("").as_bytes());
        if let Some(free) = probe(&table, hash).find(|at| table.get(*at).is_some_and(|entry| entry.1 == 0))
            && let Some(entry) = table.get_mut(free)
        {
            *entry = (tag(hash), place as u16 + FIRST_WORD);
        }
    }
    table
}

/// The places where a word may be, in the order in which they are tried.
#[inline]
fn probe(table: &[(u16, u16)], hash: u64) -> impl Iterator<Item = usize> + use<> {
    let mask = table.len() - 1;
    (0..=mask).map(move |step| (hash as usize + step) & mask)
}

#[inline]
fn tag(hash: u64) -> u16 {
    (hash >> 48) as u16
}

/// For each id, the classes of its word.
fn classes_by_id(ids: usize) -> Vec<u32> {
    let mut classes = vec![0; ids];
    let (mut gaps, mut id) = (CLASS_GAPS.iter(), FIRST_WORD);
    for kind in CLASS_KINDS {
        id += packed::number(&mut gaps);
        if let (Some(classes), Some(set)) = (classes.get_mut(usize::from(id)), CLASS_SETS.get(usize::from(kind))) {
            *classes = *set;
        }
    }
    for (id, form) in VERBS.iter().flat_map(|verb| verb.iter().zip(class::VERB_FORMS)) {
        classes.get_mut(usize::from(*id)).into_iter().for_each(|classes| *classes |= form);
    }
    classes
}

/// For each id, the place of the verb that it is a form of.
fn verbs_by_form(ids: usize) -> Vec<u16> {
    let mut verbs = vec![u16::MAX; ids];
    // The base form wins where two verbs share a form: `found` is a past before it is a verb.
    for form in [3, 2, 1, 0] {
        for (place, verb) in VERBS.iter().enumerate().rev() {
            let entry = verb.get(form).and_then(|id| verbs.get_mut(usize::from(*id)));
            entry.into_iter().for_each(|entry| *entry = place as u16);
        }
    }
    verbs
}

/// A word list.
#[derive(Debug, Default)]
pub struct List {
    /// The words that are entries by themselves.
    alone: WordSet,
    /// What the entries begin with.
    pub first_bits: Bits,
    /// The second words of the longer entries.
    pub second_bits: Bits,
    rarest_bits: Bits,
    /// The heads of the longer entries: where they are in the program, and how many.
    pub heads: (u32, u16),
}

/// A checklist item with how to judge it.
#[derive(Debug)]
pub struct Item {
    /// What the panel shows.
    pub item: ChecklistItem,
    /// The bit of sentences that its patterns match.
    pub fact: u64,
    /// Whether weights ([`signs`]) decide, of which what its patterns find is one.
    pub learned: bool,
    /// When it is asked for.
    pub asked: Asked,
    /// Where it must stand.
    pub look: Look,
    /// Where its snippet goes.
    pub place: Place,
    /// Whether the mail client's own signature block satisfies it.
    pub signature_block_counts: bool,
}

/// When an item is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)]
pub enum Asked {
    /// In every reply.
    Always,
    /// Where the customer is upset.
    Upset,
    /// Where the customer is angry, not only let down.
    Angry,
    /// Where something went wrong.
    Wrong,
    /// Where the customer lost something: money, time, a thing.
    Lost,
    /// Where the customer speaks of leaving, or of having been there for long.
    Loyal,
}

/// Which sentences can satisfy an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)]
pub enum Look {
    /// The first.
    FirstLine,
    /// The first two after the greeting.
    Opening,
    /// Any.
    Anywhere,
    /// The last few lines.
    Closing,
}

/// Where an item's snippet goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)]
pub enum Place {
    /// Before everything.
    Top,
    /// Where the text after the greeting begins.
    AfterGreeting,
    /// Behind the greeting and an apology.
    AfterApology,
    /// Behind the greeting, an apology and words of empathy.
    AfterEmpathy,
    /// Above the last lines: thanks, an offer of help, the sign-off.
    AboveClosing,
    /// Above thanks and the sign-off.
    AboveThanks,
    /// Where the sign-off begins, or else the end.
    AboveSignOff,
    /// After the writer's last words.
    End,
}

impl List {
    fn read(packed: &mut Reader, program: &mut Program) -> List {
        let start = program.code.len();
        let singles = packed.list(&mut program.code);
        let heads = program.index(start, program.code.len());
        let mut list = List { heads, ..List::default() };
        for id in singles {
            list.alone.add(id);
        }
        let (mut first_bits, mut second_bits, mut rarest_bits) = (Bits::default(), Bits::default(), Bits::default());
        list.entries(program, |entry| {
            if let (Some(first), Some(rarest)) = (entry.first(), entry.iter().max()) {
                first_bits.add(*first);
                rarest_bits.add(*rarest);
            }
            entry.get(1).into_iter().for_each(|second| second_bits.add(*second));
        });
        List { first_bits, second_bits, rarest_bits, ..list }
    }

    /// Calls `found` with each of its entries.
    fn entries(&self, program: &Program, mut found: impl FnMut(&[u16])) {
        self.alone.ids().for_each(|id| found(&[id]));
        program.heads(self.heads.0, self.heads.1).iter().flat_map(|head| program.phrases(head)).for_each(found);
    }

    /// Whether a word is an entry.
    #[inline]
    pub fn has(&self, id: u16) -> bool {
        self.alone.has(id)
    }
}

/// A set of words: a bit for each.
#[derive(Debug, Default)]
struct WordSet(Vec<u8>);

impl WordSet {
    fn add(&mut self, id: u16) {
        let place = usize::from(id.saturating_sub(FIRST_WORD));
        if self.0.len() <= place / 8 {
            self.0.resize(place / 8 + 1, 0);
        }
        if let Some(byte) = self.0.get_mut(place / 8) {
            *byte |= 1 << (place % 8);
        }
    }

    #[inline]
    fn has(&self, id: u16) -> bool {
        id.checked_sub(FIRST_WORD)
            .is_some_and(|place| self.0.get(usize::from(place / 8)).is_some_and(|byte| byte & (1 << (place % 8)) != 0))
    }

    /// In rising order.
    fn ids(&self) -> impl Iterator<Item = u16> {
        self.0.iter().enumerate().filter(|(_, byte)| **byte != 0).flat_map(|(at, byte)| {
            let bits = (0..8).filter(move |bit| byte & (1 << bit) != 0);
            bits.map(move |bit| at as u16 * 8 + bit + FIRST_WORD)
        })
    }
}

/// The id of a word given by its hash; `same` tells whether a candidate is it. 0 for a word nobody knows.
#[inline]
pub fn find(hash: u64, same: impl Fn(&str) -> bool) -> u16 {
    let tables = &*TABLES;
    let tag = tag(hash);
    for at in probe(&tables.hashes, hash) {
        match tables.hashes.get(at) {
            Some((_, 0)) | None => return 0,
            Some((other, id)) if *other == tag && same(word(*id)) => return *id,
            _ => {}
        }
    }
    0
}

/// The id of a normalised word, 0 for one nobody knows.
pub fn lookup(word: &str) -> u16 {
    find(hash(word.as_bytes()), |known| known == word)
}

/// The word of an id; empty for marks and unknown words.
pub fn word(id: u16) -> &'static str {
    let Some(place) = id.checked_sub(FIRST_WORD).map(usize::from) else {
        return "";
    };
    match (TABLES.word_starts.get(place), TABLES.word_starts.get(place + 1)) {
        (Some(start), Some(next)) => TABLES.word_text.get(*start as usize..*next as usize).unwrap_or(""),
        _ => "",
    }
}

/// The words with which something serious can end. Where it ends with any name or thing, that is none of them.
pub fn last_words() -> impl Iterator<Item = &'static str> {
    let (mut bytes, mut id) = (LAST_WORDS.iter(), 0);
    std::iter::from_fn(move || {
        id += Some(packed::number(&mut bytes)).filter(|step| *step > 0)?;
        Some(word(id))
    })
}

/// What is known of a word's grammar: bits of [`class`].
#[inline]
pub fn classes(id: u16) -> u32 {
    TABLES.classes.get(usize::from(id)).copied().unwrap_or(0)
}

/// The words that another spelling stands for; the second is 0 where it is only one.
pub fn alias(id: u16) -> Option<(u16, u16)> {
    if classes(id) & class::ALIAS == 0 {
        return None;
    }
    let place = ALIAS_IDS.binary_search_by_key(&id, |alias| alias.0).ok()?;
    ALIAS_IDS.get(place).map(|alias| (alias.1, alias.2))
}

/// The forms of the verb that a word is a form of: base, past, participle, `-ing`.
pub fn verb(id: u16) -> Option<&'static [u16; 4]> {
    VERBS.get(usize::from(*TABLES.verbs.get(usize::from(id))?))
}

/// Whether a word, or some in a row, is in a list of words with spaces between them: a list of texts would take more room
/// than its words. (And its loop at each of its callers 1.4 KB, for a hundredth of the time.)
#[inline(never)]
pub fn lists(words: &str, word: &str) -> bool {
    let (word, mut rest) = (word.as_bytes(), words.as_bytes());
    // By bytes: a whole review takes half as long again where the standard library splits these texts.
    while let Some(first) = word.first() {
        let is_it = |after: &[u8]| matches!(after.first(), None | Some(b' '));
        if rest.first() == Some(first) && rest.strip_prefix(word).is_some_and(is_it) {
            return true;
        }
        let Some(space) = rest.iter().position(|byte| *byte == b' ') else { break };
        rest = rest.get(space + 1..).unwrap_or_default();
    }
    false
}
