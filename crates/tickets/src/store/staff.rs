//! The SQL of categories and agents.

use std::collections::HashMap;

use catalog::Names;
use context::Ctx;
use db::{OnConstraint, ReadTx, Row, Tx, params};
use kernel::{Error, Id, PersonId, Result, Text};

use crate::{Agent, Category, Service};

const CATEGORY: &str =
    "id, number, name_uz, name_ru, name_en, position, is_active, created_at_ms, answer_minutes,
     resolve_minutes, assigns";
const AGENT: &str =
    "id, number, member_id, telegram_id, full_name, is_head, is_active, created_at_ms, is_on_duty";

fn category(row: &Row<'_>) -> Result<Category> {
    Ok(Category {
        id: row.get(0)?,
        number: row.get(1)?,
        name: Names { uz: row.get(2)?, ru: row.get(3)?, en: row.get(4)? },
        position: row.get(5)?,
        is_active: row.get(6)?,
        created_at: row.get(7)?,
        service: Service {
            answer_minutes: row.get(8)?,
            resolve_minutes: row.get(9)?,
            assigns: row.parse(10)?,
        },
    })
}

/// Every category, in the order in which they are offered.
pub(crate) fn categories(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Category>> {
    let sql =
        format!("SELECT {CATEGORY} FROM tickets_category WHERE workspace_id = $1 ORDER BY position, number");
    tx.query(&sql, params![ctx.workspace()], category)
}

/// The category with this id.
pub(crate) fn get_category(ctx: &Ctx, tx: &mut ReadTx, id: Id<Category>) -> Result<Category> {
    let sql = format!("SELECT {CATEGORY} FROM tickets_category WHERE workspace_id = $1 AND id = $2");
    tx.query_one(&sql, params![ctx.workspace(), id], category)
}

/// The category, held until the end of the transaction.
pub(crate) fn lock_category(ctx: &Ctx, tx: &mut Tx, id: Id<Category>) -> Result<Category> {
    let sql =
        format!("SELECT {CATEGORY} FROM tickets_category WHERE workspace_id = $1 AND id = $2 FOR UPDATE");
    tx.query_one(&sql, params![ctx.workspace(), id], category)
}

fn name_taken() -> Error {
    Error::field("name_uz", Text::new("tickets-category-taken"))
}

pub(crate) fn insert_category(ctx: &Ctx, tx: &mut Tx, category: &Category) -> Result<()> {
    let Category { id, number, name, position, is_active, created_at, service } = category;
    let Service { answer_minutes, resolve_minutes, assigns } = service;
    tx.execute_one(
        "INSERT INTO tickets_category (workspace_id, id, number, name_uz, name_ru, name_en, name_fold, position, is_active,
             created_at_ms, answer_minutes, resolve_minutes, assigns)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            ctx.workspace(), id, number, name.uz, name.ru, name.en, uztext::fold(&name.uz), position, is_active, created_at,
            answer_minutes, resolve_minutes, assigns.word()
        ],
    )
    .on_unique(name_taken)
}

pub(crate) fn update_category(ctx: &Ctx, tx: &mut Tx, category: &Category) -> Result<()> {
    let Category { id, number: _, name, position, is_active, created_at: _, service } = category;
    let Service { answer_minutes, resolve_minutes, assigns } = service;
    tx.execute_one(
        "UPDATE tickets_category SET name_uz = $3, name_ru = $4, name_en = $5, name_fold = $6, position = $7, is_active = $8,
             answer_minutes = $9, resolve_minutes = $10, assigns = $11
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(), id, name.uz, name.ru, name.en, uztext::fold(&name.uz), position, is_active, answer_minutes,
            resolve_minutes, assigns.word()
        ],
    )
    .on_unique(name_taken)
}

/// An agent without its categories.
fn agent(row: &Row<'_>) -> Result<Agent> {
    let member: Option<uuid::Uuid> = row.get(2)?;
    Ok(Agent {
        id: row.get(0)?,
        number: row.get(1)?,
        member: member.map(PersonId::from_uuid),
        telegram_id: row.get(3)?,
        full_name: row.get(4)?,
        is_head: row.get(5)?,
        is_active: row.get(6)?,
        is_on_duty: row.get(8)?,
        categories: Vec::new(),
        created_at: row.get(7)?,
    })
}

/// Every agent, by number.
pub(crate) fn agents(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Agent>> {
    let sql = format!("SELECT {AGENT} FROM tickets_agent WHERE workspace_id = $1 ORDER BY number");
    let mut agents = tx.query(&sql, params![ctx.workspace()], agent)?;
    let pairs: Vec<(Id<Agent>, Id<Category>)> = tx.query(
        "SELECT agent_id, category_id FROM tickets_agent_category WHERE workspace_id = $1 ORDER BY agent_id, category_id",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut of: HashMap<Id<Agent>, Vec<Id<Category>>> = HashMap::new();
    for (agent, category) in pairs {
        of.entry(agent).or_default().push(category);
    }
    for agent in &mut agents {
        agent.categories = of.remove(&agent.id).unwrap_or_default();
    }
    Ok(agents)
}

/// The agent that this member of the workspace is.
pub(crate) fn agent_of_member(ctx: &Ctx, tx: &mut ReadTx, member: PersonId) -> Result<Option<Agent>> {
    let sql = format!("SELECT {AGENT} FROM tickets_agent WHERE workspace_id = $1 AND member_id = $2");
    let found = tx.query_opt(&sql, params![ctx.workspace(), member], agent)?;
    found.map(|agent| with_categories(ctx, tx, agent)).transpose()
}

/// The agent whom Telegram calls so.
pub(crate) fn agent_of_telegram(ctx: &Ctx, tx: &mut ReadTx, telegram_id: i64) -> Result<Option<Agent>> {
    let sql = format!("SELECT {AGENT} FROM tickets_agent WHERE workspace_id = $1 AND telegram_id = $2");
    let found = tx.query_opt(&sql, params![ctx.workspace(), telegram_id], agent)?;
    found.map(|agent| with_categories(ctx, tx, agent)).transpose()
}

/// The agent with this id.
pub(crate) fn find_agent(ctx: &Ctx, tx: &mut ReadTx, id: Id<Agent>) -> Result<Option<Agent>> {
    let sql = format!("SELECT {AGENT} FROM tickets_agent WHERE workspace_id = $1 AND id = $2");
    let found = tx.query_opt(&sql, params![ctx.workspace(), id], agent)?;
    found.map(|agent| with_categories(ctx, tx, agent)).transpose()
}

/// The agent, held until the end of the transaction.
pub(crate) fn lock_agent(ctx: &Ctx, tx: &mut Tx, id: Id<Agent>) -> Result<Agent> {
    let sql = format!("SELECT {AGENT} FROM tickets_agent WHERE workspace_id = $1 AND id = $2 FOR UPDATE");
    let agent = tx.query_one(&sql, params![ctx.workspace(), id], agent)?;
    with_categories(ctx, tx, agent)
}

fn with_categories(ctx: &Ctx, tx: &mut ReadTx, agent: Agent) -> Result<Agent> {
    let categories = tx.query(
        "SELECT category_id FROM tickets_agent_category WHERE workspace_id = $1 AND agent_id = $2 ORDER BY category_id",
        params![ctx.workspace(), agent.id],
        |row| row.get(0),
    )?;
    Ok(Agent { categories, ..agent })
}

/// Who gets the next ticket of the category by itself: of the agents on duty who answer in it, whoever has the fewest open ones;
/// of several, whoever was given one the longest ago.
pub(crate) fn next_agent(ctx: &Ctx, tx: &mut ReadTx, category: Id<Category>) -> Result<Option<Agent>> {
    let sql = "SELECT agent.id FROM tickets_agent agent
         JOIN tickets_agent_category answers ON answers.workspace_id = agent.workspace_id AND answers.agent_id = agent.id
         WHERE agent.workspace_id = $1 AND answers.category_id = $2 AND agent.is_active AND agent.is_on_duty
         ORDER BY (
             SELECT COUNT(*) FROM tickets_ticket held
             WHERE held.workspace_id = agent.workspace_id AND held.agent_id = agent.id AND held.is_open
         ), COALESCE(agent.last_given_at_ms, 0), agent.number
         LIMIT 1";
    let found: Option<Id<Agent>> = tx.query_opt(sql, params![ctx.workspace(), category], |row| row.get(0))?;
    found.map_or(Ok(None), |id| find_agent(ctx, tx, id))
}

/// The agent was given a ticket just now.
pub(crate) fn set_given(ctx: &Ctx, tx: &mut Tx, id: Id<Agent>) -> Result<()> {
    tx.execute_one(
        "UPDATE tickets_agent SET last_given_at_ms = $3 WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, ctx.now()],
    )
}

fn agent_taken() -> Error {
    Error::field("telegram_id", Text::new("tickets-agent-taken"))
}

pub(crate) fn insert_agent(ctx: &Ctx, tx: &mut Tx, agent: &Agent) -> Result<()> {
    let Agent {
        id,
        number,
        member,
        telegram_id,
        full_name,
        is_head,
        is_active,
        is_on_duty,
        categories,
        created_at,
    } = agent;
    tx.execute_one(
        "INSERT INTO tickets_agent (workspace_id, id, number, member_id, telegram_id, full_name, is_head, is_active,
             created_at_ms, is_on_duty)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            ctx.workspace(), id, number, member, telegram_id, full_name, is_head, is_active, created_at, is_on_duty
        ],
    )
    .on_unique(agent_taken)?;
    insert_categories(ctx, tx, *id, categories)
}

pub(crate) fn update_agent(ctx: &Ctx, tx: &mut Tx, agent: &Agent) -> Result<()> {
    let Agent {
        id,
        number: _,
        member,
        telegram_id,
        full_name,
        is_head,
        is_active,
        is_on_duty,
        categories,
        created_at: _,
    } = agent;
    tx.execute_one(
        "UPDATE tickets_agent SET member_id = $3, telegram_id = $4, full_name = $5, is_head = $6, is_active = $7,
             is_on_duty = $8
         WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, member, telegram_id, full_name, is_head, is_active, is_on_duty],
    )
    .on_unique(agent_taken)?;
    tx.execute(
        "DELETE FROM tickets_agent_category WHERE workspace_id = $1 AND agent_id = $2",
        params![ctx.workspace(), id],
    )?;
    insert_categories(ctx, tx, *id, categories)
}

fn insert_categories(ctx: &Ctx, tx: &mut Tx, agent: Id<Agent>, categories: &[Id<Category>]) -> Result<()> {
    for category in categories {
        tx.execute_one(
            "INSERT INTO tickets_agent_category (workspace_id, agent_id, category_id) VALUES ($1, $2, $3)",
            params![ctx.workspace(), agent, category],
        )?;
    }
    Ok(())
}
