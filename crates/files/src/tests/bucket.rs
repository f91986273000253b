//! What can be wrong with a bucket: its settings, and the service while it is used.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use kernel::{Error, Kind};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
};

use super::{Store, all_of, bytes, client, receive};
use crate::{Blobs, S3, testing::s3};

const LONG: usize = 11_000_000;

fn refused(s3: &S3) -> Error {
    let folder = tempfile::tempdir().unwrap();
    let error = Blobs::open_bucket(folder.path(), s3, client()).unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict);
    error
}

#[test]
fn what_is_wrong_with_the_settings_is_said_at_the_start() {
    let right = s3();
    let words = |s3: &S3| refused(s3).text().key();
    assert_eq!(words(&S3 { bucket: "nowhere".to_owned(), ..right.clone() }), "files-bucket-missing");
    let key = S3 { secret_key: "x".repeat(40), ..right.clone() };
    assert_eq!(words(&key), "files-bucket-refused");
    assert_eq!(words(&S3 { key_id: "AKIANOBODY".to_owned(), ..right.clone() }), "files-bucket-refused");
    let nobody = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    for address in [format!("http://{nobody}"), "http://nowhere.invalid".to_owned()] {
        assert_eq!(words(&S3 { endpoint: address, ..right.clone() }), "files-bucket-unreachable");
    }
}

#[test]
fn a_key_is_never_told() {
    let key = S3 { secret_key: "hush".repeat(10), key_id: "AKIAHUSH".to_owned(), ..s3() };
    let error = refused(&key);
    let texts = text::Texts::new(&[text::BASE, crate::TEXTS]);
    let said = texts.say(kernel::Lang::En, error.text());
    assert!(said.contains(&key.bucket) && said.contains(&key.endpoint), "{said}");
    for told in
        [said, format!("{key:?}"), format!("{:?}", Store::bucket().blobs), format!("{error:?} {error}")]
    {
        assert!(!told.contains("hushhush"), "{told}");
    }
}

#[test]
fn the_bucket_stands_in_the_path_or_in_the_name_of_the_host() {
    let of = |endpoint: &str, path_style| S3 {
        endpoint: endpoint.to_owned(),
        bucket: "shop".to_owned(),
        region: "eu-central-1".to_owned(),
        path_style,
        key_id: String::new(),
        secret_key: String::new(),
        prefix: String::new(),
    };
    assert_eq!(of("https://s3.example.uz/", true).address(), "https://s3.example.uz");
    assert_eq!(of("https://s3.example.uz", false).address(), "https://shop.s3.example.uz");
    assert_eq!(of("", true).address(), "https://s3.eu-central-1.amazonaws.com");
}

/// Stands between the store and the server, and after so many bytes goes away with all connections.
async fn between(server: String) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let left = Arc::new(AtomicUsize::new(usize::MAX));
    let allowed = Arc::clone(&left);
    tokio::spawn(async move {
        while let Ok((asking, _)) = listener.accept().await {
            if allowed.load(Ordering::SeqCst) == 0 {
                continue;
            }
            let (server, allowed) = (TcpStream::connect(&server).await.unwrap(), Arc::clone(&allowed));
            tokio::spawn(async move {
                let (mut from_asking, mut to_asking) = asking.into_split();
                let (mut from_server, mut to_server) = server.into_split();
                let back = tokio::spawn(async move { copy(&mut from_server, &mut to_asking).await });
                let mut piece = vec![0; 64 * 1024];
                while let Ok(read @ 1..) = from_asking.read(&mut piece).await {
                    let before = allowed.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                        Some(if left == usize::MAX { left } else { left.saturating_sub(read) })
                    });
                    if before.unwrap() < read || to_server.write_all(&piece[..read]).await.is_err() {
                        break;
                    }
                }
                back.abort();
            });
        }
    });
    (address, left)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_goes_away_in_the_middle_is_said_to_be_silent_and_nothing_is_kept() {
    let right = s3();
    let (address, left) = between(right.endpoint.trim_start_matches("http://").to_owned()).await;
    let folder = tempfile::tempdir().unwrap();
    let through = S3 { endpoint: format!("http://{address}"), ..right.clone() };
    let blobs = Blobs::open_bucket(folder.path(), &through, client()).unwrap();
    let (small, long) = (bytes(3_000_000, 1), bytes(LONG, 2));
    let kept = blobs.put(small.clone()).await.unwrap();

    left.store(6_000_000, Ordering::SeqCst);
    let arrived = receive(&blobs, &long).await;
    let error = arrived.keep().await.unwrap_err();
    assert_eq!((error.kind(), error.text().key()), (Kind::Busy, "files-store-silent"));
    assert_eq!(blobs.put(b"another".to_vec()).await.unwrap_err().kind(), Kind::Busy);
    assert_eq!(blobs.get(kept).await.unwrap_err().kind(), Kind::Busy);
    assert_eq!(blobs.all().unwrap_err().kind(), Kind::Busy);
    // The note of the parts that arrived waits for the next start.
    let notes = || std::fs::read_dir(folder.path().join("incoming")).unwrap().count();
    assert_eq!(notes(), 1);

    left.store(usize::MAX, Ordering::SeqCst);
    let again = Blobs::open_bucket(folder.path(), &through, client()).unwrap();
    assert_eq!(notes(), 0);
    assert_eq!(again.all().unwrap(), [kept]);
    let hash = receive(&again, &long).await.keep().await.unwrap();
    assert!(all_of(again.read(hash).await.unwrap()).await.unwrap() == long);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_whose_caller_went_away_is_ended() {
    let store = Store::bucket();
    let arrived = receive(&store.blobs, &bytes(LONG, 3)).await;
    let hash = arrived.hash();
    let keeping = tokio::spawn(arrived.keep());
    while store.on_its_way().len() < 2 && !keeping.is_finished() {
        tokio::task::yield_now().await;
    }
    keeping.abort();
    while !store.on_its_way().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(store.blobs.all().unwrap(), [hash]);
}
