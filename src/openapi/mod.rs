//! The published document of all routes.
