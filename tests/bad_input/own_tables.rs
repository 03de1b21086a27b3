//! Tables and options that `segtrail cluster` refuses: each with what, where and the remedy, and
//! nothing written.

use std::io::Write;
use std::path::Path;

use polars::prelude::{Column, NamedFrom, Series};

use crate::support::{Outcome, parquet, run_in};

const GOOD: &str = "id,x,y,w\na,1,2,1\nb,2,1,1\nc,9,8,2\nd,8,9,1\n";

fn folder(text: impl AsRef<[u8]>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), text).unwrap();
    folder
}

/// `cluster t.csv` with `args` and an output, which must not be there after a refusal.
fn cluster(folder: &Path, args: &[&str]) -> Outcome {
    let outcome = run_in(folder, &[&["cluster", "t.csv", "-o", "out.csv"], args].concat());
    if outcome.code != Some(0) {
        assert!(outcome.stdout.is_empty(), "{}", outcome.all());
        let left: Vec<_> = std::fs::read_dir(folder).unwrap().flatten().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }
    outcome
}

#[track_caller]
fn refused(text: impl AsRef<[u8]>, args: &[&str], words: &[&str]) {
    let folder = folder(text);
    cluster(folder.path(), args).fails(1, words);
}

#[track_caller]
fn wrong_usage(args: &[&str], words: &[&str]) {
    let folder = folder(GOOD);
    cluster(folder.path(), args).fails(2, words);
}

#[test]
fn rows_that_cannot_be_read_are_told_by_line_column_and_value() {
    let id = ["--id", "id"];
    refused("id,x\na,1\nb,2\na,3\n", &id, &["t.csv", "lines 2 and 4", "`a`"]);
    refused("id,x\na,1\n,2\n", &id, &["line 3", "id is missing"]);
    refused("id,x\na,1\nb,2\nc,two\n", &id, &["line 4", "`x` = `two`", "Correct the row"]);
    refused("id,x\na,1\nb,-inf\n", &id, &["line 3", "`x` = `-inf`", "not finite"]);
    refused("id,x\na,1\nb,2,3\nc,1\n", &id, &["line 3", "fields"]);
    refused(b"id,x\na,1\nb\xff,2\n", &id, &["line 3", "`id`", "UTF-8"]);
    refused(
        GOOD.replace("9,8,2", "9,8,0"),
        &["--weights", "w"],
        &["line 4", "`w` = `0`", "above 0"],
    );
}

#[test]
fn tables_without_anything_to_cluster_are_refused() {
    let id = ["--id", "id"];
    refused("", &id, &["empty"]);
    refused("id,x\n", &id, &["no row"]);
    refused("id,town\na,Hue\nb,Hanoi\n", &id, &["no column of numbers", "`town`", "`Hue`"]);
    refused("id\na\nb\n", &id, &["no column of numbers"]);
    refused("id,x,y\na,,1\nb,NA,2\n", &["--id", "id", "--features", "x,y"], &["`x` has no value"]);
    refused("PK\x03\x04 workbook", &id, &["Excel"]);
    refused(GOOD, &["--k", "5"], &["k = 5", "4 customers"]);
    refused(
        "id,x\na,1e300\nb,1\n",
        &["--id", "id", "--scale", "none"],
        &["`x`", "`a`", "too large"],
    );
}

#[test]
fn columns_that_are_not_there_are_told_with_those_that_are() {
    refused(GOOD, &["--id", "ID"], &["no column `ID`", "`x`", "Did you mean `id`?", "--id"]);
    refused(GOOD, &["--features", "x,z"], &["no column `z`", "--features"]);
    refused(GOOD, &["--weights", "v"], &["no column `v`", "--weights"]);
    refused(GOOD, &["--id", "id", "--features", "x,id"], &["`id` is named already"]);
    refused(GOOD, &["--features", "x,y,x"], &["`x` is named already"]);
    refused(GOOD, &["--id", "id", "--weights", "id"], &["`id` is named already"]);
    refused("id,x,x\na,1,2\nb,2,1\n", &["--id", "id"], &["columns named `x`"]);
}

#[test]
fn options_that_mean_nothing_are_refused_before_anything_is_read() {
    wrong_usage(&["--covariance-floor", "0.1"], &["--covariance-floor", "gmm"]);
    wrong_usage(&["--covariance", "tied"], &["--covariance", "gmm"]);
    wrong_usage(&["--noise"], &["--noise", "gmm"]);
    wrong_usage(&["--method", "gmm", "--covariance", "round"], &["round", "spherical"]);
    wrong_usage(&["--weights", "w", "--engine", "linfa"], &["--engine linfa", "--weights"]);
    for option in [&["--no-swaps"][..], &["--seeding", "k-means||"], &["--algorithm", "bisecting"]]
    {
        for with in [["--method", "gmm"], ["--engine", "linfa"]] {
            wrong_usage(&[option, &with].concat(), &[option[0], "k-means"]);
        }
        wrong_usage(&[option, &["--start", "s.csv"]].concat(), &[option[0], "--start"]);
    }
    wrong_usage(&["--no-swaps", "--algorithm", "mini-batch"], &["--no-swaps", "lloyd"]);
    wrong_usage(&["--categories", "x"], &["--features"]);
    wrong_usage(&["--features", "x", "--categories", "y"], &["`y` is not among --features"]);
    wrong_usage(&["--decimal", ",", "--thousands", ","], &["--decimal", "--thousands"]);
    wrong_usage(&["--model", "out.csv"], &["-o and --model"]);
    wrong_usage(&["--method", "dbscan"], &["dbscan", "kmeans"]);
    wrong_usage(&["--transform", "sqrt"], &["sqrt", "log1p"]);
    wrong_usage(&["--scale", "minmax"], &["minmax", "standard"]);
    for k in ["0", "1..4", "5..3", "many", "-2", "2.."] {
        wrong_usage(&[&format!("--k={k}")], &["--k"]);
    }
    for (option, value) in [("--decimal", "x"), ("--thousands", "ab"), ("--delimiter", "7")] {
        wrong_usage(&[option, value], &[option]);
    }
    let folder = folder(GOOD);
    for (option, word) in [
        ("--restarts", "restarts"),
        ("--max-iterations", "max_iterations"),
        ("--tolerance", "tolerance"),
    ] {
        cluster(folder.path(), &[option, "0"]).fails(1, &[word]);
    }
    let floor = ["--method", "gmm", "--covariance-floor=-1"];
    cluster(folder.path(), &floor).fails(1, &["covariance_floor"]);
}

#[test]
fn a_delimiter_means_nothing_for_parquet_and_types_that_are_no_values_are_left_out() {
    let times =
        Series::new("when".into(), [1_i64, 2, 3]).cast(&polars::prelude::DataType::Time).unwrap();
    let columns = vec![
        Column::new("id".into(), [7_i64, 8, 9]),
        Column::new("x".into(), [1.0, 2.0, 30.0]),
        Column::new("kids".into(), ["0", "1", "2+"]),
        times.into(),
    ];
    let folder = folder(parquet(columns));
    let args = ["--id", "id", "--k", "2", "--bootstrap", "0"];
    let said = cluster(folder.path(), &args).done();
    said.says(&["`when` is left out", "it holds", "`kids` is left out", "`2+`"]);
    std::fs::remove_file(folder.path().join("out.csv")).unwrap();
    cluster(folder.path(), &[&args[..], &["--delimiter", ";"]].concat())
        .fails(1, &["--delimiter", "Parquet"]);
    cluster(folder.path(), &["--id", "when"]).fails(1, &["`when`", "holds"]);
}

#[test]
fn a_file_that_breaks_off_is_an_error() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(GOOD.repeat(99).as_bytes()).unwrap();
    let bytes = gzip.finish().unwrap();
    refused(&bytes[..bytes.len() / 2], &["--id", "id"], &["t.csv", "complete"]);
}

#[test]
fn an_output_that_cannot_be_written_is_told() {
    let folder = folder(GOOD);
    let args = ["cluster", "t.csv", "--id", "id", "--k", "2", "--bootstrap", "0"];
    run_in(folder.path(), &[&args[..], &["-o", "no/such/out.csv"]].concat())
        .fails(1, &["no/such/out.csv", "cannot be written"]);
}
