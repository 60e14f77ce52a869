//! Members, parameters and answers that several kinds of registration share.

use crate::operation::{Kinds, Parameter, ParameterKind, Part};
use crate::shape::{Kind, Member, Object, optional, required, text};
use crate::types::AuthorityKind::{ExternalOperator, Jobcenter, UnemploymentFund};

/// Jobcentres only.
pub const JOBCENTERS: Kinds = Kinds::any(&[Jobcenter]);
/// Jobcentres and the external operators that work for them.
pub const JOBCENTERS_AND_OPERATORS: Kinds = Kinds::any(&[Jobcenter, ExternalOperator]);
/// Jobcentres and unemployment funds.
pub const JOBCENTERS_AND_FUNDS: Kinds = Kinds::any(&[Jobcenter, UnemploymentFund]);
/// Whoever may hold interviews.
pub const INTERVIEWERS: Kinds = Kinds::any(&[Jobcenter, UnemploymentFund, ExternalOperator]);

/// A CPR number that fills the given elements.
pub const fn cpr(wire: &'static str) -> Parameter {
    Parameter {
        name: "cpr",
        wire: Some(wire),
        kind: ParameterKind::Cpr,
        doc: "The person's CPR number, ten digits; or `-`, with the number in the header X-CivilRegistrationIdentifier.",
    }
}

/// A CPR number that the operation does not carry: it serves authorisation and audit.
pub const fn cpr_not_sent() -> Parameter {
    Parameter {
        name: "cpr",
        wire: None,
        kind: ParameterKind::Cpr,
        doc: "The CPR number of the person concerned, for the audit trail; the upstream gets the identifier only. `-` with the header X-CivilRegistrationIdentifier works too.",
    }
}

/// An identifier of an earlier receipt that fills the given elements.
pub const fn identifier(name: &'static str, wire: &'static str, doc: &'static str) -> Parameter {
    Parameter { name, wire: Some(wire), kind: ParameterKind::Guid, doc }
}

/// What STAR answers to most registrations.
pub const RECEIPT: Part = Part { prefix: "ServiceReceipt", object: &RECEIPT_OBJECT };

static RECEIPT_OBJECT: Object = Object {
    name: "Receipt",
    doc: "STAR's receipt for a registration.",
    members: &[
        required("eventDate", "EventDate", Kind::Instant)
            .doc("When STAR registered it; a date and time, although named a date.")
            .example("2026-11-20T10:15:00+01:00"),
        required("messageIdentifier", "MessageIdentifier", Kind::Guid)
            .doc("The identifier with which the registration is changed or deleted later. That the receipt's identifier is the registration's own is inferred from the interface description.")
            .example("7d4a1c52-0b3e-4f6a-9c1d-2e5f8a9b0c3d"),
    ],
};

/// Why a registration is corrected; required.
pub const CORRECTION_COMMENT: Member = required("correctionComment", "CorrectionComment", text(1, 1500))
    .doc("Why the registration is corrected, as free text.")
    .example("Registered on the wrong day.");

/// Why a registration is corrected; may be left out.
pub const OPTIONAL_CORRECTION_COMMENT: Member =
    optional("correctionComment", "CorrectionComment", text(1, 1500))
        .doc("Why the registration is corrected, as free text.")
        .example("Registered on the wrong day.");

/// The comment on its own, where nothing else is sent.
pub static COMMENT: Object = Object {
    name: "CorrectionComment",
    doc: "Why a registration is corrected or deleted. Free text that may speak of health: it never stands in a URL.",
    members: &[CORRECTION_COMMENT],
};

/// The optional comment beside a registration.
pub static OPTIONAL_COMMENT: Object = Object {
    name: "OptionalCorrectionComment",
    doc: "Why a registration is corrected.",
    members: &[OPTIONAL_CORRECTION_COMMENT],
};
