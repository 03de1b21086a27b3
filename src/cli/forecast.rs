//! `segtrail forecast SERIES`: where the groups of a series are heading, from the flows of its runs.

use serde_json::json;

use super::Outcome;
use super::args::{Common, ForecastArgs};
use super::output::{Output, Side, Table, count, percent};
use super::trail::Series;
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
    let uneven = path
        .windows(2)
        .filter(|pair| months_between(pair[0].manifest.as_of.0, pair[1].manifest.as_of.0) != 1)
        .count();
    if uneven > 0 {
        output.say(&format!(
            "warning: {uneven} of the steps are not of one month: steps are runs, not months"
        ));
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
        return output
            .text(&format!("{} has one run: a forecast needs two at least.\n", head.series));
    };
    let language = args.language.map_or(head.language, Language::from);
    output.text(&told(head, &found, language))
}

fn told(head: &Manifest, found: &Forecast, language: Language) -> String {
    let right = Side::Right;
    let mut table = Table::new(&[
        ("group", Side::Left),
        ("now", right),
        ("next run", right),
        ("95 %", right),
        ("of these new", right),
        ("stays", right),
        ("runs to lapse", right),
        ("95 %", right),
        ("share now", right),
        ("long run", right),
        ("95 %", right),
    ]);
    let whole = |value: f64| count(value.max(0.0).round() as u64);
    for group in &found.groups {
        let between = |of: &Estimate, show: &dyn Fn(f64) -> String| {
            format!("{} – {}", show(of.low), show(of.high))
        };
        let runs = |value: f64| format!("{value:.1}");
        let name = head.group_names.get(&group.group);
        table.row(vec![
            name.map_or_else(|| group.group.to_string(), |name| name.get(language).to_owned()),
            count(group.customers as u64),
            whole(group.next.value),
            between(&group.next, &whole),
            whole(group.entrants.value),
            percent(group.stays.value),
            group.runs_to_lapse.map_or_else(|| "–".into(), |of| runs(of.value)),
            group.runs_to_lapse.map_or_else(|| "–".into(), |of| between(&of, &runs)),
            percent(group.share),
            percent(group.steady_share.value),
            between(&group.steady_share, &percent),
        ]);
    }
    let lapsed: Vec<&str> = found.lapsed.iter().map(|group| group.0.as_str()).collect();
    let lapsed = if lapsed.is_empty() { "leaving alone".into() } else { lapsed.join(", ") };
    format!(
        "{} after {}: a Markov chain over groups, from {} steps\n\n{}\nLapse is: {lapsed}.\n{}\n",
        head.series,
        found.as_of,
        found.steps,
        table.render(),
        found.backtest.map_or_else(
            || "Not held against the past: that takes three steps.".into(),
            |backtest| of_the_past(&backtest)
        ),
    )
}

/// How the forecast would have fared, in a sentence.
fn of_the_past(backtest: &Backtest) -> String {
    let verdict = match backtest.beats_nobody_moves {
        true => "That is better",
        false => "That is NOT better: do not plan by this forecast",
    };
    format!(
        "Held against {} known runs, sizes were wrong by {:.1} customers a group; by saying that \
         nobody moves, by {:.1}. {verdict} (in {} of {} runs). {} of the sizes lay within their 95 %.",
        backtest.runs,
        backtest.error,
        backtest.error_nobody_moves,
        backtest.runs_better,
        backtest.runs,
        percent(backtest.coverage),
    )
}
