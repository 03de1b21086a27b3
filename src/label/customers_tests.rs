//! Customers named one by one: ranks with ties, levels to within one customer, measures, prospects,
//! reasons; segments named by their customers and by prototypes.

use proptest::prelude::*;

use super::*;
use crate::features::{AttributeColumn, FeatureColumn, FeatureTable, Unit};

fn column(name: &str, unit: Unit, values: &[f64]) -> FeatureColumn {
    FeatureColumn { name: name.into(), unit, values: values.to_vec() }
}

/// Buyers `c000`, `c001`, … with this spend, one order each, known for 100 days.
fn buyers(spend: &[f64]) -> FeatureTable {
    let n = spend.len();
    FeatureTable {
        customers: (0..n).map(|row| format!("c{row:05}").as_str().into()).collect(),
        columns: vec![
            column("monetary_total", Unit::Money, spend),
            column("n_orders", Unit::Count, &vec![1.0; n]),
            column("tenure_days", Unit::Days, &vec![100.0; n]),
        ],
        ..FeatureTable::default()
    }
}

fn taxonomy(head: &str, groups: &[(&str, &str)]) -> Taxonomy {
    let mut text = format!("key = 'test'\nversion = 1\nnames = {{ en = 'T', vi = 'T' }}\n{head}\n");
    for (index, (key, rule)) in groups.iter().enumerate() {
        text += &format!(
            "[[group]]\nkey = '{key}'\nname = {{ en = 'N {key}', vi = 'T {key}' }}\n\
             description = {{ en = 'D', vi = 'M' }}\ncolor = '#00000{index}'\n{rule}\n"
        );
    }
    Taxonomy::parse("test", &text).unwrap_or_else(|error| panic!("{error}"))
}

fn of_customers(head: &str, rules: &[(&str, &str)]) -> Taxonomy {
    let rules: Vec<(&str, String)> =
        rules.iter().map(|(key, rule)| (*key, format!("rule = '''{rule}'''"))).collect();
    let rules: Vec<(&str, &str)> = rules.iter().map(|(key, rule)| (*key, &**rule)).collect();
    taxonomy(&format!("of = 'customers'\n{head}"), &rules)
}

fn keys(table: &FeatureTable, taxonomy: &Taxonomy) -> Vec<String> {
    let named = label_customers(table, taxonomy).unwrap();
    named
        .buyers
        .iter()
        .chain(named.prospects.iter().flatten())
        .map(|group| taxonomy.groups()[usize::from(*group)].key.0.clone())
        .collect()
}

#[test]
fn equal_customers_are_ranked_by_id_or_together() {
    let table = buyers(&[5.0, 7.0, 5.0, 5.0, 1.0]);
    let named = |rule: &str| {
        keys(&table, &of_customers("", &[("top", rule), ("rest", "otherwise")]))
            .iter()
            .map(|key| key == "top")
            .collect::<Vec<_>>()
    };
    assert_eq!(named("rank(monetary_total) <= 2"), [true, true, false, false, false]);
    assert_eq!(named("rank(monetary_total, ties: id) <= 3"), [true, true, true, false, false]);
    assert_eq!(
        named("rank(monetary_total, ties: together) <= 3"),
        [false, true, false, false, false]
    );
    assert_eq!(named("rank(monetary_total, ties: together) <= 4"), [true, true, true, true, false]);
    let among = "rank_share(monetary_total, among: monetary_total < 6) <= 50%";
    assert_eq!(named(among), [true, false, true, false, false], "two of four");
}

proptest! {
    /// However many tie, the levels hold 1, 4, 15 and 80 % to within one customer.
    #[test]
    fn the_pyramid_is_exact_to_within_one_customer(
        spend in prop::collection::vec(0_u8..6, 1..700),
    ) {
        let spend: Vec<f64> = spend.into_iter().map(f64::from).collect();
        let pyramid = Taxonomy::built_in("pyramid").unwrap();
        let named = label_customers(&buyers(&spend), &pyramid).unwrap();
        for (count, share) in named.counts.iter().zip([0.01, 0.04, 0.15, 0.80]) {
            let exact = share * spend.len() as f64;
            prop_assert!((count.buyers as f64 - exact).abs() <= 1.0, "{:?} {}", count, exact);
        }
        // Nobody stands above somebody who brings in more, nor above an equal with a lower id.
        let mut order: Vec<usize> = (0..spend.len()).collect();
        order.sort_by(|&a, &b| spend[b].total_cmp(&spend[a]).then(a.cmp(&b)));
        let levels: Vec<u16> = order.iter().map(|&row| named.buyers[row]).collect();
        prop_assert!(levels.is_sorted());
    }
}

proptest! {
    /// Ranks, shares and percentiles by counting, one customer after the other.
    #[test]
    fn figures_are_what_a_naive_reading_says(
        values in prop::collection::vec(prop::option::of(-4_i8..5), 1..40),
        place in 1_usize..12,
        percent in 1_u32..100,
    ) {
        let spend: Vec<f64> =
            values.iter().map(|value| value.map_or(f64::NAN, f64::from)).collect();
        let table = buyers(&spend);
        let rank = |row: usize| {
            let own = spend[row];
            let higher = spend.iter().filter(|other| **other > own).count();
            let equal_above = spend[..row].iter().filter(|other| **other == own).count();
            (!own.is_nan()).then_some(1 + higher + equal_above)
        };
        let top = |rule: &str| -> Vec<bool> {
            let named = of_customers("", &[("top", rule), ("rest", "otherwise")]);
            label_customers(&table, &named).unwrap().buyers.iter().map(|g| *g == 0).collect()
        };
        let naive: Vec<bool> =
            (0..spend.len()).map(|row| rank(row).is_some_and(|rank| rank <= place)).collect();
        prop_assert_eq!(top(&format!("rank(monetary_total) <= {place}")), naive);
        let positive = spend.iter().filter(|value| **value > 0.0).count() as f64;
        let share = positive / spend.len() as f64;
        let held = top(&format!("population_share(monetary_total > 0) >= {share}"));
        prop_assert!(held.iter().all(|held| *held), "{}", share);
        let sorted = crate::math::sorted_defined(&spend);
        let bound = crate::math::quantile_of_sorted(&sorted, f64::from(percent) / 100.0);
        let naive: Vec<bool> = spend
            .iter()
            .map(|value| bound.is_some_and(|bound| *value >= bound - 1e-9))
            .collect();
        prop_assert_eq!(top(&format!("monetary_total >= p{percent}(monetary_total) - 1e-9")), naive);
    }
}

#[test]
fn a_measure_takes_the_first_way_that_the_run_has_and_says_so() {
    let head = "[[measure]]\nkey = 'worth'\nname = { en = 'worth', vi = 'giá trị' }\n\
        first = [{ value = 'margin_total - 1', name = { en = 'profit', vi = 'lợi nhuận' } },\n\
        { value = 'monetary_total', name = { en = 'spend', vi = 'chi tiêu' } }]";
    let taxonomy = of_customers(head, &[("top", "worth >= 5"), ("rest", "otherwise")]);
    let mut table = buyers(&[5.0, 4.0]);
    assert_eq!(keys(&table, &taxonomy), ["top", "rest"]);
    let notes = label_customers(&table, &taxonomy).unwrap().notes;
    assert_eq!(notes[0].en, "Worth is told by spend.");
    assert_eq!(notes[0].vi, "Giá trị được tính theo chi tiêu.");
    table.columns.push(column("margin_total", Unit::Money, &[5.0, 6.0]));
    assert_eq!(keys(&table, &taxonomy), ["rest", "top"]);
    let why = customer_reason(&table, &taxonomy, &"c00001".into()).unwrap().unwrap();
    assert_eq!(why.reason.en, "Profit 5.00 (all: 4.50) ≥ 5.");
    assert_eq!(why.reason.vi, "Lợi nhuận 5,00 (toàn bộ: 4,50) ≥ 5.");
    table.columns.retain(|column| column.name == "n_orders");
    table.columns.push(column("monetary_total", Unit::Money, &[f64::NAN; 2]));
    let notes = label_customers(&table, &taxonomy).unwrap().notes;
    assert_eq!(notes[0].en, "Worth cannot be told: no figures for it.");
}

#[test]
fn prospects_are_named_where_everyone_is() {
    let mut table = buyers(&[10.0, 20.0]);
    table.prospects = vec!["a".into(), "z".into()];
    table.prospect_columns = vec![column("n_interactions", Unit::Count, &[3.0, 0.0])];
    let rules = [
        ("bought", "n_orders >= 1"),
        ("prospect", "lifecycle_stage == 'prospect' and n_interactions >= 1"),
        ("stranger", "otherwise"),
    ];
    table.methods = vec![AttributeColumn {
        name: "lifecycle_stage".into(),
        values: vec![Some("active".into()), None],
    }];
    let everyone = of_customers("population = 'everyone'", &rules);
    assert_eq!(keys(&table, &everyone), ["bought", "bought", "prospect", "stranger"]);
    let named = label_customers(&table, &everyone).unwrap();
    assert_eq!((named.counts[1].buyers, named.counts[1].prospects), (0, 1));
    assert_eq!(named.counts[0].share_of_revenue, Some(1.0));
    let buyers_alone = of_customers("", &rules);
    assert_eq!(label_customers(&table, &buyers_alone).unwrap().prospects, None);
    assert_eq!(customer_reason(&table, &buyers_alone, &"a".into()).unwrap(), None);
    let why = customer_reason(&table, &everyone, &"a".into()).unwrap().unwrap();
    assert_eq!(why.reason.en, "Lifecycle stage: prospect; number of interactions 3 ≥ 1.");
    assert_eq!(why.reason.vi, "Giai đoạn vòng đời: chưa mua hàng; số lần tương tác 3 ≥ 1.");
}

#[test]
fn ranks_of_everyone_break_ties_by_id() {
    let mut table = buyers(&[10.0, 20.0]);
    table.prospects = vec!["a".into()];
    let rules = [("top", "rank(n_purchase_days, among: n_orders >= 0) <= 1"), ("rest", "true")];
    table.columns.push(column("n_purchase_days", Unit::Count, &[0.0, 0.0]));
    let named = of_customers("population = 'everyone'", &rules);
    assert_eq!(keys(&table, &named), ["rest", "rest", "top"], "`a` comes before `c`");
}

#[test]
fn the_runner_up_and_the_spreads_to_it() {
    // Quartiles 2 and 4: the spread is 2 / 1.349.
    let table = buyers(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    let rules = [
        ("high", "monetary_total >= 4"),
        ("middle", "monetary_total >= 3 and n_orders >= 1"),
        ("low", "otherwise"),
    ];
    let named = of_customers("", &rules);
    let of = |row: usize| {
        let id = table.customers[row].clone();
        let why = customer_reason(&table, &named, &id).unwrap().unwrap();
        let second = why.runner_up.unwrap();
        (why.group, second.group.0, second.margin)
    };
    let spread = 2.0 / 1.348_979_500_392_163_5;
    // c3 has 4.0 exactly: the least move makes it the middle.
    assert_eq!(of(3), (0, "middle".into(), 0.0));
    let (group, second, margin) = of(4);
    assert_eq!((group, second.as_str()), (0, "middle"));
    assert!((margin - 1.0 / spread).abs() < 1e-12);
    // 3.0 is on the bound of its own rule and 1 from the rule above.
    assert_eq!(of(2), (1, "low".into(), 0.0));
    let (group, second, margin) = of(0);
    assert_eq!((group, second.as_str()), (2, "middle"));
    assert!((margin - 2.0 / spread).abs() < 1e-12, "2 spreads to the middle, 3 to the top");
}

#[test]
fn a_segment_has_the_group_of_most_of_its_customers() {
    let table = buyers(&[1.0, 9.0, 9.0, 1.0]);
    let rules = [("high", "monetary_total > 5"), ("low", "otherwise")];
    let labels = label(&table, &[0, 0, 0, 1], 3, &of_customers("", &rules)).unwrap();
    let of = |segment: usize| &labels.segments[segment].1;
    assert_eq!((of(0).group.0.as_str(), of(0).fidelity), ("high", 2.0 / 3.0));
    assert_eq!(
        of(0).reason.en,
        "66.7% of its customers are in the group “N high” (all: 50.0%), more than in any other."
    );
    let second = of(0).runner_up.as_ref().unwrap();
    assert_eq!((second.group.0.as_str(), second.unit), ("low", MarginUnit::Customers));
    assert!((second.margin - 1.0 / 3.0).abs() < 1e-12);
    assert_eq!((of(1).group.0.as_str(), &of(1).runner_up), ("low", &None));
    assert_eq!(of(2).group.0, "low", "a segment without customers gets the last group");
    // Two and two: the group that stands above.
    let labels = label(&table, &[0; 4], 1, &of_customers("", &rules)).unwrap();
    assert_eq!(labels.segments[0].1.group.0, "high");
}

#[test]
fn prototypes_are_given_by_distance_of_places() {
    let table = buyers(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]);
    let groups = [
        ("low", "prototype = { monetary_total = 'p10' }"),
        ("middle", "prototype = { monetary_total = 5.5 }"),
        ("high", "prototype = { monetary_total = 'p90', n_purchase_days = 3 }"),
    ];
    let named = |assignment: &str, segment_of: &[u32], k: usize| {
        let head = format!("mode = 'prototype'\nassignment = '{assignment}'");
        label(&table, segment_of, k, &taxonomy(&head, &groups)).unwrap()
    };
    let keys = |labels: &Labels| -> Vec<String> {
        labels.segments.iter().map(|(_, label)| label.group.0.clone()).collect()
    };
    // Medians 1, 2.5 and 7: places 0.05, 0.2 and 0.65; ideals 0.1, 0.5 and 0.9.
    let thirds = [0, 1, 1, 2, 2, 2, 2, 2, 2, 2];
    assert_eq!(keys(&named("many_to_one", &thirds, 3)), ["low", "low", "middle"]);
    // Distances 0.05 + 0.3 + 0.25 are less than those of any other order.
    let labels = named("one_to_one", &thirds, 3);
    assert_eq!(keys(&labels), ["low", "middle", "high"]);
    let label = &labels.segments[2].1;
    assert_eq!(label.rule, "monetary_total = p90, n_purchase_days = 3");
    assert!(label.reason.en.contains("median total spend 7.00 (ideal: 9.10)"), "{label:?}");
    assert!(label.reason.en.contains("not known (ideal: 3)"), "{label:?}");
    let second = label.runner_up.as_ref().unwrap();
    assert_eq!((second.group.0.as_str(), second.unit), ("middle", MarginUnit::Places));
    assert!((second.margin + 0.1).abs() < 1e-12, "the middle was nearer: {second:?}");
    // More segments than groups: every group is given, the rest take the nearest.
    let fifths = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4];
    let given = keys(&named("one_to_one", &fifths, 5));
    for key in ["low", "middle", "high"] {
        assert!(given.iter().any(|given| given == key), "{given:?}");
    }
}

#[test]
fn the_linter_tells_what_rules_came_to_on_a_run() {
    let table = buyers(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]);
    let group = |key: &str, rule: &str, digit: usize| {
        format!(
            "[[group]]\nkey = '{key}'\nname = {{ en = 'N {key}', vi = 'T {key}' }}\n\
             description = {{ en = 'D', vi = 'M' }}\ncolor = '#00000{digit}'\nrule = '{rule}'\n"
        )
    };
    let text = [
        "key = 'test'\nversion = 1\nof = 'customers'\nnames = { en = 'T', vi = 'T' }\n".to_owned(),
        "[[without]]\nfeatures = ['clv']\ntext = { en = 'Said.', vi = 'Nói.' }\n".to_owned(),
        group("high", "monetary_total >= 8", 0),
        group("higher", "monetary_total >= 9 and tenure_days >= 5", 1),
        group("middle", "monetary_total >= 5 or clv > 1", 2),
        group("worth", "clv > 3 and n_orders > 5", 3),
        group("none", "monetary_total < 0", 4),
        group("rest", "otherwise", 5),
    ]
    .concat();
    let known = ["monetary_total", "clv", "n_orders", "tenure_days"];
    let seen = Some(Seen { table: &table, segment_of: &[0; 10], k: 1 });
    let found = lint(&text, "t", &LintOptions { known: &known, tools: &[], seen });
    let told: Vec<(usize, Severity, &str)> = found
        .iter()
        .filter(|finding| finding.message.contains("this run"))
        .map(|finding| (finding.line, finding.severity, finding.message.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (1, Severity::Note, "this run has no `clv`: Said."),
            (
                14,
                Severity::Warning,
                "in this run 2 customers met the rule of group `higher`, and groups above took all of \
                 them: `high` 2; move it up, or narrow the rules above"
            ),
            (
                20,
                Severity::Note,
                "in this run 3 of 6 customers that meet the rule of group `middle` get a group above \
                 it: `high` 3"
            ),
            (
                26,
                Severity::Note,
                "in this run nothing gets group `worth`: the run has no `clv`, which its rule asks for"
            ),
            (
                32,
                Severity::Note,
                "in this run nothing gets group `none`: no customer meets its rule; look at its bounds"
            ),
            (
                38,
                Severity::Note,
                "in this run only `otherwise` reaches 40.0% of customers and 18.2% of revenue (group \
                 `rest`); add a rule where that is too much"
            ),
        ]
    );
    let warnings = run_warnings("mine.toml", &found);
    let of_the_run: Vec<_> = warnings.iter().filter(|w| w.message.contains("this run")).collect();
    assert_eq!(of_the_run.len(), 1);
    assert!(of_the_run[0].message.starts_with("taxonomy `mine.toml`, line 14: in this run 2"));
    // The higher are among the high by the text alone where nothing else is asked.
    let text = text.replace(" and tenure_days >= 5", "");
    let found = lint(&text, "t", &LintOptions { known: &known, ..LintOptions::default() });
    assert!(found.iter().any(|f| f.line == 19 && f.message.contains("of `high` above it")));
}

#[test]
fn only_a_taxonomy_of_customers_names_customers() {
    let error = label_customers(&buyers(&[1.0]), &Taxonomy::built_in("rfm").unwrap()).unwrap_err();
    assert!(error.to_string().contains("`rfm` names segments"), "{error}");
}
