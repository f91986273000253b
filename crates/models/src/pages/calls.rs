//! `/ai/calls`: what models were asked, what they answered, what it cost.

use askama::{Template, filters::HtmlSafe};
use axum::{extract::Path, response::Response};
use kernel::{Page, Text};
use web::{
    Caller, RowKey,
    pages::{
        Badge, Cell, Choice, Column, DayRange, DetailPage, Empty, Export, Facts, Filter, ListPage, ListQuery,
        Notice, Row, Shell, Table, Tile, Tone, asked_page, render,
    },
};

use crate::{Call, CallFilter, CallState, Cost, Failure, Totals, Usage, actions, checking::CHECK};

const PATH: &str = "/ai/calls";
/// Characters of a question in the list.
const SHOWN: usize = 90;

const fn tone(state: CallState) -> Tone {
    match state {
        CallState::Begun => Tone::Info,
        CallState::Answered => Tone::Success,
        CallState::Failed => Tone::Error,
        CallState::Refused | CallState::Unknown => Tone::Warning,
    }
}

/// What the query asks for. What names nothing filters nothing.
fn filter(query: &ListQuery) -> CallFilter {
    let DayRange { from, until, .. } = DayRange::asked(query);
    let uuid = |name: &str| query.get(name).and_then(|text| text.parse().ok());
    CallFilter {
        from,
        until,
        state: query.get("state").and_then(|word| word.parse().ok()),
        purpose: query.get("purpose").filter(|word| !word.is_empty()).map(ToOwned::to_owned),
        bot: uuid("bot"),
        subject: uuid("subject"),
    }
}

/// What a call was for. Whoever asks gives a word; ours has a name.
fn purpose(p: &Shell, word: &str) -> String {
    match word {
        CHECK => p.t("models-purpose-check"),
        "bots.ask_assistant" => p.t("models-purpose-assistant"),
        other => other.to_owned(),
    }
}

fn title(p: &Shell, call: &Call) -> String {
    if call.label.is_empty() { purpose(p, &call.purpose) } else { call.label.clone() }
}

fn dollars(cost: Option<Cost>) -> String {
    cost.map(|cost| format!("${cost}")).unwrap_or_default()
}

fn signed(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}

/// `GET /ai/calls?from=&until=&state=&purpose=`.
pub(super) async fn list(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let (page, totals, purposes) = caller
        .read(move |ctx, tx| {
            let filter = filter(&asked);
            let page = asked_page(&asked, |part| actions::calls(ctx, tx, &filter, part))?;
            Ok((page, actions::totals(ctx, tx, &filter)?, actions::purposes(ctx, tx)?))
        })
        .await?;
    let p = caller.shell().titled("models-menu-calls").lead("models-calls-lead");
    let table = table(&p, &query, &page, &purposes).days(caller.ctx.today());
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "ai_calls")?);
    }
    let tiles = tiles(&p, totals);
    Ok(render(&ListPage::new(p, table).tiles(tiles)))
}

fn tiles(p: &Shell, totals: Totals) -> Vec<Tile> {
    let Totals { calls, input_tokens, output_tokens, cost } = totals;
    let cost = if cost.is_some() { dollars(cost) } else { "–".to_owned() };
    vec![
        Tile::new(p.t("models-calls"), p.number(calls)).icon("robot"),
        Tile::new(p.t("models-input-tokens"), p.number(input_tokens)).icon("arrow-up-right"),
        Tile::new(p.t("models-output-tokens"), p.number(output_tokens)).icon("chat-left-text"),
        Tile::new(p.t("models-cost"), cost).icon("cash-coin").note(p.t("models-cost-note")),
    ]
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Call>, purposes: &[String]) -> Table {
    let columns = vec![
        Column::main("models-call"),
        Column::new("models-at"),
        Column::new("models-state"),
        Column::new("models-model"),
        Column::figures("models-input-tokens"),
        Column::figures("models-output-tokens"),
        Column::figures("models-cost"),
        Column::figures("models-duration"),
    ];
    let states =
        CallState::ALL.iter().map(|state| Choice::new(state.word(), p.t(state.text_key()))).collect();
    let purposes = purposes.iter().map(|word| Choice::new(word.as_str(), purpose(p, word))).collect();
    let empty = Empty::new("robot", p.t("models-calls-empty"), p.t("models-calls-empty-hint"));
    Table::new(&p.words, "ai-calls", query, columns, page, |call| cells(p, call))
        .filter(Filter::select("state", "models-state", states))
        .filter(Filter::select("purpose", "models-purpose", purposes))
        .export(PATH)
        .empty(empty)
}

fn cells(p: &Shell, call: &Call) -> Row {
    let Usage { input_tokens, output_tokens, is_estimated: _ } = call.usage;
    let sub: String = call.question.chars().take(SHOWN).collect();
    let cost = dollars(call.cost);
    vec![
        Cell::Link { href: format!("{PATH}/{}", call.number), text: title(p, call), sub },
        Cell::Time(call.at),
        Cell::badge(tone(call.state), p.t(call.state.text_key())),
        Cell::text(&call.model),
        Cell::Number(signed(input_tokens)),
        Cell::Number(signed(output_tokens)),
        if cost.is_empty() { Cell::Blank } else { Cell::text(cost) },
        call.duration_ms.map_or(Cell::Blank, Cell::Number),
    ]
}

/// Words of a person or of a model, as they are, with their lines.
#[derive(Debug, Template)]
#[template(path = "said.html")]
struct Said<'a> {
    words: &'a str,
}
impl HtmlSafe for Said<'_> {}

/// `GET /ai/calls/{id}`.
pub(super) async fn one(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let call = caller.read(move |ctx, tx| actions::call(ctx, tx, key)).await?;
    let title = caller.words().t1("models-call-number", "number", call.number.to_string());
    let p = caller.shell().named(title).crumb(PATH, "models-menu-calls");
    let mut page = DetailPage::new(p.clone())
        .badge(Badge::new(tone(call.state), p.t(call.state.text_key())))
        .facts(facts(&p, &call));
    if let Some(notice) = notice(&p, &call) {
        page = page.notice(notice);
    }
    page = page.part("models-question", &Said { words: &call.question });
    if !call.answer.is_empty() {
        page = page.part("models-answer", &Said { words: &call.answer });
    }
    Ok(render(&page))
}

/// Why there is no answer.
fn notice(p: &Shell, call: &Call) -> Option<Notice> {
    let said = match (call.state, &call.error) {
        (CallState::Failed, Some(error)) => {
            let failure: Option<Failure> = error.parse().ok();
            p.t(failure.map_or("models-failure-not-valid", Failure::text_key))
        }
        (CallState::Refused, _) => p.t("models-refused-over-budget"),
        (CallState::Unknown, _) => p.t("models-unknown-help"),
        _ => return None,
    };
    let items = if call.said.is_empty() { Vec::new() } else { vec![call.said.clone()] };
    Some(Notice::new(tone(call.state), said).items(items))
}

fn facts(p: &Shell, call: &Call) -> Facts {
    let Usage { input_tokens, output_tokens, is_estimated } = call.usage;
    let counted = |tokens: u64| {
        let number = p.number(signed(tokens));
        if is_estimated { p.t1("models-estimated", "tokens", number) } else { number }
    };
    let took = call.duration_ms.map(|ms| p.say(&Text::new("models-took").with("ms", ms)));
    let mut facts = Facts::new()
        .text(p.t("models-at"), p.time(call.at))
        .text(p.t("models-purpose"), purpose(p, &call.purpose));
    if !call.label.is_empty() {
        facts = facts.text(p.t("models-label"), call.label.as_str());
    }
    facts
        .text(p.t("models-provider"), p.t(call.provider.text_key()))
        .text(p.t("models-model"), call.model.as_str())
        .text(p.t("models-input-tokens"), counted(input_tokens))
        .text(p.t("models-output-tokens"), counted(output_tokens))
        .text(p.t("models-cost"), dollars(call.cost))
        .text(p.t("models-duration"), took.unwrap_or_default())
        .text(p.t("models-tools"), call.tools.join(", "))
}
