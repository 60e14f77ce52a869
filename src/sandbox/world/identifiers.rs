//! New identifiers: a sequence that a seed decides, so that a run can be repeated.

/// A source of GUIDs of version 4 form.
#[derive(Debug)]
pub(crate) struct Identifiers(u64);

impl Identifiers {
    /// The sequence of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next identifier, in lower case.
    pub(crate) fn next(&mut self) -> String {
        let bits = (u128::from(self.step()) << 64) | u128::from(self.step());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string()
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    fn step(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }
}
