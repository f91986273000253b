//! Where a bucket is.

use std::fmt;

/// A bucket of an S3-compatible service, and the key to it.
#[derive(Clone, PartialEq, Eq)]
pub struct S3 {
    /// `https://s3.example.uz`; empty for Amazon's of the region.
    pub endpoint: String,
    /// The region that signatures name.
    pub region: String,
    /// The bucket. It has to be there.
    pub bucket: String,
    /// The key's id.
    pub key_id: String,
    /// The key.
    pub secret_key: String,
    /// Whether the bucket stands in the path and not in the host's name.
    pub path_style: bool,
    /// What the names of objects begin with, `shop/files`; may be empty.
    pub prefix: String,
}

impl fmt::Debug for S3 {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { endpoint, region, bucket, key_id: _, secret_key: _, path_style, prefix } = self;
        f.debug_struct("S3")
            .field("endpoint", endpoint)
            .field("region", region)
            .field("bucket", bucket)
            .field("path_style", path_style)
            .field("prefix", prefix)
            .finish_non_exhaustive()
    }
}

impl S3 {
    /// The address that is called, with the bucket in the host's name where it stands there.
    pub(crate) fn address(&self) -> String {
        let Self { endpoint, region, bucket, .. } = self;
        let endpoint = endpoint.trim_end_matches('/');
        match endpoint.split_once("://") {
            None => format!("https://s3.{region}.amazonaws.com"),
            Some((scheme, host)) if !self.path_style => format!("{scheme}://{bucket}.{host}"),
            Some(_) => endpoint.to_owned(),
        }
    }
}
