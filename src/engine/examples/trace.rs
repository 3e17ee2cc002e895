//! Reads texts from standard input, each ended by a NUL byte; writes for each a line of `pattern,start,end,offers` of
//! every match of a rule's pattern ([`composure_engine::trace`]), parted by spaces.

use std::io::{self, Read as _, Write as _};

fn main() -> io::Result<()> {
    let mut texts = String::new();
    io::stdin().read_to_string(&mut texts)?;
    let mut out = io::stdout().lock();
    for text in texts.split_terminator('\0') {
        for hit in composure_engine::trace(text) {
            write!(out, "{},{},{},{} ", hit.pattern, hit.span.start, hit.span.end, u8::from(hit.offers))?;
        }
        writeln!(out)?;
    }
    Ok(())
}
