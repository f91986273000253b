//! What pages and the API read: bots with their channels, conversations as lists show them, what was said.

use std::{collections::HashMap, fmt, str::FromStr};

use contacts::{Contact, ContactFilter};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Lang, Page, PageRequest, Result, Timestamp};
use tickets::{Filling, Label};
use web::RowKey;

use crate::{
    Bot, BotState, Channel, ChannelKind, Conversation, Desk, Message,
    said::{Chat, From, Looks, Said},
    store,
    version::{Version, Work},
    webchat::WebChat,
};

/// Messages of a conversation that are read at once.
pub(crate) const MESSAGES_AT_ONCE: i64 = 200;

/// Messages of a conversation among which the person's last words are looked for.
const LATEST: i64 = 12;

/// Messages that a search of conversations takes along.
const SAID_AT_MOST: i64 = 200;

/// Conversations of one contact that a page shows.
const CONVERSATIONS_OF_CONTACT: i64 = 10;

/// Days of which messages are counted, today among them.
const DAYS_COUNTED: u64 = 6;

/// Contacts that a search of conversations takes along.
const CONTACTS_AT_MOST: u32 = 100;

/// A bot as the list of bots shows it.
pub(crate) struct BotSummary {
    pub(crate) bot: Bot,
    pub(crate) channels: Vec<Channel>,
    /// People who ever wrote to it, the simulator's left out.
    pub(crate) contacts: i64,
    /// Messages that people sent in the last seven days, the simulator's left out.
    pub(crate) messages: i64,
    /// The faults of its draft; `None` when it has no draft.
    pub(crate) draft_problems: Option<i64>,
}

/// A blueprint of a bot, as an address names it: `draft`, or the number of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// What is worked on, or what is published where there is no draft.
    Draft,
    /// A version.
    Version(i64),
}

impl FromStr for Which {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        match word {
            "draft" => Ok(Self::Draft),
            number => number.parse().map(Self::Version).map_err(|_| Error::not_found()),
        }
    }
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft => f.write_str("draft"),
            Self::Version(number) => number.fmt(f),
        }
    }
}

/// Which conversations are wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConversationFilter {
    pub(crate) bot: Option<Id<Bot>>,
    pub(crate) kind: Option<ChannelKind>,
    /// Who answers there, and for whom it waits.
    pub(crate) view: View,
    /// With this label.
    pub(crate) label: Option<Id<Label>>,
    /// Each of these words, in either script, is in the person's name or the name on the platform, or finds the contact, or
    /// was said.
    pub(crate) text: String,
    /// The contacts that the words find; [`list_conversations`] looks them up.
    pub(crate) contacts: Vec<Id<Contact>>,
    /// The conversations in which the words were said; looked up likewise.
    pub(crate) said_in: Vec<Id<Conversation>>,
}

/// Parts of the inbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum View {
    /// Every conversation.
    #[default]
    All,
    /// People who wait for an answer of the staff.
    Waiting,
    /// Those that the reader took over.
    Mine,
    /// Those that somebody of the staff answers, or is to answer.
    People,
    /// Those that the bot answers.
    Bot,
}

impl View {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [Self::Waiting, Self::Mine, Self::People, Self::Bot, Self::All];

    /// The word in addresses.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Waiting => "waiting",
            Self::Mine => "mine",
            Self::People => "people",
            Self::Bot => "bot",
        }
    }

    /// The part of this word; all where there is none.
    pub(crate) fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.word() == word).unwrap_or_default()
    }
}

/// A conversation as it stands in its row.
#[derive(Debug, Clone)]
pub(crate) struct ConversationRow {
    pub(crate) id: Id<Conversation>,
    pub(crate) channel: Id<Channel>,
    pub(crate) person_name: String,
    pub(crate) username: Option<String>,
    pub(crate) contact: Option<Id<Contact>>,
    pub(crate) lang: Option<Lang>,
    pub(crate) blocked: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) last_at: Timestamp,
    pub(crate) desk: Desk,
}

/// A conversation as a list shows it.
#[derive(Debug, Clone)]
pub(crate) struct ConversationSummary {
    pub(crate) row: ConversationRow,
    pub(crate) bot: Bot,
    pub(crate) kind: ChannelKind,
    /// The person, where the reader may see contacts.
    pub(crate) contact: Option<Contact>,
    /// What the person said last, when it was lately.
    pub(crate) last_said: Option<Said>,
    /// Its labels, by name.
    pub(crate) labels: Vec<Label>,
}

/// How a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConversationState {
    /// The bot answers.
    WithBot,
    /// A person is to answer.
    WithPerson,
    /// The person blocked the bot.
    Blocked,
}

impl ConversationState {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::WithBot => "bot",
            Self::WithPerson => "person",
            Self::Blocked => "blocked",
        }
    }
}

impl ConversationRow {
    pub(crate) fn state(&self) -> ConversationState {
        match self.desk.with_person {
            _ if self.blocked => ConversationState::Blocked,
            true => ConversationState::WithPerson,
            false => ConversationState::WithBot,
        }
    }
}

/// The bot that a path names.
pub(crate) fn get_bot(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Bot> {
    ctx.require(Permission::BotsRead)?;
    match key {
        RowKey::Number(number) => store::bot::find_by_number(ctx, tx, number)?.ok_or_else(Error::not_found),
        RowKey::Id(id) => store::bot::get(ctx, tx, Id::from_uuid(id)),
    }
}

/// The bot that a path names, with its channels.
pub(crate) fn get_bot_with_channels(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<(Bot, Vec<Channel>)> {
    let bot = get_bot(ctx, tx, key)?;
    let channels = store::channel::list(ctx, tx, bot.id)?;
    Ok((bot, channels))
}

/// The bot's chats on sites.
pub(crate) fn list_web_chats(ctx: &Ctx, tx: &mut ReadTx, bot: RowKey) -> Result<Vec<WebChat>> {
    let bot = get_bot(ctx, tx, bot)?;
    store::web_chat::list(ctx, tx, bot.id)
}

/// The channel of this bot; another bot's channel is none.
pub(crate) fn get_channel(ctx: &Ctx, tx: &mut ReadTx, bot: RowKey, id: RowKey) -> Result<Channel> {
    let bot = get_bot(ctx, tx, bot)?;
    let channel = store::channel::get(ctx, tx, id.id().ok_or_else(Error::not_found)?)?;
    if channel.bot == bot.id { Ok(channel) } else { Err(Error::not_found()) }
}

/// Bots in the order of their numbers; of one state, or all but those put away.
pub(crate) fn list_bots(
    ctx: &Ctx,
    tx: &mut ReadTx,
    state: Option<BotState>,
    page: PageRequest,
) -> Result<Page<Bot>> {
    ctx.require(Permission::BotsRead)?;
    store::bot::list(ctx, tx, state, page)
}

/// Bots with their channels, their drafts and how much they talked lately.
pub(crate) fn list_summaries(
    ctx: &Ctx,
    tx: &mut ReadTx,
    state: Option<BotState>,
    page: PageRequest,
) -> Result<Page<BotSummary>> {
    let Page { request, count, results } = list_bots(ctx, tx, state, page)?;
    let week = ctx.zone().start_of(ctx.today().minus_days(DAYS_COUNTED));
    let contacts = store::summary::count_people(ctx, tx)?;
    let drafts = store::draft::list_problems(ctx, tx)?;
    let summaries: Result<Vec<BotSummary>> = results
        .into_iter()
        .map(|bot| {
            let channels = store::channel::list(ctx, tx, bot.id)?;
            let messages = store::summary::count_messages(ctx, tx, bot.id, week)?;
            let contacts = contacts.get(&bot.id).copied().unwrap_or_default();
            let draft_problems = drafts.get(&bot.id).copied();
            Ok(BotSummary { bot, channels, contacts, messages, draft_problems })
        })
        .collect();
    Ok(Page::new(request, count, summaries?))
}

/// What somebody edits: the draft, or what is published where there is none.
pub(crate) fn get_work(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Work> {
    let bot = get_bot(ctx, tx, key)?;
    let revision = store::draft::revision(ctx, tx, bot.id)?;
    Ok(match store::draft::find(ctx, tx, bot.id)? {
        Some(draft) => Work {
            source: draft.source,
            revision,
            base_version: draft.base_version,
            changed: Some((draft.changed_by, draft.changed_at)),
            bot,
        },
        None => Work {
            source: store::version::source(ctx, tx, bot.id, bot.version)?,
            revision,
            base_version: bot.version,
            changed: None,
            bot,
        },
    })
}

/// The bot's versions, the newest first.
pub(crate) fn list_versions(
    ctx: &Ctx,
    tx: &mut ReadTx,
    key: RowKey,
    page: PageRequest,
) -> Result<(Bot, Page<Version>)> {
    let bot = get_bot(ctx, tx, key)?;
    let versions = store::version::list(ctx, tx, bot.id, page)?;
    Ok((bot, versions))
}

/// A version with its blueprint.
pub(crate) fn get_version(
    ctx: &Ctx,
    tx: &mut ReadTx,
    key: RowKey,
    version: i64,
) -> Result<(Version, String)> {
    let bot = get_bot(ctx, tx, key)?;
    let found = store::version::get(ctx, tx, bot.id, version)?;
    let source = store::version::source(ctx, tx, bot.id, version)?;
    Ok((found, source))
}

/// A blueprint as a file.
pub(crate) fn get_source(ctx: &Ctx, tx: &mut ReadTx, key: RowKey, which: Which) -> Result<(Bot, String)> {
    match which {
        Which::Draft => get_work(ctx, tx, key).map(|work| (work.bot, work.source)),
        Which::Version(version) => {
            let bot = get_bot(ctx, tx, key)?;
            let source = store::version::source(ctx, tx, bot.id, version)?;
            Ok((bot, source))
        }
    }
}

/// The conversations that fit, the last spoken first.
pub(crate) fn list_conversations(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ConversationFilter,
    page: PageRequest,
) -> Result<Page<ConversationSummary>> {
    ctx.require(Permission::BotsRead)?;
    let contacts = contacts_with(ctx, tx, &filter.text)?;
    let said_in = store::said::find(ctx, tx, &uztext::tokens(&filter.text), SAID_AT_MOST)?;
    let filter = ConversationFilter { contacts, said_in, ..filter.clone() };
    let Page { request, count, results } = store::summary::list(ctx, tx, &filter, page)?;
    Ok(Page::new(request, count, summed_up(ctx, tx, results)?))
}

/// The contacts that these words find by name or phone, where the reader may see contacts.
fn contacts_with(ctx: &Ctx, tx: &mut ReadTx, text: &str) -> Result<Vec<Id<Contact>>> {
    if text.is_empty() || !ctx.may(Permission::SalesRead) {
        return Ok(Vec::new());
    }
    let filter = ContactFilter { q: Some(text.to_owned()), ..ContactFilter::default() };
    let found = contacts::list(ctx, tx, &filter, PageRequest::new(1, CONTACTS_AT_MOST))?;
    Ok(found.results.into_iter().map(|contact| contact.id).collect())
}

/// The conversations of a contact, the last spoken first, as many as a page shows.
pub(crate) fn conversations_of(
    ctx: &Ctx,
    tx: &mut ReadTx,
    contact: Id<Contact>,
) -> Result<Vec<ConversationSummary>> {
    ctx.require(Permission::BotsRead)?;
    let rows = store::summary::of_contact(ctx, tx, contact, CONVERSATIONS_OF_CONTACT)?;
    summed_up(ctx, tx, rows)
}

/// How many conversations are with the staff, how many people of them wait, and how many the reader took over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DeskCounts {
    pub(crate) people: i64,
    pub(crate) waiting: i64,
    pub(crate) mine: i64,
}

/// What waits at the desk.
pub(crate) fn desk_counts(ctx: &Ctx, tx: &mut ReadTx) -> Result<DeskCounts> {
    ctx.require(Permission::BotsRead)?;
    store::summary::desk_counts(ctx, tx)
}

/// One conversation; `bot` narrows it down to that bot's.
pub(crate) fn get_conversation(
    ctx: &Ctx,
    tx: &mut ReadTx,
    bot: Option<RowKey>,
    id: RowKey,
) -> Result<ConversationSummary> {
    ctx.require(Permission::BotsRead)?;
    let row = store::summary::get(ctx, tx, id.id().ok_or_else(Error::not_found)?)?;
    let found = summed_up(ctx, tx, vec![row])?.pop().ok_or_else(Error::not_found)?;
    match bot {
        Some(key) if get_bot(ctx, tx, key)?.id != found.bot.id => Err(Error::not_found()),
        _ => Ok(found),
    }
}

/// What was said in the conversation before the place `before` (its end, when there is none), oldest first.
pub(crate) fn list_messages(
    ctx: &Ctx,
    tx: &mut ReadTx,
    conversation: Id<Conversation>,
    before: Option<i64>,
) -> Result<Vec<Message>> {
    ctx.require(Permission::BotsRead)?;
    store::summary::before(ctx, tx, conversation, before.unwrap_or(i64::MAX), MESSAGES_AT_ONCE)
}

/// What stands in canned replies that are given in this conversation; what its ticket says where there is an open one that is seen.
pub(crate) fn filling_of(ctx: &Ctx, tx: &mut ReadTx, summary: &ConversationSummary) -> Result<Filling> {
    let ConversationSummary { row, contact, .. } = summary;
    let ticket = match ctx.may(Permission::TicketsRead) {
        true => tickets::reads::open_in(ctx, tx, &row.id.to_string())?,
        false => None,
    };
    let name = contact.as_ref().map_or(&row.person_name, |contact| &contact.name);
    tickets::reads::filling(ctx, tx, name, row.lang.unwrap_or_default(), ticket.as_ref())
}

fn summed_up(ctx: &Ctx, tx: &mut ReadTx, rows: Vec<ConversationRow>) -> Result<Vec<ConversationSummary>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let latest = store::summary::latest(ctx, tx, &ids, LATEST)?;
    let bots_by_channel = store::summary::bots_by_channel(ctx, tx)?;
    let kinds = store::summary::kinds(ctx, tx)?;
    let contacts = contacts_of(ctx, tx, &rows)?;
    let known = tickets::reads::labels(ctx, tx)?;
    let mut labels = store::label::of_many(ctx, tx, &ids)?;
    let mut bots: HashMap<Id<Bot>, Bot> = HashMap::new();
    let mut summaries = Vec::with_capacity(rows.len());
    for row in rows {
        let id = bots_by_channel.get(&row.channel).copied().ok_or_else(Error::not_found)?;
        let bot = match bots.get(&id) {
            Some(bot) => bot.clone(),
            None => match store::bot::find(ctx, tx, id)? {
                Some(bot) => bots.entry(id).or_insert(bot).clone(),
                // The bot was deleted and its conversations go with it.
                None => continue,
            },
        };
        let kind = kinds.get(&row.channel).copied().ok_or_else(Error::not_found)?;
        let contact = row.contact.and_then(|id| contacts.get(&id).cloned());
        let last_said = latest.get(&row.id).and_then(|messages| last_said(messages, &row.person_name));
        let own = labels.remove(&row.id).unwrap_or_default();
        let labels = known.iter().filter(|label| own.contains(&label.id)).cloned().collect();
        summaries.push(ConversationSummary { row, bot, kind, contact, last_said, labels });
    }
    Ok(summaries)
}

fn last_said(messages: &[Message], person: &str) -> Option<Said> {
    let chat = Chat::of(messages, &Looks { picture: &|_, _| None, person, file: &|_| None }, true);
    chat.said.into_iter().rev().find(|said| said.from == From::Contact)
}

/// The contacts of these conversations, where the reader may see contacts.
fn contacts_of(
    ctx: &Ctx,
    tx: &mut ReadTx,
    rows: &[ConversationRow],
) -> Result<HashMap<Id<Contact>, Contact>> {
    let ids: Vec<Id<Contact>> = rows.iter().filter_map(|row| row.contact).collect();
    if ids.is_empty() || !ctx.may(Permission::SalesRead) {
        return Ok(HashMap::new());
    }
    let found = contacts::get_many(ctx, tx, &ids)?;
    Ok(found.into_iter().map(|contact| (contact.id, contact)).collect())
}
