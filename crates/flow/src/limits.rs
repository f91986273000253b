//! Every limit of a dialogue, with its unit and where it comes from.
//!
//! "Bot API" is core.telegram.org/bots/api; limits without a source are ours, and say why they are what they are.

/// Text of a message, UTF-16 units (Bot API `sendMessage`: 1–4096 after entities parsing).
pub const TEXT_UTF16_MAX: usize = 4096;
/// Text under a picture or a file, UTF-16 units (Bot API `sendPhoto`: 0–1024 after entities parsing).
pub const CAPTION_UTF16_MAX: usize = 1024;
/// A file that a bot brings, bytes (Bot API, "Sending files": 50 MB by upload).
pub const DOCUMENT_BYTES_MAX: u64 = 50 * 1024 * 1024;
/// Key of an inline button, bytes (Bot API `InlineKeyboardButton.callback_data`: 1–64).
pub const BUTTON_KEY_BYTES_MAX: usize = 64;
/// Text of a short notice after a tap, UTF-16 units (Bot API `answerCallbackQuery`: 0–200).
pub const TOAST_UTF16_MAX: usize = 200;
/// Hint in the input field, UTF-16 units (Bot API `ReplyKeyboardMarkup.input_field_placeholder`: 1–64).
pub const PLACEHOLDER_UTF16_MAX: usize = 64;
/// Name of a command, characters (Bot API `BotCommand.command`: 1–32 of `[a-z0-9_]`).
pub const COMMAND_NAME_CHARS_MAX: usize = 32;
/// Description of a command, characters (Bot API `BotCommand.description`: 1–256).
pub const COMMAND_TEXT_CHARS_MAX: usize = 256;
/// Commands of a bot (Bot API `setMyCommands`: at most 100).
pub const COMMANDS_MAX: usize = 100;
/// Buttons of an inline keyboard (Telegram cuts off what is over 100).
pub const BUTTONS_MAX: usize = 100;
/// Buttons in a row (Telegram clients show 8).
pub const ROW_BUTTONS_MAX: usize = 8;
/// Text of a button, characters. Telegram states no limit; a phone of 360 px shows about 30 in a row of one.
pub const BUTTON_LABEL_CHARS_MAX: usize = 64;

/// An answer that a person types, characters: what one Telegram message can hold.
pub const ANSWER_CHARS_MAX: usize = 4096;
/// Messages that a list of what people said keeps: five albums.
pub const KEPT_MAX: usize = 50;
/// Weight of such a list, bytes: fifteen messages as long as one can be; a session is written to the database on each turn.
pub const KEPT_BYTES_MAX: usize = 64 * 1024;
/// Messages that come within this time of the one before are one doing of the person (an album), milliseconds: the question
/// that stands already is not asked again after each.
pub const KEPT_TOGETHER_MS: i64 = 3_000;
/// Answer of an action, weight in bytes as [`crate::value::weight`] counts it. A page of five goods weighs about 2 KB;
/// a session holds a few, and is written to the database on each turn.
pub const RESULT_BYTES_MAX: usize = 32 * 1024;
/// Steps passed between two answers of the person. A blueprint that goes round without asking anything stops here.
pub const STEPS_PER_TURN_MAX: u32 = 64;
/// Messages whose buttons a session remembers; a tap on an older one is answered "this button is old".
pub const BOARDS_MAX: usize = 10;
/// Weight of the remembered buttons together, bytes: past it the oldest messages are forgotten first.
pub const BOARDS_BYTES_MAX: usize = 32 * 1024;
/// Steps that "back" can retrace.
pub const TRAIL_MAX: usize = 24;
/// Flows called one from another.
pub const CALLS_MAX: usize = 8;
/// Two taps on one button within this time are one tap, milliseconds: slower than a trembling finger, faster than
/// a person who has read the answer.
pub const DOUBLE_TAP_MS: i64 = 1_500;
/// Items a page of a list may show: a button each must fit on the keyboard.
pub const PAGE_ITEMS_MAX: usize = 20;
/// A blueprint as a file, bytes: twenty times the shop's, and read in a few milliseconds.
pub const BLUEPRINT_BYTES_MAX: usize = 512 * 1024;
/// Steps of a blueprint: three times what anybody has drawn, and what the checks over the whole take in no time.
pub const STEPS_MAX: usize = 1_000;
/// Faults that are told at once: who has more reads them after mending these.
pub const PROBLEMS_MAX: usize = 200;
