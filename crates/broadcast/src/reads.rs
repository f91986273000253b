//! What pages and the API read.

use bots::{Audience, Conversation, Way, WayName};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Lang, Page, PageRequest, Result, Timestamp};
use web::RowKey;

use crate::{Broadcast, Counts, Fate, Recipient, State, store};

/// A broadcast with what became of it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) broadcast: Broadcast,
    /// Its bot and channel; nothing when the bot was deleted.
    pub(crate) way: Option<WayName>,
    pub(crate) counts: Counts,
}

/// Which broadcast a path names.
pub(crate) fn id_of(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Id<Broadcast>> {
    ctx.require(Permission::BroadcastRead)?;
    match key {
        RowKey::Number(number) => {
            let found = store::find_by_number(ctx, tx, number)?.ok_or_else(Error::not_found)?;
            Ok(found.id)
        }
        RowKey::Id(id) => Ok(store::get(ctx, tx, Id::from_uuid(id))?.id),
    }
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Seen> {
    ctx.require(Permission::BroadcastRead)?;
    let id = id_of(ctx, tx, key)?;
    let broadcast = store::get(ctx, tx, id)?;
    seen(ctx, tx, vec![broadcast])?.pop().ok_or_else(Error::not_found)
}

pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    state: Option<State>,
    page: PageRequest,
) -> Result<Page<Seen>> {
    ctx.require(Permission::BroadcastRead)?;
    let Page { request, count, results } = store::list(ctx, tx, state, page)?;
    Ok(Page::new(request, count, seen(ctx, tx, results)?))
}

fn seen(ctx: &Ctx, tx: &mut ReadTx, broadcasts: Vec<Broadcast>) -> Result<Vec<Seen>> {
    let ids: Vec<_> = broadcasts.iter().map(|broadcast| broadcast.id).collect();
    let mut counts = store::recipient::counts(ctx, tx, &ids)?;
    let mut all = Vec::with_capacity(broadcasts.len());
    for broadcast in broadcasts {
        let way = bots::way_name(ctx, tx, broadcast.bot, broadcast.channel)?;
        let counts = counts.remove(&broadcast.id).unwrap_or_default();
        all.push(Seen { broadcast, way, counts });
    }
    Ok(all)
}

/// The people of a broadcast, those of one fate.
pub(crate) fn recipients(
    ctx: &Ctx,
    tx: &mut ReadTx,
    id: Id<Broadcast>,
    fate: Option<Fate>,
    page: PageRequest,
) -> Result<Page<Recipient>> {
    ctx.require(Permission::BroadcastRead)?;
    store::recipient::list(ctx, tx, id, fate, page)
}

/// Who would get it now.
pub(crate) fn audience_of(ctx: &Ctx, tx: &mut ReadTx, broadcast: &Broadcast) -> Result<Audience> {
    ctx.require(Permission::BroadcastRead)?;
    let Broadcast { people, channel, default_lang, .. } = broadcast;
    bots::count_audience(ctx, tx, &people.segment(*channel, *default_lang, ctx.now()))
}

/// Who would get it, and who of them gets other words than their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Preview {
    pub(crate) audience: Audience,
    /// Languages of people for which there are no words, and how many conversations they are.
    pub(crate) missing: Vec<(Lang, i64)>,
    /// Conversations of people who never chose a language.
    pub(crate) unspoken: i64,
}

pub(crate) fn preview(ctx: &Ctx, tx: &mut ReadTx, broadcast: &Broadcast) -> Result<Preview> {
    let audience = audience_of(ctx, tx, broadcast)?;
    let said = broadcast.content.langs();
    let of = |wanted: Option<Lang>| {
        audience.by_lang.iter().filter(|(lang, _)| *lang == wanted).map(|(_, count)| count).sum::<i64>()
    };
    let missing = Lang::ALL
        .into_iter()
        .filter(|lang| !said.contains(lang) && !said.is_empty())
        .map(|lang| (lang, of(Some(lang))))
        .filter(|(_, count)| *count > 0)
        .collect();
    Ok(Preview { missing, unspoken: of(None), audience })
}

/// Conversations in which it can be tried out.
pub(crate) fn trial_chats(
    ctx: &Ctx,
    tx: &mut ReadTx,
    broadcast: &Broadcast,
) -> Result<Vec<(Id<Conversation>, String)>> {
    ctx.require(Permission::BroadcastCreate)?;
    match bots::way(ctx, tx, broadcast.bot, broadcast.channel)? {
        Some((bot, Some(channel))) => bots::trial_chats(ctx, tx, &Way { bot, channel }),
        _ => Ok(Vec::new()),
    }
}

/// When, by the clock of the workspace: `date` at `time`, which is hours and minutes.
pub(crate) fn moment(ctx: &Ctx, date: &str, time: &str) -> Result<Timestamp> {
    let date = kernel::Date::parse(date).map_err(|error| error.under("date"))?;
    let wrong = || Error::field("time", kernel::Text::new("broadcast-time-malformed"));
    let (hours, minutes) = time.trim().split_once([':', '.']).ok_or_else(wrong)?;
    let number = |text: &str, most: i64| {
        text.parse::<i64>().ok().filter(|n| text.len() <= 2 && (0..=most).contains(n)).ok_or_else(wrong)
    };
    let minutes = number(hours, 23)? * 60 + number(minutes, 59)?;
    Ok(ctx.zone().start_of(date).plus_seconds(minutes * 60))
}
