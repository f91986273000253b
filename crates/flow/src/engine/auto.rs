//! Ids of the buttons that the engine itself puts on keyboards. No button of a blueprint can have them: they begin with `@`.

pub(crate) const BACK: &str = "@back";
pub(crate) const HOME: &str = "@home";
pub(crate) const PREVIOUS: &str = "@previous";
pub(crate) const NEXT: &str = "@next";
pub(crate) const SKIP: &str = "@skip";
pub(crate) const OPTION: &str = "@option";
pub(crate) const YES: &str = "@yes";
pub(crate) const NO: &str = "@no";
/// A day of a calendar.
pub(crate) const DAY: &str = "@day";
/// Another month of a calendar.
pub(crate) const MONTH: &str = "@month";
/// A place in a calendar that does nothing.
pub(crate) const BLANK: &str = "@blank";
