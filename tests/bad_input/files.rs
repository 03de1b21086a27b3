//! Files that are not what their name says, or not whole.

use std::io::Write;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::{Outcome, Shop, csv, sales, segtrail, set_mode, without_privileges};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The shop with `bytes` for its sales.
fn with_file(bytes: impl AsRef<[u8]>) -> Shop {
    let shop = Shop::new();
    shop.write("sales.csv", bytes);
    shop
}

#[test]
fn an_empty_file_is_refused() {
    with_file("").refuses(&["sales.csv", "is empty", "Export it again"]);
}

#[test]
fn a_file_of_blank_lines_is_refused() {
    with_file("\n\n\r\n").refuses(&["sales.csv", "is empty"]);
}

#[test]
fn a_header_without_rows_is_refused() {
    with_file("customer,order,time,amount\n").refuses(&["no row is left of 0 read", "Check"]);
}

#[test]
fn a_configured_delimiter_that_the_file_does_not_use_is_refused() {
    Shop::new().append("[transactions.format]\ndelimiter = \";\"").refuses(&[
        "sales.csv",
        "no column `customer`",
        "`customer,order,time,amount`",
        "`delimiter`",
    ]);
}

#[test]
fn a_delimiter_that_cannot_be_guessed_is_refused_and_can_be_configured() {
    let shop = with_file(csv(&sales()).replace(',', "^"));
    shop.refuses(&["sales.csv", "no column `customer`", "`delimiter`"]);
    shop.append("[transactions.format]\ndelimiter = \"^\"").accepts();
}

#[test]
fn semicolons_tabs_and_bars_are_found_without_configuration() {
    let reference = Shop::new().accepts().segments();
    for delimiter in [";", "\t", "|"] {
        let shop = with_file(csv(&sales()).replace(',', delimiter));
        assert_eq!(shop.accepts().segments(), reference, "{delimiter:?}");
    }
}

#[test]
fn a_quote_that_never_closes_is_refused_with_its_line() {
    let mut text = csv(&sales()).into_bytes();
    let line = text.iter().filter(|&&byte| byte == b'\n').count() + 1;
    text.extend_from_slice(b"\"c999,1,2024-01-01,5\n");
    let filler = b"c998,1,2024-01-01,5\n".repeat(1_000);
    for _ in 0..1_100 {
        text.extend_from_slice(&filler);
    }
    let line = format!("line {line} ");
    with_file(text).refuses(&["sales.csv", &line, "longer than 16 MiB", "quote is never closed"]);
}

#[test]
fn a_field_of_two_gigabytes_is_refused_without_being_held_in_memory() {
    // Gzip members one after the other are one file: two gigabytes in two megabytes.
    let mut bytes = gzip(csv(&sales()).as_bytes());
    bytes.extend(gzip(b"\"").repeat(1));
    bytes.extend(gzip(&vec![b'x'; 1 << 20]).repeat(2_048));
    let shop = with_file(bytes);
    let mut command = Command::new("bash");
    command
        .args(["-c", "ulimit -v 1900000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_segtrail")])
        .args(["run", "segtrail.toml", "--as-of", "2024-06-30"])
        .current_dir(shop.folder());
    Outcome::of(&mut command).fails(1, &["sales.csv", "longer than 16 MiB"]);
    shop.left_nothing();
}

#[test]
fn utf_16_is_refused_in_either_byte_order() {
    let text = csv(&sales());
    let little: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> =
        [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    for bytes in [little, big] {
        with_file(&bytes).refuses(&["sales.csv", "UTF-16", "CSV UTF-8"]);
        with_file(gzip(&bytes)).refuses(&["sales.csv", "UTF-16", "CSV UTF-8"]);
    }
}

#[test]
fn an_excel_workbook_named_csv_is_refused() {
    with_file(b"PK\x03\x04\x14\0\x06\0\x08\0rest").refuses(&["sales.csv", "Excel", "Save it as"]);
    with_file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest").refuses(&["sales.csv", "Excel", "Save it"]);
}

#[test]
fn other_archives_are_refused_by_name() {
    with_file(b"\x28\xb5\x2f\xfd\x04\x00\x11\x00").refuses(&["sales.csv", "Zstandard", "Save it"]);
    with_file(b"ARROW1\0\0\0\0").refuses(&["sales.csv", "Arrow", "Save it as CSV or Parquet"]);
}

#[test]
fn a_gzip_file_cut_off_is_refused_and_a_whole_one_is_read() {
    let whole = gzip(csv(&sales()).as_bytes());
    for end in [whole.len() / 2, whole.len() - 1, 20, 3] {
        with_file(&whole[..end]).refuses(&["sales.csv", "Check that the file is complete"]);
    }
    assert_eq!(with_file(&whole).accepts().segments(), Shop::new().accepts().segments());
}

#[test]
fn a_gzip_file_with_a_wrong_checksum_is_refused() {
    let mut bytes = gzip(csv(&sales()).as_bytes());
    let checksum = bytes.len() - 8;
    bytes[checksum] ^= 0xff;
    with_file(bytes).refuses(&["sales.csv", "cannot be read", "complete"]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_name() {
    let run = with_file(format!("\u{feff}{}", csv(&sales()))).accepts();
    assert_eq!(run.segments(), Shop::new().accepts().segments());
}

#[test]
fn windows_line_ends_are_no_part_of_the_last_field() {
    let run = with_file(csv(&sales()).replace('\n', "\r\n")).accepts();
    assert_eq!(run.segments(), Shop::new().accepts().segments());
    assert_eq!(run.rows("rejected"), 0);
}

#[test]
fn a_pattern_without_a_file_is_refused() {
    let shop = Shop::new().edit("sales.csv", "march/*.csv");
    shop.refuses(&["[transactions] files", "`march/*.csv`", "matches no file", "check the name"]);
}

#[test]
fn a_pattern_that_is_none_is_refused() {
    Shop::new().edit("sales.csv", "sales[.csv").refuses(&["`sales[.csv`", "not a valid pattern"]);
}

#[test]
fn no_pattern_at_all_is_refused() {
    Shop::new().edit("[\"sales.csv\"]", "[]").refuses(&["[transactions] files", "no file"]);
}

#[test]
fn a_folder_in_place_of_a_file_is_refused() {
    let shop = Shop::new().edit("sales.csv", "sales");
    std::fs::create_dir(shop.path("sales")).unwrap();
    shop.refuses(&["[transactions] files", "`sales`", "matches no file"]);
}

#[test]
fn a_file_that_may_not_be_read_is_refused() {
    let shop = Shop::new();
    let Some(prefix) = without_privileges(shop.folder()) else { return };
    set_mode(&shop.path("sales.csv"), 0o000);
    let program = segtrail(shop.folder()).get_program().to_owned();
    let mut words = prefix.into_iter();
    let mut command = match words.next() {
        Some(first) => {
            let mut command = Command::new(first);
            command.args(words).arg(program);
            command
        }
        None => Command::new(program),
    };
    command.args(["run", "segtrail.toml", "--as-of", "2024-06-30"]).current_dir(shop.folder());
    Outcome::of(&mut command).fails(1, &["sales.csv", "cannot be read", "Permission denied"]);
    shop.left_nothing();
}

#[test]
fn one_bad_file_among_good_ones_is_named() {
    let shop = Shop::new().edit("sales.csv", "*.csv");
    shop.write("broken.csv", "");
    shop.refuses(&["broken.csv", "is empty"]);
}
