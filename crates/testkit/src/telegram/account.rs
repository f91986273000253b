//! What belongs to the bot itself: getMe, commands, menu button, webhook settings, getChat.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    error::ApiError,
    limits::Limits,
    params::Params,
    state::{ChatKind, State},
    webhook::Webhook,
};

/// Commands in a list, at most; letters of a name and of a description.
const COMMANDS_LIMIT: usize = 100;
const COMMAND_NAME_LIMIT: usize = 32;
const COMMAND_DESCRIPTION_LIMIT: usize = 256;
/// Letters of a webhook's secret.
const SECRET_LIMIT: usize = 256;

impl State {
    /// getMe.
    pub fn get_me(&mut self, token: &str) -> Result<Value, ApiError> {
        let mut me = self.bot(token)?.user_json();
        me["can_join_groups"] = true.into();
        me["can_read_all_group_messages"] = false.into();
        me["supports_inline_queries"] = false.into();
        Ok(me)
    }

    /// getChat.
    pub fn get_chat(&mut self, token: &str, params: &Params) -> Result<Value, ApiError> {
        let chat = self.known_chat(token, params)?;
        let mut found = self.chat_json(token, chat);
        found["accent_color_id"] = 0.into();
        found["max_reaction_count"] = 11.into();
        Ok(found)
    }

    /// setMyCommands, getMyCommands, deleteMyCommands: a list for each scope and language.
    pub fn my_commands(&mut self, token: &str, method: &str, params: &Params) -> Result<Value, ApiError> {
        let language = params.text("language_code");
        if !(language.is_empty() || language.len() == 2 && language.chars().all(|c| c.is_ascii_lowercase())) {
            return Err(ApiError::bad("invalid language code specified"));
        }
        let scope = match params.json("scope") {
            Ok(scope) => scope.unwrap_or_else(|| json!({"type": "default"})).to_string(),
            Err(()) => return Err(ApiError::bad("can't parse BotCommandScope JSON object")),
        };
        let bot = self.bot(token)?;
        match method {
            "getmycommands" => Ok(bot.commands.get(&(scope, language)).cloned().unwrap_or_else(|| json!([]))),
            "deletemycommands" => {
                bot.commands.remove(&(scope, language));
                Ok(true.into())
            }
            _ => {
                let commands = match params.json("commands") {
                    Ok(Some(Value::Array(commands))) => commands,
                    Ok(_) => return Err(ApiError::bad("expected an Array of BotCommand")),
                    Err(()) => return Err(ApiError::bad("can't parse commands JSON object")),
                };
                check_commands(&commands)?;
                bot.commands.insert((scope, language), commands.into());
                Ok(true.into())
            }
        }
    }

    /// setChatMenuButton and getChatMenuButton; without a chat the one for all.
    pub fn menu_button(&mut self, token: &str, method: &str, params: &Params) -> Result<Value, ApiError> {
        let chat = match params.text("chat_id").as_str() {
            "" => 0,
            _ => self.known_chat(token, params)?,
        };
        if method == "getchatmenubutton" {
            let menu = &self.bot(token)?.menu;
            let found = menu.get(&chat).or_else(|| menu.get(&0)).cloned();
            return Ok(found.unwrap_or_else(|| json!({"type": "default"})));
        }
        let button = match params.json("menu_button") {
            Ok(button) => button.unwrap_or_else(|| json!({"type": "default"})),
            Err(()) => return Err(ApiError::bad("can't parse menu button JSON object")),
        };
        match button["type"].as_str() {
            Some("default" | "commands") => {}
            Some("web_app") => {
                let link = button["web_app"]["url"].as_str().unwrap_or_default();
                if !link.starts_with("https://") || button["text"].as_str().is_none_or(str::is_empty) {
                    return Err(ApiError::bad("BUTTON_URL_INVALID"));
                }
            }
            _ => return Err(ApiError::bad("can't parse menu button: MenuButton has unsupported type")),
        }
        self.bot(token)?.menu.insert(chat, button);
        Ok(true.into())
    }

    /// setWebhook and deleteWebhook. Gives the result and the description that goes with it.
    pub fn set_webhook(
        &mut self,
        token: &str,
        method: &str,
        params: &Params,
    ) -> Result<(Value, &'static str), ApiError> {
        let now = self.clock.now();
        let limited = self.limits == Limits::Telegram;
        let url = if method == "setwebhook" { params.text("url") } else { String::new() };
        let secret = params.text("secret_token");
        if !url.is_empty() {
            check_webhook(&url, &secret)?;
            let bot = self.bot(token)?;
            if limited && now < bot.next_set_webhook {
                return Err(ApiError::too_many(1));
            }
            bot.next_set_webhook = now + Duration::from_secs(1);
        }
        let allowed = self.allowed_updates(token, params)?;
        let bot = self.bots.get_mut(token).expect("checked above");
        if let Some(allowed) = allowed {
            bot.allowed = Some(allowed);
        }
        if params.flag("drop_pending_updates") {
            self.counters.updates_dropped += bot.pending.len() as u64;
            bot.pending.clear();
            bot.chats.values_mut().for_each(|chat| chat.queue.clear());
        }
        bot.changed.send_modify(|version| *version += 1);
        let was_set = bot.webhook.take().is_some();
        if url.is_empty() {
            bot.chats.values_mut().for_each(|chat| chat.queue.clear());
            let text = if was_set { "Webhook was deleted" } else { "Webhook is already deleted" };
            return Ok((true.into(), text));
        }
        let connections = params.int("max_connections", 40).clamp(1, 100) as usize;
        bot.webhook = Some(Webhook::new(url, secret, connections));
        self.queue_all(token);
        Ok((true.into(), "Webhook was set"))
    }

    /// Puts every pending update into the queue of its chat, for a webhook that was just set.
    fn queue_all(&mut self, token: &str) {
        let bot = self.bots.get_mut(token).expect("a bot of this fake");
        bot.chats.values_mut().for_each(|chat| chat.queue.clear());
        for (id, pending) in &bot.pending {
            let chat = chat_of(&pending.json);
            if let Some(conversation) = bot.chats.get_mut(&chat) {
                conversation.queue.push_back(*id);
            }
        }
        let waiting = bot.chats.iter().filter(|(_, chat)| !chat.queue.is_empty());
        self.to_deliver.extend(waiting.map(|(chat, _)| (token.to_owned(), *chat)));
    }

    /// The `allowed_updates` parameter: absent keeps what was set before.
    pub fn allowed_updates(&mut self, token: &str, params: &Params) -> Result<Option<Vec<String>>, ApiError> {
        self.bot(token)?;
        match params.json("allowed_updates") {
            Ok(Some(Value::Array(kinds))) => {
                Ok(Some(kinds.iter().filter_map(|kind| kind.as_str().map(str::to_owned)).collect()))
            }
            _ => Ok(None),
        }
    }

    /// getWebhookInfo.
    pub fn webhook_info(&mut self, token: &str) -> Result<Value, ApiError> {
        let bot = self.bot(token)?;
        let mut found =
            json!({"url": "", "has_custom_certificate": false, "pending_update_count": bot.pending.len()});
        if let Some(webhook) = &bot.webhook {
            found["url"] = webhook.url.clone().into();
            found["max_connections"] = webhook.max_connections.into();
            found["ip_address"] = "127.0.0.1".into();
            if let Some((date, message)) = &webhook.last_error {
                found["last_error_date"] = (*date).into();
                found["last_error_message"] = message.clone().into();
            }
        }
        if let Some(kinds) = &bot.allowed {
            found["allowed_updates"] = kinds.clone().into();
        }
        Ok(found)
    }

    /// A group becomes a supergroup with a new id; the old id is refused with `migrate_to_chat_id`.
    pub(super) fn migrate(&mut self, token: &str, old: i64, new: i64) {
        let conversation = self.conversation(token, old);
        if let ChatKind::Group { migrated_to, .. } = &mut conversation.kind {
            *migrated_to = Some(new);
        }
    }
}

/// The chat that an update belongs to.
pub(super) fn chat_of(update: &Value) -> i64 {
    let content = update.as_object().and_then(|fields| fields.values().nth(1)).unwrap_or(&Value::Null);
    [&content["chat"]["id"], &content["message"]["chat"]["id"], &content["from"]["id"]]
        .into_iter()
        .find_map(Value::as_i64)
        .unwrap_or_default()
}

fn check_webhook(url: &str, secret: &str) -> Result<(), ApiError> {
    let parsed = reqwest::Url::parse(url).map_err(|_| ApiError::bad("invalid webhook URL specified"))?;
    if secret.len() > SECRET_LIMIT {
        return Err(ApiError::bad("secret token is too long"));
    }
    if !secret.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c)) {
        return Err(ApiError::bad("secret token contains unallowed characters"));
    }
    // The one thing that is easier than the real server: this machine may be reached without TLS, on any port.
    if matches!(parsed.host_str(), Some("127.0.0.1" | "localhost" | "[::1]")) {
        return Ok(());
    }
    if parsed.scheme() != "https" {
        return Err(ApiError::bad("bad webhook: An HTTPS URL must be provided for webhook"));
    }
    if !matches!(parsed.port_or_known_default(), Some(80 | 88 | 443 | 8443)) {
        return Err(ApiError::bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"));
    }
    Ok(())
}

fn check_commands(commands: &[Value]) -> Result<(), ApiError> {
    if commands.len() > COMMANDS_LIMIT {
        return Err(ApiError::bad("BOT_COMMANDS_TOO_MUCH"));
    }
    for command in commands {
        let name = command["command"].as_str().unwrap_or_default().trim_start_matches('/');
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || name.len() > COMMAND_NAME_LIMIT || !name.chars().all(allowed) {
            return Err(ApiError::bad("BOT_COMMAND_INVALID"));
        }
        let description = command["description"].as_str().unwrap_or_default().chars().count();
        if !(1..=COMMAND_DESCRIPTION_LIMIT).contains(&description) {
            return Err(ApiError::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    Ok(())
}
