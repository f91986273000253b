//! A campaign's figures on paper. They are read in a transaction ([`CampaignPaper`]); words are put together in the reader's language,
//! pure; the PDF is made outside of any transaction, on a thread that may block.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, LazyLock},
};

use catalog::Item;
use context::Ctx;
use db::ReadTx;
use kernel::{Date, Error, Id, Lang, Result, Text};
use print::Printer;
use serde::Serialize;
use text::{Texts, format};

use crate::{
    Campaign, Figures,
    pages::share,
    reads::{self, Cell},
};

/// Made once: it holds fonts.
static PRINTER: LazyLock<Printer> = LazyLock::new(|| Printer::new(include_str!("../print/campaign.typ")));

/// A campaign as it is printed.
#[derive(Debug, Clone)]
pub(crate) struct CampaignPaper {
    campaign: Campaign,
    today: Date,
    cells: Vec<Cell>,
    items: HashMap<Id<Item>, Item>,
}

/// Columns of a table.
const COLUMNS: usize = 6;

/// What the template prints.
#[derive(Debug, Serialize)]
struct Document {
    lang: &'static str,
    title: String,
    subtitle: String,
    foot: String,
    tiles: Vec<Named>,
    nothing: String,
    tables: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Named {
    name: String,
    value: String,
}

#[derive(Debug, Serialize)]
struct Part {
    title: String,
    columns: [String; COLUMNS],
    rows: Vec<[String; COLUMNS]>,
}

impl CampaignPaper {
    /// The figures of the campaign that `key` names.
    pub(crate) fn read(ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<Self> {
        let campaign = reads::campaign(ctx, tx, key)?;
        let cells = reads::cells(ctx, tx, campaign.id)?;
        let mut ids: Vec<Id<Item>> = cells.iter().map(|cell| cell.program).collect();
        ids.sort_unstable();
        ids.dedup();
        let items =
            catalog::items::get_many(ctx, tx, &ids)?.into_iter().map(|item| (item.id, item)).collect();
        Ok(Self { campaign, today: ctx.today(), cells, items })
    }

    /// What its file is called.
    pub(crate) fn file_name(&self) -> String {
        format!("survey-{}.pdf", self.campaign.slug())
    }

    /// The PDF, for those who may not block.
    pub(crate) async fn pdf(self, texts: Arc<Texts>, lang: Lang) -> Result<Vec<u8>> {
        let printing = move || self.pdf_now(&texts, lang);
        tokio::task::spawn_blocking(printing).await.map_err(Error::internal)?
    }

    /// The PDF. Blocks for some tens of milliseconds.
    fn pdf_now(&self, texts: &Texts, lang: Lang) -> Result<Vec<u8>> {
        PRINTER.pdf(&self.document(texts, lang))
    }

    fn document(&self, texts: &Texts, lang: Lang) -> Document {
        let t = |key: &str| texts.get(lang, key);
        let all = self.cells.iter().fold(Figures::default(), |sum, cell| sum.plus(cell.figures));
        let tile = |key: &str, value: String| Named { name: t(key), value };
        let title = self.campaign.name(lang).to_owned();
        let subtitle = format!("{} · {}", self.campaign.code, self.today.dotted());
        let table = |title: &str, first: &str, rows| {
            let names = [
                first,
                "surveys-field-rate",
                "surveys-field-responses",
                "surveys-field-roster",
                "surveys-field-employed",
                "surveys-unemployed",
            ];
            Part { title: t(title), columns: names.map(t), rows }
        };
        Document {
            lang: lang.code(),
            foot: format!("{title}, {subtitle}"),
            title,
            subtitle,
            tiles: vec![
                tile("surveys-field-rate", share(lang, all.rate_permille())),
                tile("surveys-field-responses", format::number(lang, all.responses)),
                tile("surveys-field-roster", format::number(lang, all.roster)),
                tile("surveys-field-employed", share(lang, all.employment_permille())),
            ],
            nothing: t("surveys-responses-empty"),
            tables: vec![
                table("surveys-by-program", "surveys-field-program", self.by_program(lang)),
                table("surveys-by-year", "surveys-field-year", self.by_year(texts, lang)),
            ],
        }
    }

    fn by_program(&self, lang: Lang) -> Vec<[String; COLUMNS]> {
        let mut sums: BTreeMap<(String, Id<Item>), Figures> = BTreeMap::new();
        for cell in &self.cells {
            let name = self.items.get(&cell.program).map(|item| item.name(lang).to_owned());
            let sum = sums.entry((name.unwrap_or_default(), cell.program)).or_default();
            *sum = sum.plus(cell.figures);
        }
        sums.into_iter().map(|((name, _), figures)| row(lang, name, figures)).collect()
    }

    fn by_year(&self, texts: &Texts, lang: Lang) -> Vec<[String; COLUMNS]> {
        let mut sums: BTreeMap<Option<i32>, Figures> = BTreeMap::new();
        for cell in &self.cells {
            let sum = sums.entry(cell.course_year).or_default();
            *sum = sum.plus(cell.figures);
        }
        let name = |year: Option<i32>| match year {
            Some(year) => texts.say(lang, &Text::new("surveys-year").with("year", year)),
            None => "—".to_owned(),
        };
        sums.into_iter().map(|(year, figures)| row(lang, name(year), figures)).collect()
    }
}

fn row(lang: Lang, name: String, figures: Figures) -> [String; COLUMNS] {
    let number = |count: i64| format::number(lang, count);
    [
        name,
        share(lang, figures.rate_permille()),
        number(figures.responses),
        number(figures.roster),
        share(lang, figures.employment_permille()),
        number(figures.unemployed),
    ]
}
