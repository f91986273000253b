//! What many open streams cost: memory each, and how long an event takes to reach all of them.
//!
//! `cargo run --release -p realtime --example streams -- sqlite|postgres [1000]`. The listeners are bare sockets in this process, so
//! the memory of a stream is its server's side and a socket.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement stops where it cannot go on"
)]

use std::{sync::Arc, time::Duration};

use context::{Event, Services};
use db::testing::TestDb;
use realtime::{Limits, Realtime};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::Instant,
};
use web::testing::{Site, ctx};

fn main() {
    let mut args = std::env::args().skip(1);
    let is_postgres = args.next().as_deref() == Some("postgres");
    let count: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(1_000);
    let all = [context::MIGRATIONS, web::MIGRATIONS];
    let db = if is_postgres { TestDb::postgres(&all) } else { TestDb::sqlite(&all) };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(measure(&db, count));
}

async fn measure(db: &TestDb, count: usize) {
    let limits = Limits { of_one: count, of_node: count };
    let hub = Arc::new(Realtime::new((**db).clone(), limits));
    hub.tell_new().await.unwrap();
    let handle = hub.start();
    let site = Site::new(db, Services::default().with(Arc::clone(&hub)), vec![realtime::module()]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = site.router().clone();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let before = resident_kib();
    let began = Instant::now();
    let mut listeners = Vec::new();
    for _ in 0..count {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = b"GET /api/realtime/stream HTTP/1.1\r\nHost: x\r\nX-API-KEY: 1\r\n\r\n";
        stream.write_all(request).await.unwrap();
        hear(&mut stream, "event: ready").await;
        listeners.push(stream);
    }
    let opened = began.elapsed();
    let after = resident_kib();
    let each = (after - before) / i64::try_from(count).unwrap().max(1);
    println!("{count} streams open in {opened:?}, {each} KiB each, {} KiB in all", after - before);
    for round in 0..5 {
        let own = ctx(1);
        let began = Instant::now();
        let emitted =
            move |tx: &mut db::Tx<'_>| own.emit(tx, Event::new("stock.changed", own.new_id::<Realtime>()));
        db.write(&ctx(1), db::Lane::People, emitted).await.unwrap();
        let committed = began.elapsed();
        for stream in &mut listeners {
            hear(stream, "stock.changed").await;
        }
        println!("event {round}: committed in {committed:?}, heard by all after {:?}", began.elapsed());
    }
    let end = resident_kib();
    println!("{} KiB more after the events", end - after);
    site.app.stopping().cancel();
    let began = Instant::now();
    for stream in &mut listeners {
        let mut rest = Vec::new();
        tokio::time::timeout(Duration::from_secs(5), async {
            while stream.read_buf(&mut rest).await.unwrap() > 0 && !rest.ends_with(b"0\r\n\r\n") {}
        })
        .await
        .unwrap();
    }
    println!("all ended {:?} after the stop, {} listen", began.elapsed(), hub.seats());
    handle.stop().await;
}

/// Reads until these words.
async fn hear(stream: &mut TcpStream, words: &str) {
    let mut text = Vec::new();
    loop {
        let mut piece = [0; 512];
        let read = stream.read(&mut piece).await.unwrap();
        assert!(read > 0, "the stream ended");
        text.extend_from_slice(piece.get(..read).unwrap_or_default());
        if String::from_utf8_lossy(&text).contains(words) {
            return;
        }
    }
}

/// The process's resident memory.
fn resident_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}
