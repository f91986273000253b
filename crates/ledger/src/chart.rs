//! The standard chart, read from `data/nsbu21.tsv`. Pure.

use kernel::{Error, Result};

use crate::{AccountKind, Names};

const TABLE: &str = include_str!("../data/nsbu21.tsv");

/// A row of the standard chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StandardAccount {
    pub(crate) code: &'static str,
    pub(crate) kind: AccountKind,
    pub(crate) name: Names,
    pub(crate) postable: bool,
}

/// Every account of NSBU 21 that we start with, in the order of the file.
pub(crate) fn standard() -> Result<Vec<StandardAccount>> {
    TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(read).collect()
}

fn read(line: &'static str) -> Result<StandardAccount> {
    let mut cells = line.split('\t');
    let mut cell =
        || cells.next().ok_or_else(|| Error::internal(format!("the chart: {line:?} is too short")));
    let (code, kind, uz, ru, en) = (cell()?, cell()?, cell()?, cell()?, cell()?);
    let kind: AccountKind = kind.parse()?;
    let own = |text: &str| text.to_owned();
    let postable = kind == AccountKind::OffBalance || !code.ends_with("00");
    Ok(StandardAccount { code, kind, name: Names { uz: own(uz), ru: own(ru), en: own(en) }, postable })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Role;

    #[test]
    fn every_account_stands_once_in_a_group_and_has_three_names() {
        let chart = standard().unwrap();
        assert!(chart.len() >= 100, "{}", chart.len());
        let codes: BTreeSet<_> = chart.iter().map(|account| account.code).collect();
        assert_eq!(codes.len(), chart.len(), "a code stands twice");
        for StandardAccount { code, kind, name: Names { uz, ru, en }, postable } in &chart {
            assert!(!uz.is_empty() && !ru.is_empty() && !en.is_empty(), "{code}");
            if *kind != AccountKind::OffBalance && *postable {
                let group = format!("{}00", code.get(..2).unwrap());
                assert!(codes.contains(group.as_str()), "{code} has no group {group}");
            }
        }
    }

    #[test]
    fn every_role_stands_for_an_account_that_can_be_posted_to() {
        let chart = standard().unwrap();
        for role in Role::ALL {
            let account = chart.iter().find(|account| account.code == role.default_code());
            assert!(account.is_some_and(|account| account.postable), "{role:?}");
        }
    }
}
