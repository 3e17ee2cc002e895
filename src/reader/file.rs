//! The reader's file: what is in it, taken out and checked (`training/FORMAT.md`, 1 and 6).

use std::collections::HashMap;

use half::f16;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::Deserialize;

use crate::error::ReaderError;
use crate::findings::Decision;
use crate::matrix::{Matrix, Packing, Table};
use crate::network::{Head, Layer, Network, Norm};
use crate::tokens::Tokenizer;

/// The version of the format that this code reads.
const VERSION: u32 = 4;
/// Largest number that a shape may name: far above any reader, far below what could overflow.
const LARGEST: usize = 1 << 16;

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// The JSON object under `reader` in the file's metadata, but for its version.
#[derive(Debug, Deserialize)]
struct About {
    layers: usize,
    width: usize,
    heads: usize,
    inner: usize,
    epsilon: f32,
    window: usize,
    bits: usize,
    group: usize,
    word_bits: usize,
    word_group: usize,
    labels: Vec<String>,
    fold: HashMap<char, char>,
    low: f64,
    gap: usize,
    mix: f64,
    score: [f64; 6],
    thresholds: Vec<f64>,
    heat_with_rules: [f64; 5],
    trust: [f64; 4],
    least_trust: f64,
}

/// All that the file holds.
#[derive(Debug)]
pub(crate) struct Contents {
    pub tokenizer: Tokenizer,
    pub network: Network,
    pub decision: Decision,
}

/// Takes a file apart. Nothing of it is trusted: every shape and every number is checked here, so that reading cannot fail.
pub(crate) fn open(bytes: &[u8]) -> Result<Contents, ReaderError> {
    let broken = |error: &dyn std::fmt::Display| ReaderError::new(format!("not a whole safetensors file: {error}"));
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| broken(&error))?;
    let about = metadata.metadata().as_ref().and_then(|entries| entries.get("reader"));
    let about =
        about.ok_or_else(|| ReaderError::new("a safetensors file, but not a reader: no `reader` in its metadata"))?;
    let unexpected = |error| ReaderError::new(format!("the reader's metadata is not as expected: {error}"));
    // By itself and first: another version may well have other fields.
    let Version { version } = serde_json::from_str(about).map_err(unexpected)?;
    if version != VERSION {
        return Err(ReaderError::new(format!("a reader of version {version}; this program reads version {VERSION}")));
    }
    let about: About = serde_json::from_str(about).map_err(unexpected)?;
    about.check()?;
    let file = File(SafeTensors::deserialize(bytes).map_err(|error| broken(&error))?);
    let vocabulary = file.vocabulary()?;
    Ok(Contents {
        network: file.network(&about, vocabulary.split('\n').count())?,
        tokenizer: Tokenizer::new(vocabulary, about.fold, about.window)?,
        decision: Decision {
            labels: about.labels.into_iter().map(Into::into).collect(),
            low: about.low,
            gap: about.gap,
            mix: about.mix,
            score: about.score,
            thresholds: about.thresholds,
            heat_with_rules: about.heat_with_rules,
            trust: about.trust,
            least_trust: about.least_trust,
        },
    })
}

impl About {
    fn check(&self) -> Result<(), ReaderError> {
        let sizes = [self.layers, self.width, self.heads, self.inner, self.window, self.group, self.word_group];
        let sizes_fit = sizes.iter().all(|size| (1..=LARGEST).contains(size));
        let demands = [
            (sizes_fit, "a size is nought or too large"),
            (self.layers <= 64, "more than 64 layers"),
            // Heads are read four columns at a time, rows two at a time.
            (sizes_fit && self.width.is_multiple_of(4 * self.heads), "`width` is not a multiple of four times `heads`"),
            (self.inner.is_multiple_of(4), "`inner` is not a multiple of four"),
            (self.epsilon > 0.0 && self.epsilon < 1.0, "`epsilon` is not between 0 and 1"),
            (!self.labels.is_empty() && self.labels.len() <= 256, "`labels` are none or too many"),
            (self.labels.len() == self.thresholds.len(), "`thresholds` are not one for each of the `labels`"),
            (self.gap <= LARGEST, "`gap` is too large"),
        ];
        match demands.iter().find(|(holds, _)| !holds) {
            None => Ok(()),
            Some((_, fault)) => Err(ReaderError::new(format!("the reader's metadata cannot be: {fault}"))),
        }
    }
}

/// The tensors of the file.
struct File<'bytes>(SafeTensors<'bytes>);

impl<'bytes> File<'bytes> {
    fn vocabulary(&self) -> Result<&'bytes str, ReaderError> {
        let tensor = self.tensor("vocab", Dtype::U8)?;
        std::str::from_utf8(tensor.data()).map_err(|_| ReaderError::new("the vocabulary is not UTF-8"))
    }

    fn network(&self, about: &About, vocabulary: usize) -> Result<Network, ReaderError> {
        let About { width, inner, .. } = *about;
        let layers = Packing::new(about.bits, about.group)?;
        let matrix = |name: String, rows: usize, columns: usize| {
            let (values, scales) = self.packed(&name, rows, columns, layers)?;
            Ok(Matrix::new(values, scales, self.floats(&format!("{name}.bias"), &[rows])?, rows, columns, layers))
        };
        let norm = |name: String| {
            Ok(Norm {
                weight: self.floats(&format!("{name}.weight"), &[width])?,
                bias: self.floats(&format!("{name}.bias"), &[width])?,
                epsilon: about.epsilon,
            })
        };
        let head = |name: &str, rows: usize| {
            Ok(Head {
                weight: self.floats(&format!("{name}.weight"), &[rows, width])?,
                bias: self.floats(&format!("{name}.bias"), &[rows])?,
            })
        };
        let layer = |index: usize| {
            let name = |part: &str| format!("layer.{index}.{part}");
            Ok(Layer {
                query: matrix(name("query"), width, width)?,
                key: matrix(name("key"), width, width)?,
                value: matrix(name("value"), width, width)?,
                output: matrix(name("output"), width, width)?,
                attention_norm: norm(name("attention_norm"))?,
                up: matrix(name("up"), inner, width)?,
                down: matrix(name("down"), width, inner)?,
                norm: norm(name("norm"))?,
            })
        };
        let words = Packing::new(about.word_bits, about.word_group)?;
        let (values, scales) = self.packed("words", vocabulary, width, words)?;
        Ok(Network {
            width,
            heads: about.heads,
            words: Table::new(values, scales, width, words),
            // One place for each token of a window, and for the two around it.
            positions: self.floats("positions", &[about.window + 2, width])?,
            types: self.floats("types", &[2, width])?,
            norm: norm("norm".into())?,
            layers: (0..about.layers).map(layer).collect::<Result<_, ReaderError>>()?,
            tag: head("tag", 1 + about.labels.len())?,
            sentence: head("sentence", 2 + about.labels.len())?,
        })
    }

    /// A quantised matrix as it is stored, and its scales.
    fn packed(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
        packing: Packing,
    ) -> Result<(&'bytes [u8], Vec<f32>), ReaderError> {
        if !columns.is_multiple_of(packing.group) {
            return Err(ReaderError::new(format!(
                "{name}: {columns} columns are not whole groups of {}",
                packing.group
            )));
        }
        let values = format!("{name}.q");
        let tensor = self.tensor(&values, Dtype::U8)?;
        shaped(&values, &tensor, &[rows, columns * packing.bits / 8])?;
        Ok((tensor.data(), self.floats(&format!("{name}.s"), &[rows, columns / packing.group])?))
    }

    /// Half-precision numbers of this shape, all finite.
    fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ReaderError> {
        let tensor = self.tensor(name, Dtype::F16)?;
        shaped(name, &tensor, shape)?;
        let (pairs, _) = tensor.data().as_chunks::<2>();
        let floats: Vec<f32> = pairs.iter().map(|pair| f16::from_le_bytes(*pair).to_f32()).collect();
        match floats.iter().all(|float| float.is_finite()) {
            true => Ok(floats),
            false => Err(ReaderError::new(format!("{name}: not all of it are numbers"))),
        }
    }

    fn tensor(&self, name: &str, kind: Dtype) -> Result<TensorView<'bytes>, ReaderError> {
        let tensor = self.0.tensor(name).map_err(|_| ReaderError::new(format!("{name} is missing")))?;
        match tensor.dtype() == kind {
            true => Ok(tensor),
            false => Err(ReaderError::new(format!("{name}: {:?} where {kind:?} was expected", tensor.dtype()))),
        }
    }
}

/// Whether a tensor has this shape; its first number may be larger (places that no window reaches).
fn shaped(name: &str, tensor: &TensorView<'_>, shape: &[usize]) -> Result<(), ReaderError> {
    let found = tensor.shape();
    let longer = name == "positions" && found.len() == 2 && found[0] >= shape[0] && found[1..] == shape[1..];
    match found == shape || longer {
        true => Ok(()),
        false => Err(ReaderError::new(format!("{name}: of shape {found:?} where {shape:?} was expected"))),
    }
}
