//! `init`: looks at a file and writes a configuration that runs.

use std::fs;
use std::path::Path;

use crate::support::{Shop, StoredRun, repository, run_in, stored_runs};

/// The configuration that `init` writes for `data`, run as of `as_of` in `folder`.
fn init_and_run(folder: &Path, data: &Path, as_of: &str) -> StoredRun {
    run_in(folder, &["init", data.to_str().unwrap(), "-o", "guessed.toml"]).done();
    run_in(folder, &["run", "guessed.toml", "--as-of", as_of, "--quiet"]).done();
    StoredRun::at(stored_runs(&folder.join("models")).remove(0))
}

#[test]
fn cdnow_runs_as_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let data = repository("data/cdnow/cdnow_sample.csv");
    let run = init_and_run(folder.path(), &data, "1998-06-30");
    let config = run.manifest()["config"]["transactions"].clone();
    assert_eq!(config["time"], "date");
    assert_eq!(config["amount"], "dollars");
    assert_eq!(config["customer"], "customer_id");
    // data/README.md: 6,919 rows, of which 8 of 0 dollars; 21 identical to an earlier one.
    assert_eq!(run.rows("read"), 6_919);
    assert!(run.rows("rejected") <= 8 + 21);
}

#[test]
fn the_baskets_run_as_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let data = repository("data/complete_journey/baskets.parquet");
    let run = init_and_run(folder.path(), &data, "2017-12-31");
    let config = run.manifest()["config"]["transactions"].clone();
    assert_eq!(config["customer"], "household_id");
    assert_eq!(config["order"], "basket_id");
    assert_eq!(config["time"], "transaction_timestamp");
    assert_eq!(config["amount"], "sales_value");
    assert_eq!(run.rows("read"), 155_848);
    assert_eq!(run.buyers(), 2_469);
}

#[test]
fn a_configuration_is_never_overwritten() {
    let shop = Shop::new();
    let before = fs::read_to_string(shop.path("segtrail.toml")).unwrap();
    let outcome = shop.command(&["init", "sales.csv"]);
    assert!(matches!(outcome.code, Some(1 | 2)), "{}", outcome.all());
    assert!(outcome.stderr.contains("segtrail.toml is there already"), "{}", outcome.all());
    assert_eq!(fs::read_to_string(shop.path("segtrail.toml")).unwrap(), before);
}

#[test]
fn a_vietnamese_export_runs_as_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("\u{feff}Ngày;Số HĐ;Mã KH;Thành tiền\r\n");
    for n in 0..120 {
        text += &format!(
            "{:02}/{:02}/2023;HD{n};KH{:03};{}.{:03}.000,5\r\n",
            n % 28 + 1,
            n % 12 + 1,
            n % 40,
            1 + n % 9,
            n * 7
        );
    }
    fs::write(folder.path().join("bán hàng.csv"), text).unwrap();
    let run = init_and_run(folder.path(), Path::new("bán hàng.csv"), "2023-12-31");
    assert_eq!((run.rows("read"), run.rows("rejected"), run.buyers()), (120, 0, 40));
    let totals = run.feature("monetary_total");
    let expected: f64 =
        [0, 40, 80].map(|n| f64::from(1 + n % 9) * 1e6 + f64::from(n * 7) * 1e3 + 0.5).iter().sum();
    assert_eq!(totals["KH000"], Some(expected));
}

#[test]
fn a_name_with_quotes_marks_and_wildcards_is_written_so_that_it_is_found() {
    let shop = Shop::new();
    let name = "sales [2024] \"final\" 'v2'.csv";
    fs::rename(shop.path("sales.csv"), shop.path(name)).unwrap();
    shop.command(&["init", name, "-o", "guessed.toml"]).done();
    shop.command(&["run", "guessed.toml", "--as-of", "2024-06-30", "--quiet"]).done();
}

#[test]
fn a_file_that_cannot_be_looked_at_is_refused_and_nothing_written() {
    let shop = Shop::new();
    shop.write("empty.csv", "");
    for (file, words) in [
        ("empty.csv", &["empty.csv", "is empty"][..]),
        ("nowhere.csv", &["nowhere.csv", "no file"]),
        (".", &["no file"]),
    ] {
        shop.command(&["init", file, "-o", "guessed.toml"]).fails(1, words);
        assert!(!shop.path("guessed.toml").exists());
        assert!(!shop.path("guessed.toml.part").exists());
    }
}

#[test]
fn columns_that_nothing_speaks_for_are_left_to_be_filled_in() {
    let shop = Shop::new();
    shop.write("odd.csv", "a,b\nx,y\n");
    shop.command(&["init", "odd.csv", "-o", "guessed.toml"]).done();
    let text = fs::read_to_string(shop.path("guessed.toml")).unwrap();
    assert!(text.contains("FILL IN"), "{text}");
    shop.command(&["run", "guessed.toml", "--as-of", "2024-06-30"]).fails(1, &["odd.csv"]);
    shop.left_nothing();
}
