//! Memory and start of `karvon serve` on the demo's database: the program itself, as people run it.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use db::Target;

use crate::{
    bars::{Bars, figure, table},
    place::Database,
    time::{median, now},
};

const STARTS: usize = 5;
/// Between two looks whether it answers.
const LOOK: Duration = Duration::from_millis(2);
/// After the first page and some work, until it rests.
const REST: Duration = Duration::from_secs(8);
const PATIENCE: Duration = Duration::from_secs(30);
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
    let made = karvon(data.path(), url, free_address(), &["seed", "demo"]).status().unwrap();
    assert!(made.success(), "the demo was not made");
    let mut rows = Vec::new();
    let (mut starts, mut resting) = (Vec::new(), Vec::new());
    for start in 1..=STARTS {
        let address = free_address();
        let began = now();
        let mut server = Server(karvon(data.path(), url, address, &["serve"]).spawn().unwrap());
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

fn program() -> PathBuf {
    let program = std::env::current_exe().unwrap().with_file_name("karvon");
    assert!(program.exists(), "{} is not built: cargo xtask bench footprint builds it", program.display());
    program
}

fn karvon(data: &Path, url: Option<&str>, address: SocketAddr, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command
        .args(arguments)
        .env_clear()
        .env("KARVON_DATA", data)
        .env("KARVON_LISTEN", address.to_string())
        .envs(url.map(|url| ("KARVON_DATABASE_URL", url)))
        .current_dir(data)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// An address that nobody has at the moment.
fn free_address() -> SocketAddr {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap()
}

/// A running server, ended when it goes.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.0.kill();
        let _status = self.0.wait();
    }
}

impl Server {
    /// Seconds from `began` to the first page.
    fn wait_for_page(&mut self, address: SocketAddr, began: std::time::Instant) -> f64 {
        loop {
            if get(address, "/sign-in").is_some() {
                return began.elapsed().as_secs_f64();
            }
            assert!(began.elapsed() < PATIENCE, "karvon does not answer");
            assert!(self.0.try_wait().unwrap().is_none(), "karvon ended");
            sleep(LOOK);
        }
    }

    /// What of it lies in memory.
    fn resident_kb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse().unwrap()
    }
}

/// The page, when it is one.
fn get(address: SocketAddr, path: &str) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(address).ok()?;
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    answer.starts_with(b"HTTP/1.1 200").then_some(answer)
}

#[expect(
    clippy::disallowed_methods,
    reason = "another process starts and comes to rest; there is no event to wait for"
)]
fn sleep(time: Duration) {
    std::thread::sleep(time);
}
