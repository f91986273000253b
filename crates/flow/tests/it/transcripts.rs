//! Replays every dialogue under `transcripts/shop`. With `UPDATE_TRANSCRIPTS=1` the files are written anew instead of
//! compared: read the difference before it is committed.

use std::{fs, path::Path};

use flow::{
    Session,
    transcript::{EngineStage, replay},
};
use kernel::{Date, Zone};

use crate::{fake_shop::FakeShop, shop_blueprint};

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads the wish to write the files anew")]
fn every_dialogue_goes_as_its_transcript_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts/shop");
    let update = std::env::var_os("UPDATE_TRANSCRIPTS").is_some();
    let start = Zone::default().start_of(Date::parse("2026-11-20").unwrap()).plus_seconds(10 * 3600);
    let mut differing = Vec::new();
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 3, "a file for each language");
    for path in files {
        let expected = fs::read_to_string(&path).unwrap();
        let stage = |_: &str| EngineStage {
            blueprint: shop_blueprint(),
            session: Session::new(7, None),
            host: FakeShop::new(),
        };
        let played =
            replay(&expected, start, stage).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if update {
            fs::write(&path, &played).unwrap();
        } else if played != expected {
            differing.push(format!("{}\n{}", path.display(), first_difference(&expected, &played)));
        }
    }
    assert!(differing.is_empty(), "UPDATE_TRANSCRIPTS=1 writes them anew\n{}", differing.join("\n"));
}

fn first_difference(expected: &str, played: &str) -> String {
    let number = expected.lines().zip(played.lines()).take_while(|(a, b)| a == b).count();
    let around =
        |text: &str| text.lines().skip(number.saturating_sub(3)).take(8).collect::<Vec<_>>().join("\n");
    format!("line {}\n--- expected\n{}\n--- played\n{}", number + 1, around(expected), around(played))
}
