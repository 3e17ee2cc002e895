//! Any customer's text and draft: requests are spans of the customer's last message, in order, on characters.
#![no_main]

use composure_engine::{Author, Draft, Message, Settings, Thread, review};
use libfuzzer_sys::fuzz_target;

// A seed reads as what it means: customer's last message, draft, an earlier message, an answer, with a NUL between them.
fuzz_target!(|input: &str| {
    let mut parts = input.split('\0');
    let customer = parts.next().unwrap_or_default();
    let draft = Draft { text: parts.next().unwrap_or_default().to_owned(), regions: Vec::new() };
    let earlier = parts.next().map(|text| (Author::Customer, text));
    let answer = parts.next().map(|text| (Author::Me, text));
    let said = earlier.into_iter().chain([(Author::Customer, customer)]).chain(answer);
    let day = |text: &str| (!text.len().is_multiple_of(3)).then_some(text.len() as i64 * 86_400);
    let messages = said.map(|(from, text)| Message { from, text: text.to_owned(), sent: day(text) }).collect();
    let thread = Thread { messages, recipient: parts.next().map(str::to_owned) };
    let review = review(&draft, &thread, &Settings::default());
    let mut end = 0;
    for request in &review.requests {
        assert!(request.span.start >= end && request.span.start < request.span.end, "{:?}", review.requests);
        assert!(customer.get(request.span.start..request.span.end).is_some(), "{request:?}");
        end = request.span.end;
    }
});
