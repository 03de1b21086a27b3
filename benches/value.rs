//! Times of the models of customer value on the customers of CDNOW's tenth (Fader and Hardie
//! 2001), by weeks to 1997-09-30: `cargo bench --bench value`.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::civil::Date;
use segtrail::features::btyd::{BetaGeometric, Dropout, Model, ParetoNbd, Pattern, Patterns};
use segtrail::types::{TimeUnit, days_since_epoch};

/// customer_id, master_id, date, cds, dollars.
const SALES: &str = include_str!("../data/cdnow/cdnow_sample.csv");
const END: Date = Date::constant(1997, 9, 30);

/// 2,357 histories.
fn histories() -> Vec<Pattern> {
    let end = days_since_epoch(END);
    let mut days: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
    for line in SALES.lines().skip(1) {
        let mut fields = line.split(',');
        let customer = fields.next().expect("a customer");
        let date: Date = fields.nth(1).and_then(|date| date.parse().ok()).expect("a date");
        days.entry(customer).or_default().push(days_since_epoch(date));
    }
    let weeks = |days: i32| f64::from(days) / 7.0;
    days.into_values()
        .map(|mut days| {
            days.retain(|&day| day <= end);
            days.sort_unstable();
            days.dedup();
            let (first, last) = (days[0], days[days.len() - 1]);
            Pattern { x: (days.len() - 1) as f64, t_x: weeks(last - first), T: weeks(end - first) }
        })
        .collect()
}

fn value(criterion: &mut Criterion) {
    let histories = histories();
    let patterns = Patterns::new(&histories, &[]).expect("histories of customers");
    let unit = TimeUnit::Weeks;
    let bg = || BetaGeometric::fit(&patterns, unit, Dropout::AfterRepeat).expect("fits");
    let pareto = || ParetoNbd::fit(&patterns, unit).expect("fits");
    let (bg_model, pareto_model) = (bg().0, pareto().0);
    let year = 52.0;

    let mut group = criterion.benchmark_group("value");
    group.bench_function("join equal histories", |bencher| {
        bencher.iter(|| Patterns::new(black_box(&histories), &[]).expect("histories"));
    });
    group.bench_function("BG/NBD log-likelihood and gradient", |bencher| {
        bencher.iter(|| bg_model.log_likelihood(black_box(&patterns)));
    });
    group.bench_function("BG/NBD fit", |bencher| bencher.iter(bg));
    group.bench_function("Pareto/NBD log-likelihood and gradient", |bencher| {
        bencher.iter(|| pareto_model.log_likelihood(black_box(&patterns)));
    });
    group.bench_function("Pareto/NBD fit", |bencher| bencher.iter(pareto));
    let models: [(&str, &dyn Model); 2] = [("BG/NBD", &bg_model), ("Pareto/NBD", &pareto_model)];
    for (name, model) in models {
        let each = |of: &dyn Fn(&Pattern) -> f64| patterns.patterns.iter().map(of).sum::<f64>();
        group.bench_function(format!("{name} P(alive) and orders of a year"), |bencher| {
            bencher.iter(|| each(&|p| model.p_alive(p) + model.expected_orders(p, year)));
        });
        group.bench_function(format!("{name} discounted orders without end"), |bencher| {
            // 10 % a year.
            let delta = 0.1_f64.ln_1p() / year;
            bencher.iter(|| each(&|p| model.discounted_orders(p, delta)));
        });
    }
    group.finish();
}

criterion_group!(benches, value);
criterion_main!(benches);
