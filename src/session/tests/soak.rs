//! `soak [EDITS]`: a writer who does anything at all, so many times (a million), against one session. After every forty steps a
//! compose is compared with a fresh one; after every epoch all are closed, and the bytes that are still in use may not grow.

use std::alloc::System;
use std::time::Instant;

use composure_session::*;
use hands::{Dice, Done, Hands};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[path = "hands.rs"]
mod hands;

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Steps between two comparisons.
const APART: usize = 40;
/// Edits between two looks at what is in use.
const EPOCH: usize = 20_000;
/// So many bytes may be in use after the last epoch more than after the second: hash maps and queues have room to spare.
const MORE: usize = 4_096;

/// Bytes in use. (What is allocated anew for a larger place counts in both sums.)
fn in_use() -> usize {
    let stats = COUNTED.stats();
    stats.bytes_allocated.saturating_sub(stats.bytes_deallocated)
}

fn main() {
    let edits = std::env::args().nth(1).map_or(1_000_000, |edits| edits.parse().expect("a number of edits"));
    let start = Instant::now();
    let mut hands = Hands::default();
    let (mut second, mut last, mut most) = (None, 0, 0);
    let mut epoch = 0;
    while hands.done.edits < edits {
        epoch += 1;
        let until = edits.min(epoch * EPOCH);
        let mut dice = Dice(epoch as u64);
        while hands.done.edits < until {
            (0..APART).for_each(|_| hands.step(&mut |sides| dice.below(sides)));
            hands.check();
            most = most.max(in_use());
        }
        hands.close_all();
        last = in_use();
        // The first fills what is made once.
        if epoch == 2 {
            second = Some(last);
        }
        println!("epoch {epoch}: {} edits, {last} bytes in use, {} s", hands.done.edits, start.elapsed().as_secs());
    }
    let Done { steps, edits, composes, presses, sends, checks } = hands.done;
    println!(
        "{edits} edits in {steps} steps, {composes} composes, {presses} buttons, {sends} sends: {checks} of {checks} comparisons \
         with a fresh compose are equal; bytes in use {} after the second epoch, {last} after the last, {most} at most; {} s",
        second.unwrap_or(last),
        start.elapsed().as_secs()
    );
    assert!(last <= second.unwrap_or(last) + MORE, "memory grows");
}
