//! What a workspace chose: whom it asks, with which key, what it may spend. Pure.

use kernel::{Checks, Error, Result, Text};
use net::{Tenant, reqwest::Url};
use serde::Serialize;

use crate::{Price, Prices};

kernel::words! {
    /// Which wire is spoken.
    Provider {
        /// Chat completions, as OpenAI and many others have them.
        OpenAi = "openai",
        /// Google's Gemini.
        Gemini = "gemini",
    }
}

/// Tokens a day, until somebody says otherwise.
pub const TOKENS_PER_DAY: i64 = 200_000;
/// Tokens a day at most; beyond it is a slip of the finger.
const TOKENS_PER_DAY_AT_MOST: i64 = 1_000_000_000;
/// Characters of an address, a model's name and a key at most.
const ADDRESS_AT_MOST: usize = 300;
const MODEL_AT_MOST: usize = 120;
const KEY_AT_MOST: usize = 400;
/// Characters of a key that are shown, and how long it has to be for that.
const KEY_END: usize = 4;
const KEY_AT_LEAST: usize = 8;

impl Provider {
    /// Where it is, unless the workspace says otherwise.
    pub const fn default_base_url(self) -> &'static str {
        match self {
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Gemini => "https://generativelanguage.googleapis.com",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::OpenAi => "models-provider-openai",
            Self::Gemini => "models-provider-gemini",
        }
    }
}

/// What a workspace chose. The key is not in it: it is shown to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// Which wire is spoken.
    pub provider: Provider,
    /// Where, without a slash at the end.
    pub base_url: String,
    /// The model's name, as the provider has it.
    pub model: String,
    /// The last characters of the key; `None` when there is none.
    pub key_end: Option<String>,
    /// Whether models may be asked.
    pub is_on: bool,
    /// What the calls of a day may take; 0 lets none through.
    pub tokens_per_day: i64,
    /// What tokens cost, where somebody said so.
    pub prices: Option<Prices>,
}

impl Default for Settings {
    fn default() -> Self {
        let provider = Provider::OpenAi;
        Self {
            provider,
            base_url: provider.default_base_url().to_owned(),
            model: String::new(),
            key_end: None,
            is_on: false,
            tokens_per_day: TOKENS_PER_DAY,
            prices: None,
        }
    }
}

impl Settings {
    /// Whether a call may be made.
    pub const fn is_ready(&self) -> bool {
        self.is_on && self.has_endpoint()
    }

    /// Whether it is known whom to ask, be it on or off.
    pub(crate) const fn has_endpoint(&self) -> bool {
        self.key_end.is_some() && !self.model.is_empty()
    }
}

/// What somebody wants to be chosen, as typed. The whole of it, but for the key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditSettings {
    /// The provider's word.
    pub provider: String,
    /// Empty: the provider's own.
    pub base_url: String,
    /// The model's name.
    pub model: String,
    /// Empty: it stays.
    pub key: NewKey,
    /// Whether models may be asked.
    pub is_on: bool,
    /// Empty: the usual number.
    pub tokens_per_day: String,
    /// Dollars for a million input tokens; empty when nobody cares.
    pub input_price: String,
    /// Dollars for a million output tokens; empty when nobody cares.
    pub output_price: String,
}

/// A key as somebody typed it. Its `Debug` says nothing of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NewKey(pub String);

impl std::fmt::Debug for NewKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewKey(…)")
    }
}

impl EditSettings {
    /// The settings that are meant and the new key, when there is one. Errors: everything that is wrong, beside its field.
    pub(crate) fn check(&self, tenant: &Tenant, before: &Settings) -> Result<(Settings, Option<String>)> {
        let Self { provider, base_url, model, key, is_on, tokens_per_day, input_price, output_price } = self;
        let mut checks = Checks::new();
        let provider = checks.take("provider", one_of_them(provider)).unwrap_or(before.provider);
        let base_url = checks.take("base_url", address(tenant, provider, base_url)).unwrap_or_default();
        let model = model_name(&mut checks, provider, model);
        let key = checks.take("key", new_key(&key.0)).flatten();
        let tokens_per_day = checks.take("tokens_per_day", tokens(tokens_per_day)).unwrap_or_default();
        let prices = prices(&mut checks, input_price, output_price);
        // Whoever may change the address must not learn the key by having it sent to another one.
        let is_known = before.base_url == base_url && before.provider == provider;
        let stays = key.is_none() && before.key_end.is_some();
        if stays && !is_known && !checks.has("base_url") {
            checks.refuse("key", Text::new("models-key-again"));
        }
        let key_end = key.as_deref().map(end_of).or_else(|| before.key_end.clone());
        if *is_on && !checks.has("key") {
            checks.hold(key_end.is_some(), "key", Text::new("models-key-missing"));
        }
        if *is_on && !checks.has("model") {
            checks.hold(!model.is_empty(), "model", Text::new("kernel-text-missing"));
        }
        checks.done()?;
        let settings = Settings { provider, base_url, model, key_end, is_on: *is_on, tokens_per_day, prices };
        Ok((settings, key))
    }
}

fn one_of_them(word: &str) -> Result<Provider> {
    word.parse().map_err(|_| Error::invalid(Text::new("models-provider-unknown")))
}

/// An address that may be called: of the public network, or one that the operator opened; by TLS, but for the latter.
fn address(tenant: &Tenant, provider: Provider, typed: &str) -> Result<String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(provider.default_base_url().to_owned());
    }
    if typed.chars().count() > ADDRESS_AT_MOST {
        return Err(Error::invalid(Text::new("kernel-text-too-long").with("max", ADDRESS_AT_MOST)));
    }
    let url: Url = tenant.check(typed)?;
    let is_bare = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !is_bare {
        return Err(Error::invalid(Text::new("models-address-not-bare")));
    }
    if url.scheme() != "https" && !tenant.is_opened(&url) {
        return Err(Error::invalid(Text::new("models-address-not-secure")));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Google's lists name a model `models/gemini-…`.
fn model_name(checks: &mut Checks, provider: Provider, typed: &str) -> String {
    let model = checks.line("model", typed, MODEL_AT_MOST);
    let model = match provider {
        Provider::Gemini => model.strip_prefix("models/").unwrap_or(&model),
        Provider::OpenAi => &model,
    };
    checks.hold(!model.contains(' '), "model", Text::new("models-model-has-space"));
    model.to_owned()
}

/// A key travels in a header, so it is one word of ASCII.
fn new_key(typed: &str) -> Result<Option<String>> {
    let key = typed.trim();
    if key.is_empty() {
        return Ok(None);
    }
    let length = key.chars().count();
    if !key.chars().all(|c| c.is_ascii_graphic()) || !(KEY_AT_LEAST..=KEY_AT_MOST).contains(&length) {
        return Err(Error::invalid(Text::new("models-key-wrong")));
    }
    Ok(Some(key.to_owned()))
}

fn end_of(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    letters.iter().skip(letters.len().saturating_sub(KEY_END)).collect()
}

fn tokens(typed: &str) -> Result<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.is_empty() {
        return Ok(TOKENS_PER_DAY);
    }
    let wrong = || Error::invalid(Text::new("models-tokens-wrong"));
    let tokens = digits.parse().map_err(|_| wrong())?;
    if (0..=TOKENS_PER_DAY_AT_MOST).contains(&tokens) { Ok(tokens) } else { Err(wrong()) }
}

/// Both prices or none: half a cost would be a wrong one.
fn prices(checks: &mut Checks, input: &str, output: &str) -> Option<Prices> {
    let read = |typed: &str| {
        let typed = typed.trim();
        if typed.is_empty() { Ok(None) } else { Price::parse(typed).map(Some) }
    };
    let input = checks.take("input_price", read(input));
    let output = checks.take("output_price", read(output));
    match (input?, output?) {
        (Some(input), Some(output)) => Some(Prices { input, output }),
        (None, None) => None,
        (input, _) => {
            let field = if input.is_none() { "input_price" } else { "output_price" };
            checks.refuse(field, Text::new("models-price-both"));
            None
        }
    }
}
