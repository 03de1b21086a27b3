//! A year with a script: a group splits in month 5, one dies in month 8, one appears in month 10, two
//! drift slowly, and 3 % of the customers really move each month. Every event is reported in its month
//! and nothing else is; without events none is invented, in 50 seeds; and the movement that is counted
//! is the true one. Customers are drawn around the centres of their groups, with the number of
//! segments known, so that what is tested is the trail and not the choice of k.

use segtrail::cluster::{
    self, BoundsParams, ClusterParams, Covariance, Engine, FeatureSpec, KChoice, KmeansOptions,
    Method, SelectParams, StabilityParams, Transform,
};
use segtrail::features::{FeatureColumn, FeatureTable, Unit};
use segtrail::track::{CompareParams, MatchParams, Transition, View, compare, match_segments};
use segtrail::types::{CustomerId, GroupKey, Seed, SegmentId};

const MONTHS: u64 = 12;
const CUSTOMERS: u64 = 1_000;
const MOVE: f64 = 0.03;

/// Uniform in (0, 1), the same for the same purpose and index.
fn uniform(seed: Seed, purpose: u64, index: u64) -> f64 {
    (seed.derive(purpose, index).0 >> 11) as f64 / (1_u64 << 53) as f64 + f64::EPSILON
}

/// Standard normal, by Box and Muller.
fn normal(seed: Seed, purpose: u64, index: u64) -> f64 {
    let (a, b) = (uniform(seed, purpose, 2 * index), uniform(seed, purpose, 2 * index + 1));
    (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}

/// A month as it truly is: who is there, and in which group.
type Month = Vec<(u64, usize)>;

/// Groups 0 to 4 from the start; 5 is the part that leaves group 1, 6 the one that appears.
fn history(seed: Seed, events: bool) -> Vec<Month> {
    let mut now: Month = (0..CUSTOMERS).map(|id| (id, (id % 5) as usize)).collect();
    let mut months = vec![now.clone()];
    for month in 2..=MONTHS {
        let mut groups: Vec<usize> = now.iter().map(|(_, group)| *group).collect();
        groups.sort_unstable();
        groups.dedup();
        for (id, group) in &mut now {
            let index = month * 10_000 + *id;
            if uniform(seed, 1, index) < MOVE {
                let others: Vec<usize> =
                    groups.iter().copied().filter(|other| other != group).collect();
                *group = others[(uniform(seed, 2, index) * others.len() as f64) as usize];
            }
        }
        if events && month == 5 {
            for (id, group) in now.iter_mut().filter(|(_, group)| *group == 1) {
                *group = if uniform(seed, 3, *id) < 0.45 { 5 } else { *group };
            }
        }
        if events && month == 8 {
            now.retain(|(_, group)| *group != 4);
        }
        if events && month == 10 {
            now.extend((5_000..5_150).map(|id| (id, 6)));
        }
        months.push(now.clone());
    }
    months
}

fn centre(group: usize, month: u64) -> [f64; 2] {
    let drift = 0.15 * month as f64;
    match group {
        0 => [0.0 - drift, 0.0],
        1 => [14.0, 0.0],
        2 => [0.0, 14.0 + drift],
        3 => [14.0, 14.0],
        4 => [28.0, 7.0],
        5 => [14.0, -12.0],
        _ => [28.0, 26.0],
    }
}

fn table(month: u64, customers: &Month, seed: Seed) -> FeatureTable {
    let column = |axis: usize| {
        let value = |(id, group): &(u64, usize)| {
            let index = (month * 10_000 + id) * 2 + axis as u64;
            centre(*group, month)[axis] + normal(seed, 4, index)
        };
        FeatureColumn {
            name: format!("x{axis}"),
            unit: Unit::Ratio,
            values: customers.iter().map(value).collect(),
        }
    };
    FeatureTable {
        customers: customers.iter().map(|(id, _)| id_of(*id)).collect(),
        columns: vec![column(0), column(1)],
        ..FeatureTable::default()
    }
}

fn id_of(customer: u64) -> CustomerId {
    CustomerId::from(format!("c{customer:05}").as_str())
}

/// The centres lie where they do: logarithms would draw those near zero apart.
fn as_it_stands(name: &str) -> FeatureSpec {
    FeatureSpec { transform: Transform::None, ..FeatureSpec::new(name) }
}

fn params(k: usize) -> ClusterParams {
    ClusterParams {
        features: ["x0", "x1"].map(as_it_stands).into(),
        method: Method::Kmeans,
        engine: Engine::Segtrail,
        k: KChoice::Fixed(k),
        restarts: 10,
        kmeans: KmeansOptions::default(),
        max_iterations: 100,
        tolerance: 1e-4,
        covariance_floor: 1e-6,
        covariances: vec![Covariance::Full],
        noise: false,
        bounds: BoundsParams::default(),
        bootstrap: 0,
        stability: StabilityParams::default(),
        select: SelectParams::default(),
    }
}

/// What the trail reports: the month, events that are not "goes on", and of the stayers the share who
/// changed segment beside that who truly changed group.
fn reported(seed: Seed, events: bool) -> Vec<(u64, Vec<Transition>, f64, f64)> {
    let mut told = Vec::new();
    let mut before: Option<(Vec<CustomerId>, Vec<SegmentId>, Month)> = None;
    let mut next = SegmentId(1);
    for (truth, month) in history(seed, events).into_iter().zip(1..) {
        let table = table(month, &truth, seed);
        let mut groups: Vec<usize> = truth.iter().map(|(_, group)| *group).collect();
        groups.sort_unstable();
        groups.dedup();
        let k = groups.len();
        let cluster = cluster::fit(&table, &params(k), seed).unwrap().assignments.cluster;
        let of = |segments: &[SegmentId]| vec![GroupKey("g".into()); segments.len()];
        let named = before.as_ref().map(|(_, segments, _)| of(segments));
        let view = before.as_ref().zip(named.as_ref()).map(|((customers, segments, _), groups)| {
            View::new("before", customers, segments, groups).unwrap()
        });
        let found = match_segments(
            view.as_ref(),
            &table.customers,
            &cluster,
            k,
            next,
            &MatchParams::default(),
        )
        .unwrap();
        let segments: Vec<SegmentId> =
            cluster.iter().map(|&index| found.lineage[index as usize]).collect();
        if let (Some(view), Some((_, _, then))) = (&view, &before) {
            let own = of(&segments);
            let now = View::new("now", &table.customers, &segments, &own).unwrap();
            let comparison = compare(view, &now, &CompareParams::default()).unwrap();
            let stayers: Vec<(usize, usize)> = (then.iter())
                .filter_map(|(id, group)| {
                    let now = truth.binary_search_by_key(id, |(id, _)| *id).ok()?;
                    Some((*group, truth[now].1))
                })
                .collect();
            assert_eq!(stayers.len(), comparison.stayers);
            let moved = stayers.iter().filter(|(then, now)| then != now).count();
            let share = |n: usize| n as f64 / stayers.len() as f64;
            let goes_on = |event: &Transition| matches!(event, Transition::Survived { .. });
            let events = comparison.transitions.iter().filter(|event| !goes_on(event));
            let events = events.cloned().collect();
            told.push((month, events, share(comparison.moved_segment), share(moved)));
        }
        next = found.next;
        before = Some((table.customers, segments, truth));
    }
    told
}

#[test]
fn every_event_is_reported_in_its_month_and_nothing_else() {
    for seed in 1..=10 {
        for (month, events, ..) in reported(Seed(seed), true) {
            let fits = match (month, events.as_slice()) {
                (5, [Transition::Split { into, .. }]) => into.len() == 2,
                (8, [Transition::Disappeared { left, .. }]) => *left > 0.9,
                (10, [Transition::Appeared { entered, .. }]) => *entered == 1.0,
                (5 | 8 | 10, _) => false,
                (_, none) => none.is_empty(),
            };
            assert!(fits, "seed {seed}, month {month}: {events:?}");
        }
    }
}

#[test]
fn nothing_is_invented_in_fifty_histories_without_events() {
    for seed in 1..=50 {
        for (month, events, counted, truth) in reported(Seed(seed), false) {
            assert!(events.is_empty(), "seed {seed}, month {month}: {events:?}");
            assert!(
                (counted - truth).abs() < 0.01,
                "seed {seed}, month {month}: {counted} {truth}"
            );
        }
    }
}
