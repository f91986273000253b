//! What other domains and people do with the books.

mod accounts;
mod periods;
mod posting;
mod reversing;
mod roles;
mod writing;

pub(crate) use accounts::{begin, begin_if_new};
pub use accounts::{create_account, delete_account, update_account};
pub use periods::{close_period, reopen_period};
pub use posting::{post, post_all};
pub use reversing::{reverse, reverse_entry};
pub use roles::set_role_accounts;
pub use writing::{WriteEntry, write_entry};
