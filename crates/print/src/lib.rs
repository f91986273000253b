//! Documents on paper: a template and what stands in it make a PDF, laid out by typst.
//!
//! Templates are files of the domain that prints (`crates/sales/print/invoice.typ`); they hold no words, because words
//! come with the document in the reader's language, and no figures that were not written by Rust. What all of them share
//! is `/karvon.typ`. No template reaches a file, the network or the clock: the same document makes the same bytes.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

use std::fmt;

use kernel::{Error, Result};
use serde::Serialize;
use typst::foundations::{Dict, IntoValue, Smart};
use typst_as_lib::{TypstEngine, TypstTemplateMainFile};
use typst_pdf::PdfOptions;

/// What templates share: the page, the table of lines, the block of facts.
const SHARED: (&str, &str) = ("karvon.typ", include_str!("../templates/karvon.typ"));

/// Prints documents by one template. Made once: it holds fonts.
pub struct Printer {
    engine: TypstEngine<TypstTemplateMainFile>,
}

impl fmt::Debug for Printer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Printer")
    }
}

impl Printer {
    /// A printer of this template, the text of a `.typ` file. Its document is `json(bytes(sys.inputs.document))`.
    pub fn new(template: &'static str) -> Self {
        let engine = TypstEngine::builder()
            .main_file(template)
            .with_static_source_file_resolver([SHARED])
            .fonts(typst_assets::fonts())
            .build();
        Self { engine }
    }

    /// The document as a PDF. It is text, tagged for those who listen to it, and the same bytes each time. Errors: the
    /// template asks for what the document has not; that is a fault of ours. Blocks for some tens of milliseconds.
    pub fn pdf(&self, document: &impl Serialize) -> Result<Vec<u8>> {
        let document = serde_json::to_string(document).map_err(Error::internal)?;
        let mut inputs = Dict::new();
        inputs.insert("document".into(), document.into_value());
        let laid_out = self
            .engine
            .compile_with_input(inputs)
            .output
            .map_err(|error| Error::internal(format!("{error:?}")))?;
        let options =
            PdfOptions { creator: Smart::Custom(Some("Karvon".to_owned())), ..PdfOptions::default() };
        typst_pdf::pdf(&laid_out, &options).map_err(|error| Error::internal(format!("{error:?}")))
    }
}

#[cfg(test)]
mod tests;
