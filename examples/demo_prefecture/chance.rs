//! Chance without chance: a seeded generator (SplitMix64), lattice noise, and `exp` by arithmetic
//! alone, so that every machine computes the same bits.

/// SplitMix64 (Steele, Lea, Flood 2014).
pub struct Chance(u64);

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The upper 53 bits as a number in [0, 1).
fn to_unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// In [0, 1).
    pub fn unit(&mut self) -> f64 {
        to_unit(self.next())
    }

    /// In [from, to).
    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    /// In 0..bound.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.unit() * bound as f64) as usize
    }

    /// True with the given probability.
    pub fn hit(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Position drawn in proportion to the weights.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (position, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return position;
            }
        }
        weights.len() - 1
    }
}

/// A fixed number in [-1, 1) for each lattice point.
pub fn lattice(x: i64, y: i64, seed: u64) -> f64 {
    let mixed = mix((x as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ mix(y as u64 ^ mix(seed)));
    to_unit(mixed) * 2.0 - 1.0
}

/// Smooth noise in [-1, 1] with features of size 1.
pub fn noise(x: f64, y: f64, seed: u64) -> f64 {
    let (x0, y0) = (x.floor(), y.floor());
    let ease = |t: f64| t * t * (3.0 - 2.0 * t);
    let (tx, ty) = (ease(x - x0), ease(y - y0));
    let at = |dx: i64, dy: i64| lattice(x0 as i64 + dx, y0 as i64 + dy, seed);
    let south = at(0, 0) + (at(1, 0) - at(0, 0)) * tx;
    let north = at(0, 1) + (at(1, 1) - at(0, 1)) * tx;
    south + (north - south) * ty
}

/// Sum of octaves of [`noise`], the largest of size `size`; about [-1, 1].
pub fn fractal(x: f64, y: f64, size: f64, octaves: u64, seed: u64) -> f64 {
    let (mut sum, mut weight, mut scale) = (0.0, 0.5, size);
    for octave in 0..octaves {
        sum += weight * noise(x / scale, y / scale, seed + octave);
        weight *= 0.5;
        scale *= 0.5;
    }
    sum
}

/// exp(−x) for x ≥ 0 as (1 − x/4096)^4096: only products, hence the same bits everywhere.
pub fn fade(x: f64) -> f64 {
    let mut power = (1.0 - x / 4096.0).max(0.0);
    for _ in 0..12 {
        power *= power;
    }
    power
}
