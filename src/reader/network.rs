//! The encoder: the tokens of a window in, what it thinks of each and of all out (`training/FORMAT.md`, 4).

use crate::matrix::{Matrix, Rounded, Table, add_scaled, dot, exp, gelu, sum};
use crate::tokens::Window;
use wide::f32x4;

/// The parts of the network; `file::open` has checked that their shapes fit one another.
#[derive(Debug)]
pub(crate) struct Network {
    pub width: usize,
    pub heads: usize,
    pub words: Table,
    pub positions: Vec<f32>,
    pub types: Vec<f32>,
    pub norm: Norm,
    pub layers: Vec<Layer>,
    pub tag: Head,
    pub sentence: Head,
}

#[derive(Debug)]
pub(crate) struct Layer {
    pub query: Matrix,
    pub key: Matrix,
    pub value: Matrix,
    pub output: Matrix,
    pub attention_norm: Norm,
    pub up: Matrix,
    pub down: Matrix,
    pub norm: Norm,
}

/// Layer normalisation.
#[derive(Debug)]
pub(crate) struct Norm {
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
    pub epsilon: f32,
}

/// What turns the encoder's numbers into logits; small, so not quantised.
#[derive(Debug)]
pub(crate) struct Head {
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}

/// What the network says of a window.
#[derive(Debug)]
pub(crate) struct Logits {
    /// For each token, `[CLS]` and `[SEP]` too: no problem, then the labels.
    pub tags: Vec<Vec<f32>>,
    /// Any problem, heat, then the labels.
    pub sentence: Vec<f32>,
}

impl Network {
    /// Reads a window of the tokenizer, whose ids and length the file's tables hold.
    pub fn read(&self, window: &Window) -> Logits {
        let width = self.width;
        let mut x = vec![0.0; window.ids.len() * width];
        for (place, (row, (id, kind))) in
            x.chunks_exact_mut(width).zip(window.ids.iter().zip(&window.types)).enumerate()
        {
            self.words.add_row(*id as usize, row);
            add_scaled(row, 1.0, &self.positions[place * width..][..width]);
            add_scaled(row, 1.0, &self.types[usize::from(*kind) * width..][..width]);
        }
        self.norm.apply(&mut x);
        for layer in &self.layers {
            let rounded = Rounded::new(&x, width);
            let (query, key, value) =
                (layer.query.times(&rounded), layer.key.times(&rounded), layer.value.times(&rounded));
            let mixed = self.attend(&query, &key, &value);
            add_scaled(&mut x, 1.0, &layer.output.times(&Rounded::new(&mixed, width)));
            layer.attention_norm.apply(&mut x);

            let mut inner = layer.up.times(&Rounded::new(&x, width));
            gelu(&mut inner);
            let columns = inner.len() / window.ids.len();
            add_scaled(&mut x, 1.0, &layer.down.times(&Rounded::new(&inner, columns)));
            layer.norm.apply(&mut x);
        }
        let mut mean = vec![0.0; width];
        for row in x.chunks_exact(width) {
            add_scaled(&mut mean, 1.0 / window.ids.len() as f32, row);
        }
        Logits {
            tags: x.chunks_exact(width).map(|row| self.tag.logits(row)).collect(),
            sentence: self.sentence.logits(&mean),
        }
    }

    /// Every token takes from the values of all, by how well its query meets their keys; each head for its own columns.
    fn attend(&self, query: &[f32], key: &[f32], value: &[f32]) -> Vec<f32> {
        let columns = self.width / self.heads;
        let tokens = query.len() / self.width;
        let scale = f32x4::splat(1.0 / (columns as f32).sqrt());
        let mut mixed = vec![0.0; query.len()];
        // Four at a time; what is added to make up the fours weighs nothing.
        let mut scores = vec![f32::NEG_INFINITY; tokens.next_multiple_of(4)];
        for head in 0..self.heads {
            let of = |token: usize| token * self.width + head * columns..token * self.width + (head + 1) * columns;
            for token in 0..tokens {
                for (other, score) in scores.iter_mut().take(tokens).enumerate() {
                    *score = dot(&query[of(token)], &key[of(other)]);
                }
                let greatest = f32x4::splat(scores.iter().copied().fold(f32::NEG_INFINITY, f32::max));
                let mut total = f32x4::ZERO;
                for four in scores.as_chunks_mut::<4>().0 {
                    let weights = exp((f32x4::from(*four) - greatest) * scale);
                    total += weights;
                    *four = weights.to_array();
                }
                let total = sum(total);
                for (other, weight) in scores.iter().take(tokens).enumerate() {
                    add_scaled(&mut mixed[of(token)], weight / total, &value[of(other)]);
                }
                scores[tokens..].fill(f32::NEG_INFINITY);
            }
        }
        mixed
    }
}

impl Norm {
    /// Each row of `x` with mean nought and variance one, then scaled and moved.
    fn apply(&self, x: &mut [f32]) {
        let width = self.weight.len();
        let total = |row: &[[f32; 4]], part: &dyn Fn(f32x4) -> f32x4| {
            sum(row.iter().fold(f32x4::ZERO, |sum, four| sum + part(f32x4::from(*four)))) / width as f32
        };
        for row in x.chunks_exact_mut(width) {
            let (row, _) = row.as_chunks_mut::<4>();
            let mean = f32x4::splat(total(row, &|four| four));
            let variance = total(row, &|four| (four - mean) * (four - mean));
            let factor = f32x4::splat(1.0 / (variance + self.epsilon).sqrt());
            let scale = self.weight.as_chunks::<4>().0.iter().zip(self.bias.as_chunks::<4>().0);
            for (four, (weight, bias)) in row.iter_mut().zip(scale) {
                *four = ((f32x4::from(*four) - mean) * factor * f32x4::from(*weight) + f32x4::from(*bias)).to_array();
            }
        }
    }
}

impl Head {
    fn logits(&self, row: &[f32]) -> Vec<f32> {
        self.weight.chunks_exact(row.len()).zip(&self.bias).map(|(weight, bias)| dot(weight, row) + bias).collect()
    }
}
