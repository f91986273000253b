//! One field of a form: its kind, its value, its words, its error.

use askama::{Template, filters::HtmlSafe};
use kernel::{Date, Money, Quantity};

use super::{Icon, Words};

/// A choice of a select, a radio group or a filter.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
}

impl Choice {
    /// `value`, shown as `label`.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// An `<input>` of this type.
    Input(&'static str),
    /// A number with so many decimals, grouped while it is typed, with its unit.
    Decimal {
        decimals: u8,
        unit: String,
    },
    Area {
        rows: u8,
    },
    Select {
        choices: Vec<Choice>,
        blank: bool,
    },
    Check,
    Combobox {
        source: String,
        shown: String,
    },
    File {
        accept: &'static str,
    },
}

/// How wide a field stands on a wide screen; a phone shows all at full width.
#[derive(Debug, Clone, Copy)]
pub(super) enum Span {
    Full,
    Half,
    Third,
    Quarter,
}

impl Span {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Full => "",
            Self::Half => " col-half",
            Self::Third => " col-third",
            Self::Quarter => " col-quarter",
        }
    }
}

/// One field of a form. Label and help are text keys until the form takes the field; then they are words.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/field.html")]
pub struct Field {
    pub(super) name: String,
    label_key: &'static str,
    help_key: &'static str,
    pub(super) label: String,
    help: String,
    optional: String,
    choose: String,
    reveal: String,
    shape: Shape,
    value: String,
    pub(super) error: String,
    span: Span,
    is_required: bool,
    is_disabled: bool,
    has_focus: bool,
    placeholder: String,
    autocomplete: &'static str,
    max_chars: Option<u16>,
}
impl HtmlSafe for Field {}

impl Field {
    fn new(name: impl Into<String>, label_key: &'static str, shape: Shape) -> Self {
        Self {
            name: name.into(),
            label_key,
            help_key: "",
            label: String::new(),
            help: String::new(),
            optional: String::new(),
            choose: String::new(),
            reveal: String::new(),
            shape,
            value: String::new(),
            error: String::new(),
            span: Span::Full,
            is_required: false,
            is_disabled: false,
            has_focus: false,
            placeholder: String::new(),
            autocomplete: "off",
            max_chars: None,
        }
    }

    /// A line of text.
    pub fn text(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(name, label, Shape::Input("text"))
    }

    /// An e-mail address.
    pub fn email(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(name, label, Shape::Input("email")).autocomplete("email")
    }

    /// A phone.
    pub fn phone(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(name, label, Shape::Input("tel")).autocomplete("tel").placeholder("+998 90 123 45 67")
    }

    /// A password; never filled in again.
    pub fn password(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(name, label, Shape::Input("password")).autocomplete("current-password")
    }

    /// A date.
    pub fn date(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(name, label, Shape::Input("date"))
    }

    /// Money, in so'm with at most two decimals.
    pub fn money(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(name, label, Shape::Decimal { decimals: 2, unit: "web-som".to_owned() })
    }

    /// A quantity with at most three decimals; `unit` stands behind it.
    pub fn quantity(name: impl Into<String>, label: &'static str, unit: impl Into<String>) -> Self {
        Self::new(name, label, Shape::Decimal { decimals: 3, unit: unit.into() })
    }

    /// A percentage with at most two decimals.
    pub fn percent(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(name, label, Shape::Decimal { decimals: 2, unit: "%".to_owned() })
    }

    /// A whole number.
    pub fn number(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(name, label, Shape::Decimal { decimals: 0, unit: String::new() })
    }

    /// Text of several lines; it grows with what is typed.
    pub fn area(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(name, label, Shape::Area { rows: 3 })
    }

    /// One of a few choices.
    pub fn select(name: impl Into<String>, label: &'static str, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Shape::Select { choices, blank: true })
    }

    /// Yes or no; sends `true` or nothing.
    pub fn check(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(name, label, Shape::Check)
    }

    /// One of many, found by typing: `source` answers `?q=` with options (`pages::lines` shows their shape); `value`
    /// is the chosen id and `shown` its name.
    pub fn combobox(
        name: impl Into<String>,
        label: &'static str,
        source: impl Into<String>,
        value: impl Into<String>,
        shown: impl Into<String>,
    ) -> Self {
        let shape = Shape::Combobox { source: source.into(), shown: shown.into() };
        Self::new(name, label, shape).value(value)
    }

    /// A file; `accept` as in HTML: `.csv,.xlsx`.
    pub fn file(name: impl Into<String>, label: &'static str, accept: &'static str) -> Self {
        Self::new(name, label, Shape::File { accept })
    }

    /// Filled in with this.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Filled in with an amount, or left empty.
    #[must_use]
    pub fn amount(self, money: Option<Money>) -> Self {
        self.value(money.map(|money| money.to_string()).unwrap_or_default())
    }

    /// Filled in with a quantity, or left empty.
    #[must_use]
    pub fn count(self, quantity: Option<Quantity>) -> Self {
        self.value(quantity.map(|quantity| quantity.to_string()).unwrap_or_default())
    }

    /// Filled in with a date, or left empty.
    #[must_use]
    pub fn on(self, date: Option<Date>) -> Self {
        self.value(date.map(|date| date.to_string()).unwrap_or_default())
    }

    /// Ticked or not.
    #[must_use]
    pub fn checked(self, yes: bool) -> Self {
        self.value(if yes { "true" } else { "" })
    }

    /// Must be filled in.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.is_required = true;
        if let Shape::Select { blank, .. } = &mut self.shape {
            *blank = false;
        }
        self
    }

    /// Shown and not to be changed.
    #[must_use]
    pub const fn disabled(mut self) -> Self {
        self.is_disabled = true;
        self
    }

    /// Has the cursor when the page opens.
    #[must_use]
    pub const fn focus(mut self) -> Self {
        self.has_focus = true;
        self
    }

    /// With this sentence under it.
    #[must_use]
    pub const fn help(mut self, key: &'static str) -> Self {
        self.help_key = key;
        self
    }

    /// Called by what it is about instead of by a text key: a product's name.
    #[must_use]
    pub fn called(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With this sentence under it, ready to be read.
    #[must_use]
    pub fn hint(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// With this example in it while it is empty.
    #[must_use]
    pub fn placeholder(mut self, placeholder: impl Into<String>) -> Self {
        self.placeholder = placeholder.into();
        self
    }

    /// What the browser may fill in by itself (HTML's `autocomplete` tokens).
    #[must_use]
    pub const fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = token;
        self
    }

    /// At most so many characters.
    #[must_use]
    pub const fn max(mut self, chars: u16) -> Self {
        self.max_chars = Some(chars);
        self
    }

    /// Half a row wide.
    #[must_use]
    pub const fn half(mut self) -> Self {
        self.span = Span::Half;
        self
    }

    /// A third of a row wide.
    #[must_use]
    pub const fn third(mut self) -> Self {
        self.span = Span::Third;
        self
    }

    /// A quarter of a row wide.
    #[must_use]
    pub const fn quarter(mut self) -> Self {
        self.span = Span::Quarter;
        self
    }

    /// The field with its words, and `error` beside it.
    pub(super) fn worded(mut self, words: &Words, error: String) -> Self {
        if self.label.is_empty() {
            self.label = words.t(self.label_key);
        }
        if !self.help_key.is_empty() {
            self.help = words.t(self.help_key);
        }
        if !self.is_required && !matches!(self.shape, Shape::Check) {
            self.optional = words.t("web-optional");
        }
        self.choose =
            words.t(if matches!(self.shape, Shape::File { .. }) { "web-choose-file" } else { "web-choose" });
        if let Shape::Decimal { unit, .. } = &mut self.shape
            && unit == "web-som"
        {
            *unit = words.t("web-som");
        }
        if matches!(self.shape, Shape::Input("password")) {
            self.value.clear();
            self.reveal = words.t("web-show-password");
        }
        self.error = error;
        self
    }

    pub(super) const fn shape(&self) -> &Shape {
        &self.shape
    }

    fn id(&self) -> String {
        format!("field-{}", self.name)
    }

    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.error.is_empty() {
            ids.push(format!("{}-error", self.id()));
        }
        if !self.help.is_empty() {
            ids.push(format!("{}-help", self.id()));
        }
        ids.join(" ")
    }
}
