//! Faulty taxonomies and rules -> every finding in Vietnamese, whole, and some of them to the letter.

use super::super::fault::Fault;
use super::super::lint::{Finding, LintOptions, lint};
use super::super::rule::{Formula, Rule, Scope};
use super::super::tool::Tool;
use super::in_vietnamese;
use crate::types::Bilingual;
use proptest::prelude::*;

/// Words of English messages that Vietnamese does not have.
const ENGLISH: [&str; 24] = [
    "the", "of", "is", "are", "and", "or", "with", "must", "has", "not", "be", "it", "a", "an",
    "group", "rule", "text", "number", "colour", "table", "feature", "write", "above", "where",
];

/// The Vietnamese of a message, which has to be there and to have no English word outside code; what the
/// TOML reader says is English.
#[track_caller]
fn said(english: &str) -> String {
    let vietnamese = in_vietnamese(english).unwrap_or_else(|| panic!("English: {english}"));
    if english.starts_with("not valid TOML: ") {
        return vietnamese;
    }
    // What stands between backticks and quotes is code or a name; a list of keys follows a colon.
    let words = vietnamese.replace('"', "`");
    let outside = words
        .split('`')
        .step_by(2)
        .flat_map(|part| part.split(|c: char| !(c.is_alphanumeric() || "_-.[]".contains(c))));
    let left: Vec<&str> = outside.filter(|word| ENGLISH.contains(word)).collect();
    assert!(left.is_empty(), "{left:?} in {vietnamese}");
    vietnamese
}

fn findings(text: &str) -> Vec<Finding> {
    let known = crate::features::known(None);
    lint(text, "t", &LintOptions { known: &known, tools: &Tool::ALL, seen: None })
}

#[test]
fn every_fault_of_a_rule_is_told() {
    let deep = "(".repeat(70);
    let long = "1 + ".repeat(1100);
    let segments = [
        "",
        deep.as_str(),
        long.as_str(),
        "1 & 2",
        "1.2.3 > 1",
        "median('a",
        "1 < 2 3",
        "1 < 'a'",
        "1 < )",
        "1 <",
        "1 < and",
        "1 and true",
        "true or 1",
        "not 1",
        "true < 1",
        "1 + true > 1",
        "-true > 1",
        "1 * true > 1",
        "1 < 2 < 3",
        "clv > 1",
        "maximum(clv) > 1",
        "rank(clv) > 1",
        "median > 1",
        "percentile(clv) > 1",
        "percentile(clv, x) > 1",
        "percentile(clv, 200) > 1",
        "percentile(clv, 50 > 1",
        "share(clv) > 1",
        "share(clv > 1",
        "known clv",
        "known(1)",
        "known(clv",
        "(1 < 2",
        "true and otherwise",
        "1 > 2 'x'",
        "1",
        "share(share(clv > 1) > 1) > 1",
        "region == 'x'",
        "population_share(median(clv) > 1) > 0.5",
    ];
    let customers = [
        "median(clv) > 1",
        "customers > 1",
        "rank(rank(clv)) > 1",
        "rank(true) > 1",
        "rank clv > 1",
        "rank(clv, 1) > 1",
        "rank(clv, by: id) > 1",
        "rank(clv, ties: id, ties: id) > 1",
        "rank(clv, ties id) > 1",
        "rank(clv, ties: 1) > 1",
        "rank(clv, among: 1) > 1",
        "rank(clv; 1) > 1",
        "rank(clv : 1) > 1",
        "region in ('a' 'b')",
        "region in (1)",
        "region in ('a', 1)",
        "population_share(clv) > 1",
        "rank_share(true) > 1",
    ];
    let of = |rules: &[&str], scope: Scope| {
        let each = rules.iter().map(|rule| Rule::parse_in(rule, scope).expect_err(rule));
        each.collect::<Vec<_>>()
    };
    let mut faults = of(&segments, Scope::Segments);
    faults.extend(of(&customers, Scope::Customers));
    faults.push(Formula::parse("clv > 1").unwrap_err());
    for fault in faults {
        let (group, measure) = ("a".to_owned(), "m".to_owned());
        let whole = Fault::Rule { group, fault: fault.clone() }.to_string();
        assert!(said(&whole).starts_with("quy tắc của nhóm `a`: "), "{whole}");
        said(&Fault::Formula { measure, fault }.to_string());
    }
}

#[test]
fn every_fault_of_a_file_is_told() {
    let wrong_types = "key = 1\nversion = 0.5\nnames = []\nof = true\npopulation = 1979-05-27\n\
        mode = { x = 1 }\nassignment = 'rules'\nmeasure = 1\nattributes = 1\nwithout = 'x'\n\
        group = { x = 1 }\n";
    let misplaced = "key = 'B'\nversion = 1\nnames = { en = 'T', vi = 'T', fr = 'T' }\n\
        of = 'customers'\nmode = 'prototype'\nassignment = 'many'\npopulation = 'all'\n\
        attributes = { a = 'word', b = 1, m = 'text' }\nwithout = [1, { features = [], text = { en = 'W', vi = '' } }, \
        { features = 1 }, { features = [1] }]\n\
        measure = [1, { first = [] }, { key = 'm', name = 'M', first = [1, {}] }, \
        { key = 'm', name = { en = 'M', vi = 'M' }, first = [{ value = 'clv', name = { en = 'C' }, x = 1 }] }, \
        { key = 'n', name = { en = 'N', vi = 'N' }, first = [{ value = 'm + 1', name = { en = 'C', vi = 'C' } }] }, \
        { key = 'm', name = { en = 'M', vi = 'M' }, first = [{ value = 'clv', name = { en = 'C', vi = 'C' } }] }]\n\
        group = [1, { color = 'red', rule = '1', treatment = 1, aliases = 1 }, \
        { key = 'a', prototype = 1, treatment = { do = 'x' }, aliases = { fax = 'x', zalo = 1, braze = '' } }, \
        { key = 'a', prototype = {} }, { key = 'c', prototype = { clv = 'x', m = true, n = nan, o = 1979-05-27 } }, \
        { rule = 'x' }]\n";
    let segments = misplaced.replace("of = 'customers'", "of = 'segments'");
    let rules = misplaced.replace("mode = 'prototype'", "mode = 'rules'");
    let both =
        segments.replace("mode = 'prototype'\nassignment = 'many'", "assignment = 'one_to_one'");
    let texts = [
        "",
        "key = ",
        "group = []",
        "key = 'Bad'\ngroup = 1",
        wrong_types,
        misplaced,
        &segments,
        &rules,
        &both,
    ];
    let mut told = 0;
    for text in texts {
        for finding in findings(text) {
            assert_eq!(said(&finding.message), finding.message_vi);
            told += 1;
        }
    }
    assert!(told > 100, "{told}");
}

#[test]
fn every_fault_of_groups_is_told() {
    let mut text = "key = 't'\nversion = 1\nof = 'customers'\nnames = { en = 'T', vi = 'T' }\n\
        attributes = { region = 'text', clv2 = 'number' }\n"
        .to_owned();
    let long = "x".repeat(1200);
    let groups = [
        ("Debts", "m_score > 5"),
        ("Debts", "region > 1"),
        ("=1", "clv2 == 'x'"),
        ("a,b\\u0007", "lifecycle_stage == 'lapst'"),
        ("😀", "lifecycle_stage == 'something else'"),
        (&long, "rank(clv) <= 0 or share_of_wallet > 2 or recency_days < 0"),
        ("D", "population_share(clv > 1) > 1"),
        ("E", "monetary_totl > 1 or something_else > 2"),
        ("F", "1 > 2"),
        ("G", "recency_days > 9"),
        ("H", "recency_days > 9"),
        ("I", "recency_days > 10"),
        ("J", "recency_days < 5"),
        ("K", "recency_days > 9 or recency_days < 4"),
        ("L", "true"),
        ("M", "clv > 1"),
    ];
    for (index, (name, rule)) in groups.iter().enumerate() {
        text += &format!(
            "[[group]]\nkey = 'g{index}'\nname = {{ en = \"{name}\", vi = \"{name}\" }}\n\
             description = {{ en = 'For patients', vi = 'Mang thai' }}\ncolor = '#00000{}'\n\
             rule = \"{rule}\"\naliases = {{ zalo = 'Loan' }}\n",
            index % 10
        );
    }
    let found = findings(&text);
    for finding in &found {
        assert_eq!(said(&finding.message), finding.message_vi);
    }
    let has =
        |part: &str| assert!(found.iter().any(|f| f.message.contains(part)), "{part}: {found:#?}");
    let parts = [
        "no values can meet its rule (m_score is from 1 to 5)",
        "a place is at least 1",
        "a share is from 0",
        "it is one of",
        "(did you mean `lapsed`?)",
        "has 1200 bytes",
        "has 1200 characters",
        "a comma",
        "the emoji",
        "at its beginning",
        "the control character",
        "the alias for zalo",
        "is a text",
        "is a number;",
        "unknown feature `something_else`; known",
        "never true",
        "the same rule",
        "meets that of `g9` above",
        "meets that of `g10` or `g12` above",
        "always holds",
        "must have the rule",
        "is also that of",
        "colour `",
        "the description of group",
    ];
    parts.into_iter().for_each(has);
}

#[test]
fn findings_to_the_letter() {
    let pairs = [
        (
            "group `gone` can never be given: whoever meets its rule meets that of `best` or `new` above it; \
             move it up, or narrow the rules above",
            "nhóm `gone` không bao giờ được gán: mọi trường hợp thỏa quy tắc của nhóm này đều thỏa quy tắc \
             của `best` hoặc `new` phía trên; hãy đưa nhóm này lên trên, hoặc thu hẹp các quy tắc phía trên",
        ),
        (
            "group `a` can never be given: no values can meet its rule (m_score is from 1 to 5, p_alive is \
             from 0.5 to 1); correct its bounds or remove it",
            "nhóm `a` không bao giờ được gán: không giá trị nào thỏa được quy tắc của nhóm (m_score từ 1 đến \
             5, p_alive từ 0,5 đến 1); hãy sửa các ngưỡng hoặc bỏ nhóm này",
        ),
        (
            "rule of group `best`: unknown feature `monetary_totl` (did you mean `monetary_total`?); \
             known: n_orders, clv",
            "quy tắc của nhóm `best`: không có đặc trưng `monetary_totl` (ý bạn là `monetary_total`?); các \
             đặc trưng hiện có: n_orders, clv",
        ),
        (
            "mailchimp: name `A` of group `a` has 1234 bytes, at most 255 are taken; shorten it, or give an \
             alias: [group.aliases] mailchimp = \"…\"",
            "mailchimp: tên `A` của nhóm `a` dài 1.234 byte, tối đa chỉ nhận 255; hãy rút ngắn, hoặc đặt \
             tên thay thế: [group.aliases] mailchimp = \"…\"",
        ),
        (
            "rule of group `a`: found the end of the rule where an operator or the closing parenthesis `)` \
             belongs",
            "quy tắc của nhóm `a`: gặp phần cuối của quy tắc ở chỗ cần một toán tử hoặc dấu ngoặc đóng `)`",
        ),
        (
            "in this run 1 segment met the rule of group `a`, and groups above took all of them: `b` 1234, \
             `c` 2; move it up, or narrow the rules above",
            "trong lần chạy này 1 phân khúc thỏa quy tắc của nhóm `a`, nhưng các nhóm phía trên đã nhận hết: \
             `b` 1.234, `c` 2; hãy đưa nhóm này lên trên, hoặc thu hẹp các quy tắc phía trên",
        ),
        (
            "`name` of way 2 of measure `worth` has no `vi`; add it",
            "`name` của cách tính 2 của chỉ số `worth` thiếu `vi`; hãy thêm vào",
        ),
        (
            "taxonomy `mine.toml`, line 8: name `Abc` of group `a` has 37 characters; more than 30 are cut \
             or refused by messaging platforms: shorten it",
            "Hệ phân loại `mine.toml`, dòng 8: tên `Abc` của nhóm `a` dài 37 ký tự; quá 30 ký tự thì các nền \
             tảng nhắn tin cắt bớt hoặc từ chối: hãy rút ngắn tên",
        ),
    ];
    for (english, vietnamese) in pairs {
        assert_eq!(said(english), vietnamese);
    }
}

#[test]
fn what_a_taxonomy_says_of_lacking_features_is_told_in_its_own_vietnamese() {
    let text = Bilingual { en: "Without costs …".into(), vi: "Không có chi phí …".into() };
    let fault = Fault::SeenWithout { features: "margin_total".into(), text };
    let message = fault.message();
    assert_eq!(message.en, "this run has no `margin_total`: Without costs …");
    assert_eq!(message.vi, "lần chạy này không có `margin_total`: Không có chi phí …");
}

#[test]
fn parts_alone_are_no_sentences() {
    for word in ["name", "health", "a table", "`x`", "revenue is at least 5"] {
        assert_eq!(in_vietnamese(word), None);
    }
}

proptest! {
    #[test]
    fn any_rule_is_told(rule in "[a-z0-9 .,:;`(){}%éư<>=!&'-]{0,40}") {
        for scope in [Scope::Segments, Scope::Customers] {
            if let Err(fault) = Rule::parse_in(&rule, scope) {
                let fault = Fault::Rule { group: String::new(), fault };
                prop_assert_ne!(fault.message().vi, fault.to_string());
            }
        }
    }
}
