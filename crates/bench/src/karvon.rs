//! `karvon` as a process of its own, as people run it: started, looked at from outside, ended.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// Between two looks whether it answers.
const LOOK: Duration = Duration::from_millis(2);
const PATIENCE: Duration = Duration::from_secs(30);

fn program() -> PathBuf {
    let program = std::env::current_exe().unwrap().with_file_name("karvon");
    assert!(program.exists(), "{} is not built: cargo xtask bench builds it", program.display());
    program
}

/// The release's `karvon`, which lies beside this program, with its data in this folder and these settings besides.
pub fn karvon(
    data: &Path,
    url: Option<&str>,
    address: SocketAddr,
    arguments: &[&str],
    settings: &[(&str, &str)],
) -> Command {
    let mut command = Command::new(program());
    command
        .args(arguments)
        .env_clear()
        .env("KARVON_DATA", data)
        .env("KARVON_LISTEN", address.to_string())
        .envs(url.map(|url| ("KARVON_DATABASE_URL", url)))
        .envs(settings.iter().copied())
        .current_dir(data)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// An address that nobody has at the moment.
pub fn free_address() -> SocketAddr {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap()
}

/// A running server, ended when it goes.
pub struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.0.kill();
        let _status = self.0.wait();
    }
}

impl Server {
    /// Starts it.
    pub fn start(mut command: Command) -> Self {
        Self(command.spawn().unwrap())
    }

    /// Seconds from `began` to the first page.
    pub fn wait_for_page(&mut self, address: SocketAddr, began: std::time::Instant) -> f64 {
        loop {
            if get(address, "/sign-in").is_some() {
                return began.elapsed().as_secs_f64();
            }
            assert!(began.elapsed() < PATIENCE, "karvon does not answer");
            assert!(self.0.try_wait().unwrap().is_none(), "karvon ended");
            sleep(LOOK);
        }
    }

    /// What of it lies in memory, pages of its files included.
    pub fn resident_kb(&self) -> f64 {
        self.status_kb("VmRSS:")
    }

    /// What of it lies in memory and in no file: the kernel cannot take it back.
    pub fn held_kb(&self) -> f64 {
        self.status_kb("RssAnon:")
    }

    fn status_kb(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches("kB").trim().parse().unwrap()
    }

    /// How many files and connections it has open.
    pub fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.0.id())).unwrap().count()
    }

    /// Ticks of a hundredth of a second that it has been at work.
    pub fn ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap();
        let (_, fields) = stat.rsplit_once(')').unwrap();
        fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
    }
}

/// The page, when it is one.
pub fn get(address: SocketAddr, path: &str) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(address).ok()?;
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    answer.starts_with(b"HTTP/1.1 200").then_some(answer)
}

/// Waits.
#[expect(
    clippy::disallowed_methods,
    reason = "another process starts and comes to rest; there is no event to wait for"
)]
pub fn sleep(time: Duration) {
    std::thread::sleep(time);
}
