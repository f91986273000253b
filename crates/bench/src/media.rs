//! A gigabyte of files through the program: stored by uploads over HTTP, served again, on a folder and on a local store that
//! speaks S3. The program is a process; whoever sends and reads is in this one.

use std::{
    io::{Read, Write},
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use db::Target;
use futures::{StreamExt, TryStreamExt, stream};
use net::{
    Net, Options,
    reqwest::{Client, multipart::Form, multipart::Part},
};
use serde_json::{Value, json};

use crate::{
    bars::{Bars, figure, table},
    karvon::{Server, free_address, karvon, sleep},
    place::{Database, runtime},
    time::now,
};

/// How many files of how many bytes: a gigabyte.
const FILES: [(usize, usize); 2] = [(12, 50_000_000), (2_000, 200_000)];
/// People who send or read at once.
const AT_ONCE: usize = 4;
/// After the first page, until it rests.
const REST: Duration = Duration::from_secs(8);
/// Between two looks at the memory.
const LOOK: Duration = Duration::from_millis(50);
const KEY: &str = "media-0123456789abcdef0123456789abcdef";
/// More than the largest upload or answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

/// What one store took.
struct Measured {
    name: &'static str,
    rest: Memory,
    peak: Memory,
    stored_s: f64,
    served_s: f64,
}

/// What the program has in memory: its own, and with the pages of files that the kernel could take back, its code among them.
#[derive(Clone, Copy)]
struct Memory {
    held_kb: f64,
    resident_kb: f64,
}

impl Memory {
    fn of(server: &Server) -> Self {
        Self { held_kb: server.held_kb(), resident_kb: server.resident_kb() }
    }

    fn most(self, other: Self) -> Self {
        let Self { held_kb, resident_kb } = other;
        Self { held_kb: self.held_kb.max(held_kb), resident_kb: self.resident_kb.max(resident_kb) }
    }
}

/// Spawns the `karvon` that lies beside this program.
pub fn run(database: Database) -> Bars {
    let bytes: usize = FILES.iter().map(|(count, size)| count * size).sum();
    let (written_s, read_s) = copied();
    let s3 = files::testing::s3();
    let settings = [
        ("KARVON_S3_ENDPOINT", s3.endpoint.as_str()),
        ("KARVON_S3_BUCKET", &s3.bucket),
        ("KARVON_S3_KEY_ID", &s3.key_id),
        ("KARVON_S3_SECRET_KEY", &s3.secret_key),
        ("KARVON_S3_PREFIX", &s3.prefix),
    ];
    let measured = [measure(database, "folder", &[]), measure(database, "S3", &settings)];
    let mb_s = |took: f64| figure(bytes as f64 / 1e6 / took);
    let mb = |kb: f64| figure(kb / 1_024.0);
    let copy = vec!["a plain copy".to_owned(), String::new(), String::new(), mb_s(written_s), mb_s(read_s)];
    let rows = measured.iter().map(|one| {
        let memory = |of: Memory| format!("{} ({})", mb(of.held_kb), mb(of.resident_kb));
        let row = [memory(one.rest), memory(one.peak), mb_s(one.stored_s), mb_s(one.served_s)];
        [one.name.to_owned()].into_iter().chain(row).collect()
    });
    table(
        &["store", "at rest, MB (RSS)", "at most, MB (RSS)", "stored, MB/s", "served, MB/s"],
        &std::iter::once(copy).chain(rows).collect::<Vec<_>>(),
    );
    let mut bars = Bars::default();
    for one in &measured {
        println!(
            "{}: {} times as long as the copy to store, {} times to serve",
            one.name,
            figure(one.stored_s / written_s),
            figure(one.served_s / read_s)
        );
        let growth = (one.peak.held_kb - one.rest.held_kb) / 1_024.0;
        bars.at_most(&format!("{}: more memory than at rest, MB", one.name), growth, 30.0);
    }
    bars
}

/// Seconds to write the same files, each flushed, and to read them.
fn copied() -> (f64, f64) {
    let folder = tempfile::tempdir().unwrap();
    let path = |number: usize| folder.path().join(number.to_string());
    let began = now();
    let mut made = 0.0;
    for (number, size) in all() {
        let making = now();
        let bytes = content(number, size);
        made += making.elapsed().as_secs_f64();
        let mut file = std::fs::File::create(path(number)).unwrap();
        file.write_all(&bytes).and_then(|()| file.sync_all()).unwrap();
    }
    let written = began.elapsed().as_secs_f64() - made;
    let began = now();
    let mut piece = vec![0; 64 * 1024];
    for (number, _) in all() {
        let mut file = std::fs::File::open(path(number)).unwrap();
        while file.read(&mut piece).unwrap() > 0 {}
    }
    (written, began.elapsed().as_secs_f64())
}

/// The files by number, the long ones among the short.
fn all() -> impl Iterator<Item = (usize, usize)> {
    let [(long, long_bytes), (short, short_bytes)] = FILES;
    let each = short / long;
    (0..long + short).map(move |number| {
        let is_long = number % (each + 1) == 0 && number / (each + 1) < long;
        (number, if is_long { long_bytes } else { short_bytes })
    })
}

/// The bytes of this file, which no other has.
fn content(number: usize, size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ number as u64;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

fn measure(database: Database, name: &'static str, settings: &[(&str, &str)]) -> Measured {
    let data = tempfile::tempdir().unwrap();
    // An empty database of its own; on SQLite it lies in the data folder.
    let held = (database == Database::Postgres).then(|| database.open(&[]));
    let url = held.as_ref().map(|db| match db.config().target {
        Target::Postgres(url) => url,
        Target::Sqlite(path) => path.display().to_string(),
    });
    let url = url.as_deref();
    let settings: Vec<(&str, &str)> = settings.iter().copied().chain([("API_KEYS", KEY)]).collect();
    let made = karvon(data.path(), url, free_address(), &["seed", "demo"], &settings).status().unwrap();
    assert!(made.success(), "the demo was not made");
    let address = free_address();
    let mut server = Server::start(karvon(data.path(), url, address, &["serve"], &settings));
    server.wait_for_page(address, now());
    sleep(REST);
    let server = Arc::new(server);
    let rest = Memory::of(&server);
    let ended = Arc::new(AtomicBool::new(false));
    let looking = std::thread::spawn({
        let (server, ended) = (Arc::clone(&server), Arc::clone(&ended));
        move || {
            let mut peak = rest;
            while !ended.load(Ordering::Relaxed) {
                peak = peak.most(Memory::of(&server));
                sleep(LOOK);
            }
            peak
        }
    });
    let (stored_s, served_s) = runtime().block_on(through(address));
    ended.store(true, Ordering::Relaxed);
    Measured { name, rest, peak: looking.join().unwrap(), stored_s, served_s }
}

/// Sends all files into a chat of the simulator, as the staff does, and reads them from the inbox.
async fn through(address: SocketAddr) -> (f64, f64) {
    let options = Options { timeout: PATIENCE, ..Options::default() };
    let caller = Caller { client: Net::new(&options).unwrap().trusted().clone(), address };
    caller.begin().await;
    let conversation = caller.conversation().await;
    let began = now();
    let sent: Vec<(usize, usize, String)> = stream::iter(all())
        .map(|(number, size)| caller.send(&conversation, number, size))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let stored = began.elapsed().as_secs_f64();
    let began = now();
    let read = stream::iter(sent).map(|(number, size, message)| {
        let path = format!("/conversations/{conversation}/files/{message}");
        caller.compare(path, number, size)
    });
    read.buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
    (stored, began.elapsed().as_secs_f64())
}

struct Caller {
    client: Client,
    address: SocketAddr,
}

impl Caller {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A member, which a key is not, writes to the demo's bot in the simulator; so there is a conversation.
    async fn begin(&self) {
        let people: toml::Table = include_str!("../../../demo/people.toml").parse().unwrap();
        let member = people["member"][0]["email"].as_str().unwrap();
        let password = people["sign_in"]["password"].as_str().unwrap();
        let sign_in = self.client.post(self.url("/api/auth/sign-in"));
        let signed = sign_in.json(&json!({ "login": member, "password": password })).send().await.unwrap();
        let cookie = signed.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let file = Part::bytes(b"salom".to_vec()).file_name("salom.txt");
        let form = Form::new().text("client_id", uuid::Uuid::nil().to_string()).part("file", file);
        let call = self.client.post(self.url("/bots/1/simulator/files")).header("cookie", cookie);
        let answer = call.header("origin", self.url("")).multipart(form).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// The UUID of the one that there is now.
    async fn conversation(&self) -> String {
        let answer = self.client.get(self.url("/api/conversations")).header("x-api-key", KEY).send().await;
        let listed: Value = answer.unwrap().json().await.unwrap();
        listed["results"][0]["id"].as_str().unwrap_or_else(|| panic!("{listed}")).to_owned()
    }

    async fn send(&self, conversation: &str, number: usize, size: usize) -> (usize, usize, String) {
        let part = Part::bytes(content(number, size)).file_name(format!("{number}.bin"));
        let path = format!("/api/conversations/{conversation}/files");
        let call = self.client.post(self.url(&path)).header("x-api-key", KEY);
        let answer = call.multipart(Form::new().part("file", part)).send().await.unwrap();
        let status = answer.status();
        let taken: Value = answer.json().await.unwrap();
        assert!(status.is_success(), "{status} {taken}");
        (number, size, taken["id"].as_str().unwrap().to_owned())
    }

    /// Every byte is the one that was sent.
    async fn compare(&self, path: String, number: usize, size: usize) {
        let answer = self.client.get(self.url(&path)).header("x-api-key", KEY).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        let (expected, mut at) = (content(number, size), 0);
        let mut pieces = answer.bytes_stream();
        while let Some(piece) = pieces.try_next().await.unwrap() {
            assert!(expected[at..].starts_with(&piece), "{path}: other bytes came back");
            at += piece.len();
        }
        assert_eq!(at, size, "{path}");
    }
}
