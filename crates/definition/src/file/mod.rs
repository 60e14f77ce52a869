//! The definition that an operator writes: a TOML file, read with all its faults at once.
