//! Jobs of the server that come back every so often.

/// Enqueues a job of `kind` every `every_ms`, on one node.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// Its name; one row remembers when it is due.
    pub name: &'static str,
    /// The kind of job; its payload is empty and its workspace the nil id.
    pub kind: &'static str,
    /// Milliseconds between two.
    pub every_ms: i64,
}
