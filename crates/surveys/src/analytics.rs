//! What campaigns show: who answered, who works, what they earn and what they wish, of one campaign or of several together.
//!
//! Each breakdown adds up to the answers that it breaks down.

use std::collections::{BTreeMap, HashMap, HashSet};

use catalog::Item;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Error, Id, Lang, Money, Result};
use serde_json::Value;

use crate::{
    Campaign, Figures, Gender,
    json::Object,
    reads::{self, Cell},
    store,
};

/// The word for every campaign that is active, where none is called so.
pub const ACTIVE: &str = "active";
/// Consents and channels that are shown, those most often said first: what people type has no end.
const WISHES_AT_MOST: usize = 100;

/// How many of one gender and region answered; nothing where nobody said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonCell {
    /// Men or women.
    pub gender: Option<Gender>,
    /// Where they come from.
    pub region: Option<Id<Item>>,
    /// The figures; of whom is asked nothing is known, so there is no roster.
    pub figures: Figures,
}

/// How figures that people said are spread. Each is one that somebody said: nobody's own can distort it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread<T> {
    /// How many said one.
    pub count: i64,
    /// The lowest.
    pub lowest: T,
    /// A quarter said this or less.
    pub lower_quartile: T,
    /// Half said this or less.
    pub median: T,
    /// Three quarters said this or less.
    pub upper_quartile: T,
    /// The highest.
    pub highest: T,
}

impl<T: Copy + Ord> Spread<T> {
    /// The spread of these values, each with how many said it; none where nobody did.
    fn of(values: &BTreeMap<T, i64>) -> Option<Self> {
        let count: i64 = values.values().sum();
        let (lowest, highest) = (*values.keys().next()?, *values.keys().next_back()?);
        // The smallest value that at least this many quarters said, or less than it.
        let quarter = |quarters: i64| {
            let wanted = count.saturating_mul(quarters).saturating_add(3) / 4;
            let mut so_far = 0_i64;
            let found = values.iter().find(|(_, count)| {
                so_far = so_far.saturating_add(**count);
                so_far >= wanted
            });
            found.map_or(highest, |(value, _)| *value)
        };
        let (lower_quartile, median, upper_quartile) = (quarter(1), quarter(2), quarter(3));
        Some(Self { count, lowest, lower_quartile, median, upper_quartile, highest })
    }
}

/// What became of one thing that people are asked to agree to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consent {
    /// Its name, as bots send it.
    pub name: String,
    /// Who agreed.
    pub yes: i64,
    /// Who did not.
    pub no: i64,
    /// Who said something else.
    pub other: i64,
}

/// A way by which people want to be told of work; one person may name several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its name, as it was spelt first.
    pub name: String,
    /// How many named it.
    pub count: i64,
}

/// The figures of campaigns.
#[derive(Debug, Clone)]
pub struct Analytics {
    /// Which campaigns, the latest first, each with its figures.
    pub campaigns: Vec<(Campaign, Figures)>,
    /// Their sum.
    pub all: Figures,
    /// Answers by the day on which they were first given; days without any are left out.
    pub days: Vec<(Date, i64)>,
    /// By program and year: rows of rosters by what those say, answers by what was answered.
    pub cells: Vec<Cell>,
    /// By gender and region.
    pub people: Vec<PersonCell>,
    /// Hours a week.
    pub hours: Option<Spread<i32>>,
    /// What they earn a month.
    pub salary: Option<Spread<Money>>,
    /// What was agreed to.
    pub consents: Vec<Consent>,
    /// Which channels were named.
    pub channels: Vec<Channel>,
    /// Answers that name no channel.
    pub without_channel: i64,
    /// The catalog items that all this names.
    pub items: HashMap<Id<Item>, Item>,
}

/// The campaigns that `key` names, each with its figures: the code or the id of one, several with commas between them, or
/// [`ACTIVE`]. Errors: the workspace lacks one of them.
pub fn chosen(ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<Vec<(Campaign, Figures)>> {
    let all = reads::campaigns(ctx, tx)?;
    let is_called =
        |campaign: &Campaign, key: &str| campaign.slug() == key || campaign.id.uuid().to_string() == key;
    if key == ACTIVE && !all.iter().any(|(campaign, _)| is_called(campaign, key)) {
        return Ok(all.into_iter().filter(|(campaign, _)| campaign.is_active).collect());
    }
    let mut found: HashSet<Id<Campaign>> = HashSet::new();
    for word in key.split(',') {
        let word = match uuid::Uuid::try_parse(word.trim()) {
            Ok(id) => id.to_string(),
            Err(_) => crate::campaign::slug(word),
        };
        let named = all.iter().find(|(campaign, _)| is_called(campaign, &word));
        found.insert(named.ok_or_else(Error::not_found)?.0.id);
    }
    Ok(all.into_iter().filter(|(campaign, _)| found.contains(&campaign.id)).collect())
}

/// The figures of these campaigns together.
pub fn analytics(ctx: &Ctx, tx: &mut ReadTx, campaigns: Vec<(Campaign, Figures)>) -> Result<Analytics> {
    ctx.require(Permission::SurveysRead)?;
    let mut days: BTreeMap<Date, i64> = BTreeMap::new();
    let mut cells: BTreeMap<(Id<Item>, Option<i32>), Figures> = BTreeMap::new();
    let mut people: BTreeMap<(Option<&'static str>, Option<Id<Item>>), PersonCell> = BTreeMap::new();
    let (mut hours, mut salaries) = (BTreeMap::new(), BTreeMap::new());
    let mut wishes = Wishes::default();
    let mut all = Figures::default();
    for (campaign, figures) in &campaigns {
        all = all.plus(*figures);
        for cell in store::tally::of_campaign(ctx, tx, campaign.id)? {
            let sum = cells.entry((cell.program, cell.course_year)).or_default();
            *sum = sum.plus(cell.figures);
        }
        if figures.responses == 0 {
            continue;
        }
        for cell in store::person_tally::of_campaign(ctx, tx, campaign.id)? {
            let nobody = PersonCell { figures: Figures::default(), ..cell };
            let sum = people.entry((cell.gender.map(Gender::word), cell.region)).or_insert(nobody);
            sum.figures = sum.figures.plus(cell.figures);
        }
        for (quarter, count) in store::analytics::quarters(ctx, tx, campaign.id)? {
            add(&mut days, ctx.zone().date(quarter), count);
        }
        for (said, count) in store::analytics::hours(ctx, tx, campaign.id)? {
            add(&mut hours, said, count);
        }
        for (said, count) in store::analytics::salaries(ctx, tx, campaign.id)? {
            add(&mut salaries, said, count);
        }
        for (consents, channels, count) in store::analytics::wishes(ctx, tx, campaign.id)? {
            wishes.add(&consents, &channels, count);
        }
    }
    let cells: Vec<Cell> = cells
        .into_iter()
        .map(|((program, course_year), figures)| Cell { program, course_year, figures })
        .collect();
    let people: Vec<PersonCell> = people.into_values().collect();
    let mut ids: Vec<Id<Item>> = cells.iter().map(|cell| cell.program).collect();
    ids.extend(people.iter().filter_map(|cell| cell.region));
    ids.sort_unstable();
    ids.dedup();
    let items = catalog::items::get_many(ctx, tx, &ids)?.into_iter().map(|item| (item.id, item)).collect();
    Ok(Analytics {
        without_channel: all.responses.saturating_sub(wishes.with_channel),
        consents: wishes.consents(),
        channels: wishes.channels(),
        campaigns,
        all,
        days: days.into_iter().collect(),
        cells,
        people,
        hours: Spread::of(&hours),
        salary: Spread::of(&salaries),
        items,
    })
}

fn add<K: Ord>(sums: &mut BTreeMap<K, i64>, key: K, count: i64) {
    let sum = sums.entry(key).or_default();
    *sum = sum.saturating_add(count);
}

impl Analytics {
    /// What an item is called for a reader of `lang`; empty for one that is not there.
    pub fn name(&self, id: Id<Item>, lang: Lang) -> String {
        self.items.get(&id).map(|item| item.name(lang).to_owned()).unwrap_or_default()
    }

    /// By program, in the order of their names.
    pub fn programs(&self, lang: Lang) -> Vec<(Id<Item>, Figures)> {
        let key = |cell: &Cell| ((self.name(cell.program, lang), cell.program), cell.figures);
        let sums = grouped(self.cells.iter().map(key));
        sums.into_iter().map(|((_, id), figures)| (id, figures)).collect()
    }

    /// By course year; those of whom nobody said it last.
    pub fn course_years(&self) -> Vec<(Option<i32>, Figures)> {
        let key = |cell: &Cell| ((cell.course_year.is_none(), cell.course_year), cell.figures);
        let sums = grouped(self.cells.iter().map(key));
        sums.into_iter().map(|((_, year), figures)| (year, figures)).collect()
    }

    /// One program in one year.
    pub fn cell(&self, program: Id<Item>, year: Option<i32>) -> Figures {
        let found = self.cells.iter().find(|cell| cell.program == program && cell.course_year == year);
        found.map(|cell| cell.figures).unwrap_or_default()
    }

    /// By gender; those who did not say it last.
    pub fn genders(&self) -> Vec<(Option<Gender>, Figures)> {
        let of = |gender: Option<Gender>| {
            let own = self.people.iter().filter(|cell| cell.gender == gender);
            own.fold(Figures::default(), |sum, cell| sum.plus(cell.figures))
        };
        let all = Gender::ALL.iter().copied().map(Some).chain([None]);
        all.map(|gender| (gender, of(gender))).filter(|(_, figures)| figures.responses != 0).collect()
    }

    /// By region, the most answers first; those who did not say it last.
    pub fn regions(&self, lang: Lang) -> Vec<(Option<Id<Item>>, Figures)> {
        let mut sums: Vec<_> =
            grouped(self.people.iter().map(|cell| (cell.region, cell.figures))).into_iter().collect();
        let name = |region: &Option<Id<Item>>| region.map(|id| self.name(id, lang));
        sums.sort_by_cached_key(|(region, figures)| {
            (region.is_none(), std::cmp::Reverse(figures.responses), name(region), *region)
        });
        sums
    }
}

fn grouped<K: Ord>(figures: impl Iterator<Item = (K, Figures)>) -> BTreeMap<K, Figures> {
    let mut sums: BTreeMap<K, Figures> = BTreeMap::new();
    for (key, more) in figures {
        let sum = sums.entry(key).or_default();
        *sum = sum.plus(more);
    }
    sums
}

/// What people agree to, and by which channels they want to be told, as it adds up.
#[derive(Debug, Default)]
struct Wishes {
    consents: BTreeMap<String, Consent>,
    /// By the folded name.
    channels: BTreeMap<String, Channel>,
    with_channel: i64,
}

impl Wishes {
    fn add(&mut self, consents: &Object, channels: &[String], count: i64) {
        for (name, value) in consents {
            let consent = self
                .consents
                .entry(name.clone())
                .or_insert_with(|| Consent { name: name.clone(), ..Consent::default() });
            let place = match agreed(value) {
                Some(true) => &mut consent.yes,
                Some(false) => &mut consent.no,
                None => &mut consent.other,
            };
            *place = place.saturating_add(count);
        }
        // Who writes "telegram" and "Telegram" means one.
        let named: BTreeMap<String, &String> =
            channels.iter().rev().map(|name| (uztext::fold(name), name)).collect();
        if !named.is_empty() {
            self.with_channel = self.with_channel.saturating_add(count);
        }
        for (fold, name) in named {
            let channel =
                self.channels.entry(fold).or_insert_with(|| Channel { name: name.clone(), count: 0 });
            // Whatever comes first of the database: the same spelling each time.
            if *name < channel.name {
                channel.name.clone_from(name);
            }
            channel.count = channel.count.saturating_add(count);
        }
    }

    fn consents(&self) -> Vec<Consent> {
        let mut all: Vec<Consent> = self.consents.values().cloned().collect();
        all.sort_by_key(|consent| std::cmp::Reverse(consent.said()));
        all.truncate(WISHES_AT_MOST);
        all
    }

    fn channels(&self) -> Vec<Channel> {
        let mut all: Vec<Channel> = self.channels.values().cloned().collect();
        all.sort_by_key(|channel| std::cmp::Reverse(channel.count));
        all.truncate(WISHES_AT_MOST);
        all
    }
}

impl Consent {
    /// How many said something of it.
    pub const fn said(&self) -> i64 {
        self.yes.saturating_add(self.no).saturating_add(self.other)
    }
}

/// Yes or no, as bots send it.
fn agreed(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(yes) => Some(*yes),
        Value::Number(number) => match number.as_i64() {
            Some(1) => Some(true),
            Some(0) => Some(false),
            _ => None,
        },
        Value::String(word) => match uztext::fold(word).as_str() {
            "true" | "1" | "yes" | "ha" | "da" => Some(true),
            "false" | "0" | "no" | "yoq" | "net" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::object;

    #[track_caller]
    fn check(values: &[(i32, i64)], expected: Option<[i64; 6]>) {
        let spread = Spread::of(&values.iter().copied().collect());
        let figures = spread.map(|spread| {
            let Spread { count, lowest, lower_quartile, median, upper_quartile, highest } = spread;
            let [lowest, lower, median, upper, highest] =
                [lowest, lower_quartile, median, upper_quartile, highest].map(i64::from);
            [count, lowest, lower, median, upper, highest]
        });
        assert_eq!(figures, expected, "{values:?}");
    }

    #[test]
    fn a_spread_is_of_what_people_said_and_one_of_them_distorts_nothing() {
        check(&[], None);
        check(&[(7, 1)], Some([1, 7, 7, 7, 7, 7]));
        check(&[(1, 1), (2, 1)], Some([2, 1, 1, 1, 2, 2]));
        check(&[(1, 1), (2, 1), (3, 1), (4, 1)], Some([4, 1, 1, 2, 3, 4]));
        check(&[(10, 3), (20, 4), (1_000_000, 1)], Some([8, 10, 10, 20, 20, 1_000_000]));
        check(&[(5, 1), (6, 1), (7, 1), (8, 1), (9, 1)], Some([5, 5, 6, 7, 8, 9]));
    }

    #[test]
    fn consents_and_channels_are_counted_however_they_are_written() {
        let mut wishes = Wishes::default();
        wishes.add(&object(json!({"share": true, "sms": "yo'q"})), &["Telegram".to_owned()], 3);
        wishes.add(
            &object(json!({"share": "HA", "sms": "keyin"})),
            &["telegram".to_owned(), "TELEGRAM".to_owned(), "sms".to_owned()],
            2,
        );
        wishes.add(&object(json!({"share": 0})), &[], 1);
        let consents: Vec<_> =
            wishes.consents().into_iter().map(|c| (c.name, c.yes, c.no, c.other)).collect();
        assert_eq!(consents, [("share".to_owned(), 5, 1, 0), ("sms".to_owned(), 0, 3, 2)]);
        let channels: Vec<_> = wishes.channels().into_iter().map(|c| c.count).collect();
        assert_eq!((channels, wishes.with_channel), (vec![5, 2], 5));
    }
}
