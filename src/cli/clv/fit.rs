//! `segtrail clv fit TABLE --model NAME`: the estimates of one model from one table.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::args::{FitArgs, FitModel};
use super::super::output::{Output, Side, Table, count};
use super::super::speech::Speech;
use super::super::{Failure, Outcome};
use crate::export::{TableFormat, write_numbers};
use crate::features::FeatureError;
use crate::features::btyd::{
    BetaBinomial, BetaDiscreteWeibull, Contract, ContractModel, DiscretePattern, DiscretePatterns,
    GammaGamma, Period, Renewals, ShiftedBetaGeometric, Spend,
};
use crate::features::clv::table::{Ahead, TableFit, fit_table};
use crate::features::clv::{Method, dependence};
use crate::ingest::{self, Formats, Summary};
use crate::types::{DiscountRate, Language, TimeUnit, date_of_days};

/// A fit and what else there is to show of it.
struct Found {
    rows: u64,
    /// When reading was over.
    read: Instant,
    table: Option<Summary>,
    fit: TableFit,
    /// Fields of the document that only this model has.
    more: Vec<(&'static str, Value)>,
    /// Rows of the console's second table: head, then cells.
    projection: Option<(Vec<&'static str>, Vec<Vec<String>>)>,
}

pub(super) fn run(args: &FitArgs, output: &Output) -> Outcome {
    let yearly = args.discount_rate.unwrap_or(0.10);
    let rate = DiscountRate::per_year(yearly).filter(|_| yearly <= 10.0).ok_or_else(|| {
        Failure::Usage("--discount-rate is a yearly rate from 0 to 10 (0.10 is ten percent)".into())
    })?;
    if args.margin.is_some_and(|margin| !(margin > 0.0 && margin <= 1.0)) {
        return Err(Failure::Usage("--margin must be above 0 and at most 1".into()));
    }
    check_options(args)?;
    let start = Instant::now();
    let found = match args.model {
        FitModel::BgNbd => continuous(args, Method::BgNbd, rate)?,
        FitModel::MbgNbd => continuous(args, Method::MbgNbd, rate)?,
        FitModel::ParetoNbd => continuous(args, Method::ParetoNbd, rate)?,
        FitModel::BgBb => discrete(args, rate)?,
        FitModel::GammaGamma => spend(args)?,
        FitModel::Sbg | FitModel::Bdw => contractual(args, rate)?,
    };
    let seconds = json!({
        "read": found.read.duration_since(start).as_secs_f64(),
        "fit": found.read.elapsed().as_secs_f64(),
    });
    if let Some(path) = &args.output {
        let table = found.table.as_ref();
        let mut columns: Vec<(&str, &[f64])> = Vec::new();
        if let Some(table) = table {
            columns.extend([
                ("x", table.x.as_slice()),
                ("t_x", table.t_x.as_slice()),
                ("T", table.T.as_slice()),
            ]);
            columns.extend(table.m_x.as_deref().map(|m_x| ("m_x", m_x)));
            columns.extend(table.count.as_deref().map(|counts| ("customers", counts)));
        }
        columns.extend(found.fit.scores.iter().map(|(name, values)| (*name, values.as_slice())));
        let format = TableFormat::of(path);
        write_numbers(path, table.and_then(|table| table.ids.as_deref()), &columns, format)?;
    }
    if output.json {
        return output.document(&document(args, &found, seconds));
    }
    for warning in &found.fit.warnings {
        output.warn(warning, Speech(Language::En));
    }
    output.text(&render(args, &found))
}

/// Options that mean nothing for a model are refused, not ignored.
fn check_options(args: &FitArgs) -> Outcome {
    use FitModel::{Bdw, BgBb, BgNbd, MbgNbd, ParetoNbd, Sbg};
    let continuous = matches!(args.model, BgNbd | MbgNbd | ParetoNbd);
    let contractual = matches!(args.model, Sbg | Bdw);
    let refuse = |text: &str| Err(Failure::Usage(text.into()));
    if args.horizon.is_some() && !continuous {
        return refuse(
            "--horizon is a length of time: it goes with bg_nbd, mbg_nbd and pareto_nbd. For bg_bb, sbg and bdw give --ahead",
        );
    }
    if args.unit.is_some() && !continuous {
        return refuse("--unit goes with bg_nbd, mbg_nbd and pareto_nbd, whose times have one");
    }
    let discrete = args.model == BgBb && args.ahead.is_some();
    if args.discount_rate.is_some() && !(args.horizon.is_some() || contractual || discrete) {
        return refuse(
            "--discount-rate discounts a forecast: give --horizon and --unit, or --ahead with bg_bb",
        );
    }
    if args.margin.is_some() && args.horizon.is_none() {
        return refuse("--margin is the part of forecast spend: give --horizon and --unit");
    }
    if args.horizon.is_some() && args.unit.is_none() {
        return refuse(
            "--horizon needs --unit days, weeks or months: the unit of the table's t_x and T. A duration without its unit is refused",
        );
    }
    if args.ahead.is_some() && !(contractual || args.model == BgBb) {
        return refuse(
            "--ahead counts opportunities or renewals: it goes with bg_bb, sbg and bdw. For models of continuous time give --horizon and --unit",
        );
    }
    if args.output.is_some() && !(args.horizon.is_some() || discrete) {
        return refuse("-o writes forecasts: give --horizon and --unit, or --ahead with bg_bb");
    }
    if (args.period.is_some() || args.as_of.is_some()) && !contractual {
        return refuse("--period and --as-of go with sbg and bdw, for a table of subscriptions");
    }
    if args.period.is_some() != args.as_of.is_some() {
        return refuse("a table of subscriptions needs both --period and --as-of");
    }
    Ok(())
}

fn continuous(args: &FitArgs, method: Method, rate: DiscountRate) -> Result<Found, Failure> {
    let table = ingest::read_summary(&args.table)?;
    let rows = table.rows;
    let read = Instant::now();
    let ahead = args.horizon.zip(args.unit).map(|(horizon, unit)| Ahead {
        horizon,
        unit,
        rate,
        margin: args.margin.unwrap_or(1.0),
    });
    if args.margin.is_some() && table.m_x.is_none() {
        return Err(Failure::Usage(format!(
            "{}: --margin needs a column m_x (or zbar, monetary_value, monetary): without spend \
             there is no margin",
            args.table.display()
        )));
    }
    let fit = fit_table(&table, method, ahead.as_ref()).map_err(FeatureError::from)?;
    let mut more = Vec::new();
    if let Some(ahead) = ahead {
        more.push(("horizon", json!(ahead.horizon.to_string())));
        more.push(("discount_rate", json!(rate.yearly())));
        more.push(("discount_rate_monthly", json!(rate.monthly())));
        more.push(("margin", json!(ahead.margin)));
    }
    Ok(Found { rows, read, table: Some(table), fit, more, projection: None })
}

fn discrete(args: &FitArgs, rate: DiscountRate) -> Result<Found, Failure> {
    let table = ingest::read_summary(&args.table)?;
    let rows = table.rows;
    let read = Instant::now();
    let whole = |value: f64, row: usize, name: &str| {
        if value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value) {
            return Ok(value as u32);
        }
        Err(Failure::Usage(format!(
            "row {}: {name} = {value}: bg_bb counts opportunities, so x, t_x and n are whole \
             numbers. For times that are not, use bg_nbd, mbg_nbd or pareto_nbd",
            row + 1
        )))
    };
    let patterns = (0..table.x.len())
        .map(|i| {
            Ok(DiscretePattern {
                x: whole(table.x[i], i, "x")?,
                t_x: whole(table.t_x[i], i, "t_x")?,
                n: whole(table.T[i], i, "n")?,
            })
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let counts = table.count.as_deref().unwrap_or(&[]);
    let data = DiscretePatterns::new(&patterns, counts).map_err(FeatureError::from)?;
    let (model, fit) = BetaBinomial::fit(&data).map_err(FeatureError::from)?;
    let mut fit = TableFit::of("bg_bb", fit);
    let mut more = Vec::new();
    if let Some(ahead) = args.ahead {
        let scores =
            |of: &dyn Fn(&DiscretePattern) -> f64| patterns.iter().map(of).collect::<Vec<f64>>();
        let expected = scores(&|pattern| model.expected_transactions(pattern, ahead));
        let customers = |i: usize| counts.get(i).copied().unwrap_or(1.0);
        let total: f64 = expected.iter().enumerate().map(|(i, orders)| orders * customers(i)).sum();
        fit.scores = vec![
            ("p_alive", scores(&|pattern| model.p_alive(pattern))),
            ("expected_orders", expected),
        ];
        // The rate of one opportunity, when opportunities come once a year.
        fit.scores.push((
            "discounted_orders",
            scores(&|pattern| {
                model.discounted_transactions(pattern, rate.yearly()).unwrap_or(f64::NAN)
            }),
        ));
        more.push(("opportunities_ahead", json!(ahead)));
        more.push(("discount_rate_per_opportunity", json!(rate.yearly())));
        more.push(("expected_orders", json!(total)));
    }
    Ok(Found { rows, read, table: Some(table), fit, more, projection: None })
}

fn spend(args: &FitArgs) -> Result<Found, Failure> {
    let table = ingest::read_summary(&args.table)?;
    let rows = table.rows;
    let read = Instant::now();
    let Some(m_x) = &table.m_x else {
        return Err(Failure::Usage(format!(
            "{}: gamma_gamma needs a column m_x (or zbar, monetary_value, monetary): the mean \
             spend of the repeat purchases",
            args.table.display()
        )));
    };
    let counts = table.count.as_deref().unwrap_or(&[]);
    let spends: Vec<Spend> = table.x.iter().zip(m_x).map(|(&x, &m_x)| Spend { x, m_x }).collect();
    let found = GammaGamma::fit(&spends, counts).map_err(FeatureError::from)?;
    let more = vec![
        ("population_mean", json!(found.model.population_mean())),
        ("customers_used", json!(found.fit.customers)),
        ("left_out", json!(found.left_out)),
        ("correlation", json!(found.correlation)),
    ];
    let mut fit = TableFit::of("gamma_gamma", found.fit);
    fit.warnings.extend(found.correlation.and_then(dependence));
    Ok(Found { rows, read, fit, table: Some(table), more, projection: None })
}

fn contractual(args: &FitArgs, rate: DiscountRate) -> Result<Found, Failure> {
    let (renewals, rows) = match (args.period, args.as_of) {
        (Some(period), Some(as_of)) => subscriptions(&args.table, period, as_of)?,
        _ => {
            let read = ingest::read_cohorts(&args.table)?;
            let cohorts = read
                .cohorts
                .iter()
                .map(|cohort| cohort.alive.iter().map(|alive| whole(*alive)).collect())
                .collect::<Result<Vec<Vec<u64>>, Failure>>()?;
            (Renewals::of_cohorts(&cohorts).map_err(FeatureError::from)?, read.rows)
        }
    };
    let read = Instant::now();
    let (model, fit): (Box<dyn ContractModel>, _) = match args.model {
        FitModel::Bdw => {
            let (model, fit) = BetaDiscreteWeibull::fit(&renewals).map_err(FeatureError::from)?;
            (Box::new(model), fit)
        }
        _ => {
            let (model, fit) = ShiftedBetaGeometric::fit(&renewals).map_err(FeatureError::from)?;
            (Box::new(model), fit)
        }
    };
    let ahead = args.ahead.unwrap_or(12);
    let observed = renewals.rates();
    let row = |t: u32| {
        let seen = (t > 0).then(|| observed.get(t as usize - 1)).flatten().copied();
        (t, model.survivor(t), model.retention(t), seen.filter(|rate| !rate.is_nan()))
    };
    let rows_ahead: Vec<_> = (0..=ahead).map(row).collect();
    let periods: Vec<Value> = rows_ahead
        .iter()
        .map(|(t, survivor, retention, seen)| {
            json!({ "renewal": t, "survivor": survivor, "retention": retention, "observed_retention": seen })
        })
        .collect();
    let more = vec![
        ("renewals", json!(periods)),
        ("discount_rate_per_period", json!(rate.yearly())),
        ("discounted_lifetime", json!(model.lifetime(rate.yearly()))),
        ("discounted_residual_lifetime", json!(model.residual_lifetime(0, rate.yearly()))),
    ];
    let cells = rows_ahead
        .iter()
        .map(|(t, survivor, retention, seen)| {
            vec![
                t.to_string(),
                format!("{survivor:.4}"),
                format!("{retention:.4}"),
                seen.map_or_else(|| "–".into(), |rate| format!("{rate:.4}")),
            ]
        })
        .collect();
    let name = if args.model == FitModel::Bdw { "bdw" } else { "sbg" };
    Ok(Found {
        rows,
        read,
        table: None,
        fit: TableFit::of(name, fit),
        more,
        projection: Some((vec!["renewal", "survivor", "retention", "observed"], cells)),
    })
}

fn whole(customers: f64) -> Result<u64, Failure> {
    if customers.fract() == 0.0 && (0.0..1e15).contains(&customers) {
        return Ok(customers as u64);
    }
    Err(Failure::Usage(format!("{customers} customers: cohorts count whole customers")))
}

fn subscriptions(table: &Path, period: Period, as_of: Date) -> Result<(Renewals, u64), Failure> {
    let read = ingest::read_subscriptions(table, &Formats::default())?;
    let mut contracts = Vec::with_capacity(read.start.len());
    for (start, end) in read.start.iter().zip(&read.end) {
        let date = |day: i32| date_of_days(day).unwrap_or_default();
        // Starts after the date are not known at it yet.
        if date(*start) > as_of {
            continue;
        }
        let gone = end.map(|last| date(last + 1));
        contracts.push(
            Contract::of_dates(date(*start), gone, as_of, period).map_err(FeatureError::from)?,
        );
    }
    Ok((Renewals::of_contracts(contracts).map_err(FeatureError::from)?, read.rows))
}

fn document(args: &FitArgs, found: &Found, seconds: Value) -> Value {
    let mut document = serde_json::to_value(&found.fit).unwrap_or_default();
    if let Some(fields) = document.as_object_mut() {
        fields.insert("file".into(), json!(args.table));
        fields.insert("rows".into(), json!(found.rows));
        fields.insert("customers".into(), json!(found.fit.fit.customers));
        fields.insert("patterns".into(), json!(found.fit.fit.patterns));
        fields.insert("unit".into(), json!(args.unit));
        fields.insert("output".into(), json!(args.output));
        fields.insert("seconds".into(), seconds);
        for (name, value) in &found.more {
            fields.insert((*name).into(), value.clone());
        }
    }
    document
}

fn render(args: &FitArgs, found: &Found) -> String {
    let fit = &found.fit;
    let mut text = format!(
        "{} of {}: {} rows, {} customers",
        fit.model,
        args.table.display(),
        count(found.rows),
        count(fit.fit.customers.round() as u64),
    );
    if fit.in_sample_ratio.is_some() {
        let unit = args.unit.map_or("the table's own unit", TimeUnit::name);
        let patterns = count(fit.fit.patterns as u64);
        text += &format!(", {patterns} distinct histories; times in {unit}");
    }
    text += "\n\n";
    let mut table = Table::new(&[
        ("parameter", Side::Left),
        ("estimate", Side::Right),
        ("standard error", Side::Right),
    ]);
    for parameter in &fit.fit.parameters {
        table.row(vec![
            parameter.name.clone(),
            format!("{:.6}", parameter.value),
            parameter.standard_error.map_or_else(|| "–".into(), |error| format!("{error:.6}")),
        ]);
    }
    text += &table.render();
    text += &format!(
        "log-likelihood {:.4}; {}\n",
        fit.log_likelihood,
        if fit.sound { "the fit is sound" } else { "THE FIT IS NOT SOUND" }
    );
    if let Some(spend) = &fit.spend {
        let values: Vec<String> = spend
            .fit
            .iter()
            .flat_map(|fit| &fit.parameters)
            .map(|parameter| format!("{} {:.4}", parameter.name, parameter.value))
            .collect();
        text += &format!(
            "value of orders by {}: {}; population mean {:.4}\n",
            spend.method.key(),
            if values.is_empty() { spend.reason.clone() } else { values.join(", ") },
            spend.population_mean,
        );
    }
    if let Some(totals) = &fit.totals {
        text += &format!("expected orders {:.1}", totals.expected_orders);
        for (name, value) in [("expected spend", totals.expected_spend), ("CLV", totals.clv)] {
            if let Some(value) = value {
                text += &format!("; {name} {value:.2}");
            }
        }
        text.push('\n');
    }
    let named: BTreeMap<_, _> = found.more.iter().cloned().collect();
    for name in ["expected_orders", "population_mean", "correlation", "discounted_lifetime"] {
        if let Some(value) = named.get(name).and_then(Value::as_f64) {
            text += &format!("{} {value:.4}\n", name.replace('_', " "));
        }
    }
    if let Some((head, rows)) = &found.projection {
        let head: Vec<(&str, Side)> = head.iter().map(|name| (*name, Side::Right)).collect();
        let mut table = Table::new(&head);
        rows.iter().for_each(|row| table.row(row.clone()));
        text.push('\n');
        text += &table.render();
    }
    text
}
