//! The doors tried against a server on this machine, which is as private as an address can be.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Redirect},
    routing::get,
};
use kernel::Kind;
use reqwest::Method;

use super::*;

/// `/` answers, `/away/…` redirects, `/busy` is busy twice, `/long` answers a megabyte.
async fn server() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let busy = Arc::new(AtomicU32::new(0));
    let answer_busy = move || {
        let count = busy.fetch_add(1, Ordering::SeqCst);
        async move {
            match count {
                0 => (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "0")]).into_response(),
                1 => StatusCode::BAD_GATEWAY.into_response(),
                _ => count.to_string().into_response(),
            }
        }
    };
    let router = Router::new()
        .route("/", get(|| async { "here" }))
        .route(
            "/away/{host}",
            get(move |host: axum::extract::Path<String>| async move {
                Redirect::temporary(&format!("http://{}:{}/", host.0, address.port()))
            }),
        )
        .route("/busy", get(answer_busy))
        .route("/later", get(|| async { (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "3600")]) }))
        .route("/long", get(|| async { vec![b'x'; 1 << 20] }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn net(allow: &str) -> Net {
    Net::new(&Options { allow: allow.parse().unwrap(), ..Options::default() }).unwrap()
}

#[track_caller]
fn check_refused(error: &kernel::Error) {
    assert_eq!(error.kind(), Kind::Invalid);
    assert_eq!(error.text().key(), "net-address-refused");
}

#[tokio::test]
async fn the_trusted_door_reaches_this_machine() {
    let address = server().await;
    let answer = net("").trusted().get(format!("http://{address}/")).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "here");
}

#[tokio::test]
async fn a_tenant_does_not_reach_private_addresses_in_any_spelling() {
    let port = server().await.port();
    let tenant = net("").tenant;
    for host in
        ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1", "0.0.0.0", "10.0.0.1"]
    {
        let error = tenant.request(Method::GET, &format!("http://{host}:{port}/")).unwrap_err();
        check_refused(&error);
    }
    let failure =
        tenant.request(Method::GET, &format!("http://localhost:{port}/")).unwrap().send().await.unwrap_err();
    check_refused(&Tenant::is_refused(&failure).unwrap());
    assert!(not_sent(&failure));
}

#[tokio::test]
async fn a_redirect_into_a_private_network_is_refused() {
    let address = server().await;
    let port = address.port();
    // The first step is allowed by name, the second is not: once in numbers, once by another name.
    let tenant = net("localhost").tenant;
    for hidden in ["127.0.0.1", "ip6-localhost.localdomain.invalid"] {
        let request = tenant.request(Method::GET, &format!("http://localhost:{port}/away/{hidden}")).unwrap();
        let failure = request.send().await.unwrap_err();
        assert_eq!(Tenant::is_refused(&failure).is_some(), hidden == "127.0.0.1", "{failure:?}");
    }
}

#[tokio::test]
async fn a_request_with_a_secret_follows_no_redirect() {
    let port = server().await.port();
    let tenant = net("127.0.0.1").tenant;
    let request = tenant
        .request_without_redirects(Method::POST, &format!("http://127.0.0.1:{port}/away/127.0.0.1"))
        .unwrap();
    assert_eq!(request.send().await.unwrap().status(), 405);
    let request = tenant
        .request_without_redirects(Method::GET, &format!("http://127.0.0.1:{port}/away/127.0.0.1"))
        .unwrap();
    assert_eq!(request.send().await.unwrap().status(), 307);
    check_refused(&tenant.request_without_redirects(Method::GET, "http://10.0.0.1/").unwrap_err());
}

#[test]
fn what_the_operator_opened_is_told_from_the_public_network() {
    let tenant = net("10.0.0.0/8 shop.local").tenant;
    for (address, opened) in [
        ("http://10.1.2.3/", true),
        ("http://shop.local/", true),
        ("http://8.8.8.8/", false),
        ("http://192.168.0.1/", false),
        ("http://shop.uz/", false),
    ] {
        assert_eq!(tenant.is_opened(&address.parse().unwrap()), opened, "{address}");
    }
}

#[tokio::test]
async fn the_operator_opens_networks_and_hosts() {
    let port = server().await.port();
    for (allow, host) in [
        ("127.0.0.0/8", "127.0.0.1"),
        ("localhost", "localhost"),
        ("127.0.0.1", "localhost"),
        ("*", "localhost"),
    ] {
        let request = net(allow).tenant.request(Method::GET, &format!("http://{host}:{port}/")).unwrap();
        assert_eq!(request.send().await.unwrap().text().await.unwrap(), "here", "{allow}");
    }
}

#[test]
fn of_the_addresses_of_a_name_only_public_ones_are_kept() {
    let found =
        |list: &str| list.split(' ').map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect::<Vec<_>>();
    let allow = Allow::nothing();
    let kept = resolve::keep_allowed(&allow, "shop.uz", found("10.0.0.1 195.158.0.1 fd00::1")).unwrap();
    assert_eq!(kept, found("195.158.0.1"));
    assert!(resolve::keep_allowed(&allow, "shop.uz", found("10.0.0.1 ::1")).is_err());
}

#[test]
fn what_is_no_web_address_is_refused_with_its_words() {
    let tenant = net("").tenant;
    for address in ["", "shop.uz", "ftp://shop.uz", "file:///etc/passwd", "http://", "javascript:alert(1)"] {
        assert_eq!(tenant.check(address).unwrap_err().text().key(), "net-address-invalid", "{address}");
    }
    assert_eq!(tenant.check(" https://shop.uz/hook ").unwrap().as_str(), "https://shop.uz/hook");
}

#[tokio::test]
async fn an_idempotent_call_is_made_again_until_it_passes() {
    let address = server().await;
    let retry = Retry { pause: Duration::from_millis(1), ..Retry::default() };
    let net = net("");
    let answer = send_again(net.trusted().get(format!("http://{address}/busy")), &retry).await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "2");
    let answer = send_again(net.trusted().get(format!("http://{address}/later")), &retry).await.unwrap();
    assert_eq!(answer.status(), 429, "an hour is too long to wait");
    let closed = send_again(net.trusted().get("http://127.0.0.1:1/"), &retry).await.unwrap_err();
    assert!(not_sent(&closed));
}

#[tokio::test]
async fn a_body_is_read_up_to_its_limit() {
    let address = server().await;
    let net = net("");
    let long = || net.trusted().get(format!("http://{address}/long")).send();
    assert_eq!(read_up_to(long().await.unwrap(), 1 << 20).await.unwrap().len(), 1 << 20);
    let refused = read_up_to(long().await.unwrap(), (1 << 20) - 1).await;
    assert!(matches!(refused, Err(TooLong::TooLong(_))));
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_the_checks(text in ".{0,60}") {
        let _ = net("").tenant.check(&text);
        let _ = text.parse::<Allow>();
    }
}
