//! The parts as a reader's browser would get them.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, Request, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use context::{Permission, Permissions};
use kernel::{Date, Error, FieldError, Kind, Lang, Money, Page, PageRequest, Text, Zone};
use text::Texts;
use tower::ServiceExt;

use super::{
    Action, Cell, Column, DayRange, Export, Field, Filter, Form, FormPage, Go, Line, Lines, ListPage,
    ListQuery, MenuEntry, Section, ShareBar, ShareChart, Shell, Table, Tone, Words, asked_page, flash, go,
    layer, menu, render,
};

fn words(lang: Lang) -> Words {
    Words::new(Arc::new(Texts::new(&[crate::TEXTS, text::BASE])), lang, Zone::default())
}

fn shell() -> Shell {
    Shell::new(words(Lang::En), "/orders?q=a", "token", "key".to_owned())
}

fn columns() -> Vec<Column> {
    vec![Column::main("web-line-product").sort("name"), Column::figures("web-line-sum").wide()]
}

fn table(query: &str, count: i64) -> Table {
    let query = ListQuery::parse("/orders", query);
    let results: Vec<i64> = (1..=count).take(query.page().page_size().try_into().unwrap()).collect();
    Table::new(&words(Lang::En), "orders", &query, columns(), &Page::new(query.page(), count, results), |n| {
        vec![
            Cell::link(format!("/orders/{n}"), format!("<b>{n}</b>")),
            Cell::Money(Money::from_som(n * 1_000)),
        ]
    })
}

async fn body(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

#[test]
fn a_list_query_makes_sense_of_anything() {
    let query = ListQuery::parse("/p", "q=%20tv%20&order=-name&page=0&page_size=9999&state=&n=%00");
    assert_eq!(query.q().as_deref(), Some("tv"));
    assert_eq!(query.order(&["name"]), Some(("name", true)));
    assert_eq!(query.order(&["total"]), None);
    assert_eq!((query.page().page(), query.page().page_size()), (1, 500));
    assert_eq!((query.get("state"), query.get("n")), (None, None));
    let broken = ListQuery::parse("/p", "page=x&order=--name&q=%ff");
    assert_eq!(broken.page(), PageRequest::default());
    assert_eq!(broken.order(&["name"]), None);
}

#[test]
fn an_address_of_a_list_keeps_the_rest_of_the_query() {
    let query = ListQuery::parse("/p", "q=a%26b&order=name&page=3");
    assert_eq!(query.href(&[("order", "-name")]), "/p?q=a%26b&order=-name");
    assert_eq!(query.href(&[("page", "4")]), "/p?q=a%26b&order=name&page=4");
    assert_eq!(query.href(&[("q", ""), ("order", "")]), "/p");
    assert!(query.is_filtered());
    assert!(!ListQuery::parse("/p", "page=2&order=name").is_filtered());
}

#[test]
fn a_table_escapes_orders_and_pages() {
    let html = table("order=name&page=2", 60).to_string();
    assert!(html.contains("&#60;b&#62;1&#60;/b&#62;"), "{html}");
    assert!(html.contains(r#"aria-sort="ascending""#) && html.contains("/orders?order=-name"));
    assert!(html.contains("26–50 / 60"));
    assert!(html.contains(r#"<span aria-current="page">2</span>"#));
    assert!(html.contains(r#"rel="prev""#) && html.contains(r#"rel="next""#));
    assert!(html.contains(r#"data-label="Product""#));
}

#[test]
fn an_empty_list_says_whether_it_is_empty_or_filtered() {
    assert!(table("", 0).to_string().contains("Nothing here yet"));
    let filtered = table("q=zzz", 0).search("web-line-search").to_string();
    assert!(filtered.contains("Nothing found") && filtered.contains(r#"href="/orders""#), "{filtered}");
    assert!(filtered.contains(r#"value="zzz""#));
}

#[test]
fn filters_and_exports_follow_the_query() {
    let choices = vec![super::Choice::new("new", "New"), super::Choice::new("done", "Done")];
    let html = table("state=done&page=2", 60)
        .filter(Filter::select("state", "web-line-product", choices))
        .export("/orders/export")
        .to_string();
    assert!(html.contains(r#"<option value="done" selected>"#), "{html}");
    assert!(html.contains("/orders/export?state=done&#38;format=csv"), "{html}");
}

#[test]
fn a_list_too_long_for_a_file_is_refused_and_never_cut() {
    let query = ListQuery::parse("/orders", "format=xlsx");
    let refused = asked_page(&query, |part| Ok(Page::new(part, 50_001, vec![0; 500]))).unwrap_err();
    assert_eq!(refused.text().key(), "web-export-too-long");
}

#[tokio::test]
async fn an_export_holds_every_row_and_no_formula() {
    let query = ListQuery::parse("/orders", "format=csv&page=3");
    let page = asked_page(&query, |part| {
        let all: Vec<i64> = (0..1_203).collect();
        let from = usize::try_from(part.offset()).unwrap();
        let rows = all.iter().copied().skip(from).take(part.page_size().try_into().unwrap()).collect();
        Ok(Page::new(part, 1_203, rows))
    })
    .unwrap();
    let table = Table::new(&words(Lang::En), "orders", &query, columns(), &page, |n| {
        vec![
            Cell::text(if *n == 0 { "=1+1".to_owned() } else { n.to_string() }),
            Cell::Money(Money::from_tiyin(-150)),
        ]
    });
    let csv = body(table.download(Export::Csv, "orders").unwrap()).await;
    assert_eq!(csv.lines().count(), 1_204);
    assert_eq!(csv.lines().take(3).collect::<Vec<_>>(), ["\u{feff}Product,Sum", "'=1+1,-1.5", "1,-1.5"]);
    let workbook = table.download(Export::Xlsx, "orders").unwrap();
    assert!(
        workbook
            .headers()
            .get(header::CONTENT_DISPOSITION)
            .unwrap()
            .to_str()
            .unwrap()
            .contains("orders.xlsx")
    );
}

#[test]
fn a_form_shows_each_error_beside_its_field_and_the_rest_above() {
    let wrong = |field: &str, key| FieldError { field: field.into(), text: Text::new(key) };
    let error = Error::fields(vec![
        wrong("phone", "kernel-phone-malformed"),
        wrong("elsewhere", "kernel-date-malformed"),
        wrong("lines.1.quantity", "kernel-number-malformed"),
    ]);
    let lines =
        Lines::new(&words(Lang::En), "/options", vec![Line::default(), Line::default()]).error(Some(&error));
    let form = Form::new(&shell(), "/orders")
        .error(Some(&error))
        .field(Field::phone("phone", "web-line-product").value("<x>").required())
        .field(Field::password("password", "web-line-product").value("secret"))
        .lines(lines)
        .to_string();
    let (above, below) = form.split_once("form-grid").unwrap();
    assert!(above.contains(r#"value="token""#) && above.contains(r#"value="key-0""#));
    let words = words(Lang::En);
    assert!(
        above.contains(&words.t("kernel-date-malformed"))
            && !above.contains(&words.t("kernel-phone-malformed"))
    );
    assert!(below.contains(r#"id="field-phone-error""#) && below.contains(r#"aria-invalid="true""#));
    assert!(below.contains("&#60;x&#62;") && !below.contains("secret"));
    assert_eq!(below.matches(&words.t("kernel-number-malformed")).count(), 1);
}

#[test]
fn lines_come_back_as_they_were_sent_without_the_empty_ones() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let sent = crate::Multi::new(vec![
        pair("line_product_id", "7"),
        pair("line_product_id", ""),
        pair("line_product_id", ""),
        pair("line_product", "Choynak"),
        pair("line_product", ""),
        pair("line_product", "samsn"),
        pair("line_quantity", " 2 "),
        pair("line_quantity", ""),
        pair("line_quantity", ""),
    ]);
    let lines = Line::sent(&sent);
    assert_eq!(lines.iter().map(|line| line.product.as_str()).collect::<Vec<_>>(), ["Choynak", "samsn"]);
    assert_eq!((lines[0].quantity.as_str(), lines[0].price.as_str()), ("2", ""));
}

#[test]
fn options_of_a_combobox_are_escaped() {
    let found = super::Found::new("7", "55\" <TV>").note("TV-0055").priced(Money::from_tiyin(150), "dona");
    let html = askama::Template::render(&super::Options(vec![found])).unwrap();
    assert!(
        html.contains(r#"data-label="55&#34; &#60;TV&#62;" data-price="1.5" data-unit="dona""#),
        "{html}"
    );
}

#[test]
fn every_form_of_a_page_has_a_key_of_its_own() {
    let p = shell();
    let first = Form::new(&p, "/a").to_string();
    let second = Action::post(&p, "/b", "Go").confirm("Sure?").danger().to_string();
    assert!(first.contains(r#"value="key-0""#) && second.contains(r#"value="key-1""#));
    assert!(second.contains(r#"data-confirm="Sure?""#));
    assert!(Form::new(&p, "/a").key(Some("kept")).to_string().contains(r#"value="kept""#));
}

#[test]
fn the_menu_hides_what_one_may_not_and_marks_where_one_is() {
    let entry = |href, permission| MenuEntry {
        section: Section::Sales,
        order: 0,
        href,
        text: "web-line-product",
        icon: "cart3",
        permission,
    };
    let entries = [
        entry("/orders", None),
        entry("/orders/drafts", None),
        entry("/keys", Some(Permission::SettingsRead)),
        entry("/items", Some(Permission::SurveysRead)),
        entry("/items", Some(Permission::ApplicationsRead)),
    ];
    let seen = |permissions, path| {
        let groups = menu(&entries, permissions, path, &words(Lang::Uz));
        groups
            .into_iter()
            .flat_map(|group| group.links)
            .map(|link| (link.href, link.current))
            .collect::<Vec<_>>()
    };
    assert_eq!(seen(Permissions::NONE, "/orders/7?x=1"), [("/orders", true), ("/orders/drafts", false)]);
    assert_eq!(
        seen(Permissions::ALL, "/orders/drafts").into_iter().filter(|(_, current)| *current).count(),
        1
    );
    let one = Permissions::NONE.with(Permission::SurveysRead);
    for permissions in [one, one.with(Permission::ApplicationsRead)] {
        let items = seen(permissions, "/items").into_iter().filter(|(href, _)| *href == "/items");
        assert_eq!(items.count(), 1, "once for whoever has one of its permissions or both");
    }
    assert_eq!(seen(Permissions::ALL, "/ordersmith").into_iter().filter(|(_, current)| *current).count(), 0);
}

#[test]
fn a_page_is_whole_in_every_language_and_has_nothing_inline() {
    for lang in Lang::ALL {
        let p = Shell::new(words(lang), "/", "token", "key".to_owned())
            .titled("web-list-empty")
            .crumb("/", "web-menu");
        let list = ListPage::new(p.clone(), table("", 3));
        let form = FormPage::new(p.toast(Tone::Error, &Text::new("kernel-busy")), Form::new(&shell(), "/a"));
        for html in [askama::Template::render(&list).unwrap(), askama::Template::render(&form).unwrap()] {
            assert!(html.contains(&format!(r#"<html lang="{}""#, lang.code())));
            assert!(!html.contains("web-"), "a text is missing: {html}");
            for inline in ["<style", " style=", "onclick=", "<script>", "javascript:"] {
                assert!(!html.contains(inline), "{inline}");
            }
        }
    }
}

#[test]
fn texts_of_scripts_are_all_there() {
    for lang in Lang::ALL {
        let p = Shell::new(words(lang), "/", "", String::new());
        for page in [super::IslandPage::simulator(p.clone(), "/s"), super::IslandPage::api(p.clone(), "/o")] {
            let texts: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(&page.texts).unwrap();
            for (key, value) in texts {
                assert!(!value.as_str().unwrap().starts_with("web-"), "{key}");
            }
        }
        assert!(!p.script_texts().contains(":\"web-"));
    }
}

#[test]
fn only_paths_of_ours_are_gone_to() {
    for (path, ours) in [
        ("/orders?q=1", true),
        ("//evil.example", false),
        ("https://evil.example", false),
        ("/\\evil.example", false),
        ("/a\r\nset-cookie: x", false),
        ("", false),
    ] {
        assert_eq!(go::is_local(path), ours, "{path}");
    }
}

async fn ask(request: Request<Body>) -> Response {
    let router = Router::new()
        .route("/sent", post(|| async { Go::to("/there").toast(Tone::Success, "Saqlandi — oʻ") }))
        .route("/there", get(|| async { render(&FormPage::new(shell(), Form::new(&shell(), "/a"))) }))
        .layer(axum::middleware::from_fn(layer));
    router.oneshot(request).await.unwrap()
}

#[tokio::test]
async fn a_notice_survives_the_redirect_once() {
    let sent = ask(Request::post("/sent").body(Body::empty()).unwrap()).await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    assert_eq!(sent.headers()[header::LOCATION], "/there");
    let cookie = sent.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let mut headers = HeaderMap::new();
    headers.insert(header::COOKIE, HeaderValue::from_str(&format!("a=b; {cookie}")).unwrap());
    assert_eq!(flash(&headers).len(), 1);
    assert_eq!(flash(&headers)[0].text, "Saqlandi — oʻ");
    let shown =
        ask(Request::get("/there").header(header::COOKIE, &cookie).body(Body::empty()).unwrap()).await;
    assert!(shown.headers()[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    let again = ask(Request::get("/there").body(Body::empty()).unwrap()).await;
    assert!(!again.headers().contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn htmx_is_sent_on_by_a_header() {
    let sent = ask(Request::post("/sent").header("hx-request", "true").body(Body::empty()).unwrap()).await;
    assert_eq!(sent.status(), StatusCode::NO_CONTENT);
    assert_eq!(sent.headers()["hx-redirect"], "/there");
    assert!(sent.headers().contains_key(header::SET_COOKIE));
}

#[test]
fn a_notice_that_is_no_notice_is_none() {
    for value in ["karvon_flash=%%%", "karvon_flash=", "karvon_flash=bm90IGpzb24", "other=1"] {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(value).unwrap());
        assert_eq!(flash(&headers), [], "{value}");
    }
}

#[test]
fn a_form_comes_again_only_where_the_person_can_mend_it() {
    let page = |error: &Error| FormPage::new(shell(), Form::new(&shell(), "/a").error(Some(error)));
    let wrong = super::form_again(Error::invalid(Text::new("kernel-busy")), page).unwrap();
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let conflict = super::form_again(Error::conflict(Text::new("kernel-busy")), page).unwrap();
    assert_eq!(conflict.status(), StatusCode::CONFLICT);
    assert!(super::form_again(Error::not_found(), page).is_err());
}

#[test]
fn an_error_without_fields_is_a_sentence_above_the_form() {
    let error = Error::new(Kind::Conflict, Text::new("kernel-busy"));
    let form = Form::new(&shell(), "/a").error(Some(&error)).to_string();
    assert!(form.contains(r#"role="alert""#) && form.contains(&words(Lang::En).t("kernel-busy")));
}

#[test]
fn days_are_asked_for_by_span_or_by_hand_and_the_other_filters_stay() {
    let today = Date::parse("2026-11-21").unwrap();
    let drawn = |query: &str| table(query, 60).filter(state()).days(today).to_string();
    let html = drawn("q=tv&state=new&page=2&from=2026-11-16&until=2026-11-21");
    for part in [
        r#"href="/orders?q=tv&#38;state=new&#38;from=2026-11-01&#38;until=2026-11-21""#,
        r#"href="/orders?q=tv&#38;state=new""#,
        r#"type="date" id="orders-from" name="from" value="2026-11-16""#,
        r#"id="orders-days-label">This week</span>"#,
        r#"from=2026-11-16&#38;until=2026-11-21&#38;page=3""#,
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert_eq!(html.matches("aria-current=\"true\"").count(), 1);
    assert!(drawn("until=2026-11-03").contains("… – 03.11.2026"));
    assert!(drawn("from=2026-11-03&until=03.11.2026").contains(">03.11.2026</span>"));
}

#[test]
fn a_day_that_is_none_is_told_beside_its_field() {
    let today = Date::parse("2026-11-21").unwrap();
    for (query, field, words) in [
        ("from=2026-02-30", "from", "kernel-date-malformed"),
        ("until=x&from=2026-11-01", "until", "kernel-date-malformed"),
        ("from=2026-11-05&until=2026-11-04", "until", "web-days-reversed"),
    ] {
        let html = table(query, 3).days(today).to_string();
        let said = self::words(Lang::En).t(words);
        let beside =
            format!(r#"id="orders-{field}-wrong" role="status"><span class="invalid-feedback">{said}"#);
        assert!(html.contains(&beside) && html.contains(r#"id="orders-days" open"#), "{query}: {html}");
        assert!(DayRange::asked(&ListQuery::parse("/", query)).is_wrong());
    }
    let range = DayRange::asked(&ListQuery::parse("/", "from=2026-11-05&until=x"));
    assert_eq!((range.from, range.until), (Date::parse("2026-11-05").ok(), None));
}

fn state() -> Filter {
    Filter::select("state", "web-actions", vec![super::Choice::new("new", "New")])
}

#[test]
fn shares_say_their_figures_lead_on_and_unfold_when_there_are_many() {
    for lang in Lang::ALL {
        let few = vec![
            ShareBar::new("<Toshkent>", 1_200).part(300).href("/orders?q=a&b"),
            ShareBar::new("Andijon", 600).part(600),
            ShareBar::new("Xorazm", 0).part(0),
        ];
        let html = ShareChart::new(&words(lang), "Hudud", few).legend("Javob berdi", "Yoʻq").to_string();
        for part in [
            "aria-label=\"Hudud\"",
            "<a href=\"/orders?q=a&#38;b\">&#60;Toshkent&#62;</a>",
            "class=\"share-count\" width=\"1000\"",
            "class=\"share-filled\" width=\"250\"",
            "25\u{a0}%",
            "class=\"share-count\" width=\"500\"",
            "100\u{a0}%",
            "Javob berdi",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("web-") && !html.contains("style=") && !html.contains("<details"), "{html}");
    }
    let bars = |count: i64| (1..=count).map(|n| ShareBar::new(format!("n{n}"), n)).collect::<Vec<_>>();
    let html = ShareChart::new(&words(Lang::En), "Many", bars(40)).to_string();
    assert!(html.contains("25 more") && html.contains("class=\"share-name\">n1<"), "{html}");
    assert_eq!(html.matches("<li class=\"share\">").count(), 40);
    assert!(!ShareChart::new(&words(Lang::En), "Many", bars(16)).to_string().contains("<details"));
    let whole = ShareChart::new(&words(Lang::En), "Some", bars(1)).of(4).to_string();
    assert!(whole.contains("25\u{a0}%"), "{whole}");
    let none = ShareChart::new(&words(Lang::En), "None", vec![ShareBar::new("a", 0)]).empty("Nobody");
    assert!(none.is_empty() && none.to_string().contains("Nobody"));
}
