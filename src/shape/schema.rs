//! The shape as a published schema.
