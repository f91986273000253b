//! A mail server on the loopback: it speaks real SMTP, in the open, by STARTTLS or by TLS from the first byte, keeps what
//! it takes, and refuses when a test says so.

use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use mailin::{Action, AuthMechanism, Handler, Response, Session, SessionBuilder, response};
use mailparse::MailHeaderMap;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// How letters travel to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wire {
    /// In the open.
    #[default]
    Open,
    /// In the open until the client asks for TLS.
    StartTls,
    /// By TLS from the first byte.
    Tls,
}

/// A letter that was taken.
#[derive(Debug, Clone)]
pub struct Received {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Whether it came by TLS.
    pub by_tls: bool,
    /// The bytes between DATA and the dot.
    pub raw: Vec<u8>,
}

impl Received {
    /// A header's value, decoded; every header of that name, one after another.
    pub fn header(&self, name: &str) -> String {
        self.parsed().headers.get_all_values(name).join("\n")
    }

    /// The part of this type, decoded.
    fn part(&self, kind: &str) -> String {
        let parsed = self.parsed();
        let part = parsed.parts().find(|part| part.ctype.mimetype == kind).unwrap();
        part.get_body().unwrap()
    }

    /// What it says to people who read plain text.
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// What it says in HTML.
    pub fn html(&self) -> String {
        self.part("text/html")
    }

    /// The path of the first link in it, without the server's address.
    pub fn path(&self) -> String {
        let text = self.text();
        let link = text.split_whitespace().find(|word| word.starts_with("http")).unwrap();
        let after = link.split_once("://").unwrap().1;
        format!("/{}", after.split_once('/').map_or("", |(_, path)| path))
    }

    fn parsed(&self) -> mailparse::ParsedMail<'_> {
        mailparse::parse_mail(&self.raw).unwrap()
    }
}

#[derive(Default)]
struct Kept {
    letters: Vec<Received>,
    refusals: VecDeque<(u16, String)>,
    tried: u32,
}

/// The server. It stops when it is dropped.
pub struct MailServer {
    address: SocketAddr,
    wire: Wire,
    authority: String,
    kept: Arc<Mutex<Kept>>,
    count: watch::Receiver<usize>,
    serving: JoinHandle<()>,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl MailServer {
    /// A server that takes every letter in the open.
    pub async fn start() -> Self {
        Self::start_with(Wire::Open, None).await
    }

    /// A server that is spoken to in this way, by whoever has this name and password where one is said.
    pub async fn start_with(wire: Wire, user: Option<(&str, &str)>) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let kept = Arc::new(Mutex::new(Kept::default()));
        let (told, count) = watch::channel(0);
        let connection = Connection {
            wire,
            user: user.map(|(name, password)| (name.to_owned(), password.to_owned())),
            tls: TlsAcceptor::from(Arc::new(config)),
            kept: Arc::clone(&kept),
            told: Arc::new(told),
        };
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let connection = connection.clone();
                // A client that hangs up ends its own connection only.
                tokio::spawn(async move { drop(connection.serve(stream).await) });
            }
        });
        Self { address, wire, authority: made.cert.pem(), kept, count, serving }
    }

    /// The address of the server as a setting says it, with this name and password before the host where they are said.
    pub fn url(&self, user: &str) -> String {
        let scheme = if self.wire == Wire::Tls { "smtps" } else { "smtp" };
        let at = if user.is_empty() { "" } else { "@" };
        let query = if self.wire == Wire::StartTls { "?tls=required" } else { "" };
        format!("{scheme}://{user}{at}localhost:{}{query}", self.address.port())
    }

    /// The certificate that vouches for the server, in PEM.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Refuses the next recipient with this answer.
    pub fn refuse_next(&self, code: u16, words: &str) {
        self.kept.lock().unwrap().refusals.push_back((code, words.to_owned()));
    }

    /// How many recipients were named so far, taken or refused.
    pub fn tried(&self) -> u32 {
        self.kept.lock().unwrap().tried
    }

    /// The letters that were taken so far.
    pub fn letters(&self) -> Vec<Received> {
        self.kept.lock().unwrap().letters.clone()
    }

    /// The letters to this address.
    pub fn letters_to(&self, address: &str) -> Vec<Received> {
        self.letters().into_iter().filter(|letter| letter.to.iter().any(|to| to == address)).collect()
    }

    /// Waits until there are so many letters.
    pub async fn wait_for(&self, letters: usize) -> Vec<Received> {
        let mut count = self.count.clone();
        let enough = count.wait_for(|count| *count >= letters);
        tokio::time::timeout(Duration::from_secs(20), enough).await.expect("letters come").unwrap();
        self.letters()
    }
}

#[derive(Clone)]
struct Connection {
    wire: Wire,
    user: Option<(String, String)>,
    tls: TlsAcceptor,
    kept: Arc<Mutex<Kept>>,
    told: Arc<watch::Sender<usize>>,
}

impl Connection {
    async fn serve(self, stream: TcpStream) -> io::Result<()> {
        let mut builder = SessionBuilder::new("mail.test");
        if self.wire == Wire::StartTls {
            builder.enable_start_tls();
        }
        if self.user.is_some() {
            builder.enable_auth(AuthMechanism::Plain);
            if self.wire != Wire::StartTls {
                builder.insecure_enable_plaintext_auth();
            }
        }
        let desk =
            Desk { connection: self.clone(), by_tls: self.wire == Wire::Tls, letter: None, is_known: false };
        let mut session = builder.build(IpAddr::V4(Ipv4Addr::LOCALHOST), desk);
        if self.wire == Wire::Tls {
            let stream = self.tls.accept(stream).await?;
            return talk(&mut session, stream, true).await.map(drop);
        }
        let stream = talk(&mut session, stream, true).await?;
        if let Some(stream) = stream {
            let stream = self.tls.accept(stream).await?;
            session.tls_active();
            talk(&mut session, stream, false).await?;
        }
        Ok(())
    }
}

/// Answers line by line; gives the stream back when the client asks for TLS.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session<Desk>,
    stream: S,
    greets: bool,
) -> io::Result<Option<S>> {
    let mut stream = BufReader::new(stream);
    if greets {
        answer(&mut stream, &session.greeting()).await?;
    }
    let mut line = Vec::new();
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(None);
        }
        let response = session.process(&line);
        match response.action {
            Action::NoReply => {}
            Action::Reply => answer(&mut stream, &response).await?,
            Action::Close => {
                answer(&mut stream, &response).await?;
                return Ok(None);
            }
            Action::UpgradeTls => {
                answer(&mut stream, &response).await?;
                return Ok(Some(stream.into_inner()));
            }
        }
    }
}

async fn answer<S: AsyncWrite + Unpin>(stream: &mut S, response: &Response) -> io::Result<()> {
    let mut bytes = Vec::new();
    response.write_to(&mut bytes)?;
    stream.write_all(&bytes).await?;
    stream.flush().await
}

/// One client.
struct Desk {
    connection: Connection,
    by_tls: bool,
    letter: Option<Received>,
    is_known: bool,
}

impl Handler for Desk {
    fn mail(&mut self, _: IpAddr, _: &str, _: &str) -> Response {
        if self.connection.user.is_some() && !self.is_known {
            return response::AUTHENTICATION_REQUIRED;
        }
        response::OK
    }

    fn rcpt(&mut self, _: &str) -> Response {
        let mut kept = self.connection.kept.lock().unwrap();
        kept.tried += 1;
        match kept.refusals.pop_front() {
            Some((code, words)) => Response::custom(code, words),
            None => response::OK,
        }
    }

    fn data_start(&mut self, _: &str, from: &str, _: bool, to: &[String]) -> Response {
        let by_tls = self.by_tls || self.connection.wire == Wire::StartTls;
        self.letter = Some(Received { from: from.to_owned(), to: to.to_vec(), by_tls, raw: Vec::new() });
        response::OK
    }

    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.letter.as_mut().unwrap().raw.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mut kept = self.connection.kept.lock().unwrap();
        kept.letters.extend(self.letter.take());
        self.connection.told.send_replace(kept.letters.len());
        response::OK
    }

    fn auth_plain(&mut self, _: &str, name: &str, password: &str) -> Response {
        let known = self.connection.user.as_ref().is_some_and(|(n, p)| n == name && p == password);
        self.is_known = known;
        if known { response::AUTH_OK } else { response::INVALID_CREDENTIALS }
    }
}
