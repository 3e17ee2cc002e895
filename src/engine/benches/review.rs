//! What a review costs: a whole mail, and one keystroke in mails of 250 to 20,000 words.
#![allow(missing_docs)]

use std::hint::black_box;

use composure_engine::{Draft, Reviewer, Settings, Span, Thread, review};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

/// An ordinary reply, 64 words in three paragraphs, with something to find in it.
const REPLY: &str = "Hi Gary,\n\nthank you for writing to us about your order. As I already told you, the parcel left our \
    warehouse on Monday, and you should have received the tracking number by email. It's not our fault that nobody was \
    at home.\n\nPlease check the address that you gave us, and I'll send a new one today if that's what you'd like. \
    We're very busy at the moment.\n\n";

fn mail(words: usize) -> String {
    let mut text = String::new();
    let mut count = 0;
    for piece in REPLY.split_inclusive("\n\n").cycle() {
        if count >= words {
            break;
        }
        count += piece.split_whitespace().count();
        text.push_str(piece);
    }
    text
}

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
