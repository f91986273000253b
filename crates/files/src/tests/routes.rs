//! The route of files, on both databases.

use std::sync::Arc;

use axum::http::{Request, StatusCode};
use context::{Permission, Services};
use db::{db_test, testing::TestDb};
use web::testing::{NOW, Site, ctx, workspace};

use super::{Store, bytes, place_of};
use crate::{Blobs, MediaType, module, path, record, signed_path};

const BYTES: &[u8] = b"not really a picture";

#[db_test]
async fn a_file_is_answered_to_its_workspace_and_to_nobody_else(db: &TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open_volatile(folder.path()).unwrap();
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
    let blobs = Blobs::open_volatile(folder.path()).unwrap();
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

#[db_test]
async fn a_film_is_wound_by_its_bytes(db: &TestDb) {
    let store = Store::folder();
    let film = bytes(300_000, 9);
    let hash = store.blobs.put(film.clone()).await.unwrap();
    let ours = ctx(1);
    db.write_now(workspace(1), move |tx| record(&ours, tx, hash, MediaType::Mp4, 300_000, None)).unwrap();
    let site = Site::new(db, Services::default().with(Arc::new(store.blobs.clone())), vec![module()]);
    let address = path(&hash.to_string());
    let ask = |method: &str, headers: &[(&str, &str)]| {
        let request = Request::builder().method(method).uri(&address).header("x-api-key", "1");
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    };
    let range = |range| ask("GET", &[("range", range), ("accept-encoding", "gzip, br")]);

    let whole = site.ask(ask("GET", &[("accept-encoding", "gzip, br")]), "").await;
    assert_eq!((whole.status, whole.header("content-length")), (StatusCode::OK, Some("300000")));
    assert_eq!((whole.header("accept-ranges"), whole.header("content-encoding")), (Some("bytes"), None));
    assert!(whole.bytes == film);
    let head = site.ask(ask("HEAD", &[("range", "bytes=0-9")]), "").await;
    assert_eq!((head.status, head.header("content-length")), (StatusCode::OK, Some("300000")));
    assert_eq!((head.header("etag"), head.bytes.len()), (Some(format!("\"{hash}\"").as_str()), 0));

    for (asked, start, end) in
        [("bytes=0-0", 0, 1), ("bytes=100000-", 100_000, 300_000), ("bytes=-7", 299_993, 300_000)]
    {
        let part = site.ask(range(asked), "").await;
        assert_eq!(part.status, StatusCode::PARTIAL_CONTENT, "{asked}");
        let told = format!("bytes {start}-{}/300000", end - 1);
        assert_eq!(part.header("content-range"), Some(told.as_str()));
        assert_eq!(part.header("content-length"), Some((end - start).to_string().as_str()));
        assert!(part.bytes == film[start..end], "{asked}");
    }
    let behind = site.ask(range("bytes=300000-"), "").await;
    assert_eq!(behind.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(behind.header("content-range"), Some("bytes */300000"));
    let other = site.ask(ask("GET", &[("range", "bytes=0-0"), ("if-range", "\"other\"")]), "").await;
    assert_eq!((other.status, other.bytes.len()), (StatusCode::OK, 300_000));

    std::fs::write(place_of(&store, hash), b"torn").unwrap();
    assert_eq!(site.ask(range("bytes=0-0"), "").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(site.page(&address).await.status, StatusCode::INTERNAL_SERVER_ERROR);
}
