//! Categories and agents, as head agents manage them.

use context::{Ctx, Permission, next_number};
use db::Tx;
use kernel::{Error, Id, Result, Text};

use crate::{Agent, Category, NewAgent, NewCategory, assigning, reads, staff::AT_MOST, store};

fn must_have_room(count: usize) -> Result<()> {
    if count < AT_MOST {
        Ok(())
    } else {
        Err(Error::conflict(Text::new("tickets-too-many").with("max", AT_MOST)))
    }
}

/// Writes a new category.
pub fn create_category(ctx: &Ctx, tx: &mut Tx, new: NewCategory) -> Result<Category> {
    ctx.require(Permission::TicketsEdit)?;
    reads::must_manage(ctx, tx)?;
    let NewCategory { name, position, is_active, service } = new.checked()?;
    must_have_room(store::staff::categories(ctx, tx)?.len())?;
    let category = Category {
        id: ctx.new_id(),
        number: next_number(ctx, tx, "ticket_category")?,
        name,
        position,
        is_active,
        service,
        created_at: ctx.now(),
    };
    store::staff::insert_category(ctx, tx, &category)?;
    ctx.audit_new(tx, "ticket_category.create", "ticket_category", category.id, &category)?;
    Ok(category)
}

/// Replaces what is written in a category. One that is not active is offered no more; what was asked in it stays.
pub fn update_category(ctx: &Ctx, tx: &mut Tx, id: Id<Category>, new: NewCategory) -> Result<Category> {
    ctx.require(Permission::TicketsEdit)?;
    reads::must_manage(ctx, tx)?;
    let NewCategory { name, position, is_active, service } = new.checked()?;
    let before = store::staff::lock_category(ctx, tx, id)?;
    let after = Category { name, position, is_active, service, ..before.clone() };
    if after != before {
        store::staff::update_category(ctx, tx, &after)?;
        ctx.audit(tx, "ticket_category.change", "ticket_category", id, Some(&before), Some(&after))?;
        assigning::give_waiting(ctx, tx, &[id])?;
    }
    Ok(after)
}

/// Writes a new agent.
pub fn create_agent(ctx: &Ctx, tx: &mut Tx, new: NewAgent) -> Result<Agent> {
    ctx.require(Permission::TicketsEdit)?;
    reads::must_manage(ctx, tx)?;
    let NewAgent { member, telegram_id, full_name, is_head, is_active, categories } = new.checked()?;
    must_know(ctx, tx, &categories)?;
    must_have_room(store::staff::agents(ctx, tx)?.len())?;
    let agent = Agent {
        id: ctx.new_id(),
        number: next_number(ctx, tx, "ticket_agent")?,
        member,
        telegram_id,
        full_name,
        is_head,
        is_active,
        is_on_duty: true,
        categories,
        created_at: ctx.now(),
    };
    store::staff::insert_agent(ctx, tx, &agent)?;
    ctx.audit_new(tx, "ticket_agent.create", "ticket_agent", agent.id, &agent)?;
    assigning::give_waiting(ctx, tx, &agent.categories)?;
    Ok(agent)
}

/// Replaces what is written in an agent. One that is not active answers no more, and keeps what it answered.
pub fn update_agent(ctx: &Ctx, tx: &mut Tx, id: Id<Agent>, new: NewAgent) -> Result<Agent> {
    ctx.require(Permission::TicketsEdit)?;
    reads::must_manage(ctx, tx)?;
    let NewAgent { member, telegram_id, full_name, is_head, is_active, categories } = new.checked()?;
    must_know(ctx, tx, &categories)?;
    let before = store::staff::lock_agent(ctx, tx, id)?;
    let after = Agent { member, telegram_id, full_name, is_head, is_active, categories, ..before.clone() };
    if after != before {
        store::staff::update_agent(ctx, tx, &after)?;
        ctx.audit(tx, "ticket_agent.change", "ticket_agent", id, Some(&before), Some(&after))?;
        assigning::relieve(ctx, tx, &after)?;
        assigning::give_waiting(ctx, tx, &after.categories)?;
    }
    Ok(after)
}

pub(super) fn must_know(ctx: &Ctx, tx: &mut Tx, categories: &[Id<Category>]) -> Result<()> {
    let known = store::staff::categories(ctx, tx)?;
    let is_known = |id: &Id<Category>| known.iter().any(|category| category.id == *id);
    if categories.iter().all(is_known) {
        Ok(())
    } else {
        Err(Error::field("categories", Text::new("tickets-category-unknown")))
    }
}
