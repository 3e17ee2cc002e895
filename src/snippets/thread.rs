//! What a conversation tells that a template can use.

use crate::search::small;

/// The order number in a customer's words, as they wrote it: behind "order", "order number", "order no." or "order #".
pub fn order_number(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !bare.eq_ignore_ascii_case("order") {
            continue;
        }
        let between = |word: &&str| {
            let word = small(word.trim_matches(|c: char| !c.is_alphanumeric()));
            word.is_empty() || ["number", "no", "nr", "id", "is", "was"].contains(&word.as_str())
        };
        // "Order number is: #…" has no more than three words between.
        for _ in 0..3 {
            if words.peek().is_some_and(between) {
                words.next();
            }
        }
        let number = words.peek().copied().unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
        let is_number = number.chars().filter(char::is_ascii_digit).count() >= 3
            && number.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '/');
        if is_number {
            return Some(number);
        }
    }
    None
}
