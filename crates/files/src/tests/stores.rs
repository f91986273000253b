//! What a store of blobs does, whichever it is.

use std::io::Read;

use kernel::Kind;

use super::{Store, all_of, bytes, place_of, receive};
use crate::{Hash, MediaType};

/// Longer than two parts of an upload.
const LONG: usize = 11_000_000;

/// Each test on both stores.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod in_a_folder {
            $(#[tokio::test] async fn $name() { super::$name(super::Store::folder()).await; })*
        }
        mod in_a_bucket {
            $(#[tokio::test] async fn $name() { super::$name(super::Store::bucket()).await; })*
        }
    };
}
on_both!(
    bytes_are_kept_under_their_hash_and_given_back,
    what_is_not_there_is_not_found,
    what_comes_in_pieces_is_kept_at_its_end,
    a_long_file_comes_back_the_same,
    what_is_dropped_leaves_nothing,
    what_is_left_of_a_crash_is_taken_away_and_what_is_being_written_is_not,
    a_part_is_given,
    many_are_kept_at_once,
    whoever_may_block_does,
);

async fn bytes_are_kept_under_their_hash_and_given_back(store: Store) {
    let blobs = &store.blobs;
    let (one, none) = (blobs.put(b"one".to_vec()).await.unwrap(), blobs.put(Vec::new()).await.unwrap());
    assert_eq!(one, Hash::of(b"one"));
    assert_eq!(blobs.put(b"one".to_vec()).await.unwrap(), one);
    assert_eq!(blobs.get(one).await.unwrap(), b"one");
    assert_eq!(blobs.get(none).await.unwrap(), b"");
    let mut both = vec![one, none];
    both.sort_unstable();
    assert_eq!(blobs.all().unwrap(), both);
    assert_eq!(store.again().all().unwrap(), both);
    assert_eq!(store.on_its_way(), Vec::<std::path::PathBuf>::new());
}

async fn what_is_not_there_is_not_found(store: Store) {
    let other = Hash::of(b"other");
    assert_eq!(store.blobs.get(other).await.unwrap_err().kind(), Kind::NotFound);
    assert_eq!(store.blobs.read_part(other, Some(0..1)).await.unwrap_err().kind(), Kind::NotFound);
    assert_eq!(store.blobs.read_part(other, Some(1..1)).await.unwrap_err().kind(), Kind::NotFound);
    assert_eq!(store.blobs.get_now(other).unwrap_err().kind(), Kind::NotFound);
    assert_eq!(store.blobs.all().unwrap(), []);
}

async fn what_comes_in_pieces_is_kept_at_its_end(store: Store) {
    let bytes = [b"\x89PNG\r\n\x1a\n".to_vec(), bytes(300_000, 7)].concat();
    let arrived = receive(&store.blobs, &bytes).await;
    let (hash, size) = (arrived.hash(), arrived.size());
    assert_eq!((hash, size, arrived.media_type()), (Hash::of(&bytes), bytes.len(), MediaType::Png));
    assert_eq!(store.blobs.all().unwrap(), []);
    assert_eq!(arrived.keep().await.unwrap(), hash);
    assert_eq!(store.blobs.get(hash).await.unwrap(), bytes);
    let again = receive(&store.blobs, &bytes).await;
    assert_eq!(again.keep().await.unwrap(), hash);
    assert_eq!(store.blobs.all().unwrap(), [hash]);
    assert!(store.on_its_way().is_empty());
}

async fn a_long_file_comes_back_the_same(store: Store) {
    let bytes = bytes(LONG, 1);
    let hash = receive(&store.blobs, &bytes).await.keep().await.unwrap();
    let reading = store.blobs.read(hash).await.unwrap();
    assert_eq!(reading.size, LONG as u64);
    assert!(all_of(reading).await.unwrap() == bytes);
    assert_eq!(store.blobs.all().unwrap(), [hash]);
    assert!(store.on_its_way().is_empty());
}

async fn what_is_dropped_leaves_nothing(store: Store) {
    let mut arriving = store.blobs.receive().await.unwrap();
    arriving.write(&bytes(200_000, 2)).await.unwrap();
    assert_eq!(store.on_its_way().len(), 1);
    drop(arriving);
    drop(receive(&store.blobs, b"refused").await);
    assert!(store.on_its_way().is_empty());
    assert_eq!(store.blobs.all().unwrap(), []);
}

async fn what_is_left_of_a_crash_is_taken_away_and_what_is_being_written_is_not(store: Store) {
    let arriving = receive(&store.blobs, b"on its way").await;
    let alive = store.on_its_way();
    std::fs::write(alive[0].with_file_name(".tmpLEFT"), b"half").unwrap();
    let again = store.again();
    assert_eq!(store.on_its_way(), alive);
    let hash = arriving.keep().await.unwrap();
    assert_eq!(again.get(hash).await.unwrap(), b"on its way");
}

async fn a_part_is_given(store: Store) {
    let bytes = bytes(200_000, 3);
    let hash = store.blobs.put(bytes.clone()).await.unwrap();
    for (start, end) in [(0, 1), (0, 200_000), (65_535, 131_073), (199_999, 200_000), (10, 10)] {
        let reading = store.blobs.read_part(hash, Some(start as u64..end as u64)).await.unwrap();
        assert_eq!(reading.size, 200_000);
        assert!(all_of(reading).await.unwrap() == bytes[start..end], "{start}..{end}");
    }
}

async fn many_are_kept_at_once(store: Store) {
    let files: Vec<Vec<u8>> = (0..24).map(|n| bytes(20_000 + n as usize, 10 + n / 2)).collect();
    let keep = files.iter().map(|bytes| async { receive(&store.blobs, bytes).await.keep().await.unwrap() });
    let hashes = futures::future::join_all(keep).await;
    for (hash, bytes) in hashes.iter().zip(&files) {
        assert!(store.blobs.get(*hash).await.unwrap() == *bytes);
    }
    let same = vec![files[0].clone(); 8];
    let puts = same.into_iter().map(|bytes| store.blobs.put(bytes));
    assert!(futures::future::join_all(puts).await.into_iter().all(|put| put.unwrap() == hashes[0]));
    let mut wanted = hashes.clone();
    wanted.sort_unstable();
    wanted.dedup();
    assert_eq!(store.blobs.all().unwrap(), wanted);
    assert!(store.on_its_way().is_empty());
}

/// Inside a runtime of one thread, which has connections open already.
async fn whoever_may_block_does(store: Store) {
    let first = store.blobs.put(b"first".to_vec()).await.unwrap();
    assert_eq!(store.blobs.get_now(first).unwrap(), b"first");
    let second = store.blobs.put_now(b"second").unwrap();
    assert_eq!(store.blobs.get(second).await.unwrap(), b"second");
    let bytes = bytes(LONG, 4);
    let arrived = store.blobs.receive_now(&mut bytes.as_slice()).unwrap();
    let hash = arrived.keep_now().unwrap();
    let mut back = Vec::new();
    store.blobs.read_now(hash).unwrap().read_to_end(&mut back).unwrap();
    assert!(hash == Hash::of(&bytes) && back == bytes);
}

#[tokio::test]
async fn a_torn_file_is_no_file_and_is_mended() {
    let store = Store::folder();
    let bytes = bytes(100_000, 5);
    let hash = store.blobs.put(bytes.clone()).await.unwrap();
    std::fs::write(place_of(&store, hash), b"not").unwrap();
    assert_eq!(store.blobs.read_part(hash, Some(0..100_000)).await.unwrap_err().kind(), Kind::Internal);
    store.blobs.put(bytes.clone()).await.unwrap();
    assert_eq!(store.blobs.get(hash).await.unwrap(), bytes);
    std::fs::write(place_of(&store, hash), b"not").unwrap();
    receive(&store.blobs, &bytes).await.keep().await.unwrap();
    assert_eq!(store.blobs.get(hash).await.unwrap(), bytes);
}

#[test]
fn a_name_is_sixty_four_small_digits() {
    let name = Hash::of(b"one").to_string();
    assert_eq!(name.parse::<Hash>().unwrap(), Hash::of(b"one"));
    for bad in ["", "..", "../../etc/passwd", &name.to_uppercase(), &name[1..]] {
        assert!(bad.parse::<Hash>().is_err(), "{bad}");
    }
}
