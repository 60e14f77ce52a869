//! What is known of young people for a while, and who waits for what.

mod answer_size;
mod contacts;
mod memory;

pub use answer_size::{NUMBERS_PER_CALL, ROWS_PER_ANSWER, RowsEach};
pub use contacts::{Contacts, Joined};
pub use memory::{Document, Known, Looked, Source};
