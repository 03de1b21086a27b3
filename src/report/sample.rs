//! A run made up for tests: segments, customers, movement and every part of the manifest, from
//! arithmetic alone.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    sample_people, sample_portfolio, sample_selection, sample_stability, sample_tracking,
    sample_value, sample_wallet,
};
use crate::cluster::{
    Clusters, Engine, FittedFeature, FittedNumber, FittedScale, FittedTransform, Model,
};
use crate::features::{AttributeColumn, FeatureColumn, FeatureTable, Unit};
use crate::label::{Label, Profile};
use crate::run::{
    Assignment, CustomerCounts, InputFile, Manifest, RejectCount, RowCounts, Run, Segment, Segments,
};
use crate::track::{Comparison, Flow, SegmentMovement, Transition, Weight};
use crate::types::{
    AsOf, Bilingual, Currency, CustomerId, GroupKey, Language, Seed, SegmentId, Warning,
};

/// Key, English, Vietnamese, colour; typical recency, orders and spend per order.
type Group = (&'static str, &'static str, &'static str, &'static str, [f64; 3]);

const GROUPS: [Group; 8] = [
    ("champions", "Champions", "Khách hàng vàng", "#0072B2", [6.0, 46.0, 78.0]),
    ("loyal", "Loyal customers", "Khách hàng trung thành", "#009E73", [14.0, 24.0, 46.0]),
    (
        "potential",
        "Potential loyalists",
        "Khách hàng trung thành tiềm năng",
        "#56B4E9",
        [22.0, 9.0, 38.0],
    ),
    ("new", "New customers", "Khách hàng mới", "#F0E442", [11.0, 1.6, 31.0]),
    ("attention", "Needing attention", "Khách hàng cần chú ý", "#E69F00", [61.0, 11.0, 40.0]),
    ("at_risk", "At risk", "Khách hàng có nguy cơ rời bỏ", "#D55E00", [118.0, 17.0, 55.0]),
    ("hibernating", "Hibernating", "Khách hàng ngủ đông", "#CC79A7", [185.0, 3.4, 27.0]),
    ("lost", "Lost", "Khách hàng đã mất", "#7F7F7F", [290.0, 1.3, 22.0]),
];

const FEATURES: [(&str, Unit); 5] = [
    ("recency_days", Unit::Days),
    ("n_orders", Unit::Count),
    ("monetary_total", Unit::Money),
    ("monetary_mean", Unit::Money),
    ("tenure_days", Unit::Days),
];

/// The columns of customer value.
const VALUE: [(&str, Unit); 8] = [
    ("p_alive", Unit::Share),
    ("expected_orders", Unit::Count),
    ("expected_orders_low", Unit::Count),
    ("expected_orders_high", Unit::Count),
    ("expected_order_value", Unit::Money),
    ("expected_spend", Unit::Money),
    ("clv", Unit::Money),
    ("residual_value", Unit::Money),
];

/// A run of `k` segments and `n` buyers (at least `k`), with a comparison.
pub(crate) fn run(k: usize, n: usize, language: Language) -> Run {
    let uniform = |purpose: u64, row: usize| {
        (Seed(7).derive(purpose, row as u64).0 >> 11) as f64 / (1_u64 << 53) as f64
    };
    // Every segment gets a customer; the sizes then fall off slowly.
    let segment_of = |row: usize| {
        if row < k { row } else { ((uniform(1, row).powf(1.3) * k as f64) as usize).min(k - 1) }
    };
    let mut values = vec![Vec::with_capacity(n); FEATURES.len() + VALUE.len()];
    for row in 0..n {
        let (.., [recency, orders, spend]) = GROUPS[segment_of(row) % GROUPS.len()];
        let bell = |purpose: u64| (0..4_u64).map(|i| uniform(purpose + i, row)).sum::<f64>() - 2.0;
        let recency = (recency * (0.9 * bell(10)).exp()).round().clamp(0.0, 364.0);
        let orders = (orders * (0.8 * bell(20)).exp()).round().max(1.0);
        let mean = spend * (0.6 * bell(30)).exp();
        let tenure = (recency + 30.0 * (orders - 1.0) * uniform(40, row)).min(365.0);
        let alive = (1.0 - recency / 400.0) * (0.8 + 0.2 * uniform(50, row));
        let (to_come, worth) = (orders * 0.9 * alive, 0.7 * mean + 12.0);
        let clv = to_come * worth * 0.3 * 0.954;
        let figures = [recency, orders, orders * mean, mean, tenure];
        let value = [alive, to_come, (to_come - 2.0).max(0.0), to_come + 3.0, worth];
        let sums = [to_come * worth, clv, clv * 2.6];
        for (column, value) in figures.iter().chain(&value).chain(&sums).enumerate() {
            values[column].push(*value);
        }
    }
    let customers: Vec<CustomerId> =
        (0..n).map(|row| CustomerId::from(format!("C{row:07}").as_str())).collect();
    let ages = ["19-24", "25-34", "35-44", "45-54", "55+"];
    let age = |row: usize| (row % 7 != 6).then(|| ages[(row * 3 + segment_of(row)) % 5]);
    let members: Vec<Vec<usize>> =
        (0..k).map(|s| (0..n).filter(|row| segment_of(*row) == s).collect()).collect();
    let everyone: Vec<usize> = (0..n).collect();
    let revenue: f64 = values[2].iter().sum();
    let profile = |rows: &[usize]| {
        let sum: f64 = rows.iter().map(|row| values[2][*row]).sum();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows {
            *counts.entry(age(*row).unwrap_or("null").into()).or_default() += 1;
        }
        let per_feature = |of: &dyn Fn(&[f64]) -> f64| {
            (FEATURES.iter().chain(&VALUE).enumerate())
                .map(|(column, (name, _))| {
                    let picked: Vec<f64> = rows.iter().map(|row| values[column][*row]).collect();
                    ((*name).to_owned(), of(&picked))
                })
                .collect()
        };
        Profile {
            customers: rows.len(),
            share_of_customers: rows.len() as f64 / n as f64,
            revenue: sum,
            share_of_revenue: (revenue > 0.0).then(|| sum / revenue),
            medians: per_feature(&median),
            means: per_feature(&|x| x.iter().sum::<f64>() / x.len() as f64),
            attributes: BTreeMap::from([("age_band".into(), counts)]),
        }
    };
    let population = profile(&everyone);
    let segments: Vec<Segment> = (0..k)
        .map(|at| {
            let own = profile(&members[at]);
            let standardised = FEATURES
                .iter()
                .map(|(name, _)| {
                    let z =
                        (own.medians[*name] + 1.0).ln() - (population.medians[*name] + 1.0).ln();
                    ((*name).to_owned(), z)
                })
                .collect();
            Segment {
                segment: SegmentId(at as u32 + 1),
                micro: None,
                label: label(at, &own),
                further: BTreeMap::new(),
                composition: BTreeMap::new(),
                apart: None,
                profile: own,
                standardised,
                representatives: Some(sample_people::representatives(
                    at,
                    k,
                    &members[at].iter().map(|row| &customers[*row]).collect::<Vec<_>>(),
                )),
                spreads: BTreeMap::new(),
                bootstrap_jaccard: (at % 5 != 4).then_some(0.97 - 0.09 * (at % 5) as f64),
                stability: sample_stability::of_segment(at),
                silhouette: (k > 1).then_some(0.6 - 0.1 * (at % 7) as f64),
                separation: sample_stability::separation(at, k),
            }
        })
        .collect();
    let assignments = customers
        .iter()
        .enumerate()
        .map(|(row, customer)| Assignment {
            customer: customer.clone(),
            segment: Some(SegmentId(segment_of(row) as u32 + 1)),
            group: GroupKey(GROUPS[segment_of(row) % GROUPS.len()].0.into()),
            further: Vec::new(),
            tier: Some((row % 5) as u8 + 1),
            membership: Some(0.8),
            margin: Some(0.6),
            noise: None,
            outlier_score: (row % 11 != 10).then_some((row % 50) as f64 / 10.0 - 1.0),
            stability: Some(0.9),
            previous_segment: None,
            previous_group: None,
            group_changed_on: Date::constant(2017, 12, 31),
            months_in_group: 0,
            proposal: None,
            moves: Some(0),
        })
        .collect();
    let comparison = comparison(&segments);
    let mut manifest = manifest(k, n, revenue, language);
    manifest.clv = Some(sample_value::record(
        values[FEATURES.len() + 1].iter().sum(),
        values[FEATURES.len() + 6].iter().sum(),
    ));
    manifest.retention = Some(sample_portfolio::retention());
    manifest.wallet = Some(sample_wallet::summary());
    manifest.campaign = Some(sample_portfolio::campaign());
    Run {
        manifest,
        features: FeatureTable {
            attributes: vec![AttributeColumn {
                name: "age_band".into(),
                values: (0..n).map(|row| age(row).map(Into::into)).collect(),
            }],
            columns: (FEATURES.iter().chain(&VALUE))
                .zip(values)
                .map(|((name, unit), values)| FeatureColumn {
                    name: (*name).into(),
                    unit: *unit,
                    values,
                })
                .collect(),
            customers,
            methods: Vec::new(),
            prospects: Vec::new(),
            prospect_columns: Vec::new(),
            effective_bins: BTreeMap::new(),
        },
        model: model(k),
        assignments,
        segments: Segments { population, spreads: BTreeMap::new(), segments },
        comparison: Some(comparison),
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { (sorted[half - 1] + sorted[half]) / 2.0 }
}

fn label(at: usize, profile: &Profile) -> Label {
    let (key, en, vi, color, _) = GROUPS[at % GROUPS.len()];
    let (recency, orders) = (profile.medians["recency_days"], profile.medians["n_orders"]);
    Label {
        group: GroupKey(key.into()),
        name: Bilingual { en: en.into(), vi: vi.into() },
        description: Bilingual {
            en: "Customers who buy often and spend well; thank them and ask them first.".into(),
            vi: "Khách mua thường xuyên và chi tiêu tốt; hãy tri ân và hỏi ý kiến họ trước.".into(),
        },
        color: color.into(),
        treatment: None,
        runner_up: None,
        judgement: None,
        rule: "recency_score >= 4 and n_orders > population * 2".into(),
        reason: Bilingual {
            en: format!(
                "Median recency of {recency:.0} days is in the best fifth and {orders:.0} orders \
                 are more than twice the median of all customers."
            ),
            vi: format!(
                "Trung vị số ngày từ lần mua gần nhất là {recency:.0}, thuộc nhóm 20% tốt nhất, và \
                 {orders:.0} đơn hàng nhiều hơn gấp đôi trung vị của toàn bộ khách hàng."
            ),
        },
        fidelity: 0.93 - 0.05 * (at % 6) as f64,
    }
}

fn model(k: usize) -> Model {
    Model {
        features: FEATURES
            .iter()
            .map(|(name, _)| {
                FittedFeature::Numeric(FittedNumber {
                    name: (*name).into(),
                    transform: FittedTransform::Log1p,
                    scale: FittedScale::Standard { mean: 0.0, deviation: 1.0 },
                    fill: 0.0,
                    weight: 1.0,
                    indicator: None,
                })
            })
            .collect(),
        clusters: Clusters::Kmeans { centroids: vec![vec![0.0; FEATURES.len()]; k], inertia: 1.0 },
        engine: Engine::Segtrail,
        seed: Seed(1),
        converged: true,
        iterations: 17,
        layers: None,
    }
}

/// Most stay; every third moves on to the next segment; some come and go.
fn comparison(segments: &[Segment]) -> Comparison {
    let k = segments.len();
    let mut segment_flows: BTreeMap<(Option<SegmentId>, Option<SegmentId>), usize> =
        BTreeMap::new();
    let mut group_flows: BTreeMap<(Option<GroupKey>, Option<GroupKey>), usize> = BTreeMap::new();
    let mut add = |from: Option<usize>, to: Option<usize>, customers: usize| {
        if customers > 0 {
            let segment = |at: usize| segments[at].segment;
            let group = |at: usize| segments[at].label.group.clone();
            *segment_flows.entry((from.map(segment), to.map(segment))).or_default() += customers;
            *group_flows.entry((from.map(group), to.map(group))).or_default() += customers;
        }
    };
    let mut movements = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        let now = segment.profile.customers;
        let (entered, moved_in, left) = (now / 12, now / 5, now / 20);
        let next = |at: usize| segments[at].profile.customers / 5;
        let stayed = now - entered - moved_in;
        let moved_out = next((at + 1) % k);
        add(Some((at + k - 1) % k), Some(at), moved_in);
        add(Some(at), Some(at), stayed);
        add(None, Some(at), entered);
        add(Some(at), None, left);
        movements.push(SegmentMovement {
            segment: segment.segment,
            before: stayed + moved_out + left,
            after: now,
            stayed,
            moved_in,
            moved_out,
            entered,
            left,
        });
    }
    let sum = |of: fn(&SegmentMovement) -> usize| movements.iter().map(of).sum::<usize>();
    let (moved, stayed) = (sum(|m| m.moved_in), sum(|m| m.stayed));
    let (entrants, leavers) = (sum(|m| m.entered), sum(|m| m.left));
    let mut transitions: Vec<Transition> = movements
        .iter()
        .map(|m| Transition::Survived { segment: m.segment, overlap: 0.8 })
        .collect();
    let first = SegmentId(1);
    transitions
        .push(Transition::Split { segment: first, into: vec![(first, 0.6), (SegmentId(2), 0.4)] });
    transitions.push(Transition::Absorbed { segment: SegmentId(70), by: first, overlap: 0.71 });
    transitions.push(Transition::Disappeared { segment: SegmentId(71), left: 0.66 });
    transitions.push(Transition::Appeared { segment: first, entered: 0.5 });
    Comparison {
        previous_run: "2017-11-30-9f8e7d6c".into(),
        run: "2017-12-31-a1b2c3d4".into(),
        stayers: stayed + moved,
        entrants,
        leavers,
        adjusted_rand_index: Some(0.71),
        agreement: sample_tracking::agreement(segments),
        movement: sample_tracking::movement(segments),
        drift: Some(sample_tracking::drift()),
        cohorts: Some(sample_tracking::cohorts()),
        forecast: sample_tracking::forecast(),
        moved_segment: moved,
        moved_group: moved,
        segments: movements,
        weight: Weight::Customers,
        transitions,
        splits: Vec::new(),
        inside: Vec::new(),
        segment_flows: segment_flows
            .into_iter()
            .map(|((from, to), customers)| Flow { from, to, customers, value: None })
            .collect(),
        group_flows: group_flows
            .into_iter()
            .map(|((from, to), customers)| Flow { from, to, customers, value: None })
            .collect(),
    }
}

fn manifest(k: usize, n: usize, revenue: f64, language: Language) -> Manifest {
    Manifest {
        run_id: "2017-12-31-a1b2c3d4".into(),
        series: "complete-journey".into(),
        as_of: AsOf(Date::constant(2017, 12, 31)),
        seed: Seed(1),
        segtrail_version: "0.1.0".into(),
        created_at: "2026-01-05T08:00:00Z".into(),
        currency: Currency(if language == Language::Vi { "VND" } else { "USD" }.into()),
        language,
        config: serde_json::json!({
            "name": "complete-journey",
            "transactions": { "files": ["transactions/*.parquet"], "customer": "household_id" },
            "cluster": { "method": "auto", "k": "2..10", "restarts": 10 },
        }),
        inputs: vec![InputFile {
            table: "transactions".into(),
            path: "transactions/2017.parquet".into(),
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
            bytes: 3_456_789,
            rows: 155_848,
        }],
        input_facts: Vec::new(),
        rows: RowCounts {
            read: 155_848,
            after_as_of: 12,
            before_window: 0,
            purchases: 155_000,
            returns: 423,
            rejected: 413,
            rejects: BTreeMap::from([
                ("amount_zero".into(), RejectCount { rows: 300, matching: 320 }),
                ("duplicate".into(), RejectCount { rows: 113, matching: 113 }),
            ]),
            ids_normalised: 5,
        },
        customers: CustomerCounts { buyers: n, repeat_buyers: n * 4 / 5, prospects: 31 },
        revenue,
        first_purchase: Some(Date::constant(2017, 1, 1)),
        last_purchase: Some(Date::constant(2017, 12, 30)),
        units: BTreeMap::new(),
        group_names: BTreeMap::from([(
            GroupKey("cannot_lose".into()),
            Bilingual {
                en: "Cannot lose them".into(), vi: "Khách hàng không thể để mất".into()
            },
        )]),
        taxonomies: Vec::new(),
        effective_bins: BTreeMap::from([("recency_score".into(), 5), ("orders_score".into(), 4)]),
        filled: BTreeMap::from([("gap_mean_days".into(), 214)]),
        missing: BTreeMap::new(),
        selection: sample_selection::selection(k, n),
        bounds: None,
        stability: Some(sample_stability::record(n)),
        converged: true,
        next_segment: SegmentId(k as u32 + 1),
        lineage: (0..k as u32).map(|at| SegmentId(at + 1)).collect(),
        retrain: Some(sample_tracking::retrain()),
        hysteresis: Some(sample_tracking::hysteresis()),
        previous_run: Some("2017-11-30-9f8e7d6c".into()),
        relabelled_from: None,
        lifecycle: None,
        layers: None,
        clv: None,
        retention: None,
        wallet: None,
        campaign: None,
        warnings: vec![Warning::new(
            "data_end_before_as_of",
            "The last purchase is of 2017-12-30, a day before the as-of date: check that the last \
             month is complete.",
        )],
        timings: vec![
            ("ingest".into(), 0.412),
            ("features".into(), 0.094),
            ("cluster".into(), 2.3),
        ],
    }
}
