//! How wide a text will be, roughly, and how to fit it: the browser chooses the font, so widths
//! are estimates for a sans-serif face, on the generous side.

/// Estimated width of `text` at `size` units.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

/// Room for the longest of `labels` at `size` and a gap after it, within bounds.
pub(super) fn column<'a>(
    labels: impl Iterator<Item = (&'a str, &'a str)>,
    size: f64,
    bounds: (i32, i32),
) -> i32 {
    let widest = labels.map(|(a, b)| width(a, size) + width(b, size)).fold(0.0, f64::max);
    (widest.ceil() as i32 + 24).clamp(bounds.0, bounds.1)
}

/// Estimated advance of one character in em.
fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'ì' | 'í' | 'ỉ'
        | 'ị' | 'ĩ' => 0.32,
        'f' | 't' | 'r' | ' ' | '(' | ')' | '-' => 0.37,
        '0'..='9' => 0.64,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.9,
        // Combining marks take no room of their own.
        '\u{0300}'..='\u{036F}' => 0.0,
        c if c.is_uppercase() => 0.72,
        // Scripts of square characters.
        '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{D7FF}' | '\u{F900}'..='\u{FFEF}' => 1.05,
        '\u{1F000}'.. => 1.3,
        _ => 0.57,
    }
}

/// `text` cut to `room` with an ellipsis where it does not fit.
pub(super) fn cut(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut left = room - width("…", size);
    for c in text.chars() {
        left -= em(c) * size;
        if left < 0.0 {
            break;
        }
        out.push(c);
    }
    format!("{}…", out.trim_end())
}

/// `text` broken at spaces and underscores into at most `most` lines of `room`; what is left
/// over is cut with an ellipsis.
pub(super) fn wrap(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let words: Vec<&str> = text.split_inclusive('_').flat_map(str::split_whitespace).collect();
    for (at, word) in words.iter().enumerate() {
        let glue = if at > 0 && words[at - 1].ends_with('_') { "" } else { " " };
        let fits = lines
            .last()
            .is_some_and(|line| width(line, size) + width(glue, size) + width(word, size) <= room);
        match lines.last_mut() {
            Some(line) if fits => {
                line.push_str(glue);
                line.push_str(word);
            }
            _ => lines.push((*word).to_owned()),
        }
    }
    if lines.len() > most.max(1) {
        let rest = lines.split_off(most.max(1) - 1).join(" ");
        lines.push(rest);
    }
    lines.iter().map(|line| cut(line, size, room)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_fits_and_says_so() {
        assert_eq!(cut("Lost", 12.0, 100.0), "Lost");
        let text = cut("Khách hàng trung thành tiềm năng", 12.0, 80.0);
        assert!(text.ends_with('…') && width(&text, 12.0) <= 80.0, "{text}");
        assert_eq!(cut("abc", 12.0, 0.0), "…");
    }

    #[test]
    fn wrap_breaks_at_spaces_and_underscores_and_keeps_the_lines() {
        assert_eq!(wrap("one two", 10.0, 25.0, 3), ["one", "two"]);
        assert_eq!(wrap("monetary_mean", 10.0, 60.0, 3), ["monetary_", "mean"]);
        assert_eq!(wrap("monetary_mean", 10.0, 200.0, 3), ["monetary_mean"]);
        let lines = wrap("a long text of many words that goes on", 10.0, 60.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'));
        assert!(wrap("", 10.0, 60.0, 2).is_empty());
    }
}
