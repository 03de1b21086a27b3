//! `segtrail clv validate CONFIG --split DATE`: fits before the date, forecasts after it, and
//! shows the forecast beside the truth.

use serde_json::json;

use super::super::args::{Common, ValidateArgs};
use super::super::output::{Output, Side, Table};
use super::super::speech::{Speech, or_none};
use super::super::watch::TerminalWatch;
use super::super::words::{ValidateWords, fill};
use super::super::{Failure, Outcome};
use crate::config::Loaded;
use crate::error::Error;
use crate::export::write_file;
use crate::features::clv::validate::{Score, Validation, validate};
use crate::features::{FeatureError, holdout, observe};
use crate::label::method_in_words;
use crate::types::{AsOf, Currency, Seed};
use crate::{pipeline, report};

pub(super) fn run(args: &ValidateArgs, common: &Common, output: &Output) -> Outcome {
    let loaded = Loaded::read(&args.config, common.seed.map(Seed))?;
    let watch = TerminalWatch::new(output.bars);
    let config = &loaded.config;
    let speech = Speech(args.language.map_or(config.label.language, Into::into));
    watch.speak(speech);
    let input = pipeline::read(&loaded, &watch)?.input;
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
        let page = report::validation_html(&found, &config.name, &config.currency, speech.0)?;
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
        output.warn(warning, speech);
    }
    output.text(&render(&found, &config.currency, speech))?;
    if let Some(path) = &args.output {
        let path = path.display().to_string();
        output.say(&fill(ValidateWords::of(speech.0).report, &[("path", &path)]));
    }
    Ok(())
}

fn render(found: &Validation, currency: &Currency, speech: Speech) -> String {
    let words = ValidateWords::of(speech.0);
    let signed = |error: Option<f64>| {
        or_none(error, |error| {
            let sign = if error < 0.0 { "" } else { "+" };
            format!("{sign}{}", speech.percent(error))
        })
    };
    let lift = |lift: Option<f64>| or_none(lift, |lift| speech.decimal(lift, 2));
    let periods = [
        ("split", &*found.split.to_string()),
        ("until", &found.until.to_string()),
        ("days", &speech.count(found.days)),
    ];
    let happened = [
        ("customers", &*speech.count(found.customers)),
        ("orders", &speech.whole(found.orders)),
        ("spend", &speech.money(found.spend, currency)),
        ("newcomers", &speech.count(found.newcomers)),
    ];
    let mut text =
        format!("{}\n  {}\n\n", fill(words.periods, &periods), fill(words.happened, &happened));
    let right = Side::Right;
    let mut table = Table::new(&[
        ("", Side::Left),
        (words.method, Side::Left),
        (words.orders, right),
        (words.error, right),
        (words.absolute, right),
        (words.squares, right),
        (words.correlation, right),
        (words.spend_error, right),
        (words.top, right),
        (words.lift, right),
    ]);
    for score in &found.scores {
        let Score { top_decile, .. } = score;
        table.row(vec![
            if score.taken { "*".into() } else { String::new() },
            method_in_words(score.method, speech.0).into(),
            speech.whole(score.orders),
            signed(score.orders_error),
            speech.decimal(score.mean_absolute_error, 3),
            speech.decimal(score.root_mean_square_error, 3),
            or_none(score.correlation, |value| speech.decimal(value, 3)),
            signed(score.spend_error),
            speech.percent(top_decile.share_of_spend),
            lift(top_decile.lift),
        ]);
    }
    text += &table.render();
    let best = [
        ("share", &*speech.percent(found.best_possible.share_of_spend)),
        ("lift", &lift(found.best_possible.lift)),
    ];
    text += &format!("  {}\n", fill(words.note, &best));
    for (method, reason) in &found.not_fitted {
        let values =
            [("method", method_in_words(*method, speech.0)), ("reason", &speech.kept(reason))];
        text += &format!("  {}\n", fill(words.not_fitted, &values));
    }
    text += &format!("\n{}\n", words.classes);
    let methods: Vec<_> = found.scores.iter().map(|score| score.method).collect();
    let mut head = vec![(words.class, Side::Left), (words.customers, right), (words.actual, right)];
    head.extend(methods.iter().map(|method| (method_in_words(*method, speech.0), right)));
    let mut table = Table::new(&head);
    for class in &found.frequency_classes {
        let mut row = vec![
            class.repeat_purchases.clone(),
            speech.count(class.customers),
            speech.decimal(class.actual, 2),
        ];
        row.extend(
            methods
                .iter()
                .map(|method| or_none(class.forecast.get(method), |mean| speech.decimal(*mean, 2))),
        );
        table.row(row);
    }
    text += &table.render();
    text += &format!("\n{}\n", speech.kept(&found.verdict));
    text
}
