//! What is reviewed, here and in `bench/`.

/// An ordinary reply, 64 words in three paragraphs, with something to find in it.
const REPLY: &str = "Hi Gary,\n\nthank you for writing to us about your order. As I already told you, the parcel left our \
    warehouse on Monday, and you should have received the tracking number by email. It's not our fault that nobody was \
    at home.\n\nPlease check the address that you gave us, and I'll send a new one today if that's what you'd like. \
    We're very busy at the moment.\n\n";

/// A reply of at least so many words.
pub fn mail(words: usize) -> String {
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
