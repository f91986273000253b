//! What a transaction says to the database of its scope and its savepoints, held back until a statement needs it: each saying is
//! a way to the server and back, and most listeners look at an event and ask the database nothing.

use crate::Scope;

/// One saying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Saying {
    Enter(Scope),
    Savepoint(u32),
    Release(u32),
}

impl Saying {
    fn sql(self) -> String {
        match self {
            Self::Enter(scope) => scope.set_local(),
            Self::Savepoint(depth) => format!("SAVEPOINT s{depth}"),
            Self::Release(depth) => format!("RELEASE SAVEPOINT s{depth}"),
        }
    }
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

    /// Sets a savepoint.
    pub(crate) fn open(&mut self) -> Mark {
        self.depth += 1;
        let mark = Mark { depth: self.depth, place: self.waiting.len(), said: self.said, scope: self.scope };
        self.waiting.push(Saying::Savepoint(self.depth));
        mark
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
    pub(crate) fn undo(&mut self, mark: &Mark) -> Option<[String; 2]> {
        self.depth = mark.depth.saturating_sub(1);
        self.scope = mark.scope;
        if self.said == mark.said {
            self.waiting.truncate(mark.place);
            return None;
        }
        // All of it came later than the savepoint.
        self.waiting.clear();
        let Mark { depth, .. } = mark;
        Some([format!("ROLLBACK TO SAVEPOINT s{depth}"), Saying::Release(*depth).sql()])
    }

    /// What is to be said before the next statement. A savepoint that is over can wait: the commit ends it, too.
    pub(crate) fn take(&mut self) -> Vec<String> {
        if self.waiting.iter().all(|saying| matches!(saying, Saying::Release(_))) {
            return Vec::new();
        }
        self.said += 1;
        self.waiting.drain(..).map(Saying::sql).collect()
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    fn workspace(number: u128) -> Scope {
        Scope::Workspace(Id::from_uuid(uuid::Uuid::from_u128(number)))
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
        assert_eq!(pending.take(), [workspace(1).set_local()]);
        assert!(pending.take().is_empty());
    }

    #[test]
    fn a_savepoint_is_said_with_the_first_statement_in_it_and_its_end_with_the_next_saying() {
        let mut pending = Pending::default();
        let first = pending.open();
        assert_eq!(pending.take(), ["SAVEPOINT s1"]);
        pending.close(&first);
        assert!(pending.take().is_empty(), "the end can wait");
        let second = pending.open();
        assert_eq!(pending.take(), ["RELEASE SAVEPOINT s1", "SAVEPOINT s1"]);
        let inner = pending.open();
        assert_eq!(pending.take(), ["SAVEPOINT s2"]);
        pending.close(&inner);
        assert_eq!(pending.undo(&second).unwrap(), ["ROLLBACK TO SAVEPOINT s1", "RELEASE SAVEPOINT s1"]);
        assert!(pending.take().is_empty(), "the inner one went with it");
    }

    #[test]
    fn what_is_undone_takes_its_scope_along() {
        let mut pending = Pending::default();
        pending.enter(workspace(1));
        let mark = pending.open();
        pending.enter(workspace(2));
        assert_eq!(pending.undo(&mark), None, "nothing was said");
        pending.enter(workspace(1));
        assert_eq!(pending.take(), [workspace(1).set_local()]);
        let mark = pending.open();
        pending.enter(workspace(2));
        assert_eq!(pending.take().len(), 2);
        assert!(pending.undo(&mark).is_some());
        pending.enter(workspace(2));
        assert_eq!(pending.take(), [workspace(2).set_local()]);
    }
}
