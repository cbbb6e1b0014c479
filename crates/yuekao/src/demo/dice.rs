//! Dice that fall the same on every machine: a counter that SHA-256 has seeded, whole numbers only.

use sha2::{Digest as _, Sha256};

/// A stream of chance that belongs to one purpose; other purposes have other streams.
pub struct Dice(u64);

impl Dice {
    /// Dice for `purpose`, for example `findings|2021-09|421221000000`.
    pub fn new(seed: u64, purpose: &str) -> Self {
        let digest = Sha256::digest(format!("yuekao-demo|{seed}|{purpose}"));
        Self(
            digest[..8]
                .iter()
                .fold(0, |state, byte| state << 8 | u64::from(*byte)),
        )
    }

    /// SplitMix64: the counter moves on, and its bits are mixed.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// 0 … `end` − 1; 0 if `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// `low` … `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as u64) as i64
    }

    /// True so many times in a thousand.
    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of `items`, which are not empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// An index, as often as its weight says; the weights are not all 0.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut at = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if at < *weight {
                return index;
            }
            at -= weight;
        }
        unreachable!("the number thrown lies below the sum of the weights")
    }

    /// Fisher–Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

/// `total` divided in proportion to `weights`; what is left over goes to the largest remainders, the first of equals first.
pub fn shares(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u64 = weights.iter().sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let mut shares: Vec<u64> = weights.iter().map(|weight| total * weight / sum).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(total * weights[index] % sum));
    let left = total - shares.iter().sum::<u64>();
    for index in order.into_iter().take(left as usize) {
        shares[index] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_purpose_falls_the_same_and_another_does_not() {
        let throw = |seed, purpose| {
            let mut dice = Dice::new(seed, purpose);
            (0..9).map(|_| dice.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(throw(1, "a"), throw(1, "a"));
        assert_ne!(throw(1, "a"), throw(2, "a"));
        assert_ne!(throw(1, "a"), throw(1, "b"));
    }

    #[test]
    fn a_die_has_six_sides_and_each_of_them_falls() {
        let mut dice = Dice::new(7, "sides");
        let mut fallen = [0; 6];
        for _ in 0..6000 {
            fallen[dice.between(1, 6) as usize - 1] += 1;
        }
        assert!(
            fallen.iter().all(|times| (850..1150).contains(times)),
            "{fallen:?}"
        );
    }

    #[test]
    fn weights_of_nought_are_never_thrown() {
        let mut dice = Dice::new(7, "weights");
        assert!((0..500).all(|_| dice.weighted(&[0, 3, 0, 1]) % 2 == 1));
    }

    #[test]
    fn shares_sum_to_the_total() {
        #[rustfmt::skip]
        let cases: [(u64, &[u64], &[u64]); 4] = [
            (10, &[1, 1, 1],    &[4, 3, 3]),
            (7,  &[5, 0, 3],    &[4, 0, 3]),
            (0,  &[1, 2],       &[0, 0]),
            (3,  &[0, 0],       &[0, 0]),
        ];
        for (total, weights, expected) in cases {
            assert_eq!(shares(total, weights), expected);
        }
    }
}
