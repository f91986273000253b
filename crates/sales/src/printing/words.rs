//! Words and figures of a paper, in the language of whoever reads it.

use catalog::{Vat, unit_name};
use kernel::{Arg, Lang, Money, Quantity, Rate, Result, Text};
use serde::Serialize;
use text::{Texts, format};

use super::PaperLine;
use crate::Amounts;

/// A fact with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) value: String,
}

/// The texts, in one language.
#[derive(Clone, Copy)]
pub(super) struct Say<'t> {
    pub(super) texts: &'t Texts,
    pub(super) lang: Lang,
}

impl Say<'_> {
    pub(super) fn t(&self, key: &str) -> String {
        self.texts.get(self.lang, key)
    }

    pub(super) fn t1(&self, key: &'static str, name: &'static str, value: impl Into<Arg>) -> String {
        self.texts.say(self.lang, &Text::new(key).with(name, value))
    }

    pub(super) fn named(&self, key: &str, value: impl Into<String>) -> Named {
        Named { name: self.t(key), value: value.into() }
    }

    /// A sum with both places of tiyin.
    pub(super) fn money(&self, money: Money) -> String {
        format::exact_money(self.lang, money)
    }

    /// The same with the currency's name.
    pub(super) fn som(&self, money: Money) -> String {
        self.t1("sales-print-som", "sum", self.money(money))
    }

    /// `2,5 kg`.
    pub(super) fn quantity(&self, line: &PaperLine) -> String {
        let count = format::quantity(self.lang, line.quantity);
        let unit = unit_name(&line.unit, self.lang).replace(' ', "\u{a0}");
        format!("{count}\u{a0}{unit}")
    }

    /// `12 %`, or that there is no VAT.
    pub(super) fn rate(&self, vat: Vat, rate: Rate) -> String {
        match vat {
            Vat::Exempt => self.t("sales-print-without-vat"),
            Vat::Standard | Vat::Zero => self.percent(rate),
        }
    }

    pub(super) fn percent(&self, rate: Rate) -> String {
        let number = format::quantity(self.lang, Quantity::from_thousandths(rate.basis_points() * 10));
        format!("{number}\u{a0}%")
    }

    /// That some part of a line's price is taken off.
    pub(super) fn discount(&self, rate: Rate) -> Option<String> {
        rate.basis_points().is_positive().then(|| {
            let percent = self.percent(rate);
            self.t1("sales-print-line-discount", "percent", percent)
        })
    }
}

/// VAT by its rates, the highest first, with what it is counted from; rates of nothing are left out.
pub(super) fn vat_by_rate(lines: &[PaperLine], delivery: (Amounts, Rate)) -> Result<Vec<(Rate, Amounts)>> {
    let mut rates: Vec<(Rate, Amounts)> = Vec::new();
    let taxed = lines.iter().map(|line| (line.vat_rate, line.amounts)).chain([(delivery.1, delivery.0)]);
    for (rate, amounts) in taxed.filter(|(rate, amounts)| rate.basis_points() > 0 && !amounts.total.is_zero())
    {
        match rates.iter_mut().find(|(known, _)| *known == rate) {
            Some((_, sum)) => *sum = sum.plus(amounts)?,
            None => rates.push((rate, amounts)),
        }
    }
    rates.sort_by_key(|(rate, _)| std::cmp::Reverse(*rate));
    Ok(rates)
}

/// What was taken off the goods' prices in all.
pub(super) fn discount_in_all(lines: &[PaperLine], prices_include_vat: bool) -> Result<Money> {
    let mut off = Money::ZERO;
    for line in lines {
        let base = if prices_include_vat { line.amounts.total } else { line.amounts.net };
        off = off.plus(line.price.times(line.quantity)?.minus(base)?)?;
    }
    Ok(off.max(Money::ZERO))
}
