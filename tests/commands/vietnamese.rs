//! A series in Vietnamese: what its commands say on the console.

use serde_json::Value;

use crate::support::{Outcome, Shop};

const MONTHS: &str = "2024-03-31..2024-06-30";

/// English words that a Vietnamese text does not have.
const ENGLISH: [&str; 30] = [
    "the",
    "of",
    "customers",
    "customer",
    "segments",
    "segment",
    "warning",
    "with",
    "and",
    "not",
    "is",
    "are",
    "from",
    "gone",
    "runs",
    "orders",
    "revenue",
    "share",
    "before",
    "after",
    "moved",
    "stayers",
    "groups",
    "was",
    "were",
    "written",
    "files",
    "report",
    "next",
    "status",
];

/// Fails where `outcome` says something in English; the names of groups and of files apart.
fn vietnamese(outcome: &Outcome, names: &[String]) {
    let mut said = format!("{}\n{}", outcome.stdout, outcome.stderr);
    for name in names {
        said = said.replace(name, "");
    }
    for line in said.lines() {
        let words = line.split_whitespace().filter(|word| !word.contains(['/', '_', '=', '`']));
        let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphabetic()));
        for word in words {
            assert!(!ENGLISH.contains(&&*word.to_lowercase()), "`{word}` in {line}\n{said}");
        }
    }
}

/// The English names of all groups of the last run, longest first.
fn names(shop: &Shop) -> Vec<String> {
    let said = shop.command(&["show", "latest", "--json"]).done().stdout;
    let shown: Value = serde_json::from_str(&said).unwrap();
    let mut names = Vec::new();
    for record in shown["manifest"]["taxonomies"].as_array().unwrap() {
        for group in record["groups"].as_array().unwrap() {
            names.push(group["name"]["en"].as_str().unwrap().to_owned());
        }
    }
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names
}

#[test]
fn commands_speak_the_language_of_the_series() {
    let shop = Shop::new()
        .edit("bootstrap = 0", "bootstrap = 10")
        .append("[customers]\nfiles = [\"known.csv\"]\ncustomer = \"id\"")
        .append("[label]\nlanguage = \"vi\"\ntaxonomies = [\"rfm\", \"pyramid\", \"lifecycle\"]")
        .append("[track]\nchurn_budget = 0.0");
    shop.write("known.csv", "id\nc001\nnobody\n");
    let run = shop.command(&["run", "segtrail.toml", "--as-of", MONTHS]).done();
    let names = names(&shop);
    vietnamese(&run, &names);
    assert!(run.stderr.contains("giao dịch mua của"), "{}", run.stderr);
    assert!(run.stdout.contains("Báo cáo: "), "{}", run.stdout);
    let said = |args: &[&str]| {
        let outcome = shop.command(args).done();
        vietnamese(&outcome, &names);
        outcome.stdout
    };
    let shown = said(&["show", "latest"]);
    assert!(shown.contains("tính đến hết 2024-06-30"), "{shown}");
    let ids: Value =
        serde_json::from_str(&shop.command(&["runs", "--json"]).done().stdout).unwrap();
    let ids: Vec<&str> =
        ids["runs"].as_array().unwrap().iter().map(|run| run["run_id"].as_str().unwrap()).collect();
    let compared = said(&["compare", ids[2], ids[3]]);
    assert!(compared.contains("Trung vị trước → sau"), "{compared}");
    assert!(said(&["runs"]).contains("lần chạy trước"));
    assert!(said(&["trail"]).contains("4 lần chạy, từ 2024-03-31 đến 2024-06-30"));
    assert!(said(&["forecast"]).contains("chuỗi Markov"));
    assert!(said(&["label", "overrides", "shop"]).contains("Chưa ai đưa ra nhận định"));
    let set = ["label", "set", "latest", "S02", "champions", "--author", "Lan", "--reason", "quen"];
    assert!(said(&set).contains("Đã ghi lại"));
    assert!(said(&["label", "overrides", "shop"]).contains("còn hiệu lực"));
    assert!(
        said(&["label", "unset", "latest", "S02", "--author", "Lan", "--reason", "thôi"])
            .contains("Đã ghi lại")
    );
    assert!(said(&["promote", "latest", "--author", "Lan", "--reason", "tốt"]).contains(" là "));
    assert!(said(&["prune", "shop", "--keep", "2", "--dry-run"]).contains("sẽ bị xóa"));
    assert!(said(&["why", "c001"]).contains("Khách hàng c001"));
    let relabelled = said(&["label", "latest", "--taxonomy", "benefit"]);
    assert!(relabelled.contains("Báo cáo: "), "{relabelled}");
    let exported = shop.command(&["export", "shop", "--format", "csv", "-o", "out.csv"]).done();
    vietnamese(&exported, &names);
    assert!(exported.stderr.contains("Đã ghi 41 khách hàng vào out.csv"), "{}", exported.stderr);
    let ways = said(&["compare", "--ways", "segtrail.toml", "--as-of", "2024-06-30"]);
    assert!(ways.contains("khớp lại từ đầu"), "{ways}");
    let validated = said(&["clv", "validate", "segtrail.toml", "--split", "2024-04-30"]);
    assert!(validated.contains("KÉM hơn") || validated.contains("không kém"), "{validated}");
    let watched = shop.command(&["watch", "segtrail.toml"]).done();
    vietnamese(&watched, &names);
    assert!(watched.stderr.contains("không có gì phải làm"), "{}", watched.stderr);
    // The language can be asked for; that of the series is not changed by it.
    let english = shop.command(&["show", "latest", "--language", "en"]).done().stdout;
    assert!(english.contains("as of 2024-06-30"), "{english}");
}
