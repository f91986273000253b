//! Signed addresses: for bots, messengers and others who have no session.

use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Result, Timestamp, WorkspaceId};
use serde::Deserialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{Hash, pages::path};

/// Bytes of the seal that stand in an address: 128 bits, as for a random token.
const SEAL_BYTES: usize = 16;

/// The query of a signed address.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Signature {
    /// The workspace.
    #[serde(default)]
    w: Option<Uuid>,
    /// The moment until which it holds, in milliseconds.
    #[serde(default)]
    u: Option<i64>,
    /// The seal.
    #[serde(default)]
    s: Option<String>,
}

impl Signature {
    /// The workspace whose file is asked for, when the seal is right and the moment has not come; `None` when the
    /// address is not signed at all.
    pub(crate) fn workspace(
        &self,
        secret: &[u8; 32],
        hash: Hash,
        now: Timestamp,
    ) -> Result<Option<WorkspaceId>> {
        let (Some(workspace), Some(until), Some(given)) = (self.w, self.u, &self.s) else { return Ok(None) };
        let workspace = WorkspaceId::from_uuid(workspace);
        let until = Timestamp::from_millis(until);
        let right: bool = seal(secret, workspace, hash, until)?.as_bytes().ct_eq(given.as_bytes()).into();
        if right && now <= until { Ok(Some(workspace)) } else { Err(Error::not_found()) }
    }
}

/// An address at which the workspace's file can be had without a session until this moment; `secret` is the
/// application's.
pub fn signed_path(
    secret: &[u8; 32],
    workspace: WorkspaceId,
    hash: Hash,
    until: Timestamp,
) -> Result<String> {
    let seal = seal(secret, workspace, hash, until)?;
    Ok(format!("{}?w={workspace}&u={}&s={seal}", path(&hash.to_string()), until.as_millis()))
}

fn seal(secret: &[u8; 32], workspace: WorkspaceId, hash: Hash, until: Timestamp) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(Error::internal)?;
    mac.update(b"file");
    mac.update(workspace.uuid().as_bytes());
    mac.update(hash.to_string().as_bytes());
    mac.update(&until.as_millis().to_be_bytes());
    Ok(hex::encode(mac.finalize().into_bytes().get(..SEAL_BYTES).unwrap_or_default()))
}
