//! Files of older formats, lifted to the one that is read. The table is changed after it was parsed, so faults are still
//! named by the lines of the file as it stands, and a published version keeps answering under a newer program.

use toml::de::DeTable;

use super::fields::whole;

/// Changes a table of one format to the next.
type Lift = fn(&mut DeTable<'_>);

/// What leads from each format to the next: the first from 1 to 2. There is one format so far.
const LIFTS: &[Lift] = &[];

/// Lifts the table of a file. `None` when it says no format, or one that is not known; otherwise it can be read as
/// [`crate::FORMAT`].
pub(super) fn lift(table: &mut DeTable<'_>) -> Option<()> {
    lift_by(table, LIFTS)
}

fn lift_by(table: &mut DeTable<'_>, lifts: &[Lift]) -> Option<()> {
    let format = table.get("format").and_then(|format| whole(format.get_ref()))?;
    let passed = usize::try_from(format).ok()?.checked_sub(1)?;
    lifts.get(passed..)?.iter().for_each(|lift| lift(table));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FORMAT;

    /// What `start` of an old format would be called in the next.
    fn rename(table: &mut DeTable<'_>) {
        if let Some((name, value)) = table.remove_entry("begin") {
            let name = toml::Spanned::new(name.span(), "start".into());
            table.insert(name, value);
        }
    }

    fn lifted(source: &str, lifts: &[Lift]) -> Option<Vec<String>> {
        let (mut table, _) = DeTable::parse_recoverable(source);
        lift_by(table.get_mut(), lifts)?;
        Some(table.get_ref().keys().map(|name| name.get_ref().to_string()).collect())
    }

    #[test]
    fn an_old_file_is_lifted_step_by_step_and_a_new_one_is_left_as_it_is() {
        let old = "format = 1\nbegin = 'a'";
        assert_eq!(lifted(old, &[rename]), Some(vec!["format".to_owned(), "start".to_owned()]));
        assert_eq!(lifted("format = 2\nbegin = 'a'", &[rename]).unwrap(), ["begin", "format"]);
    }

    #[test]
    fn a_file_of_no_format_or_a_later_one_is_refused() {
        for source in
            ["", "format = 'x'", "format = 0", "format = -1", "format = 3", "format = 99999999999999999999"]
        {
            assert_eq!(lifted(source, &[rename]), None, "{source}");
        }
        assert_eq!(i64::try_from(LIFTS.len()).unwrap() + 1, FORMAT);
    }
}
