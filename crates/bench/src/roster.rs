//! A roster of 100,000 students through `karvon serve` as a process: as CSV in UTF-8, again as it is, in Windows-1251 with other
//! years, and as a workbook. From the upload to the job's end, and the memory of the program meanwhile.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use db::Target;
use net::{
    Net, Options,
    reqwest::{Client, multipart::Form, multipart::Part},
};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::{
    bars::{Bars, figure, table},
    karvon::{Server, free_address, karvon, sleep},
    place::{Database, runtime},
    time::now,
};

const ROWS: usize = 100_000;
const KEY: &str = "roster-0123456789abcdef0123456789abcdef";
const CAMPAIGN: &str = "bench";
/// Programs of the rows: the delivered directions.
const PROGRAMS: [&str; 2] = ["DIR-MECH-IT", "DIR-COMP-IT"];
/// After the first page, until it rests.
const REST: Duration = Duration::from_secs(8);
/// Between two looks at the memory, and between two questions how far it is.
const LOOK: Duration = Duration::from_millis(20);
/// More than any of it takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

/// One file that is brought, and what is to become of its rows.
struct Bringing {
    name: &'static str,
    file: &'static str,
    bytes: Vec<u8>,
    created: usize,
    updated: usize,
}

/// What one file took.
struct Brought {
    name: &'static str,
    took: Duration,
    peak_kb: f64,
}

/// Spawns the `karvon` that lies beside this program.
pub fn run(database: Database) -> Bars {
    let data = tempfile::tempdir().unwrap();
    // An empty database of its own; on SQLite it lies in the data folder.
    let held = (database == Database::Postgres).then(|| database.open(&[]));
    let url = held.as_ref().map(|db| match db.config().target {
        Target::Postgres(url) => url,
        Target::Sqlite(path) => path.display().to_string(),
    });
    let url = url.as_deref();
    let settings = [("API_KEYS", KEY)];
    for what in ["demo", "catalog"] {
        let made = karvon(data.path(), url, free_address(), &["seed", what], &settings).status().unwrap();
        assert!(made.success(), "seed {what} failed");
    }
    let address = free_address();
    let mut server = Server::start(karvon(data.path(), url, address, &["serve"], &settings));
    server.wait_for_page(address, now());
    sleep(REST);
    let rest_kb = server.held_kb();
    let (ended, peak_kb) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let looking = std::thread::spawn({
        let (ended, peak_kb) = (Arc::clone(&ended), Arc::clone(&peak_kb));
        move || {
            while !ended.load(Ordering::Relaxed) {
                peak_kb.fetch_max(server.held_kb() as u64, Ordering::Relaxed);
                sleep(LOOK);
            }
        }
    });
    let brought = runtime().block_on(bring_all(address, &peak_kb));
    ended.store(true, Ordering::Relaxed);
    looking.join().unwrap();

    let mb = |kb: f64| kb / 1_024.0;
    let rows: Vec<Vec<String>> = brought
        .iter()
        .map(|Brought { name, took, peak_kb }| {
            let rate = ROWS as f64 / took.as_secs_f64();
            let figures = [took.as_secs_f64(), rate, mb(*peak_kb)].map(figure);
            [(*name).to_owned()].into_iter().chain(figures).collect()
        })
        .collect();
    table(&["100,000 rows", "seconds", "rows a second", "own memory at most, MB"], &rows);
    println!("own memory at rest: {} MB\n", figure(mb(rest_kb)));
    let slowest = brought.iter().map(|one| one.took.as_secs_f64()).fold(0.0, f64::max);
    let peak_kb = brought.iter().map(|one| one.peak_kb).fold(0.0, f64::max);
    let mut bars = Bars::default();
    bars.at_most("seconds for 100,000 rows, the slowest file", slowest, 60.0);
    bars.at_most("own memory at most, MB", mb(peak_kb), 256.0);
    bars
}

/// The row of this number: id, program and year, the years moved on by `later`.
fn row(number: usize, later: usize) -> [String; 3] {
    let program = PROGRAMS[number % PROGRAMS.len()].to_owned();
    [format!("U{number:06}"), program, ((number / 7 + later) % 4 + 1).to_string()]
}

fn csv(headings: [&str; 3], separator: &str, later: usize) -> String {
    let mut text = headings.join(separator);
    for number in 0..ROWS {
        text.push('\n');
        text.push_str(&row(number, later).join(separator));
    }
    text
}

/// The same text in Windows-1251; what is not ASCII in it are Russian letters.
fn windows_1251(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        'А'..='я' => u8::try_from(u32::from(c) - u32::from('А') + 0xc0).unwrap(),
        _ => u8::try_from(u32::from(c)).unwrap(),
    };
    text.chars().map(byte).collect()
}

fn workbook(later: usize) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(["Talaba ID", "Dastur", "Kurs"]) {
        sheet.write(0, column, heading).unwrap();
    }
    for number in 0..ROWS {
        for (column, cell) in (0..).zip(row(number, later)) {
            sheet.write(u32::try_from(number + 1).unwrap(), column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn files() -> Vec<Bringing> {
    let plain = csv(["student_external_id", "program", "course_year"], ",", 0).into_bytes();
    let russian = windows_1251(&csv(["ID студента", "Программа", "Курс"], ";", 1));
    let bring = |name, file, bytes, created, updated| Bringing { name, file, bytes, created, updated };
    vec![
        bring("CSV, all of them new", "roster.csv", plain.clone(), ROWS, 0),
        bring("the same again", "roster.csv", plain, 0, 0),
        bring("CSV in Windows-1251, other years", "ruyxat.csv", russian, 0, ROWS),
        bring("XLSX, other years", "roster.xlsx", workbook(2), 0, ROWS),
    ]
}

async fn bring_all(address: SocketAddr, peak_kb: &AtomicU64) -> Vec<Brought> {
    let options = Options { timeout: PATIENCE, ..Options::default() };
    let caller = Caller { client: Net::new(&options).unwrap().trusted().clone(), address };
    let campaign = json!({ "code": CAMPAIGN, "name_uz": "Bandlik" });
    caller.asked(caller.client.post(caller.url("/api/v1/surveys/campaigns")).json(&campaign)).await;
    let mut all = Vec::new();
    for Bringing { name, file, bytes, created, updated } in files() {
        peak_kb.store(0, Ordering::Relaxed);
        let began = now();
        let done = caller.bring(file, bytes).await;
        all.push(Brought { name, took: began.elapsed(), peak_kb: peak_kb.load(Ordering::Relaxed) as f64 });
        let counts = (&done["state"], &done["created"], &done["updated"], &done["wrong"]);
        assert_eq!(counts, (&json!("done"), &json!(created), &json!(updated), &json!(0)), "{name}: {done}");
    }
    all
}

struct Caller {
    client: Client,
    address: SocketAddr,
}

impl Caller {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn asked(&self, call: net::reqwest::RequestBuilder) -> Value {
        let answer = call.header("x-api-key", KEY).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Brings a file and waits until its job has ended.
    async fn bring(&self, file: &'static str, bytes: Vec<u8>) -> Value {
        let form = Form::new().part("file", Part::bytes(bytes).file_name(file)).text("campaign", CAMPAIGN);
        let taken =
            self.asked(self.client.post(self.url("/api/v1/bot2/import-roster")).multipart(form)).await;
        let status = self.url(taken["status_url"].as_str().unwrap());
        let began = now();
        loop {
            let import = self.asked(self.client.get(&status)).await;
            if import["finished_at"].is_string() {
                return import;
            }
            assert!(began.elapsed() < PATIENCE, "{import}");
            tokio::time::sleep(LOOK).await;
        }
    }
}
