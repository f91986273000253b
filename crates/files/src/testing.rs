//! A bucket for tests, of the local server that `scripts/s3.sh` starts.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::S3;

/// Where the tests' store is: the variable, or the file that `scripts/s3.sh start` leaves. Each call has a prefix of its own.
#[expect(clippy::expect_used, reason = "tests and benchmarks stop where they cannot go on")]
pub fn s3() -> S3 {
    #[expect(clippy::disallowed_methods, reason = "tests are told where their server is")]
    let from_variable = std::env::var("KARVON_TEST_S3_URL").ok();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.test/s3.url");
    let url = from_variable.or_else(|| std::fs::read_to_string(file).ok()).expect(
        "KARVON_TEST_S3_URL says where the tests' store of files is; `scripts/s3.sh start` makes one",
    );
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let own = format!("t-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    of(&url, own).expect("http://KEY:SECRET@HOST:PORT/BUCKET")
}

fn of(url: &str, prefix: String) -> Option<S3> {
    let (key, place) = url.trim().strip_prefix("http://")?.split_once('@')?;
    let (key_id, secret_key) = key.split_once(':')?;
    let (host, bucket) = place.split_once('/')?;
    Some(S3 {
        endpoint: format!("http://{host}"),
        region: "us-east-1".to_owned(),
        bucket: bucket.to_owned(),
        key_id: key_id.to_owned(),
        secret_key: secret_key.to_owned(),
        path_style: true,
        prefix,
    })
}
