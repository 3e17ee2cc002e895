//! The short form of the soak (`./build.sh soak`): whatever a writer does, a compose says what a fresh one would.

use super::hands::{Dice, Hands};

/// Changes of a text, in all.
const EDITS: usize = 20_000;
/// Steps between two comparisons.
const APART: usize = 40;

#[test]
fn twenty_thousand_edits_end_as_fresh_reviews() {
    let (mut hands, mut dice) = (Hands::default(), Dice(8));
    while hands.done.edits < EDITS {
        (0..APART).for_each(|_| hands.step(&mut |sides| dice.below(sides)));
        hands.check();
    }
    hands.close_all();
}
