//! Requests: a payload becomes a signed envelope, written once and never touched again.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use super::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use super::key::SigningKey;
use super::names::{BASE64_BINARY, DS, EXCLUSIVE_C14N, WSSE, WSU, X509_V3, envelope_namespace};
use super::timestamp::{LIFETIME, write_instant};
use crate::soap::schema::SoapVersion;

/// Signs messages with an X.509 token (WS-Security 1.0, X.509 token profile).
#[derive(Debug)]
pub struct Signer {
    key: SigningKey,
    digest: DigestAlgorithm,
}

/// The RSA operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message could not be signed")]
pub struct SignError;

impl Signer {
    /// Signs with `key`, whose algorithm it is, and digests with `digest`.
    pub fn new(key: SigningKey, digest: DigestAlgorithm) -> Self {
        Self { key, digest }
    }

    /// The whole envelope around `body_children`, with its Timestamp and Body signed.
    ///
    /// `body_children` must be its own exclusive canonical form: UTF-8, every prefix declared
    /// where it is first used and not again below, no empty-element tags, `&`, `<`, `>` and CR
    /// escaped. The bytes returned must go out as they are. Every attempt needs a new envelope,
    /// since the platform may refuse one that it has seen.
    ///
    /// Computes for as long as the RSA operation takes: with rsa-sha256 about 0.4 ms at 2048,
    /// 1 ms at 3072 and 2 ms at 4096 bits; with rsa-sha1, which AWS-LC does not have, 8 ms at
    /// 3072. Call it where blocking is allowed.
    ///
    /// # Errors
    /// Only when the RSA operation itself fails.
    pub fn sign(&self, soap: SoapVersion, body_children: &[u8], now: Timestamp) -> Result<Bytes, SignError> {
        self.sign_beside(soap, b"", body_children, now)
    }

    /// As [`Self::sign`], with header blocks beside the signature; they are not signed themselves.
    ///
    /// # Errors
    /// Only when the RSA operation itself fails.
    pub fn sign_beside(
        &self,
        soap: SoapVersion,
        header_blocks: &[u8],
        body_children: &[u8],
        now: Timestamp,
    ) -> Result<Bytes, SignError> {
        self.sign_as(soap, (header_blocks, body_children), now, Uuid::new_v4())
    }

    /// As [`Self::sign`], with the identifier from which the ids of the message are made.
    pub(super) fn sign_as(
        &self,
        soap: SoapVersion,
        (header_blocks, body_children): (&[u8], &[u8]),
        now: Timestamp,
        message: Uuid,
    ) -> Result<Bytes, SignError> {
        let soap = envelope_namespace(soap);
        let timestamp = timestamp(message, now);
        let body_open =
            format!(r#"<soap:Body xmlns:soap="{soap}" xmlns:wsu="{WSU}" wsu:Id="Body-{message}">"#);
        let body = [body_open.as_bytes(), body_children, b"</soap:Body>"];
        let signed_info = signed_info(
            message,
            self.key.algorithm(),
            self.digest,
            self.digest.digest(timestamp.as_bytes()).as_ref(),
            self.digest.digest_all(&body).as_ref(),
        );
        let signature = self.key.sign(signed_info.as_bytes()).ok_or(SignError)?;
        let head = head(soap, message, &timestamp, self.key.token(), &signed_info, &signature);
        let [open, children, close] = body;
        let whole =
            [head.as_bytes(), header_blocks, b"</soap:Header>", open, children, close, b"</soap:Envelope>"];
        Ok(whole.concat().into())
    }
}

// Everything that is signed declares the prefixes it uses, sorted, although the elements around
// it declare them too: that is its exclusive canonical form, and so the digest can be made of
// the bytes that are sent.

fn timestamp(message: Uuid, now: Timestamp) -> String {
    let created = write_instant(now);
    let expires = write_instant(now.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX));
    format!(
        "<wsu:Timestamp xmlns:wsu=\"{WSU}\" wsu:Id=\"Timestamp-{message}\">\
         <wsu:Created>{created}</wsu:Created>\
         <wsu:Expires>{expires}</wsu:Expires>\
         </wsu:Timestamp>"
    )
}

fn signed_info(
    message: Uuid,
    signature: SignatureAlgorithm,
    digest: DigestAlgorithm,
    timestamp: &[u8],
    body: &[u8],
) -> String {
    let signature = signature.uri();
    let timestamp = reference("Timestamp", message, digest, timestamp);
    let body = reference("Body", message, digest, body);
    format!(
        "<ds:SignedInfo xmlns:ds=\"{DS}\">\
         <ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE_C14N}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{signature}\"></ds:SignatureMethod>\
         {timestamp}{body}\
         </ds:SignedInfo>"
    )
}

fn reference(part: &str, message: Uuid, digest: DigestAlgorithm, value: &[u8]) -> String {
    let digest = digest.uri();
    let value = BASE64_STANDARD.encode(value);
    format!(
        "<ds:Reference URI=\"#{part}-{message}\">\
         <ds:Transforms>\
         <ds:Transform Algorithm=\"{EXCLUSIVE_C14N}\"></ds:Transform>\
         </ds:Transforms>\
         <ds:DigestMethod Algorithm=\"{digest}\"></ds:DigestMethod>\
         <ds:DigestValue>{value}</ds:DigestValue>\
         </ds:Reference>"
    )
}

/// All that comes before the other header blocks.
fn head(
    soap: &str,
    message: Uuid,
    timestamp: &str,
    token: &str,
    signed_info: &str,
    signature: &[u8],
) -> String {
    let signature = BASE64_STANDARD.encode(signature);
    format!(
        "<soap:Envelope xmlns:soap=\"{soap}\">\
         <soap:Header>\
         <wsse:Security xmlns:wsse=\"{WSSE}\" xmlns:wsu=\"{WSU}\" soap:mustUnderstand=\"1\">\
         {timestamp}\
         <wsse:BinarySecurityToken EncodingType=\"{BASE64_BINARY}\" ValueType=\"{X509_V3}\" \
         wsu:Id=\"Token-{message}\">{token}</wsse:BinarySecurityToken>\
         <ds:Signature xmlns:ds=\"{DS}\">\
         {signed_info}\
         <ds:SignatureValue>{signature}</ds:SignatureValue>\
         <ds:KeyInfo>\
         <wsse:SecurityTokenReference>\
         <wsse:Reference URI=\"#Token-{message}\" ValueType=\"{X509_V3}\"></wsse:Reference>\
         </wsse:SecurityTokenReference>\
         </ds:KeyInfo>\
         </ds:Signature>\
         </wsse:Security>"
    )
}
