//! The forms of applications that a bot submits: the staff has a form with a field for each of its questions, and a new form
//! is made by copying one together with its flow.

use applications::{FieldKind, FormField, NewForm};
use catalog::{ItemKind, Names};
use context::{Ctx, Permission};
use db::Tx;
use flow::{AskedField, AskedForm, AskedKind, Blueprint};
use kernel::{Error, Id, Result, Text};

use super::drafting::{SaveDraft, save_draft, stale};
use crate::{Bot, store};

/// Characters of a question that name a field until the staff names it.
const LABEL_CHARS: usize = 60;
/// Characters of an answer of which nothing else is known.
const TEXT_CHARS: u32 = 1_000;

/// A form to copy together with its flow.
#[derive(Debug, Clone)]
pub struct CopyForm {
    /// The code of the one that is there.
    pub form: String,
    /// The code of the copy.
    pub code: String,
    /// What people call the copy.
    pub names: Names,
    /// The revision of the draft that was read.
    pub revision: i64,
}

/// Copies a form, and in the bot's draft the flow that submits it, with a button to it beside the old one's. People see the copy when the
/// draft is published. Gives the draft's new revision. Errors: what is wrong with code and names; another form has the code;
/// the draft has no flow of the form, or was changed since it was read.
pub fn copy_form(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, copy: CopyForm) -> Result<i64> {
    ctx.require(Permission::BotsEdit)?;
    let CopyForm { form, code, names, revision } = copy;
    let present = store::draft::lock_revision(ctx, tx, bot)?;
    let draft = store::draft::find(ctx, tx, bot)?;
    if present != revision {
        return Err(stale(draft.as_ref()));
    }
    let source = match draft {
        Some(draft) => draft.source,
        None => {
            let version = store::bot::get(ctx, tx, bot)?.version;
            store::version::source(ctx, tx, bot, version)?
        }
    };
    let unknown = || Error::conflict(Text::new("bots-form-unknown").with("form", &form));
    let from = applications::reads::find_form(ctx, tx, &form)?.ok_or_else(unknown)?;
    let made = applications::actions::copy_form(ctx, tx, from.id, code, names)?;
    let Names { uz, ru, en } = &made.names;
    let said = [Some(uz), ru.as_ref(), en.as_ref()].map(|name| name.unwrap_or(uz).as_str());
    let source = flow::edit::copy_form(&source, &form, &made.code, said)?;
    save_draft(ctx, tx, bot, SaveDraft::new(&source, revision)?)
}

/// Sees to it that the forms which a blueprint submits are there, each with a field for every question that it asks. What the
/// staff made of a form stays as it is.
pub(super) fn ensure_forms(ctx: &Ctx, tx: &mut Tx, blueprint: &Blueprint) -> Result<()> {
    let asked = blueprint.forms();
    if asked.is_empty() {
        return Ok(());
    }
    // Who may say what a bot asks, may have what it asks for.
    let ctx = &ctx.with(|ctx| ctx.permissions = ctx.permissions.with(Permission::SettingsEdit));
    for one in asked {
        let new = form_of(&one);
        applications::actions::ensure_form(ctx, tx, new)?;
    }
    Ok(())
}

/// The form as the blueprint has it.
fn form_of(asked: &AskedForm) -> NewForm {
    let fields = asked.fields.iter().filter(|field| FormField::can_be(&field.key)).map(field_of).collect();
    NewForm { code: asked.form.clone(), names: Names::uz(&asked.form), position: 0, is_open: true, fields }
}

fn field_of(asked: &AskedField) -> FormField {
    let AskedField { key, kind, question } = asked;
    let [uz, ru, en] = question.each_ref().map(|question| label(question));
    let label = Names { uz: uz.unwrap_or_else(|| key.clone()), ru, en };
    FormField { key: key.clone(), kind: kind_of(kind), label, is_required: false, in_table: true }
}

/// The first line of a question without the sign at its end.
fn label(question: &str) -> Option<String> {
    let line = question.lines().map(str::trim).find(|line| !line.is_empty())?;
    let line = line.trim_end_matches(['?', ':', '.', '!', '…', ' ']);
    let short: String = line.chars().take(LABEL_CHARS).collect();
    (!short.is_empty()).then_some(short)
}

fn kind_of(asked: &AskedKind) -> FieldKind {
    match asked {
        AskedKind::Text { max } => FieldKind::Text { min: 0, max: u32::try_from(*max).unwrap_or(TEXT_CHARS) },
        AskedKind::Email => FieldKind::Email,
        AskedKind::Number { min, max } => FieldKind::Number { min: Some(*min), max: Some(*max), whole: true },
        AskedKind::Phone => FieldKind::Phone,
        AskedKind::Date => FieldKind::Date { min_days: None, max_days: None },
        AskedKind::Item { kind } => match ItemKind::parse(kind) {
            Ok(item) => FieldKind::Item { item, within: None },
            Err(_) => FieldKind::Text { min: 0, max: TEXT_CHARS },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_names_its_field() {
        assert_eq!(
            label("📱 Ikkinchi telefon?\nMasalan, 90 123 45 67").as_deref(),
            Some("📱 Ikkinchi telefon")
        );
        assert_eq!(label("  \n Fan: ").as_deref(), Some("Fan"));
        assert_eq!(label("…").as_deref(), None);
        assert_eq!(label(&"a".repeat(200)).unwrap().len(), LABEL_CHARS);
    }
}
