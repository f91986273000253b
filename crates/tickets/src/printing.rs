//! The report on paper. It is read in a transaction ([`ReportPaper`]); its words and figures are put together in the reader's
//! language, pure; the PDF is made outside of any transaction, on a thread that may block.

use std::sync::LazyLock;

use catalog::Names;
use context::Ctx;
use db::ReadTx;
use kernel::{Date, Error, Kind, Lang, Result};
use print::Printer;
use serde::Serialize;
use text::{Texts, format};

use crate::{
    reads::{self, Report, Sums},
    words,
};

const MINUTE_MS: i64 = 60_000;
/// Days that the chart draws.
const DAYS_DRAWN: i64 = 366;

/// Made once: it holds fonts.
static PRINTER: LazyLock<Printer> = LazyLock::new(|| Printer::new(include_str!("../print/report.typ")));

/// A report as it is printed.
#[derive(Debug, Clone)]
pub struct ReportPaper {
    company: Option<String>,
    from: Date,
    until: Date,
    report: Report,
    /// What each agent is called; nobody's tickets under none.
    agents: Vec<(Option<String>, Sums)>,
    categories: Vec<(Names, Sums)>,
}

impl ReportPaper {
    /// The report of these days. Who manages the desk may see it.
    pub fn read(ctx: &Ctx, tx: &mut ReadTx, from: Date, until: Date) -> Result<Self> {
        let report = reads::report(ctx, tx, from, until)?;
        let named = reads::agents(ctx, tx)?;
        let name = |id| named.iter().find(|agent| agent.id == id).map(|agent| agent.full_name.clone());
        let agents = report.agents.iter().map(|(id, sums)| (id.and_then(name), sums.clone())).collect();
        let categories = reads::categories(ctx, tx)?.into_iter();
        let categories = categories
            .filter_map(|category| Some((category.name, report.categories.get(&category.id)?.clone())))
            .collect();
        let company = match auth::workspace(tx, ctx.workspace()) {
            Ok(workspace) => Some(workspace.name),
            Err(error) if error.kind() == Kind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Self { company, from, until, report, agents, categories })
    }

    /// What its file is called: plain letters, whatever the language.
    pub fn file_name(&self) -> String {
        format!("desk-{}-{}.pdf", self.from, self.until)
    }

    /// The PDF. Blocks for some tens of milliseconds.
    pub fn pdf_now(&self, texts: &Texts, lang: Lang) -> Result<Vec<u8>> {
        PRINTER.pdf(&self.document(Say { texts, lang }))
    }

    /// [`ReportPaper::pdf_now`] for those who may not block.
    pub async fn pdf(self, texts: std::sync::Arc<Texts>, lang: Lang) -> Result<Vec<u8>> {
        let printing = move || self.pdf_now(&texts, lang);
        tokio::task::spawn_blocking(printing).await.map_err(Error::internal)?
    }

    fn document(&self, say: Say<'_>) -> Document {
        let Self { company, from, until, report, agents, categories } = self;
        let days =
            if from == until { from.dotted() } else { format!("{} – {}", from.dotted(), until.dotted()) };
        let subtitle = company.iter().cloned().chain([days]).collect::<Vec<_>>().join(" · ");
        let title = say.t("tickets-report-title");
        let agents =
            agents.iter().map(|(name, sums)| (name.clone().unwrap_or_else(|| say.t("tickets-nobody")), sums));
        let categories = categories.iter().map(|(names, sums)| (names.get(say.lang).to_owned(), sums));
        let table = |title: &str, first: &str, rows: Vec<[String; COLUMNS]>| Part {
            title: say.t(title),
            first: say.t(first),
            rows,
        };
        Document {
            lang: say.lang.code(),
            foot: format!("{title}, {subtitle}"),
            title,
            subtitle,
            tiles: say.tiles(&report.all),
            by_day: say.t("tickets-report-by-day"),
            days: say.days(report, *from, *until),
            columns: say.columns(),
            nothing: say.t("tickets-report-nothing"),
            tables: vec![
                table(
                    "tickets-report-by-category",
                    "tickets-category",
                    categories.map(|(name, sums)| say.row(name, sums)).collect(),
                ),
                table(
                    "tickets-report-by-agent",
                    "tickets-agent",
                    agents.map(|(name, sums)| say.row(name, sums)).collect(),
                ),
            ],
        }
    }
}

/// Columns of a table.
const COLUMNS: usize = 7;

/// What the template prints.
#[derive(Debug, Serialize)]
struct Document {
    lang: &'static str,
    title: String,
    subtitle: String,
    foot: String,
    tiles: Vec<Named>,
    by_day: String,
    days: Vec<Bar>,
    columns: [String; COLUMNS],
    nothing: String,
    tables: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Named {
    name: String,
    value: String,
}

/// A day of the chart.
#[derive(Debug, Serialize)]
struct Bar {
    name: String,
    count: String,
    /// Thousandths of the highest one.
    permille: i64,
}

#[derive(Debug, Serialize)]
struct Part {
    title: String,
    first: String,
    rows: Vec<[String; COLUMNS]>,
}

/// The texts, in one language.
#[derive(Clone, Copy)]
struct Say<'t> {
    texts: &'t Texts,
    lang: Lang,
}

impl Say<'_> {
    fn t(&self, key: &str) -> String {
        self.texts.get(self.lang, key)
    }

    fn number(&self, number: i64) -> String {
        format::number(self.lang, number)
    }

    fn lasting(&self, ms: Option<i64>) -> String {
        let said = |ms: i64| self.texts.say(self.lang, &words::span(ms / MINUTE_MS));
        ms.map_or_else(|| "—".to_owned(), said)
    }

    fn tiles(&self, all: &Sums) -> Vec<Named> {
        let tile = |key: &str, value: String| Named { name: self.t(key), value };
        let rating = all.rating_tenths().map_or_else(|| "—".to_owned(), |tenths| words::stars(tenths) + " ★");
        vec![
            tile("tickets-report-opened", self.number(all.opened)),
            tile("tickets-report-closed", self.number(all.closed)),
            tile("tickets-report-still-open", self.number(all.opened - all.closed)),
            tile("tickets-report-late", self.number(all.late)),
            tile("tickets-report-first-answer", self.lasting(all.until_answer_ms())),
            tile("tickets-report-resolved", self.lasting(all.until_closed_ms())),
            tile("tickets-report-rating", rating),
            tile("tickets-report-rated", self.number(all.rated)),
        ]
    }

    /// A bar for each day; none where nothing was opened, or where the days are too many to draw.
    fn days(&self, report: &Report, from: Date, until: Date) -> Vec<Bar> {
        let most = report.days.values().map(|sums| sums.opened).max().unwrap_or_default();
        let mut bars = Vec::new();
        let mut day = from;
        while most > 0 && day <= until && i64::try_from(bars.len()).is_ok_and(|count| count < DAYS_DRAWN) {
            let opened = report.days.get(&day).map_or(0, |sums| sums.opened);
            let name = day.dotted().chars().take(5).collect();
            bars.push(Bar { name, count: self.number(opened), permille: opened * 1_000 / most });
            day = day.plus_days(1);
        }
        if day <= until { Vec::new() } else { bars }
    }

    fn columns(&self) -> [String; COLUMNS] {
        [
            "tickets-agent",
            "tickets-report-opened",
            "tickets-report-closed",
            "tickets-report-first-answer",
            "tickets-report-resolved",
            "tickets-report-late",
            "tickets-report-rating",
        ]
        .map(|key| self.t(key))
    }

    fn row(&self, name: String, sums: &Sums) -> [String; COLUMNS] {
        [
            name,
            self.number(sums.opened),
            self.number(sums.closed),
            self.lasting(sums.until_answer_ms()),
            self.lasting(sums.until_closed_ms()),
            self.number(sums.late),
            sums.rating_tenths().map(words::stars).unwrap_or_default(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Timestamp};

    use super::*;
    use crate::reads::Counted;

    #[test]
    fn the_chart_has_a_bar_for_each_day_as_high_as_what_was_opened() {
        let mut report = Report::default();
        let day = |text: &str| Date::parse(text).unwrap();
        let ticket = Counted {
            agent: None,
            category: Id::from_uuid(uuid::Uuid::from_u128(1)),
            created_at: Timestamp::default(),
            first_answer_at: None,
            closed_at: None,
            was_late: true,
            stars: Some(5),
        };
        for on in ["2026-11-20", "2026-11-20", "2026-11-22"] {
            report.add(day(on), &ticket);
        }
        let texts = Texts::new(&[text::BASE, crate::TEXTS]);
        let say = Say { texts: &texts, lang: Lang::Uz };
        let bars = say.days(&report, day("2026-11-20"), day("2026-11-22"));
        let seen: Vec<_> = bars.iter().map(|bar| (bar.name.as_str(), bar.permille)).collect();
        assert_eq!(seen, [("20.11", 1_000), ("21.11", 0), ("22.11", 500)]);
        assert!(say.days(&report, day("2020-01-01"), day("2026-11-22")).is_empty(), "too many to draw");
        let paper = ReportPaper {
            company: Some("Chorsu Texno".to_owned()),
            from: day("2026-11-20"),
            until: day("2026-11-22"),
            agents: vec![(None, report.all.clone())],
            categories: vec![(Names { uz: "Toʻlov".to_owned(), ru: None, en: None }, report.all.clone())],
            report,
        };
        for lang in Lang::ALL {
            let pdf = paper.pdf_now(&texts, lang).unwrap();
            assert!(pdf.starts_with(b"%PDF"), "{lang:?}");
        }
        assert_eq!(paper.file_name(), "desk-2026-11-20-2026-11-22.pdf");
    }
}
