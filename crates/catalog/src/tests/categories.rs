//! Categories: the tree, its moves and what it refuses.

use db::{db_test, testing::TestDb};
use kernel::{Id, Kind, Lang, PageRequest};

use super::{content, ctx, refused, run};
use crate::{
    Category, CategoryContent, Names, categories, create_category, create_product, delete_category,
    delete_product, ensure_category, products_in_category, update_category,
};

fn add(db: &TestDb, ctx: &context::Ctx, name: &str, parent: Option<Id<Category>>) -> Category {
    let content = CategoryContent { name: Names::uz(name), parent, position: 0 };
    run(db, ctx, move |ctx, tx| create_category(ctx, tx, content.clone())).unwrap()
}

#[db_test]
fn products_are_counted_and_listed_up_the_tree(db: &TestDb) {
    let ctx = ctx(1);
    let top = add(db, &ctx, "Texnika", None);
    let below = add(db, &ctx, "Muzlatkichlar", Some(top.id));
    for (code, category, active) in [("1", top.id, true), ("2", below.id, true), ("3", below.id, false)] {
        let mut content = content(code, code, 1);
        (content.category, content.active) = (Some(category), active);
        run(db, &ctx, move |ctx, tx| create_product(ctx, tx, content.clone())).unwrap();
    }
    let tree = run(db, &ctx, |ctx, tx| categories(ctx, tx)).unwrap();
    let counts: Vec<_> =
        tree.nodes().iter().map(|n| (n.category.number, n.own_products, n.products)).collect();
    assert_eq!(counts, [(1, 1, 2), (2, 1, 1)]);
    let id = top.id;
    let listed =
        run(db, &ctx, move |ctx, tx| products_in_category(ctx, tx, id, PageRequest::default())).unwrap();
    let codes: Vec<_> = listed.results.iter().map(|p| p.code.as_str()).collect();
    assert_eq!(codes, ["1", "2"]);
}

#[db_test]
fn a_path_is_found_or_made_level_by_level_in_any_language(db: &TestDb) {
    let ctx = ctx(1);
    let path = |levels: &[(&str, &str)]| -> Vec<Names> {
        let names = |(uz, ru): &(&str, &str)| Names { ru: Some((*ru).to_owned()), ..Names::uz(*uz) };
        levels.iter().map(names).collect()
    };
    let first = path(&[("Maishiy texnika", "Бытовая техника"), ("Muzlatkichlar", "Холодильники")]);
    let same = vec![Names::uz("БЫТОВАЯ ТЕХНИКА"), Names::uz("muzlatkichlar")];
    let made = run(db, &ctx, move |ctx, tx| {
        let made = ensure_category(ctx, tx, &first)?;
        assert_eq!(ensure_category(ctx, tx, &same)?, made);
        Ok(made)
    })
    .unwrap();
    let tree = run(db, &ctx, |ctx, tx| categories(ctx, tx)).unwrap();
    assert_eq!(tree.nodes().len(), 2);
    assert_eq!(tree.path(made, Lang::Ru), "Бытовая техника > Холодильники");
    assert_eq!(tree.path(made, Lang::En), "Maishiy texnika > Muzlatkichlar");
}

#[db_test]
fn a_circle_a_twin_and_a_tree_that_is_too_deep_are_refused(db: &TestDb) {
    let ctx = ctx(1);
    let top = add(db, &ctx, "Texnika", None);
    let below = add(db, &ctx, "Audio", Some(top.id));
    let put = |id: Id<Category>, name: &'static str, parent: Option<Id<Category>>| {
        run(db, &ctx, move |ctx, tx| {
            let content = CategoryContent { name: Names::uz(name), parent, position: 0 };
            update_category(ctx, tx, id, content)
        })
    };
    assert_eq!(refused(put(top.id, "Texnika", Some(below.id))), ["parent: catalog-category-circle"]);
    assert_eq!(refused(put(top.id, "Texnika", Some(top.id))), ["parent: catalog-category-circle"]);
    assert_eq!(refused(put(top.id, "a > b", None)), ["name: catalog-category-name-has-arrow"]);
    assert_eq!(refused(put(top.id, " ", None)), ["name: kernel-text-missing"]);
    let other = Id::from_uuid(uuid::Uuid::from_u128(77));
    assert_eq!(refused(put(top.id, "Texnika", Some(other))), ["parent: catalog-category-unknown"]);
    let twin = CategoryContent { name: Names::uz("ТЕХНИКА"), parent: None, position: 3 };
    let outcome = run(db, &ctx, move |ctx, tx| create_category(ctx, tx, twin.clone()));
    assert_eq!(refused(outcome), ["name: catalog-category-name-taken"]);
    let mut deepest = below.id;
    for level in 3..=8 {
        deepest = add(db, &ctx, &format!("Daraja {level}"), Some(deepest)).id;
    }
    let deeper = CategoryContent { name: Names::uz("Yana"), parent: Some(deepest), position: 0 };
    let outcome = run(db, &ctx, move |ctx, tx| create_category(ctx, tx, deeper.clone()));
    assert_eq!(refused(outcome), ["parent: catalog-category-too-deep"]);
    assert_eq!(put(below.id, "Ovoz", None).unwrap().parent, None);
}

#[db_test]
fn only_an_empty_category_is_deleted(db: &TestDb) {
    let ctx = ctx(1);
    let top = add(db, &ctx, "Texnika", None).id;
    let below = add(db, &ctx, "Audio", Some(top)).id;
    let mut content = content("1", "A", 1);
    content.category = Some(below);
    let product = run(db, &ctx, move |ctx, tx| create_product(ctx, tx, content.clone())).unwrap().id;
    let remove = |id| run(db, &ctx, move |ctx, tx| delete_category(ctx, tx, id));
    assert_eq!(remove(top).unwrap_err().text().key(), "catalog-category-not-empty");
    assert_eq!(remove(below).unwrap_err().text().key(), "catalog-category-not-empty");
    run(db, &ctx, move |ctx, tx| delete_product(ctx, tx, product)).unwrap();
    remove(below).unwrap();
    let theirs = run(db, &super::ctx(2), move |ctx, tx| delete_category(ctx, tx, top));
    assert_eq!(theirs.unwrap_err().kind(), Kind::NotFound);
    remove(top).unwrap();
    assert_eq!(remove(top).unwrap_err().kind(), Kind::NotFound);
}
