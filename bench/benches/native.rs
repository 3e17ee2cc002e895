//! Whole mails and single keys: the engine, harper-core (grammar, no tone) and the floor of plain phrase search.

use std::hint::black_box;

use composure_bench::{Typing, mail, phrases, thread};
use composure_engine::{Draft, Settings, review};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use harper_core::linting::{LintGroup, Linter as _};
use harper_core::spell::FstDictionary;
use harper_core::{Dialect, Document};

fn whole(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("whole");
    let thread = thread();
    let floor = phrases();
    let mut harper = LintGroup::new_curated(FstDictionary::curated(), Dialect::American);
    for words in [250, 1_088] {
        let draft = Draft { text: mail(words), regions: Vec::new() };
        group.bench_with_input(BenchmarkId::new("composure", words), &draft, |bencher, draft| {
            bencher.iter(|| review(black_box(draft), &thread, &Settings::default()));
        });
        group.bench_with_input(BenchmarkId::new("floor", words), &draft, |bencher, draft| {
            bencher.iter(|| floor.find_iter(black_box(&draft.text)).count());
        });
        group.bench_with_input(BenchmarkId::new("harper-core", words), &draft, |bencher, draft| {
            bencher.iter(|| harper.lint(&Document::new_plain_english_curated(black_box(&draft.text))).len());
        });
    }
}

fn key(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("key");
    for words in [250, 1_088, 20_000] {
        let mut typing = Typing::new(words);
        group.bench_function(BenchmarkId::new("composure", words), |bencher| bencher.iter(|| typing.key()));
    }
}

criterion_group!(benches, whole, key);
criterion_main!(benches);
