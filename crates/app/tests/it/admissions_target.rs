//! Applications, and what students answer, for paths that want one.

use applications::{Answers, Applicant, Form, NewApplicant, NewForm, Who};
use catalog::{ItemKind, Names, NewItem};
use context::Ctx;
use db::Tx;
use kernel::Result;
use surveys::{Campaign, NewCampaign, NewSurvey, Person, Saved};

use crate::targets::Target;

/// A number that nothing else has.
fn number(unique: &str) -> i64 {
    i64::from_str_radix(unique.get(20..31).unwrap_or_default(), 16).unwrap_or(1) + 1
}

/// The workspace's form of this name, which no other workspace has: one has a hundred at most.
fn form(ctx: &Ctx, tx: &mut Tx<'_>, called: &str, name: &str) -> Result<Form> {
    let whose = ctx.workspace().uuid().simple().to_string();
    let code = &format!("{name}-{}", whose.get(20..).unwrap_or_default());
    if let Some(found) = applications::reads::find_form(ctx, tx, code)? {
        return Ok(found);
    }
    let names = Names::uz(called);
    let new = NewForm { code: code.to_owned(), names, position: 0, is_open: true, fields: Vec::new() };
    applications::actions::create_form(ctx, tx, new)
}

fn applicant(ctx: &Ctx, tx: &mut Tx<'_>, called: &str, unique: &str) -> Result<Applicant> {
    let new = NewApplicant { first_name: Some(called.to_owned()), ..NewApplicant::default() };
    Ok(applications::actions::upsert_applicant(ctx, tx, Who::Telegram(number(unique)), new)?.0)
}

/// What a path of this kind names; `unique` is a word that nothing else has.
pub(crate) fn of_applications(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    called: &str,
    kind: &str,
    unique: &str,
) -> Result<Target> {
    // What nobody applied for can be deleted.
    if matches!(kind, "/application-forms" | "/applications/forms") {
        return Ok(Target::new(None, form(ctx, tx, called, "target")?.id));
    }
    let form = form(ctx, tx, called, "target-applied")?;
    if kind == "/bot1" {
        return Ok(Target { word: Some(form.code), ..Target::new(None, form.id) });
    }
    let who = applicant(ctx, tx, called, unique)?;
    if kind == "/applicants" {
        return Ok(Target::new(None, who.id));
    }
    let made = applications::actions::submit(ctx, tx, who.id, &form.code, &Answers::new())?.application;
    Ok(Target::new(Some(made.number), made.id))
}

fn campaign(ctx: &Ctx, tx: &mut Tx<'_>, called: &str, unique: &str) -> Result<Campaign> {
    let new = NewCampaign::new(format!("c{unique}"), Names::uz(called));
    surveys::actions::create_campaign(ctx, tx, new)
}

fn answer(ctx: &Ctx, tx: &mut Tx<'_>, called: &str, unique: &str) -> Result<Saved> {
    let asked = campaign(ctx, tx, called, unique)?;
    // What an answer names is what can be studied.
    let kind = surveys::reads::programs(ctx, tx)?.first().map_or(ItemKind::Program, |item| item.kind);
    let code = format!("P-{unique}");
    catalog::create_item(ctx, tx, NewItem::new(kind, code.clone(), &Names::uz(called)))?;
    let person = Person {
        telegram_user_id: Some(number(unique)),
        first_name: Some(called.to_owned()),
        ..Person::default()
    };
    let new = NewSurvey {
        campaign: Some(asked.code),
        student_external_id: unique.to_owned(),
        person,
        program: Some(code),
        course_year: Some(1),
        ..NewSurvey::default()
    };
    surveys::actions::save_survey(ctx, tx, new)
}

/// The same, of surveys.
pub(crate) fn of_surveys(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    called: &str,
    kind: &str,
    unique: &str,
) -> Result<Target> {
    Ok(match kind {
        "/surveys/campaigns" | "/analytics/surveys" => {
            Target::new(None, campaign(ctx, tx, called, unique)?.id)
        }
        "/surveys/responses" => Target::new(None, answer(ctx, tx, called, unique)?.response.id),
        "/surveys/students" | "/students" => Target::new(None, answer(ctx, tx, called, unique)?.student.id),
        _ => {
            let asked = campaign(ctx, tx, called, unique)?;
            let new = surveys::NewImport {
                campaign: Some(asked.code),
                filename: format!("{called}.csv"),
                hash: files::Hash::of(unique.as_bytes()),
                deactivates_missing: false,
            };
            let import = surveys::actions::create_import(ctx, tx, new)?.id;
            match kind {
                // A page of a campaign, which may name a file of its roster.
                "/surveys" => Target { second: Some(import.to_string()), ..Target::new(None, asked.id) },
                _ => Target::new(None, import),
            }
        }
    })
}
