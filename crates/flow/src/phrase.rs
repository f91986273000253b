//! Phrases that every blueprint needs and may say in its own words: "back", "this button is old", names of months.

/// A phrase by its meaning. The words lie in `texts/phrases.toml`; a blueprint overrides them under `[texts]`.
macro_rules! phrases {
    ($($(#[$doc:meta])* $variant:ident $name:literal [$($arg:literal),*];)*) => {
        /// A phrase of the conversation itself.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Phrase { $($(#[$doc])* $variant,)* }

        impl Phrase {
            /// All of them, with the name in the file and the values that may stand in the text.
            pub(crate) const ALL: &'static [(Self, &'static str, &'static [&'static str])] =
                &[$((Self::$variant, $name, &[$($arg),*]),)*];
        }
    };
}

phrases! {
    Back "back" [];
    Home "home" [];
    Skip "skip" [];
    Yes "yes" [];
    No "no" [];
    Previous "previous" [];
    Next "next" [];
    /// So'm beside an amount.
    Money "money" ["amount"];
    /// Twelve names with `|` between.
    Months "months" [];
    /// Seven names from Monday, with `|` between.
    Weekdays "weekdays" [];
    /// Anything that the step cannot use.
    Unknown "unknown" [];
    UnknownCommand "unknown_command" [];
    StaleButton "stale_button" [];
    /// Something went wrong on our side.
    Failed "failed" [];
    /// An action is still under way.
    Busy "busy" [];
    /// The blueprint was changed under the conversation.
    Changed "changed" [];
    TextExpected "text_expected" [];
    TextShort "text_short" ["min"];
    TextLong "text_long" ["max"];
    TextMalformed "text_malformed" [];
    NumberExpected "number_expected" [];
    NumberRange "number_range" ["min", "max"];
    ContactButton "contact_button" [];
    ContactExpected "contact_expected" [];
    /// Somebody else's contact.
    ContactForeign "contact_foreign" [];
    LocationButton "location_button" [];
    LocationExpected "location_expected" [];
    MediaExpected "media_expected" [];
    DateExpected "date_expected" [];
    DateRange "date_range" ["min", "max"];
    /// Something that the question did not ask for is kept for later.
    Kept "kept" [];
    /// No more of it can be kept.
    KeptFull "kept_full" [];
    HandedOver "handed_over" [];
    /// The bot is paused.
    Resting "resting" [];
}
