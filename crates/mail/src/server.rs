//! The mail server that letters go to, as an address says it, and what its answers mean.

use std::time::Duration;

use kernel::{Error, Result, Text};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    transport::smtp::{
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};

/// How long one step of a delivery may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Characters of a mail server's answer that are kept.
const ANSWER_AT_MOST: usize = 300;
/// Answers to a wrong name or password: ours to mend, and no fault of the letter (RFC 4954, section 6).
const REFUSED_SIGN_IN: [u16; 5] = [530, 534, 535, 538, 454];

/// Where letters go.
#[derive(Debug, Clone, Default)]
pub enum Delivery {
    /// Nowhere: this server writes no letters.
    #[default]
    Off,
    /// Into the log, for whoever tries things out.
    Console,
    /// To a mail server.
    Smtp(Box<Server>),
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct Server {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

/// What became of an attempt.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It may be taken later.
    Later(String),
    /// It will never be taken.
    Never(String),
}

impl Server {
    /// The server that an address names: `smtps://user:password@host:465` speaks TLS from the first byte,
    /// `smtp://host:587` turns to it by STARTTLS and sends nothing before; only on this very machine, or with
    /// `?tls=none`, it goes without, and then without a password. `hello` is the name that we give, `authority` a
    /// certificate in PEM that is trusted besides the known ones.
    pub fn parse(address: &str, hello: &str, authority: Option<&[u8]>) -> Result<Self> {
        let wrong = || Error::invalid(Text::new("mail-server-wrong"));
        let (scheme, rest) = address.trim().split_once("://").ok_or_else(wrong)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let authority_part = rest.split('/').next().unwrap_or_default();
        let (credentials, host) = match authority_part.rsplit_once('@') {
            Some((credentials, host)) => (Some(credentials), host),
            None => (None, authority_part),
        };
        let name = host_name(host);
        if name.is_empty() {
            return Err(wrong());
        }
        let bare = match (scheme, query) {
            ("smtps", "") | ("smtp", "tls=required") => false,
            ("smtp", "") => is_this_machine(name),
            ("smtp", "tls=none") => true,
            _ => return Err(wrong()),
        };
        if bare && credentials.is_some() && !is_this_machine(name) {
            return Err(Error::invalid(Text::new("mail-password-in-the-open")));
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&format!("{scheme}://{rest}"))
            .map_err(|_| wrong())?;
        let tls = || -> Result<TlsParameters> {
            let mut tls = TlsParameters::builder(name.trim_matches(['[', ']']).to_owned());
            if let Some(pem) = authority {
                tls = tls.add_root_certificate(Certificate::from_pem(pem).map_err(|_| wrong())?);
            }
            tls.build_rustls().map_err(|_| wrong())
        };
        let builder = match (scheme, bare) {
            (_, true) => builder.tls(Tls::None),
            ("smtps", false) => builder.tls(Tls::Wrapper(tls()?)),
            (_, false) => builder.tls(Tls::Required(tls()?)),
        };
        let transport =
            builder.hello_name(ClientId::Domain(hello.to_owned())).timeout(Some(PATIENCE)).build();
        Ok(Self { transport })
    }

    /// Gives the server a letter.
    pub(crate) async fn send(&self, message: Message) -> Result<(), Refusal> {
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let code = error.status().map(u16::from);
                let sign_in = code.is_some_and(|code| REFUSED_SIGN_IN.contains(&code));
                let said = said(&error);
                if error.is_permanent() && !sign_in {
                    Err(Refusal::Never(said))
                } else {
                    Err(Refusal::Later(said))
                }
            }
        }
    }
}

/// The error and what is behind it on one line, not longer than a page can show.
fn said(error: &lettre::transport::smtp::Error) -> String {
    let mut words = error.to_string();
    if let Some(source) = std::error::Error::source(error) {
        let source = source.to_string();
        if !words.contains(&source) {
            words = format!("{words}: {source}");
        }
    }
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(ANSWER_AT_MOST).collect()
}

fn host_name(host: &str) -> &str {
    if host.starts_with('[') {
        host.split_inclusive(']').next().unwrap_or_default()
    } else {
        host.split(':').next().unwrap_or_default()
    }
}

fn is_this_machine(name: &str) -> bool {
    let address = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    name == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, expected: Option<&str>) {
        let got = Server::parse(address, "karvon.test", None).err().map(|error| error.text().key());
        assert_eq!(got, expected, "{address}");
    }

    #[test]
    fn an_address_says_how_letters_travel() {
        check("smtps://user:p%40ss@mail.example:465", None);
        check("smtp://user:pass@mail.example:587", None);
        check("smtp://user:pass@mail.example:587?tls=required", None);
        check("smtp://127.0.0.1:2525", None);
        check("smtp://user:pass@[::1]:2525", None);
        check("smtp://relay.lan:25?tls=none", None);
    }

    #[test]
    fn a_password_never_travels_in_the_open_and_nonsense_is_refused() {
        check("smtp://user:pass@mail.example:25?tls=none", Some("mail-password-in-the-open"));
        for wrong in
            ["mail.example", "http://mail.example", "smtp://", "smtps://a:465?tls=maybe", "smtp://:25"]
        {
            check(wrong, Some("mail-server-wrong"));
        }
    }
}
