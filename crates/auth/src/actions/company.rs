//! What a workspace says about itself.

use context::{Ctx, Event, Permission, set_setting};
use db::{ReadTx, Tx};
use kernel::{Lang, Phone, Result, Text, Tin, Zone};

use crate::{
    Requisites, WorkspaceRecord,
    input::{self, Checks},
    requisites::{REQUISITES, requisites},
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
    /// What its papers say; as it stands where nobody says.
    pub requisites: Option<Requisites>,
}

/// What the workspace says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Its own record.
    pub record: WorkspaceRecord,
    /// What its papers say.
    pub requisites: Requisites,
}

/// What the workspace says about itself.
pub fn company(ctx: &Ctx, tx: &mut ReadTx) -> Result<Company> {
    ctx.require(Permission::SettingsRead)?;
    let record = store::workspace::get(tx, ctx.workspace())?;
    Ok(Company { record, requisites: requisites(ctx, tx)? })
}

/// Writes it.
pub fn set_company(ctx: &Ctx, tx: &mut Tx, input: &SetCompany) -> Result<Company> {
    ctx.require(Permission::SettingsEdit)?;
    let SetCompany { name, tin, phone, address, zone, lang, requisites: said } = input;
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
    let said = said.as_ref().map(|said| said.checked(&mut checks));
    checks.finish()?;
    if let Some(said) = &said {
        set_setting(ctx, tx, REQUISITES, said)?;
    }
    let requisites = said.map_or_else(|| requisites(ctx, tx), Ok)?;
    if before == after {
        return Ok(Company { record: after, requisites });
    }
    store::workspace::update(tx, &after)?;
    let (old, new) = (worth_comparing(&before), worth_comparing(&after));
    ctx.audit(tx, "workspace.change", "workspace", ctx.workspace(), Some(&old), Some(&new))?;
    ctx.emit(tx, Event::new("workspace.changed", ctx.workspace()))?;
    Ok(Company { record: after, requisites })
}

fn worth_comparing(workspace: &WorkspaceRecord) -> serde_json::Value {
    let WorkspaceRecord { id: _, name, slug: _, lang, zone, tin, phone, address, created_at: _ } = workspace;
    serde_json::json!({
        "name": name, "lang": lang, "zone": zone.name(), "tin": tin, "phone": phone, "address": address,
    })
}
