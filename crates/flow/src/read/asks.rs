//! Reading of the steps that wait for an answer.

use kernel::Text;

use super::{buttons, fields::Fields};
use crate::{
    blueprint::{Accept, Ask, DateBound, Go, Group, KeyboardKind, Nav, Paging, Show, TextRule},
    input::MediaKind,
    limits::{ANSWER_CHARS_MAX, CAPTION_UTF16_MAX, PLACEHOLDER_UTF16_MAX, TEXT_UTF16_MAX},
};

/// Reads a step of the kind `word`.
pub(super) fn read(fields: &Fields<'_>, word: &str) -> Option<Ask> {
    let typed = matches!(word, "text" | "number" | "contact" | "location" | "media" | "any");
    let accept = match word {
        "menu" | "list" | "choice" | "confirm" => Accept::Buttons,
        "text" => text(fields),
        "number" => number(fields),
        "contact" => Accept::Contact { typed: fields.bool("typed").unwrap_or(false) },
        "location" => Accept::Location { typed: fields.variable("typed") },
        "media" => media(fields),
        "date" => date(fields)?,
        "any" => Accept::Any,
        _ => {
            fields.report("kind", Text::new("flow-kind-unknown").with("name", word));
            return None;
        }
    };
    let keyboard = if typed {
        KeyboardKind::Reply
    } else {
        let words = [("inline", KeyboardKind::Inline), ("reply", KeyboardKind::Reply)];
        fields.one_of("keyboard", &words).unwrap_or(KeyboardKind::Inline)
    };
    let show = fields.one_of("show", &[("new", Show::New), ("edit", Show::Edit)]).unwrap_or(Show::New);
    let picture = fields.words("picture", &[]);
    let units_max = if picture.is_some() { CAPTION_UTF16_MAX } else { TEXT_UTF16_MAX };
    if !fields.has("text") {
        fields.missing("text");
    }
    let question = fields.texts("text", true, &[], units_max);
    let error = fields.texts("error", true, &["min", "max"], TEXT_UTF16_MAX);
    let placeholder = fields.texts("placeholder", false, &[], PLACEHOLDER_UTF16_MAX);
    let save = fields.variable("save");
    let mut groups: Vec<Group> = Vec::new();
    let mut go = Go::Again;
    match word {
        "choice" => groups.push(buttons::options(fields, save.as_deref())?),
        "confirm" => groups.push(buttons::yes_no(fields)?),
        "menu" | "list" => {}
        _ => {
            go = fields.required_go("go")?;
            if save.is_none() {
                fields.missing("save");
            }
        }
    }
    groups.extend(buttons::read(fields)?);
    if let Some(skip) = fields.raw("skip").and_then(|value| value.get_ref().as_str()) {
        let skip = fields.go_named("skip", skip)?;
        groups.push(buttons::skip(skip, save.as_deref()));
    }
    let paging = if word == "list" { Some(paging(fields)?) } else { None };
    let reload = if fields.has("reload") { Some(fields.step_field("reload")?) } else { None };
    let nav = nav(fields, typed);
    let said = fields.bool("free");
    let free = said.unwrap_or(matches!(word, "menu" | "list"));
    let keeps = fields.bool("keeps").unwrap_or(said != Some(false));
    Some(Ask {
        text: question?,
        media: picture,
        error,
        placeholder,
        keyboard,
        show,
        groups,
        paging,
        reload,
        nav,
        free,
        keeps,
        accept,
        save,
        go,
    })
}

fn nav(fields: &Fields<'_>, typed: bool) -> Nav {
    // The home step leads nowhere further back.
    let names = &fields.source.names;
    let is_home =
        fields.step.is_some_and(|step| names.home.is_some() && names.steps.get(step) == names.home.as_ref());
    let Some(words) = fields.strings("nav") else {
        return Nav { back: !is_home, home: !is_home && typed };
    };
    for word in &words {
        if !matches!(word.as_str(), "back" | "home") {
            fields
                .report("nav", Text::new("flow-word-unknown").with("word", word).with("known", "back, home"));
        }
    }
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    Nav { back: has("back"), home: has("home") }
}

fn paging(fields: &Fields<'_>) -> Option<Paging> {
    for field in ["page", "pages", "reload"] {
        if !fields.has(field) {
            fields.missing(field);
        }
    }
    let page = fields.variable("page");
    let pages = fields.expr("pages", &[]);
    Some(Paging { page: page?, pages: pages? })
}

fn text(fields: &Fields<'_>) -> Accept {
    let min = fields.size("min", 1..=ANSWER_CHARS_MAX, 1);
    let max = fields.size("max", 1..=ANSWER_CHARS_MAX, 500);
    if min > max {
        fields.report("min", Text::new("flow-number-range").with("min", 1).with("max", max));
    }
    let rules = [
        ("any", TextRule::Any),
        ("name", TextRule::Name),
        ("digits", TextRule::Digits),
        ("email", TextRule::Email),
    ];
    Accept::Text { min, max, rule: fields.one_of("rule", &rules).unwrap_or(TextRule::Any) }
}

fn number(fields: &Fields<'_>) -> Accept {
    let unit = [("whole", 0), ("money", 2), ("quantity", 3)];
    let places = fields.one_of("unit", &unit).unwrap_or(0);
    let min = fields.int("min").unwrap_or(0);
    let max = fields.int("max").unwrap_or(i64::MAX);
    if min > max {
        fields.report("min", Text::new("flow-number-range").with("min", min).with("max", max));
    }
    Accept::Number { min, max, places }
}

fn media(fields: &Fields<'_>) -> Accept {
    let mut kinds = Vec::new();
    for word in fields.strings("kinds").unwrap_or_else(|| vec!["photo".to_owned()]) {
        match MediaKind::ALL.into_iter().find(|kind| kind.name() == word) {
            Some(kind) => kinds.push(kind),
            None => {
                let known = MediaKind::ALL.map(MediaKind::name).join(", ");
                fields
                    .report("kinds", Text::new("flow-word-unknown").with("word", word).with("known", known));
            }
        }
    }
    Accept::Media { kinds }
}

fn date(fields: &Fields<'_>) -> Option<Accept> {
    let bound = |field, default: &str| {
        let text = fields.string(field).unwrap_or_else(|| default.to_owned());
        let bound = DateBound::parse(&text);
        if bound.is_none() {
            fields.report(field, Text::new("flow-date-malformed").with("piece", text));
        }
        bound
    };
    let (min, max, opens) = (bound("min", "today-100y"), bound("max", "today+100y"), bound("opens", "today"));
    Some(Accept::Date { min: min?, max: max?, opens: opens? })
}
