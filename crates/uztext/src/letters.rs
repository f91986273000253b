//! What single characters are: apostrophes, invisible marks, full-width forms, look-alikes of the other script.

/// The apostrophe of oʻ and gʻ (U+02BB).
pub(crate) const TURNED: char = 'ʻ';
/// The tutuq belgisi, the apostrophe that separates (U+2019).
pub(crate) const TUTUQ: char = '’';

/// True for every character that people type where Uzbek Latin has an apostrophe.
pub fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '´'
            | '‘'
            | '’'
            | '‛'
            | '′'
            | '‵'
            | 'ʹ'
            | 'ʺ'
            | 'ʻ'
            | 'ʼ'
            | 'ʽ'
            | 'ʾ'
            | 'ʿ'
            | 'ˈ'
            | 'ˊ'
            | 'ˋ'
            | '˴'
            | '՚'
            | 'ꞌ'
            | '＇'
            | '｀'
    )
}

/// True for characters that leave no trace on the screen: joiners, soft hyphen, direction marks, variation selectors.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// True for accents that follow the letter they stand on.
pub(crate) fn is_combining(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}')
}

/// Joins a letter and the accent typed after it, as some keyboards and file names write й, ў and ё.
pub(crate) fn compose(letter: char, mark: char) -> Option<char> {
    match (letter, mark) {
        ('и', '\u{0306}') => Some('й'),
        ('у', '\u{0306}') => Some('ў'),
        ('е', '\u{0308}') => Some('ё'),
        ('s', '\u{0327}') => Some('ş'),
        ('c', '\u{0327}') => Some('ç'),
        _ => None,
    }
}

/// Full-width, superscript and Eastern digits and letters as their plain form.
pub(crate) fn plain(c: char) -> char {
    let code = u32::from(c);
    let shifted = match code {
        0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0),
        0x0660..=0x0669 => char::from_u32(code - 0x0660 + 0x30),
        0x06F0..=0x06F9 => char::from_u32(code - 0x06F0 + 0x30),
        0x2070 | 0x2074..=0x2079 => char::from_u32(code - 0x2070 + 0x30),
        0x2080..=0x2089 => char::from_u32(code - 0x2080 + 0x30),
        0x00B9 => Some('1'),
        0x00B2 => Some('2'),
        0x00B3 => Some('3'),
        _ => None,
    };
    shifted.unwrap_or(c)
}

/// True for a letter of the Cyrillic blocks.
pub(crate) fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{0400}'..='\u{052F}' | '\u{1C80}'..='\u{1C8F}' | '\u{2DE0}'..='\u{2DFF}' | '\u{A640}'..='\u{A69F}')
}

/// True for a letter of the Latin blocks.
pub(crate) fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || (matches!(c, '\u{00C0}'..='\u{024F}' | '\u{1E00}'..='\u{1EFF}') && c.is_alphabetic())
}

/// The Latin letter that looks like this lower-case Cyrillic one (in either case of it).
pub(crate) fn latin_twin(c: char) -> Option<char> {
    Some(match c {
        'а' => 'a',
        'в' => 'b',
        'е' => 'e',
        'к' => 'k',
        'м' => 'm',
        'н' => 'h',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'т' => 't',
        'у' => 'y',
        'х' => 'x',
        'і' => 'i',
        'ј' => 'j',
        'ѕ' => 's',
        _ => return None,
    })
}

/// The Cyrillic letter that looks like this lower-case Latin one (in either case of it).
pub(crate) fn cyrillic_twin(c: char) -> Option<char> {
    Some(match c {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        _ => return None,
    })
}

/// The plain Latin letters of one lower-case letter of either script, before any spelling rule; `None` for a letter that
/// is plain already or belongs to another script. ъ and ь give nothing.
pub(crate) fn romanized(c: char) -> Option<&'static str> {
    Some(match c {
        'а' | 'ә' | 'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' | 'ə' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ғ' | 'ğ' | 'ǵ' | 'ḡ' | 'ġ' | 'ģ' => "g",
        'д' | 'đ' | 'ď' => "d",
        'е' | 'э' | 'є' | 'ѐ' | 'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ё' => "yo",
        'ж' | 'ј' | 'ҷ' => "j",
        'з' | 'ž' | 'ź' | 'ż' => "z",
        'и' | 'ы' | 'і' | 'ї' | 'ѝ' | 'ı' | 'í' | 'ì' | 'î' | 'ï' | 'ī' | 'į' | 'ӣ' => "i",
        'й' | 'ý' | 'ÿ' => "y",
        'к' | 'ķ' => "k",
        'л' | 'ł' | 'ļ' => "l",
        'м' => "m",
        'н' | 'ң' | 'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'о' | 'ў' | 'ө' | 'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ō' | 'ő' => "o",
        'п' => "p",
        'р' | 'ř' => "r",
        'с' | 'ѕ' | 'ц' | 'ś' => "s",
        'т' | 'ť' | 'ţ' | 'ț' => "t",
        'у' | 'ү' | 'ұ' | 'ӯ' | 'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => "u",
        'ф' => "f",
        'х' | 'ҳ' | 'һ' => "h",
        'ч' | 'ҹ' | 'ç' | 'č' | 'ć' => "ch",
        'ш' | 'щ' | 'ş' | 'š' | 'ș' => "sh",
        'ъ' | 'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        'қ' | 'ҡ' => "q",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        _ => return None,
    })
}

/// Writes the apostrophes of a Latin text as the product shows them: oʻ and gʻ with U+02BB, every other one between
/// letters as the tutuq ’. Apostrophes outside words stay.
pub fn tidy_apostrophes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before: Option<char> = None;
    while let Some(c) = chars.next() {
        if is_apostrophe(c) {
            let after_letter = before.is_some_and(is_latin);
            let turned = matches!(before, Some('o' | 'O' | 'g' | 'G'));
            let inside = after_letter && chars.peek().copied().is_some_and(is_latin);
            out.push(if turned {
                TURNED
            } else if inside {
                TUTUQ
            } else {
                c
            });
        } else {
            out.push(c);
        }
        before = Some(c);
    }
    out
}
