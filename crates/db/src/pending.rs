//! What a transaction says to the database of its scope and its savepoints, held back until a statement needs it: each saying is
//! a way to the server and back, and most listeners look at an event and ask the database nothing.

use std::mem;

use crate::{Scope, Value};

/// One saying.
#[derive(Debug)]
enum Saying {
    Begin(String),
    Enter(Scope),
    Savepoint(u32),
    Release(u32),
    Insert(Insert),
}

/// Rows that are written, of which nobody asks anything.
#[derive(Debug)]
pub(crate) struct Insert {
    pub(crate) statement: postgres::Statement,
    pub(crate) values: Vec<Value<'static>>,
    /// How many there are.
    pub(crate) rows: u64,
}

/// What goes to the server ahead of a statement.
#[derive(Debug)]
pub(crate) enum Ahead {
    /// Statements without values, said at once.
    Words(Vec<String>),
    /// Rows.
    Insert(Insert),
}

impl Ahead {
    fn say(said: &mut Vec<Self>, saying: Saying) {
        let more = match saying {
            Saying::Insert(insert) => return said.push(Self::Insert(insert)),
            Saying::Begin(words) => words,
            Saying::Enter(scope) => scope.set_local(),
            Saying::Savepoint(depth) => format!("SAVEPOINT s{depth}"),
            Saying::Release(depth) => release(depth),
        };
        match said.last_mut() {
            Some(Self::Words(words)) => words.push(more),
            _ => said.push(Self::Words(vec![more])),
        }
    }
}

fn release(depth: u32) -> String {
    format!("RELEASE SAVEPOINT s{depth}")
}

/// What is not said yet, in order.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    waiting: Vec<Saying>,
    /// The scope in which the next statement runs, where it is known.
    scope: Option<Scope>,
    depth: u32,
    /// How often what waited was said.
    said: u64,
}

/// Where a savepoint was set.
#[derive(Debug)]
pub(crate) struct Mark {
    depth: u32,
    place: usize,
    said: u64,
    scope: Option<Scope>,
}

impl Pending {
    /// What a transaction begins with these words has to say.
    pub(crate) fn begin(words: String) -> Self {
        Self { waiting: vec![Saying::Begin(words)], ..Self::default() }
    }

    /// Whether anything was said: a transaction that has not begun does not end.
    pub(crate) const fn has_begun(&self) -> bool {
        self.said > 0
    }

    /// How much waits.
    pub(crate) const fn len(&self) -> usize {
        self.waiting.len()
    }

    /// The next statement runs in this scope.
    pub(crate) fn enter(&mut self, scope: Scope) {
        if self.scope == Some(scope) {
            return;
        }
        self.scope = Some(scope);
        // A scope in which nothing ran is nobody's business.
        if let Some(Saying::Enter(last)) = self.waiting.last_mut() {
            *last = scope;
        } else {
            self.waiting.push(Saying::Enter(scope));
        }
    }

    /// Writes these rows with the next statement, or with the commit.
    pub(crate) fn insert(&mut self, insert: Insert) {
        self.waiting.push(Saying::Insert(insert));
    }

    /// Sets a savepoint.
    pub(crate) fn open(&mut self) -> Mark {
        self.depth += 1;
        let mark = Mark { depth: self.depth, place: self.waiting.len(), said: self.said, scope: self.scope };
        self.waiting.push(Saying::Savepoint(self.depth));
        mark
    }

    /// Whether rows wait that were written since: whether they can be has to be known before the savepoint ends.
    pub(crate) fn has_rows_since(&self, mark: &Mark) -> bool {
        let place = if self.said == mark.said { mark.place } else { 0 };
        self.waiting.iter().skip(place).any(|saying| matches!(saying, Saying::Insert(_)))
    }

    /// Ends a savepoint and keeps what was done in it.
    pub(crate) fn close(&mut self, mark: &Mark) {
        self.depth = mark.depth.saturating_sub(1);
        if self.said == mark.said {
            self.waiting.remove(mark.place);
        } else {
            self.waiting.push(Saying::Release(mark.depth));
        }
    }

    /// Ends a savepoint and undoes what was done in it: what has to be said for that at once, if anything.
    pub(crate) fn undo(&mut self, mark: &Mark) -> Option<Vec<Ahead>> {
        self.depth = mark.depth.saturating_sub(1);
        self.scope = mark.scope;
        if self.said == mark.said {
            self.waiting.truncate(mark.place);
            return None;
        }
        // All of it came later than the savepoint.
        self.waiting.clear();
        let Mark { depth, .. } = mark;
        Some(vec![Ahead::Words(vec![format!("ROLLBACK TO SAVEPOINT s{depth}"), release(*depth)])])
    }

    /// What is to be said before the next statement. A savepoint that is over can wait: the commit ends it, too.
    pub(crate) fn take(&mut self) -> Vec<Ahead> {
        if self.waiting.iter().all(|saying| matches!(saying, Saying::Release(_))) {
            return Vec::new();
        }
        self.said += 1;
        let mut said = Vec::new();
        for saying in mem::take(&mut self.waiting) {
            Ahead::say(&mut said, saying);
        }
        said
    }

    /// What is to be said before the commit: the rows that wait and what they need. Words alone change nothing.
    pub(crate) fn take_rows(&mut self) -> Vec<Ahead> {
        if self.waiting.iter().any(|saying| matches!(saying, Saying::Insert(_))) {
            self.take()
        } else {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    fn workspace(number: u128) -> Scope {
        Scope::Workspace(Id::from_uuid(uuid::Uuid::from_u128(number)))
    }

    fn of(said: Vec<Ahead>) -> Vec<String> {
        let words = said.into_iter().map(|ahead| match ahead {
            Ahead::Words(words) => words.join("; "),
            Ahead::Insert(_) => "INSERT".to_owned(),
        });
        words.collect()
    }

    fn words(pending: &mut Pending) -> Vec<String> {
        of(pending.take())
    }

    #[test]
    fn a_transaction_begins_with_its_first_statement() {
        let mut pending = Pending::begin("BEGIN".to_owned());
        let mark = pending.open();
        pending.close(&mark);
        assert!(pending.take_rows().is_empty() && !pending.has_begun());
        assert_eq!(words(&mut pending), ["BEGIN"]);
        assert!(pending.has_begun());
    }

    #[test]
    fn what_runs_no_statement_says_nothing() {
        let mut pending = Pending::default();
        for number in [1, 1, 2, 1] {
            pending.enter(workspace(number));
            let outer = pending.open();
            let inner = pending.open();
            pending.close(&inner);
            pending.close(&outer);
        }
        assert_eq!(words(&mut pending), [workspace(1).set_local()]);
        assert!(pending.take().is_empty());
    }

    #[test]
    fn a_savepoint_is_said_with_the_first_statement_in_it_and_its_end_with_the_next_saying() {
        let mut pending = Pending::default();
        let first = pending.open();
        assert_eq!(words(&mut pending), ["SAVEPOINT s1"]);
        pending.close(&first);
        assert!(pending.take().is_empty(), "the end can wait");
        let second = pending.open();
        assert_eq!(words(&mut pending), ["RELEASE SAVEPOINT s1; SAVEPOINT s1"]);
        let inner = pending.open();
        assert_eq!(words(&mut pending), ["SAVEPOINT s2"]);
        pending.close(&inner);
        let undone = of(pending.undo(&second).unwrap());
        assert_eq!(undone, ["ROLLBACK TO SAVEPOINT s1; RELEASE SAVEPOINT s1"]);
        assert!(pending.take().is_empty(), "the inner one went with it");
    }

    #[test]
    fn what_is_undone_takes_its_scope_along() {
        let mut pending = Pending::default();
        pending.enter(workspace(1));
        let mark = pending.open();
        pending.enter(workspace(2));
        assert!(pending.undo(&mark).is_none(), "nothing was said");
        pending.enter(workspace(1));
        assert_eq!(words(&mut pending), [workspace(1).set_local()]);
        let mark = pending.open();
        pending.enter(workspace(2));
        assert_eq!(words(&mut pending), [format!("SAVEPOINT s1; {}", workspace(2).set_local())]);
        assert!(pending.undo(&mark).is_some());
        pending.enter(workspace(2));
        assert_eq!(words(&mut pending), [workspace(2).set_local()]);
    }
}
