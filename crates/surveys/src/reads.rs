//! What others may read of surveys, and the lists of pages and API.

use std::collections::HashMap;

use catalog::{Item, ItemKind};
use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Page, PageRequest, Result, Text};
use serde::Serialize;
use uuid::Uuid;

use crate::{Campaign, Employment, Entry, Import, Response, RosterRow, Student, campaign, store};

/// How many are asked and how many answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Figures {
    /// Active rows of the roster.
    pub roster: i64,
    /// Answers.
    pub responses: i64,
    /// Answers of those who work.
    pub employed: i64,
    /// Answers of those who do not.
    pub unemployed: i64,
}

impl Figures {
    /// Answers for a thousand who are asked, rounded half up; none where nobody is asked.
    pub fn rate_permille(self) -> Option<i64> {
        permille(self.responses, self.roster)
    }

    /// Those who work among a thousand who said whether they do; none where nobody said it.
    pub fn employment_permille(self) -> Option<i64> {
        permille(self.employed, self.employed.saturating_add(self.unemployed))
    }

    /// Answers that do not say whether they work.
    pub const fn unsaid(self) -> i64 {
        self.responses.saturating_sub(self.employed).saturating_sub(self.unemployed)
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            roster: self.roster.saturating_add(other.roster),
            responses: self.responses.saturating_add(other.responses),
            employed: self.employed.saturating_add(other.employed),
            unemployed: self.unemployed.saturating_add(other.unemployed),
        }
    }
}

fn permille(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| part.saturating_mul(2_000).saturating_add(whole) / whole.saturating_mul(2))
}

/// The figures of one program and year in a campaign: rows of its roster by what the roster says, answers by what was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// What is studied.
    pub program: Id<Item>,
    /// In which year; nothing where nobody said it.
    pub course_year: Option<i32>,
    /// The figures.
    pub figures: Figures,
}

/// Which answers are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResponseFilter {
    /// Of this campaign.
    pub campaign: Option<Id<Campaign>>,
    /// Of whoever studies this.
    pub program: Option<Id<Item>>,
    /// In this year.
    pub course_year: Option<i32>,
    /// Of those who work, or who do not.
    pub employment: Option<Employment>,
    /// Each of these words, in either script, is in the student's id, name or phone, in the company, the role, the wishes or the
    /// suggestions; empty for all.
    pub text: String,
    /// From the oldest on.
    pub oldest_first: bool,
}

/// Which students are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StudentFilter {
    /// Each of these words is in the id, the name or the phone; empty for all.
    pub text: String,
    /// From this region.
    pub region: Option<Id<Item>>,
    /// Whom Telegram calls so.
    pub telegram_user_id: Option<i64>,
}

/// Every campaign with its figures, the latest first.
pub fn campaigns(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<(Campaign, Figures)>> {
    ctx.require(Permission::SurveysRead)?;
    let figures: HashMap<_, _> = store::tally::of_campaigns(ctx, tx)?.into_iter().collect();
    let campaigns = store::campaign::list(ctx, tx)?;
    let with = |campaign: Campaign| {
        let own = figures.get(&campaign.id).copied().unwrap_or_default();
        (campaign, own)
    };
    Ok(campaigns.into_iter().map(with).collect())
}

/// The campaign that a code or an id names, as addresses do. Errors: the workspace has none.
pub fn campaign(ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<Campaign> {
    ctx.require(Permission::SurveysRead)?;
    match Uuid::try_parse(key) {
        Ok(id) => store::campaign::get(ctx, tx, Id::from_uuid(id)),
        Err(_) => store::campaign::find_by_code(ctx, tx, key)?.ok_or_else(Error::not_found),
    }
}

/// The figures of a campaign by program and year.
pub fn cells(ctx: &Ctx, tx: &mut ReadTx, campaign: Id<Campaign>) -> Result<Vec<Cell>> {
    ctx.require(Permission::SurveysRead)?;
    store::tally::of_campaign(ctx, tx, campaign)
}

/// The campaign that can be answered now under this code, or where none is named; nothing where it is closed.
pub fn open_campaign(ctx: &Ctx, tx: &mut ReadTx, code: Option<&str>) -> Result<Option<Campaign>> {
    ctx.require(Permission::SurveysRead)?;
    Ok(meant(ctx, tx, code)?.filter(|campaign| campaign.is_open(ctx.today())))
}

/// The campaign of this code. Where none is named: the default one, or the only one that is open.
fn meant(ctx: &Ctx, tx: &mut ReadTx, code: Option<&str>) -> Result<Option<Campaign>> {
    if let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) {
        return store::campaign::find_by_code(ctx, tx, code);
    }
    if let Some(default) = store::campaign::find_default(ctx, tx)? {
        return Ok(Some(default));
    }
    let mut open = store::campaign::list(ctx, tx)?;
    open.retain(|campaign| campaign.is_open(ctx.today()));
    Ok(open.pop().filter(|_| open.is_empty()))
}

/// The same, which has to be there and open.
pub(crate) fn must_be_open(ctx: &Ctx, tx: &mut ReadTx, code: Option<&str>) -> Result<Campaign> {
    let Some(campaign) = meant(ctx, tx, code)? else {
        return Err(match code.map(str::trim).filter(|code| !code.is_empty()) {
            Some(code) => campaign::unknown("survey_campaign", code),
            None => Error::field("survey_campaign", Text::new("surveys-campaign-not-named")),
        });
    };
    if campaign.is_open(ctx.today()) {
        return Ok(campaign);
    }
    Err(Error::conflict(Text::new("surveys-campaign-closed").with("code", campaign.code)))
}

/// The campaign whose roster is meant by this code, or where none is named; it need not be open.
pub(crate) fn rostered(ctx: &Ctx, tx: &mut ReadTx, code: Option<&str>) -> Result<Campaign> {
    let named = code.map(str::trim).filter(|code| !code.is_empty());
    let found = meant(ctx, tx, named)?;
    found.ok_or_else(|| match named {
        Some(code) => campaign::unknown("campaign", code),
        None => Error::field("campaign", Text::new("surveys-campaign-not-named")),
    })
}

/// The imports into a campaign's roster, the latest first.
pub fn imports(
    ctx: &Ctx,
    tx: &mut ReadTx,
    campaign: Id<Campaign>,
    page: PageRequest,
) -> Result<Page<Import>> {
    ctx.require(Permission::SurveysEdit)?;
    store::import::list(ctx, tx, campaign, page)
}

/// What students study here: programs, or directions where there is no program.
pub(crate) fn program_kind(ctx: &Ctx, tx: &mut ReadTx) -> Result<ItemKind> {
    let has_programs = !catalog::items::active(ctx, tx, ItemKind::Program)?.is_empty();
    Ok(if has_programs { ItemKind::Program } else { ItemKind::Direction })
}

/// What students can choose as what they study, by their places: programs, or directions where there is no program.
pub fn programs(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Item>> {
    ctx.require(Permission::SurveysRead)?;
    let kind = program_kind(ctx, tx)?;
    catalog::items::active(ctx, tx, kind)
}

/// The student that this contact is.
pub fn find_student(ctx: &Ctx, tx: &mut ReadTx, contact: Id<Contact>) -> Result<Option<Student>> {
    ctx.require(Permission::SurveysRead)?;
    store::student::find_by_contact(ctx, tx, contact)
}

/// The student whom Telegram calls so.
pub fn find_student_by_telegram(ctx: &Ctx, tx: &mut ReadTx, telegram: i64) -> Result<Option<Student>> {
    ctx.require(Permission::SurveysRead)?;
    store::student::find_by_telegram(ctx, tx, telegram)
}

/// The student with this id. Errors: the workspace has none.
pub fn student(ctx: &Ctx, tx: &mut ReadTx, id: Id<Student>) -> Result<Student> {
    ctx.require(Permission::SurveysRead)?;
    store::student::get(ctx, tx, id)
}

/// The students with these ids; unknown ones are left out.
pub fn students_by_id(
    ctx: &Ctx,
    tx: &mut ReadTx,
    ids: &[Id<Student>],
) -> Result<HashMap<Id<Student>, Student>> {
    ctx.require(Permission::SurveysRead)?;
    let found = store::student::get_many(ctx, tx, ids)?;
    Ok(found.into_iter().map(|student| (student.id, student)).collect())
}

/// The part `page` of the students who fit, those of whom something was heard last first.
pub fn students(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &StudentFilter,
    page: PageRequest,
) -> Result<Page<Student>> {
    ctx.require(Permission::SurveysRead)?;
    if says_nothing(&filter.text) {
        return Ok(Page::new(page, 0, Vec::new()));
    }
    store::student::list(ctx, tx, filter, page)
}

/// Everything that a student answered, the latest first.
pub fn responses_of(ctx: &Ctx, tx: &mut ReadTx, student: Id<Student>) -> Result<Vec<Response>> {
    ctx.require(Permission::SurveysRead)?;
    store::response::of_student(ctx, tx, student)
}

/// What a student answered in a campaign last.
pub fn answered_in(
    ctx: &Ctx,
    tx: &mut ReadTx,
    campaign: Id<Campaign>,
    student: Id<Student>,
) -> Result<Option<Response>> {
    let all = responses_of(ctx, tx, student)?;
    Ok(all.into_iter().find(|response| response.campaign == campaign))
}

/// The answer with this id. Errors: the workspace has none.
pub fn response(ctx: &Ctx, tx: &mut ReadTx, id: Id<Response>) -> Result<Response> {
    ctx.require(Permission::SurveysRead)?;
    store::response::get(ctx, tx, id)
}

/// What became of an answer, the latest first.
pub fn history(ctx: &Ctx, tx: &mut ReadTx, response: Id<Response>) -> Result<Vec<Entry>> {
    ctx.require(Permission::SurveysRead)?;
    store::history::of(ctx, tx, response)
}

/// A row of a roster. Errors: the workspace has none with this id.
pub fn roster_row(ctx: &Ctx, tx: &mut ReadTx, id: Id<RosterRow>) -> Result<RosterRow> {
    ctx.require(Permission::SurveysRead)?;
    store::roster::get(ctx, tx, id)
}

/// The part `page` of a campaign's roster by the students' ids, those that begin with `student_id`.
pub fn roster(
    ctx: &Ctx,
    tx: &mut ReadTx,
    campaign: Id<Campaign>,
    student_id: &str,
    page: PageRequest,
) -> Result<Page<RosterRow>> {
    ctx.require(Permission::SurveysRead)?;
    let cells = store::tally::of_campaign(ctx, tx, campaign)?;
    let active = cells.iter().map(|cell| cell.figures.roster).sum();
    store::roster::list(ctx, tx, campaign, student_id, active, page)
}

/// The part `page` of the answers that fit, the latest first.
pub fn responses(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ResponseFilter,
    page: PageRequest,
) -> Result<Page<Response>> {
    ctx.require(Permission::SurveysRead)?;
    if says_nothing(&filter.text) {
        return Ok(Page::new(page, 0, Vec::new()));
    }
    let count = known_count(ctx, tx, filter)?;
    store::response::list(ctx, tx, filter, count, page)
}

/// A text that holds neither letters nor digits finds nothing.
fn says_nothing(text: &str) -> bool {
    !text.trim().is_empty() && uztext::tokens(text).is_empty()
}

/// How many answers fit, from what is counted anyway; nothing where words have to be looked for.
fn known_count(ctx: &Ctx, tx: &mut ReadTx, filter: &ResponseFilter) -> Result<Option<i64>> {
    let ResponseFilter { campaign, program, course_year, employment, text, oldest_first: _ } = filter;
    let Some(campaign) = campaign.filter(|_| text.trim().is_empty()) else { return Ok(None) };
    let fit = |cell: &Cell| {
        program.is_none_or(|program| program == cell.program)
            && course_year.is_none_or(|year| Some(year) == cell.course_year)
    };
    let cells = store::tally::of_campaign(ctx, tx, campaign)?;
    let sum =
        cells.iter().filter(|cell| fit(cell)).fold(Figures::default(), |sum, cell| sum.plus(cell.figures));
    Ok(Some(match employment {
        None => sum.responses,
        Some(Employment::Employed) => sum.employed,
        Some(Employment::Unemployed) => sum.unemployed,
    }))
}
