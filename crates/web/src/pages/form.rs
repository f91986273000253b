//! A form: its fields, its buttons, its errors, the token and the key that make sending it safe.

use askama::{Template, filters::HtmlSafe};
use kernel::{Error, FieldError};

use super::{Field, Icon, Lines, Notice, Shell, Tone, Words};

/// A form that posts. It draws itself whole (`{{ form }}`), or in parts in a template of its own: `{{ form.head() }}`,
/// `{{ form.get("name") }}`, `{{ form.foot() }}` inside `<form method="post" …>`.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/form.html")]
pub struct Form {
    words: Words,
    action: String,
    csrf: String,
    key: String,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: String,
    submit: String,
    submit_icon: Option<Icon>,
    cancel: Option<(String, String)>,
    hidden: Vec<(String, String)>,
    lines: Option<Lines>,
    is_upload: bool,
    is_wide: bool,
}
impl HtmlSafe for Form {}

/// The start of a form in a template of its own: hidden fields and the summary of errors.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/form_head.html")]
pub struct FormHead<'a> {
    form: &'a Form,
}
impl HtmlSafe for FormHead<'_> {}

/// The end of a form in a template of its own: its buttons.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/form_foot.html")]
pub struct FormFoot<'a> {
    form: &'a Form,
}
impl HtmlSafe for FormFoot<'_> {}

impl Form {
    /// An empty form that posts to `action`; its button says "Save".
    pub fn new(p: &Shell, action: impl Into<String>) -> Self {
        Self {
            words: p.words.clone(),
            action: action.into(),
            csrf: p.csrf.clone(),
            key: p.next_form_key(),
            fields: Vec::new(),
            errors: Vec::new(),
            summary: String::new(),
            submit: p.t("web-save"),
            submit_icon: None,
            cancel: None,
            hidden: Vec::new(),
            lines: None,
            is_upload: false,
            is_wide: false,
        }
    }

    /// Shows what was wrong: call it before the fields are added. What concerns no field stands above them.
    #[must_use]
    pub fn error(mut self, error: Option<&Error>) -> Self {
        if let Some(error) = error {
            self.errors = error.field_errors().to_vec();
            self.summary = self.words.say(error.text());
        }
        self
    }

    /// The same form sent again after an error must be the same request: keeps the key it was sent with.
    #[must_use]
    pub fn key(mut self, key: Option<&str>) -> Self {
        if let Some(key) = key {
            key.clone_into(&mut self.key);
        }
        self
    }

    /// One more field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        let error = self.take_error(&field.name);
        if matches!(field.shape(), super::field::Shape::File { .. }) {
            self.is_upload = true;
        }
        self.fields.push(field.worded(&self.words, error));
        self
    }

    /// One more value that is sent and not shown.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }

    /// The document's lines, under the fields. They show their own errors.
    #[must_use]
    pub fn lines(mut self, lines: Lines) -> Self {
        self.errors.retain(|error| !error.field.starts_with(Lines::FIELD));
        self.lines = Some(lines);
        self
    }

    /// What the button says.
    #[must_use]
    pub fn submit(mut self, key: &'static str) -> Self {
        self.submit = self.words.t(key);
        self
    }

    /// The button's icon.
    #[must_use]
    pub const fn submit_icon(mut self, name: &'static str) -> Self {
        self.submit_icon = Some(Icon::new(name));
        self
    }

    /// A way out beside the button.
    #[must_use]
    pub fn cancel(mut self, href: impl Into<String>) -> Self {
        self.cancel = Some((href.into(), self.words.t("web-cancel")));
        self
    }

    /// The button fills the row: for sign-in and other narrow forms.
    #[must_use]
    pub const fn wide(mut self) -> Self {
        self.is_wide = true;
        self
    }

    /// Hidden fields and the summary, for a template of one's own.
    pub const fn head(&self) -> FormHead<'_> {
        FormHead { form: self }
    }

    /// The buttons, for a template of one's own.
    pub const fn foot(&self) -> FormFoot<'_> {
        FormFoot { form: self }
    }

    /// A field by name, for a template of one's own; draws nothing when there is none.
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The address it posts to.
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The errors that no field has taken, by path: for lines.
    pub(super) fn take_error(&mut self, name: &str) -> String {
        let mut said = Vec::new();
        self.errors.retain(|error| {
            let is_its = error.field == name;
            if is_its {
                said.push(self.words.say(&error.text));
            }
            !is_its
        });
        said.join(" ")
    }

    /// What is wrong and stands beside no field.
    fn loose_errors(&self) -> Vec<String> {
        self.errors.iter().map(|error| self.words.say(&error.text)).collect()
    }
}
