//! The quantised matrices and their product with a few rows of numbers: nine tenths of the reader's time.
//!
//! Weights are small whole numbers with a scale for each group of columns. The other factor is rounded to whole numbers of
//! sixteen bits, row by row, which loses less than a 30,000th of the row's greatest number; then the products within a group
//! are exact in whole numbers, eight to an instruction (`pmaddwd`, `i32x4.dot_i16x8_s`), in any order. What is left in
//! floating point is added in one written order with no fused steps, so that every processor, and wasm, gives the same bits.

use wide::{f32x4, i16x8, i32x4, i32x8};

use crate::error::ReaderError;

/// Tokens that are multiplied at once; with two rows of weights, all sums stay in registers.
const TOKENS: usize = 4;
/// The greatest whole number that the rounded factor takes.
const GREATEST: f32 = 32767.0;

/// How a matrix is stored: bits a value, and columns that share a scale.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packing {
    pub bits: usize,
    pub group: usize,
}

impl Packing {
    pub fn new(bits: usize, group: usize) -> Result<Self, ReaderError> {
        // Eight columns an instruction; and 512 products of 2^15 and 2^7 just fit the 32 bits they are added in.
        let fits = matches!(bits, 4 | 6 | 8) && group.is_multiple_of(8) && (8..=256).contains(&group);
        let fault = || {
            ReaderError::new(format!(
                "{bits} bits in groups of {group}: 4, 6 or 8 bits, groups of 8 to 256 can be read"
            ))
        };
        fits.then_some(Self { bits, group }).ok_or_else(fault)
    }

    /// The values, about nought, that so many bytes as a value has bits hold: eight.
    fn eight(self, stored: &[u8]) -> [i16; 8] {
        let value = |at: usize| i16::from(stored[at]);
        match self.bits {
            8 => std::array::from_fn(|at| value(at) - 128),
            4 => std::array::from_fn(|at| (value(at / 2) >> (4 * (at % 2)) & 15) - 8),
            _ => std::array::from_fn(|at| {
                let three = |from: usize| u32::from_le_bytes([stored[from], stored[from + 1], stored[from + 2], 0]);
                // Six bits always fit.
                (three(at / 4 * 3) >> (6 * (at % 4)) & 63) as i16 - 32
            }),
        }
    }

    /// The values of a row, or of any bytes that hold whole eights of them.
    ///
    /// Its own function: a browser compiles a function well only from its second call on, so one loop over a whole matrix
    /// would run to its end in slow code.
    #[inline(never)]
    fn unpack(self, stored: &[u8], to: &mut Vec<i16x8>) {
        // Each with its constant, so that each is a loop without questions.
        match self.bits {
            8 => to.extend(
                stored.as_chunks::<8>().0.iter().map(|stored| i16x8::from(Self { bits: 8, ..self }.eight(stored))),
            ),
            4 => to.extend(
                stored.as_chunks::<4>().0.iter().map(|stored| i16x8::from(Self { bits: 4, ..self }.eight(stored))),
            ),
            _ => to.extend(
                stored.as_chunks::<6>().0.iter().map(|stored| i16x8::from(Self { bits: 6, ..self }.eight(stored))),
            ),
        }
    }
}

/// A table of rows that are looked up, kept as packed as it is stored.
#[derive(Debug)]
pub(crate) struct Table {
    values: Vec<u8>,
    /// Half-precision numbers would do, but are slow to widen.
    scales: Vec<f32>,
    columns: usize,
    packing: Packing,
}

impl Table {
    pub fn new(values: &[u8], scales: Vec<f32>, columns: usize, packing: Packing) -> Self {
        Self { values: values.to_vec(), scales, columns, packing }
    }

    /// Adds a row to `to`. A row that the table lacks is nought.
    pub fn add_row(&self, row: usize, to: &mut [f32]) {
        let (stored, groups) = (self.columns * self.packing.bits / 8, self.columns / self.packing.group);
        let values = self.values.get(row * stored..(row + 1) * stored).unwrap_or_default();
        let scales = self.scales.get(row * groups..(row + 1) * groups).unwrap_or_default();
        let groups = values.chunks_exact(self.packing.group * self.packing.bits / 8).zip(scales);
        for ((values, scale), to) in groups.zip(to.chunks_exact_mut(self.packing.group)) {
            let eights = values.chunks_exact(self.packing.bits).flat_map(|stored| self.packing.eight(stored));
            for (to, value) in to.iter_mut().zip(eights) {
                *to += f32::from(value) * scale;
            }
        }
    }
}

/// Rows of numbers, rounded to whole ones: `value = whole × scale of the row`.
#[derive(Debug)]
pub(crate) struct Rounded {
    wholes: Vec<i16x8>,
    scales: Vec<f32>,
    /// Eights of columns.
    eights: usize,
}

impl Rounded {
    /// `columns` is a multiple of eight.
    pub fn new(values: &[f32], columns: usize) -> Self {
        let mut wholes = Vec::with_capacity(values.len() / 8);
        let mut scales = Vec::with_capacity(values.len() / columns);
        for row in values.chunks_exact(columns) {
            let (eights, _) = row.as_chunks::<8>();
            let halves = |eight: &[f32; 8]| {
                let [a, b, c, d, e, f, g, h] = *eight;
                (f32x4::from([a, b, c, d]), f32x4::from([e, f, g, h]))
            };
            let greatest = eights
                .iter()
                .map(halves)
                .fold(f32x4::ZERO, |greatest, (low, high)| greatest.fast_max(low.abs()).fast_max(high.abs()));
            let greatest = greatest.to_array().into_iter().fold(f32::MIN_POSITIVE, f32::max);
            let factor = f32x4::splat(GREATEST / greatest);
            wholes.extend(eights.iter().map(halves).map(|(low, high)| {
                let (low, high) = ((low * factor).round_int(), (high * factor).round_int());
                i16x8::from_i32x8_saturate(bytemuck::cast::<[i32x4; 2], i32x8>([low, high]))
            }));
            scales.push(greatest / GREATEST);
        }
        Self { wholes, scales, eights: columns / 8 }
    }
}

/// A quantised matrix with its bias: what the literature calls a linear layer.
#[derive(Debug)]
pub(crate) struct Matrix {
    /// Two rows after two rows, an eight of the one beside that of the other: they are multiplied together.
    values: Vec<[i16x8; 2]>,
    /// Row after row, one for each group of columns.
    scales: Vec<f32>,
    bias: Vec<f32>,
    rows: usize,
    columns: usize,
    /// Eights of columns that share a scale.
    group: usize,
}

impl Matrix {
    /// `rows` is even; `columns` are whole groups.
    pub fn new(stored: &[u8], scales: Vec<f32>, bias: Vec<f32>, rows: usize, columns: usize, packing: Packing) -> Self {
        let mut values = Vec::with_capacity(rows * columns / 16);
        let mut pair = Vec::with_capacity(columns / 4);
        for stored in stored.chunks_exact(2 * columns * packing.bits / 8) {
            pair.clear();
            packing.unpack(stored, &mut pair);
            let (upper, lower) = pair.split_at(columns / 8);
            values.extend(upper.iter().zip(lower).map(|(upper, lower)| [*upper, *lower]));
        }
        Self { values, scales, bias, rows, columns, group: packing.group / 8 }
    }

    /// For each row of `input`, a row of as many numbers as the matrix has rows.
    pub fn times(&self, input: &Rounded) -> Vec<f32> {
        let mut output = vec![0.0; input.scales.len() * self.rows];
        let tokens = input.wholes.chunks(TOKENS * input.eights).zip(input.scales.chunks(TOKENS));
        for ((wholes, scales), output) in tokens.zip(output.chunks_mut(TOKENS * self.rows)) {
            match scales.len() {
                1 => self.tile::<1>(wholes, scales, output),
                2 => self.tile::<2>(wholes, scales, output),
                3 => self.tile::<3>(wholes, scales, output),
                _ => self.tile::<TOKENS>(wholes, scales, output),
            }
        }
        output
    }

    /// `T` rows of the input by all rows of the matrix, two at a time.
    fn tile<const T: usize>(&self, wholes: &[i16x8], factors: &[f32], output: &mut [f32]) {
        let eights = self.columns / 8;
        let groups = eights / self.group;
        // The tokens' eights side by side, too: one place to read from, not as many as tokens.
        let tokens: Vec<[i16x8; T]> =
            (0..eights).map(|at| std::array::from_fn(|token| wholes[token * eights + at])).collect();
        let pairs = self.values.chunks_exact(eights).zip(self.scales.chunks_exact(2 * groups));
        for (pair, (values, scales)) in pairs.enumerate() {
            let (upper_scales, lower_scales) = scales.split_at(groups);
            let mut sums = [[f32x4::ZERO; 2]; T];
            for group in 0..groups {
                let here = group * self.group..(group + 1) * self.group;
                let mut wholes = [[i32x4::ZERO; 2]; T];
                for (tokens, [upper, lower]) in tokens[here.clone()].iter().zip(&values[here]) {
                    for (wholes, token) in wholes.iter_mut().zip(tokens) {
                        wholes[0] += token.dot(*upper);
                        wholes[1] += token.dot(*lower);
                    }
                }
                let (upper, lower) = (f32x4::splat(upper_scales[group]), f32x4::splat(lower_scales[group]));
                for (sums, wholes) in sums.iter_mut().zip(wholes) {
                    sums[0] += wholes[0].round_float() * upper;
                    sums[1] += wholes[1].round_float() * lower;
                }
            }
            let bias = &self.bias[2 * pair..][..2];
            for ((output, sums), factor) in output.chunks_exact_mut(self.rows).zip(sums).zip(factors) {
                for (row, (sums, bias)) in sums.into_iter().zip(bias).enumerate() {
                    output[2 * pair + row] = sum(sums) * factor + bias;
                }
            }
        }
    }
}

/// The sum of four, in an order that is ours, not the processor's.
pub(crate) fn sum(four: f32x4) -> f32 {
    let [a, b, c, d] = four.to_array();
    (a + b) + (c + d)
}

/// The product of two rows of equal length, a multiple of four.
pub(crate) fn dot(one: &[f32], other: &[f32]) -> f32 {
    let pairs = one.as_chunks::<4>().0.iter().zip(other.as_chunks::<4>().0);
    sum(pairs.fold(f32x4::ZERO, |sum, (one, other)| sum + f32x4::from(*one) * f32x4::from(*other)))
}

/// Adds `factor` times `row` to `to`, of equal length, a multiple of four.
pub(crate) fn add_scaled(to: &mut [f32], factor: f32, row: &[f32]) {
    let factor = f32x4::splat(factor);
    for (to, row) in to.as_chunks_mut::<4>().0.iter_mut().zip(row.as_chunks::<4>().0) {
        *to = (f32x4::from(*to) + factor * f32x4::from(*row)).to_array();
    }
}

/// e^x, to a unit in the last place or two. Not the library's, which differs from one processor to the next.
///
/// The coefficients are those of Cephes' `expf` (S. Moshier), public for thirty years.
pub(crate) fn exp(x: f32x4) -> f32x4 {
    let x = x.fast_max(f32x4::splat(-87.0)).fast_min(f32x4::splat(88.0));
    let power = (x * f32x4::splat(std::f32::consts::LOG2_E)).round_int();
    let turns = power.round_float();
    // ln 2 in two parts: the first has so few digits that its product with `turns` is exact.
    let rest = x - turns * f32x4::splat(0.693_359_4) + turns * f32x4::splat(2.121_944_4e-4);
    let curve = [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5]
        .into_iter()
        .fold(f32x4::splat(1.987_569_1e-4), |curve, coefficient| curve * rest + f32x4::splat(coefficient));
    let curve = curve * rest * rest + rest + f32x4::ONE;
    curve * bytemuck::cast::<i32x4, f32x4>((power + i32x4::splat(127)) << 23)
}

/// `x · Φ(x)`, the activation of the inner layer, in place; the length is a multiple of four.
///
/// The error function is Abramowitz and Stegun's 7.1.26: off by less than 2 in 10 million.
pub(crate) fn gelu(values: &mut [f32]) {
    let half = f32x4::splat(0.5);
    for four in values.as_chunks_mut::<4>().0 {
        let x = f32x4::from(*four);
        let z = x.abs() * f32x4::splat(std::f32::consts::FRAC_1_SQRT_2);
        let t = f32x4::ONE / (f32x4::ONE + f32x4::splat(0.327_591_1) * z);
        let curve = [-1.453_152, 1.421_413_7, -0.284_496_74, 0.254_829_6]
            .into_iter()
            .fold(f32x4::splat(1.061_405_4), |curve, coefficient| curve * t + f32x4::splat(coefficient));
        // 1 - erf z, which is what the curve gives: halved, the part of the bell beyond |x|.
        let beyond = half * curve * t * exp(-(z * z));
        let share = x.simd_lt(f32x4::ZERO).select(beyond, f32x4::ONE - beyond);
        *four = (x * share).to_array();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use half::f16;

    /// Numbers that look random and are the same in every run.
    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let next = |state: &mut u32| {
            *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Some((*state >> 8) as f32 / (1 << 23) as f32 - 1.0)
        };
        std::iter::repeat_with({
            let mut state = seed;
            move || next(&mut state).unwrap_or_default()
        })
        .take(count)
        .collect()
    }

    #[test]
    fn values_of_every_width_are_unpacked_low_bits_first() {
        let values = |bits, stored: &[u8]| {
            let mut values = Vec::new();
            Packing::new(bits, 8).expect("a packing").unpack(stored, &mut values);
            values.into_iter().flat_map(i16x8::to_array).collect::<Vec<_>>()
        };
        assert_eq!(values(8, &[0, 128, 255, 1, 2, 3, 4, 127]), [-128, 0, 127, -127, -126, -125, -124, -1]);
        assert_eq!(values(4, &[0x0f, 0x80, 0x21, 0x43]), [7, -8, -8, 0, -7, -6, -5, -4]);
        let six = [0b0100_0000, 0b1111_0000, 0b1111_1111, 0b0010_0001, 0, 0];
        assert_eq!(values(6, &six), [-32, -31, 31, 31, 1, -32, -32, -32]);
        for (bits, group) in [(5, 64), (8, 4), (8, 12), (8, 0), (8, 512)] {
            assert!(Packing::new(bits, group).is_err(), "{bits} {group}");
        }
    }

    #[test]
    fn a_product_is_what_plain_arithmetic_gives() {
        for (tokens, rows, columns, bits, group) in
            [(1, 2, 8, 8, 8), (2, 4, 64, 4, 32), (3, 6, 48, 6, 16), (4, 8, 128, 8, 64), (9, 4, 192, 4, 64)]
        {
            let packing = Packing::new(bits, group).expect("a packing");
            let stored: Vec<u8> =
                numbers(rows * columns * bits / 8, 5).iter().map(|n| (n * 127.0 + 128.0) as u8).collect();
            let scales: Vec<f32> =
                numbers(rows * columns / group, 6).iter().map(|n| f16::from_f32(n.abs()).to_f32()).collect();
            let (bias, input) = (numbers(rows, 7), numbers(tokens * columns, 8));
            let matrix = Matrix::new(&stored, scales.clone(), bias.clone(), rows, columns, packing);
            let output = matrix.times(&Rounded::new(&input, columns));

            let plain: Vec<f64> =
                stored.chunks_exact(bits).flat_map(|eight| packing.eight(eight)).map(f64::from).collect();
            for (at, found) in output.iter().enumerate() {
                let (token, row) = (at / rows, at % rows);
                let terms = (0..columns).map(|column| {
                    let weight = plain[row * columns + column] * f64::from(scales[(row * columns + column) / group]);
                    weight * f64::from(input[token * columns + column])
                });
                let (wanted, size) =
                    terms.fold((f64::from(bias[row]), 1.0), |(sum, size), term| (sum + term, size + term.abs()));
                assert!(
                    (f64::from(*found) - wanted).abs() < size * 3e-5,
                    "{found} {wanted} {bits} bits, {tokens} tokens"
                );
            }
        }
    }

    #[test]
    fn a_table_adds_its_rows() {
        let packing = Packing::new(4, 8).expect("a packing");
        let table = Table::new(&[0x98; 8], vec![0.5, 2.0], 8, packing);
        let mut to = [1.0; 8];
        table.add_row(0, &mut to);
        assert_eq!(to, [1.0, 1.5, 1.0, 1.5, 1.0, 1.5, 1.0, 1.5]);
        table.add_row(1, &mut to);
        assert_eq!(to, [1.0, 3.5, 1.0, 3.5, 1.0, 3.5, 1.0, 3.5]);
        table.add_row(2, &mut to);
        assert_eq!(to[0], 1.0, "there is no such row");
    }

    #[test]
    fn rounding_keeps_nought_and_survives_what_is_no_number() {
        assert_eq!(Rounded::new(&[0.0; 8], 8).wholes, [i16x8::ZERO]);
        let rounded = Rounded::new(&[1.0, -1.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0], 8);
        assert_eq!(rounded.wholes[0].to_array(), [32767, -32767, 16384, 0, 0, 0, 0, 0]);
        for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN_POSITIVE] {
            Rounded::new(&[odd; 16], 16);
        }
    }

    #[test]
    fn exp_and_gelu_are_as_in_the_library() {
        for step in -8700..=880 {
            let x = step as f32 / 100.0;
            let found = f64::from(exp(f32x4::splat(x)).to_array()[0]);
            let wanted = f64::from(x).exp();
            assert!((found / wanted - 1.0).abs() < 4e-7, "exp {x}: {found} {wanted}");
        }
        for step in -2000..=2000 {
            let x = step as f32 / 200.0;
            let mut found = [x; 4];
            gelu(&mut found);
            let wanted = f64::from(x) * 0.5 * (1.0 + libm::erf(f64::from(x) / std::f64::consts::SQRT_2));
            assert!(
                (f64::from(found[3]) - wanted).abs() < 1e-6 * wanted.abs().max(0.4),
                "gelu {x}: {found:?} {wanted}"
            );
        }
        assert!(exp(f32x4::splat(-1e9)).to_array()[0] < 1e-37);
    }
}
