//! What is reviewed, here and in `bench/`.

/// An ordinary reply, 64 words in three paragraphs, with something to find in it.
const REPLY: &str = "Hi Gary,\n\nthank you for writing to us about your order. As I already told you, the parcel left our \
    warehouse on Monday, and you should have received the tracking number by email. It's not our fault that nobody was \
    at home.\n\nPlease check the address that you gave us, and I'll send a new one today if that's what you'd like. \
    We're very busy at the moment.\n\n";

/// Two paragraphs with nothing to find in them.
#[allow(dead_code)]
const CALM: &str = "Thank you for the photo of the lamp. The new shade left our warehouse on Monday, and it comes to \
    your door by Thursday noon. I am sorry that you had to ask twice.\n\nThe express fee went back to your card this \
    morning; your bank may need two days until it shows. If you would rather talk to somebody, our number is on the order \
    page, and we are there from nine to five.\n\n";

/// A reply of at least so many words in which only the first paragraphs have something to find.
#[allow(dead_code)]
pub fn long_mail(words: usize) -> String {
    let mut text = mail(words.min(60));
    let more = words.saturating_sub(60).div_ceil(CALM.split_whitespace().count());
    text.push_str(&CALM.repeat(more));
    text
}

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
