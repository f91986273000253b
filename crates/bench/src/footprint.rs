//! Memory and start of `karvon serve` on the demo's database: the program itself, as people run it.

use std::time::Duration;

use db::Target;

use crate::{
    bars::{Bars, figure, table},
    karvon::{Server, free_address, get, karvon, sleep},
    place::Database,
    time::{median, now},
};

const STARTS: usize = 5;
/// After the first page and some work, until it rests.
const REST: Duration = Duration::from_secs(8);
/// Pages opened before the memory is read.
const VISITS: usize = 50;

/// Spawns the release's `karvon`, which lies beside this program.
pub fn run(database: Database) -> Bars {
    let data = tempfile::tempdir().unwrap();
    // An empty database of its own; on SQLite it lies in the data folder.
    let held = (database == Database::Postgres).then(|| database.open(&[]));
    let url = held.as_ref().map(|db| match db.config().target {
        Target::Postgres(url) => url,
        Target::Sqlite(path) => path.display().to_string(),
    });
    let url = url.as_deref();
    let made = karvon(data.path(), url, free_address(), &["seed", "demo"], &[]).status().unwrap();
    assert!(made.success(), "the demo was not made");
    let mut rows = Vec::new();
    let (mut starts, mut resting) = (Vec::new(), Vec::new());
    for start in 1..=STARTS {
        let address = free_address();
        let began = now();
        let mut server = Server::start(karvon(data.path(), url, address, &["serve"], &[]));
        let took = server.wait_for_page(address, began);
        let fresh = server.resident_kb();
        if start == STARTS {
            for _ in 0..VISITS {
                assert!(get(address, "/sign-in").is_some());
            }
        }
        sleep(if start == STARTS { REST } else { Duration::from_secs(2) });
        let rest = server.resident_kb();
        starts.push(took);
        resting.push(rest);
        rows.push(vec![start.to_string(), format!("{took:.3}"), mb(fresh), mb(rest)]);
    }
    table(&["start", "first page, s", "RSS at once, MB", "RSS at rest, MB"], &rows);
    let mut bars = Bars::default();
    let most = resting.iter().copied().fold(0.0, f64::max);
    bars.at_most("RSS at rest, MB", most / 1_024.0, 80.0);
    bars.at_most("start to the first page, s", median(&starts), 0.5);
    bars
}

fn mb(kb: f64) -> String {
    figure(kb / 1_024.0)
}
