//! Between UTF-8 bytes and UTF-16 code units, the only place that knows both. Lengths are kept per block, so that a
//! conversion reads no more than one block of a long draft.

use crate::reviewer::{Block, Reviewer};

/// How many UTF-16 code units a text has.
pub fn length(text: &str) -> usize {
    // Continuation bytes count nothing, four-byte characters two.
    text.bytes().map(|byte| usize::from(byte & 0xc0 != 0x80) + usize::from(byte >= 0xf0)).sum()
}

/// The byte offset of a UTF-16 offset; the middle of a character becomes its start, too far becomes the end.
pub fn to_byte(text: &str, utf16: usize) -> usize {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if units + c.len_utf16() > utf16 {
            return at;
        }
        units += c.len_utf16();
    }
    text.len()
}

impl Reviewer {
    /// The byte offset in [`Reviewer::text`] of an offset in UTF-16 code units; the middle of a character becomes its
    /// start, and what lies beyond the text its end.
    pub fn utf16_to_byte(&self, utf16: usize) -> usize {
        let (mut bytes, mut units) = (0, 0);
        for block in self.blocks() {
            if utf16 < units + block.utf16 {
                return bytes + to_byte(&block.text, utf16 - units);
            }
            bytes += block.text.len();
            units += block.utf16;
        }
        bytes
    }

    /// The offset in UTF-16 code units of a byte offset in [`Reviewer::text`], clamped as above.
    pub fn byte_to_utf16(&self, byte: usize) -> usize {
        self.rising().utf16_of(byte)
    }

    /// For many offsets in rising order, which together cost one walk over the blocks.
    pub fn rising(&self) -> Rising<'_> {
        Rising { blocks: self.blocks(), bytes: 0, units: 0 }
    }
}

/// Converts offsets that never go back: see [`Reviewer::rising`].
#[derive(Clone, Debug)]
pub struct Rising<'a> {
    /// That of the last offset, and those behind it.
    blocks: &'a [Block],
    /// How much is before them.
    bytes: usize,
    units: usize,
}

impl Rising<'_> {
    /// The offset in UTF-16 code units of a byte offset. One that goes back beyond the block of the last becomes that
    /// block's start.
    pub fn utf16_of(&mut self, byte: usize) -> usize {
        while let [block, rest @ ..] = self.blocks {
            if byte < self.bytes + block.text.len() {
                let mut at = byte.saturating_sub(self.bytes);
                while !block.text.is_char_boundary(at) {
                    at -= 1;
                }
                return self.units + length(block.text.get(..at).unwrap_or(""));
            }
            self.bytes += block.text.len();
            self.units += block.utf16;
            self.blocks = rest;
        }
        self.units
    }
}
