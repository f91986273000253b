//! What programs send and get.

use kernel::{Error, Id, Lang, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    Broadcast, Button, Content, Counts, Fate, Media, MediaKind, Opens, People, Problem, Recipient, State,
    Texts,
    actions::NewBroadcast,
    reads::{Preview, Seen},
};

/// Something in each of the three languages; empty where there is nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct TextsBody {
    uz: String,
    ru: String,
    en: String,
}

impl From<TextsBody> for Texts {
    fn from(TextsBody { uz, ru, en }: TextsBody) -> Self {
        Self { uz, ru, en }
    }
}

impl From<Texts> for TextsBody {
    fn from(Texts { uz, ru, en }: Texts) -> Self {
        Self { uz, ru, en }
    }
}

/// A button under the message: with exactly one of `url` and `command`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct ButtonBody {
    /// What stands on it, at most 64 characters.
    labels: TextsBody,
    /// The address that it opens.
    url: Option<String>,
    /// The bot's command that it starts, without the slash.
    command: Option<String>,
}

/// To whom: everybody of the channel, cut by these.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct PeopleBody {
    /// Those who speak one of these; everybody when there is none. Who never chose speaks the bot's.
    #[schema(value_type = Vec<String>)]
    langs: Vec<Lang>,
    /// With this label: its UUID.
    label: Option<Uuid>,
    /// Who wrote within so many days.
    wrote_within_days: Option<u32>,
    /// Who has not written for so many days.
    silent_for_days: Option<u32>,
}

/// What a broadcast is to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct BroadcastIn {
    /// What the staff calls it.
    #[schema(max_length = 100)]
    name: String,
    /// Over which channel: the UUID of one of a bot's, `GET /api/bots/{id}/channels`.
    channel: Uuid,
    /// The words, with `*bold*`, `_italic_` and `[words](https://address)`: at most 4096 characters, with a picture or a film
    /// 1024. Who speaks a language without words gets those of the bot's own language, which must be there.
    #[serde(default)]
    texts: TextsBody,
    /// A button under them.
    #[serde(default)]
    button: Option<ButtonBody>,
    /// To whom; to everybody of the channel unless said.
    #[serde(default)]
    people: PeopleBody,
}

impl BroadcastIn {
    pub(super) fn check(self) -> Result<NewBroadcast> {
        let Self { name, channel, texts, button, people } = self;
        let button = button.map(ButtonBody::check).transpose()?;
        let PeopleBody { langs, label, wrote_within_days, silent_for_days } = people;
        let people = People { langs, label: label.map(Id::from_uuid), wrote_within_days, silent_for_days };
        let content = Content { texts: texts.into(), media: None, button };
        Ok(NewBroadcast { name, channel: Id::from_uuid(channel), content, people })
    }
}

impl ButtonBody {
    fn check(self) -> Result<Button> {
        let Self { labels, url, command } = self;
        let opens = match (url, command) {
            (Some(url), None) => Opens::Url(url),
            (None, Some(command)) => Opens::Command(command.trim_start_matches('/').to_owned()),
            _ => return Err(Error::field("button", Text::new("broadcast-button-one"))),
        };
        Ok(Button { labels: labels.into(), opens })
    }
}

/// A picture or a film.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
pub(super) struct FileIn {
    /// JPEG, PNG or WebP up to 10 MB, MP4 up to 50 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// When it is to begin.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct ScheduleIn {
    /// The moment.
    #[schema(value_type = String, format = DateTime)]
    pub(super) at: Timestamp,
}

/// Where it is tried out.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct TrialIn {
    /// The UUID of a conversation of the same channel.
    pub(super) conversation: Uuid,
}

/// Which broadcasts are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct BroadcastsQuery {
    /// `draft`, `scheduled`, `running`, `paused`, `done` or `cancelled`.
    #[serde(default)]
    state: Option<String>,
    /// The part, from 1.
    #[serde(default)]
    #[param(minimum = 1)]
    pub(super) page: Option<u32>,
    /// Rows a part, at most 500; 25 unless said.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    pub(super) page_size: Option<u32>,
}

impl BroadcastsQuery {
    pub(super) fn state(&self) -> Result<Option<State>> {
        word(self.state.as_deref(), "state")
    }
}

/// Which people are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RecipientsQuery {
    /// `waiting`, `sending`, `sent`, `blocked`, `failed` or `unknown`.
    #[serde(default)]
    outcome: Option<String>,
    /// The part, from 1.
    #[serde(default)]
    #[param(minimum = 1)]
    pub(super) page: Option<u32>,
    /// Rows a part, at most 500; 25 unless said.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    pub(super) page_size: Option<u32>,
}

impl RecipientsQuery {
    pub(super) fn fate(&self) -> Result<Option<Fate>> {
        word(self.outcome.as_deref(), "outcome")
    }
}

fn word<T: std::str::FromStr<Err = Error>>(word: Option<&str>, field: &str) -> Result<Option<T>> {
    let wrong = |_| Error::field(field, Text::new("broadcast-word-unknown"));
    word.filter(|word| !word.is_empty()).map(|word| word.parse().map_err(wrong)).transpose()
}

/// Its picture or film.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct MediaOut {
    /// `photo` or `video`.
    #[schema(value_type = String)]
    kind: MediaKind,
    /// What the sender called it.
    name: String,
    /// Its length in bytes.
    size: u64,
    /// Where it can be had.
    url: String,
}

/// How many people have which outcome.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub(super) struct CountsOut {
    /// Everybody who is to get it; nobody before it has begun.
    total: i64,
    /// Their turn has not come.
    waiting: i64,
    /// It is on its way.
    sending: i64,
    /// The platform has it.
    sent: i64,
    /// They blocked the bot.
    blocked: i64,
    /// The platform refused it.
    failed: i64,
    /// Nobody knows whether it arrived; it is not sent again.
    unknown: i64,
}

impl From<Counts> for CountsOut {
    fn from(counts: Counts) -> Self {
        let Counts { waiting, sending, sent, blocked, failed, unknown } = counts;
        Self { total: counts.total(), waiting, sending, sent, blocked, failed, unknown }
    }
}

/// A broadcast.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct BroadcastOut {
    /// Its number.
    id: i64,
    /// Its UUID.
    uuid: Uuid,
    /// What the staff calls it.
    name: String,
    /// `draft`, `scheduled`, `running`, `paused`, `done` or `cancelled`.
    #[schema(value_type = String)]
    state: State,
    /// Its bot's number; null when that was deleted.
    bot: Option<i64>,
    /// Its channel's UUID.
    channel: Uuid,
    /// The words.
    texts: TextsBody,
    /// The language of the words that others stand in for.
    #[schema(value_type = String)]
    default_lang: Lang,
    /// Its picture or film.
    file: Option<MediaOut>,
    /// The button under it.
    button: Option<ButtonBody>,
    /// To whom.
    people: PeopleBody,
    /// What became of it.
    counts: CountsOut,
    /// Why it stands still: `bot_rests`, `file_missing`, `file_refused` or `refused`.
    problem: Option<String>,
    /// What the platform said.
    problem_words: Option<String>,
    /// When it is to begin.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// By whom.
    created_by: String,
    /// When it began.
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

impl From<Seen> for BroadcastOut {
    fn from(seen: Seen) -> Self {
        let Seen { broadcast, way, counts } = seen;
        let Broadcast {
            id,
            number,
            bot: _,
            channel,
            name,
            state,
            content,
            people,
            default_lang,
            file_id: _,
            listed_to: _,
            is_listed: _,
            due_at,
            created_by,
            created_at,
            started_at,
            ended_at,
            problem,
        } = broadcast;
        let Content { texts, media, button } = content;
        let People { langs, label, wrote_within_days, silent_for_days } = people;
        let people = PeopleBody { langs, label: label.map(Id::uuid), wrote_within_days, silent_for_days };
        let file = media.map(|media| {
            let url = media.path(number);
            let Media { kind, file: _, name, size_bytes } = media;
            MediaOut { kind, name, size: size_bytes, url }
        });
        let stored = problem.as_ref().map(Problem::stored);
        let (problem, problem_words) = match stored.as_deref().map(|stored| stored.split_once(':')) {
            Some(Some((kind, words))) => (Some(kind.to_owned()), Some(words.to_owned())),
            _ => (stored, None),
        };
        Self {
            id: number,
            uuid: id.uuid(),
            name,
            state,
            bot: way.map(|way| way.bot),
            channel: channel.uuid(),
            texts: texts.into(),
            default_lang,
            file,
            button: button.map(ButtonBody::from),
            people,
            counts: counts.into(),
            problem,
            problem_words,
            due_at,
            created_at,
            created_by,
            started_at,
            ended_at,
        }
    }
}

impl From<Button> for ButtonBody {
    fn from(Button { labels, opens }: Button) -> Self {
        let (url, command) = match opens {
            Opens::Url(url) => (Some(url), None),
            Opens::Command(command) => (None, Some(command)),
        };
        Self { labels: labels.into(), url, command }
    }
}

/// How many people speak a language.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct SpokenOut {
    /// `uz`, `ru`, `en`; null for those who never chose.
    lang: Option<&'static str>,
    /// Conversations.
    count: i64,
    /// Whether there are words of this language.
    has_words: bool,
}

/// Who would get it now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct PreviewOut {
    /// People who would get it, each once.
    reachable: i64,
    /// Conversations of people who blocked the bot: left out.
    blocked: i64,
    /// Conversations by the language that the person chose.
    langs: Vec<SpokenOut>,
}

impl PreviewOut {
    pub(super) fn of(broadcast: &Broadcast, preview: Preview) -> Self {
        let said = broadcast.content.langs();
        let spoken = |(lang, count): (Option<Lang>, i64)| SpokenOut {
            lang: lang.map(Lang::code),
            count,
            has_words: lang.is_none_or(|lang| said.contains(&lang) || said.is_empty()),
        };
        Self {
            reachable: preview.audience.reachable,
            blocked: preview.audience.blocked,
            langs: preview.audience.by_lang.into_iter().map(spoken).collect(),
        }
    }
}

/// One person of a broadcast.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct RecipientOut {
    /// Their conversation's UUID.
    conversation: Uuid,
    /// What they call themselves.
    name: String,
    /// In which language they get it.
    #[schema(value_type = String)]
    lang: Lang,
    /// `waiting`, `sending`, `sent`, `blocked`, `failed` or `unknown`.
    #[schema(value_type = String)]
    outcome: Fate,
    /// Why, in the platform's words.
    problem: Option<String>,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

impl From<Recipient> for RecipientOut {
    fn from(recipient: Recipient) -> Self {
        let Recipient { conversation, name, lang, fate, problem, at } = recipient;
        Self { conversation: conversation.uuid(), name, lang, outcome: fate, problem, at }
    }
}
