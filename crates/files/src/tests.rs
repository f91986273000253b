//! Blobs and their route, on both databases.

use std::sync::Arc;

use axum::http::{Request, StatusCode};
use context::{Permission, Services};
use db::{db_test, testing::TestDb};
use kernel::Kind;
use web::testing::{NOW, Site, ctx, workspace};

use crate::{Blobs, Hash, MediaType, module, path, record, signed_path};

const BYTES: &[u8] = b"not really a picture";

#[test]
fn bytes_lie_once_under_their_hash_and_a_torn_file_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(folder.path().join("deep").join("blobs")).unwrap();
    let hash = blobs.put_now(BYTES).unwrap();
    assert_eq!(blobs.put_now(BYTES).unwrap(), hash);
    let read = |hash| db::testing::block_on(blobs.get(hash));
    assert_eq!(read(hash).unwrap(), BYTES);
    assert_eq!(read(Hash::of(b"other")).unwrap_err().kind(), Kind::NotFound);
    let name = hash.to_string();
    let torn = folder.path().join("deep/blobs").join(&name[..2]).join(&name[2..]);
    std::fs::write(&torn, b"not").unwrap();
    blobs.put_now(BYTES).unwrap();
    assert_eq!(read(hash).unwrap(), BYTES);
    for bad in ["", "..", "../../etc/passwd", &name.to_uppercase(), &name[1..]] {
        assert!(bad.parse::<Hash>().is_err(), "{bad}");
    }
}

#[db_test]
async fn a_file_is_answered_to_its_workspace_and_to_nobody_else(db: &TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(folder.path()).unwrap();
    let hash = blobs.put(BYTES.to_vec()).await.unwrap();
    let ours = ctx(1);
    let may = Some(Permission::InventoryRead);
    let note = move |tx: &mut db::Tx| {
        record(&ours, tx, hash, MediaType::Jpeg, BYTES.len(), may)?;
        record(&ours, tx, hash, MediaType::Csv, BYTES.len(), None)
    };
    db.write_now(workspace(1), note).unwrap();
    let site = Site::new(db, Services::default().with(Arc::new(blobs)), vec![module()]);
    let address = path(&hash.to_string());

    let answer = site.page(&address).await;
    assert_eq!((answer.status, answer.bytes.as_slice()), (StatusCode::OK, BYTES));
    assert_eq!(answer.header("content-type"), Some("image/jpeg"));
    assert_eq!(answer.header("cache-control"), Some("private, max-age=31536000, immutable"));
    assert!(answer.header("content-security-policy").unwrap().contains("sandbox"));
    let again =
        Request::get(&address).header("x-api-key", "1").header("if-none-match", format!("\"{hash}\""));
    assert_eq!(site.ask(again, "").await.status, StatusCode::NOT_MODIFIED);

    assert_eq!(site.by("2").get(&address).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.by("1:sales.read").get(&address).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.ask(Request::get(&address), "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(site.get("/files/..%2f..%2fetc%2fpasswd").await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn a_signed_address_needs_no_session_and_ends(db: &TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(folder.path()).unwrap();
    let hash = blobs.put(BYTES.to_vec()).await.unwrap();
    let ours = ctx(1);
    db.write_now(workspace(1), move |tx| record(&ours, tx, hash, MediaType::Png, BYTES.len(), None)).unwrap();
    let site = Site::new(db, Services::default().with(Arc::new(blobs)), vec![module()]);
    let secret = *site.app.secret();
    let signed = |n, until| signed_path(&secret, workspace(n), hash, until).unwrap();
    let status = async |address: String| site.ask(Request::get(address), "").await.status;

    assert_eq!(status(signed(1, NOW)).await, StatusCode::OK);
    assert_eq!(status(signed(1, NOW.plus_millis(-1))).await, StatusCode::NOT_FOUND);
    assert_eq!(status(signed(2, NOW)).await, StatusCode::NOT_FOUND);
    let moved = signed(1, NOW).replace(&workspace(1).to_string(), &workspace(2).to_string());
    assert_eq!(status(moved).await, StatusCode::NOT_FOUND);
    assert_eq!(status(signed(1, NOW).replace("&s=", "&s=0")).await, StatusCode::NOT_FOUND);
}
