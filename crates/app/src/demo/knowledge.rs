//! What the demo shop's bots know, and the bot that answers from it.

use bots::NewBot;
use context::Ctx;
use db::Tx;
use flow::shop::ShopInfo;
use kernel::{Error, Result};
use knowledge::{Content, NewDocument, create_document};
use serde::Deserialize;

const KNOWLEDGE: &str = include_str!("../../../../demo/knowledge.toml");

#[derive(Debug, Deserialize)]
struct Known {
    #[serde(rename = "pair")]
    pairs: Vec<Pair>,
    #[serde(rename = "text")]
    texts: Vec<Written>,
}

#[derive(Debug, Deserialize)]
struct Pair {
    question: String,
    answer: String,
    wordings: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Written {
    title: String,
    text: String,
}

/// Writes it down, and makes the bot that answers from it in the name of this shop.
pub(super) fn make(ctx: &Ctx, tx: &mut Tx<'_>, shop: ShopInfo) -> Result<()> {
    let Known { pairs, texts } = toml::from_str(KNOWLEDGE).map_err(Error::internal)?;
    let pairs = pairs.into_iter().map(|Pair { question, answer, wordings }| Content::Pair {
        question,
        answer,
        wordings,
    });
    let texts = texts.into_iter().map(|Written { title, text }| Content::Text { title, text });
    for content in pairs.chain(texts) {
        create_document(ctx, tx, NewDocument { content, is_on: true })?;
    }
    let name = format!("{} · savol-javob", shop.name);
    bots::create_bot(ctx, tx, NewBot { name, source: flow::examples::ANSWERS.to_owned(), shop }).map(drop)
}
