//! Making a place of the document say something else, with as little change as does it.

use serde_json::{Map, Value};
use toml_edit::{Array, ArrayOfTables, Item, Key, RawString, Table, TableLike};

use super::{fresh, json, value_json};

/// Puts `value` at the end of `path`, below the keys `above`. `None` when something on the way is no table, or the value
/// cannot be written.
pub(super) fn at(table: &mut dyn TableLike, above: &[String], path: &[String], value: &Value) -> Option<()> {
    let (key, rest) = path.split_first()?;
    let place: Vec<String> = above.iter().chain([key]).cloned().collect();
    if rest.is_empty() {
        return field(table, &place, key, value);
    }
    if !table.contains_key(key) {
        field(table, &place, key, &Value::Object(Map::new()))?;
    }
    at(table.get_mut(key)?.as_table_like_mut()?, &place, rest, value)
}

/// Gives a table's child another name; it stays where it is. Done before is done.
pub(super) fn rename(table: &mut dyn TableLike, old: &str, new: &str) -> Option<()> {
    if new.is_empty() || table.contains_key(new) {
        return (!table.contains_key(old) && !new.is_empty()).then_some(());
    }
    let names: Vec<String> = table.iter().map(|(name, _)| name.to_owned()).collect();
    names.iter().find(|name| *name == old)?;
    for name in names {
        let (key, _) = table.get_key_value(&name)?;
        let key = if name == old {
            Key::new(new)
                .with_leaf_decor(key.leaf_decor().clone())
                .with_dotted_decor(key.dotted_decor().clone())
        } else {
            key.clone()
        };
        // Taken out and put in again, all of them stand in their old order.
        let item = table.remove(&name)?;
        table.entry_format(&key).or_insert(item);
    }
    Some(())
}

/// Moves a table's child before another one; where that is not there, it stays.
pub(super) fn stand_before(table: &mut dyn TableLike, key: &str, before: &str) {
    let Some(neighbour) = table.get(before) else { return };
    // Headings stand in the order of their positions, and of equal ones in that of the tree.
    let position = positions(neighbour).into_iter().min();
    if let (Some(own), Some(_)) = (table.get_mut(key).and_then(Item::as_table_mut), position) {
        own.set_position(position);
    }
    let names: Vec<String> =
        table.iter().map(|(name, _)| name.to_owned()).filter(|name| name != key).collect();
    let Some(moved) = take(table, key) else { return };
    let mut moved = Some(moved);
    for name in names {
        let Some((own_key, item)) = take(table, &name) else { continue };
        if name == before
            && let Some((moved_key, moved)) = moved.take()
        {
            table.entry_format(&moved_key).or_insert(moved);
        }
        table.entry_format(&own_key).or_insert(item);
    }
}

/// A child with its key, taken out.
fn take(table: &mut dyn TableLike, name: &str) -> Option<(Key, Item)> {
    let key = table.get_key_value(name)?.0.clone();
    Some((key, table.remove(name)?))
}

/// A child of a table.
fn field(table: &mut dyn TableLike, place: &[String], key: &str, value: &Value) -> Option<()> {
    if let Some(item) = table.get_mut(key).filter(|item| !item.is_none()) {
        return put(item, place, value);
    }
    // What dotted keys have begun cannot be gone on with under a heading.
    let mut item =
        if table.is_dotted() { Item::Value(fresh::value(value)?) } else { fresh::item(place, value)? };
    // Without a position it would come behind whatever the tree has before it, be that amid the headings of one step.
    if let Some(new) = item.as_table_mut() {
        new.set_position(table.iter().flat_map(|(_, neighbour)| positions(neighbour)).max());
    }
    table.insert(key, item);
    Some(())
}

/// Where the headings of an item and of all below it stand in the file.
fn positions(item: &Item) -> Vec<isize> {
    match item {
        Item::Table(table) => positions_of(table),
        Item::ArrayOfTables(tables) => tables.iter().flat_map(positions_of).collect(),
        _ => Vec::new(),
    }
}

fn positions_of(table: &Table) -> Vec<isize> {
    table.position().into_iter().chain(table.iter().flat_map(|(_, item)| positions(item))).collect()
}

/// Makes the item say `value`.
fn put(item: &mut Item, place: &[String], value: &Value) -> Option<()> {
    if json(item).as_ref() == Some(value) {
        return Some(());
    }
    match (item, value) {
        (Item::ArrayOfTables(tables), Value::Array(items)) if items.iter().all(Value::is_object) => {
            list_of_tables(tables, place, items)
        }
        (Item::Value(old), value) => in_place(old, value),
        (Item::Table(table), Value::Object(fields)) => merge(table, place, fields),
        (item, value) => {
            *item = fresh::item(place, value)?;
            Some(())
        }
    }
}

/// Makes a value say something else, with the comment behind it.
fn in_place(old: &mut toml_edit::Value, new: &Value) -> Option<()> {
    match (old, new) {
        (toml_edit::Value::InlineTable(table), Value::Object(fields)) => merge(table, &[], fields),
        (toml_edit::Value::Array(array), Value::Array(items)) => list(array, items),
        (old, new) => {
            let decor = old.decor().clone();
            *old = fresh::value(new)?;
            *old.decor_mut() = decor;
            Some(())
        }
    }
}

/// Makes a table have these fields and no others.
fn merge(table: &mut dyn TableLike, place: &[String], fields: &Map<String, Value>) -> Option<()> {
    let wanted = |name: &str| fields.get(name).is_some_and(|value| !value.is_null());
    let gone: Vec<String> =
        table.iter().map(|(name, _)| name.to_owned()).filter(|name| !wanted(name)).collect();
    for name in gone {
        table.remove(&name);
    }
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        let place: Vec<String> = place.iter().chain([name]).cloned().collect();
        field(table, &place, name, value)?;
    }
    Some(())
}

/// Makes a list say something else: what is the same at its beginning and its end stays untouched.
fn list(array: &mut Array, items: &[Value]) -> Option<()> {
    let old: Vec<Value> = array.iter().map(value_json).collect();
    let (start, from_old, from_new) = differing(&old, items);
    let both = from_old.len().min(from_new.len());
    for (offset, item) in from_new.iter().take(both).enumerate() {
        in_place(array.get_mut(start + offset)?, item)?;
    }
    for _ in both..from_old.len() {
        array.remove(start + both);
    }
    let lines = line_of(array)
        .or_else(|| (array.is_empty() && items.iter().any(Value::is_object)).then(|| fresh::LINE.to_owned()));
    for (offset, item) in from_new.iter().enumerate().skip(both) {
        let mut value = fresh::value(item)?;
        let position = start + offset;
        let suffix = if position == array.len() { take_end(array) } else { RawString::default() };
        value.decor_mut().set_prefix(lines.as_deref().unwrap_or(if position == 0 { "" } else { " " }));
        value.decor_mut().set_suffix(suffix);
        array.insert_formatted(position, value);
    }
    if lines.is_some() && old.is_empty() {
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    if lines.is_none() {
        for value in array.iter_mut().skip(1) {
            let has_room =
                value.decor().prefix().and_then(RawString::as_str).is_some_and(|room| !room.is_empty());
            if !has_room {
                value.decor_mut().set_prefix(" ");
            }
        }
    }
    Some(())
}

/// The line's beginning, where each item has a line of its own.
fn line_of(array: &Array) -> Option<String> {
    let prefix =
        array.iter().find_map(|value| value.decor().prefix()?.as_str().filter(|room| room.contains('\n')))?;
    prefix.rsplit_once('\n').map(|(_, room)| format!("\n{room}"))
}

/// What stands between the last item and the bracket, for the item that becomes the last one.
fn take_end(array: &mut Array) -> RawString {
    let Some(last) = array.len().checked_sub(1).and_then(|last| array.get_mut(last)) else {
        return RawString::default();
    };
    let end = last.decor().suffix().cloned().unwrap_or_default();
    last.decor_mut().set_suffix("");
    end
}

/// Tables under headings of their own, `[[…]]`.
fn list_of_tables(tables: &mut ArrayOfTables, place: &[String], items: &[Value]) -> Option<()> {
    let old: Vec<Value> = tables.iter().map(|table| Value::Object(super::fields(table))).collect();
    let (start, from_old, from_new) = differing(&old, items);
    let both = from_old.len().min(from_new.len());
    for (offset, item) in from_new.iter().take(both).enumerate() {
        merge(tables.get_mut(start + offset)?, place, item.as_object()?)?;
    }
    for _ in both..from_old.len() {
        tables.remove(start + both);
    }
    for (offset, item) in from_new.iter().enumerate().skip(both) {
        let mut table = Table::new();
        merge(&mut table, place, item.as_object()?)?;
        // Behind what stands before it in the list; the first one before them all.
        let position = start + offset;
        let before = tables.iter().take(position).flat_map(positions_of).max();
        table.set_position(before.or_else(|| tables.iter().flat_map(positions_of).min()));
        tables.insert(position, table);
    }
    Some(())
}

/// Where two lists begin to differ, and what of each differs.
fn differing<'a>(old: &'a [Value], new: &'a [Value]) -> (usize, &'a [Value], &'a [Value]) {
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let but_end = |all: &'a [Value]| all.get(..all.len() - end).unwrap_or_default();
    (start, but_end(old), but_end(new))
}
