//! How often somebody may try: a few times freely, then after waits that grow. Pure.
//!
//! An attempt is counted before the password is looked at, so a hundred at once are a hundred attempts.

use std::net::IpAddr;

use kernel::{Error, Kind, Text, Timestamp};
use serde::Serialize;

use crate::token;

/// How often one subject may try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Attempts without a wait.
    pub free: u32,
    /// Seconds to wait after the first one beyond; each further wait is twice as long.
    pub first_wait_s: u32,
    /// Seconds of the longest wait.
    pub longest_wait_s: u32,
    /// Seconds without an attempt after which all is forgotten.
    pub forget_after_s: u32,
}

/// Wrong passwords for one account: five, then half a minute, up to a quarter of an hour.
pub const SIGN_IN_BY_LOGIN: Policy =
    Policy { free: 5, first_wait_s: 30, longest_wait_s: 900, forget_after_s: 86_400 };
/// Wrong passwords from one address, behind which a whole shop may sit.
pub const SIGN_IN_BY_ADDRESS: Policy =
    Policy { free: 30, first_wait_s: 30, longest_wait_s: 900, forget_after_s: 3_600 };
/// New workspaces from one address.
pub const SIGN_UP_BY_ADDRESS: Policy =
    Policy { free: 5, first_wait_s: 300, longest_wait_s: 3_600, forget_after_s: 7_200 };
/// Wrong present passwords where a signed-in person sets a new one.
pub const PASSWORD_BY_PERSON: Policy =
    Policy { free: 5, first_wait_s: 30, longest_wait_s: 900, forget_after_s: 86_400 };

/// People who join by invitations from one address, behind which a whole company may sit.
pub const JOIN_BY_ADDRESS: Policy =
    Policy { free: 30, first_wait_s: 60, longest_wait_s: 900, forget_after_s: 3_600 };
/// Letters to set a forgotten password, asked for from one address.
pub const RESET_BY_ADDRESS: Policy =
    Policy { free: 10, first_wait_s: 60, longest_wait_s: 3_600, forget_after_s: 7_200 };
/// Letters to set a forgotten password, asked for one login, whoever it belongs to.
pub const RESET_BY_LOGIN: Policy =
    Policy { free: 4, first_wait_s: 300, longest_wait_s: 3_600, forget_after_s: 86_400 };
/// Letters that a signed-in person asks for to confirm an address.
pub const CONFIRM_BY_PERSON: Policy =
    Policy { free: 4, first_wait_s: 120, longest_wait_s: 3_600, forget_after_s: 86_400 };
/// Letters that strangers' sign-ups send to one address.
pub const LETTERS_TO_ADDRESS: Policy =
    Policy { free: 5, first_wait_s: 3_600, longest_wait_s: 86_400, forget_after_s: 172_800 };
/// Letters that invitations of one workspace send.
pub const INVITE_BY_WORKSPACE: Policy =
    Policy { free: 60, first_wait_s: 60, longest_wait_s: 3_600, forget_after_s: 7_200 };

/// Where one subject stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Standing {
    /// Attempts that count.
    pub attempts: u32,
    /// No attempt before this moment.
    pub blocked_until: Timestamp,
    /// The last attempt.
    pub touched_at: Timestamp,
}

impl Policy {
    /// Counts one more attempt at `now`, or refuses it with the seconds that are left to wait.
    pub fn attempt(&self, standing: Standing, now: Timestamp) -> Result<Standing, Error> {
        let left_ms = standing.blocked_until.millis_since(now);
        if left_ms > 0 {
            let seconds = u32::try_from((left_ms + 999) / 1_000).unwrap_or(u32::MAX);
            return Err(wait(seconds));
        }
        let quiet_ms = now.millis_since(standing.touched_at);
        let forgotten = quiet_ms > i64::from(self.forget_after_s) * 1_000;
        let attempts = if forgotten { 1 } else { standing.attempts.saturating_add(1) };
        let blocked_until = now.plus_seconds(i64::from(self.wait_after(attempts)));
        Ok(Standing { attempts, blocked_until, touched_at: now })
    }

    /// Seconds to wait after this many attempts.
    pub fn wait_after(&self, attempts: u32) -> u32 {
        let Some(beyond) = attempts.checked_sub(self.free) else { return 0 };
        let doubled = 2_u32.checked_pow(beyond).unwrap_or(u32::MAX);
        self.first_wait_s.saturating_mul(doubled).min(self.longest_wait_s)
    }

    /// Takes one attempt back: it was right. Other attempts of the same address keep counting.
    pub fn forgive(&self, standing: Standing, now: Timestamp) -> Standing {
        let attempts = standing.attempts.saturating_sub(1);
        let blocked_until = if self.wait_after(attempts) == 0 { now } else { standing.blocked_until };
        Standing { attempts, blocked_until, touched_at: standing.touched_at }
    }
}

/// Up to here a wait is told in seconds, beyond in minutes.
const MINUTES_FROM_S: u32 = 90;

/// "Too many attempts, wait so many seconds", or minutes.
pub fn wait(seconds: u32) -> Error {
    let minutes = if seconds <= MINUTES_FROM_S { 0 } else { seconds.div_ceil(60) };
    let text = Text::new("auth-wait").with("seconds", seconds).with("minutes", minutes);
    Error::new(Kind::TooMuch { retry_after_s: Some(seconds) }, text)
}

/// The subject of a name that somebody signs in with. Hashed: people type passwords into the wrong field.
pub fn login_subject(login: &str) -> String {
    named_subject("sign_in.login", login)
}

/// The subject of something that people type, hashed.
pub fn named_subject(what: &str, typed: &str) -> String {
    let digest = token::digest(&typed.trim().to_lowercase());
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{what}.{hex}")
}

/// The subject of an address: an IPv4 address, or the /64 that one IPv6 customer has.
pub fn address_subject(what: &str, origin: &str) -> String {
    match origin.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{what}.address.{a:x}:{b:x}:{c:x}:{d:x}")
        }
        Ok(IpAddr::V4(ip)) => format!("{what}.address.{ip}"),
        Err(_) => format!(
            "{what}.address.{}",
            origin.chars().filter(|c| !c.is_control()).take(64).collect::<String>()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_begin_after_the_free_attempts_and_double_up_to_the_longest() {
        let waits: Vec<u32> = (1..=12).map(|n| SIGN_IN_BY_LOGIN.wait_after(n)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(SIGN_IN_BY_LOGIN.wait_after(u32::MAX), 900);
    }

    #[test]
    fn an_attempt_while_waiting_is_refused_with_the_seconds_left_and_does_not_count() {
        let at = Timestamp::from_millis(1_790_000_000_000);
        let mut standing = Standing::default();
        for _ in 0..5 {
            standing = SIGN_IN_BY_LOGIN.attempt(standing, at).unwrap();
        }
        let error = SIGN_IN_BY_LOGIN.attempt(standing, at.plus_millis(500)).unwrap_err();
        assert_eq!(error.kind(), Kind::TooMuch { retry_after_s: Some(30) });
        let later = at.plus_seconds(30);
        assert_eq!(SIGN_IN_BY_LOGIN.attempt(standing, later).unwrap().attempts, 6);
        let next_day = at.plus_seconds(90_000);
        assert_eq!(SIGN_IN_BY_LOGIN.attempt(standing, next_day).unwrap().attempts, 1);
    }

    #[test]
    fn a_right_password_takes_back_its_own_attempt_only() {
        let at = Timestamp::from_millis(1_790_000_000_000);
        let mut standing = Standing::default();
        for _ in 0..30 {
            standing = SIGN_IN_BY_ADDRESS.attempt(standing, at).unwrap();
        }
        let standing = SIGN_IN_BY_ADDRESS.forgive(standing, at);
        assert_eq!((standing.attempts, standing.blocked_until), (29, at));
    }

    #[test]
    fn one_ipv6_customer_is_one_address() {
        let subject = |text| address_subject("sign_in", text);
        assert_eq!(subject("2001:db8:1:2::1"), subject("2001:db8:1:2:ffff::9"));
        assert_ne!(subject("2001:db8:1:2::1"), subject("2001:db8:1:3::1"));
        assert_eq!(subject("::ffff:10.0.0.1"), "sign_in.address.10.0.0.1");
        assert_eq!(login_subject(" Ali@Misol.UZ"), login_subject("ali@misol.uz"));
        assert!(!login_subject("ali@misol.uz").contains("ali"));
    }
}
