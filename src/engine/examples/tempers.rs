//! Reads texts from standard input, each ended by a NUL byte; writes for each a line of its sentences, what each is judged by and
//! its words ([`composure_engine::tempers`]), parted by tabs.

use std::io::{self, Read as _, Write as _};

fn main() -> io::Result<()> {
    let mut texts = String::new();
    io::stdin().read_to_string(&mut texts)?;
    let mut out = io::stdout().lock();
    for text in texts.split_terminator('\0') {
        writeln!(out, "{}", composure_engine::tempers(text).join("\t"))?;
    }
    Ok(())
}
