//! A catalog made up from brands, kinds and models: the same for the same seed.

use rand::RngExt;
use rand::rngs::StdRng;

use crate::engine::{Category, Entry};

/// Brands as written and as said in Russian letters.
const BRANDS: [(&str, &str); 40] = [
    ("Samsung", "самсунг"),
    ("LG", "LG"),
    ("Artel", "артел"),
    ("Xiaomi", "сяоми"),
    ("Apple", "эпл"),
    ("Sony", "сони"),
    ("Bosch", "бош"),
    ("Haier", "хайер"),
    ("Hisense", "хайсенс"),
    ("TCL", "TCL"),
    ("Midea", "мидеа"),
    ("Gree", "гри"),
    ("Beko", "беко"),
    ("Indesit", "индезит"),
    ("Ariston", "аристон"),
    ("Philips", "филипс"),
    ("Panasonic", "панасоник"),
    ("Toshiba", "тошиба"),
    ("Shivaki", "шиваки"),
    ("Avalon", "авалон"),
    ("Huawei", "хуавей"),
    ("Honor", "хонор"),
    ("Tecno", "техно"),
    ("Vivo", "виво"),
    ("Realme", "реалми"),
    ("Nokia", "нокиа"),
    ("Lenovo", "леново"),
    ("Asus", "асус"),
    ("Acer", "эйсер"),
    ("Dell", "делл"),
    ("Canon", "канон"),
    ("Epson", "эпсон"),
    ("Logitech", "логитеч"),
    ("JBL", "жбл"),
    ("Marshall", "маршалл"),
    ("Dyson", "дайсон"),
    ("Tefal", "тефаль"),
    ("Braun", "браун"),
    ("Moulinex", "мулинекс"),
    ("Vitek", "витек"),
];

/// A kind of goods in three languages.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) uz: &'static str,
    ru: &'static str,
    en: &'static str,
}

impl Kind {
    const fn new(uz: &'static str, ru: &'static str, en: &'static str) -> Self {
        Self { uz, ru, en }
    }

    pub(super) const fn names(&self) -> [&'static str; 3] {
        [self.uz, self.ru, self.en]
    }
}

static TELEVISION: Kind = Kind::new("Televizor", "Телевизор", "TV");

static KINDS: [Kind; 30] = [
    Kind::new("Televizor", "Телевизор", "TV"),
    Kind::new("Muzlatkich", "Холодильник", "Refrigerator"),
    Kind::new("Kir yuvish mashinasi", "Стиральная машина", "Washing machine"),
    Kind::new("Konditsioner", "Кондиционер", "Air conditioner"),
    Kind::new("Changyutgich", "Пылесос", "Vacuum cleaner"),
    Kind::new("Dazmol", "Утюг", "Iron"),
    Kind::new("Choynak", "Чайник", "Kettle"),
    Kind::new("Blender", "Блендер", "Blender"),
    Kind::new("Mikser", "Миксер", "Mixer"),
    Kind::new("Mikrotoʻlqinli pech", "Микроволновая печь", "Microwave"),
    Kind::new("Quloqchin", "Наушники", "Headphones"),
    Kind::new("Smartfon", "Смартфон", "Smartphone"),
    Kind::new("Planshet", "Планшет", "Tablet"),
    Kind::new("Aqlli soat", "Умные часы", "Smart watch"),
    Kind::new("Noutbuk", "Ноутбук", "Laptop"),
    Kind::new("Monitor", "Монитор", "Monitor"),
    Kind::new("Printer", "Принтер", "Printer"),
    Kind::new("Klaviatura", "Клавиатура", "Keyboard"),
    Kind::new("Sichqoncha", "Мышь", "Mouse"),
    Kind::new("Router", "Роутер", "Router"),
    Kind::new("Kolonka", "Колонка", "Speaker"),
    Kind::new("Saundbar", "Саундбар", "Soundbar"),
    Kind::new("Gaz plita", "Газовая плита", "Gas stove"),
    Kind::new("Duxovka", "Духовка", "Oven"),
    Kind::new("Idish yuvish mashinasi", "Посудомоечная машина", "Dishwasher"),
    Kind::new("Suv isitgich", "Водонагреватель", "Water heater"),
    Kind::new("Ventilyator", "Вентилятор", "Fan"),
    Kind::new("Goʻsht maydalagich", "Мясорубка", "Meat grinder"),
    Kind::new("Kofe mashinasi", "Кофемашина", "Coffee machine"),
    Kind::new("Fen", "Фен", "Hair dryer"),
];

const COLOURS: [(&str, &str, &str); 6] = [
    ("qora", "чёрный", "black"),
    ("oq", "белый", "white"),
    ("kumush", "серебристый", "silver"),
    ("koʻk", "синий", "blue"),
    ("kulrang", "серый", "grey"),
    ("qizil", "красный", "red"),
];

const LETTERS: [char; 24] = [
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W',
    'X', 'Y', 'Z',
];

/// One product and what it was made of.
pub(super) struct Made {
    pub(super) entry: Entry,
    pub(super) brand: &'static str,
    pub(super) brand_ru: &'static str,
    pub(super) kind: &'static Kind,
    pub(super) model: String,
}

/// The products.
pub(super) struct Catalog {
    pub(super) products: Vec<Made>,
}

impl Catalog {
    pub(super) fn make(products: usize, random: &mut StdRng) -> Self {
        Self { products: (1_u32..).take(products).map(|number| make_one(number, random)).collect() }
    }

    /// Any product; none of an empty catalog.
    pub(super) fn pick(&self, random: &mut StdRng) -> Option<&Made> {
        let count = self.products.len();
        if count == 0 { None } else { self.products.get(random.random_range(0..count)) }
    }
}

fn chosen<'a, T>(from: &'a [T], first: &'a T, random: &mut StdRng) -> (usize, &'a T) {
    let at = random.random_range(0..from.len());
    (at, from.get(at).unwrap_or(first))
}

fn make_one(number: u32, random: &mut StdRng) -> Made {
    let (_, (brand, brand_ru)) = chosen(&BRANDS, &("Samsung", "самсунг"), random);
    let (kind_at, kind) = chosen(&KINDS, &TELEVISION, random);
    let (_, (colour_uz, colour_ru, colour_en)) = chosen(&COLOURS, &("oq", "белый", "white"), random);
    let mut letter = || chosen(&LETTERS, &'A', random).1;
    let (a, b, c) = (letter(), letter(), letter());
    let model = format!("{a}{b}{}{c}{}", random.random_range(10..1_000), random.random_range(0..10));
    let size = random.random_range(1..100);
    let kind_key = u128::try_from(kind_at).unwrap_or(0) + 1;
    let entry = Entry {
        key: u128::from(number),
        code: format!(
            "K{kind_at:02}-{}-{number:06}",
            brand.chars().take(3).collect::<String>().to_uppercase()
        ),
        barcode: format!("29{number:011}"),
        names: vec![
            format!("{} {brand} {model}, {size}, {colour_uz}", kind.uz),
            format!("{} {brand} {model}, {size}, {colour_ru}", kind.ru),
            format!("{brand} {model} {}, {size}, {colour_en}", kind.en),
        ],
        brand: (*brand).to_owned(),
        categories: vec![
            Category {
                key: kind_key,
                names: vec![format!("{}lar", kind.uz), kind.ru.to_owned(), kind.en.to_owned()],
            },
            Category {
                key: 1_000, names: vec!["Maishiy texnika".to_owned(), "Бытовая техника".to_owned()]
            },
        ],
        synonyms: Vec::new(),
        about: Vec::new(),
        active: true,
        order: number,
    };
    Made { entry, brand, brand_ru, kind, model }
}
