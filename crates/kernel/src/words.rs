//! Enums of stored words: one word a case, in rows, in addresses and in JSON.

/// Defines an enum whose cases are words: `ALL` of them, `word()`, `Display`, `FromStr` (an unknown word is "not found"),
/// and the same words in JSON.
///
/// ```
/// kernel::words! {
///     /// Whether a door is open.
///     Door {
///         /// It is.
///         Open = "open",
///         /// It is not.
///         Shut = "shut",
///     }
/// }
/// assert_eq!("shut".parse::<Door>().unwrap(), Door::Shut);
/// assert_eq!(Door::ALL.len(), 2);
/// ```
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name { $($(#[$case_doc])* #[serde(rename = $word)] $case),* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$case),*];

            /// The word that is stored.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$case => $word),* }
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.word())
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = $crate::Error;
            fn from_str(word: &str) -> $crate::Result<Self> {
                match word { $($word => Ok(Self::$case),)* _ => Err($crate::Error::not_found()) }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::Kind;

    words! {
        /// Whether a door is open.
        Door {
            /// It is.
            Open = "open",
            /// Nobody knows.
            LeftAlone = "left_alone",
        }
    }

    #[test]
    fn a_case_is_its_word_everywhere() {
        for door in Door::ALL {
            assert_eq!(door.word().parse::<Door>().unwrap(), *door);
            assert_eq!(serde_json::to_value(door).unwrap(), door.to_string());
        }
        assert_eq!("ajar".parse::<Door>().unwrap_err().kind(), Kind::NotFound);
    }
}
