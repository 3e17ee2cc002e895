//! Reads texts from standard input, each ended by a NUL byte; writes for each a line of its heat and what in it could speak for an
//! item of the checklist ([`composure_engine::signs`]), parted by tabs, the heat and sentences by two.

use std::io::{self, Read as _, Write as _};

fn main() -> io::Result<()> {
    let mut texts = String::new();
    io::stdin().read_to_string(&mut texts)?;
    let mut out = io::stdout().lock();
    for text in texts.split_terminator('\0') {
        let (heat, sentences) = composure_engine::signs(text);
        let sentences: Vec<String> = sentences.iter().map(|signs| signs.join("\t")).collect();
        writeln!(out, "{heat}\t\t{}", sentences.join("\t\t"))?;
    }
    Ok(())
}
