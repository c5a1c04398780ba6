//! A repeatable source of choices.

/// SplitMix64 (Steele, Lea & Flood 2014, OOPSLA).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `limit` − 1; 0 if there is no choice.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        // The remainder favours low numbers by less than limit ÷ 2⁶⁴.
        (self.next() % limit.max(1) as u64) as usize
    }
}
