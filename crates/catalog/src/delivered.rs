//! The catalog items that come with the program, for a university (SPEC APPLY-1, seed 004). Pure.

use kernel::{Error, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::{ItemKind, Names, NewItem};

const FILE: &str = include_str!("../data/items.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    track: Vec<Row>,
    direction: Vec<Row>,
    region: Vec<Row>,
    subject: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: String,
    name_uz: String,
    name_ru: String,
    name_en: String,
    icon: Option<String>,
    diploma: Option<String>,
    track: Option<String>,
}

/// The items of `data/items.toml`, in the order in which they are to be offered: 2 tracks, 8 directions (3 with the
/// Italian diploma, 5 with the Uzbek: `diploma` in their metadata, and the code of their `track`), 14 regions, 8
/// subjects. For [`crate::ensure_items`].
pub fn delivered_items() -> Result<Vec<NewItem>> {
    let File { track, direction, region, subject } = toml::from_str(FILE).map_err(Error::internal)?;
    let parts = [
        (ItemKind::Track, track),
        (ItemKind::Direction, direction),
        (ItemKind::Region, region),
        (ItemKind::Subject, subject),
    ];
    Ok(parts.into_iter().flat_map(|(kind, rows)| rows.into_iter().map(move |row| item(kind, row))).collect())
}

fn item(kind: ItemKind, row: Row) -> NewItem {
    let Row { code, name_uz, name_ru, name_en, icon, diploma, track } = row;
    let names = Names { uz: name_uz, ru: Some(name_ru), en: Some(name_en) };
    let mut item = NewItem::new(kind, code, &names);
    for (key, text) in [("icon", icon), ("diploma", diploma), ("track", track)] {
        if let Some(text) = text {
            item.metadata.insert(key.to_owned(), Value::String(text));
        }
    }
    item
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::product::code_key;

    #[test]
    fn there_are_as_many_as_the_specification_says_and_each_is_whole() {
        let items = delivered_items().unwrap();
        let count = |kind| items.iter().filter(|item| item.kind == kind).count();
        assert_eq!(ItemKind::ALL.iter().map(|kind| count(*kind)).collect::<Vec<_>>(), [0, 8, 14, 2, 8]);
        let codes: HashSet<String> = items.iter().map(|item| code_key(&item.code)).collect();
        assert_eq!(codes.len(), items.len(), "a code stands twice");
        for item in &items {
            assert_eq!(&item.clone().checked().unwrap(), item);
            assert!(
                ["name_ru", "name_en"].iter().all(|key| item.metadata.contains_key(*key)),
                "{}",
                item.code
            );
        }
    }

    #[test]
    fn a_direction_says_its_diploma_and_the_track_that_leads_to_it() {
        let items = delivered_items().unwrap();
        let text =
            |item: &NewItem, key: &str| item.metadata.get(key).and_then(Value::as_str).unwrap().to_owned();
        let directions: Vec<_> = items.iter().filter(|item| item.kind == ItemKind::Direction).collect();
        let of = |diploma: &str| directions.iter().filter(|item| text(item, "diploma") == diploma).count();
        assert_eq!((of("italian"), of("uzbek")), (3, 5));
        for direction in directions {
            let code = text(direction, "track");
            let track = items.iter().find(|item| item.kind == ItemKind::Track && item.code == code).unwrap();
            assert_eq!(text(track, "diploma"), text(direction, "diploma"), "{}", direction.code);
            assert!(text(direction, "name_uz").ends_with(&text(track, "icon")), "{}", direction.code);
        }
    }
}
