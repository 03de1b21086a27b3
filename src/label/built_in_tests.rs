//! Hand-made populations for every rule of the taxonomies compiled in, both sides of each bound
//! (those of `rfm` stand in `tests.rs`); and what holds for all of them.

use super::*;
use crate::features::{AttributeColumn, FeatureColumn, FeatureTable, Unit};

/// Columns of numbers by name, one row a buyer, and columns of text.
fn table(names: &[&str], rows: &[&[f64]], texts: &[(&str, &[&str])]) -> FeatureTable {
    let column = |(at, name): (usize, &&str)| FeatureColumn {
        name: (*name).into(),
        unit: Unit::Count,
        values: rows.iter().map(|row| row[at]).collect(),
    };
    let mut columns: Vec<FeatureColumn> = names.iter().enumerate().map(column).collect();
    if !names.contains(&"monetary_total") {
        let values = vec![1.0; rows.len()];
        columns.push(FeatureColumn { name: "monetary_total".into(), unit: Unit::Money, values });
    }
    let text = |(name, values): &(&str, &[&str])| AttributeColumn {
        name: (*name).into(),
        values: values.iter().map(|value| (!value.is_empty()).then(|| (*value).into())).collect(),
    };
    FeatureTable {
        customers: (0..rows.len()).map(|row| format!("c{row:03}").as_str().into()).collect(),
        columns,
        methods: texts.iter().map(text).collect(),
        ..FeatureTable::default()
    }
}

/// Keys of the groups of buyers and, after them, of prospects.
fn named(name: &str, table: &FeatureTable) -> Vec<String> {
    let taxonomy = Taxonomy::built_in(name).unwrap();
    let labels = label_customers(table, &taxonomy).unwrap();
    let all = labels.buyers.iter().chain(labels.prospects.iter().flatten());
    all.map(|group| taxonomy.groups()[usize::from(*group)].key.0.clone()).collect()
}

/// Buyers 0 to n - 1 with `value` of the column.
fn numbered(n: usize, name: &str, value: impl Fn(f64) -> f64) -> FeatureTable {
    let rows: Vec<Vec<f64>> = (0..n).map(|row| vec![value(row as f64), 1.0, 10.0, 1.0]).collect();
    let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
    let names: Vec<&str> = match name {
        "monetary_total" => vec![name, "n_orders", "tenure_days", "n_purchase_days"],
        _ => vec![name, "n_orders", "tenure_days", "monetary_total"],
    };
    table(&names, &rows, &[])
}

#[test]
fn pyramid_by_spend_and_by_profit() {
    for name in ["monetary_total", "margin_total"] {
        // The first brings in most.
        let levels = named("pyramid", &numbered(100, name, |row| 1000.0 - row));
        let at = |place: usize| levels[place - 1].as_str();
        for (place, expected) in [
            (1, "super"),
            (2, "large"),
            (5, "large"),
            (6, "medium"),
            (20, "medium"),
            (21, "small"),
            (100, "small"),
        ] {
            assert_eq!(at(place), expected, "place {place} by {name}");
        }
    }
    let taxonomy = Taxonomy::built_in("pyramid").unwrap();
    let notes = |name| label_customers(&numbered(3, name, |row| row), &taxonomy).unwrap().notes;
    assert_eq!(notes("margin_total").len(), 1);
    assert_eq!(notes("margin_total")[0].en, "The level in the pyramid is told by profit.");
    assert_eq!(notes("monetary_total")[0].en, "The level in the pyramid is told by spend.");
    assert!(notes("monetary_total")[1].vi.contains("theo chi tiêu"));
}

#[test]
fn relationship_of_buyers() {
    let names = ["n_orders", "n_purchase_days", "monetary_total"];
    // Twenty buyers: the top 5 % is one, of equals the first.
    let mut rows: Vec<[f64; 3]> = vec![[3.0, 2.0, 5.0]; 20];
    rows[0][2] = 9.0;
    rows[1][2] = 9.0;
    rows[5][1] = 1.0;
    rows[6][1] = 1.0;
    let rows: Vec<&[f64]> = rows.iter().map(|row| row.as_slice()).collect();
    let mut stages = ["active"; 20];
    (stages[2], stages[3], stages[4]) = ("new", "lapsed", "reactivated");
    (stages[5], stages[6], stages[7]) = ("at_risk", "active", "at_risk");
    let found = named("relationship", &table(&names, &rows, &[("lifecycle_stage", &stages)]));
    let expected =
        ["vip", "customer", "new", "paused", "customer", "paused", "customer", "customer"];
    assert_eq!(found[..8], expected);
    // Who lapsed is paused, were the spend ever so high.
    stages[0] = "lapsed";
    let found = named("relationship", &table(&names, &rows, &[("lifecycle_stage", &stages)]));
    assert_eq!(found[..2], ["paused", "customer"]);
}

#[test]
fn relationship_of_prospects() {
    let nan = f64::NAN;
    // Days known, interactions, days since the last one.
    let prospects: [([f64; 3], &str); 10] = [
        ([60.0, 0.0, nan], "new"),
        ([61.0, 0.0, nan], "prospect"),
        ([nan, 0.0, nan], "prospect"),
        ([10.0, 1.0, 5.0], "approached"),
        ([10.0, 2.0, 90.0], "approached"),
        ([10.0, 3.0, 5.0], "prospect"),
        ([10.0, 2.0, 91.0], "prospect"),
        ([400.0, 1.0, 90.0], "approached"),
        ([nan, 1.0, 1.0], "approached"),
        ([60.0, nan, nan], "new"),
    ];
    let mut table = table(&["n_orders"], &[&[1.0]], &[("lifecycle_stage", &["active"])]);
    table.prospects = (0..10).map(|n| format!("p{n:03}").as_str().into()).collect();
    let column = |at: usize, name: &str| FeatureColumn {
        name: name.into(),
        unit: Unit::Days,
        values: prospects.iter().map(|(row, _)| row[at]).collect(),
    };
    table.prospect_columns = vec![
        column(0, "known_days"),
        column(1, "n_interactions"),
        column(2, "interactions_recency_days"),
    ];
    let found = named("relationship", &table);
    for (index, (row, expected)) in prospects.iter().enumerate() {
        assert_eq!(found[index + 1], *expected, "{row:?}");
    }
}

#[test]
fn value_and_potential() {
    // Actual values 1 to 11: the 80th percentile is 9. Potentials 11 down to 1.
    let rows: Vec<[f64; 2]> = (1..=11).map(|n| [f64::from(n), f64::from(12 - n)]).collect();
    let rows: Vec<&[f64]> = rows.iter().map(|row| row.as_slice()).collect();
    for (actual, potential) in [("margin_total", "wallet_opportunity"), ("monetary_total", "clv")] {
        let found = named("value-potential", &table(&[actual, potential], &rows, &[]));
        for (value, expected) in [
            (11, "most_valuable"),
            (9, "most_valuable"),
            (8, "migrators"),
            (4, "migrators"),
            (3, "most_growable"),
            (1, "most_growable"),
        ] {
            assert_eq!(found[value - 1], expected, "{actual} {value}");
        }
    }
    let names = ["margin_total", "cost_to_serve", "clv"];
    let rows: [&[f64]; 4] =
        [&[5.0, 5.0, 9.0], &[5.0, 4.99, 1.0], &[-1.0, 0.0, 1.0], &[9.0, 1.0, 1.0]];
    let found = named("value-potential", &table(&names, &rows, &[]));
    assert_eq!(found, ["below_zero", "migrators", "below_zero", "most_valuable"]);
    // Without costs only returns lead below zero.
    let found = named("value-potential", &table(&["monetary_total"], &[&[0.0], &[0.01]], &[]));
    assert_eq!(found, ["below_zero", "most_valuable"]);
}

#[test]
fn levels_of_loyalty() {
    let rows: [(&[f64], &str, &str); 9] = [
        (&[1.0, 1.0], "active", "first_purchase"),
        (&[1.0, 5.0], "lapsed", "first_purchase"),
        (&[2.0, 5.0], "active", "repeat"),
        (&[3.0, 5.0], "active", "repeat"),
        (&[4.0, 4.0], "active", "loyal"),
        (&[4.0, 3.0], "active", "repeat"),
        (&[4.0, 4.0], "reactivated", "loyal"),
        (&[9.0, 5.0], "at_risk", "repeat"),
        (&[9.0, 5.0], "new", "repeat"),
    ];
    let stages: Vec<&str> = rows.iter().map(|row| row.1).collect();
    let figures: Vec<&[f64]> = rows.iter().map(|row| row.0).collect();
    let names = ["n_purchase_days", "f_score"];
    let found = named("loyalty-level", &table(&names, &figures, &[("lifecycle_stage", &stages)]));
    for (found, row) in found.iter().zip(rows) {
        assert_eq!(found, row.2, "{row:?}");
    }
}

#[test]
fn the_wallet_matrix_is_that_of_the_wallets() {
    let strategies =
        ["maintain_and_guard", "target_for_additional_selling", "hold_on", "do_nothing", ""];
    let rows: [&[f64]; 5] = [&[1.0]; 5];
    let found =
        named("wallet-matrix", &table(&["n_orders"], &rows, &[("wallet_strategy", &strategies)]));
    assert_eq!(found[..4], strategies[..4]);
    assert_eq!(found[4], "unknown");
    let without = table(&["n_orders"], &rows, &[]);
    assert_eq!(named("wallet-matrix", &without), ["unknown"; 5]);
    let taxonomy = Taxonomy::built_in("wallet-matrix").unwrap();
    let notes = label_customers(&without, &taxonomy).unwrap().notes;
    assert!(notes[0].en.starts_with("Without wallets"), "{notes:?}");
}

#[test]
fn value_by_lifespan() {
    let names = ["r_score", "f_score", "m_score", "tenure_days", "recency_days"];
    // Lifespans 0 to 30: thirds end at 9.9999 and 20.0001.
    let at = |score: f64, lifespan: usize| {
        let rows: Vec<[f64; 5]> =
            (0..31).map(|row| [score, score, score, row as f64 + 7.0, 7.0]).collect();
        let rows: Vec<&[f64]> = rows.iter().map(|row| row.as_slice()).collect();
        named("lifespan-value", &table(&names, &rows, &[])).remove(lifespan)
    };
    for (score, tier) in [
        (5.0, "high"),
        (4.0, "high"),
        (3.99, "medium"),
        (2.5, "medium"),
        (2.49, "low"),
        (1.0, "low"),
    ] {
        for (lifespan, span) in
            [(0, "short"), (9, "short"), (10, "medium"), (20, "medium"), (21, "long"), (30, "long")]
        {
            assert_eq!(at(score, lifespan), format!("{tier}_{span}"), "{score} {lifespan}");
        }
    }
}

#[test]
fn the_lifecycle_has_the_stages() {
    let stages = ["new", "reactivated", "lapsed", "at_risk", "active"];
    let rows: [&[f64]; 5] = [&[1.0]; 5];
    let mut table = table(&["n_orders"], &rows, &[("lifecycle_stage", &stages)]);
    table.prospects = vec!["p".into()];
    let found = named("lifecycle", &table);
    assert_eq!(found[..5], stages);
    assert_eq!(found[5], "prospect");
}

/// One segment of ten customers in a population of twenty.
struct Ten {
    lapsed: usize,
    complaints: usize,
    once: usize,
    frequency: f64,
    money: f64,
    basket: f64,
    spend: f64,
}

/// Active customers in the middle who buy on several days.
const TEN: Ten = Ten {
    lapsed: 0,
    complaints: 0,
    once: 0,
    frequency: 3.0,
    money: 3.0,
    basket: 10.0,
    spend: 100.0,
};

/// The group of the ten in `benefit`; of the other ten each spends 100 in baskets of 10, and
/// `grumblers` have complained.
fn benefit(ten: &Ten, grumblers: usize) -> String {
    let names =
        ["complaint", "n_purchase_days", "f_score", "m_score", "monetary_mean", "monetary_total"];
    let flag = |truth: bool| if truth { 1.0 } else { 0.0 };
    let mut rows: Vec<[f64; 6]> = (0..10)
        .map(|row| {
            let days = if row < ten.once { 1.0 } else { 2.0 };
            let complaint = flag(row < ten.complaints);
            [complaint, days, ten.frequency, ten.money, ten.basket, ten.spend]
        })
        .collect();
    rows.extend((0..10).map(|row| [flag(row < grumblers), 5.0, 3.0, 3.0, 10.0, 100.0]));
    let stages: Vec<&str> =
        (0..20).map(|row| if row < ten.lapsed { "lapsed" } else { "active" }).collect();
    let rows: Vec<&[f64]> = rows.iter().map(|row| row.as_slice()).collect();
    let table = table(&names, &rows, &[("lifecycle_stage", &stages)]);
    let segment_of: Vec<u32> = (0..20).map(|row| u32::from(row >= 10)).collect();
    let taxonomy = Taxonomy::built_in("benefit").unwrap();
    label(&table, &segment_of, 2, &taxonomy).unwrap().segments[0].1.group.0.clone()
}

#[test]
fn benefit_of_segments() {
    assert_eq!(benefit(&TEN, 0), "potential");
    // Half have lapsed.
    assert_eq!(benefit(&Ten { lapsed: 5, ..TEN }, 0), "former");
    assert_eq!(benefit(&Ten { lapsed: 4, ..TEN }, 0), "potential");
    // A fifth of them complained, and more than of all.
    assert_eq!(benefit(&Ten { lapsed: 5, complaints: 2, ..TEN }, 1), "former_aggrieved");
    assert_eq!(benefit(&Ten { lapsed: 5, complaints: 1, ..TEN }, 0), "former");
    assert_eq!(benefit(&Ten { lapsed: 5, complaints: 2, ..TEN }, 2), "former", "as many as of all");
    assert_eq!(benefit(&Ten { lapsed: 4, complaints: 2, ..TEN }, 1), "potential");
    // Three quarters of the revenue are 1.5 times their share of customers.
    let loyal = Ten { spend: 300.0, frequency: 3.5, ..TEN };
    assert_eq!(benefit(&loyal, 0), "loyal");
    assert_eq!(benefit(&Ten { spend: 299.0, ..loyal }, 0), "potential");
    assert_eq!(benefit(&Ten { frequency: 3.49, ..loyal }, 0), "potential");
    // More than half bought on one day.
    assert_eq!(benefit(&Ten { once: 6, ..TEN }, 0), "indifferent");
    assert_eq!(benefit(&Ten { once: 5, ..TEN }, 0), "potential");
    // Or a fifth complained and they buy little.
    let negative = Ten { complaints: 2, frequency: 2.99, ..TEN };
    assert_eq!(benefit(&negative, 0), "indifferent");
    assert_eq!(benefit(&Ten { complaints: 1, ..negative }, 0), "potential");
    assert_eq!(benefit(&Ten { frequency: 3.0, ..negative }, 0), "potential");
    // Small baskets and little spend.
    let low = Ten { money: 2.49, basket: 9.0, ..TEN };
    assert_eq!(benefit(&low, 0), "low_value");
    assert_eq!(benefit(&Ten { money: 2.5, ..low }, 0), "potential");
    assert_eq!(benefit(&Ten { basket: 10.0, ..low }, 0), "potential");
}

#[test]
fn every_group_has_a_treatment_and_names_that_fit() {
    for (name, _) in BUILT_IN {
        for group in Taxonomy::built_in(name).unwrap().groups() {
            let treatment = group.treatment.as_ref().unwrap_or_else(|| panic!("{name}"));
            for text in [&treatment.action, &treatment.channel, &treatment.avoid] {
                assert!(!text.en.is_empty() && !text.vi.is_empty() && text.en != text.vi);
            }
            assert!(group.aliases.contains_key(&Tool::Zalo), "{name} {}", group.key);
            assert!(group.name.vi.chars().count() <= MAX_NAME);
        }
    }
}

/// `#rrggbb` -> OKLab (Ottosson 2020), as a reader without one kind of cones sees it; `lms` says
/// how (Viénot, Brettel and Mollon 1999, doi:10.1002/(SICI)1520-6378(199908)24:4<243::AID-COL5>
/// 3.0.CO;2-3, in linear sRGB).
fn seen(color: &str, without: Option<[[f64; 3]; 3]>) -> [f64; 3] {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let times =
        |m: [[f64; 3]; 3], v: [f64; 3]| m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2]);
    let mut rgb = [1, 3, 5].map(channel);
    if let Some(matrix) = without {
        rgb = times(matrix, rgb).map(|value| value.clamp(0.0, 1.0));
    }
    let lms = times(
        [
            [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
            [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
            [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
        ],
        rgb,
    )
    .map(f64::cbrt);
    times(
        [
            [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
            [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
            [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
        ],
        lms,
    )
}

#[test]
fn colours_of_a_taxonomy_can_be_told_apart_by_colour_blind_readers() {
    let protan = [[0.112_38, 0.887_62, 0.0], [0.112_38, 0.887_62, 0.0], [0.004_01, -0.004_01, 1.0]];
    let deutan = [[0.292_75, 0.707_25, 0.0], [0.292_75, 0.707_25, 0.0], [-0.022_34, 0.022_34, 1.0]];
    for (name, _) in BUILT_IN {
        let taxonomy = Taxonomy::built_in(name).unwrap();
        for without in [None, Some(protan), Some(deutan)] {
            let colors: Vec<_> =
                taxonomy.groups().iter().map(|g| (&g.key, seen(&g.color, without))).collect();
            for (index, (key, color)) in colors.iter().enumerate() {
                for (other, theirs) in &colors[..index] {
                    let apart = color.iter().zip(theirs).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
                    let apart = apart.sqrt();
                    // Three times the least difference that is noticed, about 0.02.
                    assert!(apart > 0.06, "{name}: {key} and {other} are {apart:.3} apart");
                }
            }
        }
    }
}
