//! `segtrail clv validate CONFIG --split DATE`: fits before the date, forecasts after it, and
//! shows the forecast beside the truth.

use serde_json::json;

use super::super::args::{Common, ValidateArgs};
use super::super::output::{Output, Side, Table, count, money, percent};
use super::super::watch::TerminalWatch;
use super::super::{Failure, Outcome};
use crate::config::Loaded;
use crate::error::Error;
use crate::export::write_file;
use crate::features::clv::validate::{Score, Validation, validate};
use crate::features::{FeatureError, holdout, observe};
use crate::types::{AsOf, Currency, Seed};
use crate::{pipeline, report};

pub(super) fn run(args: &ValidateArgs, common: &Common, output: &Output) -> Outcome {
    let loaded = Loaded::read(&args.config, common.seed.map(Seed))?;
    let watch = TerminalWatch::new(output.bars);
    let input = pipeline::read(&loaded, &watch)?.input;
    let config = &loaded.config;
    let last = input.last_day();
    let until = args.until.or(last).unwrap_or(args.split);
    if until <= args.split {
        return Err(Failure::Usage(format!(
            "nothing comes after the split on {}: the holdout would end on {until}. Give an \
             earlier --split, or data that go on",
            args.split
        )));
    }
    let calibration = input.until(AsOf(args.split)).map_err(Error::from)?;
    let later = input.until(AsOf(until)).map_err(Error::from)?;
    let observed = observe(&calibration, &config.currency);
    let after = holdout(&observed, &calibration, &later, &config.currency);
    let params = config.feature_params();
    let mut found =
        validate(&observed.histories, &after, &params.clv).map_err(FeatureError::from)?;
    if last.is_some_and(|last| last < until) {
        found.warnings.push(crate::types::Warning::new(
            "holdout_beyond_data",
            format!(
                "the data end before {until}: the days after their end count as days without \
                 any order. Give --until a date that the data reach"
            ),
        ));
    }
    if let Some(path) = &args.output {
        let language = args.language.map_or(config.label.language, Into::into);
        let page = report::validation_html(&found, &config.name, &config.currency, language)?;
        write_file(path, |file| file.write_all(page.as_bytes()))?;
    }
    if output.json {
        let mut document = serde_json::to_value(&found).unwrap_or_default();
        if let Some(fields) = document.as_object_mut() {
            fields.insert("series".into(), json!(config.name));
            fields.insert("currency".into(), json!(config.currency));
            fields.insert("report".into(), json!(args.output));
        }
        return output.document(&document);
    }
    for warning in &found.warnings {
        output.warn(warning);
    }
    output.text(&render(&found, &config.currency))?;
    if let Some(path) = &args.output {
        output.say(&format!("report: {}", path.display()));
    }
    Ok(())
}

fn render(found: &Validation, currency: &Currency) -> String {
    let signed = |error: Option<f64>| match error {
        Some(error) => format!("{:+.1} %", 100.0 * error),
        None => "–".into(),
    };
    let mut text = format!(
        "calibration to {}, holdout to {} ({} days)\n  {} customers made {} orders worth {} in the holdout; {} newcomers are not forecast\n\n",
        found.split,
        found.until,
        found.days,
        count(found.customers as u64),
        count(found.orders as u64),
        money(found.spend, currency),
        count(found.newcomers as u64),
    );
    let right = Side::Right;
    let mut table = Table::new(&[
        ("", Side::Left),
        ("method", Side::Left),
        ("orders", right),
        ("error", right),
        ("MAE", right),
        ("RMSE", right),
        ("correlation", right),
        ("spend error", right),
        ("top decile", right),
        ("lift", right),
    ]);
    let lift = |lift: Option<f64>| lift.map_or_else(|| "–".into(), |lift| format!("{lift:.2}"));
    for score in &found.scores {
        let Score { top_decile, .. } = score;
        table.row(vec![
            if score.taken { "*".into() } else { String::new() },
            score.method.name().into(),
            count(score.orders.round() as u64),
            signed(score.orders_error),
            format!("{:.3}", score.mean_absolute_error),
            format!("{:.3}", score.root_mean_square_error),
            score.correlation.map_or_else(|| "–".into(), |value| format!("{value:.3}")),
            signed(score.spend_error),
            percent(top_decile.share_of_spend),
            lift(top_decile.lift),
        ]);
    }
    text += &table.render();
    text += &format!(
        "  * taken by a run; top decile: its share of the spend (at best {}, lift {})\n",
        percent(found.best_possible.share_of_spend),
        lift(found.best_possible.lift),
    );
    for (method, reason) in &found.not_fitted {
        text += &format!("  {} could not be fitted: {reason}\n", method.name());
    }
    text += "\norders in the holdout by repeat purchases before it, mean of a customer\n";
    let methods: Vec<_> = found.scores.iter().map(|score| score.method).collect();
    let mut head = vec![("class", Side::Left), ("customers", right), ("actual", right)];
    head.extend(methods.iter().map(|method| (method.name(), right)));
    let mut table = Table::new(&head);
    for class in &found.frequency_classes {
        let mut row = vec![
            class.repeat_purchases.clone(),
            count(class.customers as u64),
            format!("{:.2}", class.actual),
        ];
        row.extend(methods.iter().map(|method| {
            class.forecast.get(method).map_or_else(|| "–".into(), |mean| format!("{mean:.2}"))
        }));
        table.row(row);
    }
    text += &table.render();
    text += &format!("\n{}\n", found.verdict);
    text
}
