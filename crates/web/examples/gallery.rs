//! A look at every part of the pages, with sample data: `cargo run -p web --example gallery`, then open the printed
//! address. `?lang=ru` chooses the language. For people who work on the look; nothing of it is in the product.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::disallowed_methods
)]

use std::sync::{Arc, LazyLock};

use axum::{
    Form as Body, Json, Router,
    extract::{Path, Query},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response, sse},
    routing::{get, post},
};
use context::{Permission, Permissions};
use kernel::{Date, Error, FieldError, Lang, Money, Page, Quantity, Rate, Text, Timestamp, Zone};
use serde_json::{Value, json};
use text::{TextFiles, Texts};
use web::{
    assets,
    pages::{
        Action, Badge, Cell, Choice, Column, DetailPage, Empty, ErrorPage, Facts, Field, Filter, Form,
        FormPage, Found, Go, IslandPage, Line, Lines, ListPage, ListQuery, Member, MenuEntry, Notice,
        Options, Section, Shell, SignInPage, Table, Tile, Tone, Totals, Words, layer, menu, render,
        render_with,
    },
};

static TEXTS: LazyLock<Arc<Texts>> =
    LazyLock::new(|| Arc::new(Texts::new(&[web::TEXTS, text::BASE, SAMPLE])));

/// Sample words, as a domain's own message files would give them.
const SAMPLE: TextFiles = TextFiles { name: "sample", uz: UZ, ru: RU, en: EN };
const UZ: &str = "s-home = Bosh sahifa\ns-orders = Sotuv buyurtmalari\ns-orders-lead = Chatdan, saytdan va do‘kondan kelgan buyurtmalar\ns-products = Mahsulotlar\ns-customers = Mijozlar\ns-stock = Ombor\ns-bots = Botlar\ns-inbox = Suhbatlar\ns-members = Xodimlar\ns-api = API\ns-audit = Audit jurnali\ns-new-order = Yangi buyurtma\ns-search = Raqam, mijoz yoki telefon\ns-number = Raqam\ns-customer = Mijoz\ns-customer-help = Ismi yoki telefon raqamining bir qismini yozing\ns-state = Holat\ns-total = Summa\ns-date = Sana\ns-items = Tovarlar\ns-source = Manba\ns-new = Yangi\ns-confirmed = Tasdiqlangan\ns-done = Yetkazilgan\ns-cancelled = Bekor qilingan\ns-waiting = Kutilmoqda\ns-cancel-order = Buyurtmani bekor qilish\ns-cancel-question = Zaxira boʻshatiladi va mijozga xabar yuboriladi.\ns-edit = Tahrirlash\ns-revenue = Bugungi tushum\ns-count = Buyurtmalar\ns-low = Kam qolgan tovarlar\ns-average = Oʻrtacha chek\ns-note = Izoh\ns-note-help = Buni mijoz koʻrmaydi\ns-phone = Telefon\ns-address = Yetkazish manzili\ns-paid = Toʻlov qilingan\ns-delivery = Yetkazish sanasi\ns-price = Sotish narxi\ns-min = Eng kam qoldiq\ns-vat = QQS stavkasi\ns-name = Nomi\ns-category = Toifa\ns-photo = Rasm\ns-sign-in = Tizimga kirish\ns-sign-in-lead = Karvonga xush kelibsiz\ns-email = Elektron pochta\ns-password = Parol\ns-enter = Kirish\ns-sign-up = Roʻyxatdan oʻtish\ns-wrong = Pochta yoki parol notoʻgʻri\ns-positive = Noldan katta boʻlishi kerak\ns-lines = Tovarlar\ns-history = Tarix\ns-simulator = Bot simulyatori\ns-done-toast = Buyurtma saqlandi\ns-empty = Hali buyurtma yoʻq\ns-empty-hint = Birinchi buyurtma botdan yoki shu yerdan keladi.\ns-notice = QQS stavkasi 1-yanvardan oʻzgaradi.";
const RU: &str = "s-home = Главная\ns-orders = Заказы на продажу\ns-orders-lead = Заказы из чатов, с сайта и из магазина\ns-products = Товары\ns-customers = Клиенты\ns-stock = Склад\ns-bots = Боты\ns-inbox = Диалоги\ns-members = Сотрудники\ns-api = API\ns-audit = Журнал аудита\ns-new-order = Новый заказ\ns-search = Номер, клиент или телефон\ns-number = Номер\ns-customer = Клиент\ns-customer-help = Напишите часть имени или телефона\ns-state = Состояние\ns-total = Сумма\ns-date = Дата\ns-items = Позиции\ns-source = Источник\ns-new = Новый\ns-confirmed = Подтверждён\ns-done = Доставлен\ns-cancelled = Отменён\ns-waiting = Ожидает\ns-cancel-order = Отменить заказ\ns-cancel-question = Резерв будет снят, клиент получит сообщение.\ns-edit = Изменить\ns-revenue = Выручка сегодня\ns-count = Заказов\ns-low = Заканчиваются\ns-average = Средний чек\ns-note = Примечание\ns-note-help = Клиент этого не увидит\ns-phone = Телефон\ns-address = Адрес доставки\ns-paid = Оплачено\ns-delivery = Дата доставки\ns-price = Цена продажи\ns-min = Минимальный остаток\ns-vat = Ставка НДС\ns-name = Название\ns-category = Категория\ns-photo = Фото\ns-sign-in = Вход\ns-sign-in-lead = Добро пожаловать в Karvon\ns-email = Электронная почта\ns-password = Пароль\ns-enter = Войти\ns-sign-up = Регистрация\ns-wrong = Неверная почта или пароль\ns-positive = Должно быть больше нуля\ns-lines = Товары\ns-history = История\ns-simulator = Симулятор бота\ns-done-toast = Заказ сохранён\ns-empty = Заказов пока нет\ns-empty-hint = Первый придёт из бота или отсюда.\ns-notice = Ставка НДС меняется с 1 января.";
const EN: &str = "s-home = Home\ns-orders = Sales orders\ns-orders-lead = Orders from chats, the site and the shop\ns-products = Products\ns-customers = Customers\ns-stock = Stock\ns-bots = Bots\ns-inbox = Conversations\ns-members = Members\ns-api = API\ns-audit = Audit log\ns-new-order = New order\ns-search = Number, customer or phone\ns-number = Number\ns-customer = Customer\ns-customer-help = Type a part of the name or the phone\ns-state = State\ns-total = Total\ns-date = Date\ns-items = Items\ns-source = Source\ns-new = New\ns-confirmed = Confirmed\ns-done = Delivered\ns-cancelled = Cancelled\ns-waiting = Waiting\ns-cancel-order = Cancel the order\ns-cancel-question = The reservation is freed and the customer gets a message.\ns-edit = Edit\ns-revenue = Revenue today\ns-count = Orders\ns-low = Running low\ns-average = Average order\ns-note = Note\ns-note-help = The customer does not see this\ns-phone = Phone\ns-address = Delivery address\ns-paid = Paid\ns-delivery = Delivery date\ns-price = Sale price\ns-min = Minimum stock\ns-vat = VAT rate\ns-name = Name\ns-category = Category\ns-photo = Picture\ns-sign-in = Sign in\ns-sign-in-lead = Welcome to Karvon\ns-email = E-mail\ns-password = Password\ns-enter = Sign in\ns-sign-up = Sign up\ns-wrong = Wrong e-mail or password\ns-positive = Must be more than zero\ns-lines = Items\ns-history = History\ns-simulator = Bot simulator\ns-done-toast = The order is saved\ns-empty = No orders yet\ns-empty-hint = The first one comes from the bot or from here.\ns-notice = The VAT rate changes on 1 January.";

const MENU: &[MenuEntry] = &[
    entry(Section::Home, "/", "s-home", "house"),
    entry(Section::Sales, "/orders", "s-orders", "cart3"),
    entry(Section::Sales, "/customers", "s-customers", "people"),
    entry(Section::Goods, "/products", "s-products", "box-seam"),
    entry(Section::Goods, "/empty", "s-stock", "boxes"),
    entry(Section::Bots, "/simulator", "s-bots", "robot"),
    entry(Section::Bots, "/inbox", "s-inbox", "chat-dots"),
    entry(Section::Settings, "/members", "s-members", "person-badge"),
    entry(Section::Settings, "/audit", "s-audit", "clipboard-check"),
    entry(Section::Settings, "/api-docs", "s-api", "braces"),
];

const fn entry(section: Section, href: &'static str, text: &'static str, icon: &'static str) -> MenuEntry {
    MenuEntry { section, order: 0, href, text, icon, permission: None }
}

#[tokio::main]
async fn main() {
    let app = Router::new()
        .route("/", get(home))
        .route("/orders", get(orders))
        .route("/orders/new", get(order_form).post(order_sent))
        .route("/orders/{id}", get(order))
        .route("/orders/{id}/cancel", post(cancelled))
        .route("/products", get(product_form).post(order_sent))
        .route("/products/options", get(options))
        .route("/orders/preview", post(preview))
        .route("/empty", get(empty))
        .route("/sign-in", get(sign_in).post(sign_in_refused))
        .route("/simulator", get(simulator))
        .route("/sim/state", get(sim_state))
        .route("/sim/input", post(|| async { StatusCode::ACCEPTED }))
        .route("/sim/restart", post(sim_state))
        .route("/sim/events", get(sim_events))
        .route("/api-docs", get(api_docs))
        .route("/api/openapi.json", get(openapi))
        .route("/language/{code}", get(language))
        .route(assets::ROUTE, get(assets::serve))
        .fallback(nothing)
        .layer(axum::middleware::from_fn(layer))
        .layer(axum::middleware::from_fn(policy));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:4711").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    axum::serve(listener, app).await.unwrap();
}

async fn policy(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let mut response = next.run(request).await;
    let policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
    response.headers_mut().insert("content-security-policy", policy.parse().unwrap());
    response
}

fn shell(query: &ListQuery, headers: &HeaderMap) -> Shell {
    let cookie = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kept = cookie.split(';').filter_map(|pair| pair.trim().strip_prefix("lang=")).find_map(Lang::parse);
    let lang = query.get("lang").and_then(Lang::parse).or(kept).unwrap_or_default();
    let words = Words::new(TEXTS.clone(), lang, Zone::default());
    let mut p = Shell::new(words, query.href(&[]), "sample-token", "0197-sample".to_owned());
    p.permissions = Permissions::ALL;
    p.workspace = "Texno Olam".to_owned();
    p.member = Some(Member {
        name: "Dilnoza Karimova".into(),
        note: "dilnoza@example.uz".into(),
        has_other_workspaces: true,
        is_operator: false,
    });
    p.menu = menu(MENU, p.permissions, query.path(), &p.words);
    if let Some(link) =
        p.menu.iter_mut().flat_map(|group| &mut group.links).find(|link| link.href == "/inbox")
    {
        link.count = Some(4);
    }
    p.toasts = web::pages::flash(headers);
    p
}

fn som(n: i64) -> Money {
    Money::from_som(n)
}

async fn home(query: ListQuery, headers: HeaderMap) -> Response {
    let p = shell(&query, &headers).titled("s-home");
    let tile = |key, value: String| Tile::new(p.t(key), value);
    let tiles = vec![
        tile("s-revenue", p.money(som(48_350_000))).unit(p.t("web-som")).icon("cash-coin").note("+12,4 %"),
        tile("s-count", p.number(37)).icon("cart3").href("/orders"),
        tile("s-average", p.money(som(1_306_756))).unit(p.t("web-som")).icon("receipt"),
        tile("s-low", p.number(5)).icon("exclamation-triangle").href("/products"),
    ];
    let table = orders_table(&p, &query);
    render(&ListPage::new(p, table).tiles(tiles))
}

const STATES: [(&str, &str, Tone); 5] = [
    ("new", "s-new", Tone::Accent),
    ("confirmed", "s-confirmed", Tone::Info),
    ("done", "s-done", Tone::Success),
    ("waiting", "s-waiting", Tone::Warning),
    ("cancelled", "s-cancelled", Tone::Error),
];
const PEOPLE: [(&str, &str); 6] = [
    ("Aziz Rahimov", "+998 90 123 45 67"),
    ("Gulnora Oʻktamova", "+998 93 555 10 20"),
    ("Олег Ким", "+998 97 700 00 11"),
    ("“Zarafshon savdo” MChJ", "+998 71 200 30 40"),
    ("Madina Yoʻldosheva", "+998 99 818 27 36"),
    ("Sherzod Gʻaniyev", "+998 88 404 50 60"),
];

fn orders_table(p: &Shell, query: &ListQuery) -> Table {
    let all: Vec<i64> = (1..=204).collect();
    let found: Vec<i64> = match (query.q(), query.get("state")) {
        (Some(q), _) if q.contains("zzz") => Vec::new(),
        (_, Some(state)) => all.into_iter().filter(|n| STATES[(*n % 5) as usize].0 == state).collect(),
        _ => all,
    };
    let part = query.page();
    let rows: Vec<i64> =
        found.iter().copied().skip(part.offset() as usize).take(part.limit() as usize).collect();
    let page = Page::new(part, found.len() as i64, rows);
    let columns = vec![
        Column::main("s-number").sort("number"),
        Column::new("s-customer").sort("customer"),
        Column::new("s-state"),
        Column::new("s-source").wide(),
        Column::figures("s-items"),
        Column::figures("s-total").sort("total"),
        Column::figures("s-date").sort("created_at"),
    ];
    let choices = STATES.map(|(value, key, _)| Choice::new(value, p.t(key))).to_vec();
    Table::new(&p.words, "orders", query, columns, &page, |n| {
        let (name, phone) = PEOPLE[(*n % 6) as usize];
        let (_, key, tone) = STATES[(*n % 5) as usize];
        vec![
            Cell::link(format!("/orders/{n}"), format!("S-2026-{n:05}")),
            Cell::Two(name.into(), phone.into()),
            Cell::badge(tone, p.t(key)),
            Cell::text(["Telegram", "Web", "POS"][(*n % 3) as usize]),
            Cell::Number(n % 7 + 1),
            Cell::Money(Money::from_tiyin(n * 98_765_400 % 3_000_000_000)),
            Cell::Time(Timestamp::from_millis(1_795_000_000_000 + n * 3_333_333)),
        ]
    })
    .search("s-search")
    .filter(Filter::select("state", "s-state", choices))
    .export("/orders/export")
}

async fn orders(query: ListQuery, headers: HeaderMap) -> Response {
    let p = shell(&query, &headers).titled("s-orders").lead("s-orders-lead");
    let may = p.can(Permission::SalesCreate);
    let table = orders_table(&p, &query);
    render(
        &ListPage::new(p, table)
            .action_if(may, |p| Action::link("/orders/new", p.t("s-new-order")).primary().icon("plus-lg")),
    )
}

async fn empty(query: ListQuery, headers: HeaderMap) -> Response {
    let p = shell(&query, &headers).titled("s-orders");
    let action = Action::link("/orders/new", p.t("s-new-order")).primary().icon("plus-lg");
    let empty = Empty::new("cart3", p.t("s-empty"), p.t("s-empty-hint")).action(action);
    let columns = vec![Column::main("s-number")];
    let page: Page<i64> = Page::new(query.page(), 0, Vec::new());
    let table = Table::new(&p.words, "orders", &query, columns, &page, |_| Vec::new()).empty(empty);
    render(&ListPage::new(p, table))
}

async fn order(Path(id): Path<String>, query: ListQuery, headers: HeaderMap) -> Response {
    let p = shell(&query, &headers).named(format!("S-2026-{id:0>5}")).crumb("/orders", "s-orders");
    let cancel = Action::post(&p, format!("/orders/{id}/cancel"), p.t("s-cancel-order"))
        .danger()
        .icon("x-circle")
        .confirm(p.t("s-cancel-question"));
    let edit = Action::link("/orders/new", p.t("s-edit")).icon("pencil");
    let facts = Facts::new()
        .link(p.t("s-customer"), "Aziz Rahimov", "/customers/1")
        .text(p.t("s-phone"), "+998 90 123 45 67")
        .text(p.t("s-date"), p.time(Timestamp::from_millis(1_795_000_000_000)))
        .text(p.t("s-source"), "Telegram · @texno_olam_bot")
        .text(p.t("s-total"), format!("{} {}", p.money(som(14_700_000)), p.t("web-som")))
        .text(p.t("s-note"), "");
    let columns = vec![
        Column::main("s-name"),
        Column::figures("web-line-quantity"),
        Column::figures("s-price"),
        Column::figures("s-total"),
    ];
    let line = |name: &str, sub: &str, n: i64, price: i64| {
        vec![
            Cell::Picture {
                src: String::new(),
                href: "/products".into(),
                text: name.into(),
                sub: sub.into(),
            },
            Cell::Quantity(Quantity::from_thousandths(n * 1_000), "dona".into()),
            Cell::Money(som(price)),
            Cell::Money(som(price * n)),
        ]
    };
    let lines = Table::of(
        &p.words,
        "lines",
        columns,
        vec![
            line("Samsung QE55Q60D televizor, 55″, 4K QLED", "TV-0055 · QQS 12 %", 1, 9_800_000),
            line("Redmi Buds 6 Play simsiz quloqchin", "AU-0110 · QQS 12 %", 2, 2_450_000),
        ],
    );
    let badge = Badge::new(Tone::Info, p.t("s-confirmed"));
    let notice = Notice::new(Tone::Warning, p.t("s-notice"));
    render(
        &DetailPage::new(p)
            .badge(badge)
            .action(edit)
            .action(cancel)
            .notice(notice)
            .facts(facts)
            .table("s-lines", &lines),
    )
}

fn order_page(p: Shell, error: Option<&Error>) -> FormPage {
    let stored = Line::stored(
        "17",
        "Samsung QE55Q60D televizor, 55″",
        "dona",
        Quantity::from_thousandths(1_000),
        som(9_800_000),
        Rate::ZERO,
    );
    let mut second = stored.clone();
    second.product = "Redmi Buds 6 Play".into();
    second.quantity = "-2".into();
    second.price = "2450000".into();
    let lines = Lines::new(&p.words, "/products/options", vec![stored, second])
        .discounts()
        .preview("/orders/preview")
        .error(error);
    let form = Form::new(&p, "/orders/new")
        .error(error)
        .field(
            Field::combobox("customer_id", "s-customer", "/products/options", "", "")
                .help("s-customer-help")
                .required()
                .half(),
        )
        .field(Field::phone("phone", "s-phone").half())
        .field(Field::date("delivery_on", "s-delivery").on(Date::parse("2026-11-24").ok()).half())
        .field(Field::text("address", "s-address").half())
        .field(Field::area("note", "s-note").help("s-note-help"))
        .field(Field::check("paid", "s-paid").checked(true))
        .lines(lines)
        .cancel("/orders");
    FormPage::new(p, form)
}

async fn order_form(query: ListQuery, headers: HeaderMap) -> Response {
    let p = shell(&query, &headers).titled("s-new-order").crumb("/orders", "s-orders");
    render(&order_page(p, None))
}

/// Refuses the first time to show the errors; a note of "ok" goes through.
async fn order_sent(
    query: ListQuery,
    headers: HeaderMap,
    Body(sent): Body<Vec<(String, String)>>,
) -> Response {
    let p = shell(&query, &headers).titled("s-new-order").crumb("/orders", "s-orders");
    if sent.iter().any(|(name, value)| name == "note" && value == "ok") {
        return Go::to("/orders").done(&p.words, &Text::new("s-done-toast")).into_response();
    }
    let wrong = |field: &str, key| FieldError { field: field.into(), text: Text::new(key) };
    let error = Error::fields(vec![
        wrong("customer_id", "kernel-text-missing"),
        wrong("phone", "kernel-phone-malformed"),
        wrong("lines.1.quantity", "s-positive"),
    ]);
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &order_page(p, Some(&error)))
}

async fn preview(query: ListQuery, headers: HeaderMap) -> Response {
    let p = shell(&query, &headers);
    let rows = [("s-lines", 13_125_000), ("s-vat", 1_575_000), ("s-total", 14_700_000)];
    render(&Totals::new(&p.words, rows.map(|(key, sum)| (p.t(key), som(sum)))))
}

async fn cancelled(Path(id): Path<String>, query: ListQuery, headers: HeaderMap) -> Response {
    let p = shell(&query, &headers);
    Go::to(format!("/orders/{id}")).done(&p.words, &Text::new("s-done-toast")).into_response()
}

async fn product_form(query: ListQuery, headers: HeaderMap) -> Response {
    let p = shell(&query, &headers).titled("s-products").narrow();
    let rates = ["0", "12"].map(|rate| Choice::new(rate, format!("{rate} %"))).to_vec();
    let form = Form::new(&p, "/products")
        .field(Field::text("name", "s-name").value("Samsung QE55Q60D").required().focus())
        .field(Field::money("price", "s-price").amount(Some(som(9_800_000))).required().half())
        .field(
            Field::quantity("minimum", "s-min", "dona").count(Some(Quantity::from_thousandths(2_500))).half(),
        )
        .field(Field::select("vat", "s-vat", rates).value("12").required().half())
        .field(Field::text("code", "s-number").value("TV-0055").disabled().half())
        .field(Field::file("photo", "s-photo", ".jpg,.png,.webp"))
        .cancel("/orders");
    let notice = Notice::new(Tone::Info, p.t("s-notice"));
    render(&FormPage::new(p, form).notice(notice))
}

async fn options(Query(asked): Query<Value>) -> Response {
    let q = asked["q"].as_str().unwrap_or_default().to_lowercase();
    let rows = [
        ("Samsung QE55Q60D televizor", "TV-0055", 9_800_000),
        ("Samsung Galaxy A15 128 GB", "PH-0201", 2_450_000),
        ("Redmi Buds 6 Play", "AU-0110", 245_000),
    ];
    let found = rows.into_iter().filter(|(name, ..)| name.to_lowercase().contains(&q));
    let found = found.map(|(name, code, price)| {
        Found::new(code, name).note(code).end(format!("{price}")).priced(som(price), "dona")
    });
    render(&Options(found.collect()))
}

fn sign_in_page(p: Shell, error: Option<&Error>) -> SignInPage {
    let form = Form::new(&p, "/sign-in")
        .error(error)
        .field(Field::email("email", "s-email").required().focus())
        .field(Field::password("password", "s-password").required())
        .submit("s-enter")
        .wide();
    let links = vec![("/sign-up".to_owned(), p.t("s-sign-up"))];
    SignInPage { p, form, links }
}

async fn sign_in(query: ListQuery, headers: HeaderMap) -> Response {
    render(&sign_in_page(shell(&query, &headers).titled("s-sign-in").lead("s-sign-in-lead"), None))
}

async fn sign_in_refused(query: ListQuery, headers: HeaderMap) -> Response {
    let error = Error::invalid(Text::new("s-wrong"));
    let p = shell(&query, &headers).titled("s-sign-in").lead("s-sign-in-lead");
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &sign_in_page(p, Some(&error)))
}

async fn nothing(query: ListQuery, headers: HeaderMap) -> Response {
    let mut p = shell(&query, &headers).titled("web-error-not-found-title");
    if query.path() == "/stranger" {
        (p.menu, p.member) = (Vec::new(), None);
    }
    let text = p.t("kernel-not-found");
    render_with(
        StatusCode::NOT_FOUND,
        &ErrorPage { p, status: 404, text, back: None, request_id: "0197a3f2".into() },
    )
}

async fn language(Path(code): Path<String>, Query(asked): Query<Value>) -> Response {
    let back = Go::to(asked["back"].as_str().unwrap_or("/"));
    ([(header::SET_COOKIE, format!("lang={code}; Path=/"))], back).into_response()
}

async fn simulator(query: ListQuery, headers: HeaderMap) -> Response {
    let p = shell(&query, &headers).titled("s-simulator").crumb("/bots", "s-bots");
    render(&IslandPage::simulator(p, "/sim"))
}

async fn api_docs(query: ListQuery, headers: HeaderMap) -> Response {
    render(&IslandPage::api(shell(&query, &headers).titled("s-api"), "/api/openapi.json"))
}

async fn sim_state() -> Json<Value> {
    let at = |minute: u32| format!("2026-11-20T09:{minute:02}:00Z");
    Json(json!({
        "bot": {"name": "Texno Olam", "username": "texno_olam_bot"}, "version": "Draft",
        "person": {"name": "Aziz Rahimov", "phone": "+998 90 123 45 67"}, "lang": "uz",
        "languages": [{"code": "uz", "name": "Oʻzbekcha"}, {"code": "ru", "name": "Русский"}, {"code": "en", "name": "English"}],
        "commands": [{"command": "start", "description": "Boshidan boshlash"}, {"command": "search", "description": "Mahsulot qidirish"}, {"command": "cart", "description": "Savat"}],
        "messages": [
            {"id": "1", "from": "contact", "text": [{"text": "/start"}], "at": at(1)},
            {"id": "2", "from": "bot", "text": [{"text": "Assalomu alaykum! "}, {"text": "Texno Olam", "bold": true}, {"text": " doʻkoniga xush kelibsiz.\nTelefon raqamingizni ulashing."}], "at": at(1)},
            {"id": "3", "from": "contact", "text": [], "media": {"kind": "contact", "name": "Aziz Rahimov", "phone": "+998 90 123 45 67"}, "at": at(2)},
            {"id": "4", "from": "contact", "text": [{"text": "samsng televizor"}], "at": at(3)},
            {"id": "5", "from": "bot", "text": [{"text": "Samsung QE55Q60D televizor, 55″", "bold": true}, {"text": "\n"}, {"text": "10 900 000", "strike": true}, {"text": " 9 800 000 soʻm\nOmborda: 7 dona · "}, {"text": "batafsil", "link": "https://example.uz/p/17"}],
             "media": {"kind": "photo", "url": "/assets/none.svg", "width": 640, "height": 360},
             "inline_keyboard": [[{"text": "🛒 Savatga", "key": "add:17"}, {"text": "Sotib olish", "url": "https://example.uz/p/17"}], [{"text": "◀️ Oldingi", "key": "p:0"}, {"text": "2 / 9", "key": "p:n"}, {"text": "Keyingi ▶️", "key": "p:2"}]], "edited": true, "at": at(3)},
            {"id": "6", "from": "contact", "text": [], "media": {"kind": "location", "latitude": 41.311, "longitude": 69.279}, "at": at(4)},
            {"id": "7", "from": "bot", "text": [{"text": "Rahmat! Yetkazib berish "}, {"text": "Toshkent shahri", "italic": true}, {"text": " boʻyicha bepul."}], "at": at(4)}
        ],
        "reply_keyboard": {"rows": [[{"text": "🔎 Qidirish"}, {"text": "🗂 Toifalar"}], [{"text": "Kontaktni ulashish", "request": "contact"}, {"text": "Joylashuv", "request": "location"}]]},
        "session": {"flow": "shop", "step": "cart", "variables": [{"name": "lang", "value": "uz"}, {"name": "phone", "value": "+998901234567"}, {"name": "query", "value": "samsng televizor"}, {"name": "cart", "value": "[{\"product\":17,\"quantity\":1}]"}]},
        "time_zone": "Asia/Tashkent", "last_event_id": "7"
    }))
}

async fn sim_events() -> Response {
    let events = [
        ("typing", json!({"on": true})),
        ("callback", json!({"message_id": "5", "text": "Savatga qoʻshildi"})),
    ];
    let stream = futures::stream::iter(events.into_iter().enumerate().map(|(index, (name, data))| {
        Ok::<_, std::convert::Infallible>(
            sse::Event::default().id((8 + index).to_string()).event(name).data(data.to_string()),
        )
    }));
    let stream = futures::StreamExt::chain(stream, futures::stream::pending());
    sse::Sse::new(stream).into_response()
}

async fn openapi() -> Json<Value> {
    Json(json!({
        "openapi": "3.1.0", "info": {"title": "Sample", "version": "1"},
        "tags": [{"name": "sales"}, {"name": "products"}],
        "paths": {
            "/api/products": {"get": {"tags": ["products"], "summary": "List products", "parameters": [{"name": "q", "in": "query", "description": "Words to find", "schema": {"type": "string"}}, {"name": "page", "in": "query", "schema": {"type": "integer"}}], "responses": {"200": {"description": "A page of products"}}},
                "post": {"tags": ["products"], "summary": "Create a product", "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ProductIn"}}}}, "responses": {"201": {"description": "Created", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ProductIn"}}}}, "422": {"description": "Wrong fields"}}}},
            "/api/sales-orders/{id}": {"get": {"tags": ["sales"], "summary": "Get an order", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}], "responses": {"200": {"description": "The order"}, "404": {"description": "No such order"}}}, "delete": {"tags": ["sales"], "summary": "Delete a draft", "responses": {"204": {"description": "Gone"}}}}
        },
        "components": {"schemas": {"ProductIn": {"type": "object", "properties": {"code": {"type": "string", "example": "TV-0055"}, "name": {"type": "string"}, "price": {"type": "number"}}}}}
    }))
}
