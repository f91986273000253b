//! The cookie that carries a session's secret.

use axum::http::HeaderMap;
use web::{App, Cookie, SESSION_COOKIE, SameSite, find_cookie};

use crate::{LIFE_DAYS, Secret};

/// Gives the browser a session.
pub(crate) fn open(app: &App, secret: &Secret) -> Cookie {
    cookie(app, secret.reveal(), LIFE_DAYS.saturating_mul(86_400))
}

/// Takes it away.
pub(crate) fn close(app: &App) -> Cookie {
    cookie(app, "", 0)
}

fn cookie(app: &App, value: &str, max_age_s: i64) -> Cookie {
    Cookie {
        name: SESSION_COOKIE,
        value: value.to_owned(),
        max_age_s: Some(max_age_s),
        secure: app.config().is_https(),
        same_site: SameSite::Lax,
    }
}

/// The secret that the request brings; empty when it brings none, which is the secret of no session.
pub(crate) fn secret(headers: &HeaderMap) -> String {
    find_cookie(headers, SESSION_COOKIE).unwrap_or_default().to_owned()
}
