//! What the operator sees: logs, traces and metrics.

pub mod logs;
pub mod panics;
