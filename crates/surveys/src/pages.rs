//! The pages of surveys: campaigns, what was answered in one, its roster, students.

mod analytics;
mod campaign;
mod campaigns;
mod roster;
mod students;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Lang, Result, Text};
use web::{
    App,
    pages::{MenuEntry, Section, Tone, Words},
};

use crate::{Campaign, Employment, reads, upload::BODY_BYTES_AT_MOST};

/// The address of the campaigns.
const LIST: &str = "/surveys";

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    let files = Router::new()
        .route("/surveys/{campaign}/roster", get(roster::page).post(roster::bring))
        .layer(DefaultBodyLimit::max(BODY_BYTES_AT_MOST));
    Router::new()
        .route("/surveys", get(campaigns::page))
        .route("/surveys/new", get(campaigns::new_page).post(campaigns::create))
        .route("/surveys/analytics", get(analytics::page))
        .route("/surveys/{campaign}", get(campaign::page))
        .route("/surveys/{campaign}/analytics", get(analytics::chosen_page))
        .route("/surveys/{campaign}/edit", get(campaigns::edit_page).post(campaigns::save))
        .route("/surveys/{campaign}/default", post(campaigns::set_default))
        .route("/surveys/{campaign}/open", post(campaigns::open))
        .route("/surveys/{campaign}/close", post(campaigns::close))
        .route("/surveys/{campaign}/delete", post(campaigns::delete))
        .route("/surveys/{campaign}/roster/{import}", get(roster::import_page))
        .route("/surveys/{campaign}/roster/{import}/errors.csv", get(roster::errors))
        .route("/students", get(students::page))
        .route("/students/{id}", get(students::student_page))
        .route("/students/{id}/release", post(students::release))
        .route("/students/{id}/personal-data", get(students::export))
        .route("/students/{id}/erase", post(students::erase))
        .merge(files)
}

/// The entries of the side menu.
pub(crate) const MENU: [MenuEntry; 2] = [
    MenuEntry {
        section: Section::Desk,
        order: 40,
        href: LIST,
        text: "surveys-menu",
        icon: "clipboard-check",
        permission: Some(Permission::SurveysRead),
    },
    MenuEntry {
        section: Section::Desk,
        order: 50,
        href: "/students",
        text: "surveys-menu-students",
        icon: "person-badge",
        permission: Some(Permission::SurveysRead),
    },
];

/// The campaign that the address names.
fn named(ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<Campaign> {
    reads::campaign(ctx, tx, key)
}

/// The address of a campaign.
fn address(campaign: &Campaign) -> String {
    format!("{LIST}/{}", campaign.slug())
}

/// Thousandths as people read a share: `87,5 %`; a dash where there is none.
pub(crate) fn share(lang: Lang, permille: Option<i64>) -> String {
    let Some(permille) = permille else { return "—".to_owned() };
    let point = if lang == Lang::En { "." } else { "," };
    format!("{}{point}{}\u{a0}%", permille / 10, permille % 10)
}

/// The year of study in words; a dash where nobody said it.
fn year(words: &Words, year: Option<i32>) -> String {
    year.map_or_else(|| "—".to_owned(), |year| words.say(&Text::new("surveys-year").with("year", year)))
}

const fn tone(employment: Employment) -> Tone {
    match employment {
        Employment::Employed => Tone::Success,
        Employment::Unemployed => Tone::Warning,
    }
}
