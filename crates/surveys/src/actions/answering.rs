//! A student answers.

mod identity;

use catalog::{Item, ItemKind};
use context::{Ctx, Event, Permission};
use db::{ReadTx, Tx};
use kernel::{Error, Id, Result, Text};
use serde_json::{Value, json};

use crate::{
    Answered, Campaign, Change, Deed, Employment, Entry, NewSurvey, Response, RosterRow, Student, campaign,
    events::{self, SurveyAnswered},
    json::Object,
    reads,
    store::{self, person_tally::Kind},
};

/// How often an answer is tried again that met another one of the same student.
const RACES_AT_MOST: usize = 4;

/// An answer that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The answer.
    pub response: Response,
    /// Who answered.
    pub student: Student,
    /// Their row of the roster.
    pub roster: RosterRow,
    /// The campaign.
    pub campaign: Campaign,
    /// Whether it is their first answer in this campaign.
    pub is_new: bool,
}

/// Writes down what a student answers, or answers otherwise: one answer for each row of the roster and campaign. What is absent
/// erases nothing. Who stands in no roster yet is put there when their program is known; a row that is there stays as it is, and
/// the answer keeps what was answered. Errors: what is wrong with the fields; no such campaign, or one that is not open; the
/// student's id was answered from another Telegram account.
pub fn save_survey(ctx: &Ctx, tx: &mut Tx, new: NewSurvey) -> Result<Saved> {
    ctx.require(Permission::SurveysCreate)?;
    let new = new.checked()?;
    for _ in 0..RACES_AT_MOST {
        // Two first answers at once: whoever is second finds what the first wrote.
        match tx.savepoint(|tx| save(ctx, tx, &new)) {
            Err(error) if error.text().key() == store::RACE => {}
            other => return other,
        }
    }
    save(ctx, tx, &new)
}

fn save(ctx: &Ctx, tx: &mut Tx, new: &NewSurvey) -> Result<Saved> {
    let campaign = reads::must_be_open(ctx, tx, new.campaign.as_deref())?;
    let rostered = match new.roster_campaign.as_deref() {
        None => campaign.clone(),
        Some(code) => store::campaign::find_by_code(ctx, tx, code)?
            .ok_or_else(|| campaign::unknown("roster_campaign", code))?,
    };
    let program = new.program.as_deref().map(|key| program_of(ctx, tx, key)).transpose()?;
    let roster = match store::roster::find(ctx, tx, rostered.id, &new.student_external_id)? {
        Some(row) => row,
        None => put_into_roster(ctx, tx, &rostered, new, program.as_ref())?,
    };
    let before_this = store::response::find_for_update(ctx, tx, roster.id, campaign.id)?;
    if let Some(program) = &program {
        let stood = before_this.as_ref().map(|response| response.program);
        must_be_offered(ctx, tx, program, [Some(roster.program), stood])?;
    }
    let student = identity::put_student(ctx, tx, new, &roster)?;
    let is_new = before_this.is_none();
    let response = answer(ctx, tx, new, &campaign, &roster, &student, program, before_this)?;
    Ok(Saved { response, student, roster, campaign, is_new })
}

/// The item that a code or an id names, beside `program_id`.
fn program_of(ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<Item> {
    let found = catalog::items::find_by_key(ctx, tx, key)?;
    found.ok_or_else(|| Error::field("program_id", Text::new("surveys-program-unknown").with("code", key)))
}

/// Refuses an item that nobody can choose any more, or that is no program; what stands already may be sent again.
fn must_be_offered(ctx: &Ctx, tx: &mut ReadTx, item: &Item, stand: [Option<Id<Item>>; 2]) -> Result<()> {
    if stand.contains(&Some(item.id)) || (item.active && item.kind == reads::program_kind(ctx, tx)?) {
        return Ok(());
    }
    let words = Text::new("surveys-program-unknown").with("code", item.code.as_str());
    Err(Error::field("program_id", words))
}

fn put_into_roster(
    ctx: &Ctx,
    tx: &mut Tx,
    campaign: &Campaign,
    new: &NewSurvey,
    program: Option<&Item>,
) -> Result<RosterRow> {
    let Some(program) = program else {
        let words = Text::new("surveys-not-in-roster").with("student", new.student_external_id.as_str());
        return Err(Error::field("program_id", words));
    };
    must_be_offered(ctx, tx, program, [None; 2])?;
    // An import that writes the whole roster ends first, and may bring this student.
    store::campaign::lock(ctx, tx, campaign.id)?;
    if let Some(row) = store::roster::find(ctx, tx, campaign.id, &new.student_external_id)? {
        return Ok(row);
    }
    let row = RosterRow {
        id: ctx.new_id(),
        campaign: campaign.id,
        student_external_id: new.student_external_id.clone(),
        program: program.id,
        course_year: new.year(),
        is_active: true,
        metadata: Object::new(),
        created_at: ctx.now(),
        updated_at: ctx.now(),
    };
    store::roster::insert(ctx, tx, &row)?;
    store::tally::count_roster(ctx, tx, &row)?;
    ctx.audit_new(tx, "survey_roster.create", "survey_roster", row.id, &row)?;
    Ok(row)
}

#[expect(clippy::too_many_arguments, reason = "everything that an answer names")]
fn answer(
    ctx: &Ctx,
    tx: &mut Tx,
    new: &NewSurvey,
    campaign: &Campaign,
    roster: &RosterRow,
    student: &Student,
    program: Option<Item>,
    stands: Option<Response>,
) -> Result<Response> {
    let nothing = Answered::default();
    let answered_before = stands.as_ref().map_or(&nothing, |response| &response.answered);
    must_fit_together(&new.answered, answered_before)?;
    let sent_program = program.map(|item| item.id);
    let after = match &stands {
        None => Response {
            id: ctx.new_id(),
            campaign: campaign.id,
            roster: roster.id,
            student: student.id,
            program: sent_program.unwrap_or(roster.program),
            course_year: new.year().or(roster.course_year),
            answered: new.answered.over(&nothing),
            submitted_at: ctx.now(),
            updated_at: ctx.now(),
        },
        Some(before) => Response {
            student: student.id,
            program: sent_program.unwrap_or(before.program),
            course_year: new.year().or(before.course_year).or(roster.course_year),
            answered: new.answered.over(&before.answered),
            updated_at: ctx.now(),
            ..before.clone()
        },
    };
    let changes = changes(ctx, tx, stands.as_ref(), &after)?;
    if let Some(before) = &stands {
        if changes.is_empty() && before.student == after.student {
            return Ok(before.clone());
        }
        store::response::update(ctx, tx, &after)?;
    } else {
        store::response::insert(ctx, tx, &after)?;
    }
    let deed = if stands.is_none() { Deed::Submitted } else { Deed::Changed };
    note(ctx, tx, &after, deed, changes.clone())?;
    // The log of audits cannot be erased: it says which fields changed, and what of them is no word of a person's.
    let known = |response: &Response| figures(campaign, response);
    let mut told = known(&after);
    told.extend([("changed".to_owned(), json!(fields(&changes)))]);
    let before = stands.as_ref().map(known);
    ctx.audit(tx, "survey_response.save", "survey_response", after.id, before.as_ref(), Some(&told))?;
    let event = SurveyAnswered { campaign: campaign.code.clone(), is_new: stands.is_none() };
    ctx.emit(tx, Event::new(events::SURVEY_ANSWERED, after.id).with(&event)?)?;
    // Last: whoever answers in the same program waits for this count.
    store::tally::count_response(ctx, tx, stands.as_ref(), &after)?;
    count_person(ctx, tx, stands.as_ref(), &after, student)?;
    Ok(after)
}

/// Counts an answer under who the student is; one that somebody else had given before, no more under who that is.
fn count_person(
    ctx: &Ctx,
    tx: &mut Tx,
    before: Option<&Response>,
    after: &Response,
    student: &Student,
) -> Result<()> {
    let own = Kind::of(student);
    let before = match before {
        Some(before) if before.student != student.id => {
            Some((before, Kind::of(&store::student::lock(ctx, tx, before.student)?)))
        }
        before => before.map(|before| (before, own)),
    };
    store::person_tally::count_response(ctx, tx, before, (after, own))
}

fn fields(changes: &[Change]) -> Vec<&str> {
    changes.iter().map(|change| change.field.as_str()).collect()
}

fn figures(campaign: &Campaign, response: &Response) -> Object {
    let status = response.answered.employment.map(Employment::word);
    let pairs = [
        ("campaign", json!(campaign.code)),
        ("program", json!(response.program)),
        ("course_year", json!(response.course_year)),
        ("employment_status", json!(status)),
    ];
    pairs.map(|(key, value)| (key.to_owned(), value)).into_iter().collect()
}

/// Who does not work has no company, also where an earlier answer says that they do not.
fn must_fit_together(sent: &Answered, stands: &Answered) -> Result<()> {
    if sent.employment.is_some() || stands.employment != Some(Employment::Unemployed) {
        return Ok(());
    }
    let working = [
        ("employment_company", sent.company.is_some()),
        ("employment_role", sent.role.is_some()),
        ("hours_per_week", sent.hours_per_week.is_some_and(|hours| hours > 0)),
        ("salary", sent.salary.is_some_and(kernel::Money::is_positive)),
    ];
    match working.into_iter().find(|(_, is_said)| *is_said) {
        None => Ok(()),
        Some((field, _)) => Err(Error::field(field, Text::new("surveys-work-of-one-who-does-not"))),
    }
}

/// What is otherwise than before, what was studied among it, by the codes that people know.
fn changes(ctx: &Ctx, tx: &mut ReadTx, before: Option<&Response>, after: &Response) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    let mut note = |field: &str, from: Value, to: Value| {
        if from != to {
            changes.push(Change { field: field.to_owned(), from, to });
        }
    };
    if before.map(|before| before.program) != Some(after.program) {
        let mut code = |id: Option<Id<Item>>| -> Result<Value> {
            let Some(id) = id else { return Ok(Value::Null) };
            Ok(json!(catalog::items::find(ctx, tx, id)?.map(|item| item.code)))
        };
        let (from, to) = (code(before.map(|before| before.program))?, code(Some(after.program))?);
        note("program", from, to);
    }
    let year = before.and_then(|before| before.course_year);
    note("course_year", json!(year), json!(after.course_year));
    let nothing = Answered::default();
    changes.extend(after.answered.changes(before.map_or(&nothing, |before| &before.answered))?);
    Ok(changes)
}

/// Writes down what became of an answer.
pub(super) fn note(
    ctx: &Ctx,
    tx: &mut Tx,
    response: &Response,
    deed: Deed,
    changes: Vec<Change>,
) -> Result<()> {
    let author = ctx.actor().name.clone();
    let entry = Entry { id: ctx.new_id(), response: response.id, deed, author, changes, at: ctx.now() };
    store::history::insert(ctx, tx, &entry)
}

/// The item of kind `REGION` that a code or an id names, beside `region`; one that is chosen no more is none.
fn region_of(ctx: &Ctx, tx: &mut ReadTx, key: &str, stands: Option<Id<Item>>) -> Result<Id<Item>> {
    let found = catalog::items::find_by_key(ctx, tx, key)?
        .filter(|item| stands == Some(item.id) || (item.kind == ItemKind::Region && item.active));
    let unknown = || Error::field("region", Text::new("surveys-region-unknown").with("code", key));
    Ok(found.ok_or_else(unknown)?.id)
}
