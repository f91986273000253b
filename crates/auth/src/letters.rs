//! The letters of this crate: to whom, about what, with which link. Pure.

use kernel::{Lang, Text, Timestamp};
use mail::{Letter, Mailer};

use crate::{Email, Invitation, Secret};

fn link(mailer: &Mailer, door: &str, secret: &Secret) -> String {
    mailer.address_of(&format!("/{door}/{}", secret.reveal()))
}

/// Somebody signs up: the link makes their workspace.
pub(crate) fn sign_up(mailer: &Mailer, to: &Email, lang: Lang, secret: &Secret, until: Timestamp) -> Letter {
    Letter::new("auth.sign_up", to.as_str(), lang, Text::new("auth-letter-sign-up-subject"))
        .line(Text::new("auth-letter-sign-up"))
        .link(Text::new("auth-letter-sign-up-link"), link(mailer, "confirm", secret))
        .small(Text::new("auth-letter-day"))
        .small(Text::new("auth-letter-not-you"))
        .until(until)
}

/// Somebody signs up with an address that has a sign-in: only whoever reads that mailbox learns it.
pub(crate) fn has_sign_in(mailer: &Mailer, to: &Email, lang: Lang) -> Letter {
    Letter::new("auth.has_sign_in", to.as_str(), lang, Text::new("auth-letter-has-subject"))
        .line(Text::new("auth-letter-has"))
        .line(Text::new("auth-letter-has-forgot"))
        .link(Text::new("auth-letter-has-link"), mailer.address_of("/sign-in"))
        .small(Text::new("auth-letter-not-you"))
}

/// Confirms the address of somebody who has signed in.
pub(crate) fn confirm(mailer: &Mailer, to: &Email, lang: Lang, secret: &Secret, until: Timestamp) -> Letter {
    Letter::new("auth.confirm", to.as_str(), lang, Text::new("auth-letter-confirm-subject"))
        .line(Text::new("auth-letter-confirm"))
        .link(Text::new("auth-letter-confirm-link"), link(mailer, "confirm", secret))
        .small(Text::new("auth-letter-day"))
        .small(Text::new("auth-letter-not-you"))
        .until(until)
}

/// Tells the address before that another one signs in now.
pub(crate) fn email_changed(to: &Email, lang: Lang, new: &Email) -> Letter {
    Letter::new("auth.email_changed", to.as_str(), lang, Text::new("auth-letter-changed-subject"))
        .line(Text::new("auth-letter-changed").with("email", new.as_str()))
        .small(Text::new("auth-letter-changed-not-you"))
}

/// Sets a forgotten password.
pub(crate) fn reset(mailer: &Mailer, to: &Email, lang: Lang, secret: &Secret, until: Timestamp) -> Letter {
    Letter::new("auth.reset", to.as_str(), lang, Text::new("auth-letter-reset-subject"))
        .line(Text::new("auth-letter-reset"))
        .link(Text::new("auth-letter-reset-link"), link(mailer, "reset-password", secret))
        .small(Text::new("auth-letter-hour"))
        .small(Text::new("auth-letter-not-you"))
        .until(until)
}

/// Tells that the password was set by a link.
pub(crate) fn password_set(to: &Email, lang: Lang) -> Letter {
    Letter::new("auth.password_set", to.as_str(), lang, Text::new("auth-letter-set-subject"))
        .line(Text::new("auth-letter-set"))
        .small(Text::new("auth-letter-set-not-you"))
}

/// Asks somebody to join a workspace. An answer reaches whoever invites, when their address is known to be theirs.
pub(crate) fn invitation(
    mailer: &Mailer,
    to: &Email,
    invitation: &Invitation,
    reply_to: Option<String>,
    secret: &Secret,
) -> Letter {
    let workspace = invitation.workspace_name.as_str();
    let by = if invitation.inviter.is_empty() { workspace } else { invitation.inviter.as_str() };
    let subject = Text::new("auth-letter-invitation-subject").with("workspace", workspace);
    Letter::new("auth.invitation", to.as_str(), invitation.lang, subject)
        .line(Text::new("auth-letter-invitation").with("inviter", by).with("workspace", workspace))
        .link(Text::new("auth-letter-invitation-link"), link(mailer, "invitation", secret))
        .small(Text::new("auth-letter-week"))
        .small(Text::new("auth-letter-invitation-not-you"))
        .reply_to(reply_to)
        .until(invitation.expires_at)
}
