//! The real program beside a test: started, killed, asked to stop, spoken to over a bare connection.

use std::{
    net::{SocketAddr, TcpListener},
    process::{ExitStatus, Output, Stdio},
    time::Duration,
};

use db::{Target, testing::TestDb};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
};

use crate::world::World;

/// Whatever is waited for comes within this, or never.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The program beside the test: its own folder, the shop's database.
pub(crate) struct Program {
    settings: Vec<(String, String)>,
    folder: tempfile::TempDir,
    child: Option<Child>,
}

impl Program {
    pub(crate) fn new(
        db: &TestDb,
        world: &World,
        api_url: &str,
        listen: SocketAddr,
        more: &[(&str, &str)],
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = match db.config().target {
            Target::Sqlite(path) => format!("sqlite:{}", path.display()),
            Target::Postgres(url) => url,
        };
        // The bot's token is sealed with it.
        let secret = std::fs::read_to_string(world.data().join("secret")).unwrap();
        let settings = [
            ("KARVON_LISTEN", listen.to_string()),
            ("KARVON_PUBLIC_URL", format!("http://{listen}")),
            ("KARVON_DATA", folder.path().display().to_string()),
            ("KARVON_DATABASE_URL", database),
            ("KARVON_SECRET", secret.trim().to_owned()),
            ("KARVON_TELEGRAM_API_URL", api_url.to_owned()),
            ("KARVON_TELEGRAM_LIMITS", "false".to_owned()),
            ("KARVON_LOG", "warn".to_owned()),
            ("KARVON_LOG_FILES", "false".to_owned()),
        ];
        let more = more.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let settings =
            settings.into_iter().chain(more).map(|(name, value)| (name.to_owned(), value)).collect();
        Self { settings, folder, child: None }
    }

    /// Starts it and waits until it answers.
    pub(crate) async fn start(&mut self) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_karvon"))
            .arg("serve")
            .env_clear()
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = tokio::time::timeout(PATIENCE, lines.next_line()).await;
        assert!(
            matches!(&said, Ok(Ok(Some(line))) if line.starts_with("http://")),
            "it does not start: {said:?}"
        );
        self.child = Some(child);
    }

    /// Runs another command of the program to its end; its words are parted by spaces.
    pub(crate) async fn run(&self, command: &str) -> Output {
        let mut run = Command::new(env!("CARGO_BIN_EXE_karvon"));
        run.args(command.split(' '))
            .env_clear()
            .envs(self.settings.iter().map(|(name, value)| (name, value)));
        run.current_dir(self.folder.path()).output().await.unwrap()
    }

    /// `kill -9`.
    pub(crate) async fn kill(&mut self) {
        self.child.take().unwrap().kill().await.unwrap();
    }

    /// Sends the termination signal, as an operating system does that shuts down.
    pub(crate) async fn ask_to_stop(&self) {
        let pid = self.child.as_ref().and_then(Child::id).expect("it runs");
        let asked = Command::new("kill").args(["-TERM", &pid.to_string()]).status().await.unwrap();
        assert!(asked.success());
    }

    /// Waits until it has ended of itself.
    pub(crate) async fn ended(&mut self, within: Duration) -> ExitStatus {
        let child = self.child.as_mut().unwrap();
        let ended = tokio::time::timeout(within, child.wait()).await;
        self.child.take_if(|_| ended.is_ok());
        ended.unwrap_or_else(|_| panic!("it still runs after {within:?}")).unwrap()
    }

    /// Asks it to stop and waits for its end.
    pub(crate) async fn stop(&mut self) {
        self.ask_to_stop().await;
        assert!(self.ended(PATIENCE).await.success());
    }
}

/// A bare HTTP/1.1 connection: what is sent and when is the test's.
pub(crate) struct Wire {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Wire {
    pub(crate) async fn open(to: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(to).await.unwrap(), heard: Vec::new() }
    }

    pub(crate) async fn say(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// Reads until `words` were heard.
    pub(crate) async fn hear(&mut self, words: &str) {
        let heard = async {
            while !String::from_utf8_lossy(&self.heard).contains(words) {
                let count = self.stream.read_buf(&mut self.heard).await.unwrap();
                assert!(count > 0, "the connection ended: {}", String::from_utf8_lossy(&self.heard));
            }
        };
        let waited = tokio::time::timeout(PATIENCE, heard).await;
        assert!(waited.is_ok(), "no {words:?} in {}", String::from_utf8_lossy(&self.heard));
    }

    /// Reads until the other side ends the connection; everything that it said.
    pub(crate) async fn hear_the_end(&mut self, within: Duration) -> String {
        let ended = tokio::time::timeout(within, self.stream.read_to_end(&mut self.heard)).await;
        let heard = String::from_utf8_lossy(&self.heard).into_owned();
        assert!(ended.is_ok(), "still open after {within:?}: {heard}");
        heard
    }
}
