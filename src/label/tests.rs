//! The labelling room from outside: the built-in taxonomy on made segments, reasons, fidelity,
//! and the linter on faulty texts.

use super::*;
use crate::features::{FeatureColumn, FeatureTable, Unit};

const KNOWN: [&str; 5] = ["r_score", "f_score", "m_score", "tenure_days", "recency_ratio"];

fn column(name: &str, unit: Unit, values: Vec<f64>) -> FeatureColumn {
    FeatureColumn { name: name.into(), unit, values }
}

/// One customer a row: recency, frequency and spend score, days since the first purchase,
/// recency ratio.
fn table(rows: &[[f64; 5]]) -> FeatureTable {
    let of = |index: usize| rows.iter().map(|row| row[index]).collect::<Vec<f64>>();
    let scores = ["r_score", "f_score", "m_score"].into_iter().enumerate();
    let mut columns: Vec<_> = scores.map(|(i, name)| column(name, Unit::Score, of(i))).collect();
    columns.push(column("tenure_days", Unit::Days, of(3)));
    columns.push(column("recency_ratio", Unit::Ratio, of(4)));
    columns.push(column("monetary_total", Unit::Money, vec![1500.0; rows.len()]));
    let customers = (0..rows.len()).map(|n| format!("c{n:03}").as_str().into()).collect();
    FeatureTable { customers, columns, ..FeatureTable::default() }
}

/// The rfm label of a segment of one customer in a population whose median tenure is 400 days.
fn rfm(segment: [f64; 5]) -> Label {
    let everyone_else = [3.0, 3.0, 3.0, 400.0, 1.0];
    let rows = [segment, everyone_else, everyone_else];
    let taxonomy = Taxonomy::built_in("rfm").unwrap();
    let labels = label(&table(&rows), &[0, 1, 1], 2, &taxonomy).unwrap();
    labels.segments.into_iter().next().unwrap().1
}

fn group(r: f64, f: f64, m: f64) -> String {
    rfm([r, f, m, 400.0, 1.0]).group.0
}

fn custom(groups: &[(&str, &str)]) -> String {
    let mut text = "key = 'test'\nversion = 1\nnames = { en = 'T', vi = 'T' }\n".to_owned();
    for (index, (key, rule)) in groups.iter().enumerate() {
        text += &format!(
            "[[group]]\nkey = '{key}'\nname = {{ en = 'N {key}', vi = 'T {key}' }}\n\
             description = {{ en = 'D', vi = 'M' }}\ncolor = '#00000{index}'\nrule = \"{rule}\"\n"
        );
    }
    text
}

#[test]
fn typical_segments_of_the_trade() {
    for (scores, expected) in [
        ([4.5, 4.6, 4.5], "champions"),
        ([1.3, 4.5, 4.6], "cannot_lose"),
        ([2.0, 3.5, 3.5], "at_risk"),
        ([3.6, 3.9, 3.8], "loyal"),
        ([4.0, 2.6, 2.5], "potential_loyalists"),
        ([3.5, 1.3, 1.5], "promising"),
        ([3.0, 3.0, 3.0], "needing_attention"),
        ([1.2, 1.3, 1.4], "lost"),
        ([2.2, 2.0, 2.0], "hibernating"),
    ] {
        assert_eq!(group(scores[0], scores[1], scores[2]), expected, "{scores:?}");
    }
    assert_eq!(rfm([4.6, 1.2, 2.0, 30.0, f64::NAN]).group.0, "new");
}

#[test]
fn both_sides_of_each_bound() {
    for (at, expected, beyond, otherwise) in [
        ([4.0, 4.0, 4.0], "champions", [3.99, 4.0, 4.0], "loyal"),
        ([4.0, 4.0, 4.0], "champions", [4.0, 3.99, 4.0], "loyal"),
        ([4.0, 4.0, 4.0], "champions", [4.0, 4.0, 3.99], "loyal"),
        ([1.99, 4.0, 4.0], "cannot_lose", [2.0, 4.0, 4.0], "at_risk"),
        ([1.99, 4.0, 4.0], "cannot_lose", [1.99, 3.99, 4.0], "at_risk"),
        ([1.99, 4.0, 4.0], "cannot_lose", [1.99, 4.0, 3.99], "at_risk"),
        ([2.49, 2.5, 2.5], "at_risk", [2.5, 2.5, 2.5], "needing_attention"),
        ([2.0, 2.5, 2.5], "at_risk", [2.0, 2.49, 2.5], "hibernating"),
        ([3.0, 3.5, 3.0], "loyal", [2.99, 3.5, 3.0], "needing_attention"),
        ([3.0, 3.5, 3.0], "loyal", [3.0, 3.49, 3.0], "needing_attention"),
        ([3.0, 3.5, 3.0], "loyal", [3.0, 3.5, 2.99], "needing_attention"),
        ([3.5, 2.5, 1.0], "potential_loyalists", [3.49, 2.5, 1.0], "needing_attention"),
        ([3.5, 2.5, 1.0], "potential_loyalists", [3.5, 2.49, 1.0], "promising"),
        ([3.0, 2.49, 5.0], "promising", [2.99, 2.49, 5.0], "needing_attention"),
        ([2.5, 2.5, 1.0], "needing_attention", [2.5, 2.49, 1.0], "hibernating"),
        ([2.5, 1.0, 2.5], "needing_attention", [2.5, 1.0, 2.49], "hibernating"),
        ([1.99, 1.5, 2.49], "lost", [2.0, 1.5, 2.49], "hibernating"),
        ([1.99, 1.5, 2.49], "lost", [1.99, 1.5, 2.5], "hibernating"),
    ] {
        assert_eq!(group(at[0], at[1], at[2]), expected, "{at:?}");
        assert_eq!(group(beyond[0], beyond[1], beyond[2]), otherwise, "{beyond:?}");
    }
    for (at, expected) in [
        ([4.0, 2.49, 1.0, 200.0, 1.0], "new"),
        ([4.0, 2.49, 1.0, 201.0, 1.0], "promising"),
        ([3.99, 2.49, 1.0, 200.0, 1.0], "promising"),
        ([4.0, 2.5, 1.0, 200.0, 1.0], "potential_loyalists"),
        ([2.99, 3.0, 3.0, 400.0, 3.0], "at_risk"),
        ([2.99, 3.0, 3.0, 400.0, 2.99], "needing_attention"),
        ([2.99, 3.0, 2.99, 400.0, 3.0], "needing_attention"),
        ([3.0, 3.0, 3.0, 400.0, 3.0], "needing_attention"),
        ([2.99, 3.0, 3.0, 400.0, f64::NAN], "needing_attention"),
    ] {
        assert_eq!(rfm(at).group.0, expected, "{at:?}");
    }
}

#[test]
fn reasons_give_the_figures_in_both_languages() {
    let label = rfm([4.5, 4.75, 4.5, 400.0, 1.0]);
    assert_eq!(
        label.reason.en,
        "Mean recency score 4.5 (all: 3.5) ≥ 4; mean frequency score 4.8 (all: 3.6) ≥ 4; \
         mean spend score 4.5 (all: 3.5) ≥ 4."
    );
    assert_eq!(
        label.reason.vi,
        "Điểm mua gần đây trung bình 4,5 (toàn bộ: 3,5) ≥ 4; điểm tần suất mua trung bình 4,8 \
         (toàn bộ: 3,6) ≥ 4; điểm chi tiêu trung bình 4,5 (toàn bộ: 3,5) ≥ 4."
    );
}

#[test]
fn a_reason_of_a_calculation_gives_its_result() {
    let label = rfm([4.5, 1.5, 2.0, 30.0, 1.0]);
    assert_eq!(
        label.reason.en,
        "Mean recency score 4.5 (all: 3.5) ≥ 4; mean frequency score 1.5 (all: 2.5) < 2.5; median \
         days since first purchase 30 (all: 400) ≤ 0.5 × all customers' median days since first \
         purchase 400 = 200."
    );
}

#[test]
fn a_reason_stays_true_when_rounded() {
    let label = rfm([2.0, 2.498, 2.503, 400.0, 1.0]);
    let shown = label.reason.en;
    assert!(shown.contains("= 2.5005 ≥ 2.5") || shown.contains("= 2.5 ≥ 2.5"), "{shown}");
    let label = rfm([3.2, 2.4999, 2.0, 400.0, 1.0]);
    assert!(label.reason.en.contains("2.4999 (all: 2.8333) < 2.5"), "{}", label.reason.en);
}

#[test]
fn the_last_group_says_that_nothing_else_held_and_what_is_not_known() {
    let label = rfm([2.2, 2.0, 2.0, 400.0, f64::NAN]);
    assert_eq!(
        label.reason.en,
        "No rule above holds: mean recency score 2.2 (all: 2.7); mean frequency score 2.0 (all: \
         2.7); mean spend score 2.0 (all: 2.7); median days since first purchase 400 (all: 400); \
         not known here: median silence against own rhythm."
    );
    assert!(label.reason.vi.starts_with("Không thỏa quy tắc nào ở trên: điểm mua gần đây"));
    assert!(label.reason.vi.contains("chưa có số liệu: trung vị thời gian vắng"));
}

#[test]
fn shares_are_percent_on_both_sides() {
    let text = custom(&[("big", "share_of_revenue >= 0.07 and customers > 0"), ("rest", "true")]);
    let taxonomy = Taxonomy::parse("test", &text).unwrap();
    let rows = [[3.0; 5]; 4];
    let labels = label(&table(&rows), &[0, 1, 1, 1], 2, &taxonomy).unwrap();
    let reason = &labels.segments[0].1.reason;
    assert_eq!(reason.en, "Share of revenue 25.0% ≥ 7%; customers 1 (all: 4) > 0.");
    assert_eq!(reason.vi, "Tỷ trọng doanh thu 25,0% ≥ 7%; số khách hàng 1 (toàn bộ: 4) > 0.");
}

#[test]
fn fidelity_counts_customers_who_meet_the_rule_alone() {
    let text = custom(&[
        ("recent", "mean(r_score) >= 4 and share_of_customers > 0.5"),
        ("steady", "mean(recency_ratio) < 2"),
        ("rest", "otherwise"),
    ]);
    let taxonomy = Taxonomy::parse("test", &text).unwrap();
    let row = |r, ratio| [r, 3.0, 3.0, 100.0, ratio];
    // The mean of the first four is 4; the fifth and sixth are steady on average, one by chance;
    // the last is neither.
    let nan = f64::NAN;
    let rows = [
        row(5.0, 9.0),
        row(5.0, 9.0),
        row(4.0, 9.0),
        row(2.0, 9.0), // recent
        row(1.0, nan),
        row(1.0, 1.0), // steady
        row(1.0, 5.0), // rest
    ];
    let labels = label(&table(&rows), &[0, 0, 0, 0, 1, 1, 2], 3, &taxonomy).unwrap();
    let seen: Vec<_> =
        labels.segments.iter().map(|(_, label)| (label.group.0.as_str(), label.fidelity)).collect();
    assert_eq!(seen, [("recent", 0.75), ("steady", 0.5), ("rest", 1.0)]);
    // In a segment of the rest, whoever meets a rule above does not belong there.
    let rows = [row(1.0, 1.0), row(1.0, 4.0), row(5.0, 4.0), row(1.0, nan)];
    let labels = label(&table(&rows), &[0; 4], 1, &taxonomy).unwrap();
    assert_eq!(labels.segments[0].1.fidelity, 0.5);
}

#[test]
fn percentiles_of_the_population_can_be_asked_for() {
    let text = custom(&[("early", "median(tenure_days) <= p25(tenure_days)"), ("rest", "true")]);
    let taxonomy = Taxonomy::parse("test", &text).unwrap();
    let rows: Vec<_> = (1..=5).map(|n| [3.0, 3.0, 3.0, f64::from(n) * 100.0, 1.0]).collect();
    let labels = label(&table(&rows), &[0, 0, 1, 1, 1], 2, &taxonomy).unwrap();
    assert_eq!(labels.segments[0].1.group.0, "early");
    assert_eq!(labels.segments[1].1.group.0, "rest");
    let (en, vi) = (&labels.segments[0].1.reason.en, &labels.segments[0].1.reason.vi);
    assert!(en.ends_with("all customers' days since first purchase, 25th percentile 200."), "{en}");
    assert!(vi.ends_with("phân vị 25% của số ngày từ lần mua đầu trong toàn bộ khách hàng 200."));
}

#[test]
fn a_segment_without_customers_gets_the_last_group() {
    let taxonomy = Taxonomy::built_in("rfm").unwrap();
    let labels = label(&table(&[[3.0; 5]]), &[0], 2, &taxonomy).unwrap();
    assert_eq!(labels.segments[1].1.group.0, "hibernating");
    assert_eq!(labels.segments[1].1.fidelity, 0.0);
}

#[test]
fn built_in_taxonomies_have_no_finding() {
    for (name, text) in BUILT_IN {
        let known = crate::features::known(None);
        let options = LintOptions { known: &known, tools: &Tool::ALL, seen: None };
        assert_eq!(lint(text, name, &options), []);
        assert_eq!(Taxonomy::built_in(name).unwrap().key, name);
    }
    let error = Taxonomy::built_in("rfn").unwrap_err().to_string();
    assert!(error.contains("`rfn`; built in: rfm, benefit,"), "{error}");
}

fn findings(text: &str) -> Vec<Finding> {
    lint(text, "t", &LintOptions { known: &KNOWN, ..LintOptions::default() })
}

/// (text, line, column, part of the message) of every finding expected, in order.
fn assert_findings(text: &str, expected: &[(usize, usize, &str)]) {
    let mut found = findings(text);
    // Treatments have a test of their own.
    found.retain(|finding| !finding.message.contains("has no `treatment`"));
    let matches = found.len() == expected.len()
        && found.iter().zip(expected).all(|(finding, (line, column, part))| {
            (finding.line, finding.column) == (*line, *column) && finding.message.contains(part)
        });
    assert!(matches, "{text}\n{found:#?}\nexpected {expected:?}");
}

#[test]
fn faults_of_rules_are_found_with_their_place() {
    let text = custom(&[("a", "mean(r_score) >= 4 and"), ("b", "mean(r_scor) > 1"), ("c", "true")]);
    let expected = [(9, 31, "rule of group `a`: found the end"), (15, 9, "unknown feature")];
    assert_findings(&text, &expected);
    let text = custom(&[("b", "mean(r_score) > 2 or mean(r_scor) > 1"), ("c", "true")]);
    assert_findings(&text, &[(9, 30, "unknown feature `r_scor` (did you mean `r_score`?)")]);
    let error = Taxonomy::parse("t", &text).unwrap().check(&KNOWN, None).unwrap_err();
    assert!(error.to_string().starts_with("taxonomy `t`, line 9, column 30: "), "{error}");
    let text = custom(&[("a", "true")]).replace("\"true\"", "'''\n1 < 2 or\n  (ả > 1)'''");
    assert_findings(&text, &[(11, 4, "unknown name `ả`")]);
}

#[test]
fn rules_that_can_never_be_given_are_found() {
    let text = custom(&[("a", "true"), ("b", "otherwise")]);
    assert_findings(&text, &[(10, 1, "group `b` can never be given: the rule of `a` above")]);
    let text = custom(&[("a", "mean(r_score) > 1"), ("b", "(mean(r_score)) > 1"), ("c", "true")]);
    assert_findings(&text, &[(10, 1, "`a` above it has the same rule")]);
    let text = custom(&[("a", "1 > 2"), ("b", "mean(r_score) > 1")]);
    let expected = [(4, 1, "its rule is never true"), (10, 1, "must have the rule `otherwise`")];
    assert_findings(&text, &expected);
}

#[test]
fn faults_of_texts_are_found_all_at_once() {
    let text = "key = 'Bad key'\nversion = 0\nnames = { en = 'T', fr = 'T' }\nextra = 1\n\
                [[group]]\nkey = 'a'\nname = { en = ' ', vi = 3 }\ncolor = 'red'\nrule = 'true'\n\
                [[group]]\nkey = 'a'\nname = 'A'\ndescription = { en = 'D', vi = 'D' }\n\
                color = '#12345g'\n";
    let expected = [
        (1, 7, "key `Bad key` must be lowercase"),
        (2, 11, "`version` must be a whole number from 1, not this whole number"),
        (3, 9, "`names` of the taxonomy has no `vi`"),
        (3, 21, "unknown key `fr` in `names` of the taxonomy; known keys: en, vi"),
        (4, 1, "unknown key `extra` in the taxonomy"),
        (5, 1, "group `a` has no `description`"),
        (7, 15, "`en` is empty"),
        (7, 25, "`vi` must be a text in quotes, not this whole number"),
        (8, 9, "colour `red` must be"),
        (10, 1, "group `a` has no `rule`"),
        (11, 7, "group `a` is already defined in line 6"),
        (12, 8, "`name` must be a table with a text in `en` and in `vi`, not a text"),
        (14, 9, "colour `#12345g` must be"),
    ];
    assert_findings(text, &expected);
    let error = Taxonomy::parse("t", text).unwrap_err().to_string();
    assert!(error.starts_with("taxonomy `t`, line 1, column 7: key `Bad key`"), "{error}");
}

#[test]
fn faults_of_the_file_as_a_whole() {
    let broken = findings("key = 'a\nversion = \nnames = { en = 'T' }");
    assert!(broken.len() >= 2, "{broken:#?}");
    assert!(broken.iter().all(|finding| finding.message.starts_with("not valid TOML")));
    assert_eq!((broken[0].line, broken[1].line), (1, 2));
    let empty = findings("");
    assert_eq!(empty.len(), 4, "{empty:#?}");
    assert!(Taxonomy::parse("t", &custom(&[])).unwrap_err().to_string().contains("no group"));
    let text = custom(&[]) + "group = []\n";
    assert_findings(&text, &[(4, 9, "the taxonomy has no group")]);
    let text = custom(&[]) + "group = [1]\n";
    assert_findings(&text, &[(4, 10, "`group` must be a table, `[[group]]`")]);
}

#[test]
fn long_names_and_equal_looks_are_warnings() {
    let name = "Khách hàng trung thành tiềm năng";
    let text = custom(&[("a", "mean(r_score) > 1"), ("b", "true")])
        .replace("T a", name)
        .replace("#000001", "#000000");
    let expected = [(6, 27, "has 32 characters"), (10, 1, "colour `#000000` of group `b`")];
    assert_findings(&text, &expected);
    assert!(findings(&text).iter().all(|f| f.severity == Severity::Warning));
    assert!(Taxonomy::parse("t", &text).is_ok(), "warnings do not forbid its use");
}
