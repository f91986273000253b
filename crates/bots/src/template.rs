//! What a new bot can be made of. Pure.

use std::str::FromStr;

use flow::{examples, shop::ShopInfo};
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A delivered blueprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// A shop assistant: search, catalog, cart, orders.
    Shop,
    /// A table is booked; the staff is told, and another system is called.
    Booking,
    /// Questions are answered from the workspace's knowledge, and by a language model where one is connected.
    Answers,
    /// What people ask goes to the support desk, and its answers come back.
    Support,
    /// A university's admissions: who somebody is, four forms, what became of what they applied for.
    Admissions,
    /// Students are asked whether they work.
    Survey,
    /// A greeting, a menu, a question to a person.
    Blank,
}

impl Template {
    /// All of them, in the order in which they are offered.
    pub(crate) const ALL: [Self; 7] = [
        Self::Shop,
        Self::Support,
        Self::Admissions,
        Self::Survey,
        Self::Booking,
        Self::Answers,
        Self::Blank,
    ];

    /// Its name in addresses and the API.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Booking => "booking",
            Self::Answers => "answers",
            Self::Support => "support",
            Self::Admissions => "admissions",
            Self::Survey => "survey",
            Self::Blank => "blank",
        }
    }

    /// The blueprint as a file.
    pub(crate) const fn source(self) -> &'static str {
        match self {
            Self::Shop => examples::SHOP,
            Self::Booking => examples::BOOKING,
            Self::Answers => examples::ANSWERS,
            Self::Support => examples::SUPPORT,
            Self::Admissions => examples::ADMISSIONS,
            Self::Survey => examples::SURVEY,
            Self::Blank => examples::BLANK,
        }
    }

    /// Whether it speaks for a shop, whose facts it is then asked for.
    pub(crate) const fn is_shop(self) -> bool {
        matches!(self, Self::Shop)
    }
}

impl FromStr for Template {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|template| template.word() == word).ok_or_else(Error::not_found)
    }
}

/// The facts of a bot that was given none: nothing is known of a shop but how it is called.
pub(crate) fn bare_facts(name: &str) -> ShopInfo {
    ShopInfo {
        name: name.to_owned(),
        about: String::new(),
        phone: String::new(),
        address: String::new(),
        hours: String::new(),
        site: String::new(),
        delivers: true,
        pickup: true,
        delivery_tiyin: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_delivered_blueprint_is_without_fault() {
        for template in Template::ALL {
            let problems = crate::version::problems(template.source());
            assert!(problems.is_empty(), "{}: {problems:?}", template.word());
            assert_eq!(template.word().parse::<Template>().unwrap(), template);
        }
    }
}
