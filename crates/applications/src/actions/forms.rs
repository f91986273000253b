//! Create, change, copy, open, close and delete forms.

use catalog::Names;
use context::{Ctx, Permission};
use db::Tx;
use kernel::{Error, Id, Result, Text};

use crate::{Form, NewForm, delivered_forms, form::FORMS_AT_MOST, store};

/// Writes a new form. Errors: what is wrong with its fields; another form has the code.
pub fn create_form(ctx: &Ctx, tx: &mut Tx, new: NewForm) -> Result<Form> {
    ctx.require(Permission::SettingsEdit)?;
    insert(ctx, tx, new.checked()?)
}

fn insert(ctx: &Ctx, tx: &mut Tx, new: NewForm) -> Result<Form> {
    if store::form::list(ctx, tx)?.len() >= FORMS_AT_MOST {
        return Err(Error::conflict(Text::new("applications-forms-too-many").with("max", FORMS_AT_MOST)));
    }
    must_be_free(ctx, tx, &new.code, None)?;
    let NewForm { code, names, position, is_open, fields } = new;
    let now = ctx.now();
    let form =
        Form { id: ctx.new_id(), code, names, position, is_open, fields, created_at: now, updated_at: now };
    store::form::insert(ctx, tx, &form)?;
    ctx.audit_new(tx, "application_form.create", "application_form", form.id, &form)?;
    Ok(form)
}

fn must_be_free(ctx: &Ctx, tx: &mut Tx, code: &str, own: Option<Id<Form>>) -> Result<()> {
    match store::form::find_by_code(ctx, tx, code)? {
        Some(found) if Some(found.id) != own => {
            Err(Error::field("code", Text::new("applications-code-taken").with("code", code)))
        }
        _ => Ok(()),
    }
}

/// Writes into a form what `change` makes of it; nobody else changes it meanwhile. What was answered in fields that are
/// taken away stays with the applications. Nothing happens when nothing differs.
pub fn change_form(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Form>,
    change: impl FnOnce(&Form) -> Result<NewForm>,
) -> Result<Form> {
    ctx.require(Permission::SettingsEdit)?;
    let before = store::form::get_for_update(ctx, tx, id)?;
    let content = change(&before)?.checked()?;
    if content == before.content() {
        return Ok(before);
    }
    must_be_free(ctx, tx, &content.code, Some(id))?;
    store::form::update(ctx, tx, id, &content)?;
    ctx.audit(
        tx,
        "application_form.change",
        "application_form",
        id,
        Some(&before.content()),
        Some(&content),
    )?;
    store::form::get(ctx, tx, id)
}

/// Lets a form take new applications, or no more; those that are there can be changed either way.
pub fn set_form_open(ctx: &Ctx, tx: &mut Tx, id: Id<Form>, is_open: bool) -> Result<Form> {
    ctx.require(Permission::SettingsEdit)?;
    change_form(ctx, tx, id, |stands| Ok(NewForm { is_open, ..stands.content() }))
}

/// A form that asks the same under another code and name: for next year. It is closed until somebody opens it.
pub fn copy_form(ctx: &Ctx, tx: &mut Tx, id: Id<Form>, code: String, names: Names) -> Result<Form> {
    ctx.require(Permission::SettingsEdit)?;
    let from = store::form::get(ctx, tx, id)?;
    let new = NewForm { code, names, position: from.position, is_open: false, fields: from.fields };
    insert(ctx, tx, new.checked()?)
}

/// Deletes a form that nobody applied for. Errors: a conflict where somebody did; then it can be closed.
pub fn delete_form(ctx: &Ctx, tx: &mut Tx, id: Id<Form>) -> Result<()> {
    ctx.require(Permission::SettingsEdit)?;
    let before = store::form::get_for_update(ctx, tx, id)?;
    if store::application::is_used(ctx, tx, id)? {
        return Err(Error::conflict(Text::new("applications-form-in-use")));
    }
    store::form::delete(ctx, tx, id)?;
    ctx.audit(tx, "application_form.delete", "application_form", id, Some(&before), None::<&()>)
}

/// Sees to it that there is a form of this code with at least these fields: a bot asks for them. One that comes with the program
/// is made as it is delivered; what the staff made of a form that is there stays, and fields that it does not have stand last in
/// it. Errors: what is wrong with the form; there are too many forms or fields.
pub fn ensure_form(ctx: &Ctx, tx: &mut Tx, asked: NewForm) -> Result<Form> {
    ctx.require(Permission::SettingsEdit)?;
    let stands = match store::form::find_by_code(ctx, tx, &asked.code)? {
        Some(stands) => stands,
        None => {
            let delivered = delivered_forms()?.into_iter().find(|form| form.code == asked.code);
            let new = delivered.unwrap_or_else(|| NewForm { fields: Vec::new(), ..asked.clone() });
            insert(ctx, tx, new.checked()?)?
        }
    };
    change_form(ctx, tx, stands.id, |stands| {
        let missing = asked.fields.into_iter().filter(|field| stands.field(&field.key).is_none());
        Ok(NewForm { fields: stands.fields.iter().cloned().chain(missing).collect(), ..stands.content() })
    })
}

/// Sees to it that the forms that come with the program are there; those that are there stay as they are. Answers how many
/// were made.
pub fn ensure_delivered_forms(ctx: &Ctx, tx: &mut Tx) -> Result<usize> {
    ctx.require(Permission::SettingsEdit)?;
    let mut made = 0;
    for new in delivered_forms()? {
        if store::form::find_by_code(ctx, tx, &new.code)?.is_none() {
            insert(ctx, tx, new)?;
            made += 1;
        }
    }
    Ok(made)
}
