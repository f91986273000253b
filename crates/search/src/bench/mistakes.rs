//! Typing mistakes.

use rand::RngExt;
use rand::rngs::StdRng;

/// The text with one mistake in its longest word: a letter left out, doubled, changed or swapped with its neighbour.
/// The first letter and words of fewer than five letters stay.
pub(super) fn one(text: &str, random: &mut StdRng) -> String {
    let longest = text.split(' ').max_by_key(|word| word.chars().count()).unwrap_or("");
    let letters: Vec<char> = longest.chars().collect();
    if letters.len() < 5 {
        return text.to_owned();
    }
    let at = random.random_range(1..letters.len() - 1);
    let mut wrong = letters.clone();
    match random.random_range(0..4) {
        0 => {
            wrong.remove(at);
        }
        1 => {
            let letter = letters.get(at).copied().unwrap_or('a');
            wrong.insert(at, letter);
        }
        2 => {
            if let Some(letter) = wrong.get_mut(at) {
                *letter = if *letter == 'e' { 'i' } else { 'e' };
            }
        }
        _ => wrong.swap(at, at + 1),
    }
    let wrong: String = wrong.into_iter().collect();
    text.replacen(longest, &wrong, 1)
}
