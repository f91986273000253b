//! What every page is made of: the shell around it, lists, forms, and ready pages for the usual cases.
//!
//! A part is a struct that draws itself: `{{ form }}`, `{{ table }}`, `{{ p.icon("cart3") }}`. Its words are
//! already in the reader's language when it is made, so templates hold markup and nothing else. Knows nothing of
//! who may do what beyond hiding what the permissions lack; the actions decide that.

mod day_chart;
mod days;
mod document;
mod export;
mod field;
mod form;
mod go;
mod lines;
mod list;
mod menu;
mod options;
mod parts;
mod period;
mod ready;
mod share_chart;
mod shell;
mod table;
mod words;

pub use day_chart::{DayBar, DayChart};
pub use days::DayRange;
pub use document::{AddressedBy, DocumentKind, DocumentName};
pub use export::{Export, asked_page};
pub use field::{Choice, Field};
pub use form::Form;
pub(crate) use go::is_local;
pub use go::{Go, flash, form_again, layer, render, render_with};
pub use lines::{Line, Lines, Totals};
pub use list::ListQuery;
pub use menu::{MenuEntry, MenuGroup, MenuLink, Section, menu};
pub use options::{Found, Options};
pub use parts::{Action, Badge, Card, Empty, Facts, Icon, Notice, Tile, Tiles, Tone};
pub use period::{Period, PeriodBar};
pub use ready::{DetailPage, ErrorPage, FormPage, IslandPage, ListPage, SignInPage};
pub use share_chart::{ShareBar, ShareChart};
pub use shell::{Crumb, Member, Shell, Toast};
pub use table::{Cell, Column, Filter, Row, Table};
pub use words::Words;

#[cfg(test)]
mod example;
#[cfg(test)]
mod tests;
