//! The proofreader in the browser: a wasm module of its own, for a worker, loaded only when somebody asks for it.
//!
//! What the worker asks is [`Proofread::read`]. Dropping the worker gives all its memory back, some 150 MB. Spans are UTF-8
//! bytes, as everywhere in the mind, which alone turns them into UTF-16.

mod proofreader;
#[cfg(test)]
mod tests;

pub use proofreader::{Kind, Mistake, Proofreader};
use wasm_bindgen::prelude::*;

/// A proofreader, with what it has read lately.
#[wasm_bindgen]
pub struct Proof(Proofreader);

#[wasm_bindgen]
impl Proof {
    /// One that proposes the spellings of a locale, e.g. `en-GB`. Takes about a second.
    #[wasm_bindgen(constructor)]
    pub fn new(locale: &str) -> Proof {
        console_error_panic_hook::set_once();
        Self(Proofreader::new(locale))
    }

    /// Proofreads a text; `words` are the writer's own, one a line, `around` all else of the conversation. The answer is
    /// flat: of each mistake its first and last byte (UTF-8, the last one not included), its kind, what to say of it, whether
    /// it is one word that a dictionary could learn, how many replacements there are, and these.
    pub fn read(&mut self, text: &str, words: &str, around: &str) -> js_sys::Array {
        let words: Vec<String> = words.lines().map(str::to_owned).collect();
        let list = js_sys::Array::new();
        let number = |number: usize| _ = list.push(&JsValue::from_f64(number as f64));
        for mistake in self.0.read(text, &words, around) {
            number(mistake.span.start);
            number(mistake.span.end);
            list.push(&mistake.kind.label().into());
            list.push(&mistake.kind.message().into());
            list.push(&(mistake.kind == Kind::Spelling).into());
            number(mistake.replacements.len());
            mistake.replacements.iter().for_each(|replacement| _ = list.push(&replacement.into()));
        }
        list
    }
}
