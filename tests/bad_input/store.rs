//! Stores that cannot be written, are full, or were damaged by hand.

use std::fs;
use std::process::Command;

use crate::support::{
    AS_OF, Outcome, RUN_FILES, Shop, StoredRun, leftovers, same_bytes, segtrail, set_mode,
    stored_runs, without_privileges,
};

const SAME: [&str; 4] = ["features.parquet", "assignments.parquet", "segments.json", "model.json"];

#[test]
fn a_file_in_place_of_the_store_is_refused() {
    let shop = Shop::new();
    shop.write("models", "not a folder");
    shop.run(AS_OF).fails(1, &["models"]);
    assert_eq!(fs::read_to_string(shop.models()).unwrap(), "not a folder");
    shop.command(&["runs"]).fails(1, &["models"]);
}

#[test]
fn a_file_in_place_of_the_series_is_refused() {
    let shop = Shop::new();
    fs::create_dir(shop.models()).unwrap();
    fs::write(shop.models().join("shop"), "not a folder").unwrap();
    shop.run(AS_OF).fails(1, &["shop"]);
    shop.command(&["runs", "--json"]).done().json();
}

#[test]
fn a_read_only_store_is_refused_and_left_as_it_is() {
    let shop = Shop::new();
    let Some(prefix) = without_privileges(shop.folder()) else { return };
    let run = || {
        let mut words = prefix.iter().cloned().chain([env!("CARGO_BIN_EXE_segtrail").into()]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args(["run", "segtrail.toml", "--as-of", AS_OF, "--json"]);
        Outcome::of(command.current_dir(shop.folder()))
    };
    fs::create_dir(shop.models()).unwrap();
    set_mode(&shop.models(), 0o555);
    run().fails(1, &["models", "Permission denied"]);
    shop.left_nothing();
    set_mode(&shop.models(), 0o777);
    run().done();
    assert_eq!(stored_runs(&shop.models()).len(), 1);
}

/// Runs the program where no file may grow past `kilobytes`, as on a full disk.
fn with_room(shop: &Shop, kilobytes: u32, models: &str) -> Outcome {
    let script = format!("ulimit -f {kilobytes}; trap '' XFSZ; exec \"$0\" \"$@\"");
    let mut command = Command::new("bash");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_segtrail")]).args([
        "run",
        "segtrail.toml",
        "--as-of",
        AS_OF,
        "--json",
        "--models",
        models,
    ]);
    Outcome::of(command.current_dir(shop.folder()))
}

#[test]
fn a_full_disk_is_an_error_that_leaves_the_store_whole() {
    let shop = Shop::new();
    shop.run("2024-05-31").done();
    let before = stored_runs(&shop.models());
    let mut refused = 0;
    for kilobytes in [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64] {
        let outcome = with_room(&shop, kilobytes, "models");
        if outcome.code == Some(0) {
            break;
        }
        outcome.fails(1, &["models", "File too large"]);
        refused += 1;
        assert_eq!(stored_runs(&shop.models()), before, "{kilobytes} KiB");
        let listed = shop.command(&["runs", "--json"]).done().json();
        assert!(listed.to_string().contains("2024-05-31"), "{listed}");
    }
    assert!(refused >= 3, "the limits reach several files of a run: {refused}");
    let run = shop.accepts();
    let apart = Shop::new();
    apart.run("2024-05-31").done();
    same_bytes(&run.folder, &apart.accepts().folder, &SAME);
}

#[test]
fn output_that_cannot_be_written_is_an_error_and_no_panic() {
    let shop = Shop::new();
    shop.accepts();
    for arguments in [
        &["runs"][..],
        &["runs", "--json"],
        &["show", "latest"],
        &["export", "latest", "--format", "csv"],
        &["export", "latest", "--format", "jsonl"],
        &["report", "latest"],
        &["label", "check", "rfm"],
        &["completions", "bash"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = segtrail(shop.folder());
        command.args(arguments).stdout(full);
        Outcome::of(&mut command).fails(1, &["No space left"]);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let shop = Shop::new();
    shop.accepts();
    let script = "set -e -o pipefail; for n in 1 2 3; do \
                  \"$0\" export latest --format jsonl | true; \
                  \"$0\" show latest | true; \"$0\" completions zsh | head -c 1; done";
    let mut command = Command::new("bash");
    command.args(["-c", script, env!("CARGO_BIN_EXE_segtrail")]).current_dir(shop.folder());
    Outcome::of(&mut command).done();
}

#[test]
fn a_run_without_one_of_its_files_is_told_of_and_made_again() {
    let whole = Shop::new();
    let reference = whole.accepts();
    for name in RUN_FILES {
        let shop = Shop::new();
        let run = shop.accepts();
        fs::remove_file(run.folder.join(name)).unwrap();
        shop.command(&["runs", "--json"]).done().json();
        let shown = shop.command(&["show", "latest"]);
        assert!(matches!(shown.code, Some(0 | 1)), "{}", shown.all());
        let again = shop.run(AS_OF);
        match again.code {
            Some(0) => {
                let folder = stored_runs(&shop.models()).pop().expect("a run");
                same_bytes(&StoredRun::at(folder).folder, &reference.folder, &SAME);
            }
            _ => {
                let id = run.id();
                again.fails(1, &[name, &id]);
            }
        }
    }
}

#[test]
fn a_run_deleted_half_way_does_not_stop_the_next_month() {
    for keep in [1, 3, 5, 7] {
        let shop = Shop::new();
        shop.run("2024-04-30").done();
        shop.run("2024-05-31").done();
        let damaged = stored_runs(&shop.models()).pop().unwrap();
        for name in RUN_FILES.iter().rev().skip(keep) {
            fs::remove_file(damaged.join(name)).unwrap();
        }
        shop.command(&["runs", "--json"]).done().json();
        let next = shop.run(AS_OF);
        match next.code {
            Some(0) => {
                let run = stored_runs(&shop.models()).pop().unwrap();
                assert!(run.to_string_lossy().contains(AS_OF));
            }
            _ => {
                let name = damaged.file_name().unwrap().to_string_lossy().into_owned();
                next.fails(1, &[&name]);
            }
        }
        assert_eq!(leftovers(&shop.models()), Vec::<std::path::PathBuf>::new());
    }
}

#[test]
fn a_manifest_of_rubbish_is_told_of_and_the_store_stays_readable() {
    for rubbish in [&b"{"[..], b"", b"[]", b"{\"run_id\": 5}", b"\xff\xfe\0", b"null"] {
        let shop = Shop::new();
        shop.run("2024-05-31").done();
        let run = shop.accepts();
        fs::write(run.folder.join("manifest.json"), rubbish).unwrap();
        let listed = shop.command(&["runs", "--json"]).done();
        assert!(listed.json().to_string().contains("2024-05-31"), "{}", listed.all());
        let folder = run.folder.file_name().unwrap().to_string_lossy().into_owned();
        shop.command(&["show", &format!("shop/{folder}")]).fails(1, &["manifest.json"]);
        let again = shop.run(AS_OF);
        if again.code == Some(0) {
            shop.command(&["show", "latest"]).done();
        } else {
            again.fails(1, &["manifest.json"]);
        }
    }
}

#[test]
fn other_files_of_a_run_that_are_rubbish_are_named() {
    let shop = Shop::new();
    let run = shop.accepts();
    for name in ["assignments.parquet", "segments.json", "model.json"] {
        let good = fs::read(run.folder.join(name)).unwrap();
        fs::write(run.folder.join(name), "rubbish").unwrap();
        for arguments in [
            &["show", "latest"][..],
            &["export", "latest", "--format", "csv"],
            &["report", "latest", "-o", "again.html"],
        ] {
            let outcome = shop.command(arguments);
            assert!(matches!(outcome.code, Some(0 | 1)), "{}", outcome.all());
            if outcome.code == Some(1) {
                outcome.fails(1, &[name]);
            }
        }
        fs::write(run.folder.join(name), good).unwrap();
    }
    shop.command(&["export", "latest", "--format", "csv"]).done();
}

#[test]
fn a_month_whose_files_are_rubbish_can_be_run_again() {
    for name in ["assignments.parquet", "features.parquet", "segments.json", "model.json"] {
        let shop = Shop::new();
        let run = shop.accepts();
        let good = fs::read(run.folder.join(name)).unwrap();
        fs::write(run.folder.join(name), &good[..good.len() / 2]).unwrap();
        shop.run(AS_OF).done();
        shop.command(&["show", "latest"]).done();
        same_bytes(&run.folder, &Shop::new().accepts().folder, &SAME);
    }
}

#[test]
fn a_month_after_one_whose_files_are_rubbish_says_what_to_do() {
    let shop = Shop::new();
    shop.run("2024-05-31").done();
    let before = stored_runs(&shop.models()).remove(0);
    fs::write(before.join("assignments.parquet"), "rubbish").unwrap();
    shop.run(AS_OF).fails(1, &["2024-05-31-", "assignments.parquet", "damaged"]);
    shop.run("2024-05-31").done();
    shop.run(AS_OF).done();
}

#[test]
fn strange_things_in_the_store_do_not_hide_the_runs() {
    let shop = Shop::new();
    shop.accepts();
    let models = shop.models();
    fs::write(models.join("README.txt"), "mine").unwrap();
    fs::create_dir(models.join("empty series")).unwrap();
    fs::create_dir(models.join("shop/notes")).unwrap();
    fs::create_dir(models.join("shop/2024-06-30-zzzzzzzz")).unwrap();
    fs::write(models.join("shop/todo.txt"), "mine").unwrap();
    let listed = shop.command(&["runs", "--json"]).done();
    assert!(listed.stdout.contains("2024-06-30"), "{}", listed.all());
    shop.command(&["show", "shop/latest"]).done();
    assert_eq!(shop.run(AS_OF).done().json()["runs"][0]["status"], "already_done");
}

#[test]
fn a_temporary_folder_of_a_killed_run_is_no_run_and_goes() {
    let shop = Shop::new();
    let run = shop.accepts();
    let left = shop.models().join("shop/.tmp-2024-07-31-00000000-99999999");
    fs::create_dir(&left).unwrap();
    fs::copy(run.folder.join("manifest.json"), left.join("manifest.json")).unwrap();
    let listed = shop.command(&["runs", "--json"]).done();
    assert!(!listed.stdout.contains("00000000"), "{}", listed.all());
    shop.run("2024-07-31").done();
    assert_eq!(leftovers(&shop.models()), Vec::<std::path::PathBuf>::new());
}

#[test]
fn an_unknown_run_or_series_is_named_with_those_that_exist() {
    let shop = Shop::new();
    shop.command(&["show", "latest"]).fails(1, &["models"]);
    shop.accepts();
    shop.command(&["show", "2023-01-31-12345678"]).fails(1, &["2023-01-31-12345678"]);
    shop.command(&["show", "bakery/latest"]).fails(1, &["bakery"]);
    shop.command(&["show", "../../etc/passwd"]).fails(1, &["passwd"]);
    shop.command(&["compare", "latest", "shop/nothing"]).fails(1, &["nothing"]);
}
