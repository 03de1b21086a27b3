//! Text of a rule -> tokens with their byte offsets. Knows no grammar.

use super::fault::{RuleFault, RuleFaultKind};

/// One word of a rule.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A finite number that is not negative.
    Number(f64),
    /// A name, keyword or function.
    Name(String),
    /// A text in quotes: the name of a feature, or a value.
    Quoted(String),
    /// An operator or parenthesis.
    Symbol(&'static str),
    /// After the last word.
    End,
}

impl Token {
    /// As it is shown in a message.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Number(value) => format!("the number {value}"),
            Self::Name(name) => format!("`{name}`"),
            Self::Quoted(name) => format!("the text `{name}` in quotes"),
            Self::Symbol(symbol) => format!("`{symbol}`"),
            Self::End => "the end of the rule".into(),
        }
    }
}

/// Longest first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 14] =
    ["<=", ">=", "==", "!=", "<", ">", "(", ")", "+", "-", "*", "/", ",", ":"];

/// The tokens of `text`, each with its byte offset, ended by [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, RuleFault> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if first.is_ascii_digit() {
            number(rest, at)?
        } else if first.is_alphabetic() || first == '_' {
            let name = prefix(rest, |c| c.is_alphanumeric() || c == '_');
            (Token::Name(name.into()), name.len())
        } else if first == '"' || first == '\'' {
            let Some(end) = rest[1..].find(first) else {
                return Err(RuleFault { offset: at, kind: RuleFaultKind::UnclosedQuote });
            };
            (Token::Quoted(rest[1..=end].into()), end + 2)
        } else if let Some(symbol) = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
            (Token::Symbol(symbol), symbol.len())
        } else {
            let kind = RuleFaultKind::UnexpectedCharacter { character: first };
            return Err(RuleFault { offset: at, kind });
        };
        found.push((at, token));
        at += length;
    }
    found.push((text.len(), Token::End));
    Ok(found)
}

/// Digits with optional `_` between them, fraction and exponent; with `%` a hundredth of it.
fn number(rest: &str, offset: usize) -> Result<(Token, usize), RuleFault> {
    let mut written = prefix(rest, |c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    if written.ends_with(['e', 'E']) {
        let exponent = &rest[written.len()..];
        if let Some(digits) = exponent.strip_prefix(['+', '-']) {
            let digits = prefix(digits, |c| c.is_ascii_digit());
            written = &rest[..written.len() + 1 + digits.len()];
        }
    }
    match written.replace('_', "").parse::<f64>() {
        Ok(value) if value.is_finite() => {
            let percent = rest[written.len()..].starts_with('%');
            let value = if percent { value / 100.0 } else { value };
            Ok((Token::Number(value), written.len() + usize::from(percent)))
        }
        _ => {
            let kind = RuleFaultKind::BadNumber { text: written.into() };
            Err(RuleFault { offset, kind })
        }
    }
}

fn prefix(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !belongs(c)).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_bytes_and_numbers_take_exponents_and_separators() {
        let found = tokens("1_000.5e-1 <= \"số đơn\"").unwrap();
        assert_eq!(
            found,
            [
                (0, Token::Number(100.05)),
                (11, Token::Symbol("<=")),
                (14, Token::Quoted("số đơn".into())),
                (26, Token::End),
            ]
        );
    }

    #[test]
    fn refuses_what_is_no_word() {
        let kind = |text: &str| tokens(text).unwrap_err().kind;
        assert_eq!(kind("1 & 2"), RuleFaultKind::UnexpectedCharacter { character: '&' });
        assert_eq!(kind("1.2.3"), RuleFaultKind::BadNumber { text: "1.2.3".into() });
        assert_eq!(kind("1e999"), RuleFaultKind::BadNumber { text: "1e999".into() });
        assert_eq!(kind("median('a"), RuleFaultKind::UnclosedQuote);
    }
}
