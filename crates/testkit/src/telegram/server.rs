//! The HTTP side: `/bot<token>/<method>`, `/file/bot<token>/<path>`, and connections that can be broken on order.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, DefaultBodyLimit, Request, State as Given, connect_info::Connected},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    serve::{IncomingStream, Listener},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

use super::{
    Shared,
    calls::{Call, Ended},
    error::ApiError,
    faults::{Fault, Rule},
    params::{Params, REQUEST_LIMIT_BYTES},
    state::State,
    updates::get_updates,
};

/// A result and the description that some results have.
pub(super) type Outcome = Result<(Value, Option<&'static str>), ApiError>;

/// Serves until the task is aborted.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let router =
        Router::new().fallback(answer).layer(DefaultBodyLimit::max(REQUEST_LIMIT_BYTES)).with_state(shared);
    let service = router.into_make_service_with_connect_info::<Breaker>();
    let _ = axum::serve(BreakableListener(listener), service).await;
}

async fn answer(
    Given(shared): Given<Arc<Shared>>,
    ConnectInfo(breaker): ConnectInfo<Breaker>,
    request: Request,
) -> Response {
    let path = request.uri().path().to_owned();
    if let Some(rest) = path.strip_prefix("/file/bot") {
        return file(&shared, rest);
    }
    let Some((token, method)) = path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) else {
        return refusal(&ApiError::not_found("Not Found"));
    };
    let token = token.replace("%3A", ":").replace("%3a", ":");
    let params = match Params::read(request).await {
        Ok(params) => params,
        Err(error) => return refusal(&error),
    };
    let fault = shared.with(|state| Rule::take(&mut state.faults, &token, method));
    let spoiled = |ended| shared.with(|state| state.log_ended(&token, method, &params, ended));
    match &fault {
        Some(Fault::Slow(delay)) => tokio::time::sleep(*delay).await,
        Some(Fault::Status(code)) => {
            spoiled(Ended::LostBefore);
            let code = StatusCode::from_u16(*code).unwrap_or(StatusCode::BAD_GATEWAY);
            return (code, [(header::CONTENT_TYPE, "text/html")], "<html>gateway</html>").into_response();
        }
        Some(Fault::DropBefore) => {
            spoiled(Ended::LostBefore);
            return breaker.broken();
        }
        Some(Fault::RetryAfter(seconds)) => {
            let error = ApiError::too_many(*seconds);
            spoiled(Ended::Refused(error.code, error.description.clone()));
            return refusal(&error);
        }
        Some(Fault::Refuse(code, words)) => {
            spoiled(Ended::Refused(*code, words.clone()));
            let (code, description) = (*code, words.clone());
            return refusal(&ApiError { code, description, retry_after: None, migrate_to: None });
        }
        Some(Fault::DropAfter | Fault::Garbage) | None => {}
    }
    let outcome: Outcome = if method.eq_ignore_ascii_case("getUpdates") {
        get_updates(&shared, &token, &params).await.map(|updates| (updates, None))
    } else {
        shared.with(|state| state.call(&token, method, &params))
    };
    match fault {
        Some(Fault::DropAfter) => {
            spoiled(Ended::LostAfter);
            return breaker.broken();
        }
        Some(Fault::Garbage) => {
            spoiled(Ended::LostAfter);
            return "not what was asked for".into_response();
        }
        _ => shared.with(|state| state.log(&token, method, &params, &outcome)),
    }
    match outcome {
        Ok((result, None)) => json_body(StatusCode::OK, &json!({"ok": true, "result": result})),
        Ok((result, Some(words))) => {
            json_body(StatusCode::OK, &json!({"ok": true, "result": result, "description": words}))
        }
        Err(error) => refusal(&error),
    }
}

fn refusal(error: &ApiError) -> Response {
    let code = StatusCode::from_u16(error.code).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = json_body(code, &error.body());
    if let Some(seconds) = error.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn json_body(code: StatusCode, body: &Value) -> Response {
    (code, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

fn file(shared: &Arc<Shared>, rest: &str) -> Response {
    let found = rest.split_once('/').and_then(|(token, path)| {
        let token = token.replace("%3A", ":").replace("%3a", ":");
        shared.with(|state| state.download(&token, path))
    });
    match found {
        Some(bytes) => Body::from(bytes).into_response(),
        None => refusal(&ApiError::not_found("Not Found")),
    }
}

impl State {
    /// Every method but getUpdates.
    pub(super) fn call(&mut self, token: &str, method: &str, params: &Params) -> Outcome {
        self.counters.calls += 1;
        self.bot(token)?;
        let lower = method.to_lowercase();
        let result = match lower.as_str() {
            "getme" => self.get_me(token)?,
            "getchat" => self.get_chat(token, params)?,
            "setwebhook" | "deletewebhook" => {
                let (result, words) = self.set_webhook(token, &lower, params)?;
                return Ok((result, Some(words)));
            }
            "getwebhookinfo" => self.webhook_info(token)?,
            "setmycommands" | "getmycommands" | "deletemycommands" => {
                self.my_commands(token, &lower, params)?
            }
            "setchatmenubutton" | "getchatmenubutton" => self.menu_button(token, &lower, params)?,
            "sendmessage" | "sendphoto" | "senddocument" | "sendvideo" | "sendvoice" | "sendaudio"
            | "sendanimation" | "sendlocation" | "sendcontact" => self.send(token, &lower, params)?,
            "sendmediagroup" => self.send_album(token, params)?,
            "sendchataction" => self.send_action(token, params)?,
            "editmessagetext" | "editmessagecaption" | "editmessagereplymarkup" => {
                self.edit(token, &lower, params)?
            }
            "editmessagemedia" => self.edit_media(token, params)?,
            "deletemessage" => self.delete(token, params)?,
            "answercallbackquery" => self.answer_callback(token, params)?,
            "getfile" => self.get_file(token, params)?,
            _ => return Err(ApiError::not_found("Not Found: method not found")),
        };
        Ok((result, None))
    }

    /// Writes a call into the log.
    pub(super) fn log(&mut self, token: &str, method: &str, params: &Params, outcome: &Outcome) {
        if self.keep_calls {
            let ended = match outcome {
                Ok((result, _)) => Ended::Ok(result.clone()),
                Err(error) => Ended::Refused(error.code, error.description.clone()),
            };
            self.log_ended(token, method, params, ended);
        } else {
            self.called.send_modify(|version| *version += 1);
        }
    }

    fn log_ended(&mut self, token: &str, method: &str, params: &Params, ended: Ended) {
        if self.keep_calls {
            let at = self.clock.now();
            let (token, method, params) = (token.to_owned(), method.to_owned(), params.for_log());
            self.calls.push(Call { at, token, method, params, ended });
        }
        self.called.send_modify(|version| *version += 1);
    }
}

/// Breaks the connection that a call came on.
#[derive(Clone)]
struct Breaker(Arc<AtomicBool>);

impl Breaker {
    /// Nothing of this answer reaches the client: the connection is closed first.
    fn broken(&self) -> Response {
        self.0.store(true, Ordering::SeqCst);
        StatusCode::OK.into_response()
    }
}

impl Connected<IncomingStream<'_, BreakableListener>> for Breaker {
    fn connect_info(stream: IncomingStream<'_, BreakableListener>) -> Self {
        Self(stream.io().broken.clone())
    }
}

struct BreakableListener(TcpListener);

impl Listener for BreakableListener {
    type Io = Breakable;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        let _ = stream.set_nodelay(true);
        (Breakable { stream, broken: Arc::new(AtomicBool::new(false)) }, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

/// A connection that fails once it was broken.
struct Breakable {
    stream: TcpStream,
    broken: Arc<AtomicBool>,
}

impl Breakable {
    fn check(&self) -> io::Result<()> {
        if self.broken.load(Ordering::SeqCst) { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }
}

impl AsyncRead for Breakable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Breakable {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
