//! What is said to be impossible is so: random rules against every point of a grid; and rules by
//! hand, found and not found.

use proptest::prelude::*;

use super::super::error::LabelError;
use super::super::rule::Statistic;
use super::super::taxonomy::Taxonomy;
use super::prove::faults;

fn taxonomy(of: &str, rules: &[&str]) -> Taxonomy {
    parsed(of, rules).unwrap_or_else(|error| panic!("{error}"))
}

/// An error where two rules are the same, or one always or never holds.
fn parsed(of: &str, rules: &[&str]) -> Result<Taxonomy, LabelError> {
    let mut text = format!(
        "key = 't'\nversion = 1\nof = '{of}'\nnames = {{ en = 'T', vi = 'T' }}\n\
         attributes = {{ city = 'text', age = 'number' }}\n"
    );
    for (index, rule) in rules.iter().chain(&["otherwise"]).enumerate() {
        text += &format!(
            "[[group]]\nkey = 'g{index}'\nname = {{ en = 'N{index}', vi = 'T{index}' }}\n\
             description = {{ en = 'D', vi = 'M' }}\ncolor = '#00000{index}'\n\
             rule = '''{rule}'''\n"
        );
    }
    Taxonomy::parse("t", &text)
}

/// Indices of the groups of which it is said that they can never be given.
fn never(taxonomy: &Taxonomy) -> Vec<usize> {
    let groups = taxonomy.groups();
    let at = |message: String| {
        groups.iter().position(|g| message.starts_with(&format!("group `{}`", g.key)))
    };
    faults(taxonomy).into_iter().filter_map(|(_, fault)| at(fault.to_string())).collect()
}

#[track_caller]
fn says(of: &str, rules: &[&str], expected: &[usize]) {
    assert_eq!(never(&taxonomy(of, rules)), expected, "{rules:?}");
}

#[test]
fn ranges_of_features() {
    says("segments", &["mean(r_score) > 5"], &[0]);
    says("segments", &["mean(r_score) >= 5"], &[]);
    says("segments", &["share_of_customers <= 0"], &[0]);
    says("segments", &["share(n_orders == 1) > 100%"], &[0]);
    says("segments", &["customers < 1"], &[0]);
    says("segments", &["share_of_revenue < 0"], &[]);
    says("customers", &["p_alive > 1"], &[0]);
    says("customers", &["rank(n_orders) < 1"], &[0]);
    says("customers", &["r_score > 4 and r_score < 5"], &[0]);
    says("customers", &["age < 0"], &[]);
    says("customers", &["monetary_total < 0"], &[]);
    says("customers", &["n_orders < 1"], &[0]);
}

#[test]
fn sums_percentiles_and_products() {
    says("segments", &["mean(r_score) + mean(f_score) > 10"], &[0]);
    says(
        "segments",
        &["(mean(r_score) + mean(f_score)) / 2 >= 3", "mean(r_score) > 4 and mean(f_score) > 4"],
        &[1],
    );
    says(
        "segments",
        &["(mean(r_score) + mean(f_score)) / 2 >= 3", "mean(r_score) > 2 and mean(f_score) > 2"],
        &[],
    );
    says("customers", &["clv > p90(clv) and clv < p50(clv)"], &[0]);
    says("customers", &["clv > p90(clv) and clv < population_median(clv)"], &[0]);
    says("customers", &["clv >= p90(clv) and clv <= p50(clv)"], &[]);
    says("customers", &["clv > p10(clv) and clv < p50(clv)"], &[]);
    says("customers", &["r_score * f_score > 99"], &[]);
    says("customers", &["r_score * f_score > 5 and r_score * f_score < 4"], &[0]);
    says("customers", &["2 * r_score - r_score < 1"], &[0]);
}

#[test]
fn what_is_unknown_is_neither_above_nor_below() {
    // Whoever has no CLV meets neither of the first two.
    says("customers", &["clv > 5", "clv <= 5", "r_score >= 3"], &[]);
    says("customers", &["clv > 5", "clv <= 5", "clv == 3"], &[2]);
    says("customers", &["clv > 5", "clv <= 5", "known(clv)"], &[2]);
    says("customers", &["r_score > 3", "r_score <= 3", "n_orders > 4"], &[2]);
    says("customers", &["not known(clv)", "not clv > 5", "clv < 4"], &[2]);
    says("customers", &["not known(clv) and clv > 3"], &[0]);
    says("customers", &["not known(n_orders)"], &[0]);
    says("customers", &["clv != 3 and clv == 3"], &[0]);
    says("customers", &["clv == 3", "clv != 3", "clv > 7"], &[2]);
}

#[test]
fn texts() {
    let stages = ["'new'", "'active'", "'at_risk'", "'lapsed'"];
    let own: Vec<String> = stages.iter().map(|s| format!("lifecycle_stage == {s}")).collect();
    let mut rules: Vec<&str> = own.iter().map(String::as_str).collect();
    rules.push("lifecycle_stage != 'reactivated'");
    says("customers", &rules, &[4]);
    rules[4] = "lifecycle_stage == 'reactivated'";
    rules.push("n_orders > 3");
    says("customers", &rules, &[5]);
    says("customers", &["city == 'a' and city == 'b'"], &[0]);
    says("customers", &["city in ('a', 'b') and city != 'a'", "city == 'b'"], &[1]);
    says("customers", &["city == 'a'", "city != 'a'", "n_orders > 1"], &[]);
    says("customers", &["lifecycle_stage in ('lost', 'gone')"], &[0]);
}

/// Comparisons over a score, a count, a figure that may be unknown, and a stage.
fn rules() -> impl Strategy<Value = String> {
    let number = prop::sample::select(vec![
        "r_score",
        "n_orders",
        "gap_cv",
        "r_score + gap_cv",
        "n_orders - r_score",
        "2 * gap_cv",
        "r_score * gap_cv",
        "n_orders / gap_cv",
        "-gap_cv",
    ]);
    let bound = prop::sample::select(vec!["0", "0.5", "1", "1.5", "2", "3", "3.5", "5", "gap_cv"]);
    let sign = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let test = prop_oneof![
        6 => (number, sign, bound).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        1 => Just("known(gap_cv)".to_owned()),
        1 => Just("lifecycle_stage in ('new', 'lapsed')".to_owned()),
        1 => Just("lifecycle_stage != 'new'".to_owned()),
    ];
    test.prop_recursive(2, 6, 2, |inner| {
        (inner.clone(), inner, 0..3).prop_map(|(a, b, how)| match how {
            0 => format!("({a} and {b})"),
            1 => format!("({a} or {b})"),
            _ => format!("not ({a})"),
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn what_is_said_to_be_impossible_is_so(texts in prop::collection::vec(rules(), 1..5)) {
        let rules: Vec<&str> = texts.iter().map(String::as_str).collect();
        let Ok(taxonomy) = parsed("customers", &rules) else { return Ok(()) };
        let said = never(&taxonomy);
        if said.is_empty() {
            return Ok(());
        }
        let scores = [1.0, 2.0, 3.0, 4.0, 5.0];
        let counts = [1.0, 2.0, 3.0, 4.0, 5.0, 9.0];
        let figures = [None, Some(0.0), Some(0.25), Some(0.5), Some(0.75), Some(1.0), Some(1.5),
            Some(2.0), Some(2.5), Some(3.0), Some(3.5), Some(4.0), Some(7.0)];
        for score in scores {
            for count in counts {
                for figure in figures {
                    for stage in ["new", "active", "lapsed"] {
                        let value = |statistic: &Statistic| match statistic {
                            Statistic::Own(name) if name == "r_score" => Some(score),
                            Statistic::Own(name) if name == "n_orders" => Some(count),
                            Statistic::Own(_) => figure,
                            Statistic::Known(_) => Some(f64::from(u8::from(figure.is_some()))),
                            Statistic::Text { values, negated, .. } => {
                                let among = values.iter().any(|value| value == stage);
                                Some(f64::from(u8::from(among != *negated)))
                            }
                            _ => None,
                        };
                        let given = taxonomy.groups().iter().position(|group| {
                            let rule = group.rule().unwrap();
                            rule.holds(&|index| value(&rule.statistics()[index]))
                        });
                        prop_assert!(
                            !said.contains(&given.unwrap()),
                            "{:?}: {score} {count} {figure:?} {stage} gets {given:?} of {said:?}",
                            texts
                        );
                    }
                }
            }
        }
    }
}
