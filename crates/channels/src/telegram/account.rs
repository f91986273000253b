//! What a bot is and how it gets its updates: getMe, getUpdates, webhooks, commands, menu, files.

use std::time::Duration;

use frankenstein::{
    methods::{
        DeleteWebhookParams, GetFileParams, GetUpdatesParams, SetChatMenuButtonParams, SetMyCommandsParams,
        SetWebhookParams,
    },
    types::{AllowedUpdate, BotCommand, MenuButton as ApiMenuButton, MenuButtonWebApp, WebAppInfo},
};
use kernel::{Lang, Timestamp};
use serde::Deserialize;
use serde_json::{json, value::RawValue};

use super::{
    api::Telegram,
    download::{Download, too_big},
    incoming::{FileRef, Incoming},
    outcome::CallError,
    parse::parse_many,
};

/// Update kinds that are asked for. `my_chat_member` says who blocked the bot.
const WANTED: [AllowedUpdate; 4] = [
    AllowedUpdate::Message,
    AllowedUpdate::EditedMessage,
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::MyChatMember,
];
/// Updates of one getUpdates, at most (Bot API).
const UPDATES_MAX: u32 = 100;
/// Telegram holds a poll at most this long.
const POLL_SECONDS_MAX: u32 = 50;
/// How much longer than the poll itself its answer may take.
const POLL_SLACK: Duration = Duration::from_secs(15);
/// Files that a bot may download (Bot API).
const DOWNLOAD_BYTES_MAX: u64 = 20 << 20;

/// Who a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Profile {
    /// The bot's id.
    pub id: i64,
    /// Its name.
    pub first_name: String,
    /// Its user name, without `@`.
    #[serde(default)]
    pub username: String,
}

/// How Telegram sees the webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookState {
    /// Where updates go; `None` when they are polled.
    pub url: Option<String>,
    /// Updates that wait.
    pub pending: u64,
    /// When a delivery last failed, and Telegram's words for it.
    pub last_error: Option<(Timestamp, String)>,
}

/// The button beside the input field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MenuButton {
    /// What the bot has for all chats.
    Default,
    /// The list of commands.
    Commands,
    /// A page inside Telegram; `https` only.
    WebApp {
        /// What is written on it.
        text: String,
        /// The page.
        url: String,
    },
}

#[derive(Deserialize)]
struct WebhookInfo {
    #[serde(default)]
    url: String,
    #[serde(default)]
    pending_update_count: u64,
    last_error_date: Option<i64>,
    last_error_message: Option<String>,
}

#[derive(Deserialize)]
struct FileInfo {
    file_path: Option<String>,
}

impl Telegram {
    /// Tests the token.
    pub async fn get_me(&self) -> Result<Profile, CallError> {
        self.call("getMe", &json!({})).await
    }

    /// Waits up to `timeout_s` seconds for updates. `offset` is one more than the last update that is safely stored:
    /// everything before it is thus confirmed and never comes again.
    pub async fn get_updates(&self, offset: i64, timeout_s: u32) -> Result<Vec<Incoming>, CallError> {
        let timeout_s = timeout_s.min(POLL_SECONDS_MAX);
        let params = GetUpdatesParams::builder()
            .offset(offset)
            .limit(UPDATES_MAX)
            .timeout(timeout_s)
            .allowed_updates(WANTED.to_vec())
            .build();
        let limit = Duration::from_secs(u64::from(timeout_s)).saturating_add(POLL_SLACK);
        let result: Box<RawValue> = self.call_within("getUpdates", &params, limit).await?;
        Ok(parse_many(&result))
    }

    /// Has updates posted to `url` with `secret` in [`super::SECRET_HEADER`]. Updates that wait come too.
    pub async fn set_webhook(&self, url: &str, secret: &str, connections: u32) -> Result<(), CallError> {
        let params = SetWebhookParams::builder()
            .url(url)
            .secret_token(secret)
            .max_connections(connections.clamp(1, 100))
            .allowed_updates(WANTED.to_vec())
            .build();
        self.call("setWebhook", &params).await.map(drop_true)
    }

    /// Ends the webhook, so that updates can be polled.
    pub async fn delete_webhook(&self, drop_pending: bool) -> Result<(), CallError> {
        let params = DeleteWebhookParams::builder().drop_pending_updates(drop_pending).build();
        self.call("deleteWebhook", &params).await.map(drop_true)
    }

    /// How the webhook does.
    pub async fn webhook_state(&self) -> Result<WebhookState, CallError> {
        let WebhookInfo { url, pending_update_count, last_error_date, last_error_message } =
            self.call("getWebhookInfo", &json!({})).await?;
        let at = last_error_date.map(|date| Timestamp::from_millis(date.saturating_mul(1_000)));
        Ok(WebhookState {
            url: (!url.is_empty()).then_some(url),
            pending: pending_update_count,
            last_error: at.zip(last_error_message),
        })
    }

    /// Sets the commands' menu (name without slash, description) for people with this language; `None` is for all others.
    pub async fn set_commands(
        &self,
        lang: Option<Lang>,
        commands: &[(String, String)],
    ) -> Result<(), CallError> {
        let commands = commands.iter().map(|(name, description)| {
            BotCommand::builder().command(name.as_str()).description(description.as_str()).build()
        });
        let mut params = SetMyCommandsParams::builder().commands(commands.collect()).build();
        params.language_code = lang.map(|lang| lang.code().to_owned());
        self.call("setMyCommands", &params).await.map(drop_true)
    }

    /// Sets the button beside the input field, for one chat or for all.
    pub async fn set_menu_button(&self, chat: Option<i64>, button: &MenuButton) -> Result<(), CallError> {
        let button = match button {
            MenuButton::Default => ApiMenuButton::Default,
            MenuButton::Commands => ApiMenuButton::Commands,
            MenuButton::WebApp { text, url } => {
                let page = WebAppInfo::builder().url(url.as_str()).build();
                ApiMenuButton::WebApp(MenuButtonWebApp::builder().text(text.as_str()).web_app(page).build())
            }
        };
        let mut params = SetChatMenuButtonParams::builder().menu_button(button).build();
        params.chat_id = chat;
        self.call("setChatMenuButton", &params).await.map(drop_true)
    }

    /// Begins to download a file that a person sent. Files over 20 MB are refused by Telegram, and here before it is asked.
    pub async fn download(&self, file: &FileRef) -> Result<Download, CallError> {
        if file.size.is_some_and(|size| size > DOWNLOAD_BYTES_MAX) {
            return Err(too_big());
        }
        let params = GetFileParams::builder().file_id(file.id.as_str()).build();
        let FileInfo { file_path } = self.call("getFile", &params).await?;
        let path = file_path.ok_or_else(too_big)?;
        self.file(&path, usize::try_from(DOWNLOAD_BYTES_MAX).unwrap_or(usize::MAX)).await
    }
}

/// These methods answer `true` or fail.
fn drop_true(_: bool) {}
