//! `/desk/settings`: when the desk works, and how long a closed ticket can be opened again.

use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Checks, Date, Error, Result, Text};
use web::{
    Caller, Multi,
    pages::{Field, Form, FormPage, Go, Shell, form_again, render},
};

use super::under;
use crate::{Hours, Settings, Shift, actions, reads};

/// The days of the week, from Monday.
const DAYS: [&str; 7] = [
    "tickets-monday",
    "tickets-tuesday",
    "tickets-wednesday",
    "tickets-thursday",
    "tickets-friday",
    "tickets-saturday",
    "tickets-sunday",
];
const HOUR: u16 = 60;
const DAY: u16 = 24 * HOUR;

/// What the form sends, as typed.
type Typed = HashMap<String, String>;

fn typed_of(settings: &Settings) -> Typed {
    let mut typed = Typed::new();
    for (day, shift) in settings.hours.week.iter().enumerate() {
        typed.insert(format!("from_{day}"), shift.map(|shift| clock(shift.from)).unwrap_or_default());
        typed.insert(format!("to_{day}"), shift.map(|shift| clock(shift.to)).unwrap_or_default());
    }
    let holidays: Vec<String> = settings.hours.holidays.iter().map(|date| date.dotted()).collect();
    typed.insert("holidays".to_owned(), holidays.join("\n"));
    typed.insert("reopen_days".to_owned(), settings.reopen_days.to_string());
    typed
}

/// `09:30`; the end of a day is `24:00`.
fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / HOUR, minute % HOUR)
}

/// Reads `9:30`, `09.30` and `9`.
fn minute(text: &str) -> Result<u16> {
    let wrong = || Error::invalid(Text::new("tickets-clock-malformed"));
    let (hours, minutes) = text.split_once([':', '.']).unwrap_or((text, "0"));
    let hours: u16 = hours.trim().parse().map_err(|_| wrong())?;
    let minutes: u16 = minutes.trim().parse().map_err(|_| wrong())?;
    let all = hours.checked_mul(HOUR).and_then(|all| all.checked_add(minutes)).ok_or_else(wrong)?;
    if minutes < HOUR && all <= DAY { Ok(all) } else { Err(wrong()) }
}

fn checked(typed: &Typed) -> Result<Settings> {
    let mut checks = Checks::new();
    let get = |name: &str| typed.get(name).map(|text| text.trim()).unwrap_or_default();
    let mut week = [None; 7];
    for (day, shift) in week.iter_mut().enumerate() {
        let (from, to) = (format!("from_{day}"), format!("to_{day}"));
        *shift = match (get(&from), get(&to)) {
            ("", "") => None,
            (begin, end) => {
                let (begin, end) = (checks.take(&from, minute(begin)), checks.take(&to, minute(end)));
                begin.zip(end).map(|(from, to)| Shift { from, to })
            }
        };
    }
    let mut holidays = Vec::new();
    for line in get("holidays").split(['\n', ',', ';']).map(str::trim).filter(|line| !line.is_empty()) {
        holidays.extend(checks.take("holidays", Date::parse(line)));
    }
    let days = || Error::invalid(Text::new("tickets-number-malformed"));
    let reopen_days = checks.take("reopen_days", get("reopen_days").parse().map_err(|_| days()));
    checks.done()?;
    Settings { hours: Hours { week, holidays }, reopen_days: reopen_days.unwrap_or_default() }.checked()
}

fn must_manage(ctx: &Ctx, tx: &mut ReadTx) -> Result<Settings> {
    if reads::manages(ctx, tx)? { reads::settings(ctx, tx) } else { Err(Error::forbidden()) }
}

fn form_page(p: Shell, typed: &Typed, error: Option<&Error>) -> FormPage {
    let p = under(p.titled("tickets-settings").lead("tickets-settings-lead").narrow());
    let get = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let mut form = Form::new(&p, "/desk/settings").error(error);
    for (day, key) in DAYS.iter().enumerate() {
        let (from, to) = (format!("from_{day}"), format!("to_{day}"));
        let begin = p.say(&Text::new("tickets-day-from").with("day", p.t(key)));
        let end = p.say(&Text::new("tickets-day-to").with("day", p.t(key)));
        form = form
            .field(
                Field::text(from.clone(), "tickets-from")
                    .called(begin)
                    .value(get(&from))
                    .placeholder("09:00")
                    .half()
                    .max(5),
            )
            .field(
                Field::text(to.clone(), "tickets-to")
                    .called(end)
                    .value(get(&to))
                    .placeholder("18:00")
                    .half()
                    .max(5),
            );
    }
    let form = form
        .field(
            Field::area("holidays", "tickets-holidays").value(get("holidays")).help("tickets-holidays-help"),
        )
        .field(
            Field::number("reopen_days", "tickets-reopen-days")
                .value(get("reopen_days"))
                .help("tickets-reopen-days-help")
                .required()
                .half(),
        )
        .cancel("/desk");
    FormPage::new(p, form)
}

pub(super) async fn page(caller: Caller) -> web::Result<Response> {
    let settings = caller.read(must_manage).await?;
    Ok(render(&form_page(caller.shell(), &typed_of(&settings), None)))
}

pub(super) async fn save(caller: Caller, form: Multi) -> web::Result<Response> {
    let typed: Typed = form.pairs().iter().cloned().collect();
    let sent = typed.clone();
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| actions::set_settings(ctx, tx, checked(&sent)?).map(drop);
    match caller.write(write).await {
        Ok(()) => {
            let go = Go::to("/desk/settings");
            Ok(go.done(&caller.words(), &Text::new("tickets-settings-saved")).into_response())
        }
        Err(error) => Ok(form_again(error, |error| form_page(caller.shell(), &typed, Some(error)))?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_the_ways_people_write_them() {
        for (text, minutes) in [("9", 540), ("09:30", 570), ("9.30", 570), ("24:00", 1440), ("0:00", 0)] {
            assert_eq!(minute(text).unwrap(), minutes, "{text}");
        }
        for bad in ["24:01", "9:60", "-1", "99999", "on", ""] {
            assert!(minute(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_a_form_says_is_what_it_shows() {
        let shift = Some(Shift { from: 570, to: 1440 });
        let holidays = vec![Date::parse("2026-12-08").unwrap(), Date::parse("2027-01-01").unwrap()];
        let week = [shift, shift, None, shift, shift, None, None];
        let settings = Settings { hours: Hours { week, holidays }, reopen_days: 3 };
        assert_eq!(checked(&typed_of(&settings)).unwrap(), settings);
        let mut half = typed_of(&settings);
        half.insert("to_0".to_owned(), String::new());
        assert_eq!(checked(&half).unwrap_err().field_errors()[0].field, "to_0");
    }
}
