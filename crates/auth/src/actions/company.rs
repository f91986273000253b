//! What a workspace says about itself.

use context::{Ctx, Event, Permission};
use db::{ReadTx, Tx};
use kernel::{Lang, Phone, Result, Text, Tin, Zone};

use crate::{
    WorkspaceRecord,
    input::{self, Checks},
    store,
};

/// What the form of the company holds; empty texts take away what may be empty.
#[derive(Debug, Clone)]
pub struct SetCompany {
    /// What it is called.
    pub name: String,
    /// What the tax office knows it by.
    pub tin: String,
    /// Its phone.
    pub phone: String,
    /// Its address, in words.
    pub address: String,
    /// Where its day begins: an IANA name.
    pub zone: String,
    /// Its language.
    pub lang: Lang,
}

/// The workspace's own record.
pub fn company(ctx: &Ctx, tx: &mut ReadTx) -> Result<WorkspaceRecord> {
    ctx.require(Permission::SettingsRead)?;
    store::workspace::get(tx, ctx.workspace())
}

/// Writes it.
pub fn set_company(ctx: &Ctx, tx: &mut Tx, input: &SetCompany) -> Result<WorkspaceRecord> {
    ctx.require(Permission::SettingsEdit)?;
    let SetCompany { name, tin, phone, address, zone, lang } = input;
    let before = store::workspace::get(tx, ctx.workspace())?;
    let mut checks = Checks::default();
    let known_zone = Zone::parse(zone.trim());
    if known_zone.is_none() {
        checks.refuse("zone", Text::new("auth-zone-unknown"));
    }
    let after = WorkspaceRecord {
        name: checks.take("name", input::name(name)).unwrap_or_default(),
        tin: checks.take_optional("tin", Some(tin), Tin::parse),
        phone: checks.take_optional("phone", Some(phone), Phone::parse),
        address: checks.take("address", input::one_line(address, input::ADDRESS_AT_MOST)).unwrap_or_default(),
        zone: known_zone.unwrap_or(before.zone),
        lang: *lang,
        ..before.clone()
    };
    checks.finish()?;
    if before == after {
        return Ok(after);
    }
    store::workspace::update(tx, &after)?;
    let (old, new) = (worth_comparing(&before), worth_comparing(&after));
    ctx.audit(tx, "workspace.change", "workspace", ctx.workspace(), Some(&old), Some(&new))?;
    ctx.emit(tx, Event::new("workspace.changed", ctx.workspace()))?;
    Ok(after)
}

fn worth_comparing(workspace: &WorkspaceRecord) -> serde_json::Value {
    let WorkspaceRecord { id: _, name, slug: _, lang, zone, tin, phone, address, created_at: _ } = workspace;
    serde_json::json!({
        "name": name, "lang": lang, "zone": zone.name(), "tin": tin, "phone": phone, "address": address,
    })
}
