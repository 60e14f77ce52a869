//! Messages that other implementations have signed.
