//! [`Ctx`] itself.

use std::sync::Arc;

use db::{Scope, Tx};
use kernel::{Date, Error, Id, Lang, PersonId, Result, Timestamp, WorkspaceId, Zone};
use serde::Serialize;

use crate::{Actor, Event, Permission, Permissions, Random, Trace, audit, event};

/// Who acts, where, when. Cheap to clone; a closure for `Db::write` takes its own.
#[derive(Debug, Clone)]
pub struct Ctx {
    inner: Arc<CtxBuilder>,
}

/// What a [`Ctx`] is made of; edges fill it in.
#[derive(Debug, Clone)]
pub struct CtxBuilder {
    /// The workspace whose rows it is about.
    pub workspace: WorkspaceId,
    /// Who acts.
    pub actor: Actor,
    /// Who runs the server and acts in the actor's name, where somebody does. The actor's name says it, too.
    pub operator: Option<PersonId>,
    /// What they may do.
    pub permissions: Permissions,
    /// The language of answers to them.
    pub lang: Lang,
    /// The workspace's time zone.
    pub zone: Zone,
    /// The moment of the call; it stands still for the whole of it.
    pub now: Timestamp,
    /// Ids and randomness.
    pub random: Random,
    /// From where: an address, a channel, `console`. Kept in audit entries.
    pub origin: String,
}

impl CtxBuilder {
    /// A context of the server itself, which may do everything: start-up, commands, jobs.
    pub fn server(workspace: WorkspaceId, actor: Actor, now: Timestamp, random: Random) -> Self {
        Self {
            workspace,
            actor,
            operator: None,
            permissions: Permissions::ALL,
            lang: Lang::default(),
            zone: Zone::default(),
            now,
            random,
            origin: "server".to_owned(),
        }
    }

    /// The finished context.
    pub fn build(self) -> Ctx {
        Ctx { inner: Arc::new(self) }
    }
}

impl Ctx {
    /// The workspace whose rows it is about.
    pub fn workspace(&self) -> WorkspaceId {
        self.inner.workspace
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.inner.actor
    }

    /// Who runs the server and acts in the actor's name, where somebody does.
    pub fn operator(&self) -> Option<PersonId> {
        self.inner.operator
    }

    /// What they may do.
    pub fn permissions(&self) -> Permissions {
        self.inner.permissions
    }

    /// The language of answers to them.
    pub fn lang(&self) -> Lang {
        self.inner.lang
    }

    /// The workspace's time zone.
    pub fn zone(&self) -> Zone {
        self.inner.zone
    }

    /// The moment of the call.
    pub fn now(&self) -> Timestamp {
        self.inner.now
    }

    /// The business date of the call, in the workspace's zone.
    pub fn today(&self) -> Date {
        self.inner.zone.date(self.inner.now)
    }

    /// From where the call comes.
    pub fn origin(&self) -> &str {
        &self.inner.origin
    }

    /// A new id. Of those that one process makes for the same moment, later ones sort later.
    pub fn new_id<T>(&self) -> Id<T> {
        Id::from_parts(self.inner.now, self.inner.random.id_tail())
    }

    /// The source of randomness: tokens, codes.
    pub fn random(&self) -> &Random {
        &self.inner.random
    }

    /// Refuses whoever lacks `permission`. The first line of an action that has one.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.may(permission) { Ok(()) } else { Err(Error::forbidden()) }
    }

    /// Whether they may; for pages that hide what one may not.
    pub fn may(&self, permission: Permission) -> bool {
        self.inner.permissions.has(permission)
    }

    /// The same call as somebody else; for what the system does on someone's behalf.
    pub fn with(&self, change: impl FnOnce(&mut CtxBuilder)) -> Self {
        let mut builder = (*self.inner).clone();
        change(&mut builder);
        builder.build()
    }

    /// Leaves an audit entry: `action` was done to the `entity` with this id. `before` and `after` are what is
    /// worth comparing; secrets are not.
    pub fn audit<T>(
        &self,
        tx: &mut Tx,
        action: &'static str,
        entity: &'static str,
        id: Id<T>,
        before: Option<&impl Serialize>,
        after: Option<&impl Serialize>,
    ) -> Result<()> {
        audit::insert_many(self, tx, action, entity, &[Trace::new(id, before, after)?])
    }

    /// Leaves an audit entry for each of many rows to which the same was done, in their order.
    pub fn audit_many(
        &self,
        tx: &mut Tx,
        action: &'static str,
        entity: &'static str,
        traces: &[Trace],
    ) -> Result<()> {
        audit::insert_many(self, tx, action, entity, traces)
    }

    /// Leaves an audit entry for something that came into being.
    pub fn audit_new<T>(
        &self,
        tx: &mut Tx,
        action: &'static str,
        entity: &'static str,
        id: Id<T>,
        after: &impl Serialize,
    ) -> Result<()> {
        self.audit(tx, action, entity, id, None::<&()>, Some(after))
    }

    /// Writes an event to the outbox; it is told after the commit.
    pub fn emit(&self, tx: &mut Tx, event: Event) -> Result<()> {
        event::insert_many(self, tx, &[event])
    }

    /// Writes events to the outbox, in their order; they are told after the commit.
    pub fn emit_many(&self, tx: &mut Tx, events: &[Event]) -> Result<()> {
        event::insert_many(self, tx, events)
    }
}

impl From<&Ctx> for Scope {
    fn from(ctx: &Ctx) -> Self {
        Self::Workspace(ctx.workspace())
    }
}
