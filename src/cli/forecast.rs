//! `segtrail forecast SERIES`: where the groups of a series are heading, from the flows of its runs.

use serde_json::json;

use super::Outcome;
use super::args::{Common, ForecastArgs};
use super::output::{Output, Side, Table};
use super::speech::{Speech, or_none};
use super::trail::Series;
use super::words::{ForecastWords, fill};
use crate::pipeline;
use crate::run::Manifest;
use crate::store::Store;
use crate::track::forecast::{self, Backtest, Forecast, LAPSED};
use crate::track::{Estimate, months_between};
use crate::types::{GroupKey, Language};

pub(super) fn run(args: &ForecastArgs, common: &Common, output: &Output) -> Outcome {
    let store = Store::new(&common.models);
    let series = Series::find(&store, args.series.as_deref())?;
    let path = series.path();
    let steps = pipeline::steps(&path)?;
    let head = &series.head().manifest;
    let lapsed: Vec<GroupKey> = match args.lapsed.as_slice() {
        [] => LAPSED.iter().map(|key| GroupKey((*key).into())).collect(),
        named => named.iter().map(|key| GroupKey(key.clone())).collect(),
    };
    let found = forecast::forecast(&steps, &lapsed);
    let speech = Speech(args.language.map_or(head.language, Language::from));
    let words = ForecastWords::of(speech.0);
    let uneven = path
        .windows(2)
        .filter(|pair| months_between(pair[0].manifest.as_of.0, pair[1].manifest.as_of.0) != 1)
        .count();
    if uneven > 0 {
        let uneven = fill(words.uneven, &[("n", &speech.count(uneven))]);
        output.say(&speech.warning_text(&uneven));
    }
    if output.json {
        return output.document(&json!({
            "series": head.series,
            "run_id": head.run_id,
            "steps_not_of_one_month": uneven,
            "forecast": found,
        }));
    }
    let Some(found) = found else {
        return output.text(&format!("{}\n", fill(words.one_run, &[("series", &head.series)])));
    };
    output.text(&told(head, &found, speech))
}

fn told(head: &Manifest, found: &Forecast, speech: Speech) -> String {
    let words = ForecastWords::of(speech.0);
    let right = Side::Right;
    let mut table = Table::new(&[
        (words.group, Side::Left),
        (words.now, right),
        (words.next, right),
        (words.interval, right),
        (words.entrants, right),
        (words.stays, right),
        (words.to_lapse, right),
        (words.interval, right),
        (words.share_now, right),
        (words.long_run, right),
        (words.interval, right),
    ]);
    let whole = |value: f64| speech.whole(value);
    let percent = |share: f64| speech.percent(share);
    for group in &found.groups {
        let between = |of: &Estimate, show: &dyn Fn(f64) -> String| {
            format!("{} – {}", show(of.low), show(of.high))
        };
        let runs = |value: f64| speech.decimal(value, 1);
        table.row(vec![
            head.group_name(&group.group, speech.0).to_owned(),
            speech.count(group.customers),
            whole(group.next.value),
            between(&group.next, &whole),
            whole(group.entrants.value),
            percent(group.stays.value),
            or_none(group.runs_to_lapse, |of| runs(of.value)),
            or_none(group.runs_to_lapse, |of| between(&of, &runs)),
            percent(group.share),
            percent(group.steady_share.value),
            between(&group.steady_share, &percent),
        ]);
    }
    let lapsed: Vec<&str> =
        found.lapsed.iter().map(|group| head.group_name(group, speech.0)).collect();
    let lapsed = if lapsed.is_empty() { words.leaving.to_owned() } else { lapsed.join(", ") };
    let about = [
        ("series", &*head.series),
        ("date", &found.as_of.to_string()),
        ("steps", &speech.count(found.steps)),
    ];
    let held = found.backtest.map(|backtest| of_the_past(&backtest, speech));
    format!(
        "{}\n\n{}\n{}\n{}\n",
        fill(words.head, &about),
        table.render(),
        fill(words.lapse, &[("groups", &lapsed)]),
        held.unwrap_or_else(|| words.not_held.to_owned()),
    )
}

/// How the forecast would have fared, in a sentence.
fn of_the_past(backtest: &Backtest, speech: Speech) -> String {
    let words = ForecastWords::of(speech.0);
    let verdict = if backtest.beats_nobody_moves { words.better } else { words.not_better };
    let values = [
        ("runs", &*speech.count(backtest.runs)),
        ("error", &speech.decimal(backtest.error, 1)),
        ("nobody", &speech.decimal(backtest.error_nobody_moves, 1)),
        ("verdict", verdict),
        ("better", &speech.count(backtest.runs_better)),
        ("coverage", &speech.percent(backtest.coverage)),
    ];
    fill(words.held, &values)
}
