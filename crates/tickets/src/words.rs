//! Figures of the desk as people say them.

use kernel::Text;

const HOUR_MIN: i64 = 60;
const DAY_MIN: i64 = 24 * 60;

/// Minutes: `5 daqiqa`, `3 soat`, `2 kun`.
pub(crate) fn span(minutes: i64) -> Text {
    let (key, count) = match minutes {
        ..HOUR_MIN => ("tickets-minutes", minutes.max(0)),
        HOUR_MIN..DAY_MIN => ("tickets-hours", minutes / HOUR_MIN),
        _ => ("tickets-days", minutes / DAY_MIN),
    };
    Text::new(key).with("count", count)
}

/// Tenths of a star: `4,7`.
pub(crate) fn stars(tenths: i64) -> String {
    format!("{},{}", tenths / 10, tenths % 10)
}
