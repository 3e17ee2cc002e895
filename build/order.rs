//! Puts functions that are alike beside each other: brotli, which tells what it has seen by how far back it was, writes the mind
//! in 1.5 KB less than in the order of their names.

use std::collections::HashMap;

use anyhow::Result;
use wasm_encoder::{Module, NameMap, NameSection, RawSection};
use wasmparser::{Parser, Payload, TypeRef};

/// So many bytes in a row are what functions share or do not.
const RUN: usize = 5;
/// Runs that more functions have say nothing of which are alike.
const COMMON: usize = 100;

/// The module with names for its functions that sort like this: `wasm-opt --reorder-functions-by-name` does the rest.
pub fn named(wasm: &[u8]) -> Result<Vec<u8>> {
    let (mut imported, mut bodies, mut module) = (0, Vec::new(), Module::new());
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::ImportSection(imports) => {
                for import in imports.clone().into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
        if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection { id, data: &wasm[range] });
        }
    }
    let mut ranks = vec![0; bodies.len()];
    for (rank, place) in by_likeness(&bodies).into_iter().enumerate() {
        ranks[place] = rank;
    }
    let (mut names, mut section) = (NameMap::new(), NameSection::new());
    for (index, rank) in (imported..).zip(ranks) {
        names.append(index, &format!("{rank:05}"));
    }
    section.functions(&names);
    module.section(&section);
    Ok(module.finish())
}

/// The places of all functions, beginning with the largest: behind each that which it has most in common with.
fn by_likeness(bodies: &[&[u8]]) -> Vec<usize> {
    let runs: Vec<Vec<&[u8]>> = bodies
        .iter()
        .map(|body| {
            let mut runs: Vec<&[u8]> = body.windows(RUN).collect();
            runs.sort_unstable();
            runs.dedup();
            runs
        })
        .collect();
    let mut having: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (place, run) in runs.iter().enumerate().flat_map(|(place, runs)| runs.iter().map(move |run| (place, run))) {
        having.entry(run).or_default().push(place);
    }
    having.retain(|_, places| places.len() <= COMMON);
    let mut left: Vec<usize> = (0..bodies.len()).collect();
    let mut order = Vec::with_capacity(left.len());
    let mut next = left.iter().copied().max_by_key(|place| bodies[*place].len());
    while let Some(last) = next {
        order.push(last);
        left.retain(|place| *place != last);
        let mut shared = vec![0; bodies.len()];
        for place in runs[last].iter().filter_map(|run| having.get(run)).flatten() {
            shared[*place] += 1;
        }
        // What both have of what one of them has.
        let likeness =
            |place: usize| shared[place] as f64 / (runs[last].len() + runs[place].len() - shared[place]).max(1) as f64;
        next = left.iter().copied().rev().max_by(|one, other| likeness(*one).total_cmp(&likeness(*other)));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::by_likeness;

    #[test]
    fn what_is_alike_stands_together() {
        let bodies: [&[u8]; 5] = [b"abcdefgh", b"12345678", b"abcdefgi", b"", b"1234567890"];
        assert_eq!(by_likeness(&bodies), [4, 1, 0, 2, 3]);
        assert_eq!(by_likeness(&[]), [0; 0]);
    }
}
