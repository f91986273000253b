//! Tests of the check of texts.

use super::{super::finding::assert_findings, *};

const UZ: &str = "sales-empty = Boʻsh\nsales-count = { $count ->\n    *[other] { $count } ta\n}\n";
const RU: &str =
    "sales-empty = Пусто\nsales-count = { $count ->\n    [one] { $count }\n    *[other] { $count }\n}\n";
const EN: &str = "# A comment\nsales-empty = Empty\nsales-count = { $count } of them\n";

fn tree(rust: &str, template: &str) -> Tree {
    Tree::from([
        ("crates/sales/Cargo.toml", ""),
        ("crates/sales/src/pages.rs", rust),
        ("crates/sales/templates/page.html", template),
        ("crates/sales/texts/en.ftl", EN),
        ("crates/sales/texts/ru.ftl", RU),
        ("crates/sales/texts/uz.ftl", UZ),
    ])
}

#[test]
fn keys_used_in_rust_and_templates_are_enough() {
    assert_findings(
        check(&tree("Text::new(\"sales-count\").with(\"count\", f(1))", "<p>{{ p.t(\"sales-empty\") }}</p>")),
        &[],
    );
}

#[test]
fn a_crate_keeps_the_texts_of_crates_below_that_have_none() {
    let text = "text-a = A\nkernel-b = B\nsales-c = C\n";
    let tree = Tree::from([
        ("crates/kernel/Cargo.toml", ""),
        (
            "crates/kernel/src/lib.rs",
            "custom(\"text:kernel-b\") \"text-a\" \"sales-c\" custom(\"text:kernel-x\")",
        ),
        ("crates/sales/Cargo.toml", ""),
        ("crates/text/Cargo.toml", ""),
        ("crates/text/texts/en.ftl", text),
        ("crates/text/texts/ru.ftl", text),
        ("crates/text/texts/uz.ftl", text),
    ]);
    assert_findings(
        check(&tree),
        &[
            "crates/text/texts/uz.ftl:3: `sales-c`: keys of this crate begin with `text-`",
            "crates/text/texts/ru.ftl:3: `sales-c`: keys of this crate begin with `text-`",
            "crates/text/texts/en.ftl:3: `sales-c`: keys of this crate begin with `text-`",
            "crates/kernel/src/lib.rs:1: no message has the key `kernel-x`",
        ],
    );
}

#[test]
fn a_key_that_no_message_has_is_found() {
    assert_findings(
        check(&tree(
            "a(\"sales-empty\", \"sales-count\", \"sales-cuont\", \"sales-Order\");\nText::new(\n    \"sales-emty\",\n)",
            "<p>\n{% if a %}{{ p.t(\"sales-gone\") }}{{ f(\"other\") }}{% endif %}",
        )),
        &[
            "crates/sales/src/pages.rs:1: no message has the key `sales-cuont`",
            "crates/sales/src/pages.rs:3: no message has the key `sales-emty`",
            "crates/sales/templates/page.html:2: no message has the key `sales-gone`",
        ],
    );
}

#[test]
fn an_argument_that_the_message_does_not_take_is_found() {
    assert_findings(
        check(&tree(
            "Text::new(\"sales-count\").with(\"count\", n(\")\")).with(\"cuont\", 2); \"sales-empty\"",
            "",
        )),
        &["crates/sales/src/pages.rs:1: `sales-count` takes $count, not $cuont"],
    );
}

#[test]
fn a_message_that_only_tests_use_is_unused() {
    assert_findings(
        check(&tree("\"sales-count\"\n#[cfg(test)]\nmod tests { \"sales-empty\" }", "<p>sales-empty</p>")),
        &["crates/sales/texts/uz.ftl:1: nothing uses `sales-empty`"],
    );
}

#[test]
fn languages_have_the_same_keys_and_arguments() {
    let tree = Tree::from([
        ("crates/sales/Cargo.toml", ""),
        ("crates/sales/src/lib.rs", "\"sales-a\" \"sales-b\""),
        ("crates/sales/texts/en.ftl", "sales-a = { $name }\nother-b = B\n"),
        ("crates/sales/texts/ru.ftl", "sales-a = { $nmae }\nsales-b = { sales-a }\n"),
        ("crates/sales/texts/uz.ftl", "sales-a = { $name }\nsales-b = B\nsales-b = C\n= D\n"),
    ]);
    let mut found = check(&tree);
    found.sort();
    assert_findings(
        found,
        &[
            "crates/sales/texts/en.ftl:2: `other-b` is not in uz.ftl",
            "crates/sales/texts/en.ftl:2: `other-b`: keys of this crate begin with `sales-`",
            "crates/sales/texts/ru.ftl:1: `sales-a` takes $nmae, in uz.ftl $name",
            "crates/sales/texts/uz.ftl:2: `sales-b` is not in en.ftl",
            "crates/sales/texts/uz.ftl:2: `sales-b` stands twice",
            "crates/sales/texts/uz.ftl:4: Expected one of \"a-zA-Z\"",
        ],
    );
}
