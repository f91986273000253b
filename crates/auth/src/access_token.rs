//! The access token of a sign-in without a cookie: a JWT (RFC 7519) that names a session for a quarter of an hour. Pure.
//!
//! It says who signed in and by which session; what they may do is looked up at every request, as for a cookie. Signed
//! with HMAC-SHA256 (RFC 7518, section 3.2) by a key of its own that comes of the server's secret; a token that names
//! another algorithm is none.

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::ErrorKind,
    signature::{Error as SignatureError, Signer, Verifier},
};
use kernel::{Error, Id, PersonId, Result, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::Session;

/// Seconds that an access token holds.
pub const ACCESS_S: i64 = 900;
/// Characters of a token at most; ours have some four hundred.
const TOKEN_AT_MOST: usize = 1_000;
/// Who makes them.
const ISSUER: &str = "karvon";
/// Whom they are for.
const AUDIENCE: &str = "karvon.api";
/// What the key is derived for, so that it opens nothing else that the secret protects.
const PURPOSE: &[u8] = b"auth access token";

/// What a token says (RFC 7519, section 4.1; `sid` as in OpenID Connect Front-Channel Logout 1.0).
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    exp: i64,
}

/// Who calls with a token that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Access {
    /// Who signed in.
    pub person: PersonId,
    /// By which session.
    pub session: Id<Session>,
}

/// Whether `bearer` has the form of a JWT (RFC 7515, section 7.1): three parts between dots. No key of ours has a dot.
pub(crate) fn is_token(bearer: &str) -> bool {
    bearer.split('.').count() == 3
}

/// Signs and reads tokens.
pub(crate) struct AccessKey([u8; 32]);

impl AccessKey {
    /// The key that comes of the server's secret. Errors: none that happen, HMAC takes keys of any length.
    pub fn derived(secret: &[u8; 32]) -> Result<Self> {
        // Once in a process; later calls change nothing.
        let _installed = PROVIDER.install_default();
        Ok(Self(sealed(secret, PURPOSE).map_err(Error::internal)?))
    }

    /// A token for this session from `now` on.
    pub fn sign(&self, session: &Session, now: Timestamp) -> Result<String> {
        let iat = now.as_millis().div_euclid(1_000);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: session.person.uuid(),
            sid: session.id.uuid(),
            iat,
            exp: iat.saturating_add(ACCESS_S),
        };
        let key = EncodingKey::from_secret(&self.0);
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).map_err(Error::internal)
    }

    /// Who calls with this token at `now`; `None` when it is not ours, was changed, or has ended.
    pub fn read(&self, token: &str, now: Timestamp) -> Option<Access> {
        if token.len() > TOKEN_AT_MOST {
            return None;
        }
        let mut wanted = Validation::new(Algorithm::HS256);
        wanted.set_issuer(&[ISSUER]);
        wanted.set_audience(&[AUDIENCE]);
        wanted.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // The library would look at the machine's clock; ours is asked below.
        wanted.validate_exp = false;
        let key = DecodingKey::from_secret(&self.0);
        let Claims { iss: _, aud: _, sub, sid, iat: _, exp } =
            jsonwebtoken::decode::<Claims>(token, &key, &wanted).ok()?.claims;
        let holds = now.as_millis() < exp.checked_mul(1_000)?;
        holds.then_some(Access { person: Id::from_uuid(sub), session: Id::from_uuid(sid) })
    }
}

/// HMAC-SHA256 of the crates that are linked anyway. The library's own would bring RSA and three curves, and RSA in a
/// version with an open advisory (RUSTSEC-2023-0071).
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => Ok(Box::new(Hs256(key.as_bytes().to_vec()))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    verifier_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => Ok(Box::new(Hs256(key.try_get_as_bytes()?.to_vec()))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

struct Hs256(Vec<u8>);

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, SignatureError> {
        sealed(&self.0, message).map(Vec::from)
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), SignatureError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).map_err(SignatureError::from_source)?;
        mac.update(message);
        // Compared in constant time.
        mac.verify_slice(signature).map_err(SignatureError::from_source)
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

fn sealed(key: &[u8], message: &[u8]) -> std::result::Result<[u8; 32], SignatureError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(SignatureError::from_source)?;
    mac.update(message);
    Ok(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::*;
    use crate::SessionKind;

    const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_999);

    fn session() -> Session {
        Session {
            id: Id::from_uuid(Uuid::from_u128(7)),
            person: Id::from_uuid(Uuid::from_u128(8)),
            at_workspace: Id::from_uuid(Uuid::from_u128(9)),
            kind: SessionKind::Token,
            agent: String::new(),
            origin: String::new(),
            created_at: NOW,
            seen_at: NOW,
        }
    }

    fn key() -> AccessKey {
        AccessKey::derived(&[5; 32]).unwrap()
    }

    /// A token of this header and these claims, signed by `key` as our own are.
    fn made(key: &[u8], header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let body = format!("{}.{}", part(header), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(sealed(key, body.as_bytes()).unwrap());
        format!("{body}.{signature}")
    }

    fn claims() -> Value {
        let (sub, sid) = (session().person, session().id);
        json!({"iss": ISSUER, "aud": AUDIENCE, "sub": sub, "sid": sid, "iat": 1_790_000_000, "exp": 1_790_000_900})
    }

    #[test]
    fn a_token_names_its_session_for_a_quarter_of_an_hour() {
        let token = key().sign(&session(), NOW).unwrap();
        let expected = Some(Access { person: session().person, session: session().id });
        assert!(is_token(&token) && token.len() < 500, "{token}");
        assert_eq!(key().read(&token, NOW), expected);
        assert_eq!(key().read(&token, Timestamp::from_millis(1_790_000_899_999)), expected);
        assert_eq!(key().read(&token, Timestamp::from_millis(1_790_000_900_000)), None);
    }

    #[test]
    fn a_token_of_another_secret_or_of_the_secret_itself_is_none() {
        let other = AccessKey::derived(&[6; 32]).unwrap();
        assert_eq!(key().read(&other.sign(&session(), NOW).unwrap(), NOW), None);
        let header = json!({"typ": "JWT", "alg": "HS256"});
        assert!(key().read(&made(&key().0, &header, &claims()), NOW).is_some(), "the test signs as we do");
        assert_eq!(key().read(&made(&[5; 32], &header, &claims()), NOW), None);
    }

    #[test]
    fn a_token_that_names_another_algorithm_is_none() {
        for alg in ["none", "None", "RS256", "HS384", "HS512", "ES256", "EdDSA", ""] {
            let token = made(&key().0, &json!({"typ": "JWT", "alg": alg}), &claims());
            assert_eq!(key().read(&token, NOW), None, "{alg}");
            let (body, _) = token.rsplit_once('.').unwrap();
            assert_eq!(key().read(&format!("{body}."), NOW), None, "{alg}");
        }
        let with_a_key = json!({"typ": "JWT", "alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}});
        assert_eq!(key().read(&made(&[0, 0, 0], &with_a_key, &claims()), NOW), None);
    }

    #[test]
    fn a_token_that_was_changed_in_any_place_is_none() {
        let token = key().sign(&session(), NOW).unwrap();
        for place in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(key().read(&changed, NOW), None, "{place}");
        }
        for odd in ["", ".", "..", "a.b.c", "eyJ.eyJ.", &format!("{token}.{token}"), &"a.b.c".repeat(999)] {
            assert_eq!(key().read(odd, NOW), None, "{odd:.30}");
        }
    }

    #[test]
    fn a_token_for_another_audience_or_by_another_issuer_is_none() {
        let header = json!({"typ": "JWT", "alg": "HS256"});
        for (name, value) in [
            ("iss", json!("another")),
            ("iss", Value::Null),
            ("aud", json!("another")),
            ("aud", Value::Null),
            ("exp", json!(1_789_999_999)),
            ("exp", json!(i64::MAX)),
            ("exp", Value::Null),
            ("sub", json!("me")),
            ("sid", json!(7)),
        ] {
            let mut odd = claims();
            odd[name] = value.clone();
            assert_eq!(key().read(&made(&key().0, &header, &odd), NOW), None, "{name} {value}");
            odd.as_object_mut().unwrap().remove(name);
            assert_eq!(key().read(&made(&key().0, &header, &odd), NOW), None, "no {name}");
        }
    }

    #[test]
    fn keys_and_tokens_are_told_apart() {
        let random = context::Random::from_seed(1);
        for _ in 0..50 {
            assert!(!is_token(crate::Secret::for_key(&random).reveal()));
        }
        assert!(is_token("a.b.c") && !is_token("a.b") && !is_token("a.b.c.d") && !is_token("krv_abc"));
    }
}
