//! An order and its lines, and what people say to make one.

use std::str::FromStr;

use catalog::{Product, Vat};
use contacts::Contact;
use kernel::{Date, Id, Money, Quantity, Rate, Timestamp};

use crate::{Amounts, LineProgress, Progress, Status};

/// Lines of one order: a page of a catalog with room to spare. More is an import, not an order.
pub const MAX_LINES: usize = 500;

/// Who wrote the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// A member, on a page.
    Staff,
    /// A customer, in a chat or in its Web App.
    Chat,
    /// An outside system.
    Api,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Staff, Self::Chat, Self::Api];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Chat => "chat",
            Self::Api => "api",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Staff => "sales-source-staff",
            Self::Chat => "sales-source-chat",
            Self::Api => "sales-source-api",
        }
    }
}

impl FromStr for Source {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|source| source.word() == word).ok_or(())
    }
}

/// How the goods reach the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DeliveryKind {
    /// Nobody said.
    #[default]
    Unsaid,
    /// The shop brings them.
    Delivery,
    /// The customer comes for them.
    Pickup,
}

impl DeliveryKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Unsaid, Self::Delivery, Self::Pickup];

    /// The word that is stored and that the API and the chat speak.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unsaid => "unsaid",
            Self::Delivery => "delivery",
            Self::Pickup => "pickup",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Unsaid => "sales-delivery-unsaid",
            Self::Delivery => "sales-delivery-delivery",
            Self::Pickup => "sales-delivery-pickup",
        }
    }
}

impl FromStr for DeliveryKind {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(())
    }
}

/// How the goods reach the customer, where, for how much.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivery {
    /// Brought or fetched.
    pub kind: DeliveryKind,
    /// The address in words.
    pub address: String,
    /// A point on the map, `latitude,longitude`.
    pub place: String,
    /// What the customer pays for it.
    pub fee: Money,
}

/// Something a customer wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its id.
    pub id: Id<Order>,
    /// Its number in the workspace, which the API and people speak.
    pub number: i64,
    /// Where it stands.
    pub status: Status,
    /// Who wrote it.
    pub source: Source,
    /// For whom; nobody in particular when none.
    pub customer: Option<Id<Contact>>,
    /// The business date; the rates of VAT are those of this day.
    pub ordered_on: Date,
    /// Whether the prices have VAT in them.
    pub prices_include_vat: bool,
    /// Whether only sums were given: no lines, and the VAT stands as it was given.
    pub amounts_only: bool,
    /// What is taken off the whole.
    pub discount: Money,
    /// How the goods reach the customer.
    pub delivery: Delivery,
    /// What it comes to.
    pub amounts: Amounts,
    /// How many lines it has.
    pub line_count: u32,
    /// Whatever else there is to say.
    pub note: String,
    /// The conversation it came from, in the words of `bots`.
    pub chat_ref: Option<String>,
    /// Why it was called off.
    pub cancel_reason: String,
    /// How often it was changed; a form that saves an older version is refused.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was accepted.
    pub confirmed_at: Option<Timestamp>,
    /// When it was called off.
    pub cancelled_at: Option<Timestamp>,
    /// The VAT of the fee for delivery: in it, or on top of it, as the order says.
    pub delivery_vat: Money,
    /// Whether its goods are kept from the moment it was made, as a checkout's are; what staff and outside systems
    /// write down keeps them when it is confirmed.
    pub kept_at_once: bool,
    /// What became of it.
    pub progress: Progress,
}

/// One product of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// Its id.
    pub id: Id<OrderLine>,
    /// Its place, from 1.
    pub position: u32,
    /// The product.
    pub product: Id<Product>,
    /// How much.
    pub quantity: Quantity,
    /// The price of one unit.
    pub price: Money,
    /// The part of it that is taken off.
    pub discount: Rate,
    /// How VAT applies to the product.
    pub vat: Vat,
    /// The rate of the order's day.
    pub vat_rate: Rate,
    /// What it comes to, its share of the order's discount taken off.
    pub amounts: Amounts,
    /// What became of it.
    pub progress: LineProgress,
}

/// How much of which line of an order.
pub type LineQuantities = Vec<(Id<OrderLine>, Quantity)>;

/// What staff and outside systems say of an order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderContent {
    /// For whom.
    pub customer: Option<Id<Contact>>,
    /// The business date; today where nobody says.
    pub ordered_on: Option<Date>,
    /// What is wanted.
    pub goods: Goods,
    /// What is taken off the whole.
    pub discount: Money,
    /// How the goods reach the customer.
    pub delivery: Delivery,
    /// Whatever else there is to say.
    pub note: String,
}

/// What an order is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goods {
    /// Products.
    Lines(Vec<NewLine>),
    /// Only sums, from systems that know no more: the total and the VAT in it.
    Sums {
        /// What the customer pays, discount taken off.
        total: Money,
        /// The VAT in it, as given.
        vat: Money,
    },
}

impl Default for Goods {
    fn default() -> Self {
        Self::Lines(Vec::new())
    }
}

/// What is said of one product of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// The product.
    pub product: Id<Product>,
    /// How much, above zero.
    pub quantity: Quantity,
    /// The price of one unit; the product's where nobody says.
    pub price: Option<Money>,
    /// The part of it that is taken off, 0 to 100 %.
    pub discount: Rate,
}

/// The checkout of a customer in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceOrder {
    /// Who orders.
    pub customer: Id<Contact>,
    /// What.
    pub lines: Vec<PlaceLine>,
    /// How the goods reach them.
    pub delivery: Delivery,
    /// Their comment.
    pub note: String,
    /// The sum they saw and agreed to; another one now is a conflict.
    pub expected_total: Option<Money>,
    /// Chat, or an outside system that takes checkouts.
    pub source: Source,
    /// The conversation, in the words of `bots`; messages about the order go there.
    pub chat_ref: Option<String>,
}

/// One product of a checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceLine {
    /// The product.
    pub product: Id<Product>,
    /// How much, above zero.
    pub quantity: Quantity,
    /// The price they saw; another one now is a conflict.
    pub expected_price: Option<Money>,
}
