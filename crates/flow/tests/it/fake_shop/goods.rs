//! What the shop in memory sells.

/// A product and how many there are.
pub struct Product {
    pub id: &'static str,
    pub names: [&'static str; 3],
    pub category: &'static str,
    pub price_tiyin: i64,
    pub old_price_tiyin: Option<i64>,
    pub stock: i64,
    pub sold: bool,
}

/// Id, parent, names in uz, ru, en.
pub const CATEGORIES: [(&str, &str, [&str; 3]); 5] = [
    ("tv", "", ["Televizorlar", "Телевизоры", "TV sets"]),
    ("phones", "", ["Telefonlar", "Телефоны", "Phones"]),
    ("smart", "phones", ["Smartfonlar", "Смартфоны", "Smartphones"]),
    ("cases", "phones", ["Gʻiloflar", "Чехлы", "Cases"]),
    ("fans", "", ["Ventilyatorlar", "Вентиляторы", "Fans"]),
];

/// The goods at the beginning of each dialogue.
pub fn products() -> Vec<Product> {
    let tv = |id, model: [&'static str; 3], som: i64, old: Option<i64>, stock| Product {
        id,
        names: model,
        category: "tv",
        price_tiyin: som * 100,
        old_price_tiyin: old.map(|som| som * 100),
        stock,
        sold: true,
    };
    let other =
        |id, names, category, som: i64, stock| Product { category, ..tv(id, names, som, None, stock) };
    vec![
        tv(
            "ue32",
            ["Samsung UE32 televizori", "Телевизор Samsung UE32", "Samsung UE32 TV"],
            2_450_000,
            Some(2_790_000),
            12,
        ),
        tv(
            "ue43",
            ["Samsung UE43 televizori", "Телевизор Samsung UE43", "Samsung UE43 TV"],
            4_199_000,
            None,
            3,
        ),
        tv(
            "ue50",
            ["Samsung UE50 televizori", "Телевизор Samsung UE50", "Samsung UE50 TV"],
            5_399_000,
            None,
            8,
        ),
        tv(
            "qe55",
            ["Samsung QE55 televizori", "Телевизор Samsung QE55", "Samsung QE55 TV"],
            8_990_000,
            Some(9_990_000),
            2,
        ),
        tv(
            "qe65",
            ["Samsung QE65 televizori", "Телевизор Samsung QE65", "Samsung QE65 TV"],
            12_490_000,
            None,
            0,
        ),
        tv(
            "qe75",
            ["Samsung QE75 televizori", "Телевизор Samsung QE75", "Samsung QE75 TV"],
            17_990_000,
            None,
            1,
        ),
        tv("artel32", ["Artel A32 televizori", "Телевизор Artel A32", "Artel A32 TV"], 1_690_000, None, 20),
        other(
            "a15",
            ["Samsung Galaxy A15 smartfoni", "Смартфон Samsung Galaxy A15", "Samsung Galaxy A15 smartphone"],
            "smart",
            2_199_000,
            30,
        ),
        other(
            "redmi",
            ["Xiaomi Redmi 13 smartfoni", "Смартфон Xiaomi Redmi 13", "Xiaomi Redmi 13 smartphone"],
            "smart",
            1_999_000,
            15,
        ),
        other(
            "case",
            ["Galaxy A15 uchun gʻilof", "Чехол для Galaxy A15", "Case for Galaxy A15"],
            "cases",
            89_000,
            100,
        ),
    ]
}
