//! What becomes of a call whose rights and content were checked: a registration, or what a definition names instead.

mod feed;
pub mod lookup;
mod registration;
mod report;

use crate::call::{Admitted, Answer, Incoming};
use crate::operation::Answers;
use crate::problem::Problem;

/// Answers as the route's definition says.
///
/// # Errors
/// What stood in the way.
pub async fn answer(admitted: Admitted, incoming: Incoming<'_>) -> Result<Answer, Problem> {
    match admitted.route().spec.answers {
        Answers::Registration => registration::answer(admitted, incoming, registration::registered).await,
        Answers::Report => registration::answer(admitted, incoming, report::settled).await,
        Answers::LookUp => lookup::one(admitted, incoming).await,
        Answers::LookUpOfMany => lookup::many(admitted, incoming).await,
        Answers::Feed => feed::answer(admitted, incoming).await,
    }
}
