//! The delivered blueprints, each held by a small host in memory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::inconsistent_digit_grouping
)]

mod admissions;
mod desk;
mod fake_shop;
mod kept;
mod meanwhile;
mod problems;
mod restaurant;
mod steps;
mod support;
mod transcripts;
mod university;
mod walks;

use flow::{Blueprint, shop};

/// The shop blueprint, read once for all tests of this binary.
pub fn shop_blueprint() -> &'static Blueprint {
    static SHOP: std::sync::OnceLock<Blueprint> = std::sync::OnceLock::new();
    SHOP.get_or_init(|| match Blueprint::load("shop.toml", shop::BLUEPRINT, shop::ACTIONS) {
        Ok(blueprint) => blueprint,
        Err(problems) => {
            let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{}", all.join("\n"))
        }
    })
}

#[test]
fn the_shop_blueprint_has_no_fault() {
    assert_eq!(shop_blueprint().id(), "shop");
    assert!(shop_blueprint().commands(kernel::Lang::Ru).contains(&("cart", "Корзина".to_owned())));
    assert_eq!(shop_blueprint().name(kernel::Lang::Uz), "Doʻkon yordamchisi");
}
