//! What the API shows of an import.

use context::Ctx;
use db::ReadTx;
use jobs::Job;
use kernel::{Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{RowKey, pages::Words};

use crate::{Import, Refused, bad_rows, get_import};

/// Bad rows shown with an import; the others are in the file of bad rows.
pub(crate) const SHOWN_ROWS: u32 = 100;

/// An import.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "the same fields as Import's")]
pub struct ImportOut {
    pub id: i64,
    pub uuid: Uuid,
    pub kind: String,
    pub state: String,
    pub policy: String,
    pub filename: String,
    pub columns: Vec<ColumnOut>,
    /// What is wrong with the columns, or why it could not be applied as a whole.
    pub problems: Vec<ProblemOut>,
    /// Its first rows.
    pub sample: Vec<Vec<String>>,
    pub row_count: i64,
    pub good_count: i64,
    pub bad_count: i64,
    pub created_count: i64,
    pub changed_count: i64,
    pub same_count: i64,
    /// The number of the stock receipt that came of it.
    pub receipt_id: Option<i64>,
    /// Rows that the job has done, while one works on it.
    pub progress_done: i64,
    /// Rows that it has to do.
    pub progress_total: i64,
    /// The first hundred bad rows.
    pub bad_rows: Vec<BadRowOut>,
    pub created_by: String,
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>)]
    pub finished_at: Option<Timestamp>,
}

/// A column of the file, and the field that it holds.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ColumnOut {
    pub heading: String,
    pub field: Option<String>,
}

/// Something wrong.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProblemOut {
    /// The heading of the column; empty when it is about the whole.
    pub column: String,
    /// The stable code.
    pub code: String,
    /// The sentence for the person.
    pub message: String,
}

/// A bad row.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BadRowOut {
    pub row: u32,
    pub problems: Vec<ProblemOut>,
}

/// The import, the job that works on it, and its first bad rows.
pub(crate) fn read(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<(Import, Option<Job>, Vec<Refused>)> {
    let import = get_import(ctx, tx, key)?;
    let job = import.job.filter(|_| import.state.is_busy());
    let job = job.map(|job| jobs::get(ctx, tx, job)).transpose()?;
    let bad = bad_rows(ctx, tx, import.id, 0, SHOWN_ROWS)?;
    Ok((import, job, bad))
}

fn problem(words: &Words, column: &str, text: &Text) -> ProblemOut {
    ProblemOut { column: column.to_owned(), code: text.key().to_owned(), message: words.say(text) }
}

impl ImportOut {
    pub(crate) fn new(words: &Words, import: Import, job: Option<Job>, bad: Vec<Refused>) -> Self {
        let problems = import.column_problems();
        let problems = problems.iter().chain(import.refusal()).map(|text| problem(words, "", text)).collect();
        let (done, total) = job.map_or((0, 0), |job| (job.progress_done, job.progress_total));
        let Import {
            id,
            number,
            kind,
            state,
            policy,
            filename,
            file_hash: _,
            file_kept: _,
            headings,
            mapping,
            sample,
            row_count,
            good_count,
            bad_count,
            created_count,
            changed_count,
            same_count,
            receipt,
            refusal: _,
            job: _,
            created_by,
            created_at,
            finished_at,
        } = import;
        let column = |(heading, field): (String, Option<&'static str>)| ColumnOut {
            heading,
            field: field.map(str::to_owned),
        };
        let bad_row = |Refused { row, cells: _, problems }: Refused| BadRowOut {
            row,
            problems: problems.iter().map(|(column, text)| problem(words, column, text)).collect(),
        };
        Self {
            id: number,
            uuid: id.uuid(),
            kind: kind.word().to_owned(),
            state: state.word().to_owned(),
            policy: policy.word().to_owned(),
            filename,
            columns: headings.into_iter().zip(mapping.0).map(column).collect(),
            problems,
            sample,
            row_count,
            good_count,
            bad_count,
            created_count,
            changed_count,
            same_count,
            receipt_id: receipt,
            progress_done: done,
            progress_total: total,
            bad_rows: bad.into_iter().map(bad_row).collect(),
            created_by,
            created_at,
            finished_at,
        }
    }
}
