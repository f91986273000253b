//! Sums in words, as documents repeat them: `Bir million ikki yuz ming soʻm 50 tiyin`. Pure.

use kernel::{Lang, Money};

/// Tiyin in a soʻm.
const TIYIN: u64 = 100;

/// Money in words, the tiyin in digits, the first letter large.
pub fn money(lang: Lang, money: Money) -> String {
    let tiyin = money.tiyin().unsigned_abs();
    let (whole, rest) = (tiyin / TIYIN, tiyin % TIYIN);
    let mut words = Vec::new();
    if money.is_negative() {
        words.push(minus(lang).to_owned());
    }
    words.extend(number(lang, whole));
    words.push(form(lang, whole, SOM).to_owned());
    words.push(format!("{rest:02}"));
    words.push(form(lang, rest, COIN).to_owned());
    capitalised(&words.join(" "))
}

const fn minus(lang: Lang) -> &'static str {
    match lang {
        Lang::Uz | Lang::En => "minus",
        Lang::Ru => "минус",
    }
}

/// A noun after one, after two to four, after more, in Russian; the others have one form.
struct Noun {
    uz: &'static str,
    ru: [&'static str; 3],
    en: &'static str,
}

const SOM: &Noun = &Noun { uz: "soʻm", ru: ["сум", "сума", "сумов"], en: "soʻm" };
const COIN: &Noun = &Noun { uz: "tiyin", ru: ["тийин", "тийина", "тийинов"], en: "tiyin" };
/// Thousands, and so on by threes of digits; 64 bits end within the sixth.
const SCALES: [&Noun; 6] = [
    &Noun { uz: "ming", ru: ["тысяча", "тысячи", "тысяч"], en: "thousand" },
    &Noun { uz: "million", ru: ["миллион", "миллиона", "миллионов"], en: "million" },
    &Noun {
        uz: "milliard", ru: ["миллиард", "миллиарда", "миллиардов"], en: "billion"
    },
    &Noun {
        uz: "trillion", ru: ["триллион", "триллиона", "триллионов"], en: "trillion"
    },
    &Noun {
        uz: "kvadrillion", ru: ["квадриллион", "квадриллиона", "квадриллионов"], en: "quadrillion"
    },
    &Noun {
        uz: "kvintillion", ru: ["квинтиллион", "квинтиллиона", "квинтиллионов"], en: "quintillion"
    },
];

fn form(lang: Lang, count: u64, noun: &'static Noun) -> &'static str {
    let [one, few, many] = noun.ru;
    match (lang, count % 10, count % 100) {
        (Lang::Uz, _, _) => noun.uz,
        (Lang::En, _, _) => noun.en,
        (Lang::Ru, _, 11..=14) => many,
        (Lang::Ru, 1, _) => one,
        (Lang::Ru, 2..=4, _) => few,
        (Lang::Ru, _, _) => many,
    }
}

fn number(lang: Lang, number: u64) -> Vec<String> {
    if number == 0 {
        let zero = match lang {
            Lang::Uz => "nol",
            Lang::Ru => "ноль",
            Lang::En => "zero",
        };
        return vec![zero.to_owned()];
    }
    // Threes of digits, the last first.
    let mut threes = Vec::new();
    let mut left = number;
    while left > 0 {
        threes.push(left % 1000);
        left /= 1000;
    }
    let mut words = Vec::new();
    for (place, three) in threes.iter().enumerate().rev().filter(|(_, three)| **three > 0) {
        let scale = place.checked_sub(1).and_then(|place| SCALES.get(place).copied());
        // "Тысяча" is a feminine noun: "одна тысяча", "две тысячи".
        words.extend(below_thousand(lang, *three, place == 1));
        words.extend(scale.map(|scale| form(lang, *three, scale).to_owned()));
    }
    words
}

fn below_thousand(lang: Lang, number: u64, feminine: bool) -> Vec<String> {
    let digit = |words: &[&'static str], digit: u64| {
        let place = usize::try_from(digit).ok()?.checked_sub(1)?;
        words.get(place).copied()
    };
    let (hundreds, rest) = (number / 100, number % 100);
    let (tens, ones) = (rest / 10, rest % 10);
    let mut words = Vec::new();
    match lang {
        Lang::Uz => {
            if let Some(count) = digit(&UZ_ONES, hundreds) {
                words.extend([count, "yuz"]);
            }
            words.extend(digit(&UZ_TENS, tens));
            words.extend(digit(&UZ_ONES, ones));
        }
        Lang::Ru => {
            words.extend(digit(&RU_HUNDREDS, hundreds));
            if (10..20).contains(&rest) {
                words.extend(digit(&RU_TEENS, ones + 1));
            } else {
                words.extend(digit(&RU_TENS, tens));
                words.extend(match (ones, feminine) {
                    (1, true) => Some("одна"),
                    (2, true) => Some("две"),
                    _ => digit(&RU_ONES, ones),
                });
            }
        }
        Lang::En => {
            if let Some(count) = digit(&EN_ONES, hundreds) {
                words.extend([count, "hundred"]);
            }
            if (10..20).contains(&rest) {
                words.extend(digit(&EN_TEENS, ones + 1));
            } else {
                match (digit(&EN_TENS, tens), digit(&EN_ONES, ones)) {
                    (Some(tens), Some(ones)) => return joined(words, format!("{tens}-{ones}")),
                    (tens, ones) => words.extend(tens.or(ones)),
                }
            }
        }
    }
    words.into_iter().map(ToOwned::to_owned).collect()
}

fn joined(words: Vec<&str>, last: String) -> Vec<String> {
    words.into_iter().map(ToOwned::to_owned).chain([last]).collect()
}

const UZ_ONES: [&str; 9] = ["bir", "ikki", "uch", "toʻrt", "besh", "olti", "yetti", "sakkiz", "toʻqqiz"];
const UZ_TENS: [&str; 9] =
    ["oʻn", "yigirma", "oʻttiz", "qirq", "ellik", "oltmish", "yetmish", "sakson", "toʻqson"];
const RU_ONES: [&str; 9] = ["один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"];
const RU_TEENS: [&str; 10] = [
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
];
const RU_TENS: [&str; 9] = [
    "десять",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
];
const RU_HUNDREDS: [&str; 9] =
    ["сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот"];
const EN_ONES: [&str; 9] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const EN_TEENS: [&str; 10] = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const EN_TENS: [&str; 9] =
    ["ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tiyin: i64, uz: &str, ru: &str, en: &str) {
        let spelled = |lang| money(lang, Money::from_tiyin(tiyin));
        assert_eq!([spelled(Lang::Uz), spelled(Lang::Ru), spelled(Lang::En)], [uz, ru, en]);
    }

    #[test]
    fn sums_are_spelled_as_documents_spell_them() {
        check(0, "Nol soʻm 00 tiyin", "Ноль сумов 00 тийинов", "Zero soʻm 00 tiyin");
        check(101, "Bir soʻm 01 tiyin", "Один сум 01 тийин", "One soʻm 01 tiyin");
        check(
            111_250,
            "Bir ming bir yuz oʻn ikki soʻm 50 tiyin",
            "Одна тысяча сто двенадцать сумов 50 тийинов",
            "One thousand one hundred twelve soʻm 50 tiyin",
        );
        check(
            2_230_203,
            "Yigirma ikki ming uch yuz ikki soʻm 03 tiyin",
            "Двадцать две тысячи триста два сума 03 тийина",
            "Twenty-two thousand three hundred two soʻm 03 tiyin",
        );
        check(
            690_000_000,
            "Olti million toʻqqiz yuz ming soʻm 00 tiyin",
            "Шесть миллионов девятьсот тысяч сумов 00 тийинов",
            "Six million nine hundred thousand soʻm 00 tiyin",
        );
        check(
            100_000_000_001_400,
            "Bir trillion oʻn toʻrt soʻm 00 tiyin",
            "Один триллион четырнадцать сумов 00 тийинов",
            "One trillion fourteen soʻm 00 tiyin",
        );
        check(-200, "Minus ikki soʻm 00 tiyin", "Минус два сума 00 тийинов", "Minus two soʻm 00 tiyin");
    }

    #[test]
    fn every_sum_has_words_and_no_two_have_the_same() {
        for lang in Lang::ALL {
            let mut seen = std::collections::HashSet::new();
            for som in (0..2_000).chain((2_000..5_000_000).step_by(9_973)) {
                let words = money(lang, Money::from_som(som));
                assert!(!words.contains("  ") && seen.insert(words.clone()), "{som}: {words}");
            }
            assert!(money(lang, Money::from_tiyin(i64::MIN)).split(' ').count() > 20);
        }
    }
}
