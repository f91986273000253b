//! A workspace: the company or institution whose rows stand apart from everybody else's. Pure.

use kernel::{Lang, Phone, Timestamp, Tin, WorkspaceId, Zone};

/// A tenant of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceRecord {
    /// Its id.
    pub id: WorkspaceId,
    /// What it is called.
    pub name: String,
    /// Its name in addresses: small Latin letters, digits and dashes; one on the server.
    pub slug: String,
    /// The language of what is nobody's in particular: receipts, the first words of a bot.
    pub lang: Lang,
    /// Where its day begins.
    pub zone: Zone,
    /// What the tax office knows it by.
    pub tin: Option<Tin>,
    /// Its phone.
    pub phone: Option<Phone>,
    /// Its address, in words.
    pub address: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// Characters of a slug at most; longer names are cut at a dash.
const SLUG_AT_MOST: usize = 48;

/// The slug that a name suggests: `“Yulduz Savdo” MChJ` → `yulduz-savdo-mchj`, `Ёрқин` → `yorqin`. Never empty.
pub fn suggested_slug(name: &str) -> String {
    let latin = uztext::cyrillic_to_latin(name).to_lowercase();
    let mut slug = String::new();
    for c in latin.chars().filter(|c| !uztext::is_apostrophe(*c)) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= SLUG_AT_MOST {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "workspace".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(suggested_slug(name), expected);
    }

    #[test]
    fn a_name_suggests_a_slug_of_plain_letters() {
        check("“Yulduz Savdo” MChJ", "yulduz-savdo-mchj");
        check("Oʻzbekiston Goʻzali", "ozbekiston-gozali");
        check("Ёрқин Савдо", "yorqin-savdo");
        check("  ---  ", "workspace");
        check("商店", "workspace");
        assert_eq!(suggested_slug(&"a".repeat(500)).len(), SLUG_AT_MOST);
    }
}
