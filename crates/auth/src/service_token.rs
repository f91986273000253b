//! Tokens of outside bots that the environment names. Pure.

use context::{
    Permission::{
        ApplicationsCreate, ApplicationsEdit, ApplicationsRead, SurveysCreate, SurveysEdit, SurveysRead,
    },
    Permissions,
};
use subtle::ConstantTimeEq;

/// A token of an outside bot, for the default workspace, of which the environment holds SHA-256.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceToken {
    name: &'static str,
    digest: [u8; 32],
    permissions: Permissions,
}

impl std::fmt::Debug for ServiceToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ServiceToken({})", self.name)
    }
}

impl ServiceToken {
    /// The bot that takes applications (`SERVICE_TOKEN_BOT1_HASH`). Whoever reads applications or surveys reads the catalog
    /// items, too, from which they choose.
    pub fn bot1(digest: [u8; 32]) -> Self {
        let permissions = [ApplicationsRead, ApplicationsCreate, ApplicationsEdit].into_iter().collect();
        Self { name: "SERVICE_TOKEN_BOT1", digest, permissions }
    }

    /// The bot that asks surveys (`SERVICE_TOKEN_BOT2_HASH`).
    pub fn bot2(digest: [u8; 32]) -> Self {
        let permissions = [SurveysRead, SurveysCreate, SurveysEdit].into_iter().collect();
        Self { name: "SERVICE_TOKEN_BOT2", digest, permissions }
    }
}

/// Whose the token of this digest is: its name and what it may do. Where two bots have one token, it does what both may
/// under the name of the first.
pub(crate) fn find(tokens: &[ServiceToken], digest: &[u8; 32]) -> Option<(&'static str, Permissions)> {
    let mut found: Option<(&'static str, Permissions)> = None;
    // All are looked at, each in constant time.
    for ServiceToken { name, digest: kept, permissions } in tokens {
        if bool::from(kept.ct_eq(digest)) {
            let (name, before) = found.unwrap_or((name, Permissions::NONE));
            found = Some((name, before.iter().chain(permissions.iter()).collect()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    #[test]
    fn a_token_does_what_its_bot_may_and_one_of_two_bots_what_both_may() {
        let (one, two) = (token::digest("one"), token::digest("two"));
        let tokens = [ServiceToken::bot1(one), ServiceToken::bot2(two)];
        let (name, may) = find(&tokens, &one).unwrap();
        assert!(may.has(ApplicationsEdit) && !may.has(SurveysRead));
        assert_eq!(name, "SERVICE_TOKEN_BOT1");
        assert!(find(&tokens, &two).unwrap().1.has(SurveysCreate));
        assert_eq!(find(&tokens, &token::digest("three")), None);
        let both = find(&[ServiceToken::bot1(one), ServiceToken::bot2(one)], &one).unwrap();
        assert!(both.1.has(ApplicationsEdit) && both.1.has(SurveysRead), "{both:?}");
        assert_eq!(format!("{:?}", tokens[0]), "ServiceToken(SERVICE_TOKEN_BOT1)");
    }
}
