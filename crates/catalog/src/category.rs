//! The tree of categories. Pure.

use std::collections::{HashMap, HashSet};

use kernel::{Id, Lang};
use serde::Serialize;

use crate::Names;

/// Characters of a category's name: it is a button in a chat.
pub const CATEGORY_NAME_CHARS: usize = 100;
/// Levels of the tree. Nobody finds anything deeper.
pub const CATEGORY_DEPTH: usize = 8;
/// Categories of one workspace: the whole tree is read at once.
pub const CATEGORIES_AT_MOST: usize = 2_000;
/// What stands between the levels of a path.
pub const PATH_SEPARATOR: &str = " > ";

/// A place in the tree of products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Category {
    /// Its id.
    pub id: Id<Category>,
    /// The integer that the REST API shows as `id`.
    pub number: i64,
    /// What it stands under; none at the top.
    pub parent: Option<Id<Category>>,
    /// Its place among its siblings; equal places are ordered by name.
    pub position: i32,
    /// What it is called.
    pub name: Names,
}

/// The name as siblings are compared by it: folded, so that both scripts and every apostrophe are one.
pub(crate) fn name_key(name: &str) -> String {
    let folded = uztext::fold(name);
    if folded.is_empty() { name.to_lowercase() } else { folded }
}

/// The categories of a workspace, top down, siblings in their order.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    places: HashMap<Id<Category>, usize>,
}

/// A category in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The category.
    pub category: Category,
    /// Levels above it: 0 at the top.
    pub depth: usize,
    /// Products on sale that stand directly in it.
    pub own_products: i64,
    /// Products on sale in it and under it.
    pub products: i64,
    /// Whether categories stand under it.
    pub has_children: bool,
}

impl Tree {
    /// Orders `categories` into a tree; `products` says how many stand directly in which.
    pub fn new(mut categories: Vec<Category>, products: &HashMap<Id<Category>, i64>) -> Self {
        categories.sort_by_cached_key(|c| (c.position, uztext::sort_key(&c.name.uz), c.number));
        let mut under: HashMap<Option<Id<Category>>, Vec<Category>> = HashMap::new();
        for category in categories {
            under.entry(category.parent).or_default().push(category);
        }
        let mut tree = Self::default();
        tree.add(None, 0, &mut under, products);
        tree
    }

    fn add(
        &mut self,
        parent: Option<Id<Category>>,
        depth: usize,
        under: &mut HashMap<Option<Id<Category>>, Vec<Category>>,
        products: &HashMap<Id<Category>, i64>,
    ) -> i64 {
        let mut sum = 0;
        // Taken out, so that a cycle in the rows could not loop here.
        for category in under.remove(&parent).unwrap_or_default() {
            let (id, place) = (category.id, self.nodes.len());
            let own = products.get(&id).copied().unwrap_or(0);
            let has_children = under.contains_key(&Some(id));
            self.nodes.push(Node { category, depth, own_products: own, products: own, has_children });
            self.places.insert(id, place);
            let below = self.add(Some(id), depth + 1, under, products);
            if let Some(node) = self.nodes.get_mut(place) {
                node.products += below;
                sum += node.products;
            }
        }
        sum
    }

    /// Every category, parents before their children.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The category with this id.
    pub fn get(&self, id: Id<Category>) -> Option<&Node> {
        self.places.get(&id).and_then(|place| self.nodes.get(*place))
    }

    /// The category with this number.
    pub fn by_number(&self, number: i64) -> Option<&Node> {
        self.nodes.iter().find(|node| node.category.number == number)
    }

    /// What stands directly under `parent`, in order; the top for none.
    pub fn children(&self, parent: Option<Id<Category>>) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(move |node| node.category.parent == parent)
    }

    /// The category and everything under it.
    pub fn with_descendants(&self, id: Id<Category>) -> Vec<Id<Category>> {
        let mut found = HashSet::new();
        let mut out = Vec::new();
        for node in &self.nodes {
            let Category { id: own, parent, .. } = &node.category;
            if *own == id || parent.is_some_and(|parent| found.contains(&parent)) {
                found.insert(*own);
                out.push(*own);
            }
        }
        out
    }

    /// The category and what it stands under, from the top down.
    pub fn line(&self, id: Id<Category>) -> Vec<&Node> {
        let mut line: Vec<&Node> = Vec::new();
        let mut next = Some(id);
        while let Some(node) = next.and_then(|id| self.get(id)) {
            line.push(node);
            next = node.category.parent;
        }
        line.reverse();
        line
    }

    /// The path for a reader of `lang`: `Maishiy texnika > Muzlatkichlar`.
    pub fn path(&self, id: Id<Category>, lang: Lang) -> String {
        let names: Vec<_> = self.line(id).iter().map(|node| node.category.name.get(lang)).collect();
        names.join(PATH_SEPARATOR)
    }

    /// Levels from `id` down to the deepest under it: 1 for a leaf.
    pub fn height(&self, id: Id<Category>) -> usize {
        let Some(top) = self.get(id) else { return 0 };
        let below = self.with_descendants(id);
        below.iter().filter_map(|id| self.get(*id)).map(|node| node.depth - top.depth + 1).max().unwrap_or(1)
    }

    /// The child of `parent` that is called `name` in any language, whatever script and apostrophes.
    pub fn named(&self, parent: Option<Id<Category>>, name: &str) -> Option<&Node> {
        let key = name_key(name);
        let mut children = self.children(parent);
        children.find(|node| node.category.name.all().any(|name| name_key(name) == key))
    }

    /// The child of `parent` that has one of these names.
    pub(crate) fn called(&self, parent: Option<Id<Category>>, names: &Names) -> Option<Id<Category>> {
        names.all().find_map(|name| self.named(parent, name)).map(|node| node.category.id)
    }

    /// The category at a path whose levels are all there.
    pub(crate) fn at(&self, path: &[Names]) -> Option<Id<Category>> {
        path.iter().try_fold(None, |parent, names| self.called(parent, names).map(Some)).flatten()
    }
}

/// The levels of a written path: `A > B` gives `A`, `B`; empty levels are dropped.
pub fn levels(path: &str) -> Vec<&str> {
    path.split('>').map(str::trim).filter(|level| !level.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(number: u32, parent: Option<u32>, name: &str) -> Category {
        let id = |n: u32| Id::from_uuid(uuid::Uuid::from_u128(u128::from(n)));
        Category {
            id: id(number),
            number: i64::from(number),
            parent: parent.map(id),
            position: 0,
            name: Names::uz(name),
        }
    }

    fn tree() -> Tree {
        let rows = vec![
            category(3, Some(1), "Muzlatkichlar"),
            category(1, None, "Maishiy texnika"),
            category(2, None, "Audio"),
            category(4, Some(1), "Konditsionerlar"),
            category(5, Some(3), "Sovutgichlar"),
        ];
        let products = rows.iter().map(|c| (c.id, c.number * 10)).collect();
        Tree::new(rows, &products)
    }

    #[test]
    fn parents_stand_before_their_children_and_count_what_is_under_them() {
        let tree = tree();
        let seen: Vec<_> =
            tree.nodes().iter().map(|n| (n.category.name.uz.as_str(), n.depth, n.products)).collect();
        assert_eq!(
            seen,
            [
                ("Audio", 0, 20),
                ("Maishiy texnika", 0, 130),
                ("Konditsionerlar", 1, 40),
                ("Muzlatkichlar", 1, 80),
                ("Sovutgichlar", 2, 50),
            ]
        );
    }

    #[test]
    fn paths_and_names_are_found_in_either_script() {
        let tree = tree();
        let top = tree.named(None, "маиший ТЕХНИКА").unwrap().category.id;
        let fridges = tree.named(Some(top), "muzlatkichlar").unwrap().category.id;
        assert_eq!(tree.path(fridges, Lang::Uz), "Maishiy texnika > Muzlatkichlar");
        assert_eq!((tree.height(top), tree.with_descendants(top).len()), (3, 4));
        assert_eq!(levels(" A >B > "), ["A", "B"]);
    }

    #[test]
    fn rows_in_a_circle_are_left_out_and_do_not_hang() {
        let tree = Tree::new(vec![category(1, Some(2), "A"), category(2, Some(1), "B")], &HashMap::new());
        assert_eq!(tree.nodes().len(), 0);
    }
}
