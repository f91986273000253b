//! The files of the repository as texts, by path from the root.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
    process::Command,
};

/// Every text file that git knows or would add.
#[derive(Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// Reads the work tree: what is tracked and what is new, never what is ignored. Files that are no UTF-8
    /// text (pictures, spreadsheets) are left out.
    pub fn read(root: &Path) -> io::Result<Self> {
        let listed = Command::new("git")
            .current_dir(root)
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .output()?;
        if !listed.status.success() {
            return Err(io::Error::other("git ls-files failed; tidy runs in a git checkout"));
        }
        let mut files = BTreeMap::new();
        for path in String::from_utf8_lossy(&listed.stdout).split('\0').filter(|path| !path.is_empty()) {
            if let Ok(text) = std::fs::read_to_string(root.join(path)) {
                files.insert(path.to_owned(), text);
            }
        }
        Ok(Self { files })
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// The file at a path.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Path and text of every file whose path ends so (`.rs`), in the order of paths.
    pub fn ending(&self, end: &str) -> impl Iterator<Item = (&str, &str)> {
        let end = end.to_owned();
        self.files.iter().filter(move |(path, _)| path.ends_with(&end)).map(|(path, text)| (&**path, &**text))
    }

    /// Path and text of every file under a folder (`crates/sales/`), in the order of paths.
    pub fn under(&self, folder: &str) -> impl Iterator<Item = (&str, &str)> {
        let folder = folder.to_owned();
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(&folder))
            .map(|(path, text)| (&**path, &**text))
    }

    /// The folders' names under `crates/` that hold a manifest.
    pub fn crates(&self) -> BTreeSet<&str> {
        self.files
            .keys()
            .filter_map(|path| path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml"))
            .filter(|name| !name.contains('/'))
            .collect()
    }
}

/// The crate that a path lies in.
pub fn crate_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/")?.split('/').next()
}

/// The number of the first line that a test holds for; 1 where none does.
pub fn line_where(text: &str, holds: impl Fn(&str) -> bool) -> usize {
    text.lines().position(holds).map_or(1, |index| index + 1)
}

/// The number of the line that a byte of the text stands in.
pub fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Tree {
    fn from(files: [(&str, &str); N]) -> Self {
        Self { files: files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_are_the_folders_with_a_manifest() {
        let tree = Tree::from([
            ("crates/sales/Cargo.toml", ""),
            ("crates/sales/src/lib.rs", ""),
            ("crates/empty/README.md", ""),
            ("Cargo.toml", ""),
        ]);
        assert_eq!(tree.crates().into_iter().collect::<Vec<_>>(), ["sales"]);
        assert_eq!(crate_of("crates/sales/src/lib.rs"), Some("sales"));
        assert_eq!(crate_of("web/src/app.ts"), None);
    }

    #[test]
    fn lines_are_counted_from_one() {
        assert_eq!(line_at("a\nb\nc", 0), 1);
        assert_eq!(line_at("a\nb\nc", 4), 3);
        assert_eq!(line_where("a\nb", |line| line == "b"), 2);
        assert_eq!(line_where("a\nb", |line| line == "x"), 1);
    }
}
