//! The names of what happens to broadcasts.

/// It was made, changed, begun, stopped or ended.
pub(crate) const CHANGED: &str = "broadcast.changed";
/// It went on; told now and then while it is sent.
pub(crate) const PROGRESS: &str = "broadcast.progress";
