//! Documents of the knowledge, and calls of a language model, for paths that want one.

use context::Ctx;
use db::Tx;
use kernel::{Id, Result};
use knowledge::{Content, FileFormat, NewDocument, create_document};

use crate::targets::Target;

/// A document: a file that could not be read where the path reads it again, else a pair.
pub(crate) fn document(ctx: &Ctx, tx: &mut Tx<'_>, called: &str, path: &str) -> Result<Target> {
    let is_file = path.ends_with("/read");
    let content = if is_file {
        let hash = "0".repeat(64);
        Content::File {
            title: called.to_owned(),
            filename: "price.txt".to_owned(),
            format: FileFormat::Plain,
            hash,
        }
    } else {
        Content::Pair { question: called.to_owned(), answer: called.to_owned(), wordings: Vec::new() }
    };
    let made = create_document(ctx, tx, NewDocument { content, is_on: !path.ends_with("/on") })?;
    if is_file {
        tx.execute_one(
            "UPDATE knowledge_document SET state = 'failed', problem = 'broken' WHERE workspace_id = $1 AND id = $2",
            db::params![ctx.workspace(), made.id],
        )?;
    }
    Ok(Target::new(Some(made.number), made.id))
}

/// A call that a model answered.
pub(crate) fn call(ctx: &Ctx, tx: &mut Tx<'_>, called: &str) -> Result<Target> {
    let id: Id<models::Call> = ctx.new_id();
    let number = context::next_number(ctx, tx, "models_call")?;
    tx.execute_one(
        "INSERT INTO models_call (workspace_id, id, number, at_ms, day, purpose, label, provider, model, state,
             reserved_tokens, input_tokens, output_tokens, is_estimated, said, question, answer, tools)
         VALUES ($1, $2, $3, $4, $5, 'bots.ask_assistant', $6, 'openai', 'fake-1', 'answered', 100, 10, 5, $7, '', $6, $6, '[]')",
        db::params![ctx.workspace(), id, number, ctx.now(), ctx.today(), called, false],
    )?;
    Ok(Target::new(Some(number), id))
}
