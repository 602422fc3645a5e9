//! Chance that is the same every time: the demonstration looks alike wherever it is loaded.

/// A small generator (xorshift64*), for invented data only.
pub struct Chance(u64);

impl Chance {
    /// A generator; the same seed gives the same numbers.
    pub const fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).unwrap_or(1).max(1);
        low + i64::try_from((self.next() >> 11) % span).unwrap_or(0)
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, times: i64) -> bool {
        self.between(1, 100) <= times
    }

    /// One of these.
    pub fn pick<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        let last = i64::try_from(items.len()).unwrap_or(1) - 1;
        &items[usize::try_from(self.between(0, last)).unwrap_or(0)]
    }

    /// One of these, the first ones more often than the last.
    pub fn pick_early<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        let last = i64::try_from(items.len()).unwrap_or(1) - 1;
        let at = self.between(0, last).min(self.between(0, last));
        &items[usize::try_from(at).unwrap_or(0)]
    }
}
