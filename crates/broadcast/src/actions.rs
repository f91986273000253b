//! What people do with broadcasts: write one, try it out, let it begin, stop it, end it. All of it needs to see the bots,
//! too.

use std::sync::Arc;

use bots::{Bot, BotState, Bots, Channel, ChannelState, Conversation, Way};
use context::{Ctx, Event, Permission};
use db::{Topic, Tx};
use files::{Hash, MediaType};
use kernel::{Checks, Error, Id, Kind, Lang, Result, Text, Timestamp};

use crate::{Broadcast, Content, Media, MediaKind, People, State, events::CHANGED, reads, store};

/// The longest picture (Bot API, `sendPhoto`).
const PICTURE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// The longest film (Bot API, `sendVideo`).
pub(crate) const FILE_BYTES_MAX: usize = 50 * 1024 * 1024;
/// Characters of a name.
const NAME_CHARS: usize = 100;
/// Days that a segment may look back.
const DAYS_MAX: u32 = 3_650;
/// How far ahead a broadcast may be planned, milliseconds: a year.
const AHEAD_MS_MAX: i64 = 366 * 24 * 60 * 60 * 1_000;
/// A moment that has just passed is now, milliseconds.
const JUST_PASSED_MS: i64 = 5 * 60 * 1_000;

/// What somebody writes.
#[derive(Debug, Clone)]
pub struct NewBroadcast {
    /// What the staff calls it.
    pub name: String,
    /// Over which channel.
    pub channel: Id<Channel>,
    /// What it says; its picture or film is given apart.
    pub content: Content,
    /// To whom.
    pub people: People,
}

/// A picture or a film that was stored.
#[derive(Debug, Clone)]
pub struct StoredFile {
    /// The name of its bytes.
    pub hash: Hash,
    /// What the sender called it.
    pub name: String,
    /// What it is.
    pub media_type: MediaType,
    /// Its length.
    pub size: usize,
}

impl StoredFile {
    /// What these bytes are to a broadcast; a refusal is about the field `file`.
    pub fn kind(media_type: MediaType, size: usize) -> Result<MediaKind> {
        let refuse = |key| Err(Error::field("file", Text::new(key)));
        match media_type {
            MediaType::Jpeg | MediaType::Png | MediaType::Webp if size > PICTURE_BYTES_MAX => {
                refuse("broadcast-picture-too-large")
            }
            MediaType::Jpeg | MediaType::Png | MediaType::Webp => Ok(MediaKind::Photo),
            MediaType::Mp4 if size > FILE_BYTES_MAX => refuse("broadcast-video-too-large"),
            MediaType::Mp4 => Ok(MediaKind::Video),
            _ => refuse("broadcast-file-kind"),
        }
    }
}

/// Writes a new one, as a draft.
pub fn create(ctx: &Ctx, tx: &mut Tx, bots: &Arc<Bots>, new: NewBroadcast) -> Result<Broadcast> {
    ctx.require(Permission::BroadcastCreate)?;
    ctx.require(Permission::BotsRead)?;
    let (way, lang, new) = checked(ctx, tx, bots, new, None)?;
    let NewBroadcast { name, channel, content, people } = new;
    let broadcast = Broadcast {
        id: ctx.new_id(),
        number: context::next_number(ctx, tx, "broadcast")?,
        bot: way.bot.id,
        channel,
        name,
        state: State::Draft,
        content,
        people,
        default_lang: lang,
        file_id: None,
        listed_to: None,
        is_listed: false,
        due_at: None,
        created_by: ctx.actor().name.clone(),
        created_at: ctx.now(),
        started_at: None,
        ended_at: None,
        problem: None,
    };
    store::insert(ctx, tx, &broadcast)?;
    ctx.audit_new(tx, "broadcast.create", "broadcast", broadcast.id, &broadcast)?;
    ctx.emit(tx, Event::new(CHANGED, broadcast.id))?;
    Ok(broadcast)
}

/// Changes one that has not begun. Its picture or film stays.
pub fn change(
    ctx: &Ctx,
    tx: &mut Tx,
    bots: &Arc<Bots>,
    id: Id<Broadcast>,
    new: NewBroadcast,
) -> Result<Broadcast> {
    ctx.require(Permission::BroadcastCreate)?;
    ctx.require(Permission::BotsRead)?;
    let before = not_begun(ctx, tx, id)?;
    let (way, default_lang, new) = checked(ctx, tx, bots, new, before.content.media.clone())?;
    let NewBroadcast { name, channel, content, people } = new;
    let file_id = before.file_id.clone().filter(|_| channel == before.channel);
    let after = Broadcast {
        name,
        channel,
        content,
        people,
        default_lang,
        file_id,
        bot: way.bot.id,
        ..before.clone()
    };
    write(ctx, tx, "broadcast.change", &before, after)
}

/// Gives one that has not begun this picture or film, or none.
pub fn set_file(
    ctx: &Ctx,
    tx: &mut Tx,
    bots: &Arc<Bots>,
    id: Id<Broadcast>,
    file: Option<&StoredFile>,
) -> Result<Broadcast> {
    ctx.require(Permission::BroadcastCreate)?;
    ctx.require(Permission::BotsRead)?;
    let before = not_begun(ctx, tx, id)?;
    let media = match file {
        Some(StoredFile { hash, name, media_type, size }) => {
            let kind = StoredFile::kind(*media_type, *size)?;
            files::record(ctx, tx, *hash, *media_type, *size, Some(Permission::BotsRead))?;
            let size_bytes = u64::try_from(*size).unwrap_or(u64::MAX);
            Some(Media { kind, file: hash.to_string(), name: name.clone(), size_bytes })
        }
        None => None,
    };
    let Broadcast { name, channel, content, people, .. } = before.clone();
    let new = NewBroadcast { name, channel, content, people };
    // Words fit under a picture that are too long for it, and a picture may say nothing: all of it is checked again.
    let (_, _, new) = checked(ctx, tx, bots, new, media).map_err(about_file)?;
    let after = Broadcast { content: new.content, file_id: None, ..before.clone() };
    write(ctx, tx, "broadcast.set_file", &before, after)
}

/// The form of the file has that one field.
fn about_file(error: Error) -> Error {
    match error.field_errors().first() {
        Some(first) => Error::field("file", first.text.clone()),
        None => error,
    }
}

/// Lets it begin at this moment, or now. Refused while the bot cannot send, and when it would reach nobody.
pub fn schedule(
    ctx: &Ctx,
    tx: &mut Tx,
    bots: &Arc<Bots>,
    id: Id<Broadcast>,
    at: Option<Timestamp>,
) -> Result<Broadcast> {
    ctx.require(Permission::BroadcastCreate)?;
    ctx.require(Permission::BotsRead)?;
    let before = not_begun(ctx, tx, id)?;
    let ahead = at.map_or(0, |at| at.millis_since(ctx.now()));
    if ahead < -JUST_PASSED_MS {
        return Err(Error::field("at", Text::new("broadcast-at-past")));
    }
    if ahead > AHEAD_MS_MAX {
        return Err(Error::field("at", Text::new("broadcast-at-far")));
    }
    let Broadcast { name, channel, content, people, .. } = before.clone();
    let media = content.media.clone();
    // What was right when it was written may be wrong by now: a label, a command, the bot's language.
    let (way, default_lang, new) =
        checked(ctx, tx, bots, NewBroadcast { name, channel, content, people }, media)?;
    may_send(&way.bot, Some(&way.channel))?;
    let after = Broadcast {
        state: State::Scheduled,
        due_at: Some(at.unwrap_or(ctx.now())),
        default_lang,
        content: new.content,
        problem: None,
        ..before.clone()
    };
    if reads::audience_of(ctx, tx, &after)?.reachable == 0 {
        return Err(Error::conflict(Text::new("broadcast-nobody")));
    }
    write(ctx, tx, "broadcast.schedule", &before, after)
}

/// Takes it back before it has begun: it is a draft again.
pub fn unschedule(ctx: &Ctx, tx: &mut Tx, id: Id<Broadcast>) -> Result<Broadcast> {
    ctx.require(Permission::BroadcastCreate)?;
    ctx.require(Permission::BotsRead)?;
    let before = store::lock(ctx, tx, id)?;
    in_state(&before, &[State::Scheduled])?;
    let after = Broadcast { state: State::Draft, due_at: None, ..before.clone() };
    write(ctx, tx, "broadcast.unschedule", &before, after)
}

/// Stops it for now; what is on its way arrives.
pub fn pause(ctx: &Ctx, tx: &mut Tx, id: Id<Broadcast>) -> Result<Broadcast> {
    ctx.require(Permission::BroadcastCreate)?;
    ctx.require(Permission::BotsRead)?;
    let before = store::lock(ctx, tx, id)?;
    in_state(&before, &[State::Running])?;
    let after = Broadcast { state: State::Paused, problem: None, ..before.clone() };
    write(ctx, tx, "broadcast.pause", &before, after)
}

/// Lets it go on with those whose turn has not come.
pub fn resume(ctx: &Ctx, tx: &mut Tx, id: Id<Broadcast>) -> Result<Broadcast> {
    ctx.require(Permission::BroadcastCreate)?;
    ctx.require(Permission::BotsRead)?;
    let before = store::lock(ctx, tx, id)?;
    in_state(&before, &[State::Paused])?;
    match bots::way(ctx, tx, before.bot, before.channel)? {
        Some((bot, channel)) => may_send(&bot, channel.as_ref())?,
        None => return Err(Error::conflict(Text::new("broadcast-bot-gone"))),
    }
    let after = Broadcast { state: State::Running, problem: None, ..before.clone() };
    write(ctx, tx, "broadcast.resume", &before, after)
}

/// Ends it: who has not got it gets it no more.
pub fn cancel(ctx: &Ctx, tx: &mut Tx, id: Id<Broadcast>) -> Result<Broadcast> {
    ctx.require(Permission::BroadcastCreate)?;
    ctx.require(Permission::BotsRead)?;
    let before = store::lock(ctx, tx, id)?;
    in_state(&before, &[State::Scheduled, State::Running, State::Paused])?;
    let after = Broadcast { state: State::Cancelled, ended_at: Some(ctx.now()), ..before.clone() };
    write(ctx, tx, "broadcast.cancel", &before, after)
}

/// Throws away what was never sent.
pub fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Broadcast>) -> Result<()> {
    ctx.require(Permission::BroadcastCreate)?;
    ctx.require(Permission::BotsRead)?;
    let before = store::lock(ctx, tx, id)?;
    in_state(&before, &[State::Draft])?;
    store::delete(ctx, tx, id)?;
    ctx.audit(tx, "broadcast.delete", "broadcast", id, Some(&before), None::<&()>)?;
    ctx.emit(tx, Event::new(CHANGED, id))
}

/// A copy of it, as a draft.
pub fn copy(ctx: &Ctx, tx: &mut Tx, bots: &Arc<Bots>, id: Id<Broadcast>) -> Result<Broadcast> {
    ctx.require(Permission::BroadcastCreate)?;
    ctx.require(Permission::BotsRead)?;
    let Broadcast { name, channel, content, people, .. } = store::get(ctx, tx, id)?;
    let media = content.media.clone();
    let made = create(ctx, tx, bots, NewBroadcast { name, channel, content, people })?;
    let with_media = Broadcast { content: Content { media, ..made.content.clone() }, ..made };
    store::update(ctx, tx, &with_media)?;
    Ok(with_media)
}

/// Sends it to one conversation as it is now, once in each language that has words: the way to see it before everybody.
pub fn try_out(ctx: &Ctx, tx: &mut Tx, id: Id<Broadcast>, conversation: Id<Conversation>) -> Result<()> {
    ctx.require(Permission::BroadcastCreate)?;
    ctx.require(Permission::BotsRead)?;
    let broadcast = store::get(ctx, tx, id)?;
    let Broadcast { bot, channel, content, default_lang, .. } = &broadcast;
    match bots::way(ctx, tx, *bot, *channel)? {
        Some((bot, channel)) => may_send(&bot, channel.as_ref())?,
        None => return Err(Error::conflict(Text::new("broadcast-bot-gone"))),
    }
    let mut langs = content.langs();
    if langs.is_empty() {
        langs.push(*default_lang);
    }
    let calls = |chat| langs.iter().map(|lang| content.call(chat, *lang, *default_lang)).collect();
    bots::send_trial(ctx, tx, *channel, conversation, calls)?;
    ctx.audit(tx, "broadcast.try_out", "broadcast", id, None::<&()>, Some(&conversation))
}

fn not_begun(ctx: &Ctx, tx: &mut Tx, id: Id<Broadcast>) -> Result<Broadcast> {
    let found = store::lock(ctx, tx, id)?;
    in_state(&found, &[State::Draft, State::Scheduled])?;
    Ok(found)
}

fn in_state(broadcast: &Broadcast, states: &[State]) -> Result<()> {
    if states.contains(&broadcast.state) {
        return Ok(());
    }
    Err(Error::conflict(Text::new("broadcast-state-differs")))
}

/// Whether the bot can send: it answers, and its channel works or is about to.
fn may_send(bot: &Bot, channel: Option<&Channel>) -> Result<()> {
    let refuse = |key| Err(Error::new(Kind::Conflict, Text::new(key).with("name", &bot.name)));
    match (bot.state, channel.map(|channel| channel.state)) {
        (BotState::Paused, _) => refuse("broadcast-bot-paused"),
        (BotState::Archived, _) => refuse("broadcast-bot-archived"),
        (_, None | Some(ChannelState::Removed)) => refuse("broadcast-channel-gone"),
        (_, Some(ChannelState::Broken | ChannelState::Held)) => refuse("broadcast-channel-broken"),
        (BotState::Active, Some(ChannelState::Live)) => Ok(()),
    }
}

/// The input tidied, with its bot and the language that stands in for others.
fn checked(
    ctx: &Ctx,
    tx: &mut Tx,
    bots: &Arc<Bots>,
    new: NewBroadcast,
    media: Option<Media>,
) -> Result<(Way, Lang, NewBroadcast)> {
    let NewBroadcast { name, channel, content, people } = new;
    let way = bots::way_of(ctx, tx, channel)?;
    let way = way.ok_or_else(|| Error::field("channel", Text::new("broadcast-channel-unknown")))?;
    let voice = bots::voice(ctx, tx, bots, &way.bot)?;
    let mut checks = Checks::new();
    let name = checks.required_line("name", &name, NAME_CHARS);
    let content = Content { media, ..content }.checked(&mut checks, &voice);
    let People { mut langs, label, wrote_within_days, silent_for_days } = people;
    langs.sort();
    langs.dedup();
    if let Some(label) = label {
        let is_known = tickets::reads::labels(ctx, tx)?.iter().any(|known| known.id == label);
        checks.hold(is_known, "label", Text::new("broadcast-label-unknown"));
    }
    for (field, days) in [("wrote_within_days", wrote_within_days), ("silent_for_days", silent_for_days)] {
        let is_sane = days.is_none_or(|days| (1..=DAYS_MAX).contains(&days));
        checks.hold(is_sane, field, Text::new("broadcast-days-range").with("max", i64::from(DAYS_MAX)));
    }
    checks.done()?;
    let people = People { langs, label, wrote_within_days, silent_for_days };
    Ok((way, voice.lang, NewBroadcast { name, channel, content, people }))
}

/// Writes the row and tells of it; senders look at once.
fn write(
    ctx: &Ctx,
    tx: &mut Tx,
    verb: &'static str,
    before: &Broadcast,
    after: Broadcast,
) -> Result<Broadcast> {
    store::update(ctx, tx, &after)?;
    ctx.audit(tx, verb, "broadcast", after.id, Some(before), Some(&after))?;
    ctx.emit(tx, Event::new(CHANGED, after.id))?;
    tx.wake(Topic::Messages);
    Ok(after)
}
