//! Why a message is not what its sender signed.

/// Why an envelope is refused. None of them says anything of what is in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Not well-formed, not UTF-8, too deep, or with a DTD.
    #[error("the message is not XML that SOAP allows")]
    NotXml,
    /// No signature anywhere in it.
    #[error("the message is not signed")]
    Unsigned,
    /// Not an Envelope of exactly one Header and one Body.
    #[error("the message is not an envelope of one header and one body")]
    NotAnEnvelope,
    /// A second Body, wherever it is.
    #[error("there is more than one Body")]
    SeveralBodies,
    /// A second Security header, wherever it is.
    #[error("there is more than one Security header")]
    SeveralSecurityHeaders,
    /// A second signature, wherever it is.
    #[error("there is more than one signature")]
    SeveralSignatures,
    /// The Security header or the signature stands where it does not count.
    #[error("the signature is not in a Security header for the receiver")]
    Misplaced,
    /// Two elements with one id.
    #[error("an id occurs twice")]
    DuplicateId,
    /// The named element is missing, repeated, unreadable or has something in its place.
    #[error("{0} is not as it must be")]
    Malformed(&'static str),
    /// Another algorithm than those configured.
    #[error("the algorithm is not accepted")]
    AlgorithmRefused,
    /// Another transform than one exclusive canonicalisation without comments.
    #[error("the transform is not accepted")]
    TransformRefused,
    /// To nothing, to another document, twice to one part, or to what is no part of a message.
    #[error("the signature refers to something else than a part of the message")]
    ReferenceRefused,
    /// The part is there, but the signature does not cover it.
    #[error("the signature does not cover the {0}")]
    NotCovered(SignedPart),
    /// The signature does not name a certificate that came with it.
    #[error("the signing certificate is not in the message")]
    CertificateMissing,
    /// Not a readable certificate of an RSA key that may sign.
    #[error("the certificate is not one for RSA signatures")]
    CertificateUnusable,
    /// No chain to a trust anchor.
    #[error("the certificate does not lead to a trust anchor")]
    CertificateUntrusted,
    /// The certificate, or one above it, is not valid at this time.
    #[error("the certificate is not valid now")]
    CertificateNotValidNow,
    /// `SignatureValue` was not made by the certificate's key over this `SignedInfo`.
    #[error("the signature does not fit the certificate")]
    SignatureMismatch,
    /// The part is not what was signed.
    #[error("the {0} is not what was signed")]
    DigestMismatch(SignedPart),
    /// `Expires` or five minutes have passed.
    #[error("the message has expired")]
    Expired,
    /// `Created` is in the future.
    #[error("the message is from the future")]
    NotYetValid,
}

/// What a reference of a signature points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedPart {
    /// The Body of the envelope.
    Body,
    /// The Timestamp in the Security header.
    Timestamp,
    /// Another header, or another part of the Security header, such as the token.
    Header,
}

impl std::fmt::Display for SignedPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Body => "Body",
            Self::Timestamp => "Timestamp",
            Self::Header => "header",
        })
    }
}
