//! What a review costs: a whole mail, and one keystroke in mails of 250 to 20,000 words.
#![allow(missing_docs)]

use std::hint::black_box;

use composure_engine::{Draft, Reviewer, Settings, Span, Thread, review};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use mail::mail;

mod mail;

fn whole(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("review");
    for words in [250, 1_088] {
        let draft = Draft { text: mail(words), regions: Vec::new() };
        group.bench_with_input(BenchmarkId::from_parameter(words), &draft, |bencher, draft| {
            bencher.iter(|| review(black_box(draft), &Thread::default(), &Settings::default()));
        });
    }
}

fn keystroke(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("keystroke");
    for words in [250, 1_088, 20_000] {
        let draft = Draft { text: mail(words), regions: Vec::new() };
        let mut reviewer = Reviewer::new(&draft, &Thread::default(), &Settings::default());
        let at = draft.text.find("tracking").unwrap_or(0);
        let mut there = false;
        group.bench_function(BenchmarkId::from_parameter(words), |bencher| {
            bencher.iter(|| {
                // Typed and taken back in turn.
                let (end, insert) = if there { (at + 1, "") } else { (at, "x") };
                there = !there;
                reviewer.edit(Span { start: at, end }, insert, &[]);
                black_box(reviewer.review())
            });
        });
    }
}

criterion_group!(benches, whole, keystroke);
criterion_main!(benches);
