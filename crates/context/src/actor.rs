//! Who acts.

use kernel::PersonId;
use uuid::Uuid;

/// Who acts; named in every audit entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// The row that stands for it, where there is one.
    pub id: Option<Uuid>,
    /// What people call it, kept with the entry so that it stays readable.
    pub name: String,
}

/// What kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// A person who signed in.
    Member,
    /// An outside system with an API key.
    ApiKey,
    /// An outside bot with a service token.
    Service,
    /// One of the workspace's bots, on behalf of a contact.
    Bot,
    /// An agent of the support desk, in a chat that is known to be theirs.
    Agent,
    /// A background job.
    Job,
    /// The server itself: the command line, start-up.
    Server,
    /// Somebody who has not signed in.
    Guest,
}

impl ActorKind {
    /// The word that is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::ApiKey => "api_key",
            Self::Service => "service",
            Self::Bot => "bot",
            Self::Agent => "agent",
            Self::Job => "job",
            Self::Server => "server",
            Self::Guest => "guest",
        }
    }
}

impl Actor {
    /// A person who signed in.
    pub fn member(id: PersonId, name: impl Into<String>) -> Self {
        Self { kind: ActorKind::Member, id: Some(id.uuid()), name: name.into() }
    }

    /// An agent of the support desk whose chat proves who they are.
    pub fn agent(id: Uuid, name: impl Into<String>) -> Self {
        Self { kind: ActorKind::Agent, id: Some(id), name: name.into() }
    }

    /// The server itself, doing `what`.
    pub fn server(what: impl Into<String>) -> Self {
        Self { kind: ActorKind::Server, id: None, name: what.into() }
    }

    /// A background job of this kind.
    pub fn job(kind: impl Into<String>) -> Self {
        Self { kind: ActorKind::Job, id: None, name: kind.into() }
    }

    /// Somebody who has not signed in.
    pub fn guest() -> Self {
        Self { kind: ActorKind::Guest, id: None, name: String::new() }
    }

    /// The person, when it is one who signed in.
    pub fn person(&self) -> Option<PersonId> {
        (self.kind == ActorKind::Member).then_some(self.id).flatten().map(PersonId::from_uuid)
    }
}
