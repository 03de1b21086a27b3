//! The arguments of `segtrail trail` and `segtrail forecast`.

use clap::Args as ClapArgs;

use super::ReportLanguage;

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail trail complete_journey\n  \
    segtrail trail complete_journey --customer 1234\n  \
    segtrail trail complete_journey/2017-09-30-1a2b3c4d --json\n\n\
    The trail is that of the last run and of the runs before it; or of the run that is named. JSON\n\
    has the graph of all runs of the series.")]
pub(crate) struct TrailArgs {
    /// The series, or the run that ends the trail as series/run_id [default: the only series]; where
    /// there is one series, a customer of it
    pub series: Option<String>,
    /// Show the path of this customer instead: date by date segment, group, figures and reason
    #[arg(long, value_name = "ID")]
    pub customer: Option<String>,
    /// Language of names and reasons [default: the last run's]
    #[arg(long, value_enum)]
    pub language: Option<ReportLanguage>,
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail forecast complete_journey\n  \
    segtrail forecast complete_journey --lapsed lost,hibernating,at_risk --json\n\n\
    From the flows of customers between groups in the runs of the trail; see docs/trail.md.")]
pub(crate) struct ForecastArgs {
    /// The series, or the run that ends the trail as series/run_id [default: the only series]
    pub series: Option<String>,
    /// Keys of the groups that count as lapsed [default: lost, lapsed, hibernating, gone]
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    pub lapsed: Vec<String>,
    /// Language of names [default: the last run's]
    #[arg(long, value_enum)]
    pub language: Option<ReportLanguage>,
}
