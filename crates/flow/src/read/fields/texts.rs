//! Reading of texts: three languages, what each must have, and whether it fits where it is shown.

use kernel::{Lang, Text};

use super::Fields;
use crate::{
    blueprint::Texts,
    format::{Format, plural_forms},
    template::Template,
};

impl<'t> Fields<'t> {
    /// A text in three languages: `{ uz = …, ru = …, en = … }`, `{ all = … }` for names that are the same in each,
    /// or a bare text that holds no words of its own (`"{item.name}"`, `"➕"`).
    pub(in crate::read) fn texts(
        &self,
        field: &'t str,
        marks: bool,
        lent: &[&str],
        units_max: usize,
    ) -> Option<Texts> {
        let value = self.raw(field)?;
        if let Some(text) = value.get_ref().as_str() {
            if text_has_words(text) {
                self.report(field, Text::new("flow-translation-missing").with("languages", "uz, ru, en"));
            }
            let template = self.template(field, text, None, marks, lent, units_max)?;
            return Some(Texts { uz: template.clone(), ru: template.clone(), en: template });
        }
        let fields = self.table(field)?;
        if let Some(text) = fields.string("all") {
            fields.finish();
            let template = self.template(field, &text, None, marks, lent, units_max)?;
            return Some(Texts { uz: template.clone(), ru: template.clone(), en: template });
        }
        let missing: Vec<&str> =
            Lang::ALL.map(Lang::code).into_iter().filter(|code| !fields.has(code)).collect();
        if !missing.is_empty() {
            self.report(field, Text::new("flow-translation-missing").with("languages", missing.join(", ")));
        }
        let read = |lang: Lang| {
            let text = fields.string(lang.code())?;
            if text.trim().is_empty() {
                fields.report(
                    lang.code(),
                    Text::new("flow-translation-missing").with("languages", lang.code()),
                );
            }
            fields.template(lang.code(), &text, Some(lang), marks, lent, units_max)
        };
        let (uz, ru, en) = (read(Lang::Uz), read(Lang::Ru), read(Lang::En));
        fields.finish();
        Some(Texts { uz: uz?, ru: ru?, en: en? })
    }

    pub(super) fn template(
        &self,
        field: &str,
        text: &str,
        lang: Option<Lang>,
        marks: bool,
        lent: &[&str],
        units_max: usize,
    ) -> Option<Template> {
        match Template::parse(text, marks) {
            Ok(template) => {
                template.roots(&mut |root| self.check_root(field, root, lent));
                template.formats(&mut |format| self.check_format(field, format, lang));
                let units = template.fixed_units();
                if units > units_max {
                    self.report(
                        field,
                        Text::new("flow-text-long").with("length", units).with("max", units_max),
                    );
                }
                Some(template)
            }
            Err(error) => {
                self.report(field, Text::new("flow-text-malformed").with("piece", error.piece));
                None
            }
        }
    }

    fn check_format(&self, field: &str, format: &Format, lang: Option<Lang>) {
        match format {
            Format::Plural(forms) => {
                let wanted = lang.map_or(1, plural_forms);
                if forms.len() != wanted {
                    let text =
                        Text::new("flow-plural-forms").with("forms", forms.len()).with("wanted", wanted);
                    self.report(field, text);
                }
            }
            Format::Word(dictionary) if !self.source.names.words.contains(dictionary) => {
                self.report(
                    field,
                    Text::new("flow-word-unknown").with("word", dictionary).with("known", "[words]"),
                );
            }
            _ => {}
        }
    }

    /// A text without marks, the same in each language: an address, a picture.
    pub(in crate::read) fn words(&self, field: &'t str, lent: &[&str]) -> Option<Template> {
        let text = self.string(field)?;
        self.template(field, &text, None, false, lent, crate::limits::TEXT_UTF16_MAX)
    }
}

/// Whether a bare text has letters outside its places for values.
fn text_has_words(text: &str) -> bool {
    let mut depth = 0_usize;
    text.chars().any(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && c.is_alphabetic()
    })
}
