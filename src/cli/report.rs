//! `segtrail report RUN`: the stored report's place, or a report written anew.

use serde_json::json;

use super::Outcome;
use super::args::{Common, ReportArgs, ReportLanguage};
use super::output::Output;
use crate::export::write_file;
use crate::report;
use crate::store::{self, Store};
use crate::types::Language;

pub(super) fn run(args: &ReportArgs, common: &Common, output: &Output) -> Outcome {
    let stored = Store::new(&common.models).find(&args.run)?;
    let path = match &args.output {
        None => stored.path.join("report.html"),
        Some(path) => {
            let mut run = store::load(&stored)?;
            run.manifest.language = match args.language {
                None => run.manifest.language,
                Some(ReportLanguage::En) => Language::En,
                Some(ReportLanguage::Vi) => Language::Vi,
            };
            let page = report::html(&run)?;
            write_file(path, |file| file.write_all(page.as_bytes()))?;
            path.clone()
        }
    };
    if output.json {
        return output.document(&json!({ "run_id": stored.manifest.run_id, "path": path }));
    }
    output.text(&format!("{}\n", path.display()))
}
