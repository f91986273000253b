//! Create, rename, move and delete categories.

use context::{Ctx, Event, Permission, hold_numbers, next_number};
use db::Tx;
use kernel::{Checks, Error, Id, Kind, Result, Text};
use serde::{Deserialize, Serialize};

use crate::{
    Category, Names, Tree,
    category::{CATEGORIES_AT_MOST, CATEGORY_DEPTH, CATEGORY_NAME_CHARS, name_key},
    events, store,
};

/// What people write into a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryContent {
    /// What it is called.
    pub name: Names,
    /// What it stands under; none for the top.
    pub parent: Option<Id<Category>>,
    /// Its place among its siblings; equal places are ordered by name.
    pub position: i32,
}

/// The tree without counts: enough to check a change.
fn tree(ctx: &Ctx, tx: &mut Tx) -> Result<Tree> {
    Ok(Tree::new(store::categories::list(ctx, tx)?, &Default::default()))
}

/// Adds a category.
pub fn create_category(ctx: &Ctx, tx: &mut Tx, content: CategoryContent) -> Result<Category> {
    ctx.require(Permission::InventoryCreate)?;
    let tree = tree(ctx, tx)?;
    let content = checked(&tree, content, None)?;
    insert(ctx, tx, &tree, content)
}

fn insert(ctx: &Ctx, tx: &mut Tx, tree: &Tree, content: CategoryContent) -> Result<Category> {
    if tree.nodes().len() >= CATEGORIES_AT_MOST {
        return Err(Error::conflict(
            Text::new("catalog-categories-too-many").with("max", CATEGORIES_AT_MOST),
        ));
    }
    let CategoryContent { name, parent, position } = content;
    let number = next_number(ctx, tx, "category")?;
    let category = Category { id: ctx.new_id(), number, parent, position, name };
    store::categories::insert(ctx, tx, &category)?;
    ctx.audit_new(tx, "category.create", "category", category.id, &category)?;
    ctx.emit(tx, Event::new(events::CATEGORY_CHANGED, category.id))?;
    Ok(category)
}

/// Renames or moves a category. It cannot go under itself or what stands under it.
pub fn update_category(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Category>,
    content: CategoryContent,
) -> Result<Category> {
    ctx.require(Permission::InventoryEdit)?;
    let tree = tree(ctx, tx)?;
    let before = tree.get(id).ok_or_else(Error::not_found)?.category.clone();
    let CategoryContent { name, parent, position } = checked(&tree, content, Some(id))?;
    let after = Category { name, parent, position, ..before.clone() };
    if after == before {
        return Ok(after);
    }
    store::categories::update(ctx, tx, &after)?;
    ctx.audit(tx, "category.change", "category", id, Some(&before), Some(&after))?;
    ctx.emit(tx, Event::new(events::CATEGORY_CHANGED, id))?;
    Ok(after)
}

/// Deletes a category in which and under which nothing stands.
pub fn delete_category(ctx: &Ctx, tx: &mut Tx, id: Id<Category>) -> Result<()> {
    ctx.require(Permission::InventoryDelete)?;
    let tree = tree(ctx, tx)?;
    let node = tree.get(id).ok_or_else(Error::not_found)?;
    if node.has_children || store::categories::has_products(ctx, tx, id)? {
        return Err(Error::conflict(Text::new("catalog-category-not-empty")));
    }
    store::categories::set_deleted_products_free(ctx, tx, id)?;
    store::categories::delete(ctx, tx, id)?;
    ctx.audit(tx, "category.delete", "category", id, Some(&node.category), None::<&()>)?;
    ctx.emit(tx, Event::new(events::CATEGORY_CHANGED, id))
}

/// The category at a path, its missing levels made. Each level is looked for by any of its names; `path` holds the
/// levels from the top, at least one. What is found is taken as it is, under its stored names.
pub fn ensure_category(ctx: &Ctx, tx: &mut Tx, path: &[Names]) -> Result<Id<Category>> {
    ctx.require(Permission::InventoryRead)?;
    match tree(ctx, tx)?.at(path) {
        Some(found) => Ok(found),
        None => make(ctx, tx, path),
    }
}

/// The categories at many paths, found or made as [`ensure_category`] does each. A path that is refused is refused alone
/// and leaves none of its levels behind.
pub fn ensure_categories(ctx: &Ctx, tx: &mut Tx, paths: &[Vec<Names>]) -> Result<Vec<Result<Id<Category>>>> {
    ctx.require(Permission::InventoryRead)?;
    let mut tree = tree(ctx, tx)?;
    let mut out = Vec::with_capacity(paths.len());
    for path in paths {
        if let Some(found) = tree.at(path) {
            out.push(Ok(found));
            continue;
        }
        match tx.savepoint(|tx| make(ctx, tx, path)) {
            Err(error) if !matches!(error.kind(), Kind::Invalid | Kind::Conflict) => return Err(error),
            made => out.push(made),
        }
        tree = self::tree(ctx, tx)?;
    }
    Ok(out)
}

/// Makes what is missing of a path. Whoever makes a category at this moment is waited for first.
fn make(ctx: &Ctx, tx: &mut Tx, path: &[Names]) -> Result<Id<Category>> {
    ctx.require(Permission::InventoryCreate)?;
    hold_numbers(ctx, tx, "category")?;
    let mut tree = tree(ctx, tx)?;
    let mut parent = None;
    for name in path {
        if let Some(found) = tree.called(parent, name) {
            parent = Some(found);
            continue;
        }
        let content = CategoryContent { name: name.clone(), parent, position: 0 };
        let content = checked(&tree, content, None)?;
        parent = Some(insert(ctx, tx, &tree, content)?.id);
        tree = self::tree(ctx, tx)?;
    }
    parent.ok_or_else(|| Error::invalid(Text::new("catalog-category-unknown")))
}

/// The content, tidied; refuses an unknown parent, a circle, a tree that is too deep, a name that a sibling has.
fn checked(tree: &Tree, content: CategoryContent, own: Option<Id<Category>>) -> Result<CategoryContent> {
    let CategoryContent { name, parent, position } = content;
    let mut checks = Checks::new();
    let name = name.checked(&mut checks, "name", CATEGORY_NAME_CHARS);
    let unpathable = name.all().any(|name| name.contains('>'));
    checks.hold(!unpathable, "name", Text::new("catalog-category-name-has-arrow"));
    if let Some(parent) = parent {
        checks.hold(tree.get(parent).is_some(), "parent", Text::new("catalog-category-unknown"));
        let circle = own.is_some_and(|own| tree.with_descendants(own).contains(&parent));
        checks.hold(!circle, "parent", Text::new("catalog-category-circle"));
    }
    let above = parent.and_then(|parent| tree.get(parent)).map_or(0, |node| node.depth + 1);
    let height = own.map_or(1, |own| tree.height(own).max(1));
    let words = Text::new("catalog-category-too-deep").with("max", CATEGORY_DEPTH);
    checks.hold(above + height <= CATEGORY_DEPTH, "parent", words);
    let key = name_key(&name.uz);
    let taken = tree
        .children(parent)
        .any(|node| Some(node.category.id) != own && name_key(&node.category.name.uz) == key);
    checks.hold(!taken, "name", Text::new("catalog-category-name-taken").with("name", &name.uz));
    checks.done()?;
    Ok(CategoryContent { name, parent, position })
}
