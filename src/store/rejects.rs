//! Refused rows -> `rejects.csv`, by all threads, in file order.

use std::io::{self, Write};

use rayon::prelude::*;

use crate::ingest::RejectPart;

/// Parts that are turned to text before the first of them is written.
const AHEAD: usize = 16;

pub(super) fn write(parts: &[RejectPart<'_>], file: &mut impl Write) -> io::Result<()> {
    file.write_all(b"file,line,reason,also,text\n")?;
    let mut texts = vec![String::new(); AHEAD];
    for parts in parts.chunks(AHEAD) {
        let texts = &mut texts[..parts.len()];
        texts.par_iter_mut().zip(parts).for_each(|(text, part)| lines(*part, text));
        texts.iter().try_for_each(|text| file.write_all(text.as_bytes()))?;
    }
    Ok(())
}

/// Puts the lines of a part in the place of `text`.
///
/// Written here and not by the `csv` crate, which takes three times as long: of five fields only
/// two can need quotes, and one of these is the same for all rows.
fn lines(part: RejectPart<'_>, text: &mut String) {
    let mut file = String::new();
    push_field(part.file(), &mut file);
    text.clear();
    for reject in part.rows() {
        text.push_str(&file);
        text.push(',');
        text.push_str(&reject.line.to_string());
        text.push(',');
        text.push_str(reject.reason.code());
        text.push(',');
        for (place, reason) in reject.also.iter().enumerate() {
            text.push_str(if place == 0 { "" } else { " " });
            text.push_str(reason.code());
        }
        text.push(',');
        push_field(reject.text, text);
        text.push('\n');
    }
}

/// A field by RFC 4180: in quotes, its own doubled, where it has a comma, a quote or a line end.
fn push_field(field: &str, text: &mut String) {
    let special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if !field.bytes().any(special) {
        text.push_str(field);
        return;
    }
    text.push('"');
    for (place, part) in field.split('"').enumerate() {
        text.push_str(if place == 0 { "" } else { "\"\"" });
        text.push_str(part);
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_those_of_a_general_writer() {
        for field in ["plain", "", "a,b", "\"", "a\"\"b", "two\nlines", "\r", "ends with \"", "é,ü"]
        {
            let mut text = String::new();
            push_field(field, &mut text);
            let mut table = csv::Writer::from_writer(Vec::new());
            table.write_record([field, "beside"]).unwrap();
            let expected = String::from_utf8(table.into_inner().unwrap()).unwrap();
            assert_eq!(format!("{text},beside\n"), expected);
        }
    }
}
