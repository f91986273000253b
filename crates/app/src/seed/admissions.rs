//! The forms of a university's admissions, and the items that they choose among.

use std::collections::HashMap;

use applications::NewForm;
use catalog::NewItem;
use context::Ctx;
use db::Tx;
use kernel::Result;

/// What became of what was to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Put {
    /// So many were not there.
    made: usize,
    /// So many are other than they are delivered, and stay so.
    kept: usize,
    /// So many are as they are delivered.
    unchanged: usize,
}

impl std::fmt::Display for Put {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { made, kept, unchanged } = self;
        write!(f, "{made} made, {kept} changed by the staff and kept, {unchanged} unchanged")
    }
}

/// Makes the delivered items and forms that are missing; what is there stays as the staff made it. Answers what became of
/// items, and of forms.
pub(crate) fn put(ctx: &Ctx, tx: &mut Tx) -> Result<(Put, Put)> {
    let mut items = Put::default();
    for new in catalog::delivered_items()? {
        match catalog::items::find_by_code(ctx, tx, &new.code)? {
            None => {
                catalog::create_item(ctx, tx, new)?;
                items.made += 1;
            }
            Some(found) if is_as_delivered(&found.content(), &new) => items.unchanged += 1,
            Some(_) => items.kept += 1,
        }
    }
    let before: HashMap<String, NewForm> = applications::reads::forms(ctx, tx)?
        .into_iter()
        .map(|form| (form.code.clone(), form.content()))
        .collect();
    let made = applications::actions::ensure_delivered_forms(ctx, tx)?;
    let delivered = applications::delivered_forms()?;
    let unchanged = delivered.iter().filter(|form| before.get(&form.code) == Some(form)).count();
    let kept = delivered.len().saturating_sub(made).saturating_sub(unchanged);
    Ok((items, Put { made, kept, unchanged }))
}

/// Whether nothing of what is delivered was changed; more may be said of it.
fn is_as_delivered(stands: &NewItem, delivered: &NewItem) -> bool {
    let NewItem { kind, code, metadata, active } = delivered;
    stands.kind == *kind
        && stands.code == *code
        && stands.active == *active
        && metadata.iter().all(|(key, value)| stands.metadata.get(key) == Some(value))
}
