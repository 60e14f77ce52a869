//! Names of the wire as names of JSON members and of paths.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// A wire name as the name of a member: `CPRNr` is `cprNr`, `Fødselsår` is `foedselsaar`.
///
/// ```
/// assert_eq!(ungebro_definition::name::camel("STARInstitutionNummer"), "starInstitutionNummer");
/// ```
pub fn camel(wire: &str) -> String {
    let folded = fold(wire);
    let mut words = words(&folded);
    let mut name = words.next().map(first_word).unwrap_or_default();
    words.for_each(|word| push_capitalised(&mut name, word));
    if name.is_empty() || name.starts_with(|c: char| c.is_numeric()) {
        name.insert(0, '_');
    }
    name
}

/// A wire name as the name of a type or the end of an operation's name: [`camel`] with a capital first.
pub fn pascal(wire: &str) -> String {
    let folded = fold(wire);
    let mut name = String::new();
    words(&folded).for_each(|word| push_capitalised(&mut name, word));
    if name.is_empty() || name.starts_with(|c: char| c.is_numeric()) {
        name.insert(0, '_');
    }
    name
}

/// A wire name as a segment of a path: `HentCPRNr` is `hent-cpr-nr`.
pub fn kebab(wire: &str) -> String {
    let folded = fold(wire);
    let mut name = String::new();
    for word in words(&folded).flat_map(humps) {
        if !name.is_empty() {
            name.push('-');
        }
        name.extend(word.chars().flat_map(char::to_lowercase));
    }
    name
}

/// Letters that have a plain form, in it: the Danish ones as Danes write them without a Danish keyboard, others
/// without their accents.
fn fold(wire: &str) -> String {
    let normalizer = DecomposingNormalizerBorrowed::new_nfd();
    let mut folded = String::with_capacity(wire.len());
    let mut rest = wire.chars().peekable();
    while let Some(letter) = rest.next() {
        let shouted = match rest.peek() {
            Some(next) if next.is_alphabetic() => next.is_uppercase(),
            _ => folded.ends_with(char::is_uppercase),
        };
        match (letter, shouted) {
            ('æ', _) => folded.push_str("ae"),
            ('ø', _) => folded.push_str("oe"),
            ('å', _) => folded.push_str("aa"),
            ('Æ', true) => folded.push_str("AE"),
            ('Ø', true) => folded.push_str("OE"),
            ('Å', true) => folded.push_str("AA"),
            ('Æ', false) => folded.push_str("Ae"),
            ('Ø', false) => folded.push_str("Oe"),
            ('Å', false) => folded.push_str("Aa"),
            // An accent that stands by itself belongs to the letter before it.
            ('\u{300}'..='\u{36f}', _) => {}
            (letter, _) if letter.is_ascii() || !letter.is_alphanumeric() => folded.push(letter),
            (letter, _) => {
                let parts = normalizer.normalize(letter.encode_utf8(&mut [0; 4])).into_owned();
                folded.extend(parts.chars().filter(|part| part.is_alphanumeric()));
            }
        }
    }
    folded
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The leading capitals small, but for the last of several when a small letter follows: it begins the next hump.
fn first_word(word: &str) -> String {
    let capitals = word.chars().take_while(|c| c.is_uppercase()).count();
    let followed = word.chars().nth(capitals).is_some_and(char::is_lowercase);
    let small = if capitals > 1 && followed { capitals - 1 } else { capitals };
    let mut name: String = word.chars().take(small).flat_map(char::to_lowercase).collect();
    name.extend(word.chars().skip(small));
    name
}

fn push_capitalised(name: &mut String, word: &str) {
    let mut letters = word.chars();
    name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    name.extend(letters);
}

/// A word broken before a capital after a small letter or digit, and before the last of several capitals when a small
/// letter follows.
fn humps(word: &str) -> impl Iterator<Item = &str> {
    let letters: Vec<(usize, char)> = word.char_indices().collect();
    let breaks = (1..letters.len()).filter(|at| {
        let (before, here) = (letters[at - 1].1, letters[*at].1);
        let next = letters.get(at + 1).map(|(_, next)| *next);
        here.is_uppercase() && (!before.is_uppercase() || next.is_some_and(char::is_lowercase))
    });
    let mut ends: Vec<usize> = breaks.map(|at| letters[at].0).collect();
    ends.push(word.len());
    let mut start = 0;
    ends.into_iter().map(move |end| {
        let hump = &word[start..end];
        start = end;
        hump
    })
}
