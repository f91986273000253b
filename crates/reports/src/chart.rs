//! Sales of the last days as a chart.

use kernel::{Date, Money};
use sales::SalesSums;
use web::pages::{DayBar, DayChart, Words};

/// Tiyin in a million soʻm, and in a thousand.
const MILLION: i64 = 100_000_000;
const THOUSAND: i64 = 100_000;

/// The chart of these days, each of which leads to what was sold on it.
pub(crate) fn of_sales(words: &Words, days: &[(Date, SalesSums)]) -> DayChart {
    let highest = days.iter().map(|(_, sums)| sums.amounts.total).max().unwrap_or(Money::ZERO);
    let sentence = words.t1("reports-chart-highest", "amount", short(words, highest));
    let columns = vec![words.t("reports-invoices"), words.t("reports-total")];
    let bars = days.iter().map(|(day, sums)| {
        let total = words.money(sums.amounts.total);
        let is_sold = *sums != SalesSums::default();
        DayBar {
            day: *day,
            height: sums.amounts.total.tiyin(),
            said: format!("{total} {}", words.t("web-som")),
            figures: if is_sold { vec![words.number(sums.count), total] } else { Vec::new() },
            href: format!("/reports/sales?from={day}&until={day}&by=product"),
        }
    });
    DayChart::new(words, "chart", words.t("reports-chart"), columns, bars.collect())
        .empty(words.t("reports-chart-empty"))
        .highest(short(words, highest), sentence)
}

/// `12,5 mln`: as short as a line of a chart has room for.
fn short(words: &Words, money: Money) -> String {
    let tenths = |unit: i64| Money::from_tiyin(money.tiyin() / (unit / 10) * 10);
    match money.tiyin() {
        tiyin if tiyin >= MILLION => words.t1("reports-millions", "amount", words.money(tenths(MILLION))),
        tiyin if tiyin >= THOUSAND => words.t1("reports-thousands", "amount", words.money(tenths(THOUSAND))),
        _ => words.money(money),
    }
}
