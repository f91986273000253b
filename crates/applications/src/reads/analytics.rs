//! Applications of some days, counted: by day, status and form, by what was chosen, and by who applied.
//!
//! Every breakdown adds up to all of them: what an application does not say stands under none.

use std::{cmp::Reverse, collections::HashMap, hash::Hash};

use catalog::{Item, ItemKind};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Id, Result, Timestamp};

use crate::{
    Form, Gender, Status,
    store::{
        self,
        analytics::{Chosen, DAY_MS, Within},
    },
};

/// Which applications are counted.
#[derive(Debug, Clone, Copy)]
pub struct CountedBy {
    /// Submitted on this day or later, in the workspace's zone.
    pub from: Date,
    /// Submitted on this day or earlier.
    pub until: Date,
    /// For this form; `None` for all.
    pub form: Option<Id<Form>>,
    /// This far; `None` for all.
    pub status: Option<Status>,
}

kernel::words! {
    /// How old somebody is, in whole years on the last of the days that are counted.
    AgeGroup {
        /// 16 and younger.
        UpTo16 = "up_to_16",
        /// 17.
        Of17 = "17",
        /// 18.
        Of18 = "18",
        /// 19.
        Of19 = "19",
        /// 20 to 24.
        From20 = "20_24",
        /// 25 and older.
        From25 = "25_and_older",
    }
}

impl AgeGroup {
    /// The youngest of each group but the first, in years.
    const YOUNGEST: [i32; 5] = [17, 18, 19, 20, 25];

    /// The message that names it.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::UpTo16 => "applications-age-up-to-16",
            Self::Of17 => "applications-age-17",
            Self::Of18 => "applications-age-18",
            Self::Of19 => "applications-age-19",
            Self::From20 => "applications-age-20-24",
            Self::From25 => "applications-age-25",
        }
    }
}

/// What was counted on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DayCounts {
    /// Applications that were submitted.
    pub applications: i64,
    /// Of them, those that are accepted now.
    pub accepted: i64,
    /// People who were written down; none where only some applications are counted.
    pub new_applicants: i64,
}

/// What was counted of a form.
#[derive(Debug, Clone)]
pub struct FormCounts {
    /// The form.
    pub form: Form,
    /// Its applications.
    pub applications: i64,
    /// Of them, those that are accepted now.
    pub accepted: i64,
}

/// So many have this; what nobody said is under `None`.
pub type Shares<T> = Vec<(Option<T>, i64)>;

/// What was counted of some days.
#[derive(Debug, Clone)]
pub struct Analytics {
    /// All applications.
    pub applications: i64,
    /// The people who sent them, each once.
    pub applicants: i64,
    /// People who were written down in these days; `None` where only some applications are counted.
    pub new_applicants: Option<i64>,
    /// Every day, also those on which nothing came.
    pub days: Vec<(Date, DayCounts)>,
    /// Every status, in their order.
    pub statuses: Vec<(Status, i64)>,
    /// The forms that have any, in the order in which they are offered.
    pub forms: Vec<FormCounts>,
    /// Every kind of item: those that were chosen, the most chosen first; of several fields of one kind the first one that is
    /// answered counts. The region is the applicant's own where the application says none.
    pub items: Vec<(ItemKind, Shares<Item>)>,
    /// By gender.
    pub genders: Shares<Gender>,
    /// By age.
    pub ages: Shares<AgeGroup>,
    /// Whether anybody ever applied, whatever the days.
    pub is_any: bool,
}

impl Analytics {
    /// How many have this status.
    pub fn with_status(&self, status: Status) -> i64 {
        self.statuses.iter().filter(|(own, _)| *own == status).map(|(_, count)| count).sum()
    }

    /// The items of this kind.
    pub fn of_kind(&self, kind: ItemKind) -> &[(Option<Item>, i64)] {
        self.items.iter().find(|(own, _)| *own == kind).map_or(&[], |(_, shares)| shares.as_slice())
    }
}

/// Counts the applications that are meant. Errors: an unknown form is one without applications.
pub fn analytics(ctx: &Ctx, tx: &mut ReadTx, by: &CountedBy) -> Result<Analytics> {
    ctx.require(Permission::ApplicationsRead)?;
    let CountedBy { from, until, form, status } = *by;
    let zone = ctx.zone();
    let within = Within { begin: zone.start_of(from), end: zone.start_of(until.plus_days(1)), form, status };
    let is_all = form.is_none() && status.is_none();
    let days = usize::try_from(until.days_since(from) + 1).unwrap_or_default();
    let mut counted = vec![DayCounts::default(); days];
    let mut statuses: HashMap<Status, i64> = HashMap::new();
    let mut forms: HashMap<Id<Form>, (i64, i64)> = HashMap::new();
    for run in runs(ctx, from, until) {
        let part = Within { begin: run.begin, end: run.end, ..within };
        for one in store::analytics::by_day(ctx, tx, &part)? {
            let accepted = if one.status == Status::Accepted { one.count } else { 0 };
            if let Some(day) = run.day(one.day).and_then(|n| counted.get_mut(n)) {
                day.applications += one.count;
                day.accepted += accepted;
            }
            *statuses.entry(one.status).or_default() += one.count;
            let (all, yes) = forms.entry(one.form).or_default();
            (*all, *yes) = (*all + one.count, *yes + accepted);
        }
        if is_all {
            for (day, count) in store::analytics::new_applicants(ctx, tx, run.begin, run.end)? {
                if let Some(day) = run.day(day).and_then(|n| counted.get_mut(n)) {
                    day.new_applicants += count;
                }
            }
        }
    }
    let applications = statuses.values().sum();
    let known = store::form::list(ctx, tx)?;
    let items = items(ctx, tx, &within, &known)?;
    let regions: Vec<Id<Item>> = items.of(ItemKind::Region).keys().copied().collect();
    let people = store::analytics::people(ctx, tx, &within, &regions, &born(until))?;
    let mut found = items;
    let (mut genders, mut ages) = (HashMap::new(), HashMap::new());
    for one in &people {
        *genders.entry(one.gender).or_insert(0) += one.count;
        let group = one.ages.and_then(|ages| AgeGroup::ALL.get(usize::try_from(ages).ok()?).copied());
        *ages.entry(group).or_insert(0) += one.count;
        if let (false, Some(region)) = (one.says_region, one.region) {
            *found.counts.entry(ItemKind::Region).or_default().entry(region).or_insert(0) += one.count;
        }
    }
    let counted_forms = |form: Form| {
        let (applications, accepted) = forms.get(&form.id).copied()?;
        Some(FormCounts { form, applications, accepted })
    };
    Ok(Analytics {
        applications,
        applicants: store::analytics::applicants(ctx, tx, &within)?,
        new_applicants: is_all.then(|| counted.iter().map(|day| day.new_applicants).sum()),
        days: (0..).zip(counted).map(|(n, counts)| (from.plus_days(n), counts)).collect(),
        statuses: Status::ALL
            .iter()
            .map(|status| (*status, statuses.get(status).copied().unwrap_or(0)))
            .collect(),
        forms: known.into_iter().filter_map(counted_forms).collect(),
        items: found.named(ctx, tx, applications)?,
        genders: shares(Gender::ALL, &genders),
        ages: shares(AgeGroup::ALL, &ages),
        is_any: applications > 0 || store::analytics::is_any(ctx, tx)?,
    })
}

/// The cases that were counted, in their order, and behind them what nobody said.
fn shares<T: Copy + Eq + Hash>(all: &[T], counts: &HashMap<Option<T>, i64>) -> Shares<T> {
    let cases = all.iter().copied().map(Some).chain([None]);
    cases.filter_map(|case| Some((case, counts.get(&case).copied().filter(|count| *count > 0)?))).collect()
}

/// Days one after another that have 24 hours each.
struct Run {
    /// How many days lie before it.
    first: i64,
    begin: Timestamp,
    end: Timestamp,
}

impl Run {
    /// The place among all days of the one so many days of 24 hours behind its beginning. A day on which clocks are put back has
    /// an hour more, and stands alone.
    fn day(&self, n: i64) -> Option<usize> {
        let days = (self.end.millis_since(self.begin) / DAY_MS).max(1);
        usize::try_from(self.first + n.min(days - 1)).ok()
    }
}

/// The days from one to another, in runs; where clocks are never put forward or back, they are one.
fn runs(ctx: &Ctx, from: Date, until: Date) -> Vec<Run> {
    let zone = ctx.zone();
    let mut runs: Vec<Run> = Vec::new();
    let mut is_plain = false;
    let (mut day, mut begin) = (from, zone.start_of(from));
    for first in 0..=until.days_since(from) {
        day = day.plus_days(1);
        let end = zone.start_of(day);
        let was_plain = is_plain;
        is_plain = end.millis_since(begin) == DAY_MS;
        match runs.last_mut().filter(|_| was_plain && is_plain) {
            Some(run) => run.end = end,
            None => runs.push(Run { first, begin, end }),
        }
        begin = end;
    }
    runs
}

/// The last birth dates at which somebody has the ages that groups begin with.
fn born(on: Date) -> Vec<Date> {
    let of = |years: i32| {
        let (year, day) = (on.year() - years, on.to_string());
        let day = day.get(5..).unwrap_or_default();
        // Who was born on 28 February has the age on the 29th already, and who was born on 1 March has it not.
        Date::parse(&format!("{year:04}-{day}")).or_else(|_| Date::new(year, 2, 28))
    };
    AgeGroup::YOUNGEST.iter().filter_map(|years| of(*years).ok()).collect()
}

/// How many chose which items.
struct Items {
    counts: HashMap<ItemKind, HashMap<Id<Item>, i64>>,
}

impl Items {
    fn of(&self, kind: ItemKind) -> HashMap<Id<Item>, i64> {
        self.counts.get(&kind).cloned().unwrap_or_default()
    }

    /// The items by kind, the most chosen first, and behind them how many of all chose none.
    fn named(&self, ctx: &Ctx, tx: &mut ReadTx, all: i64) -> Result<Vec<(ItemKind, Shares<Item>)>> {
        let mut named = Vec::new();
        for kind in ItemKind::ALL {
            let counts = self.of(*kind);
            let ids: Vec<Id<Item>> = counts.keys().copied().collect();
            let mut shares: Shares<Item> = catalog::items::get_many(ctx, tx, &ids)?
                .into_iter()
                .map(|item| (counts.get(&item.id).copied().unwrap_or(0), item))
                .map(|(count, item)| (Some(item), count))
                .collect();
            shares.sort_by_cached_key(|(item, count)| {
                (Reverse(*count), item.as_ref().map(|item| item.code.clone()))
            });
            let unsaid = all - shares.iter().map(|(_, count)| count).sum::<i64>();
            if unsaid > 0 {
                shares.push((None, unsaid));
            }
            named.push((*kind, shares));
        }
        Ok(named)
    }
}

/// What was chosen, each application once a kind.
fn items(ctx: &Ctx, tx: &mut ReadTx, within: &Within, forms: &[Form]) -> Result<Items> {
    let chosen = store::analytics::chosen(ctx, tx, within)?;
    let mut ids: Vec<Id<Item>> = chosen.iter().map(|one| one.item).collect();
    ids.sort_unstable();
    ids.dedup();
    let kinds: HashMap<Id<Item>, ItemKind> =
        catalog::items::get_many(ctx, tx, &ids)?.into_iter().map(|item| (item.id, item.kind)).collect();
    let mut groups: HashMap<(Id<Form>, ItemKind), Vec<Chosen>> = HashMap::new();
    for one in chosen {
        if let Some(kind) = kinds.get(&one.item) {
            groups.entry((one.form, *kind)).or_default().push(one);
        }
    }
    let mut counts: HashMap<ItemKind, HashMap<Id<Item>, i64>> = HashMap::new();
    for ((form, kind), group) in groups {
        let of_kind = counts.entry(kind).or_default();
        let fields = in_order(forms.iter().find(|own| own.id == form), &group);
        let mut of_form: Vec<Id<Item>> = group.iter().map(|one| one.item).collect();
        of_form.sort_unstable();
        of_form.dedup();
        for (n, field) in fields.iter().enumerate() {
            let own = group.iter().filter(|one| one.field == *field).map(|one| (one.item, one.count));
            let found = if n == 0 {
                own.collect()
            } else {
                let before: Vec<String> = fields.iter().take(n).cloned().collect();
                let within = Within { form: Some(form), ..*within };
                store::analytics::chosen_behind(ctx, tx, &within, field, &before, &of_form)?
            };
            for (item, count) in found {
                *of_kind.entry(item).or_insert(0) += count;
            }
        }
    }
    Ok(Items { counts })
}

/// The fields of what was chosen, as the form asks for them; those that it asks for no more stand behind.
fn in_order(form: Option<&Form>, chosen: &[Chosen]) -> Vec<String> {
    let mut fields: Vec<String> = chosen.iter().map(|one| one.field.clone()).collect();
    let place = |key: &str| {
        let asked = form.map(|form| form.fields.as_slice()).unwrap_or_default();
        asked.iter().position(|field| field.key == key).unwrap_or(usize::MAX)
    };
    fields.sort_by(|a, b| (place(a), a).cmp(&(place(b), b)));
    fields.dedup();
    fields
}

#[cfg(test)]
mod tests {
    use web::testing::ctx;

    use super::*;
    use crate::applicant::age;

    #[test]
    fn days_are_one_run_where_clocks_stand_still() {
        let date = |text: &str| Date::parse(text).unwrap();
        let of = |zone: &str, from: &str, until: &str| -> Vec<(i64, i64)> {
            let ctx = ctx(1).with(|ctx| ctx.zone = kernel::Zone::parse(zone).unwrap());
            let found = runs(&ctx, date(from), date(until));
            found.iter().map(|run| (run.first, run.end.millis_since(run.begin) / 3_600_000)).collect()
        };
        assert_eq!(of("Asia/Tashkent", "2026-01-01", "2026-12-31"), [(0, 365 * 24)]);
        assert_eq!(of("Europe/Berlin", "2026-03-27", "2026-03-31"), [(0, 48), (2, 23), (3, 48)]);
        assert_eq!(of("Europe/Berlin", "2026-10-25", "2026-10-26"), [(0, 25), (1, 24)]);
    }

    #[test]
    fn a_birth_date_is_in_the_group_of_its_age() {
        let date = |text: &str| Date::parse(text).unwrap();
        for on in ["2026-09-21", "2028-02-29", "2027-03-01", "2027-02-28"] {
            let bounds = born(date(on));
            for birth in [
                "2009-02-28",
                "2008-02-29",
                "2011-03-01",
                "2011-02-28",
                "2009-09-21",
                "2009-09-22",
                "2003-02-28",
            ] {
                let group = bounds.iter().filter(|bound| date(birth) <= **bound).count();
                let years = age(date(birth), date(on));
                let expected = AgeGroup::YOUNGEST.iter().filter(|youngest| years >= **youngest).count();
                assert_eq!(group, expected, "{birth} on {on}");
            }
        }
    }
}
