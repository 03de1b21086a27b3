//! Rules about one customer: what is read, what is refused and where; and that columns at once
//! give what one customer after the other gives.

use proptest::prelude::*;

use super::*;

fn rule(text: &str) -> Rule {
    Rule::parse_in(text, Scope::Customers).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

#[test]
fn a_customers_own_figures_are_read() {
    let read = rule(
        "n_orders >= 2 and feature('số đơn') < p99(n_orders) and stage in ('a', \"b\", 'a') \
         and city != 'Huế' and not known(clv)",
    );
    let own = |name: &str| Statistic::Own(name.into());
    let text = |feature: &str, values: &[&str], negated| Statistic::Text {
        feature: feature.into(),
        values: values.iter().map(|value| (*value).into()).collect(),
        negated,
    };
    assert_eq!(
        read.statistics(),
        [
            own("n_orders"),
            own("số đơn"),
            Statistic::Percentile { feature: "n_orders".into(), percent: Percent(99_000) },
            text("stage", &["a", "b"], false),
            text("city", &["Huế"], true),
            Statistic::Known("clv".into()),
        ]
    );
}

#[test]
fn a_rank_says_by_what_among_whom_and_what_of_equals() {
    let read = rule("rank_share(a - b, among: c > 1 or d == 'x', ties: together) <= 1%");
    let [Statistic::Rank { by, among, ties, share }] = read.statistics() else {
        panic!("{read:?}")
    };
    assert_eq!((by.text(), *ties, *share), ("a - b", Ties::Together, true));
    assert_eq!(among.as_ref().unwrap().text(), "c > 1 or d == 'x'");
    assert_eq!(read.mentions().len(), 5, "the rank, a, b, c and d");
    assert_eq!(read.mentions()[2].1, 15, "places are those of the whole text");
    let plain = rule("rank(a) <= 10");
    let [Statistic::Rank { among: None, ties: Ties::ById, share: false, .. }] = plain.statistics()
    else {
        panic!("{plain:?}")
    };
}

#[test]
fn percentiles_may_have_decimals() {
    let read = rule("a >= percentile(a, 99.5) and a < 20%");
    let percent = Percent(99_500);
    assert_eq!(read.statistics()[1], Statistic::Percentile { feature: "a".into(), percent });
    assert_eq!(percent.to_string(), "99.5");
    assert!(Percent::new(33.3333).is_none() && Percent::new(0.0).is_none());
    assert!(Percent::new(100.0).is_none() && Percent::new(0.001).is_some());
}

#[test]
fn segments_share_conditions_of_customers() {
    let read = Rule::parse("share(rank(a) <= 10 and b == 'x') > population_share(b == 'x')");
    let read = read.unwrap();
    assert!(matches!(read.statistics()[0], Statistic::Share(_)));
    assert_eq!(read.mentions().len(), 6);
    assert!(Rule::parse("known(a) and share_of(clv) > 10%").is_ok());
}

#[test]
fn faults_have_their_place() {
    use RuleFaultKind as Kind;
    let at = |scope, text: &str, offset: usize, is: fn(&Kind) -> bool| {
        let fault = Rule::parse_in(text, scope).unwrap_err();
        assert!(fault.offset == offset && is(&fault.kind), "{text}: {fault:?}");
    };
    let customers = Scope::Customers;
    at(customers, "1 < median(a)", 4, |kind| matches!(kind, Kind::OfSegments { .. }));
    at(customers, "customers > 1", 0, |kind| matches!(kind, Kind::OfSegments { .. }));
    at(customers, "a in ('x', 3)", 11, |kind| matches!(kind, Kind::Unexpected { .. }));
    at(customers, "a in ()", 6, |kind| matches!(kind, Kind::Unexpected { .. }));
    at(customers, "'x' == a", 0, |kind| matches!(kind, Kind::Unexpected { .. }));
    at(customers, "a < 'x'", 4, |kind| matches!(kind, Kind::Unexpected { .. }));
    at(customers, "rank(a, of: b > 1) < 3", 8, |kind| matches!(kind, Kind::UnknownOption { .. }));
    at(customers, "rank(a, ties: x) < 3", 14, |kind| matches!(kind, Kind::Unexpected { .. }));
    at(customers, "rank(a, ties: id, ties: id) < 3", 18, |kind| {
        matches!(kind, Kind::OptionTwice { .. })
    });
    at(customers, "rank(a > 1) < 3", 7, |kind| matches!(kind, Kind::Unexpected { .. }));
    at(customers, "rank((a > 1)) < 3", 5, |kind| matches!(kind, Kind::NotANumber { .. }));
    at(customers, "rank(a, among: b) < 3", 15, |kind| {
        matches!(kind, Kind::NotACondition { by: "among" })
    });
    at(customers, "rank(rank(a)) < 3", 5, |kind| matches!(kind, Kind::Nested { .. }));
    at(customers, "percentile(a, 100) < a", 14, |kind| matches!(kind, Kind::BadPercent { .. }));
    at(customers, "rank > 1", 5, |kind| matches!(kind, Kind::Unexpected { .. }));
    let segments = Scope::Segments;
    at(segments, "rank(a) < 3", 0, |kind| matches!(kind, Kind::OfCustomers { .. }));
    at(segments, "a == 'x'", 0, |kind| matches!(kind, Kind::UnknownName { .. }));
    at(segments, "share(median(a) > 1) > 1", 6, |kind| matches!(kind, Kind::OfSegments { .. }));
    at(segments, "share(population_share(a > 1) > 1) > 1", 6, |kind| {
        matches!(kind, Kind::Nested { .. })
    });
    let deep = format!("{}a > 1", "population_share(".repeat(3));
    at(segments, &deep, 17, |kind| matches!(kind, Kind::Nested { .. }));
    assert!(Formula::parse("a > 1").is_err() && Formula::parse("a + 1").is_ok());
}

/// Conditions over the statistics `a`, `b`, `c` as text.
fn conditions() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        prop::sample::select(vec!["a", "b", "c", "p50(a)", "1", "2", "-1", "0", "a / b", "a * b"])
            .prop_map(str::to_owned),
        (0_i32..9).prop_map(|n| n.to_string()),
    ];
    let sign = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let test = prop_oneof![
        (number.clone(), sign, number).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        Just("known(a)".to_owned()),
        Just("t == 'x'".to_owned()),
        Just("t != 'x'".to_owned()),
    ];
    test.prop_recursive(4, 24, 2, |inner| {
        (inner.clone(), inner, 0..3).prop_map(|(a, b, how)| match how {
            0 => format!("({a} and {b})"),
            1 => format!("({a} or {b})"),
            _ => format!("not ({a})"),
        })
    })
}

proptest! {
    #[test]
    fn no_mixture_of_words_makes_it_panic(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "and", "or", "not", "(", ")", "<", "==", "+", "-", ",", ":", "in", "rank",
                "rank_share", "among", "ties", "id", "share", "known", "feature", "percentile",
                "'ả'", "3", "5%", "otherwise", "true", "a", "\"", "p25", "population_share",
            ]),
            0..40,
        ),
        customers in any::<bool>(),
    ) {
        let scope = if customers { Scope::Customers } else { Scope::Segments };
        if let Ok(rule) = Rule::parse_in(&words.join(" "), scope) {
            rule.holds(&|_| Some(1.0));
            rule.constant();
            rule.mentions();
        }
    }

    #[test]
    fn columns_at_once_are_one_customer_after_the_other(
        text in conditions(),
        rows in prop::collection::vec(prop::array::uniform4(prop::option::of(-3_i32..4)), 1..20),
    ) {
        prop_assume!(text.len() <= MAX_LENGTH);
        let Ok(rule) = Rule::parse_in(&text, Scope::Customers) else { return Ok(()) };
        let sources: Vec<Source<'_>> = (0..rule.statistics().len())
            .map(|at| match &rule.statistics()[at] {
                Statistic::Percentile { .. } => Source::All(rows[0][3].map(f64::from)),
                _ => {
                    let values = rows.iter().map(|row| row[at % 4].map_or(f64::NAN, f64::from));
                    Source::Each(values.collect::<Vec<_>>().into())
                }
            })
            .collect();
        let held = mask(rule.condition(), &sources.iter().collect::<Vec<_>>(), 0..rows.len());
        for (row, held) in held.into_iter().enumerate() {
            prop_assert_eq!(held, rule.holds(&|at| sources[at].at(row)), "{} row {}", text, row);
        }
    }
}
