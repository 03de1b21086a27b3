//! A year that `simulate` writes by a script: a group splits in month 5, one dies in month 8, one appears
//! in month 10, two drift slowly, and 3 % of the customers really move each month. Every event is
//! reported in its month and nothing else is; without events none is invented, in 50 seeds; what is
//! counted as real movement is the true one to a point; and a refit relabels more customers for
//! reasons of its own than one from last month's centroids. The features are those of one month, orders
//! and mean spend, and the number of segments is the number of groups, so that what is tested is the
//! trail and not the choice of k; the program itself, which chooses k, is put to the script too.

use segtrail::cluster::{
    self, BoundsParams, Carry, ClusterParams, Covariance, Engine, FeatureSpec, Fitted, KChoice,
    KmeansOptions, Method, Model, SelectParams, StabilityParams,
};
use segtrail::features::{FeatureColumn, FeatureTable, Unit};
use segtrail::simulate::{Scenario, SimulateParams, SimulatedCustomer, Simulation};
use segtrail::track::{
    CompareParams, MatchParams, Movement, Transition, View, compare, match_segments, movement,
};
use segtrail::types::{CustomerId, GroupKey, Seed, SegmentId};
use serde_json::Value;

use crate::support::{StoredRun, run_in, stored_runs};

const MONTHS: u32 = 12;
const MOVES: f64 = 0.03;

/// Month 0, in which everybody enters, comes before the year. `blur` is the coefficient of variation of
/// rate and spend between the members of a group.
fn script(events: bool, blur: f64) -> String {
    let when = |event: &str| if events { event.to_owned() } else { String::new() };
    let part = if events { 0.1 } else { 0.0 };
    let group = |key: &str, share: f64, rate: f64, spend: f64, more: &str| {
        let shape = blur.powi(-2);
        format!(
            "[[groups]]\nkey = \"{key}\"\nshare = {share}\nregularity = 8\norder_shape = 8.0\n\
             rate = {{ shape = {shape}, scale = {} }}\norder_mean = {{ shape = {shape}, scale = {} }}\n\
             {more}\n",
            rate / shape,
            spend / shape
        )
    };
    let mut text = format!("moves = {MOVES}\n");
    text += &group("thrifty", 0.2, 5.0, 10.0, "rate_trend = 1.02");
    text += &group(
        "middle",
        0.3 - part,
        5.0,
        100.0,
        &when("splits = { month = 5, into = \"keen\", share = 0.45 }"),
    );
    text += &group("frequent", 0.2, 15.0, 10.0, "spend_trend = 1.03");
    text += &group("good", 0.15, 15.0, 100.0, "");
    text += &group("dear", 0.15, 5.0, 1_000.0, &when("dies = 8"));
    if events {
        text += &group("keen", 0.0, 15.0, 1_000.0, "");
        text += &group("new", 0.1, 5.0, 10_000.0, "appears = 10");
    }
    text
}

fn scenario(events: bool, blur: f64) -> Scenario {
    Scenario::parse("script", &script(events, blur)).unwrap()
}

fn simulated(seed: u64, customers: u64, scenario: Scenario) -> Simulation {
    let start = SimulateParams::DEFAULT_START;
    let months = MONTHS + 1;
    Simulation::new(SimulateParams { customers, months, seed: Seed(seed), start, scenario })
        .unwrap()
}

/// One month as it truly is.
struct Month {
    /// Orders and mean spend of those who bought in it.
    table: FeatureTable,
    /// Their groups.
    groups: Vec<usize>,
}

fn month(simulation: &Simulation, customers: &[SimulatedCustomer], month: u32) -> Month {
    let (first, last) =
        (simulation.month_start(month).unwrap(), simulation.month_end(month).unwrap());
    let (mut ids, mut groups) = (Vec::new(), Vec::new());
    let (mut orders, mut spend) = (Vec::new(), Vec::new());
    for customer in customers {
        let own = customer.orders.iter().filter(|order| {
            let day = order.time.date();
            day >= first && day <= last
        });
        let cents: Vec<i64> = own.map(|order| order.amount_cents).collect();
        let Some(group) = customer.groups[month as usize].filter(|_| !cents.is_empty()) else {
            continue;
        };
        ids.push(customer.id.clone());
        groups.push(group);
        orders.push(cents.len() as f64);
        spend.push(cents.iter().sum::<i64>() as f64 / 100.0 / cents.len() as f64);
    }
    let column = |name: &str, unit, values| FeatureColumn { name: name.into(), unit, values };
    let columns =
        vec![column("n_orders", Unit::Count, orders), column("monetary_mean", Unit::Money, spend)];
    Month { table: FeatureTable { customers: ids, columns, ..FeatureTable::default() }, groups }
}

fn params(k: usize) -> ClusterParams {
    ClusterParams {
        features: vec![FeatureSpec::new("n_orders"), FeatureSpec::new("monetary_mean")],
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

/// How a month is taken.
#[derive(Clone, Copy)]
enum Way {
    Refit,
    Warm,
}

/// What the trail tells of a month.
struct Told {
    month: u32,
    /// What is not "goes on".
    events: Vec<Transition>,
    movement: Movement,
    /// Share of the stayers whose true group is another.
    truth: f64,
}

/// The run before.
struct Before {
    customers: Vec<CustomerId>,
    groups: Vec<usize>,
    segments: Vec<SegmentId>,
    model: Model,
    lineage: Vec<SegmentId>,
}

/// A year month by month, with `k` segments or as many as there are groups.
fn trail(simulation: &Simulation, k: Option<usize>, way: Way) -> Vec<Told> {
    let customers: Vec<SimulatedCustomer> = simulation.iter().collect();
    let mut told = Vec::new();
    let mut before: Option<Before> = None;
    let mut next = SegmentId(1);
    for number in 1..=MONTHS {
        let Month { table, groups } = month(simulation, &customers, number);
        let mut distinct = groups.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let k = k.unwrap_or(distinct.len());
        let seed = Seed(u64::from(number));
        let Fitted { assignments, model, .. } = match (&before, way) {
            (Some(before), Way::Warm) => {
                let (rows, quiet) = ((&table).into(), |_, _| {});
                let how = Carry::Warm;
                cluster::fit_carried(&rows, &before.model, how, &params(k), seed, None, &quiet)
                    .unwrap()
                    .fitted
            }
            _ => cluster::fit(&table, &params(k), seed).unwrap(),
        };
        let names = vec![GroupKey("g".into()); customers.len()];
        let view = |customers, segments| {
            let names = &names[..<[CustomerId]>::len(customers)];
            View::new("run", customers, segments, names).unwrap()
        };
        let earlier = before.as_ref().map(|before| view(&before.customers, &before.segments));
        let matching = match_segments(
            earlier.as_ref(),
            &table.customers,
            &assignments.cluster,
            model.clusters.k(),
            next,
            &MatchParams::default(),
        )
        .unwrap();
        let of = |index: &u32| matching.lineage[*index as usize];
        let segments: Vec<SegmentId> = assignments.cluster.iter().map(of).collect();
        if let (Some(before), Some(earlier)) = (&before, &earlier) {
            let later = view(&table.customers, &segments);
            let comparison = compare(earlier, &later, &CompareParams::default()).unwrap();
            let frozen = cluster::assign(&before.model, &table).unwrap().cluster;
            let frozen: Vec<Option<SegmentId>> =
                frozen.iter().map(|&index| Some(before.lineage[index as usize])).collect();
            let movement = movement(earlier, &later, &frozen, 0.05).unwrap();
            let stayers = before.customers.iter().zip(&before.groups).filter_map(|(id, then)| {
                let row = table.customers.binary_search(id).ok()?;
                Some(*then != groups[row])
            });
            let moved = stayers.clone().filter(|moved| *moved).count();
            let events = comparison.transitions.iter();
            told.push(Told {
                month: number,
                events: events
                    .filter(|event| !matches!(event, Transition::Survived { .. }))
                    .cloned()
                    .collect(),
                movement,
                truth: moved as f64 / stayers.count() as f64,
            });
        }
        next = matching.next;
        let (lineage, customers) = (matching.lineage, table.customers);
        before = Some(Before { customers, groups, segments, model, lineage });
    }
    told
}

#[test]
fn every_event_is_reported_in_its_month_and_nothing_else() {
    for seed in 1..=10 {
        let simulation = simulated(seed, 1_200, scenario(true, 0.08));
        for Told { month, events, .. } in trail(&simulation, None, Way::Refit) {
            let fits = match (month, events.as_slice()) {
                (5, [Transition::Split { into, .. }]) => into.len() == 2,
                (8, [Transition::Disappeared { left, .. }]) => *left > 0.9,
                (10, [Transition::Appeared { entered, .. }]) => *entered > 0.9,
                (5 | 8 | 10, _) => false,
                (_, none) => none.is_empty(),
            };
            assert!(fits, "seed {seed}, month {month}: {events:?}");
        }
    }
}

#[test]
fn nothing_is_invented_in_fifty_histories_without_events_and_movement_is_the_true_one() {
    for seed in 1..=50 {
        let simulation = simulated(seed, 1_000, scenario(false, 0.08));
        for Told { month, events, movement, truth } in trail(&simulation, None, Way::Refit) {
            assert!(events.is_empty(), "seed {seed}, month {month}: {events:?}");
            let real = movement.customer_movement.value;
            assert!((real - truth).abs() < 0.01, "seed {seed}, month {month}: {real}, {truth}");
            assert!((truth - MOVES).abs() < 0.03, "seed {seed}, month {month}: {truth}");
        }
    }
}

#[test]
fn real_movement_is_the_true_one_through_the_events_too() {
    for seed in 1..=10 {
        let simulation = simulated(seed, 1_200, scenario(true, 0.08));
        for Told { month, movement, truth, .. } in trail(&simulation, None, Way::Refit) {
            let real = movement.customer_movement.value;
            assert!((real - truth).abs() < 0.01, "seed {seed}, month {month}: {real}, {truth}");
        }
    }
}

/// Groups that run into one another, and more segments than groups: there a refit cuts anew each month.
#[test]
fn a_refit_churns_more_than_one_from_last_months_centroids() {
    for seed in 1..=10 {
        let simulation = simulated(seed, 1_500, scenario(false, 0.6));
        let churn = |way| {
            let told = trail(&simulation, Some(8), way);
            let churns = told.iter().map(|told| told.movement.model_churn.value);
            churns.sum::<f64>() / told.len() as f64
        };
        let (warm, refit) = (churn(Way::Warm), churn(Way::Refit));
        assert!(warm < refit, "seed {seed}: warm {warm}, refit {refit}");
    }
}

/// The program over transactions of the script, a window of 30 days and k chosen from 4 to 8.
#[test]
fn the_program_reports_every_event_in_its_month_too() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    std::fs::write(folder.join("script.toml"), script(true, 0.08)).unwrap();
    let options = ["--customers", "1500", "--months", "13", "--seed", "5"];
    let scenario = ["simulate", "--scenario", "script.toml", "-o", "data", "--quiet"];
    run_in(folder, &[&scenario[..], &options].concat()).done();
    let file = folder.join("data/segtrail.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let text = format!(
        "{text}\n[transactions.policy]\nhistory = \"30 days\"\n\n[features]\nuse = [\"n_orders\", \
         \"monetary_mean\"]\n\n[cluster]\nk = \"4..8\"\nbootstrap = 0\nrestarts = 10\n"
    );
    std::fs::write(&file, text).unwrap();
    let months = "2024-02-29..2025-01-31";
    run_in(folder, &["run", "data/segtrail.toml", "--as-of", months, "--quiet"]).done();
    let runs: Vec<StoredRun> =
        stored_runs(&folder.join("models")).into_iter().map(StoredRun::at).collect();
    assert_eq!(runs.len(), 12);
    for (run, month) in runs[1..].iter().zip(2..) {
        let comparison = run.json("comparison.json");
        let events: Vec<&str> = (comparison["transitions"].as_array().unwrap().iter())
            .filter_map(|event| event["event"].as_str())
            .filter(|event| *event != "survived")
            .collect();
        let expected: &[&str] = match month {
            5 => &["split"],
            8 => &["disappeared"],
            10 => &["appeared"],
            _ => &[],
        };
        assert_eq!(events, expected, "month {month}");
        let movement: &Value = &comparison["movement"];
        assert!(movement["model_churn"]["value"].as_f64().unwrap() < 0.01, "month {month}");
    }
}
