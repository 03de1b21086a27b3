//! Whole answers: exit code, stdout, stderr. Run ids and times of writing are replaced.

use super::two_months;
use crate::support::{Outcome, Shop, StoredRun, stored_runs};

/// The answer with everything that changes from run to run replaced.
fn answer(shop: &Shop, outcome: &Outcome) -> String {
    let (mut stdout, mut stderr) = (outcome.stdout.clone(), outcome.stderr.clone());
    for path in stored_runs(&shop.models()) {
        let run = StoredRun::at(path);
        let id = run.id();
        let written = run.manifest()["created_at"].as_str().unwrap().to_owned();
        for text in [&mut stdout, &mut stderr] {
            *text = text.replace(&id, &format!("{}-<hash>", &id[..10]));
            *text = text.replace(&written, "<time>");
        }
    }
    format!("exit code {}\n--- stdout\n{stdout}--- stderr\n{stderr}", outcome.code.unwrap())
}

#[test]
fn a_first_and_a_second_month() {
    let shop = Shop::with_lines("c001,x1,2024-03-01,five\n,x2,2024-03-01,5\n");
    let outcome =
        shop.command(&["run", "segtrail.toml", "--as-of", "2024-05-31..2024-06-30"]).done();
    insta::assert_snapshot!(answer(&shop, &outcome), @"");
}

#[test]
fn the_list_of_runs() {
    let shop = two_months();
    let outcome = shop.command(&["runs"]).done();
    insta::assert_snapshot!(answer(&shop, &outcome), @"");
}

#[test]
fn one_run() {
    let shop = two_months();
    let outcome = shop.command(&["show", "latest"]).done();
    insta::assert_snapshot!(answer(&shop, &outcome), @"");
}

#[test]
fn two_runs_compared() {
    let shop = two_months();
    let runs = stored_runs(&shop.models());
    let id = |place: usize| runs[place].file_name().unwrap().to_str().unwrap();
    let outcome = shop.command(&["compare", id(0), id(1)]).done();
    insta::assert_snapshot!(answer(&shop, &outcome), @"");
}

#[test]
fn a_missing_column() {
    let shop = Shop::new().edit("\"customer\"", "\"Customer ID\"");
    let outcome = shop.command(&["run", "segtrail.toml", "--as-of", "2024-06-30"]);
    insta::assert_snapshot!(answer(&shop, &outcome), @"");
}

#[test]
fn an_unknown_key() {
    let shop = Shop::new().edit("k = 3", "kk = 3");
    let outcome = shop.command(&["run", "segtrail.toml", "--as-of", "2024-06-30"]);
    insta::assert_snapshot!(answer(&shop, &outcome), @"");
}

#[test]
fn a_date_that_is_none() {
    let shop = Shop::new();
    let outcome = shop.command(&["run", "segtrail.toml", "--as-of", "June"]);
    insta::assert_snapshot!(answer(&shop, &outcome), @"");
}
